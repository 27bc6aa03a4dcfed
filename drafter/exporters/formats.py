"""The text formats: markdown for a person, json for a program."""

from __future__ import annotations

import json
from pathlib import Path

from drafter.exporters.flags import flagged_text
from drafter.report import Report


class MarkdownExporter:
    """The report with its flags, and below a rule what the reader must know of how it was made."""

    name, suffix = "md", ".md"

    def write(self, report: Report, path: Path) -> None:
        """Write markdown, UTF-8, one line feed a line."""
        notes = "".join(f"\n> {note}\n" for note in report.notes)
        text = flagged_text(report).rstrip("\n") + "\n" + (f"\n---\n{notes}" if notes else "")
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


class JsonExporter:
    """Everything: text without flags, sections, facts, passages, findings, claims, costs."""

    name, suffix = "json", ".json"

    def write(self, report: Report, path: Path) -> None:
        """Write `Report.to_json()`, UTF-8, indented."""
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace", newline="\n")
