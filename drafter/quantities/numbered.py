"""Numerals that count nothing since they name or number something: C919, 12345热线, 十九大; 一、 （二） 三是."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from drafter.quantities.draft import Draft
from drafter.quantities.numerals import parse_numeral
from drafter.quantities.rules import alternation, measure_at, name_match, read_rules

_DOCUMENT_NUMBER = re.compile(r"[〔\[(]\d{4}[〕\])]第?\d{1,4}号")
_CASE_NUMBER = re.compile(r"[(]\d{4}[)][\u4e00-\u9fff]\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}号")
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
_CONGRESS = re.compile(
    r"(?:1[5-9]|2[0-9])大(?=精神|报告|以来|代表|召开|关于|提出|胜利|部署|闭幕|开幕|[”\"，。、])"
)
_THOUSANDS = re.compile(r"[,，]\d{3}(?!\d)")
"""119,000 is a number, not the telephone number 119."""
_ROAD = re.compile(r"[国省县乡]道$|双$")
_FIGURES = re.compile(r"\d(?:[\d.]{0,40}\d)?")
_PAREN_NUMBER = re.compile(r"\([一二三四五六七八九十]{1,3}\)|\(\d{1,2}\)")
_LIST_NUMBER = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:、|\.(?!\d)|\)(?![\u4e00-\u9fff]?[,，。]))|\d{1,2}(?:、|\.(?!\d)|\.(?=20\d\d年)|\)(?![\u4e00-\u9fff]?[,，。]))|\d{1,2}(?:\.\d{1,2}){1,3}(?=[ 　\t])"
)
_ORDER_WORD = re.compile(r"(?:[一二三四五六七八九]|十[一二三四五六七八九]?)(是|要|则|来|曰)")
_ORDINAL_LIST = re.compile(r"[一二三四五六七八九十]{1,3}(?:[,，、:]|[是要](?!位))")
_PARTING = re.compile(
    r"[一二三四1-4]、[一二三四1-4]季度|\d{1,2}、\d{1,2}(?!、?[\u4e00-\u9fff]{4})|[一二三四五六七八九十]{1,3}、[一二三四五六七八九十]{1,3}(?:[、月日号]|季|年级|[组区期标])"
)
_BOUNDARY = frozenset("\n。；;：:，,！？!?、#*　 ”)】\t|")
_HARD_BOUNDARY = frozenset("\n。；;：:！？!?#*　 \t|")
_CALLED = re.compile(
    r"(?:拨打|热线|电话|致电|拨|联系|平台|编号|账号|账户|卡号|证号|邮编|群号|信箱|公路|国道|省道)(?:电话|号码|热线)?[:：]?[“\"]?$"
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
        start = at - 1 if before and before in "第双" else at
        match = name_match(plain, start) or (name_match(plain, at) if start < at else None)
        return _name(plain, match.start(), match.end(), at, run_end) if match else None
    follow = plain[run_end : run_end + 1]
    if before == "(" and run_end - at == 4 and (match := _CASE_NUMBER.match(plain, at - 1)):
        return _name(plain, at - 1, match.end(), at, run_end)
    if before and before in "〔[(" and (match := _DOCUMENT_NUMBER.match(plain, at - 1)):
        return _name(plain, at - 1, match.end(), at, run_end)
    if follow == "·" and (match := _DOTTED.match(plain, at)):
        draft = _name(plain, at, match.end(), at, match.end())
        draft.parts = (("月", int(match[1])), ("日", int(match[2])))
        return draft
    if follow and follow in "+×xX*" and (match := _SUM.match(plain, at)):
        return Draft(at, match.end(), at, run_end, "phrase", parse_numeral(plain[at:run_end]))
    if (follow == "-" or run_end - at == 11) and (match := _PHONE.match(plain, at)):
        return Draft(at, match.end(), at, match.end(), "name")
    if plain.startswith("24小时", at) and (match := _CLOCK_ROUND.match(plain, at)):
        return round_the_clock(at, run_end, match.end())
    if before and (_letter(before) or before == "-" or before == "_"):
        head = _letters_start(plain, at, floor)
        if head < at:
            figures = _FIGURES.match(plain, at)
            end = figures.end() if figures else run_end
            return _name(plain, head, _letters_end(plain, end), at, end)
    if follow == "." and (match := _VERSION.match(plain, at)) and not _is_day(match[0]):
        return Draft(at, match.end(), at, match.end(), "name")
    if (
        before
        and before in "道双"
        and _ROAD.search(plain[max(floor, at - 2) : at])
        and (
            follow == "线" or not (measure_at(plain, run_end) or follow in ".万千百余多")
        )  # 国道318线, but 县道20公里
    ):
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
            or (_CALLED.search(plain[max(0, at - 6) : at]) and not measure_at(plain, run_end))
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
    if run_end - at >= 5 and _CALLED.search(plain[max(0, at - 6) : at]) and not measure_at(plain, run_end):
        return _name(plain, at, run_end, at, run_end)
    if (
        before == " "
        and at - 1 > floor
        and "A" <= plain[at - 2] <= "Z"
        and (match := _STANDARD.match(plain, at))
    ):
        return _name(plain, at, match.end(), at, match.end())
    if follow == "后" and run_end - at == 2 and plain[run_end - 1] in "05" and _BORN.match(plain, run_end):
        return Draft(at, run_end + 1, at, run_end, "phrase", parse_numeral(plain[at:run_end]))
    if follow in "工高院大计、" and _PROGRAMME.match(plain, at):
        return _name(plain, at, run_end, at, run_end)
    if quote == (at - 1, run_end + 1) and run_end - at < 6 and _METHOD.match(plain, run_end + 1):
        return Draft(at, run_end, at, run_end, "phrase", parse_numeral(plain[at:run_end]))
    if follow == "强" and _TOP.match(plain, run_end):
        return _name(plain, at, run_end + 1, at, run_end)
    if (
        run_end - at < 4
        and (before == "第" or follow in _NUMBERED_HEADS)
        and (found := _numbered(plain, at, run_end))
    ):
        return found
    if follow == "大" and (match := _CONGRESS.match(plain, at)):
        return _name(plain, at, match.end(), at, run_end)
    if follow == "号" and (match := _FILE_NUMBER.match(plain, at)):
        return _name(plain, at, match.end(), at, run_end)
    return None


_STANDARD = re.compile(r"\d{3,6}(?:[.-]\d{1,4}){0,2}(?![\d万亿元%])(?! ?[A-Za-z])")
_BORN = re.compile(r"后(?=[”\"、，。年青大干党职员村退返创新的小姑女男书奶宝妈爸医教民警]|$)(?!年内)")
_PROGRAMME = re.compile(r"(?:985|211|863|973)(?=工程|高校|院校|大学|计划|、(?:985|211))")
_METHOD = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:工作法|机制|模式|体系|战略|计划|工程|行动|举措|管理|治理|服务|格局|架构|布局|思路|要求|转移|方针)"
)
"""What follows figures in quotation marks that are a shorthand: “123”转移机制."""
_TOP = re.compile(r"强(?![度化降风对制力劲大势烈行硬调震台磁酸])")
_NUMBERED_HEADS = frozenset("中大支分病监车级类等党区")
"""What the words begin with that a number names directly, and no measure word but 级 does."""


def _numbered(plain: str, at: int, run_end: int) -> Draft | None:
    """第3小学, 7病区, 2级响应: what is a name with a Chinese numeral is one with figures."""
    ordinal = plain[at - 1 : at] == "第"
    like = "第三" + plain[run_end : run_end + 12]
    match = name_match(like, 0) if ordinal else name_match(like, 1)
    if match is None:
        return None
    return _name(plain, at - ordinal, run_end + match.end() - 2, at, run_end)


def round_the_clock(at: int, run_end: int, end: int) -> Draft:
    """24小时值班: as long as a day is, which no fact has to support."""
    draft = Draft(at, end, at, run_end, "cardinal", Decimal(24), None, "小时")
    draft.indefinite = True
    return draft


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
    if (
        follow == "."
        and (not before or before in "\n#*")
        and (match := _SUBHEAD.match(plain, at))
        and not measure_at(plain, match.end())
    ):
        return _numbering(plain, at, match.end(), at, match.end())
    if follow and follow in "、.)" and (at == 0 or before in _BOUNDARY):
        hard = at == 0 or before in _HARD_BOUNDARY
        match = _LIST_NUMBER.match(plain, at)
        if match and not _parting(plain, at) and (hard or _INLINE_NUMBER.match(plain, at)):
            return _numbering(plain, at, match.end(), at, run_end)
    if (
        (not before or before in "\n|# ")
        and run_end - at < 4
        and plain[at].isdecimal()
        and (_first_cell(plain, at, run_end) or _heading_number(plain, at, run_end))
    ):
        return _numbering(plain, at, run_end, at, run_end)
    if at > floor and run_end - at < 3 and (found := _labelled(plain, at, run_end, floor)):
        return found
    if (
        before == "第"
        and at > floor
        and (match := _POINT.match(plain, at))
        and (at == 1 or plain[at - 2] in _BOUNDARY)
    ):
        return _numbering(plain, at - 1, match.end(1), at, run_end)
    if before == "第" and follow and follow in "章节条部编" and (at == 1 or plain[at - 2] in "\n #\t\u3000*"):
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


_INLINE_NUMBER = re.compile(r"\d{1,2}[、.)](?=[\u4e00-\u9fff])(?![一二三四五六七八九十])")
_SUBHEAD = re.compile(r"\d{1,2}(?:\.[1-9]){1,3}(?=[\u4e00-\u9fff])(?![前后起至到日晚万亿千百余多个折成倍比])")
"""2.1推进, at the head of a line."""
_POINT = re.compile(
    r"([一二三四五六七八九十]{1,3}(?:点|条|项|步|个?方面|个问题|个层面|个环节|件事))(?=[，,：:、]|[是要](?!位))"
)
_LABELS = re.compile(
    r"(?:附件|附表|附图|专栏|表|图|步骤|任务|措施|要求|环节|方案|阶段|案例|示例|主题|板块|专题|要点|做法|经验|问题|目标|注|选项|情形)$"
)
_TO_LABEL = frozenset("件表图栏骤务施求节案段例题块点法验标注项形")
_AFTER_LABEL = re.compile(r"[:：、.。)）\s，“《—-]|$")


def _labelled(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """A number that belongs to the word before it: 附件1, 表2, 步骤一："""
    if plain[at - 1] not in _TO_LABEL:
        return None
    figure = plain[at].isdecimal()
    mark = plain[run_end : run_end + 1]
    if not _LABELS.search(plain[max(floor, at - 2) : at]):
        return None
    if not (_AFTER_LABEL.match(mark) if figure else mark in (":", "\n")) or measure_at(plain, run_end):
        return None
    if mark in (".", "-") and plain[run_end + 1 : run_end + 2].isdecimal():
        return None
    if figure and plain[at - 1] not in "件表图栏" and mark not in (":", "\n"):
        return None
    return _numbering(plain, at, run_end, at, run_end)


_CELL = re.compile(r"[ ]{0,4}\|[ ]{0,4}(\d{1,3})[ ]{0,4}\|")


def _first_cell(plain: str, at: int, run_end: int) -> bool:
    """Whether the figures are all that the first cell of a table row holds, and the next or last row goes on from them."""
    start = plain.rfind("\n", max(0, at - 10), at) + 1
    row = _CELL.match(plain, start)
    if row is None or row.start(1) != at:
        return False
    number = int(row[1])
    below = plain.find("\n", run_end) + 1
    after = _CELL.match(plain, below) if below else None
    above = plain.rfind("\n", 0, max(0, start - 1)) + 1 if start else -1
    before = _CELL.match(plain, above) if above >= 0 else None
    return bool((after and int(after[1]) == number + 1) or (before and int(before[1]) == number - 1))


def _heading_number(plain: str, at: int, run_end: int) -> bool:
    """Whether the figures number a heading without a mark: ## 1 总则."""
    start = plain.rfind("\n", max(0, at - 8), at) + 1
    if start == 0 and at > 8:
        return False
    return (
        plain[start:at].strip(" ").strip("#") == ""
        and "#" in plain[start:at]
        and (_han(plain, run_end) and plain[run_end] not in "年月日季" and measure_at(plain, run_end) is None)
    )


