"""Reads one numeral: Arabic, Chinese, formal capitals and mixtures (1.5万, 三千二百, 贰拾伍). Knows no units."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from functools import lru_cache

from drafter.quantities.exact import EXACT

MAX_LENGTH = 40
"""A longer run of digits is no quantity."""

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}
CAPITALS = "壹贰叁肆伍陆柒捌玖拾佰仟"
HAN = "零〇一二三四五六七八九十百千万亿两廿卅" + CAPITALS
"""Characters a Chinese numeral may begin with."""
_LIKE = {
    **dict(zip(CAPITALS, "一二三四五六七八九十百千", strict=True)),
    "廿": "二十",
    "卅": "三十",
    "〇": "零",
}
_SMALL = 1000
"""The largest unit within a section of four places."""

_PLAIN = str.maketrans(
    {
        **{chr(0xFF10 + d): str(d) for d in range(10)},
        **dict(zip("．％／＋－：·•‧＞＜＝＄", ".%/+-:···><=$", strict=True)),
        **dict.fromkeys("–—－～~〜﹣−", "-"),
        **dict(
            zip(
                "萬億點個餘兩幾負陸貳參雙對塊圓歲號時間週產戶號條張數過從",
                "万亿点个余两几负陆贰叁双对块圆岁号时间周产户号条张数过从",
                strict=True,
            )
        ),
        **{"∶": ":", "○": "〇", "￥": "¥", "（": "(", "）": ")", "﹪": "%", "㎡": "㎡", "１": "1"},
    }
)
_UNPLAIN = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]+")
_TOKEN = re.compile(
    r"(?P<figure>\d+(?:\.\d+)?)|(?P<digit>[零一二三四五六七八九两幺])|(?P<unit>[十百千万亿兆])"
)
_SIMPLE = re.compile(r"(\d+(?:\.\d+)?)(万亿|亿|万|千|百)?", re.ASCII)
_EXPONENT = re.compile(r"(-?\d+(?:\.\d+)?)(?:[eE]([+-]?\d{1,3})|[kK])", re.ASCII)
POWERS = {None: 0, "": 0, "百": 2, "千": 3, "万": 4, "亿": 8, "万亿": 12}
"""The power of ten that each scale after Arabic figures stands for."""


def flatten(text: str) -> str:
    """`text` with full-width figures and the like made plain, of the same length, so that offsets stay."""
    # most texts hold few such characters, and to look each of them up takes longer than to search
    return _UNPLAIN.sub(lambda match: match[0].translate(_PLAIN), text)


@lru_cache(maxsize=8192)
def parse_numeral(numeral: str) -> Decimal | None:
    """The value of a numeral, or None for what is none (三百百, 十七十八, 1.2.3万).

    Takes Arabic figures with thousands separators and a scale (1.5万, 1亿5000万), Chinese numerals (两万三,
    二〇二二, 三点五, 三点二万), formal capitals and what mixes them (2千零30万); with 负 or - before it.
    """
    text = flatten(numeral).replace(",", "").replace("，", "")
    if not text or len(text) > MAX_LENGTH:
        return None
    if simple := _SIMPLE.fullmatch(text):
        return scaled(simple[1], simple[2])
    with localcontext(EXACT):
        return _parse(text)


def scaled(figure: str, scale: str | None) -> Decimal:
    """Figures with their scale, whole where they are: 1.5万 is 15000."""
    power = POWERS[scale]
    value = Decimal(figure)
    return EXACT.multiply(value, 10**power) if power else value


def _parse(text: str) -> Decimal | None:
    """A numeral without separators that is more than figures and a scale."""
    if text[0] in "负-":
        value = parse_numeral(text[1:]) if text[1:2] not in ("负", "-") else None
        return None if value is None else -value
    if text[0] == "." and text[1:].isdecimal() and text.isascii():
        return Decimal("0" + text)
    if exponent := _EXPONENT.fullmatch(text):
        power = int(exponent[2]) if exponent[2] else 3
        return Decimal(exponent[1]).scaleb(power) if abs(power) <= MAX_LENGTH else None
    text = "".join(_LIKE.get(char, char) for char in text)
    whole, point, tail = text.partition("点")
    if not point:
        return _whole(whole)
    value = _whole(whole)
    decimals = tail.rstrip("十百千万亿兆")
    if value is None or not decimals or any(char not in DIGITS for char in decimals):
        return None
    value += Decimal("0." + "".join(str(DIGITS[char]) for char in decimals))
    for char in tail[len(decimals) :]:  # 三点二万
        value *= UNITS[char]
    return value


def _whole(text: str) -> Decimal | None:
    """A numeral without a decimal point, Chinese digits or Arabic figures before its units."""
    if text and all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    place = 0
    total = section = Decimal(0)
    digit: Decimal | None = None
    arabic = zero = False
    ceiling = small_ceiling = 10 * UNITS["兆"]
    last = 1
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        place = token.end()
        if char := token["unit"]:
            unit = UNITS[char]
            if unit <= _SMALL:
                if unit >= small_ceiling or (digit is None and not (last == 1 or unit == 10)):
                    return None  # 三百百, 十七十八
                if digit is None and last > 10 and total + section and unit > 10:
                    return None
                section += (digit or Decimal(1)) * unit
                small_ceiling = unit
            else:
                section += digit or 0
                if not section:
                    if last < UNITS["万"] and total:
                        return None
                    total = (total or Decimal(1)) * unit  # 万万, 万亿
                elif unit > ceiling:
                    total = (total + section) * unit  # 三千万亿
                elif unit == ceiling:
                    if section < 100:
                        return None  # 三万五万
                    total = (total + section) * unit  # 一万零九百三十一万, of figures written in 万
                else:
                    total += section * unit
                ceiling = unit
                section, small_ceiling = Decimal(0), 10 * UNITS["兆"]
            digit, last, zero, arabic = None, unit, False, False
            continue
        value = Decimal(token["figure"] or DIGITS[token["digit"]])
        if digit:
            return None
        if token["digit"] and not value:
            zero = True
            digit = Decimal(0)
            continue
        if token["figure"] and last > 1 and value >= last:
            return None
        digit, arabic = value, bool(token["figure"])
    if digit is not None:
        # 一万五 is 15000, 一百零五 is 105
        section += digit if zero or arabic or last <= 10 else digit * last / 10
    if (total + section) % 1 and last > 1 and digit is not None:
        return None  # 10.1万零100
    value = total + section
    return value if text else None
