"""The messages of one call: a beginning that every call of the report shares, then the leaf's own part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from drafter.comparisons import Compared
from drafter.errors import BudgetError
from drafter.facts import Fact, Facts
from drafter.outline import Leaf
from drafter.passages import Passage
from drafter.plugins import Section
from drafter.prompting.budget import TokenCounter
from drafter.prompting.templates import Templates

_FIGURE = re.compile("[\u3400-\u9fff]{0,10}⟦n\\d+⟧[\u3400-\u9fff%]{1,2}")
"""A figure that is a slot, with its unit and the words before it."""
_FENCE = re.compile(r"<{2,}|>{2,}")


def _done_topics(ledger: Facts) -> list[str]:
    """What was worked on, in the order of the ledger: an opening may name it."""
    return list(dict.fromkeys(fact.topic for fact in ledger.facts if fact.role == "done" and fact.topic))


@dataclass(frozen=True)
class Prompt:
    """The messages, the passages that found room in them, and how many tokens they count at most."""

    messages: tuple[dict[str, str], ...]
    passages: tuple[Passage, ...]
    tokens: int


def unfenced(text: str) -> str:
    """The text without the marks that fence data off in a prompt."""
    return _FENCE.sub("", text)


def fact_rows(
    facts: Sequence[Fact],
    compared: Sequence[Compared] = (),
    derived: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[str]:
    """Facts as lines of JSON, with their topics where these differ, and those of `compared` that are theirs, ready to be told.

    `derived` are words that may be told of a fact besides, by its id. Rows of JSON give far fewer errors than prose. (To list a
    fact's quantities beside its text took a tenth of all tokens, and no fewer of them were passed over.)
    """
    topics = {fact.topic for fact in facts}
    return [
        _row(fact, fact.topic if len(topics) > 1 else "", compared, derived.get(fact.id, ()))
        for fact in facts
    ]


def sample_slot(rows: Sequence[str]) -> str:
    """The first figure of these rows that is a slot, with the words around it: 配分类桶⟦n12⟧个; empty without slots.

    A small model that is told the rule alone takes the brackets off; told its own next words, it keeps them.
    """
    found = _FIGURE.search("\n".join(rows))
    return found[0] if found else ""


def _row(fact: Fact, topic: str, compared: Sequence[Compared], derived: Sequence[str]) -> str:
    row: dict[str, Any] = {"text": fact.text}
    if topic:
        row["topic"] = topic
    changes = [f"{each.figure}：{each.wording}" for each in compared if each.fact == fact.id and each.changes]
    if changes:
        row["compared"] = changes
    if derived:
        row["derived"] = list(derived)
    return json.dumps(row, ensure_ascii=False)


def build_prompt(
    *,
    section: Section,
    leaf: Leaf,
    heading: str,
    ledger: Facts,
    passages: Sequence[Passage],
    templates: Templates,
    counter: TokenCounter,
    room: int,
    compared: Sequence[Compared] = (),
    derived: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Prompt:
    """Render one leaf's messages; the last passages are dropped until they fit.

    Args:
        section: whose template asks.
        leaf: the topics and facts to be written.
        heading: what the writer is told to write, without number.
        ledger: the header of the report.
        passages: masked passages, best first.
        templates: where templates come from.
        counter: counts tokens, never too few.
        room: tokens that the messages may have.
        compared: figures of the facts beside those of an earlier period, which the writer may tell.
        derived: what may be told of a fact besides, by its id.

    Raises:
        BudgetError: the facts alone do not fit.
    """
    system = templates.system(ledger)
    rows = fact_rows(leaf.facts, compared, derived)
    kept = list(passages)
    while True:
        values = {
            "ledger": ledger,
            "heading": heading,
            "topics": leaf.topics,
            "topics_done": "、".join(_done_topics(ledger)),
            "facts": rows,
            "compared_with": compared[0].relation.former if compared else "",
            "passages": [unfenced(passage.masked) for passage in kept],
            "length": leaf.length,
            "slot": sample_slot(rows),
        }
        user = templates.render(section.template or "section.j2", values, section)
        messages = ({"role": "system", "content": system}, {"role": "user", "content": user})
        tokens = counter.count(messages)
        if tokens <= room:
            return Prompt(messages, tuple(kept), tokens)
        if not kept:
            raise BudgetError(
                f"“{heading}”的 {len(rows)} 条事实连同要求约 {tokens} 词元，超过可用的 {room} 词元；"
                "请把这些事实分到几个主题，或在设置里调大 context_window"
            )
        kept.pop()
