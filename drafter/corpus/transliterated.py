"""Finds names of persons in transliteration, which have no surname of the tables: 帕提古丽·买买提, 村医次仁卓嘎.

A dot between two parts shows one anywhere in text, and so do two names in a row (扎西平措) and a Yi family before what given names are
made of (吉克阿木); otherwise a title before the name, or 据 … 介绍 around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.corpus import rules
from drafter.corpus.cutting import boundaries, is_word, kind_of
from drafter.corpus.lexicon import HAN, Name

_NAMING = frozenset(["", "ns", "nr", "nz", "nrt", "nrfg"])


@cache
def _letters() -> str:
    return "".join(rules.words("transliteration"))


@cache
def _dotted() -> re.Pattern[str]:
    letters = _letters()
    return re.compile(
        f"(?<![·{letters}])[{letters}]{{1,8}}(?:[·•・][{letters}]{{1,8}}){{1,3}}|[{letters}]{{2,8}}(?:[·•・][{letters}]{{2,8}}){{1,3}}"
    )


@cache
def _joined() -> re.Pattern[str]:
    parts = f"(?:{rules.alternation(rules.words('short_foreign_names'))})"
    yi = rules.table("yi_names")
    return re.compile(f"{parts}{{2,3}}|(?:{rules.alternation(yi['family'])})[{''.join(yi['given'])}]{{2}}")


@cache
def _titled() -> re.Pattern[str]:
    roles, acts = rules.table("person_roles"), rules.table("person_acts")
    told, letters = rules.alternation(acts["told"]), _letters()
    short = f"(?:{rules.alternation(rules.words('short_foreign_names'))})"
    titles = (*roles["firm"], *roles["loose"])
    last = "".join({title[-1] for title in titles})
    before = "|".join(f"(?<={re.escape(title)})" for title in set(titles))
    return re.compile(
        f"(?<=[{last}])(?=[{letters}]{{3}})(?:{before})(?P<titled>[{letters}]{{3,6}})"
        f"|(?<=[{last}])(?={short})(?:{before})(?P<short>{short})"
        f"|(?<=据)(?P<told>[{letters}]{{2,6}})(?={told})"
    )


def find_transliterated(text: str) -> Iterator[Name]:
    """Names of persons written by sound; never a word or two that jieba knows."""
    if any(dot in text for dot in "·•・"):
        for match in _dotted().finditer(text):
            yield Name(*match.span(), match[0], "person")
    for match in _joined().finditer(text):
        yield Name(*match.span(), match[0], "person")
    for match in _titled().finditer(text):
        if match["short"]:
            yield Name(*match.span("short"), match["short"], "person")
            continue
        key = "titled" if match["titled"] else "told"
        start, end = match.span(key)
        starts = {start + at for at in boundaries(text[start : end + 3])}
        while (
            end - start > 2
            and end not in starts
            and re.match(f"[{HAN}]", text[end : end + 1])
            and is_word(text[end - 1 : end + 1])
        ):
            end -= 1  # the last character belongs to the verb behind: 金珠|来到, but not 托合提|下乡
        name = text[start:end]
        if end - start >= (3 if key == "titled" else 2) and _is_foreign(name):
            yield Name(start, end, name, "person")


def _is_foreign(name: str) -> bool:
    if is_word(name):
        return kind_of(name) in _NAMING
    pairs = (name[at : at + 2] for at in range(len(name) - 1))
    return all(kind_of(pair) in _NAMING for pair in pairs)
