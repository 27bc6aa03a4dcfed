"""Seals what goes to a writer: the ledger once for the whole report, drafts and advice as they are sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from typing import Any

from drafter.comparisons import Change, Compared, Comparison
from drafter.corpus import rules
from drafter.corpus.masking import SLOT as MASK
from drafter.corpus.masking import local_names
from drafter.corpus.names import find_doubtful, find_names
from drafter.facts import Fact, Facts
from drafter.passages import Passage
from drafter.quantities import Mention, find
from drafter.sealing.book import Book, Entry
from drafter.sealing.filling import Filled, fill
from drafter.sealing.slots import KINDS, SLOT, names_in
from drafter.sealing.spans import Span, sealed_spans

_LOCAL = "x"
_HEADER = ("organization", "period", "theme", "title", "recipient", "document_number", "signer", "contact")
_FIGURE = re.compile(r"[\d.,]+[万亿]?")
_WHOLE = {"organization": "单"}
"""What a header's field is where nothing in it is found to be a name: sealed all the same."""


@dataclass
class Tally:
    """How writers used the slots of one report, over whole replies: figures that were given to be told, and of these the
    ones that came back to be filled; and slots by how they were misused (see Misuse)."""

    given: int = 0
    back: int = 0
    misused: Counter[str] = field(default_factory=Counter)

    def note(self, allowed: Mapping[str, int], filled: Filled) -> None:
        """Add a reply."""
        self.given += len(allowed)
        self.back += len(set(allowed) & {name for code in filled.used for name in names_in(code)})
        self.misused.update(each.kind for each in filled.misuses)


