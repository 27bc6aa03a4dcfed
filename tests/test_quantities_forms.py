"""Forms of numbers and dates beyond the first table: context, conversion, resolving, learning, and reading back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.quantities import Mention, find, learn_phrases, resolve, same_quantity


def one(text: str) -> Mention:
    found = find(text)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "counted", "deed"),
    [
        ("专题研究意识形态工作2次，", "意识形态工作", "专题研究"),
        ("培训党员干部60场次；", "党员干部", "培训"),
        ("党员32名。", "党员", None),
        ("32名党员参加学习", "党员", None),
        ("发放宣传单3000余份", "宣传单", "发放"),
        ("其中女性12人", "女性", None),
        ("全年开展排查128次，", "排查", "排查"),
        ("营业收入同比增长15.3%，", "营业收入", None),
    ],
)
def test_head_noun_and_deed(text: str, counted: str, deed: str | None) -> None:
    mention = one(text)
    assert (mention.counted, mention.deed) == (counted, deed)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("同比增长15%", "up"),
        ("下降了3.2个百分点", "down"),
        ("提高到95%", "up_to"),
        ("降至12起", "down_to"),
        ("减少40万元", "down"),
        ("翻两番", "up"),
        ("整改率95%", None),
    ],
)
def test_direction(text: str, direction: str | None) -> None:
    assert one(text).direction == direction


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("60余人", 60, 70),
        ("近60人", 50, 60),
        ("不足60人", None, 60),
        ("约200人", 180, 220),
        ("60人以上", 60, None),
        ("超过60人", 60, None),
        ("3-5次", 3, 5),
        ("9次", 9, 9),
    ],
)
def test_interval(text: str, low: int | None, high: int | None) -> None:
    assert one(text).interval == (low, high)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("1.5公里", "1500米"),
        ("2吨", "2000公斤"),
        ("1公顷", "15亩"),
        ("2小时", "120分钟"),
        ("2.5km", "两千五百米"),
        ("21:00", "晚上9点"),
        ("今年3月", "3月"),
    ],
)
def test_units_are_converted(a: str, b: str) -> None:
    assert same_quantity(one(a), one(b))


@pytest.mark.parametrize(
    ("a", "b"), [("3%", "3个百分点"), ("1公里", "1000亩"), ("去年3月", "今年3月"), ("2年", "2个月")]
)
def test_other_dimensions_are_not(a: str, b: str) -> None:
    assert not same_quantity(one(a), one(b))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今年以来", date(2022, 1, 1), date(2022, 6, 30)),
        ("截至目前", date(2022, 1, 1), date(2022, 6, 30)),
        ("去年同期", date(2021, 1, 1), date(2021, 6, 30)),
        ("一季度", date(2022, 1, 1), date(2022, 3, 31)),
        ("前三季度", date(2022, 1, 1), date(2022, 9, 30)),
        ("去年8月", date(2021, 8, 1), date(2021, 8, 31)),
        ("3月5日至8日", date(2022, 3, 5), date(2022, 3, 8)),
        ("3月5日—4月2日", date(2022, 3, 5), date(2022, 4, 2)),
        ("3月上旬", date(2022, 3, 1), date(2022, 3, 10)),
        ("20250305", date(2025, 3, 5), date(2025, 3, 5)),
        ("9.15前", date(2022, 9, 15), date(2022, 9, 15)),
        ("20世纪90年代", date(1990, 1, 1), date(1999, 12, 31)),
    ],
)
def test_dates_are_resolved_by_the_period(text: str, first: date, last: date) -> None:
    assert resolve(one(text), one("2022年上半年")) == (first, last)


@pytest.mark.parametrize("text", ["2月30日", "周一", "9次", "21:00", "正月十五"])
def test_what_cannot_be_resolved_is_none(text: str) -> None:
    assert resolve(one(text), one("2022年上半年")) is None


def test_dates_without_a_numeral_are_not_countable() -> None:
    assert [(m.text, m.countable) for m in find("截至目前，今年3月")] == [
        ("截至目前", False),
        ("今年3月", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "五位一体",
        "四个意识",
        "五个坚持",
        "三联三帮",
        "万无一失",
        "十佳",
        "24小时值班",
        "三百百",
        "九九九年",
        "4.23世界读书日",
        "第一书记",
    ],
)
def test_nothing_is_counted(text: str) -> None:
    assert find(text)
    assert not any(mention.countable for mention in find(text))


@pytest.mark.parametrize("text", ["三个村", "四个小组", "三死两伤", "一又二分之一", "-5℃", "负三十二"])
def test_real_counts_are_not_swallowed(text: str) -> None:
    assert all(mention.countable for mention in find(text))


def test_own_phrases_count_nothing() -> None:
    assert one("成立四个专班").countable
    assert not find("成立四个专班", phrases=["四个专班"])[0].countable


def test_learning_takes_phrases_and_no_counts() -> None:
    text = "推行“四专”机制，落实三联三帮要求，覆盖九个村，召开会议三次，走访三户，共有三个小组"
    assert learn_phrases([(origin, text) for origin in "甲乙丙"]) == ["三联三帮", "四专"]
    assert learn_phrases([("甲", text)] * 5) == []
    assert "四专" not in learn_phrases([*((origin, text) for origin in "甲乙丙"), ("丁", "推行“五专”机制")])


_DIGITS = "零一二三四五六七八九"
_CAPITALS = dict(zip("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))


def _chinese(number: int) -> str:
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return _chinese(high) + "万" + ("零" if 0 < low < 1000 else "") + (_chinese(low) if low else "")
    text = ""
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // value % 10
        if digit:
            text += _DIGITS[digit] + unit
        elif text and not text.endswith("零") and number % value:
            text += "零"
    return text or "零"


_STYLES = {
    "arabic": str,
    "thousands": lambda n: f"{n:,}",
    "wide": lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)}),
    "chinese": _chinese,
    "capitals": lambda n: "".join(_CAPITALS.get(char, char) for char in _chinese(n)),
    "scaled": lambda n: f"{Decimal(n) / 10000}万",
}


@given(
    st.integers(20, 99_999_999), st.sampled_from(sorted(_STYLES)), st.sampled_from(["元", "人次", "米", "%"])
)
@settings(max_examples=400, deadline=None)
def test_a_value_written_in_any_style_reads_back(number: int, style: str, unit: str) -> None:
    mention = one("实有" + _STYLES[style](number) + unit)
    assert (mention.value, mention.unit, mention.approximation) == (number, unit, None)


@given(st.integers(1, 100), st.sampled_from(["{n}%", "百分之{c}", "{w}％", "百分之{n}"]))
@settings(deadline=None)
def test_a_percentage_reads_back(number: int, style: str) -> None:
    text = style.format(n=number, c=_chinese(number), w=_STYLES["wide"](number))
    assert (one("占" + text).value, one("占" + text).unit) == (number, "%")


@given(
    st.text(max_size=60)
    | st.text(
        st.sampled_from("\ud800今年去截至目前俩仨Ⅲ廿〇○壹拾点又折兆番$¥负.-/:1八月初时点分世纪代k%e^+"),
        max_size=60,
    )
)
@settings(max_examples=400, deadline=None)
def test_no_text_raises_and_offsets_slice(text: str) -> None:
    end = 0
    for mention in find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.start <= mention.numeral_start < mention.numeral_end <= mention.end
        assert text[mention.start : mention.end] == mention.text
        assert mention.interval is None or len(mention.interval) == 2
        assert mention.amount is None or mention.base
        resolve(mention, None)
        end = mention.end
