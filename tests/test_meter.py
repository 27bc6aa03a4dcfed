"""Budgets of tokens and money, and a report's time: never passed, kept over runs, and told with the way on."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter import EndpointError, Journal, LimitReached, Settings, SettingsError
from drafter.cli import run
from drafter.drafting.meter import Meter, batch_purse, cost
from drafter.plugins import Answer
from drafter.report import Usage
from drafter.writers.endpoint import Backoff
from tests import fault_table as table
from tests.faulty_server import Act, FaultyServer, faulty, healthy


def used(prompt: int, reply: int = 0, cached: int = 0) -> Usage:
    return Usage(prompt_tokens=prompt, completion_tokens=reply, cached_tokens=cached)


def settle(meter: Meter, most: Usage, real: Usage, step: str = "write") -> None:
    meter.settle(most, real, "plans", "", step, 1.0)


# the account


@given(
    st.integers(1, 3000),
    st.lists(
        st.tuples(st.integers(1, 900), st.integers(1, 400), st.floats(0, 1), st.booleans()), max_size=20
    ),
)
def test_a_budget_is_never_passed_also_by_calls_under_way_together(
    budget: int, calls: list[tuple[int, int, float, bool]]
) -> None:
    meter = Meter(Settings(budget_tokens=budget))
    under_way: list[tuple[Usage, Usage]] = []
    spent = refused = 0
    for prompt, reply, share, ends in calls:
        most, real = used(prompt, reply), used(prompt, round(reply * share))
        room = budget - spent - sum(each.total for each, _ in under_way)
        try:
            taken = meter.take(most)
        except LimitReached:
            taken = False
            assert most.total > budget - spent
        if not taken:
            refused += 1
            assert most.total > room
        else:
            assert most.total <= room
            under_way.append((most, real))
        if ends and under_way:
            most, real = under_way.pop(0)
            settle(meter, most, real)
            spent += real.total
        assert spent + sum(each.total for each, _ in under_way) <= budget
    assert sum(row.calls for row in meter.rows) + len(under_way) + refused == len(calls)


def test_what_a_call_did_not_use_is_there_for_the_next() -> None:
    meter = Meter(Settings(budget_tokens=1000))
    assert meter.take(used(500, 400))
    assert not meter.take(used(100, 100)), "it waits for the one under way"
    settle(meter, used(500, 400), used(500, 50))
    assert meter.take(used(100, 100))
    settle(meter, used(100, 100), Usage())  # refused: cost nothing
    assert meter.take(used(200, 250))
    with pytest.raises(LimitReached, match=r"已用 550 词元.*至多要 500.*超出预算 1000（budget_tokens）"):
        meter.take(used(400, 100))


def test_who_waits_for_those_under_way_goes_on_when_they_come_to_less() -> None:
    async def two() -> list[str]:
        meter, told = Meter(Settings(budget_tokens=1000)), []
        await meter.reserve(used(900))

        async def second() -> None:
            await meter.reserve(used(600))
            told.append("second")

        async with asyncio.TaskGroup() as group:
            group.create_task(second())
            await asyncio.sleep(0)
            told.append("first")
            settle(meter, used(900), used(300))
        return told

    assert asyncio.run(two()) == ["first", "second"]


def test_money_is_counted_by_what_was_cached_fresh_and_written() -> None:
    settings = Settings(price_input=4, price_cached=1, price_output=16, budget_money=0.02, currency="元")
    assert cost(used(1000, 500, cached=600), settings) == pytest.approx((400 * 4 + 600 * 1 + 500 * 16) / 1e6)
    assert cost(used(1000, 0, 600), Settings(price_input=4)) == pytest.approx(1000 * 4 / 1e6)
    meter = Meter(settings)
    assert meter.take(used(1000, 500))  # 0.012
    assert not meter.take(used(1000, 500))
    settle(meter, used(1000, 500), used(1000, 100, cached=800))  # 0.0032
    assert meter.rows[0].cost == pytest.approx(0.0032)
    assert meter.take(used(1000, 500))
    settle(meter, used(1000, 500), used(1000, 500))
    with pytest.raises(LimitReached, match=r"已花 0\.0152 元.*至多要 0\.012 元.*0\.02 元（budget_money）"):
        meter.take(used(1000, 500))


def test_a_budget_of_money_needs_prices() -> None:
    with pytest.raises(SettingsError, match=r"budget_money.*price_input"):
        Meter(Settings(budget_money=1))


def test_the_reports_of_a_batch_share_its_budget() -> None:
    settings = Settings(batch_budget_tokens=1000)
    purse = batch_purse(settings)
    first, second = Meter(settings, purse), Meter(settings, purse)
    assert first.take(used(600))
    assert not second.take(used(500))
    settle(first, used(600), used(300))
    assert second.take(used(500))
    settle(second, used(500), used(500))
    with pytest.raises(LimitReached, match=r"这一批报告已用 800 词元.*batch_budget_tokens"):
        second.take(used(500))


def test_a_call_that_one_purse_refuses_is_put_down_in_none() -> None:
    settings = Settings(budget_tokens=500, batch_budget_tokens=1000)
    purse = batch_purse(settings)
    meter = Meter(settings, purse)
    for _ in range(3):
        with pytest.raises(LimitReached):
            meter.take(used(600))
    assert purse.reserved.total == 0
    assert meter.take(used(500))


def test_after_its_time_a_report_makes_no_more_calls() -> None:
    with mock.patch("time.monotonic", return_value=100.0):
        meter = Meter(Settings(deadline=5))
        meter.take(used(1))
    with (
        mock.patch("time.monotonic", return_value=105.0),
        pytest.raises(LimitReached, match="deadline，5 秒"),
    ):
        meter.take(used(1))
    assert Meter(Settings()).seconds_left is None


# over runs


def test_the_journal_knows_what_every_call_cost_also_one_that_a_kill_ended(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        journal.begin(title="", writer="w", model="m", url="", drafter="0")
        given: dict[str, Any] = {"section": "s", "heading": "", "purpose": "write", "url": "", "body": {}}
        answered, failed, refused, _killed = (
            journal.sent(str(n), 0, used(100, 50), **given) for n in range(4)
        )
        journal.received(answered, Answer("文"), used(80, 20), 1.0)
        journal.failed(failed, "断了", used(100), 1.0)
        journal.failed(refused, "429", Usage(), 1.0)
        assert journal.spent() == used(80 + 100 + 0 + 100, 20 + 0 + 0 + 50)


def test_a_journal_that_did_not_note_costs_counts_what_was_reported(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with Journal(path) as journal:
        journal.begin(title="", writer="w", model="m", url="", drafter="0")
        number = journal.sent("k", 0, used(9), section="s", heading="", purpose="write", url="", body={})
        journal.received(number, Answer("文", usage=used(80, 20)), used(1), 1.0)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("ALTER TABLE calls DROP COLUMN spent")
        db.execute("PRAGMA user_version = 2")
    with Journal(path) as journal:
        assert journal.spent() == used(80, 20)


def test_a_call_that_got_no_answer_in_time_may_have_cost_all_that_it_could(tmp_path: Path) -> None:
    with (
        faulty(lambda number: lambda call: call.hang()) as running,
        Journal(tmp_path / "j.sqlite") as journal,
    ):
        chosen = table.settings(running.url, timeout=0.2, attempts=1, max_tokens=400)
        with pytest.raises(EndpointError, match=r"没有答复"):
            asyncio.run(table.drafting(chosen, journal))
        assert journal.spent().completion_tokens == 400
        assert journal.spent().prompt_tokens > 400
        running.act = lambda number: table.refusing(401)
        with pytest.raises(EndpointError, match="401"):
            asyncio.run(table.drafting(chosen, journal))
        assert journal.spent().completion_tokens == 400


def test_that_there_was_nothing_to_go_on_with_is_an_answer_that_no_text_is_none(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        journal.begin(title="", writer="w", model="m", url="", drafter="0")
        number = journal.sent("k", 0, used(9), section="s", heading="", purpose="write", url="", body={})
        journal.received(number, Answer("\n"), used(9), 1.0)
        assert journal.answer("k", 0) is None
        assert journal.answer("k", 0, empty=True) == Answer("\n")


# on the command line


@contextmanager
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *outline: str) -> Iterator[FaultyServer]:
    """A model server, a ledger at facts.json, and settings as a user gives them; calls go out one after the other."""
    monkeypatch.setattr("drafter.writers.endpoint.Backoff", lambda: Backoff(0.001, 0.002))
    for name, value in {"MODEL": "m", "CONCURRENCY": 1, "ATTEMPTS": 2, "MAX_TOKENS": 400}.items():
        monkeypatch.setenv(f"DRAFTER_{name}", str(value))
    ledger = {**table.LEDGER, "outline": outline or ["achievements", "problems", "plans"]}
    (tmp_path / "facts.json").write_text(json.dumps(ledger, ensure_ascii=False), "utf-8")
    acts: dict[int, Act] = {}
    with faulty(lambda number: acts.get(number, healthy)) as running:
        yield running


def draft(server: FaultyServer, tmp_path: Path, out: str) -> int:
    facts = tmp_path / "facts.json"
    return run(["draft", str(facts), "-o", str(tmp_path / out), "--format", "json", "--base-url", server.url])


def report(tmp_path: Path, out: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((tmp_path / out / "report.json").read_text("utf-8"))
    return data


def needs(server: FaultyServer, tmp_path: Path) -> list[int]:
    """What a budget must hold for each call of an undisturbed run."""
    found: list[int] = []
    take = Meter.take

    def noting(self: Meter, most: Usage) -> bool:
        found.append(self._own.spent.total + most.total)
        return take(self, most)

    for out in ("first", "calm"):  # the second time prompts are counted by what the server reported
        found.clear()
        with mock.patch.object(Meter, "take", noting):
            assert draft(server, tmp_path, out) == 0
    assert found == sorted(found)
    return found


def test_a_budget_that_is_used_up_while_a_leaf_is_written_ends_the_run_with_the_way_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(monkeypatch, tmp_path) as running:
        wanted = needs(running, tmp_path)
        capsys.readouterr()
        running.asked.clear()
        monkeypatch.setenv("DRAFTER_BUDGET_TOKENS", str(wanted[2] - 1))
        for _ in range(2):  # what the first run has cost, the second has less
            assert draft(running, tmp_path, "out") == 3
            said = capsys.readouterr().err.strip().splitlines()[-1]
            assert said.startswith("错误：这份报告已用 ")
            assert said.endswith(
                "没有再调用（已完成 2/3 节，已存入日志；调大上限后再次运行（不带 --fresh、--section）即可接着写）"
            )
            assert len(running.asked) == 2
            assert not (tmp_path / "out" / "report.json").exists()
        monkeypatch.setenv("DRAFTER_BUDGET_TOKENS", str(wanted[3]))
        assert draft(running, tmp_path, "out") == 0
        assert len(running.asked) == 4
        assert report(tmp_path, "out")["text"] == report(tmp_path, "calm")["text"]
        with Journal(tmp_path / "out" / "journal.sqlite") as journal:
            assert journal.spent().total <= wanted[3]


def test_a_budget_that_is_used_up_while_a_leaf_is_mended_leaves_a_report_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(monkeypatch, tmp_path, "achievements", "plans", "problems") as running:
        wanted = needs(running, tmp_path)
        monkeypatch.setenv("DRAFTER_BUDGET_TOKENS", str(wanted[3] - 1))
        running.asked.clear()
        assert draft(running, tmp_path, "out") == 0
        assert len(running.asked) == 3
        [stopped] = [each for each in report(tmp_path, "out")["findings"] if each["code"] == "repair.stopped"]
        assert "budget_tokens" in stopped["message"]
        assert "再次运行" in stopped["message"]
        monkeypatch.delenv("DRAFTER_BUDGET_TOKENS")
        assert draft(running, tmp_path, "out") == 0
        assert len(running.asked) == 4
        assert report(tmp_path, "out")["text"] == report(tmp_path, "calm")["text"]


def test_a_server_that_fails_ends_the_command_with_one_line_and_status_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(monkeypatch, tmp_path) as running:
        for act, calls in ((table.refusing(401, "Incorrect API key provided"), 2), (table.refusing(503), 3)):
            running.asked.clear()
            running.act = lambda number, act=act: act if number > 1 else healthy
            assert draft(running, tmp_path, f"out-{calls}") == 3
            errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("错误：")]
            assert len(errors) == 1
            assert "已完成 1/3 节，已存入日志" in errors[0]
            assert len(running.asked) == calls


def test_a_report_s_time_ends_a_call_that_hangs_and_what_is_kept_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(monkeypatch, tmp_path) as running:
        running.act = lambda number: table.breaking(96, lambda call: call.hang())
        monkeypatch.setenv("DRAFTER_DEADLINE", "1")
        assert draft(running, tmp_path, "out") == 3
        assert "时限（deadline，1 秒）到了" in capsys.readouterr().err
        monkeypatch.delenv("DRAFTER_DEADLINE")
        running.act = lambda number: healthy
        assert draft(running, tmp_path, "out") == 0
        assert draft(running, tmp_path, "calm") == 0
        assert report(tmp_path, "out")["text"] == report(tmp_path, "calm")["text"]
