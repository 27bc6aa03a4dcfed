"""coverage on the cases of cases/coverage.txt: facts told in other words, in part, not at all, or another in their place."""

from __future__ import annotations

import drafter
from drafter.checks import run
from drafter.checks.coverage import Coverage
from drafter.checks.wording import Wording
from drafter.facts import Facts, load_facts, parse_facts
from drafter.plugins import CheckContext
from drafter.report import Finding
from tests.conftest import EXAMPLES
from tests.coverage_cases import MISSING, OTHER, PARTIAL, PRESENT, confusion, shares

LEDGERS = sorted((EXAMPLES / "facts").iterdir())


def coverage(ledger: Facts, text: str) -> list[Finding]:
    context = CheckContext(ledger, expected=ledger.facts)
    return run(text, context, [Coverage()]).findings


def test_what_is_not_whole_is_found_and_what_is_told_in_other_words_is_not() -> None:
    found, wrong = confusion()
    precision, recall = shares(found)
    assert sum(found.values()) >= 380
    assert precision >= 0.99, wrong
    assert recall >= 0.98, wrong
    assert found[MISSING, MISSING] >= 0.98 * sum(found[MISSING, said] for said in (PRESENT, PARTIAL, MISSING))
    assert found[PARTIAL, PARTIAL] >= 0.97 * sum(found[PARTIAL, said] for said in (PRESENT, PARTIAL, MISSING))
    assert found[OTHER, PRESENT] <= 2


def test_finished_drafts_tell_all_and_miss_exactly_what_is_cut_out_of_them() -> None:
    for path in LEDGERS:
        ledger = load_facts(path)
        text = drafter.draft(str(path), settings=drafter.load_settings({"offline": True})).text
        assert coverage(ledger, text) == []
        cuts = missing = 0
        for start, end in Wording(text).sentences:
            told = [fact for fact in ledger.facts if _tells(text[start:end], fact.text)]
            if len(told) != 1:
                continue
            cuts += 1
            found = coverage(ledger, text[:start] + text[end:])
            assert [(f.evidence[0].fact, f.severity) for f in found] == [(told[0].id, "error")]
            missing += (
                found[0].code == "coverage.missing"
            )  # else another sentence has its words, without the figure
        assert cuts > 20, path
        assert missing >= 0.8 * cuts, path


def _tells(sentence: str, fact: str) -> bool:
    """Whether the offline writer made the sentence of this fact: it keeps the end of every ledger line."""
    return fact[-6:] in sentence


def ledger_of(*facts: str) -> Facts:
    return parse_facts(
        {
            "organization": "石溪镇",
            "period": "2024年",
            "theme": "重点工作",
            "facts": [{"id": f"f{number}", "text": text} for number, text in enumerate(facts, 1)],
        }
    )


def test_the_message_says_what_is_missing() -> None:
    ledger = ledger_of("在《江城日报》发稿23篇，开设专栏", "石桥村、柳塘村各修渠3公里")
    found = coverage(ledger, "在报纸上发稿23篇。石桥村修渠3公里。")
    assert [(f.code, f.severity, f.message) for f in found] == [
        ("coverage.partial", "error", "“在《江城日报》发稿23篇，开设专栏”没有写全，缺：江城日报、开设专栏"),
        ("coverage.partial", "error", "“石桥村、柳塘村各修渠3公里”没有写全，缺：柳塘村"),
    ]


def test_a_deed_without_figure_or_name_is_a_warning() -> None:
    ledger = ledger_of("成立应急小分队，配备装备，开展夜间拉练")
    assert coverage(ledger, "应急小分队已经组建，装备配齐，夜间还组织了拉练。") == []
    (finding,) = coverage(ledger, "成立应急小分队，配备了装备。")
    assert (finding.code, finding.severity) == ("coverage.partial", "warning")
    assert finding.message.endswith("请核对：开展夜间拉练")


def test_a_figure_told_of_each_covers_each_and_else_one() -> None:
    ledger = ledger_of("开展作风督查9次", "开展业务培训9次")
    assert coverage(ledger, "作风督查、业务培训各开展9次。") == []
    (finding,) = coverage(ledger, "开展作风督查9次，业务培训有序推进。")
    assert (finding.code, finding.evidence[0].fact) == ("coverage.partial", "f2")
    (finding,) = coverage(ledger, "开展作风督查9次。")
    assert (finding.code, finding.evidence[0].fact) == ("coverage.missing", "f2")


def test_an_expected_fact_that_the_ledger_lacks_is_asked_for_too() -> None:
    ledger = ledger_of("植树300棵")
    (other,) = parse_facts(
        {**ledger.model_dump(exclude={"facts"}), "facts": [{"id": "x1", "text": "清淤渠道5公里"}]}
    ).facts
    context = CheckContext(ledger, expected=[*ledger.facts, other])
    found = run("植树300棵。", context, [Coverage()]).findings
    assert [(f.code, f.evidence[0].fact) for f in found] == [("coverage.missing", "x1")]
