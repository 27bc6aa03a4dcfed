"""Exporters, and the one way a report reaches the disk: rendered whole beside its place, then moved there."""

from __future__ import annotations

from drafter.exporters.docx import DocxExporter
from drafter.exporters.files import save_report, write_outputs
from drafter.exporters.formats import JsonExporter, MarkdownExporter
from drafter.exporters.review import HtmlExporter
from drafter.plugins import Register, hookimpl

__all__ = [
    "DocxExporter",
    "HtmlExporter",
    "JsonExporter",
    "MarkdownExporter",
    "register_exporters",
    "save_report",
    "write_outputs",
]


@hookimpl
def register_exporters(register: Register) -> None:
    """Register markdown, docx, html and json."""
    register(MarkdownExporter())
    register(DocxExporter())
    register(HtmlExporter())
    register(JsonExporter())
