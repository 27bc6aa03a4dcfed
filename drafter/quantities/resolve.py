"""What a date or period means by the report's period: which days 今年以来, 去年同期, 一季度 or 3月 are."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from drafter.quantities.mention import Mention

Days = tuple[date, date]

_YEARS_AWAY = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_MONTHS_AWAY = {"本月": 0, "上月": -1, "下月": 1}
_QUARTERS_AWAY = {"本季度": 0, "上季度": -1, "下季度": 1}
_TENS = {1: (1, 10), 2: (1, 10), 3: (11, 20), 4: (21, 31), 5: (21, 31)}
_DATED = frozenset(
    {"年", "止年", "年段", "半年", "季", "止季", "月", "止月", "旬", "日", "止日", "世纪", "年代"}
)


def resolve(mention: Mention, period: Mention | None = None) -> Days | None:
    """First and last day of a date or period, by the period the report is about; None where that cannot be told.

    `period` is a mention of its own, such as find("2022年上半年")[0]. Without a year a date is of the period's year;
    今年以来 and 截至目前 end with the period, 去年同期 is the period a year earlier. Weekdays and times have no days.
    """
    try:
        known = _absolute(dict(period.parts), period.parts, None) if period is not None else None
        return _resolved(mention, known)
    except (ValueError, OverflowError):  # the thirty-first of February, the year 0
        return None


def _resolved(mention: Mention, known: Days | None) -> Days | None:
    if mention.kind not in ("date", "period", "name"):
        return None
    fields = dict(mention.parts)
    if not fields.keys() <= _DATED or (not fields and mention.relative is None):
        return None
    word = mention.relative
    year = known[1].year if known else None
    if fields:
        if "年" in fields or "世纪" in fields or "年代" in fields:
            return _absolute(fields, mention.parts, None)
        if word in ("本月", "上月", "下月"):
            if known is None:
                return None
            first, _ = _month_away(known, _MONTHS_AWAY[word])
            return _absolute({"月": first.month, **fields}, mention.parts, first.year)
        if year is None:
            return None
        if "月" not in fields and "日" in fields:
            # a day alone is of the period's month, if that has but one
            if known is None or known[0].month != known[1].month:
                return None
            fields["月"] = known[0].month
        return _absolute(fields, mention.parts, year + _YEARS_AWAY.get(word or "今年", 0))
    return _word(word or "", known) if known else None


def _word(word: str, known: Days) -> Days | None:
    """A date without a numeral."""
    first, last = known
    if word in _YEARS_AWAY:
        year = last.year + _YEARS_AWAY[word]
        return date(year, 1, 1), date(year, 12, 31)
    if word in _MONTHS_AWAY:
        return _month_away(known, _MONTHS_AWAY[word])
    if word in _QUARTERS_AWAY:
        quarter = (last.year * 4 + (last.month - 1) // 3) + _QUARTERS_AWAY[word]
        return _months(quarter // 4, quarter % 4 * 3 + 1, quarter % 4 * 3 + 3)
    match word:
        case "今年以来":
            return date(last.year, 1, 1), last
        case "截至目前":
            return known
        case "目前":
            return last, last
        case "去年同期":
            return _year_earlier(first), _year_earlier(last, end=True)
        case "年初":
            return _months(last.year, 1, 1)
        case "年底":
            return _months(last.year, 12, 12)
        case _:
            return None


def _year_earlier(day: date, *, end: bool = False) -> date:
    year = day.year - 1
    length = calendar.monthrange(year, day.month)[1]
    whole = end and day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, day.month, length if whole else min(day.day, length))


def _month_away(known: Days, away: int) -> Days:
    month = known[1].year * 12 + known[1].month - 1 + away
    return _months(month // 12, month % 12 + 1, month % 12 + 1)


def _months(year: int, first: int, last: int) -> Days:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _absolute(fields: dict[str, int], parts: tuple[tuple[str, int], ...], year: int | None) -> Days | None:
    """The days of the fields, in their own year or else in `year`."""
    if "年代" in fields:
        start = (fields.get("世纪", 20) - 1) * 100 + fields["年代"]
        return date(start, 1, 1), date(start + 9, 12, 31)
    if "世纪" in fields:
        return date(fields["世纪"] * 100 - 99, 1, 1), date(fields["世纪"] * 100, 12, 31)
    year = fields.get("年", year)
    if year is None:
        return None
    last_year = fields.get("止年", year)
    if "半年" in fields:
        return _months(year, 1, 6) if fields["半年"] == 1 else _months(year, 7, 12)
    if "季" in fields:
        quarters = [value for name, value in parts if name in ("季", "止季")]
        return _months(year, min(quarters) * 3 - 2, max(quarters) * 3)
    if "年段" in fields:
        return _months(year, 1, 1) if fields["年段"] == 1 else _months(year, 12, 12)
    if "月" not in fields:
        return (date(year, 1, 1), date(last_year, 12, 31)) if "日" not in fields else None
    months = [value for name, value in parts if name == "月"] or [fields["月"]]
    first_month, last_month = months[0], fields.get("止月", months[-1])
    if "旬" in fields:
        low, high = _TENS[fields["旬"]]
        length = calendar.monthrange(year, first_month)[1]
        return date(year, first_month, low), date(year, first_month, min(high, length))
    if "日" in fields:
        first = date(year, first_month, fields["日"])
        last = date(last_year, last_month, fields["止日"]) if "止日" in fields else first
        return (first, last) if first <= last else (first, date(last.year + 1, last.month, last.day))
    first, _ = _months(year, first_month, first_month)
    after = date(last_year + last_month // 12, last_month % 12 + 1, 1)
    return first, after - timedelta(days=1)
