"""Flags: what an unresolved finding of severity error looks like in a report that a person reads."""

from __future__ import annotations

from drafter.report import Finding, Report

FLAG = "【待核实：{}】"


def flagged_text(report: Report) -> str:
    """The report's text with a 【待核实：…】 behind each span that an error points at.

    What is missing from the text is flagged at the end of the section where it belongs, else at the end.
    """
    flags: dict[int, list[str]] = {}
    for finding in report.findings:
        # a 【待核实：…】 that stands in the text is visible already
        if finding.severity == "error" and finding.code != "placeholder.pending":
            message = finding.message.replace("【", "〖").replace("】", "〗")
            at = finding.end if finding.end is not None else _end_of(report, finding)
            if message not in flags.setdefault(at, []):
                flags[at].append(message)
    text = report.text
    for at in sorted(flags, reverse=True):
        text = text[:at] + FLAG.format("；".join(flags[at])) + text[at:]
    return text


def _end_of(report: Report, finding: Finding) -> int:
    """The end of the section that was given the missing fact, else of the finding's, else of the report's body."""
    facts = {evidence.fact for evidence in finding.evidence if evidence.fact}
    for section in report.sections:
        if facts & set(section.facts):
            return section.end
    for section in report.sections:
        if section.name == finding.section:
            return section.end
    return max((section.end for section in report.sections), default=len(report.text))
