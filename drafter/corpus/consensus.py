"""Puts the passages of a search in order by what they have in common: those on the topic of most of them come first.

Passages on one topic say it in different words, and a query has few of them: a ledger's 助餐 leads to 送餐 and 长者食堂 only
through the passages that have both. So each candidate also counts by how near it is to the others, by their scores (scores
smoothed over their neighbours: Diaz, Regularizing ad hoc retrieval scores, CIKM 2005). As the sum over all neighbours is
a product with their centroid, it takes time linear in their texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import fsum, log, sqrt

from drafter.corpus.roles import role_of_heading
from drafter.corpus.tokens import bigrams
from drafter.passages import Passage

CONSIDERED = 30
"""Best candidates that are compared with one another."""


def by_consensus(hits: Sequence[tuple[str, float]], found: Mapping[str, Passage]) -> list[tuple[str, float]]:
    """The hits in a new order, their scores raised by what they share with the best CONSIDERED of them.

    Texts and headings count alike, as sets of character pairs; headings that only state a role (存在的问题) are left out.

    Args:
        hits: ids and scores, best first.
        found: passages by id, the best CONSIDERED among them; hits that are not there keep their place behind.
    """
    known = [hit for hit in hits[:CONSIDERED] if hit[0] in found]
    if len(known) < 3:
        return list(hits)
    scores = [score for _, score in known]
    texts = _agreement(scores, [bigrams(found[key].text) for key, _ in known])
    headings = _agreement(scores, [_headings(found[key].heading) for key, _ in known])
    raised = [
        (key, score + (text + heading) / 2)
        for (key, score), text, heading in zip(known, texts, headings, strict=True)
    ]
    moved = {key for key, _ in known}
    return sorted(raised, key=lambda hit: -hit[1]) + [hit for hit in hits if hit[0] not in moved]


def _agreement(scores: Sequence[float], sets: Sequence[frozenset[str]]) -> list[float]:
    """For each set the sum of the others' scores, each by the cosine of the two; rarer members weigh more.

    Sums over sets are exact, since their order is another in every process and would show in the last digit.
    """
    seen: set[str] = set()
    repeated: set[str] = set()
    for members in sets:
        repeated |= seen & members
        seen |= members
    common = [members & repeated for members in sets]
    frequencies: Counter[str] = Counter()
    for some in common:
        frequencies.update(some)
    weights = [log(len(sets) / count) ** 2 for count in range(1, len(sets) + 1)]
    weight = {member: weights[count - 1] for member, count in frequencies.items()}
    centroid = dict.fromkeys(weight, 0.0)
    told: list[tuple[float, float]] = []
    for score, members, some in zip(scores, sets, common, strict=True):
        own = fsum(map(weight.__getitem__, some))
        length = sqrt(own + weights[0] * (len(members) - len(some))) or 1.0
        told.append((length, score * own / length))
        part = score / length
        for member in some:
            centroid[member] += part
    pull = {member: weight[member] * part for member, part in centroid.items()}
    return [
        (fsum(map(pull.__getitem__, some)) - own) / length
        for some, (length, own) in zip(common, told, strict=True)
    ]


@lru_cache(512)
def _headings(path: tuple[str, ...]) -> frozenset[str]:
    telling = "\n".join(heading for heading in path if role_of_heading(heading) is None)
    return bigrams(telling) if telling else frozenset()
