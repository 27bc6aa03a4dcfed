"""Loads plugins one by one and holds what they registered, with where each came from.

Built-in rooms are loaded by module name through the same hooks as a stranger's, so this room imports none
of them. A plugin that fails is named with its error and left out; the others still load.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from drafter.errors import PluginError
from drafter.plugins import hookspecs
from drafter.plugins.hookspecs import KINDS
from drafter.plugins.protocols import (
    Check,
    Exporter,
    Reader,
    ReportType,
    RetrieverFactory,
    Section,
    WriterFactory,
)
from drafter.plugins.validity import explain, fault_of, unmarked_hooks

GROUP = "drafter"
BUILTIN = (
    "drafter.sections",
    "drafter.checks",
    "drafter.writers",
    "drafter.corpus",
    "drafter.exporters",
)


@dataclass(frozen=True)
class Origin:
    """Where a registered thing came from.

    plugin    `built-in`, or the name of a distribution, a module, or a file as it was named
    version   the distribution's
    module    what was imported: a module's name or a file's path
    replaces  the plugin whose thing of that name it took the place of
    """

    plugin: str
    version: str = ""
    module: str = ""
    replaces: str = ""


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
    loaded: list[Any] = field(default_factory=list)
    """The modules and objects whose hooks were run, so that none is run twice."""


@dataclass(frozen=True)
class _Candidate:
    """A plugin that is still to be loaded. `quiet`: it may turn out to be no plugin at all."""

    label: str
    origin: Origin
    load: Callable[[], Any]
    quiet: bool = False


def load_registry(named: Sequence[str] = (), *, strict: bool = False, entry_points: bool = True) -> Registry:
    """Load the built-in rooms, the installed entry points and the named modules, folders or files.

    Whatever a plugin prints meanwhile goes to stderr: stdout belongs to the command's answer.

    Args:
        named: module names, .py files or folders whose .py files are plugins.
        strict: a broken plugin raises instead of being left out.
        entry_points: whether installed packages are asked at all.

    Raises:
        PluginError: in strict mode, for the first plugin that fails.
    """
    registry = Registry()
    for name in BUILTIN:
        _register(registry, importlib.import_module(name), Origin("built-in", module=name))
    candidates = [*_installed()] if entry_points else []
    candidates += [candidate for name in named for candidate in _named(name)]
    for candidate in candidates:
        try:
            with contextlib.redirect_stdout(sys.stderr):
                _register(registry, candidate.load(), candidate.origin, quiet=candidate.quiet)
        except KeyboardInterrupt:
            raise  # a person's, and not the plugin's
        except BaseException as error:  # the plugin border: a stranger's code may raise anything
            source = candidate.origin
            whose = f"（来自 {source.plugin} {source.version}）" if source.version else " "
            problem = (
                f"插件 {candidate.label}{whose}未能加载：{explain(error)}；请修好它，或把它{_way_out(source)}"
            )
            if strict:
                raise PluginError(problem) from error
            registry.problems.append(problem)
    return registry


def is_path(name: str) -> bool:
    """Whether a plugin is named by its place; a bare name is a module, also when a folder of that name is near."""
    return name.endswith(".py") or "/" in name or "\\" in name


def _way_out(origin: Origin) -> str:
    return (
        f"卸载（pip uninstall {origin.plugin}）" if origin.version else "从 plugins 设置或 --plugins 里去掉"
    )


def _installed() -> Iterator[_Candidate]:
    """Entry points in the order of their names: of two that clash, the same one wins every time."""
    points = importlib.metadata.entry_points(group=GROUP)
    for point in sorted(points, key=lambda point: (point.dist.name if point.dist else "", point.name)):
        dist = point.dist
        origin = Origin(
            dist.name if dist else point.value, dist.version if dist else "", point.value.partition(":")[0]
        )
        yield _Candidate(point.name, origin, point.load)


def _named(name: str, *, quiet: bool = False) -> Iterator[_Candidate]:
    path = Path(name)
    if not is_path(name):
        yield _Candidate(name, Origin(name, module=name), lambda: importlib.import_module(name))
    elif path.is_dir():
        for file in sorted(path.glob("*.py")):
            yield from _named(str(file), quiet=True)
    else:
        yield _Candidate(name, Origin(name, module=name), lambda: _load_file(path), quiet)


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


def _register(registry: Registry, plugin: Any, origin: Origin, *, quiet: bool = False) -> None:
    """Run one plugin's hooks; only when all of them succeed does anything it brought take effect.

    A module that was named although it is installed, too, is registered once.

    Raises:
        ValueError, TypeError: what it brings is not what it should be; or whatever its hooks raise.
    """
    if any(plugin is other for other in registry.loaded):
        return
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin)
    manager.check_pending()
    if unmarked := unmarked_hooks(plugin, manager):
        raise ValueError(f"函数 {unmarked[0]} 没有标上 @hookimpl，不会被调用")
    if not manager.get_hookcallers(plugin) and not quiet:
        raise ValueError("里面没有标上 @hookimpl 的 register_… 函数")
    brought: dict[tuple[str, str], Any] = {}
    for kind in KINDS:

        def register(thing: Any, name: str = "", *, kind: str = kind) -> None:
            name = name or getattr(thing, "name", "")
            if fault := fault_of(kind, name, thing):
                raise TypeError(fault)
            taken = registry.origins.get((kind, name))
            if taken and taken.plugin != "built-in":
                raise ValueError(f"{KINDS[kind]}“{name}”已由 {taken.plugin} 注册，同名的只能有一个")
            if (kind, name) in brought:
                raise ValueError(f"{KINDS[kind]}“{name}”注册了两次")
            brought[kind, name] = thing

        getattr(manager.hook, f"register_{kind}")(register=register)
    for (kind, name), thing in brought.items():
        before = registry.origins.get((kind, name))
        getattr(registry, kind)[name] = thing
        registry.origins[kind, name] = Origin(
            origin.plugin, origin.version, origin.module, before.plugin if before else ""
        )
    registry.loaded.append(plugin)
