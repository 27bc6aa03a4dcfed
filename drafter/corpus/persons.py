"""Finds names of persons: a surname in the role of a name, after a title, before one, or behind a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from drafter.corpus import rules
from drafter.corpus.cutting import kind_of
from drafter.corpus.lexicon import HAN, Name

_PARTICLES = frozenset("的了在是被把将从对与及等于到给让并也都就还又")
_NO_GIVEN = frozenset("村镇乡县市区局站所办部委会组队校院厅处科社司厂店行家员长人")
"""Characters that end a body's or a post's name rather than a person's."""
_NAMING = frozenset(["", "nr", "nrt", "nrfg", "ns", "nz"])
"""Parts of speech of names; "" is a word that jieba does not know."""
_MARKS = ("、", "等", "和", "及", "与")
_LAST = (*_MARKS, "，", "；", "。", "）", "\n", "")
"""What may stand behind the last of a list of persons."""
_LIST = re.compile("[、和及与]")
_HIDING = re.compile("[某×＊*xX]")
"""What stands for a given name that is hidden; few texts have any."""
_BEFORE_TITLED = frozenset("在由和与对请是为及让向了的把给被")
"""Particles behind which a name with a title begins."""
_PLACELIKE = frozenset(["东方", "司空", "长孙", "钟离", "轩辕", "东郭"])
"""Double surnames that are other words too."""
_MANY = re.compile(f"(?:[、和][{HAN}]{{2,4}}){{0,3}}们")
_BEFORE_CHARGED = ("自由", "缘由", "理由")


class _Endings:
    """Whether a text ends in one of these words at a place; asked thousands of times a text, so by length and last letter."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entries)
        self.last = frozenset(entry[-1] for entry in self._entries)
        self._sizes = sorted({len(entry) for entry in self._entries})

    def at(self, text: str, end: int) -> bool:
        return (
            end > 0
            and text[end - 1] in self.last
            and any(end >= size and text[end - size : end] in self._entries for size in self._sizes)
        )


class _Beginnings:
    """The longest of these words that a text has at a place, "" for none."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entries)
        self.first = frozenset(entry[0] for entry in self._entries)
        self._sizes = sorted({len(entry) for entry in self._entries}, reverse=True)

    def at(self, text: str, start: int) -> str:
        if text[start : start + 1] not in self.first:
            return ""
        return next(
            (
                text[start : start + size]
                for size in self._sizes
                if text[start : start + size] in self._entries
            ),
            "",
        )


@dataclass(frozen=True)
class _Tables:
    """The word lists of data/, as they are asked for."""

    plain: frozenset[str]
    hard: frozenset[str]
    double: frozenset[str]
    opening: frozenset[str]
    """What double surnames begin with."""
    given: frozenset[str]
    single: frozenset[str]
    everyday: frozenset[str]
    """Surnames that are everyday words."""
    family: re.Pattern[str]
    firm: _Endings
    loose: _Endings
    any_role: _Endings
    shown_by: frozenset[str]
    """The characters right before a surname that a word before shows."""
    no_trade: frozenset[str]
    titles: _Beginnings
    called: _Beginnings
    deeds: _Beginnings
    leads: _Beginnings
    charged: _Beginnings
    posts: _Beginnings
    called_before: _Endings
    familiar_before: _Endings
    familiar_behind: _Beginnings


