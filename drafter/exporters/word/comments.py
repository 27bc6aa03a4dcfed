"""Findings as Word comments: what each says, and the words beside which it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drafter.exporters.flags import home
from drafter.exporters.pieces import FlaggedBlock, Piece
from drafter.exporters.word.elements import element, run
from drafter.report import SEVERITY_NAMES, Evidence, Finding, Report

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR = "drafter"
MOST_EVIDENCE = 6
"""Lines of evidence in one comment; Word shows a long one cut off."""


def anchored(report: Report, blocks: Sequence[FlaggedBlock]) -> list[FlaggedBlock]:
    """The blocks, with every finding at some piece.

    One that has no words in the report (a missing fact) goes to the heading of its section, without a heading to the title.
    """
    blocks = list(blocks)
    placed = {finding for own in blocks for piece in _pieces(own) for finding in piece.findings}
    for place, finding in enumerate(report.findings):
        if place not in placed and blocks:
            at = _block_of(report, finding, blocks)
            blocks[at] = _with(blocks[at], place)
    return blocks


class Comments:
    """The comments of one document; told piece by piece what is written, it says where each begins and ends."""

    def __init__(
        self,
        document: Document,
        findings: Sequence[Finding],
        blocks: Sequence[FlaggedBlock],
        styles: Mapping[str, str],
    ) -> None:
        self._style = styles["comment mark"]
        self._left = Counter(
            finding for own in blocks for piece in _pieces(own) for finding in piece.findings
        )
        self._open: set[int] = set()
        if findings:
            part = document.part._comments_part.element
            for place, finding in enumerate(findings):
                part.append(_comment(place, finding, styles))

    def before(self, piece: Piece) -> list[Any]:
        """What stands before the piece: the beginnings of comments."""
        new = [finding for finding in piece.findings if finding not in self._open]
        self._open.update(new)
        return [element("commentRangeStart", id=finding) for finding in new]

    def behind(self, piece: Piece) -> list[Any]:
        """What stands behind the piece: the ends of comments, and their marks."""
        marks: list[Any] = []
        for finding in piece.findings:
            self._left[finding] -= 1
            if not self._left[finding]:
                marks.append(element("commentRangeEnd", id=finding))
                look = element("rPr", element("rStyle", val=self._style))
                marks.append(element("r", look, element("commentReference", id=finding)))
        return marks


def comment_lines(finding: Finding) -> list[str]:
    """What a finding's comment says, line by line: what is wrong, what it leans on, what should stand there."""
    lines = [f"【{SEVERITY_NAMES[finding.severity]}】{finding.message}（{finding.code}）"]
    lines += [f"依据：{_told(evidence)}" for evidence in finding.evidence[:MOST_EVIDENCE]]
    if len(finding.evidence) > MOST_EVIDENCE:
        lines.append(f"另有依据 {len(finding.evidence) - MOST_EVIDENCE} 条，见 report.json")
    if finding.suggestion is not None:
        lines.append(f"建议：改为“{finding.suggestion}”" if finding.suggestion else "建议：删去")
    return lines


def _told(evidence: Evidence) -> str:
    where = evidence.fact and f"事实 {evidence.fact}"
    where = where or (evidence.document and f"往期报告《{evidence.document}》") or ""
    what = evidence.formula or evidence.text or ""
    return f"{where}：{what}" if where and what else where or what


def _comment(number: int, finding: Finding, styles: Mapping[str, str]) -> Any:
    # without a date: the same report gives the same bytes
    comment = element("comment", id=number, author=AUTHOR, initials="D")
    for place, line in enumerate(comment_lines(finding)):
        paragraph = element("p", element("pPr", element("pStyle", val=styles["comment text"])))
        if not place:
            look = element("rPr", element("rStyle", val=styles["comment mark"]))
            paragraph.append(element("r", look, element("annotationRef")))
        paragraph.append(run(line))
        comment.append(paragraph)
    return comment


def _pieces(own: FlaggedBlock) -> list[Piece]:
    return [*own.line, *(piece for row in own.rows for cell in row for piece in cell)]


def _block_of(report: Report, finding: Finding, blocks: Sequence[FlaggedBlock]) -> int:
    section = home(report, finding)
    kinds = [own.block.kind for own in blocks]
    for place, own in enumerate(blocks):
        if section and own.block.kind == "heading" and own.block.start == section.start:
            return place
    return kinds.index("title") if "title" in kinds else 0


def _with(own: FlaggedBlock, finding: int) -> FlaggedBlock:
    """The block with the finding at all its words, at those of its first cell if it is a table."""

    def marked(line: Sequence[Piece]) -> tuple[Piece, ...]:
        pieces = [replace(piece, findings=(*piece.findings, finding)) for piece in line]
        return tuple(pieces) or (Piece("", findings=(finding,)),)

    if own.rows:
        first = next(row for row in own.rows if row)
        rows = tuple((marked(row[0]), *row[1:]) if row is first else row for row in own.rows)
        return replace(own, rows=rows)
    return replace(own, line=marked(own.line))
