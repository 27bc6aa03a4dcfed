"""The other tools, asked the same questions: recognizers-text-suite and cn2an, where they are installed.

Both come with the extra `bench`, which `make bench-numbers` installs into a place of its own (build/peers): the suite
needs an old `emoji`, and cn2an leaves stray `build` and `src` packages beside itself. Without them the table says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, InvalidOperation, localcontext
from functools import cache
from typing import Any

SUITE = "recognizers-text-suite"
CN2AN = "cn2an"
ABSENT = "not installed"


_SUITE_CONTEXT = Context(prec=15)
"""On import the suite sets the precision of the whole process to 15 digits. It keeps that for itself: drafter and cn2an
reckon with Python's own."""


@dataclass(frozen=True)
class Item:
    """One thing that a tool found or that a case expects: a number with its unit, or a date as TIMEX.

    optional    it may answer an expectation, and is no mistake where nothing is expected
    others      further values that say the same (5% is 0.05)
    """

    start: int
    end: int
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    timex: str | None = None
    type: str = ""
    optional: bool = False
    others: tuple[Decimal, ...] = ()


def decimal(text: object) -> Decimal | None:
    """The number that a tool gave as text, a percent sign left off; None for None and for nonsense."""
    if text is None:
        return None
    try:
        return Decimal(str(text).strip().rstrip("%").replace(",", ""))
    except InvalidOperation:
        return None


@cache
def recognizers() -> dict[str, Callable[..., Any]] | None:
    """The suite's Chinese models by the name its cases call them, or None when it is not installed."""
    try:
        with warnings.catch_warnings(), localcontext():
            warnings.simplefilter("ignore")
            from recognizers_date_time import recognize_datetime
            from recognizers_number import recognize_number, recognize_ordinal, recognize_percentage
            from recognizers_number_with_unit import (
                recognize_age,
                recognize_currency,
                recognize_dimension,
                recognize_temperature,
            )
    except ImportError:
        return None
    return {
        "NumberModel": recognize_number,
        "OrdinalModel": recognize_ordinal,
        "PercentModel": recognize_percentage,
        "AgeModel": recognize_age,
        "CurrencyModel": recognize_currency,
        "DimensionModel": recognize_dimension,
        "TemperatureModel": recognize_temperature,
        "DateTimeModel": recognize_datetime,
    }


def recognized(model: str, text: str, reference: str | None = None) -> list[Item]:
    """What the suite's model finds in the text. An exception of the suite's is an empty answer."""
    models = recognizers()
    assert models is not None
    arguments: dict[str, Any] = {}
    if model == "DateTimeModel" and reference:
        arguments["reference"] = datetime.fromisoformat(reference)
    try:
        with localcontext(_SUITE_CONTEXT):
            results = models[model](text, "zh-cn", **arguments)
    except Exception:  # noqa: BLE001 a crash of the peer's is the peer's answer
        return []
    return [_item(result) for result in results]


def _item(result: Any) -> Item:
    resolution = result.resolution or {}
    values = resolution.get("values") or [{}]
    return Item(
        result.start,
        result.end + 1,
        decimal(resolution.get("value")),
        unit=resolution.get("unit"),
        timex=values[0].get("timex"),
        type=result.type_name.removeprefix("datetimeV2."),
    )


@cache
def cn2an_module() -> Any:
    """The module, or None when it is not installed."""
    try:
        import cn2an
    except ImportError:
        return None
    return cn2an


def cn2an_number(text: str, mode: str) -> Decimal | None:
    """The number cn2an reads in this mode, None where it refuses."""
    try:
        return decimal(cn2an_module().cn2an(text, mode))
    except Exception:  # noqa: BLE001 ValueError is a refusal, all else a crash: no number either way
        return None


def cn2an_text(text: str) -> str:
    """The text with its numerals rewritten; the text itself where cn2an crashes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(cn2an_module().transform(text, "cn2an"))
    except Exception:  # noqa: BLE001
        return text