@cache
def _tables() -> _Tables:
    surnames, roles, acts = rules.table("surnames"), rules.table("person_roles"), rules.table("person_acts")
    called = {*roles["kin"], *(role for role in roles["after"] if len(role) > 1)} - set(roles["never called"])
    verbs = (word for word in rules.words("after_name") if len(word) > 1)
    firm, loose = _Endings(roles["firm"]), _Endings(roles["loose"])
    return _Tables(
        plain=frozenset(surnames["plain"]),
        hard=frozenset(rules.table("given_names")["hard"]),
        double=frozenset(surnames["double"]),
        opening=frozenset(name[0] for name in surnames["double"]),
        given=frozenset(rules.table("given_names")["character"]),
        everyday=frozenset(surnames["title"]),
        single=frozenset(name for key in ("plain", "wordy", "title") for name in surnames[key]),
        family=re.compile(
            f"[{''.join({name[0] for key in ('plain', 'wordy', 'title', 'double') for name in surnames[key]})}]"
        ),
        firm=firm,
        loose=loose,
        any_role=_Endings((*roles["firm"], *roles["loose"])),
        shown_by=firm.last | loose.last | frozenset("”：: 员师"),
        no_trade=frozenset(roles["no role"]),
        titles=_Beginnings(roles["after"]),
        called=_Beginnings(called),
        deeds=_Beginnings(acts["deed"]),
        leads=_Beginnings(acts["leads"]),
        charged=_Beginnings(acts["charged"]),
        posts=_Beginnings(acts["post"]),
        called_before=_Endings(acts["called"]),
        familiar_before=_Endings(acts["before familiar"]),
        familiar_behind=_Beginnings((*_MARKS, *verbs, *"，。；：家说")),
    )


@cache
def _surnames(which: str) -> str:
    table = rules.table("surnames")
    more = {"plain": (), "all": ("wordy",), "any": ("wordy", "title")}[which]
    singles = (*table["plain"], *(name for key in more for name in table[key]))
    return f"(?:{rules.alternation(table['double'])}|[{''.join(singles)}])"


def is_familiar(name: str) -> bool:
    """Whether this is a surname with what people call its bearer (张书记, 老李), which tells no given name."""
    tables = _tables()
    if len(name) == 2 and name[0] in "老小":
        return name[1] in tables.hard
    return name[:1] in tables.hard and tables.called.at(name, 1) == name[1:] != ""


_HIDDEN = re.compile(
    f"(?=[某×＊*xX])(?:(?P<some>某某?)|(?:[×＊*]{{1,2}}|[xX]{{2}})(?![{HAN}]?[镇村县市区乡]))"
)
"""A given name that is hidden: 王某某, and 李×× or 李** where nothing Chinese stands before."""


def _find_hidden(text: str, tables: _Tables) -> Iterator[Name]:
    for match in _HIDDEN.finditer(text):
        start = match.start() - (2 if text[max(0, match.start() - 2) : match.start()] in tables.double else 1)
        if start < 0 or not (text[start] in tables.plain or match.start() - start == 2):
            continue
        if match["some"] or not _is_han(text, start - 1, start):
            yield Name(start, match.end(), text[start : match.end()], "person")


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(f"{_surnames('plain')}[{HAN}]{{1,2}}")


@cache
def _not_names() -> tuple[str, ...]:
    return rules.words("surname_words")


@cache
def _ends_before() -> frozenset[str]:
    return frozenset(rules.words("after_name"))


@cache
def _double() -> tuple[str, ...]:
    return rules.table("surnames")["double"]


def _is_wordy(name: str) -> bool:
    """Whether a surname that is an everyday word makes words here rather than a name: 来到, 党建引, 向群众."""
    if name[0] not in _tables().everyday or name.startswith(_double()):
        return False
    given = frozenset(rules.table("given_names")["character"])
    return (
        len(name) < 3
        or not given.issuperset(name[1:])
        or not _NAMING.issuperset((kind_of(name[1:]), kind_of(name)))
        or kind_of(name[:2]) not in {*_NAMING, "n"}
    )


def _trim(name: str, following: str, firm: bool) -> str:
    """The part of `name` that can be one, or "" when it is a common word.

    `following` is the character behind it: behind a name stands a mark or a verb, rarely more of a word.
    """
    if name.startswith(_not_names()) or _is_wordy(name):
        return ""
    surname = 2 if name.startswith(_double()) else 1
    given = name[surname:]
    if given in rules.table("person_roles")["kin"]:
        return name
    if len(given) > 1 and given[-1] in _ends_before():
        verb = given[-1] + following in _ends_before()
        if verb or given[-1] in _PARTICLES or following not in _ends_before():
            following, given = given[-1], given[:-1]
    if not given or given[0] in _PARTICLES or given in rules.table("person_roles")["after"]:
        return ""
    closed = not following or not re.match(f"[{HAN}]", following) or following in _ends_before()
    if not firm and not closed and len(given) < 2:
        return ""
    if not firm and not closed and len(given) == 2 and following not in "家":
        return ""
    return name[:surname] + given


