"""Finds the documents of a store that hold runs of a text, led to them by fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from drafter.corpus.catalog import Catalog
from drafter.corpus.current import CurrentIndex
from drafter.corpus.shingles import EDIT, SURE, HanText, Run, placed_fingerprints, runs_between
from drafter.passages import Copy, Document, Passage

COMMON = 50
"""Documents that may share a fingerprint; of wording that more have in common, three stand for all."""
NEAREST = 5
"""Documents compared for each place of the text: the source of a run, and enough others to tell whether it is theirs too."""
COMPARED = 24
"""Documents compared in all with PIECE characters of text, those that may hold the longest runs first."""
PIECE = 5_000
"""Characters that are looked up in one go, so that time and memory for a huge text are bounded; a report is shorter."""
_APART = SURE + EDIT
"""Han characters between two fingerprints of one run, at most, but for runs with many edits."""
_KEPT = 500
"""Documents kept ready for comparison: those that one text leads to are wanted again for its next wording."""
_PROBE = 10


class Copies:
    """The copies that a store can tell of. Safe from several threads."""

    def __init__(self, catalog: Catalog, current: CurrentIndex) -> None:
        """Args: the store's catalog and index."""
        self._catalog, self._current = catalog, current
        self._kept: dict[str, tuple[Document, HanText]] = {}
        self._texts: dict[str, list[tuple[str, str]]] = {}
        """Of documents that runs were found in, the passages' ids and texts in their order."""
        self._state = ""

    def find(self, text: str, least: int) -> list[Copy]:
        """Runs of at least `least` Han characters of the text, by place, the longest first: see `Corpus.copies`."""
        found = [copy for at, piece in _pieces(text) for copy in self._in_piece(piece, at, least)]
        return sorted(found, key=lambda copy: (copy.start, -copy.same, copy.document.id))

    def _in_piece(self, text: str, offset: int, least: int) -> Iterator[Copy]:
        piece = HanText(text)
        marks = placed_fingerprints(piece)
        if not marks:
            return
        holders = self._current.ready().holders(dict.fromkeys(mark for mark, _ in marks), COMMON)
        likely = _likely(marks, holders)
        runs = [
            (document, run)
            for document, han in self._documents(list(likely))
            for run in runs_between(piece, han, least, likely[document.id])
        ]
        passages = self._passages(runs)
        for (document, run), passage in zip(runs, passages, strict=True):
            yield Copy(
                document,
                passage,
                offset + run.start,
                offset + run.end,
                run.other_start,
                run.other_end,
                run.same,
                run.exact,
            )

    def _documents(self, keys: Sequence[str]) -> list[tuple[Document, HanText]]:
        kept = self._kept
        if self._state != self._current.state or len(kept) > _KEPT:
            kept = self._kept = {}
            self._texts = {}
            self._state = self._current.state
        missing = [key for key in keys if key not in kept]
        if missing:
            for document in self._catalog.documents_by_id(missing):
                kept[document.id] = (document, HanText(document.text))
        return [kept[key] for key in keys if key in kept]

    def _passages(self, runs: Iterable[tuple[Document, Run]]) -> list[Passage | None]:
        """For each run the passage of the document that holds its middle, or else its beginning or end."""
        runs = list(runs)
        texts = self._passages_of(dict.fromkeys(document.id for document, _ in runs))
        keys: list[str] = []
        for document, run in runs:
            text = document.text
            middle = (run.other_start + run.other_end - _PROBE) // 2
            probes = (text[at : at + _PROBE] for at in (middle, run.other_start, run.other_end - _PROBE))
            holding = (key for probe in probes for key, passage in texts[document.id] if probe in passage)
            keys.append(next(holding, ""))
        found = {
            passage.id: passage for passage in self._catalog.passages([*dict.fromkeys(filter(None, keys))])
        }
        return [found.get(key) for key in keys]

    def _passages_of(self, documents: Iterable[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
        """For each document the ids and texts of its passages, in their order."""
        texts = self._texts
        missing = [document for document in documents if document not in texts]
        if missing:
            texts.update((document, []) for document in missing)
            for document, key, text in self._catalog.texts_of(missing):
                texts[document].append((key, text))
        return texts


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of whole lines, each with its place; a line longer than a piece is cut where it may be."""
    start = 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield start, text[start:end]
        start = end


def _likely(marks: Sequence[tuple[int, int]], holders: Mapping[int, Sequence[str]]) -> dict[str, list[int]]:
    """The documents to compare, each with the places of the text where it has a fingerprint.

    For every fingerprint those that have most others near it, rare ones weighing more. Where one of them has many, it
    matters most what it has and who else does.
    """
    groups: dict[str, list[_Group]] = {}
    at_mark: list[list[_Group]] = []
    for mark, at in marks:
        holding = holders.get(mark, ())
        here = []
        for document in holding:
            known = groups.setdefault(document, [])
            if not known or at - known[-1].places[-1] > _APART:
                known.append(_Group(document))
            group = known[-1]
            group.places.append(at)
            group.weight += 1 + 1 / len(holding)
            here.append(group)
        at_mark.append(here)
    for known in groups.values():
        for group in known:
            group.rank = (-group.weight, group.document)
    best: dict[str, tuple[float, float]] = {}
    last: list[_Group] = []
    for here in at_mark:
        if here == last:
            continue  # most fingerprints of a clause are held by the same documents
        last = here
        nearest = sorted(here, key=_RANK)[:NEAREST]
        for group in nearest:
            worth = (nearest[0].weight, group.weight)
            best[group.document] = max(best.get(group.document, (0.0, 0.0)), worth)
    chosen = sorted(sorted(best), key=best.__getitem__, reverse=True)[:COMPARED]
    return {document: [at for group in groups[document] for at in group.places] for document in chosen}


class _Group:
    """Fingerprints of a document that stand near one another in the text."""

    __slots__ = ("document", "places", "rank", "weight")

    def __init__(self, document: str) -> None:
        self.document, self.weight = document, 0.0
        self.places: list[int] = []
        self.rank = (0.0, document)
        """By which the groups at a place are ordered, once all their weight is known."""


_RANK = attrgetter("rank")
