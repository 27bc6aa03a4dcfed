"""The measure itself: intervals, what counts as the same, what is left out, how a row is judged."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.intervals import share, wilson
from benchmarks.quantities import kinds, public, written
from benchmarks.quantities.peers import Item, decimal
from benchmarks.rows import Row, markdown
from drafter.quantities import Mention


def mention(text: str, kind: Any, value: str | None = None, **more: Any) -> Mention:
    number = None if value is None else Decimal(value)
    return Mention(0, len(text), 0, len(text), text, kind, number, **more)


def row(model: str, text: str, *expected: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": f"{model}#0", "model": model, "text": text, "expected": list(expected), **more}


def entity(text: str, value: str | None, **more: Any) -> dict[str, Any]:
    return {"text": text, "start": 0, "end": len(text), "type": "number", "value": value, **more}


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=0.0006)


def test_shares_are_written_short_and_nonsense_is_refused() -> None:
    assert share(97, 100) == ".970 [.915, .990]"
    assert share(4, 4) == "1.000 [.510, 1.000]"
    assert share(189, 199).startswith(".9497 "), "rounding alone meets no target"
    assert share(0, 0) == "–"
    with pytest.raises(ValueError, match="5 of 4"):
        wilson(5, 4)


@pytest.mark.parametrize(
    ("ours", "target", "met"),
    [
        (".983 [.975, .989]", "≥ .97", True),
        (".969 [.960, .989]", "≥ .97", False),
        ("0.4 in 1,000", "≤ 1 in 1,000", True),
        ("3 in 1,000 [1.0, 5.0]", "≤ 1 in 1,000", False),
        ("14.2 ms", "< 20 ms", True),
        ("0.48 MB/s", "≥ 1 MB/s", False),
        ("left out", "≥ .97", None),
        (".5", "", None),
    ],
)
def test_a_row_knows_whether_its_target_is_met(ours: str, target: str, met: bool | None) -> None:
    assert Row("m", "p", 1, ours, target=target).met is met


def test_the_table_has_a_line_for_each_row() -> None:
    table = markdown([Row("a|b", "p", 1234, ".5", {"other": ".4"}, "≥ .4"), Row("c", "q", None, "left out")])
    assert table.splitlines()[2:] == [
        "| a\\|b | p | 1,234 | .5 | other .4 | ≥ .4 | yes | – |",
        "| c | q | – | left out | – | – | – | – |",
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("1", "千克"), ("1000", "Gram")),
        (("2", "公斤"), ("4", "Jin")),
        (("168", "厘米"), ("168", "Centimeter")),
        (("3", "千比特"), ("3000", "Bit")),
        (("3", "元"), ("3", "Chinese yuan")),
        (("98", "度"), ("98", "Degree")),
    ],
)
def test_units_that_say_the_same(ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    assert public.in_base(Decimal(ours[0]), ours[1]) == public.in_base(Decimal(theirs[0]), theirs[1])


@pytest.mark.parametrize(
    ("a", "b"), [("度", "C"), ("F", "C"), ("元", "Dollar"), ("米", "Kilogram"), ("位", "Bit")]
)
def test_units_that_do_not(a: str, b: str) -> None:
    assert public.in_base(Decimal(1), a) != public.in_base(Decimal(1), b)


def test_a_number_out_of_its_context_may_be_read_but_is_never_missed() -> None:
    phrase = list(public.as_numbers([mention("一只", "phrase", "1")]))
    assert public.right([Item(0, 1, Decimal(1))], phrase)
    assert public.right([], phrase)
    assert not public.right([Item(0, 1, Decimal(2))], phrase)
    counted = list(public.as_numbers([mention("一只", "cardinal", "1", unit="只")]))
    assert not public.right([], counted)


def test_percentages_dozens_and_dates_as_numbers() -> None:
    (percent,) = public.as_numbers([mention("百分之五", "percent", "5", unit="%")])
    assert public.answers(percent, Item(0, 4, Decimal("0.05")))
    assert public.answers(percent, Item(0, 4, Decimal(5)))
    (dozen,) = public.as_numbers([mention("十打", "cardinal", "10", unit="打")])
    assert dozen.value == 120
    date = public.as_numbers([mention("1991年1月", "date", parts=(("年", 1991), ("月", 1)))])
    assert [item.value for item in date] == [1991, 1]


def test_percent_model() -> None:
    found = public.as_percents(
        [
            mention("千分之六", "percent", "6", unit="‰"),
            mention("万分之六", "fraction", "0.0006"),
            mention("五百分之二", "fraction", "0.004"),
            mention("三成", "percent", "30", unit="%"),
            mention("30%", "phrase", None),
        ]
    )
    assert [item.value for item in found] == [Decimal("0.6"), Decimal("0.06"), 30]


def test_right_wants_all_in_order_and_nothing_else() -> None:
    one, two = Item(0, 1, Decimal(1)), Item(2, 3, Decimal(2))
    assert public.right([one, two], [one, two])
    assert not public.right([one, two], [one])
    assert not public.right([one], [one, two])
    assert not public.right([one, two], [two, one])
    assert not public.right([one], [Item(5, 6, Decimal(1))])  # right value, another place
    assert not public.right([Item(0, 1, Decimal(1), unit="米")], [one])
    assert public.right([Item(0, 1, Decimal("0.333333333333333"))], [Item(0, 1, Decimal(1) / 3)])


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ((("年", 2018), ("月", 10)), "2018-10"),
        ((("月", 1), ("日", 19)), "XXXX-01-19"),
        ((("日", 29),), "XXXX-XX-29"),
        ((("年", 2016), ("止年", 2018)), "(2016-01-01,2018-01-01)"),
        ((("月", 1), ("日", 19), ("止月", 1), ("止日", 20)), "(XXXX-01-19,XXXX-01-20)"),
        ((("年", 2018), ("半年", 2)), "(2018-07-01,2019-01-01)"),
        ((("年", 2017), ("季", 1)), "(2017-01-01,2017-04-01)"),
        ((("年", 2017), ("季", 4)), "(2017-10-01,2018-01-01)"),
        ((("季", 4),), "(XXXX-10-01,XXXX-01-01)"),
    ],
)
def test_dates_the_suite_s_way(parts: tuple[tuple[str, int], ...], written: str) -> None:
    assert public.timex(dict(parts)) == written
    assert public.without_length(written.replace(")", ",P2D)")) == written


def test_one_mention_may_name_several_dates() -> None:
    parts = (("年", 2018), ("月", 3), ("月", 5))
    (march, may) = public.as_dates([mention("2018年3月和5月", "period", parts=parts)])
    assert (march.timex, may.timex) == ("2018-03", "2018-05")


def test_exclusions_are_counted_by_rule_and_the_rest_is_kept() -> None:
    unit = {"unit": "C"}
    parts = public.partition(
        [
            row("NumberModel", "2^-1", entity("2^-1", "0.5")),
            row("NumberModel", "2-1", entity("2", "2")),
            row("NumberModel", "第零十名", entity("零十", "10")),
            row("NumberModel", "一百零十万", entity("一百零十万", "1100000")),
            row("PercentModel", "百分之二三十"),
            row("PercentModel", "百分之二十", entity("百分之二十", "20%")),
            row("TemperatureModel", "摄氏度", entity("摄氏度", None, **unit)),
            row(
                "TemperatureModel", "5摄氏度", entity("5摄氏度", "5", **unit), entity("摄氏度", None, **unit)
            ),
        ]
    )
    number, percent, temperature = (parts[m] for m in ("NumberModel", "PercentModel", "TemperatureModel"))
    assert number.excluded == {"arithmetic": 1, "ill-formed numeral": 1}
    assert [case.row["text"] for case in number.rows] == ["2-1", "一百零十万"]
    assert percent.excluded == {"two digits side by side": 1}
    assert len(percent.rows) == 1
    assert temperature.excluded == {"unit without a number": 1}
    assert temperature.entities == {"unit without a number": 2}
    assert [item.value for item in temperature.rows[0].expected] == [5]
    assert sum(len(part.rows) + len(part.left) for part in parts.values()) == 8


@pytest.mark.parametrize(
    ("text", "kind", "stated", "rule"),
    [
        ("2018年10月", "datetimeV2.daterange", "2018-10", None),
        ("1月19日", "date", "XXXX-01-19", None),
        ("07年", "daterange", "2007", None),
        ("零八年", "daterange", "2008", None),
        ("晚上八点", "datetimeV2.time", "T20", "clock or length of time"),
        ("下周", "daterange", "2017-W13", "no numeral"),
        ("近三年", "daterange", "(2014-03-22,2017-03-22,P3Y)", "settled by today's date"),
        ("康熙三年五月", "daterange", "1664-05", "reign or lunar calendar"),
        ("九十年代", "daterange", "(XX90-01-01,XX00-01-01,P10Y)", "decade"),
        ("12/1", "date", "XXXX-12-01", "slashes"),
    ],
)
def test_which_dates_are_left_out(text: str, kind: str, stated: str, rule: str | None) -> None:
    told = {"text": text, "start": 0, "end": len(text), "type": kind, "values": [{"timex": stated}]}
    part = public.partition([row("DateTimeModel", text, told)])["DateTime"]
    assert dict(part.excluded) == ({} if rule is None else {rule: 1})
    assert len(part.rows) == (rule is None)


def test_every_exclusion_names_its_reason_and_a_line_of_the_table() -> None:
    for rule in public.EXCLUSIONS:
        assert rule.reason
        assert (rule.row is None) != (rule.entity is None)
        assert set(rule.models) <= {*public.MODELS, "pairs"}


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("1,199,000", [("1199000", None)]),
        ("3~5万", [("30000", "50000")]),
        ("15-6", [("15", "16")]),
        ("730-40min", [("730", "740")]),
        ("34000-5000", [("34000", "35000")]),
        ("1亿2300人", [("100002300", None)]),
        ("3又1/10", [("3.1", None)]),
        ("12块5毛", [("12.5", None)]),
        ("-150,000.379", [("-150000.379", None)]),
        ("62%和-13%", [("62", None), ("-13", None)]),
        ("第10万", [("100000", None)]),
    ],
)
def test_numbers_of_a_written_form(written: str, values: list[tuple[str, str | None]]) -> None:
    assert public.written_values(written) == [(decimal(low), decimal(high)) for low, high in values]


def test_what_must_be_refused_has_no_number_of_the_whole() -> None:
    refused = {"written": None, "spoken": "十七十八"}
    assert public.pair_right(refused, [Item(0, 2, Decimal(17)), Item(2, 4, Decimal(18))])
    assert not public.pair_right(refused, [Item(0, 4, Decimal(88))])


def test_kinds_by_the_mention_that_covers_the_numeral() -> None:
    numeral = {"start": 1, "end": 2, "text": "三", "label": "quantity"}
    ordinal = Mention(0, 3, 1, 2, "第三届", "ordinal", Decimal(3))
    assert kinds.label_of(numeral, [ordinal]) == "quantity"
    assert kinds.label_of(numeral, []) == kinds.NOTHING
    assert kinds.label_of({**numeral, "text": "半"}, []) == "idiom"
    assert kinds.label_of(numeral, [Mention(2, 3, 2, 3, "年", "date")]) == kinds.NOTHING
    assert set(kinds.LABEL_OF.values()) == set(kinds.LABELS)


def test_masked_numerals_are_left_out_and_a_row_beside_its_text_is_an_error() -> None:
    numerals = [
        {"start": 3, "end": 4, "text": "3", "label": "quantity", "context": "举办3次"},
        {"start": 0, "end": 1, "text": "共", "label": "masked"},
        {"start": 8, "end": 9, "text": "百", "label": "idiom"},
    ]
    counted = kinds.tally("part", [kinds.Labelled("a", "共举办3次，5个百分点", numerals)])
    assert (counted.n, counted.left) == ({"quantity": 1}, {"masked": 1, "百 of 百分点": 1})
    with pytest.raises(ValueError, match="a: 0 is not 3"):
        kinds.tally("part", [kinds.Labelled("a", "共举办3次", [{**numerals[0], "start": 0, "end": 1}])])


def test_the_suite_is_read_kindly() -> None:
    hits = [(0, 2, "date"), (0, 1, "quantity")]
    for label in ("date", "quantity"):
        assert kinds.suite_right({"start": 0, "end": 1, "label": label}, hits)
    assert not kinds.suite_right({"start": 0, "end": 1, "label": "idiom"}, hits)
    for label in ("idiom", "enumerator", "name"):
        assert kinds.suite_right({"start": 5, "end": 6, "label": label}, hits)
    assert not kinds.suite_right({"start": 5, "end": 6, "label": "quantity"}, hits)


def test_without_the_data_the_rows_say_so(tmp_path: Any) -> None:
    (left,) = public.rows(tmp_path)
    assert left.ours == "left out"
    assert left.note
    assert any(told.ours == "left out" for told in kinds.rows(tmp_path))


@pytest.mark.parametrize("path", sorted(written.HERE.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_every_fault_of_a_written_report_has_one_place(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    places = [data["report"].count(was) for _, was, _ in data["wrong"]]
    assert places == [1] * len(places)
    assert all(was != now for _, was, now in data["wrong"])
