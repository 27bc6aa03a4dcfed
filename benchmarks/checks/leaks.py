"""Names and numbers of past reports in drafts, beside the same sentences with the ledger's own. Seeded."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from benchmarks.checks import reports
from benchmarks.checks.cases import Case, Mark, World
from benchmarks.checks.frames import SEED, chance, frames, maker

WORLDS = 9
CODES = ("leakage.", "numbers.")
KINDS = ("person", "place", "organization", "title", "media", "slogan")
_SWAPPED = ("count", "money", "measure", "percent")


@dataclass(frozen=True)
class Named:
    """A fact with a name in it, and the sentence that tells it."""

    kind: str
    frame: tuple[str, str]
    name: str
    number: int

    @property
    def fact(self) -> str:
        """The line of the ledger."""
        return self.frame[0].format(x=self.name, n=self.number)

    @property
    def sentence(self) -> str:
        """How a draft says it."""
        return self.frame[1].format(x=self.name, n=self.number)


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def _scene(part: str, number: int, rng: random.Random) -> tuple[World, list[Named], list[Named]]:
    """A ledger with named facts, past reports with others of the same kinds; own[i] and other[i] share kind and frame.

    Of every kind one pair of names is alike (王庄村, 王庄子村), whichever way round; the rest have nothing in common.
    """
    words = frames(part, "leakage")
    base = reports.ledgers(part)[number]
    taken = _numbers(base.text) | _numbers(base.facts["period"])
    own, other = [], []
    for kind in KINDS:
        spec = words[kind]
        names = rng.sample(spec["names"], 4)
        pair = rng.sample(rng.choice(spec["near"]), 2)
        shapes = rng.sample(spec["frames"], 3)
        for (mine, theirs), shape in zip([names[:2], names[2:], pair], shapes, strict=True):
            free = [value for value in range(11, 98) if str(value) not in taken]
            first, second = rng.sample(free, 2)
            taken |= {str(first), str(second)}
            own.append(Named(kind, tuple(shape), mine, first))
            other.append(Named(kind, tuple(shape), theirs, second))
    facts = [dict(fact) for fact in base.facts["facts"]]
    facts += [
        {"id": f"n{place:02d}", "role": "done", "topic": "其他工作", "text": named.fact}
        for place, named in enumerate(own)
    ]
    count = len(reports.ledgers(part))
    themes = reports.theme_count(part)
    past = []
    for turn, step in enumerate((themes, 1)):
        report = reports.clean(part, (number + step) % count).text.rstrip()
        said = "".join(named.sentence for named in other[turn::2])
        past.append((report.split("\n")[0], f"{report}\n五、其他工作\n{said}"))
    return World({**base.facts, "facts": facts}, tuple(past)), own, other


def leakage(part: str, seed: int = SEED) -> list[Case]:
    """In each scene every kind of name leaked, alike and unlike, and numbers; the same sentences told rightly."""
    words = frames(part, "leakage")
    if words is None:
        return []
    rng, make = chance("leakage", part, seed), maker("leakage", part)
    made: list[Case] = []
    count = reports.theme_count(part)
    for turn in range(WORLDS):
        number = (turn * 5) % count if count > WORLDS else turn
        world, own, other = _scene(part, number, rng)

        def told(said: str, number: int = number, own: list[Named] = own) -> tuple[str, int]:
            """Some rightful sentences around this one, and where it begins."""
            before = "".join(reports.excerpt(part, number, 2, rng))
            after = "".join(named.sentence for named in rng.sample(own, 2) if named.sentence not in said)
            lead = before + rng.choice(("", "同时，", "此外，"))
            return f"{lead}{said}{after}", len(lead)

        for place, (mine, theirs) in enumerate(zip(own, other, strict=True)):
            alike = place % 3 == 2
            if not alike and place % 3 != turn % 2:
                continue  # one of the two unlike pairs a scene
            if alike and (turn + place // 3) % 2:
                continue
            leaked = Named(mine.kind, mine.frame, theirs.name, mine.number)
            text, start = told(leaked.sentence)
            at = text.index(theirs.name, start)
            mark = Mark(((at, at + len(theirs.name)),), CODES)
            made.append(make(f"{mine.kind}, alike" if alike else mine.kind, text, [mark], world))
        for theirs in rng.sample(other, 1):
            text, start = told(theirs.sentence)
            spans = [text.index(theirs.name, start), text.index(str(theirs.number), start)]
            marks = [
                Mark(((spans[0], spans[0] + len(theirs.name)),), CODES),
                Mark(((spans[1], spans[1] + len(str(theirs.number))),), CODES),
            ]
            made.append(make("sentence", text, marks, world))
        for mine, theirs in rng.sample(list(zip(own, other, strict=True)), 1):
            leaked = Named(mine.kind, mine.frame, mine.name, theirs.number)
            text, start = told(leaked.sentence)
            at = text.index(str(theirs.number), start)
            made.append(make("number", text, [Mark(((at, at + len(str(theirs.number))),), CODES)], world))
        for said, start, end in _swapped(part, number, rng)[:2]:
            text, lead = told(said)
            made.append(make("number", text, [Mark(((lead + start, lead + end),), CODES)], world))
        rightful = rng.sample(own, 9)
        for kind, said in (
            ("own names", "".join(named.sentence for named in rightful[:3])),
            ("own names", "".join(named.sentence for named in rightful[3:6])),
            ("own names", "".join(named.sentence for named in rightful[6:])),
            ("national names", "".join(rng.sample(words["national"], 2))),
            ("own office", "".join(rng.sample(words["short"], 2))),
        ):
            made.append(make(kind, told(said)[0], (), world))
    return made


def _swapped(part: str, number: int, rng: random.Random) -> list[tuple[str, int, int]]:
    """Sentences of the ledger with a figure that a past report has for the same thing, and where it stands."""
    count = len(reports.ledgers(part))
    mine = reports.ledgers(part)[number]
    theirs = reports.ledgers(part)[(number + reports.theme_count(part)) % count]
    known = _numbers(mine.text)
    by_item = {statement.group: statement for statement in theirs.statements}
    draft = reports.clean(part, number)
    where = {sentence.statement: sentence for sentence in draft.sentences}
    found = []
    for mention in draft.mentions:
        if mention.statement < 0 or mention.quantity.kind not in _SWAPPED or mention.quantity.approx:
            continue
        statement = mine.statements[mention.statement]
        other = by_item.get(statement.group)
        if other is None or (other.item is not statement.item and other.item != statement.item):
            continue
        figure = other.quantities[mention.slot]
        if figure.approx or not _numbers(figure.written) or _numbers(figure.written) & known:
            continue
        sentence = where[mention.statement]
        before, after = draft.text[sentence.start : mention.start], draft.text[mention.end : sentence.end]
        found.append((before + figure.written + after, len(before), len(before) + len(figure.written)))
    rng.shuffle(found)
    return found
