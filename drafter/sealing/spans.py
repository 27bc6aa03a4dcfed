"""What of a text is sealed: figures with their approximations, dates, names; never their unit, ending or post.

What counts as a text's own is the masking of passages: so the two never differ. Here each of these is cut so that what
gives a sentence its grammar stays readable: ⟦n3⟧次, ⟦地2⟧镇, ⟦单1⟧有限公司.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import accumulate

from drafter.corpus import rules
from drafter.corpus.cutting import cut
from drafter.corpus.lexicon import Name
from drafter.corpus.masking import SLOT as MASK
from drafter.corpus.masking import own_spans
from drafter.corpus.names import all_places
from drafter.corpus.places import stem
from drafter.quantities import Mention, find
from drafter.sealing.slots import SLOT

LETTERS = {"数": "n", "日期": "日", "地名": "地", "单位": "单", "人名": "人", "文件": "文", "名称": "名"}
"""The letter of a slot by the name that masking has for its kind."""
_LOOSE = "余多逾来几"
"""What stands between a numeral and its unit and belongs to the number."""
_NUMBERED = re.compile(
    "[\u3400-\u9fff]{1,8}[〔\\[［(（【](?:19|20)\\d\\d[〕\\]］)）】]\\s?(?:第\\s?)?\\d{1,5}(?=\\s?号)"
)
"""A document's number: 云政发〔2024〕15号."""
_ISSUED = re.compile(
    "(?:印发|下发|转发|制定|出台|根据|按照|依据|文件|执行|落实|收到|上报|发出|以|和|与|及|、)"
)
_SURE, _DOES = (
    "同志|带队|率队|一行|任组长|任副组长|（|\\(",
    "到|赴|深入|走访|主持|调研|检查|督导|负责|牵头|包联|带领",
)
"""What follows a person's name and nothing else, and what does behind a post."""
_QUOTED = re.compile('[“"‘「]([^“”"‘’「」\n]{1,20})[”"’」]')
_LONGEST_BODY = 3
"""Characters of the word before the ending of a village's name."""
_TELLING = 2
"""Characters that the rest of a name has at least to be sealed by itself."""


@dataclass(frozen=True)
class Span:
    """A part of a text that is sealed, and why: `letter` as in slots.KINDS; `mention` of a figure or date."""

    start: int
    end: int
    letter: str
    mention: Mention | None = None


@cache
def _endings() -> re.Pattern[str]:
    """What a body or landmark ends in, which says what it is and not which."""
    table = rules.table("organizations")
    words = [*table["ending"], *table["landmark"], *table["weak"], *table["weak landmark"]]
    return re.compile(f"(?:{rules.alternation(words)})$")


def _quoted_figures(text: str) -> Iterator[Span]:
    """Figures with their unit that stand alone in quotation marks, as advice on a draft quotes them: “八场”应为“十三场”.

    They look like sayings of the kind of “九小”, which stay.
    """
    for match in _QUOTED.finditer(text):
        mentions = find(match[1])
        if len(mentions) == 1 and mentions[0].text == match[1] and mentions[0].countable:
            mention, at = mentions[0], match.start(1)
            if mention.unit or mention.parts:
                inner = _figure(match[1], Span(0, len(match[1]), "n"), mentions)
                placed = replace(
                    mention,
                    start=at,
                    end=match.end(1),
                    numeral_start=mention.numeral_start + at,
                    numeral_end=mention.numeral_end + at,
                )
                yield replace(inner, start=inner.start + at, end=inner.end + at, mention=placed)


def _hamlets(text: str) -> Iterator[Span]:
    """Villages that no 村 shows to be one, with the word before their ending: 打造马市营子民族团结进步村."""
    match = _hamlet_endings().search(text)
    if match is None:
        return
    starts = list(accumulate(map(len, cut(text)), initial=0))
    for match in _hamlet_endings().finditer(text):
        start = max((at for at in starts if at < match.start()), default=match.start())
        if 0 < match.start() - start <= _LONGEST_BODY:
            yield Span(start, match.end(), "地")


@cache
def _hamlet_endings() -> re.Pattern[str]:
    text = resources.files("drafter.sealing").joinpath("data").joinpath("hamlets.txt").read_text("utf-8")
    words = " ".join(line for line in text.splitlines() if not line.startswith("#")).split()
    return re.compile(f"(?:{rules.alternation(words)})")


