"""What of a ledger stands openly in outgoing messages, found without the sealing room.

Figures: every countable quantity of the ledger with its unit, read anew from the message in whatever notation, and its
usual spellings as plain strings. Names: distinctive words listed by hand for each ledger (names.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from drafter.facts import Facts
from drafter.prompting.templates import prompts_folder
from drafter.quantities import Mention, find, same_quantity

_SLOTS = re.compile("⟦[^⟦⟧]*⟧|〔[^〔〕]*〕")
_JINJA = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_LENGTH = re.compile(r"请写(?:一段话，)?\d+字")
_DIGITS = "零一二三四五六七八九"


@cache
def names() -> dict[str, list[str]]:
    """The distinctive words of each ledger's names, by the stem or folder of its file."""
    return dict(json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8")))


@cache
def template_words() -> str:
    """What the prompts say themselves, whatever the ledger."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(prompts_folder().glob("*.j2")))
    return "\n".join(_JINJA.sub("", text) for text in texts)


def figures(ledger: Facts) -> list[Mention]:
    """Every quantity, date and period of the ledger."""
    texts = [ledger.period, ledger.title, *(fact.text for fact in ledger.facts)]
    return [
        mention
        for text in texts
        for mention in find(text)
        if mention.countable and (mention.unit or mention.parts)
    ]


def spellings(mention: Mention) -> set[str]:
    """Other ways to write a whole number with its unit: separators, full width, Chinese."""
    value, unit = mention.value, mention.text[mention.numeral_end - mention.start :].lstrip("余多")
    if value is None or value != value.to_integral_value() or mention.high is not None or not unit:
        return {mention.text}
    whole = int(value)
    plain, grouped = str(whole), f"{whole:,}"
    wide = plain.translate({code: code + 0xFEE0 for code in range(48, 58)})
    unit = unit.lstrip("万亿千百")
    return {mention.text, *(f"{each}{unit}" for each in (plain, grouped, wide, chinese(whole)))}


def chinese(whole: int) -> str:
    """A whole number below a hundred million in Chinese numerals."""
    if whole >= 10_000:
        high, low = divmod(whole, 10_000)
        rest = chinese(low) if low else ""
        return f"{chinese(high)}万{'零' if low and low < 1000 else ''}{rest}"
    out, seen = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = whole // place % 10
        if digit:
            out += _DIGITS[digit] + sign
            seen = True
        elif seen and whole % place and not out.endswith("零"):
            out += "零"
    out = out or "零"
    return out[1:] if out.startswith("一十") else out


def leaks(contents: Iterable[str], ledger: Facts, words: Sequence[str]) -> list[str]:
    """The ledger's figures and names that these messages tell outside slots; those that the prompts say anyhow left out."""
    said = [mention for mention in find(template_words()) if mention.countable]
    wanted = [
        mention for mention in figures(ledger) if not any(same_quantity(mention, each) for each in said)
    ]
    strings = {
        text: mention for mention in wanted for text in spellings(mention) if text not in template_words()
    }
    found: list[str] = []
    for content in contents:
        bare = _LENGTH.sub("", _SLOTS.sub("□", content))
        found += [word for word in words if word in bare]
        here = [mention for mention in find(bare) if mention.countable]
        found += [each.text for each in here if any(_same(each, mention) for mention in wanted)]
        found += [text for text in strings if _alone(text, bare)]
    return found


def _same(one: Mention, other: Mention) -> bool:
    """The same value with its unit, however loosely told."""
    if one.unit is None and not one.parts:
        return False  # the numbering of a list
    if same_quantity(one, other):
        return True
    same = (
        one.value is not None and one.value == other.value and one.unit is not None and one.unit == other.unit
    )
    return same and Decimal(one.value or 0) > 1


def _alone(text: str, bare: str) -> bool:
    return re.search(rf"(?<![\d.,０-９一二三四五六七八九十百千万]){re.escape(text)}", bare) is not None
