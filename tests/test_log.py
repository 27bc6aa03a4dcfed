"""The record of a run: what `drafter log` shows, and what the journal keeps, of real runs over a local server."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import run as cli
from drafter.drafting import Journal, draft
from drafter.errors import ContextOverflow, DrafterError
from drafter.plugins import Reply, WriteRequest
from drafter.settings import Settings
from tests.fakes import QueueWriter, faithful
from tests.misbehaving_server import Script, completion, serving
from tests.test_kills import answering


@pytest.fixture
def facts(plain: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "账.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return path


def quick(body: dict[str, Any]) -> Any:
    """As in the kill test, at once, and counting tokens as a server would."""
    return completion(
        answering(body).body["choices"][0]["message"]["content"],
        usage={"prompt_tokens": 900, "completion_tokens": 40},
    )


def drafter(*arguments: object) -> int:
    return cli([str(argument) for argument in arguments])


def drafted(facts: Path, server: Script, *more: object) -> Path:
    out = facts.parent / "out"
    assert drafter("draft", facts, "-o", out, "--base-url", server.url, "--model", "m-1", *more) == 0
    return out


def test_the_log_shows_runs_sections_prompts_replies_and_decisions(
    facts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(quick) as server:
        out = drafted(facts, server)
        drafted(facts, server, "--section", "存在的问题")
    capsys.readouterr()
    monkeypatch.chdir(facts.parent)
    assert drafter("log") == 0
    listed = capsys.readouterr().out
    assert listed.count("竹溪镇2024年上半年防汛备汛工作情况汇报") == 2
    first, second = (line.split()[0] for line in listed.splitlines() if "竹溪镇" in line)
    assert drafter("log", first[:6]) == 0
    whole = capsys.readouterr().out
    assert "plans，下一步工作打算，调用 1 次，取自日志 0 次，词元 900 进 40 出" in whole
    assert drafter("log", out) == 0
    assert "opening，开头，调用 0 次，取自日志 1 次" in capsys.readouterr().out
    for name in ("achievements", "扎实做好物资储备和应急演练工作"):
        assert drafter("log", first, "--section", name) == 0
        section = capsys.readouterr().out
        for said in (
            "[system]",
            "只写“事实”里给出的事项",
            "[回复，stop]",
            "同时开展活动37场次",
            "--- 定稿（endpoint）",
        ):
            assert said in section
        assert "按规则改（" in section
        assert "：采用，" in section
    assert drafter("log", "nothing") == 2
    assert drafter("log", second, "--section", "risks") == 2
    said = capsys.readouterr().err
    assert "nothing：没有这样的起草记录" in said
    assert "没有章节“risks”，有的是 opening、开头、" in said


def test_the_log_as_json_is_one_object_with_everything(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(quick) as server:
        out = drafted(facts, server)
    capsys.readouterr()
    assert drafter("log", out, "--section", "opening", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["run"]["status"] == "done"
    assert [leaf["heading"] for leaf in data["leaves"]] == ["开头"]
    call = data["leaves"][0]["calls"][0]
    assert (call["model"], call["usage"]["prompt_tokens"], call["purpose"]) == ("m-1", 900, "write")
    assert drafter("log", out, "--json") == 0
    assert [run["writer"] for run in json.loads(capsys.readouterr().out)["runs"]] == ["endpoint"]


def test_outgoing_is_what_the_server_got(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(quick) as server:
        out = drafted(facts, server)
    capsys.readouterr()
    assert drafter("log", out, "--outgoing", "--json") == 0
    sent = json.loads(capsys.readouterr().out)["outgoing"]
    key = json.dumps
    assert sorted(key(call["body"], sort_keys=True) for call in sent) == sorted(
        key(body, sort_keys=True) for _, body in server.asked
    )
    assert {call["url"] for call in sent} == {f"{server.url}/chat/completions"}
    assert drafter("log", out, "--outgoing") == 0
    assert '"messages"' in capsys.readouterr().out


def test_an_offline_run_says_that_nothing_left(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drafter("draft", facts) == 0
    capsys.readouterr()
    assert drafter("log", facts, "--outgoing") == 0
    assert "没有向外发出任何内容" in capsys.readouterr().out
    assert drafter("log", facts, "--section", "problems") == 0
    assert "定稿（offline）" in capsys.readouterr().out


def test_the_log_tells_the_final_text_and_leaves_of_one_heading_apart(
    plain: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain["outline"] = [
        {"name": "achievements", "topics": ["隐患排查"]},
        {"name": "achievements", "topics": ["责任落实", "物资储备", "应急演练"], "heading": "另一节"},
        "problems",
        "plans",
    ]
    with Journal(tmp_path / "journal.sqlite") as journal:
        report = draft(plain, writer=QueueWriter(faithful), journal=journal)
    assert drafter("log", tmp_path, "--json", "--section", "achievements") == 0
    leaves = json.loads(capsys.readouterr().out)["leaves"]
    parts = [
        part.text for section in report.sections if section.name == "achievements" for part in section.parts
    ]
    assert [leaf["text"] for leaf in leaves] == parts
    assert all(len(leaf["calls"]) == 1 for leaf in leaves)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE calls SET body = '[1]'",
        "UPDATE calls SET body = '{\"messages\": [1]}'",
        "UPDATE calls SET body = 'no json'",
        "UPDATE calls SET text = x'ff00'",
        "UPDATE calls SET usage = '[]'",
        "UPDATE runs SET started = 'yesterday'",
        "UPDATE runs SET title = x'00'",
        "UPDATE steps SET step = '{}'",
    ],
)
def test_a_journal_that_somebody_changed_is_one_line(
    facts: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    with serving(quick) as server:
        out = drafted(facts, server)
    with closing(sqlite3.connect(out / "journal.sqlite")) as db, db:
        db.execute(damage)
    capsys.readouterr()
    assert drafter("log", out) == 2
    assert "日志里有看不懂的内容" in capsys.readouterr().err


def test_words_from_outside_give_a_terminal_no_commands(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(quick) as server:
        out = drafted(facts, server)
    with closing(sqlite3.connect(out / "journal.sqlite")) as db, db:
        db.execute("UPDATE calls SET text = ?", ("\x1b[2J\u202e改动",))
        db.execute("UPDATE runs SET title = ?, status = ?", ("一\n二", "odd"))
    capsys.readouterr()
    assert drafter("log", out, "--section", "problems") == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "一 二" in shown


def test_one_damaged_journal_hides_no_other(
    facts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert drafter("draft", facts) == 0
    (facts.parent / "b").mkdir()
    (facts.parent / "b" / "journal.sqlite").write_bytes(b"no database" * 200)
    monkeypatch.chdir(facts.parent)
    capsys.readouterr()
    assert drafter("log") == 0
    out, err = capsys.readouterr()
    assert "竹溪镇" in out
    assert "日志文件打不开" in err


# -- what the journal keeps


def test_a_reader_costs_no_reply(plain: dict[str, Any], tmp_path: Path) -> None:
    """A backup or a viewer that holds the file for a moment is waited for."""
    import threading
    import time

    path = tmp_path / "j.sqlite"
    Journal(path).close()
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM calls").fetchone()
            reading.set()
            time.sleep(1.5)
        done.set()

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait()
    with Journal(path) as journal:
        draft(plain, writer=QueueWriter(faithful), journal=journal)
    assert done.is_set()
    reader.join()


def test_strings_of_extra_body_may_be_secrets_and_are_not_kept(plain: dict[str, Any], tmp_path: Path) -> None:
    extra = {
        "auth": {"token": "geheim-1"},
        "tags": ["geheim-2"],
        "access": "geheim-3",
        "top_k": 20,
        "think": False,
    }
    with serving(quick) as server, Journal(tmp_path / "j.sqlite") as journal:
        settings = Settings(base_url=server.url, model="m-1", api_key="geheim-0", extra_body=extra)
        draft(plain, settings=settings, journal=journal)
    assert server.asked[0][1]["auth"] == {"token": "geheim-1"}
    kept = (tmp_path / "j.sqlite").read_bytes()
    assert b"geheim" not in kept
    assert b'"top_k": 20' in kept


def test_an_empty_answer_is_asked_again_also_with_a_journal(plain: dict[str, Any], tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(body: dict[str, Any]) -> Any:
        asked.append(json.dumps(body["messages"]))
        return completion("<think>想一想</think>") if asked.count(asked[-1]) == 1 else quick(body)

    with serving(answer) as server, Journal(tmp_path / "j.sqlite") as journal:
        settings = Settings(base_url=server.url, model="m-1", repair=False)
        report = draft(plain, settings=settings, journal=journal)
    assert {part.writer for section in report.sections for part in section.parts} <= {"endpoint", "section"}
    assert all(asked.count(each) == 2 for each in asked)


def test_leaves_that_ask_the_same_share_one_answer(plain: dict[str, Any], tmp_path: Path) -> None:
    plain["facts"] = [fact for fact in plain["facts"] if fact["id"] == "f11"]
    plain["outline"] = ["opening", "closing", "closing", "plans"]
    numbered = iter(range(100))
    writer = QueueWriter(
        lambda r: faithful(r) + (f"第{next(numbered)}稿。" if r.section == "closing" else ""), delay=0.02
    )
    with Journal(tmp_path / "j.sqlite") as journal:
        one = draft(plain, writer=writer, journal=journal, settings=Settings(concurrency=4, repair=False))
        again = QueueWriter(faithful)
        two = draft(plain, writer=again, journal=journal, settings=Settings(concurrency=4, repair=False))
    assert again.requests == []
    assert two.text == one.text
    same = [request.messages for request in writer.requests]
    assert len(same) == len(set(map(json.dumps, same)))


def test_a_prompt_that_was_too_long_is_not_tried_again(plain: dict[str, Any], tmp_path: Path) -> None:
    class Small(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            if "片段1" in request.messages[1]["content"]:
                self.requests.append(request)
                raise ContextOverflow("放不下")
            return await super().write(request)

    past = "松桥镇2022年防汛备汛工作情况汇报\n\n一、主要做法\n\n（一）压紧压实防汛责任。召开动员会，签订责任状，压实各村责任。\n"
    (tmp_path / "past.txt").write_text(past, "utf-8")
    with Journal(tmp_path / "j.sqlite") as journal:
        first = Small(faithful)
        one = draft(plain, corpus=tmp_path / "past.txt", writer=first, journal=journal)
        assert any("片段1" in request.messages[1]["content"] for request in first.requests)
        again = Small(RuntimeError("asked again"))
        two = draft(plain, corpus=tmp_path / "past.txt", writer=again, journal=journal)
    assert again.requests == []
    assert two.text == one.text


def test_one_journal_serves_one_run_at_a_time(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        run = {"title": "t", "writer": "w", "model": "m", "url": "", "drafter": "0"}
        journal.begin(**run)
        with pytest.raises(DrafterError, match="正用于另一次起草"):
            journal.begin(**run)
        journal.finish("done")
        journal.begin(**run)


def test_a_strangers_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE books (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(DrafterError, match="是别的程序的数据库"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_file_that_is_edited_while_drafting_is_kept(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(quick) as server:
        out = drafted(facts, server)

    def meddling(body: dict[str, Any]) -> Any:
        (out / "report.md").write_text("改过的稿子", "utf-8")
        return quick(body)

    with serving(meddling) as server:
        again = ("draft", facts, "-o", out, "--base-url", server.url, "--model", "m-1", "--fresh")
        assert drafter(*again) == 2
    assert (out / "report.md").read_text("utf-8") == "改过的稿子"
    assert "已被人修改过" in capsys.readouterr().err


@pytest.mark.parametrize("answer", [None, "正文", Reply(None), SystemExit(3)])  # type: ignore[arg-type]
def test_a_writer_that_gives_no_reply_is_named(plain: dict[str, Any], answer: Any) -> None:
    class Odd:
        name = "odd"

        async def write(self, request: WriteRequest) -> Any:
            if isinstance(answer, BaseException):
                raise answer
            return answer

    with pytest.raises(DrafterError, match="写作器 odd 出错"):
        draft(plain, writer=Odd())


def test_a_writer_that_can_do_no_repair_costs_no_report(plain: dict[str, Any]) -> None:
    class Plain(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            if request.purpose != "write":
                raise KeyError("patch")
            return Reply("开展了工作。" if request.section == "achievements" else faithful(request))

    report = draft(plain, writer=Plain(faithful))
    assert {finding.code for finding in report.findings} >= {"repair.stopped"}
    assert "排查山塘28座" in report.text
