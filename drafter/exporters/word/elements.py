"""Elements of WordprocessingML, and text as XML can hold it. Knows no report."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
_PARTS_OF_TEXT = re.compile("([\t\n])")
_SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def xml_text(text: str) -> str:
    """The text with U+FFFD (�) for each character that a Word file cannot or may not hold, and \\n for every line end.

    Such are control characters, lone surrogates, U+FFFE and U+FFFF (XML 1.0, production 2), and the marks that turn the
    direction of writing (UAX #9, 2.1 to 2.4): behind one of them 12 would be read as 21.
    """
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def name(tag: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    return _SPACE + tag


@cache
def _maker() -> Any:
    from docx.oxml.parser import oxml_parser

    return oxml_parser.makeelement


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """An element of WordprocessingML with its attributes and children, of the classes that python-docx works with."""
    named = {_SPACE + key: str(value) for key, value in attributes.items()}
    node = _maker()(_SPACE + tag, attrib=named, nsmap={"w": _SPACE[1:-1]})
    node.extend(children)
    return node


def run(text: str, *properties: Any, style: str = "") -> Any:
    """A run of text. Without the hint Word takes “ ” … — for Latin, whatever the style's fonts are (python-docx #154).

    `properties` are what stands in w:rPr behind w:rFonts; `style` is the id of a character style.
    """
    own = [element("rStyle", val=style)] if style else []
    node = element("r", element("rPr", *own, element("rFonts", hint="eastAsia"), *properties))
    for part in _PARTS_OF_TEXT.split(xml_text(text)):
        if part == "\t":
            node.append(element("tab"))
        elif part == "\n":
            node.append(element("br"))
        elif part:
            node.append(_text("t", part))
    return node


def field(instruction: str, *shown: Any) -> list[Any]:
    """The runs of a field: its instruction, and what it shows until it is brought up to date."""
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", _text("instrText", f" {instruction} ")),
        element("r", element("fldChar", fldCharType="separate")),
        *shown,
        element("r", element("fldChar", fldCharType="end")),
    ]


def _text(tag: str, text: str) -> Any:
    node = element(tag)
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node
