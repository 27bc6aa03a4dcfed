"""Material files (MATERIAL.md): reading them, finding their faults, drawing the values of an item."""

from __future__ import annotations

import calendar
import json
import random
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from benchmarks.quantities import numerals

HERE = Path(__file__).resolve().parent / "material"
Item = dict[str, Any]

APPROXIMATIONS = ("余", "多", "近", "约", "以上", "左右")
DIRECTIONS = {
    "增长": "下降",
    "下降": "增长",
    "增加": "减少",
    "减少": "增加",
    "提高": "降低",
    "降低": "提高",
    "上升": "下降",
    "提升": "下降",
    "净增": "净减",
    "新增": "减少",
    "上涨": "下跌",
    "压减": "增加",
    "回落": "上升",
    "高于": "低于",
    "低于": "高于",
    "多": "少",
    "少": "多",
}
CUES = "增长|下降|增加|减少|提高|降低|上升|提升|压减|上涨|回落|不足|超过|不到|高于|低于"
COMPUTED = ("sum", "difference", "product", "share", "growth", "average")
NUMERIC = ("count", "money", "measure", "percent", "point")
KINDS = (*NUMERIC, "range", "ordinal", "year", "month", "date", "time")
# periods a report may be of: its name without the year, its last month, the words for it, for the last one and the next one
PERIODS: dict[str, tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "": (12, ("全年", "今年以来", "年内"), ("上年", "去年"), ("明年",)),
    "上半年": (6, ("上半年", "今年以来"), ("上年同期", "去年同期"), ("下半年",)),
    "前三季度": (9, ("前三季度", "今年以来"), ("上年同期", "去年同期"), ("四季度",)),
    "一季度": (3, ("一季度", "今年以来"), ("上年同期", "去年同期"), ("下一步",)),
}
FILLED = ("town", "now", "last", "next", "each", "all")


@dataclass(frozen=True)
class Period:
    """What a report covers: 2024年上半年."""

    year: int
    part: str

    @property
    def name(self) -> str:
        """As the facts file writes it."""
        return f"{self.year}年{self.part}"

    @property
    def last_month(self) -> int:
        """The month it ends in."""
        return PERIODS[self.part][0]

    def words(self, rng: random.Random) -> dict[str, str]:
        """What {now}, {last} and {next} become."""
        _, now, last, following = PERIODS[self.part]
        return {"now": rng.choice(now), "last": rng.choice(last), "next": rng.choice(following)}


@dataclass(frozen=True)
class Quantity:
    """One slot with its value: what the ledger says, and how it writes it."""

    kind: str
    value: Decimal  # lower end of a range, month of a date, minutes of a time
    unit: str = ""
    end: Decimal | None = None  # upper end of a range, day of a date, year of a month beyond the period
    approx: str = ""
    noun: str = ""
    other: tuple[str, ...] = ()
    style: str = "plain"

    @property
    def written(self) -> str:
        """The text of the ledger."""
        return write(self, self.style)

    @property
    def key(self) -> tuple[str, str, Decimal, Decimal | None]:
        """Equal keys say the same about the same thing."""
        return self.kind, self.unit, self.value, self.end


def _scaled(quantity: Quantity) -> tuple[str, str] | None:
    """Numeral and unit with 千, 万 or 亿 taken in or out, None where nobody would."""
    value, unit = quantity.value, quantity.unit
    if quantity.kind == "money" and unit == "万元":
        if value >= 10000:
            return numerals.plain(value / 10000), "亿元"
        return numerals.plain(value * 10000), "元"
    if value >= 10000 and value % 100 == 0:
        return numerals.plain(value / 10000), "万" + unit
    if value >= 1000 and value % 1000 == 0:
        return numerals.plain(value / 1000), "千" + unit
    return None


def _with(numeral: str, approx: str, unit: str) -> str:
    """Numeral, approximation and unit in their places: 60余场, 近60场, 60场以上."""
    if approx in ("余", "多"):
        if unit[:1] in "千万亿" and unit:
            return numeral + unit[0] + approx + unit[1:]
        return numeral + approx + unit
    return f"{approx}{numeral}{unit}" if approx in ("近", "约") else numeral + unit + approx


