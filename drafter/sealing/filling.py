"""Puts the words back: fills a reply's slots, computes expressions over them, and tells what was misused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation

from drafter.checks.wording import Wording
from drafter.comparing.arithmetic import difference, plain, rounded
from drafter.quantities import Mention, find, same_unit
from drafter.sealing.book import Entry
from drafter.sealing.slots import SLOT, Misuse, evaluate, names_in, read_slots

_PAIRS = {"《": "》", "“": "”", "「": "」", "『": "』"}
_SPACED = re.compile("(?<=[\u3400-\u9fff，。；、：]) +(?=⟦)|(?<=⟧) +(?=[\u3400-\u9fff，。；、：%％])")
"""Blanks that a model puts around a slot as around a Latin word."""
_NUMBER = re.compile(r"(?<![\d.．,nA-Za-z⟦/(+*-])(?P<number>\d{1,3})(?![\d.．,⟧])")
_QUOTES = "\"“”'‘’「」『』《》"
_LOOSE = "余多逾来几"
_BEFORE = ("不少于", "不低于", "不超过", "不足", "将近", "超过", "大约", "约", "近", "超", "逾", "第")
"""What a slot's own words may begin with, and a writer may have put before it again."""
_SUFFIXES = "省市县区旗镇乡村屯组街社"
_NUMERAL = "36"
"""A number in whose place a slot is read to see whether a unit follows."""


@dataclass(frozen=True)
class Filled:
    """A reply with its slots filled, and every slot that was not used as it should be."""

    text: str
    misuses: tuple[Misuse, ...] = ()
    used: tuple[str, ...] = ()
    """The slots that were filled, in their order."""


def fill(
    text: str, entries: Mapping[str, Entry], offered: Mapping[str, str], allowed: Mapping[str, int]
) -> Filled:
    """The text with words for slots.

    A slot that there is not, and an expression that cannot be computed exactly, stay as they are: the check of
    placeholders finds them.

    Args:
        text: a reply.
        entries: by code.
        offered: expressions whose outcome is known, by code: how the program itself tells it.
        allowed: how often a figure may be told, by its code, where that is bounded.
    """
    text, misuses = read_slots(text, entries)
    text, bare = _stripped(text, entries)
    misuses += bare
    text = _SPACED.sub("", text)
    text, repeated = without_repeats(text, allowed)
    misuses += repeated
    out: list[str] = []
    used: list[str] = []
    at = 0
    for match in SLOT.finditer(text):
        out.append(text[at : match.start()])
        at = match.end()
        code = match[1]
        words = _of_expression(code, entries, offered) if code not in entries else None
        if code in entries:
            used.append(code)
            at = _put(out, text, at, entries[code])
        elif words is not None:
            used.append(code)
            out.append(words)
            at += len(text) > at and words.endswith("%") and text[at] in "%％"
        else:
            kind = "inexact" if len(names_in(code)) > 1 and set(names_in(code)) <= set(entries) else "unknown"
            misuses.append(Misuse(kind, match[0], match[0]))
            out.append(match[0])
    out.append(text[at:])
    return Filled("".join(out), tuple(misuses), tuple(used))


def _stripped(text: str, entries: Mapping[str, Entry]) -> tuple[str, list[Misuse]]:
    """The text with slots where only their number was left: 12个 of ⟦n12⟧个, which small models write.

    Only where the slot's own unit follows, and the slot stands nowhere in the text. Whoever sees no figure can hardly mean
    another by it, and what it is filled with is checked like any other.
    """
    misuses: list[Misuse] = []
    missing = {
        code[1:]: entry
        for code, entry in entries.items()
        if code[0] == "n" and code[1:].isdigit() and entry.behind and f"⟦{code}⟧" not in text
    }

    def slot(match: re.Match[str]) -> str:
        entry = missing.get(match["number"])
        if entry is None or not match.string.startswith(entry.behind, match.end()):
            return match[0]
        misuses.append(Misuse("bent", f"⟦{entry.code}⟧", match[0] + entry.behind))
        return f"⟦{entry.code}⟧"

    return _NUMBER.sub(slot, text), misuses


