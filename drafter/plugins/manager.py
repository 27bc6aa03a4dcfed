"""Loads plugins one by one and holds what they registered, with where each came from.

Built-in rooms are loaded by module name through the same hooks as a stranger's, so this room imports none
of them. A plugin that fails is named with its error and left out; the others still load.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from drafter.errors import PluginError
from drafter.plugins import hookspecs
from drafter.plugins.protocols import (
    Check,
    Exporter,
    Reader,
    ReportType,
    RetrieverFactory,
    Section,
    WriterFactory,
)

GROUP = "drafter"
BUILTIN = (
    "drafter.sections",
    "drafter.checks",
    "drafter.writers",
    "drafter.corpus",
    "drafter.exporters",
)
KINDS = ("sections", "report_types", "checks", "writers", "retrievers", "readers", "exporters")


_HAVE = {
    "sections": ("heading", "roles", "template", "render"),
    "report_types": ("sections",),
    "checks": ("check",),
    "writers": ("__call__",),
    "retrievers": ("__call__",),
    "readers": ("suffixes", "read"),
    "exporters": ("suffix", "write"),
}
"""What a thing of each kind must have; said when it is registered, not when it is first used."""


@dataclass(frozen=True)
class Origin:
    """Where a registered thing came from: `built-in`, or a distribution, module or file."""

    plugin: str
    version: str = ""


@dataclass
class Registry:
    """Everything registered, by kind and name, in order of registration; and what failed to load."""

    sections: dict[str, Section] = field(default_factory=dict)
    report_types: dict[str, ReportType] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    writers: dict[str, WriterFactory] = field(default_factory=dict)
    retrievers: dict[str, RetrieverFactory] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    exporters: dict[str, Exporter] = field(default_factory=dict)
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    """One Chinese line for each plugin that was left out."""


def load_registry(named: Sequence[str] = (), *, strict: bool = False, entry_points: bool = True) -> Registry:
    """Load the built-in rooms, the installed entry points and the named modules, folders or files.

    Args:
        named: module names, .py files or folders whose .py files are plugins.
        strict: a broken plugin raises instead of being left out.
        entry_points: whether installed packages are asked at all.

    Raises:
        PluginError: in strict mode, for the first plugin that fails.
    """
    registry = Registry()
    for name in BUILTIN:
        _register(registry, importlib.import_module(name), Origin("built-in"))
    candidates: list[tuple[str, Origin, Any]] = []
    if entry_points:
        for point in importlib.metadata.entry_points(group=GROUP):
            dist = point.dist
            origin = Origin(dist.name if dist else point.value, dist.version if dist else "")
            candidates.append((point.name, origin, point.load))
    for name in named:
        for label, load in _named(name):
            candidates.append((label, Origin(label), load))
    for label, origin, load in candidates:
        try:
            _register(registry, load(), origin)
        except (Exception, SystemExit) as error:  # the plugin border: a stranger's code may do anything
            problem = f"插件 {label}（{origin.plugin}）未能加载：{type(error).__name__}: {error}"
            if strict:
                raise PluginError(f"{problem}；请修好或去掉它") from error
            registry.problems.append(problem)
    return registry


def is_path(name: str) -> bool:
    """Whether a plugin is named by its place; a bare name is a module, also when a folder of that name is near."""
    return name.endswith(".py") or "/" in name or "\\" in name


def _named(name: str) -> list[tuple[str, Any]]:
    path = Path(name)
    if not is_path(name):
        return [(name, lambda: importlib.import_module(name))]
    if path.is_dir():
        return [pair for file in sorted(path.glob("*.py")) for pair in _named(str(file))]
    return [(name, lambda: _load_file(path))]


def _load_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError(f"找不到 {path}")
    name = f"drafter_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} 不是 Python 文件")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _register(registry: Registry, plugin: Any, origin: Origin) -> None:
    """Run one plugin's hooks; only when all of them succeed does anything it brought take effect."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin)
    manager.check_pending()
    brought: list[tuple[str, str, Any]] = []
    for kind in KINDS:

        def register(thing: Any, name: str = "", *, kind: str = kind) -> None:
            name = name or getattr(thing, "name", "")
            if not name:
                raise ValueError(f"register_{kind}：{thing!r} 没有 name")
            if kind in _HAVE and not all(hasattr(thing, attribute) for attribute in _HAVE[kind]):
                wanted = "、".join(_HAVE[kind])
                raise TypeError(f"register_{kind}：“{name}”应有 {wanted}")
            taken = registry.origins.get((kind, name))
            if taken and taken.plugin != "built-in":
                raise ValueError(f"{kind} 里的“{name}”已由 {taken.plugin} 注册")
            brought.append((kind, name, thing))

        getattr(manager.hook, f"register_{kind}")(register=register)
    for kind, name, thing in brought:
        getattr(registry, kind)[name] = thing
        registry.origins[kind, name] = origin