def _delimited(text: str, start: int, end: int, marks: Iterable[str] = _MARKS) -> str:
    """The name at `start` that a mark of a list ends (、 等 和), or "" when there is none or it is a common word."""
    for stop in (end, end - 1):
        name = text[start:stop]
        if len(name) >= 2 and text[stop : stop + 1] in marks:
            return "" if name.startswith(_not_names()) or name[1] in _PARTICLES else name
    return ""


def _is_han(text: str, start: int, end: int) -> bool:
    return 0 <= start < end <= len(text) and all("\u3400" <= letter <= "\u9fff" for letter in text[start:end])


def _shown(text: str, start: int, given: int, tables: _Tables) -> tuple[bool, bool, bool]:
    """Whether a word before the surname shows a person; whether that word is firm, and whether only a full name counts.

    A title or trade stands right before (支书李明), before ” (“活地图”王大山) or a colon (组长：李建军).
    """
    before = text[start - 1 : start]
    if not before:
        return False, False, False
    plain = text[start] in tables.plain or text[start:given] in tables.double
    if tables.firm.at(text, start) or (before == "”" and tables.firm.at(text, start - 1)):
        return True, True, False
    if not plain:
        return False, False, False
    colon = start - 1 if before != " " else start - 2
    if colon > 0 and text[colon] in "：:":
        trade = text[colon - 1] == "员" and _is_han(text, colon - 2, colon - 1) and colon > 1
        return tables.any_role.at(text, colon) or trade, False, False
    if tables.loose.at(text, start):
        return True, False, False
    trade = before in "员师”" and start > 1 and _is_han(text, start - 2, start - 1)
    return trade and text[start - 2 : start] not in tables.no_trade, False, True


@lru_cache(4096)
def _is_phrase(word: str) -> bool:
    """Whether these are four characters that stand together always: 贺兰芝|随叫随到."""
    return len(word) == 4 and kind_of(word) in ("i", "l")


def _alone(text: str, start: int, given: int, tables: _Tables) -> str:
    """The name at `start` that fills its clause: behind a colon (挂村领导：单于飞；) or before a post (楚江河任组长)."""
    before = text[start - 1 : start]
    if before and "\u3400" <= before <= "\u9fff":
        return ""
    listed = before in "：:" and tables.called_before.at(text, start - 1)
    for end in (given + 2, given + 1):
        name = text[start:end]
        if not _is_han(text, given, end) or name[-1] in _NO_GIVEN:
            continue
        if (listed and text[end : end + 1] in _LAST) or tables.posts.at(text, end):
            return "" if kind_of(name) not in _NAMING or name.startswith(_not_names()) else name
    return ""


def _leading(text: str, start: int, given: int, tables: _Tables) -> str:
    """The name at `start`, of whatever surname, that opens its clause before what only a person does: 哈斌率队."""
    for end in (given + 2, given + 1):
        name = text[start:end]
        if (
            _is_han(text, given, end)
            and tables.given.issuperset(text[given:end])
            and tables.leads.at(text, end)
        ):
            return name if kind_of(name) in ("", "nr") and not name.startswith(_not_names()) else ""
    return ""


