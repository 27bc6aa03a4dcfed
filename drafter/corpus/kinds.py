"""Finds what is called by a coined word and a common noun behind it: 枧头贡米, 沅丰种业, 枧头派出所, 枧头经验.

Only a word that no dictionary has, or has as a name, makes a name of such a noun: 优质大米 and 县派出所 are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from drafter.corpus import rules
from drafter.corpus.cutting import is_word, kind_of
from drafter.corpus.edges import NO_EDGES, Edges, dividing
from drafter.corpus.lexicon import HAN, Name, NameKind

_LONGEST = 4
"""Characters of the coined word at most."""
_NAMING = frozenset(["ns", "nr", "nz", "nrt", "nrfg"])
_NO_START = frozenset("vpcurdyet")
"""Parts of speech of single characters, by their first letter, with which no coined word begins."""
_SIDES = frozenset("东西南北中")
_TAIL = re.compile(f"[{HAN}]*\\Z")


@cache
def _kinds() -> tuple[re.Pattern[str], dict[str, NameKind]]:
    kinds: dict[str, NameKind] = {}
    named: tuple[NameKind, ...] = ("organization", "place", "event")
    for kind in named:
        for entry in rules.table("named_kinds")[kind]:
            kinds.setdefault(entry, kind)
    kinds |= dict.fromkeys((kind for kind in _telling() if kind not in kinds), "organization")
    kinds |= dict.fromkeys(_trades(), "organization")
    first = "".join(sorted({entry[0] for entry in kinds}))
    return re.compile(f"(?=[{first}])(?<=[{HAN}]{{2}}){rules.one_of(kinds)}"), kinds


@cache
def _trades() -> frozenset[str]:
    return frozenset(rules.table("named_kinds")["trade"])


@cache
def _trade_goes_on() -> frozenset[str]:
    return frozenset("".join(rules.table("named_kinds")["trade goes on"]))


@cache
def _boundary() -> re.Pattern[str]:
    """Where the word may begin, reversed, for a search leftwards."""
    entries = (*rules.table("place_boundaries")["hard"], *rules.table("organizations")["stop"])
    return re.compile(rules.alternation(word[::-1] for word in entries))


@cache
def _no_word() -> frozenset[str]:
    table = rules.table("organizations")
    no_word = rules.table("named_kinds")["no word"]
    return frozenset((*table["generic"], *table["weak generic"], *table["everyday"], *no_word))


@cache
def _no_beginning() -> tuple[str, ...]:
    return tuple(entry for entry in _no_word() if len(entry) > 1)


@cache
def _brands() -> frozenset[str]:
    table = rules.table("organizations")
    return frozenset(table["brand"]) - frozenset((*table["weak generic"], *table["generic"]))


@lru_cache(4096)
def is_coined(word: str) -> bool:
    """Whether this is no word of the language: jieba does not have it, and it is not put together of such as it has."""
    beginnings = _no_beginning()
    if word in _no_word() or word.startswith(beginnings) or word.endswith(beginnings):
        return False
    if is_word(word):
        return kind_of(word) in _NAMING
    if kind_of(word[0])[:1] in _NO_START:
        return False
    return not any(
        is_word(word[at : at + 2]) and kind_of(word[at : at + 2]) not in _NAMING
        for at in range(len(word) - 1)
    )


def _is_noun(word: str) -> bool:
    """Whether a noun of everyday stands there that says nothing of a kind."""
    table = rules.table("named_kinds")
    if word in _no_word() or any(no in word for no in table["no telling"]):
        return False
    return kind_of(word) in ("n", "nz", "nr", "ns", "nrt")


@cache
def _telling() -> frozenset[str]:
    return frozenset(rules.table("named_kinds")["telling"])


@cache
def _seals() -> tuple[frozenset[str], tuple[str, ...]]:
    table = rules.table("named_kinds")
    return frozenset(table["seal"]), table["no seal"]


@cache
def _accounts() -> re.Pattern[str]:
    opening = rules.alternation(rules.table("named_kinds")["account before"])
    return re.compile(f"(?:{opening})(?P<body>[{HAN}]{{2}})")


def _find_sealed(words: Sequence[str]) -> Iterator[Name]:
    """Estates, shops and lines that jieba guesses as one word of three or four characters."""
    seals = _seals()[0]
    wanted = {word for word in words if word[-1] in seals and _is_sealed(word)}
    if not wanted:
        return
    for start, word in zip(accumulate(map(len, words), initial=0), words, strict=False):
        if word in wanted:
            yield Name(start, start + len(word), word, "place")


@lru_cache(32_768)
def _is_sealed(word: str) -> bool:
    seals, common = _seals()
    return word[-1] in seals and 3 <= len(word) <= 4 and not word.endswith(common) and is_coined(word)


def _find_accounts(text: str, starts: frozenset[int]) -> Iterator[Name]:
    for match in _accounts().finditer(text):
        if (
            {match.start(), match.end()} <= starts
            and is_coined(match["body"])
            and kind_of(match["body"]) != "nr"
        ):
            yield Name(*match.span(), match[0], "media")


def find_kinds(text: str, words: Sequence[str], edges: Edges = NO_EDGES) -> Iterator[Name]:
    """Firms, offices, products, events and landmarks named by a coined word."""
    pattern, kinds = _kinds()
    starts = frozenset(accumulate(map(len, words), initial=0))
    for match in pattern.finditer(text):
        at, end = match.span()
        if is_word(text[at : end + 1]) or (end not in starts and is_word(text[end - 1 : end + 1])):
            continue  # 建筑 of 建筑师
        if len(match[0]) == 2 and is_word(text[at - 1 : end]) and kind_of(text[at - 1 : end]) not in _NAMING:
            continue  # 工会 of 总工会
        window = _TAIL.search(text, max(0, at - _LONGEST - 4), at)
        run = window[0] if window else ""
        boundary = dividing(_boundary(), run, at, edges)
        if boundary and boundary.start() == 0 and boundary[0] in _SIDES:
            boundary = dividing(_boundary(), run, at, edges, 1)  # 沅中: the side belongs to the name
        length = boundary.start() if boundary else len(run)
        body = run[len(run) - length :]
        branded = kinds[match[0]] == "organization" and body in _brands()
        if not 2 <= length <= _LONGEST or not (
            branded or is_coined(body) or (match[0] in _telling() and _is_noun(body))
        ):
            continue
        if match[0] in _trades() and (
            (is_word(body) and not branded) or text[end : end + 1] in _trade_goes_on()
        ):
            continue  # a country's or a province's trade
        yield Name(at - length, end, text[at - length : end], kinds[match[0]])
    yield from _find_sealed(words)
    yield from _find_accounts(text, starts)
