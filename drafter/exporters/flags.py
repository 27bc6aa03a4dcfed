"""Flags: what an unresolved finding of severity error looks like in a report that a person reads."""

from __future__ import annotations

import re

from drafter.report import Finding, Report, SectionDraft

FLAG = "【待核实：{}】"
_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")


def flags(report: Report) -> dict[int, str]:
    """The 【待核实：…】 to be shown for each place in `report.text`: behind each span that an error points at.

    What is missing from the text is flagged at the end of the section where it belongs, else at the end. A flag
    is one line, whatever its message holds.
    """
    messages: dict[int, list[str]] = {}
    for finding in report.findings:
        # a 【待核实：…】 that stands in the text is visible already
        if finding.severity == "error" and finding.code != "placeholder.pending":
            message = _BREAKS.sub(" ", finding.message).replace("【", "〖").replace("】", "〗")
            at = finding.end if finding.end is not None else _end_of(report, finding)
            if message not in messages.setdefault(at, []):
                messages[at].append(message)
    return {at: FLAG.format("；".join(messages[at])) for at in sorted(messages)}


def flagged_text(report: Report) -> str:
    """The report's text with its flags."""
    text, done = "", 0
    for at, flag in flags(report).items():
        text += report.text[done:at] + flag
        done = at
    return text + report.text[done:]


def home(report: Report, finding: Finding) -> SectionDraft | None:
    """The section that was given the missing fact, else the finding's; a section that has no text has no place."""
    facts = {evidence.fact for evidence in finding.evidence if evidence.fact}
    placed = [section for section in report.sections if section.end > section.start]
    for section in placed:
        if facts & set(section.facts):
            return section
    return next((section for section in placed if section.name == finding.section), None)


def _end_of(report: Report, finding: Finding) -> int:
    """The end of the finding's section, else of the report's body."""
    section = home(report, finding)
    if section:
        return section.end
    return max((each.end for each in report.sections if each.end > each.start), default=len(report.text))
