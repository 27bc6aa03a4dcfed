"""The outline: which sections a report has, which facts fall to each, and the leaves that are written one by one.

Facts go to a section by role and topic. It writes no text; what it cannot place it hands back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.errors import OutlineError
from drafter.facts import Fact, Facts, OutlineEntry
from drafter.plugins import Registry, Section

THIN = {1: 45, 2: 28}
"""Characters up to which a topic of one or two facts is too thin for a subsection of its own and is merged."""
LENGTH_PER_CHARACTER = 2.2
"""A ledger line grows to about this many times its length when it is written out in formal prose."""
SHORTEST, LONGEST = 60, 700
"""Bounds of a leaf's aimed-at length in characters. Asked for more than its facts give, a small model pads them."""
WITHOUT_FACTS = 120
"""The length of a leaf that has no facts and none set."""


@dataclass(frozen=True)
class Leaf:
    """One unit of work: a section without subsections, or one topic's (or a few thin topics') subsection."""

    section: str
    topics: tuple[str, ...]
    facts: tuple[Fact, ...]
    length: int


@dataclass(frozen=True)
class PlannedSection:
    """One section of the outline with its leaves; `asked` means that the facts file named it itself."""

    section: Section
    heading: str
    leaves: tuple[Leaf, ...]
    asked: bool = False

    @property
    def name(self) -> str:
        """The section's registered name."""
        return self.section.name

    @property
    def label(self) -> str:
        """What a person calls the section."""
        return self.heading or self.section.label or self.name

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts that fell to the section."""
        return tuple(fact for leaf in self.leaves for fact in leaf.facts)


@dataclass(frozen=True)
class Outline:
    """The planned sections in order, and the facts that no section takes."""

    sections: tuple[PlannedSection, ...]
    leftover: tuple[Fact, ...]


def make_outline(ledger: Facts, registry: Registry, *, length: int = 0) -> Outline:
    """Plan the report: the file's own outline, or the report type's sections.

    Args:
        ledger: the facts with their header.
        registry: where sections and report types are looked up.
        length: characters aimed at for each leaf; 0 leaves it to the section and its facts.

    Raises:
        OutlineError: an unknown report type or section, with its place in the file.
    """
    entries = ledger.outline
    if entries is None:
        kind = registry.report_types.get(ledger.report_type)
        if kind is None:
            known = "、".join(registry.report_types)
            raise OutlineError(f"report_type：没有“{ledger.report_type}”这种报告类型，可用的有 {known}")
        entries = [OutlineEntry(name=name) for name in kind.sections]
    sections: list[Section] = []
    for place, entry in enumerate(entries):
        if entry.name not in registry.sections:
            known = "、".join(registry.sections)
            raise OutlineError(f"outline[{place}].name：没有名为“{entry.name}”的章节，可用的有 {known}")
        sections.append(registry.sections[entry.name])
    taken, leftover = _deal(ledger, entries, sections)
    planned = []
    for entry, section, facts in zip(entries, sections, taken, strict=True):
        leaves = _leaves(section, entry, facts, length)
        planned.append(
            PlannedSection(section, entry.heading or section.heading, leaves, ledger.outline is not None)
        )
    return Outline(tuple(planned), leftover)


def _deal(
    ledger: Facts, entries: Sequence[OutlineEntry], sections: Sequence[Section]
) -> tuple[list[list[Fact]], tuple[Fact, ...]]:
    """Give each fact to one section: one that names its topic before one that takes any topic.

    The first of a section's roles is its own. Facts of the others it takes only where no section of their own stands
    in the outline: risks may take plans along as what is done about them, unless there is a section of plans.
    """
    done_topics = {fact.topic for fact in ledger.facts if fact.role == "done" and fact.topic}
    taken: list[list[Fact]] = [[] for _ in entries]
    leftover: list[Fact] = []
    for fact in ledger.facts:
        best: tuple[tuple[int, bool], int] | None = None
        for place, (entry, section) in enumerate(zip(entries, sections, strict=True)):
            topics = entry.topics if entry.topics is not None else section.topics
            joins = fact.role == "background" and section.by_topic and fact.topic in done_topics
            if (fact.role not in section.roles and not joins) or (topics and fact.topic not in topics):
                continue
            # the background of a topic that has a subsection reads best there, not in the opening
            rank = (2 if topics else 1 if joins else 0, fact.role in section.roles[:1])
            if best is None or rank > best[0]:
                best = (rank, place)
        if best is None:
            leftover.append(fact)
        else:
            taken[best[1]].append(fact)
    return taken, tuple(leftover)


def _leaves(section: Section, entry: OutlineEntry, facts: Sequence[Fact], length: int) -> tuple[Leaf, ...]:
    groups = _merge_thin(_by_topic(facts, entry.topics or ())) if section.by_topic else [list(facts)]
    groups = [group for group in groups if group]
    if not groups:
        return (
            (Leaf(section.name, (), (), entry.length or section.length or WITHOUT_FACTS),)
            if section.always
            else ()
        )
    total = sum(len(group) for group in groups)
    leaves = []
    for group in groups:
        if entry.length:
            aim = max(50, round(entry.length * len(group) / total))
        else:
            written = sum(len(fact.text) for fact in group) * LENGTH_PER_CHARACTER
            aim = length or section.length or max(SHORTEST, min(LONGEST, round(written)))
        leaves.append(Leaf(section.name, _topics(group), tuple(group), aim))
    return tuple(leaves)


def _by_topic(facts: Sequence[Fact], order: Sequence[str]) -> list[list[Fact]]:
    groups: dict[str, list[Fact]] = {topic: [] for topic in order}
    for fact in facts:
        groups.setdefault(fact.topic, []).append(fact)
    if "" in groups:  # facts without a topic come last, as what else was done
        groups[""] = groups.pop("")
    # what is background to a topic leads it
    return [sorted(group, key=lambda fact: fact.role != "background") for group in groups.values() if group]


def _merge_thin(groups: list[list[Fact]]) -> list[list[Fact]]:
    """Join thin topics: with a related thin one (a shared word of two characters), else with the thin one before."""
    merged: list[list[Fact]] = []
    open_groups: list[list[Fact]] = []  # those made of thin topics only, and so open to more
    for group in groups:
        if not _thin(group):
            merged.append(group)
            continue
        related = [other for other in open_groups if _bigrams(other) & _bigrams(group) and len(other) <= 4]
        near = [other for other in open_groups if other is merged[-1] and len(_topics(other)) == 1]
        if home := (related or near):
            home[-1].extend(group)
        else:
            merged.append(list(group))
            open_groups.append(merged[-1])
    return merged


def _thin(group: Sequence[Fact]) -> bool:
    return bool(group[0].topic) and sum(len(fact.text) for fact in group) <= THIN.get(len(group), 0)


def _topics(group: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.topic for fact in group if fact.topic))


def _bigrams(group: Sequence[Fact]) -> set[str]:
    generic = {"工作", "建设", "管理", "活动", "服务"}
    return {fact.topic[i : i + 2] for fact in group for i in range(len(fact.topic) - 1)} - generic