class Seal:
    """The sealing of one report.

    Args:
        ledger: the open ledger.
        comparison: its figures beside those of an earlier period.
        always: words that are sealed wherever they stand, whatever they are.
        never: words that stay readable, besides the nation's common names; `*` at the end means any ending.
    """

    def __init__(
        self,
        ledger: Facts,
        comparison: Comparison | None = None,
        *,
        always: Sequence[str] = (),
        never: Sequence[str] = (),
    ) -> None:
        self._always, self._never = tuple(always), tuple(never)
        texts = [
            *_header(ledger).values(),
            *(text for fact in ledger.facts for text in (fact.text, fact.topic)),
        ]
        whole = "\n".join(texts)
        self._known = [*local_names(whole), *find_doubtful(whole)]
        self.book = Book()
        self.tally = Tally()
        self.offered: dict[str, str] = {}
        """What expressions come to that prompts offer, by the expression."""
        for name, text in _header(ledger).items():
            self._register(text, "", _WHOLE.get(name))
        for name in _people(ledger):
            self._register(name, "", "人")
        for fact in ledger.facts:
            self._register(fact.text, fact.id)
            self._register(fact.topic, "")
        relation = comparison.compared[0].relation if comparison and comparison.compared else None
        if relation is not None:
            # 较2022年上半年 names a date that the ledger may not have
            self._register(relation.former, "")
            self._register(relation.lead, "")
        self.ledger = self._sealed_ledger(ledger)
        self._facts = {fact.id: fact for fact in self.ledger.facts}
        compared = comparison.compared if comparison else ()
        self._compared = {(each.fact, each.start): self._of_compared(each) for each in compared}
        self._derived = {fact.id: tuple(self._rates(fact)) for fact in ledger.facts}

    def local(self, facts: Sequence[Fact] = ()) -> Local:
        """What seals the texts of one request about these facts and fills its reply."""
        return Local(self, tuple(fact.id for fact in facts))

    def fact(self, fact: Fact) -> Fact:
        """A fact of the ledger, sealed."""
        return self._facts[fact.id]

    def compared(self, each: Compared) -> Compared:
        """A comparison of a fact's figure, its changes told as expressions over slots."""
        return self._compared[each.fact, each.start]

    def derived(self, fact: Fact) -> tuple[str, ...]:
        """What may be computed of a fact's figures, told with expressions over slots: 整改率⟦n2/n1⟧."""
        return self._derived[fact.id]

    def passage(self, passage: Passage) -> Passage:
        """A passage whose masked text holds nothing that masking left and sealing would take."""
        masked = self._replaced(
            passage.masked,
            lambda text, span: f"〔{KINDS[span.letter]}〕",
            lambda entry: f"〔{KINDS[entry.code[0]]}〕",
        )
        return passage.model_copy(update={"masked": masked})

    def plain(self, text: str) -> str:
        """The text with blanks for all that is sealed: what may be searched for elsewhere."""
        return MASK.sub(" ", self._replaced(text, lambda text, span: " ", lambda entry: " "))

    def rows(self) -> Iterator[dict[str, Any]]:
        """The map, one row a slot: what is kept in the journal."""
        for entry in self.book:
            yield {
                "slot": entry.code,
                "words": entry.words,
                "behind": entry.behind,
                "facts": list(entry.told),
            }

    def allowed(self, facts: Sequence[Fact]) -> dict[str, int]:
        """How often these facts tell each figure, by its slot."""
        counts = {
            entry.code: sum(entry.told.get(fact.id, 0) for fact in facts)
            for entry in self.book
            if entry.code.startswith("n")
        }
        return {code: count for code, count in counts.items() if count}

    def _register(self, text: str, fact: str, whole: str | None = None) -> None:
        spans = self.spans(text)
        if whole and text and not spans and not _is_plain(text):
            spans = [Span(0, len(text), whole)]
        for span in spans:
            self.book.keep(text, span, fact)

    def spans(self, text: str) -> list[Span]:
        """What of a text is sealed by itself."""
        return sealed_spans(text, self._known, always=self._always, never=self._never)

    @cached_property
    def _names(self) -> tuple[re.Pattern[str] | None, dict[str, Entry]]:
        never = {word.strip("《》“”").rstrip("*") for word in self._never}
        names = {words: entry for words, entry in self.book.names() if words not in never}
        return (re.compile(rules.alternation(names)) if names else None), names

    def _replaced(
        self, text: str, of_span: Callable[[str, Span], str], of_name: Callable[[Entry], str]
    ) -> str:
        """The text with something else for each sealed span, and for sealed names in what is left."""
        pattern, names = self._names

        def named(part: str) -> str:
            if pattern is None:
                return part
            return "".join(
                piece if place % 2 else pattern.sub(lambda match: of_name(names[match[0]]), piece)
                for place, piece in enumerate(
                    re.split(f"({SLOT.pattern.replace('(', '(?:')}|{MASK.pattern})", part)
                )
            )

        out, at = [], 0
        for span in self.spans(text):
            out += [named(text[at : span.start]), of_span(text, span)]
            at = span.end
        return "".join([*out, named(text[at:])])

    def _sealed(self, text: str, fact: str = "") -> str:
        """A text of the ledger."""

        def slot(text: str, span: Span) -> str:
            entry = self.book.find(text, span, fact) or self.book.add(text, span)
            return f"⟦{entry.code}⟧"

        return self._replaced(text, slot, lambda entry: f"⟦{entry.code}⟧")

    def _sealed_ledger(self, ledger: Facts) -> Facts:
        header = {
            name: self._sealed(text) if self.spans(text) or _is_plain(text) else self._whole(text)
            for name, text in _header(ledger).items()
            if name in _HEADER
        }
        facts = [
            fact.model_copy(
                update={"text": self._sealed(fact.text, fact.id), "topic": self._sealed(fact.topic)}
            )
            for fact in ledger.facts
        ]
        empty: dict[str, Any] = {"date": "", "attachments": [], "outline": None}
        return ledger.model_copy(update={**empty, **header, "facts": facts})

    def _whole(self, text: str) -> str:
        """A header's field that is one name as a whole, or has none."""
        entry = self.book.find(text, Span(0, len(text), "名"))
        return f"⟦{entry.code}⟧" if entry else self._sealed(text)

    def _of_compared(self, each: Compared) -> Compared:
        relation = each.relation.model_copy(
            update={"lead": self._sealed(each.relation.lead), "former": self._sealed(each.relation.former)}
        )
        shown = {"relation": relation, "previous_figure": "", "previous_text": ""}
        ours = self._entry_at(each)
        then = next((m for m in find(each.previous_text) if m.start == each.previous_start), None)
        if ours is None or then is None:
            return each.model_copy(update={**shown, "figure": "", "changes": ()})
        theirs = self.book.add(each.previous_text, Span(then.start, then.end, "n", then))
        theirs.words, theirs.behind = then.text, ""
        changes = tuple(self._of_change(change, ours.code, theirs.code) for change in each.changes)
        figure = f"⟦{ours.code}⟧{ours.behind}"
        return each.model_copy(update={**shown, "figure": figure, "changes": changes})

    def _entry_at(self, each: Compared) -> Entry | None:
        """The slot of the figure that a comparison is about."""
        for entry in self.book:
            mention = entry.mention
            if each.fact in entry.told and mention is not None and mention.text == each.figure:
                return entry
        return None

    def _of_change(self, change: Change, ours: str, theirs: str) -> Change:
        high, low = (ours, theirs) if change.value > 0 else (theirs, ours)
        code = f"({high}-{low})/{theirs}" if change.kind == "growth" else f"{high}-{low}"
        figure = _FIGURE.match(change.figure)
        if change.kind == "growth" or figure is None:
            words, unit = change.figure, ""
        else:
            words, unit = figure[0], change.figure[figure.end() :]
        self.offered[code] = words
        return change.model_copy(update={"figure": f"⟦{code}⟧{unit}", "formula": code})

    def _rates(self, fact: Fact) -> Iterator[str]:
        """Shares that a clerk would tell of a whole and its part in one fact: 发现43处，整改41处."""
        if any(word in fact.text for word in ("率", "%", "％", "占")):
            return
        figures = [
            (span.mention, entry)
            for span in self.spans(fact.text)
            if span.letter == "n" and (entry := self.book.find(fact.text, span, fact.id)) is not None
        ]
        for (one, whole), (other, part) in pairwise(figures):
            if one is None or other is None or None in (one.value, other.value) or whole is part:
                continue
            exact = one.approximation is None and other.approximation is None and not (one.high or other.high)
            if exact and one.unit == other.unit and one.value and other.value and other.value <= one.value:
                rate = next((rate for deed, rate in _table() if _has_deed(fact.text, other, deed)), "")
                if rate:
                    yield f"{rate}⟦{part.code}/{whole.code}⟧"


