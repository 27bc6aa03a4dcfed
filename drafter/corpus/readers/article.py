"""Finds the report in a web page. Knows HTML as lxml gives it; what a report says of itself it does not know.

Where it is in doubt a line stays: a button that is kept does less harm than a paragraph that is lost. What was
measured against other extractors is in docs/corpus.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from drafter.corpus import rules
from drafter.corpus.headings import parse_heading
from drafter.corpus.layout import looks_like_title
from drafter.corpus.readers.word import CELL

_SPACES = re.compile(r"[ \t\n\r\f]+")
_HAN = re.compile("[\u3400-\u9fff]")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MARK = re.compile("[，。；：！？]")
_SENTENCE = re.compile("[。！？；]")
_DATE = re.compile(
    "[（(]?[\\d〇○零一二三四五六七八九]{4}年[\\d一二三四五六七八九十]{1,2}月[\\d一二三四五六七八九十]{1,3}日[）)]?"
)
_ENDED = re.compile("[。！？；：”）]\\s*$")
_NO_SPACE = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef“”‘’—…]) (?=[\u3000-\u9fff\uff00-\uffef“”‘’—…])")
_TAIL = 0.4
"""The share of a page's sentences that may stand behind the report, in lists and comments."""


@dataclass(slots=True)
class _Line:
    """A line of the page: how much of it are links, whether it begins a block, and the families that it belongs to.

    Lines of one family are told from those of others by where they stand in the page: paragraphs of one division, parts
    of one text, comments under it.
    """

    text: str
    linked: float = 0.0
    block: bool = True
    heading: bool = False
    element: Any = None
    families: frozenset[Any] = field(default_factory=frozenset)

    @property
    def row(self) -> bool:
        return self.text.startswith(CELL)

    @property
    def link(self) -> bool:
        return self.linked >= 0.6 and not self.prose

    @property
    def furniture(self) -> bool:
        return self.link or bool(_furniture().fullmatch(self.text.strip()))

    @property
    def prose(self) -> int:
        """How many Han a line that reads as sentences has; 0 for any other."""
        han = len(_HAN.findall(self.text))
        ended = _SENTENCE.search(self.text) is not None
        if self.row or han < 12 or self.linked > (0.9 if ended else 0.3) or not _MARK.search(self.text):
            return 0
        return 0 if _furniture().fullmatch(self.text.strip()) else han


def article_of(page: str) -> str:
    """The lines of the report in a page, its title first; a paragraph begins with 　　, a table's row is ｜a｜b｜.

    Tables that only lay out the page are read as its text. "" for a page without a sentence.
    """
    from lxml import etree, html

    try:
        root = html.document_fromstring(
            page, parser=html.HTMLParser(no_network=True, remove_pis=True, huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but blanks or comments
        return ""
    lines = list(_lines(root))
    _tell_families(lines)
    title = " ".join((root.findtext(".//title") or "").split())
    chosen = _report(lines, title)
    # a block is a paragraph, except on pages that put each printed line into one: those are for `clean` to join
    long = [line for line in chosen if line.block and line.prose >= 18]
    printed = sum(not _ENDED.search(line.text) for line in long) * 3 > len(long)
    return "\n".join(
        f"　　{line.text.strip()}" if line.block and not line.row and not printed else line.text
        for line in chosen
    )


@cache
def _elements() -> dict[str, tuple[str, ...]]:
    return rules.table("html_elements")


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules.lines("web_furniture")))


def _report(lines: list[_Line], title: str) -> list[_Line]:
    """The lines from the title to the signature, without what stands between them and is none of the report."""
    weights = [line.prose for line in lines]
    total = sum(weights)
    if not total:
        return []
    start = _start(lines, weights, title)
    last = _last(lines, weights, start)
    first = next((place for place in range(start, last) if weights[place]), last)
    # among sentences 时间：…… may well be the report's own; links are not
    kept = [
        line
        for place, line in enumerate(lines[start : _end(lines, last)], start)
        if place == start or not (line.link if first < place < last else line.furniture)
    ]
    if not any(_same(line.text, title) or looks_like_title(line.text.strip()) for line in kept[:4]):
        named = re.split(r"\s*[-_|–—]+\s*", title)[0].strip()
        if looks_like_title(named):
            kept.insert(0, _Line(named))
    return kept


