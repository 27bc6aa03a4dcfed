"""What is wrong with a plugin, in words its author can act on: said when it is loaded, not when it is first used."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import pluggy

from drafter.passages import ROLES
from drafter.plugins.hookspecs import KINDS
from drafter.plugins.protocols import Section

_HAVE = {
    "sections": ("heading", "roles", "template", "render"),
    "report_types": ("sections",),
    "checks": ("check",),
    "writers": ("__call__",),
    "retrievers": ("__call__",),
    "readers": ("suffixes", "read"),
    "exporters": ("suffix", "write"),
}
"""What a thing of each kind must have."""
_FACTORIES = ("writers", "retrievers")
"""Kinds of which a class may be registered, because a call makes one."""
_OURS = (str(Path(__file__).resolve().parent.parent), str(Path(pluggy.__file__).resolve().parent), "<frozen ")
"""Code that stands between a plugin's mistake and the place where it shows."""


def fault_of(kind: str, name: object, thing: Any) -> str:
    """Why this thing cannot be registered under this name, in Chinese; empty where it can."""
    what = KINDS[kind]
    if isinstance(thing, type) and kind not in _FACTORIES:
        return f"{what} {thing.__name__} 是类，应注册它的实例：register({thing.__name__}())"
    if not isinstance(name, str) or not name.strip():
        return f"{what} {thing!r} 没有 name（非空的字符串）"
    missing = [attribute for attribute in _HAVE[kind] if not hasattr(thing, attribute)]
    if missing:
        return f"{what}“{name}”缺少 {'、'.join(missing)}（应有 {'、'.join(_HAVE[kind])}）"
    return _section_fault(name, thing) if kind == "sections" else ""


def _section_fault(name: str, section: Any) -> str:
    roles, topics = section.roles, section.topics if hasattr(section, "topics") else ()
    for attribute, value, example in (("roles", roles, "problem"), ("topics", topics, "防汛")):
        if not isinstance(value, tuple | list):
            return f'章节“{name}”的 {attribute} 应是元组，如 ("{example}",)，现在是 {value!r}'
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        return f"章节“{name}”的 roles 里没有“{unknown[0]}”这一类，可用的有 {'、'.join(ROLES)}"
    renders = getattr(type(section), "render", None) is not Section.render
    if not (roles or renders or getattr(section, "always", False)):
        return f"章节“{name}”写不出内容：请设 roles（收哪类事实）和 template，或自己写 render"
    return ""


def unmarked_hooks(plugin: Any, manager: pluggy.PluginManager) -> list[str]:
    """Functions named like a hook that lack @hookimpl, and so would silently never be called."""
    called = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    hooks = (f"register_{kind}" for kind in KINDS)
    return [name for name in hooks if name not in called and callable(getattr(plugin, name, None))]


def explain(error: BaseException) -> str:
    """The error on one line: what it is and, where it lies in the plugin's own code, the place."""
    said = " ".join(str(error).split())
    if isinstance(error, SystemExit):
        said = f"它在加载时要结束程序（SystemExit: {said}）"
    else:
        said = f"{type(error).__name__}: {said}" if said else type(error).__name__
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(_OURS) and "importlib" not in Path(frame.filename).parts
    ]
    return f"{said}（{frames[-1].filename} 第 {frames[-1].lineno} 行）" if frames else said