def _has_deed(text: str, mention: Mention, deed: str) -> bool:
    """Whether a figure's clause says that so many were done with: 已整改41处."""
    clause = re.split("[，。；、]", text[: mention.start])[-1]
    return clause.removeprefix("已").removeprefix("全部").startswith(deed)


@cache
def _table() -> tuple[tuple[str, str], ...]:
    text = (
        resources.files("drafter.sealing").joinpath("data").joinpath("rates.txt").read_text(encoding="utf-8")
    )
    rows = (line.partition("#")[0].split() for line in text.splitlines())
    return tuple((row[0], row[1]) for row in rows if len(row) == 2)


def _header(ledger: Facts) -> dict[str, str]:
    """The header's lines by the name of the field; those of lists with their number."""
    found = {name: getattr(ledger, name) or "" for name in _HEADER}
    found |= {f"outline {place}": entry.heading or "" for place, entry in enumerate(ledger.outline or ())}
    return {name: text for name, text in found.items() if text}


def _people(ledger: Facts) -> list[str]:
    """Who signs and who may be asked: names by themselves, which nothing around them shows to be names."""
    words = re.findall("[\u3400-\u9fff]+", f"{ledger.signer} {ledger.contact}")
    family = {name for key in ("plain", "wordy", "title", "double") for name in rules.table("surnames")[key]}
    return [word for word in words if 2 <= len(word) <= 4 and (word[0] in family or word[:2] in family)]


def _is_plain(text: str) -> bool:
    """Whether a header's field has only what anybody has: 县委宣传部, 安全生产工作."""
    names = find_names(text)
    return bool(names) and all(name.common for name in names)


@dataclass
class Local:
    """Seals the texts of one request, and fills its reply. Words that the ledger does not have get slots of their own."""

    seal: Seal
    facts: tuple[str, ...] = ()
    book: Book = field(default_factory=Book)

    def text(self, text: str) -> str:
        """Any text, such as a draft or what a check says of it."""

        def slot(text: str, span: Span) -> str:
            entry = self.seal.book.find(text, span, near=self.facts) or self.book.find(text, span)
            return f"⟦{(entry or self.book.add(text, span, _LOCAL)).code}⟧"

        return self.seal._replaced(text, slot, lambda entry: f"⟦{entry.code}⟧")

    def fill(self, reply: str, sent: Sequence[str], *, whole: bool = True) -> Filled:
        """A reply with its slots filled; slots that stand in nothing that was sent are none of its own.

        Args:
            reply: what the writer said.
            sent: the texts that it was sent.
            whole: whether the reply is the whole text of the facts, which tells each figure as often as they do.
        """
        shown = {name for text in sent for match in SLOT.finditer(text) for name in names_in(match[1])}
        entries = {
            code: entry
            for code, entry in {**self.seal.book.entries, **self.book.entries}.items()
            if code in shown
        }
        offered = {code: words for code, words in self.seal.offered.items() if set(names_in(code)) <= shown}
        facts = [self.seal._facts[each] for each in self.facts if each in self.seal._facts]
        allowed = self.seal.allowed(facts) if whole else {}
        filled = fill(reply, entries, offered, allowed)
        self.seal.tally.note(allowed, filled)
        return filled

    def opened(self, text: str) -> str:
        """A sealed text with words for its slots, as it would read unsealed."""
        entries = {**self.seal.book.entries, **self.book.entries}
        return SLOT.sub(lambda slot: entries[slot[1]].words if slot[1] in entries else slot[0], text)
