"""Plugins: the hooks, the protocols, and the registry of what is there."""

from __future__ import annotations

from drafter.plugins.hookspecs import Register, hookimpl
from drafter.plugins.manager import Origin, Registry, load_registry
from drafter.plugins.protocols import (
    Answer,
    CallLog,
    Check,
    CheckContext,
    Exporter,
    Limits,
    Purpose,
    Reader,
    Reply,
    ReportType,
    Retriever,
    RetrieverFactory,
    Section,
    SectionContext,
    SectionSpan,
    Writer,
    WriteRequest,
    WriterFactory,
)

__all__ = [
    "Answer",
    "CallLog",
    "Check",
    "CheckContext",
    "Exporter",
    "Limits",
    "Origin",
    "Purpose",
    "Reader",
    "Register",
    "Registry",
    "Reply",
    "ReportType",
    "Retriever",
    "RetrieverFactory",
    "Section",
    "SectionContext",
    "SectionSpan",
    "WriteRequest",
    "Writer",
    "WriterFactory",
    "hookimpl",
    "load_registry",
]
