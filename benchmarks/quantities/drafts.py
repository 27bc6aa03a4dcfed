"""Ledgers drawn from material, and drafts that tell them rightly in many wordings; all chance comes from the seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from benchmarks.quantities import numerals
from benchmarks.quantities.themes import Item, Period, Quantity, derive, draw, load, names, write

LEDGERS = 48
LEAST = 20  # quantities a ledger
HEADINGS = {
    "background": "基本情况",
    "done": "主要工作开展情况",
    "problem": "存在的主要问题",
    "plan": "下一步工作打算",
}
LEADS = ("据统计，", "同时，", "此外，", "与此同时，", "在各方共同努力下，", "经过持续推进，", "在此基础上，")
SYNONYMS = {"公里": ("千米", 1), "公顷": ("亩", 15), "公斤": ("斤", 2), "人": ("名", 1), "名": ("人", 1)}
ALIKE = {"余": "多", "多": "余", "约": "左右", "左右": "约"}
Say = Callable[[Quantity, str, random.Random], str]


@dataclass(frozen=True)
class Statement:
    """A fact drawn from an item: whose it is, and its quantities by slot."""

    id: str
    group: int  # the item: parallel facts share it
    item: Item
    name: str  # what {each} became
    words: dict[str, str]
    quantities: dict[str, Quantity]


@dataclass(frozen=True)
class Ledger:
    """A facts file and what it was made of."""

    facts: dict[str, Any]
    statements: tuple[Statement, ...]
    period: Period
    town: str
    outsiders: tuple[str, ...]  # towns and villages of the material that the ledger does not name
    phrases: tuple[str, ...]
    seed: str

    @property
    def text(self) -> str:
        """All facts, a line each."""
        return "\n".join(fact["text"] for fact in self.facts["facts"])


@dataclass(frozen=True)
class Mention:
    """A quantity in a draft; `statement` is its place in the ledger, -1 for the period of the opening."""

    start: int
    end: int
    statement: int
    slot: str
    quantity: Quantity


@dataclass(frozen=True)
class Sentence:
    """Where a draft tells a statement."""

    start: int
    end: int
    statement: int


@dataclass(frozen=True)
class Draft:
    """A report that says what the ledger says; `kind` names how its wording was changed (clean: not)."""

    text: str
    kind: str
    mentions: tuple[Mention, ...]
    sentences: tuple[Sentence, ...]


def _facts_of(
    theme: dict[str, Any], items: list[tuple[int, Item]], period: Period, town: str, rng: random.Random
) -> list[Statement]:
    statements: list[Statement] = []
    for group, item in items:
        words = {"town": town, **period.words(rng)}
        drawn: list[dict[str, Quantity]] = []
        for name in names(item, theme, period, rng):
            for _ in range(50):
                quantities = draw(item, period, rng)
                same = any(quantities[slot].key == other[slot].key for other in drawn for slot in quantities)
                if not same:
                    break
            drawn.append(quantities)
            statements.append(Statement("", group, item, name, words, quantities))
    return statements


def _fill(template: str, statement: Statement, quantities: dict[str, str]) -> str:
    return template.format(**statement.words, each=statement.name, **quantities)


def ledger_of(part: str, seed: int, number: int, themes: list[dict[str, Any]]) -> Ledger:
    name = f"{part}/{seed}/{number}"
    rng = random.Random(name)
    period = Period(rng.randint(2019, 2025), rng.choice(["", "", "上半年", "上半年", "前三季度", "一季度"]))
    chosen = [themes[number % len(themes)]]
    if number >= 2 * len(themes) and len(themes) > 1:
        chosen.append(rng.choice([theme for theme in themes if theme is not chosen[0]]))
    town = rng.choice(chosen[0]["towns"])
    size = 13 if len(chosen) == 1 else 8
    nouns: set[tuple[str, str]] = set()
    statements: list[Statement] = []
    for place, theme in enumerate(chosen):
        picked = sorted(rng.sample(range(len(theme["items"])), min(size, len(theme["items"]))))
        items = []
        for index in picked:
            item = theme["items"][index]
            own = {
                (spec["noun"], spec.get("unit", "")) for spec in item["slots"].values() if spec.get("noun")
            }
            if place and own & nouns:
                continue  # two themes may count the same thing, a ledger may not
            nouns |= own
            items.append((place * 100 + index, item))
        statements += _facts_of(theme, items, period, town, rng)
    order = {role: place for place, role in enumerate(HEADINGS)}
    statements.sort(key=lambda statement: order[statement.item["role"]])
    numbered = tuple(
        Statement(f"f{place:02d}", one.group, one.item, one.name, one.words, one.quantities)
        for place, one in enumerate(statements, start=1)
    )
    facts = [
        {
            "id": one.id,
            "role": one.item["role"],
            "topic": one.item["topic"],
            "text": _fill(
                one.item["fact"], one, {slot: held.written for slot, held in one.quantities.items()}
            ),
        }
        for one in numbered
    ]
    subject = "和".join(theme["theme"] for theme in chosen)
    year, month = (period.year + 1, 1) if period.last_month == 12 else (period.year, period.last_month + 1)
    text = "\n".join(str(fact["text"]) for fact in facts)
    candidates = [place for theme in chosen for place in (*theme["towns"], *theme["villages"])]
    return Ledger(
        facts={
            "title": f"{town}{period.name}{subject}工作情况汇报",
            "organization": town,
            "recipient": f"{chosen[0]['county']}人民政府",
            "period": period.name,
            "date": f"{year}-{month:02d}-{rng.randint(3, 12):02d}",
            "theme": f"{subject}工作",
            "facts": facts,
        },
        statements=numbered,
        period=period,
        town=town,
        outsiders=tuple(place for place in candidates if place != town and place not in text),
        phrases=tuple(phrase for theme in chosen for phrase in theme["phrases"]),
        seed=name,
    )


def ledgers(part: str, seed: int = 1, count: int = LEDGERS) -> list[Ledger]:
    """The ledgers of a part: twice each theme alone, then pairs of themes; each with at least 20 quantities."""
    themes = load(part)
    made: list[Ledger] = []
    number = 0
    while themes and len(made) < count and number < 4 * count:
        ledger = ledger_of(part, seed, number, themes)
        number += 1
        if sum(len(statement.quantities) for statement in ledger.statements) >= LEAST:
            made.append(ledger)
    return made


def _as_written(quantity: Quantity, following: str, rng: random.Random) -> str:
    """As the ledger has it, or in plain Arabic."""
    return quantity.written if quantity.style == "plain" or rng.random() < 0.7 else write(quantity, "plain")


def _in(style: str) -> Say:
    def say(quantity: Quantity, following: str, rng: random.Random) -> str:
        return write(quantity, style)

    return say


def _approximated(quantity: Quantity, following: str, rng: random.Random) -> str:
    if quantity.approx not in ALIKE:
        return quantity.written
    return write(replace(quantity, approx=ALIKE[quantity.approx]), quantity.style)


def _in_other_unit(quantity: Quantity, following: str, rng: random.Random) -> str:
    """公里 as 千米, 公顷 as 亩 where it comes out even, 人 and 名 where no noun follows."""
    if quantity.unit not in SYNONYMS or quantity.kind == "range":
        return quantity.written
    unit, factor = SYNONYMS[quantity.unit]
    if factor == 1 and unit in "人名" and following not in "，。、；":
        return quantity.written
    value = quantity.value * factor
    if quantity.approx and factor > 1:
        return quantity.written
    return write(replace(quantity, unit=unit, value=value), quantity.style)


def _dated(year: int) -> Say:
    """Dates with their year."""

    def say(quantity: Quantity, following: str, rng: random.Random) -> str:
        return (f"{year}年" if quantity.kind == "date" else "") + quantity.written

    return say


def _any(quantity: Quantity, following: str, rng: random.Random) -> str:
    return rng.choice(PARAPHRASES)(quantity, following, rng)


STYLES: dict[str, Say] = {
    "chinese": _in("chinese"),
    "arabic": _in("arabic"),
    "scale": _in("scale"),
    "comma": _in("comma"),
    "full width": _in("full"),
    "range mark": _in("mark"),
    "tenths": _in("tenths"),
    "approximation": _approximated,
    "unit": _in_other_unit,
}
PARAPHRASES = tuple(STYLES.values())


@dataclass
class _Pen:
    """Writes a draft and remembers where its quantities stand."""

    text: str = ""
    mentions: list[Mention] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    def tell(
        self,
        template: str,
        place: int,
        statement: Statement,
        quantities: dict[str, Quantity],
        say: Say,
        rng: random.Random,
    ) -> None:
        """One sentence; a quantity is written by `say`."""
        start = len(self.text)
        pieces = re.split(r"\{(\w+)\}", template)
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                self.text += piece
            elif piece in quantities:
                at = len(self.text)
                self.text += say(quantities[piece], (pieces[index + 1] or "，")[0], rng)
                self.mentions.append(Mention(at, len(self.text), place, piece, quantities[piece]))
            else:
                self.text += {**statement.words, "each": statement.name}[piece]
        self.sentences.append(Sentence(start, len(self.text), place))


def _derived(ledger: Ledger, place: int) -> Iterator[tuple[str, dict[str, Quantity]]]:
    """Sentences computed from the statement, and totals after the last of parallel facts."""
    statement = ledger.statements[place]
    for one in statement.item.get("derived", ()):
        made = {f"derived_{name}": derive(spec, statement.quantities) for name, spec in one["slots"].items()}
        held = {name: quantity for name, quantity in made.items() if quantity is not None}
        if len(held) == len(made):
            yield (
                re.sub(
                    r"\{(\w+)\}",
                    lambda m, own=one["slots"]: f"{{derived_{m[1]}}}" if m[1] in own else m[0],
                    one["sentence"],
                ),
                held,
            )
    group = [other for other in ledger.statements if other.group == statement.group]
    if statement is not group[-1] or len(group) < 2:
        return
    for total in statement.item.get("totals", ()):
        parts = [other.quantities[total["slot"]] for other in group]
        if any(part.approx for part in parts):
            continue
        value = sum((part.value for part in parts), Decimal(0))
        listed = "、".join(other.name for other in group)
        sentence = total["sentence"].replace("{all}", listed).replace("{x}", "{derived_x}")
        yield sentence, {"derived_x": replace(parts[0], value=value, noun="", other=(), style="plain")}


def _draft(
    ledger: Ledger,
    kind: str,
    say: Say = _as_written,
    *,
    variant: int = 0,
    shuffled: bool = False,
    around: bool = False,
    phrased: bool = False,
    derived: bool = False,
    dated: bool = False,
) -> Draft:
    layout = random.Random(f"{ledger.seed}/layout")
    rng = random.Random(f"{ledger.seed}/{kind}")
    pen = _Pen()
    pen.text = f"{ledger.facts['title']}\n"
    period = Quantity("period", Decimal(ledger.period.year))
    pen.mentions.append(Mention(len(pen.text), len(pen.text) + len(ledger.period.name), -1, "period", period))
    pen.text += f"{ledger.period.name}，{ledger.town}认真落实上级部署要求，扎实推进{ledger.facts['theme']}，现将有关情况汇报如下。\n"
    phrases = list(ledger.phrases)
    layout.shuffle(phrases)
    parts = 0
    for role, heading in HEADINGS.items():
        told = [place for place, one in enumerate(ledger.statements) if one.item["role"] == role]
        if not told:
            continue
        parts += 1
        pen.text += f"{numerals.DIGITS[parts]}、{heading}\n"
        topics = list(dict.fromkeys(ledger.statements[place].item["topic"] for place in told))
        if shuffled:
            rng.shuffle(topics)
        for number, topic in enumerate(topics, start=1):
            if role == "done":
                pen.text += f"（{numerals.chinese(Decimal(number))}）{topic}\n"
            own = [place for place in told if ledger.statements[place].item["topic"] == topic]
            listed = len(own) > 1 and layout.random() < 0.3
            if shuffled:
                rng.shuffle(own)
            if phrases and (phrased or layout.random() < 0.25):
                pen.text += phrases.pop()
            for count, place in enumerate(own, start=1):
                statement = ledger.statements[place]
                choice = layout.randrange(12) + variant
                sentence = statement.item["sentences"][choice % len(statement.item["sentences"])]
                if listed:
                    pen.text += f"{numerals.chinese(Decimal(count))}是"
                elif around and rng.random() < 0.6:
                    pen.text += rng.choice(LEADS)
                writer = _dated(ledger.period.year) if dated and role != "plan" else say
                pen.tell(sentence, place, statement, statement.quantities, writer, rng)
                if derived:
                    for template, computed in _derived(ledger, place):
                        pen.tell(template, place, statement, computed, say, rng)
            pen.text += "\n"
    return Draft(pen.text, kind, tuple(pen.mentions), tuple(pen.sentences))


def clean(ledger: Ledger) -> Draft:
    """All facts told, every value as the ledger has it."""
    return _draft(ledger, "clean")


def paraphrases(ledger: Ledger) -> list[Draft]:
    """The same report in other words and other numerals, one way at a time, then all ways mixed; `derived` adds
    totals, differences and shares computed from what the facts list. A way that changes nothing is left out."""
    base = clean(ledger)
    drafts = [_draft(ledger, kind, say) for kind, say in STYLES.items()]
    drafts += [
        _draft(ledger, "order", shuffled=True),
        _draft(ledger, "wording", variant=1),
        _draft(ledger, "lead-ins", around=True),
        _draft(ledger, "set phrases", phrased=True),
        _draft(ledger, "full dates", dated=True),
        _draft(ledger, "derived", derived=True),
        _draft(ledger, "mixed", _any, variant=2, shuffled=True, around=True),
    ]
    return [draft for draft in drafts if draft.text != base.text]
