"""What a ledger says, and which names it supports: as themselves, in short, with an office of theirs, never as a part of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from drafter.checks.folding import squeeze
from drafter.checks.rules import words
from drafter.checks.wording import occurrences
from drafter.corpus.lexicon import Name
from drafter.corpus.names import find_names
from drafter.corpus.persons import is_familiar

_LONGER_PLACE = frozenset("子庄营沟屯店岭坡湾河台堡口头寨坪坝集桥塘湖山坳峪垭圩埠铺洼")
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
        return any(self._stands_for(known, name) for known in self.names)

    def _lists(self, bare: str) -> bool:
        """Whether a list of the ledger has this village in short: 岔口村 of 岔口、瓦窑两村."""
        body = bare[:-1]
        if len(body) < 2 or bare[-1] not in "村镇乡屯组" or body not in self.text:
            return False
        behind = f"(?:[、和及与]|[两三四五六七八九十]个?{bare[-1]})"
        return (
            re.search(f"(?<![\u3400-\u9fff](?<![和及与在])){re.escape(body)}{behind}", self.text) is not None
        )

    def _stands_for(self, known: Name, name: Name) -> bool:
        bare = known.bare
        if known.kind in ("place", "organization") and name.bare.startswith(bare):
            rest = name.bare[len(bare) :]
            if _made_of(rest, _office_words()) or rest in self.text:
                return True
        if self._is_of(known, name.bare):
            return True
        bodies = ("organization", "media")
        if known.kind in bodies and name.kind in bodies and _is_short(name.bare, bare):
            return True
        if (
            known.kind == name.kind == "place"
            and bare[-1] == name.bare[-1]
            and not bare.endswith(_UNITS)
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

    def _has(self, bare: str) -> bool:
        for start in occurrences(self.text, bare):
            end = start + len(bare)
            inside = next((known for known in self.names if known.start <= start and end <= known.end), None)
            tail = self.text[end : inside.end] if inside else self.text[end : end + 1]
            head = self.text[inside.start : start] if inside else ""
            if inside and (inside.kind in ("title", "quoted") or (not head and not tail)):
                return True
            if head and not head.endswith(_UNITS):
                continue
            if not tail or tail.startswith(tuple(words("place_tails.txt"))) or tail[0] not in _LONGER_PLACE:
                return True
        return False


def _is_short(short: str, full: str) -> bool:
    """Whether this is a body's short name: 青禾小学 of 青禾镇中心小学; never 王庄小学 of 王庄子小学."""
    if len(short) >= len(full) or short[:2] != full[:2]:
        return False
    shared = next((at for at, (a, b) in enumerate(zip(short, full, strict=False)) if a != b), len(short))
    if full[shared] in _LONGER_PLACE:
        return False
    rest = iter(full[shared:])
    return all(letter in rest for letter in short[shared:])


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
