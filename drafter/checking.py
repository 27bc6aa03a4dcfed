"""Checking a text that drafter need not have written, against a ledger and past reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drafter import checks
from drafter.drafting import CorpusLike, FactsLike, as_facts, open_retriever
from drafter.errors import InputError, SettingsError
from drafter.passages import Passage, Query
from drafter.plugins import CheckContext, Registry, Retriever, load_registry
from drafter.report import CheckResult
from drafter.settings import Settings, load_settings

NEIGHBOURS = 3
"""Past passages looked up for each paragraph of the text, as those it may have been copied from."""


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
    retriever = open_retriever(corpus, settings, registry)
    try:
        context = CheckContext(
            ledger=ledger,
            expected=[fact for fact in ledger.facts if fact.required],
            examples=_near(text, retriever),
            lookup=getattr(retriever, "containing", None),
            markdown=markdown,
            phrases=(*settings.phrases, *getattr(retriever, "phrases", ())),
            common_names=settings.common_names,
        )
        chosen = [registry.checks[name] for name in names]
        return checks.run(text, context, chosen, silenced=settings.silenced)
    finally:
        close = getattr(retriever, "close", None)
        if retriever is not corpus and close is not None:
            close()


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
