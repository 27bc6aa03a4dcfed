"""Loads the text rules of data/*.txt: one rule a line, `#` begins a comment, columns are divided by blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources


def read_rules(name: str) -> list[list[str]]:
    """The columns of each rule in data/`name`, comments and empty lines left out."""
    text = resources.files("drafter.quantities").joinpath("data", name).read_text(encoding="utf-8")
    rows = (re.split(r"(?:^|\s)#", line, maxsplit=1)[0].split() for line in text.splitlines())
    return [row for row in rows if row]


@dataclass(frozen=True)
class Measure:
    """A unit or measure word, its canonical word, and the characters that would make it another word."""

    word: str
    canonical: str
    not_before: str


@cache
def measures() -> dict[str, Measure]:
    """Measure words by their written form."""
    found: dict[str, Measure] = {}
    for row in read_rules("measures.txt"):
        word, canonical, barred = [*row, "-", "-"][:3]
        found[word] = Measure(word, word if canonical == "-" else canonical, "" if barred == "-" else barred)
    return found


@cache
def measure_lengths() -> tuple[int, ...]:
    """Lengths that measure words have, longest first."""
    return tuple(sorted({len(word) for word in measures()}, reverse=True))


def measure_at(text: str, at: int) -> Measure | None:
    """The longest measure word that begins at `at`."""
    table = measures()
    for length in measure_lengths():
        found = table.get(text[at : at + length])
        if found and not (
            found.not_before and text[at + length : at + length + 1] in tuple(found.not_before)
        ):
            return found
    return None


@cache
def compatible_units() -> dict[str, frozenset[str]]:
    """For each unit the units that may stand for it."""
    found: dict[str, set[str]] = {}
    for row in read_rules("compatible.txt"):
        for unit in row:
            # 个 stands for 名 and for 家, but 名 never for 家: only groups tie words together
            found.setdefault(unit, {unit}).update(row)
    return {unit: frozenset(others) for unit, others in found.items()}


@dataclass(frozen=True)
class PhraseTable:
    """Set phrases, to be looked up by where their first numeral stands."""

    by_anchor: dict[str, tuple[tuple[int, int], ...]]
    """First numeral character → (offset of it in the phrase, length of the phrase), longest first."""
    barred: dict[str, str]
    """Phrase → characters that must not follow it."""


NUMERAL_CHARS = "零〇一二三四五六七八九十百千万亿两半"


@cache
def phrases() -> PhraseTable:
    """The set phrases of phrases.txt."""
    shapes: dict[str, set[tuple[int, int]]] = {}
    barred: dict[str, str] = {}
    for row in read_rules("phrases.txt"):
        phrase = row[0]
        offset = next((i for i, char in enumerate(phrase) if char in NUMERAL_CHARS), None)
        if offset is None:
            raise ValueError(f"phrases.txt: {phrase} has no numeral")
        shapes.setdefault(phrase[offset], set()).add((offset, len(phrase)))
        barred[phrase] = row[1] if len(row) > 1 else ""
    return PhraseTable(
        {char: tuple(sorted(pairs, key=lambda p: -p[1])) for char, pairs in shapes.items()}, barred
    )


def phrase_at(text: str, anchor: int, floor: int) -> tuple[int, int] | None:
    """Span of the longest set phrase whose first numeral stands at `anchor`; it may not begin before `floor`."""
    table = phrases()
    for offset, length in table.by_anchor.get(text[anchor], ()):
        start = anchor - offset
        if start < floor or start + length > len(text) or (start and text[start - 1] == "第"):
            continue
        barred = table.barred.get(text[start : start + length])
        if barred is not None and not (barred and text[start + length : start + length + 1] in tuple(barred)):
            return start, start + length
    return None


@cache
def names() -> re.Pattern[str]:
    """Names that hold a Chinese numeral, to be matched where the name begins."""
    return re.compile("|".join(sorted((row[0] for row in read_rules("names.txt")), key=len, reverse=True)))


@cache
def words(name: str) -> frozenset[str]:
    """The first column of a list file."""
    return frozenset(row[0] for row in read_rules(name))


@cache
def _words_with_about() -> dict[str, frozenset[str]]:
    """Words that end in 约, each with the characters before it that make 约 a mark of its own."""
    return {word: frozenset(others) for word, *others in read_rules("no_about.txt")}


def about_is_of_word(text: str, at: int) -> bool:
    """Whether the 约 that stands at `at` is part of a word (签约) and loosens no number."""
    if at < 1 or text[at] != "约":
        return False
    others = _words_with_about().get(text[at - 1 : at + 1])
    return others is not None and text[at - 2 : at - 1] not in others


@cache
def one_rules() -> dict[str, frozenset[str]]:
    """The rules for 一 with a measure word, by their key (see one.txt)."""
    found: dict[str, set[str]] = {}
    for key, *rest in read_rules("one.txt"):
        found.setdefault(key, set()).update(rest)
    return {key: frozenset(values) for key, values in found.items()}
