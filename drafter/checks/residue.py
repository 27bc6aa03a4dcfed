"""Finds what a model, a prompt or a page's source left behind: chat, echoes, fences, stray markdown, cut-off and repeated sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache

from drafter.checks.emphasis import emphasis_marks
from drafter.checks.endings import broken_off
from drafter.checks.rules import OneOf, read_shapes
from drafter.checks.tables import broken_tables
from drafter.checks.wording import Span, Wording, pairs
from drafter.plugins.protocols import CheckContext
from drafter.report import Finding, Severity

_MESSAGES = {
    "chat": "“{text}”像是模型的客套话，不是报告正文，请删去",
    "fence": "“{text}”是模型输出或网页的标记，请删去",
    "echo": "“{text}”是提示词或台账里的内容，请删去",
    "data": "“{text}”是数据或提示词的残留，请删去",
    "markdown": "“{text}”是 Markdown 标记，这里不会排版，请删去",
    "cutoff": "这一段的最后一句没有写完，请补全或删去",
    "repeated": "“{text}”前后写了两遍，请删去一处",
}
_WARNINGS = frozenset({"echo", "markdown", "repeated"})
_MARKDOWN = re.compile(
    r"^[ \t]*(?:#{1,6}(?=\s)|[-*+](?= )|>(?= )|\|[^\n]{0,200}\|[ \t]*$|-{3,}[ \t]*$)|`[^`\n]{1,40}`|~~(?=[^~\n]{1,60}~~)",
    re.MULTILINE,
)
_ID = re.compile(r"[A-Za-z]-?[0-9a-f]{1,8}(?:-\d+)?")
_ID_ALONE = re.compile(rf"(?<![A-Za-z\d\[（(【、,\s-]){_ID.pattern}(?![A-Za-z\d])")
_STOPS = tuple("。！？；")
_PAUSES = tuple("，：,:")
_ENUMERATOR = re.compile(r"^(?:[一二三四五六七八九十]{1,3}是|[（(]?\d{1,2}[.、）)])")
_WHOLE = 12
"""Characters from which on a sentence that stands twice is no formula."""
_SENTENCE = 8
"""Characters from which on a sentence may not stand twice in a row."""
_MOST = 0.7
"""Share of the words before a colon that have to stand behind it."""
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_LINK = 4
"""Characters that may stand before a sentence and link it."""
_CLAUSE = 4
"""Characters from which on a clause may not."""
_STUTTER = re.compile(r"([\u3400-\u9fff]{3,6})\1")
"""The same words twice in a row without a mark; two characters may be (研究研究)."""


@cache
def _shapes() -> OneOf:
    return OneOf(read_shapes("residue.txt", {})[0])


class Residue:
    """Chat, fences and cut-off sentences are errors; echoes, markdown and repetitions are warnings."""

    name = "residue"
    needs_facts = False

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings residue.chat, .fence, .echo, .data, .markdown, .cutoff and .repeated."""
        for start, end, kind in _shapes().finditer(text):
            yield self._finding(text, kind, start, end)
        for span in _ids(text, context):
            yield self._finding(text, "echo", *span)
        for span in broken_tables(text) if context.markdown else _unrendered(text):
            yield self._finding(text, "markdown", *span)
        for span in broken_off(text):
            yield self._finding(text, "cutoff", *span)
        for span in _repeated(text):
            yield self._finding(text, "repeated", *span)

    def _finding(self, text: str, kind: str, start: int, end: int) -> Finding:
        severity: Severity = "warning" if kind in _WARNINGS else "error"
        return Finding(
            check=self.name,
            code=f"residue.{kind}",
            severity=severity,
            message=_MESSAGES[kind].format(text=text[start:end][:40]),
            start=start,
            end=end,
            text=text[start:end],
        )


def _ids(text: str, context: CheckContext) -> Iterator[Span]:
    """Ids of facts that stand in the text on their own."""
    known = frozenset(fact.id for fact in context.ledger.facts if _ID.fullmatch(fact.id))
    if not known:
        return
    for match in _ID_ALONE.finditer(text):
        if match[0] in known:
            yield match.span()


def _unrendered(text: str) -> Iterator[Span]:
    """Markdown's marks, where nothing renders them."""
    for match in _MARKDOWN.finditer(text):
        yield match.span()
    yield from emphasis_marks(text)


def _begun_again(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """Sentences whose words, but for an enumerator and a word that links (我镇), the next one begins with and goes on."""
    for (start, end), (begin, stop) in itertools.pairwise(sentences):
        said = text[start:end].rstrip()
        words = said.rstrip("。！？；!?;")
        after = _ENUMERATOR.sub("", text[begin:stop].lstrip())
        lead = len(words) - len(_ENUMERATOR.sub("", words.lstrip()))
        broken = "\n" in text[start + len(said) : begin]
        if lead and broken:
            continue  # its number would be lost with it
        for first in range(lead, min(lead + _LINK, len(words) - _WHOLE) + 1):
            told = words[first:]
            if after.startswith(told) and after[len(told) :].startswith(_PAUSES):
                # before a new line a word that links would stand alone
                yield start if broken else start + first, start + len(said)
                break


def _headed_again(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """What stands before a colon, with it, where its figures and most of its words stand behind it as well."""
    for start, end in sentences:
        said, colon, rest = text[start:end].partition("：")
        lead = len(said) - len(_ENUMERATOR.sub("", said.lstrip()))
        words, figures = pairs(said[lead:]), _FIGURES.findall(said[lead:])
        if len(said) - lead < _WHOLE or not (colon and figures) or set(figures) - set(_FIGURES.findall(rest)):
            continue
        if len(words & pairs(rest)) >= _MOST * len(words):
            yield start + lead, start + len(said) + 1


def _repeated(text: str) -> Iterator[Span]:
    """A sentence that stands twice, whatever its enumerator; a short one, a clause or words only twice in a row.

    A sentence with whose words the next one begins, and goes on, is told, and what stands before a colon and again behind it:
    models write a fact down as it is, and then again with what they make of it.
    """
    wording = Wording(text)
    yield from _begun_again(text, wording.sentences)
    yield from _headed_again(text, wording.sentences)
    before, known = "", set()
    for start, end in wording.sentences:
        sentence = _ENUMERATOR.sub("", text[start:end].strip())
        again = len(sentence) >= _WHOLE and sentence in known and sentence.endswith(_STOPS)
        if len(sentence) >= _SENTENCE and (sentence == before or again):
            yield start, end
        if sentence:
            before = sentence
            known.add(sentence)
    before, last = "", 0
    for start, end in wording.clauses:
        clause = text[start:end].strip()
        if len(clause) >= _CLAUSE and before.endswith(clause) and text[last : last + 1] in "，,":
            yield start, end
        before, last = clause, end
    for match in _STUTTER.finditer(text):
        yield match.end(1), match.end()
