"""The list of deprecated terms: a file of tab-separated columns, term, replacement, since, note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from platformdirs import user_config_path

OWN = "drafter-terms.tsv"
"""An office's own list: in the user's configuration folder of drafter, or in the working folder."""
_SINCE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


class TermsError(ValueError):
    """A list cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Term:
    """A term, what replaces it, and since when: `since` is 2019, 2019-04 or 2019-04-01.

    A replacement that is the term itself says that this (longer) term is right as it is.
    """

    term: str
    replacement: str
    since: str
    note: str = ""


def load_terms() -> list[Term]:
    """The list that comes with the package, then the user's own, then the working folder's; the later row of a term wins."""
    terms = read_terms((files("drafter_terms") / "terms.tsv").read_text("utf-8"), "terms.tsv")
    for path in (user_config_path("drafter", appauthor=False) / OWN, Path(OWN)):
        if path.is_file():
            try:
                terms += read_terms(path.read_text("utf-8-sig"), str(path))
            except UnicodeDecodeError:
                raise TermsError(f"{path}：不是 UTF-8，请另存为 UTF-8 编码") from None
    return list({term.term: term for term in terms}.values())


def read_terms(text: str, source: str) -> list[Term]:
    """The rows of a list; blank lines and lines that begin with # are passed over.

    Raises:
        TermsError: a row has not three or four columns, or its date cannot be read.
    """
    terms = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) not in (3, 4) or not all(columns[:3]):
            raise TermsError(
                f"{source} 第 {number} 行：应有三或四栏（旧说法、新说法、从何时起、说明），用 Tab 隔开"
            )
        if not _SINCE.fullmatch(columns[2]):
            raise TermsError(
                f"{source} 第 {number} 行：“{columns[2]}”不是 2019、2019-04 或 2019-04-01 这样的日期"
            )
        terms.append(Term(*columns))
    return terms