@cache
def _persons() -> tuple[re.Pattern[str], ...]:
    """A name between a post and what follows a person, or before 同志, however unlike a name it looks: 书记王国国同志.

    Masking is more careful, for a word that it takes for a name is lost to the example; a sealed word comes back.
    """
    roles, surnames = rules.table("person_roles"), rules.table("surnames")
    family = {name for key in ("plain", "wordy", "title", "double") for name in surnames[key]}
    name = f"(?P<name>(?:{rules.alternation(family)})[\u3400-\u9fff]{{1,2}}?)"
    return (
        re.compile(f"(?:{rules.alternation([*roles['firm'], *roles['loose']])}){name}(?={_SURE}|{_DOES})"),
        re.compile(f"(?:^|[由请和与及向对、，。；：]){name}(?={_SURE})"),
    )


def sealed_spans(
    text: str,
    known: Iterable[Name] = (),
    *,
    always: Sequence[str] = (),
    never: Sequence[str] = (),
) -> list[Span]:
    """Spans to be sealed, in order, without overlaps; slots and the masks of passages are left alone.

    Args:
        text: a fact, a heading, a draft.
        known: names found elsewhere in the ledger.
        always: words that are sealed wherever they stand.
        never: words that stay as they are, and names that are common property, as in `find_names`.
    """
    taken = [match.span() for pattern in (SLOT, MASK) for match in pattern.finditer(text)]
    found: list[Span] = []

    def free(start: int, end: int) -> bool:
        return all(end <= first or last <= start for first, last in taken)

    def take(span: Span) -> None:
        if span.start < span.end and free(span.start, span.end):
            found.append(span)
            taken.append((span.start, span.end))

    for start, end in _occurrences(text, always):
        take(Span(start, end, "名"))
    for start, end in _occurrences(text, [word.strip("《》“”") for word in never if not word.endswith("*")]):
        if free(start, end):
            taken.append((start, end))
    for match in _NUMBERED.finditer(text):
        begin = max((cue.end() for cue in _ISSUED.finditer(match[0][:8])), default=0)
        take(Span(match.start() + begin, match.end(), "文"))
    for pattern in _persons():
        for match in pattern.finditer(text):
            take(Span(*match.span("name"), "人"))
    for span in (*_quoted_figures(text), *_hamlets(text)):
        take(span)
    mentions = [mention for mention in find(text) if mention.countable]
    for start, end, kind in own_spans(text, known, never):
        if not kind:
            continue
        for span in _cut(text, Span(start, end, LETTERS[kind]), mentions):
            for part in _free_parts(span, taken):
                take(part)
    return sorted(found, key=lambda span: span.start)


def _occurrences(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    words = [word for word in words if word]
    if not words:
        return []
    return [match.span() for match in re.finditer(rules.alternation(words), text)]


def _free_parts(span: Span, taken: Sequence[tuple[int, int]]) -> list[Span]:
    """What of a span nothing else has: all of a figure or none, of a name what is left."""
    inside = sorted(each for each in taken if each[0] < span.end and span.start < each[1])
    if not inside or span.mention is not None:
        return [] if inside else [span]
    parts, at = [], span.start
    for start, end in inside:
        parts.append(replace(span, start=at, end=max(at, start)))
        at = max(at, end)
    parts.append(replace(span, start=at))
    return [part for part in parts if part.start < part.end]


def _cut(text: str, span: Span, mentions: Sequence[Mention]) -> list[Span]:
    if span.letter in ("n", "日"):
        return [_figure(text, span, mentions)]
    words = text[span.start : span.end]
    if span.letter == "地":
        bare = stem(words)
        if len(bare) >= _TELLING and len(bare) < len(words):
            return [replace(span, end=span.start + len(bare))]
        ending = _endings().search(words)
        if ending and ending.start() >= _TELLING:
            return _of_body(words, span)
    if span.letter == "单":
        return _of_body(words, span)
    return [span]


def _of_body(words: str, span: Span) -> list[Span]:
    """A body's place and what tells it from others, without what says which kind of body it is."""
    parts, at = [], 0
    place = next((each for each in all_places(words) if each.start == 0), None)
    if place is not None and len(stem(place.text)) >= _TELLING:
        bare = stem(place.text)
        parts.append(Span(span.start, span.start + len(bare), "地"))
        at = place.end
    ending = _endings().search(words)
    end = ending.start() if ending else len(words)
    if at < end:
        parts.append(Span(span.start + at, span.start + end, span.letter))
    return parts or [span]


def _figure(text: str, span: Span, mentions: Sequence[Mention]) -> Span:
    """The numeral with what makes it loose (近3000余), the unit left out; a date or period whole."""
    mention = next((each for each in mentions if each.start <= span.start and span.end <= each.end), None)
    if mention is None:
        return span
    if mention.kind in ("date", "period"):
        return Span(mention.start, mention.end, "日", mention)
    start, end = mention.start, mention.numeral_end
    if mention.kind == "ordinal":
        start = mention.numeral_start
    while end < mention.end and text[end] in _LOOSE:
        end += 1
    return Span(start, end, "n", mention)