def without_repeats(text: str, allowed: Mapping[str, int]) -> tuple[str, list[Misuse]]:
    """The text without sentences that only tell again what was told, and the figures told too often in others."""
    told: Counter[str] = Counter()
    misuses: list[Misuse] = []
    gone: list[tuple[int, int]] = []
    for start, end in Wording(text).sentences:
        codes = [name for match in SLOT.finditer(text, start, end) for name in names_in(match[1])]
        plain_ones = [match[1] for match in SLOT.finditer(text, start, end) if match[1] in allowed]
        again = [
            code for code in dict.fromkeys(plain_ones) if told[code] + plain_ones.count(code) > allowed[code]
        ]
        misuses += [Misuse("repeated", f"⟦{code}⟧", text[start:end].strip()) for code in again]
        figures = [code for code in codes if code[0] in "n日文名人单"]
        if again and all(told[code] for code in figures):
            gone.append((start, end))
            continue
        told.update(codes)
    for start, end in reversed(gone):
        text = text[:start] + text[end:]
    return text, misuses


def _put(out: list[str], text: str, at: int, entry: Entry) -> int:
    """Add an entry's words to `out` with the unit, ending or marks that the writer left out; where the text goes on."""
    words = entry.words
    before = out[-1] if out else ""
    for lead in _BEFORE:
        if words.startswith(lead) and before.endswith(lead):
            words = words[len(lead) :]
    if words[-1:] in _LOOSE and text[at : at + 1] in _LOOSE and text[at : at + 1]:
        at += 1
    if (
        entry.mark
        and not (before[-1:] in _QUOTES and before[-1:])
        and text[at : at + 1] != _PAIRS[entry.mark]
    ):
        words = entry.mark + words + _PAIRS[entry.mark]
    if entry.behind and _wants(entry, text[at:]):
        words += entry.behind
    out.append(words)
    return at


def _wants(entry: Entry, rest: str) -> bool:
    """Whether the unit or ending is wanting behind the slot."""
    if rest.startswith(entry.behind) or (entry.behind == "%" and rest[:1] == "％"):
        return False
    if entry.code[0] == "地":
        return rest[:1] not in _SUFFIXES or not rest
    sample = _NUMERAL + rest[:8]
    unit = next((mention.unit for mention in find(sample) if mention.start == 0), None)
    return unit is None


def _of_expression(code: str, entries: Mapping[str, Entry], offered: Mapping[str, str]) -> str | None:
    """What an expression comes to, as it is told; None where it cannot be computed exactly."""
    if code in offered:
        return offered[code]
    names = names_in(code)
    if len(names) < 2 or not all(name in entries for name in names):
        return None
    try:
        return _told(code, [entries[name].mention for name in names], entries)
    except (ValueError, DivisionByZero, InvalidOperation, ZeroDivisionError):
        return None


def _told(code: str, mentions: list[Mention | None], entries: Mapping[str, Entry]) -> str:
    first = mentions[0]
    exact = [
        each for each in mentions if each is not None and each.approximation is None and each.high is None
    ]
    if (
        first is None
        or len(exact) < len(mentions)
        or not all(same_unit(first.unit, each.unit) for each in exact)
    ):
        raise ValueError(code)

    def value(name: str) -> Decimal:
        if name not in entries:
            return Decimal(name)
        mention = entries[name].mention
        worth = (
            (mention.amount if mention.base and mention.dimension != "count" else mention.value)
            if mention
            else None
        )
        if worth is None:
            raise ValueError(code)
        return worth

    steps: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }
    outcome = evaluate(code, value, lambda sign, a, b: steps[sign](a, b))  # type: ignore[arg-type]
    assert isinstance(outcome, Decimal)
    if "/" in code:
        return f"{plain(rounded(abs(outcome) * 100))}%"
    told = difference(first, outcome)
    unit = re.sub("^[万亿千百十]+", "", first.text[first.numeral_end - first.start :])
    return told.removesuffix(unit) if unit else told
