"""Cases of a sentence or two: blanks, residue, personal data. Seeded; imports nothing of drafter."""

from __future__ import annotations

import random

from benchmarks.checks import reports
from benchmarks.checks.cases import Case, Mark
from benchmarks.checks.frames import SEED, chance, fill, frames, maker, spread

BLANKS, REAL, ALIKE = 70, 25, 20
RESIDUE = 6
"""Cases of each shape of residue."""


def placeholder(part: str, seed: int = SEED) -> list[Case]:
    """Blanks of every shape in their frames, true values in the same frames, and lookalikes."""
    words, rng, make = (
        frames(part, "placeholder"),
        chance("placeholder", part, seed),
        maker("placeholder", part),
    )
    if not words:
        return []
    made = []
    types = list(words["shapes"])
    drawn = {kind: iter(spread(words["shapes"][kind], BLANKS, rng)) for kind in types}
    for kind in spread(types, BLANKS, rng):
        text, span = fill(rng.choice(words["frames"][kind]), next(drawn[kind]))
        made.append(make(kind, text, [Mark((span,), ("placeholder.",))]))
    for kind in spread(types, REAL, rng):
        text, _ = fill(rng.choice(words["frames"][kind]), rng.choice(words["real"][kind]))
        made.append(make("filled in", text))
    made += [make("lookalike", text) for text in words["alike"][:ALIKE]]
    return made


def residue(part: str, seed: int = SEED) -> list[Case]:
    """Chat, fences, echoes and markdown beside true sentences, sentences cut off or told twice, and clean ones."""
    words, rng, make = frames(part, "residue"), chance("residue", part, seed), maker("residue", part)
    if not words:
        return []
    made = []

    def paragraph(count: int = 3) -> str:
        return "".join(reports.excerpt(part, rng.randrange(len(reports.ledgers(part))), count, rng))

    for place in ("before", "after"):
        for codes, lines in words[place].items():
            for line in spread(lines, max(RESIDUE, len(lines)), rng):
                body = f"一、主要做法\n{paragraph()}"
                joint = "" if line[0] in "[（【" and place == "after" else "\n"
                text = f"{line}\n{body}" if place == "before" else f"{body}{joint}{line}"
                start = 0 if place == "before" else len(body) + len(joint)
                mark = Mark(((start, start + len(line)),), tuple(code.strip() for code in codes.split(",")))
                made.append(make(f"{codes.split(',')[0]}, {place}", text, [mark]))
    for sign in spread(words["markdown"], RESIDUE, rng):
        body = paragraph(2)
        mark = Mark(((0, len(sign)),), ("residue.markdown",))
        made.append(make("residue.markdown", f"{sign}{body}\n{paragraph()}", [mark], markdown=False))
    for _ in range(2 * RESIDUE):
        whole = f"一、主要做法\n{paragraph(1)}\n{paragraph(2)}"
        text = _cut(whole, rng)
        mark = Mark(((text.rindex("\n") + 1, len(text)),), ("residue.cutoff",))
        made.append(make("residue.cutoff", text, [mark]))
    for _ in range(RESIDUE):
        told = reports.excerpt(part, rng.randrange(len(reports.ledgers(part))), 2, rng)
        text = told[0] * 2 + told[-1]
        size = len(told[0])
        mark = Mark(((0, size), (size, 2 * size)), ("residue.repeated", "structure.duplicate"))
        made.append(make("residue.repeated", text, [mark]))
    for ending in spread(words["endings"], 5 * RESIDUE, rng):
        made.append(make("clean", f"一、主要做法\n{paragraph()}\n{paragraph(2)}\n{ending}"))
    for _ in range(RESIDUE):
        made.append(make("clean, plain text", f"{paragraph()}\n{paragraph(2)}", markdown=False))
    return made


def _cut(text: str, rng: random.Random) -> str:
    """The text broken off within its last sentence, after a Han character."""
    least = max(text.rindex("\n") + 16, text.rfind("。", 0, len(text) - 1) + 4)
    places = [at for at in range(least, len(text) - 2) if reports.han(text[at - 1])]
    text = text[: rng.choice(places)] if places else text.rstrip("。；")
    return text


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(area: str, rng: random.Random) -> str:
    """An identity number of an area that does not exist, with its check digit (GB 11643)."""
    digits = f"{area}{rng.randint(1940, 2008)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(1, 999):03d}"
    return (
        digits
        + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]
    )


def card(rng: random.Random) -> str:
    """A card number of an issuer that does not exist, with Luhn's check digit."""
    digits = "629900" + "".join(rng.choice("0123456789") for _ in range(rng.choice((9, 12))))
    return digits + luhn(digits)


def luhn(digits: str) -> str:
    """The digit that makes the number whole."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _phone(rng: random.Random) -> str:
    prefix = rng.choice(("138", "139", "150", "158", "177", "189"))
    tail = f"0000{rng.randint(0, 9999):04d}"
    joint = rng.choice(("", "", "-", " "))
    return joint.join((prefix, tail[:4], tail[4:]))


def personal(part: str, seed: int = SEED) -> list[Case]:
    """Identity numbers, mobile phones, bank cards, home addresses; public figures of the same look, wrong check digits."""
    words, rng, make = frames(part, "personal"), chance("personal", part, seed), maker("personal", part)
    if not words:
        return []
    made = []
    addresses = iter(spread(words["addresses"], 10, rng))
    for kind, count in (("id", 15), ("phone", 15), ("card", 10), ("address", 10)):
        for frame in spread(words[kind], count, rng):
            value = {
                "id": lambda: identity(rng.choice(words["areas"]), rng),
                "phone": lambda: _phone(rng),
                "card": lambda: card(rng),
                "address": lambda: next(addresses),
            }[kind]()
            text = frame.replace("{p}", rng.choice(words["people"]))
            start = text.index("{x}")
            span = (start, start + len(value))
            made.append(make(kind, text.replace("{x}", value), [Mark((span,), (f"personal.{kind}",))]))
    for frame in spread(words["public"], 30, rng):
        values = {
            "n": f"{rng.randint(2, 980)}",
            "m": f"{rng.randint(2, 90)}",
            "d": f"{rng.randint(100000, 999999)}",
        }
        made.append(make("public", frame.format(**values)))
    for _ in range(10):
        # eighteen digits after 编号 whose check digit is wrong number a file, not a person
        number = identity(rng.choice(words["areas"]), rng)
        wrong = number[:-1] + rng.choice([digit for digit in "0123456789" if digit != number[-1]])
        made.append(make("wrong check digit", f"档案编号{wrong}，已归档{rng.randint(2, 90)}卷。"))
    return made
