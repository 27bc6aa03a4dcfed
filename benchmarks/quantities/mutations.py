"""How many wrong numbers the check `numbers` catches, how many false alarms it raises, and the peer "digits occur in
the source" beside it, on generated ledgers (generate.py).

    python -m benchmarks.quantities.mutations [--part open] [--show KIND] [--alarms]

Caught: a finding of severity error or warning overlaps a place that the mutation changed, or a quantity that it made
false (a noun or a village is changed, the finding may stand at its number). For a swap one of the two places is
enough; `both` counts the strict reading. A false alarm is an error or warning on a draft that says only what the
ledger says, in its own words or paraphrased by rule; a finding that stood there already before the mutation catches
nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from benchmarks.intervals import share
from benchmarks.quantities import numerals
from benchmarks.quantities.generate import (
    KINDS,
    Draft,
    Edit,
    Ledger,
    Mutation,
    cases,
    clean,
    ledgers,
    paraphrases,
)
from benchmarks.quantities.themes import HERE
from benchmarks.rows import Row, markdown
from drafter.checks import run
from drafter.checks.numbers import Numbers
from drafter.facts import Facts, parse_facts
from drafter.plugins import CheckContext
from drafter.report import Finding

PEER = "digits occur in the source"
SUBJECTS = tuple(kind for kind in KINDS if kind.startswith(("subject", "owner")))
SWAPS = tuple(kind for kind in KINDS if kind.startswith("swap"))
Span = tuple[int, int]


@dataclass
class Tally:
    """What a part of the data came to."""

    caught: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)
    peer: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[Ledger, Draft, Mutation]] = field(default_factory=list)
    mentions: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    peer_alarms: Counter[str] = field(default_factory=Counter)
    raised: list[tuple[Ledger, Draft, Finding]] = field(default_factory=list)


def findings(text: str, facts: Facts) -> list[Finding]:
    """Errors and warnings of the check `numbers` that stand in the text."""
    found = run(text, CheckContext(facts), [Numbers()]).findings
    return [one for one in found if one.check == "numbers" and one.severity in ("error", "warning")]


def unsourced(text: str, known: set[object]) -> list[Span]:
    """The peer: numerals of the text whose value occurs nowhere in the ledger."""
    return [(start, end) for start, end, value in numerals.numbers(text) if value not in known]


def known_to(ledger: Ledger) -> set[object]:
    """Every value that the ledger's text, title and period hold."""
    text = "\n".join([ledger.text, str(ledger.facts["title"]), str(ledger.facts["period"])])
    return {value for _, _, value in numerals.numbers(text)}


def _touches(spans: Iterable[Span], edit: Edit) -> bool:
    places = [(edit.start, edit.end), *edit.quantities]
    return any(start < last and first < end for start, end in spans for first, last in places)


def _touched_before(spans: Iterable[Span], edit: Edit) -> bool:
    places = [edit.before, *edit.quantities_before]
    return any(start < last and first < end for start, end in spans for first, last in places)


def _spans(found: list[Finding]) -> list[Span]:
    return [(one.start, one.end) for one in found if one.start is not None and one.end is not None]


def _measure(ledger: Ledger) -> Tally:
    """The true drafts of one ledger and its wrong ones."""
    tally = Tally()
    facts, known = parse_facts(ledger.facts), known_to(ledger)
    raised: dict[str, list[Span]] = {}
    for draft in (clean(ledger), *paraphrases(ledger)):
        found = findings(draft.text, facts)
        raised[draft.kind] = _spans(found)
        tally.mentions[draft.kind] += len(draft.mentions)
        tally.alarms[draft.kind] += len(found)
        tally.errors[draft.kind] += sum(one.severity == "error" for one in found)
        tally.raised += [(ledger, draft, one) for one in found]
        spans = unsourced(draft.text, known)
        tally.peer_alarms[draft.kind] += sum(
            any(start < mention.end and mention.start < end for start, end in spans)
            for mention in draft.mentions
        )
    for draft, mutation in cases(ledger):
        kind = mutation.kind
        spans = _spans(findings(mutation.text, facts))
        # an alarm that was raised there before anything was wrong is no catch
        hits = [
            _touches(spans, edit) and not _touched_before(raised[draft.kind], edit) for edit in mutation.edits
        ]
        tally.made[kind] += 1
        tally.caught[kind] += any(hits)
        tally.both[kind] += all(hits)
        peer = unsourced(mutation.text, known)
        tally.peer[kind] += any(_touches(peer, edit) for edit in mutation.edits)
        if not any(hits):
            tally.missed.append((ledger, draft, mutation))
    return tally


