"""Reads a numeral with its scale and looseness (30余万, 十几, 数十, 两三), before any unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from drafter.quantities.numerals import DIGITS, HAN, parse_numeral

_SCALE = r"(?:万万|万亿|亿|万(?!字文)|千(?![米克瓦卡伏帕赫牛字比])|百(?![分米帕日]))"
_FIGURE = r"(?:\d{1,3}(?:[,，]\d{3}){1,8}(?!\d)|\d{1,40})(?:\.\d{1,20})?"
_DECIMALS = (
    r"点[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]{1,20}+(?!十)(?:万亿|亿|万|千(?![米克瓦卡伏])|百(?!分))?"
)
NUMERAL = re.compile(
    rf"{_FIGURE}(?:{_SCALE}(?:零?{_FIGURE}{_SCALE}){{0,3}}(?:零?\d{{1,4}}(?![\d.,年月:/-]))?"
    rf"|[eE][+-]?\d{{1,3}}(?![A-Za-z0-9])|[kK](?![A-Za-z0-9]))?"
    rf"|[{HAN}幺]{{1,40}}(?:兆(?=[零一二三四五六七八九十百千万亿元美人\d])[{HAN}]{{0,30}})?(?:{_DECIMALS})?"
    r"|半百?|俩|仨|\.\d{1,20}",
    re.ASCII,
)
_LOOSE = re.compile(
    r"(?P<more>余|多(?!元化)|来(?=[个名次场人户家岁年位天亩条件份斤里米公吨万分小辆台座栋只头棵株本部所处桌张封套把步趟元块]))(?P<scale>万亿|亿|万|千|百)?"
)
SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "万亿": 1_000_000_000_000}
_SOME = re.compile(r"几[十百千万亿]{0,4}")
_PAIR = re.compile(
    rf"(?P<head>[{HAN}]*[十百千万亿])?(?P<a>[一二三四五六七八])(?P<b>[二三四五六七八九])(?P<tail>[十百千万亿]{{0,4}})"
)
_AFTER_THOUSAND = tuple("米克瓦卡伏帕赫牛比字焦")
_WORDS = {"半": Decimal("0.5"), "半百": Decimal(50), "俩": Decimal(2), "仨": Decimal(3)}


@dataclass(slots=True)
class Number:
    """A numeral with its scale and looseness, before any unit."""

    start: int
    end: int
    after: int
    value: Decimal
    high: Decimal | None = None
    approximation: str | None = None


def read_number(plain: str, at: int) -> Number | None:
    """The number whose numeral begins at `at`; None where the characters form none."""
    match = NUMERAL.match(plain, at)
    if match is None:
        return None
    text = match[0]
    end = match.end()
    last = text[-1]
    figure = text[0].isdecimal()
    if figure:
        value = parse_numeral(text)
        if value is None:
            return None
    else:
        pair = _neighbours(text) if len(text) > 1 else None
        if pair:
            return Number(at, end, end, pair[0], pair[1], "约")
        if last == "千" and text[-2:-1] in ("十", "百") and plain[end : end + 1] in _AFTER_THOUSAND:
            text, end, last = text[:-1], end - 1, text[-2]  # 三十千米 is 30 kilometres
        value = _WORDS.get(text) or parse_numeral(text)
        if value is None and text[-2:] in ("十百", "十千", "百千"):
            text, end, last = text[:-1], end - 1, text[-2]  # 百分之七十百分位
            value = parse_numeral(text)
        if value is None:
            return None
        if text[0] in "十百千万亿" and at and plain[at - 1] in "数几":
            return Number(at, end, end, value, None, "数")
    follow = plain[end : end + 1]
    if follow == "几" and last in "十百千万亿零拾佰仟":
        # 十几 and 二十几万 are loose, 几 itself counts nothing
        some = _SOME.match(plain, end)
        after = some.end() if some else end
        for unit in plain[end + 1 : after]:
            value *= SCALES.get(unit, 1)
        return Number(at, end, after, value, None, "余")
    if follow == "好" and last in "十百千万亿" and plain.startswith("几", end + 1):
        return Number(at, end, end + 2, value, None, "余")  # 八十好几
    if follow in ("余", "多", "来") and last not in "一二三四五六七八九两半俩仨":
        loose = _LOOSE.match(plain, end)
        if loose:
            scale = SCALES.get(loose["scale"] or "", 1)
            return Number(at, end, loose.end(), value * scale, None, "约" if loose["more"] == "来" else "余")
    return Number(at, end, end, value)


def _neighbours(text: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits without a unit between them (两三, 五六十, 七百三四十; 三五个): some number in that span."""
    pair = _PAIR.fullmatch(text.replace("两三", "二三", 1) if text[0] == "两" else text)
    if pair is None or (DIGITS[pair["b"]] - DIGITS[pair["a"]] != 1 and pair["a"] + pair["b"] != "三五"):
        return None
    head, tail = pair["head"] or "", pair["tail"]
    low, high = parse_numeral(head + pair["a"] + tail), parse_numeral(head + pair["b"] + tail)
    return (low, high) if low is not None and high is not None else None
