"""The facts file: what it may hold, and what is said when it holds something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.errors import FactsError
from drafter.facts import MAX_BYTES, facts_schema, load_facts, parse_facts
from tests.conftest import EXAMPLES

HEADER = {"organization": "竹溪镇", "period": "2024年", "theme": "养老服务"}


def test_json_and_yaml_give_the_same_ledger(tmp_path: Path, plain: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True), "utf-8")
    assert load_facts(tmp_path / "a.json") == load_facts(tmp_path / "a.yaml")


def test_an_unquoted_yaml_date_is_a_date(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "organization: 竹溪镇\nperiod: 2024年\ntheme: 养老\ndate: 2024-12-05\nfacts: [办班2期]\n", "utf-8"
    )
    assert load_facts(tmp_path / "a.yml").date == "2024-12-05"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, plain: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(plain).encode())
    assert load_facts(tmp_path / "a.json").organization == "竹溪镇"


def test_a_bare_sentence_is_a_required_deed() -> None:
    fact = parse_facts({**HEADER, "facts": ["办班2期"]}).facts[0]
    assert (fact.role, fact.required, fact.topic, fact.text) == ("done", True, "", "办班2期")


def test_a_break_in_a_fact_is_a_comma_and_in_a_title_nothing() -> None:
    ledger = parse_facts({**HEADER, "title": "竹溪镇\n汇报", "facts": ["排查28座\n发现9处"]})
    assert (ledger.title, ledger.facts[0].text) == ("竹溪镇汇报", "排查28座，发现9处")


def test_background_need_not_be_written_unless_it_says_so() -> None:
    facts = [
        {"role": "background", "text": "辖9村"},
        {"role": "background", "text": "有2社区", "required": True},
    ]
    assert [fact.required for fact in parse_facts({**HEADER, "facts": facts}).facts] == [False, True]


def test_a_missing_id_depends_on_the_text_alone() -> None:
    one = parse_facts({**HEADER, "facts": ["办班2期", "走访80户", "办班2期"]})
    other = parse_facts({**HEADER, "facts": ["新增一条", "走访80户", "办班2期"]})
    ids = {fact.text: fact.id for fact in other.facts}
    assert one.facts[0].id == ids["办班2期"]
    assert one.facts[1].id == ids["走访80户"]
    assert one.repeated == {ids["办班2期"] + "-2": ids["办班2期"]}


@pytest.mark.parametrize(
    ("theme", "title"),
    [("养老服务", "竹溪镇2024年养老服务工作情况汇报"), ("安全生产工作", "竹溪镇2024年安全生产工作情况汇报")],
)
def test_the_title_is_composed_when_none_is_given(theme: str, title: str) -> None:
    assert parse_facts({**HEADER, "theme": theme, "facts": ["a"]}).report_title == title


FAULTS = [
    ({"facts": [{"text": "办班", "role": "doing"}]}, 'facts[0].role 是 "doing"，只能是'),
    ({"facts": ["a", {"text": "办班", "tpoic": "x"}]}, "facts[1].tpoic 是不认识的键，是否应为 topic？"),
    ({"facts": ["a", "b", 3]}, "facts[2] 应是一句话或对象，现在是整数 3"),
    ({"facts": [{"text": "  "}]}, "facts[0].text 不能为空"),
    ({"facts": [{"text": 9}]}, "facts[0].text 应是文字，现在是整数 9"),
    ({"facts": [{"text": "a", "required": "yes"}]}, "facts[0].required 应是 true 或 false"),
    ({"facts": [{"id": "x", "text": "a"}, {"id": "x", "text": "b"}]}, "facts[1].id：“x”与 facts[0] 重复"),
    ({"facts": []}, "facts 不能为空"),
    ({}, "缺少 facts"),
    ({"facts": ["a"], "date": "2024-02-30"}, "date：日期“2024-02-30”不是有效的"),
    ({"facts": ["a"], "date": "2024年2月"}, "date：日期"),
    ({"facts": ["a"], "titel": "x"}, "titel 是不认识的键，是否应为 title？"),
    ({"facts": ["a"], "outline": [{"name": "plans", "length": 3}]}, "outline[0].length 是 3，不能小于 50"),
    ({"facts": ["a"], "outline": [{"heading": "x"}]}, "缺少 outline[0].name"),
    ({"facts": ["a" * 3000]}, "facts[0].text 太长，最多 2000 字"),
    ({"facts": ["a"], "period": ""}, "period 不能为空"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS)
def test_an_error_names_the_place_and_what_is_allowed(change: dict[str, Any], said: str) -> None:
    with pytest.raises(FactsError) as caught:
        parse_facts({**HEADER, **change}, "账.json")
    assert said in str(caught.value)
    assert str(caught.value).startswith("账.json：")
    assert "\n" not in str(caught.value)


FILES = [
    ("a.json", b"", "是空的"),
    ("a.json", b"  \n", "是空的"),
    ("a.json", b'{"facts": [', "第 1 行第 12 列不是合法的 JSON"),
    ("a.json", '{"organization": "竹溪镇"}'.encode("gb18030"), "像是 GBK"),
    ("a.json", '{"organization": "竹溪镇"}'.encode("utf-16"), "像是 UTF-16"),
    ("a.json", b"[1, 2]", "最外层应是对象"),
    ("a.json", b'{"theme": "a", "theme": "b"}', "键“theme”在同一个对象里出现两次"),
    ("a.json", b'{"theme": NaN}', "NaN 不是合法的 JSON 值"),
    ("a.json", b"[" * 200_000, "嵌套太深"),
    ("a.json", b" " * (MAX_BYTES + 1), "超过上限"),
    ("a.yaml", b"theme: [a\nfacts: b", "不是合法的 YAML"),
    ("a.yaml", b"theme: a\ntheme: b\n", "第 2 行的键“theme”重复"),
    ("a.yaml", b"a: &x [1]\nb: *x\n", "第 2 行用了 YAML 别名"),
    ("a.yaml", b"theme: \x01", "YAML"),
    ("a.yaml", b"? [a, b]\n: c\n", "a.yaml"),
    ("a.txt", b"x", "不认识的事实文件格式“.txt”"),
]


@pytest.mark.parametrize(("name", "content", "said"), FILES)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FactsError) as caught:
        load_facts(tmp_path / name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match="找不到这个文件"):
        load_facts(tmp_path / "nein.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(FactsError, match="这是文件夹"):
        load_facts(tmp_path / "folder.json")


def test_the_examples_are_sound_and_of_the_promised_size() -> None:
    paths = sorted((EXAMPLES / "facts").iterdir())
    ledgers = [load_facts(path) for path in paths]
    assert len(ledgers) >= 3
    assert all(15 <= len(ledger.facts) <= 40 for ledger in ledgers)
    assert len({ledger.theme for ledger in ledgers}) == len(ledgers)
    assert any(path.suffix == ".yaml" for path in paths)


def test_the_schema_admits_bare_sentences_and_is_closed() -> None:
    schema = facts_schema()
    assert {"type": "string", "minLength": 1} in schema["properties"]["facts"]["items"]["anyOf"]
    assert schema["additionalProperties"] is False
    assert sorted(schema["required"]) == ["facts", "organization", "period", "theme"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["facts", "text", "role", "topic", "id", "required", "outline", "name", "x"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(data=anything)
@settings(max_examples=150, deadline=None)
def test_no_data_raises_anything_but_a_facts_error(data: Any) -> None:
    for given_data in (data, {**HEADER, "facts": data}, {**HEADER, "facts": ["a"], "outline": data}):
        try:
            facts = parse_facts(given_data).facts
        except FactsError:
            continue
        assert len({fact.id for fact in facts}) == len(facts)


@given(raw=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise_anything_but_a_facts_error(
    raw: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("fuzz.json", "fuzz.yaml"):
        (folder / name).write_bytes(raw)
        with pytest.raises(FactsError):
            load_facts(folder / name)


@given(
    texts=st.lists(
        st.text(alphabet="甲乙丙办会走访1289次户 ", min_size=1).filter(str.strip), min_size=1, max_size=8
    )
)
@settings(max_examples=100, deadline=None)
def test_reordering_facts_changes_no_id_of_distinct_ones(texts: list[str]) -> None:
    distinct = list(dict.fromkeys("".join(text.split()) for text in texts))
    forward = parse_facts({**HEADER, "facts": distinct})
    backward = parse_facts({**HEADER, "facts": distinct[::-1]})
    assert {f.text: f.id for f in forward.facts} == {f.text: f.id for f in backward.facts}


@pytest.mark.parametrize("written", ["2026-01-05", "2026年1月5日", "2026年01月05日"])
def test_a_day_as_the_standard_writes_it_is_a_date(written: str, plain: dict[str, Any]) -> None:
    assert parse_facts(plain | {"date": written}).date == "2026-01-05"


def test_a_row_entered_twice_is_one_fact() -> None:
    again = {"id": "y", "text": "组织培训 5场次"}
    told = [
        {"id": "x", "text": "组织培训5场次", "required": False},
        again,
        {"role": "plan", "text": "组织培训5场次"},
    ]
    ledger = parse_facts({**HEADER, "facts": ["排查隐患30处", *told, "排查隐患30处"]})
    assert [fact.text for fact in ledger.facts] == ["排查隐患30处", "组织培训5场次", "组织培训5场次"]
    assert [fact.role for fact in ledger.facts] == ["done", "done", "plan"]
    assert ledger.facts[1].required
    first = ledger.facts[0].id
    assert ledger.repeated == {"y": "x", f"{first}-2": first}
    assert parse_facts(ledger.model_dump(mode="json")).facts == ledger.facts
