"""Reads plain text files into documents. Knows encodings and cleaning by name only; other formats are plugins."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from drafter.passages import Document


class TextReader:
    """Reads .txt, .text, .md and .markdown in any usual encoding."""

    name = "text"
    suffixes: tuple[str, ...] = (".txt", ".text", ".md", ".markdown")

    def read(self, path: Path) -> Iterable[Document]:
        """The reports in a text file, cleaned and told apart.

        Raises:
            CorpusError: missing, unreadable, empty, binary or too large, or in an unknown encoding.
        """
        from drafter.corpus.readers.encoding import read_text
        from drafter.corpus.reports import documents_of

        markdown = path.suffix.lower() in (".md", ".markdown")
        return documents_of(read_text(path), str(path), markdown=markdown)
