"""A writer's patches: pairs of old and new words, read from its reply and applied where the old stand exactly once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_PAIR = re.compile(
    r"(?:^|\n)\s*(?:\d+[.、]\s*)?\**原文\**[：:][ \t]*\n?(?P<old>[^\n]+)\n+\s*\**改为\**[：:][ \t]*(?P<new>[^\n]*)"
)
_OLD, _NEW = ("old_text", "old", "原文"), ("new_text", "new", "改为")
_QUOTES = {"“": "”", '"': '"', "「": "」", "'": "'"}


class PatchError(ValueError):
    """A patch cannot be applied; the message says why, in Chinese."""


@dataclass(frozen=True)
class Patch:
    """Words of the text and what shall stand in their place; no new words means that the old ones go."""

    old_text: str
    new_text: str


def parse_patches(reply: str) -> list[Patch]:
    """The patches of a reply: lines 原文：/改为：, or JSON objects with old_text and new_text; empty when there are none."""
    found = [Patch(_bare(match["old"]), _bare(match["new"])) for match in _PAIR.finditer(reply)]
    return [patch for patch in found or list(_from_json(reply)) if patch.old_text != patch.new_text]


def apply_patches(text: str, patches: Sequence[Patch]) -> str:
    """The text with all patches.

    Raises:
        PatchError: an old text is empty, or does not stand in the text exactly once.
    """
    for patch in patches:
        count = text.count(patch.old_text) if patch.old_text else 0
        if count != 1:
            found = f"在正文里有 {count} 处" if count else "不在正文里"
            raise PatchError(f"要改的原文“{patch.old_text[:30]}”{found}")
        text = text.replace(patch.old_text, patch.new_text)
    return text


def _bare(text: str) -> str:
    """The words without the quotes that a model likes to put around them."""
    text = text.strip()
    inner = text[1:-1]
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in inner and text[-1] not in inner:
        return inner
    return "" if re.fullmatch(r"[（(]?(?:删去|删除|无|空)[）)]?。?", text) else text


def _from_json(reply: str) -> Iterator[Patch]:
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while (at := min((i for i in (reply.find("{", at), reply.find("[", at)) if i >= 0), default=-1)) >= 0:
        try:
            data, at = decoder.raw_decode(reply, at)
        except ValueError:
            at += 1
            continue
        yield from _patches_in(data)


def _patches_in(data: Any) -> Iterator[Patch]:
    if isinstance(data, list):
        for each in data:
            yield from _patches_in(each)
    elif isinstance(data, dict):
        old = next((data[name] for name in _OLD if isinstance(data.get(name), str)), None)
        new = next((data[name] for name in _NEW if isinstance(data.get(name), str)), None)
        if old is not None and new is not None:
            yield Patch(old.strip(), new.strip())
        else:
            for each in data.values():
                yield from _patches_in(each)
