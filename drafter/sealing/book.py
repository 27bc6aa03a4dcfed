"""The seal map: which words each slot of a report stands for, and which slot some words have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from drafter.quantities import Mention, same_quantity
from drafter.sealing.spans import Span

_MARKS = {"《": "》", "“": "”", "「": "」", "『": "』"}


@dataclass
class Entry:
    """One slot. `words` fill it; `behind` stands behind it wherever the ledger has it (次, 镇), "" where that differs.

    `mark` opens the pair of marks it stands in (《), if any. `mention` of a figure or date, in the sentence of the fact
    `fact`; `told` counts how often each fact tells it.
    """

    code: str
    words: str
    behind: str
    mark: str = ""
    mention: Mention | None = None
    told: dict[str, int] = field(default_factory=dict)


class Book:
    """The slots of one report. The same value for the same thing has one slot, another thing has another.

    A place has one slot by its distinctive part, wherever and however it is told.
    """

    def __init__(self) -> None:
        """Nothing is sealed yet."""
        self.entries: dict[str, Entry] = {}
        self._by_words: dict[tuple[str, str], Entry] = {}
        self._figures: dict[tuple[object, ...], list[Entry]] = {}
        self._counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[Entry]:
        """The entries in the order of their making."""
        return iter(self.entries.values())

    def keep(self, text: str, span: Span, fact: str) -> Entry:
        """The entry of these words of the ledger, made where there is none yet; noted as told by `fact`."""
        found = self.find(text, span, fact)
        if found is None:
            found = self.add(text, span)
        elif found.behind != behind_of(text, span):
            found.behind = ""
        if fact:
            found.told[fact] = found.told.get(fact, 0) + 1
        return found

    def add(self, text: str, span: Span, local: str = "") -> Entry:
        """A new slot for these words; `local` stands behind its letter where they are not the ledger's."""
        letter = span.letter + local
        number = self._counts[letter] = self._counts.get(letter, 0) + 1
        words = text[span.start : span.end]
        entry = Entry(f"{letter}{number}", words, behind_of(text, span), _mark(text, span), span.mention)
        self.entries[entry.code] = entry
        if span.mention is None:
            self._by_words[(_sort(span.letter), words)] = entry
        else:
            self._figures.setdefault(_key(span.mention), []).append(entry)
        return entry

    def names(self) -> list[tuple[str, Entry]]:
        """The words of names and dates that are sealed wherever they stand, longest first."""
        found = [(entry.words, entry) for entry in self if entry.code[0] != "n" and len(entry.words) > 1]
        return sorted(found, key=lambda each: -len(each[0]))

    def find(self, text: str, span: Span, fact: str = "", near: Sequence[str] = ()) -> Entry | None:
        """The entry that stands for these words.

        Of the ledger's own (`fact` tells which) only one of the same thing will do; words of a draft may be told otherwise,
        and take that of the facts `near` where several have the same value.
        """
        if span.mention is None:
            return self._by_words.get((_sort(span.letter), text[span.start : span.end]))
        alike = self._figures.get(_key(span.mention), [])
        alike = [each for each in alike if each.mention and same_quantity(each.mention, span.mention)]
        if span.letter == "日" or not alike:
            return alike[0] if alike else None
        same = [each for each in alike if each.mention and _same_thing(each.mention, span.mention)]
        if fact:
            at_hand = [
                each for each in alike if fact in each.told and each.words == text[span.start : span.end]
            ]
            return next(iter([*same, *at_hand]), None)
        close = [each for each in alike if set(each.told) & set(near)]
        return next((each for each in close if each in same), (close or same or alike)[0])


def _sort(letter: str) -> str:
    """Names of whatever kind are one where their words are: 云溪 is found as a place here and in a body's name there."""
    return letter if letter in "n日" else "name"


def _key(mention: Mention) -> tuple[object, ...]:
    """What equal quantities have in common."""
    if mention.kind in ("date", "period"):
        return (mention.parts, mention.countable)
    return (
        mention.approximation,
        mention.kind == "ordinal",
        mention.amount if mention.base else mention.value,
    )


def _same_thing(one: Mention, other: Mention) -> bool:
    """Whether two figures count one thing, by their head noun and deed; of one that names neither nobody knows."""
    ours, theirs = ((each.counted or "") + (each.deed or "") for each in (one, other))
    if not ours or not theirs:
        return False
    deeds = {one.deed, other.deed} - {None}
    return (one.counted == other.counted and len(deeds) <= 1) or ours in theirs or theirs in ours


_SUFFIX = re.compile("街道|社区|省|市|县|区|旗|镇|乡|村|屯|组")


def behind_of(text: str, span: Span) -> str:
    """The unit or ending that belongs to these words and stays readable."""
    if span.mention is not None and span.letter == "n":
        rest = text[span.end : span.mention.end]
        for loose in ("以上", "以下", "左右", "以内", "上下"):
            rest = rest.removesuffix(loose)
        return rest
    if span.letter == "地" and (suffix := _SUFFIX.match(text, span.end)):
        return suffix[0]
    return ""


def _mark(text: str, span: Span) -> str:
    mark = text[span.start - 1 : span.start]
    return mark if mark in _MARKS and text[span.end : span.end + 1] == _MARKS[mark] else ""
