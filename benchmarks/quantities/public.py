"""Value and unit on the public cases: drafter's `find`, recognizers-text-suite and cn2an on the same rows.

    python -m benchmarks.quantities.public [--shared ../shared] [--show] [--model DimensionModel]

A row is right when each expected entity is found, overlapping where it stands, with its value (and unit), in order,
and nothing else of the model's sort is found. What counts as the same is in `UNITS` and in the functions named
`as_...`; what is left out is in `EXCLUSIONS`, by rules on the row, for every tool alike. No rule names a row.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.intervals import share
from benchmarks.quantities import peers
from benchmarks.quantities.peers import Item, decimal
from benchmarks.rows import Row
from drafter.quantities import Mention, find

SHARED = Path(__file__).resolve().parents[3] / "shared"
TARGETS = {"NumberModel": "≥ .97", "PercentModel": "≥ .97", "DimensionModel": "≥ .85"}
UNIT_MODELS = ("DimensionModel", "CurrencyModel", "AgeModel", "TemperatureModel")
MODELS = ("NumberModel", "PercentModel", "OrdinalModel", *UNIT_MODELS, "NumberRange", "DateTime")

# ---------------------------------------------------------------------------------------------------------------- units

UNITS: dict[str, tuple[str, str, str]] = {}
"""Unit as a tool writes it → what it measures (the model), the unit it is reckoned in, how many of those it is.
So 公斤 is 千克 is Kilogram is 1000 Gram, for whichever tool says so; 度 is Degree and neither C nor F."""


def _units(model: str, base: str, table: str) -> None:
    for entry in table.split():
        names, factor = entry.split("=")
        for name in names.split("/"):
            UNITS[name.replace("_", " ")] = (model, base, factor)


_units(
    "DimensionModel",
    "克",
    "克/g/Gram=1 千克/公斤/kg/KG/Kilogram=1000 毫克/mg/Milligram=0.001 微克/μg/Microgram=0.000001 "
    "斤/市斤/Jin=500 两/Liang=50 吨/公吨/t/Ton/Metric_ton=1000000",
)
_units(
    "DimensionModel",
    "米",
    "米/公尺/m/Meter=1 千米/公里/km/KM/Kilometer=1000 分米/Decimeter=0.1 厘米/公分/cm/CM/Centimeter=0.01 "
    "毫米/mm/Millimeter=0.001 里/华里/Li=500",
)
_units("DimensionModel", "平方米", "平方米/平米/㎡/Square_meter=1 平方公里/平方千米/Square_kilometer=1000000")
_units("DimensionModel", "亩", "亩/Mu=1 公顷/Hectare=15")
_units("DimensionModel", "升", "升/Liter=1 毫升/ml/Milliliter=0.001 立方米/方/Cubic_meter=1000")
_units("DimensionModel", "比特", "比特/Bit=1 千比特/Kilobit=1000 兆比特/Megabit=1000000")
_units(
    "DimensionModel",
    "字节",
    "字节/B/Byte=1 千字节/KB/Kilobyte=1000 兆字节/MB/Megabyte=1000000 吉字节/GB/Gigabyte=1000000000",
)
_units("CurrencyModel", "元", "元/块/块钱/圆/人民币/Chinese_yuan=1 角/毛/Jiao=0.1 分/Fen=0.01")
_units(
    "CurrencyModel", "美元", "美元/美金/United_States_dollar/Dollar=1"
)  # Dollar is what the suite makes of $
_units("CurrencyModel", "欧元", "欧元/Euro=1")
_units("CurrencyModel", "港元", "港元/港币/Hong_Kong_dollar=1")
_units("CurrencyModel", "新台币", "新台币/台币/New_Taiwan_dollar=1")
_units("CurrencyModel", "日元", "日元/Japanese_yen=1")
_units("CurrencyModel", "英镑", "英镑/British_pound=1")
_units("CurrencyModel", "比特币", "比特币/Bitcoin=1")
_units("AgeModel", "岁", "岁/周岁/Year=1")
_units("AgeModel", "周", "周/星期/Week=1")
_units("AgeModel", "个月", "个月/月/Month=1")
_units("AgeModel", "天", "天/Day=1")
_units("TemperatureModel", "度", "度/Degree=1")
_units("TemperatureModel", "摄氏度", "摄氏度/℃/C=1")
_units("TemperatureModel", "华氏度", "华氏度/℉/F=1")

DOZEN = Decimal(12)
"""The suite reads 一打 as the number 12, drafter as 1 打: the same count."""


def in_base(value: Decimal | None, unit: str | None) -> tuple[Decimal | None, str | None]:
    """Value and unit in the unit it is reckoned in; a unit that is not in the table stays as it is."""
    if unit not in UNITS:
        return value, unit
    _, base, factor = UNITS[unit]
    return None if value is None else value * Decimal(factor), base


# ------------------------------------------------------------------------------------------------ what drafter found, as

_APART = ("phrase", "enumerator", "name")
_FIELDS = frozenset({"年", "月", "日", "时", "分", "季", "周", "止年", "止月", "止日", "止时", "止分"})
_POWER_OF_TEN = re.compile(r"[一1]?\s*[十百佰千仟万萬亿億\s]+分\s*之")


def as_numbers(mentions: Iterable[Mention]) -> Iterator[Item]:
    """Numbers out of their context, which is all the suite's NumberModel asks for.

    A phrase, enumerator or name that carries a value (一只, “五”) says which number stands there and that it counts
    nothing: it answers an expectation, and is no mistake where none is. Likewise a percentage: the suite's cases expect
    a number in 六千零五十一个百分点 and none in 二％ or 一折; it is 55.5 or 0.555, the cases have both. The fields of a
    date are its numbers.
    """
    for mention in mentions:
        start, end = mention.start, mention.end
        if mention.kind in ("date", "period"):
            values = [Decimal(value) for name, value in mention.parts if name in _FIELDS]
            yield from (Item(start, end, value) for value in values)
            if not values and mention.countable:
                yield Item(start, end)
        elif mention.value is not None:
            value = mention.value * (DOZEN if mention.unit == "打" else 1)
            if mention.kind == "percent" or mention.unit in ("%", "‰", "百分点"):
                parts = Decimal(1000 if mention.unit == "‰" else 100)
                yield Item(start, end, value, optional=True, others=(value / parts,))
            else:
                yield Item(start, end, value, optional=mention.kind in _APART)
            if mention.high is not None:
                yield Item(start, end, mention.high, optional=True)
        elif mention.countable:
            yield Item(start, end)


def as_percents(mentions: Iterable[Mention]) -> Iterator[Item]:
    """Percentages. The suite makes no difference between % and 百分点, and calls 千分之六 and 千万分之六 percent, whose
    denominators are powers of ten, but 五百分之二 a fraction. Of a range the end may answer alone (5-20%)."""
    for mention in mentions:
        value, high = mention.value, mention.high
        if value is None:
            continue
        if mention.kind == "fraction" and _POWER_OF_TEN.match(mention.text):
            yield Item(mention.start, mention.end, value * 100)
        elif mention.unit in ("%", "百分点", "‰"):
            factor = Decimal("0.1") if mention.unit == "‰" else Decimal(1)
            yield Item(mention.start, mention.end, value * factor, optional=high is not None)
            if high is not None:
                yield Item(mention.start, mention.end, high * factor)


def as_ordinals(mentions: Iterable[Mention]) -> Iterator[Item]:
    """Ordinals, of whichever unit (第三万回)."""
    for mention in mentions:
        if mention.kind == "ordinal":
            yield Item(mention.start, mention.end, mention.value)


def as_quantities(model: str, mentions: Iterable[Mention]) -> Iterator[Item]:
    """Quantities whose unit is of the model's sort, in the unit they are reckoned in."""
    for mention in mentions:
        if mention.kind in _APART or mention.unit not in UNITS or UNITS[mention.unit][0] != model:
            continue
        if mention.value is not None:
            value, unit = in_base(mention.value, mention.unit)
            yield Item(mention.start, mention.end, value, unit=unit)


