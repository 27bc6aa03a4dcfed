"""Makes alike what writers write differently: full and half width, brackets, quotation marks, blanks."""

from __future__ import annotations

import re

_WIDTHS = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_BRACKETS = dict.fromkeys("〔［【", "[") | dict.fromkeys("〕］】", "]") | {"（": "(", "）": ")"}
_FOLDED = str.maketrans(_WIDTHS | _BRACKETS | dict.fromkeys("•‧・∙", "·") | {"　": " "})
_UNFOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLDED)))}]+")
_LEFT_OUT = str.maketrans(dict.fromkeys('"“” '))


def fold(text: str) -> str:
    """The text in half width with its brackets alike, of the same length, so that offsets stay."""
    return _UNFOLDED.sub(lambda match: match[0].translate(_FOLDED), text)


def squeeze(text: str) -> str:
    """The folded text without quotation marks and blanks."""
    return fold(text).translate(_LEFT_OUT)
