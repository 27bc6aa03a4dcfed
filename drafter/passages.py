"""Plain data of the corpus: a past report, a passage of it, and a query for passages. Knows no index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["background", "done", "problem", "plan"]
ROLES: tuple[Role, ...] = ("background", "done", "problem", "plan")


class Document(BaseModel):
    """One past report after cleaning. A file may hold several; each is a document of its own.

    `id` is stable for the same text in the same source; `source` is the file's path as given, `sources` every file
    that holds the same report, where a corpus knows. `theme` is what the title says it is about (安全生产).
    `text` is the clean text, headings on lines of their own, one paragraph a line.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    title: str = ""
    organization: str = ""
    period: str = ""
    theme: str = ""
    source: str = ""
    sources: tuple[str, ...] = ()
    text: str = ""


class Passage(BaseModel):
    """A run of whole sentences of one document, under its path of headings (outermost first, as written).

    `text` is the passage as it stands in the document; `masked` is what a prompt may see.
    `score` is the retriever's, higher is better, comparable within one search only.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    document: str
    heading: tuple[str, ...] = ()
    role: Role = "done"
    topic: str = ""
    text: str = ""
    masked: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A run of a text that a past report has too, in the same words or with small edits.

    `start` and `end` are places in the text that was asked about; the report's wording is `document.text` from
    `other_start` to `other_end`. `same` counts the Han characters that are the same; `exact` when none differs: marks,
    figures and Latin letters do not count. `passage` holds the run or its beginning; None where no passage does.
    """

    document: Document
    passage: Passage | None
    start: int
    end: int
    other_start: int
    other_end: int
    same: int
    exact: bool

    @property
    def text(self) -> str:
        """The report's wording."""
        return self.document.text[self.other_start : self.other_end]


class Query(BaseModel):
    """What a retriever is asked: free text, narrowed by filters; `limit` passages at most, best first.

    A filter that is empty does not narrow. Of a passage's document: `theme` (every word of it stands in the document's
    theme or title), `organization` (its name, in full or with what is above it left out), `period` (the document's
    period lies within it: 2023年, 2023年上半年). Of the passage: `role`, and `topic` (every word of it stands in the
    passage's topic or headings). Documents whose id is in `exclude` give nothing.

    With `fill`, passages that miss a filter follow behind those that fit, as far as `limit` allows; `exclude` holds all
    the same. Reports of the `favoured_theme` come first among passages that are as near otherwise, and where the words
    find too few; it narrows nothing. `per_document` bounds how many passages one document may give, so that results
    spread over documents.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    role: Role | None = None
    topic: str = ""
    theme: str = ""
    period: str = ""
    organization: str = ""
    favoured_theme: str = ""
    exclude: tuple[str, ...] = ()
    fill: bool = True
    limit: int = Field(default=5, ge=1)
    per_document: int = Field(default=2, ge=1)
