"""Numerals that number what follows them: 一、 （二） 三是 第一， 附件1 ## 1 总则, alone or in a sequence of lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from drafter.quantities.draft import Draft
from drafter.quantities.mention import Kind
from drafter.quantities.numerals import parse_numeral
from drafter.quantities.rules import alternation, measure_at, name_match, read_rules

_Reader = Callable[[str, int, int, int], Draft | None]

_BOUNDARY = frozenset("\n。；;：:，,！？!?、#*　 ”)】\t|")
_HARD_BOUNDARY = frozenset("\n。；;：:！？!?#*　 \t|")
_DIGIT = "一二三四五六七八九十"
_CAPITAL = "壹贰叁肆伍陆柒捌玖拾"
_PAREN_NUMBER = re.compile(
    rf"\([{_DIGIT}]{{1,3}}\)|\(\d{{1,2}}\)|[\[【](?:[{_DIGIT}]{{1,3}}|\d{{1,2}})[\]】]"
)
_LIST_NUMBER = re.compile(
    rf"(?:[{_DIGIT}]{{1,3}}|[{_CAPITAL}]{{1,3}})(?:、|\.(?!\d)|\)(?![\u4e00-\u9fff]?[,，。]))|\d{{1,2}}(?:、|\.(?!\d)|\.(?=20\d\d年)|\)(?![\u4e00-\u9fff]?[,，。]))|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?=[ 　\t])"
)
_HALTED_NUMBER = re.compile(rf"(?:十[{_DIGIT}]|[{_DIGIT}])(?=[，,:][\u4e00-\u9fff“])")
"""一，要走出去: after the end of a sentence."""
_LINE_NUMBER = re.compile(rf"(?:[{_DIGIT}]{{1,3}}|[{_CAPITAL}]{{1,3}}|\d{{1,2}})(?=[，,:][\u4e00-\u9fff“《])")
"""The same with figures, at the head of a line."""
_BLANK_NUMBER = re.compile(
    rf"(?:[{_DIGIT}]{{1,3}}|[{_CAPITAL}]{{1,3}})(?=[ \u3000\t]+[*_]{{0,2}}[\u4e00-\u9fff“《])"
)
_ORDER_WORD = re.compile(r"(?:[一二三四五六七八九]|十[一二三四五六七八九]?)(是|要|则|来|曰|者(?=[，,]))")
_ORDINAL_LIST = re.compile(r"[一二三四五六七八九十]{1,3}(?:[,，、:]|[是要](?!位)|就是)")
_PARTING = re.compile(
    r"[一二三四1-4]、[一二三四1-4]季度|\d{1,2}、\d{1,2}(?!、?[\u4e00-\u9fff]{4})|[一二三四五六七八九十]{1,3}、[一二三四五六七八九十]{1,3}(?:[、月日号]|季|年级|[组区期标])"
)
_INLINE_NUMBER = re.compile(r"\d{1,2}[、.)](?=[\u4e00-\u9fff])(?![一二三四五六七八九十])")
_SUBHEAD = re.compile(r"\d{1,2}(?:\.[1-9]){1,3}(?=[\u4e00-\u9fff])(?![前后起至到日晚万亿千百余多个折成倍比])")
"""2.1推进, at the head of a line."""
_AFTER_LABEL = re.compile(r"[:：、.。)）\s，“《—-]|$")
_CHART_NUMBER = re.compile(r"\d{1,2}-\d{1,2}(?![\d-])")
"""表1-2."""
_CELL = re.compile(rf"[ ]{{0,4}}\|[ ]{{0,4}}(\d{{1,3}}|[{_DIGIT}]{{1,3}})[ ]{{0,4}}\|")
_LINE_MARKS = " \u3000\t#*>_-—•●■◆★△▲"
"""What may stand between the head of a line and its number."""
_REACH = 3000
"""So far away the next number of a sequence of lines may be."""
_DATED = frozenset("年月日季时点号周旬")


def enumerator_at(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """一、 （一） 1. 一是 第一， at the head of a line or clause."""
    for reader in _readers(plain[at - 1] if at else "", plain[run_end : run_end + 1]):
        if found := reader(plain, at, run_end, floor):
            return found
    return None


def opens(plain: str, at: int) -> bool:
    """Whether a line or clause begins at `at`."""
    return at == 0 or plain[at - 1] in _BOUNDARY


def _bracketed(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """（一） （2） 【三】."""
    match = _PAREN_NUMBER.match(plain, at - 1) if at > floor else None
    if match is None:
        return None
    outer = plain[at - 2] if at - 1 > floor else ""
    if plain[at - 1] == "[" and outer and outer not in "\n。 \u3000" and not _han(plain, at - 2):
        return None
    if plain[at].isdecimal() and outer and outer not in _BOUNDARY and not _han(plain, match.end()):
        return None
    return _numbering(plain, at - 1, match.end(), at, match.end() - 1)


def _ordering(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """一是, 二要, 三则; 十来岁 is a count."""
    match = _ORDER_WORD.match(plain, at)
    if match is None or (match[1] == "来" and measure_at(plain, match.end())):
        return None
    before = plain[at - 1] if at else ""
    if opens(plain, at) or (match[1] == "是" and before not in ("之", "唯", "统", "不")):
        return _numbering(plain, at, match.end(), at, match.end() - 1)
    return None


def _subhead(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    match = _SUBHEAD.match(plain, at)
    if match is None or measure_at(plain, match.end()):
        return None
    return _numbering(plain, at, match.end(), at, match.end())


def _listed(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """一、 2. 3）, with the mark that such numbers have."""
    match = _LIST_NUMBER.match(plain, at)
    if match is None or _parting(plain, at):
        return None
    if at == 0 or plain[at - 1] in _HARD_BOUNDARY or _INLINE_NUMBER.match(plain, at):
        return _numbering(plain, at, match.end(), at, run_end)
    return None


def _halted(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """一，要走出去: with a comma or a colon."""
    match = _LINE_NUMBER.match(plain, at) if _line_head(plain, at) else _HALTED_NUMBER.match(plain, at)
    if match is None or match.end() != run_end:
        return None
    return _numbering(plain, at, run_end + 1, at, run_end)


def _unmarked(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """A number at the head of a line or in the first cell of a row, with nothing but a blank behind it."""
    if run_end - at > 3:
        return None
    if plain[at].isdecimal():
        numbers = (
            _first_cell(plain, at, run_end)
            or _heading_number(plain, at, run_end)
            or _line_of_sequence(plain, at, run_end)
        )
    else:
        numbers = (_BLANK_NUMBER.match(plain, at) is not None and _line_head(plain, at)) or _first_cell(
            plain, at, run_end
        )
    return _numbering(plain, at, run_end, at, run_end) if numbers else None


@cache
def _words() -> dict[str, list[str]]:
    return {key: words for key, *words in read_rules("labels.txt")}


@cache
def _labels() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    """Labels that need no mark behind their number, all labels, and the characters that these end with."""
    words = _words()
    both = [*words["label"], *words["marked"]]
    return (
        re.compile(f"(?:{alternation(words['label'])})$"),
        re.compile(f"(?:{alternation(both)})$"),
        frozenset(word[-1] for word in both),
    )


def _labelled(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """A number that belongs to the word before it: 附件1, 表2, 步骤一："""
    if run_end - at > 2 or at <= floor:
        return None
    always, known, _ = _labels()
    head = plain[max(floor, at - 3) : at]
    label = known.search(head)
    if label is None or measure_at(plain, run_end):
        return None
    figure = plain[at].isdecimal()
    mark = plain[run_end : run_end + 1]
    if figure and mark == "-" and label[0] in ("表", "图") and (chart := _CHART_NUMBER.match(plain, at)):
        return _numbering(plain, at, chart.end(), at, run_end)
    start = at - len(label[0])
    if figure and always.search(head) and _entitles(plain, run_end) and _line_head(plain, start):
        return _numbering(plain, at, run_end, at, run_end)  # 附表1 台账
    if not _AFTER_LABEL.match(mark) or (mark in (".", "-") and plain[run_end + 1 : run_end + 2].isdecimal()):
        return None
    if len(label[0]) == 1 and label[0] not in ("表", "图", "注") and not opens(plain, start):
        return None  # 问1： is a number, 访问1： is not
    if not (
        mark in (":", "\n")
        or (always.search(head) and (figure or len(label[0]) > 1))
        or ((not mark or mark in " \u3000") and _line_head(plain, start))
    ):
        return None
    return _numbering(plain, at, run_end, at, run_end)


@cache
def _ordinals() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = _words()
    return (
        re.compile(
            rf"([{_DIGIT}]{{1,3}}[个大层类种句点条项步关道]?(?:{alternation(words['point'])}))(?=[，,：:、]|[是要](?!位)|就是|讲[，,：:]?)"
        ),
        re.compile(
            rf"[{_DIGIT}\d]{{1,3}}(?:章|节|条|编|部分|(?:{alternation(words['part'])})(?=[ \u3000\t:*\n]|$))"
        ),
    )


def _point(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """第一点，; 第二个方面是; 第三层意思，."""
    match = _ordinals()[0].match(plain, at) if at > floor and opens(plain, at - 1) else None
    return _numbering(plain, at - 1, match.end(1), at, run_end) if match else None


def _part(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """第一章, 第二部分, 第三篇　, at the head of a line."""
    match = _ordinals()[1].match(plain, at) if at == 1 or plain[at - 2] in "\n #\t\u3000*" else None
    return _numbering(plain, at - 1, match.end(), at, run_end) if match else None


def _ordinal(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """第一，; 其二，."""
    match = _ORDINAL_LIST.match(plain, at) if at > floor else None
    if match is None or (plain[at - 1] == "第" and not opens(plain, at - 1)):
        return None
    return _numbering(plain, at - 1, run_end + 1, at, run_end)


def _first_cell(plain: str, at: int, run_end: int) -> bool:
    """Whether the number is all that the first cell of a table row holds, and the next or last row goes on from it."""
    start = plain.rfind("\n", max(0, at - 10), at) + 1
    row = _CELL.match(plain, start)
    if row is None or row.start(1) != at:
        return False
    below = plain.find("\n", run_end) + 1
    after = _CELL.match(plain, below) if below else None
    above = plain.rfind("\n", 0, max(0, start - 1)) + 1 if start else -1
    before = _CELL.match(plain, above) if above >= 0 else None
    number = parse_numeral(row[1])
    return number is not None and (
        bool(after and parse_numeral(after[1]) == number + 1)
        or bool(before and parse_numeral(before[1]) == number - 1)
    )


def _heading_number(plain: str, at: int, run_end: int) -> bool:
    """Whether the figures number a heading without a mark: ## 1 总则."""
    start = plain.rfind("\n", max(0, at - 8), at) + 1
    if start == 0 and at > 8:
        return False
    return "#" in plain[start:at] and plain[start:at].strip(" #") == "" and _entitles(plain, run_end)


