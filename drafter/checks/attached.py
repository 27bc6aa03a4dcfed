"""What a text has of the ledger's attachments: their list and their tables, as an exporter lays them out.

The office supplied them as they are, so where they stand word for word they are no part of what was written.
"""

from __future__ import annotations

import re

from drafter.facts import Facts

_MARK = re.compile(r"附件(?:[：:][ \t]*|\d{0,2}$)")
_NUMBER = re.compile(r"\d{1,2}\.[ \t]*")
_EDGES = " \t\u3000"


def without_attachments(text: str, ledger: Facts) -> str:
    """The text with blanks for what it has of the attachments, word for word; its length is the same.

    Such are the lines of the list (附件：1. …), the marks of annexes (附件2), their titles and the rows of their tables. A
    row in which somebody changed a cell stays, and is checked like any other text.
    """
    if not ledger.attachments:
        return text
    names = {attachment.name for attachment in ledger.attachments}
    rows = {_row(row) for attachment in ledger.attachments for row in _even(attachment.rows)}
    return "\n".join(" " * len(line) if _attached(line, names, rows) else line for line in text.split("\n"))


def _attached(line: str, names: set[str], rows: set[str]) -> bool:
    line = line.strip(_EDGES)
    if line.startswith("｜"):
        return line in rows
    rest = _MARK.sub("", line, count=1)
    return (not rest and rest != line) or _NUMBER.sub("", rest, count=1) in names


def _even(rows: list[list[str]]) -> list[list[str]]:
    """The rows as they are laid out: short ones filled up with empty cells."""
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


def _row(row: list[str]) -> str:
    """A row as it is read from a Word file."""
    return "｜" + "｜".join(" ".join(cell.split()) for cell in row) + "｜"
