"""Making exactly one thing of a draft wrong, and seeing to it that the result is false by its ledger."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from benchmarks.quantities import numerals
from benchmarks.quantities.drafts import Draft, Ledger, Mention, Statement
from benchmarks.quantities.themes import DIRECTIONS, NUMERIC, Quantity, write


@dataclass(frozen=True)
class Edit:
    """One changed place: its span in the mutated and in the original text, and the spans there of the quantities it makes false."""

    start: int
    end: int
    before: tuple[int, int]
    was: str
    became: str
    quantities: tuple[tuple[int, int], ...]
    quantities_before: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Mutation:
    """A draft with one thing made wrong (a swap has two places)."""

    kind: str
    text: str
    edits: tuple[Edit, ...]


ARABIC = re.compile(r"\d+(?:\.\d+)?")
FACTORS = {
    "元": ("元", 1),
    "万元": ("元", 10**4),
    "亿元": ("元", 10**8),
    "米": ("米", 1),
    "公里": ("米", 1000),
    "千米": ("米", 1000),
    "公斤": ("斤", 2),
    "斤": ("斤", 1),
    "吨": ("斤", 2000),
    "公顷": ("亩", 15),
    "亩": ("亩", 1),
    "人": ("人", 1),
    "名": ("人", 1),
}
WRONG_UNITS = {
    "元": ("万元",),
    "万元": ("元", "亿元"),
    "亿元": ("万元",),
    "公里": ("米",),
    "千米": ("米",),
    "米": ("公里", "厘米"),
    "亩": ("公顷", "平方米"),
    "公顷": ("亩",),
    "平方米": ("亩", "平方公里"),
    "平方公里": ("亩", "平方米"),
    "吨": ("公斤", "立方米"),
    "公斤": ("吨", "斤"),
    "斤": ("公斤", "吨"),
    "立方米": ("吨", "升"),
    "升": ("吨",),
    "天": ("个月", "小时"),
    "小时": ("天", "分钟"),
    "分钟": ("小时",),
    "个月": ("天", "年"),
    "年": ("个月",),
    "千瓦": ("兆瓦",),
    "万千瓦时": ("千瓦时",),
    "千瓦时": ("万千瓦时",),
}
WRONG_MEASURES = {
    "人": ("人次", "户"),
    "名": ("人次", "户"),
    "人次": ("人", "户"),
    "户": ("人", "户次"),
    "户次": ("户",),
    "场次": ("人次",),
    "场": ("人次",),
    "次": ("人次", "人"),
    "期": ("人次", "天"),
    "家": ("家次", "人"),
    "家次": ("家",),
    "份": ("人次", "户"),
    "册": ("人次", "户"),
    "件": ("人", "户"),
    "起": ("人", "户"),
    "处": ("公里", "户"),
    "座": ("公里", "平方米"),
    "个": ("人", "户"),
    "条": ("公里", "人"),
    "台": ("台次", "户"),
    "辆": ("辆次", "人"),
    "辆次": ("辆", "人"),
    "株": ("亩", "公里"),
    "头": ("户", "吨"),
    "只": ("户", "吨"),
    "所": ("人", "户"),
    "支": ("人", "户"),
    "项": ("人", "万元"),
    "套": ("户", "平方米"),
    "间": ("户", "平方米"),
    "班": ("人", "人次"),
    "课时": ("天", "人次"),
    "本": ("人次", "户"),
    "篇": ("人次",),
    "条次": ("条",),
    "盏": ("公里", "户"),
    "口": ("户", "亩"),
    "宗": ("人", "亩"),
}
Change = tuple[
    int, int, str, tuple[Mention, ...]
]  # start and end in the draft, new text, mentions it makes false


def _base(quantity: Quantity) -> tuple[str, Decimal, Decimal | None]:
    """Unit and value such that equal ones say the same."""
    unit, factor = FACTORS.get(quantity.unit, (quantity.unit or quantity.kind, 1))
    return unit, quantity.value * factor, quantity.end


def _told_value(text: str, quantity: Quantity) -> Decimal | None:
    """The value of a mention as it stands in a text, in the base unit."""
    folded = text.translate(numerals.HALF).replace("百分之", "")
    if folded.startswith("第"):
        folded = folded[1:]
    found = numerals.numbers(folded)
    if not found:
        return None
    _, end, value = found[0]
    rest = folded[end:].lstrip("余多")
    if rest[:1] in ("万", "千", "亿") and not rest.startswith(("万元", "亿元", "千米", "千瓦", "万千瓦")):
        value, rest = value * {"千": 10**3, "万": 10**4, "亿": 10**8}[rest[0]], rest[1:]
    if folded[end - 1] in "万亿" and rest.startswith("元") and quantity.unit in ("万元", "亿元"):
        return value
    for unit in sorted(FACTORS, key=len, reverse=True):
        if rest.startswith(unit):
            return value * FACTORS[unit][1]
    return value


class _Wrong:
    """All ways to make one thing of a draft wrong."""

    def __init__(self, ledger: Ledger, draft: Draft, rng: random.Random) -> None:
        self.ledger, self.draft, self.rng = ledger, draft, rng
        self.slots = [
            mention
            for mention in draft.mentions
            if mention.statement >= 0 and not mention.slot.startswith("derived")
        ]

    def said(self, mention: Mention) -> str:
        return self.draft.text[mention.start : mention.end]

    def taken(self, mention: Mention, but: Mention | None = None) -> set[tuple[str, Decimal, Decimal | None]]:
        """What the ledger says about the same thing: values of the same topic or the same noun."""
        own = self.ledger.statements[mention.statement]
        values = set()
        for place, statement in enumerate(self.ledger.statements):
            for slot, quantity in statement.quantities.items():
                if but is not None and (place, slot) in (
                    (but.statement, but.slot),
                    (mention.statement, mention.slot),
                ):
                    continue
                near = statement.item["topic"] == own.item["topic"]
                if near or (quantity.noun and quantity.noun == mention.quantity.noun):
                    values.add(_base(quantity))
        return values

    def false(self, mention: Mention, text: str) -> bool:
        """The mention with this text in its place is no reading of the ledger."""
        value = _told_value(text, mention.quantity)
        unit = _base(mention.quantity)[0]
        if value is None or value <= 0:
            return False
        return all(
            (held[0], held[1]) != (unit, value) for held in self.taken(mention) | {_base(mention.quantity)}
        )

    def whole(self, mention: Mention, text: str) -> list[Change]:
        return [(mention.start, mention.end, text, (mention,))]

    def plain(self) -> Iterator[tuple[Mention, str, re.Match[str]]]:
        for mention in self.slots:
            said = self.said(mention)
            if mention.quantity.kind in NUMERIC and (
                numeral := ARABIC.search(said.translate(numerals.HALF).replace(",", "，"))
            ):
                yield mention, said, numeral

    def _digit(self, mention: Mention, said: str, numeral: re.Match[str]) -> list[Change] | None:
        digits = [at for at in range(numeral.start(), numeral.end()) if said[at].isdigit()]
        if mention.quantity.approx or mention.quantity.value % 1000 == 0:
            digits = [at for at in digits if said[at] not in "0０"]
        if not digits or mention.quantity.approx == "以上":
            return None
        at = self.rng.choice(digits)
        edge = at == digits[0] or (at == numeral.end() - 1 and "." in numeral[0]) or mention.quantity.approx
        choice = [
            sign
            for sign in ("123456789" if edge else "0123456789")
            if sign != said[at].translate(numerals.HALF)
        ]
        sign = self.rng.choice(choice)
        if not said[at].isascii():
            sign = sign.translate(numerals.FULL)
        text = said[:at] + sign + said[at + 1 :]
        if (
            mention.quantity.kind == "percent"
            and Decimal(ARABIC.search(text.translate(numerals.HALF))[0]) > 100
        ):  # type: ignore[index]
            return None
        return self.whole(mention, text) if self.false(mention, text) else None

    def digit(self) -> Iterator[list[Change]]:
        for mention, said, numeral in self.plain():
            if change := self._digit(mention, said, numeral):
                yield change

    def ten_fold(self) -> Iterator[list[Change]]:
        for mention, said, numeral in self.plain():
            if "," in said or not said[numeral.start()].isascii():
                continue
            value = Decimal(numeral[0])
            for changed in (value * 10, value / 10):
                broken = mention.quantity.kind == "count" and changed % 1 and "万" not in said
                if broken or (mention.quantity.kind == "percent" and changed > 100):
                    continue
                text = said[: numeral.start()] + numerals.plain(changed) + said[numeral.end() :]
                if self.false(mention, text):
                    yield self.whole(mention, text)

    def magnitude(self) -> Iterator[list[Change]]:
        for mention, said, numeral in self.plain():
            rest = said[numeral.end() :]
            texts = []
            if rest[:1] == "万":
                texts.append(said[: numeral.end()] + "亿" + rest[1:])
                if "." not in numeral[0] and mention.quantity.kind == "count":
                    texts.append(said[: numeral.end()] + rest[1:])
            elif rest[:1] == "亿" or (rest[:1] == "千" and not rest.startswith(("千米", "千瓦"))):
                texts.append(said[: numeral.end()] + "万" + rest[1:])
            elif (
                mention.quantity.kind == "count"
                and mention.quantity.value >= 100
                and rest[:1] not in ("余", "多")
            ):
                texts.append(said[: numeral.end()] + "万" + rest)
            for text in texts:
                if self.false(mention, text):
                    yield self.whole(mention, text)

    def point(self) -> Iterator[list[Change]]:
        """% for 百分点 and back, where something grows or falls by it."""
        for mention in self.slots:
            said = self.said(mention)
            if mention.quantity.kind == "point":
                yield self.whole(mention, said.replace("个百分点", "%"))
            elif mention.quantity.kind == "percent" and said.endswith("%") and self.directed(mention):
                yield self.whole(mention, said.replace("%", "个百分点"))

    def _units(self, wrong: dict[str, tuple[str, ...]]) -> Iterator[list[Change]]:
        for mention in self.slots:
            said, unit = self.said(mention), mention.quantity.unit
            if mention.quantity.kind not in ("count", "money", "measure"):
                continue
            body = re.sub(r"(以上|左右)$", "", said)
            unit = next((one for one in sorted(wrong, key=len, reverse=True) if body.endswith(one)), "")
            if unit:
                head = body[: len(body) - len(unit)]
                for other in wrong[unit]:
                    yield self.whole(mention, head + other + said[len(body) :])

    def unit(self) -> Iterator[list[Change]]:
        yield from self._units(WRONG_UNITS)

    def measure_word(self) -> Iterator[list[Change]]:
        yield from self._units(WRONG_MEASURES)

    def approximation_dropped(self) -> Iterator[list[Change]]:
        for mention in self.slots:
            said = self.said(mention)
            text = re.sub(r"[余多近约]|以上|左右", "", said)
            if mention.quantity.approx and text != said:
                yield self.whole(mention, text)

    def approximation_reversed(self) -> Iterator[list[Change]]:
        for mention in self.slots:
            said = self.said(mention)
            if mention.quantity.approx in ("余", "多"):
                yield self.whole(mention, "近" + re.sub(r"[余多]", "", said))
            elif mention.quantity.approx == "近" and said.startswith("近"):
                numeral = numerals.NUMERAL.search(said)
                if numeral:
                    yield self.whole(mention, said[1 : numeral.end()] + "余" + said[numeral.end() :])
            elif mention.quantity.approx == "以上":
                yield self.whole(mention, said.replace("以上", "以下"))

    def _pairs(self, fits: Callable[[Mention, Mention], bool]) -> Iterator[list[Change]]:
        for index, one in enumerate(self.slots):
            for two in self.slots[index + 1 :]:
                a, b = one.quantity, two.quantity
                alike = a.kind == b.kind and a.kind in (*NUMERIC, "range") and a.unit == b.unit
                if not alike or _base(a) == _base(b) or not fits(one, two):
                    continue
                free = _base(a) not in self.taken(two, one) and _base(b) not in self.taken(one, two)
                if free:
                    yield [
                        (one.start, one.end, self.said(two), (one,)),
                        (two.start, two.end, self.said(one), (two,)),
                    ]

    def group(self, mention: Mention) -> int:
        return self.ledger.statements[mention.statement].group

    def swap_between_facts(self) -> Iterator[list[Change]]:
        yield from self._pairs(lambda one, two: self.group(one) != self.group(two))

    def swap_within_fact(self) -> Iterator[list[Change]]:
        yield from self._pairs(lambda one, two: one.statement == two.statement)

    def swap_between_parallel_facts(self) -> Iterator[list[Change]]:
        yield from self._pairs(
            lambda one, two: (
                self.group(one) == self.group(two) and one.statement != two.statement and one.slot == two.slot
            )
        )

    def year(self) -> Iterator[list[Change]]:
        for mention in self.draft.mentions:
            found = re.search(r"\d{4}(?=年)", self.said(mention))
            if found is None or not found[0].isascii():
                continue
            years = {int(other.quantity.value) for other in self.slots if other.quantity.kind == "year"}
            choice = [
                year
                for step in (-3, -2, -1, 1, 2)
                if (year := int(found[0]) + step) not in years | {self.ledger.period.year}
            ]
            if choice:
                at = mention.start + found.start()
                yield [(at, at + 4, str(self.rng.choice(choice)), (mention,))]

    def month_or_day(self) -> Iterator[list[Change]]:
        for mention in self.slots:
            if mention.quantity.kind not in ("month", "date"):
                continue
            said = self.said(mention)
            own = self.ledger.statements[mention.statement].quantities.values()
            for found in re.finditer(r"\d+(?=[月日])", said):
                top = 12 if said[found.end()] == "月" else 28
                used = {
                    int(part)
                    for held in own
                    if held.kind in ("month", "date")
                    for part in (held.value, held.end)
                    if part
                }
                choice = [
                    number for number in range(1, top + 1) if number not in used and number != int(found[0])
                ]
                if found[0].isascii() and choice:
                    text = said[: found.start()] + str(self.rng.choice(choice)) + said[found.end() :]
                    yield self.whole(mention, text)

    def clock(self) -> Iterator[list[Change]]:
        for mention in self.slots:
            if (
                mention.quantity.kind == "time"
                and (found := re.match(r"\d+", self.said(mention)))
                and found[0].isascii()
            ):
                hour = int(found[0])
                text = (
                    str(self.rng.choice([hour - 1, hour + 1 if hour < 23 else hour - 2]))
                    + self.said(mention)[found.end() :]
                )
                yield self.whole(mention, text)

    def range_end(self) -> Iterator[list[Change]]:
        for mention in self.slots:
            quantity = mention.quantity
            if quantity.kind != "range" or quantity.end is None:
                continue
            said = self.said(mention)
            style = next(
                (style for style in ("plain", "mark", "chinese") if write(quantity, style) == said), None
            )
            if style is None:
                continue
            moved = [replace(quantity, end=quantity.end + 1), replace(quantity, end=quantity.end + 2)]
            if quantity.end - quantity.value > 1:
                moved.append(replace(quantity, end=quantity.end - 1))
            if quantity.value > 1:
                moved.append(replace(quantity, value=quantity.value - 1))
            for changed in moved:
                if _base(changed) not in self.taken(mention):
                    yield self.whole(mention, write(changed, style))

    def _chinese(self, kinds: tuple[str, ...]) -> Iterator[list[Change]]:
        for mention in self.slots:
            said = self.said(mention)
            if mention.quantity.kind not in kinds:
                continue
            spots = [found.start() for found in re.finditer("[一二三四五六七八九两]", said)]
            if spots:
                at = self.rng.choice(spots)
                sign = self.rng.choice([one for one in "三四五六七八九" if one != said[at]])
                text = said[:at] + sign + said[at + 1 :]
                if self.false(mention, text):
                    yield self.whole(mention, text)

    def chinese_numeral(self) -> Iterator[list[Change]]:
        yield from self._chinese(NUMERIC)

    def ordinal(self) -> Iterator[list[Change]]:
        yield from self._chinese(("ordinal",))

    def _noun(self, chooser: Callable[[Mention, str], list[str]]) -> Iterator[list[Change]]:
        for sentence in self.draft.sentences:
            text = self.draft.text[sentence.start : sentence.end]
            held = [mention for mention in self.slots if sentence.start <= mention.start < sentence.end]
            for mention in held:
                noun = mention.quantity.noun
                if not noun or text.count(noun) != 1:
                    continue
                counted = tuple(other for other in held if other.quantity.noun == noun)
                for other in chooser(mention, text):
                    if other not in text and noun not in other and other not in noun:
                        at = sentence.start + text.index(noun)
                        yield [(at, at + len(noun), other, counted)]

    def subject_of_ledger(self) -> Iterator[list[Change]]:
        """The noun replaced by one that another fact counts with the same measure word."""

        def others(mention: Mention, text: str) -> list[str]:
            return [
                quantity.noun
                for statement in self.ledger.statements
                for quantity in statement.quantities.values()
                if quantity.noun
                and quantity.unit == mention.quantity.unit
                and statement.group != self.group(mention)
                and _base(quantity) != _base(mention.quantity)
            ]

        yield from self._noun(others)

    def subject_outside(self) -> Iterator[list[Change]]:
        """The noun replaced by something the ledger does not count."""
        ledger = self.ledger.text
        yield from self._noun(
            lambda mention, text: [other for other in mention.quantity.other if other not in ledger]
        )

    def _owner(self, chooser: Callable[[Statement], list[tuple[str, set[str]]]]) -> Iterator[list[Change]]:
        for sentence in self.draft.sentences:
            statement = self.ledger.statements[sentence.statement]
            text = self.draft.text[sentence.start : sentence.end]
            if not statement.name or text.count(statement.name) != 1:
                continue
            held = [mention for mention in self.slots if sentence.start <= mention.start < sentence.end]
            for other, slots in chooser(statement):
                counted = tuple(mention for mention in held if mention.slot in slots)
                if other not in text and counted:
                    at = sentence.start + text.index(statement.name)
                    yield [(at, at + len(statement.name), other, counted)]

    def owner_of_ledger(self) -> Iterator[list[Change]]:
        """The village (month, quarter) replaced by one of a parallel fact with other values."""

        def others(statement: Statement) -> list[tuple[str, set[str]]]:
            return [
                (
                    other.name,
                    {
                        slot
                        for slot, held in statement.quantities.items()
                        if _base(held) != _base(other.quantities[slot])
                    },
                )
                for other in self.ledger.statements
                if other.group == statement.group and other is not statement
            ]

        yield from self._owner(others)

    def owner_outside(self) -> Iterator[list[Change]]:
        """The village replaced by one that the ledger does not name."""
        villages = [place for place in self.ledger.outsiders if place[-1] in "村区屯寨"]
        yield from self._owner(
            lambda statement: [
                (place, set(statement.quantities))
                for place in villages
                if statement.item["each"] == "villages"
            ]
        )

    def directed(self, mention: Mention) -> re.Match[str] | None:
        before = self.draft.text[max(0, mention.start - 4) : mention.start]
        return re.search(f"({'|'.join(DIRECTIONS)})[了到至约]?$", before)

    def direction(self) -> Iterator[list[Change]]:
        for mention in self.slots:
            found = self.directed(mention)
            if found is None or (found[1] in "多少" and mention.quantity.kind in ("percent", "point")):
                continue
            at = mention.start - 4 if mention.start >= 4 else 0
            yield [(at + found.start(1), at + found.end(1), DIRECTIONS[found[1]], (mention,))]

    def derived_total(self) -> Iterator[list[Change]]:
        for mention in self.draft.mentions:
            said = self.said(mention)
            if (
                mention.slot.startswith("derived")
                and (numeral := ARABIC.search(said))
                and numeral[0].isascii()
            ):
                change = self._digit(mention, said, numeral)
                if change:
                    yield change


KINDS = (
    "digit",
    "ten_fold",
    "magnitude",
    "point",
    "unit",
    "measure_word",
    "approximation_dropped",
    "approximation_reversed",
    "swap_between_facts",
    "swap_within_fact",
    "swap_between_parallel_facts",
    "year",
    "month_or_day",
    "clock",
    "range_end",
    "chinese_numeral",
    "ordinal",
    "subject_of_ledger",
    "subject_outside",
    "owner_of_ledger",
    "owner_outside",
    "direction",
    "derived_total",
)


def apply(draft: Draft, kind: str, changes: list[Change]) -> Mutation:
    """The draft with the changes made, and where everything stands afterwards."""
    ordered = sorted(changes, key=lambda change: change[0])
    shifts = [(end, len(new) - (end - start)) for start, end, new, _ in ordered]

    def moved(position: int) -> int:
        return position + sum(shift for end, shift in shifts if end <= position)

    text, at = "", 0
    for start, end, new, _ in ordered:
        text += draft.text[at:start] + new
        at = end
    text += draft.text[at:]
    edits = []
    for start, end, new, mentions in ordered:
        left = moved(start)
        spans = tuple((moved(mention.start), moved(mention.end)) for mention in mentions)
        edits.append(
            Edit(
                left,
                left + len(new),
                (start, end),
                draft.text[start:end],
                new,
                spans,
                tuple((mention.start, mention.end) for mention in mentions),
            )
        )
    return Mutation(kind, text, tuple(edits))


def mutations(ledger: Ledger, draft: Draft, limit: int = 2, kinds: tuple[str, ...] = KINDS) -> list[Mutation]:
    """Up to `limit` mutations of every kind that the draft admits; each makes the draft say something false."""
    made: list[Mutation] = []
    for kind in kinds:
        rng = random.Random(f"{ledger.seed}/{draft.kind}/{kind}")
        candidates = list(getattr(_Wrong(ledger, draft, rng), kind)())
        made += [
            apply(draft, kind, changes) for changes in rng.sample(candidates, min(limit, len(candidates)))
        ]
    return [mutation for mutation in made if mutation.text != draft.text]
