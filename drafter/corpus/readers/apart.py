"""Keeps the process that reads PDF files: started when it is first needed, replaced when a file was too much for it."""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import drafter
from drafter.corpus.readers.bounded import HEAD, OUT_OF_MEMORY, OUT_OF_TIME, READY
from drafter.corpus.readers.pdfium import Refused, text_of_pdf

DEATHS = 2
"""Processes that a file may cost: the first may have been ended for want of memory that others took."""
_GRACE = 5.0
"""Seconds in which a process that has closed its pipes ends by itself, with a status that says why."""
_CODE = """
import sys
sys.path[:] = sys.argv[1:]
from importlib import util
package = util.find_spec("drafter.corpus")
sys.modules["drafter.corpus"] = util.module_from_spec(package)
from drafter.corpus.readers.bounded import serve
serve()
"""
"""What the process runs. The package goes without its __init__, which brings plugins and models: most of the start."""


class TooLong(Exception):
    """Reading took more time than it may."""


class TooMuch(Exception):
    """Reading took more memory than it may."""


class Lost(Exception):
    """Each process that was to read the file ended over it: pdfium crashed, or the system was short of memory."""


class _Child:
    """A process and the two pipes to it.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self) -> None:
        path = [entry for entry in sys.path if isinstance(entry, str)]
        self.process = subprocess.Popen(
            # -S and -P: modules come from where this process has them, and from nowhere else
            [sys.executable, "-S", "-P", "-c", _CODE, *path, str(Path(drafter.__file__).parent.parent)],
            bufsize=0,  # what another thread was about to send must not be sent by a fork too
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",  # Ctrl-C is for the one that waits for this
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert isinstance(self.process.stdin, io.FileIO)
        assert isinstance(self.process.stdout, io.FileIO)
        self.requests = self.process.stdin
        self.replies = io.BufferedReader(self.process.stdout)

    def ask(self, head: bytes, raw: bytes) -> dict[str, Any] | None:
        """What it says to a file; None when it ended instead."""
        with contextlib.suppress(OSError):  # it has ended, which shows when it is read from
            for part in (head, raw):
                left = memoryview(part)
                while left:
                    left = left[self.requests.write(left) or 0 :]
        reply = self.replies.readline()
        return json.loads(reply) if reply.endswith(b"\n") else None

    def end(self, patience: float = 0.0) -> int:
        """Wait so many seconds for its end, then end it; its exit status."""
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
        finally:
            self.requests.close()
            self.replies.close()
        return self.process.wait()

    def disown(self) -> None:
        """Let go of it in a fork, whose child it is not."""
        self.process.returncode = 0
        self.requests.close()
        self.replies.close()


class Apart:
    """Reads files one at a time, for any thread; a fork has a process of its own. None is left when this one has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None
        atexit.register(self._end)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def text_of_pdf(self, raw: bytes, seconds: float, memory: int) -> str:
        """The text of a PDF, read within so many seconds of computing and bytes of memory.

        A program that was packed into one file has no Python to start; there it is read without these bounds.

        Raises:
            Refused: there is no text to be had from it.
            TooLong, TooMuch: it went beyond its bounds.
            Lost: it ended DEATHS processes.
            OSError: no process can be started.
        """
        with self._lock:
            if getattr(sys, "frozen", False) or not sys.executable:
                return text_of_pdf(raw)
            head = HEAD.pack(len(raw), seconds, memory)
            for _ in range(DEATHS):
                reply, status = self._asked(head, raw)
                if reply is not None:
                    return _text(reply)
                if status == OUT_OF_TIME:
                    raise TooLong
                if status == OUT_OF_MEMORY:
                    raise TooMuch
            raise Lost

    def _asked(self, head: bytes, raw: bytes) -> tuple[dict[str, Any] | None, int]:
        """What the process says to a file; or None, and the status with which it ended."""
        child = self._child or self._started()
        reply = None
        try:
            reply = child.ask(head, raw)
            return reply, 0 if reply is not None else child.end(_GRACE)
        finally:
            if reply is None or reply["tired"]:  # ended, interrupted, or better replaced
                self._end()

    def _started(self) -> _Child:
        child = _Child()
        try:
            if child.replies.readline() != READY:
                raise OSError(f"{sys.executable}：{child.end(_GRACE)}")
        except BaseException:
            child.end()
            raise
        self._child = child
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _forked(self) -> None:
        """The process, and whoever held the lock, are the other's."""
        self._lock = threading.Lock()
        child, self._child = self._child, None
        if child is not None:
            child.disown()


def _text(reply: dict[str, Any]) -> str:
    if "refused" in reply:
        raise Refused(reply["refused"])
    if "failed" in reply:
        raise RuntimeError(reply["failed"])  # a fault of ours, told as if it had happened here
    return str(reply["text"])
