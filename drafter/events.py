"""The dated lexicon: events, plans, campaigns and slogans, each with the months in which a report may speak of it as of its time.

Plain data and its reader; knows no report. The format is that of drafter/checks/data/period.txt, which explains it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from drafter.errors import SettingsError

MAX_BYTES = 1024 * 1024
"""Some thousand lines; a file beyond this is something else."""

_COMMENT = re.compile(r"(?:^|\s)#(?:\s|$)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_OPEN = "-"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Event:
    """One name and its time; months are year × 100 + month, 0 where that end is open."""

    name: str
    first: int = 0
    last: int = 0


def parse_events(text: str, source: str) -> tuple[Event, ...]:
    """Read a dated lexicon.

    Raises:
        SettingsError: naming `source`, the line, what is wrong there and what is allowed.
    """
    return tuple(
        event
        for number, line in enumerate(text.splitlines(), 1)
        for event in _events(line, f"{source}：第 {number} 行")
    )


def _events(line: str, place: str) -> Iterator[Event]:
    fields = _COMMENT.split(line, maxsplit=1)[0].split()
    if not fields:
        return
    if len(fields) != 3:
        raise SettingsError(
            f"{place}有 {len(fields)} 栏，应是三栏：名称、起、止，用空格隔开；名称里不留空格，没有起止的写 -"
        )
    names, first, last = fields[0].split("|"), _month(fields[1], place), _month(fields[2], place)
    if first and last and first > last:
        raise SettingsError(f"{place}的起（{fields[1]}）晚于止（{fields[2]}），请对调")
    for name in names:
        if not 2 <= len(name) <= _LONGEST:
            raise SettingsError(
                f"{place}的名称“{name[:_LONGEST]}”有 {len(name)} 个字，应为 2 至 {_LONGEST} 个；几个名称用 | 隔开"
            )
        yield Event(name, first, last)


def _month(written: str, place: str) -> int:
    if written == _OPEN:
        return 0
    match = _DATE.fullmatch(written)
    try:
        if match is None:
            raise ValueError
        day = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        raise SettingsError(
            f"{place}的“{written[:20]}”不是日期，应写成 2019-05 或 2019-05-31，没有的写 -"
        ) from None
    return day.year * 100 + day.month


def load_events(path: str) -> tuple[Event, ...]:
    """The lexicon in this file; nothing where no path is given.

    Raises:
        SettingsError: the file cannot be read, or a line of it is wrong.
    """
    if not path:
        return ()
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        raise SettingsError(f"period_lexicon：找不到 {path}，请核对路径") from None
    if not stat.S_ISREG(found.st_mode):
        raise SettingsError(f"period_lexicon：{path} 不是普通文件，请给出词表文件")
    if found.st_size > MAX_BYTES:
        raise SettingsError(
            f"period_lexicon：{path} 有 {found.st_size / 1024:.0f} KB，超过上限 {MAX_BYTES // 1024} KB，不像词表"
        )
    return _load(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _load(path: str, changed: int, size: int) -> tuple[Event, ...]:
    try:
        text = Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"period_lexicon：{path} 第 {error.start + 1} 个字节起不是 UTF-8；请另存为 UTF-8 编码"
        ) from None
    except OSError as error:
        raise SettingsError(f"period_lexicon：{path} 读不了（{error.strerror}），请检查权限") from None
    return parse_events(text, path)
