"""The skeleton of a text: its lines, the numbers that open them, how its headings nest, and what its sections are for.

A number out of place is a fault of the line that it opens; the text is read on as if that line were counted right.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from drafter.checks.mentions import KEPT
from drafter.checks.wording import lines
from drafter.corpus.headings import leading_number, ordinal_of
from drafter.corpus.roles import role_of_heading
from drafter.corpus.rules import words
from drafter.numbering import chinese
from drafter.passages import Role

_HASHES = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_STOP = re.compile("[。！？；]")
_CLAUSE_END = re.compile("[。！？；，：]")
_LONGEST = 60
"""Characters of a line that is a heading and nothing else."""
_DAY = re.compile(
    r"[（(]?\d{4}年\d{1,2}月(?:\d{1,2}日)?[）)]?|[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月.{0,4}"
)
_SIGNED = re.compile(r"[^，。；：、！？]{2,40}")
_PART, _FIRST, _SECOND, _THIRD, _FOURTH, _CIRCLED = range(6)
_ONE, _TWENTY = ord("①"), 20
_SHOWN = 20


@dataclass(slots=True)
class Line:
    """One line that holds anything, blanks around left out.

    style    level of the number that opens it (0 第一部分, 1 一、, 2 （一）, 3 1., 4 （1）, 5 ①); -1 without one
    number   that number as written
    ordinal  its value
    hashes   how many # stand before it
    body     where its words begin, within `text`
    """

    start: int
    text: str
    style: int = -1
    number: str = ""
    ordinal: int = 0
    hashes: int = 0
    body: int = 0

    @property
    def is_node(self) -> bool:
        """Whether it has a number or a #."""
        return self.style >= 0 or self.hashes > 0

    @property
    def is_title(self) -> bool:
        """Whether it is the title of a markdown file."""
        return self.hashes == 1 and self.style < 0

    @property
    def is_bare(self) -> bool:
        """Whether it is a heading and nothing else: no sentence ends on it."""
        return self.hashes > 0 or (len(self.text) <= _LONGEST and not _STOP.search(self.text, self.body))

    @property
    def shown(self) -> str:
        """Number and first words, as they stand in the text."""
        end = _CLAUSE_END.search(self.text, self.body)
        first = self._number_at
        return self.text[first : min(end.start() if end else len(self.text), self.body + _SHOWN)].rstrip()

    @property
    def _number_at(self) -> int:
        return len(self.text) - len(self.text.lstrip("# \t")) if self.hashes else 0

    @property
    def shown_at(self) -> int:
        """Where `shown` begins in the whole text."""
        return self.start + self._number_at


@dataclass(slots=True)
class Node:
    """A line with a number or a #, in its place: how deep it lies, and which list it is counted in (-1: none)."""

    line: int
    depth: int
    within: int = -1
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    """Numbers that are counted together. `styles` are those that its items have; `sign` how the first was written."""

    number: int
    styles: set[tuple[int, bool]]
    first: int
    sign: str
    last: int = 0
    count: int = 0
    soft: bool = False
    bodies: bool = False
    """Whether paragraphs stand between its items."""

    def expects(self, ordinal: int) -> bool:
        return ordinal in (self.last + 1, self.count + 1)

    def add(self, ordinal: int) -> None:
        self.last, self.count, self.soft = ordinal, self.count + 1, False


@dataclass(frozen=True)
class Scope:
    """The text from one heading to the next. `lead` says that headings below it follow; `heading` are its words."""

    start: int
    end: int
    role: Role | None
    heading: str = ""
    lead: bool = False


@dataclass(frozen=True)
class Skeleton:
    """Lines, nodes and scopes of a text."""

    lines: Sequence[Line]
    nodes: Sequence[Node]
    tail: int
    """The first of the lines that sign the text; the number of lines where none does."""
    sectional: frozenset[int]
    """Numbers of the nodes that open a section, and not just an item of a list."""

    @classmethod
    def of(cls, text: str) -> Skeleton:
        """The skeleton of this text, read once for all checks."""
        return (_skeleton if len(text) <= KEPT else _skeleton.__wrapped__)(text)

    def scopes(self, end: int) -> list[Scope]:
        """The text's sections down to the last level, in order; the first is what stands before any heading."""
        found: list[Scope] = []
        opened: list[tuple[int, Role | None]] = []
        start, role, heading, depth = 0, None, "", -1
        for number, node in enumerate(self.nodes):
            if number not in self.sectional:
                continue
            line = self.lines[node.line]
            found.append(Scope(start, line.start, role, heading, bool(heading) and node.depth > depth))
            if line.is_title:
                opened, start, role, heading, depth = [], line.start, None, "", -1
                continue
            while opened and opened[-1][0] >= node.depth:
                opened.pop()
            words = _STOP.split(line.text[line.body :], maxsplit=1)[0][:_LONGEST]
            own = role_of_heading(words) or (opened[-1][1] if opened else None)
            opened.append((node.depth, own))
            start, role, heading, depth = line.start, own, words, node.depth
        found.append(Scope(start, end, role, heading))
        return found


