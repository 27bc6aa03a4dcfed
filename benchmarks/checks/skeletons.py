"""Cases about the shape of a report: structure, style, period. Seeded; imports nothing of drafter."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from benchmarks.checks import reports
from benchmarks.checks.cases import Case, Mark, World, ledger
from benchmarks.checks.frames import SEED, chance, fill, frames, maker, spread

FAULTS, CLEAN = 9, 30
_FIRST = re.compile(r"^[一二三四五六七八九十]+、.*$", re.MULTILINE)
_SECOND = re.compile(r"^（[一二三四五六七八九十]+）.*$", re.MULTILINE)
_PAIRS = re.compile(r"《[^《》\n]+》|“[^“”\n]+”|（[^（）\n]{3,}）")
_NUMERALS = "一二三四五六七八九十"
_HALF = {"，": ",", "。": ".", "；": ";", "：": ":", "？": "?", "！": "!", "（": "(", "）": ")"}


def structure(part: str, seed: int = SEED) -> list[Case]:
    """Whole made-up reports with one fault, and without any."""
    words, rng, make = frames(part, "structure"), chance("structure", part, seed), maker("structure", part)
    if not words:
        return []
    made = []
    for fault in (_gap, _gap_below, _exchanged, _empty, _unpaired, _twice):
        done = 0
        for number in spread(range(len(reports.ledgers(part))), 4 * FAULTS, rng):
            found = fault(reports.clean(part, number).text, rng)
            if found and done < FAULTS:
                shape, text, mark = found
                made.append(make(shape, text, [mark]))
                done += 1
    for kind in ("是", "要"):
        for items in spread(words["sequences"], FAULTS // 2, rng):
            gap = rng.randrange(1, len(items))
            text, at = "", 0
            for place, item in enumerate(items):
                number = place + (place >= gap)
                at = len(text) if place == gap else at
                text += f"{_NUMERALS[number]}{kind}{item}。"
            made.append(make("sequence", text, [Mark(((at, at + 2),), ("structure.sequence",))]))
            whole = "；".join(f"{_NUMERALS[place]}{kind}{item}" for place, item in enumerate(items)) + "。"
            made.append(make("clean sequence", whole))
    for number in spread(range(len(reports.ledgers(part))), CLEAN, rng):
        made.append(make("clean report", reports.clean(part, number).text))
    return made


def _gap(text: str, rng: random.Random) -> tuple[str, str, Mark] | None:
    """A section taken out with its heading; the next one's number does not follow."""
    return _without(text, list(_FIRST.finditer(text)), rng, "numbering")


def _gap_below(text: str, rng: random.Random) -> tuple[str, str, Mark] | None:
    """The same below the first level."""
    return _without(text, list(_SECOND.finditer(text)), rng, "numbering below")


def _without(
    text: str, heads: list[re.Match[str]], rng: random.Random, shape: str
) -> tuple[str, str, Mark] | None:
    if len(heads) < 3:
        return None
    gone = rng.randrange(1, len(heads) - 1)
    start, end = heads[gone].start(), heads[gone + 1].start()
    head = heads[gone + 1][0]
    return shape, text[:start] + text[end:], Mark(((start, start + len(head)),), ("structure.numbering",))


def _exchanged(text: str, rng: random.Random) -> tuple[str, str, Mark] | None:
    """Two neighbouring sections in the wrong order."""
    heads = list(_SECOND.finditer(text))
    if len(heads) < 4:
        return None
    at = rng.randrange(len(heads) - 3)
    first, second, third = heads[at].start(), heads[at + 1].start(), heads[at + 2].start()
    became = text[:first] + text[second:third] + text[first:second] + text[third:]
    middle = first + third - second
    spans = (
        (first, first + len(heads[at + 1][0])),
        (middle, middle + len(heads[at][0])),
        (third, third + len(heads[at + 2][0])),
    )
    return "order", became, Mark(spans, ("structure.numbering",))


def _empty(text: str, rng: random.Random) -> tuple[str, str, Mark] | None:
    """A subsection whose body is gone."""
    heads = list(_SECOND.finditer(text))
    if len(heads) < 2:
        return None
    at = rng.randrange(len(heads) - 1)
    start, end = heads[at].span()
    return (
        "empty",
        text[: end + 1] + text[heads[at + 1].start() :],
        Mark(((start, end),), ("structure.empty",)),
    )


def _unpaired(text: str, rng: random.Random) -> tuple[str, str, Mark] | None:
    """One of a pair of marks taken out; what is left of the pair stands alone."""
    pairs = list(_PAIRS.finditer(text))
    if not pairs:
        return None
    start, end = rng.choice(pairs).span()
    if rng.random() < 0.5:
        return (
            "unpaired",
            text[:start] + text[start + 1 :],
            Mark(((end - 2, end - 1),), ("structure.unbalanced",)),
        )
    return "unpaired", text[: end - 1] + text[end:], Mark(((start, start + 1),), ("structure.unbalanced",))


