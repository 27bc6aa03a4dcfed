"""Clean public prose against itself, and with one digit changed: texts that nobody wrote for this.

    python -m benchmarks.quantities.prose [--passages 400]

Each passage of ../shared/data/retrieval is a text whose facts are its own sentences, one a fact. Unchanged, it must raise
nothing; with one digit of one figure changed, the figure must be found.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.intervals import share
from benchmarks.quantities.public import SHARED, read_jsonl
from benchmarks.rows import Row, markdown
from drafter.checks.numbers import Numbers
from drafter.errors import DrafterError
from drafter.facts import Facts, parse_facts
from drafter.plugins import CheckContext
from drafter.quantities import find

PASSAGES = 400
_SENTENCE = re.compile(r"(?<=[。！？；\n])")
_FIGURE = re.compile(r"(?<![\d.,])\d{1,6}(?![\d.,])")


def ledger_of(text: str) -> Facts | None:
    """The sentences of a text as facts; None where one is too long for a fact."""
    facts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    try:
        return parse_facts({"organization": "某某单位", "period": "2024年", "theme": "资料", "facts": facts})
    except DrafterError:
        return None


def passages(shared: Path, count: int) -> Iterator[tuple[str, Facts]]:
    """A sample of the public passages, each with its own sentences as facts."""
    found = read_jsonl(shared / "data" / "retrieval" / "passages.jsonl")
    random.Random(1).shuffle(found)
    for row in found[:count]:
        ledger = ledger_of(row["text"])
        if ledger is not None:
            yield row["text"], ledger


def changed(text: str, chance: random.Random) -> tuple[str, int] | None:
    """The text with one digit of one figure changed into one that stands nowhere in it, and where; None without a figure."""
    figures = list(_FIGURE.finditer(text))
    if not figures:
        return None
    figure = chance.choice(figures)
    place = chance.randrange(len(figure[0]))
    known = set(_FIGURE.findall(text))
    for digit in chance.sample("123456789", 9):
        other = figure[0][:place] + digit + figure[0][place + 1 :]
        if other not in known:
            return text[: figure.start()] + other + text[figure.end() :], figure.start()
    return None


def rows(shared: Path = SHARED, count: int = PASSAGES) -> list[Row]:
    """False alarms on the unchanged passages, and how many changed digits are found."""
    if not (shared / "data" / "retrieval").is_dir():
        return [Row("false alarms: public prose against itself", "", None, "left out", note="no ../shared")]
    chance = random.Random(2)
    mentions = alarms = made = caught = 0
    check = Numbers()
    for text, ledger in passages(shared, count):
        mentions += sum(mention.countable for mention in find(text))
        alarms += sum(1 for _ in check.check(text, CheckContext(ledger)))
        mutation = changed(text, chance)
        if mutation is None:
            continue
        wrong, place = mutation
        made += 1
        caught += any(
            finding.start is not None and finding.end is not None and finding.start <= place < finding.end
            for finding in check.check(wrong, CheckContext(ledger))
        )
    where = f"{count} passages of CMRC2018 and DRCD"
    rate = f"{1000 * alarms / max(1, mentions):.2f} in 1,000"
    return [
        Row("false alarms: public prose against itself", where, mentions, rate, target="≤ 1 in 1,000"),
        Row(
            "wrong numbers caught: one digit of public prose",
            where,
            made,
            share(caught, made),
            target="≥ .98",
        ),
    ]


def main() -> None:
    """Print the two rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=PASSAGES)
    print(markdown(rows(SHARED, parser.parse_args().passages)))


if __name__ == "__main__":
    main()
