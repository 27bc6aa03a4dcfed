"""The journal: each answer is durable the moment it has been received, so that no paid work is lost.

An answer is kept under its resume key, the hash of messages, model and parameters; the same call is never made twice.
The journal also keeps what was decided about each leaf, the finished leaves, and what was written to each output file,
so that a file changed by a person is noticed. One SQLite file a report, one process at a time; `records` reads it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from drafter.drafting.schema import VERSION, upgrade
from drafter.errors import OutputError
from drafter.plugins import Answer
from drafter.report import RepairStep, Usage

NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
BUSY = 60.0
"""Seconds to wait for a reader, such as a backup of the folder: what was received must not be lost to it."""


def resume_key(messages: Sequence[Mapping[str, str]], parameters: Mapping[str, Any]) -> str:
    """The hash of all that decides an answer: messages, model and parameters. A key or password is not among them."""
    plain = json.dumps([list(map(dict, messages)), dict(parameters)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def fault(path: Path, error: sqlite3.Error, otherwise: str) -> OutputError:
    """The one line for what SQLite says of the journal at `path`."""
    if "unable to open" in str(error):
        return OutputError(f"{path}：打不开日志（{error}）；请检查这个位置是不是普通文件、有没有权限")
    if "locked" in str(error):
        return OutputError(f"{path}：另一个程序正在使用这个日志文件；请等它结束，或用 -o 换个地方")
    return OutputError(f"{path}：{otherwise}（{error}）")


class Journal:
    """Opened over one file; used as a context manager. While it is open no other process can open it to write."""

    def __init__(self, path: str | Path, *, wait: float = 0.5, read_only: bool = False) -> None:
        """Open or create the journal; its folder must exist. Another process is waited for `wait` seconds.

        With `read_only` the file must exist, nothing is locked, and only what reads may be called.

        Raises:
            OutputError: the file is in use, cannot be opened, is no journal, is damaged, or is of a newer drafter.
        """
        path = Path(path)
        self._path = path
        self._run = ""
        self._lock = None if read_only else _lock(path, wait)
        try:
            if read_only:
                self._db = _opened_to_read(path)
            else:
                self._db = sqlite3.connect(path, isolation_level=None, timeout=BUSY)
                self._db.execute("PRAGMA synchronous=FULL")
            version = upgrade(self._db, read_only=read_only)
        except sqlite3.Error as error:
            self.close()
            raise fault(
                path, error, "日志文件打不开，像是损坏了；请换一个输出位置，或确认不要其中的回复后移走它"
            ) from None
        if version > VERSION:
            self.close()
            raise OutputError(f"{path}：日志是较新版本的 drafter 写的；请升级 drafter，或用 -o 换个地方")

    def __enter__(self) -> Journal:
        """Nothing more to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, and let others have it."""
        self.close()

    def close(self) -> None:
        """Close the file, and let others have it."""
        if hasattr(self, "_db"):
            self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            if os.name == "posix":
                # a lock is good for nothing once its file is gone, which who waits for it notices; Windows' goes by itself
                Path(self._lock.lock_file).unlink(missing_ok=True)
            self._lock.release()

    # -- runs

    def begin(self, *, title: str, writer: str, model: str, url: str, drafter: str) -> str:
        """Note that a run began; what is kept from now on belongs to it. `url` without user and password.

        Returns:
            The run's id, eight hexadecimal digits.

        Raises:
            OutputError: another run of this process is going on in this journal.
        """
        if self._run:
            raise OutputError(f"{self._path}：同一个日志正用于另一次起草；请等它结束，或另开一个日志")
        # only one process holds the journal: whatever is still running in it was killed
        self._execute("UPDATE runs SET status = 'killed' WHERE status = 'running'")
        self._run = secrets.token_hex(4)
        self._execute(
            "INSERT INTO runs (id, pid, title, writer, model, url, drafter) VALUES (?,?,?,?,?,?,?)",
            (self._run, os.getpid(), title, writer, model, url, drafter),
        )
        return self._run

    def finish(self, status: str, summary: str = "") -> None:
        """Note how the run ended: done, failed or interrupted; `summary` is one line."""
        self._execute(
            f"UPDATE runs SET status = ?, summary = ?, finished = {NOW} WHERE id = ?",
            (status, summary, self._run),
        )
        self._run = ""

    # -- answers

    def answer(
        self, key: str, place: int, *, of_this_run: bool = False, empty: bool = False
    ) -> Answer | None:
        """The latest usable answer kept under this key, and the note that the leaf at `place` used it.

        One whose connection broke ("partial") is usable: who asked goes on from it. One that the server broke off, is
        empty or was filtered is kept, but asked for again. With `of_this_run` what earlier runs received is passed over. With `empty` no text is an answer too: there was nothing to go on with.
        """
        own = " AND number IN (SELECT call FROM uses WHERE run = ? AND NOT kept)" if of_this_run else ""
        row = self._execute(
            "SELECT number, text, finish, usage, model FROM calls WHERE key = ? AND received IS NOT NULL"
            f" AND finish IN ('stop', 'length', 'partial') AND (? OR trim(text, char(32, 10, 13, 9)) != ''){own}"
            " ORDER BY number DESC LIMIT 1",
            (key, empty, self._run) if of_this_run else (key, empty),
        ).fetchone()
        if row is None:
            return None
        self._execute("INSERT OR IGNORE INTO uses VALUES (?, ?, ?, 1)", (self._run, row[0], place))
        return Answer(text=row[1], finish=row[2], usage=Usage(**json.loads(row[3])), model=row[4])

    def has(self, key: str) -> bool:
        """Whether any answer is kept under this key."""
        return bool(self.rows("SELECT 1 FROM calls WHERE key = ? AND received IS NOT NULL", (key,)))

    def spent(self) -> Usage:
        """The tokens of all calls, of this run and earlier ones; of one that a kill ended the most that it can have cost."""
        rows = self.rows("SELECT spent FROM calls")
        return sum((Usage(**json.loads(row[0])) for row in rows), Usage())

    def sent(
        self,
        key: str,
        place: int,
        most: Usage,
        *,
        section: str,
        heading: str,
        purpose: str,
        url: str,
        body: Any,
    ) -> int:
        """Note a request of the leaf at `place`, which costs `most` at most, before it leaves.

        Returns:
            The number of the call.
        """
        number = self._execute(
            "INSERT INTO calls (key, section, heading, purpose, url, body, spent) VALUES (?,?,?,?,?,?,?)",
            (
                key,
                section,
                heading,
                purpose,
                url,
                json.dumps(body, ensure_ascii=False),
                json.dumps(most.model_dump()),
            ),
        ).lastrowid
        assert number is not None
        self._execute("INSERT INTO uses VALUES (?, ?, ?, 0)", (self._run, number, place))
        return number

    def received(self, number: int, answer: Answer, spent: Usage, seconds: float) -> None:
        """Make the answer of a call, and what it has cost, durable; on return it is on the disk."""
        # a lone surrogate can be neither kept nor written to a file
        text = answer.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._execute(
            "UPDATE calls SET text = ?, finish = ?, model = ?, usage = ?, spent = ?, seconds = ?,"
            f" received = {NOW} WHERE number = ?",
            (
                text,
                answer.finish,
                answer.model,
                json.dumps(answer.usage.model_dump()),
                json.dumps(spent.model_dump()),
                round(seconds, 3),
                number,
            ),
        )

    def failed(self, number: int, reason: str, spent: Usage, seconds: float) -> None:
        """Note that a call got no answer, why, in one line that shows no key, and what it has cost all the same."""
        self._execute(
            "UPDATE calls SET fault = ?, spent = ?, seconds = ? WHERE number = ?",
            (reason, json.dumps(spent.model_dump()), round(seconds, 3), number),
        )

    # -- decisions and finished leaves

    def step(self, place: int, step: RepairStep) -> None:
        """Keep one decision of repair about the leaf at `place`."""
        self._execute(
            "INSERT INTO steps (run, place, step) VALUES (?,?,?)", (self._run, place, step.model_dump_json())
        )

    def finished(self, place: int, section: str, heading: str, text: str, writer: str) -> None:
        """Keep a finished leaf's text; `place` is its number in the report, from 0."""
        self._execute(
            "INSERT OR REPLACE INTO leaves (run, place, section, heading, text, writer) VALUES (?,?,?,?,?,?)",
            (self._run, place, section, heading, text, writer),
        )

    # -- output files

    def written(self, name: str) -> set[str]:
        """The digests of what drafter wrote, or was about to write, to the output file of this name."""
        return {row[0] for row in self._execute("SELECT sha256 FROM outputs WHERE name = ?", (name,))}

    def remember(self, digests: Mapping[str, str]) -> None:
        """Note what is about to be written, by file name; a kill between note and file must not look like a person."""
        for name, sha256 in digests.items():
            self._execute("INSERT OR IGNORE INTO outputs VALUES (?, ?)", (name, sha256))

    # -- notes

    def note(self, name: str) -> str | None:
        """A value kept for the report, such as the token ratio that its prompts were counted with."""
        row = self._execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def keep_note(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def rows(self, statement: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """What a SELECT gives; for `records`."""
        return self._execute(statement, tuple(values)).fetchall()

    def _execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise fault(self._path, error, "日志读写失败；请检查磁盘空间和权限") from None


def _lock(path: Path, wait: float) -> FileLock:
    """The lock of this journal, held. The system lets go of it when the process ends, however it ends."""
    lock = lock_of(path)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise OutputError(
            f"{path.parent}：另一个 drafter{_who(path)}正在使用这个输出位置；请等它结束，或用 -o 换个地方"
        ) from None
    except OSError as error:
        raise OutputError(f"{path.parent}：建不了日志（{error.strerror}）；请检查权限和磁盘空间") from None
    return lock


def in_use(path: Path) -> bool:
    """Whether a process has this journal open to write; a run that is noted as running in it is then alive."""
    lock = lock_of(path)
    if not Path(lock.lock_file).exists():
        return False
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False  # a folder that may only be read: nobody writes in it


def lock_of(path: Path) -> FileLock:
    """The lock of the journal at `path`, not yet taken."""
    return FileLock(path.with_name(f".{path.name}.lock"))


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """The journal to read. What a killed process left half done is undone first, which takes a writer's rights."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    db = sqlite3.connect(address, uri=True, timeout=BUSY)
    try:
        db.execute("SELECT count(*) FROM sqlite_master")
        return db
    except sqlite3.OperationalError as error:
        db.close()
        if "readonly" not in str(error):
            raise
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY)) as whole:
        whole.execute("SELECT count(*) FROM sqlite_master")
    return sqlite3.connect(address, uri=True, timeout=BUSY)


def _who(path: Path) -> str:
    """The process that holds the journal, where the journal can be asked."""
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0.2)
    except sqlite3.Error:
        return ""
    try:
        row = db.execute("SELECT pid FROM runs WHERE status = 'running'").fetchone()
    except sqlite3.Error:
        return ""
    finally:
        db.close()
    return f"（进程 {row[0]}）" if row else ""
