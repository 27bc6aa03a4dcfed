"""The journal: each reply is durable the moment it has been received, so that no paid work is lost.

A reply is kept under its resume key, the hash of messages, model and parameters. The journal also remembers what
was written to each output file, so that a file changed by a person is noticed. One SQLite file a report.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from drafter.errors import OutputError
from drafter.plugins import Reply
from drafter.report import Usage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, section TEXT NOT NULL, heading TEXT NOT NULL, messages TEXT NOT NULL,
    text TEXT NOT NULL, finish TEXT NOT NULL, model TEXT NOT NULL, usage TEXT NOT NULL,
    calls INTEGER NOT NULL, seconds REAL NOT NULL,
    received TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
CREATE TABLE IF NOT EXISTS outputs (name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (name, sha256));
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def resume_key(messages: Sequence[Mapping[str, str]], parameters: Mapping[str, Any]) -> str:
    """The hash of all that decides a reply: messages, model and parameters. A key or password is not among them."""
    plain = json.dumps([list(map(dict, messages)), dict(parameters)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _fault(path: Path, error: sqlite3.Error, otherwise: str) -> OutputError:
    if "locked" in str(error):
        return OutputError(f"{path}：另一个 drafter 正在使用这个输出位置；请等它结束，或用 -o 换个地方")
    return OutputError(f"{path}：{otherwise}（{error}）")


class Journal:
    """Opened over one file; used as a context manager."""

    def __init__(self, path: Path, *, wait: float = 5.0) -> None:
        """Open or create the journal; its folder must exist. Another process is waited for `wait` seconds.

        Raises:
            OutputError: the file cannot be opened, is no journal, or is damaged.
        """
        self._path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=wait)
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise _fault(
                path, error, "日志文件打不开，像是损坏了；请换一个输出位置，或确认不要其中的回复后移走它"
            ) from None

    def __enter__(self) -> Journal:
        """Nothing more to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._db.close()

    def reply(self, key: str) -> Reply | None:
        """The whole reply kept under this key, if any; one that was cut off or empty is kept, but asked for again."""
        row = self._execute(
            "SELECT text, finish, usage, model, calls FROM replies WHERE key = ? AND finish = 'stop'", (key,)
        ).fetchone()
        if row is None:
            return None
        return Reply(
            text=row[0], finish=row[1], usage=Usage(**json.loads(row[2])), model=row[3], calls=row[4]
        )

    def keep(
        self,
        key: str,
        reply: Reply,
        *,
        section: str,
        heading: str,
        messages: Sequence[Mapping[str, str]],
        seconds: float,
    ) -> None:
        """Make a reply durable; on return it is on the disk."""
        self._execute(
            "INSERT OR REPLACE INTO replies (key, section, heading, messages, text, finish, model, usage, calls, seconds)"
            " VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                key,
                section,
                heading,
                json.dumps(list(map(dict, messages)), ensure_ascii=False),
                reply.text,
                reply.finish,
                reply.model,
                json.dumps(reply.usage.model_dump()),
                reply.calls,
                seconds,
            ),
        )

    def written(self, name: str) -> set[str]:
        """The digests of what drafter wrote, or was about to write, to the output file of this name."""
        return {row[0] for row in self._execute("SELECT sha256 FROM outputs WHERE name = ?", (name,))}

    def remember(self, digests: Mapping[str, str]) -> None:
        """Note what is about to be written, by file name; a kill between note and file must not look like a person."""
        for name, sha256 in digests.items():
            self._execute("INSERT OR IGNORE INTO outputs VALUES (?, ?)", (name, sha256))

    def note(self, name: str) -> str | None:
        """A value kept for the report, such as the token ratio that its prompts were counted with."""
        row = self._execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def keep_note(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def _execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise _fault(self._path, error, "日志读写失败；请检查磁盘空间和权限") from None
