"""The report of `drafter check` that a person reads: every finding in its sentence, with what it leans on, and the counts.

Marks and punctuation are those that a console in GBK can show, and a character that may be wide is taken for wide.
"""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.text import Text

from drafter.checks.wording import Wording
from drafter.cli.console import COLOURS
from drafter.cli.options import shown
from drafter.corpus.headings import parse_heading
from drafter.report import SEVERITIES, SEVERITY_NAMES, CheckResult, Evidence, Finding

MOST = 200
"""Findings that are shown, the gravest first; nobody reads more of one text."""
WIDTH = 80
"""Columns where there is no terminal to ask."""
_WIDEST = 110
_OPEN, _CLOSE = "「」"
"""Stand around what a finding is about: texts of the mainland do not have them, and GBK does."""
_CONTEXT = 36
"""Characters of the sentence that are shown on either side of a finding."""
_LONGEST = 64
"""Characters of what a finding is about that are shown; of a longer one the beginning and the end."""
_MOST_EVIDENCE = 3
_QUOTE = 90
"""Characters of a piece of evidence that are shown."""
_HEADING = 24
_NOT_FIRST = frozenset("，。；：、！？）》”’】」』〕…,.;:!?)]%％")
_NOT_LAST = frozenset("（《“‘【「『〔([")

Span = tuple[int, int]


@dataclass(frozen=True)
class Report:
    """What was checked and what was found; `checks` are the names of those that were run, `unit` what a line is called."""

    name: str
    text: str
    result: CheckResult
    checks: Sequence[str]
    notes: Sequence[str]
    unit: str = "行"


@dataclass
class _Sentence:
    """A sentence with the findings in it."""

    start: int
    end: int
    findings: list[Finding] = field(default_factory=list)


def write(report: Report) -> None:
    """Print the report on stdout, in colour only on a terminal."""
    if not sys.stdout.isatty():
        for line in lines(report):
            print(line.plain)
        return
    from rich.console import Console

    terminal = Console(file=sys.stdout, highlight=False, soft_wrap=True, markup=False, emoji=False)
    for line in lines(report, min(_WIDEST, terminal.width)):
        terminal.print(line)


def lines(report: Report, width: int = WIDTH) -> Iterator[Text]:
    """The lines of the report, none wider than `width` columns."""
    result = report.result
    ranked = sorted(result.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    chosen = {id(finding) for finding in ranked[:MOST]}
    kept = [finding for finding in result.findings if id(finding) in chosen]
    placed = [finding for finding in kept if finding.start is not None]
    absent = [finding for finding in kept if finding.start is None]
    yield from _wrapped(
        Text(f"核对：{shown(report.name)}，{len(''.join(report.text.split()))} 字", "bold"), width
    )
    if placed:
        yield Text()
        yield Text("文中的问题", "bold")
        places = _Places(report.text, report.unit)
        for sentence in _sentences(report.text, placed):
            yield Text()
            yield from _wrapped(Text(shown(places.of(sentence.findings[0].start or 0)), "dim"), width)
            yield from _wrapped(_marked(report.text, sentence), width, 2, 2)
            for finding in _gravest_first(sentence.findings):
                yield from _finding(finding, width)
    if absent:
        yield Text()
        yield Text("不在某一处的问题（没有写到的事项等）", "bold")
        yield Text()
        for finding in _gravest_first(absent):
            yield from _finding(finding, width)
    yield Text()
    if len(result.findings) > len(kept):
        yield from _wrapped(Text(f"另有 {len(result.findings) - len(kept)} 条没有列出；全部见 --json"), width)
    for note in report.notes:
        yield from _wrapped(Text(f"提醒：{shown(note)}", "yellow"), width, 0, 6)
    if result.silenced:
        codes = Counter(finding.code for finding in result.silenced)
        listed = "、".join(f"{code} {count}" for code, count in sorted(codes.items()))
        yield from _wrapped(Text(f"按设置不提示：{len(result.silenced)} 条（{listed}）"), width, 0, 6)
    yield from _counts(report, width)


def _counts(report: Report, width: int) -> Iterator[Text]:
    found = Counter(finding.check for finding in report.result.findings)
    names = dict.fromkeys([*report.checks, *found])
    yield from _wrapped(
        Text("做过的检查：" + "、".join(f"{name} {found[name]}" for name in names)), width, 0, 12
    )
    counts = report.result.counts
    line = Text("结果：")
    for severity in SEVERITIES:
        style = f"bold {COLOURS[severity]}" if counts[severity] else ""
        line.append(f"{SEVERITY_NAMES[severity]} {counts[severity]}", style)
        line.append("，" if severity != SEVERITIES[-1] else "；")
    line.append(
        f"可追溯 {sum(claim.status in ('supported', 'derived') for claim in report.result.claims)} 处"
    )
    yield from _wrapped(line, width)


def _finding(finding: Finding, width: int) -> Iterator[Text]:
    head = Text()
    head.append(SEVERITY_NAMES[finding.severity], f"bold {COLOURS[finding.severity]}")
    head.append(f" {_plain(finding.message)}")
    head.append(f" [{shown(finding.code)}]", "dim")
    yield from _wrapped(head, width, 4, 9)
    for evidence in finding.evidence[:_MOST_EVIDENCE]:
        if said := _evidence(evidence, finding.message):
            yield from _wrapped(Text(said), width, 9, 9)
    if len(finding.evidence) > _MOST_EVIDENCE:
        yield from _wrapped(Text(f"等 {len(finding.evidence)} 处"), width, 9, 9)
    if finding.suggestion is not None:
        advice = Text("建议：")
        advice.append(f"改为“{_plain(finding.suggestion)}”" if finding.suggestion else "删去", "green")
        yield from _wrapped(advice, width, 9, 9)


def _evidence(evidence: Evidence, message: str) -> str:
    """A line of evidence; what the message has quoted is not quoted again."""
    text = _plain(evidence.text or "")
    quote = "" if text and text in _plain(message) else f"：{_cut(text, _QUOTE)}" if text else ""
    if evidence.formula:
        return f"算式：{_plain(evidence.formula)}"
    if evidence.document:
        passage = f"，片段 {_plain(evidence.passage)}" if evidence.passage else ""
        return f"往年报告 {_plain(evidence.document)}{passage}{quote}"
    if evidence.previous:
        return f"上期事实 {_plain(evidence.previous)}{quote}"
    if evidence.fact:
        return f"事实 {_plain(evidence.fact)}{quote}"
    return f"依据{quote}" if quote else ""


def _gravest_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def _sentences(text: str, findings: Sequence[Finding]) -> Iterator[_Sentence]:
    """The sentences that have findings, in order; one finding may hold several sentences together."""
    wording = Wording(text)
    current: _Sentence | None = None
    for finding in sorted(findings, key=lambda finding: (finding.start or 0, finding.end or 0)):
        start, end = finding.start or 0, finding.end or 0
        if current is None or start >= current.end:
            if current:
                yield current
            first = wording.sentence_at(start)
            current = _Sentence(first[0] if first[1] > start else start, max(end, first[1]))
        last = wording.sentence_at(max(start, end - 1))
        current.end = max(current.end, end, last[1])
        current.findings.append(finding)
    if current:
        yield current


def _marked(text: str, sentence: _Sentence) -> Text:
    """The sentence with what the findings are about marked; what is far from any of it left out."""
    spans = _merged([(finding.start or 0, finding.end or 0) for finding in sentence.findings])
    start, end = sentence.start, sentence.end
    while start < spans[0][0] and text[start].isspace():
        start += 1
    while end > spans[-1][1] and text[end - 1].isspace():
        end -= 1
    told = Text()
    at = start
    for place, (first, last) in enumerate(spans):
        gap = text[at:first]
        told.append(_between(gap, opens=place == 0))
        told.append(_OPEN + _middle_out(_plain(text[first:last])) + _CLOSE, "bold reverse")
        at = last
    rest = text[at:end]
    told.append(_plain(rest[:_CONTEXT]) + ("……" if len(rest) > _CONTEXT else ""))
    return told


def _between(gap: str, *, opens: bool) -> str:
    """What stands before a finding: from the beginning of the sentence, or from the finding before it."""
    if opens:
        return ("……" if len(gap) > _CONTEXT else "") + _plain(gap[-_CONTEXT:])
    if len(gap) <= 2 * _CONTEXT:
        return _plain(gap)
    return f"{_plain(gap[:_CONTEXT])}……{_plain(gap[-_CONTEXT:])}"


def _middle_out(text: str) -> str:
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}……{text[-half:]}"


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those that overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif not found or (start, end) != found[-1]:
            found.append((start, end))
    return found


