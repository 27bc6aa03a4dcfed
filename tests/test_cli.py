"""The command line as its user meets it: exit statuses, what goes to stdout and stderr, and bad input."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import run
from tests.conftest import EXAMPLES


@pytest.fixture
def facts(tmp_path: Path, plain: dict[str, Any]) -> Path:
    path = tmp_path / "账.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return path


def drafter(*arguments: object) -> int:
    return run([str(argument) for argument in arguments])


def one_line(said: str) -> str:
    """The only line of an error, which must be no trace and tell what to do."""
    lines = said.strip().split("\n")
    assert lines[-1].startswith("错误：")
    assert "Traceback" not in said
    return lines[-1]


def test_a_draft_writes_its_files_and_says_where(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drafter("draft", facts) == 0
    out, err = capsys.readouterr()
    folder = facts.parent / "账-draft"
    names = ["report.md", "report.docx", "report.html", "report.json"]
    assert out.split() == [str(folder / name) for name in names]
    assert {path.name for path in folder.iterdir()} == {*names, "journal.sqlite"}
    assert "内置离线写作器（未调用模型）" in err
    assert "没有错误" in err


def test_json_is_one_object_and_nothing_else_on_stdout(
    facts: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert drafter("draft", facts, "--json", "--format", "md") == 0
    out, err = capsysbinary.readouterr()
    data = json.loads(out.decode("utf-8"))
    assert data["files"] == [str(facts.parent / "账-draft" / "report.md")]
    assert data["writer"] == "offline"
    assert err == b""


def test_one_file_may_be_asked_for(facts: Path, tmp_path: Path) -> None:
    assert drafter("draft", facts, "-o", tmp_path / "out" / "稿.md") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"稿.md", "稿.md.journal.sqlite"}


def test_what_a_person_changed_is_kept_without_force(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drafter("draft", facts) == 0
    report = facts.parent / "账-draft" / "report.md"
    report.write_text("改过的稿子", "utf-8")
    assert drafter("draft", facts) == 2
    assert "已被人修改过" in one_line(capsys.readouterr().err)
    assert report.read_text("utf-8") == "改过的稿子"
    assert drafter("draft", facts, "--force") == 0
    assert report.read_text("utf-8").startswith("# 竹溪镇")


def test_fresh_loses_nothing_when_the_files_may_not_be_written(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drafter("draft", facts) == 0
    folder = facts.parent / "账-draft"
    with closing(sqlite3.connect(folder / "journal.sqlite")) as db, db:
        db.execute(
            "INSERT INTO calls (key, section, heading, purpose, url, body) VALUES ('k','s','h','write','','{}')"
        )
    (folder / "report.md").write_text("改过", "utf-8")
    assert drafter("draft", facts, "--fresh") == 2
    with closing(sqlite3.connect(folder / "journal.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM calls").fetchone() == (1,)
    assert "已被人修改过" in one_line(capsys.readouterr().err)


def test_a_folder_may_have_a_dot_in_its_name(facts: Path, tmp_path: Path) -> None:
    assert drafter("draft", facts, "-o", tmp_path / "out2024.07") == 0
    assert (tmp_path / "out2024.07" / "report.md").is_file()


def test_reading_commands_make_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "past"
    folder.mkdir()
    for command in (["list"], ["stats"], ["show", "x"], ["remove", "x"], ["search", "x"]):
        assert drafter("corpus", *command, "--store", folder) == 2
    assert list(folder.iterdir()) == []


def test_an_error_left_in_the_draft_is_status_1(
    facts: Path, plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    plain["outline"] = ["opening", "achievements", "problems"]
    facts.write_text(json.dumps(plain), "utf-8")
    assert drafter("draft", facts) == 1
    assert "outline.unplaced" in capsys.readouterr().err
    assert "【待核实：" in (facts.parent / "账-draft" / "report.md").read_text("utf-8")


def test_a_dry_run_writes_nothing(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drafter("draft", facts, "--dry-run", "--model", "m", "--base-url", "http://127.0.0.1:9/v1") == 0
    assert "次调用" in capsys.readouterr().err
    assert [path.name for path in facts.parent.iterdir()] == [facts.name]


def test_check_gives_the_contract_and_its_status(
    facts: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    drafter("draft", facts, "-o", tmp_path / "r.md")
    capsysbinary.readouterr()
    assert drafter("check", tmp_path / "r.md", "--facts", facts, "--json") == 0
    good = json.loads(capsysbinary.readouterr().out)
    assert set(good) == {"findings", "claims", "silenced", "counts"}
    assert good["counts"]["error"] == 0
    text = (tmp_path / "r.md").read_text("utf-8").replace("28座", "82座")
    (tmp_path / "r.md").write_text(text, "utf-8")
    assert drafter("check", tmp_path / "r.md", "--facts", facts, "--json", "--only", "numbers") == 1
    bad = json.loads(capsysbinary.readouterr().out)
    found = [finding for finding in bad["findings"] if finding["severity"] == "error"]
    assert [text[finding["start"] : finding["end"]] for finding in found] == ["82座"]


def test_schema_and_plugins_print_json(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert drafter("schema") == 0
    assert json.loads(capsysbinary.readouterr().out)["properties"]["facts"]
    assert drafter("plugins", "--json") == 0
    rows = json.loads(capsysbinary.readouterr().out)["plugins"]
    opening = next(row for row in rows if row["name"] == "opening")
    assert {
        "kind": "sections",
        "name": "opening",
        "plugin": "built-in",
        "version": "",
    }.items() <= opening.items()


def test_a_corpus_is_filled_searched_listed_shown_and_emptied(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    def answer(*arguments: object) -> Any:
        status = drafter("corpus", *arguments, "--store", tmp_path / "s", "--json")
        return status, json.loads(capsysbinary.readouterr().out)

    status, added = answer("add", EXAMPLES / "corpus")
    assert status == 0
    assert added["added"] >= 10
    assert answer("add", EXAMPLES / "corpus")[1]["added"] == 0
    documents = answer("list")[1]["documents"]
    assert len(documents) > added["added"]  # one file holds several reports
    assert {"id", "title", "organization", "period", "source", "passages"} <= set(documents[0])
    found = answer("search", "燃气用户隐患排查", "--role", "done", "-k", "3")[1]["passages"]
    assert 0 < len(found) <= 3
    assert {"id", "document", "heading", "role", "text", "score"} <= set(found[0])
    assert answer("show", documents[0]["id"])[1]["text"]
    assert answer("stats")[0] == 0
    assert answer("remove", documents[0]["id"])[0] == 0
    assert len(answer("list")[1]["documents"]) == len(documents) - 1


BAD = [
    (["draft", "none.json"], 2, "找不到这个文件"),
    (["draft", "{facts}", "--format", "odt"], 2, "没有名为“odt”的输出格式"),
    (["draft", "{facts}", "-o", "r.odt"], 2, "没有这种格式的导出器"),
    (["draft", "{facts}", "-o", "{facts}/x"], 2, "输出文件夹"),
    (["draft", "{facts}", "--section", "risks"], 2, "没有章节“risks”"),
    (["draft", "{facts}", "--corpus", "nowhere"], 2, "nowhere"),
    (["draft", "{facts}", "--corpus", "{empty}"], 2, "没有可用的报告"),
    (["draft", "{facts}", "--strict", "--plugins", "no_such_module"], 2, "no_such_module"),
    (["draft"], 2, "缺少 FACTS"),
    (["draft", "{facts}", "--colour"], 2, "没有选项 --colour"),
    (["drfat"], 2, "drfat"),
    (["check", "none.md", "--facts", "{facts}"], 2, "找不到这个文件"),
    (["check", "{facts}", "--facts", "{facts}"], 2, "只能核对 .md、.txt、.docx、.pdf"),
    (["check", "none.docx", "--facts", "{facts}"], 2, "找不到这个文件"),
    (["check", "{broken}", "--facts", "{facts}"], 2, "坏.docx：文件已损坏"),
    (["corpus", "search", "x", "--store", "nowhere"], 2, "还没有这个库"),
    (["draft", "{facts}", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"], 3, "127.0.0.1:9"),
    (["draft", "{facts}", "--model", "gpt-x"], 2, "密钥"),
]


@pytest.mark.parametrize(("arguments", "status", "said"), BAD, ids=lambda value: str(value)[:40])
def test_bad_input_is_one_chinese_line_and_leaves_nothing_behind(
    facts: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    status: int,
    said: str,
) -> None:
    monkeypatch.setenv("DRAFTER_ATTEMPTS", "1")
    (tmp_path / "empty").mkdir()
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04 no zip")
    filled = [part.format(facts=facts, empty=tmp_path / "empty", broken=broken) for part in arguments]
    assert drafter(*filled) == status
    assert said in one_line(capsys.readouterr().err)
    assert not list(tmp_path.rglob("report.*"))
    assert not list(tmp_path.rglob("*.part"))


def test_an_output_folder_that_cannot_be_made_is_said(
    facts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drafter("draft", facts, "-o", "/proc/nowhere/out") == 2
    assert "建不了输出文件夹" in one_line(capsys.readouterr().err)


def test_unreadable_reports_are_named_and_the_rest_is_used(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "past"
    folder.mkdir()
    (folder / "good.txt").write_bytes((EXAMPLES / "corpus" / "yanhuipu-2023-flood-fire.txt").read_bytes())
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    assert drafter("draft", facts, "--corpus", folder) == 0
    err = capsys.readouterr().err
    assert "binary.txt 没有用上" in err


def test_a_fault_of_ours_is_status_70_without_a_trace(
    facts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("drafter.drafting.make_plan", broken)
    assert drafter("draft", facts) == 70
    assert "--debug" in one_line(capsys.readouterr().err)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a matter of Unix")
def test_a_pipe_is_no_facts_file_and_does_not_hang(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "f.json")
    assert drafter("draft", tmp_path / "f.json") == 2
    assert "不是普通文件" in one_line(capsys.readouterr().err)


def test_an_interrupt_is_status_130(
    facts: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("drafter.drafting.folder.run_flow", interrupted)
    assert drafter("draft", facts) == 130
    assert "再次运行" in one_line(capsys.readouterr().err)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom drafter.cli import run\nrun(['--help'])\nrun(['draft', '--help'])\n"
        "print([m for m in ('openai', 'tantivy', 'docx', 'pydantic', 'jinja2', 'rjieba', 'tiktoken') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip().endswith("[]")


def test_a_gbk_console_gets_readable_chinese(facts: Path) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "drafter", "draft", str(facts)], capture_output=True, env=environ, check=False
    )
    assert done.returncode == 0
    assert "内置离线写作器" in done.stderr.decode("gbk")
    assert "?" not in done.stderr.decode("gbk")
