"""What stands on the pages of a report and in which order, after GB/T 9704-2012, section 7. No seal is ever drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drafter.exporters.pieces import FlaggedBlock, Line, Piece
from drafter.exporters.word.elements import element, field, run
from drafter.exporters.word.layout import Layout, hanging, indent, plain, text_width
from drafter.facts import MAX_COLUMNS, Facts
from drafter.report import Report

_LINE = 28
"""Characters of a line."""
_DEEPEST = 2
"""Levels of headings that the contents show."""


def paragraphs(blocks: Sequence[FlaggedBlock]) -> list[FlaggedBlock]:
    """The blocks as Word can show them: a paragraph has no line feeds, and a table some columns, but not too many."""
    shown: list[FlaggedBlock] = []
    for own in blocks:
        if own.block.kind == "table" and not _tabular(own):
            block = own.block.model_copy(update={"kind": "paragraph", "rows": ()})
            lines = [line for line in (own.line, *map(_joined, own.rows)) if line]
            shown += [FlaggedBlock(block, line) for line in lines]
        elif own.block.kind == "paragraph":
            shown += [replace(own, line=line) for line in _split(own.line)]
        else:
            shown.append(own)
    return shown


def fill(layout: Layout, report: Report, blocks: Sequence[FlaggedBlock], *, contents: bool) -> None:
    """Write everything: contents, number, title, text, list of attachments, signature, remark, annexes, notes.

    `blocks` are what `paragraphs` gave; `contents` asks for a table of contents, on pages of its own.
    """
    ledger = report.ledger
    marks = _bookmarks(blocks, ledger) if contents else {}
    if marks:
        _write_contents(layout, blocks, ledger, marks)
        layout.break_page()
    _write_number(layout, ledger)
    kinds = [own.block.kind for own in blocks]
    close = kinds.index("signature") if "signature" in kinds else len(blocks)
    _write_blocks(layout, blocks[:close], marks, signed=close < len(blocks) and not ledger.attachments)
    _write_list(layout, ledger, signed=close < len(blocks))
    _write_blocks(layout, blocks[close:], marks, signed=False)
    if ledger.contact:
        contact = ledger.contact if ledger.contact.startswith("联系") else f"联系人：{ledger.contact}"
        layout.paragraph("remark", plain(f"（{contact}）"))
    for place, attachment in enumerate(ledger.attachments):
        if attachment.rows:
            layout.paragraph("annex mark", plain(_annex_mark(ledger, place)))
            layout.paragraph("annex title", plain(attachment.name), bookmark=marks.get(("annex", place), ""))
            layout.table([[plain(cell) for cell in row] for row in attachment.rows])
            layout.paragraph("table text")
    for note in report.notes:
        layout.paragraph("notes", plain(note))


def _write_blocks(
    layout: Layout, blocks: Sequence[FlaggedBlock], marks: dict[tuple[str, int], str], *, signed: bool
) -> None:
    """`signed`: the signature follows. It never stands alone on a page (7.3.5.5), so the last paragraph stays with it."""
    widths = {own.block.kind: min(text_width(own.block.text), _LINE - 2.0) for own in blocks}
    free = right_indents(widths.get("signature", 0.0), widths.get("date", 0.0))
    for place, own in enumerate(blocks):
        kind = own.block.kind
        after = [element("keepNext")] if signed and place == len(blocks) - 1 else []
        if kind == "table":
            layout.table(own.rows)
            if place + 1 == len(blocks) or blocks[place + 1].block.kind == "table":
                # Word joins tables that touch, and wants a paragraph at the end
                layout.paragraph("table text", (), *after)
        elif kind == "heading":
            role = f"heading {min(max(own.block.level, 1), 4)}"
            layout.paragraph(role, own.line, *after, bookmark=marks.get(("heading", own.block.start), ""))
        elif kind in free:
            layout.paragraph(kind, own.line, indent(right=free[kind]))
        else:
            layout.paragraph(kind, own.line, *after)


def right_indents(signature: float, date: float) -> dict[str, float]:
    """How far signature and date stand from the right, by their widths, all in characters: 7.3.5.2, without a seal.

    The signature has two characters free, and the date begins two after it; of a date that is longer two are free instead.
    """
    if date > signature:
        return {"signature": date + 4.0 - signature, "date": 2.0}
    return {"signature": 2.0, "date": signature - date}


def _write_number(layout: Layout, ledger: Facts) -> None:
    """The document's number, in the middle; with a signer it is one character from the left, and the signer from the right."""
    if ledger.signer:
        sides = [indent(left=1), element("jc", val="left")]
        paragraph = layout.paragraph("document number", plain(f"{ledger.document_number}\t签发人："), *sides)
        paragraph.append(layout.words(ledger.signer, "signer"))
    elif ledger.document_number:
        layout.paragraph("document number", plain(ledger.document_number))


