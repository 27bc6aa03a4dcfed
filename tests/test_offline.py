"""The embedded writer: ledger lines become sentences, every fact once, nothing that is not in the facts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.facts import Facts, load_facts, parse_facts
from drafter.outline import make_outline
from drafter.passages import Role
from drafter.plugins import WriteRequest, load_registry
from drafter.quantities import find
from drafter.writers.ledger_prose import sentence
from drafter.writers.offline import compose
from tests.conftest import EXAMPLES

REGISTRY = load_registry(entry_points=False)

LINES: list[tuple[str, Role, str]] = [
    ("发资料2300余份", "done", "发放资料2300余份"),
    ("5月18日在柳塘村办转移演练，130余人参加", "done", "5月18日在柳塘村举办转移演练，130余人参加"),
    ("签《防汛责任书》17份", "done", "签订《防汛责任书》17份"),
    ("惠民演出12场", "done", "组织惠民演出12场"),
    ("公益电影30场", "done", "放映公益电影30场"),
    ("3月春季大扫除，出动900余人次", "done", "3月开展春季大扫除，出动900余人次"),
    ("应急物资：编织袋4500条", "done", "应急物资，编织袋4500条"),
    ("学习内容12项：条例、办法、纪要", "done", "学习内容12项，包括条例、办法、纪要"),
    ("各村服务队：送药、理发、修家电", "done", "各村服务队组织送药、理发、修家电"),
    ("网格员：隐患排查、信息上报", "done", "网格员开展隐患排查、信息上报"),
    ("资料组管信息汇总", "done", "资料组负责信息汇总"),
    ("建充电棚4处", "done", "建成充电棚4处"),
    ("建充电棚4处", "plan", "建设充电棚4处"),
    ("获县级文明村", "plan", "争取获得县级文明村"),
    ("主题“清洁家园”，发倡议书800份", "done", "以“清洁家园”为主题，发放倡议书800份"),
    ("走访80户", "done", "走访80户"),
    ("消防演练3次", "done", "开展消防演练3次"),
    ("回头看，查出问题12个", "done", "开展回头看，查出问题12个"),
    # what looks like a bare entry and has a verb of its own
    ("放鱼苗3万尾", "done", "放鱼苗3万尾"),
    ("列席会议4次", "done", "列席会议4次"),
    ("镇长带队检查3次", "done", "镇长带队检查3次"),
    # what must stay as it is
    ("网址http://www.zhuxi.example/a?b=1上线", "done", "网址http://www.zhuxi.example/a?b=1上线"),
    ("事项98项【已办】", "done", "事项98项【已办】"),
    # what looks like a short verb and is none
    ("换届办公室办件320件", "done", "换届办公室办件320件"),
    ("与县网信办联系", "plan", "与县网信办联系"),
    ("建议由村里统一管理", "plan", "建议由村里统一管理"),
    ("“一网通办”事项98项", "done", "“一网通办”事项98项"),
    ("《建房指南》印500册", "done", "《建房指南》印500册"),
    # a sentence already
    ("召开部署会2次", "done", "召开部署会2次"),
    ("缺资金8万元", "problem", "缺资金8万元"),
    ("清理河道6.5公里；补植护岸草皮1,200平方米", "done", "清理河道6.5公里，补植护岸草皮1,200平方米"),
]


@pytest.mark.parametrize(("line", "role", "written"), LINES)
def test_a_ledger_line_becomes_formal_prose(line: str, role: Role, written: str) -> None:
    assert sentence(line, role) == written


def requests(ledger: Facts) -> list[WriteRequest]:
    return [
        WriteRequest(
            (), section.name, section.section.roles, section.heading, leaf.topics, leaf.facts, ledger
        )
        for section in make_outline(ledger, REGISTRY).sections
        for leaf in section.leaves
    ]


def ledgers() -> list[Facts]:
    return [load_facts(path) for path in sorted((EXAMPLES / "facts").iterdir())]


@pytest.mark.parametrize("ledger", ledgers(), ids=lambda ledger: ledger.organization)
def test_each_quantity_of_each_fact_is_written_as_often_as_the_facts_have_it(ledger: Facts) -> None:
    for request in requests(ledger):
        text = compose(request)
        wanted = sorted(n for fact in request.facts for n in re.findall(r"\d[\d.,]*", fact.text))
        header = re.findall(r"\d[\d.,]*", ledger.period) if request.section == "opening" else []
        assert sorted(re.findall(r"\d[\d.,]*", text)) == sorted(wanted + header)


@pytest.mark.parametrize("ledger", ledgers(), ids=lambda ledger: ledger.organization)
def test_each_title_and_quoted_name_stands_as_it_is(ledger: Facts) -> None:
    for request in requests(ledger):
        text = compose(request)
        for fact in request.facts:
            for name in re.findall(r"《[^》]+》|“[^”]+”", fact.text):
                assert name in text


@pytest.mark.parametrize("ledger", ledgers(), ids=lambda ledger: ledger.organization)
def test_paragraphs_are_whole_sentences(ledger: Facts) -> None:
    for request in requests(ledger):
        for paragraph in compose(request).split("\n"):
            assert paragraph.endswith(("。", "："))
            assert not re.search(r"[，；、]{2}|。。|，。|[,;]", paragraph)


def test_the_same_request_always_gives_the_same_text(plain: dict[str, Any]) -> None:
    ledger = parse_facts(plain)
    assert [compose(r) for r in requests(ledger)] == [compose(r) for r in requests(ledger)]


def test_three_sentences_are_enumerated_and_two_are_linked(plain: dict[str, Any]) -> None:
    texts = {request.topics: compose(request) for request in requests(parse_facts(plain))}
    assert re.fullmatch(r"我镇排查.+。(同时|此外|另外)，清理.+。", texts["隐患排查",])
    three = [
        {"topic": "甲", "text": t} for t in ("开展甲事，成效登记", "开展乙事，逐项登记", "开展丙事，全部登记")
    ]
    ledger = parse_facts({**plain, "facts": three})
    text = next(compose(r) for r in requests(ledger) if r.section == "achievements")
    assert re.fullmatch(r"一是.+。二是.+。三是.+。", text)


def test_the_opening_says_who_when_and_what(plain: dict[str, Any]) -> None:
    text = compose(requests(parse_facts(plain))[0])
    assert all(word in text for word in ("竹溪镇", "2024年上半年", "防汛备汛工作", "辖12个村"))


@given(
    line=st.text(
        alphabet="办开发签建清查换印管试用甲乙村会资料书表2十余场份：；，、“”《》()（）主题专",
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_line_loses_a_digit_a_quotation_or_raises(line: str) -> None:
    for role in ("done", "problem", "plan", "background"):
        written = sentence(line, role)
        assert re.findall(r"\d+", written) == re.findall(r"\d+", line)
        quoted = re.findall(r"《[^《》]+》", line)
        assert all(name in written for name in quoted)


@given(number=st.integers(1, 99999), unit=st.sampled_from(["次", "场", "人次", "万元", "公里", "%"]))
@settings(max_examples=100, deadline=None)
def test_a_quantity_is_read_back_from_the_sentence_as_it_was(number: int, unit: str) -> None:
    line = f"开展防汛巡查{number}{unit}"
    assert [m.text for m in find(sentence(line))] == [m.text for m in find(line)]
