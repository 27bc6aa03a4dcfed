"""The life of the process that reads PDF files: it ends itself when a file takes too much, or when nobody waits for it.

A file of some kilobytes can make pdfium unpack gigabytes, compute for hours or crash, and nothing but the end of its process
stops it; what it finds can keep the layout as busy.

A file comes on stdin as HEAD and its bytes. A line of JSON answers on stdout: {"text"}, {"refused"} or {"failed"}, each with
"tired": whether the process had better be replaced.
"""

from __future__ import annotations

import faulthandler
import json
import os
import struct
import sys
import threading
import time

from drafter.corpus.readers.pdfium import Refused, text_of_pdf

HEAD = struct.Struct(">QdQ")
"""Bytes of the file, and what it may take: seconds of computing, and bytes of memory that the process may have."""
READY = b"ready\n"
"""Said once at the start."""
OUT_OF_MEMORY, OUT_OF_TIME = 91, 92
"""Exit statuses."""
_EVERY = 0.02
"""Seconds between two looks at what the file takes."""
_HANGING = 5.0
"""Times its seconds that a file may take by the clock, whatever keeps the watch from looking."""


class _Watch:
    """Looks from a thread of its own, since pdfium does not come back; sleeps while there is no file."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._busy = threading.Event()
        self._until, self._memory = 0.0, 0
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, seconds: float, memory: int) -> None:
        self._until, self._memory = time.process_time() + seconds, memory
        faulthandler.dump_traceback_later(_HANGING * seconds, exit=True)
        self._busy.set()

    def end(self) -> None:
        self._busy.clear()
        faulthandler.cancel_dump_traceback_later()

    def _look(self) -> None:
        while self._busy.wait():
            if os.getppid() != self._parent:
                os._exit(1)
            if _memory() > self._memory:
                os._exit(OUT_OF_MEMORY)
            if time.process_time() > self._until:
                os._exit(OUT_OF_TIME)
            time.sleep(_EVERY)


def serve() -> None:
    """Read files until nobody sends any."""
    import pypdfium2  # noqa: F401 - what cannot be loaded shows before the first file

    source, out = sys.stdin.buffer, sys.stdout.buffer
    watch = _Watch()
    out.write(READY)
    out.flush()
    while len(head := source.read(HEAD.size)) == HEAD.size:
        size, seconds, memory = HEAD.unpack(head)
        raw = source.read(size)
        watch.begin(seconds, memory)
        said = _said(raw)
        watch.end()
        out.write(json.dumps({**said, "tired": _memory() > memory // 2}).encode() + b"\n")
        out.flush()


def _said(raw: bytes) -> dict[str, str]:
    try:
        return {"text": text_of_pdf(raw)}
    except Refused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - raised again on the other side
        return {"failed": f"{type(error).__name__}: {error}"}


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    # a crash is for the other side to tell, not for a window that waits for somebody
    ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of psapi.h."""

        _fields_ = [
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *((f"_{number}", ctypes.c_size_t) for number in range(6)),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        ]

    def _memory() -> int:
        """Bytes that this process holds; 0 where the system does not say."""
        counters = _Counters(cb=ctypes.sizeof(_Counters))
        own = ctypes.c_void_p(-1)  # GetCurrentProcess()
        known = ctypes.windll.kernel32.K32GetProcessMemoryInfo(own, ctypes.byref(counters), counters.cb)
        return int(counters.PagefileUsage) if known else 0

else:
    import resource

    def _memory() -> int:
        """Bytes that this process holds, or the most it ever held where no more is known."""
        try:
            with open("/proc/self/statm", "rb") as file:
                return int(file.read().split()[1]) * resource.getpagesize()
        except OSError:  # not Linux
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return most if sys.platform == "darwin" else most * 1024
