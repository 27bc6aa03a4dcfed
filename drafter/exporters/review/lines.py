"""The report's lines cut into sentences, and these where a quantity or a finding begins or ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drafter.exporters.pieces import blocks_of, cell_places, line_places
from drafter.report import SEVERITIES, Block, Claim, Finding, Report, Severity, Trace


@dataclass(frozen=True)
class Piece:
    """A stretch of text about which one thing is to be said.

    `claim` is the number of the quantity that it is of, in `Report.claims`; `severity` that of the gravest finding over it;
    `refs` are the numbers of the findings that end with it, in the list that the cutter was given.
    """

    text: str
    claim: int | None = None
    status: str = ""
    severity: Severity | None = None
    refs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Run:
    """Pieces of one sentence; `sentence` is its number, None for what is no sentence that is asked about.

    `first` says that the sentence begins here: one in a table stands in several cells.
    """

    pieces: tuple[Piece, ...]
    sentence: int | None = None
    first: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class ShownBlock:
    """A block as it is shown: a `line`, or the `rows` of a table."""

    block: Block
    line: Line = ()
    rows: tuple[tuple[Line, ...], ...] = ()


class Cutter:
    """Cuts one report. `asked` are the numbers of the sentences that may be asked about, `findings` those with a place."""

    def __init__(
        self,
        report: Report,
        traces: Sequence[Trace],
        findings: Sequence[Finding],
        asked: Collection[int],
    ) -> None:
        self._report = report
        self._traces = traces
        self._trace_starts = [trace.start for trace in traces]
        self._claims = report.claims
        self._claim_starts = [claim.start for claim in report.claims]
        self._findings = [
            (number, finding.start, finding.end, finding.severity)
            for number, finding in enumerate(findings)
            if finding.start is not None and finding.end is not None
        ]
        self._asked = asked
        self.words: dict[int, list[str]] = {}
        """The sentences that stand in what was cut (the rule below a table's head does not), each as it is shown there:
        one in a table by its cells."""
        self._refs: dict[int, list[tuple[int, int]]] = {}

    def blocks(self) -> list[ShownBlock]:
        """The report's blocks, cut."""
        blocks = blocks_of(self._report)
        places: list[Sequence[int]] = []
        for block in blocks:
            if block.kind == "table":
                places += [where for row in cell_places(block) for where in row]
            else:
                places.append(line_places(block))
        self._share_refs(places)
        shown, at = [], 0
        for block in blocks:
            if block.kind == "table":
                rows = []
                for row in block.rows:
                    rows.append(tuple(self._line(c, places[at + n], at + n) for n, c in enumerate(row)))
                    at += len(row)
                shown.append(ShownBlock(block, rows=tuple(rows)))
            else:
                shown.append(ShownBlock(block, line=self._line(block.number + block.text, places[at], at)))
                at += 1
        return shown

    def _share_refs(self, places: Sequence[Sequence[int]]) -> None:
        """Each finding's mark to the last line that begins before the finding ends: none is lost between lines."""
        starts = [where[0] for where in places]
        for number, start, end, _ in self._findings:
            line = max(0, bisect_right(starts, max(start, end - 1)) - 1)
            self._refs.setdefault(line, []).append((end, number))

    def _line(self, text: str, where: Sequence[int], number: int) -> Line:
        size, low, high = len(text), where[0], where[-1]

        def place(offset: int) -> int:
            return min(bisect_left(where, offset), size)

        edges = {0, size}
        spans: list[tuple[int, int, int]] = []
        first = max(0, bisect_right(self._trace_starts, low) - 1)
        for own in range(first, bisect_left(self._trace_starts, high)):
            start, end = place(self._traces[own].start), place(self._traces[own].end)
            if start < end:
                spans.append((start, end, own))
                edges |= {start, end}
        claims: list[tuple[int, int, int, Claim]] = []
        for own in range(
            max(0, bisect_right(self._claim_starts, low) - 1), bisect_left(self._claim_starts, high)
        ):
            claim = self._claims[own]
            start, end = place(claim.start), place(claim.end)
            if start < end:
                claims.append((start, end, own, claim))
                edges |= {start, end}
        findings: list[tuple[int, int, Severity]] = []
        for _, begin, stop, severity in self._findings:
            if begin < high and stop > low:
                findings.append((place(begin), place(stop), severity))
                edges |= {findings[-1][0], findings[-1][1]}
        refs: dict[int, list[int]] = {}
        for end, finding in self._refs.get(number, ()):
            at = place(end)
            edges.add(at)
            refs.setdefault(at, []).append(finding)
        cuts = sorted(edges)
        pieces: list[tuple[int, Piece]] = []
        for begin, stop in pairwise(cuts):
            over = next(((n, c) for s, e, n, c in claims if s <= begin < e), None)
            grave = [severity for s, e, severity in findings if s <= begin < e]
            pieces.append(
                (
                    begin,
                    Piece(
                        text[begin:stop],
                        over[0] if over else None,
                        over[1].status if over else "",
                        min(grave, key=SEVERITIES.index, default=None),
                        tuple(refs.get(stop, ())) + (tuple(refs.get(0, ())) if begin == 0 else ()),
                    ),
                )
            )
        if not pieces and refs:  # a line without text
            pieces.append((0, Piece("", refs=tuple(refs.get(0, ())))))
        return self._runs(pieces, spans)

    def _runs(self, pieces: Sequence[tuple[int, Piece]], spans: Sequence[tuple[int, int, int]]) -> Line:
        runs: list[tuple[int | None, list[Piece]]] = []
        for begin, piece in pieces:
            own = next((n for start, end, n in spans if start <= begin < end), None)
            own = own if own in self._asked else None
            if runs and runs[-1][0] == own:
                runs[-1][1].append(piece)
            else:
                runs.append((own, [piece]))
        line = []
        for own, members in runs:
            first = own is not None and own not in self.words
            if own is not None:
                self.words.setdefault(own, []).append("".join(piece.text for piece in members))
            line.append(Run(tuple(members), own, first))
        return tuple(line)
