"""Assembly: drafted leaves become numbered blocks, and blocks become the report's text with known places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from drafter.facts import Facts
from drafter.numbering import heading_number
from drafter.passages import Passage
from drafter.report import Block, Part, SectionDraft


@dataclass
class DraftedSection:
    """A section's parts before numbering; `blocks` stands instead of parts where the section rendered itself."""

    name: str
    heading: str
    parts: list[Part] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)


def assemble(ledger: Facts, drafted: Sequence[DraftedSection]) -> tuple[str, list[Block], list[SectionDraft]]:
    """Number the headings and lay the report out.

    Returns:
        The text, its blocks with their places in it, and the sections with theirs.
    """
    blocks = [Block(kind="title", text=ledger.report_title)]
    if ledger.recipient:
        blocks.append(Block(kind="recipient", text=ledger.recipient.rstrip("：:") + "："))
    counts = [0, 0, 0, 0]
    spans: list[tuple[int, int]] = []
    for section in drafted:
        first = len(blocks)
        for block in _blocks(section):
            if block.kind == "heading":
                counts[block.level - 1] += 1
                counts[block.level :] = [0] * (len(counts) - block.level)
                block = block.model_copy(
                    update={"number": heading_number(block.level, counts[block.level - 1])}
                )
            blocks.append(block.model_copy(update={"section": section.name}))
        spans.append((first, len(blocks)))
    if ledger.date:
        year, month, day = ledger.date.split("-")
        blocks.append(Block(kind="signature", text=ledger.organization))
        blocks.append(Block(kind="date", text=f"{year}年{int(month)}月{int(day)}日"))
    text, blocks = _layout(blocks)
    sections = []
    for section, (first, last) in zip(drafted, spans, strict=True):
        own = blocks[first:last]
        heading = own[0] if own and own[0].kind == "heading" and own[0].level == 1 else None
        body = own[1:] if heading else own
        start = own[0].start if own else 0
        end = own[-1].end if own else 0
        sections.append(
            SectionDraft(
                name=section.name,
                heading=section.heading,
                number=heading.number if heading else "",
                start=start,
                end=end,
                text=text[body[0].start : end] if body else "",
                parts=section.parts,
                passages=section.passages,
            )
        )
    return text, blocks, sections


def paragraphs(text: str) -> list[Block]:
    """A leaf's text as paragraphs, one a line."""
    return [Block(kind="paragraph", text=line.strip()) for line in text.splitlines() if line.strip()]


def _blocks(section: DraftedSection) -> Iterable[Block]:
    content = list(section.blocks)
    for part in section.parts:
        if part.heading:
            content.append(Block(kind="heading", text=part.heading, level=2))
        content += paragraphs(part.text)
    if content and section.heading:
        yield Block(kind="heading", text=section.heading, level=1)
    yield from content


def _layout(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    text, placed = "", []
    for block in blocks:
        shown = _markdown(block)
        text += "\n\n" if text else ""
        placed.append(block.model_copy(update={"start": len(text), "end": len(text) + len(shown)}))
        text += shown
    return text + "\n", placed


def _markdown(block: Block) -> str:
    if block.kind == "title":
        return f"# {block.text}"
    if block.kind == "heading":
        return f"{'#' * (block.level + 1)} {block.number}{block.text}"
    if block.kind == "table":
        rows = [" | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in block.rows]
        rule = " | ".join("---" for _ in block.rows[0]) if block.rows else ""
        return "\n".join(f"| {row} |" for row in [*rows[:1], rule, *rows[1:]])
    return block.text
