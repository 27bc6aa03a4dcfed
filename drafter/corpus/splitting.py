"""Splits a report into passages: runs of whole sentences under their path of headings, with role and topic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from drafter.corpus.headings import LAST, POINT, POINT_LEVEL, Heading, ordinal_of, parse_heading
from drafter.corpus.layout import parse_lines
from drafter.corpus.roles import cut, role_of_heading, sentences
from drafter.corpus.topics import topic_under
from drafter.passages import Document, Passage, Role

SHORTEST = 80
LONGEST = 400
"""Characters of a passage, where the material allows; a longer sentence stays whole."""
_POINT_INSIDE = re.compile(f"(?<=[。；！？])(?:{POINT.pattern})")


@dataclass(slots=True)
class _Node:
    """A heading above the current line; `role` is what its text is now, `stated` whether its words said so."""

    style: tuple[int, bool]
    text: str
    role: Role
    stated: bool


@dataclass(slots=True)
class _Run:
    """Paragraphs that follow one another under the same headings and in the same role."""

    path: tuple[str, ...]
    role: Role
    paragraphs: list[str] = field(default_factory=list)


def split(document: Document) -> list[Passage]:
    """The passages of a document in order.

    Their texts joined are the document's text without its frame (title, recipient, signature, date) and its
    headings; a point (一是…) stays in the text. Never raises; linear in the length of the text.
    """
    passages: list[Passage] = []
    topics: dict[tuple[str, ...], str] = {}
    for run in _runs(document):
        for text in _pack(run.paragraphs):
            path = (*run.path, *_point(text))
            if path not in topics:
                topics[path] = topic_under(path, document.theme)
            passages.append(
                Passage(
                    id=f"{document.id}-{len(passages) + 1}",
                    document=document.id,
                    heading=path,
                    role=run.role,
                    topic=topics[path],
                    text=text,
                )
            )
    return passages


def _point(text: str) -> tuple[str, ...]:
    """The phrase of 一是 as a heading of its own, when the passage is this one point."""
    first = parse_heading(text) if POINT.match(text) and "\n" not in text else None
    if first is None or first.level != POINT_LEVEL:
        return ()
    others = {ordinal_of(match[0]) for match in _POINT_INSIDE.finditer(text)}
    return () if others & {first.ordinal + 1, LAST} else (first.text,)


def _runs(document: Document) -> Iterator[_Run]:
    lines = parse_lines(document.text)
    any_heading = any(line.kind == "heading" for line in lines)
    path: list[_Node] = []
    titles: tuple[str, ...] = ()
    opening: Role = "background"
    last_top: Role = "done"
    alone = False  # whether the line before was a heading and nothing else
    run = _Run((), opening)
    for line in lines:
        if line.kind not in ("heading", "paragraph"):
            continue
        body = line.text
        if line.kind == "heading" and line.heading:
            _climb(path, line.heading, alone)
            node = _node(line.heading, path, last_top)
            path.append(node)
            titles = tuple(node.text for node in path)
            if len(path) == 1:
                last_top = node.role
            body = line.heading.rest
            alone = not body
        else:
            alone = False
            if line.heading and not any_heading:  # 首先，… is what divides a speech
                opening = role_of_heading(line.heading.text) or (
                    "done" if opening == "background" else opening
                )
        state = path[-1].role if path else opening
        for role, piece in cut(body, state):
            if run.path != titles or run.role != role or line.kind == "heading":
                if run.paragraphs:
                    yield run
                run = _Run(titles, role)
            run.paragraphs.append(piece)
            state = role
        if path:
            path[-1].role = state
            if len(path) == 1:
                last_top = state
        elif not any_heading and body:
            opening = "done" if opening == "background" else state
    if run.paragraphs:
        yield run


def _climb(path: list[_Node], heading: Heading, alone: bool) -> None:
    """Leave the headings that this one does not stand under.

    A style that is open already ends what is below it, whatever the usual order of styles. A first number right
    below a heading without text stands under that heading: there are reports with （一） under 1、.
    """
    styles = [node.style for node in path]
    if heading.style in styles:
        del path[styles.index(heading.style) :]
    elif not (alone and heading.ordinal == 1):
        while path and path[-1].style[0] >= heading.level:
            path.pop()


def _node(heading: Heading, path: list[_Node], last_top: Role) -> _Node:
    """A heading's role: what it says; else its parent's; else, behind problems, plans: that is the genre's order."""
    said = role_of_heading(heading.text)
    if path:
        parent = path[-1]
        plain = len(heading.text) <= 14 and "，" not in heading.text
        if parent.stated and (parent.role in ("problem", "plan") or not plain):
            said = None
        return _Node(heading.style, heading.text, said or parent.role, said is not None or parent.stated)
    if said is None and last_top in ("problem", "plan"):
        return _Node(heading.style, heading.text, "plan", False)
    return _Node(heading.style, heading.text, said or "done", said is not None)


def _pack(paragraphs: list[str]) -> list[str]:
    """Passages of SHORTEST to LONGEST characters: short paragraphs joined, long ones cut between sentences."""
    packed: list[str] = []
    current = ""
    for paragraph in paragraphs:
        for piece in _pieces(paragraph):
            if current and (len(current) >= SHORTEST or len(current) + len(piece) > LONGEST):
                packed.append(current)
                current = piece
            else:
                current = f"{current}\n{piece}" if current else piece
    if current:
        if packed and len(current) < SHORTEST and len(packed[-1]) + len(current) < LONGEST:
            packed[-1] = f"{packed[-1]}\n{current}"
        else:
            packed.append(current)
    return packed


def _pieces(paragraph: str) -> list[str]:
    """A paragraph cut evenly between sentences when it is too long, before 二是 where that comes near."""
    if len(paragraph) <= LONGEST:
        return [paragraph]
    count = -(-len(paragraph) // LONGEST)
    target = len(paragraph) / count
    pieces: list[str] = []
    current = ""
    for sentence in sentences(paragraph):
        point = POINT.match(sentence) is not None
        full = len(current) + len(sentence) > LONGEST or len(current) >= target
        if current and (full or (point and len(current) >= max(SHORTEST, target * 0.6))):
            pieces.append(current)
            current = ""
        current += sentence
    if current:
        if pieces and len(current) < SHORTEST and len(pieces[-1]) + len(current) <= LONGEST:
            pieces[-1] += current
        else:
            pieces.append(current)
    return pieces
