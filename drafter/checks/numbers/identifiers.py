"""Names with figures in them: telephone and document numbers, hotlines, roads, house numbers. They count nothing.

Such a name is not worked out from anything: it stands in the ledger as it is, or is the whole country's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from drafter.checks.folding import fold
from drafter.checks.rules import read_rules, words
from drafter.checks.sources import Sources
from drafter.quantities import Mention, service_numbers
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

    def holds(self, mention: Mention) -> bool:
        """Whether the mention is a name with figures; a bare figure is one beside 拨打, 热线 and the like."""
        if mention.kind == "name":
            return any(char.isdecimal() for char in mention.text)
        if mention.kind != "cardinal" or mention.unit is not None:
            return False
        before, after = _calling()
        return bool(
            before.search(self._plain[max(0, mention.start - 24) : mention.start])
            or after.match(self._plain[mention.end : mention.end + 24])
        )

    def read(self, mention: Mention) -> Identifier | None:
        """What the name stands for; None where it needs no support."""
        if self._free[mention.numeral_start]:
            return None
        end = mention.end
        following = self._plain[end : end + 1]
        short = mention.text.isdecimal() and len(mention.text) <= _SHORT
        if following == "号" or (short and _HAN.match(following)):
            end += 1
        return Identifier(mention.start, end, self._evidence(mention.start, end))

    def _evidence(self, start: int, end: int) -> Evidence | None:
        ours, theirs, length = self._plain, self._ledger, end - start
        issued, housed = ours[start] == "[", ours[end - 1] == "号"
        for place in self._places(ours[start:end]):
            if issued and start and place and not _agree(ours[start - 1], theirs[place - 1]):
                continue  # another office's document of that number
            after = place + length
            if housed and not issued and not _agree(ours[end : end + 1], theirs[after : after + 1]):
                continue  # 2号桥 is not 2号楼
            return self._stated(place)
        return None

    def _places(self, name: str) -> Iterator[int]:
        """Where the name stands in the ledger, not as part of a longer figure or word of letters."""
        place = self._ledger.find(name)
        while place >= 0:
            after = place + len(name)
            before = self._ledger[place - 1] if place else ""
            if not _joined(before, name[0]) and not _joined(name[-1], self._ledger[after : after + 1]):
                yield place
            place = self._ledger.find(name, place + 1)

    def _stated(self, place: int) -> Evidence:
        """The fact or header field that holds this place of the ledger."""
        first, last = self._ledger.rfind("\n", 0, place) + 1, self._ledger.find("\n", place)
        line = self.sources.names[first : last if last >= 0 else None]
        source = next((source for source in self.sources.all if line in (source.text, source.topic)), None)
        return source.evidence if source else Evidence(text=line)


@cache
def _common() -> re.Pattern[str]:
    """The national names, not as part of a longer figure, and 119 not as the number of a house."""
    names = words("common_identifiers.txt") | service_numbers()
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][.·])(?:{listed})(?![0-9A-Za-z号]|[.·][0-9])")


@cache
def _calling() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before, and after, a figure that is called, also when several are (拨打110、119)."""
    rows = {kind: "|".join(rest.split()) for kind, rest in read_rules("call_words.txt", 2)}
    before = re.compile(rf"(?:{rows['before']})[:\"“]?(?:[0-9]{{3,5}}[”\"]?[、,和或及/][“\"]?){{0,4}}$")
    after = re.compile(rf"(?:[”\"]?[、,和或及/][“\"]?[0-9]{{3,5}}){{0,4}}[”\"]?(?:{rows['after']})")
    return before, after


def _joined(left: str, right: str) -> bool:
    """Whether the two characters belong to one figure or word of letters."""
    return bool(left and right) and (left + right).isascii() and (left + right).isalnum()


def _agree(ours: str, theirs: str) -> bool:
    """Whether the character beside the name here may stand for the one beside it there."""
    return ours == theirs or any(not _HAN.match(char) or char in _JOINING for char in (ours, theirs))
