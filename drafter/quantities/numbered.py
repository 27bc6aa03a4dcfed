"""Numerals that count nothing since they name or number something: C919, 12345热线, 十九大; 一、 （二） 三是."""

from __future__ import annotations

import re
from functools import cache

from drafter.quantities.draft import Draft
from drafter.quantities.numerals import parse_numeral
from drafter.quantities.rules import alternation, measure_at, names, read_rules

_DOCUMENT_NUMBER = re.compile(r"[〔\[(]\d{4}[〕\])]第?\d{1,4}号")
_DOTTED = re.compile(r"(1[0-2]|0?[1-9])·(3[01]|[12]\d|0?[1-9])(?!\d)")
_SUM = re.compile(r"\d+(?:[+×xX*][\dA-Za-z]{1,12}){1,6}(?:小时|天)?|[Nn]\+\d+")
_PHONE = re.compile(
    r"0\d{2,3}-\d{7,8}(?!\d)|1[3-9]\d{9}(?!\d)|400-?\d{3}-?\d{4}(?!\d)|800-?\d{3}-?\d{4}(?!\d)"
)
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){2,20}(?:万|亿|千)?")
_FILE_NUMBER = re.compile(r"\d{1,4}号(?=[文令])")
_CLOCK_ROUND = re.compile(
    r"24小时(?=值班|在线|不间断|服务|值守|热线|营业|响应|监控|监测|备勤|开放|轮班|待命|巡逻|自助|受理|畅通|联系|坚守|应急|全天)"
)
_THOUSANDS = re.compile(r"[,，]\d{3}(?!\d)")
"""119,000 is a number, not the telephone number 119."""
_ROAD = re.compile(r"[国省县乡]道$|双$")
_FIGURES = re.compile(r"\d(?:[\d.]{0,40}\d)?")
_PAREN_NUMBER = re.compile(r"\([一二三四五六七八九十]{1,3}\)|\(\d{1,2}\)")
_LIST_NUMBER = re.compile(
    r"[一二三四五六七八九十]{1,3}、|\d{1,2}(?:、|\.(?!\d)|\)(?![\u4e00-\u9fff]?[,，。]))|\d{1,2}(?:\.\d{1,2}){1,3}(?=[ 　\t])"
)
_ORDER_WORD = re.compile(r"(?:[一二三四五六七八九]|十[一二三四五六七八九]?)(是|要|则|来|曰)")
_ORDINAL_LIST = re.compile(r"[一二三四五六七八九十]{1,3}(?:[,，、:]|[是要](?!位))")
_PARTING = re.compile(
    r"[一二三四1-4]、[一二三四1-4]季度|\d{1,2}、\d{1,2}(?!、?[\u4e00-\u9fff]{4})|[一二三四五六七八九十]{1,3}、[一二三四五六七八九十]{1,3}(?:[、月日号]|季|年级|[组区期标])"
)
_BOUNDARY = frozenset("\n。；;：:，,！？!?、#　 ”)】\t|")
_HARD_BOUNDARY = frozenset("\n。；;：:！？!?#　 \t|")
_CALLED = re.compile(
    r"(?:拨打|热线|电话|致电|拨|联系|平台|编号|公路|国道|省道)(?:电话|号码|热线)?[:：]?[“\"]?$"
)


@cache
def _listed() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    rows = [row[0] for row in read_rules("number_names.txt")]
    heads = frozenset(row[0] for row in rows)
    return (
        re.compile(alternation(rows)),
        frozenset(row[0] for row in read_rules("service_numbers.txt")),
        heads,
    )


@cache
def _service_words() -> re.Pattern[str]:
    return re.compile(alternation([row[0] for row in read_rules("service_words.txt")]))


