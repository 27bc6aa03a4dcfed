"""Finds every numeral of a text and says what it is. One pass, from numeral to numeral; knows no facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from drafter.quantities.dates import date_at
from drafter.quantities.expressions import expression_at
from drafter.quantities.mention import Mention
from drafter.quantities.numerals import MAX_LENGTH, flatten
from drafter.quantities.rules import names, phrase_at, words

_CHINESE = "零〇一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
ANCHOR = re.compile(rf"\d+|[{_CHINESE}]+|半")
_RUN = re.compile(rf"\d(?:[\d.,]{{0,40}}\d)?|[{_CHINESE}]+|半")
_TITLE = re.compile(r"《[^《》\n]{1,120}》")
_QUOTE = re.compile(r'“[^“”\n]{1,8}”|"[^"\n]{1,8}"|‘[^‘’\n]{1,8}’|「[^「」\n]{1,8}」')
_DOCUMENT_NUMBER = re.compile(r"[〔\[(]\d{4}[〕\])]第?\d{1,4}号")
_DOTTED = re.compile(r"\d{1,2}·\d{1,2}")
_SUM = re.compile(r"\d+(?:[+×][\dA-Za-z]+)+")
_PHONE = re.compile(r"0\d{2,3}-\d{7,8}(?!\d)|1[3-9]\d{9}(?!\d)")
_PAREN_NUMBER = re.compile(r"\([一二三四五六七八九十]{1,3}\)|\(\d{1,2}\)")
_LIST_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}、|\d{1,2}(?:、|\.(?!\d))")
_ORDER_WORD = re.compile(r"(?:[一二三四五六七八九]|十[一二三四五六七八九]?)(是|要|则)")
_ORDINAL_LIST = re.compile(r"[一二三四五六七八九十]{1,3}[,，、:]")
_BLANK = re.compile(
    r"(?<=[\d０-９])[ \u00a0\u3000]{1,2}(?=[\u4e00-\u9fff%％‰])|(?<=[年月第约近逾超])[ \u00a0\u3000]{1,2}(?=[\d０-９])"
)
_BOUNDARY = frozenset("\n。；;：:，,！？!?、#　 ”)】")
_HARD_BOUNDARY = frozenset("\n。；;：:！？!?#　 ")


class _Holding:
    """Says which span of an ordered list holds an offset, for offsets that only rise."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._spans = [match.span() for match in pattern.finditer(text)]
        self._place = 0

    def at(self, offset: int) -> tuple[int, int] | None:
        while self._place < len(self._spans) and self._spans[self._place][1] <= offset:
            self._place += 1
        if self._place < len(self._spans) and self._spans[self._place][0] <= offset:
            return self._spans[self._place]
        return None


def find(text: str) -> list[Mention]:
    """Every numeral of the text as a mention, in order, none overlapping another.

    Arabic and Chinese, full-width and half-width alike; a blank between a figure and its unit (12.6 万元) divides
    nothing. Raises nothing for any text.
    """
    if not _BLANK.search(text):
        return _found(text)
    kept = [place for start, end in _between_blanks(text) for place in range(start, end)]
    where = [*kept, len(text)]
    return [
        replace(
            mention,
            start=where[mention.start],
            end=where[mention.end - 1] + 1,
            numeral_start=where[mention.numeral_start],
            numeral_end=where[mention.numeral_end - 1] + 1,
            text=text[where[mention.start] : where[mention.end - 1] + 1],
        )
        for mention in _found("".join(text[place] for place in kept))
    ]


def _between_blanks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for blank in _BLANK.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def _found(text: str) -> list[Mention]:
    """The mentions of a text without such blanks."""
    plain = flatten(text)
    titles, quotes = _Holding(_TITLE, plain), _Holding(_QUOTE, plain)
    found: list[Mention] = []
    floor = 0
    cursor = 0
    while anchor := ANCHOR.search(plain, cursor):
        at = anchor.start()
        mention = None
        if anchor.end() - at <= MAX_LENGTH:
            mention = _recognise(plain, at, floor, titles.at(at), quotes.at(at))
        if mention is None:
            cursor = anchor.end()
            continue
        start = max(mention.start, floor)  # 半数百: what stands before may belong to the mention before
        found.append(replace(mention, start=start, text=text[start : mention.end]))
        floor = cursor = mention.end
    return found


def _recognise(
    plain: str, at: int, floor: int, title: tuple[int, int] | None, quote: tuple[int, int] | None
) -> Mention | None:
    """What the numeral that begins at `at` is."""
    if plain[at] == "半":
        return _dated(plain, at, floor) or _phrase(plain, at, floor) or expression_at(plain, at, floor)
    if title:
        return _name(plain, at, min(_run_end(plain, at), title[1]))
    return (
        _phrase(plain, at, floor)
        or _name_at(plain, at, floor)
        or _enumerator(plain, at, floor)
        or _dated(plain, at, floor)
        or _quoted(plain, at, quote)
        or expression_at(plain, at, floor)
    )


