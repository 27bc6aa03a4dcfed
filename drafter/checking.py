"""Checking a text that drafter need not have written, against a ledger and past reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import overload

from drafter import checks
from drafter.checks.copying import SHARED
from drafter.checks.placeholder import without_flags
from drafter.errors import InputError, SettingsError
from drafter.events import load_events
from drafter.facts import Facts
from drafter.inputs import CorpusLike, FactsLike, as_facts, open_retriever, refuse_unknown_checks
from drafter.passages import Copy, Passage, Query
from drafter.plugins import CheckContext, Registry, Retriever, load_registry
from drafter.report import CheckResult
from drafter.settings import Settings, load_settings

MAX_CHARS = 300_000
"""A work report has some thousand characters, the longest plan a hundred thousand; what is beyond this is another file."""
NO_FACTS = Facts.model_construct(organization="", period="", theme="", facts=[])
"""The ledger of a text that is checked without one."""
NEIGHBOURS = 3
"""Past passages looked up for each paragraph of the text, where the retriever cannot tell what was copied."""

_LINE_ENDS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))


def check(
    text: str,
    facts: FactsLike | None,
    *,
    corpus: CorpusLike | None = None,
    only: Sequence[str] = (),
    settings: Settings | None = None,
    registry: Registry | None = None,
    markdown: bool = True,
) -> CheckResult:
    """Run the checks on a text.

    Args:
        text: the report, markdown or plain.
        facts: a path to a facts file, its plain data, or a loaded ledger; None: only the checks that need no facts.
        corpus: past reports from which nothing may have leaked.
        only: names of the checks to run; empty for those of the settings, by default all.
        settings: by default gathered from the settings files and the environment.
        registry: by default the built-in checks and installed plugins.
        markdown: whether headings with # and the like are rightful in the text.

    Raises:
        InputError: the facts or the corpus cannot be used, a check of that name is not there or needs facts that there
            are none of, or the text is longer than any report (MAX_CHARS).
    """
    settings = settings or load_settings()
    registry = registry or load_registry(settings.plugins)
    events = load_events(settings.period_lexicon)
    names, _ = chosen_checks(only, settings, registry, with_facts=facts is not None)
    if len(text) > MAX_CHARS:
        raise InputError(
            f"这篇稿子有 {len(text) / 10_000:.0f} 万字，超过上限 {MAX_CHARS // 10_000} 万字，不像一份报告；请分成几份核对"
        )
    ledger = NO_FACTS if facts is None else as_facts(facts)
    retriever = open_retriever(corpus, settings, registry)
    try:
        copies = getattr(retriever, "copies", None)
        copies = lru_cache(maxsize=2)(copies) if copies else None  # asked here and by the check
        context = CheckContext(
            ledger=ledger,
            expected=[fact for fact in ledger.facts if fact.required],
            examples=_Copied(text, copies) if copies else _near(text, retriever),
            lookup=getattr(retriever, "containing", None),
            copies=copies,
            markdown=markdown,
            phrases=(*settings.phrases, *getattr(retriever, "phrases", ())),
            allow_copying_from=settings.allow_copying_from,
            events=events,
            common_names=settings.common_names,
        )
        chosen = [registry.checks[name] for name in names]
        return checks.run(text, context, chosen, silenced=settings.silenced)
    finally:
        close = getattr(retriever, "close", None)
        if retriever is not corpus and close is not None:
            close()


class _Copied(Sequence[Passage]):
    """The past passages that runs of the text stand in, those with the longest first: what it was made from, if anything.

    They are looked up when a check first asks: that takes longer than most checks, which do not ask.
    """

    def __init__(self, text: str, copies: Callable[[str, int], Sequence[Copy]]) -> None:
        self._text, self._copies = text, copies

    @cached_property
    def _passages(self) -> list[Passage]:
        found = sorted(self._copies(without_flags(self._text), SHARED), key=lambda copy: -copy.same)
        return list({copy.passage.id: copy.passage for copy in found if copy.passage}.values())

    def __len__(self) -> int:
        return len(self._passages)

    def __iter__(self) -> Iterator[Passage]:
        return iter(self._passages)

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: int | slice) -> Passage | Sequence[Passage]:
        return self._passages[place]


def chosen_checks(
    only: Sequence[str], settings: Settings, registry: Registry, *, with_facts: bool
) -> tuple[list[str], list[str]]:
    """The names of the checks to run, and of those that are left out because they need facts and there are none.

    Raises:
        SettingsError: a check of that name is not there, or one that was asked for needs facts.
    """
    names = list(only) or settings.checks or list(registry.checks)
    refuse_unknown_checks(names, registry, where="" if only else "checks：")
    lacking = [name for name in names if getattr(registry.checks[name], "needs_facts", True)]
    if with_facts or not lacking:
        return names, []
    if only or len(lacking) == len(names):
        raise SettingsError(f"检查“{lacking[0]}”要对照事实，请用 --facts 给出事实文件")
    return [name for name in names if name not in lacking], lacking


def _near(text: str, retriever: Retriever | None) -> list[Passage]:
    if retriever is None:
        return []
    found: dict[str, Passage] = {}
    for paragraph in text.splitlines():
        if len(paragraph.strip()) >= 30:
            query = Query(text=paragraph[:400], limit=NEIGHBOURS)
            found |= {passage.id: passage for passage in retriever.search(query)}
    return list(found.values())


def read_text(path: Path) -> str:
    """A text to be checked, read as the corpus reads past reports: .md, .txt, .docx, .pdf, web pages, .doc and the like.

    Of a document it is the paragraphs joined by line feeds; offsets of findings are places in that text. Every end of a
    line (CR LF, the separators of Unicode) is one line feed in it.

    Raises:
        InputError: the file cannot be read as text.
    """
    from drafter.corpus.readers.encoding import read_text as read
    from drafter.corpus.readers.formats import SUFFIXES, text_of

    suffix = path.suffix.lower()
    if suffix not in (".md", ".txt", *SUFFIXES):
        raise InputError(
            f"{path}：只能核对 .md、.txt、.docx、.pdf、网页（.html、.mht）和 .doc、.wps、.rtf、.odt，现在是“{path.suffix}”；请另存为其中一种"
        )
    text = text_of(path) if suffix in SUFFIXES else read(path)
    if len(text) > MAX_CHARS:
        raise InputError(
            f"{path}：有 {len(text) / 10_000:.0f} 万字，超过上限 {MAX_CHARS // 10_000} 万字，不像一份报告；请分成几份核对"
        )
    return text.replace("\r\n", "\n").translate(_LINE_ENDS)


def notes_on(path: Path) -> list[str]:
    """What `read_text` leaves out of the file, or takes in one of two ways, as Chinese sentences for whoever has it checked.

    Raises:
        InputError: as `read_text`.
    """
    from drafter.corpus.readers.formats import SUFFIXES
    from drafter.corpus.readers.formats import notes_on as notes

    return notes(path) if path.suffix.lower() in SUFFIXES else []
