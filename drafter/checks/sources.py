"""What may support a text: the facts of the ledger and its header, each with its quantities and wording, read once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from drafter.checks.wording import pairs
from drafter.facts import Facts
from drafter.quantities import Mention, find
from drafter.report import Evidence

PERIOD_LABEL = "报告时段"
DATE_LABEL = "成文日期"
_HEADER = {
    "organization": "报告单位",
    "period": PERIOD_LABEL,
    "theme": "主题",
    "title": "标题",
    "recipient": "主送机关",
    "date": DATE_LABEL,
}


@dataclass(frozen=True)
class Source:
    """One fact, or one field of the header, with what it states."""

    text: str
    mentions: tuple[Mention, ...]
    wording: str
    """What it is recognised by: its text, a fact's topic with it; a topic without its numbers."""
    fact: str | None = None
    topic: str = ""
    label: str = ""
    role: str = ""
    """The fact's role in the report; empty for the header."""
    times: tuple[Mention, ...] = ()
    """Words for a time that state none by themselves (去年, 截至目前)."""

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The wording by pairs of characters."""
        return pairs(self.wording)

    @cached_property
    def evidence(self) -> Evidence:
        """This source as evidence of a finding or claim."""
        return Evidence(fact=self.fact, text=f"{self.label}：{self.text}" if self.label else self.text)


@dataclass(frozen=True)
class Sources:
    """The ledger as sources; `common` are pairs of characters that tell no fact from another."""

    ledger: Facts

    @classmethod
    def of(cls, ledger: Facts) -> Sources:
        """The sources of this ledger, read once for all checks of all its wordings; a ledger never changes."""
        known = next((sources for sources in _recent if sources.ledger is ledger), None)
        if known is None:
            known = cls(ledger)
            _recent.append(known)
        return known

    @cached_property
    def facts(self) -> tuple[Source, ...]:
        """One source a fact, in the ledger's order."""
        return tuple(
            Source(
                fact.text,
                _countable(found := find(fact.text)),
                f"{fact.topic}，{fact.text}",
                fact.id,
                fact.topic,
                role=fact.role,
                times=tuple(mention for mention in found if mention.relative and not mention.countable),
            )
            for fact in self.ledger.facts
        )

    @cached_property
    def header(self) -> tuple[Source, ...]:
        """One source for each header field that is filled in."""
        values = [(label, str(getattr(self.ledger, name))) for name, label in _HEADER.items()]
        return tuple(
            Source(text, _countable(find(text)), text, label=label) for label, text in values if text
        )

    @cached_property
    def topics(self) -> tuple[Source, ...]:
        """One source for each topic, which is the office's own wording too; its evidence is its first fact."""
        first = {fact.topic: fact for fact in reversed(self.ledger.facts) if fact.topic}
        found: list[Source] = []
        for topic, fact in first.items():
            mentions = _countable(find(topic))
            wording = without_mentions(topic, mentions, 0, len(topic))
            found.append(Source(topic, mentions, wording, fact.id, topic))
        return tuple(found)

    @cached_property
    def all(self) -> tuple[Source, ...]:
        """Header and facts."""
        return self.header + self.facts

    @cached_property
    def common(self) -> frozenset[str]:
        """Pairs of the report's own name and theme, and those that many facts share."""
        counts = Counter(pair for source in self.facts for pair in source.pairs)
        limit = max(4, len(self.facts) // 6)
        shared = {pair for pair, count in counts.items() if count > limit}
        return frozenset(shared | self.own_words)

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Pairs of the office's name and of the theme, which stand all over the report."""
        return pairs(self.ledger.organization) | pairs(self.ledger.theme)

    @cached_property
    def names(self) -> str:
        """Everything the ledger says, as one text."""
        header = (*(source.text for source in self.header), self.ledger.report_title)
        extra = (
            self.ledger.document_number,
            self.ledger.signer,
            self.ledger.contact,
            *(attachment.name for attachment in self.ledger.attachments),
            *(cell for attachment in self.ledger.attachments for row in attachment.rows for cell in row),
        )
        return "\n".join((*header, *extra, *(f"{source.topic}\n{source.text}" for source in self.facts)))


_recent: deque[Sources] = deque(maxlen=8)


def _countable(found: Sequence[Mention]) -> tuple[Mention, ...]:
    return tuple(mention for mention in found if mention.countable)


def without_mentions(text: str, mentions: Sequence[Mention], start: int, end: int) -> str:
    """text[start:end] with the numbers and their measure words blanked, so that wording alone is compared.

    `mentions` stand in the order of the text, as `find` gives them.
    """
    chars = list(text[start:end])
    for place in range(bisect_right(mentions, start, key=_end), len(mentions)):
        mention = mentions[place]
        if mention.start >= end:
            break
        first, last = max(mention.start, start) - start, min(mention.end, end) - start
        chars[first:last] = " " * (last - first)
    return "".join(chars)


def _end(mention: Mention) -> int:
    return mention.end