def as_ranges(mentions: Iterable[Mention]) -> Iterator[Item]:
    """Intervals by their ends: whether an end belongs to the interval is not compared, for the suite's two modes differ
    in it. 500多亿 has no upper end."""
    for mention in mentions:
        if mention.kind in _APART or mention.value is None:
            continue
        if mention.high is not None:
            yield Item(mention.start, mention.end, mention.value, mention.high)
        elif mention.approximation in ("余", "以上", "数"):
            yield Item(mention.start, mention.end, mention.value)
        elif mention.approximation in ("以下", "不足"):
            yield Item(mention.start, mention.end, None, mention.value)


def as_dates(mentions: Iterable[Mention]) -> Iterator[Item]:
    """Dates and periods as TIMEX: 2018-10, XXXX-01-19, and (begin,end) of a period, a year or month by its first day.
    A weekday beside a date (10月12号，星期一) is part of it to the suite."""
    for mention in mentions:
        if mention.kind in ("date", "period") and mention.countable:
            weekday = all(name == "周" for name, _ in mention.parts)
            for fields in each_date(mention.parts):
                yield Item(mention.start, mention.end, timex=timex(fields), optional=weekday)


def each_date(parts: Iterable[tuple[str, int]]) -> list[dict[str, int]]:
    """The dates of a mention that names several by the same field: 2018年3月和5月 are two, of one year."""
    found: list[dict[str, int]] = [{}]
    for name, value in parts:
        last = found[-1]
        if name in last:
            before = list(last)[: list(last).index(name)]
            found.append({key: last[key] for key in before})
        found[-1][name] = value
    return found


