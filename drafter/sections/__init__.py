"""The built-in sections and report types, registered through the same hooks as anybody's."""

from __future__ import annotations

from drafter.plugins import Register, ReportType, Section, SectionContext, hookimpl
from drafter.report import Block

CLOSING_TOPICS = ("结语", "结束语", "结尾", "总结")


class Opening(Section):
    """Who reports, for which period, on what; the background; and the line that leads to the matter."""

    name, label, always = "opening", "开头", True
    roles, template = ("background",), "opening.j2"
    tail = "现将有关情况{genre}如下："


class Achievements(Section):
    """What was done, one subsection a topic."""

    name, heading, roles, template = "achievements", "主要工作开展情况", ("done",), "achievements.j2"
    by_topic = True


class Problems(Section):
    """What is still wrong, one item a topic."""

    name, heading, roles, template = "problems", "存在的问题", ("problem",), "problems.j2"


class Plans(Section):
    """What comes next, one item a topic."""

    name, heading, roles, template = "plans", "下一步工作打算", ("plan",), "plans.j2"


class Closing(Section):
    """The last line: from facts whose topic says so, or the formula due to a recipient; else there is none."""

    name, label, topics = "closing", "结尾", CLOSING_TOPICS
    roles, template = ("background", "plan"), "closing.j2"

    def render(self, context: SectionContext) -> list[Block] | None:
        """Nothing to write without facts: the formula alone, and that only where somebody receives it."""
        if context.facts:
            return None
        return [Block(kind="paragraph", text="特此报告。")] if context.ledger.recipient else []


@hookimpl
def register_sections(register: Register) -> None:
    """Register the five sections of a work report."""
    for section in (Opening(), Achievements(), Problems(), Plans(), Closing()):
        register(section)


@hookimpl
def register_report_types(register: Register) -> None:
    """Register the thematic work report of a township."""
    register(ReportType("work-report", ("opening", "achievements", "problems", "plans", "closing")))
