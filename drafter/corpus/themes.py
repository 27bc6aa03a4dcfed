"""What a title says its report is about: the title without whose, when, and what kind of paper."""

from __future__ import annotations

import re
from functools import cache

from drafter.corpus import rules
from drafter.corpus.places import find_places

_YEAR = "(?:20\\d\\d|[二2][〇○零0][〇○零一二三四五六七八九\\d]{2}|[xX*＊×某〇○]{1,4}|\\d\\d)"
_WHEN = re.compile(
    f"(?:{_YEAR}年)(?:度)?(?:[至到—-]{_YEAR}年(?:度)?)?"
    "|第?[一二三四1-4]季度|[上下]半年|前?[三一二四五六七八九十\\d]{1,2}个月"
    "|(?:1[0-2]|[1-9])(?:月)?[至到—-](?:1[0-2]|[1-9])月份?|(?:1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月份?"
)
_BEHIND = re.compile("[（(][^（）()]{0,40}[）)]$")
_MASKED = re.compile(
    "^(?:关于|中共)?(?:[xX*＊×某〇○]{1,4}[省市县区])*[xX*＊×某〇○]{1,4}(?:镇|乡|街道|社区|村|县|区|市|局|办)?"
)
_LONGEST = 30
"""Characters of a theme; what is longer is a sentence."""


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(f"(?:{rules.alternation(rules.table('themes')['ending'])})$")


@cache
def _leads() -> re.Pattern[str]:
    table = rules.table("themes")
    return re.compile(f"(?!{rules.alternation(table['not lead'])})(?:{rules.alternation(table['lead'])})")


def theme_of(title: str, organization: str = "", period: str = "") -> str:
    """What the title says the report is about, in its own words: 安全生产 of 云溪镇2023年上半年安全生产工作总结.

    A set term stays whole (意识形态工作责任制, not 意识形态). Empty when the title names no field (工作总结).

    Args:
        title: the report's title, without its number and marks.
        organization: whose report it is, as far as known; taken out of the title.
        period: when it is of, as it stands in the title; taken out of it.
    """
    text = title.strip("# 《》“”")
    text = _BEHIND.sub("", text)
    for known in (period, organization):
        text = text.replace(known, "", 1) if known else text
    for opener in ("关于", "中共"):
        text = text.removeprefix(opener)
    while places := [place for place in find_places(text) if place.start == 0]:
        text = text[places[0].end :]
    text = _MASKED.sub("", text, count=1)
    text = _WHEN.sub("", text).replace(" ", "")
    fixed = rules.table("themes")["not ending"]
    shorter = True
    while shorter and text:
        shorter = False
        if not text.endswith(fixed) and (match := _ends().search(text)):
            text, shorter = text[: match.start()], True
        elif match := _leads().match(text):
            text, shorter = text[match.end() :], True
    if len(text) < 2 or len(text) > _LONGEST or text in rules.table("themes")["nothing"]:
        return ""
    return text
