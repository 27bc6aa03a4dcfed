"""What a passage is about, by its headings: the innermost that says more than a role (存在的问题 says only that)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from drafter.corpus import rules
from drafter.corpus.roles import role_of_heading
from drafter.corpus.themes import theme_of

_CLAUSE = re.compile("[，。；：,;:]")
_SUBJECT = re.compile("^(.{3,16}?)(?:工作|领域|方面)?(?:中)?(?:还|仍)?(?:存在|面临)的?|^(.{3,16}?)工作")


def topic_under(path: Sequence[str], theme: str = "") -> str:
    """The topic of a passage below these headings, outermost first; empty when they only state a role.

    A heading that names no more than the report's own `theme` (安全生产工作打算) has no topic of its own.
    """
    for heading in reversed(path):
        if role_of_heading(heading) is None:
            return topic_of(heading)
        if (subject := _subject(heading)) and subject not in theme:
            return subject
    return ""


def _subject(heading: str) -> str:
    """The field that a heading with a role names: 安全生产 of 2024年安全生产工作计划; empty for 存在的主要问题."""
    match = _SUBJECT.match(heading)
    subject = theme_of(match[1] or match[2]) if match else ""
    return (
        subject
        if len(subject) > 2 and role_of_heading(subject) is None and not _CLAUSE.search(subject)
        else ""
    )


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile(
        f"(?:{rules.alternation(word for word in rules.words('topic_verbs') if len(word) > 1)})+"
    )


def topic_of(heading: str) -> str:
    """The key phrase of a heading: its first clause without the opening verb (加强理论武装，… gives 理论武装).

    Where that leaves nothing to name (提高能力，做好防汛值守), the next clause is asked.
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(heading, maxsplit=2)[:2]]
    if len(clauses[0]) == 3 and clauses[0][0] in rules.words("topic_verbs"):
        return clauses[0][1:]
    return _object(clauses[0]) or _object(clauses[-1]) or clauses[0]


def _object(clause: str) -> str:
    """What stands behind the opening verbs of a clause; empty without a verb, or when it is too short to name a field."""
    verb = _verbs().match(clause)
    if verb is None:
        return ""
    subject = clause[verb.end() :].lstrip("的")
    return subject if len(subject.strip("“”")) >= 3 else ""
