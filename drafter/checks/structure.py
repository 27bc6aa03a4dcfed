"""Looks at the skeleton: numbering of headings, empty sections, 一是二是, lengths asked for, unbalanced marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.checks.wording import lines
from drafter.plugins.protocols import CheckContext
from drafter.quantities import find
from drafter.report import Finding, Severity

_HASHES = re.compile(r"(#{1,6})[ \t]+")
_NUMBERS = (
    (1, re.compile(r"([一二三四五六七八九十]{1,3})、")),
    (2, re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]")),
    (3, re.compile(r"(\d{1,2})[.．](?!\d)")),
)
_DIGITS = "零一二三四五六七八九"
_BRACKETS = {"》": "《", "”": "“", "）": "（", "】": "【", "〕": "〔"}
_SAME = str.maketrans("()", "（）")
_LIST_PAREN = re.compile(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-zA-Z])）")
_ORDER = re.compile(r"(是|要)$")


@dataclass(frozen=True)
class _Heading:
    start: int
    text: str
    level: int
    """Depth by number (1 一、 2 （一） 3 1.), else by #."""
    number: int
    """0 where it has none."""
    alone: bool
    """Whether the line is a heading only, without a sentence after it."""


class Structure:
    """An empty section is an error; all else here is a warning."""

    name = "structure"
    needs_facts = False

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings structure.numbering, .empty, .sequence, .short, .long and .unbalanced."""
        rows = list(lines(text))
        headings = [_heading(start, line) for start, line in rows]
        yield from self._numbering([heading for heading in headings if heading])
        yield from self._empty(headings)
        yield from self._sequence(text, headings, rows)
        yield from self._unbalanced(rows)
        yield from self._length(text, context)

    def _at(self, code: str, severity: Severity, message: str, start: int, text: str) -> Finding:
        return Finding(
            check=self.name,
            code=f"structure.{code}",
            severity=severity,
            message=message,
            start=start,
            end=start + len(text),
            text=text,
        )

    def _numbering(self, headings: Sequence[_Heading]) -> Iterator[Finding]:
        last = {1: 0, 2: 0}
        nested = any(heading.level == 1 and heading.number for heading in headings)
        for heading in headings:
            if not heading.number or heading.level not in last:
                continue
            expected = last[heading.level] + 1
            if heading.level == 1:
                last[2] = 0
            elif nested and not last[1]:
                message = f"“{heading.text}”在第一个“一、”之前，层次不对"
                yield self._at("numbering", "warning", message, heading.start, heading.text)
            if heading.number != expected:
                sign = _sign(expected, heading.level)
                message = f"序号不连续：“{heading.text}”应为“{sign}”"
                yield self._at("numbering", "warning", message, heading.start, heading.text)
            last[heading.level] = heading.number

    def _empty(self, headings: Sequence[_Heading | None]) -> Iterator[Finding]:
        for place, heading in enumerate(headings):
            if heading is None or not heading.alone or heading.level == 0:
                continue
            following = headings[place + 1] if place + 1 < len(headings) else heading
            if (
                following is not None
                and following.level <= heading.level
                and (following.alone or following.number)
            ):
                message = f"“{heading.text}”下面没有内容，请补写或删去这一节"
                yield self._at("empty", "error", message, heading.start, heading.text)

    def _sequence(
        self, text: str, headings: Sequence[_Heading | None], rows: Sequence[tuple[int, str]]
    ) -> Iterator[Finding]:
        breaks = [start for (start, _), heading in zip(rows, headings, strict=True) if heading]
        last: dict[str, int] = {}
        place = 0
        for mention in find(text):
            while place < len(breaks) and breaks[place] <= mention.start:
                last.clear()
                place += 1
            word = _ORDER.search(mention.text)
            if mention.kind != "enumerator" or word is None:
                continue
            number = _chinese(text[mention.numeral_start : mention.numeral_end])
            before = last.get(word[1], 0)
            if number != 1 and number != before + 1:
                message = f"“{mention.text}”前面应有“{_sign_plain(number - 1)}{word[1]}”，请核对次序"
                yield self._at("sequence", "warning", message, mention.start, mention.text)
            last[word[1]] = number

    def _unbalanced(self, rows: Sequence[tuple[int, str]]) -> Iterator[Finding]:
        for start, line in rows:
            plain = line.translate(_SAME)
            stack: list[int] = []
            odd: list[int] = []
            for place, char in enumerate(plain):
                if char in _BRACKETS.values():
                    stack.append(place)
                elif char in _BRACKETS:
                    if stack and plain[stack[-1]] == _BRACKETS[char]:
                        stack.pop()
                    elif not (char == "）" and _LIST_PAREN.match(plain) and place <= 3):
                        odd.append(place)
            for place in sorted(odd + stack):
                message = f"“{line[place]}”没有配对，请检查这一段的引号和括号"
                yield self._at("unbalanced", "warning", message, start + place, line[place])

    def _length(self, text: str, context: CheckContext) -> Iterator[Finding]:
        for span in context.sections:
            body = text[span.start : span.end]
            written = len("".join(body.split()))
            if span.length <= 0 or not 0 <= span.start < span.end <= len(text):
                continue
            first = next(lines(body), (0, ""))
            start = span.start + first[0]
            if written < span.length * 0.3:
                message = f"这一节只有 {written} 字，目标是 {span.length} 字"
                yield self._at("short", "warning", message, start, first[1])
            elif written > span.length * 2.5:
                message = f"这一节有 {written} 字，目标是 {span.length} 字"
                yield self._at("long", "warning", message, start, first[1])


def _heading(start: int, line: str) -> _Heading | None:
    """The heading that this line is, or begins with."""
    hashes = _HASHES.match(line)
    rest = line[hashes.end() :] if hashes else line
    for level, pattern in _NUMBERS:
        if match := pattern.match(rest):
            body = rest[match.end() :]
            alone = hashes is not None or (len(rest) <= 60 and not re.search(r"[。；]", body))
            if level == 3 and not (alone or hashes):
                return None
            text = rest[: match.end()] + re.split(r"[。，；]", body)[0][:20]
            offset = start + len(line) - len(rest)
            number = _chinese(match[1]) if level < 3 else 0
            return _Heading(offset, text, level, number, alone)
    if hashes:
        return _Heading(start, line, max(0, len(hashes[1]) - 1), 0, True)
    return None


def _chinese(numeral: str) -> int:
    tens, mark, ones = numeral.rpartition("十")
    if not mark:
        return _DIGITS.index(numeral) if numeral in _DIGITS else 0
    if tens not in _DIGITS or ones not in _DIGITS:
        return 0
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def _sign_plain(number: int) -> str:
    tens, ones = divmod(max(number, 0), 10)
    lead = "" if tens == 0 else "十" if tens == 1 else _DIGITS[min(tens, 9)] + "十"
    return lead + (_DIGITS[ones] if ones or not tens else "")


def _sign(number: int, level: int) -> str:
    return f"{_sign_plain(number)}、" if level == 1 else f"（{_sign_plain(number)}）"
