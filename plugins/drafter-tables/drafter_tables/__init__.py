"""The section figures (附表): the ledger's figures in a table, made by rule, without a writer."""

from __future__ import annotations

from drafter import Section, SectionContext, hookimpl
from drafter.quantities import find
from drafter.report import Block

HEAD = ("序号", "主题", "事项", "数量")
TIMES = ("date", "period", "ordinal")
"""Kinds of numerals that say when or in which place, and not how much."""


class Figures(Section):
    """A row for each fact with figures, in the order of the ledger.

    It takes no facts away (it has no roles), so that the other sections still tell them, and gives nothing where
    the ledger has no figures. What is planned is left out: it is no figure yet.
    """

    name, label = "figures", "附表"

    def render(self, context: SectionContext) -> list[Block]:
        """A caption, unless the outline gives a heading, and the table."""
        ledger = context.ledger
        rows = [
            (fact.topic or "其他", fact.text, "、".join(amounts))
            for fact in ledger.facts
            if fact.role != "plan" and (amounts := amounts_of(fact.text))
        ]
        if not rows:
            return []
        numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
        table = Block(kind="table", rows=(HEAD, *numbered))
        caption = Block(kind="paragraph", text=f"附表：{ledger.period}{ledger.theme}主要数据")
        return [table] if context.heading else [caption, table]


def amounts_of(text: str) -> list[str]:
    """How much or how many, each as it stands in the text with its unit."""
    return [mention.text for mention in find(text) if mention.countable and mention.kind not in TIMES]


@hookimpl
def register_sections(register):
    """The section."""
    register(Figures())