@lru_cache(maxsize=4)
def _skeleton(text: str) -> Skeleton:
    rows = [_line(start, line) for start, line in lines(text)]
    nodes = _Counting(rows).nodes()
    tail = _tail(rows)
    return Skeleton(rows, nodes, tail, _sectional(rows, nodes, tail))


def _line(start: int, text: str) -> Line:
    hashes = _HASHES.match(text)
    offset = hashes.end() if hashes else 0
    found = leading_number(text[offset:] if offset else text)
    if found is None:
        return Line(start, text, hashes=len(hashes[1]) if hashes else 0, body=offset)
    style, number = found
    return Line(
        start,
        text,
        style,
        number.strip(),
        ordinal_of(number),
        len(hashes[1]) if hashes else 0,
        offset + len(number),
    )


class _Counting:
    """Goes through the lines and counts each number in the list that it belongs to."""

    def __init__(self, rows: Sequence[Line]) -> None:
        self.rows = rows
        self._open: list[_List] = []
        self._made = 0
        self._base = 0
        """Depth below the last heading with #."""
        self._found: list[Node] = []
        self._by_line: dict[int, Node] = {}
        self._places: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            if row.style >= 0:
                self._places[row.style, row.hashes > 0].append(place)

    def nodes(self) -> list[Node]:
        """The nodes with their depths and faults."""
        before: Line | None = None
        for place, row in enumerate(self.rows):
            if row.style >= 0 and row.ordinal:
                self._numbered(place, row, before)
            elif row.hashes:
                self._base = 0 if row.is_title else max(0, row.hashes - 2) + 1
                for each in self._open:
                    each.soft = True
                self._keep(Node(place, 0 if row.is_title else max(0, row.hashes - 2)))
            else:
                if self._open and _begins_text(row):
                    for each in self._open:
                        each.soft = True
            before = row
        return self._found

    def _keep(self, node: Node) -> None:
        self._found.append(node)
        self._by_line[node.line] = node

    def _numbered(self, place: int, row: Line, before: Line | None) -> None:
        style, ordinal = (row.style, row.hashes > 0), row.ordinal
        after_text = before is not None and not before.is_node
        faults: list[str] = []
        own = next((each for each in reversed(self._open) if style in each.styles), None)
        if own and not own.expects(ordinal) and (ordinal == 1 and self._begins_anew(own, row, before)):
            del self._open[self._open.index(own) :]
            own = None
        elif own and len(own.styles) > 1 and ordinal == 1:
            own = None
        if own is None and ordinal > 1:
            own = self._fellow(place, row)
            if own and not any(style[0] == known for known, _ in own.styles):
                faults.append(
                    f"与同一层的“{own.sign}”写法不一，应为“{sign(min(own.styles)[0], own.last + 1)}”"
                )
                own.styles.add(style)
            elif own:
                own.styles.add(style)
        elif own and not own.expects(ordinal):
            faults.append(f"序号不连续，应为“{sign(row.style, own.last + 1)}”")
        elif own and row.style == _THIRD and ordinal > 1 and _separator(row.number) != _separator(own.sign):
            faults.append(f"与同一层的“{own.sign}”写法不一")
        if own is None:
            own = self._new(place, row, style, faults, after_text=after_text)
        else:
            own.bodies |= after_text
            del self._open[self._open.index(own) + 1 :]
        own.add(ordinal)
        depth = max(0, row.hashes - 2) if row.hashes else self._base + self._depth(own)
        if row.hashes:
            self._base = depth + 1
        self._keep(Node(place, depth, own.number, faults))

    def _depth(self, own: _List) -> int:
        """How many lists without # it lies in."""
        at = self._open.index(own)
        return sum(1 for each in self._open[:at] if not any(hashed for _, hashed in each.styles))

    def _begins_anew(self, own: _List, row: Line, before: Line | None) -> bool:
        """Whether a 1 begins another list of the same style, and is no slip."""
        if own.soft:
            return True
        if before is None or before.is_node or row.style < _SECOND:
            return False
        return before.text.endswith(("：", ":")) or (row.style >= _THIRD and not own.bodies)

    def _fellow(self, place: int, row: Line) -> _List | None:
        """The innermost list that waits for this number, written in another style.

        None where that list goes on with this very number later: then the number is of a list of its own that lacks its 1.
        """
        style = (row.style, row.hashes > 0)
        for each in reversed(self._open):
            if each.last + 1 != row.ordinal:
                continue
            if not any(hashed == style[1] or of == style[0] for of, hashed in each.styles):
                continue
            after = [next_ for known in each.styles if (next_ := self._next(known, place))]
            if after:
                return each if min(after)[1] == row.ordinal + 1 else None
            own = self._next(style, place)
            return None if own and own[1] == row.ordinal + 1 and style[0] > min(each.styles)[0] else each
        return None

    def _next(self, style: tuple[int, bool], place: int) -> tuple[int, int] | None:
        """The next line in this style, and its number."""
        places = self._places.get(style, [])
        at = bisect_right(places, place)
        return (places[at], self.rows[places[at]].ordinal) if at < len(places) else None

    def _new(
        self, place: int, row: Line, style: tuple[int, bool], faults: list[str], *, after_text: bool
    ) -> _List:
        if row.ordinal != 1:
            faults.append(f"序号应从“{sign(row.style, 1)}”开始")
        higher = [
            each
            for each in self._open
            if not each.soft
            and min(each.styles)[0] > row.style
            and any(hashed == style[1] for _, hashed in each.styles)
            and (each.bodies or after_text or row.style >= _SECOND or min(each.styles)[0] == _SECOND)
        ]
        if higher and row.style <= _FIRST and higher[0] is self._open[0]:
            # the whole of it stands too high: said where it begins
            before = self._by_line[higher[0].first]
            before.faults.append(f"在第一个“{row.number}”之前，层次不对")
            self._open.clear()
        elif higher:
            faults.append(f"在“{higher[-1].sign}”之下，层次颠倒")
        elif row.style <= _FIRST:
            self._open[:] = [
                each
                for each in self._open
                if min(each.styles)[0] < row.style or not any(hashed == style[1] for _, hashed in each.styles)
            ]
        made = _List(self._made, {style}, place, row.number)
        self._made += 1
        self._open.append(made)
        return made


