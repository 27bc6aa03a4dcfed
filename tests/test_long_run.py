"""A short form of the long run: a batch through a server that misbehaves, killed and started anew."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.long_run import Seen, counted, difference, run


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_a_batch_that_is_killed_and_meets_faults_loses_nothing(tmp_path: Path) -> None:
    told = run(4, 3, 2, tmp_path)
    assert told.kills >= 2
    assert told.sent > 40
    assert told.befallen, "the server did not misbehave"
    assert (told.lost, told.twice, told.unused, told.missing, told.different) == (0, 0, 0, [], [])


def test_what_is_lost_is_told_from_what_had_not_reached_the_disk() -> None:
    seen = Seen(0)
    seen.events = [
        ("asked", "a"),
        ("sent", "a"),
        ("asked", "b"),
        ("sent", "b"),
        ("asked", "c"),
        ("sent", "c"),
    ]
    seen.events += [("asked", "c"), ("sent", "c")]  # no kill between
    seen.events += [
        ("asked", "d"),
        ("struck", ""),
        ("sent", "d"),
        ("killed", ""),
        ("asked", "d"),
        ("asked", "a"),
        ("sent", "a"),
        ("asked", "b"),
        ("sent", "b"),
    ]
    seen.held = [{"a"}]
    assert counted(seen) == Counter({"sent": 7, "lost": 1, "twice": 1, "unsaved": 1, "unheard": 1})


def test_where_two_reports_differ_is_told() -> None:
    one, other = {"a": [{"b": 1}, 2], "c": "x"}, {"a": [{"b": 1}, 3], "c": "y"}
    assert difference(one, one) == ""
    assert difference(one, other) == ".a[1]: '2', then '3'"
    assert difference({"a": [1]}, {"a": [1, 2]}) == ".a: '[1]', then '[1, 2]'"
    assert difference({"a": 1}, {}) == ".a: '1', then 'None'"
