"""Small edits of a text that leave it in order: a sentence or clause taken out or replaced, enumerators counted anew."""

from __future__ import annotations

import re

from drafter.checks.wording import Wording, pairs
from drafter.numbering import chinese, enumerator

_PAUSES = "，,：:、"
_ENDS = "。！？；!?;”’」）) "
_ENUMERATOR = re.compile(
    r"(?<![^\n。；：，！？])([一二三四五六七八九十]{1,3})(?=(是|要)(?![一二三][，,；。]))"
)
_LEAD = re.compile(r"\s*[一二三四五六七八九十]{1,3}(?:是|要)")
_NUMERALS = {chinese(number): number for number in range(1, 100)}
_TOLD = 0.8
"""Share of a sentence's pairs of characters that a text has which tells the same."""
_STOPS = ("。", "！", "？", "；", "：", "!", "?", ";", ":")


def replaced(text: str, start: int, end: int, new: str) -> str:
    """The text with `new` at start..end."""
    return text[:start] + new + text[end:]


def sentence_replaced(text: str, at: int, new: str) -> str:
    """The text with `new`, which has no stop, in place of the sentence that holds `at`; its 一是 and its stop stay.

    Sentences beside it that `new` tells too are replaced with it: a long fact is told in several, divided by ；.
    """
    start, end = _told_anew(text, at, new)
    old = text[start:end]
    lead = _LEAD.match(old)
    mark = old.rstrip()[-1:] if old.rstrip().endswith(_STOPS) else "。"
    return text[:start] + (lead[0] if lead else "") + new + mark + text[end:]


def _told_anew(text: str, at: int, new: str) -> tuple[int, int]:
    """The span of the sentence that holds `at`, with its neighbours in the same line whose words `new` has."""
    wording, wanted = Wording(text), pairs(new)
    start, end = wording.sentence_at(at)
    before = [span for span in wording.sentences if span[1] <= start]
    after = [span for span in wording.sentences if span[0] >= end]

    def told(first: int, last: int) -> bool:
        own = pairs(text[first:last])
        return bool(own) and len(own & wanted) >= _TOLD * len(own)

    while before and before[-1][1] == start and told(*before[-1]):
        start = before.pop()[0]
    while after and after[0][0] == end and told(*after[0]):
        end = after.pop(0)[1]
    return start, end


def clause_replaced(text: str, at: int, new: str) -> str:
    """The text with `new` in place of the clause that holds `at`; its 一是 stays."""
    start, end = Wording(text).clause_at(at)
    lead = _LEAD.match(text[start:end])
    return text[:start] + (lead[0] if lead else "") + new + text[end:]


def without_sentence(text: str, at: int) -> str:
    """The text without the sentence that holds `at`; the sentence before gets its full stop."""
    start, end = Wording(text).sentence_at(at)
    before, after = text[:start], text[end:]
    if before.endswith(("；", ";")) and (not after or after.startswith("\n")):
        before = before[:-1] + "。"
    return in_order(before + after, text)


def without_clause(text: str, at: int, to: int | None = None) -> str:
    """The text without the clause that holds `at`, and without the comma that it needed; a 一是 before it stays.

    With `to`, without all clauses from there to the one that holds `to`; they may be of several sentences.
    """
    wording = Wording(text)
    start, end = wording.clause_at(at)
    first, last = wording.sentence_at(at)
    if to is not None and to >= end:
        end, last = max(end, wording.clause_at(to)[1]), max(last, wording.sentence_at(to)[1])
        if start == first and not text[end:last].strip(_ENDS):
            return in_order(text[:start] + text[last:], text)
    if text[end : end + 1] in tuple(_PAUSES) and end + 1 < last:
        end += 1
        lead = _LEAD.match(text[start:end])
        start += lead.end() if lead else 0
    elif start > first and text[start - 1] in _PAUSES:
        start -= 1
    else:
        return without_sentence(text, at)
    return in_order(text[:start] + text[end:], text)


def added(text: str, new: str) -> str:
    """The text with `new`, which has no stop, as its last sentence: counted on, or before a sentence that leads over."""
    paragraphs = text.split("\n") if text else []
    if not paragraphs:
        return new + "。"
    if lead := re.search(r"[^。！？；]*(?:如下[：:。]|[：:])$", paragraphs[-1]):
        paragraphs[-1] = paragraphs[-1][: lead.start()] + new + "。" + lead[0]
        return "\n".join(paragraphs)
    whole = text if text.endswith(_STOPS) else text + "。"
    counts = [_NUMERALS.get(match[1], 0) for match in _ENUMERATOR.finditer(text)]
    if len(counts) < 2 or counts != list(range(1, len(counts) + 1)):
        return whole + new + "。"
    item = enumerator(len(counts) + 1) + new + "。"
    alone = sum(bool(_LEAD.match(paragraph)) for paragraph in paragraphs) == len(counts)
    return f"{whole}\n{item}" if alone else re.sub(r"[；;]$", "。", whole) + item


def in_order(text: str, before: str = "") -> str:
    """The text without empty paragraphs and stray marks; 一是、三是 counted anew where `before` counted rightly."""
    lines = [re.sub(r"^[，,；;。、：:\s]+", "", line).strip() for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    text = re.sub(r"([，；])[，；]+(?=[^\n])|[，；、]+(?=。)", r"\1", text)
    return recounted(text) if before and _counts(before) else text


def _counts(text: str) -> bool:
    """Whether every enumeration of the text is counted 一, 二, 三, …"""
    last = 0
    for match in _ENUMERATOR.finditer(text):
        number = _NUMERALS.get(match[1], 0)
        if number not in (1, last + 1):
            return False
        last = number
    return last > 0


def recounted(text: str, *, one_begins: bool = False) -> str:
    """Enumerations that lost items counted anew; where the number falls, or with `one_begins` only at 一, a new one begins."""
    last = count = 0

    def counted(match: re.Match[str]) -> str:
        nonlocal last, count
        number = _NUMERALS.get(match[1], 0)
        begins = number == 1 if one_begins else number <= last
        count = 1 if begins else count + 1
        last = number
        return chinese(count)

    return _ENUMERATOR.sub(counted, text)