def _begins_text(row: Line) -> bool:
    """Whether another text begins near this line: the date that ends one, or the title of the next."""
    if _DAY.fullmatch(row.text):
        return True
    return row.text.endswith(words("title_endings_firm")) and _SIGNED.fullmatch(row.text) is not None


def _separator(number: str) -> str:
    return "、" if "、" in number else "."


def sign(style: int, ordinal: int) -> str:
    """The number `ordinal` in this style."""
    if style == _THIRD:
        return f"{ordinal}."
    if style == _FOURTH:
        return f"（{ordinal}）"
    if style == _CIRCLED and 1 <= ordinal <= _TWENTY:
        return chr(_ONE + ordinal - 1)
    written = chinese(max(ordinal, 1))
    return {_PART: f"第{written}部分", _FIRST: f"{written}、", _SECOND: f"（{written}）"}.get(
        style, f"第{written}、"
    )


def _tail(rows: Sequence[Line]) -> int:
    """The first line of the signature: a date at the end, and the short lines without a mark before it."""
    place = len(rows)
    while place and _DAY.fullmatch(rows[place - 1].text):
        place -= 1
    if place == len(rows):
        return place
    while (
        place > 1
        and not rows[place - 1].is_node
        and _SIGNED.fullmatch(rows[place - 1].text)
        and len(rows) - place < 4
    ):
        place -= 1
    return place


def _sectional(rows: Sequence[Line], nodes: Sequence[Node], tail: int) -> frozenset[int]:
    """The nodes that open sections: those with #, and numbers whose like have paragraphs or lower headings below them."""
    like: dict[tuple[int, int], list[int]] = defaultdict(list)
    filled: set[tuple[int, int]] = set()
    found = {number for number, node in enumerate(nodes) if rows[node.line].hashes}
    for number, node in enumerate(nodes):
        row = rows[node.line]
        if row.hashes:
            continue
        key = (row.style, -1 if row.style <= _SECOND else node.within)
        like[key].append(number)
        following = nodes[number + 1] if number + 1 < len(nodes) else None
        below = rows[node.line + 1 : min(following.line if following else tail, tail)]
        if (
            any(_STOP.search(line.text) or "|" in line.text for line in below)
            or (following and following.depth > node.depth)
            or (row.style <= _SECOND and not row.is_bare)
        ):
            filled.add(key)
    for key in filled:
        found.update(like[key])
    return frozenset(found)
