"""From an outline to requests: for each leaf similar passages, a heading, and a prompt within the budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drafter.corpus import mask
from drafter.facts import Facts
from drafter.outline import Leaf, Outline, PlannedSection
from drafter.passages import Passage, Query
from drafter.plugins import Limits, Retriever, WriteRequest
from drafter.prompting import Prompt, Templates, TokenCounter, build_prompt
from drafter.sections.headings import compose_headings
from drafter.settings import Settings

_SLOT = re.compile(r"〔[^〔〕]{1,6}〕")


@dataclass(frozen=True)
class Task:
    """One leaf ready to be written. `passages` are those that found room in the prompt."""

    section: PlannedSection
    leaf: Leaf
    heading: str
    request: WriteRequest
    passages: tuple[Passage, ...]
    tokens: int


def make_tasks(
    ledger: Facts,
    outline: Outline,
    retriever: Retriever | None,
    settings: Settings,
    templates: Templates,
    counter: TokenCounter,
    *,
    prompted: bool = True,
) -> dict[int, list[Task]]:
    """Tasks of each section that a writer has to write, by the section's place in the outline.

    Without `prompted` the writer reads no messages: none are made, and passages serve for headings only.

    Raises:
        BudgetError: the facts of one leaf do not fit the model's context.
    """
    found = {
        id(leaf): _similar(ledger, section, leaf, retriever, settings)
        for section in outline.sections
        for leaf in section.leaves
        if prompted or section.section.by_topic
    }
    headings = {place: _headings(section, found) for place, section in enumerate(outline.sections)}
    room = settings.context_window - settings.max_tokens
    tasks: dict[int, list[Task]] = {}
    for place, section in enumerate(outline.sections):
        tasks[place] = []
        for leaf, heading in zip(section.leaves, headings[place], strict=True):
            passages = found.get(id(leaf), [])
            prompt = Prompt((), (), 0)
            if prompted:
                prompt = build_prompt(
                    section=section.section,
                    leaf=leaf,
                    heading=heading or section.label,
                    ledger=ledger,
                    passages=passages,
                    templates=templates,
                    counter=counter,
                    room=room,
                )
            request = WriteRequest(
                messages=prompt.messages,
                section=section.name,
                roles=section.section.roles,
                heading=heading or section.heading,
                topics=leaf.topics,
                facts=leaf.facts,
                ledger=ledger,
                limits=Limits(length=leaf.length, max_tokens=settings.max_tokens),
                headings=tuple(_masked_headings(passages)),
            )
            tasks[place].append(Task(section, leaf, heading, request, prompt.passages, prompt.tokens))
    return tasks


def _similar(
    ledger: Facts, section: PlannedSection, leaf: Leaf, retriever: Retriever | None, settings: Settings
) -> list[Passage]:
    """Passages near the leaf's heading, topics and key words; its numbers and names are left out of the query."""
    if retriever is None or settings.passages == 0:
        return []
    words = (
        [section.heading, *leaf.topics, *(fact.text for fact in leaf.facts)] if leaf.facts else [ledger.theme]
    )
    text = _SLOT.sub(" ", mask(" ".join(words)))
    role = section.section.roles[0] if section.section.roles else None
    return retriever.search(Query(text=text, role=role, topic=" ".join(leaf.topics), limit=settings.passages))


def _masked_headings(passages: Sequence[Passage]) -> list[str]:
    return [mask(passage.heading[-1]) for passage in passages if passage.heading]


def _headings(section: PlannedSection, found: dict[int, list[Passage]]) -> list[str]:
    """A heading for each leaf of a section with subsections; none where there is but one."""
    if not section.section.by_topic or len(section.leaves) < 2:
        return ["" for _ in section.leaves]
    candidates = [_masked_headings(found[id(leaf)]) for leaf in section.leaves]
    return compose_headings([leaf.topics for leaf in section.leaves], candidates)
