"""The slots of sealed drafting: how they are written, and read back from a reply that bent, split or decorated them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources

KINDS = {"n": "数", "日": "日期", "地": "地名", "单": "单位", "人": "人名", "文": "文件", "名": "名称"}
"""What a slot's letter stands for: a number, a date or period, a place, a body, a person, a title or document number, any other name."""
SLOT = re.compile("⟦([^⟦⟧]+)⟧")
"""A slot as drafter writes it."""

_LOCAL = "x"
"""Follows the letter of a slot that stands for words of a draft which the ledger does not have: ⟦nx1⟧."""
_JUNK = r"(?:[*_~`\s\u200b-\u200d\u2060\ufeff]|</?[A-Za-z][^<>\n]{0,20}>)"
"""What markup and line breaking put into a slot or around it."""
_MARKUP = re.compile(r"[*_~`]+|</?[A-Za-z][^<>\n]{0,20}>")
_OPEN, _CLOSE = "⟦〚【〖［[〔{<＜⟨(（", "⟧〛】〗］]〕}>＞⟩)）"
_CODE = f"[{''.join(KINDS)}]{_LOCAL}?\\d{{1,4}}"
_ONE = re.compile(_CODE)
_FEW = re.compile("[\u3400-\u9fff%、,，~]{1,8}")
"""A unit or ending that was drawn into brackets, or what divides several: 【n3次】, [n1、n2]."""
_SIGNS = str.maketrans("－—–−×＊÷／＋（）．", "----**//+().")
_FIGURE = r"[\d一二两三四五六七八九十百千万亿余多几]"
_OTHERS = "【〖［[〔{", "】〗］]〕}"
_STRAY = re.compile(
    f"(?P<lead>[{re.escape(_OTHERS[0])}]{{0,2}})(?P<slot>⟦[^⟦⟧。；]{{1,60}}⟧)(?P<tail>[{re.escape(_OTHERS[1])}]{{1,2}})"
)
_PROPER = re.compile("(⟦[^⟦⟧。；]{1,60}⟧)")
_EXPRESSION = re.compile(f"[\\s()+*/%.\\d-]|{_CODE}")
_NARROW = {
    code: code - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for code in range(ord(first), ord(last) + 1)
}
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


@dataclass(frozen=True)
class Misuse:
    """A slot that was not written as it was given.

    `kind` is bent (read all the same), unknown (there is none of this name), inexact (an expression that cannot be
    computed) or repeated (told more often than the facts do). `written` are the reply's own words.
    """

    kind: str
    slot: str
    written: str


@cache
def _aliases() -> dict[str, str]:
    """Other words for a slot's letter, by themselves: 数字 and num are n."""
    found = {}
    text = (
        resources.files("drafter.sealing")
        .joinpath("data")
        .joinpath("aliases.txt")
        .read_text(encoding="utf-8")
    )
    for line in text.splitlines():
        letter, _, words = line.partition("#")[0].partition(":")
        found.update({word.lower(): letter.strip() for word in words.split()})
    return found


@cache
def _wrapped() -> re.Pattern[str]:
    """Something in brackets of any kind, doubled or not, with markup inside or outside; or with one bracket missing."""
    opening, closing = re.escape(_OPEN), re.escape(_CLOSE)
    tag = "</?[A-Za-z][^<>\\n]{0,20}>"
    around = f"(?:[*_~`]|{tag})"
    return re.compile(
        f"(?P<before>{around}{{0,4}})"
        f"(?P<whole>⟦[^⟦⟧。；]{{1,60}}⟧|[{opening}]{{1,3}}(?:{tag}|[^{opening}{closing}\\n。；]){{1,60}}[{closing}]{{1,3}})"
        f"(?P<after>{around}{{0,4}})"
    )


def code_of(inside: str) -> str | None:
    """The slot or expression that these words inside brackets mean, in plain signs; None where they mean none.

    >>> code_of("ｎ３"), code_of("数字三"), code_of("**n3**"), code_of("n3 - n1")
    ('n3', 'n3', 'n3', 'n3-n1')
    """
    plain = _MARKUP.sub("", inside).translate(_NARROW).translate(_SIGNS)
    plain = re.sub(r"[\s\u200b-\u200d\u2060\ufeff]", "", plain)
    plain = plain.strip(_OPEN.translate(_SIGNS).replace("(", "") + _CLOSE.translate(_SIGNS).replace(")", ""))
    plain = _plain_words(plain)
    if _ONE.fullmatch(plain):
        return plain
    if len(_ONE.findall(plain)) > 1 and not _EXPRESSION.sub("", plain) and _parses(plain.rstrip("%")):
        return plain.rstrip("%")
    return None


def _plain_words(plain: str) -> str:
    """With letters for other words, and Arabic digits behind them."""
    words = "|".join(sorted(map(re.escape, _aliases()), key=len, reverse=True))
    return re.sub(
        f"(?i)(?<![A-Za-z])({words})({_LOCAL}?)[_:：#-]?([\\d零〇一二三四五六七八九]{{1,4}})",
        lambda found: _aliases()[found[1].lower()] + found[2] + found[3].translate(_DIGITS),
        plain,
    )


