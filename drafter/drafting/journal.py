"""The journal: each answer is durable the moment it has been received, so that no paid work is lost.

An answer is kept under its resume key, the hash of messages, model and parameters; the same call is never made twice.
The journal also keeps what was decided about each leaf, the finished leaves, and what was written to each output file,
so that a file changed by a person is noticed. One SQLite file a report, one process at a time; `records` reads it.

A rollback journal, not a write-ahead log: the folder may be a network share. What costs nothing to lose in a kill (the
decisions, which a resumed run takes again) waits for the next call and is written together with it. A ballast file stands
beside an open journal: when the disk is full it gives its room to the answers that are under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from drafter.drafting.schema import VERSION, upgrade
from drafter.errors import OutputError
from drafter.plugins import Answer
from drafter.report import RepairStep, Usage

_T = TypeVar("_T")
_Statement = tuple[str, tuple[Any, ...]]
NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
ELSEWHERE = -1
"""Stands for the leaf's number where a request belongs to the whole report."""
SEAL = "seal"
"""The name of the note that holds the seal map."""
BALLAST = 1024 * 1024
"""Bytes kept back for what arrives when the disk is full: some hundred answers."""
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
    if "disk is full" in str(error):
        return OutputError(f"{path}：磁盘满了，日志写不了；请腾出空间后再次运行，或用 -o 换个地方")
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
        self._waiting: list[_Statement] = []
        self._turn = threading.RLock()
        self._writer: ThreadPoolExecutor | None = None
        self._full = False
        self._lock = None if read_only else _lock(path, wait)
        try:
            if read_only:
                self._db = _opened_to_read(path)
            else:
                if not path.exists():
                    # replies are nobody else's to read; SQLite itself would leave that to the umask
                    path.touch(mode=0o600)
                self._db = sqlite3.connect(path, isolation_level=None, timeout=BUSY, check_same_thread=False)
                self._db.execute("PRAGMA synchronous=FULL")
                self._db.execute("PRAGMA journal_mode=TRUNCATE")
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
        try:
            self._settle()
            if hasattr(self, "_db"):
                with contextlib.closing(self._db):
                    if self._waiting:
                        self._write()
                    if self._lock is not None:
                        # takes the empty file beside it away; where it cannot, the file stays
                        with contextlib.suppress(sqlite3.Error):
                            self._db.execute("PRAGMA journal_mode=DELETE")
        finally:
            if self._lock is not None:
                self._ballast.unlink(missing_ok=True)
            self._release()

    async def durably(self, write: Callable[..., _T], *arguments: Any, **options: Any) -> _T:
        """What one of this journal's methods gives, done in a thread of its own: a disk takes its time, and calls go on.

        One after the other in the order of asking; done to the end although the caller is cancelled.
        """
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, "journal")
        done = asyncio.get_running_loop().run_in_executor(self._writer, partial(write, *arguments, **options))
        return await asyncio.shield(done)

    def _settle(self) -> None:
        """Wait for what is being written."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.shutdown()

    @property
    def _ballast(self) -> Path:
        return self._path.with_name(f".{self._path.name}.ballast")

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
        try:
            # of random bytes: some file systems keep no room for empty ones
            self._ballast.write_bytes(os.urandom(BALLAST))
        except OSError as error:
            self._ballast.unlink(missing_ok=True)
            raise OutputError(
                f"{self._path.parent}：建不了日志（{error.strerror}）；起草前请腾出至少 10 MB 磁盘空间，或用 -o 换个地方"
            ) from None
        # only one process holds the journal: whatever is still running in it was killed
        self._later("UPDATE runs SET status = 'killed' WHERE status = 'running'")
        run = secrets.token_hex(4)
        self._write(
            "INSERT INTO runs (id, pid, title, writer, model, url, drafter) VALUES (?,?,?,?,?,?,?)",
            (run, os.getpid(), title, writer, model, url, drafter),
        )
        self._run = run
        return run

    def finish(self, status: str, summary: str = "") -> None:
        """Note how the run ended: done, failed or interrupted; `summary` is one line."""
        self._settle()
        run, self._run = self._run, ""
        self._write(
            f"UPDATE runs SET status = ?, summary = ?, finished = {NOW} WHERE id = ?", (status, summary, run)
        )

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
        self._later("INSERT OR IGNORE INTO uses VALUES (?, ?, ?, 1)", (self._run, row[0], place))
        return Answer(text=row[1], finish=row[2], usage=Usage(**json.loads(row[3])), model=row[4])

    def has(self, key: str) -> bool:
        """Whether any answer is kept under this key."""
        return bool(self.rows("SELECT 1 FROM calls WHERE key = ? AND received IS NOT NULL", (key,)))

    def spent(self) -> Usage:
        """The tokens of all calls, of this run and earlier ones; of one that a kill ended the most that it can have cost."""
        if self._waiting:
            self._write()
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

        Raises:
            OutputError: there is no room for its answer; it must not be made.
        """
        if self._full:
            raise self._no_room()
        plain, cost = json.dumps(body, ensure_ascii=False), json.dumps(most.model_dump())
        with self._turn:
            self._write(
                "INSERT INTO calls (key, section, heading, purpose, url, body, spent) VALUES (?,?,?,?,?,?,?)",
                (key, section, heading, purpose, url, plain, cost),
                "INSERT INTO uses VALUES (?, last_insert_rowid(), ?, 0)",
                (self._run, place),
            )
            return int(self.rows("SELECT max(number) FROM calls")[0][0])

    def sent_elsewhere(self, requests: Iterable[tuple[str, Any]]) -> None:
        """Keep what this run's retriever sent to other servers, address and body of each."""
        for url, body in requests:
            self._later(
                "INSERT INTO calls (key, section, heading, purpose, url, body, received)"
                f" VALUES ('', '', '', 'embed', ?, ?, {NOW})",
                (url, json.dumps(body, ensure_ascii=False)),
            )
            self._later("INSERT INTO uses VALUES (?, last_insert_rowid(), ?, 0)", (self._run, ELSEWHERE))

    def received(self, number: int, answer: Answer, spent: Usage, seconds: float) -> None:
        """Make the answer of a call, and what it has cost, durable; on return it is on the disk."""
        # a lone surrogate can be neither kept nor written to a file
        text = answer.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._write(
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
        self._later(
            "UPDATE calls SET fault = ?, spent = ?, seconds = ? WHERE number = ?",
            (reason, json.dumps(spent.model_dump()), round(seconds, 3), number),
        )

    # -- decisions and finished leaves

    def step(self, place: int, step: RepairStep) -> None:
        """Keep one decision of repair about the leaf at `place`."""
        self._later(
            "INSERT INTO steps (run, place, step) VALUES (?,?,?)", (self._run, place, step.model_dump_json())
        )

    def finished(self, place: int, section: str, heading: str, text: str, writer: str) -> None:
        """Keep a finished leaf's text; `place` is its number in the report, from 0."""
        self._later(
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
            self._later("INSERT OR IGNORE INTO outputs VALUES (?, ?)", (name, sha256))
        self._write()

    # -- notes

    def note(self, name: str) -> str | None:
        """A value kept for the report, such as the token ratio that its prompts were counted with."""
        row = self._execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def keep_note(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._write("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def keep_seal(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep which words the slots of a sealed report stand for; nobody else may read the file from now on."""
        if os.name == "posix":
            self._path.chmod(0o600)
        self.keep_note(SEAL, json.dumps(list(rows), ensure_ascii=False))

    def rows(self, statement: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """What a SELECT gives; for `records`. Decisions that still wait are not in it."""
        return self._execute(statement, tuple(values)).fetchall()

    def _later(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        """Write this together with what is written next, or on closing."""
        self._waiting.append((statement, values))

    def _write(self, *parts: Any) -> None:
        """Make durable what waits and these statements, each followed by its values; all of it or nothing.

        Raises:
            OutputError: it cannot be written.
        """
        with self._turn:
            statements = [*self._waiting, *zip(parts[::2], parts[1::2], strict=True)]
            held = len(self._waiting)
            try:
                self._transaction(statements)
            except sqlite3.Error as error:
                if not self._made_room():
                    raise fault(self._path, error, "日志写不了；请检查磁盘空间和权限") from None
                try:
                    self._transaction(statements)
                except sqlite3.Error:
                    raise fault(self._path, error, "日志写不了；请检查磁盘空间和权限") from None
            del self._waiting[:held]  # what was asked for meanwhile waits on

    def _made_room(self) -> bool:
        """Give the ballast's room to what is to be written, once; no call is made after that."""
        if self._full or not self._ballast.exists():
            return False
        self._full = True
        self._ballast.unlink()
        return True

    def _transaction(self, statements: Iterable[_Statement]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                self._db.execute(statement, values)
            self._db.execute("COMMIT")
        except sqlite3.Error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _no_room(self) -> OutputError:
        return OutputError(
            f"{self._path}：磁盘满了，收到的回复都已存好，没有再调用；请腾出空间后再次运行（不带 --fresh、--section）接着写"
        )

    def _execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            with self._turn:
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
