"""Finds long runs of words that one past report has and the facts have not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from drafter.passages import Passage
from drafter.report import Evidence, Finding

RUN = 30
"""Han characters in a row from one past report that count as copying."""
LONG_RUN = 60
"""From so many on it is a sentence of another report and no turn of phrase: an error, so that it is flagged."""
_HAN = re.compile(r"[\u3400-\u9fff]")


def copied(text: str, ledger: str, examples: Sequence[Passage], check: str) -> Iterator[Finding]:
    """Findings leakage.copied for `check`; wording that several reports share is nobody's."""
    runs = _runs(examples)
    if not runs:
        return
    own = {run[i : i + RUN] for _, run in _han_lines(ledger) for i in range(len(run) - RUN + 1)}
    for places, run in _han_lines(text):
        i = 0
        while i + RUN <= len(run):
            source = runs.get(run[i : i + RUN])
            if source is None or run[i : i + RUN] in own:
                i += 1
                continue
            first = i
            while i + RUN <= len(run) and (known := runs.get(run[i : i + RUN])) is not None:
                if known.document != source.document:
                    break
                i += 1
            start, end = places[first], places[i + RUN - 2] + 1
            i += RUN - 1
            yield Finding(
                check=check,
                code="leakage.copied",
                severity="error" if i - first >= LONG_RUN else "warning",
                message=f"这段话有 {i - first} 个字照抄一份过去的报告，请改写",
                start=start,
                end=end,
                text=text[start:end],
                evidence=(Evidence(document=source.document, passage=source.id, text=text[start:end][:80]),),
            )


def _runs(examples: Sequence[Passage]) -> dict[str, Passage | None]:
    """Every run of RUN characters with the passage that has it, None where several documents do."""
    runs: dict[str, Passage | None] = {}
    for passage in examples:
        for _, run in _han_lines(passage.text):
            for i in range(len(run) - RUN + 1):
                gram = run[i : i + RUN]
                known = runs.setdefault(gram, passage)
                if known is not None and known.document != passage.document:
                    runs[gram] = None
    return runs


def _han_lines(text: str) -> Iterator[tuple[list[int], str]]:
    """For each line its Han characters and where each stands; marks and figures between them do not count."""
    start = 0
    for line in text.split("\n"):
        places = [start + match.start() for match in _HAN.finditer(line)]
        yield places, "".join(text[place] for place in places)
        start += len(line) + 1
