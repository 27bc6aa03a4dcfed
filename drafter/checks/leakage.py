"""Finds what came from past reports instead of the facts: names here, whole runs of words in copying.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from drafter.checks.borrowed import borrowed
from drafter.checks.copying import copied
from drafter.checks.grounding import unfounded
from drafter.checks.owned import Owned
from drafter.checks.past import quote
from drafter.checks.sources import Sources
from drafter.checks.wording import occurrences
from drafter.corpus.cutting import boundaries
from drafter.corpus.lexicon import Common, Name
from drafter.corpus.masking import local_names
from drafter.corpus.names import find_doubtful, find_names
from drafter.passages import Passage
from drafter.plugins.protocols import CheckContext
from drafter.report import Finding, Severity

_MASKED = re.compile(r"某|[xXｘＸ×*＊]{2,}|[〔〕⟦⟧〇○]|\*")
_KINDS = {
    "title": "文件名",
    "quoted": "引号里的名称",
    "place": "地名",
    "organization": "单位名",
    "person": "人名",
    "media": "媒体名",
    "event": "名称",
}
_MOST_ASKED = 24
"""Names in doubt that the corpus is asked about; each question reads all of it."""
_SURE_LENGTH = 3
"""A name of so many characters is no part of other words; a shorter one has to begin and end where words do."""


class Leakage:
    """A name that the ledger lacks is an error; one in “” that no example has may be a saying, and is a warning."""

    name = "leakage"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings leakage.name, leakage.unsupported, leakage.copied and leakage.unfounded."""
        ledger = Owned.read(Sources.of(context.ledger).names)
        past = _Past(context)
        found = find_names(text, context.common_names)
        verdicts: dict[str, tuple[bool, Passage | None]] = {}
        for name in found:
            if name.common or _MASKED.search(name.text):
                continue
            if name.bare not in verdicts:
                supported = ledger.supports(name) or ledger.supports_within(
                    name, text[max(0, name.start - 3) : name.start], text[name.end : name.end + 4]
                )
                verdicts[name.bare] = (supported, None if supported else past.passage(name))
            supported, passage = verdicts[name.bare]
            if not supported:
                yield self._name_finding(name, passage)
        for name, passage in past.hidden(text, found, ledger):
            yield self._name_finding(name, passage)
        runs = list(copied(text, context, self.name))
        yield from runs
        for finding in borrowed(text, context, self.name):
            if not any(_overlap(finding, run) for run in runs):
                yield finding
        yield from unfounded(text, context, self.name)

    def _name_finding(self, name: Name, passage: Passage | None) -> Finding:
        kind = _KINDS.get(name.kind, "名称")
        if passage:
            code, severity = "name", "error"
            message = f"{kind}“{name.bare}”只见于范文，事实里没有，请改正或删去"
        else:
            code = "unsupported"
            severity = "warning" if name.kind == "quoted" else "error"
            message = f"{kind}“{name.bare}”在事实里找不到，请核实"
        evidence = (quote(passage, name.bare),) if passage else ()
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


def _overlap(one: Finding, other: Finding) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


class _Past:
    """What the past reports know of names."""

    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self._common = Common(context.common_names)
        self._questions = 0

    def passage(self, name: Name) -> Passage | None:
        """A passage of a past report that has this name."""
        for passage in self._context.examples:
            if name.bare in passage.text or any(name.bare in heading for heading in passage.heading):
                return passage
        return next((passage for passage in self._asked(name.bare) if name.bare in passage.text), None)

    def _asked(self, string: str) -> Sequence[Passage]:
        return self._context.lookup(string) if self._context.lookup else ()

    def hidden(self, text: str, found: Sequence[Name], ledger: Owned) -> Iterator[tuple[Name, Passage]]:
        """Names in `text` that only a past report shows to be names, in order, without those `found` already."""
        shown = self._shown()
        hits = [
            (Name(at, at + len(bare), bare, name.kind), passage)
            for bare, (name, passage) in shown.items()
            for at in occurrences(text, bare)
        ]
        hits += [(name, passage) for name in find_doubtful(text) if (passage := self._decided(name, ledger))]
        if not hits:
            return
        starts = boundaries(text)
        taken = [(name.start, name.end) for name in found]
        supported: dict[str, bool] = {}
        for name, passage in sorted(hits, key=lambda hit: (hit[0].start, -hit[0].end)):
            if any(name.start < end and start < name.end for start, end in taken):
                continue
            if len(name.text) < _SURE_LENGTH and not {name.start, name.end} <= starts:
                continue
            if name.text not in supported:
                supported[name.text] = ledger.supports(name) or name.text in ledger.text
            if not supported[name.text]:
                taken.append((name.start, name.end))
                yield name, passage

    def _shown(self) -> dict[str, tuple[Name, Passage]]:
        """The names of the examples: what their wording or a title beside them shows once is a name everywhere."""
        shown: dict[str, tuple[Name, Passage]] = {}
        for passage in self._context.examples:
            for name in local_names("\n".join((*passage.heading, passage.text))):
                if not (_MASKED.search(name.text) or self._common.holds(name)):
                    shown.setdefault(name.text, (name, passage))
        return shown

    def _decided(self, name: Name, ledger: Owned) -> Passage | None:
        """A passage that shows that this candidate is a person's name; None when none does."""
        if self._context.lookup is None or name.text in ledger.text or self._common.holds(name):
            return None
        self._questions += 1
        if self._questions > _MOST_ASKED:
            return None
        return next(
            (
                passage
                for passage in self._asked(name.text)
                if any(
                    other.text == name.text and other.kind == "person" for other in find_names(passage.text)
                )
            ),
            None,
        )
