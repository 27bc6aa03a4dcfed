"""The scorer of benchmarks/quality: it must find what was spoiled in a report, and nothing in the report itself."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

import drafter
from benchmarks.quality import cases, flags, peers, run, table, validate
from benchmarks.quality.score import corpus_names, score

CASE = cases.load_cases()["shaodu-elderly"]
CORPUS = peers.corpus_texts(cases.CORPUS)
GOOD = """邵渡镇2025年养老服务工作情况汇报

远陵县民政局：

2025年，邵渡镇认真开展养老服务工作。全镇辖8个村、1个社区，60岁以上老人4120人，独居老人263人。现将有关情况汇报如下：

一、主要工作开展情况

（一）助餐服务

全年新开助餐点4处，总数达到9处，日均就餐185人次。为46户行动不便的老人送餐上门。

（二）居家照料

完成适老化改造74户，每户补助4500元。263名独居老人全部结对，参加结对的干部和党员有118名。

二、存在的问题

一是石盘村、柿树坪村两个山区村没有助餐点，送餐单程要40分钟。二是护理员只有13名，其中持证的6名。

三、下一步工作打算

一是2026年5月底前在石盘村建助餐点1处，两个山区村都送到。二是2026年培训护理员2期，持证人数增至12名。

邵渡镇

