"""Finds names of persons: a surname in the role of a name, after a title, before one, or behind a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from drafter.corpus import rules
from drafter.corpus.lexicon import HAN, Name

_PARTICLES = frozenset("的了在是被把将从对与及等于到给让并也都就还又")
_NO_GIVEN = "村镇乡县市区局站所办部委会组队校院厅处科社司厂店行家员长人"
"""Characters that end a body's or a post's name rather than a person's."""
_MARKS = ("、", "等", "和", "及", "与")
_LAST = (*_MARKS, "，", "；", "。", "）", "\n", "")
"""What may stand behind the last of a list of persons."""
_LIST = re.compile("[、和及与]")
_HIDING = re.compile("[某×＊*xX]")
"""What stands for a given name that is hidden; few texts have any."""


@cache
def _surnames(which: str) -> str:
    table = rules.table("surnames")
    singles = table["plain"] + (table["wordy"] if which == "all" else ())
    return f"(?:{rules.alternation(table['double'])}|[{''.join(singles)}])"


@cache
def _after_role() -> re.Pattern[str]:
    table = rules.table("person_roles")
    first = "".join(role[0] for role in (*table["firm"], *table["loose"]))
    return re.compile(
        f"(?=[{first}]|[{HAN}][员师”])"  # with what any of them begins, so that the search is fast
        f"(?:(?:{rules.alternation(table['firm'])})”?(?P<firm>{_surnames('all')}[{HAN}]{{1,2}})"
        f"|(?:{rules.alternation((*table['firm'], *table['loose']))}|[{HAN}]员)[：:] ?(?P<listed>{_surnames('plain')}[{HAN}]{{1,2}})"
        f"|(?:{rules.alternation(table['loose'])})(?P<loose>{_surnames('plain')}[{HAN}]{{1,2}})"
        # any other trade, or a byname (“活地图”王大山): a full name of three characters alone is sure enough
        f"|(?!{rules.alternation(table['no role'])})(?:[{HAN}][员师]|[{HAN}]”)(?P<trade>{_surnames('plain')}[{HAN}]{{2}}(?<![{_NO_GIVEN}])))"
    )


@cache
def _before_role() -> re.Pattern[str]:
    roles = rules.alternation(rules.table("person_roles")["after"])
    return re.compile(
        f"(?:(?<![{HAN}])|(?<=[在由和与对请是为及让向了的把给被]))(?P<name>{_surnames('all')}[{HAN}]{{1,2}}?)(?={roles})"
    )


@cache
def _acting() -> re.Pattern[str]:
    """A clause that opens with a full name and what only a person does."""
    return re.compile(
        f"(?<![{HAN}])(?P<name>{_surnames('plain')}[{HAN}]{{2}})"
        "(?=被评为|获评|荣获|荣登|说[，：]|介绍说|告诉|表示|感慨|深有感触|家中|家里|主动报名|带头)"
    )


@cache
def _familiar() -> re.Pattern[str]:
    """A surname alone with what people call its bearer: 张书记, 王大爷, 老李, 小陈."""
    table = rules.table("person_roles")
    called = rules.alternation({*table["kin"], *(role for role in table["after"] if len(role) > 1)} - set(table["never called"]))
    hard = "".join(rules.table("given_names")["hard"])
    verbs = rules.alternation((*_MARKS, *(word for word in rules.words("after_name") if len(word) > 1)))
    return re.compile(
        f"(?<![{HAN}])(?P<name>[{hard}](?:{called})|[老小][{hard}](?=[，。；：、]|{verbs}|家|说))(?!会议?|[席任]台)"
        f"|(?:老人|村民|居民|邻居|和|与|由|对|请|向|给|让|为|慰问|走访|看望|帮)(?P<behind>[{hard}](?:{called}))(?!会|[席任]台)"
    )


def is_familiar(name: str) -> bool:
    """Whether this is a surname with what people call its bearer (张书记, 老李), which tells no given name."""
    return _familiar().fullmatch(name) is not None or (len(name) == 2 and name[0] in "老小")


@cache
def _charged() -> re.Pattern[str]:
    """A full name between 由 and what it is charged with: 由李建军任组长."""
    return re.compile(
        f"由(?<![自缘理]由)(?P<name>{_surnames('plain')}[{HAN}]{{1,2}}?(?<![{_NO_GIVEN}]))"
        "(?=任(?!务|何|期)|担任|兼任|同志|主持|负责|牵头|带队|带领|具体|分管|包保|联系)"
    )


@cache
def _hidden() -> re.Pattern[str]:
    """A surname with the given name hidden: 王某某, and 李×× or 李** where nothing Chinese stands before."""
    surname = _surnames("plain")
    return re.compile(
        f"{surname}某某?|(?<![{HAN}]){surname}(?:[×＊*]{{1,2}}|[xX]{{2}})(?![{HAN}]?[镇村县市区乡])"
    )


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


def _trim(name: str, following: str, firm: bool) -> str:
    """The part of `name` that can be one, or "" when it is a common word.

    `following` is the character behind it: behind a name stands a mark or a verb, rarely more of a word.
    """
    if name.startswith(_not_names()):
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


def find_persons(text: str, place_ends: Iterable[int] = ()) -> list[Name]:
    """Names of persons in a context that shows one: 村支书李明, 王大山同志, 村民赵小丽、孙某某, 坳上村钱有余、….

    Args:
        text: the text.
        place_ends: where names of places end; a person of a list often stands right behind one.
    """
    found: dict[int, Name] = {}

    def keep(start: int, name: str) -> int:
        if len(name) < 2:
            return -1
        found[start] = Name(start, start + len(name), name, "person")
        return start + len(name)

    def keep_list(end: int) -> None:
        """More names behind the first: 、赵小丽、孙强 等."""
        while end >= 0 and (mark := _LIST.match(text, end)):
            match = _plain().match(text, mark.end())
            end = keep(match.start(), _delimited(text, *match.span(), _LAST)) if match else -1

    for match in _after_role().finditer(text):
        group = next(key for key, found in match.groupdict().items() if found)
        name = _trim(match[group], text[match.end() : match.end() + 1], group == "firm")
        if group != "trade" or len(name) == 3:
            keep_list(keep(match.start(group), name))
    for pattern in (_before_role(), _acting(), _charged()):
        for match in pattern.finditer(text):
            if match.start("name") not in found and not match["name"].startswith(_not_names()):
                found[match.start("name")] = Name(*match.span("name"), match["name"], "person")
    for end in place_ends:
        behind = _plain().match(text, end + 1 if text[end : end + 1] == "的" else end)
        if behind:
            keep_list(keep(behind.start(), _delimited(text, *behind.span())))
    for match in _familiar().finditer(text):
        key = "name" if match["name"] else "behind"
        start = match.start(key)
        if start not in found or len(found[start].text) < len(match[key]):
            found[start] = Name(*match.span(key), match[key], "person")
    for match in _hidden().finditer(text) if _HIDING.search(text) else ():
        if not any(match.start() - back in found for back in (0, 1, 2)):
            found[match.start()] = Name(*match.span(), match[0], "person")
    return [found[start] for start in sorted(found)]
