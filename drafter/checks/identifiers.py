"""Names with figures in them: telephone and document numbers, hotlines, roads, house numbers. They count nothing.

Such a name is not worked out from anything: it stands in the ledger as it is, or is the whole country's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from drafter.checks.folding import fold
from drafter.checks.rules import words
from drafter.checks.sources import Sources
from drafter.quantities import Mention
from drafter.report import Evidence

_TITLE = re.compile(r"《[^《》\n]{1,120}》")
_HAN = re.compile(r"[\u3400-\u9fff]")
_JOINING = frozenset("的和与及并等在为是将把被也都而之已又还就至到")
_SHORT = 2
"""Digits of a figure that names something only together with the word after it (2号, 3型)."""


@dataclass(frozen=True)
class Identifier:
    """A name with figures in it, and what the ledger has of it."""

    start: int
    end: int
    evidence: Evidence | None


@dataclass(frozen=True)
class Identifiers:
    """The names with figures of one text, judged by one ledger."""

    text: str
    sources: Sources

    @cached_property
    def _plain(self) -> str:
        return fold(self.text)

    @cached_property
    def _ledger(self) -> str:
        return fold(self.sources.names)

    @cached_property
    def _free(self) -> bytearray:
        """1 for each character inside a title, which another check judges as a whole, or a national name."""
        free = bytearray(len(self._plain))
        for pattern in (_TITLE, _common()):
            for match in pattern.finditer(self._plain):
                free[match.start() : match.end()] = b"\x01" * len(match[0])
        return free

    def read(self, mention: Mention) -> Identifier | None:
        """What the mention of a name stands for; None where it has no figures or needs no support."""
        if not any(char.isdecimal() for char in mention.text) or self._free[mention.numeral_start]:
            return None
        end = mention.end
        following = self._plain[end : end + 1]
        if following == "号" or (_HAN.match(following) and len(mention.text) <= _SHORT):
            end += 1
        return Identifier(mention.start, end, self._evidence(mention.start, end))

    def called(self, mention: Mention) -> bool:
        """Whether the bare figure is a national telephone number that somebody is told to call (拨打119)."""
        if mention.kind != "cardinal" or mention.unit is not None or not self._free[mention.numeral_start]:
            return False
        return _calling().search(self._plain[max(0, mention.start - 24) : mention.start]) is not None

    def _evidence(self, start: int, end: int) -> Evidence | None:
        for place in self._places(self._plain[start:end]):
            if _agree(self._plain[:start][-1:], self._ledger[:place][-1:]) and _agree(
                self._plain[end : end + 1] if self._plain[end - 1] == "号" else "",
                self._ledger[place + end - start : place + end - start + 1],
            ):
                return self._stated(place)
        return None

    def _places(self, name: str) -> Iterator[int]:
        """Where the name stands in the ledger, not as part of a longer figure or word of letters."""
        place = self._ledger.find(name)
        while place >= 0:
            before, after = self._ledger[max(0, place - 1) : place], self._ledger[place + len(name) :][:1]
            if not (_joined(before, name[0]) or _joined(name[-1], after)):
                yield place
            place = self._ledger.find(name, place + 1)

    def _stated(self, place: int) -> Evidence:
        """The fact or header field that holds this place of the ledger."""
        first = self._ledger.rfind("\n", 0, place) + 1
        line = self.sources.names[first:].split("\n", 1)[0]
        source = next((source for source in self.sources.all if line in (source.text, source.topic)), None)
        return source.evidence if source else Evidence(text=line)


@cache
def _common() -> re.Pattern[str]:
    """The national names, not as part of a longer figure, and 119 not as the number of a house."""
    listed = "|".join(re.escape(word) for word in sorted(words("common_identifiers.txt"), key=len, reverse=True))
    return re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][.·])(?:{listed})(?![0-9A-Za-z号]|[.·][0-9])")


@cache
def _calling() -> re.Pattern[str]:
    calls = "|".join(sorted(words("call_words.txt"), key=len, reverse=True))
    return re.compile(rf"(?:{calls})[:“\"]?(?:[0-9]{{3,5}}[”\"]?[、,，和或及/][“\"]?){{0,4}}$")


def _joined(left: str, right: str) -> bool:
    return all(char.isascii() and char.isalnum() for char in (left, right) if char) and bool(left and right)


def _agree(ours: str, theirs: str) -> bool:
    """Whether what stands beside the name here may stand for what stands beside it there."""
    return ours == theirs or any(not _HAN.match(char) or char in _JOINING for char in (ours, theirs))