def name_at(plain: str, at: int, run_end: int, floor: int, quote: tuple[int, int] | None) -> Draft | None:
    """Numerals in names: C919, 5G, 12·4, 〔2022〕15号, 12345热线, 十九大."""
    before = plain[at - 1] if at > floor else ""
    if not plain[at].isdecimal():
        start = at - 1 if before == "第" else at
        match = names().match(plain, start) or (names().match(plain, at) if start < at else None)
        return _name(plain, match.start(), match.end(), at, run_end) if match else None
    follow = plain[run_end : run_end + 1]
    if before and before in "〔[(" and (match := _DOCUMENT_NUMBER.match(plain, at - 1)):
        return _name(plain, at - 1, match.end(), at, run_end)
    if follow == "·" and (match := _DOTTED.match(plain, at)):
        draft = _name(plain, at, match.end(), at, match.end())
        draft.parts = (("月", int(match[1])), ("日", int(match[2])))
        return draft
    if follow and follow in "+×xX*" and (match := _SUM.match(plain, at)):
        return _name(plain, at, match.end(), at, run_end)
    if (follow == "-" or run_end - at == 11) and (match := _PHONE.match(plain, at)):
        return Draft(at, match.end(), at, match.end(), "name")
    if plain.startswith("24小时", at) and (match := _CLOCK_ROUND.match(plain, at)):
        return Draft(at, match.end(), at, run_end, "phrase", parse_numeral("24"))
    if before and (_letter(before) or before == "-" or before == "_"):
        head = _letters_start(plain, at, floor)
        if head < at:
            figures = _FIGURES.match(plain, at)
            end = figures.end() if figures else run_end
            return _name(plain, head, _letters_end(plain, end), at, end)
    if follow == "." and (match := _VERSION.match(plain, at)) and not _is_day(match[0]):
        return Draft(at, match.end(), at, match.end(), "name")
    if before and before in "道双" and _ROAD.search(plain[max(floor, at - 2) : at]):
        return _name(plain, at, run_end + (follow == "线"), at, run_end)
    end = run_end
    if follow == "." and plain[run_end + 1 : run_end + 2].isdecimal():
        while plain[end : end + 1] == "." or plain[end : end + 1].isdecimal():
            end += 1
            if end - at > 40:
                break
    after = plain[end : end + 1]
    if after and _letter(after) and (letters := _letters_end(plain, end)) > end:
        unit = measure_at(plain, end)
        scaled = after in "kKeE" and (letters == end + 1 or plain[end + 1 : letters].isdecimal())
        if not scaled and not (unit and end + unit.length >= letters):
            return _name(plain, at, letters, at, end)
    pattern, services, heads = _listed()
    if follow in heads and before != "第" and (match := pattern.match(plain, run_end)):
        return _name(plain, at, run_end, at, run_end)
    if (
        3 <= run_end - at <= 5
        and plain[at:run_end] in services
        and not _THOUSANDS.match(plain, run_end)
        and (
            _service_words().match(plain, run_end)
            or _CALLED.search(plain[max(0, at - 6) : at])
            or (quote and quote[0] == at - 1)
            or (
                not measure_at(plain, run_end)
                and follow != "."
                and after not in "万亿千百余多%‰"
                and not "0" <= after <= "9"
            )
        )
    ):
        return _name(plain, at, run_end, at, run_end)
    if follow == "号" and (match := _FILE_NUMBER.match(plain, at)):
        return _name(plain, at, match.end(), at, run_end)
    return None


def _is_day(dotted: str) -> bool:
    """2022.7.5 is a date."""
    parts = dotted.split(".")
    return (
        len(parts) == 3
        and len(parts[0]) == 4
        and len(parts[1]) < 3
        and len(parts[2]) < 3
        and dotted[-1].isdecimal()
    )


def _name(plain: str, start: int, end: int, at: int, run_end: int) -> Draft:
    numeral_end = min(run_end, end)
    return Draft(start, end, at, numeral_end, "name", parse_numeral(plain[at:numeral_end]))


def _letters_end(plain: str, at: int) -> int:
    end = at
    while end < len(plain) and end - at < 12 and plain[end].isascii() and plain[end].isalnum():
        end += 1
    return end


def _letters_start(plain: str, at: int, floor: int) -> int:
    """Where letters that lead to the numeral begin (C919, COVID-19, F-16)."""
    start = at
    if start > floor and plain[start - 1] in "-_" and start - 1 > floor and _letter(plain[start - 2]):
        start -= 1
    while start > floor and at - start < 12 and _letter(plain[start - 1]):
        start -= 1
    return start


def _letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def enumerator_at(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """一、 （一） 1. 一是 第一， at the head of a line or clause."""
    before = plain[at - 1] if at else ""
    follow = plain[run_end : run_end + 1]
    if before == "(" and at > floor and follow == ")" and (match := _PAREN_NUMBER.match(plain, at - 1)):
        outer = plain[at - 2] if at - 1 > floor else ""
        if plain[at].isdecimal() and outer and outer not in _BOUNDARY and not _han(plain, match.end()):
            return None
        return _numbering(plain, at - 1, match.end(), at, match.end() - 1)
    if (
        before != "第"
        and follow in ("是", "要", "则", "来", "曰")
        and (match := _ORDER_WORD.match(plain, at))
    ):
        head = at == 0 or before in _BOUNDARY
        if head or (match[1] == "是" and before not in ("第", "之", "唯", "统", "不")):
            return _numbering(plain, at, match.end(), at, match.end() - 1)
        return None
    if follow and follow in "、.)" and (at == 0 or before in _HARD_BOUNDARY):
        match = _LIST_NUMBER.match(plain, at)
        if match and not _parting(plain, at):
            return _numbering(plain, at, match.end(), at, run_end)
    if before == "第" and follow and follow in "章节条部编" and (at == 1 or plain[at - 2] in "\n #\t"):
        end = run_end + (2 if plain.startswith("部分", run_end) else 1)
        if plain.startswith("部分", run_end) or follow != "部":
            return _numbering(plain, at - 1, end, at, run_end)
    if follow and follow in ",，、:是要":
        if before == "第" and at > floor and (match := _ORDINAL_LIST.match(plain, at)):
            if at == 1 or plain[at - 2] in _BOUNDARY:
                return _numbering(plain, at - 1, match.end(), at, match.end() - 1)
        elif before == "其" and at > floor and (match := _ORDINAL_LIST.match(plain, at)):
            return _numbering(plain, at - 1, match.end(), at, match.end() - 1)
    return None


def _parting(plain: str, at: int) -> bool:
    """Whether the mark divides a list of numbers (一、二季度) instead of opening an item (四、四季度安排)."""
    match = _PARTING.match(plain, at)
    return match is not None and plain[at] != plain[at + 2 : at + 3]


def _han(plain: str, at: int) -> bool:
    return "\u4e00" <= plain[at : at + 1] <= "\u9fff"


def _numbering(plain: str, start: int, end: int, at: int, numeral_end: int) -> Draft:
    return Draft(start, end, at, numeral_end, "enumerator", parse_numeral(plain[at:numeral_end]))