def _twice(text: str, rng: random.Random) -> tuple[str, str, Mark] | None:
    """A sentence of one section told in another one too."""
    bodies = [
        match
        for match in re.finditer(r"^(?![一二三四五六七八九十]+、|（).{20,}$", text, re.MULTILINE)
        if match.start()
    ]
    if len(bodies) < 3:
        return None
    source, target = rng.sample(bodies[1:], 2)
    pieces = [piece for piece in re.findall(r"[^。]+。", source[0]) if len(piece) >= 20]
    if not pieces:
        return None
    said = rng.choice(pieces)
    at = target.end()
    became = text[:at] + said + text[at:]
    spans = tuple(match.span() for match in re.finditer(re.escape(said), became))
    return "duplicate", became, Mark(spans, ("structure.duplicate", "residue.repeated"))


def style(part: str, seed: int = SEED) -> list[Case]:
    """A mark of half width in a true sentence; plans told as done and deeds told as planned under their headings."""
    words, rng, make = frames(part, "style"), chance("style", part, seed), maker("style", part)
    if not words:
        return []
    made = []
    count = len(reports.ledgers(part))
    for number in spread(range(count), 30, rng):
        text = "".join(reports.excerpt(part, number, 2, rng))
        marks = [place for place, char in enumerate(text) if char in _HALF]
        place = rng.choice(marks)
        became = text[:place] + _HALF[text[place]] + text[place + 1 :]
        made.append(make("half width", became, [Mark(((place, place + 1),), ("style.halfwidth",))]))
        made.append(make("full width", text))
    for wrong, head, templates, other_head, others in (
        ("plan as done", "plan_heads", "plan_as_done", "done_heads", "done"),
        ("deed as plan", "done_heads", "deed_as_plan", "plan_heads", "plan"),
    ):
        for template in spread(words[templates], 12, rng):
            lead = f"{rng.choice(words[head])}\n"
            sentence, _ = fill(template, rng.choice(words["deeds"]))
            span = (len(lead), len(lead) + len(sentence))
            made.append(make(wrong, lead + sentence, [Mark((span,), ("style.tense",))]))
        for template in spread(words[others], 12, rng):
            sentence, _ = fill(template, rng.choice(words["deeds"]))
            made.append(make("fitting tense", f"{rng.choice(words[other_head])}\n{sentence}"))
    return made


_HALVES = (("上半年", 6), ("年", 12))


def period(part: str, seed: int = SEED) -> list[Case]:
    """Events and campaigns in reports of periods before, during and after them; a year's distance where it is wrong."""
    words, rng, make = frames(part, "period"), chance("period", part, seed), maker("period", part)
    if not words:
        return []
    made = []

    def case(year: int, half: str, sentence: str, name: str, code: str) -> Case:
        name_of = f"{year}年上半年" if half == "上半年" else f"{year}年"
        date = f"{year}-07-05" if half == "上半年" else f"{year + 1}-01-06"
        text, span = fill(sentence, name)
        marks = [Mark((span,), (f"period.{code}",))] if code else []
        world = World(ledger(period=name_of, date=date))
        return make(f"{code or 'fits'}", text, marks, world)

    def halves(year: int) -> Iterator[tuple[int, str, int]]:
        for half, month in _HALVES:
            yield year, half, 12 * year + month

    for frame_kind, named in (("congress", words["events"]), ("campaign", words["campaigns"])):
        for name, begun, ended in named:
            start, end = _month(begun), _month(ended)
            for year in range(2017, 2026):
                for _, half, last in halves(year):
                    first = last - (6 if half == "上半年" else 12) + 1
                    frame = rng.choice(words[frame_kind])
                    if 12 < start - last <= 36:
                        made.append(case(year, half, frame, name, "early"))
                    elif first >= start and last <= start + 18 and (not end or last <= end):
                        made.append(case(year, half, frame, name, ""))
                    elif end and 18 < first - end <= 48:
                        made.append(case(year, half, frame, name, "late"))
    for year in range(2018, 2026):
        frame = rng.choice(words["years"])
        far = rng.choice((-4, -3, -2))
        text, span = fill(frame, f"{year + far}年")
        codes = ("period.", "numbers.outside", "numbers.unsupported")
        world = World(ledger(period=f"{year}年", date=f"{year + 1}-01-06"))
        made.append(make("year", text, [Mark((span,), codes)], world))
        made.append(make("fits", fill(frame, f"{year}年")[0], (), world))
    rng.shuffle(made)
    return made


def _month(told: str) -> int:
    return 12 * int(told[:4]) + int(told[5:]) if told else 0
