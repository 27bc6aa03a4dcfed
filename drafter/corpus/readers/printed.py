"""Turns the characters of printed pages into text: lines in reading order, running heads out, paragraphs whole.

Knows where characters stand, and no file format. Lengths are points, the origin is the lower left corner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from drafter.corpus.headings import parse_heading
from drafter.corpus.layout import looks_like_title
from drafter.corpus.readers.word import CELL

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_NARROW = re.compile(r"[\x21-\x7e]")
_LETTER = re.compile("[A-Za-z]")
_PAGE_NUMBER = re.compile(
    "[—–―─\\-－_·~～|]*(?:第?[\\d〇一二三四五六七八九十]{1,4}页?|\\d{1,4}/\\d{1,4}|[ivxlc]{1,6}"
    "|第?\\d{1,4}页?[,，/(（]*共\\d{1,4}页[)）]*|Page\\d{1,4}(?:of\\d{1,4})?)[—–―─\\-－_·~～|]*",
    re.IGNORECASE,
)
"""A line that is a page number, its spaces taken out: — 3 —, 第3页 共8页, 3/8."""
_CONTENTS = re.compile(r".{2,80}?[.…·．‥⋯]{5,}\d{1,4}")
"""A line of a table of contents, its spaces taken out."""
_UNBROKEN = re.compile("[“‘（《〈【〔]*(?:[\\x21-\\x7e]+|.)[，。；：、！？”’）》〉】〕％%…]*")
_SENTENCE_END = tuple("。！？；：…”）")
_DEEPEST = 4.5
"""Widths of a character that a paragraph's first line may be indented; what begins deeper is centred or on the right."""
_EDGE = 0.15
"""The share of a page's height, above and below, in which running heads and page numbers stand."""
_DEEP = 3
"""Lines from an edge that may be running ones."""
_CELL_GAP = 1.3
"""Widths of a character between the cells of a table; justified lines are stretched by far less."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and where it is printed: its left and right edge, and the line that it stands on."""

    char: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is read, upright."""

    height: float
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    cells: tuple[str, ...]
    left: float
    right: float
    base: float
    size: float
    page: int = 0
    column: int = 0

    @property
    def text(self) -> str:
        spaced = len(self.cells) > 1 and all(len(cell) == 1 for cell in self.cells)  # 工　作　总　结
        return ("" if spaced else " ").join(self.cells)


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float


def upright(
    turn: int, char: str, edges: tuple[float, ...], x: float, y: float, width: float, height: float
) -> Glyph:
    """A character as it stands when the page is turned back by so many quarters."""
    left, bottom, right, top = edges
    start, end, base = (
        (left, right, y),
        (bottom, top, width - x),
        (width - right, width - left, height - y),
        (height - top, height - bottom, x),
    )[turn]
    # Han are as wide as their size; of other characters it is told from the height of the line, a fifth more
    size = end - start if _HAN.match(char) else (right - left if turn % 2 else top - bottom) / 1.2
    return Glyph(char, start, end, base, size)


def text_of_pages(pages: Sequence[Page]) -> str:
    """The paragraphs of the pages, one a line, begun with 　　 where they are indented; a table's row as ｜a｜b｜.

    Lines of paragraphs are joined, over page breaks too. Page numbers, running heads and tables of contents are left
    out, and an empty line stands where the pages show one.
    """
    by_page = [_reading_order(page, number) for number, page in enumerate(pages)]
    by_page = _without_running(by_page, [page.height for page in pages])
    lines = [
        line for lines in by_page for line in lines if not _CONTENTS.fullmatch("".join(line.text.split()))
    ]
    return "\n".join(_paragraphs(list(_with_rows(lines))))


def _reading_order(page: Page, number: int) -> list[_Line]:
    """The page's lines from top to bottom; of a page in two columns the left one first, between lines across both."""
    rows = [_segments(row) for row in _rows(page.glyphs)]
    segments = [replace(segment, page=number) for row in rows for segment in row]
    gutter = _gutter(segments)
    if gutter is None:
        return [replace(_joined(row), page=number) for row in rows if row]
    ordered: list[_Line] = []
    columns: tuple[list[_Line], list[_Line]] = ([], [])
    for row in rows:
        left = [segment for segment in row if segment.right <= gutter]
        right = [segment for segment in row if segment.left >= gutter]
        if len(left) + len(right) < len(row):
            ordered += [*columns[0], *columns[1], replace(_joined(row), page=number)]
            columns = ([], [])
        else:
            for side, part in enumerate((left, right)):
                if part:
                    columns[side].append(replace(_joined(part), page=number, column=side + 1))
    return [*ordered, *columns[0], *columns[1]]


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Characters that stand on one line, from the highest line down, each from left to right."""
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.base):
        if row and row[0].base - glyph.base > 0.5 * max(row[0].size, glyph.size):
            yield sorted(row, key=lambda glyph: glyph.left)
            row = []
        row.append(glyph)
    yield sorted(row, key=lambda glyph: glyph.left)


def _segments(row: list[Glyph]) -> list[_Line]:
    """The parts of a row that wide gaps divide."""
    segments: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in row:
        if not glyph.char.strip():
            continue
        if last and glyph.char == last.char and glyph.left - last.left < 0.2 * glyph.size:
            continue  # printed twice to look bold
        if last is None or glyph.left - last.right > _CELL_GAP * max(glyph.size, last.size):
            segments.append([])
        segments[-1].append(glyph)
        last = glyph
    spaces = [glyph.left for glyph in row if not glyph.char.strip()]
    return [_segment(segment, spaces) for segment in segments]


def _segment(glyphs: list[Glyph], spaces: list[float]) -> _Line:
    text = glyphs[0].char
    for before, glyph in pairwise(glyphs):
        gap = glyph.left - before.right
        latin = _NARROW.match(before.char) and _NARROW.match(glyph.char)
        written = any(before.left < space < glyph.left for space in spaces) if spaces else False
        if (written and gap > 0.05 * glyph.size) or gap > (0.2 if latin else 0.8) * glyph.size:
            text += " "
        text += glyph.char
    han = [glyph.size for glyph in glyphs if _HAN.match(glyph.char)]
    size = max(1.0, median(han or [glyph.size for glyph in glyphs]))
    left, right = glyphs[0].left, max(glyph.right for glyph in glyphs)
    return _Line((text,), left, right, glyphs[0].base, size)


def _joined(row: list[_Line]) -> _Line:
    return replace(
        row[0],
        cells=tuple(cell for part in row for cell in part.cells),
        right=max(part.right for part in row),
        size=max(part.size for part in row),
    )


def _gutter(segments: list[_Line]) -> float | None:
    """Where the page divides into two columns of text; None when it does not, as no table does with its short cells."""
    long = [segment for segment in segments if len(segment.text) >= 8]
    if len(long) < 10:
        return None
    starts = Counter(round(segment.left) for segment in long)
    for start, count in starts.most_common(4):
        if count < 5:
            break
        cut = start - 2.0
        left = sum(segment.right <= cut for segment in long)
        right = sum(segment.left >= cut for segment in long)
        across = len(long) - left - right
        if min(left, right) >= 5 and across * 3 <= min(left, right):
            return cut
    return None


def _without_running(pages: list[list[_Line]], heights: list[float]) -> list[list[_Line]]:
    """The pages without page numbers, and without what recurs at one height at the same edge of many pages.

    Two pages in five are many: odd and even pages have heads of their own, and the first may have none. A title that
    stands nowhere but in the head is the report's own, and stays once.
    """
    seen: dict[tuple[bool, str], list[float]] = {}
    for lines, height in zip(pages, heights, strict=True):
        for top, line in _at_edges(lines, height):
            seen.setdefault((top, _pattern(line)), []).append(line.base)
    running = {
        key: median(bases)
        for key, bases in seen.items()
        if len(bases) >= 2 and len(bases) * 5 >= len(pages) * 2 and max(bases) - min(bases) <= 8
    }
    kept: list[list[_Line]] = []
    titles: dict[str, _Line] = {}
    for lines, height in zip(pages, heights, strict=True):
        gone: set[int] = set()
        for top, line in _at_edges(lines, height):
            if (top, _pattern(line)) in running:
                gone.add(id(line))
                if top and looks_like_title(line.text):
                    titles.setdefault(line.text, line)
            elif _PAGE_NUMBER.fullmatch("".join(line.text.split())):
                gone.add(id(line))
        kept.append([line for line in lines if id(line) not in gone])
    body = "".join("".join(line.text.split()) for lines in kept for line in lines)
    for text, line in reversed(titles.items()):
        if "".join(text.split()) not in body:
            kept[line.page].insert(0, line)
    return kept


def _at_edges(lines: list[_Line], height: float) -> Iterator[tuple[bool, _Line]]:
    """The lines near the upper (True) and the lower edge."""
    by_height = sorted(lines, key=lambda line: -line.base)
    for line in by_height[:_DEEP]:
        if line.base > height * (1 - _EDGE):
            yield True, line
    for line in by_height[-_DEEP:]:
        if line.base < height * _EDGE:
            yield False, line


def _pattern(line: _Line) -> str:
    return re.sub(r"\d+", "0", "".join(line.text.split()))


def _with_rows(lines: list[_Line]) -> Iterator[_Line]:
    """The lines, those of a table written as rows: three cells or more, below one another, none of them a sentence."""
    tabular = [_tabular(line) for line in lines]
    for place, line in enumerate(lines):
        beside = any(tabular[near] for near in (place - 1, place + 1) if 0 <= near < len(lines))
        if tabular[place] and beside:
            yield replace(line, cells=(CELL + CELL.join(line.cells) + CELL,))
        else:
            yield line


def _tabular(line: _Line) -> bool:
    if len(line.cells) < 3 or all(len(cell) == 1 and not cell.isdigit() for cell in line.cells):
        return False
    return not any(len(cell) > 30 or cell.endswith("。") for cell in line.cells)


def _paragraphs(lines: list[_Line]) -> list[str]:
    prose = [line for line in lines if not line.text.startswith(CELL)]
    sides = _margins(prose)
    own = {id(line): sides[line.page % 2, line.column] for line in prose}
    indented = {id(line): line.left > own[id(line)].left + 0.9 * line.size for line in prose}
    # a title in the middle and a signature on the right stand deeper than any first line
    uses_indents = sum(0.9 < (line.left - own[id(line)].left) / line.size < _DEEPEST for line in prose) >= 3
    body = median([line.size for line in prose] or [0.0])
    headings_indented = any(indented[id(line)] and parse_heading(line.text) for line in prose)
    gaps = [_gap(one, other) for one, other in pairwise(prose)]
    wide = 1.7 * median([gap for gap in gaps if gap > 0] or [0.0])
    uses_spacing = sum(gap > wide for gap in gaps) >= max(3, len(prose) / 12)
    text: list[str] = []
    last: _Line | None = None
    for line in lines:
        if line.text.startswith(CELL):
            text.append(line.text)
            last = None
            continue
        gap = _gap(last, line) if last else 0.0
        if last and _is_title(last, line, body):
            text[-1] += _glue(text[-1], line.text) + line.text
            last = line
            continue
        deep = last is not None and last.left > own[id(last)].left + _DEEPEST * last.size
        if last and gap <= wide and not deep and not indented[id(line)] and _same_size(last, line):
            shown = (uses_indents and headings_indented) or (uses_spacing and gap > 0)
            if _goes_on(last, line, own[id(last)].right - last.right, uses_indents, shown):
                text[-1] += _glue(text[-1], line.text) + line.text
                last = line
                continue
        if gap > wide:
            text.append("")
        text.append(("　　" if indented[id(line)] else "") + line.text)
        last = line
    return text


def _is_title(last: _Line, line: _Line, body: float) -> bool:
    """Whether two lines are one title: printed large, in one size, the second right below the first."""
    if (
        line.size < 1.2 * body
        or not _same_size(last, line)
        or parse_heading(last.text)
        or parse_heading(line.text)
    ):
        return False
    return 0 < _gap(last, line) <= 2.5 * line.size and _HAN.search(line.text) is not None


def _goes_on(last: _Line, line: _Line, room: float, indents: bool, shown: bool) -> bool:
    """Whether a line continues the paragraph of the one before it, which has so much room left.

    `shown` says that any new paragraph would be known by its indent, or by the space above it.
    """
    broken = room < _first_width(line) * max(last.size, line.size)
    if shown or not last.text.endswith(_SENTENCE_END):
        return broken
    # a sentence that ends just before the edge, where nothing shows whether more follows
    return parse_heading(line.text) is None and (broken if indents else room < 0.6 * last.size)


def _margins(lines: list[_Line]) -> dict[tuple[int, int], _Margins]:
    """The edges of the text, apart for odd and even pages and for columns: each with lines enough to be one."""
    groups: dict[tuple[int, int], list[_Line]] = {}
    for line in lines:
        groups.setdefault((line.page % 2, line.column), []).append(line)
    found = {}
    for key, group in groups.items():
        size = median(line.size for line in group)
        enough = min(len(group), max(2, len(group) // 20))
        lefts = sorted(line.left for line in group)
        rights = sorted((line.right for line in group), reverse=True)
        left = next(
            x for x in lefts if sum(x <= other <= x + size / 2 for other in lefts) >= enough or x == lefts[-1]
        )
        right = next(
            x for x in rights if sum(x - size <= other <= x for other in rights) >= enough or x == rights[-1]
        )
        found[key] = _Margins(left, right)
    return found


def _gap(above: _Line, below: _Line) -> float:
    """From one line to the next; 0 where a page or a column begins."""
    return above.base - below.base if (above.page, above.column) == (below.page, below.column) else 0.0


def _same_size(one: _Line, other: _Line) -> bool:
    """Whether two lines are printed in one size; figures alone do not tell theirs."""
    if not (_HAN.search(one.text) and _HAN.search(other.text)):
        return True
    return abs(one.size - other.size) <= 0.15 * max(one.size, other.size)


def _first_width(line: _Line) -> float:
    """The width, in characters, of what is not divided at the start of a line: a figure or a word, with its marks.

    A line that has less room left than this was broken by the width of the page; otherwise somebody ended it. Programs
    differ in what they keep together, so three characters are taken for the least.
    """
    unit = _UNBROKEN.match(line.text)
    chars = unit[0] if unit else line.text[:1]
    return max(3.0, 0.4 + sum(0.55 if _NARROW.match(char) else 1.0 for char in chars))


def _glue(before: str, after: str) -> str:
    """What stands between joined lines: a space between two words of Latin letters; a figure may have been divided."""
    return " " if _LETTER.match(before[-1]) and _LETTER.match(after[0]) else ""
