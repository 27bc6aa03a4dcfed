"""Runs of words copied out of one past report, formulas that several share, and what the ledger says. Seeded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from benchmarks.checks import reports
from benchmarks.checks.cases import Case, Mark, World
from benchmarks.checks.frames import SEED, chance, frames, maker, spread

LENGTHS = (10, 15, 20, 24, 27, 29, 30, 31, 35, 40, 45, 50, 55, 59, 60, 61, 70, 80, 100, 120, 150, 200)
EACH = 3
"""Cases of each length."""
EDITS = (8, 14, 20, 26, 35, 50)
"""Every how many Han characters one is replaced."""
PARAGRAPH = 300
_ANOTHER = "其该此并再各同另"
_OTHER_MARKS = str.maketrans("，；、。：", "；，，；，")


def lines(text: str) -> list[str]:
    """The Han characters of each line."""
    return [reports.han(line) for line in text.split("\n")]


def longest(text: str, world: World) -> int:
    """Han characters of the longest run of the text that one past report has, and neither another nor the ledger."""
    past = ["\n".join(lines(body)) for _, body in world.past]
    facts = [fact if isinstance(fact, str) else str(fact["text"]) for fact in world.ledger["facts"]]
    own = "\n".join(reports.han(fact) for fact in facts)
    best = 0
    for line in lines(text):
        for start in range(len(line)):
            size = best + 1
            while start + size <= len(line):
                run = line[start : start + size]
                owners = sum(run in body for body in past)
                if not owners:
                    break
                if owners == 1 and run not in own:
                    best = size
                size += 1
    return best


def measured(case: Case) -> Case:
    """A case with the length of each marked copy counted, and whether words of it were changed."""
    marks = []
    for mark in case.marks:
        ((start, end),) = mark.spans
        said = case.text[start:end]
        run = longest(said, case.world)
        marks.append(replace(mark, run=run, edited=run < len(reports.han(said))))
    return replace(case, marks=tuple(marks))


@cache
def _past(part: str, seed: int, number: int) -> tuple[tuple[str, str], ...]:
    """Three reports of other themes in long paragraphs; what is left over of the first, all three have."""
    count = reports.theme_count(part)
    rng = random.Random(f"past/{part}/{seed}/{number}")
    bodies = []
    for step in (1, 2):
        sentences = list(dict.fromkeys(reports.sentences(part, (number + step) % count)))
        rng.shuffle(sentences)
        paragraphs, line = [], ""
        for sentence in sentences:
            line += sentence
            if len(reports.han(line)) >= PARAGRAPH:
                paragraphs.append(line)
                line = ""
        bodies.append([*paragraphs, line] if line else paragraphs)
    first, second = bodies
    return tuple(
        (name, f"{name}\n一、主要做法\n" + "\n".join(body))
        for name, body in (
            ("甲乡2021年工作总结", first),
            ("乙镇2022年工作总结", [*second, first[-1]]),
            ("丙镇2023年工作总结", [first[-1]]),
        )
    )


def _piece(body: Sequence[str], size: int, rng: random.Random) -> str | None:
    """A stretch of one paragraph with so many Han characters."""
    fitting = [line for line in body if len(reports.han(line)) > size + 2]
    if not fitting:
        return None
    line = rng.choice(fitting)
    places = [at for at, char in enumerate(line) if reports.han(char)]
    first = rng.randrange(len(places) - size)
    return line[places[first] : places[first + size - 1] + 1]


def _edited(run: str, every: int, rng: random.Random) -> str:
    out, count = "", 0
    for char in run:
        if reports.han(char):
            count += 1
            if count % every == 0:
                char = rng.choice([other for other in _ANOTHER if other != char])
        out += char
    return out


def copying(part: str, seed: int = SEED) -> list[Case]:
    """Copies of every length, altered in figures, marks and words; shared and own wording of the same lengths."""
    if frames(part, "leakage") is None:
        return []
    rng, make = chance("copying", part, seed), maker("copying", part)
    made: list[Case] = []
    count = reports.theme_count(part)
    codes = ("leakage.copied",)

    def told(number: int, piece: str, rng: random.Random) -> tuple[str, int]:
        """A draft of the ledger's own sentences with the piece in it, and where it begins."""
        before, after = reports.excerpt(part, number, 2, rng)
        lead = f"{before}同时，"
        return f"{lead}{piece}。{after}", len(lead)

    def world(number: int) -> tuple[World, list[str]]:
        past = _past(part, seed, number)
        one = World({**reports.ledgers(part)[number].facts}, past)
        return one, past[0][1].split("\n")[2:-1]

    jobs = [("copied", size, 0) for size in LENGTHS for _ in range(EACH)]
    jobs += [("figures changed", size, 0) for size in (40, 60, 80, 120)] * 2
    jobs += [("marks changed", size, 0) for size in (40, 60, 80, 120)] * 2
    jobs += [("words changed", size, every) for every in EDITS for size in (100, 140, 180)]
    jobs += [("shared", size, 0) for size in (20, 40, 60, 90, 120)] * 3
    jobs += [("own", size, 0) for size in (15, 30, 45)] * 3
    for place, (shape, size, every) in enumerate(jobs):
        for _ in range(20):
            number = rng.randrange(count)
            here, unique = world(number)
            body = here.past[2][1].split("\n")[2:] if shape == "shared" else unique
            piece = _piece(body, size, rng)
            if piece is None:
                continue
            if shape == "figures changed":
                piece = "".join(str((int(char) + 3) % 10) if char in "0123456789" else char for char in piece)
            elif shape == "marks changed":
                piece = piece.translate(_OTHER_MARKS)
            elif shape == "words changed":
                piece = _edited(piece, every, rng)
            elif shape == "own":
                facts = [dict(fact) for fact in here.ledger["facts"]]
                facts.append({"id": "own", "role": "done", "topic": "其他", "text": piece})
                here = World({**here.ledger, "facts": facts}, here.past)
            text, start = told(number, piece, rng)
            around = longest(text, here)
            inside = longest(piece, here)
            clean = shape in ("shared", "own")
            if (clean and around >= 15) or (
                not clean and (around != inside or (not every and inside != size))
            ):
                continue
            marks = () if clean else (Mark(((start, start + len(piece)),), codes, inside, bool(every)),)
            name = (
                shape
                if clean or every
                else f"{shape}, {'60 and more' if size >= 60 else '30 to 59' if size >= 30 else 'under 30'}"
            )
            made.append(make(name, text, marks, here))
            break
        else:
            raise ValueError(f"copying/{part}: no piece for job {place}")
    for number in spread(range(count), 12, rng):
        here, _ = world(number)
        text = "".join(reports.excerpt(part, number, 5, rng))
        if longest(text, here) < 10:
            made.append(make("nothing copied", text, (), here))
    return made
