"""The section risks (存在的风险点), and a report type in which it stands in place of problems and plans."""

from __future__ import annotations

from drafter import ReportType, Section, hookimpl


class Risks(Section):
    """One paragraph a risk, with what is done about it.

    Problems are its own; plans it takes only where no section of plans stands in the outline.
    """

    name, heading, template = "risks", "存在的风险点", "risks.j2"
    roles = ("problem", "plan")


@hookimpl
def register_sections(register):
    """The section."""
    register(Risks())


@hookimpl
def register_report_types(register):
    """`"report_type": "risk-report"` in the facts file."""
    register(ReportType("risk-report", ("opening", "achievements", "risks", "closing")))
