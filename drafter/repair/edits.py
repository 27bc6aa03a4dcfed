"""Small edits of a text that leave it in order: a sentence or clause taken out, enumerators counted anew."""

from __future__ import annotations

import re

from drafter.checks.wording import Wording
from drafter.numbering import chinese

_PAUSES = "，,：:、"
_ENUMERATOR = re.compile(r"(?<![^\n。；：，！？])([一二三四五六七八九十]{1,3})(?=(是|要)(?!一|二|三))")


def replaced(text: str, start: int, end: int, new: str) -> str:
    """The text with `new` at start..end."""
    return text[:start] + new + text[end:]


def without_sentence(text: str, at: int) -> str:
    """The text without the sentence that holds `at`; the sentence before gets its full stop."""
    start, end = Wording(text).sentence_at(at)
    before, after = text[:start], text[end:]
    if before.endswith(("；", ";")) and (not after or after.startswith("\n")):
        before = before[:-1] + "。"
    return in_order(before + after, text)


def without_clause(text: str, at: int) -> str:
    """The text without the clause that holds `at`, and without the comma that it needed."""
    wording = Wording(text)
    start, end = wording.clause_at(at)
    first, last = wording.sentence_at(at)
    if text[end : end + 1] in tuple(_PAUSES) and end < last:
        end += 1
    elif start > first and text[start - 1] in _PAUSES:
        start -= 1
    else:
        return without_sentence(text, at)
    return in_order(text[:start] + text[end:], text)


def in_order(text: str, before: str = "") -> str:
    """The text without empty paragraphs and stray marks; 一是、三是 counted anew where `before` counted rightly."""
    lines = [re.sub(r"^[，,；;。、：:\s]+", "", line).strip() for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    text = re.sub(r"([，；])[，；]+(?=[^\n])|[，；、]+(?=。)", r"\1", text)
    return _recounted(text) if before and _counts(before) else text


def _counts(text: str) -> bool:
    found = [match[0] for match in _ENUMERATOR.finditer(text)]
    return len(found) > 1 and found == [chinese(place) for place in range(1, len(found) + 1)]


def _recounted(text: str) -> str:
    places = iter(range(1, 100))
    return _ENUMERATOR.sub(lambda match: chinese(next(places)), text)