def _run_end(plain: str, at: int) -> int:
    match = _RUN.match(plain, at)
    return match.end() if match else at + 1


def _name(plain: str, at: int, end: int, start: int | None = None) -> Mention:
    return Mention(at if start is None else start, end, at, min(_run_end(plain, at), end), "", "name")


def _phrase(plain: str, at: int, floor: int) -> Mention | None:
    span = phrase_at(plain, at, floor)
    if span is None:
        return None
    return Mention(*span, at, min(_run_end(plain, at), span[1]), "", "phrase")


def _name_at(plain: str, at: int, floor: int) -> Mention | None:
    """Numerals in names: C919, 5G, 12·4, 〔2022〕15号, 12345热线, 十九大."""
    before = plain[at - 1] if at > floor else ""
    if plain[at].isdecimal():
        if before in ("〔", "[", "(") and (match := _DOCUMENT_NUMBER.match(plain, at - 1)):
            return _name(plain, at, match.end(), at - 1)
        for pattern in (_PHONE, _DOTTED, _SUM):
            if match := pattern.match(plain, at):
                return _name(plain, at, match.end())
        end = _run_end(plain, at)
        letters = _letters_end(plain, end)
        head = _letters_start(plain, at, floor)
        if head < at or (
            letters > end and plain[end:letters] not in ("km", "kg", "m", "MB", "GB", "KM", "KG")
        ):
            return _name(plain, at, letters, head)
        listed = words("number_names.txt")
        if before != "第" and any(plain[end : end + length] in listed for length in (4, 3, 2, 1)):
            return _name(plain, at, end)
        return None
    start = at - 1 if before == "第" else at
    if (match := names().match(plain, start)) or (start < at and (match := names().match(plain, at))):
        return _name(plain, at, match.end(), match.start())
    return None


def _letters_end(plain: str, at: int) -> int:
    end = at
    while end < len(plain) and end - at < 12 and plain[end].isascii() and plain[end].isalnum():
        end += 1
    return end


def _letters_start(plain: str, at: int, floor: int) -> int:
    """Where letters that lead to the numeral begin (C919, COVID-19, F-16)."""
    start = at
    if start > floor and plain[start - 1] == "-" and start - 1 > floor and _letter(plain[start - 2]):
        start -= 1
    while start > floor and at - start < 12 and _letter(plain[start - 1]):
        start -= 1
    return start


def _letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _enumerator(plain: str, at: int, floor: int) -> Mention | None:
    """一、 （一） 1. 一是 第一， at the head of a line or clause."""
    before = plain[at - 1] if at > floor else ""
    outer = plain[at - 2] if at - 1 > floor else ""
    if before == "(" and (match := _PAREN_NUMBER.match(plain, at - 1)):
        if plain[at].isdecimal() and outer and outer not in _BOUNDARY:
            return None
        return Mention(at - 1, match.end(), at, match.end() - 1, "", "enumerator")
    head = at == 0 or before in _BOUNDARY or (not before and plain[at - 1] in _BOUNDARY)
    if match := _ORDER_WORD.match(plain, at):
        if head or (match[1] == "是" and before not in ("第", "之", "唯", "统")):
            return Mention(at, match.end(), at, match.end() - 1, "", "enumerator")
        return None
    hard = at == 0 or plain[at - 1] in _HARD_BOUNDARY
    if hard and (match := _LIST_NUMBER.match(plain, at)) and not _listing(plain, at, match.end()):
        return Mention(at, match.end(), at, match.end() - 1, "", "enumerator")
    if before == "第" and (match := _ORDINAL_LIST.match(plain, at)):
        if at == 1 or plain[at - 2] in _BOUNDARY:
            return Mention(at - 1, match.end(), at, match.end() - 1, "", "enumerator")
    elif before == "其" and (match := _ORDINAL_LIST.match(plain, at)):
        return Mention(at - 1, match.end(), at, match.end() - 1, "", "enumerator")
    return None


_QUARTER_LIST = re.compile(r"[一二三四1-4]、[一二三四1-4]季度|\d{1,2}、\d")


def _listing(plain: str, at: int, end: int) -> bool:
    """Whether the mark divides a list of numbers (一、二季度) instead of opening an item."""
    return _QUARTER_LIST.match(plain, at) is not None


def _dated(plain: str, at: int, floor: int) -> Mention | None:
    dated = date_at(plain, at, floor)
    if dated is None:
        return None
    end = _run_end(plain, at)
    return Mention(dated.start, dated.end, at, min(end, dated.end), "", dated.kind, parts=dated.parts)


def _quoted(plain: str, at: int, quote: tuple[int, int] | None) -> Mention | None:
    """A short slogan in quotation marks (“五查”, “四同”): a phrase, unless it counts in Arabic figures."""
    if quote is None or plain[at].isdecimal():
        return None
    end = min(_run_end(plain, at), quote[1] - 1)
    return Mention(at, end, at, end, "", "phrase")
