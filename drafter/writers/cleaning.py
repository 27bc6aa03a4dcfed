"""What a chat model puts around the matter of a report is taken off here, and nothing of the matter with it.

The program owns headings, numbers and layout; a reply is reduced to plain paragraphs, one a line. Phrases are in
`data/*.txt`. Nothing here knows facts, sections or servers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from drafter.writers.phrases import phrases

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"
_FULL = r"\u3001-\u301b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—·"
_ENDS = "。！？；：，、,.;:!?…—”’）)》】~～"
"""Marks after which a line is no heading."""
_CLOSING = "”’）)》】"
_TELLING = 6
"""Letters from which an echo is surely the heading, and not a subject of the same words."""
_BEFORE = 2
"""Letters that may stand before an echo."""
_HEADING = 30
"""Characters of a plain line that may still be a heading; a marked one (#) may have twice as many."""

_OWN = 12
"""Characters of a plain first line that can be nothing but a heading."""

_STEM = 3
"""Letters from which on what a heading names is a matter of its own, and is known again below it."""
_TELLS = re.compile(r"[，,；\d]")
"""In a line that is no heading, but a fact without its full stop."""
_SHORT_LABEL = re.compile(f"[{_HAN}]{{2}}[：:]")

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff\x00-\x08\x0e-\x1f\x7f]")
_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]|<br\s*/?>", re.I)
_THINK = r"(?:think|thinking|thought|reasoning)"
_THOUGHT = re.compile(rf"<({_THINK})>.*?</\1>", re.S | re.I)
_THOUGHT_END = re.compile(rf".*</{_THINK}>", re.S | re.I)
_THOUGHT_OPEN = re.compile(rf"<{_THINK}>.*", re.S | re.I)

_FENCE = re.compile(r"^[ \t]*(?:```+|~~~+)[ \t]*[\w+-]*[ \t]*$", re.M)
_RULE = re.compile(r"^\s*([-*_=—])(?:\s*\1){2,}\s*$")
_TABLE = re.compile(r"^\s*\|.*\|\s*$")
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:https?:|mailto:|#|/|\./)[^()\n]*\)")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_BOLD = re.compile(r"(\*\*\*|\*\*|__)(?=[^\s*_])((?:(?!\1)[^\n])*?[^\s*_])\1(?![*_])")
_HASH = re.compile(r"^#{1,6}(?:\s+|(?=[^\s#\d]))(.*?)\s*#*$")
_QUOTE = re.compile(r"^(?:>\s?)+")
_BULLET = re.compile(rf"^(?:[-*+–]\s+|[•●○▪■◆►➤·]\s*(?=[{_HAN}“《\d])|[-*](?=[{_HAN}“《]))")
_YEAR = r"(?!\s*\d(?!\d{3}年|\d?月\d))"
_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十]{1,3}(?:部分|章|节)[、：:\s]\s*"
    # 一、三名干部…… is numbered, 一、二季度…… and 一、二、三组…… are not
    r"|[一二三四五六七八九十]{1,3}[、．.](?![一二三四五六七八九十]{1,2}[、季月期批产级类号社组队线轮])\s*"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]\s*[、.．]?\s*"
    rf"|\d{{1,2}}(?:[.．、]{_YEAR}|[)）])\s*(?=[^\s\d%％.．]|\d{{4}}年|\d{{1,2}}月\d)"
    # a blank behind the mark: 1. 5月出台 is numbered, 1、5月 may be two months
    rf"|\d{{1,2}}[.．、][ \t]+(?=\d+(?:[-–—~～至到]\d+)?[{_HAN}])"
    r"|[①-⑳]\s*)"
)

_COUNTED = re.compile(r"一、[^\n]*?[。；]二、")
_ITEM = re.compile(r"(?:^|(?<=[。；]))([一二三四五六七八九十])、")

_SPACE = re.compile(r"[^\S\n]+")
_GAP = re.compile(rf"(?<=[{_HAN}{_FULL}]) (?=\S)|(?<=\S) (?=[{_HAN}{_FULL}])")
_PAIR = re.compile(
    rf"(?<=[{_HAN}{_FULL}])\(([^()\n]*)\)|\(([^()\n]*[{_HAN}][^()\n]*)\)|\(([^()\n]*)\)(?=[{_HAN}])"
)
_MARK = re.compile(
    rf"(?<=[{_HAN}”’》）】%％0-9A-Za-z])[,;:?!](?=[{_HAN}“‘《（【])|(?<=[{_HAN}”’》）】])[,;:?!](?![,;:?!/\\])"
)
_STRAIGHT = re.compile(r'"([^"\n]*)"')
_WIDE = str.maketrans(",;:?!", "，；：？！")


