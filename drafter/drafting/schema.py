"""The tables of a journal, and how an older one is brought to them."""

from __future__ import annotations

import sqlite3

VERSION = 3
"""The schema's number, kept in SQLite's user_version; journals of version 0 had whole replies only, those of 2 not what a call without usage cost."""

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, pid INTEGER NOT NULL, title TEXT NOT NULL, writer TEXT NOT NULL, model TEXT NOT NULL,
    url TEXT NOT NULL, drafter TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'running', summary TEXT NOT NULL DEFAULT '',
    started TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), finished TEXT
);
CREATE TABLE IF NOT EXISTS calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, section TEXT NOT NULL, heading TEXT NOT NULL,
    purpose TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL,
    sent TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), received TEXT,
    text TEXT NOT NULL DEFAULT '', finish TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '',
    usage TEXT NOT NULL DEFAULT '{}', seconds REAL NOT NULL DEFAULT 0, fault TEXT NOT NULL DEFAULT '',
    spent TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS calls_by_key ON calls (key);
CREATE TABLE IF NOT EXISTS uses (
    run TEXT NOT NULL, call INTEGER NOT NULL, place INTEGER NOT NULL, kept INTEGER NOT NULL,
    PRIMARY KEY (run, call, place)
);
CREATE TABLE IF NOT EXISTS steps (
    number INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, place INTEGER NOT NULL, step TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
CREATE TABLE IF NOT EXISTS leaves (
    run TEXT NOT NULL, place INTEGER NOT NULL, section TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,
    writer TEXT NOT NULL, at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), PRIMARY KEY (run, place)
);
CREATE TABLE IF NOT EXISTS outputs (name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (name, sha256));
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_FROM_REPLIES = """
INSERT INTO calls
    (key, section, heading, purpose, url, body, sent, received, text, finish, model, usage, seconds, spent)
SELECT key, section, heading, 'write', '', json_object('messages', json(messages)), received, received, text, finish,
       model, usage, seconds, usage
FROM replies ORDER BY received;
DROP TABLE replies;
"""
_WITHOUT_SPENT = """
ALTER TABLE calls ADD COLUMN spent TEXT NOT NULL DEFAULT '{}';
UPDATE calls SET spent = usage;
"""


def upgrade(db: sqlite3.Connection, *, read_only: bool = False) -> int:
    """Make the tables where they are wanting, and carry over what an older drafter kept.

    Returns:
        The version that the file has afterwards; a newer one than VERSION is left as it is.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version >= VERSION or read_only:
        return version
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables & {"replies", "outputs", "notes"}:
        raise sqlite3.DatabaseError("是别的程序的数据库")
    script = (
        TABLES + (_FROM_REPLIES if "replies" in tables else "") + (_WITHOUT_SPENT if version == 2 else "")
    )
    db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {VERSION}; COMMIT;")
    return VERSION
