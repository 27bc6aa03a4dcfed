"""Finds what a model or a prompt left behind: chat, echoes of the prompt, fences, stray markdown, cut-off and repeated sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.placeholder import bold_marks
from drafter.checks.rules import read_rules
from drafter.checks.wording import Wording, lines
from drafter.plugins.protocols import CheckContext
from drafter.report import Finding, Severity

_MESSAGES = {
    "chat": "“{text}”像是模型的客套话，不是报告正文，请删去",
    "fence": "“{text}”是模型输出的标记，请删去",
    "echo": "“{text}”是提示词或台账里的内容，请删去",
    "data": "“{text}”是数据或提示词的残留，请删去",
    "markdown": "“{text}”是 Markdown 标记，这里不会排版，请删去",
}
_MARKDOWN = re.compile(
    r"^[ \t]*(?:#{1,6}(?=\s)|[-*+](?= )|>(?= )|\|.{0,200}\|[ \t]*$|-{3,}[ \t]*$)|`[^`\n]{1,40}`", re.MULTILINE
)
_NO_SENTENCE = re.compile(
    r"#{1,6}\s|[一二三四五六七八九十]{1,3}、[^。；]{1,40}$|[（(][一二三四五六七八九十]{1,3}[）)][^。；]{1,40}$"
    r"|[-*+] |\||>|附件|联系人|抄送|主送|报送|签发|[（(]联系人|\d{1,2}[.、．][^。；]{1,40}$"
)
_ENDS = tuple('。！？；：!?;:”’」』）)】》〕…|｜."*`~—-')
_SENTENCE_MARK = re.compile(r"[，。；]")
_STOPS = tuple("。！？；")
_ENUMERATOR = re.compile(r"^(?:[一二三四五六七八九十]{1,3}是|[（(]?\d{1,2}[.、）)])")
_WHOLE = 12
"""Characters from which on a sentence that stands twice is no formula."""
_DANGLING = ("，", "、", ",")


@cache
def _patterns() -> re.Pattern[str]:
    rules = read_rules("residue.txt", 2)
    return re.compile(
        "|".join(f"(?P<{kind}_{i}>{shape})" for i, (kind, shape) in enumerate(rules)), re.MULTILINE
    )


class Residue:
    """Chat, fences and cut-off sentences are errors; echoes, markdown and repetitions are warnings."""

    name = "residue"
    needs_facts = False

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings residue.chat, .fence, .echo, .data, .markdown, .cutoff and .repeated."""
        for match in _patterns().finditer(text):
            kind = str(match.lastgroup).partition("_")[0]
            severity: Severity = "warning" if kind == "echo" else "error"
            yield self._finding(text, kind, severity, *match.span())
        yield from self._ids(text, context)
        if not context.markdown:
            for match in _MARKDOWN.finditer(text):
                yield self._finding(text, "markdown", "warning", *match.span())
            for start, end in bold_marks(text):
                yield self._finding(text, "markdown", "warning", start, end)
        yield from self._cut_off(text)
        yield from self._repeated(text)

    def _finding(
        self, text: str, kind: str, severity: Severity, start: int, end: int, message: str | None = None
    ) -> Finding:
        message = message or _MESSAGES[kind].format(text=text[start:end][:40])
        code = f"residue.{kind}"
        return Finding(
            check=self.name,
            code=code,
            severity=severity,
            message=message,
            start=start,
            end=end,
            text=text[start:end],
        )

    def _ids(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Ids of facts that stand in the text on their own."""
        ids = [
            fact.id
            for fact in context.ledger.facts
            if re.fullmatch(r"[A-Za-z]-?[0-9a-f]{1,8}(?:-\d+)?", fact.id)
        ]
        if not ids:
            return
        known = frozenset(ids)
        for match in re.finditer(
            r"(?<![A-Za-z\d\[（(【、,\s-])[A-Za-z]-?[0-9a-f]{1,8}(?:-\d+)?(?![A-Za-z\d])", text
        ):
            if match[0] in known:
                yield self._finding(text, "echo", "warning", *match.span())

    def _cut_off(self, text: str) -> Iterator[Finding]:
        """Paragraphs whose last sentence does not end."""
        for place, (start, line) in enumerate(lines(text)):
            end = start + len(line)
            if line.endswith(_DANGLING) or (
                place
                and not line.endswith(_ENDS)
                and _SENTENCE_MARK.search(line)
                and not _NO_SENTENCE.match(line)
                and len(line) > 12
            ):
                message = "这一段的最后一句没有写完，请补全或删去"
                yield self._finding(text, "cutoff", "error", max(start, end - 12), end, message)

    def _repeated(self, text: str) -> Iterator[Finding]:
        """A sentence that stands twice, whatever its enumerator; a short one only where it stands twice in a row."""
        before, known = "", set()
        for start, end in Wording(text).sentences:
            sentence = _ENUMERATOR.sub("", text[start:end].strip())
            again = len(sentence) >= _WHOLE and sentence in known and sentence.endswith(_STOPS)
            if len(sentence) >= 8 and (sentence == before or again):
                message = "这一句与前面的一句完全相同，请删去一句"
                yield self._finding(text, "repeated", "warning", start, end, message)
            if sentence:
                before = sentence
                known.add(sentence)
