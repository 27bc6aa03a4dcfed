"""Turns what drafter asks into the server's query language. Knows the mapping, and no connection.

Only what OpenSearch and Elasticsearch have in common: bool, constant_score, match, match_phrase, term, terms, range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from drafter.corpus.index import FAVOUR
from drafter.corpus.periods import months
from drafter.corpus.tokens import tokens
from drafter.passages import Query

from drafter_opensearch.mapping import PASSAGE_FIELDS, names_of, spelled

MOST_WORDS = 400
"""Words of one search; each is two clauses, and servers allow 1,024 by default."""
HEADING = 0.6
"""What a word in a heading counts beside one in the text, as in drafter's local index."""
LONGEST_PHRASE = 64
"""Signs of a phrase that the server looks for; the rest is compared here."""


def words_of(query: Query) -> list[str]:
    """The tokens that a search is for, each once."""
    return list(dict.fromkeys(tokens(f"{query.text} {query.topic}")))[:MOST_WORDS]


def filters(query: Query) -> list[dict[str, Any]]:
    """What a passage has to fit: one clause or more for each filter that is set."""
    clauses: list[dict[str, Any]] = []
    if query.role is not None:
        clauses.append({"term": {"role": query.role}})
    clauses += [phrase("place", word) for word in _words(query.topic)]
    clauses += [phrase("about", word) for word in _words(query.theme)]
    if query.organization.strip():
        clauses.append(_organization(query.organization.strip()))
    if query.period.strip():
        clauses += _period(query.period.strip())
    return clauses


def favoured(query: Query) -> list[dict[str, Any]]:
    """What a report of the favoured theme adds to a passage's score, as in drafter's local index."""
    words = _words(query.favoured_theme)
    return [
        {"constant_score": {"filter": phrase("about", word), "boost": FAVOUR / len(words)}} for word in words
    ]


def _organization(name: str) -> dict[str, Any]:
    """Either name may be the longer: the one that is asked for, or the one that stands in the report."""
    full = {"terms": {"organization": names_of(name)}}
    return {"bool": {"should": [{"term": {"organizations": name}}, full], "minimum_should_match": 1}}


def _period(period: str) -> list[dict[str, Any]]:
    span = months(period)
    if span is None:  # no months can be told: the same words, at least
        return [{"term": {"period": period}}]
    return [{"range": {"first": {"gte": span[0]}}}, {"range": {"last": {"lte": span[1]}}}]


def _words(text: str) -> list[str]:
    """The words of a filter; single signs (和, 的) only where there is nothing else."""
    import rjieba

    found = [word for word in rjieba.cut(text) if any(sign.isalnum() for sign in word)]
    return list(dict.fromkeys([word for word in found if len(word) > 1] or found))


def phrase(field: str, text: str) -> dict[str, Any]:
    """That a spelled field holds this string, as far as LONGEST_PHRASE goes, white space aside."""
    return {"match_phrase": {field: " ".join(spelled(text).split(" ")[:LONGEST_PHRASE])}}


def passages(
    words: Sequence[str],
    fit: Sequence[dict[str, Any]],
    unfit: Sequence[dict[str, Any]],
    exclude: Iterable[str],
    size: int,
    more: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The search for passages with any of the words that fit all of `fit` and not all of `unfit`, best first.

    What fits a clause of `more` scores higher, and is found without any of the words too.
    Equal scores go by id, so that the same index gives the same order from every copy.
    """
    told = " ".join(words)
    without: list[dict[str, Any]] = []
    if excluded := list(exclude):
        without.append({"terms": {"document": excluded}})
    if unfit:
        without.append({"bool": {"filter": list(unfit)}})
    return {
        "size": size,
        "_source": PASSAGE_FIELDS,
        "query": {
            "bool": {
                "should": [
                    {"match": {"text": {"query": told}}},
                    {"match": {"heading": {"query": told, "boost": HEADING}}},
                    *more,
                ],
                "minimum_should_match": 1,
                "filter": list(fit),
                "must_not": without,
            }
        },
        "sort": [{"_score": "desc"}, {"id": "asc"}],
    }