def timex(parts: dict[str, int]) -> str:
    """The fields of a date written the suite's way."""
    year, month, day = parts.get("年"), parts.get("月"), parts.get("日")
    to_year, to_month, to_day = parts.get("止年"), parts.get("止月"), parts.get("止日")
    if to_year or to_month or to_day:
        end_month = to_month or (month if to_day else None)
        begin = _point(year, month or (1 if to_year else None), day or 1)
        return f"({begin},{_point(to_year or year, end_month or 1, to_day or 1)})"
    if "半年" in parts:
        return _months(year, 6 * parts["半年"] - 5, 6)
    if "季" in parts:
        return _months(year, 3 * parts["季"] - 2, 3)
    return _point(year, month, day)


def _months(year: int | None, first: int, count: int) -> str:
    if first + count <= 12:
        return f"({_point(year, first, 1)},{_point(year, first + count, 1)})"
    return f"({_point(year, first, 1)},{_point(None if year is None else year + 1, first + count - 12, 1)})"


def _point(year: int | None, month: int | None, day: int | None) -> str:
    text = "XXXX" if year is None else f"{year:04}"
    if month is not None or day is not None:
        text += "-XX" if month is None else f"-{month:02}"
    return text if day is None else f"{text}-{day:02}"


_LENGTH = re.compile(r"^\(([^,]*),([^,]*),P[^)]*\)$")


def without_length(stated: str | None) -> str | None:
    """A TIMEX without the length of the period, which its ends tell already."""
    return None if stated is None else _LENGTH.sub(r"(\1,\2)", stated)


def drafter_items(model: str, text: str) -> list[Item]:
    """What `find` gives, as the model would say it."""
    mentions = find(text)
    if model == "NumberModel":
        return list(as_numbers(mentions))
    if model == "PercentModel":
        return list(as_percents(mentions))
    if model == "OrdinalModel":
        return list(as_ordinals(mentions))
    if model == "NumberRange":
        return list(as_ranges(mentions))
    if model == "DateTime":
        return list(as_dates(mentions))
    return list(as_quantities(model, mentions))


# --------------------------------------------------------------------------------------------------------- what is right


def close(a: Decimal | None, b: Decimal | None) -> bool:
    """Equal, up to the fifteen digits in which the suite writes a third."""
    if a is None or b is None:
        return a is b
    return a == b or abs(a - b) <= abs(b) * Decimal("1e-12")


def answers(found: Item, expected: Item) -> bool:
    """Whether what was found is what is expected, where it is expected."""
    if found.start >= expected.end or expected.start >= found.end:
        return False
    if expected.timex is not None:
        return without_length(found.timex) == without_length(expected.timex)
    if found.unit != expected.unit or not close(found.high, expected.high):
        return False
    return any(close(value, expected.value) for value in (found.value, *found.others))


