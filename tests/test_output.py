"""Assembly and exporters: numbering, flags, and files that are written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from drafter.drafting import draft
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.errors import OutputError
from drafter.exporters import JsonExporter, MarkdownExporter, write_outputs
from drafter.exporters.files import refuse_changed
from drafter.exporters.flags import flagged_text
from drafter.facts import parse_facts
from drafter.plugins import Exporter
from drafter.report import Block, Finding, Part, Report


def test_the_program_numbers_four_levels_and_starts_anew_under_each(plain: dict[str, Any]) -> None:
    blocks = [
        Block(kind="heading", text=text, level=level)
        for text, level in [("甲", 2), ("乙", 3), ("丙", 3), ("丁", 4), ("戊", 2), ("己", 3)]
    ]
    text, _, _ = assemble(
        parse_facts(plain),
        [
            DraftedSection("a", "总", blocks=blocks),
            DraftedSection("b", "又", parts=[Part(heading="新", text="话。")]),
        ],
    )
    headings = [line.lstrip("# ") for line in text.split("\n") if line.startswith("##")]
    assert headings == [
        "一、总",
        "（一）甲",
        "1. 乙",
        "2. 丙",
        "（1）丁",
        "（二）戊",
        "1. 己",
        "二、又",
        "（一）新",
    ]


def test_a_table_is_a_markdown_table(plain: dict[str, Any]) -> None:
    table = Block(kind="table", rows=(("项目", "数|量"), ("巡查", "12次")))
    text, _, _ = assemble(parse_facts(plain), [DraftedSection("t", "附表", blocks=[table])])
    assert "| 项目 | 数\\|量 |\n| --- | --- |\n| 巡查 | 12次 |" in text


def test_report_json_is_the_contract(plain: dict[str, Any], tmp_path: Path) -> None:
    report = draft(plain)
    data = json.loads(report.save(tmp_path / "report.json").read_text("utf-8"))
    assert {
        "findings",
        "claims",
        "silenced",
        "counts",
        "text",
        "facts",
        "sections",
        "writer",
        "tokens",
    } <= set(data)
    assert [fact["id"] for fact in data["facts"]] == [fact["id"] for fact in plain["facts"]]
    for section in data["sections"]:
        assert {"name", "heading", "facts", "passages", "calls", "tokens", "seconds", "text"} <= set(section)
    for claim in data["claims"]:
        assert data["text"][claim["start"] : claim["end"]] == claim["text"]


def flagged(plain: dict[str, Any], *findings: Finding) -> str:
    return flagged_text(draft(plain).model_copy(update={"findings": list(findings)}))


def test_flags_stand_behind_what_they_mean_and_only_for_errors(plain: dict[str, Any]) -> None:
    text = draft(plain).text
    at = text.index("28座")
    error = Finding(
        check="n", code="n.x", severity="error", message="查无出处", start=at, end=at + 3, text="28座"
    )
    warning = error.model_copy(update={"severity": "warning", "message": "提醒"})
    marked = flagged(plain, error, error, warning)
    assert marked == text.replace("28座", "28座【待核实：查无出处】", 1)


def test_a_flag_cannot_be_closed_by_its_own_message(plain: dict[str, Any]) -> None:
    finding = Finding(check="n", code="n.x", severity="error", message="见【甲】】", start=0, end=1, text="#")
    assert flagged(plain, finding).count("】") == 1


def test_no_exporter_for_an_ending_is_said(plain: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="没有这种格式的导出器"):
        draft(plain).save(tmp_path / "r.odt")


class Failing:
    name, suffix = "bad", ".bad"

    def write(self, report: Report, path: Path) -> None:
        path.write_text("half of it", "utf-8")
        raise OSError(28, "No space left on device", str(path))


def test_when_one_format_fails_no_file_is_touched(plain: dict[str, Any], tmp_path: Path) -> None:
    report = draft(plain)
    (tmp_path / "r.md").write_text("earlier", "utf-8")
    targets: dict[Path, Exporter] = {tmp_path / "r.md": MarkdownExporter(), tmp_path / "r.bad": Failing()}
    with pytest.raises(OutputError, match="写不了输出文件"):
        write_outputs(report, targets)
    assert (tmp_path / "r.md").read_text("utf-8") == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["r.md"]


def test_what_a_person_changed_is_noticed(plain: dict[str, Any], tmp_path: Path) -> None:
    targets: dict[Path, Exporter] = {
        tmp_path / "report.md": MarkdownExporter(),
        tmp_path / "r.json": JsonExporter(),
    }
    digests = write_outputs(draft(plain), targets)
    written = {name: {digest} for name, digest in digests.items()}
    refuse_changed(targets, written.__getitem__)
    with (tmp_path / "report.md").open("a", encoding="utf-8") as file:
        file.write("人工补充一句。\n")
    with pytest.raises(OutputError, match=r"report\.md 已被人修改过"):
        refuse_changed(targets, written.__getitem__)


def test_a_file_drafter_never_wrote_is_not_taken_for_its_own(plain: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("别人的文件", "utf-8")
    with pytest.raises(OutputError, match="不是 drafter 写的"):
        refuse_changed({tmp_path / "report.md": MarkdownExporter()}, lambda name: ())


def test_lone_surrogates_do_not_tear_a_file(plain: dict[str, Any], tmp_path: Path) -> None:
    report = draft(plain).model_copy(update={"text": "字\ud800字"})
    assert report.save(tmp_path / "r.md").read_text("utf-8").startswith("字\\ud800字")
    assert json.loads(report.save(tmp_path / "r.json").read_text("utf-8"))["text"] == "字\ud800字"