def _entitles(plain: str, at: int) -> bool:
    """Whether a title may begin at `at`: no unit, and nothing that makes a date of the number before."""
    return _han(plain, at) and plain[at] not in _DATED and measure_at(plain, at) is None


def _line_of_sequence(plain: str, at: int, run_end: int) -> bool:
    """Whether figures at the head of a line go on from those of another line, or another from these: 1 总则, 2 分工."""
    if run_end - at > 2 or not _titled(plain, run_end):
        return False
    start = plain.rfind("\n", max(0, at - 8), at)
    if (start < 0 and at > 8) or plain[start + 1 : at].strip(_LINE_MARKS):
        return False
    lead = "\n" + plain[start + 1 : at]
    number = int(plain[at:run_end])
    below, above = f"{lead}{number + 1}", f"{lead}{number - 1}"
    place = plain.find(below, run_end, run_end + _REACH)
    if place >= 0 and _titled(plain, place + len(below)):
        return True
    place = plain.rfind(above, max(0, at - _REACH), at)
    if place >= 0:
        return _titled(plain, place + len(above))
    return at < _REACH and plain.startswith(above[1:]) and _titled(plain, len(above) - 1)


def _titled(plain: str, end: int) -> bool:
    """Whether a title or the next column of a table follows a number that ends at `end`."""
    return plain[end : end + 1] == "\t" or _entitles(plain, end)


