"""Many reports in one go: each by itself, one pace, one budget, one summary; what is finished is left alone."""

from __future__ import annotations

import asyncio
import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.batch import BatchProgress, BatchRow, draft_batch, find_jobs
from drafter.batch.summary import write_summary
from drafter.cli import run
from drafter.errors import FactsError
from drafter.settings import Settings
from tests.misbehaving_server import Answer, failure, serving, telling

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a facts file of an invented town."""

    def one(name: str, town: str = "青禾镇", figure: int = 12, folder: str = "facts") -> Path:
        path = tmp_path / folder / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        facts = [f"开展上门服务{figure}次", {"role": "plan", "text": f"年内再设便民点{figure % 7 + 2}处"}]
        data = {"organization": town, "period": "2024年上半年", "theme": "便民服务工作", "facts": facts}
        path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return path

    return one


def settings(url: str, **more: Any) -> Settings:
    return Settings(base_url=url, model="m-1", attempts=1, formats=["md"], **more)


def statuses(rows: list[BatchRow]) -> dict[str, str]:
    return {Path(row.folder).name: row.status for row in rows}


def test_each_facts_file_gets_a_folder_and_the_summary_a_row(make: Make, tmp_path: Path) -> None:
    files = [make(f"t{n}", town, 10 + n) for n, town in enumerate(("青禾镇", "柳湾镇", "白沙镇"))]
    told: list[BatchProgress] = []
    with serving(telling) as server:
        rows = draft_batch(files, tmp_path / "out", settings=settings(server.url), on_progress=told.append)
    assert statuses(rows) == {"t0": "done", "t1": "done", "t2": "done"}
    for row, figure in zip(rows, (10, 11, 12), strict=True):
        assert f"上门服务{figure}次" in (Path(row.folder) / "report.md").read_text("utf-8")
        assert (row.facts_required, row.facts_covered) == (2, 2)
        assert row.calls == row.tokens.completion_tokens / 10 > 1
    assert sum(row.calls for row in rows) == len(server.asked)
    assert [event.done for event in told if event.row.finished] == [1, 2, 3]
    with (tmp_path / "out/summary.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [line["状态"] for line in table] == ["完成"] * 3
    assert [line["标题"] for line in table] == [row.title for row in rows]
    whole = json.loads((tmp_path / "out/summary.json").read_text("utf-8"))
    assert whole["totals"]["done"] == 3
    assert [BatchRow.model_validate(row) for row in whole["reports"]] == rows


def test_a_report_that_fails_costs_the_others_nothing_and_is_tried_again(make: Make, tmp_path: Path) -> None:
    good, bad = make("good"), make("bad")
    bad.write_text('{"organization": "青禾镇", "facts": [}', "utf-8")
    missing = tmp_path / "facts/missing.json"
    out = tmp_path / "out"
    with serving(telling) as server:
        rows = draft_batch([good, bad, missing], out, settings=settings(server.url))
        assert statuses(rows) == {"good": "done", "bad": "failed", "missing": "failed"}
        assert "bad.json" in rows[1].message
        assert rows[1].exit_status == 2
        assert not (out / "bad").exists()
        first = len(server.asked)
        make("bad", figure=31)
        before = (out / "good/report.md").stat().st_mtime_ns
        rows = draft_batch([good, bad], out, settings=settings(server.url))
    assert statuses(rows) == {"good": "done", "bad": "done"}
    assert [row.earlier for row in rows] == [True, False]
    assert (out / "good/report.md").stat().st_mtime_ns == before
    assert rows[1].calls == len(server.asked) - first
    whole = json.loads((out / "summary.json").read_text("utf-8"))
    assert whole["totals"]["calls"] == len(server.asked) - first, (
        "what an earlier run paid is not counted again"
    )


def test_changed_facts_changed_settings_and_lost_files_are_drafted_again(make: Make, tmp_path: Path) -> None:
    file, out = make("a"), tmp_path / "out"
    with serving(telling) as server:
        [row] = draft_batch([file], out, settings=settings(server.url))
        calls = len(server.asked)
        [row] = draft_batch([file], out, settings=settings(server.url, concurrency=5))
        assert row.earlier, "how fast is not what"
        make("a", figure=40)
        [row] = draft_batch([file], out, settings=settings(server.url))
        assert not row.earlier
        assert "40次" in (out / "a/report.md").read_text("utf-8")
        assert len(server.asked) > calls
        calls = len(server.asked)
        (out / "a/report.md").unlink()
        [row] = draft_batch([file], out, settings=settings(server.url))
        assert not row.earlier
        assert len(server.asked) == calls, "all of it was in the journal"
        [row] = draft_batch([file], out, settings=settings(server.url, length=500))
        assert not row.earlier


def test_a_file_that_a_person_changed_is_kept_and_told(make: Make, tmp_path: Path) -> None:
    file, out = make("a"), tmp_path / "out"
    with serving(telling) as server:
        draft_batch([file], out, settings=settings(server.url))
        (out / "a/report.md").write_text("改过", "utf-8")
        make("a", figure=77)
        [row] = draft_batch([file], out, settings=settings(server.url))
        assert row.status == "failed"
        assert "--force" in row.message
        assert (out / "a/report.md").read_text("utf-8") == "改过"
        [row] = draft_batch([file], out, settings=settings(server.url), force=True)
    assert row.status == "done"


def test_an_endpoint_that_is_away_ends_the_batch_and_what_came_is_kept(make: Make, tmp_path: Path) -> None:
    files = [make(f"t{n:02}", figure=10 + n) for n in range(12)]
    out = tmp_path / "out"
    with serving(*[telling] * 5, failure(401, "no key")) as server:
        rows = draft_batch(files, out, settings=settings(server.url, concurrency=1))
        asked = len(server.asked)
    assert asked < 20, "nobody goes on asking a server that refuses all"
    found = [row.status for row in rows]
    assert found[0] == "done"
    assert found[-1] == "waiting"
    assert "401" in rows[-1].message
    assert {"stopped"} <= set(found)
    with serving(telling) as server:
        rows = draft_batch(files, out, settings=settings(server.url, concurrency=1))
    assert {row.status for row in rows} == {"done"}
    assert rows[0].earlier


def test_one_budget_holds_for_all_reports(make: Make, tmp_path: Path) -> None:
    def dear(body: dict[str, Any]) -> Answer:
        said = telling(body).body
        assert isinstance(said, dict)
        return Answer(said | {"usage": {"prompt_tokens": 900, "completion_tokens": 100}})

    files = [make(f"t{n}", figure=10 + n) for n in range(6)]
    with serving(dear) as server:
        chosen = settings(server.url, concurrency=3, batch_budget_tokens=10_000, max_tokens=300)
        rows = draft_batch(files, tmp_path / "out", settings=chosen)
    used = sum(row.tokens.total for row in rows)
    assert 0 < used <= 10_000
    assert {"done", "stopped"} <= {row.status for row in rows} <= {"done", "stopped", "waiting"}
    assert any("batch_budget_tokens" in row.message for row in rows)


def test_calls_at_once_count_over_all_reports(make: Make, tmp_path: Path) -> None:
    files = [make(f"t{n}", figure=10 + n) for n in range(6)]
    running = most = 0
    together = asyncio.Event()

    class Slow:
        name = "slow"

        async def write(self, request: drafter.WriteRequest) -> drafter.Reply:
            nonlocal running, most
            running += 1
            most = max(most, running)
            if running == 3:
                together.set()
            await asyncio.wait_for(together.wait(), 30)
            running -= 1
            return drafter.Reply("".join(f"{fact.text}。" for fact in request.facts) or "工作有序推进。")

    rows = draft_batch(files, tmp_path / "out", writer=Slow(), settings=settings("", concurrency=3))
    assert {row.status for row in rows} == {"done"}
    assert most == 3


def test_folders_patterns_and_names(make: Make, tmp_path: Path) -> None:
    one, two = make("账", folder="甲"), make("账", folder="乙")
    other = make("other", folder="甲")
    assert [job.name for job in find_jobs([tmp_path / "甲"])] == ["other", "账"]
    assert [job.name for job in find_jobs([one, two, other])] == ["甲-账", "乙-账", "other"]
    assert [job.facts for job in find_jobs([f"{tmp_path}/*/账.json"])] == sorted([one, two])
    assert find_jobs([one, one]) == find_jobs([one])
    (tmp_path / "空").mkdir()
    for wrong, says in (
        ([tmp_path / "空"], "没有事实文件"),
        ([f"{tmp_path}/*.yaml"], "没有匹配"),
        ([], "没有事实文件"),
    ):
        with pytest.raises(FactsError, match=says):
            find_jobs(wrong)
    (tmp_path / "甲" / "账.yaml").write_text("x", "utf-8")
    with pytest.raises(FactsError, match="同名"):
        find_jobs([tmp_path / "甲"])


def test_no_cell_of_the_table_is_a_formula(tmp_path: Path) -> None:
    write_summary([BatchRow(facts="a", folder="b", title='=HYPERLINK("http://x")', message="@x")], tmp_path)
    with (tmp_path / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["标题"].startswith("'=")
    assert row["说明"] == "'@x"


def test_the_command(
    make: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = make("good"), make("bad", figure=30)
    bad.write_text("{}", "utf-8")
    out = tmp_path / "out"
    with serving(telling) as server:
        endpoint = ["--base-url", server.url, "--model", "m-1", "--format", "md"]
        line = ["batch", str(good), str(bad), "-o", str(out), *endpoint]
        assert run([*line, "--dry-run"]) == 0
        said = capfd.readouterr().err
        assert "bad.json：" in said
        assert re.search(r"共 \d+ 次调用，提示词至多 \d+ 词元", said)
        assert not out.exists()
        assert server.asked == []
        assert run(line) == 2
        said = capfd.readouterr()
        assert "[2/2]" in said.err
        assert "失败：" in said.err
        assert said.out.splitlines() == [str(out / "summary.csv"), str(out / "summary.json")]
        make("bad", figure=30)
        assert run([*line, "--json"]) == 0
        told = json.loads(capfd.readouterr().out)
        assert [row["earlier"] for row in told["reports"]] == [True, False]
        assert run([*line, "--dry-run", "--json"]) == 0
        told = json.loads(capfd.readouterr().out)
        assert told["calls"] == 0
        assert [row["finished"] for row in told["reports"]] == [True, True]
    assert run(["batch", str(good), "-o", str(out), "--format", "nope"]) == 2
    assert "没有名为“nope”的输出格式" in capfd.readouterr().err
    for more in ([], ["--dry-run"]):
        monkeypatch.setenv("DRAFTER_CHECKS", "nope")
        assert run(["batch", str(good), "-o", str(out), *more]) == 2
        assert capfd.readouterr().err.count("checks：没有名为“nope”的检查") == 1
