"""The intake benchmark counts what it says, and our own samples come in whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.retrieval.intake import Case, Report, plain, samples, score, seeds, table


def case(raw: str, *reports: str) -> Case:
    pieces = [
        Report(tuple((line, "done") for line in text.split("\n")), {}, by_line=True) for text in reports
    ]
    return Case("a.txt", "open", raw, tuple(pieces))


FIRST = "松坪镇2021年防汛工作总结\n一、做法\n全镇巡堤四十二次，没有一处险情。\n二、打算\n明年接着干。"
SECOND = "清江乡2022年抗旱工作汇报\n一、做法\n全乡打井三眼，用水有了着落。"


def test_what_is_lost_and_what_is_kept_is_counted_in_characters() -> None:
    counted = score(case("全镇巡堤四十二次。\n某站的广告语", "全镇巡堤四十二次。\n夜里也巡。"))
    assert (counted.lost, counted.kept, counted.lines_right) == (5, 6, 1)
    assert score(case("全镇 巡堤&ldquo;夜巡&rdquo;，４２次。", "全镇巡堤“夜巡”，42次。")).lost == 0


def test_a_report_is_found_only_when_it_stands_alone() -> None:
    assert score(case(f"{FIRST}\n{SECOND}", FIRST, SECOND)).found == 2
    assert score(case(f"{FIRST}\n{SECOND}", f"{FIRST}\n{SECOND}")).found == 0


def test_roles_are_counted_by_character() -> None:
    counted = score(case(FIRST, FIRST))
    assert counted.roles == len(plain("全镇巡堤四十二次，没有一处险情。明年接着干。"))
    assert counted.roles - counted.roles_right == len(
        plain("明年接着干。")
    )  # the truth above says done throughout


@pytest.mark.parametrize("sample", [one for one in samples() if one.part == "open"], ids=lambda one: one.name)
def test_the_open_samples_come_in_whole(sample: Case) -> None:
    counted = score(sample)
    assert (counted.lost, counted.kept, counted.found) == (0, 0, len(sample.reports)), counted.wrong


def test_without_the_seeds_our_own_samples_make_the_table(tmp_path: Path) -> None:
    assert list(seeds(tmp_path)) == []
    rows = table([score(sample) for sample in samples()])
    assert "**open**" in rows
    assert "**kept**" in rows
    assert "**seeds**" not in rows
