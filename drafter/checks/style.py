"""Looks at the manner of writing: half-width marks in Chinese text, and plans and deeds in the wrong tense."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.checks.halfwidth import half_widths
from drafter.checks.limits import bounded
from drafter.checks.sentences import sentences_of
from drafter.checks.sources import Sources
from drafter.checks.tense import wrong_tenses
from drafter.plugins.protocols import CheckContext
from drafter.report import Finding

_MESSAGES = {
    "done": "“{text}”写成了已经完成的事，{where}，请改成计划的语气或移到前面",
    "planned": "“{text}”写成了打算做的事，{where}，请改成已经完成的语气或移到前面",
}
_WHERE = {"done": "这里写的是下一步打算", "planned": "这里写的是已做的工作，事实里也没有这项打算"}
_QUOTED = 30


class Style:
    """All findings are warnings; a half-width mark has the right one as its suggestion."""

    name = "style"
    needs_facts = False

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings style.halfwidth and style.tense."""
        yield from bounded(self._halfwidth(text))
        yield from bounded(self._tense(text, context))

    def _halfwidth(self, text: str) -> Iterator[Finding]:
        for half in half_widths(text):
            yield Finding(
                check=self.name,
                code="style.halfwidth",
                severity="warning",
                message=f"中文里用了半角“{half.mark}”，应为全角“{half.full}”",
                start=half.start,
                end=half.start + 1,
                text=half.mark,
                suggestion=half.full,
            )

    def _tense(self, text: str, context: CheckContext) -> Iterator[Finding]:
        sentences, _ = sentences_of(text, context)
        for wrong in wrong_tenses(sentences, Sources.of(context.ledger)):
            start, end = wrong.sentence.start + wrong.start, wrong.sentence.start + wrong.end
            shown = text[start:end]
            if wrong.fact:
                where = (
                    f"台账里是“{wrong.fact.text[:_QUOTED]}”（{'打算' if wrong.told == 'done' else '已做'}）"
                )
            else:
                where = _WHERE[wrong.told]
            yield Finding(
                check=self.name,
                code="style.tense",
                severity="warning",
                message=_MESSAGES[wrong.told].format(text=shown[:_QUOTED], where=where),
                start=start,
                end=end,
                text=shown,
                evidence=(wrong.fact.evidence,) if wrong.fact else (),
            )
