"""From an outline to requests: for each leaf similar passages, a heading, and a prompt within the budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from drafter.comparisons import Compared, Comparison
from drafter.corpus import mask
from drafter.corpus.roles import role_of_heading
from drafter.errors import DrafterError, PluginError
from drafter.facts import Fact, Facts
from drafter.outline import Leaf, PlannedSection
from drafter.passages import Passage, Query
from drafter.plugins import Limits, Reply, Retriever, WriteRequest
from drafter.prompting import Prompt, Templates, TokenCounter, build_prompt, without_echo
from drafter.sealing import Filled, Local, Seal
from drafter.sections.headings import compose_headings
from drafter.settings import Settings
from drafter.writers.cleaning import clean_reply

_SENTENCE_END = re.compile("[。！？]")
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
    seal: Seal | None = None
    """What its facts are sealed with; `request` is open all the same, but for its messages."""

    @property
    def label(self) -> str:
        """What a person calls the leaf."""
        return self.heading or self.section.label

    @property
    def sent(self) -> WriteRequest:
        """The request as it goes to the writer: in sealed drafting nothing open is in it."""
        seal, request = self.seal, self.request
        if seal is None:
            return request
        _, heading, topics = _local(seal, request.facts, request.heading, request.topics)
        return replace(
            request,
            heading=heading,
            topics=topics,
            facts=tuple(map(seal.fact, request.facts)),
            ledger=seal.ledger,
            compared=tuple(map(seal.compared, request.compared)),
        )

    def filled(self, reply: Reply) -> Filled:
        """A reply to `sent` with words for its slots."""
        if self.seal is None:
            return Filled(reply.text)
        request = self.request
        local, *_ = _local(self.seal, request.facts, request.heading, request.topics)
        sent = self.sent
        shown = [message["content"] for message in request.messages]
        # a writer that reads no messages has the facts
        shown += [sent.ledger.report_title, sent.ledger.period, *(fact.text for fact in sent.facts)]
        return local.fill(reply.text, shown)

    def opened(self, text: str) -> str:
        """A sealed text with words for its slots, as they stand in the finished leaf."""
        return text if self.seal is None else self.seal.local().opened(text)

    def cleaned(self, text: str) -> str:
        """A reply's text without what is no part of the leaf, such as an echo of the section's heading or of its own."""
        messages: Sequence[Mapping[str, str]] = self.request.messages
        if self.seal is not None:
            local = self.seal.local()
            messages = [{**message, "content": local.opened(message["content"])} for message in messages]
        text = without_echo(text, messages)
        for heading in (self.section.heading, self.request.heading, self.label):
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
    comparison: Comparison | None = None,
    seal: Seal | None = None,
) -> dict[int, list[Task]]:
    """Tasks of the sections that a writer has to write; both go by the section's place in the outline.

    With `seal` prompts and queries hold nothing of the ledger's own. Without `prompted` the writer reads no messages: none are made, and passages serve for headings only.

    Raises:
        BudgetError: the facts of one leaf do not fit the model's context.
    """
    found = {
        id(leaf): _similar(ledger, section, leaf, retriever, settings, seal, shown=prompted)
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
            compared = (
                tuple(each for fact in leaf.facts for each in comparison.of(fact.id)) if comparison else ()
            )
            build = partial(
                _prompt,
                ledger,
                section,
                leaf,
                heading or section.label,
                templates,
                counter,
                room,
                compared,
                seal,
            )
            prompt = build(_enough(found.get(id(leaf), ()), leaf.length)) if prompted else Prompt((), (), 0)
            request = WriteRequest(
                messages=prompt.messages,
                section=section.name,
                roles=section.section.roles,
                heading=heading or section.heading,
                topics=leaf.topics,
                facts=leaf.facts,
                ledger=ledger,
                limits=Limits(length=leaf.length, max_tokens=settings.max_tokens),
                compared=compared,
            )
            tasks[place].append(
                Task(section, leaf, heading, request, prompt.passages, prompt.tokens, build, seal)
            )
    return tasks


def _enough(passages: Sequence[Passage], length: int) -> list[Passage]:
    """The best passage, and of the others those with which all are no longer than what is to be written.

    The best one has its first sentence at least, and further ones as far as they fit. More examples cost more than they teach:
    they were two fifths of a report's prompts, and what a model copies it copies from them.
    """
    chosen: list[Passage] = []
    room = length
    for passage in passages:
        shown = passage if chosen else _begun(passage, length)
        size = len(shown.masked)
        if not chosen or size <= room:
            chosen.append(shown)
            room -= size
    return chosen


def _begun(passage: Passage, length: int) -> Passage:
    """The passage as far as whole sentences fit, and its first one in any case."""
    ends = [match.end() for match in _SENTENCE_END.finditer(passage.masked)]
    fitting = [end for end in ends if end <= length] or ends[:1]
    if len(passage.masked) <= length or not fitting:
        return passage
    return passage.model_copy(update={"masked": passage.masked[: fitting[-1]]})


def _local(
    seal: Seal, facts: Sequence[Fact], heading: str, topics: Sequence[str]
) -> tuple[Local, str, tuple[str, ...]]:
    """What seals a leaf's first request, with its heading and topics sealed: the same slots whenever it is made."""
    local = seal.local(facts)
    return local, local.text(heading), tuple(map(local.text, topics))


