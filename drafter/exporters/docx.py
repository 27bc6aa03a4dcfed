"""The report as a Word file with real styles, after GB/T 9704-2012 or in an office's own template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.exporters.fonts import missing_fonts
from drafter.exporters.pieces import flagged_blocks
from drafter.exporters.word.comments import Comments, anchored
from drafter.exporters.word.elements import xml_text
from drafter.exporters.word.layout import Layout
from drafter.exporters.word.pages import fill, paragraphs
from drafter.exporters.word.template import Template, open_template, own_sheet, pack, sheet_of
from drafter.report import Report
from drafter.settings import Settings


@dataclass(frozen=True)
class DocxExporter:
    """The report with its flags in yellow and its findings as comments.

    At its end, below a line, stands what the reader must know of how it was made.

    Attributes:
        template: an office's own file (`open_template`) that the report is laid into; None for drafter's own.
        contents: whether a table of contents (目录) stands before the report.
    """

    template: Template | None = None
    contents: bool = False

    name, suffix = "docx", ".docx"

    def configured(self, settings: Settings) -> DocxExporter:
        """The exporter as the settings want it.

        Raises:
            SettingsError: the template cannot be used.
        """
        template = open_template(Path(settings.docx_template)) if settings.docx_template else None
        return DocxExporter(template, settings.docx_contents)

    def notices(self) -> Sequence[str]:
        """What the user should know of the files: styles that the template lacks, fonts that this machine lacks."""
        lines = [self.template.notice()] if self.template else []
        if missing := missing_fonts(self.template.fonts if self.template else None):
            lines.append(f"本机没有字体 {'、'.join(missing)}，在本机打开 Word 文件时显示的是别的字体")
        return [line for line in lines if line]

    def write(self, report: Report, path: Path) -> None:
        """Write the file. The same report gives the same bytes: the file holds no time and no name of a user."""
        sheet = sheet_of(self.template) if self.template else own_sheet()
        core = sheet.document.core_properties
        core.title = xml_text(report.title)[:255]  # OPC's limit
        core.author = xml_text(report.ledger.organization or "drafter")[:255]
        if self.template:
            core.last_modified_by = core.author
        blocks = anchored(report, paragraphs(list(flagged_blocks(report))))
        comments = Comments(sheet.document, report.findings, blocks, sheet.styles.ids)
        fill(Layout(sheet, comments), report, blocks, contents=self.contents)
        saved = io.BytesIO()
        sheet.document.save(saved)
        with zipfile.ZipFile(saved) as archive:
            pack({part: archive.read(part) for part in archive.namelist()}, path)
