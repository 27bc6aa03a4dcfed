"""Whether each fact that the text must carry is in it: its numbers, its names, and enough of its words, in one place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.checks.folding import squeeze
from drafter.checks.sources import Source, Sources, without_mentions
from drafter.checks.wording import Span, Wording, pairs
from drafter.plugins.protocols import CheckContext
from drafter.quantities import Mention, find, same_quantity
from drafter.report import Finding, Severity

ENOUGH = 0.45
"""Share of a fact's words that one place of the text must have."""
SOME = 0.2
_NEIGHBOURS = 3
_QUOTED = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,30}”")


@dataclass(frozen=True)
class _Sentence:
    pairs: frozenset[str]
    mentions: tuple[tuple[Mention, frozenset[str]], ...]
    """Each quantity with the wording of its clause (and of the clause before, where its own says little)."""
    text: str


class Coverage:
    """A required fact that is absent, or whose number or name is, is an error."""

    name = "coverage"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings coverage.missing and coverage.partial; they stand nowhere in the text and name the fact."""
        sources = Sources.of(context.ledger)
        known = {source.fact: source for source in sources.facts}
        sentences = _sentences(text)
        homes = {fact: span.name for span in context.sections for fact in span.facts}
        for fact in context.expected:
            source = (
                known.get(fact.id) or Sources(context.ledger.model_copy(update={"facts": [fact]})).facts[0]
            )
            verdict = _judge(source, sentences, sources)
            if verdict:
                code, severity, message = verdict
                yield Finding(
                    check=self.name,
                    code=f"coverage.{code}",
                    severity=severity,
                    message=message,
                    section=homes.get(fact.id),
                    evidence=(source.evidence,),
                )


def _sentences(text: str) -> list[_Sentence]:
    wording = Wording(text)
    mentions = [mention for mention in find(text) if mention.countable]
    found: list[_Sentence] = []
    at = 0
    for start, end in wording.sentences:
        inside = []
        while at < len(mentions) and mentions[at].start < end:
            if mentions[at].start >= start:
                inside.append(mentions[at])
            at += 1
        words = without_mentions(text, inside, start, end)
        known: dict[Span, frozenset[str]] = {}
        near = tuple((mention, _beside(mention, text, wording, inside, known)) for mention in inside)
        found.append(_Sentence(pairs(words), near, squeeze(text[start:end])))
    return found


def _beside(
    mention: Mention,
    text: str,
    wording: Wording,
    inside: Sequence[Mention],
    known: dict[Span, frozenset[str]],
) -> frozenset[str]:
    """Wording of the mention's clause; `known` keeps what was read before."""

    def of(span: Span) -> frozenset[str]:
        if span not in known:
            known[span] = pairs(without_mentions(text, inside, *span))
        return known[span]

    clause = of(wording.clause_at(mention.start))
    before = wording.clause_before(mention.start)
    return clause | of(before) if before and len(clause) < 2 else clause


def _judge(
    source: Source, sentences: Sequence[_Sentence], sources: Sources
) -> tuple[str, Severity, str] | None:
    """What is wrong with how the text carries this fact, or None."""
    wanted = pairs(without_mentions(source.text, source.mentions, 0, len(source.text)))
    names = list(dict.fromkeys(_QUOTED.findall(source.text)))
    best_score, best = -1.0, (0.0, list(source.mentions), names)
    touched = [i for i, sentence in enumerate(sentences) if _touches(source, wanted, sentence)]
    for i in touched:
        window = sentences[max(0, i - _NEIGHBOURS + 1) : i + _NEIGHBOURS]
        present = frozenset().union(*(sentence.pairs for sentence in window))
        share = _share(wanted, present, sources)
        absent = [m for m in source.mentions if not any(_carried(m, source, sentence) for sentence in window)]
        without = [name for name in names if not any(squeeze(name) in sentence.text for sentence in window)]
        score = share + _part_found(source.mentions, absent) + _part_found(names, without)
        if score > best_score:
            best_score, best = score, (share, absent, without)
    share, absent, without = best
    things = [source.text[m.start : m.end] for m in absent] + list(without)
    complete = not things
    if share < SOME and not (complete and (source.mentions or names) and share > 0):
        return "missing", "error", f"没有写到：“{source.text}”"
    if things:
        return "partial", "error", f"“{source.text}”没有写全，缺：{'、'.join(things)}"
    if share < ENOUGH and not (source.mentions or names):
        return "partial", "warning", f"“{source.text}”可能没有写全，请核对"
    return None


def _touches(source: Source, wanted: frozenset[str], sentence: _Sentence) -> bool:
    if wanted & sentence.pairs:
        return True
    return any(same_quantity(mention, other) for mention in source.mentions for other, _ in sentence.mentions)


def _share(wanted: frozenset[str], present: frozenset[str], sources: Sources) -> float:
    """Share of the wanted pairs that are present; those that many facts share weigh a third."""
    if not wanted:
        return 1.0
    total = sum(1 / 3 if pair in sources.common else 1.0 for pair in wanted)
    return sum(1 / 3 if pair in sources.common else 1.0 for pair in wanted & present) / total


def _part_found(things: Sequence[object], absent: Sequence[object]) -> float:
    return 0.0 if not things else 1 - len(absent) / len(things)


def _carried(mention: Mention, source: Source, sentence: _Sentence) -> bool:
    """Whether the sentence states this quantity, and of the same thing."""
    if mention.parts:
        return any(frozenset(mention.parts) <= frozenset(other.parts) for other, _ in sentence.mentions)
    return any(
        same_quantity(mention, other)
        and (not beside or bool(beside & source.pairs) or len(sentence.pairs & source.pairs) >= 3)
        for other, beside in sentence.mentions
    )