def write(quantity: Quantity, style: str) -> str:
    """The quantity in one style: plain, chinese, scale, comma, full, mark, tenths, ledger.

    A style that does not apply to the quantity falls back to plain."""
    kind, value, end = quantity.kind, quantity.value, quantity.end
    if style == "full":
        return write(quantity, "plain").translate(numerals.FULL)
    speak = style == "chinese"
    if kind == "percent":
        if style == "tenths" and value % 5 == 0 and 10 <= value < 100 and not quantity.approx:
            return numerals.DIGITS[int(value // 10)] + "成" + ("五" if value % 10 else "")
        text = f"百分之{numerals.chinese(value)}" if speak else f"{numerals.plain(value)}%"
        return _with(text, quantity.approx, "")
    if kind == "point":
        return (numerals.chinese(value) if speak else numerals.plain(value)) + "个百分点"
    if kind == "range":
        assert end is not None
        if speak:
            return f"{numerals.chinese(value)}至{numerals.chinese(end)}{quantity.unit}"
        return (
            f"{numerals.plain(value)}{'-' if style == 'mark' else '至'}{numerals.plain(end)}{quantity.unit}"
        )
    if kind == "ordinal":
        return f"第{numerals.plain(value) if style in ('arabic', 'full') else numerals.chinese(value)}{quantity.unit}"
    if kind == "year":
        return (numerals.year(int(value)) if speak else numerals.plain(value)) + "年"
    if kind == "month":
        head = "" if end is None else (numerals.year(int(end)) if speak else str(int(end))) + "年"
        return head + (numerals.chinese(value) if speak else numerals.plain(value)) + "月"
    if kind == "date":
        assert end is not None
        if speak:
            return f"{numerals.chinese(value)}月{numerals.chinese(end)}日"
        return f"{numerals.plain(value)}月{numerals.plain(end)}日"
    if kind == "time":
        hour, minute = divmod(int(value), 60)
        if style == "mark":
            return f"{hour}时" + (f"{minute}分" if minute else "")
        return f"{hour}:{minute:02d}"
    if style == "scale" and (scaled := _scaled(quantity)):
        return _with(scaled[0], quantity.approx, scaled[1])
    if speak:
        return _with(numerals.chinese(value, counting=True), quantity.approx, quantity.unit)
    if style == "comma" and value >= 1000:
        return _with(numerals.thousands(value), quantity.approx, quantity.unit)
    return _with(numerals.plain(value), quantity.approx, quantity.unit)


def load(part: str) -> list[dict[str, Any]]:
    """The themes of a part (open, kept), in the order of their file names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / part).glob("*.json"))]


def places(text: str) -> list[str]:
    """The names in braces, in order."""
    return re.findall(r"\{(\w+)\}", text)


def _steps(rng: random.Random, low: Decimal, high: Decimal, step: Decimal) -> Decimal:
    first, last = -(-low // step), high // step
    return (Decimal(rng.randint(int(first), int(last))) if last >= first else first) * step


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _computed(spec: dict[str, Any], known: dict[str, Quantity]) -> Decimal | None:
    """The value of a computed slot; None when an average does not come out even."""
    [rule] = [name for name in COMPUTED if name in spec]
    values = [known[name].value for name in spec[rule]]
    digits = int(spec.get("digits", 0))
    if rule == "sum":
        return sum(values, Decimal(0))
    if rule == "difference":
        return values[0] - sum(values[1:], Decimal(0))
    if rule == "product":
        result = Decimal(1)
        for value in values:
            result *= value
        return result
    if rule == "share":
        return _rounded(values[0] * 100 / values[1], digits)
    if rule == "growth":
        return _rounded((values[0] - values[1]) * 100 / values[1], digits)
    average = values[0] / values[1]
    return average if average == _rounded(average, digits) else None


def _calendar(spec: dict[str, Any], role: str, period: Period, rng: random.Random) -> Quantity:
    """A month or a date within the period; of a plan, after it."""
    year, first, last = period.year, 1, period.last_month
    if role == "plan":
        year, first, last = (year + 1, 1, 12) if last == 12 else (year, last + 1, 12)
    month = rng.randint(first, last)
    if spec["kind"] == "month":
        return Quantity("month", Decimal(month), end=None if year == period.year else Decimal(year))
    day = rng.randint(2, calendar.monthrange(year, month)[1] - 1)
    return Quantity("date", Decimal(month), end=Decimal(day))


def _simple(
    spec: dict[str, Any], role: str, period: Period, known: dict[str, Quantity], rng: random.Random
) -> Quantity:
    kind, unit = spec["kind"], spec.get("unit", "")
    if kind in ("month", "date"):
        return _calendar(spec, role, period, rng)
    if kind == "year":
        return Quantity(kind, Decimal(period.year + rng.randint(spec["low"], spec["high"])))
    if kind == "time":
        return Quantity(kind, Decimal(rng.randrange(int(spec["low"]) * 60, int(spec["high"]) * 60 + 1, 30)))
    low, high = Decimal(str(spec["low"])), Decimal(str(spec.get("high", spec["low"])))
    if kind == "range":
        start = Decimal(rng.randint(int(low), int(high)))
        return Quantity(kind, start, unit, start + rng.randint(1, int(spec.get("width", 2))))
    step = Decimal(str(spec["step"])) if "step" in spec else Decimal(1).scaleb(-int(spec.get("digits", 0)))
    if "below" in spec:
        roof = known[spec["below"]].value - step
        high = min(high, roof) if "high" in spec else roof
        low = low if low < high else max(step, high / 2)
    value = _steps(rng, low, high, step)
    words = spec.get("approx")
    approx = rng.choice(words) if isinstance(words, list) else words
    if approx and (value < 10 or value % 10):
        approx = None
    return Quantity(kind, value, unit, approx=approx or "")


def _style(quantity: Quantity, rng: random.Random) -> str:
    """How the ledger writes it: small counts now and then in Chinese, great ones now and then with 万."""
    if quantity.kind == "count" and quantity.value <= 20 and not quantity.approx and rng.random() < 0.2:
        return "chinese"
    if quantity.kind in ("count", "measure", "money") and quantity.value >= 10000 and quantity.unit != "万元":
        return "scale" if rng.random() < 0.6 else "plain"
    return "plain"


def derive(spec: dict[str, Any], known: dict[str, Quantity]) -> Quantity | None:
    """The quantity of a computed slot."""
    value = _computed(spec, known)
    if value is None or value <= 0:
        return None
    return Quantity(spec["kind"], value.normalize() + 0, spec.get("unit", ""), noun=spec.get("noun", ""))


def draw(item: Item, period: Period, rng: random.Random) -> dict[str, Quantity]:
    """Values for all slots of an item, different from one another where unit and kind agree."""
    for _ in range(200):
        known: dict[str, Quantity] = {}
        waiting = dict(item["slots"])
        while waiting:
            before = len(waiting)
            for name, spec in list(waiting.items()):
                rule = next((spec[word] for word in COMPUTED if word in spec), None)
                needs = rule or ([spec["below"]] if "below" in spec else [])
                if any(need not in known for need in needs):
                    continue
                quantity = derive(spec, known) if rule else _simple(spec, item["role"], period, known, rng)
                if quantity is None:
                    break
                quantity = replace(
                    quantity,
                    noun=spec.get("noun", ""),
                    other=tuple(spec.get("other", ())),
                    approx=quantity.approx,
                )
                known[name] = replace(quantity, style=_style(quantity, rng))
                del waiting[name]
            if len(waiting) == before:
                break
        keys = [quantity.key for quantity in known.values()]
        if not waiting and len(set(keys)) == len(keys):
            return known
    raise ValueError(f"no values for {item['fact']}: low, high and below do not fit together")


def names(item: Item, theme: dict[str, Any], period: Period, rng: random.Random) -> list[str]:
    """What an item is repeated for: villages, months or quarters of the period, or its own list; [""] for once."""
    each = item.get("each")
    if not each:
        return [""]
    if each == "months":
        choice = [f"{month}月" for month in range(1, period.last_month + 1)]
    elif each == "quarters":
        choice = ["一季度", "二季度", "三季度", "四季度"][: period.last_month // 3]
    else:
        choice = list(theme["villages"] if each == "villages" else each)
    count = min(len(choice), rng.choice((2, 3)))
    return [choice[place] for place in sorted(rng.sample(range(len(choice)), count))]


def faults(theme: dict[str, Any]) -> list[str]:
    """What is wrong with a theme, each with its place."""
    found: list[str] = []
    for key, least in (("towns", 3), ("villages", 5), ("phrases", 5), ("items", 14)):
        if len(theme.get(key, ())) < least:
            found.append(f"{key}: fewer than {least}")
    if not theme.get("county"):
        found.append("county: missing")
    seen: dict[tuple[str, str, str], int] = {}
    for number, item in enumerate(theme.get("items", ())):
        place = f"items[{number}] {item.get('fact', '')[:14]}"
        found += [f"{place}: {fault}" for fault in _item_faults(item)]
        for spec in item.get("slots", {}).values():
            if spec.get("noun"):
                key_ = (item["topic"], spec["noun"], spec.get("unit", ""))
                if seen.setdefault(key_, number) != number:
                    found.append(f"{place}: the same indicator as items[{seen[key_]}] ({spec['noun']})")
    return found


def _item_faults(item: Item) -> list[str]:
    found: list[str] = []
    allowed = {"topic", "role", "fact", "slots", "sentences", "each", "derived", "totals"}
    found += [f"unknown key {key}" for key in sorted(set(item) - allowed)]
    found += [
        f"{key} is missing" for key in ("topic", "role", "fact", "slots", "sentences") if key not in item
    ]
    if found:
        return found
    if item["role"] not in ("background", "done", "problem", "plan"):
        found.append(f"role {item['role']}")
    if not 2 <= len(item["sentences"]) <= 4:
        found.append("2 to 4 sentences")
    slots = item["slots"]
    for name, spec in slots.items():
        found += [f"slot {name}: {fault}" for fault in _slot_faults(spec, slots)]
    wanted = sorted([*slots, *(["each"] if item.get("each") else [])])
    cues: list[str] = []
    for text in [item["fact"], *item["sentences"]]:
        held = sorted(name for name in places(text) if name not in FILLED or name == "each")
        if held != wanted:
            found.append(f"{text}: has {held}, wanted {wanted}")
        if text is not item["fact"] and not text.endswith("。"):
            found.append(f"{text}: no 。 at the end")
        bare = re.sub(r"\{\w+\}", "", text)
        if re.search(r"\d", re.sub(r"12\d{3}|[A-Z]\d+|“[^”]*”", "", bare)):
            found.append(f"{text}: a digit outside a slot")
        if re.search(r"(?<![签预合公节制])约\{|(?<![附就最临])近\{|\}(余|多|左右|以上)", text):
            found.append(f"{text}: an approximation outside its slot")
        cues.append("".join(sorted(re.findall(f"({CUES})(?:了|到|至|约)?\\{{", text))))
        found += [
            f"{text}: the noun {spec['noun']} must stand in it once"
            for spec in slots.values()
            if spec.get("noun") and text is not item["fact"] and bare.count(spec["noun"]) != 1
        ]
    if len({cue == "" for cue in cues}) > 1:
        found.append(f"a direction or bound stands before the number in some wordings only: {cues}")
    for total in item.get("totals", ()):
        if total["slot"] not in slots or "{all}" not in total["sentence"] or "{x}" not in total["sentence"]:
            found.append(f"totals: {total}")
        elif not item.get("each"):
            found.append("totals without each")
    for derived in item.get("derived", ()):
        if sorted(set(places(derived["sentence"])) - set(FILLED)) != sorted(derived["slots"]):
            found.append(f"derived: {derived['sentence']}")
        for spec in derived["slots"].values():
            rule = next((spec[word] for word in COMPUTED if word in spec), None)
            if rule is None or any(name not in slots or slots[name].get("approx") for name in rule):
                found.append(f"derived: {spec} must compute from exact slots of this item")
    return found


def _slot_faults(spec: dict[str, Any], slots: dict[str, Any]) -> list[str]:
    kind = spec.get("kind")
    if kind not in KINDS:
        return [f"kind {kind}"]
    found: list[str] = []
    rule = next((spec[word] for word in COMPUTED if word in spec), None)
    if rule:
        found += [
            f"needs {name}, which is no exact slot"
            for name in rule
            if slots.get(name, {"approx": 1}).get("approx")
        ]
    elif kind not in ("month", "date") and "low" not in spec:
        found.append("no low")
    elif kind not in ("month", "date") and "high" not in spec and "below" not in spec:
        found.append("no high")
    if "below" in spec and spec["below"] not in slots:
        found.append(f"below {spec['below']}")
    if kind in ("count", "money", "measure", "range", "ordinal") and not spec.get("unit"):
        found.append("no unit")
    words = spec.get("approx")
    for word in words if isinstance(words, list) else [words]:
        if word is not None and word not in APPROXIMATIONS:
            found.append(f"approx {word}")
    if words and Decimal(str(spec.get("step", 1))) % 10:
        found.append("approx without a step of tens")
    if spec.get("other") and not spec.get("noun"):
        found.append("other without noun")
    if spec.get("noun") and 0 < len(spec.get("other", ())) < 2:
        found.append("fewer than two others")
    return found
