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


def topic_under(path: Sequence[str]) -> str:
    """The topic of a passage below these headings, outermost first; empty when they only state a role."""
    for heading in reversed(path):
        topic = topic_of(heading) if role_of_heading(heading) is None else _subject(heading)
        if topic:
            return topic
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
    """The key phrase of a heading: its first clause without the opening verb (加强理论武装，… gives 理论武装)."""
    clause = _CLAUSE.split(heading, maxsplit=1)[0].strip()
    if len(clause) == 3 and clause[0] in rules.words("topic_verbs"):
        return clause[1:]
    verb = _verbs().match(clause)
    subject = clause[verb.end() :].lstrip("“的") if verb else clause
    if verb and clause[verb.end() : verb.end() + 1] == "“":
        subject = clause[verb.end() :]
    return subject if len(subject) >= 3 else clause
