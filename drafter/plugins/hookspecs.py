"""The hooks of project "drafter". Each is handed a collector to call once for each thing it brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pluggy

KINDS = {
    "sections": "章节",
    "report_types": "报告类型",
    "checks": "检查",
    "writers": "写作器",
    "retrievers": "检索器",
    "readers": "读取器",
    "exporters": "导出格式",
}
"""What may be registered, each kind with a hook `register_<kind>`, and what a person calls it."""

hookspec = pluggy.HookspecMarker("drafter")
hookimpl = pluggy.HookimplMarker("drafter")

Register = Callable[..., None]
"""`register(thing)` or `register(thing, name=...)`; the name defaults to `thing.name`."""


@hookspec
def register_sections(register: Register) -> Any:
    """Register Section instances."""


@hookspec
def register_report_types(register: Register) -> Any:
    """Register ReportType instances."""


@hookspec
def register_checks(register: Register) -> Any:
    """Register Check instances; they run in the order of registration."""


@hookspec
def register_writers(register: Register) -> Any:
    """Register writer factories: a callable that takes the settings, with a name."""


@hookspec
def register_retrievers(register: Register) -> Any:
    """Register retriever factories: a callable that takes paths and settings, with a name."""


@hookspec
def register_readers(register: Register) -> Any:
    """Register Reader instances."""


@hookspec
def register_exporters(register: Register) -> Any:
    """Register Exporter instances; the name is the format, as in `--format md`."""