def _parting(plain: str, at: int) -> bool:
    """Whether the mark divides a list of numbers (一、二季度) instead of opening an item (四、四季度安排)."""
    match = _PARTING.match(plain, at)
    return match is not None and plain[at] != plain[at + 2 : at + 3]


def _han(plain: str, at: int) -> bool:
    return "\u4e00" <= plain[at : at + 1] <= "\u9fff"


def _numbering(plain: str, start: int, end: int, at: int, numeral_end: int) -> Draft:
    return Draft(start, end, at, numeral_end, "enumerator", parse_numeral(plain[at:numeral_end]))


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


def series_unit(plain: str, at: int, floor: int) -> Draft | None:
    """The first numeral of 一、二年级, which has the unit of the last; the rest stands by itself."""
    match = _SHARED_UNIT.match(plain, at)
    value = parse_numeral(match[1]) if match else None
    if match is None or value is None:
        return None
    start = at - 1 if at > floor and plain[at - 1] == "第" else at
    return Draft(start, match.end(1), at, match.end(1), "ordinal", value, None, match[3])


_NOT_NAMED = re.compile(r"号召|杯中|轮[流换]|船[上只]")


@cache
def _name_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands before and after quotation marks that hold a name, and what such a name ends with."""
    rows = {key: alternation(words) for key, *words in read_rules("name_words.txt")}
    return (
        re.compile(rf"(?:{rows['before']})(?:[“\"][^”\"\n]{{1,8}}[”\"]、?){{0,4}}$"),
        re.compile(rf"{rows['after']}|[\u4e00-\u9fff]{{1,4}}(?:大赛|联赛|夏令营|论坛|服务队)"),
        re.compile(f"(?:{rows['inside']})$"),
    )


_CAMPAIGN = re.compile(r"[百千万][\u4e00-\u9fff]{2,7}")
_CAMPAIGN_INSIDE = re.compile(r"[百千万]{1,3}[\u4e00-\u9fff]{1,5}(?:工程|行动|计划|攻坚战?)")
_CAMPAIGN_AFTER = re.compile(r"(?:系列|主题|专项|大型)?(?:活动|行动|工程|计划|大赛|评选|攻坚|攻势|竞赛)")
_MAY_FOLLOW = frozenset('目名为唱歌曲品板称号题叫册演作蹈标本片列展剧牌览、”"')
"""What the words before a name and the names of a list end with: without one of these nothing is looked for."""


def named_quote(plain: str, quote: tuple[int, int]) -> bool:
    """Whether what stands in quotation marks is the name of a thing (“九湾红”商标, “四点半课堂”), not a slogan."""
    inside = plain[quote[0] + 1 : quote[1] - 1]
    before, after, end = _name_words()
    return bool(
        (after.match(plain, quote[1]) and not _NOT_NAMED.match(plain, quote[1]))
        or end.search(inside)
        or (
            plain[quote[0] - 1 : quote[0]] in _MAY_FOLLOW
            and before.search(plain, max(0, quote[0] - 40), quote[0])
        )
        or _CAMPAIGN_INSIDE.fullmatch(inside)
        or (_CAMPAIGN.fullmatch(inside) and _CAMPAIGN_AFTER.match(plain, quote[1]))
    )


def opens(plain: str, at: int) -> bool:
    """Whether a line or clause begins at `at`."""
    return at == 0 or plain[at - 1] in _BOUNDARY
