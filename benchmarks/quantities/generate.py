"""Ledgers, drafts that tell them rightly, and drafts with exactly one thing made wrong, out of material files and a seed.

    python -m benchmarks.quantities.generate --lint FILE...        faults of material files
    python -m benchmarks.quantities.generate --sample FILE         a ledger and its draft, to read
    python -m benchmarks.quantities.generate --counts [--part P]   how much a part yields

It imports nothing of drafter and looks at none of its rules, so that neither can excuse the other. The format of the
material is MATERIAL.md; all chance comes from the seed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.quantities.drafts import Draft, Ledger, clean, ledger_of, ledgers, paraphrases
from benchmarks.quantities.themes import faults
from benchmarks.quantities.wrong import KINDS, Edit, Mutation, mutations

__all__ = [
    "KINDS",
    "Draft",
    "Edit",
    "Ledger",
    "Mutation",
    "cases",
    "clean",
    "ledgers",
    "mutations",
    "paraphrases",
]


def cases(ledger: Ledger) -> Iterator[tuple[Draft, Mutation]]:
    """The mutations of the clean draft, one of each kind of the mixed one, and the wrong totals of the derived one."""
    drafts = {draft.kind: draft for draft in paraphrases(ledger)}
    first = clean(ledger)
    for mutation in mutations(ledger, first):
        yield first, mutation
    for name, kinds in (("chinese", ("chinese_numeral",)), ("mixed", KINDS), ("derived", ("derived_total",))):
        if name in drafts:
            for mutation in mutations(ledger, drafts[name], 2 if name == "derived" else 1, kinds):
                yield drafts[name], mutation


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--lint", type=Path, nargs="+", metavar="FILE")
    arguments.add_argument("--sample", type=Path, metavar="FILE")
    arguments.add_argument("--counts", action="store_true")
    arguments.add_argument("--part", default="open")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    if options.lint:
        found = 0
        for path in options.lint:
            theme = json.loads(path.read_text(encoding="utf-8"))
            wrong = faults(theme)
            if not wrong:
                for number in range(5):
                    try:
                        ledger = ledger_of("lint", number, 0, [theme])
                        clean(ledger)
                    except (ValueError, KeyError) as error:
                        wrong.append(str(error))
            for fault in dict.fromkeys(wrong):
                print(f"{path.name}: {fault}")
            found += len(wrong)
        return 1 if found else 0
    if options.sample:
        theme = json.loads(options.sample.read_text(encoding="utf-8"))
        ledger = ledger_of("sample", options.seed, 0, [theme])
        print(ledger.facts["title"])
        for fact in ledger.facts["facts"]:
            print(f"{fact['id']} {fact['topic']}：{fact['text']}")
        print(f"\n{clean(ledger).text}")
        return 0
    if options.counts:
        made = ledgers(options.part, options.seed)
        total: Counter[str] = Counter()
        for ledger in made:
            total.update(mutation.kind for _, mutation in cases(ledger))
        quantities = [sum(len(one.quantities) for one in ledger.statements) for ledger in made]
        print(f"{len(made)} ledgers, {sum(quantities)} quantities ({min(quantities)} to {max(quantities)})")
        for kind in KINDS:
            print(f"{kind:28} {total[kind]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
