"""Quantities: what a numeral is, its value and unit, and when two of them say the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.quantities import Mention, find, same_quantity
from drafter.quantities.numerals import parse_numeral


def one(text: str) -> Mention:
    found = find(text)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "expression", "kind", "value", "unit", "approximation"),
    [
        ("开展巡查9次。", "9次", "cardinal", "9", "次", None),
        ("巡查九次。", "九次", "cardinal", "9", "次", None),
        ("惠及近3000余人次", "近3000余人次", "cardinal", "3000", "人次", "余"),
        ("投入1.5万元", "1.5万元", "money", "15000", "元", None),
        ("投入1亿5000万元", "1亿5000万元", "money", "150000000", "元", None),
        ("投入30余万元", "30余万元", "money", "300000", "元", "余"),
        ("罚款贰拾伍元", "贰拾伍元", "money", "25", "元", None),
        ("发放１５００份", "１５００份", "cardinal", "1500", "份", None),
        ("发放1,500份", "1,500份", "cardinal", "1500", "份", None),
        ("发放3千余份", "3千余份", "cardinal", "3000", "份", "余"),
        ("走访一百二十户", "一百二十户", "cardinal", "120", "户", None),
        ("走访一千零十二户", "一千零十二户", "cardinal", "1012", "户", None),
        ("共三十二个村", "三十二个", "cardinal", "32", "个", None),
        ("来了十几名", "十几名", "cardinal", "10", "名", "余"),
        ("来了十余名", "十余名", "cardinal", "10", "名", "余"),
        ("巡查数十次", "数十次", "cardinal", "10", "次", "数"),
        ("来了上百人", "上百人", "cardinal", "100", "人", "以上"),
        ("约200人到场", "约200人", "cardinal", "200", "人", "约"),
        ("200人左右", "200人左右", "cardinal", "200", "人", "约"),
        ("最近3次", "3次", "cardinal", "3", "次", None),
        ("不足50人", "不足50人", "cardinal", "50", "人", "不足"),
        ("不少于4次", "不少于4次", "cardinal", "4", "次", "以上"),
        ("8个以上", "8个以上", "cardinal", "8", "个", "以上"),
        ("聘请两名", "两名", "cardinal", "2", "名", None),
        ("值班24小时", "24小时", "cardinal", "24", "小时", None),
        ("硬化道路6.5公里", "6.5公里", "cardinal", "6.5", "公里", None),
        ("标语70余条（幅）", "70余条（幅）", "cardinal", "70", "条", "余"),
        ("整改率95%", "95%", "percent", "95", "%", None),
        ("整改率９５％以上", "９５％以上", "percent", "95", "%", "以上"),
        ("占百分之九十五", "百分之九十五", "percent", "95", "%", None),
        ("占九成五", "九成五", "percent", "95", "%", None),
        ("占两成", "两成", "percent", "20", "%", None),
        ("投入三点二万元", "三点二万元", "money", "32000", "元", None),
        ("投资三点二亿元", "三点二亿元", "money", "320000000", "元", None),
        ("惠及一点五万余人", "一点五万余人", "cardinal", "15000", "人", "余"),
        ("增长百分之三点五", "百分之三点五", "percent", "3.5", "%", None),
        ("硬化两点五公里", "两点五公里", "cardinal", "2.5", "公里", None),
        ("装机三点五千瓦", "三点五千瓦", "cardinal", "3.5", "千瓦", None),
        ("提高3.2个百分点", "3.2个百分点", "percent", "3.2", "百分点", None),
        ("第二届集市", "第二届", "ordinal", "2", "届", None),
        ("第一批", "第一批", "ordinal", "1", "批", None),
        ("获县三等奖", "三等奖", "name", "3", None, None),
    ],
)
def test_quantity_has_value_unit_and_approximation(
    text: str, expression: str, kind: str, value: str, unit: str | None, approximation: str | None
) -> None:
    mention = one(text)
    assert (mention.text, mention.kind, mention.value, mention.unit, mention.approximation) == (
        expression,
        kind,
        Decimal(value),
        unit,
        approximation,
    )


@pytest.mark.parametrize(
    ("text", "kind", "value", "high"),
    [
        ("3-5次", "range", 3, 5),
        ("三至五名", "range", 3, 5),
        ("3万至5万元", "range", 30000, 50000),
        ("3至5万元", "range", 30000, 50000),
        ("5%-10%", "range", 5, 10),
        ("两三次", "range", 2, 3),
        ("五六十人", "range", 50, 60),
        ("3:1", "ratio", 3, 1),
    ],
)
def test_range_has_both_ends(text: str, kind: str, value: int, high: int) -> None:
    mention = one(text)
    assert (mention.text, mention.kind, mention.value, mention.high) == (text, kind, value, high)


@pytest.mark.parametrize(
    ("text", "expression", "kind", "parts"),
    [
        ("2023年", "2023年", "date", (("年", 2023),)),
        ("二〇二三年", "二〇二三年", "date", (("年", 2023),)),
        ("2023年上半年", "2023年上半年", "period", (("年", 2023), ("半年", 1))),
        ("今年上半年以来", "今年上半年", "period", (("半年", 1),)),
        ("一季度", "一季度", "period", (("季", 1),)),
        ("第三季度", "第三季度", "period", (("季", 3),)),
        ("一、二季度", "一、二季度", "period", (("季", 1), ("季", 2))),
        ("4月12日", "4月12日", "date", (("月", 4), ("日", 12))),
        ("四月十二日", "四月十二日", "date", (("月", 4), ("日", 12))),
        ("2023-04-12", "2023-04-12", "date", (("年", 2023), ("月", 4), ("日", 12))),
        ("截至6月底", "6月底", "date", (("月", 6), ("旬", 5))),
        ("1-6月", "1-6月", "period", (("月", 1), ("止月", 6))),
        ("2021年至2023年", "2021年至2023年", "period", (("年", 2021), ("止年", 2023))),
        ("每周五", "周五", "date", (("周", 5),)),
    ],
)
def test_date_is_told_by_its_fields(text: str, expression: str, kind: str, parts: object) -> None:
    mention = one(text)
    assert (mention.text, mention.kind, mention.parts) == (expression, kind, parts)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("一是加强巡查", "enumerator"),
        ("（一）加强巡查", "enumerator"),
        ("一、加强巡查", "enumerator"),
        ("1.加强巡查", "enumerator"),
        ("第一，加强巡查", "enumerator"),
        ("落实三会一课", "phrase"),
        ("落实“一岗双责”", "phrase"),
        ("增强四个意识", "phrase"),
        ("第一时间赶到", "phrase"),
        ("进一步完善", "phrase"),
        ("志愿服务队伍", "phrase"),
        ("陆续到岗", "phrase"),
        ("统一部署", "phrase"),
        ("一氧化碳", "phrase"),
        ("村两委", "phrase"),
        ("十分重要", "phrase"),
        ("一项重要工作", "phrase"),
        ("迈上一个新台阶", "phrase"),
        ("从三个方面", "phrase"),
        ("推行“六查”制", "phrase"),
        ("党的二十大精神", "name"),
        ("“十四五”规划", "name"),
        ("C919", "name"),
        ("5G基站", "name"),
        ("12345热线", "name"),
        ("“12·4”宣传", "name"),
        ("“七一”前夕", "name"),
        ("《防汛三十条》", "name"),
        ("〔2023〕15号", "name"),
    ],
)
def test_numerals_that_count_nothing(text: str, kind: str) -> None:
    assert {mention.kind for mention in find(text)} == {kind}
    assert not any(mention.countable for mention in find(text))


@pytest.mark.parametrize("text", ["", "没有数字", "〇〇镇", "半", "……", "*余场"])
def test_text_without_numerals_has_no_mention(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("9次督查", "督查"),
        ("集中学习9次。", "集中学习"),
        ("全年共开展9次，", "开展"),
        ("3名网格员", "网格员"),
    ],
)
def test_counted_noun_stands_beside_the_number(text: str, counted: str) -> None:
    assert counted in (one(text).counted or "")


def test_numeral_is_marked_inside_its_expression() -> None:
    mention = one("放映电影近50余场")
    assert (mention.numeral_start, mention.numeral_end) == (5, 7)
    assert "放映电影近50余场"[mention.start : mention.end] == "近50余场"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("9次", "九次"),
        ("1.5万元", "15000元"),
        ("三点二万元", "3.2万元"),
        ("95%", "百分之九十五"),
        ("95%", "九成五"),
        ("20余场", "20多场"),
        ("20余场", "二十余场次"),
        ("3名", "3人"),
        ("1/4", "25%"),
        ("3-5次", "三至五次"),
        ("2023年上半年", "二〇二三年上半年"),
        ("第二届", "第2届"),
    ],
)
def test_same_quantity_in_another_writing(a: str, b: str) -> None:
    assert same_quantity(one(a), one(b))
    assert same_quantity(one(b), one(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("20余场", "20场"),
        ("9次", "9名"),
        ("9次", "10次"),
        ("95%", "95个"),
        ("9", "9元"),
        ("3000人", "3000人次"),
        ("第二届", "2届"),
        ("2023年", "2022年"),
        ("2023年", "2023元"),
        ("3-5次", "3次"),
        ("约20人", "20余人"),
    ],
)
def test_different_quantities_are_told_apart(a: str, b: str) -> None:
    assert not same_quantity(one(a), one(b))


_SOUP = st.text(
    st.sampled_from(
        "0123456789０９一二三四十百千万亿两零〇半几数余多第年月日季度个名次场%％.,、-至/:：分之成（）()“”《》是\n ，。约近a"
    )
)


@given(_SOUP)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_ordered_mentions_that_slice_to_their_text(text: str) -> None:
    end = 0
    for mention in find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.start <= mention.numeral_start < mention.numeral_end <= mention.end
        assert text[mention.start : mention.end] == mention.text
        assert same_quantity(mention, mention) in (True, False)
        end = mention.end


@given(st.integers(0, 99_999_999))
def test_chinese_numeral_is_read_back(number: int) -> None:
    assert parse_numeral(_spoken(number)) == number


def _spoken(number: int) -> str:
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        tail = _spoken(low) if low else ""
        return _spoken(high) + "万" + ("零" if low and low < 1000 else "") + tail
    digits, units, text, zero = "零一二三四五六七八九", ["", "十", "百", "千"], "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if zero else "") + digits[digit] + units[place]
            zero = False
        else:
            zero = bool(text)
    return text or "零"


@pytest.mark.parametrize(
    ("text", "expression", "approximation"),
    [
        ("签约3个", "3个", None),
        ("预约5人次", "5人次", None),
        ("合约2份", "2份", None),
        ("违约2起", "2起", None),
        ("节约30万元", "30万元", None),
        ("整合约500万元", "约500万元", "约"),
        ("干预约20人", "约20人", "约"),
        ("签订约30份", "约30份", "约"),
        ("全约30份", "约30份", "约"),
        ("签约大约30个", "大约30个", "约"),
        ("约30个", "约30个", "约"),
    ],
)
def test_about_is_no_mark_where_it_ends_a_word(text: str, expression: str, approximation: str | None) -> None:
    mention = one(text)
    assert (mention.text, mention.approximation) == (expression, approximation)
