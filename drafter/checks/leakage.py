"""Finds what came from past reports instead of the facts: names here, whole runs of words in copying.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from drafter.checks.copying import copied
from drafter.checks.folding import squeeze
from drafter.checks.rules import words
from drafter.checks.sources import Sources
from drafter.corpus.lexicon import Name
from drafter.corpus.names import find_names
from drafter.passages import Passage
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding, Severity

_MASKED = re.compile(r"某|[xXｘＸ×*＊]{2,}|[〔〕⟦⟧〇○]|\*")
_LONGER_PLACE = frozenset("子庄营沟屯店岭坡湾河台堡口头寨坪坝集桥塘湖山坳峪垭圩埠铺洼")
_KINDS = {
    "title": "文件名",
    "quoted": "引号里的名称",
    "place": "地名",
    "organization": "单位名",
    "person": "人名",
    "media": "媒体名",
}


class Leakage:
    """A name that the ledger lacks is an error; one in “” that no example has may be a saying, and is a warning."""

    name = "leakage"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings leakage.name, leakage.unsupported and leakage.copied."""
        ledger = _Ledger.read(Sources.of(context.ledger).names)
        verdicts: dict[str, tuple[bool, Passage | None]] = {}
        for name in find_names(text):
            if name.common or _MASKED.search(name.text):
                continue
            if name.bare not in verdicts:
                supported = ledger.supports(name)
                verdicts[name.bare] = (supported, None if supported else _example(name, context))
            supported, passage = verdicts[name.bare]
            if not supported:
                yield self._name_finding(name, passage)
        yield from copied(text, context, self.name)

    def _name_finding(self, name: Name, passage: Passage | None) -> Finding:
        kind = _KINDS.get(name.kind, "名称")
        if passage:
            code, severity = "name", "error"
            message = f"{kind}“{name.bare}”只见于范文，事实里没有，请改正或删去"
        else:
            code = "unsupported"
            severity = "warning" if name.kind == "quoted" else "error"
            message = f"{kind}“{name.bare}”在事实里找不到，请核实"
        evidence = (_quote(passage, name.bare),) if passage else ()
        level: Severity = "error" if severity == "error" else "warning"
        return Finding(
            check=self.name,
            code=f"leakage.{code}",
            severity=level,
            message=message,
            start=name.start,
            end=name.end,
            text=name.text,
            evidence=evidence,
        )


@dataclass(frozen=True)
class _Ledger:
    """Everything that the ledger says, and the names in it."""

    text: str
    names: tuple[Name, ...]

    @classmethod
    def read(cls, text: str) -> _Ledger:
        return cls(text, tuple(find_names(text)))

    def supports(self, name: Name) -> bool:
        """Whether the ledger has this name, as itself and not as part of another name."""
        if name.kind in ("title", "quoted"):
            return squeeze(name.bare) in squeeze(self.text)
        if self._has(name.bare):
            return True
        for known in self.names:
            bare = known.bare
            if known.kind in ("place", "organization") and name.bare.startswith(bare):
                rest = name.bare[len(bare) :]
                if _made_of(rest, _office_words()) or rest in self.text:
                    return True
            if (
                known.kind == "place"
                and len(bare) > 2
                and len(name.bare) - len(bare) > 1
                and name.bare.endswith(bare)
            ):
                return True  # a verb was taken for part of the name
        return False

    def _has(self, bare: str) -> bool:
        for found in re.finditer(re.escape(bare), self.text):
            start, end = found.span()
            inside = next((known for known in self.names if known.start <= start and end <= known.end), None)
            tail = self.text[end : inside.end] if inside else self.text[end : end + 1]
            head = self.text[inside.start : start] if inside else ""
            if inside and (inside.kind in ("title", "quoted") or (not head and not tail)):
                return True
            if head and not head.endswith(("镇", "乡", "县", "区", "市", "省", "村", "州")):
                continue
            if not tail or tail.startswith(tuple(words("place_tails.txt"))) or tail[0] not in _LONGER_PLACE:
                return True
        return False


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


def _example(name: Name, context: CheckContext) -> Passage | None:
    """A passage of a past report that has this name."""
    for passage in context.examples:
        if name.bare in passage.text or any(name.bare in heading for heading in passage.heading):
            return passage
    if context.lookup is not None:
        return next((passage for passage in context.lookup(name.bare) if name.bare in passage.text), None)
    return None


def _quote(passage: Passage, bare: str) -> Evidence:
    at = max(0, passage.text.find(bare))
    return Evidence(
        document=passage.document,
        passage=passage.id,
        text=passage.text[max(0, at - 20) : at + len(bare) + 20],
    )