def _acting(text: str, start: int, given: int, tables: _Tables) -> str:
    """The name at `start` by what follows it: a title (王大山同志), a deed (陈晓芸被评为), a charge (由李建军任组长)."""
    before = text[start - 1 : start]
    free = not "\u3400" <= before <= "\u9fff"
    if free or before in _BEFORE_TITLED:
        for end in (given + 1, given + 2):
            if _is_han(text, given, end) and text[end - 1] not in _NO_GIVEN and tables.titles.at(text, end):
                return text[start:end]
    if text[start:given] in tables.double and text[start:given] not in _PLACELIKE:
        two = text[given : given + 2]
        if tables.given.issuperset(two) and len(two) == 2 and kind_of(two) in ("", "nr"):
            return text[start : given + 2]
        if two[:1] in tables.given and (len(two) < 2 or two[1] in _ends_before() or not _is_han(two, 1, 2)):
            return text[start : given + 1]
    if text[start] not in tables.plain and text[start:given] not in tables.double:
        return ""
    if free and _is_han(text, given, given + 2) and tables.deeds.at(text, given + 2):
        return text[start : given + 2]
    if before == "由" and text[start - 2 : start] not in _BEFORE_CHARGED:
        for end in (given + 1, given + 2):
            if _is_han(text, given, end) and text[end - 1] not in _NO_GIVEN:
                charge = tables.charged.at(text, end)
                if charge and not (charge == "任" and text[end + 1 : end + 2] in "务何期"):
                    return text[start:end]
    return ""


@cache
def _handled() -> tuple[re.Pattern[str], ...]:
    """A full name between what is done with a person and what comes of it: 在伍建业的带领下, 对车前进给予."""
    acts = rules.table("person_acts")
    return tuple(
        re.compile(
            f"(?:{rules.alternation(acts[f'{key} before'])})(?=({_surnames('all')}[{HAN}]{{1,2}}?)(?:{rules.alternation(acts[f'{key} behind'])}))"
        )
        for key in ("led", "met", "helped", "treated")
    )


def _find_handled(text: str, tables: _Tables) -> Iterator[Name]:
    for pattern in _handled():
        for match in pattern.finditer(text):
            start, end = match.span(1)
            name = match[1]
            given = name[2:] if name[:2] in tables.double else name[1:]
            if not tables.given.issuperset(given) or name.startswith(_not_names()) or name[-1] in _NO_GIVEN:
                continue
            if given in rules.table("given_names")["words"] and name[0] not in tables.plain:
                continue  # 高标准 may be one, 柴立新 is none
            if kind_of(name) in _NAMING:
                yield Name(start, end, name, "person")


@cache
def _listed() -> re.Pattern[str]:
    """Full names in a list that a word for persons sums up: 亓磊、麻勇等班子成员."""
    roles = rules.table("person_roles")
    name = f"{_surnames('any')}[{HAN}]{{1,2}}"
    sums = rules.alternation({role for key in ("firm", "loose") for role in roles[key] if len(role) > 1})
    return re.compile(
        f"(?<![{HAN}])(?=(?P<list>{name}(?:、{name}){{1,8}})等(?:[0-9两]{{1,3}}[名位])?(?:{sums}))"
    )


def _find_listed(text: str, tables: _Tables) -> Iterator[Name]:
    for match in _listed().finditer(text) if "等" in text and "、" in text else ():
        start = match.start("list")
        for name in match["list"].split("、"):
            given = name[2:] if name[:2] in tables.double else name[1:]
            if (
                tables.given.issuperset(given)
                and kind_of(name) in ("", "nr")
                and not name.startswith(_not_names())
            ):
                yield Name(start, start + len(name), name, "person")
            start += len(name) + 1


def _familiar(text: str, start: int, tables: _Tables) -> tuple[int, str]:
    """Where a surname with what people call its bearer begins, and the whole: 张书记, 王大爷, 老李, 小陈."""
    if text[start] not in tables.hard:
        return start, ""
    called = tables.called.at(text, start + 1)
    end = start + 1 + len(called)
    if called and _MANY.match(text, end):
        return start, ""  # 张大爷、李大妈们: anybody
    before = text[start - 1 : start]
    if called and not text.startswith(("会", "席台", "任台"), end):
        free = not before or not _is_han(text, start - 1, start)
        return (start, text[start:end]) if free or tables.familiar_before.at(text, start) else (start, "")
    if (
        before
        and before in "老小"
        and not _is_han(text, start - 2, start - 1)
        and tables.familiar_behind.at(text, start + 1)
    ):
        return start - 1, text[start - 1 : start + 1]
    return start, ""


