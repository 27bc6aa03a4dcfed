"""What a corpus gives back: reports of its work, and search hits chosen, spread and masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from drafter.corpus import rules
from drafter.corpus.files import Change
from drafter.corpus.lexicon import Name
from drafter.corpus.tokens import alike, bigrams
from drafter.passages import Document, Passage, Query

_T = TypeVar("_T")
_REMEMBERED = 2_000
"""Documents' names, and masked passages, that are held at once."""


@dataclass
class AddReport:
    """What `Corpus.add` did, in files, each counted once; `documents` counts the reports found in those that were read.

    `skipped` holds also the files that could not be read before and are as they were.
    """

    added: int = 0
    unchanged: int = 0
    removed: int = 0
    documents: int = 0
    skipped: list[tuple[Path, str]] = field(default_factory=list)

    def count(self, change: Change) -> None:
        """Count a file that was looked into."""
        self.documents += len(change.documents)
        if change.problem:
            self.skipped.append((change.path, change.problem))
        elif change.read:
            self.added += 1
        self.unchanged -= change.read or bool(change.problem)

    def skip_again(self, path: Path, problem: str) -> None:
        """Count a file that was not looked into, since it is as it was when it could not be read."""
        self.skipped.append((path, problem))
        self.unchanged -= 1


@dataclass(frozen=True)
class Stats:
    """How much a corpus holds. `doubles` are files' reports that another file holds too; `roles` counts passages,
    `themes` and `years` documents."""

    documents: int
    doubles: int
    passages: int
    characters: int
    sources: int
    skipped: int
    roles: dict[str, int]
    themes: dict[str, int]
    years: dict[str, int]


def choose(
    hits: Sequence[tuple[str, float]],
    found: Mapping[str, Passage],
    query: Query,
    before: Sequence[Passage] = (),
) -> list[Passage]:
    """The hits to show, in order, behind those chosen `before`.

    No more than `query.limit` in all and `query.per_document` of one document; nothing that reads almost like a
    better one. `found` holds the passages by id.
    """
    seen = [bigrams(passage.text) for passage in before]
    per: dict[str, int] = {}
    for passage in before:
        per[passage.document] = per.get(passage.document, 0) + 1
    chosen: list[Passage] = []
    for key, score in hits:
        if len(before) + len(chosen) >= query.limit:
            break
        if key not in found or per.get(found[key].document, 0) >= query.per_document:
            continue
        passage = found[key]
        grams = bigrams(passage.text)
        if any(alike(grams, other) for other in seen):
            continue
        seen.append(grams)
        per[passage.document] = per.get(passage.document, 0) + 1
        chosen.append(passage.model_copy(update={"score": score}))
    return chosen


class Masker:
    """Masks passages with the names of their whole documents, remembering both: reports of one batch find the same ones."""

    def __init__(self, common_names: Sequence[str] = (), hidden: Sequence[str] = ()) -> None:
        """Args: common_names, which stay; hidden, words that are masked wherever they stand."""
        self._names: dict[str, list[Name]] = {}
        self._masked: dict[str, str] = {}
        self._common_names = common_names
        self._hidden = re.compile(rules.alternation(hidden)) if hidden else None

    def forget(self) -> None:
        """Forget the names, since documents changed."""
        self._names.clear()
        self._masked.clear()

    def masked(self, passage: Passage, document: str) -> Passage:
        """The passage with `masked` filled in; `document` is the text that it is from."""
        from drafter.corpus.masking import local_names, mask

        known = self._masked.get(passage.id)
        if known is None:
            names = self._names.get(passage.document)
            if names is None:
                names = _room(self._names)[passage.document] = local_names(document)
            known = mask(passage.text, names, self._common_names)
            if self._hidden is not None:
                known = self._hidden.sub("〔名称〕", known)
            _room(self._masked)[passage.id] = known
        return passage.model_copy(update={"masked": known})


def _room(held: dict[str, _T]) -> dict[str, _T]:
    """The same, emptied when it has grown."""
    if len(held) > _REMEMBERED:
        held.clear()
    return held


def line_of(document: Document, text: str) -> Passage:
    """The line of a document that holds the beginning of `text`, as a passage under the document's own id."""
    at = document.text.find(text)
    start = document.text.rfind("\n", 0, at) + 1
    end = document.text.find("\n", at)
    line = document.text[start : end if end >= 0 else len(document.text)]
    return Passage(id=document.id, document=document.id, role="background", text=line)