def clean_reply(text: str, heading: str = "", topics: Sequence[str] = ()) -> str:
    """A model's reply reduced to the body of one leaf.

    Args:
        text: the reply as it came.
        heading: the leaf's own heading, without number; a line that only repeats it is dropped.
        topics: the leaf's topics; where there is one, a line that only repeats it is dropped as well.

    Returns:
        Paragraphs divided by single newlines; empty when nothing but chatter was there. Cleaning a clean text changes
        nothing, and a digit goes only with an enumeration mark, a title, a link or a formula listed in `data/`.
    """
    echoes = {_bare(heading)} | ({_bare(topics[0])} if len(topics) == 1 else set())
    echoes.discard("")
    # one layer may hide another (a fence in a quotation in a list); each round takes a layer off, so this ends
    for _ in range(len(text) + 1):
        cleaned = _clean(text, echoes)
        if cleaned == text:
            break
        text = cleaned
    return text


def strip_reasoning(text: str) -> str:
    """The reply without `<think>…</think>`, which may lack its opening or its closing tag."""
    while True:
        stripped = _THOUGHT.sub("", text)
        stripped = _THOUGHT_END.sub("", stripped)
        stripped = _THOUGHT_OPEN.sub("", stripped)
        if stripped == text:
            return text
        text = stripped


def strip_openings(text: str) -> str:
    """The reply without the formulas that a chat model opens with, and without blanks before its first word."""
    text = text.lstrip()
    while match := _any("chatter_openings.txt", "(?:{})").match(text):
        text = text[match.end() :].lstrip()
    return text


def _strip_closings(text: str) -> str:
    text = text.rstrip()
    while match := _any("chatter_closings.txt", r"(?:(?<=[。！？!?\n])|\A)[ \t]*(?:{})\Z").search(text):
        text = text[: match.start()].rstrip()
    return text


@dataclass(frozen=True)
class _Line:
    """One line without its markup; `kind` says what the markup made of it."""

    text: str
    kind: str = "plain"
    """plain, heading (#), number (一、 1.), item (a bullet) or table."""


def _clean(text: str, echoes: set[str]) -> str:
    text = _INVISIBLE.sub("", _NEWLINE.sub("\n", text)).replace("&nbsp;", " ")
    text = _FENCE.sub("", strip_reasoning(text))
    text = "\n".join(line if _TABLE.match(line) else _inline(line) for line in text.split("\n"))
    text = _strip_closings(strip_openings(text))
    lines = [line for raw in text.split("\n") if (line := _line(raw.strip())).text]
    lines = _run_in(_without_empty(_drop_titles(lines, echoes)), echoes)
    return "\n".join(line.text if line.kind == "table" else _punctuate(line.text) for line in lines)


def _inline(line: str) -> str:
    """Emphasis, code and links reduced to their words."""
    line = _LINK.sub(r"\1", _IMAGE.sub(r"\1", line))
    return _BOLD.sub(_emphasis, _CODE.sub(r"\1", line))


def _emphasis(match: re.Match[str]) -> str:
    """The words in bold; but two masks (在**镇和**村) are no bold and stay, for a check to find."""
    inner = match[2]
    masks = phrases("mask_followers.txt")
    masked = inner.startswith(masks) or re.search("[，。；]", inner[:-1]) is not None
    if inner[-1] in "、，" or (masked and match.string.startswith(masks, match.end())):
        return match[0]
    return inner


def _line(text: str) -> _Line:
    if _COUNTED.match(text):
        # numbers run through one paragraph: 一、……。二、……。 is 一是……。二是……。 of the genre
        text = _ITEM.sub(r"\1是", text)
    if _TABLE.match(text):
        return _Line(text, "table")
    if _RULE.match(text):
        return _Line("")
    kind, before = "plain", ""
    while text != before:
        before = text
        text = _QUOTE.sub("", text)
        if match := _HASH.match(text):
            text, kind = match[1].rstrip("：:"), "heading"
        if match := _BULLET.match(text):
            text, kind = text[match.end() :], "item"
        if match := _NUMBER.match(text):
            text, kind = text[match.end() :], "number" if kind == "plain" else kind
    return _Line(_GAP.sub("", _SPACE.sub(" ", text)).strip(), kind)


def _bare(text: str) -> str:
    """A heading for comparison: no number, no marks, one width."""
    text = _NUMBER.sub("", text.strip().lstrip("#*＃ \t"))
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


def _drop_titles(lines: list[_Line], echoes: set[str]) -> list[_Line]:
    """The lines without a title at their head and without an echo of the leaf's own heading there."""
    lines = list(lines)
    while lines and lines[0].kind != "table":
        text = lines[0].text
        title = len(lines) > 1 and text[-1] not in _ENDS and _any("titles.txt", "(?:{})").fullmatch(text)
        below = lines[1] if len(lines) > 1 else None
        # the first of several headings stays with them
        only = not any(_is_heading(line) and line.kind == lines[0].kind for line in lines[1:])
        own = (
            only
            and below
            and below.kind == "plain"
            and _is_paragraph(below.text)
            and _is_own_heading(lines[0])
        )
        if title or own or _echoes(_bare(text), echoes):
            del lines[0]
            continue
        end = _run_in_echo(text, echoes)
        if not end:
            break
        lines[0] = _Line(text[end:], lines[0].kind)
    return lines