def _write_list(layout: Layout, ledger: Facts, *, signed: bool) -> None:
    """附件：1. …: a name's further lines begin where the name does (7.3.4)."""
    several = len(ledger.attachments) > 1
    number = 0.0 if not several else 1.5 if len(ledger.attachments) < 10 else 2.0
    for place, attachment in enumerate(ledger.attachments):
        mark = f"{place + 1}.\t" if several else ""
        stop, own = hanging(5 + number, number if place else 3 + number)
        properties = [stop, own] if place else [stop, element("spacing", before=579), own]
        if signed and place == len(ledger.attachments) - 1:
            properties.insert(0, element("keepNext"))
        layout.paragraph(
            "attachment list", plain(("" if place else "附件：") + mark + attachment.name), *properties
        )


def _annex_mark(ledger: Facts, place: int) -> str:
    return f"附件{place + 1}" if len(ledger.attachments) > 1 else "附件"


def _bookmarks(blocks: Sequence[FlaggedBlock], ledger: Facts) -> dict[tuple[str, int], str]:
    """Names for what the contents point at: headings by their place in the text, annexes by their place in the list."""
    found = [("heading", own.block.start) for own in blocks if _listed(own)]
    found += [("annex", place) for place, attachment in enumerate(ledger.attachments) if attachment.rows]
    return {what: f"_Toc{number:08}" for number, what in enumerate(found, 1)}


def _listed(own: FlaggedBlock) -> bool:
    return own.block.kind == "heading" and own.block.level <= _DEEPEST


def _write_contents(
    layout: Layout, blocks: Sequence[FlaggedBlock], ledger: Facts, marks: dict[tuple[str, int], str]
) -> None:
    """A field that Word brings up to date; until then, and elsewhere, its lines stand there with the page of each."""
    entries = [(own.block.level, own.block.number + own.block.text) for own in blocks if _listed(own)]
    annexes = [place for place, attachment in enumerate(ledger.attachments) if attachment.rows]
    entries += [(1, f"{_annex_mark(ledger, place)}　{ledger.attachments[place].name}") for place in annexes]
    layout.paragraph("contents title", plain("目　录"))
    whole = field(f'TOC \\o "1-{_DEEPEST}" \\h \\z \\u')
    for place, ((level, text), bookmark) in enumerate(zip(entries, marks.values(), strict=True)):
        paragraph = layout.paragraph(f"contents {max(level, 1)}")
        page = field(f"PAGEREF {bookmark} \\h")
        if not place:
            paragraph.extend(whole[:-1])
        paragraph.append(element("hyperlink", run(f"{text}\t"), *page, anchor=bookmark, history=1))
    paragraph.append(whole[-1])
    layout.update_fields()


def _tabular(own: FlaggedBlock) -> bool:
    return 0 < max((len(row) for row in own.rows), default=0) <= MAX_COLUMNS


def _split(line: Line) -> list[Line]:
    """The line cut at its line feeds."""
    lines: list[list[Piece]] = [[]]
    for piece in line:
        for place, text in enumerate(piece.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if place:
                lines.append([])
            lines[-1].append(replace(piece, text=text))
    return [tuple(pieces) for pieces in lines]


def _joined(row: Sequence[Line]) -> Line:
    """A row as one line, for a table that Word could not show."""
    pieces: list[Piece] = []
    for cell in row:
        pieces += [Piece("　")] if pieces else []
        pieces += cell
    return tuple(pieces)
