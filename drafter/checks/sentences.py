"""The sentences of a text with what each says: its words, its figures, its section and what that is for."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from drafter.checks.mentions import KEPT, mentions_in
from drafter.checks.numbers.values import value_of
from drafter.checks.skeleton import Scope, Skeleton
from drafter.checks.sources import without_mentions
from drafter.checks.wording import Wording, pairs
from drafter.corpus.roles import role_after
from drafter.passages import Role
from drafter.plugins.protocols import CheckContext
from drafter.quantities import Mention

_CELL = ("|", "｜")
"""How the row of a table begins, which is no sentence."""


@dataclass(frozen=True)
class Sentence:
    """One sentence.

    scope    the number of its section
    role     what it is for, by its heading and by turns (下一步，…) before it; None where nothing tells
    heading  what its heading alone says
    turns    whether it opens a paragraph, and not the first below a heading: a part without a heading may begin there,
             but for a drafted section whose facts are all of one role
    """

    start: int
    text: str
    scope: int
    role: Role | None
    heading: Role | None
    turns: bool
    mentions: Sequence[Mention]
    """Its quantities and dates; their offsets are those of the whole text."""

    whole: str = field(repr=False, compare=False)
    """The text that it is of."""

    @cached_property
    def wording(self) -> str:
        """The sentence with blanks for its figures."""
        return without_mentions(self.whole, self.mentions, self.start, self.start + len(self.text))

    @cached_property
    def figures(self) -> dict[object, Mention]:
        """Its quantities and its days, by what two of them have alike that state the same."""
        return {key: mention for mention in self.mentions if (key := figure_of(mention))}

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its words without its figures, by pairs of characters."""
        return pairs(self.wording)


def figure_of(mention: Mention) -> object:
    """What two quantities of the same value and unit, or two days, have alike; None for an order or a longer time."""
    if mention.parts:
        return mention.parts if any(name == "日" for name, _ in mention.parts) else None
    return value_of(mention).key if mention.kind != "ordinal" else None


def sentences_of(text: str, context: CheckContext) -> tuple[Sequence[Sentence], Sequence[Scope]]:
    """The sentences below the headings, in order, and the sections they stand in; read once for all checks."""
    known = next((read for read in _recent if read.is_of(text, context)), None)
    if known is None:
        known = _Read(text, context, *_read(text, context, Skeleton.of(text)))
        if len(text) <= KEPT:
            _recent.append(known)
    return known.sentences, known.scopes


@dataclass(frozen=True)
class _Read:
    text: str
    context: CheckContext
    sentences: Sequence[Sentence]
    scopes: Sequence[Scope]

    def is_of(self, text: str, context: CheckContext) -> bool:
        """Whether it was read from this text, with this ledger, these sections and phrases."""
        mine = self.context
        return (
            self.text == text
            and mine.ledger is context.ledger
            and mine.sections == context.sections
            and mine.phrases == context.phrases
        )


_recent: deque[_Read] = deque(maxlen=2)


def _read(text: str, context: CheckContext, skeleton: Skeleton) -> tuple[list[Sentence], list[Scope]]:
    scopes, settled = _with_roles(skeleton.scopes(len(text)), context)
    starts = [scope.start for scope in scopes]
    mentions = [each for each in mentions_in(text, context.phrases) if each.countable]
    at = [each.start for each in mentions]
    headings = frozenset(line.start for node in skeleton.nodes if (line := skeleton.lines[node.line]).is_bare)
    opening = frozenset(
        line.start for before, line in pairwise(skeleton.lines) if not before.is_node and not line.is_node
    )
    found: list[Sentence] = []
    current, role = -1, None
    for first, end in Wording(text).sentences:
        told = text[first:end]
        start = first + len(told) - len(told.lstrip())
        told = told.strip()
        if not told or start in headings or told.startswith(_CELL):
            continue
        place = max(0, bisect_right(starts, start) - 1)
        if place != current:
            current, role = place, scopes[place].role
        alone = place in settled
        if not alone:
            role = role_after(role or "done", told) if role else _turned(told)
        inside = mentions[bisect_right(at, start - 1) : bisect_right(at, end - 1)]
        turns = start in opening and not alone
        found.append(Sentence(start, told, place, role, scopes[place].role, turns, inside, text))
    return found, scopes


def _turned(sentence: str) -> Role | None:
    role = role_after("done", sentence)
    return None if role == "done" else role


def _with_roles(scopes: Sequence[Scope], context: CheckContext) -> tuple[list[Scope], frozenset[int]]:
    """The scopes, and the places of those whose role is settled: what falls to a drafted section is of one role.

    One whose heading says nothing gets that role. A person may turn to plans amid deeds; a writer that was given deeds only,
    and does, invents.
    """
    roles = {fact.id: fact.role for fact in context.ledger.facts}
    of_span: dict[str, Role | None] = {}
    for span in context.sections:
        own = {roles[fact] for fact in span.facts if fact in roles}
        of_span[span.name] = own.pop() if len(own) == 1 else None
    found, settled = list(scopes), set()
    for place, scope in enumerate(scopes if of_span else ()):
        name = context.section_at(scope.end - 1)
        role = of_span.get(name) if name else None
        if role and scope.role in (None, role):
            found[place] = replace(scope, role=role)
            settled.add(place)
    return found, frozenset(settled)
