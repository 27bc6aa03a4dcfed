"""The generated ledgers, drafts and mutations of the numbers benchmark are what they claim to be."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from benchmarks.quantities import numerals, themes
from benchmarks.quantities.generate import KINDS, Ledger, cases, clean, ledgers, paraphrases
from drafter.facts import parse_facts

LEDGERS = ledgers("open", 1)


@pytest.mark.parametrize(
    "path", sorted(themes.HERE.glob("*/*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_material_has_no_faults(path):
    assert themes.faults(json.loads(path.read_text(encoding="utf-8"))) == []


def test_one_seed_gives_one_output():
    def told(made: list[Ledger]) -> list[object]:
        return [(ledger.facts, clean(ledger), list(cases(ledger))) for ledger in made[:4]]

    assert told(ledgers("open", 1)) == told(LEDGERS)
    assert told(ledgers("open", 2)) != told(LEDGERS)


def test_a_ledger_is_a_facts_file_with_many_quantities():
    assert len(LEDGERS) >= 30
    for ledger in LEDGERS:
        assert parse_facts(ledger.facts).facts
        assert sum(len(statement.quantities) for statement in ledger.statements) >= 20


def test_every_value_of_a_clean_draft_is_in_its_ledger():
    for ledger in LEDGERS:
        facts = [fact["text"] for fact in ledger.facts["facts"]]
        draft = clean(ledger)
        for mention in draft.mentions:
            said = numerals.numbers(draft.text[mention.start : mention.end])
            source = facts[mention.statement] if mention.statement >= 0 else ledger.facts["period"]
            assert said
            assert {value for _, _, value in said} <= {value for _, _, value in numerals.numbers(source)}


def test_paraphrases_tell_every_quantity():
    for ledger in LEDGERS[:6]:
        told = {(mention.statement, mention.slot) for mention in clean(ledger).mentions}
        for draft in paraphrases(ledger):
            assert told <= {(mention.statement, mention.slot) for mention in draft.mentions}
            assert all(draft.text[mention.start : mention.end].strip() for mention in draft.mentions)


def test_a_mutation_differs_exactly_at_its_edits():
    counted: Counter[str] = Counter()
    for ledger in LEDGERS:
        for draft, mutation in cases(ledger):
            text = mutation.text
            for edit in reversed(mutation.edits):
                assert text[edit.start : edit.end] == edit.became != edit.was
                assert draft.text[slice(*edit.before)] == edit.was
                assert edit.quantities
                text = text[: edit.start] + edit.was + text[edit.end :]
            assert text == draft.text
            assert len(mutation.edits) == (2 if mutation.kind.startswith("swap") else 1)
            counted[mutation.kind] += 1
    assert all(counted[kind] >= 10 for kind in KINDS), counted


@pytest.mark.parametrize("value", [*range(0, 300), 1005, 2000, 10010, 12000, 100010, 150000, 260000000])
def test_a_chinese_numeral_reads_back(value):
    written = numerals.chinese(numerals.Decimal(value))
    assert numerals.read(written) == value
    assert re.fullmatch("[零一二两三四五六七八九十百千万亿]+", written)
