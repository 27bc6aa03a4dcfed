"""Characters that cannot be seen or that move others about are shown as marks: what a reader sees is what is there."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_ODD = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, without tab and line feed
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0"  # without a width of their own
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # directions, joiners, separators
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all, with the last two of each plane
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def named(sign: str) -> str:
    """The mark that stands for a character: U+202E."""
    return f"U+{ord(sign):04X}"


def plain(text: str) -> str:
    """The text with marks in square brackets, for places that hold no markup."""
    return _ODD.sub(_bracketed, text)


def _bracketed(match: re.Match[str]) -> str:
    return f"[{named(match[0])}]"


def visible(text: str) -> Markup:
    """The text escaped, with each odd character as a mark of its own look."""
    if _ODD.search(text) is None:
        return escape(text)
    pieces: list[Markup] = []
    done = 0
    for match in _ODD.finditer(text):
        pieces.append(escape(text[done : match.start()]))
        pieces.append(Markup('<span class="odd">{}</span>').format(named(match[0])))
        done = match.end()
    pieces.append(escape(text[done:]))
    return Markup("").join(pieces)
