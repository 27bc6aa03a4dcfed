"""Tells whose words past reports are: whether two are of one origin, and which may be copied from."""

from __future__ import annotations

import re

from drafter.checks.folding import squeeze
from drafter.checks.rules import words
from drafter.corpus.periods import months
from drafter.corpus.shingles import GRAM, HanText
from drafter.passages import Document
from drafter.plugins.protocols import CheckContext

OWN = "own"
"""In `allow_copying_from`: the reports of the ledger's own organisation, none of a later period than the ledger's."""
ORIGIN = 0.5
"""Share of the grams of the shorter of two reports that the longer has too, from which one is made from the other."""
_TELLING = 60
"""Grams beside the run in question that the shorter must have; of less nothing can be told."""
_AT_ONCE = 50
"""Texts whose grams are in memory."""
_OWNER = re.compile(
    r"[\u3400-\u9fff]{1,20}?(?:[省市县区镇乡村局委办院校站]|街道|社区)(?=\d|二〇|关于|上半年|下半年)"
)
_ABOVE = tuple("省市县区州盟旗")


def allowed(document: Document, context: CheckContext) -> bool:
    """Whether the settings let a text of this ledger copy from this report."""
    return any(_named(document, name, context) for name in context.allow_copying_from)


def _named(document: Document, name: str, context: CheckContext) -> bool:
    if name == OWN:
        own = same_office(_office(document), context.ledger.organization)
        return own and not _later(document.period, context.ledger.period)
    if name == document.id or same_office(_office(document), name):
        return True
    title = squeeze(name).removeprefix("《").removesuffix("》")
    return bool(title) and squeeze(document.title) == title


def _office(document: Document) -> str:
    """Whose report it is: as its reader told, or else what its title begins with."""
    if document.organization:
        return document.organization
    match = _OWNER.match(document.title)
    return match[0] if match else ""


def same_office(one: str, other: str) -> bool:
    """Whether two names are one office's, with or without what is above it and what says which of its bodies it is.

    北岗镇, 东平县北岗镇 and 北岗镇人民政府 are one.
    """
    one, other = _place(one), _place(other)
    short, long = sorted((one, other), key=len)
    return bool(short) and long.endswith(short) and (long == short or long[: -len(short)].endswith(_ABOVE))


def _place(organization: str) -> str:
    name = squeeze(organization).removeprefix("中共")
    bodies = words("organization_words.txt")
    for at in range(2, len(name)):
        if name[at:] in bodies and len(name[at:]) > 1:
            return name[:at]
    return name


def _later(period: str, than: str) -> bool:
    one, other = (months(each) if each else None for each in (period, than))
    return bool(one and other and one[1] > other[1])


class Origins:
    """Whether reports are of one origin, each text read once."""

    def __init__(self) -> None:
        self._read: dict[str, frozenset[str]] = {}

    def same(self, one: Document, other: Document, run: str) -> bool:
        """Whether the same wording in two reports says no more than in one: a report's excerpt, reprint or next edition.

        Whose reports they are decides; where one does not say, what else they have in common.

        Args:
            one: a report.
            other: another.
            run: what both have, which proves nothing.
        """
        if one.id == other.id:
            return True
        offices = _office(one), _office(other)
        if all(offices):
            return same_office(*offices)
        apart = _grams(run)
        first, second = self._grams(one) - apart, self._grams(other) - apart
        shorter = min(len(first), len(second))
        return shorter >= _TELLING and len(first & second) >= ORIGIN * shorter

    def _grams(self, document: Document) -> frozenset[str]:
        key = document.text
        if key not in self._read:
            if len(self._read) >= _AT_ONCE:
                self._read.clear()
            self._read[key] = _grams(key)
        return self._read[key]


def _grams(text: str) -> frozenset[str]:
    han = HanText(text).han
    return frozenset(han[at : at + GRAM] for at in range(len(han) - GRAM + 1))