def _same(line: str, title: str) -> bool:
    """Whether a line is what the page calls itself."""
    bare = re.sub(r"[\[【（(][^\]】）)]{0,20}[\]】）)]$", "", line.strip())
    return len(bare) >= 6 and "".join(bare.split()) in "".join(title.split())


def _start(lines: list[_Line], weights: list[int], title: str) -> int:
    """Where the title stands; else the first sentence, with the short lines that stand right above it."""
    total, before = sum(weights), 0
    found = -1
    for place, line in enumerate(lines):
        if before > 0.2 * total:
            break
        if line.linked < 0.6 and (_same(line.text, title) or line.heading) and not line.row:
            # a heading of the report itself stands among its sentences, the title does not
            named = _same(line.text, title) and (found < 0 or not any(weights[found:place]))
            if named or (found < 0 and not before):
                found = place
        before += weights[place]
    if found >= 0:
        return found
    start = next(place for place, weight in enumerate(weights) if weight)
    for place in range(start - 1, max(-1, start - 6), -1):
        if looks_like_title(lines[place].text.strip()) and lines[place].linked < 0.6:
            return place
    while start and not lines[start - 1].furniture and not lines[start - 1].row:
        start -= 1
    return start


def _last(lines: list[_Line], weights: list[int], start: int) -> int:
    """The report's last sentence: before the first furniture behind which none of its family comes, and not much."""
    total = sum(weights)
    spoken = [place for place in range(start, len(lines)) if weights[place] or _speaks(lines[place])]
    last = max(place for place, weight in enumerate(weights) if weight)
    families: set[Any] = set()
    after = total - sum(weights[:start])
    for place in range(start, last + 1):
        line = lines[place]
        if families and line.furniture and after <= _TAIL * total:
            rest = [lines[other] for other in spoken if other >= place]
            if not any(other.families & families for other in rest) and not _counts_on(lines, start, place):
                return max(other for other in spoken if other < place)
        if weights[place]:
            families |= line.families
            after -= weights[place]
    return max(place for place in spoken if place <= last or lines[place].families & families)


def _speaks(line: _Line) -> bool:
    """Whether a line that is too short to weigh is a heading or a sentence all the same."""
    text = line.text.strip()
    if line.linked > 0.3 or line.row or line.furniture:
        return False
    return bool(_ENDED.search(text) and _HAN.search(text)) or parse_heading(text) is not None


def _end(lines: list[_Line], last: int) -> int:
    """Where the report ends: behind the signature, which may stand below a list of files, or at the first furniture."""
    below = range(last + 1, min(len(lines), last + 12))
    dates = [place for place in below if _DATE.fullmatch("".join(lines[place].text.split()))]
    end = max(dates, default=last) + 1
    while end < len(lines) and not lines[end].furniture:
        end += 1
    return end


def _counts_on(lines: list[_Line], start: int, place: int) -> bool:
    """Whether 二、 comes behind a place before which 一、 was the last."""
    reached = 0
    for number, line in enumerate(lines[start:], start):
        heading = parse_heading(line.text.strip()) if line.linked < 0.6 else None
        if heading is not None and heading.level == 1:
            if number >= place:
                return heading.ordinal == reached + 1 and reached > 0
            reached = heading.ordinal
    return False