def _parses(expression: str) -> bool:
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError):
        return False
    allowed = (ast.Expression, ast.BinOp, ast.Name, ast.Load, ast.Constant, ast.operator)
    return all(isinstance(node, allowed) for node in ast.walk(tree))


def read_slots(text: str, known: Collection[str]) -> tuple[str, list[Misuse]]:
    """The text with every slot as drafter writes it, and those that were written otherwise.

    Brackets of another kind, full-width and Chinese figures, markup and breaks inside, a bracket left out, a unit drawn
    in, several in one pair of brackets: all are read. What stands in ⟦⟧ and means nothing stays as it is.

    Args:
        text: a reply.
        known: the slots that there are; a code without proper brackets counts only where there is such a slot.
    """
    misuses: list[Misuse] = []

    def settled(match: re.Match[str]) -> str:
        made = _made(match["whole"], known)
        if made is None or made == match["whole"]:
            return match[0]
        misuses.append(Misuse("bent", made, match[0]))
        # markup that begins inside ends outside
        return made if _MARKUP.search(match["whole"]) else match["before"] + made + match["after"]

    def alone(match: re.Match[str]) -> str:
        slot = f"⟦{match['code']}⟧"
        if match["code"] not in known or not _stands_bare(match):
            return match[0]
        misuses.append(Misuse("bent", slot, match[0]))
        return slot

    out = _wrapped().sub(settled, text)
    for pattern in _unwrapped():
        # what stands between proper slots, in turn with these
        parts = _PROPER.split(out)
        out = "".join(
            pattern.sub(alone, part) if place % 2 == 0 else part for place, part in enumerate(parts)
        )
    return _STRAY.sub(partial(_without_stray, misuses), out), misuses


def _without_stray(misuses: list[Misuse], match: re.Match[str]) -> str:
    """A slot without a bracket of another kind that stands beside it and belongs to nothing: ⟦地1⟧】镇."""
    before = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    open_before = sum(map(before.count, _OTHERS[0])) > sum(map(before.count, _OTHERS[1]))
    if match["lead"] or not open_before:
        misuses.append(Misuse("bent", match["slot"], match[0]))
        return match["slot"]
    return match[0]


@cache
def _unwrapped() -> tuple[re.Pattern[str], ...]:
    """A slot that lost a bracket, and one that lost both."""
    code = f"(?P<code>{_CODE})"
    return (
        re.compile(f"⟦{_JUNK}*{code}(?!\\d)"),
        re.compile(f"(?<!\\d){code}{_JUNK}*⟧"),
        re.compile(f"(?<![A-Za-z0-9]){code}(?![A-Za-z0-9])"),
    )


def _made(wrapped: str, known: Collection[str]) -> str | None:
    """What this in brackets means, written properly; None where it means no slot, or none that there is."""
    proper = wrapped.startswith("⟦") and wrapped.endswith("⟧") and not wrapped.startswith("⟦⟦")
    inside = wrapped.strip(_OPEN + _CLOSE) if not proper else wrapped[1:-1]
    code = code_of(inside)
    if code is not None:
        if proper or _all_known(code, known):
            return f"⟦{code}⟧"
        return None
    # words were drawn in, or the brackets of two slots were lost between them
    plain = re.sub(r"\s", "", _MARKUP.sub("", inside).translate(_NARROW))
    plain = _plain_words(plain) if proper else plain  # （日期：5月） is none
    rest = _ONE.sub("", plain)
    if rest != plain and _all_known(plain, known) and (proper or _FEW.fullmatch(rest)):
        return _ONE.sub(lambda code: f"⟦{code[0]}⟧", plain)
    return None


def _all_known(code: str, known: Collection[str]) -> bool:
    return all(each in known for each in _ONE.findall(code))


def _stands_bare(match: re.Match[str]) -> bool:
    """Whether a code without its brackets is a slot: n3 always, 人1 not where figures stand before it (3人1组)."""
    before = match.string[: match.start()][-1:]
    return (
        "⟦" in match[0] or "⟧" in match[0] or match["code"].startswith("n") or not re.match(_FIGURE, before)
    )


def names_in(code: str) -> list[str]:
    """The slots that an expression is made of; of a slot itself that one.

    >>> names_in("(n3-n1)/n1")
    ['n3', 'n1', 'n1']
    """
    return _ONE.findall(code)


def evaluate(
    code: str, value: Callable[[str], object], apply: Callable[[str, object, object], object]
) -> object:
    """The worth of an expression over slots.

    Args:
        code: as `code_of` gives it.
        value: what a slot, or a whole number in the expression, is worth.
        apply: the outcome of + - * / on two of these.

    Raises:
        ValueError: it is no expression.
    """
    try:
        tree = ast.parse(code, mode="eval").body
    except SyntaxError:
        raise ValueError(code) from None
    signs = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}

    def worth(node: ast.expr) -> object:
        if isinstance(node, ast.BinOp) and type(node.op) in signs:
            return apply(signs[type(node.op)], worth(node.left), worth(node.right))
        if isinstance(node, ast.Name):
            return value(node.id)
        if isinstance(node, ast.Constant):
            return value(str(node.value))
        raise ValueError(code)

    return worth(tree)