def _line_head(plain: str, at: int) -> bool:
    """Whether only marks stand between the head of the line and `at`."""
    while at and plain[at - 1] in _LINE_MARKS:
        at -= 1
    return at == 0 or plain[at - 1] == "\n"


def _parting(plain: str, at: int) -> bool:
    """Whether the mark divides a list of numbers (一、二季度) instead of opening an item (四、四季度安排)."""
    match = _PARTING.match(plain, at)
    return match is not None and plain[at] != plain[at + 2 : at + 3]


def _han(plain: str, at: int) -> bool:
    return "\u4e00" <= plain[at : at + 1] <= "\u9fff"


def _numbering(plain: str, start: int, end: int, at: int, numeral_end: int) -> Draft:
    return Draft(start, end, at, numeral_end, "enumerator", parse_numeral(plain[at:numeral_end]))


_HEADS = _BOUNDARY | {""}
_LINE_HEADS = frozenset(["", *"\n#*>_ \u3000\t|-—•●■◆★△▲"])


@cache
def _table() -> tuple[tuple[_Reader, frozenset[str] | None, frozenset[str] | None], ...]:
    """The readers in their order, each with the characters that must stand before and behind the numeral."""
    return (
        (_bracketed, frozenset("([【"), frozenset(")]】")),
        (_ordering, None, frozenset("是要则来曰者")),
        (_subhead, frozenset(["", *"\n#*"]), frozenset(".")),
        (_listed, _HEADS, frozenset("、.)")),
        (_halted, _HARD_BOUNDARY | {""}, frozenset("，,:")),
        (_unmarked, _LINE_HEADS, None),
        (_labelled, _labels()[2], None),
        (_point, frozenset("第"), None),
        (_part, frozenset("第"), None),
        (_ordinal, frozenset("第其"), frozenset(",，、:是要就")),
    )


