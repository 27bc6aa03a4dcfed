"""From an outline to requests: for each leaf similar passages, a heading, and a prompt within the budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from drafter.corpus import mask
from drafter.corpus.roles import role_of_heading
from drafter.errors import DrafterError, PluginError
from drafter.facts import Facts
from drafter.outline import Leaf, PlannedSection
from drafter.passages import Passage, Query
from drafter.plugins import Limits, Retriever, WriteRequest
from drafter.prompting import Prompt, Templates, TokenCounter, build_prompt, without_echo
from drafter.sections.headings import compose_headings
from drafter.settings import Settings
from drafter.writers.cleaning import clean_reply

_SLOT = re.compile(r"〔[^〔〕]{1,6}〕")


@dataclass(frozen=True)
class Task:
    """One leaf ready to be written. `passages` are those that found room in the prompt; `build` makes it anew."""

    section: PlannedSection
    leaf: Leaf
    heading: str
    request: WriteRequest
    passages: tuple[Passage, ...]
    tokens: int
    build: Callable[[Sequence[Passage]], Prompt]

    @property
    def label(self) -> str:
        """What a person calls the leaf."""
        return self.heading or self.section.label

    def cleaned(self, text: str) -> str:
        """A reply's text without what is no part of the leaf, such as an echo of the section's heading or of its own."""
        text = without_echo(text, self.request.messages)
        for heading in (self.section.heading, self.request.heading):
            text = clean_reply(text, heading, self.leaf.topics)
        return text

    def shorter(self) -> Iterator[Task]:
        """The same task with ever fewer passages, half of them each time, in the end with none."""
        left = len(self.passages)
        while left:
            left //= 2
            prompt = self.build(self.passages[:left])
            request = replace(self.request, messages=prompt.messages)
            yield replace(self, request=request, passages=prompt.passages, tokens=prompt.tokens)


def make_tasks(
    ledger: Facts,
    sections: Mapping[int, PlannedSection],
    retriever: Retriever | None,
    settings: Settings,
    templates: Templates,
    counter: TokenCounter,
    *,
    prompted: bool = True,
) -> dict[int, list[Task]]:
    """Tasks of the sections that a writer has to write; both go by the section's place in the outline.

    Without `prompted` the writer reads no messages: none are made, and passages serve for headings only.

    Raises:
        BudgetError: the facts of one leaf do not fit the model's context.
    """
    found = {
        id(leaf): _similar(ledger, section, leaf, retriever, settings)
        for section in sections.values()
        for leaf in section.leaves
        if prompted or section.section.by_topic
    }
    headings = {place: _headings(section, found) for place, section in sections.items()}
    room = settings.context_window - settings.max_tokens
    tasks: dict[int, list[Task]] = {}
    for place, section in sections.items():
        tasks[place] = []
        for leaf, heading in zip(section.leaves, headings[place], strict=True):
            build = partial(
                _prompt, ledger, section, leaf, heading or section.label, templates, counter, room
            )
            prompt = build(found.get(id(leaf), ())) if prompted else Prompt((), (), 0)
            request = WriteRequest(
                messages=prompt.messages,
                section=section.name,
                roles=section.section.roles,
                heading=heading or section.heading,
                topics=leaf.topics,
                facts=leaf.facts,
                ledger=ledger,
                limits=Limits(length=leaf.length, max_tokens=settings.max_tokens),
            )
            tasks[place].append(Task(section, leaf, heading, request, prompt.passages, prompt.tokens, build))
    return tasks


def _prompt(
    ledger: Facts,
    section: PlannedSection,
    leaf: Leaf,
    heading: str,
    templates: Templates,
    counter: TokenCounter,
    room: int,
    passages: Sequence[Passage],
) -> Prompt:
    return build_prompt(
        section=section.section,
        leaf=leaf,
        heading=heading,
        ledger=ledger,
        passages=passages,
        templates=templates,
        counter=counter,
        room=room,
    )


def _similar(
    ledger: Facts, section: PlannedSection, leaf: Leaf, retriever: Retriever | None, settings: Settings
) -> list[Passage]:
    """Passages near the leaf's heading, topics and key words; its numbers and names are left out of the query.

    So is a heading that says no more than the role: the role narrows already, and 存在的问题 only leads to passages under
    headings of just these words, whatever they are about.
    """
    if retriever is None or settings.passages == 0:
        return []
    role = section.section.roles[0] if section.section.roles else None
    heading = "" if role and role_of_heading(section.heading) == role else section.heading
    words = [heading, *leaf.topics, *(fact.text for fact in leaf.facts)] if leaf.facts else [ledger.theme]
    text = _SLOT.sub(" ", mask(" ".join(words)))
    theme = _SLOT.sub(" ", mask(ledger.theme))
    query = Query(text=text, role=role, favoured_theme=theme, limit=settings.passages)
    try:
        return retriever.search(query)
    except DrafterError:
        raise
    except Exception as error:
        name = f"{type(error).__name__}: {error}"
        raise PluginError(f"检索器出错（{name}）；请修好它，或换一个检索器") from error


def _masked_headings(passages: Sequence[Passage]) -> list[str]:
    return [mask(passage.heading[-1]) for passage in passages if passage.heading]


def _headings(section: PlannedSection, found: dict[int, list[Passage]]) -> list[str]:
    """A heading for each leaf of a section with subsections; none where there is but one."""
    if not section.section.by_topic or len(section.leaves) < 2:
        return ["" for _ in section.leaves]
    candidates = [_masked_headings(found[id(leaf)]) for leaf in section.leaves]
    return compose_headings([leaf.topics for leaf in section.leaves], candidates)
