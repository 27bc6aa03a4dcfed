"""What a case is, and the file format of those written by hand. Imports nothing of drafter.

A hand-made file is plain text:

    # a comment
    @organization 云溪镇          a field of the ledger of what follows
    @fact 开展督查9次             one fact more; `@facts` alone forgets those before
    @past 甲镇2023年总结 | 一、… ⏎ …     one past report more, `@pasts` alone forgets those before
    @markdown no                  the text is not markdown
    ## shape : code, code         what follows are cases of this shape; ⟪…⟫ is to be found under one of the codes
    ## shape : code one           all ⟪…⟫ of a case are one fault, found where any of them is
    ## shape                      ⟪…⟫ is to be found under any code of the kind; without marks nothing may be found
    one case a line, ⏎ for a line feed

In coverage.txt a shape begins with present:, partial: or missing:, and a case is `fact => text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PARTS = ("open", "kept")
KINDS = (
    "placeholder",
    "residue",
    "structure",
    "leakage",
    "copying",
    "coverage",
    "style",
    "period",
    "personal",
)
BESIDE = ("names", "tense")
"""Two sets written by hand later, before their author had read the rules: of leakage and of style, each halved by a checksum."""
VERDICTS = ("present", "partial", "missing")
_MARK = re.compile("⟪(.*?)⟫", re.DOTALL)
_LISTED = {"fact": "facts", "past": "pasts"}


@dataclass(frozen=True)
class Mark:
    """One fault: any of its spans found under any of its codes (prefixes of codes) finds it.

    `run` is the number of Han characters copied in a row; such a fault is expected from the documented threshold on.
    `edited` says that the copy was altered: below the threshold it is neither to be found nor wrong when found.
    """

    spans: tuple[tuple[int, int], ...]
    codes: tuple[str, ...]
    run: int = 0
    edited: bool = False


@dataclass(frozen=True)
class World:
    """A ledger and the past reports beside it, each (name, text)."""

    ledger: Mapping[str, Any]
    past: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """A text and what is wrong with it. `verdicts` (coverage) say for facts by id whether the text carries them."""

    kind: str
    part: str
    origin: str
    """generated or hand."""
    shape: str
    text: str
    world: World
    marks: tuple[Mark, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    markdown: bool = True


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without ⟪⟫, and the spans that they held."""
    plain, spans, done = "", [], 0
    for match in _MARK.finditer(text):
        plain += text[done : match.start()]
        spans.append((len(plain), len(plain) + len(match[1])))
        plain += match[1]
        done = match.end()
    return plain + text[done:], spans


def marks(spans: Sequence[tuple[int, int]], codes: tuple[str, ...], one: bool = False) -> tuple[Mark, ...]:
    """A mark for each span, or one for all of them."""
    if one:
        return (Mark(tuple(spans), codes),) if spans else ()
    return tuple(Mark((span,), codes) for span in spans)


def ledger(**fields: Any) -> dict[str, Any]:
    """A ledger of an invented town; `fields` replace what it says."""
    plain = {
        "organization": "青禾镇",
        "period": "2024年上半年",
        "theme": "安全生产工作",
        "date": "2024-07-05",
        "facts": ["开展安全生产检查36次"],
    }
    return {**plain, **fields}


def hand(kind: str, part: str) -> list[Case]:
    """The hand-made cases of a kind."""
    path = HERE / part / f"{kind}.txt"
    return list(_read(path, kind, part)) if path.is_file() else []


def _read(path: Path, kind: str, part: str) -> Iterator[Case]:
    fields: dict[str, Any] = {}
    listed: dict[str, list[str]] = {"facts": [], "pasts": []}
    shape, codes, one, markdown = "", (f"{kind}.",), False, True
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("@"):
            name, _, value = line[1:].partition(" ")
            if name in listed:
                listed[name] = []
            elif name in _LISTED:
                listed[_LISTED[name]].append(value.replace("⏎", "\n"))
            elif name == "markdown":
                markdown = value.strip() != "no"
            else:
                fields[name] = value.strip()
        elif line.startswith("## "):
            shape, _, told = line[3:].partition(" : ")
            one = told.endswith(" one")
            told = told.removesuffix(" one")
            codes = tuple(code.strip() for code in told.split(",")) if told else (f"{kind}.",)
        else:
            yield _case(
                line.removeprefix("\\").replace("⏎", "\n"),
                kind,
                part,
                shape.strip(),
                codes,
                one,
                markdown,
                fields,
                listed,
            )


def _case(
    line: str,
    kind: str,
    part: str,
    shape: str,
    codes: tuple[str, ...],
    one: bool,
    markdown: bool,
    fields: Mapping[str, Any],
    listed: Mapping[str, list[str]],
) -> Case:
    past = []
    for report in listed["pasts"]:
        name, _, body = report.partition(" | ")
        past.append((name, f"{name}\n{body}"))
    facts: list[Any] = list(listed["facts"])
    verdicts: dict[str, str] = {}
    if kind == "coverage":
        fact, _, line = line.partition(" => ")
        facts = [{"id": "judged", "text": fact}, *facts]
        verdicts["judged"] = shape.partition(":")[0]
    own = dict(fields)
    if facts:
        own["facts"] = facts
    text, spans = marked(line)
    return Case(
        kind,
        part,
        "hand",
        shape,
        text,
        World(ledger(**own), tuple(past)),
        marks(spans, codes, one),
        verdicts,
        markdown,
    )