class _Places:
    """Tells a person where in the text an offset is: its line, and the heading it stands under."""

    def __init__(self, text: str, unit: str) -> None:
        self._unit = unit
        self._starts: list[int] = []
        self._numbers: list[int] = []
        self._headings: list[str] = []
        at, number, heading = 0, 0, ""
        for line in text.split("\n"):
            bare = line.strip()
            number += unit == "行" or bool(bare)
            if (found := parse_heading(bare[: 4 * _HEADING])) and found.level < 5 and not found.is_title:
                heading = f"{found.number.lstrip('# ')}{found.text}"[:_HEADING]
            self._starts.append(at)
            self._numbers.append(number)
            self._headings.append(heading)
            at += len(line) + 1

    def of(self, offset: int) -> str:
        """The place of this offset in words."""
        row = bisect_right(self._starts, offset) - 1
        heading = self._headings[row]
        return f"第 {self._numbers[row]} {self._unit}" + (f"，{heading}" if heading else "")


def _plain(text: str) -> str:
    """The text as one line that gives a terminal no commands."""
    return shown(" ".join(text.split()) if any(sign.isspace() for sign in text) else text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}……"


def columns(text: str) -> int:
    """The columns that a console in Chinese gives the text: marks of doubtful width (“”, …) are wide there."""
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if sign < "\x7f":
        return 1
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1


def _wrapped(text: Text, width: int, first: int = 0, rest: int = 0) -> Iterator[Text]:
    """The text in lines of so many columns, `first` blanks before the first and `rest` before the others.

    No line begins with a mark that closes or ends with one that opens, and no word or figure is cut where it fits a line.
    """
    plain, at, indent = text.plain, 0, first
    while at < len(plain) or not at:
        room, end = width - indent, at
        while end < len(plain) and (room := room - _columns(plain[end])) >= 0:
            end += 1
        end = max(_break(plain, at, end), at + 1) if end < len(plain) else end
        line = Text(" " * indent) + text[at:end]
        line.rstrip()
        yield line
        if end >= len(plain):
            return
        at, indent = end, rest
        while at < len(plain) and plain[at] == " ":
            at += 1


def _break(plain: str, at: int, end: int) -> int:
    """Where to end a line at the latest at `end`."""
    place = end
    while place > at + (end - at) // 2 and (
        plain[place] in _NOT_FIRST
        or plain[place - 1] in _NOT_LAST
        or (_in_word(plain[place]) and _in_word(plain[place - 1]))
    ):
        place -= 1
    return place if place > at + (end - at) // 2 else end


def _in_word(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign in "._-%")
