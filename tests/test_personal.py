"""Personal data in the ledger itself: told by `check` and by `draft`, masked, kept in the report, switched off by the settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.cli import run
from drafter.report import Finding
from drafter.settings import Settings

IDENTITY = "11010519491231002X"
MOBILE = "13812345678"
CARD = "6222021234567890128"


def _ledger(**more: Any) -> dict[str, Any]:
    return {
        "organization": "竹溪镇",
        "period": "2024年上半年",
        "theme": "防汛工作",
        "facts": ["巡查9次"],
        **more,
    }


def _of_ledger(findings: list[Finding]) -> list[tuple[str, str | None]]:
    """Code and fact of what stands nowhere in the text."""
    return [
        (finding.code, finding.evidence[0].fact)
        for finding in findings
        if finding.check == "personal" and finding.start is None
    ]


@pytest.mark.parametrize(
    ("fact", "code", "shown"),
    [
        (f"走访困难户1户，户主身份证号{IDENTITY}", "personal.id", "110*************2X"),
        (f"值班员王秀英电话{MOBILE}，巡查9次", "personal.phone", "138****5678"),
        (f"救助金500元汇入卡号{CARD}", "personal.card", "0128"),
        ("家住柳溪村三组12号的孙明获救助500元", "personal.address", "柳溪村*组*号"),
    ],
)
def test_data_in_a_fact_is_a_warning_that_shows_no_number(fact: str, code: str, shown: str) -> None:
    result = drafter.check("巡查9次。", _ledger(facts=[{"id": "f01", "text": fact}]))
    (finding,) = [finding for finding in result.findings if finding.check == "personal"]
    assert (finding.code, finding.severity, finding.start) == (code, "warning", None)
    assert finding.evidence[0].fact == "f01"
    assert shown in finding.message
    told = finding.model_dump_json()
    assert not [number for number in (IDENTITY, MOBILE, CARD, "三组12号") if number in told]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("attachments", ["任务清单", f"李大山身份证{IDENTITY}"]),
        ("contact", f"王秀英 {MOBILE} 身份证号{IDENTITY}"),
        ("title", f"关于李大山（身份证号{IDENTITY}）情况的报告"),
        ("facts", [{"text": "巡查9次", "topic": f"李大山身份证{IDENTITY}"}]),
        ("outline", [{"name": "achievements", "heading": f"李大山身份证{IDENTITY}"}]),
    ],
)
def test_what_stands_beside_the_facts_is_looked_at_too(key: str, value: Any) -> None:
    result = drafter.check("巡查9次。", _ledger(**{key: value}))
    (finding,) = [finding for finding in result.findings if finding.check == "personal"]
    assert finding.code == "personal.id"
    assert {"attachments": "attachments[1]", "facts": "topic", "outline": "outline[0]"}.get(
        key, key
    ) in finding.message
    assert IDENTITY not in finding.model_dump_json()


def test_the_offices_own_numbers_are_nobodys_data() -> None:
    facts = _ledger(contact=f"党政办 {MOBILE}", facts=[f"防汛值班电话{MOBILE}公布，巡查9次"])
    assert _of_ledger(drafter.check("巡查9次。", facts).findings) == []


@pytest.mark.parametrize(
    "settings", [Settings(silenced=["personal.id", "personal.phone"]), Settings(checks=["coverage"])]
)
def test_the_settings_of_the_check_switch_it_off_for_the_ledger_too(settings: Settings) -> None:
    facts = _ledger(attachments=[f"李大山身份证{IDENTITY}"], facts=[f"巡查9次，值班员王秀英电话{MOBILE}"])
    assert _of_ledger(drafter.check("巡查9次。", facts, settings=settings).findings) == []
    assert _of_ledger(drafter.draft(facts, settings=settings).findings) == []


def test_a_draft_tells_each_place_of_the_ledger_once_also_a_fact_that_no_section_takes() -> None:
    facts = _ledger(
        attachments=[f"李大山身份证{IDENTITY}"],
        outline=[{"name": "achievements", "topics": ["值守"]}],
        facts=[
            {"id": "f01", "topic": "值守", "text": f"镇干部值守，巡查9次，值班员王秀英电话{MOBILE}"},
            {"id": "f02", "topic": "走访", "text": f"走访困难户1户，户主身份证号{IDENTITY}"},
        ],
    )
    report = drafter.draft(facts)
    assert sorted(_of_ledger(report.findings), key=str) == [
        ("personal.id", "f02"),
        ("personal.id", None),
        ("personal.phone", "f01"),
    ]
    assert IDENTITY not in report.text
    assert not [finding.code for finding in report.findings if IDENTITY in finding.message]


def test_both_commands_show_it_and_the_report_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, text = tmp_path / "账.json", tmp_path / "稿.md"
    facts.write_text(
        json.dumps(_ledger(attachments=[f"李大山身份证{IDENTITY}"]), ensure_ascii=False), "utf-8"
    )
    text.write_text("巡查9次。", "utf-8")
    run(["check", str(text), "--facts", str(facts), "--only", "personal"])
    assert "attachments[0]" in capsys.readouterr().out
    run(["draft", str(facts), "--offline", "--out", str(tmp_path / "稿子")])
    assert "attachments[0]" in capsys.readouterr().err
    kept = json.loads((tmp_path / "稿子" / "report.json").read_text("utf-8"))["findings"]
    assert [finding["code"] for finding in kept if finding["check"] == "personal"] == ["personal.id"]


@pytest.mark.parametrize(
    ("fact", "hidden", "shown"),
    [
        (f"走访困难户1户，户主身份证号{IDENTITY}", IDENTITY, "110*************2X"),
        (f"值班员王秀英电话{MOBILE}，巡查9次", MOBILE, "138****5678"),
        (f"救助金500元汇入卡号{CARD}", CARD, "***************0128"),
        ("家住柳溪村三组12号的孙明获救助500元", "三组", "柳溪村*组*号"),
    ],
)
@pytest.mark.parametrize("text", ["召开会议。", "走访困难户1户，巡查9次，孙明获救助金500元。"])
def test_a_fact_that_is_not_told_is_named_without_its_numbers(
    fact: str, hidden: str, shown: str, text: str
) -> None:
    found = drafter.check(text, _ledger(facts=[fact]), only=["coverage"]).findings
    assert found or text != "召开会议。"
    for finding in found:
        assert hidden not in finding.model_dump_json()
        assert shown in finding.message


@pytest.mark.parametrize("command", ["draft", "batch"])
def test_before_anything_is_sent_the_commands_say_what_personal_data_would_be(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "账.json"
    facts.write_text(
        json.dumps(_ledger(facts=[f"值班员王秀英电话{MOBILE}，巡查9次"]), ensure_ascii=False), "utf-8"
    )
    where = [command, str(facts), "--out", str(tmp_path / "稿子")]
    endpoint = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m"]
    assert run([*where, *endpoint]) == 3
    said = capsys.readouterr().err
    assert 0 <= said.index("138****5678") < said.index("会随事实发给模型") < said.index("127.0.0.1:9")
    assert MOBILE not in said
    assert run([*where, "--offline"]) == 1  # nothing leaves; the draft has the number, which is an error
    assert "会随事实发给模型" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["draft", "batch"])
def test_the_settings_switch_the_warning_before_off(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "账.json"
    facts.write_text(json.dumps(_ledger(facts=[f"巡查9次，电话{MOBILE}"]), ensure_ascii=False), "utf-8")
    (tmp_path / "drafter.toml").write_text('silenced = ["personal.phone"]', "utf-8")
    monkeypatch.chdir(tmp_path)
    endpoint = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--dry-run"]
    assert run([command, str(facts), "--out", str(tmp_path / "稿子"), *endpoint]) == 0
    assert "会随事实发给模型" not in capsys.readouterr().err
