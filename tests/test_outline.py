"""The outline: facts go to a section by role and topic, each belongs somewhere, and what is left is handed back."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.errors import OutlineError
from drafter.facts import parse_facts
from drafter.numbering import chinese, enumerator, heading_number
from drafter.outline import Outline, make_outline
from drafter.plugins import Section, load_registry
from drafter.sections.headings import compose_headings

REGISTRY = load_registry(entry_points=False)


def outline(plain: dict[str, Any], **changes: Any) -> Outline:
    return make_outline(parse_facts({**plain, **changes}), REGISTRY)


def test_each_role_has_its_section_and_every_fact_a_place(plain: dict[str, Any]) -> None:
    made = outline(plain)
    assert [section.name for section in made.sections] == [
        "opening",
        "achievements",
        "problems",
        "plans",
        "closing",
    ]
    placed = [fact.id for section in made.sections for fact in section.facts]
    assert sorted(placed) == sorted(fact["id"] for fact in plain["facts"])
    assert made.leftover == ()


def test_achievements_have_a_leaf_a_topic_in_the_order_of_the_file(plain: dict[str, Any]) -> None:
    achievements = outline(plain).sections[1]
    assert [leaf.topics for leaf in achievements.leaves][:2] == [("责任落实",), ("隐患排查",)]


def test_thin_topics_are_merged_into_one_leaf(plain: dict[str, Any]) -> None:
    achievements = outline(plain).sections[1]
    assert achievements.leaves[-1].topics == ("物资储备", "应急演练")


def test_background_of_a_topic_with_a_subsection_leads_that_subsection(plain: dict[str, Any]) -> None:
    extra = {"id": "b", "role": "background", "topic": "隐患排查", "text": "山塘多建于上世纪"}
    made = outline(plain, facts=[*plain["facts"], extra])
    leaf = made.sections[1].leaves[1]
    assert [fact.id for fact in leaf.facts] == ["b", "f05", "f06"]


def test_facts_without_a_topic_come_last(plain: dict[str, Any]) -> None:
    made = outline(
        plain, facts=["走访慰问困难户80户并逐户建立台账、开展回访登记工作，全部完成", *plain["facts"]]
    )
    assert made.sections[1].leaves[-1].topics == ()


def test_the_file_sets_order_headings_topics_and_length(plain: dict[str, Any]) -> None:
    made = outline(
        plain,
        outline=[
            "plans",
            {
                "name": "achievements",
                "heading": "做了什么",
                "topics": ["隐患排查", "责任落实"],
                "length": 900,
            },
        ],
    )
    plans, achievements = made.sections
    assert (plans.heading, achievements.heading) == ("下一步工作打算", "做了什么")
    assert [leaf.topics for leaf in achievements.leaves] == [("隐患排查",), ("责任落实",)]
    assert sum(leaf.length for leaf in achievements.leaves) == pytest.approx(900, abs=2)


def test_what_no_section_takes_is_handed_back(plain: dict[str, Any]) -> None:
    made = outline(plain, outline=["opening", {"name": "achievements", "topics": ["隐患排查"]}, "plans"])
    assert {fact.id for fact in made.leftover} == {"f02", "f03", "f04", "f07", "f08", "f09", "f10"}


def test_one_section_may_stand_twice_with_different_topics(plain: dict[str, Any]) -> None:
    made = outline(
        plain,
        outline=[
            {"name": "achievements", "heading": "甲", "topics": ["隐患排查"]},
            {"name": "achievements", "heading": "乙"},
        ],
    )
    first, second = made.sections
    assert {fact.topic for fact in first.facts} == {"隐患排查"}
    assert "隐患排查" not in {fact.topic for fact in second.facts}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outline": ["opening", "sumary"]}, "outline[1].name：没有名为“sumary”的章节"),
        ({"report_type": "speech"}, "report_type：没有“speech”这种报告类型"),
    ],
)
def test_an_unknown_section_or_type_names_its_place(
    plain: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(OutlineError) as caught:
        outline(plain, **changes)
    assert said in str(caught.value)


def test_the_opening_stands_without_any_background(plain: dict[str, Any]) -> None:
    made = outline(plain, facts=["办班2期"])
    assert len(made.sections[0].leaves) == 1
    assert [section.name for section in made.sections if section.leaves] == ["opening", "achievements"]


def test_headings_differ_and_hold_nothing_that_needs_a_fact() -> None:
    topics = [("理论学习",), ("能力学习",), ("防汛备汛",), ("甲项", "乙项"), ("丙项",), ("丁项",), ()]
    headings = compose_headings(topics, [()] * len(topics))
    assert len(set(headings)) == len(topics)
    assert all("{t}" not in heading for heading in headings)
    assert "甲项和乙项" in headings[3]


@pytest.mark.parametrize(
    ("past", "taken"),
    [
        (["紧盯隐患排查，把风险管在前头"], "紧盯隐患排查，把风险管在前头"),
        (["在〔地名〕开展隐患排查"], None),  # it held a name
        (["隐患排查3次"], None),  # a number
        (["防汛隐患排查与物资储备"], None),  # another topic of this report
        (["强化宣传"], None),
        (["隐患排查"], None),  # no more than the topic itself
    ],
)
def test_a_past_heading_is_taken_only_when_it_is_clean_and_fits(past: list[str], taken: str | None) -> None:
    heading = compose_headings([("隐患排查",), ("物资储备",)], [past, []])[0]
    assert heading == (taken or "深入开展隐患排查，防范化解风险")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (2024, "二千零二十四"),
    ],
)
def test_chinese_numbers_of_headings(number: int, written: str) -> None:
    assert chinese(number) == written
    assert enumerator(number) == written + "是"


def test_the_four_levels_of_headings() -> None:
    assert [heading_number(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2. ", "（2）"]
    with pytest.raises(ValueError, match="1 to 9999"):
        heading_number(1, 0)


def test_a_second_role_gives_way_to_a_section_whose_first_it_is(plain: dict[str, Any]) -> None:
    class Risks(Section):
        name, heading, roles = "risks", "存在的风险点", ("problem", "plan")

    registry = load_registry(entry_points=False)
    registry.sections["risks"] = Risks()

    def facts(*names: str) -> dict[str, list[str]]:
        ledger = parse_facts({**plain, "outline": ["opening", "achievements", *names]})
        return {
            section.name: [fact.id for fact in section.facts]
            for section in make_outline(ledger, registry).sections[2:]
        }

    assert facts("risks") == {"risks": ["f09", "f10", "f11"]}
    assert facts("risks", "plans") == {"risks": ["f09", "f10"], "plans": ["f11"]}
    assert facts("plans", "risks") == {"plans": ["f11"], "risks": ["f09", "f10"]}