def _without_empty(lines: list[_Line]) -> list[_Line]:
    """The lines without sentences at their head that are an empty heading (无。总结。), as long as anything else is there."""
    left = []
    for line in lines:
        text = line.text
        while (end := text.find("。") + 1) and _any("empty_headings.txt", "(?:{})").fullmatch(
            text, 0, end - 1
        ):
            text = text[end:].lstrip()
        left.append(_Line(text, line.kind))
    return [line for line in left if line.text] or lines


def _is_own_heading(first: _Line) -> bool:
    """Whether a first line is a heading that the model gave the leaf of itself, which the program has headed already."""
    longest = {"heading": 2 * _HEADING, "plain": _OWN, "number": _OWN}.get(first.kind, 0)
    return len(first.text) <= longest and first.text[-1] not in _ENDS and not re.search(r"\d", first.text)


def _run_in_echo(text: str, echoes: set[str]) -> int:
    """Where the matter begins behind an echo that runs into it (深化理论学习。镇党委……), 0 without one.

    A comma ends an echo only when the echo is too long for a subject (深化理论学习，一是……; 工会，……).
    """
    for mark in re.finditer(r"[。：:，]\s*(?=.)", text[:80]):
        bare = _bare(text[: mark.start()])
        if _echoes(bare, echoes) if mark[0][0] != "，" else bare in echoes and len(bare) >= _TELLING:
            return mark.end()
    return 0


def _echoes(bare: str, echoes: set[str]) -> bool:
    """Whether this is a heading of the leaf, or a long one behind a word of the model's own (工作：扎实做好……)."""
    return bare in echoes or any(
        len(echo) >= _TELLING and bare.endswith(echo) and len(bare) - len(echo) <= _BEFORE for echo in echoes
    )


def _run_in(lines: list[_Line], echoes: set[str]) -> list[_Line]:
    """Further headings as the beginning of the paragraph below them; items and numbered lines with a full stop."""
    done: list[_Line] = []
    for line in reversed(lines):
        below = done[-1] if done else None
        if below and below.kind == "plain" and _is_paragraph(below.text) and _is_heading(line):
            if _bare(line.text) not in echoes and not _says_nothing(line.text, below.text):
                # 宣传标语 above 数量：70条 is what the number counts
                link = "" if _SHORT_LABEL.match(below.text) and not _TELLS.search(line.text) else "。"
                done[-1] = _Line(f"{line.text}{link}{below.text}")
        elif (
            line.kind in ("item", "number")
            # a closing mark ends no sentence: 其他成员“一岗双责”
            and line.text.rstrip(_CLOSING)[-1:] not in tuple(_ENDS)
            and re.search(f"[{_HAN}]", line.text)
        ):
            done.append(_Line(f"{line.text}。", line.kind))
        else:
            done.append(line)
    return done[::-1]


def _says_nothing(heading: str, below: str) -> bool:
    """Whether a heading names a place in the text only, or what the paragraph below it names too."""
    bare = _bare(heading)
    if _any("empty_headings.txt", "(?:{})").fullmatch(bare):
        return True
    stems = {bare, *(bare.removesuffix(noun) for noun in phrases("heading_nouns.txt"))}
    return any(len(stem) >= _STEM and stem in below for stem in stems)


def _is_heading(line: _Line) -> bool:
    longest = {"heading": 2 * _HEADING, "plain": _HEADING, "number": _HEADING}.get(line.kind, 0)
    return (
        len(line.text) <= longest and line.text[-1] not in _ENDS and bool(re.search(f"[{_HAN}]", line.text))
    )


def _is_paragraph(text: str) -> bool:
    return text[-1] in "。！？；：…”）" or len(text) > _HEADING


def _punctuate(text: str) -> str:
    """Half-width marks beside Chinese made full width; marks inside figures, times and Latin words stay."""
    while (wide := _PAIR.sub(lambda match: f"（{match[0][1:-1]}）", text)) != text:
        text = wide
    if text.count('"') % 2 == 0 and re.search(f"[{_HAN}]", text):
        text = _STRAIGHT.sub(r"“\1”", text)
    return _MARK.sub(lambda match: match[0].translate(_WIDE), text)


@cache
def _any(name: str, frame: str) -> re.Pattern[str]:
    """One pattern for all the rules of a data file."""
    return re.compile(frame.format("|".join(f"(?:{rule})" for rule in phrases(name))))
