"""Loads the text rules of data/*.txt: one rule a line, `#` begins a comment, columns are divided by blanks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources

from drafter.quantities.beginnings import ANY, NONE, Chars, beginnings, union


def read_rules(name: str) -> list[list[str]]:
    """The columns of each rule in data/`name`, comments and empty lines left out."""
    text = resources.files("drafter.quantities").joinpath("data", name).read_text(encoding="utf-8")
    rows = (re.split(r"(?:^|\s)#", line, maxsplit=1)[0].split() for line in text.splitlines())
    return [row for row in rows if row]


@cache
def service_numbers() -> frozenset[str]:
    """Telephone numbers that the whole country knows as names (110, 12345)."""
    return frozenset(row[0] for row in read_rules("service_numbers.txt"))


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit or measure word, its canonical word, and the characters that would make it another word."""

    word: str
    canonical: str
    not_before: frozenset[str]
    length: int


@cache
def measures() -> dict[str, tuple[Measure, ...]]:
    """Measure words by their first character, longest first."""
    found: dict[str, dict[str, Measure]] = {}
    for row in read_rules("measures.txt"):
        word, canonical, barred = [*row, "-", "-"][:3]
        found.setdefault(word[0], {})[word] = Measure(
            word,
            word if canonical == "-" else canonical,
            frozenset() if barred == "-" else frozenset(barred),
            len(word),
        )
    return {
        first: tuple(sorted(words.values(), key=lambda measure: -measure.length))
        for first, words in found.items()
    }


def measure_at(text: str, at: int) -> Measure | None:
    """The longest measure word that begins at `at`."""
    for found in measures().get(text[at : at + 1], ()):
        if found.length == 1 or text.startswith(found.word, at):
            barred = found.not_before
            if not barred or text[at + found.length : at + found.length + 1] not in barred:
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


def alternation(words: list[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


class _Name:
    """A rule of names.txt. It is compiled when a text has its first three characters: most texts have few of them."""

    def __init__(self, rule: str) -> None:
        self.rule = rule

    @cached_property
    def match(self) -> Callable[[str, int], re.Match[str] | None]:
        return re.compile(self.rule).match

    def third(self, first: str, second: str) -> Chars:
        """The characters that may stand after these two; none where a name of this rule does not begin with them."""
        return union(
            following[1] if len(following) > 1 else ANY
            for chars, *following in self._beginnings
            if first in chars and (not following or second in following[0])
        )

    @cached_property
    def _beginnings(self) -> set[tuple[Chars, ...]]:
        return beginnings(self.rule, 3)


@cache
def _names() -> dict[str, list[tuple[_Name, Chars]]]:
    """The rules of names.txt by the character that a name of theirs may begin with, the longest rule first.

    With each stand the characters that may come second.
    """
    parts: dict[str, str] = {}
    rules: set[str] = set()
    for first, *rest in read_rules("names.txt"):
        if first == "=":  # a part that several rules share
            parts[rest[0]] = rest[1]
        else:
            rules.add(re.sub(r"<([A-Z]+)>", lambda match: parts[match[1]], first))
    found: dict[str, list[tuple[_Name, Chars]]] = {}
    for rule in sorted(rules, key=lambda rule: (-len(rule), rule)):
        name = _Name(rule)
        seconds: dict[str, list[Chars]] = {}
        for first_chars, *following in beginnings(rule, 2):
            for char in first_chars.listed:
                seconds.setdefault(char, []).append(following[0] if following else ANY)
        for char, chars in seconds.items():
            found.setdefault(char, []).append((name, union(chars)))
    return found


@lru_cache(4096)
def _names_with(first: str, second: str) -> tuple[tuple[_Name, Chars], ...]:
    """The rules that may match where these two characters stand, and what may stand third; "" is the end of a text."""
    found = ((name, name.third(first, second)) for name, chars in _names().get(first, ()) if second in chars)
    return tuple(pair for pair in found if pair[1] != NONE)


def name_match(text: str, at: int) -> re.Match[str] | None:
    """The name with a Chinese numeral that begins at `at`."""
    third = text[at + 2 : at + 3]
    for name, chars in _names_with(text[at : at + 1], text[at + 1 : at + 2]):
        if third in chars and (found := name.match(text, at)):
            return found
    return None


@cache
def eras() -> dict[str, int]:
    """Eras that years are counted by, each with the year before its first."""
    return {name: int(year) for name, year in read_rules("eras.txt")}


@cache
def words(name: str) -> frozenset[str]:
    """The first column of a list file."""
    return frozenset(row[0] for row in read_rules(name))


def persons() -> frozenset[str]:
    """Nouns for persons (群众, 职工)."""
    return words("persons.txt")


@cache
def begins_with(name: str) -> re.Pattern[str]:
    """Any word of the first column of a list file, to be matched where it begins."""
    return re.compile(alternation([row[0] for row in read_rules(name)]))


@cache
def _words_with_marks() -> dict[str, frozenset[str]]:
    """Words that end in a mark, each with the characters before it that make the mark one of its own."""
    return {word: frozenset(others) for word, *others in read_rules("no_mark.txt")}


def mark_is_of_word(text: str, at: int) -> bool:
    """Whether the mark of one character (约, 近, 超) at `at` is part of a word (签约) and loosens no number."""
    if at < 1:
        return False
    others = _words_with_marks().get(text[at - 1 : at + 1])
    return others is not None and text[at - 2 : at - 1] not in others


@cache
def one_rules() -> dict[str, frozenset[str]]:
    """The rules for 一 with a measure word, by their key (see one.txt)."""
    found: dict[str, set[str]] = {}
    for key, *rest in read_rules("one.txt"):
        found.setdefault(key, set()).update(rest)
    return {key: frozenset(values) for key, values in found.items()}