def right(expected: Sequence[Item], found: Sequence[Item]) -> bool:
    """Whether each expected entity is answered, in order, and all else that was found is optional."""
    rest = list(found)
    for entity in expected:
        place = next((i for i, item in enumerate(rest) if answers(item, entity)), None)
        if place is None:
            return False
        if any(not item.optional for item in rest[:place]):
            return False
        del rest[: place + 1]
    return all(item.optional for item in rest)


# ------------------------------------------------------------------------------------------------------------ exclusions


@dataclass(frozen=True)
class Exclusion:
    """Rows, or single expected entities of rows, that no tool is scored on, and why."""

    name: str
    models: tuple[str, ...]
    reason: str
    row: Callable[[dict[str, Any]], bool] | None = None
    entity: Callable[[dict[str, Any]], bool] | None = None


_NUMERAL = re.compile(r"[\d０-９零〇一二三四五六七八九十百千万两]")
_YEAR = re.compile(r"\d{4}|(?<!\d)\d\d\s*年|[零〇一二三四五六七八九](?:\s*[零〇一二三四五六七八九])+\s*年?")


def _stated_timex(entity: dict[str, Any]) -> str:
    return str(entity.get("timex") or entity["values"][0]["timex"])


EXCLUSIONS = (
    Exclusion(
        "unit without a number",
        UNIT_MODELS,
        "a unit alone (人民币, 摄氏度) states no quantity",
        entity=lambda entity: entity["value"] is None,
    ),
    Exclusion(
        "arithmetic",
        ("NumberModel",),
        "a power to be computed (2^-1) is a formula, not a numeral",
        row=lambda row: "^" in row["text"],
    ),
    Exclusion(
        "ill-formed numeral",
        ("NumberModel",),
        "零十, 五十千, 2222.2222.22 are no numerals: a checker owes an honest 'unknown', the suite expects a part of them",
        row=lambda row: bool(re.search(r"(?<![十百千万亿\d])零十|十千|\d\.\d+\.\d", row["text"])),
    ),
    Exclusion(
        "two digits side by side",
        ("PercentModel",),
        "百分之二三十 is 20% to 30%; the suite's model has no ranges and expects silence",
        row=lambda row: not row["expected"] and bool(re.search("[一二三四五六七八九]{2}十", row["text"])),
    ),
    Exclusion(
        "clock or length of time",
        ("DateTime",),
        "times of day, times that recur and lengths of time: drafter's dates end at the day, a length is a quantity",
        entity=lambda entity: entity["type"].rpartition(".")[2] not in ("date", "daterange"),
    ),
    Exclusion(
        "no numeral",
        ("DateTime",),
        "明年, 下周, 最近: drafter reports numerals",
        entity=lambda entity: not _NUMERAL.search(entity["text"]),
    ),
    Exclusion(
        "reign or lunar calendar",
        ("DateTime",),
        "康熙三年 needs a table of emperors; of lunar dates the suite itself gives the wrong day",
        entity=lambda entity: bool(re.search("农历|正月|初[一二]|元年|康熙|雍正|神龙", entity["text"])),
    ),
    Exclusion(
        "counted weeks and weekends",
        ("DateTime",),
        "the week of a month, the last Monday: drafter's dates are days, months, quarters, halves and years",
        entity=lambda entity: "W" in _stated_timex(entity),
    ),
    Exclusion(
        "decade",
        ("DateTime",),
        "九十年代: drafter's dates are days, months, quarters, halves and years",
        entity=lambda entity: "年代" in entity["text"],
    ),
    Exclusion(
        "slashes",
        ("DateTime",),
        "the suite reads 12/1 as 1 December but 1/2/2020 as 1 February, and 6/3 elsewhere as a fraction",
        entity=lambda entity: "/" in entity["text"],
    ),
    Exclusion(
        "settled by today's date",
        ("DateTime",),
        "近三年, 去年上半年, 12-11-10: the year comes from the day of asking, not from the text",
        entity=lambda entity: "XXXX" not in _stated_timex(entity) and not _YEAR.search(entity["text"]),
    ),
    Exclusion(
        "strict mode",
        ("pairs",),
        "cn2an's strict mode refuses what its other modes, whose cases are scored, read: 一百二, 100万, 壹拾壹元, digits alone",
        row=lambda row: (
            row["kind"] == "cn2an.error.strict"
            and ("derived" in row or not re.search("[十百千万亿点]", row["spoken"]))
        ),
    ),
    Exclusion(
        "telephone and address",
        ("pairs",),
        "digits read out one by one as a telephone number or an address count nothing, and stand for no number",
        row=lambda row: (
            (row["suite"], row["kind"]) == ("wetext", "itn.cardinal")
            and not re.search("[十百千万亿]", row["spoken"])
        ),
    ),
)