@lru_cache(maxsize=8192)
def _readers(before: str, follow: str) -> tuple[_Reader, ...]:
    """The readers that these two characters beside a numeral leave."""
    return tuple(
        reader
        for reader, heads, marks in _table()
        if (heads is None or before in heads)
        and (marks is None or follow in marks)
        and not (reader is _ordering and before == "第")
    )


_SECOND = re.compile(r"(?:[，；。、;,]|\n)二([\u4e00-\u9fff])")
_NEXT = "三四五六七八九十"
_LATER = {
    numeral: re.compile(rf"[^。\n]{{1,40}}?[，；、;,]{numeral}(?=[\u4e00-\u9fff])") for numeral in _NEXT
}
_NO_SERIES = frozenset("十百千万亿月日季年产维审")


def series_at(plain: str) -> frozenset[int]:
    """Where numerals stand that number the clauses of one sentence: 一看台账，二问群众，三查现场; 一抓落实，二抓整改.

    Either the same word follows 一 and 二, or a third clause begins with 三.
    """
    if "二" not in plain:
        return frozenset()
    found: set[int] = set()
    for second in _SECOND.finditer(plain):
        word, place = second[1], second.end() - 2
        if word in _NO_SERIES or measure_at(plain, place + 1) or name_match(plain, place):
            continue
        later: list[int] = []
        end = place
        for numeral in _NEXT:
            match = _LATER[numeral].match(plain, end + 1)
            if match is None or plain[match.end()] in _NO_SERIES or measure_at(plain, match.end()):
                break
            end = match.end() - 1
            later.append(end)
        head = plain[max(0, place - 60) : place]
        first = head.rfind("一" + word)
        if first < 0 and later:
            first = max(
                (
                    index
                    for index in range(len(head) - 1)
                    if head[index] == "一"
                    and _han(head, index + 1)
                    and (not index or head[index - 1] not in "统唯之第单专同不逐进万其每某任")
                    and head[index + 1] not in "定些般样直律致旦切系方体流级个并起同"
                ),
                default=-1,
            )
        if first < 0 or "\n" in head[first:]:
            continue
        found.update((max(0, place - 60) + first, place, *later))
    return frozenset(found)


_SHARED_UNIT = re.compile(
    r"([一二三四五六七八九十]{1,2})((?:[、和与及]第?[一二三四五六七八九十]{1,2}){1,6})(年级|学期|期|批次|批|标段|组|班|届|轮|级|单元|车间|楼层|支部|网格|号)"
)


_LAST_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,2}$")


def series_unit(plain: str, at: int, floor: int) -> Draft | None:
    """The first numeral of 一、二年级, which has the unit of the last; the rest stands by itself."""
    match = _SHARED_UNIT.match(plain, at)
    value = parse_numeral(match[1]) if match else None
    if match is None or value is None:
        return None
    start = at - 1 if at > floor and plain[at - 1] == "第" else at
    last = match.start(3) - len(_LAST_NUMERAL.findall(match[2])[-1])
    kind: Kind = "name" if name_match(plain, last) else "ordinal"  # 三、|四级手术
    return Draft(start, match.end(1), at, match.end(1), kind, value, None, match[3])
