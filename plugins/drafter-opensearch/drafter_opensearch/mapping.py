"""What stands in the three indexes, and how documents and passages become fields and come back. Knows no connection.

Text is cut into tokens here, by drafter's own rules, and the server only divides it at spaces: no Chinese plugin need
be installed there, and words are the same as in drafter's local index. Strings that are looked for exactly are spelled
out sign by sign, so that a phrase query finds them as they stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from drafter.corpus.periods import months
from drafter.corpus.tokens import tokens
from drafter.passages import Document, Passage

FORMAT = 1
"""Counts changes of what is below; an index of another format is not used."""

PASSAGES, DOCUMENTS, SOURCES = "passages", "documents", "sources"
KINDS = (PASSAGES, DOCUMENTS, SOURCES)

_BREAK = " ‖ "
"""Stands between two fields that are spelled into one, so that no phrase runs from one into the other."""

_KEYWORD = {"type": "keyword", "ignore_above": 8000}
_TOKENS = {"type": "text", "analyzer": "whitespace", "similarity": "BM25"}
_SPELLED = {"type": "text", "analyzer": "whitespace", "norms": False}
_KEPT = {"type": "text", "index": False}
"""Comes back as it was; the server makes nothing of it."""
_INTEGER = {"type": "integer"}
_LONG = {"type": "long"}

_OF_DOCUMENT = {
    "key": _KEYWORD,
    "position": _INTEGER,
    "title": _KEYWORD,
    "theme": _KEYWORD,
    "organization": _KEYWORD,
    "organizations": _KEYWORD,
    "period": _KEYWORD,
    "first": _INTEGER,
    "last": _INTEGER,
}
_FIELDS: dict[str, dict[str, Any]] = {
    PASSAGES: {
        **_OF_DOCUMENT,
        "id": _KEYWORD,
        "document": _KEYWORD,
        "number": _INTEGER,
        "role": _KEYWORD,
        "topic": _KEYWORD,
        "path": _KEPT,
        "body": _KEPT,
        "text": _TOKENS,
        "heading": _TOKENS,
        "place": _SPELLED,
        "about": _SPELLED,
        "spelled": _SPELLED,
    },
    DOCUMENTS: {
        **_OF_DOCUMENT,
        "id": _KEYWORD,
        "source": _KEYWORD,
        "sha256": _KEYWORD,
        "body": _KEPT,
        "spelled": _SPELLED,
    },
    SOURCES: {
        "key": _KEYWORD,
        "path": _KEYWORD,
        "root": _KEYWORD,
        "size": _LONG,
        "mtime": _LONG,
        "sha256": _KEYWORD,
        "problem": _KEYWORD,
        "documents": _INTEGER,
        "version": _KEYWORD,
    },
}


def creation(kind: str) -> dict[str, Any]:
    """The body that creates the index of a kind. One shard: scores of several do not compare."""
    return {
        "settings": {"index": {"number_of_shards": 1}},
        "mappings": {
            "dynamic": "strict",
            "_meta": {"drafter": {"kind": kind, "format": FORMAT}},
            "properties": _FIELDS[kind],
        },
    }


def spelled(text: str) -> str:
    """The signs of a text without its white space, divided by spaces."""
    return " ".join("".join(text.split()))


_ABOVE = re.compile("^[\u3400-\u9fff]{1,8}?(?:省|自治区|自治州|市|州|盟|县|区|旗)(?=[\u3400-\u9fff]{2})")
_ABOVE_VILLAGE = re.compile("^[\u3400-\u9fff]{1,8}?(?:镇|乡|街道)(?=[\u3400-\u9fff]{1,8}(?:村|社区)$)")


def names_of(organization: str) -> list[str]:
    """An organisation's name in full and with what is above it left out: 安澜县竹溪镇, 竹溪镇."""
    names = [organization] if organization else []
    while names and (above := _ABOVE.match(names[-1]) or _ABOVE_VILLAGE.match(names[-1])):
        names.append(names[-1][above.end() :])
    return names


def own_id(key: str, document: Document, number: int) -> str:
    """The id of a document of the source `key`: the same for the same text there, whoever takes it in from wherever.

    `number` counts the documents before it in the same file with the same text.
    """
    told = f"{key}\0{document.text}\0{number}".encode("utf-8", "surrogatepass")
    return f"d{hashlib.sha256(told).hexdigest()[:16]}"


def source_id(key: str) -> str:
    """The id of a source's record; a path may be longer than an id may be."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _shared(document: Document, key: str, position: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "key": key,
        "position": position,
        "title": document.title,
        "theme": document.theme,
        "organization": document.organization,
        "organizations": names_of(document.organization),
        "period": document.period,
    }
    span = months(document.period) if document.period else None
    return fields if span is None else {**fields, "first": span[0], "last": span[1]}


def document_fields(document: Document, key: str, position: int, sha256: str) -> dict[str, Any]:
    """A document as it is indexed; `key` is its source's, `position` its place in that."""
    return {
        **_shared(document, key, position),
        "id": document.id,
        "source": document.source,
        "sha256": sha256,
        "body": document.text,
        "spelled": spelled(document.text),
    }


def passage_fields(
    passage: Passage, number: int, document: Document, key: str, position: int
) -> dict[str, Any]:
    """The `number`-th passage of a document as it is indexed, with what filters ask of its document."""
    above = (*passage.heading, passage.topic)
    return {
        **_shared(document, key, position),
        "id": passage.id,
        "document": passage.document,
        "number": number,
        "role": passage.role,
        "topic": passage.topic,
        "path": list(passage.heading),
        "body": passage.text,
        "text": " ".join(tokens(passage.text)),
        "heading": " ".join(tokens(" ".join(above))),
        "place": _BREAK.join(map(spelled, above)),
        "about": _BREAK.join((spelled(document.title), spelled(document.theme))),
        "spelled": spelled(passage.text),
    }


PASSAGE_FIELDS = ["id", "document", "path", "role", "topic", "body"]
DOCUMENT_FIELDS = ["id", "title", "theme", "organization", "period", "source", "body"]


def passage_of(source: Mapping[str, Any]) -> Passage:
    """A passage from its fields, not yet masked."""
    return Passage(
        id=source["id"],
        document=source["document"],
        heading=tuple(source["path"]),
        role=source["role"],
        topic=source["topic"],
        text=source["body"],
    )


def document_of(source: Mapping[str, Any]) -> Document:
    """A document from its fields."""
    return Document(
        id=source["id"],
        title=source["title"],
        theme=source["theme"],
        organization=source["organization"],
        period=source["period"],
        source=source["source"],
        text=source["body"],
    )