def find_persons(text: str, place_ends: Iterable[int] = ()) -> list[Name]:
    """Names of persons in a context that shows one: 村支书李明, 王大山同志, 村民赵小丽、孙某某, 坳上村钱有余、….

    Args:
        text: the text.
        place_ends: where names of places end; a person of a list often stands right behind one.
    """
    found: dict[int, Name] = {}

    def keep(start: int, name: str) -> int:
        if len(name) < 2 or "某" in name:  # who is hidden is found as such
            return -1
        found[start] = Name(start, start + len(name), name, "person")
        return start + len(name)

    def keep_list(end: int) -> None:
        """More names behind the first: 、赵小丽、孙强 等."""
        while end >= 0 and (mark := _LIST.match(text, end)):
            match = _plain().match(text, mark.end())
            end = keep(match.start(), _delimited(text, *match.span(), _LAST)) if match else -1

    tables = _tables()
    double, opening, everyday = tables.double, tables.opening, tables.everyday
    single, last = tables.single, tables.firm.last
    families_of_all = [
        (start, start + 2 if text[start] in opening and text[start : start + 2] in double else start + 1)
        for start in (match.start() for match in tables.family.finditer(text))
    ]
    families = [
        (start, given)
        for start, given in families_of_all
        if (text[start - 1 : start] in last if text[start] in everyday else text[start] in single)
        or given == start + 2
    ]
    for start, given in families_of_all:
        if text[start - 1 : start] in "：:，；。\n":
            keep_list(keep(start, _alone(text, start, given, tables) or _leading(text, start, given, tables)))
    for start, given in families:
        if start in found or text[start - 1 : start] not in tables.shown_by:
            continue
        shown, firm, whole = _shown(text, start, given, tables)
        if shown:
            end = next((end for end in (given + 2, given + 1) if _is_han(text, given, end)), 0)
            following = text[end : end + 1]
            for place in (given + 1, given + 2):
                if _is_phrase(text[place : place + 4]):
                    end, following = place, ""
                    break
            trimmed = _trim(text[start:end], following, firm) if end else ""
            least = (
                given
                - start
                + (1 if text[start:given] in double and text[start:given] not in _PLACELIKE else 2)
            )
            if not whole or (len(trimmed) >= least and trimmed[-1] not in _NO_GIVEN):
                keep_list(keep(start, trimmed))
    for start, given in families:
        before = text[start - 1 : start]
        if start not in found and (before in _BEFORE_TITLED or not "\u3400" <= before <= "\u9fff"):
            acting = _acting(text, start, given, tables)
            if acting and not acting.startswith(_not_names()):
                keep(start, acting)
    for end in place_ends:
        behind = _plain().match(text, end + 1 if text[end : end + 1] == "的" else end)
        if behind:
            keep_list(keep(behind.start(), _delimited(text, *behind.span())))
    for start, _ in families:
        if text[start + 1 : start + 2] not in tables.called.first and text[start - 1 : start] not in "老小":
            continue
        begin, familiar = _familiar(text, start, tables)
        if familiar and (begin not in found or len(found[begin].text) < len(familiar)):
            keep(begin, familiar)
    for name in _find_handled(text, tables):
        if not any(name.start - back in found for back in (0, 1, 2)):
            keep_list(keep(name.start, name.text))
    for name in _find_listed(text, tables):
        if name.start not in found:
            keep(name.start, name.text)
    for masked in _find_hidden(text, tables) if _HIDING.search(text) else ():
        if not any(masked.start - back in found for back in (0, 1, 2)):
            found[masked.start] = masked
    return [found[start] for start in sorted(found)]
