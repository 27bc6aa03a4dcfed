"""One row of results in the form that all benchmarks share, and the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks import table

_NUMBER = re.compile(r"([-−]?(?:\d[\d,]*(?:\.\d+)?|\.\d+))(?:\s+in\s+(\d[\d,]*))?")
_INTERVAL = re.compile(r"\[([-−.\d,]+), ([-−.\d,]+)\]")


@dataclass(frozen=True)
class Row:
    """One measure on one part of the data. What is counted is rendered already: `.983 [.975, .989]`, `0.4 in 1,000`.

    measure, part   what is measured, on which data
    n               how many cases, None where nothing is counted
    ours            drafter's score; `left out` with the reason in `note` where the data is not there
    peers           the score of each peer by name, from the same run
    target          with its sign: `≥ .97`, `≤ 1 in 1,000`, `< 20 ms`; empty where the row only informs
    better          `more` or `less`: which score is the better one, where no target says it and peers stand beside
    """

    measure: str
    part: str
    n: int | None
    ours: str
    peers: dict[str, str] = field(default_factory=dict)
    target: str = ""
    note: str = ""
    better: str = ""

    @property
    def value(self) -> float | None:
        """The score as a number, None where there is none."""
        return number(self.ours)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The ends of the score's interval, None where it has none."""
        found = _INTERVAL.search(self.ours)
        return (float(_plain(found[1])), float(_plain(found[2]))) if found else None

    @property
    def met(self) -> bool | None:
        """Whether the score (not its interval) reaches the target; None without either."""
        ours, target = self.value, number(self.target)
        if ours is None or target is None:
            return None
        sign = self.target.lstrip()[0]
        return {"≥": ours >= target, ">": ours > target, "<": ours < target}.get(sign, ours <= target)

    @property
    def winners(self) -> list[str]:
        """The peers whose score is better than drafter's."""
        better = self.better or {"≥": "more", ">": "more", "≤": "less", "<": "less"}.get(self.target[:1], "")
        if self.value is None or not better:
            return []
        gains = {name: number(score) for name, score in self.peers.items()}
        return [
            name
            for name, score in gains.items()
            if score is not None and (score > self.value if better == "more" else score < self.value)
        ]


def _plain(text: str) -> str:
    return text.replace(",", "").replace("−", "-")


def number(text: str) -> float | None:
    """The first number of a score, `4 in 1,000` as .004; None where there is none."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    value = float(_plain(found[1]))
    return value / float(_plain(found[2])) if found[2] else value


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a markdown table."""
    return table.markdown(
        ["measure", "data", "n", "drafter", "peers", "target", "met", "note"],
        [
            (
                row.measure,
                row.part,
                "–" if row.n is None else f"{row.n:,}",
                row.ours,
                "; ".join(f"{name} {score}" for name, score in row.peers.items()) or "–",
                row.target or "–",
                {True: "yes", False: "no", None: "–"}[row.met],
                row.note or "–",
            )
            for row in rows
        ],
    )
