"""Where a reply that was cut off is taken up again, and how the pieces join."""

from __future__ import annotations

import re

from drafter.writers.cleaning import strip_openings

_OVERLAP = (4, 400)
"""Characters that may be repeated where a continuation joins: fewer are chance, more are not looked for."""
_CLAUSE = 80
"""Characters that may be given up at a cut in order to go on from a punctuation mark."""
_SENTENCE = re.compile(r"[。！？][”’）】》]*")
_MARK = re.compile(r"[。！？；，：、\n][”’）】》]*")


def trim_to_sentence(text: str) -> str:
    """The text up to its last full sentence (。！？ and a closing quote or bracket); all of it when there is none."""
    ends = list(_SENTENCE.finditer(text))
    return text[: ends[-1].end()] if ends else text


def trim_to_clause(text: str) -> str:
    """The text up to its last punctuation mark, where that gives up no more than a clause; otherwise all of it."""
    ends = list(_MARK.finditer(text))
    return text[: ends[-1].end()] if ends and len(text) - ends[-1].end() <= _CLAUSE else text


def join(text: str, more: str) -> str:
    """A cut-off text and its continuation, without what the continuation says again.

    That is an opening formula, and the end of the text standing again at the beginning of the continuation: 4 to 400
    characters, not digits alone. A continuation that begins the whole text anew takes its place when it is longer.
    """
    between = text[len(text.rstrip()) :] + more[: len(more) - len(more.lstrip())]
    text, more = text.rstrip(), strip_openings(more)
    if len(text) >= 20 and more.startswith(text[:20]):
        return max(text, more, key=len)
    shortest, longest = _OVERLAP
    # 45人次，｜45人次。培训 repeats as well, with another mark
    for kept in (text, text.rstrip("，；：、。")):
        for size in range(min(longest, len(kept), len(more)), shortest - 1, -1):
            if kept.endswith(more[:size]) and not more[:size].isdigit():
                return kept + more[size:] if more[size:] else text
    whole = text.endswith("：") or re.search(rf"{_SENTENCE.pattern}$", text)
    return text + ("\n" if whole and "\n" in between else "") + more
