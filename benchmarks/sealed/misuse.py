"""A scripted writer that misuses slots, one way at a time, in a share of them; what it writes is otherwise faithful."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from drafter.plugins import Reply, WriteRequest

_SLOT = re.compile("⟦([^⟦⟧]+)⟧")
_WITH_UNIT = re.compile("⟦(n\\d+)⟧([\u3400-\u9fff%]{1,2})")


def _wide(code: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() else letter for letter in code)


def _each(text: str, chance: random.Random, bend: Callable[[str], str]) -> str:
    return _SLOT.sub(lambda match: bend(match[1]) if chance.random() < 0.5 else match[0], text)


def _repeat(text: str, chance: random.Random) -> str:
    sentences = [each for each in text.split("。") if each]
    place = chance.randrange(len(sentences))
    return (
        "。".join([*sentences[: place + 1], f"总的来看，{sentences[place]}", *sentences[place + 1 :]]) + "。"
    )


def _invent(text: str, chance: random.Random) -> str:
    sentences = [each for each in text.split("。") if each]
    place = chance.randrange(len(sentences))
    slots = _SLOT.findall(sentences[place])
    if slots:
        sentences[place] = sentences[place].replace(
            f"⟦{chance.choice(slots)}⟧", f"⟦n{chance.randrange(800, 999)}⟧", 1
        )
    return "。".join(sentences) + "。"


def _added(text: str, chance: random.Random) -> str:
    return f"{text}另外走访企业⟦n{chance.randrange(800, 999)}⟧家，群众比较满意。"


def _swap(text: str, chance: random.Random) -> str:
    codes = [code for code in _SLOT.findall(text) if code.startswith("n")]
    if len(codes) < 2:
        return text
    one, other = chance.sample(sorted(set(codes)), 2) if len(set(codes)) > 1 else (codes[0], codes[0])
    return text.replace(f"⟦{one}⟧", "⟦?⟧").replace(f"⟦{other}⟧", f"⟦{one}⟧").replace("⟦?⟧", f"⟦{other}⟧")


MISUSES: dict[str, Callable[[str, random.Random], str]] = {
    "as told": lambda text, chance: text,
    "other brackets": lambda text, chance: _each(
        text,
        chance,
        lambda code: chance.choice(("【{}】", "[{}]", "[[{}]]", "{{{{{}}}}}", "<{}>", "（{}）")).format(code),
    ),
    "full width": lambda text, chance: _each(text, chance, lambda code: f"⟦{_wide(code)}⟧"),
    "markup": lambda text, chance: _each(
        text,
        chance,
        lambda code: chance.choice(("⟦**{}**⟧", "**⟦{}⟧**", "**⟦**{}⟧", "`⟦{}⟧`", "⟦<b>{}</b>⟧")).format(
            code
        ),
    ),
    "split": lambda text, chance: _each(
        text, chance, lambda code: chance.choice((f"⟦{code[0]}\n{code[1:]}⟧", f"⟦ {code[0]} {code[1:]} ⟧"))
    ),
    "brackets lost": lambda text, chance: _each(
        text, chance, lambda code: chance.choice((code, f"⟦{code}", f"{code}⟧"))
    ),
    "other words": lambda text, chance: _each(
        text, chance, lambda code: f"⟦{code.replace('n', chance.choice(('数字', 'N', '数', 'num_')))}⟧"
    ),
    "unit drawn in": lambda text, chance: _WITH_UNIT.sub(
        lambda match: f"⟦{match[1]}{match[2][0]}⟧{match[2][1:]}", text
    ),
    "unit dropped": lambda text, chance: re.sub(
        "⟦(n\\d+)⟧(?:家次|人次|场次|个|次|处|家|户|名|场|条|项|份|件)", lambda match: f"⟦{match[1]}⟧", text
    ),
    "invented in place": _invent,
    "invented besides": _added,
    "repeated": _repeat,
    "swapped": _swap,
    "own figures": lambda text, chance: _each(
        text, chance, lambda code: str(chance.randrange(2, 99)) if code[0] == "n" else f"⟦{code}⟧"
    ),
}
"""What is done to the text of a leaf, by name."""


@dataclass
class Misuser:
    """Writes the facts of each prompt as they are told there, then misuses slots; asked again it does right if `learns`."""

    kind: str
    seed: int = 0
    learns: bool = True
    name: str = "misuser"
    sent: list[str] = field(default_factory=list)
    asked: int = 0
    wants_messages = True

    async def write(self, request: WriteRequest) -> Reply:
        """The leaf's facts, one a sentence; a patch asked for is not given, a rewrite only by who learns."""
        self.sent += [message["content"] for message in request.messages]
        self.asked += request.purpose != "write"
        rows = [
            json.loads(line) for line in request.messages[-1]["content"].splitlines() if line.startswith('{"')
        ]
        if request.purpose == "patch":
            return Reply("")
        if not rows:
            return Reply(
                f"{request.ledger.period}，{request.ledger.organization}认真开展了{request.ledger.theme}。"
            )
        text = "".join(row["text"] + "。" for row in rows)
        if request.purpose == "rewrite" and self.learns:
            return Reply(text)
        chance = random.Random(f"{self.kind} {self.seed} {request.heading} {self.asked}")
        return Reply(MISUSES[self.kind](text, chance))
