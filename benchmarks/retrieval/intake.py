"""What cleaning and splitting make of dirty files, beside the truth made by hand.

    python -m benchmarks.retrieval.intake [--shared ../shared] [--show]

Files are the seeds of ../shared (labels/seeds.json says by offsets what belongs to which report and what role it has) and
the samples of dirty/ (their clean text stands beside them). Both sides are compared by characters without blanks, their
widths and entities made alike. labels/README.md says how far the samples of the part `kept` are apart from the rules.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from benchmarks.rows import Row
from drafter.corpus import documents_of, split
from drafter.corpus.splitting import LONGEST, SHORTEST
from drafter.passages import Document, Passage

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent.parent / "shared"
ROLES = {"b": "background", "d": "done", "n": "problem", "p": "plan", "f": "frame", ".": ""}
"""Letters of labels/dirty.json, one a line of the clean text; a heading has none."""
FIELDS = ("title", "organization", "period", "theme")
SAME = 0.98
"""Share of a report that has to stand in one document, and of the document in the report, for it to count as found."""


@dataclass(frozen=True)
class Report:
    """One report of the truth: its text in pieces with their role, and what is known of its frame."""

    pieces: tuple[tuple[str, str], ...]
    known: dict[str, str]
    by_line: bool = False
    """Whether a piece is a line; else it is a sentence, whose end says nothing of lines."""


@dataclass(frozen=True)
class Case:
    """A file as found, with its reports."""

    name: str
    part: str
    raw: str
    reports: tuple[Report, ...]

    @property
    def markdown(self) -> bool:
        return self.name.endswith(".md")


@dataclass
class Score:
    """What one file came to. Characters, unless said otherwise."""

    name: str
    part: str
    length: int
    dirt: int
    lost: int
    kept: int
    expected: int
    found: int
    documents: int
    lines: int
    lines_right: int
    known: Counter[str]
    right: Counter[str]
    roles: int
    roles_right: int
    passages: int
    outside: Counter[str]
    unended: int
    wrong: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """The characters that are compared: no blanks, one width, entities and quotes alike, no marks of markdown."""
    text = html.unescape(html.unescape(text)).replace('\\"', '"')
    text = unicodedata.normalize("NFKC", text.translate({ord("“"): '"', ord("”"): '"'}))
    return "".join(char for char in text if not char.isspace() and char not in "#\u200b\ufeff")


def seeds(shared: Path) -> Iterator[Case]:
    for entry in json.loads((HERE / "labels" / "seeds.json").read_text(encoding="utf-8")):
        path = shared / "seeds" / entry["file"]
        if not path.is_file():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            raw = file.read()
        if hashlib.sha256(raw.encode()).hexdigest() != entry["sha256"]:
            raise SystemExit(f"{path}: not the text that was labelled")
        reports = []
        for number in sorted({unit[2] for unit in entry["units"]}):
            units = [unit for unit in entry["units"] if unit[2] == number and unit[3]]
            title = raw[slice(*units[0][:2])].strip() if units[0][4] == "frame" else ""
            reports.append(
                Report(
                    tuple((raw[start:end], role) for start, end, _, _, role, _ in units),
                    {"title": title},
                )
            )
        yield Case(entry["file"].split("_")[0], "seeds", raw, tuple(reports))


def samples() -> Iterator[Case]:
    for entry in json.loads((HERE / "labels" / "dirty.json").read_text(encoding="utf-8")):
        path = HERE / "dirty" / entry["file"]
        truth = path.with_suffix(".truth.txt").read_text(encoding="utf-8").rstrip("\n").split("\n=====\n")
        reports = [
            Report(
                tuple(
                    (line, ROLES[letter])
                    for line, letter in zip(text.split("\n"), known["roles"], strict=True)
                ),
                {key: known[key] for key in FIELDS},
                by_line=True,
            )
            for text, known in zip(truth, entry["reports"], strict=True)
        ]
        yield Case(entry["file"], entry["part"], path.read_text(encoding="utf-8"), tuple(reports))


def _outside(passage: Passage, passages: list[Passage]) -> str:
    """Why a passage is shorter or longer than it should be; empty when it is not."""
    if len(passage.text) > LONGEST:
        sentences = [part for part in re.split("(?<=[。！？])", passage.text) if part]
        return "long: one sentence" if len(sentences) == 1 else "long: several sentences"
    if len(passage.text) >= SHORTEST:
        return ""
    alike = [other for other in passages if other.heading == passage.heading and other.role == passage.role]
    return "short: all there is under its heading in its role" if len(alike) == 1 else "short: a rest"


def score(case: Case) -> Score:
    """Clean, separate and split the file, and compare."""
    truth, owner, role = "", [], []
    for number, report in enumerate(case.reports):
        for text, label in report.pieces:
            chars = plain(text)
            truth += chars
            owner += [number] * len(chars)
            role += [label] * len(chars)
    documents: list[Document] = documents_of(case.raw, case.name, markdown=case.markdown)
    texts = [plain(document.text) for document in documents]
    found = "".join(texts)
    at: dict[int, int] = {}  # place in what was found: place in the truth
    blocks = SequenceMatcher(None, truth, found, autojunk=False).get_matching_blocks()
    for here, there, size in blocks:
        at.update((there + step, here + step) for step in range(size))
    held = set(at.values())
    result = Score(
        name=case.name,
        part=case.part,
        length=len(truth),
        dirt=max(len(plain(case.raw)) - len(truth), 0),
        lost=len(truth) - len(held),
        kept=len(found) - len(at),
        expected=len(case.reports),
        found=0,
        documents=len(documents),
        lines=0,
        lines_right=0,
        known=Counter(),
        right=Counter(),
        roles=0,
        roles_right=0,
        passages=0,
        outside=Counter(),
        unended=0,
    )
    _note(result, "lost", truth, [place for place in range(len(truth)) if place not in held])
    _note(result, "kept", found, [place for place in range(len(found)) if place not in at])
    _lines(result, documents, case.reports)
    begin = 0
    for document, text in zip(documents, texts, strict=True):
        mine = Counter(owner[at[place]] for place in range(begin, begin + len(text)) if place in at)
        number, most = mine.most_common(1)[0] if mine else (0, 0)
        if most >= SAME * max(sum(mine.values()), owner.count(number)):
            result.found += 1
            _frame(result, document, case.reports[number])
        _passages(result, split(document), text, begin, at, role)
        begin += len(text)
    return result


def _lines(result: Score, documents: list[Document], reports: Iterable[Report]) -> None:
    """Lines that stand whole and alone: wraps are joined, and nothing is joined that was apart."""
    there = {plain(line) for document in documents for line in document.text.split("\n")}
    for report in reports:
        for line, _ in report.pieces if report.by_line else ():
            result.lines += 1
            if plain(line) in there:
                result.lines_right += 1
            else:
                result.wrong.append(f"line: {line[:60]}")


def _frame(result: Score, document: Document, report: Report) -> None:
    for key, wanted in report.known.items():
        result.known[key] += 1
        given = getattr(document, key)
        if plain(given) == plain(wanted):
            result.right[key] += 1
        else:
            result.wrong.append(f"{key}: {given!r}, not {wanted!r}")


def _passages(
    result: Score, passages: list[Passage], text: str, begin: int, at: dict[int, int], role: list[str]
) -> None:
    cursor = 0
    for passage in passages:
        chars = plain(passage.text)
        place = text.find(chars, cursor)
        if place < 0:
            raise SystemExit(f"{result.name}: a passage that does not stand in its document: {passage.text}")
        cursor = place + len(chars)
        labels = [
            role[at[step]] for step in range(begin + place, begin + cursor) if step in at and role[at[step]]
        ]
        right = labels.count(passage.role)
        result.roles += len(labels)
        result.roles_right += right
        if right < len(labels):
            wanted = Counter(label for label in labels if label != passage.role).most_common(1)[0]
            result.wrong.append(
                f"role: {passage.role}, {wanted[1]} of {len(labels)} {wanted[0]}: {passage.text[:40]}"
            )
        result.passages += 1
        if reason := _outside(passage, passages):
            result.outside[reason] += 1
            if not reason.startswith("short: all"):
                result.wrong.append(f"{reason}, {len(passage.text)}: {passage.text[:30]}")
        if not re.search(r"[。！？；：…!?;:.][”’）》」』】)\"]*$", passage.text):
            result.unended += 1
            result.wrong.append(f"not ended: …{passage.text[-30:]}")


def _note(result: Score, what: str, text: str, places: list[int]) -> None:
    for start, end in _runs(places):
        result.wrong.append(f"{what}: {text[start:end][:60]}  (behind {text[max(0, start - 8) : start]})")


def _runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    run: list[int] = []
    for place in places:
        if run and place != run[-1] + 1:
            yield run[0], run[-1] + 1
            run = []
        run.append(place)
    if run:
        yield run[0], run[-1] + 1


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _row(name: str, scores: list[Score]) -> str:
    def total(key: str) -> Any:
        return sum(getattr(one, key) for one in scores)

    known = sum((one.known for one in scores), Counter[str]())
    right = sum((one.right for one in scores), Counter[str]())
    frame = ", ".join(f"{right[key]}/{known[key]}" if known[key] else "–" for key in FIELDS)
    outside = sum((sum(one.outside.values()) for one in scores), 0)
    cells = (
        name,
        f"{total('length'):,}",
        total("lost"),
        total("kept"),
        _share(total("kept"), total("dirt")),
        f"{total('found')}/{total('expected')}" + (f" of {n}" if (n := total("documents")) != total("expected") else ""),
        f"{total('lines_right')}/{total('lines')}" if total("lines") else "–",
        frame,
        _share(total("roles_right"), total("roles")),
        total("passages"),
        outside,
        total("unended"),
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(scores: list[Score]) -> str:
    lines = [
        "| file | characters | lost | boilerplate kept | of it | reports | lines | title, organisation, period, theme | roles | passages | outside 80–400 | not ended |",
        "|---|--:|--:|--:|--:|---|---|---|--:|--:|--:|--:|",
    ]
    for part in ("seeds", "open", "kept"):
        mine = [one for one in scores if one.part == part]
        lines += [_row(one.name, [one]) for one in mine]
        if mine:
            lines.append(_row(f"**{part}**", mine))
    for reason, count in sum((one.outside for one in scores), Counter[str]()).most_common():
        lines.append(f"\n{count} passages {reason}")
    return "\n".join(lines)


def run(shared: Path) -> tuple[str, list[dict[str, Any]]]:
    """The table, and its figures by file."""
    scores = _scores(shared)
    names = [one.name for one in fields(Score) if one.name != "wrong"]
    return _told(scores, shared), [{name: getattr(one, name) for name in names} for one in scores]


def rows(data: list[dict[str, Any]]) -> list[Row]:
    """What `run` gives as data, as rows for RESULTS.md."""
    found = []
    for part in ("seeds", "open", "kept"):
        mine = [one for one in data if one["part"] == part]
        if not mine:
            continue

        def total(key: str, mine: list[dict[str, Any]] = mine) -> int:
            return sum(one[key] for one in mine)

        name = part if part == "seeds" else f"{part} samples"
        found += [
            Row("characters of the reports lost", name, total("length"), str(total("lost")), target="≤ 0"),
            Row("boilerplate characters kept", name, total("dirt"), str(total("kept")), target="≤ 0"),
            Row(
                "reports found alone and whole",
                name,
                total("expected"),
                _share(total("found"), total("expected")),
            ),
            Row(
                "role of each character of the passages",
                name,
                total("roles"),
                _share(total("roles_right"), total("roles")),
            ),
            Row("passages not ended by a mark", name, total("passages"), str(total("unended"))),
        ]
    return found


def _scores(shared: Path) -> list[Score]:
    return [score(case) for case in (*seeds(shared), *samples())]


def _told(scores: list[Score], shared: Path) -> str:
    without = f"\n\nno seeds in {shared}: only our own samples were read"
    return table(scores) + ("" if any(one.part == "seeds" for one in scores) else without)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true", help="what is wrong; nothing of the part that is kept")
    options = parser.parse_args()
    scores = _scores(options.shared)
    print(_told(scores, options.shared))
    if options.show:
        for one in scores:
            if one.part != "kept" and one.wrong:
                print(f"\n{one.name}\n  " + "\n  ".join(one.wrong))


if __name__ == "__main__":
    main()
