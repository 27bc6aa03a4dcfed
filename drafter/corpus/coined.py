"""Finds what somebody coined and no marks show: festivals (樱桃节), ways of working (七彩工作法), models (岔河模式)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.corpus import rules
from drafter.corpus.cutting import cut, is_word, kind_of
from drafter.corpus.lexicon import HAN, Name

_LONGEST = 6
"""Characters before 节 or 工作法 at most."""
_TAIL = re.compile(f"[{HAN}]*\\Z")
_ENDING = re.compile(f"节(?<=[{HAN}]{{2}}.)|工作法(?<=[{HAN}]{{2}}...)")


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(rules.table("coined")[key])


@cache
def _boundary() -> re.Pattern[str]:
    entries = (*rules.table("place_boundaries")["hard"], *rules.table("coined")["festival before"])
    return re.compile(rules.alternation(word[::-1] for word in entries))


@cache
def _method_boundary() -> re.Pattern[str]:
    """As `_boundary`, but a numeral belongs to the name: 七彩工作法."""
    entries = set(rules.table("place_boundaries")["hard"]) - set("一二三四五六七八九十百千万")
    return re.compile(rules.alternation(word[::-1] for word in entries))


@cache
def _cup() -> re.Pattern[str]:
    """A cup, by the contest behind it: 跨湖桥杯象棋赛."""
    contest = rules.alternation(rules.table("coined")["cup"])
    return re.compile(f"杯(?=[{HAN}]{{0,6}}(?:{contest}))")


@cache
def _model() -> re.Pattern[str]:
    table = rules.table("coined")
    verb, model = rules.alternation(table["model verb"]), rules.alternation(table["model"])
    return re.compile(f"(?:{verb})了?(?P<name>[{HAN}]{{2,4}}?(?:{model}))")


def find_coined(text: str) -> Iterator[Name]:
    """Festivals, methods and models; never a holiday, a kind (文化节, 群众工作法) or a word that ends so (环节)."""
    for match in _ENDING.finditer(text):
        at, end = match.start(), match.end()
        festival = match[0] == "节"
        if festival and (
            is_word(text[at - 1 : end]) or (_is_han(text[end : end + 1]) and is_word(text[at : end + 1]))
        ):
            continue
        tail = _TAIL.search(text, max(0, at - _LONGEST - 4), at)
        window = tail[0] if tail else ""
        boundary = (_boundary() if festival else _method_boundary()).search(window[::-1])
        length = boundary.start() if boundary else len(window)
        body = window[len(window) - length :] if length else ""
        if not 2 <= length <= _LONGEST or body in _words("holiday"):
            continue
        if body not in _words("generic festival" if festival else "generic method"):
            yield Name(at - length, end, body + match[0], "event")
    for match in _cup().finditer(text):
        tail = _TAIL.search(text, max(0, match.start() - _LONGEST - 4), match.start())
        window = tail[0] if tail else ""
        boundary = _boundary().search(window[::-1])
        length = boundary.start() if boundary else len(window)
        if 2 <= length <= 4 and not is_word(text[match.start() - length : match.end()]):
            yield Name(
                match.start() - length, match.end(), text[match.start() - length : match.end()], "event"
            )
    for match in _model().finditer(text):
        start, end = match.span("name")
        body = match["name"][:-2]
        if "的" in body or body in _words("no model"):
            continue
        if any(len(word) > 1 and kind_of(word) in ("", "ns") for word in cut(body)):
            yield Name(start, end, match["name"], "event")


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"
