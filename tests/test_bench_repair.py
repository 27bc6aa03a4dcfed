"""The repair benchmark: its drafts are faulty, its rows are resumed, and a real endpoint is asked for repairs alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import repair
from tests.faulty_drafts import KINDS
from tests.misbehaving_server import completion, failure, serving


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> repair.Bench:
    return repair.Bench(tmp_path_factory.mktemp("repair"))


@pytest.mark.parametrize(
    "number", [pytest.param(3, marks=pytest.mark.slow), 8]
)  # 8 within a sentence of a fact
@pytest.mark.parametrize("kind", KINDS)
def test_each_draft_is_faulty_and_comes_out_no_worse(bench: repair.Bench, kind: str, number: int) -> None:
    row = bench.row(kind, number, "varied", rules=True)
    assert row["faults"] == 1
    assert row["weight_after"] < row["weight_before"]
    assert row["errors_after"] == 0
    assert row["lost"] == []
    assert max(row["calls"], default=0) <= 3


def test_crowded_drafts_come_out_no_worse_and_lose_no_fact(bench: repair.Bench) -> None:
    row = bench.row(repair.CROWDED, 0, "varied", rules=True)
    assert row["errors_before"] > 5
    assert row["errors_after"] == 0
    assert row["lost"] == []


def test_lost_facts_are_seen(bench: repair.Bench) -> None:
    clean = bench.clean[0]
    without = clean.model_copy(update={"text": clean.text.replace("386万元", "若干资金")})
    assert repair.lost(clean, without) == {"f03"}
    assert repair.lost(clean, clean) == set()


@pytest.mark.slow
def test_rows_of_an_endpoint_are_kept_and_resumed(
    bench: repair.Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"
    with serving(completion("1. 已经改好。")) as script:
        settings = repair.Settings(base_url=script.url, model="m-1")
        assert repair.real(bench, settings, 4, path, rules=False)
        asked = len(script.asked)
        assert asked
        kept = path.read_text("utf-8")
        rows = [json.loads(line) for line in kept.splitlines()]
        assert [row["kind"] for row in rows] == list(KINDS[:4])
        assert sum(sum(row["calls"]) for row in rows) == asked
        # a line that a kill cut short is made again
        path.write_text(kept[: kept.rindex('"') - 4], "utf-8")
        assert repair.real(bench, settings, 4, path, rules=False)
        assert len(script.asked) - asked == sum(rows[-1]["calls"])
        assert [json.loads(line)["kind"] for line in path.read_text("utf-8").splitlines()] == list(KINDS[:4])
    assert "| all | 4 |" in capsys.readouterr().out


def test_a_failing_endpoint_leaves_no_row(bench: repair.Bench, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with serving(failure(400)) as script:
        settings = repair.Settings(base_url=script.url, model="m-1")
        assert not repair.real(bench, settings, 1, path, rules=False)
    assert not path.exists()
