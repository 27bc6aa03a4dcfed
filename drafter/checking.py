"""Checking a text that drafter need not have written, against a ledger and past reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from drafter import checks
from drafter.checks.copying import SHARED
from drafter.checks.placeholder import without_flags
from drafter.drafting import CorpusLike, FactsLike, as_facts, open_retriever
from drafter.errors import InputError, SettingsError
from drafter.events import load_events
from drafter.passages import Copy, Passage, Query
from drafter.plugins import CheckContext, Registry, Retriever, load_registry
from drafter.report import CheckResult
from drafter.settings import Settings, load_settings

NEIGHBOURS = 3
"""Past passages looked up for each paragraph of the text, where the retriever cannot tell what was copied."""


def check(
    text: str,
    facts: FactsLike,
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
        facts: a path to a facts file, its plain data, or a loaded ledger.
        corpus: past reports from which nothing may have leaked.
        only: names of the checks to run; empty for those of the settings, by default all.
        settings: by default gathered from the settings files and the environment.
        registry: by default the built-in checks and installed plugins.
        markdown: whether headings with # and the like are rightful in the text.

    Raises:
        InputError: the facts or the corpus cannot be used, or a check of that name is not there.
    """
    settings = settings or load_settings()
    registry = registry or load_registry(settings.plugins)
    names = list(only) or settings.checks or list(registry.checks)
    unknown = [name for name in names if name not in registry.checks]
    if unknown:
        raise SettingsError(f"没有名为“{unknown[0]}”的检查，可用的有 {'、'.join(registry.checks)}")
    ledger = as_facts(facts)
    events = load_events(settings.period_lexicon)
    retriever = open_retriever(corpus, settings, registry)
    try:
        copies = getattr(retriever, "copies", None)
        copies = lru_cache(maxsize=2)(copies) if copies else None  # asked here and by the check
        context = CheckContext(
            ledger=ledger,
            expected=[fact for fact in ledger.facts if fact.required],
            examples=_passages_copied(text, copies) if copies else _near(text, retriever),
            lookup=getattr(retriever, "containing", None),
            copies=copies,
            markdown=markdown,
            phrases=(*settings.phrases, *getattr(retriever, "phrases", ())),
            allow_copying_from=settings.allow_copying_from,
            events=events,
        )
        chosen = [registry.checks[name] for name in names]
        return checks.run(text, context, chosen, silenced=settings.silenced)
    finally:
        close = getattr(retriever, "close", None)
        if retriever is not corpus and close is not None:
            close()


def _passages_copied(text: str, copies: Callable[[str, int], Sequence[Copy]]) -> list[Passage]:
    """The past passages that runs of the text stand in, those with the longest first: what it was made from, if anything."""
    found = sorted(copies(without_flags(text), SHARED), key=lambda copy: -copy.same)
    return list({copy.passage.id: copy.passage for copy in found if copy.passage}.values())


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

    Of a document it is the paragraphs joined by line feeds; offsets of findings are places in that text.

    Raises:
        InputError: the file cannot be read as text.
    """
    from drafter.corpus.readers.encoding import read_text as read
    from drafter.corpus.readers.formats import SUFFIXES, text_of

    suffix = path.suffix.lower()
    if suffix not in (".md", ".txt", *SUFFIXES):
        raise InputError(
            f"{path}：只能核对 .md、.txt、.docx、.pdf、网页（.html、.mht）和 .doc、.wps、.rtf、.odt，现在是“{path.suffix}”"
        )
    return text_of(path) if suffix in SUFFIXES else read(path)
