"""What is derived from a document when it is taken in: its passages, search tokens, fingerprints and signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.corpus.duplicates import bands, digest
from drafter.corpus.index import DocumentEntry, PassageEntry
from drafter.corpus.periods import months
from drafter.corpus.shingles import fingerprints
from drafter.corpus.splitting import split
from drafter.corpus.themes import theme_of
from drafter.corpus.tokens import figures, pairs, tokens
from drafter.passages import Document, Passage


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document and all that the catalog and the index keep of it; plain data, made in any process."""

    document: Document
    digest: str
    bands: Sequence[int]
    entry: DocumentEntry

    @property
    def passages(self) -> list[Passage]:
        """The document's passages in order."""
        return [one.passage for one in self.entry.passages]


def prepare(document: Document) -> Prepared:
    """Split a document and derive what finds it and its doubles; its theme too where its reader told none."""
    if not document.theme:
        theme = theme_of(document.title, document.organization, document.period)
        document = document.model_copy(update={"theme": theme})
    return Prepared(document, digest(document.text), bands(document.text), entry(document, split(document)))


def entry(document: Document, passages: Sequence[Passage]) -> DocumentEntry:
    """What the index holds of a document with these passages."""
    frame = _frame(document, passages)
    return DocumentEntry(
        id=document.id,
        organization=document.organization,
        theme=" ".join(tokens(f"{document.theme} {document.title}")),
        months=months(document.period) if document.period else None,
        fingerprints=fingerprints(document.text),
        passages=list(_searchable(passages)),
        frame=" ".join(dict.fromkeys(pairs(frame))),
        figures=" ".join(figures(frame)),
    )


def _frame(document: Document, passages: Sequence[Passage]) -> str:
    """The lines that are not whole in the passages."""
    body = "\n".join(passage.text for passage in passages)
    return "\n".join(line for line in document.text.split("\n") if line not in body)


def _searchable(passages: Sequence[Passage]) -> Iterator[PassageEntry]:
    """Passages with their tokens; those of a heading are made once for all that stand under it."""
    made: dict[tuple[str, ...], list[str]] = {}
    for passage in passages:
        path = passage.heading
        if path not in made:
            made[path] = tokens("\n".join(path))
        words, topic = (" ".join(made[path] + tokens(text)) for text in (passage.text, passage.topic))
        yield PassageEntry(passage, words, topic, " ".join(figures(passage.text)))
