"""Finds what reaches or tells apart one person, office or thing: telephone numbers, addresses on the net, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.corpus import rules

_EDGE = "(?<![A-Za-z0-9])"
_END = "(?![A-Za-z0-9])"
_HOST = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_CONTACT = re.compile(
    "(?=[0-9A-Za-z+(（_.-])(?:"  # with what any of them begins, so that the search is fast
    f"(?:https?|ftp)://[!-~]{{1,300}}|{_EDGE}www\\.[!-~]{{1,300}}"  # addresses of pages
    f"|(?<![\\w.+-])[\\w.+-]{{1,64}}@{_HOST}(?:\\.{_HOST}){{1,5}}"  # of mail
    f"|{_EDGE}(?:{_HOST}\\.){{1,5}}(?:com|cn|net|org|gov|edu){_END}"  # of hosts
    f"|{_EDGE}(?:\\+?86[- ]?)?1[3-9]\\d(?:[- ]?\\d{{4}}){{2}}{_END}"  # mobile telephones
    f"|{_EDGE}(?:0\\d{{2,3}}[-－—]{{1,2}}|[(（]0\\d{{2,3}}[)）] ?)\\d{{7,8}}(?:[-－转]\\d{{1,6}})?{_END}"  # others
    f"|{_EDGE}[48]00[- ]?\\d{{3,4}}[- ]?\\d{{3,4}}{_END}"  # services
    f"|{_EDGE}\\d{{17}}[\\dXx]{_END}"  # identity cards, unified codes of firms
    f"|{_EDGE}(?=[A-Za-z0-9_-]{{0,40}}[A-Za-z])(?=[A-Za-z0-9_-]{{0,40}}\\d)[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+{_END})",  # ids
    re.ASCII,
)
_CUE = re.compile(
    "(?:电话|手机|热线|传真|座机|号码|账号|帐号|卡号|编号|证号|邮编|QQ群?|微信号?|群号|验证码)(?:号码|号)?(?:为|是)?[：:]? ?"
    f"(?P<number>[A-Za-z0-9][A-Za-z0-9_-]{{3,40}}){_END}"
)


@cache
def _common() -> frozenset[str]:
    return frozenset(word.lower() for word in rules.words("common_numbers"))


def is_common_number(text: str) -> bool:
    """Whether this name made of figures (5G, 12345, 12·4) is national common property."""
    return text.translate(_WIDE).lower() in _common()


def is_called(text: str, start: int, end: int) -> bool:
    """Whether the figures there are a national telephone number by what stands beside them (拨打119, 110报警)."""
    if not is_common_number(text[start:end]):
        return False
    return text[max(0, start - 2) : start].endswith(_CALLED) or text.startswith(_CALLING, end)


_CALLED = ("拨打", "拨", "电话", "热线")
_CALLING = ("热线", "电话", "报警", "急救", "消防日", "消防宣传", "接警")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def find_contacts(text: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers, mail and web addresses and ids stand; national common ones are none."""
    for match in _CONTACT.finditer(text):
        end = match.start() + len(match[0].rstrip(".,;:!?)\"'"))
        if not is_common_number(match[0]):
            yield match.start(), end
    for match in _CUE.finditer(text):
        if any(letter.isdigit() for letter in match["number"]) and not is_common_number(match["number"]):
            yield match.span("number")
