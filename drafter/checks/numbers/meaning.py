"""Words that an office's writers use for the same thing: the groups of synonyms.txt."""

from __future__ import annotations

import re
from functools import cache

from drafter.checks.rules import read_rules


@cache
def synonyms() -> tuple[re.Pattern[str], dict[str, frozenset[int]]]:
    """The words that have others of the same meaning, and for each the groups it is in."""
    groups: dict[str, set[int]] = {}
    for number, row in enumerate(read_rules("synonyms.txt", 99)):
        for word in row:
            groups.setdefault(word, set()).add(number)
    pattern = re.compile("|".join(sorted(groups, key=len, reverse=True)))
    return pattern, {word: frozenset(found) for word, found in groups.items()}


def senses(text: str) -> frozenset[str]:
    """A mark for each group of which a word stands in the text: that of 归还 is that of 还回."""
    pattern, groups = synonyms()
    return frozenset(f"={number}" for word in pattern.findall(text) for number in groups[word])