2025年12月16日
"""


def found(text: str) -> dict[str, list[str]]:
    got = score(text, CASE.data, CORPUS)
    return {
        "missing": got.missing,
        "wrong": [number.text for number in got.wrong],
        "leaked": got.leaked,
        "residue": got.residue,
        "copied": got.copied,
        "structure": got.structure,
        "repeats": got.repeats,
    }


def test_a_report_in_its_own_words_has_nothing() -> None:
    assert {name: what for name, what in found(GOOD).items() if what} == {}


def test_marks_of_headings_are_no_fault() -> None:
    marked = re.sub(r"(?m)^(?=[一二三]、)", "## ", re.sub(r"(?m)^(?=（[一二]）)", "### ", "# " + GOOD))
    assert {name: what for name, what in found(marked).items() if what} == {}


@pytest.mark.parametrize(
    ("old", "new", "column", "expected"),
    [
        ("日均就餐185人次", "日均就餐158人次", "wrong", ["158人次"]),
        ("日均就餐185人次", "日均就餐158人次", "missing", ["f02"]),
        ("改造74户，", "改造46户，", "wrong", ["46户"]),
        ("每户补助4500元", "每户补助0.45万元", "wrong", []),
        ("为46户行动不便的老人送餐上门。", "", "missing", ["f03"]),
        ("二是护理员", "汤菊英老人住进了护理院。二是护理员", "leaked", ["汤菊英"]),
        ("日均就餐185人次", "日均就餐xx人次", "residue", ["xx"]),
        ("全年新开", "【待补充】全年新开", "residue", ["【待补充】"]),
        ("远陵县民政局：\n", "", "structure", ["no addressee on the second line"]),
        ("（二）居家照料", "（三）居家照料", "structure", ["numbering: （三）居家照料"]),
        ("\n2025年12月16日\n", "", "structure", ["no signature on the last line but one", "no date on the last line"]),
        ("持证的6名。", "持证的6名，同时还要", "structure", ["breaks off: 其中持证的6名，同时还要"]),
        ("二、存在的问题", "二、其他", "structure", ["no part for problem"]),
        ("送餐上门。", "送餐上门。全年新开助餐点4处，总数达到9处。", "repeats", ["全年新开助餐点4处，总数达到9处。"]),
    ],
)  # fmt: skip
def test_what_was_spoiled_is_found(old: str, new: str, column: str, expected: list[str]) -> None:
    assert old in GOOD
    assert found(GOOD.replace(old, new, 1))[column] == expected


def test_words_of_a_past_report_are_copied_and_words_of_the_ledger_are_not() -> None:
    taken = "老人白天过来、晚上回家，配齐棋牌桌、按摩椅和血压计。"
    assert any(taken[:4] in text for text in CORPUS)
    assert found(GOOD.replace("送餐上门。", "送餐上门。利用村部、旧校舍改建互助养老点13个，配齐棋牌桌、按摩椅和血压计。"))["copied"]  # fmt: skip


def test_every_name_of_the_past_reports_stands_in_them() -> None:
    whole = re.sub(r"\s|&[a-z]+;", "", "".join(CORPUS))
    assert [name for name in corpus_names() if name not in whole] == []


def test_facts_without_an_id_get_one_that_no_other_has() -> None:
    for case in cases.load_cases().values():
        ids = [fact["id"] for fact in case.data["facts"]]
        assert len(ids) == len(set(ids)), case.name


@pytest.mark.parametrize("name", ["shaodu-elderly", "hetang-environment", "dalingpu-rural"])
def test_drafter_flags_nothing_in_what_its_own_embedded_writer_says(name: str) -> None:
    case = cases.load_cases()[name]
    report = drafter.draft(case.path, corpus=cases.CORPUS, settings=drafter.Settings(offline=True))
    assert [(each.code, each.text) for each in report.findings if each.severity != "info"] == []
    assert score(report.text, case.data, CORPUS).covered == 1


def test_a_hundred_sentences_are_labelled_with_facts_that_are_there() -> None:
    rows = validate.labelled()
    known = {name: {fact["id"] for fact in case.data["facts"]} for name, case in cases.load_cases().items()}
    assert len(rows) == 100
    assert all(set(row["covered"]) <= known[row["facts"]] for row in rows)


def test_scorer_and_peers_import_nothing_of_drafter() -> None:
    for module in (cases, peers, score):
        source = Path(sys.modules[getattr(module, "__module__", module.__name__)].__file__ or "")
        assert not re.search(r"^\s*(?:import|from) drafter", source.read_text("utf-8"), re.M), source


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ('{"text": "办班2期。\\n第二段"}', "办班2期。\n第二段"),
        ('{"text": "“大课堂”\\"开了', '“大课堂”"开了'),
        ("办班", ""),
    ],
)
def test_the_last_attempt_counts_as_far_as_it_goes(reply: str, text: str) -> None:
    assert peers.last_attempt(["{}", reply]) == text


def row(text: str = GOOD, **more: object) -> dict[str, object]:
    calls = [{"prompt": 100, "cached": 40, "reply": 50}]
    one = {"row": "plain", "facts": CASE.name, "seed": 1, "model": "m", "seconds": 3.0}
    return {**one, "text": text, "calls": calls, "versions": {}, **more}


def test_a_line_that_a_kill_cut_off_costs_that_run_only(tmp_path: Path) -> None:
    runs = tmp_path / "runs.jsonl"
    run.keep(runs, row(seed=1))
    runs.write_text(runs.read_text("utf-8") + '{"row": "plain", "te', "utf-8")
    run.keep(runs, row(seed=2))
    assert [each["seed"] for each in run.kept(runs)] == [1, 2]


def test_a_number_under_a_flag_is_not_unflagged_and_judgements_are_counted() -> None:
    text = GOOD.replace("185人次", "158人次")
    at = text.index("158")
    finding = {
        "code": "numbers.unsupported", "severity": "error", "message": "", "text": "158人次",
        "start": at, "end": at + 5, "evidence": [],
    }  # fmt: skip
    drafted = row(text, row="drafter", findings=[finding], parts=[])
    key = flags.run_key(drafted), flags.flag_key(finding)
    got = table.of_run(drafted, CASE.data, CORPUS, {key: True})
    assert (len(got.score.wrong), got.unflagged, got.true_flags, got.unjudged) == (1, [], 1, 0)
    bare = table.of_run(row(text), CASE.data, CORPUS, {})
    assert [number.text for number in bare.unflagged] == ["158人次"]
    assert bare.tokens == 110


def test_a_sentence_that_a_rule_put_in_is_not_the_models() -> None:
    step = {
        "kind": "fallback",
        "before": "新开助餐点4处。",
        "after": "新开助餐点4处。给行动不便的老人送餐上门46户。",
    }
    part = {"writer": "endpoint", "text": step["after"], "repairs": [step]}
    assert table.written_by_model({"parts": [part]}) == 0.5
    assert table.written_by_model({"parts": [{**part, "writer": "offline"}]}) == 0.0


def test_the_table_has_a_line_for_each_row_with_medians(tmp_path: Path) -> None:
    rows = [table.of_run(row(seed=seed, seconds=seed), CASE.data, CORPUS, {}) for seed in (1.0, 2.0, 9.0)]
    line = table.table(rows)[-1]
    assert line.startswith("| plain | 3 | 1.00 | 0 |")
    assert line.endswith("| 110 | 2 |")


def test_judgements_and_kept_runs_fit_each_other() -> None:
    there = {flags.run_key(each) for each in run.kept(run.RUNS)}
    rows = map(json.loads, flags.JUDGED.read_text("utf-8").splitlines()) if flags.JUDGED.is_file() else ()
    assert [each["run"] for each in rows if each["run"] not in there] == []