def measure(part: str, seed: int = 1) -> Tally:
    """Every ledger of the part, on all cores."""
    whole = Tally()
    with ProcessPoolExecutor() as pool:
        for tally in pool.map(_measure, ledgers(part, seed)):
            for name in ("caught", "both", "peer", "made", "mentions", "errors", "alarms", "peer_alarms"):
                getattr(whole, name).update(getattr(tally, name))
            whole.missed += tally.missed
            whole.raised += tally.raised
    return whole


def _rate(count: int, mentions: int) -> str:
    return f"{1000 * count / mentions:.2f} in 1,000" if mentions else "–"


def _caught(tally: Tally, measure_: str, part: str, kinds: Iterable[str], target: str = "") -> Row:
    kinds = tuple(kinds)
    made = sum(tally.made[kind] for kind in kinds)
    caught, peer = sum(tally.caught[kind] for kind in kinds), sum(tally.peer[kind] for kind in kinds)
    both = sum(tally.both[kind] for kind in kinds)
    note = f"both places: {share(both, made)}" if set(kinds) <= set(SWAPS) else ""
    return Row(measure_, part, made, share(caught, made), {PEER: share(peer, made)}, target, note, "more")


def rows_of(part: str, tally: Tally) -> list[Row]:
    """The table of one part."""
    rows = [
        _caught(tally, "wrong numbers caught", part, KINDS, "≥ .98"),
        _caught(tally, "wrong numbers caught: swaps", part, SWAPS, "≥ .90"),
        _caught(tally, "wrong numbers caught: subjects and owners", part, SUBJECTS),
        _caught(
            tally,
            "wrong numbers caught: all others",
            part,
            [kind for kind in KINDS if kind not in (*SWAPS, *SUBJECTS)],
        ),
    ]
    rows += [
        _caught(tally, f"caught: {kind.replace('_', ' ')}", part, (kind,))
        for kind in KINDS
        if tally.made[kind]
    ]
    mentions = sum(tally.mentions.values())
    alarms, errors = sum(tally.alarms.values()), sum(tally.errors.values())
    rows.append(
        Row(
            "false alarms",
            part,
            mentions,
            _rate(alarms, mentions),
            {PEER: _rate(sum(tally.peer_alarms.values()), mentions)},
            "≤ 1 in 1,000",
            f"{alarms} findings ({share(alarms, mentions)}); errors alone {_rate(errors, mentions)}",
        )
    )
    for kind, count in tally.mentions.items():
        peer = {PEER: _rate(tally.peer_alarms[kind], count)}
        note = f"{tally.alarms[kind]} findings, {tally.errors[kind]} errors"
        rows.append(
            Row(
                f"false alarms: {kind}", part, count, _rate(tally.alarms[kind], count), peer, "", note, "less"
            )
        )
    return rows


def parts() -> list[str]:
    """The parts that have material."""
    return [part for part in ("open", "kept") if any((HERE / part).glob("*.json"))]


def rows() -> list[Row]:
    """Every part."""
    return [row for part in parts() for row in rows_of(part, measure(part))]


def _lines(ledger: Ledger, draft: Draft, mutation: Mutation) -> Iterator[str]:
    for edit in mutation.edits:
        start = mutation.text.rfind("\n", 0, edit.start) + 1
        start = max(start, mutation.text.rfind("。", 0, edit.start) + 1)
        end = mutation.text.find("。", edit.end) + 1
        sentence = (
            mutation.text[start : edit.start] + f"⟦{edit.was}→{edit.became}⟧" + mutation.text[edit.end : end]
        )
        yield f"{mutation.kind} ({draft.kind}): {sentence}"
        near = [one.statement for one in draft.sentences if one.start <= edit.before[0] < one.end]
        for place in near:
            fact = ledger.facts["facts"][place]
            yield f"    {fact['id']} {fact['topic']}：{fact['text']}"


def main() -> int:
    """Print the table, or what was missed, or what was raised."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--part", choices=("open", "kept"))
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--show", metavar="KIND", help="missed mutations of a kind, or `all`")
    arguments.add_argument("--alarms", action="store_true", help="the false alarms")
    options = arguments.parse_args()
    chosen = [options.part] if options.part else parts()
    for part in chosen:
        tally = measure(part, options.seed)
        if options.show:
            for ledger, draft, mutation in tally.missed:
                if options.show in ("all", mutation.kind):
                    print("\n".join(_lines(ledger, draft, mutation)))
        if options.alarms:
            for ledger, draft, one in tally.raised:
                around = draft.text[max(0, (one.start or 0) - 25) : (one.end or 0) + 15].replace("\n", "⏎")
                print(f"{ledger.seed} {draft.kind} {one.code} {one.text}: …{around}… {one.message}")
        if not options.show and not options.alarms:
            print(markdown(rows_of(part, tally)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
