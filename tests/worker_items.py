"""What the processes of intake are given to do in tests. Each of them imports this, so it imports little."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drafter.corpus.readers.text import TextReader
from drafter.passages import Document


def doubled(item: Any) -> Any:
    """The item twice over; the process dies of some items, of a path only the first time."""
    if item == "fatal" or (isinstance(item, Path) and not item.exists()):
        if isinstance(item, Path):
            item.touch()
        os._exit(9)
    if item == "faulty":
        raise ValueError("no good")
    return os.getpid() if item == "who" else item if isinstance(item, Path) else item * 2


def asleep(item: Path) -> None:
    """Say who sleeps, sleep, and take it back."""
    item.with_suffix(".part").write_text(str(os.getpid()))
    item.with_suffix(".part").rename(item)
    time.sleep(60)
    item.unlink()


class Fatal(TextReader):
    """Dies of one file as of a fault in a library."""

    def read(self, path: Path) -> Iterable[Document]:
        if path.name == "00003.txt" and "致命" in path.read_text("utf-8"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(path)