@dataclass(frozen=True)
class Case:
    """A row with what it expects; what any tool finds at an excluded entity is not looked at."""

    row: dict[str, Any]
    expected: list[Item]
    unasked: list[tuple[int, int]]

    def asked(self, items: Iterable[Item]) -> list[Item]:
        """The items that do not stand at an excluded entity."""
        return [item for item in items if not any(item.start < e and s < item.end for s, e in self.unasked)]


@dataclass
class Part:
    """The rows of one model: those to score, those left out, and how many rows and entities each rule took."""

    model: str
    rows: list[Case] = field(default_factory=list)
    left: list[Case] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)


def model_of(row: dict[str, Any]) -> str:
    """The line of the table the row belongs to."""
    model = str(row["model"])
    if model.startswith("NumberRange"):
        return "NumberRange"
    return "DateTime" if model in ("DateTimeModel", "DatePeriodParser") else model


def expected_item(model: str, entity: dict[str, Any]) -> Item:
    """An expected entity in drafter's terms."""
    start, end = entity["start"], entity["end"]
    if model == "DateTime":
        return Item(start, end, timex=_stated_timex(entity))
    if model == "NumberRange":
        low, high = str(entity["value"]).strip("[]()").split(",")
        return Item(start, end, decimal(low or None), decimal(high or None))
    if model in UNIT_MODELS:
        value, unit = in_base(decimal(entity["value"]), entity["unit"])
        return Item(start, end, value, unit=unit)
    return Item(start, end, decimal(entity["value"]))


def partition(rows: Iterable[dict[str, Any]]) -> dict[str, Part]:
    """The rows by model, what the rules exclude taken out and counted; a row goes when none of its entities is left."""
    parts = {model: Part(model) for model in MODELS}
    for row in rows:
        part = parts[model_of(row)]
        rules = [rule for rule in EXCLUSIONS if part.model in rule.models]
        by_row = next((rule for rule in rules if rule.row and rule.row(row)), None)
        whole = Case(row, [expected_item(part.model, entity) for entity in row["expected"]], [])
        if by_row:
            part.excluded[by_row.name] += 1
            part.left.append(whole)
            continue
        kept: list[Item] = []
        dropped: list[tuple[int, int]] = []
        for entity in row["expected"]:
            rule = next((rule for rule in rules if rule.entity and rule.entity(entity)), None)
            if rule:
                dropped.append((entity["start"], entity["end"]))
                part.entities[rule.name] += 1
                last = rule.name
            else:
                kept.append(expected_item(part.model, entity))
        if dropped and not kept:
            part.excluded[last] += 1
            part.left.append(whole)
        else:
            part.rows.append(Case(row, kept, dropped))
    return parts


# ---------------------------------------------------------------------------------------------------------------- scores


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def suite_items(model: str, row: dict[str, Any]) -> list[Item] | None:
    """What recognizers-text-suite finds, in drafter's terms; None where its Python has no such model."""
    if model == "NumberRange":
        return None
    found = peers.recognized(
        "DateTimeModel" if model == "DateTime" else model, row["text"], row["reference_datetime"]
    )
    if model == "DateTime":
        return [item for item in found if item.type in ("date", "daterange")]
    if model in UNIT_MODELS:
        # 人民币 without a number is no quantity, for the peer as for the cases
        found = [item for item in found if item.value is not None]
        pairs = [(item, *in_base(item.value, item.unit)) for item in found]
        return [replace(item, value=value, unit=unit) for item, value, unit in pairs]
    return found