def _prompt(
    ledger: Facts,
    section: PlannedSection,
    leaf: Leaf,
    heading: str,
    templates: Templates,
    counter: TokenCounter,
    room: int,
    compared: Sequence[Compared],
    seal: Seal | None,
    passages: Sequence[Passage],
) -> Prompt:
    shown = passages
    derived: dict[str, tuple[str, ...]] = {}
    if seal is not None:
        _, heading, topics = _local(seal, leaf.facts, heading, leaf.topics)
        derived = {fact.id: seal.derived(fact) for fact in leaf.facts}
        compared = tuple(map(seal.compared, compared))
        leaf = replace(leaf, topics=topics, facts=tuple(map(seal.fact, leaf.facts)))
        ledger, shown = seal.ledger, list(map(seal.passage, passages))
    prompt = build_prompt(
        section=section.section,
        leaf=leaf,
        heading=heading,
        ledger=ledger,
        passages=shown,
        templates=templates,
        counter=counter,
        room=room,
        compared=compared,
        derived=derived,
    )
    return replace(prompt, passages=tuple(passages[: len(prompt.passages)]))


def _similar(
    ledger: Facts,
    section: PlannedSection,
    leaf: Leaf,
    retriever: Retriever | None,
    settings: Settings,
    seal: Seal | None = None,
    *,
    shown: bool = True,
) -> list[Passage]:
    """Passages near the leaf's heading, topics and key words; its numbers and names are left out of the query.

    So is a heading that says no more than the role: the role narrows already, and 存在的问题 only leads to passages under
    headings of just these words, whatever they are about. Passages that nobody is shown need no masking, where the retriever can
    do without.
    """
    if retriever is None or settings.passages == 0:
        return []
    role = section.section.roles[0] if section.section.roles else None
    heading = "" if role and role_of_heading(section.heading) == role else section.heading
    words = [heading, *leaf.topics, *(fact.text for fact in leaf.facts)] if leaf.facts else [ledger.theme]
    plain = seal.plain if seal is not None else _plain
    text, theme = plain(" ".join(words)), plain(ledger.theme)
    query = Query(text=text, role=role, favoured_theme=theme, limit=settings.passages)
    try:
        search: Callable[[Query], list[Passage]] = retriever.search
        return (search if shown else getattr(retriever, "find", search))(query)
    except DrafterError:
        raise
    except Exception as error:
        name = f"{type(error).__name__}: {error}"
        raise PluginError(f"检索器出错（{name}）；请修好它，或换一个检索器") from error


def _plain(text: str) -> str:
    """The text without its numbers and names, which say nothing of what it is about."""
    return _SLOT.sub(" ", mask(text))


def _masked_headings(passages: Sequence[Passage]) -> list[str]:
    return [mask(passage.heading[-1]) for passage in passages if passage.heading]


def _headings(section: PlannedSection, found: dict[int, list[Passage]]) -> list[str]:
    """A heading for each leaf of a section with subsections; none where there is but one."""
    if not section.section.by_topic or len(section.leaves) < 2:
        return ["" for _ in section.leaves]
    candidates = [_masked_headings(found[id(leaf)]) for leaf in section.leaves]
    return compose_headings([leaf.topics for leaf in section.leaves], candidates)
