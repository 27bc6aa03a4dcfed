"""Assembly: drafted leaves become numbered blocks, and blocks become the report's text with known places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from drafter.facts import Facts
from drafter.numbering import heading_number
from drafter.passages import Passage
from drafter.report import Block, Part, SectionDraft

_STOPS = tuple("。！？；：!?;:】")


@dataclass
class DraftedSection:
    """A section's parts before numbering; `blocks` stands instead of parts where the section rendered itself.

    `tail` is a sentence that the program puts behind the last part, unless that leads over in words of its own.
    """

    name: str
    heading: str
    tail: str = ""
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
    bodies: list[list[_Body]] = []
    for section in drafted:
        first = len(blocks)
        own, within = _blocks(section)
        bodies.append([body.moved(first) for body in within])
        for block in own:
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
    for section, (first, last), within in zip(drafted, spans, bodies, strict=True):
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
                parts=[body.placed(part, blocks) for part, body in zip(section.parts, within, strict=True)],
                passages=section.passages,
            )
        )
    return text, blocks, sections


def paragraphs(text: str) -> list[Block]:
    """A leaf's text as paragraphs, one a line."""
    return [Block(kind="paragraph", text=line.strip()) for line in text.splitlines() if line.strip()]


@dataclass(frozen=True)
class _Body:
    """Which blocks hold a part's paragraphs (`last` exclusive), and how much of the last is the section's tail."""

    first: int
    last: int
    tail: int = 0

    def moved(self, by: int) -> _Body:
        return _Body(self.first + by, self.last + by, self.tail)

    def placed(self, part: Part, blocks: Sequence[Block]) -> Part:
        """The part with the place of its text."""
        if self.first == self.last:
            return part
        start, end = blocks[self.first].start, blocks[self.last - 1].end - self.tail
        return part.model_copy(update={"start": start, "end": end})


def _blocks(section: DraftedSection) -> tuple[list[Block], list[_Body]]:
    """The section's blocks without numbers, and where each part's paragraphs are among them."""
    heading = Block(kind="heading", text=section.heading, level=1)
    content = list(section.blocks)
    bodies: list[_Body] = []
    for part in section.parts:
        if part.heading:
            content.append(Block(kind="heading", text=part.heading, level=2))
        own = paragraphs(part.text)
        bodies.append(_Body(len(content), len(content) + len(own)))
        content += own
    if section.tail and bodies and not _leads_over(section.parts[-1].text):
        last = bodies[-1]
        if last.first == last.last:
            content.append(Block(kind="paragraph", text=section.tail))
        else:
            text = content[-1].text
            tail = section.tail if text.endswith(_STOPS) else f"。{section.tail}"
            content[-1] = content[-1].model_copy(update={"text": text + tail})
            bodies[-1] = _Body(last.first, last.last, len(tail))
    if not (content and section.heading):
        return content, bodies
    return [heading, *content], [body.moved(1) for body in bodies]


def _leads_over(text: str) -> bool:
    return text.rstrip().endswith(("如下：", "如下:", "如下。"))


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
