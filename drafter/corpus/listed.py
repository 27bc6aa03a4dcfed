"""Finds the names of a list that what stands behind it counts: 沅味居、老灶坊两家餐馆; 坡脚、大梨园等地.

A list of common nouns (宾馆、网吧等15家企业) names nobody: each of its parts is a word of everyday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.corpus import rules
from drafter.corpus.cutting import cut, is_word, kind_of
from drafter.corpus.lexicon import HAN, Name, NameKind

_PART = re.compile(f"[{HAN}]{{2,6}}")
_NUMBERS = {"两": 2, **{numeral: number for number, numeral in enumerate("二三四五六七八九十", 2)}}
_NAMING = frozenset(["ns", "nr", "nz", "nrt"])
_FUNCTION = frozenset("vpcdurymq")
"""Parts of speech, by their first letter, of words that no name of a list holds."""


@cache
def _lists() -> re.Pattern[str]:
    table = rules.table("listed")
    number = "(?P<count>[\\d两二三四五六七八九十多]+)"
    part = f"[{HAN}]{{2,6}}"
    firm, place = rules.alternation(table["firm"]), rules.alternation(table["place"])
    return re.compile(
        f"(?<![{HAN}])(?P<list>(?:{rules.alternation(table['before'])})?{part}?(?:、{part}){{1,8}}?)等?"
        f"(?:{number}(?:(?P<organization>[家个]?(?:{firm}))|(?P<place>个?(?:{place}))))"
    )


def find_listed(text: str) -> Iterator[Name]:
    """Firms and hamlets of such a list, when none of its parts is a common noun."""
    if "、" not in text:
        return
    for match in _lists().finditer(text):
        kind: NameKind = "organization" if match["organization"] else "place"
        start = match.start("list")
        before = re.match(rules.alternation(rules.table("listed")["before"]), match["list"])
        begin = start + (before.end() if before else 0)
        parts = [(begin + part.start(), part[0]) for part in _PART.finditer(text[begin : match.end("list")])]
        counted = len(parts) == _NUMBERS.get(match["count"]) or match["count"] == str(len(parts))
        named = [_may_name(part) for _, part in parts]
        if len(parts) > 1 and (all(named) or (counted and any(named))):
            for at, part in parts:
                yield Name(at, at + len(part), part, kind)


def _may_name(part: str) -> bool:
    if is_word(part):
        return kind_of(part) in _NAMING
    words = cut(part)
    if any(kind_of(word)[:1] in _FUNCTION for word in words if len(word) > 1):
        return False
    return any(not is_word(word) or kind_of(word) in _NAMING or len(word) == 1 for word in words)
