"""What a ledger says, and which names it supports: as themselves, in short, with an office of theirs, never as a part of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from drafter.checks.folding import squeeze
from drafter.checks.rules import read_rules, words
from drafter.checks.wording import occurrences
from drafter.corpus import rules
from drafter.corpus.cutting import cut, is_word, kind_of
from drafter.corpus.lexicon import Name, is_everyday
from drafter.corpus.names import find_names
from drafter.corpus.organizations import is_generic
from drafter.corpus.persons import is_familiar

_LONGER_PLACE = frozenset("子庄营沟屯店岭坡湾河台堡口头寨坪坝集桥塘湖山坳峪垭圩埠铺洼")
_LONGEST_BEFORE = 3
"""Characters of a word before a name that was taken for part of it."""
_NUMBERED = re.compile(r"第[一二三四五六七八九十\d]")
"""苕坪镇第二幼儿园 is one of several, and no word for what every town has."""
_UNITS = ("镇", "乡", "县", "区", "市", "省", "村", "州")


@dataclass(frozen=True)
class Owned:
    """Everything that the ledger says, and the names in it."""

    text: str
    names: tuple[Name, ...]

    @classmethod
    def read(cls, text: str) -> Owned:
        """What this text of a ledger owns."""
        return cls(text, tuple(find_names(text)))

    @cached_property
    def _squeezed(self) -> str:
        return squeeze(self.text)

    def supports(self, name: Name) -> bool:
        """Whether the ledger has this name, as itself and not as part of another name."""
        if name.kind in ("title", "quoted", "event"):
            return squeeze(name.bare) in self._squeezed or (
                name.kind == "event" and any(self._is_of(known, name.bare) for known in self.names)
            )
        if self._has(name.bare):
            return True
        if name.kind == "person" and is_familiar(name.bare):
            family = name.bare[1] if name.bare[0] in "老小" else name.bare[0]
            return any(known.kind == "person" and known.bare[0] == family for known in self.names)
        if name.kind == "place" and self._lists(name.bare):
            return True
        if self._has_in_full(name):
            return True
        return any(self._stands_for(known, name) for known in self.names)

    def _has_in_full(self, name: Name) -> bool:
        """Whether the ledger has what this name is short for, by words that everybody cuts so: 澜江经开区."""
        return name.kind in ("place", "organization", "media") and any(
            name.bare.endswith(short)
            and len(name.bare) > len(short)
            and self._has(name.bare[: -len(short)] + full)
            for short, full in read_rules("short_words.txt", 2)
        )

    def _lists(self, bare: str) -> bool:
        """Whether a list of the ledger has this village in short: 岔口村 of 岔口、瓦窑两村."""
        body = bare[:-1]
        if len(body) < 2 or bare[-1] not in "村镇乡屯组" or body not in self.text:
            return False
        behind = f"(?:[、和及与]|[两三四五六七八九十]个?{bare[-1]})"
        if re.search(f"(?<![\u3400-\u9fff](?<![和及与在])){re.escape(body)}{behind}", self.text):
            return True
        # 朱家湾 of 清理朱家湾、下洼子3个村, where a verb stands before the list
        more = "(?:[、和及与][\u3400-\u9fff]{1,4}){0,12}"
        return (
            re.search(
                f"{re.escape(body)}{more}等?[\\d两三四五六七八九十]+个?(?:[\u3400-\u9fff]{{2}})?{bare[-1]}",
                self.text,
            )
            is not None
        )

    def _stands_for(self, known: Name, name: Name) -> bool:
        bare = known.bare
        if known.kind in ("place", "organization", "person") and name.bare.startswith(bare):
            rest = name.bare[len(bare) :]
            if known.kind == "person":
                if name.kind != "person" and is_word(rest):
                    return True  # 蓝玉兰养殖
            elif rest in self.text or (
                (_made_of(rest, _office_words()) or is_generic(rest)) and not _NUMBERED.match(rest)
            ):
                return True  # 文化广场 of a village
        if self._is_of(known, name.bare) or self._is_at(known, name.bare):
            return True
        bodies = ("organization", "media")
        if known.kind in bodies and name.kind in bodies:
            at = _place_end(bare)  # 顺和校车公司 of 砚溪县顺和校车服务有限公司
            if _is_short(name.bare, bare) or (at and _is_short(name.bare, bare[at:])):
                return True
        if (
            known.kind == name.kind == "place"
            and bare[-1] == name.bare[-1]
            and not bare.endswith((*_UNITS, "嘎查", "苏木"))
            and len(name.bare) > 2
            and _is_short(name.bare, bare)
        ):
            return True  # 普济寺 of 普济禅寺
        # a verb was taken for part of the name
        return (
            known.kind == "place"
            and len(bare) > 2
            and len(name.bare) - len(bare) > 1
            and name.bare.endswith(bare)
        )

    def _is_of(self, known: Name, bare: str) -> bool:
        """Whether this is an office or a thing of a place of the ledger: 石桥派出所 and 石桥大米 of 石桥镇."""
        place = known.bare
        if known.kind != "place" or not place.endswith(_UNITS) or len(place) < 3:
            return False
        rest = bare[len(place) - 1 :] if bare.startswith(place[:-1]) else ""
        return bool(rest) and (
            _made_of(rest, _office_words()) or rest in words("of_place.txt") or rest in self.text
        )

    def _is_at(self, known: Name, bare: str) -> bool:
        """Whether this is a thing beside a body of the ledger, the body in short: 红星厂家属院 of 红星机械厂家属院."""
        if known.kind not in ("organization", "place") or bare[:2] != known.bare[:2]:
            return False
        return any(
            known.bare + bare[at:] in self.text and _is_short(bare[:at], known.bare)
            for at in range(3, len(bare) - 1)
        )

    def supports_within(self, name: Name, before: str, behind: str) -> bool:
        """Whether this is a name of the ledger and a bit of the words around it, which was taken for part of the name.

        So 感谢海棠中学 has the verb before it, and 段毅扎 of 段毅扎根社区 the beginning of the verb behind it.

        Args:
            name: a name of a draft that is not supported as it stands.
            before: the characters before it, up to three.
            behind: the characters behind it, up to four.
        """
        if name.kind == "person" and len(name.text) > 2 and _goes_on(name.text[-1] + behind):
            shorter = Name(name.start, name.end - 1, name.text[:-1], name.kind)
            if self.supports(shorter):
                return True
        return name.kind in ("person", "place", "organization") and any(
            self.supports(Name(name.start + size, name.end, name.text[size:], name.kind))
            for size in range(1, min(_LONGEST_BEFORE, len(name.text) - 2) + 1)
            if not is_everyday(name.text[size:]) and _goes_before(before, name.text[:size])
        )

    def _has(self, bare: str) -> bool:
        for start in occurrences(self.text, bare):
            end = start + len(bare)
            inside = next((known for known in self.names if known.start <= start and end <= known.end), None)
            tail = self.text[end : inside.end] if inside else self.text[end : end + 1]
            head = self.text[inside.start : start] if inside else ""
            if inside and (inside.kind in ("title", "quoted") or (not head and not tail)):
                return True
            if head and not head.endswith(_UNITS) and not _goes_before("", head):
                continue
            if not tail or tail.startswith(tuple(words("place_tails.txt"))) or tail[0] not in _LONGER_PLACE:
                return True
        return False


@lru_cache(4096)
def _goes_before(before: str, head: str) -> bool:
    """Whether what a name begins with there ends a word that goes before names: 感谢, 整治, 去年|底; never 小 or 东方.

    Args:
        before: the characters before the name.
        head: the first characters of the name.
    """
    if head in _before_names():
        return True
    if len(head) == 1 and kind_of(head)[:1] in ("p", "c"):
        return True
    word = cut(before + head)[-1]
    if len(word) < max(2, len(head)) or word in rules.table("organizations")["brand"]:
        return False
    return kind_of(word)[:1] in ("v", "p", "d", "c", "t", "m", "f") or word in _before_names()


def _goes_on(tail: str) -> bool:
    """Whether a word begins there that goes on behind the name: 扎根, 任组长, 副镇长."""
    acts, roles = rules.table("person_acts"), rules.table("person_roles")
    return is_word(tail[:2]) or tail.startswith((*acts["post"], *roles["after"]))


@cache
def _before_names() -> frozenset[str]:
    roles, boundaries = rules.table("person_roles"), rules.table("place_boundaries")
    stops = (*boundaries["hard"], *rules.table("organizations")["stop"], *roles["firm"], *roles["loose"])
    return frozenset((*(word for word in stops if len(word) > 1), *rules.words("before_name_single")))


def _is_short(short: str, full: str) -> bool:
    """Whether this is a body's short name: 青禾小学 of 青禾镇中心小学; never 王庄小学 of 王庄子小学."""
    if len(short) >= len(full) or short[:2] != full[:2]:
        return False
    shared = next((at for at, (a, b) in enumerate(zip(short, full, strict=False)) if a != b), len(short))
    if full[shared] in _LONGER_PLACE:
        return False
    rest = iter(full[shared:])
    return all(letter in rest for letter in short[shared:])


def _place_end(body: str) -> int:
    """Where the name of a body's place ends that the body's own name follows; 0 when it has none in front."""
    found = re.match("[\u3400-\u9fff]{2,3}?[省市县区州旗镇乡村](?=[\u3400-\u9fff]{4})", body)
    return found.end() if found else 0


@cache
def _office_words() -> tuple[str, ...]:
    return tuple(sorted(words("organization_words.txt"), key=len, reverse=True))


def _made_of(text: str, parts: Sequence[str]) -> bool:
    while text:
        part = next((part for part in parts if text.startswith(part)), None)
        if part is None:
            return False
        text = text[len(part) :]
    return True