# ----------------------------------------------------------------------------------------------------- written and spoken

_TIMES = {"万": 10**4, "萬": 10**4, "W": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_FIGURE = r"\d[\d,]*(?:\.\d+)?"
_WRITTEN = re.compile(
    rf"(?P<sign>-)?¥?(?:(?P<whole>\d+)又)?(?P<top>\d+)/(?P<bottom>\d+)"
    rf"|(?P<low>{_FIGURE})[~-](?P<high>{_FIGURE})(?P<times>[万萬W亿億兆]?)"
    rf"|(?P<yuan>\d+)块(?P<jiao>\d)毛"
    rf"|(?P<minus>-)?(?P<first>{_FIGURE})(?P<more>(?:[万萬亿億兆](?:{_FIGURE})?)*)"
)


def written_values(text: str) -> list[tuple[Decimal, Decimal | None]]:
    """The numbers of a written form: 3~5万, 15-6 (15 to 16), 1亿2300, 3又1/10, 1,199,000, 12块5毛. A range has two."""
    return [_written(match) for match in _WRITTEN.finditer(text)]


def _written(match: re.Match[str]) -> tuple[Decimal, Decimal | None]:
    if match["top"]:
        part = Decimal(match["top"]) / Decimal(match["bottom"]) + Decimal(match["whole"] or 0)
        return (-part if match["sign"] else part), None
    if match["low"]:
        low, high = match["low"], match["high"]
        if Decimal(high.replace(",", "")) < Decimal(low.replace(",", "")):
            high = low[: len(low) - len(high)] + high  # 15-6, 730-40: the end is cut short
            if Decimal(high) < Decimal(low):
                high = str(int(low[: -len(match["high"])]) + 1) + match["high"]
        times = _TIMES.get(match["times"], 1)
        return Decimal(low.replace(",", "")) * times, Decimal(high.replace(",", "")) * times
    if match["yuan"]:
        return Decimal(match["yuan"]) + Decimal(match["jiao"]) / 10, None
    value = Decimal(0)
    figure = match["first"]
    for scale, following in re.findall(rf"([万萬亿億兆])({_FIGURE})?", match["more"]):
        value += Decimal(figure.replace(",", "") or 0) * _TIMES[scale]
        figure = following
    value += Decimal(figure.replace(",", "") or 0)
    return (-value if match["minus"] else value), None


def pair_right(row: dict[str, Any], items: Sequence[Item]) -> bool:
    """Whether the items are the numbers of the written form, in order; or, for what must be refused, no number is made
    of the whole (零点 as an hour is none)."""
    spoken = row["spoken"]
    if row["written"] is None:
        whole = [item for item in items if item.end - item.start >= len(spoken) and item.type != "date"]
        return not any(item.value is not None for item in whole)
    values = written_values(row["written"])
    expected = [Item(0, len(spoken), low, high) for low, high in values]
    return right(expected, items)


def drafter_pair(row: dict[str, Any]) -> list[Item]:
    """What `find` reads in the spoken form: values and range ends; units are not compared. A percentage is 2 or 0.02,
    for the cases write 2% as well as 1/100."""
    items = []
    for mention in find(row["spoken"]):
        if mention.kind in ("date", "period"):
            values = [Decimal(value) for name, value in mention.parts if name in _FIELDS]
            items += [Item(mention.start, mention.end, value, type="date") for value in values]
        elif mention.value is not None:
            parts = {"%": 100, "‰": 1000}.get(mention.unit or "")
            items.append(
                Item(
                    mention.start,
                    mention.end,
                    mention.value,
                    mention.high,
                    optional=mention.kind in _APART,
                    others=(mention.value / parts,) if parts else (),
                )
            )
    return items


def suite_pair(row: dict[str, Any]) -> list[Item]:
    """What the suite reads in the spoken form: percentages, and numbers that stand in none."""
    percents = peers.recognized("PercentModel", row["spoken"])
    numbers = peers.recognized("NumberModel", row["spoken"])
    apart = [n for n in numbers if not any(n.start < p.end and p.start < n.end for p in percents)]
    return sorted([*percents, *apart], key=lambda item: item.start)


def cn2an_right(row: dict[str, Any]) -> bool:
    """cn2an's own kinds in the mode they are of; texts through its rewriting, or as one number where that is right."""
    kind, spoken = row["kind"], row["spoken"]
    if row["written"] is None:
        return peers.cn2an_number(spoken, "strict") is None
    mode = kind.rpartition(".")[2] if kind.startswith("cn2an.") else "smart"
    mode = mode if mode in ("strict", "normal", "smart") else "smart"
    values = written_values(row["written"])
    if len(values) == 1 and values[0][1] is None and values[0][0] == peers.cn2an_number(spoken, mode):
        return True
    return not kind.startswith("cn2an.") and written_values(peers.cn2an_text(spoken)) == values


# ---------------------------------------------------------------------------------------------------------------- report


@dataclass
class Score:
    """How many rows each tool has right.

    plain       drafter, if what it reads from phrases, enumerators and names counts for nothing
    left        drafter, of the rows that were left out, as the suite has them
    supported   rows whose cases the suite's Python claims to pass
    """

    name: str
    n: int = 0
    ours: int = 0
    plain: int = 0
    left: int = 0
    suite: int | None = None
    supported: int = 0
    suite_supported: int = 0
    cn2an: int | None = None
    excluded: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def without_apart(items: Iterable[Item], text: str) -> list[Item]:
    """The items but for those read from phrases, enumerators and names."""
    apart = [(m.start, m.end) for m in find(text) if m.kind in _APART]
    return [item for item in items if (item.start, item.end) not in apart]


def score_model(part: Part) -> Score:
    """The rows of one model, by drafter and by the suite."""
    score = Score(part.model, excluded=part.excluded, entities=part.entities)
    asks_suite = peers.recognizers() is not None and part.model != "NumberRange"
    score.suite = 0 if asks_suite else None
    for case in part.rows:
        score.n += 1
        text = case.row["text"]
        try:
            found = case.asked(drafter_items(part.model, text))
        except Exception as error:  # noqa: BLE001 find promises to raise nothing: a wrong row, not an end
            score.wrong.append(f"{case.row['id']} {text!r}: raises {error!r}")
        else:
            good = right(case.expected, found)
            score.ours += good
            score.plain += right(case.expected, without_apart(found, text))
            if not good:
                score.wrong.append(
                    f"{case.row['id']} {text!r}: expected {_say(case.expected)}, found {_say(found)}"
                )
        if asks_suite:
            theirs = right(case.expected, case.asked(suite_items(part.model, case.row) or []))
            score.suite = (score.suite or 0) + theirs
            if "python" not in case.row["not_supported_by"]:
                score.supported += 1
                score.suite_supported += theirs
    for case in part.left:
        try:
            score.left += right(case.expected, drafter_items(part.model, case.row["text"]))
        except Exception:  # noqa: BLE001 as above
            continue
    return score


def score_pairs(rows: Iterable[dict[str, Any]]) -> list[Score]:
    """The pairs by suite and kind, by drafter, the suite and cn2an."""
    scores: dict[str, Score] = {}
    rules = [rule for rule in EXCLUSIONS if "pairs" in rule.models]
    for row in rows:
        name = f"{row['suite']} {row['kind'].removeprefix(row['suite'] + '.')}"
        score = scores.setdefault(name, Score(name))
        rule = next((rule for rule in rules if rule.row and rule.row(row)), None)
        if rule:
            score.excluded[rule.name] += 1
            try:
                score.left += pair_right(row, drafter_pair(row))
            except Exception:  # noqa: BLE001 find promises to raise nothing: a wrong row, not an end
                continue
            continue
        score.n += 1
        try:
            items = drafter_pair(row)
        except Exception as error:  # noqa: BLE001 as above
            score.wrong.append(f"{row['id']} {row['spoken']!r}: raises {error!r}")
        else:
            good = pair_right(row, items)
            score.ours += good
            score.plain += pair_right(row, without_apart(items, row["spoken"]))
            if not good:
                score.wrong.append(
                    f"{row['id']} {row['spoken']!r}: expected {row['written']}, found {_say(items)}"
                )
        if peers.recognizers() is not None:
            score.suite = (score.suite or 0) + pair_right(row, suite_pair(row))
        if peers.cn2an_module() is not None:
            score.cn2an = (score.cn2an or 0) + cn2an_right(row)
    return list(scores.values())


def _say(items: Iterable[Item]) -> str:
    told = [
        item.timex
        if item.timex is not None
        else f"{item.value}{'' if item.high is None else f'~{item.high}'}{item.unit or ''}{'?' if item.optional else ''}"
        for item in items
    ]
    return ", ".join(told) or "nothing"


@cache
def scores(shared: Path) -> list[Score]:
    """All scores on the public cases, models first."""
    folder = shared / "data" / "numbers"
    rows = [*read_jsonl(folder / "recognizers.jsonl"), *read_jsonl(folder / "recognizers_datetime.jsonl")]
    models = [score_model(part) for part in partition(rows).values()]
    return [*models, *score_pairs(read_jsonl(folder / "pairs.jsonl"))]


def present(shared: Path) -> bool:
    """Whether the public cases are there."""
    return (shared / "data" / "numbers" / "recognizers.jsonl").is_file()


def rows(shared: Path = SHARED) -> list[Row]:
    """The rows of the table."""
    measure = "value and unit, public cases"
    if not present(shared):
        return [
            Row(
                measure,
                "/".join(TARGETS),
                None,
                "left out",
                note="the public cases are not beside the checkout",
            )
        ]
    found = []
    for score in scores(shared):
        note = []
        left = sum(score.excluded.values())
        if left:
            note.append(f"{left} rows excluded; {share(score.ours + score.left, score.n + left)} with them")
        if score.supported and score.supported < score.n:
            note.append(
                f"on the {score.supported} its Python claims the suite has {share(score.suite_supported, score.supported)}"
            )
        if score.plain != score.ours:
            note.append(f"{share(score.plain, score.n)} if values of phrases count for nothing")
        found.append(
            Row(
                measure,
                score.name,
                score.n,
                share(score.ours, score.n),
                _peers(score),
                TARGETS.get(score.name, ""),
                "; ".join(note),
                "more",
            )
        )
    return found


def _peers(score: Score) -> dict[str, str]:
    said = {}
    if score.name == "NumberRange":
        said[peers.SUITE] = "no such model in Python"
    else:
        said[peers.SUITE] = peers.ABSENT if score.suite is None else share(score.suite, score.n)
    if " " in score.name:
        said[peers.CN2AN] = peers.ABSENT if score.cn2an is None else share(score.cn2an, score.n)
    return said


def exclusions(shared: Path = SHARED) -> str:
    """The table of exclusions: how many rows and entities each rule takes, and why."""
    lines = ["| left out of | rule | rows | entities | reason |", "|---|---|--:|--:|---|"]
    told = scores(shared)
    for rule in EXCLUSIONS:
        for model in rule.models:
            parts = [
                score for score in told if score.name == model or (model == "pairs" and " " in score.name)
            ]
            taken = sum(score.excluded[rule.name] for score in parts)
            entities = sum(score.entities[rule.name] for score in parts)
            lines.append(f"| {model} | {rule.name} | {taken} | {entities or '–'} | {rule.reason} |")
    return "\n".join(lines)


def wrong(shared: Path, model: str = "") -> str:
    """The rows that drafter has wrong, with what was expected and what was found."""
    if not present(shared):
        return ""
    lines = []
    for score in scores(shared):
        if score.wrong and score.name.startswith(model):
            lines.append(f"{score.name}: {len(score.wrong)} of {score.n} wrong")
            lines += [f"  {line}" for line in score.wrong]
    return "\n".join(lines)


def main() -> None:
    from benchmarks.rows import markdown

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true", help="list the rows that drafter has wrong")
    parser.add_argument("--model", default="", help="only the lines whose name begins so")
    options = parser.parse_args()
    print(markdown(row for row in rows(options.shared) if row.part.startswith(options.model)))
    if not present(options.shared):
        return
    print(f"\n{exclusions(options.shared)}")
    if options.show:
        print(f"\n{wrong(options.shared, options.model)}")


if __name__ == "__main__":
    main()
