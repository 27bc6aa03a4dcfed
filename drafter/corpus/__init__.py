"""Past reports: read → clean → split → mask → index → search. Cheap to import: parts load when they are used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.plugins.hookspecs import Register, hookimpl

if TYPE_CHECKING:
    from drafter.corpus.cleaning import clean
    from drafter.corpus.lexicon import Name
    from drafter.corpus.local import FolderRetriever, open_corpus, open_folder
    from drafter.corpus.masking import mask
    from drafter.corpus.names import find_names
    from drafter.corpus.readers.office import OfficeReader
    from drafter.corpus.readers.pdf import PdfReader
    from drafter.corpus.readers.text import TextReader
    from drafter.corpus.readers.web import WebReader
    from drafter.corpus.readers.word import WordReader
    from drafter.corpus.reports import documents_of
    from drafter.corpus.results import AddReport, Stats
    from drafter.corpus.splitting import split
    from drafter.corpus.store import Corpus, open_store
    from drafter.plugins.protocols import Reader, Retriever
    from drafter.settings import Settings

_WHERE = {
    "AddReport": "results",
    "Corpus": "store",
    "FolderRetriever": "local",
    "Name": "lexicon",
    "OfficeReader": "readers.office",
    "PdfReader": "readers.pdf",
    "Stats": "results",
    "TextReader": "readers.text",
    "WebReader": "readers.web",
    "WordReader": "readers.word",
    "clean": "cleaning",
    "documents_of": "reports",
    "find_names": "names",
    "mask": "masking",
    "open_corpus": "local",
    "open_folder": "local",
    "open_store": "store",
    "split": "splitting",
}

__all__ = [
    "AddReport",
    "Corpus",
    "FolderRetriever",
    "Name",
    "OfficeReader",
    "PdfReader",
    "Stats",
    "TextReader",
    "WebReader",
    "WordReader",
    "clean",
    "documents_of",
    "find_names",
    "mask",
    "open_corpus",
    "open_folder",
    "open_store",
    "register_readers",
    "register_retrievers",
    "split",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def _open_local(
    paths: Sequence[Path], settings: Settings, readers: Mapping[str, Reader] | None = None
) -> Retriever:
    from drafter.corpus.local import open_corpus

    return open_corpus(paths, settings, readers=readers)


@hookimpl
def register_readers(register: Register) -> None:
    """The built-in readers: text files, .docx, .pdf, web pages, and what LibreOffice can read."""
    from drafter.corpus.readers.office import OfficeReader
    from drafter.corpus.readers.pdf import PdfReader
    from drafter.corpus.readers.text import TextReader
    from drafter.corpus.readers.web import WebReader
    from drafter.corpus.readers.word import WordReader

    register(TextReader())
    register(WordReader())
    register(PdfReader())
    register(WebReader())
    register(OfficeReader())


@hookimpl
def register_retrievers(register: Register) -> None:
    """The retriever over folders and stores on this machine."""
    register(_open_local, name="local")