def _tell_families(lines: list[_Line]) -> None:
    """What lines have in common: the element that they break into lines, or the one around their elements."""
    per_element = Counter(id(line.element) for line in lines)
    for line in lines:
        element = line.element
        if element is None or per_element[id(element)] > 1:
            line.families = frozenset({element})
            continue
        families = set()
        way: tuple[Any, ...] = (_kind(element),)
        for level, above in enumerate(islice(element.iterancestors(), 4)):
            # next to one another in a division all paragraphs are one family, in the page itself those of one kind
            families.add((above, way if level or above.tag == "body" else ()))
            way = (*way, _kind(above))
        line.families = frozenset(families)


def _kind(element: Any) -> tuple[str, str]:
    return str(element.tag), str(element.get("class") or "")


def _lines(root: Any) -> Iterator[_Line]:
    """The page's lines as a browser breaks them."""
    from lxml import etree

    text: list[str] = []
    linked = links = 0
    blocks: list[Any] = []
    began_block = True
    inline = _elements()["inline"]

    def flush(next_begins_block: bool) -> Iterator[_Line]:
        nonlocal linked, began_block
        line = _NO_SPACE.sub("", _SPACES.sub(" ", "".join(text))).strip(" ")
        if line.strip():
            element = blocks[-1] if blocks else root
            share = linked / max(1, len("".join("".join(text).split())))
            heading = str(element.tag) in ("h1", "h2")
            yield _Line(line, min(1.0, share), began_block, heading, element)
        began_block = next_begins_block or (began_block and not line.strip())
        text.clear()
        linked = 0

    walk = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if _unseen(element, tag):
                walk.skip_subtree()
                continue
            if tag == "br":
                yield from flush(False)
            elif tag == "table" and _is_data(element):
                yield from flush(True)
                for row in element.iter("tr"):
                    cells = (
                        " ".join("".join(_seen_text(cell)).split())
                        for cell in row
                        if cell.tag in ("td", "th")
                    )
                    yield _Line(CELL + CELL.join(cells) + CELL, element=element)
                walk.skip_subtree()
                continue
            elif tag not in inline:
                yield from flush(True)
                blocks.append(element)
            links += tag == "a" and bool(element.get("href"))
            said = element.text or ""
        else:
            if event == "end" and blocks and element is blocks[-1]:
                yield from flush(True)
                blocks.pop()
            elif event == "end" and tag == "a" and element.get("href"):
                links -= 1
            said = element.tail or ""
        pieces = said.split("\n") if any(block.tag == "pre" for block in blocks[-2:]) else [said]
        for number, piece in enumerate(pieces):
            if number:
                yield from flush(False)
            text.append(piece)
            linked += len("".join(piece.split())) if links else 0
    yield from flush(True)


def _unseen(element: Any, tag: str) -> bool:
    """Whether a browser shows nothing of an element; text folded up behind a button is not unseen."""
    if tag in _elements()["unseen"] or (tag.startswith(("o:", "w:", "v:", "m:")) and tag != "o:p"):
        return True
    if element.get("hidden") is None and not _HIDDEN.search(element.get("style") or ""):
        return False
    folded = "".join(element.itertext())
    return (
        tag in _elements()["inline"] or len(_HAN.findall(folded)) < 60 or len(_SENTENCE.findall(folded)) < 3
    )


def _seen_text(element: Any) -> Iterator[str]:
    return (text for text in element.itertext() if isinstance(text, str))


def _is_data(table: Any) -> bool:
    """Whether a table holds figures and words, not the page or a text: short cells, several in most rows, no links."""
    if table.find(".//table") is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    cells = ["".join("".join(_seen_text(cell)).split()) for row in rows for cell in row]
    if len(rows) < 2 or sum(len(row) >= 2 for row in rows) * 2 <= len(rows):
        return False
    if any(len(cell) > 120 or len(_SENTENCE.findall(cell)) > 2 for cell in cells):
        return False
    links = sum(len("".join("".join(_seen_text(link)).split())) for link in table.iter("a"))
    return links * 2 <= sum(map(len, cells))
