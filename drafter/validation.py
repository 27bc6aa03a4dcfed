"""Says in one Chinese phrase what a validator found: the place, what stands there, and what is allowed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any

_KINDS = {
    dict: "对象",
    list: "列表",
    str: "文字",
    bool: "真假值",
    int: "整数",
    float: "小数",
    type(None): "空值",
}
_WANTED = {
    "string_type": "文字",
    "bool_type": " true 或 false",
    "bool_parsing": " true 或 false",
    "int_type": "整数",
    "int_parsing": "整数",
    "int_from_float": "整数",
    "float_type": "数字",
    "float_parsing": "数字",
    "list_type": "列表",
    "dict_type": "对象",
    "model_type": "对象",
    "model_attributes_type": "对象",
}


def kind_of(value: Any) -> str:
    """What a person calls a value of this type."""
    return _KINDS.get(type(value), type(value).__name__)


def place_of(loc: Iterable[int | str]) -> str:
    """A pydantic location as it is written in the docs: `facts[3].role`.

    A key is shown on one line and not at any length: it comes from a file that anybody may have written.
    """
    place = ""
    for step in loc:
        key = step if isinstance(step, int) else "".join(sign if sign.isprintable() else "�" for sign in step)
        key = f"{key[:40]}…" if isinstance(key, str) and len(key) > 60 else key
        place += f"[{key}]" if isinstance(step, int) else f".{key}" if place else str(key)
    return place


def phrase(fault: Any, keys: Iterable[str], place: str | None = None) -> str:
    """One of pydantic's errors as a phrase.

    Args:
        fault: as pydantic tells it.
        keys: those allowed where an unknown key was found.
        place: what the user calls the place, if it is no path of keys.
    """
    loc, kind, found, ctx = fault["loc"], fault["type"], fault.get("input"), fault.get("ctx", {})
    place = place_of(loc) if place is None else place
    shown = json.dumps(found, ensure_ascii=False, default=str)
    shown = shown if len(shown) <= 40 else shown[:40] + "…"
    if kind == "missing":
        return f"缺少 {place}，请补上"
    if kind == "extra_forbidden":
        allowed = list(keys)
        close = difflib.get_close_matches(str(loc[-1]), allowed, n=1)
        hint = f"，是否应为 {close[0]}？" if close else f"；可用的有 {'、'.join(allowed)}"
        return f"{place} 是不认识的键{hint}"
    if kind == "literal_error":
        return f"{place} 是 {shown}，只能是 {ctx['expected'].replace(' or ', '、').replace(', ', '、')}"
    if kind == "value_error":
        message = str(ctx["error"])
        return f"{place}：{message}" if place else message
    if kind.startswith("model_") and len(loc) == 2:
        return f"{place} 应是一句话或对象，现在是{kind_of(found)} {shown}"
    if kind in _WANTED:
        return f"{place} 应是{_WANTED[kind]}，现在是{kind_of(found)} {shown}"
    limits = {
        "string_too_short": "不能为空",
        "string_too_long": f"太长，最多 {ctx.get('max_length')} 字",
        "too_short": "不能为空",
        "too_long": f"有 {ctx.get('actual_length')} 项，最多 {ctx.get('max_length')} 项",
        "greater_than": f"是 {shown}，应大于 {ctx.get('gt')}",
        "greater_than_equal": f"是 {shown}，不能小于 {ctx.get('ge')}",
        "less_than_equal": f"是 {shown}，不能大于 {ctx.get('le')}",
        "string_unicode": "含有不能保存的字符",
    }
    return f"{place} {limits.get(kind, f'不合要求（{kind}）：{shown}')}"
