"""One row of the table that `make bench-numbers` prints, and the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s+in\s+(\d[\d,]*))?")


@dataclass(frozen=True)
class Row:
    """One measure on one part of the data. What is counted is rendered already: `.983 [.975, .989]`, `0.4 in 1,000`.

    measure, part   what is measured, on which data
    n               how many cases, None where nothing is counted
    ours            drafter's score; `left out` with the reason in `note` where the data is not there
    peers           the score of each peer by name, from the same run
    target          with its sign: `≥ .97`, `≤ 1 in 1,000`, `< 20 ms`; empty where the row only informs
    """

    measure: str
    part: str
    n: int | None
    ours: str
    peers: dict[str, str] = field(default_factory=dict)
    target: str = ""
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the score (not its interval) reaches the target; None without either."""
        ours, target = _number(self.ours), _number(self.target)
        if ours is None or target is None:
            return None
        return ours >= target if self.target.lstrip()[0] in "≥>" else ours <= target


def _number(text: str) -> float | None:
    found = _NUMBER.search(text)
    if found is None:
        return None
    value = float(found[1].replace(",", ""))
    return value / float(found[2].replace(",", "")) if found[2] else value


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a markdown table."""
    lines = [
        "| measure | data | n | drafter | peers | target | met | note |",
        "|---|---|--:|---|---|---|---|---|",
    ]
    for row in rows:
        peers = "; ".join(f"{name} {score}" for name, score in row.peers.items()) or "–"
        met = {True: "yes", False: "no", None: "–"}[row.met]
        n = "–" if row.n is None else f"{row.n:,}"
        cells = (row.measure, row.part, n, row.ours, peers, row.target or "–", met, row.note or "–")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
