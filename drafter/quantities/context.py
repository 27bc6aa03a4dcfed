"""What stands around a number: what is counted, the deed it goes with, and whether a figure rose or fell."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal

from drafter.quantities.rules import alternation, begins_with, read_rules

Direction = Literal["up", "down", "up_to", "down_to"]
"""How a figure moved: by so much (增长15%, 减少40万元) or to so much (提高到95%, 降至12起)."""

REACH = 16
"""How far before a number its noun and verb are looked for, in characters."""
BEHIND = 12
"""How far after it, in characters."""
_CONNECTORS = re.compile(
    r"(?:共计|累计|合计|总计|总共|达到|总数|人数|数量|一共|分别|仅有|现有|已有|共有|已经|各有|只有|计划|预计|力争|全年|全部|同比|环比|突破"
    r"|共|(?<!下|送|到)达|了|为|有|约|已|各|超|仅|又|再|还|均|是|就|至|到|每|新|或|并|占比?|由|从|自|较|比|、)+$"
)
_STOP = re.compile(
    r"[，来的了和与及并在为是对等由将被把从向给后前时中内外达]|以上|以下|左右|以内|其中|以及|较|比"
)
_HEAD_STOP = re.compile(r"[，的了]|其中|以及|分别")
_TEMPORAL = re.compile(
    r"^(?:全年|今年|去年|上半年|下半年|全镇|全县|全区|全市|全乡|全街道|累计|已|共|其中|截至目前|目前|年初以来|以来)+"
)
_DEED_UNITS = frozenset(
    {"次", "场", "场次", "期", "期次", "轮", "批", "批次", "遍", "趟", "回", "课时", "学时"}
)
_AFTER = re.compile(r"[\u4e00-\u9fff]{1,10}")


@cache
def _moves() -> frozenset[str]:
    """The last characters of the words that say how a figure moved: where none stands, no such word does."""
    return frozenset(word[-1] for _, *words in read_rules("directions.txt") for word in words)


@cache
def _direction() -> re.Pattern[str]:
    rows = {key: words for key, *words in read_rules("directions.txt")}
    return re.compile(
        rf"(?:(?P<up>{alternation(rows['up'])})|(?P<down>{alternation(rows['down'])}))"
        r"(?:[率幅]|幅度|速度)?"
        # an 增幅 that reaches so much is a rise by so much
        r"(?:(?:(?<=[增涨升降跌减]幅)|(?<=[增降减]速)|(?<=率)|(?<=[幅速]度))[达到至为是有]{1,2}|(?P<to>到了|至了|到|至|为|成))?"
        r"(?:达到了?|达|了|约|近|[又再])*$"
    )


@cache
def _direction_after() -> re.Pattern[str]:
    rows = {key: words for key, *words in read_rules("directions.txt")}
    return re.compile(
        rf"的(?:同比)?(?:(?P<up>{alternation(rows['up'])})|(?P<down>{alternation(rows['down'])}))"
    )


@cache
def _deeds() -> re.Pattern[str]:
    rows: dict[str, list[str]] = {}
    for key, *words in read_rules("deeds.txt"):
        rows.setdefault(key, []).extend(words)
    manner = alternation(rows["manner"])
    verbs = alternation(rows["verb"] + rows["light"])
    return re.compile(rf"(?:{manner})?(?:{verbs})(?![率度员者费额量单册品栏片])")


@cache
def _light() -> frozenset[str]:
    return frozenset(word for key, *words in read_rules("deeds.txt") if key == "light" for word in words)


def lead_of(plain: str, start: int, floor: int) -> str:
    """The Han characters right before a number, no more than a clause."""
    place = start
    least = max(floor, start - REACH)
    while place > least and "\u4e00" <= plain[place - 1] <= "\u9fff":
        place -= 1
    return plain[place:start]


def direction_of(lead: str, plain: str, end: int, kind: str) -> Direction | None:
    """Whether the words beside a figure say that it rose or fell (增长15%, 降至12起, 3%的增长)."""
    if not _moves().isdisjoint(lead) and (found := _moved(lead)):
        return found
    if kind == "percent" and plain[end : end + 1] == "的" and (match := _direction_after().match(plain, end)):
        return "up" if match["up"] else "down"
    return None


@lru_cache(maxsize=16384)
def _moved(lead: str) -> Direction | None:
    match = _direction().search(lead)
    if match is None:
        return None
    if match["up"]:
        return "up_to" if match["to"] is not None else "up"
    return "down_to" if match["to"] is not None else "down"


def counted_of(lead: str, plain: str, end: int, unit: str | None, kind: str) -> tuple[str | None, str | None]:
    """The head noun that a number counts and the deed it goes with."""
    before, deed, bare = _before(lead) if lead else (None, None, None)
    after = None
    if kind not in ("percent", "money"):
        after, deed_after = _after(plain, end, unit, deed is not None and before is not None)
        deed = deed or deed_after
    return after or before or bare, deed


@lru_cache(maxsize=16384)
def _before(lead: str) -> tuple[str | None, str | None, str | None]:
    """Noun and verb before the number; the third is what is left where no noun is found."""
    if not _moves().isdisjoint(lead) and (moved := _direction().search(lead)) and moved.start():
        lead = lead[: moved.start()]
    lead = _CONNECTORS.sub("", lead)
    lead = _HEAD_STOP.split(lead)[-1]
    if not lead:
        return None, None, None
    light = _light()
    verb: re.Match[str] | None = None
    deed: str | None = None
    start = 0
    for match in _deeds().finditer(lead):
        if (
            verb is not None
            and match.end() == len(lead)
            and match.start() > verb.end()
            and verb[0] not in light
        ):
            break  # 整治非法建设: the verb at the end is of the noun
        if verb is not None and verb[0] in light and match.start() == verb.end():
            # 开展排查: the second verb is the thing and the deed
            deed = match[0]
            start = verb.end()
            verb = match
            continue
        verb, deed, start = match, match[0], match.end()
    if verb is None:
        noun = _TEMPORAL.sub("", lead)
        return (noun or None), None, lead
    noun = _CONNECTORS.sub("", lead[start:]).lstrip("了过出的到")
    if not noun and verb.start():
        noun = _TEMPORAL.sub("", _HEAD_STOP.split(lead[: verb.start()])[-1])
        noun = _CONNECTORS.sub("", noun)
        noun = "" if _deeds().fullmatch(noun) else noun
    return (noun or None), deed, lead


def _after(plain: str, end: int, unit: str | None, told: bool) -> tuple[str | None, str | None]:
    """Noun after the measure word; `told` says that deed and noun stand before."""
    place = end + 1 if plain[end : end + 1] == "的" else end
    match = _AFTER.match(plain, place)
    if match is None:
        return None, None
    return _noun(match[0], unit in _DEED_UNITS and not told and place == end)


@lru_cache(maxsize=16384)
def _noun(run: str, of_deeds: bool) -> tuple[str | None, str | None]:
    """Noun and verb at the head of a run of Han; only where deeds are counted may it begin with the verb."""
    verb = _deeds().search(run)
    if verb and verb.start() == 0:
        if of_deeds:
            tail = _STOP.split(run)[0]
            return (tail or None), verb[0]
        return None, None
    if verb:
        run = run[: verb.start()]
    noun = _STOP.split(run)[0]
    if begins_with("after_stop.txt").match(noun):
        return None, None
    return (noun or None), None
