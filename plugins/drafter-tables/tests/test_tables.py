"""The table, in a report drafted by the offline writer."""

import drafter
from drafter import Settings
from drafter.plugins import load_registry

from drafter_tables import amounts_of

REGISTRY = load_registry(["drafter_tables"], entry_points=False)
LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "outline": ["opening", "achievements", "plans", "figures"],
    "facts": [
        {"topic": "隐患排查", "text": "3月12日起排查山塘28座，发现隐患9处，已整改7处"},
        {"topic": "物资储备", "text": "备编织袋4500条、救生衣80件"},
        {"topic": "责任落实", "text": "村级防汛员全部到岗"},
        {"role": "plan", "topic": "隐患排查", "text": "8月底前整改剩余2处隐患"},
    ],
}


def drafted(ledger):
    return drafter.draft(ledger, settings=Settings(), registry=REGISTRY)


def table(report):
    return next((block.rows for block in report.blocks if block.kind == "table"), ())


def test_nothing_about_it_is_broken():
    assert REGISTRY.problems == []


def test_each_fact_with_figures_is_a_row_and_plans_are_none():
    assert table(drafted(LEDGER)) == (
        ("序号", "主题", "事项", "数量"),
        ("1", "隐患排查", "3月12日起排查山塘28座，发现隐患9处，已整改7处", "28座、9处、7处"),
        ("2", "物资储备", "备编织袋4500条、救生衣80件", "4500条、80件"),
    )


def test_it_stands_last_and_takes_no_fact_away():
    report = drafted(LEDGER)
    assert report.sections[-1].name == "figures"
    assert report.sections[-1].text.startswith("附表：2024年上半年防汛备汛工作主要数据")
    assert report.sections[-1].facts == []
    assert "排查山塘28座" in report.sections[1].text


def test_a_heading_in_the_outline_takes_the_place_of_the_caption():
    outline = ["opening", "achievements", "plans", {"name": "figures", "heading": "主要数据"}]
    report = drafted({**LEDGER, "outline": outline})
    assert "## 三、主要数据\n\n| 序号 |" in report.text
    assert "附表" not in report.text


def test_no_check_finds_fault_with_it():
    assert drafted(LEDGER).findings == []


def test_a_figure_changed_in_the_table_is_found():
    text = drafted(LEDGER).text.replace("28座、9处、7处 |", "28座、6处、7处 |")
    found = drafter.check(text, LEDGER, settings=Settings(), registry=REGISTRY).findings
    assert [finding.text for finding in found] == ["6处"]


def test_a_ledger_without_figures_has_no_table():
    facts = ["村级防汛员全部到岗", {"role": "plan", "text": "8月底前整改剩余2处隐患"}]
    assert table(drafted({**LEDGER, "facts": facts})) == ()


def test_dates_and_set_phrases_are_no_amounts():
    assert amounts_of("5月18日落实“三会一课”，参加130余人") == ["130余人"]
