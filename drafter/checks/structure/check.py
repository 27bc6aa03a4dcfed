"""The check itself: what is wrong with the skeleton of a text, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.checks.limits import bounded
from drafter.checks.sentences import sentences_of
from drafter.checks.skeleton import Line, Skeleton
from drafter.checks.structure.balance import strays
from drafter.checks.structure.duplicates import retold, twice
from drafter.checks.structure.points import slips
from drafter.checks.wording import lines
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding, Severity

_FEW, _MANY = 0.3, 2.5
"""Shares of the length asked for, below and above which a section is far from it."""
_QUOTED = 40


class Structure:
    """An empty section is an error; all else here is a warning."""

    name = "structure"
    needs_facts = False

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings structure.numbering, .empty, .sequence, .unbalanced, .short, .long, .duplicate and .retold."""
        skeleton = Skeleton.of(text)
        yield from bounded(self._numbering(skeleton))
        yield from bounded(self._empty(skeleton))
        yield from bounded(self._sequence(text, skeleton))
        yield from bounded(self._unbalanced(skeleton))
        yield from bounded(self._length(text, context, skeleton))
        yield from bounded(self._duplicate(text, context))
        yield from bounded(self._retold(text, context))

    def _at(self, code: str, message: str, start: int, text: str, severity: Severity = "warning") -> Finding:
        return Finding(
            check=self.name,
            code=f"structure.{code}",
            severity=severity,
            message=message,
            start=start,
            end=start + len(text),
            text=text,
        )

    def _numbering(self, skeleton: Skeleton) -> Iterator[Finding]:
        for node in skeleton.nodes:
            line = skeleton.lines[node.line]
            for fault in node.faults:
                yield self._at("numbering", f"“{line.shown}”{fault}", line.shown_at, line.shown)

    def _empty(self, skeleton: Skeleton) -> Iterator[Finding]:
        nodes, rows = skeleton.nodes, skeleton.lines
        for number, node in enumerate(nodes):
            line = rows[node.line]
            if number not in skeleton.sectional or line.is_title or not line.is_bare:
                continue
            following = nodes[number + 1] if number + 1 < len(nodes) else None
            end = following.line if following else skeleton.tail
            if end == node.line + 1 and (following is None or following.depth <= node.depth):
                message = f"“{line.shown}”下面没有内容，请补写或删去这一节"
                yield self._at("empty", message, line.shown_at, line.shown, "error")

    def _sequence(self, text: str, skeleton: Skeleton) -> Iterator[Finding]:
        for slip in slips(text, skeleton):
            message = (
                f"“{slip.text}”的次序不对，这里应是“{slip.expected}”"
                if slip.expected
                else f"只有“{slip.text}”，后面没有接着列下去，请补全或改写"
            )
            yield self._at("sequence", message, slip.start, slip.text)

    def _unbalanced(self, skeleton: Skeleton) -> Iterator[Finding]:
        for stray in strays(skeleton.lines):
            line: Line = skeleton.lines[stray.line]
            mark = line.text[stray.place]
            message = f"“{mark}”没有配对，请检查这一段的引号和括号"
            yield self._at("unbalanced", message, line.start + stray.place, mark)

    def _length(self, text: str, context: CheckContext, skeleton: Skeleton) -> Iterator[Finding]:
        for start, end, length in _asked(text, context, skeleton):
            body = text[start:end]
            written = len("".join(body.split()))
            offset, first = next(lines(body), (0, ""))
            if written < length * _FEW:
                message = f"这一节只有 {written} 字，目标是 {length} 字"
                yield self._at("short", message, start + offset, first)
            elif written > length * _MANY:
                message = f"这一节有 {written} 字，目标是 {length} 字"
                yield self._at("long", message, start + offset, first)

    def _duplicate(self, text: str, context: CheckContext) -> Iterator[Finding]:
        for found in twice(*sentences_of(text, context)):
            earlier = found.earlier.text
            shown = earlier if len(earlier) <= _QUOTED else earlier[:_QUOTED] + "…"
            what = "这一句" if found.same else "这一句说的事"
            message = f"{what}前面已经写过（“{shown}”），请只留一处，或说明两处有何不同"
            finding = self._at("duplicate", message, found.sentence.start, found.sentence.text)
            yield finding.model_copy(update={"evidence": (Evidence(text=earlier),)})

    def _retold(self, text: str, context: CheckContext) -> Iterator[Finding]:
        for sentence in retold(sentences_of(text, context)[0], drafted=bool(context.sections)):
            message = "这一句里的数字这一节前面都写过了，请删去，或并到前面"
            yield self._at("retold", message, sentence.start, sentence.text)


def _asked(text: str, context: CheckContext, skeleton: Skeleton) -> Iterator[tuple[int, int, int]]:
    """Where sections stand for which a length was asked, and that length.

    In a text that was not drafted here they are the sections under the headings that the ledger's outline gives.
    """
    if context.sections:
        for span in context.sections:
            if span.length > 0 and 0 <= span.start < span.end <= len(text):
                yield span.start, span.end, span.length
        return
    wanted = {
        entry.heading: entry.length
        for entry in context.ledger.outline or ()
        if entry.heading and entry.length
    }
    if not wanted:
        return
    for number, node in enumerate(skeleton.nodes):
        line = skeleton.lines[node.line]
        if length := wanted.get(line.text[line.body :].strip()):
            after = (each for each in skeleton.nodes[number + 1 :] if each.depth <= node.depth)
            following = next(after, None)
            yield line.start, skeleton.lines[following.line].start if following else len(text), length
