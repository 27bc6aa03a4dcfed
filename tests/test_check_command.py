"""`drafter check` as its user meets it: the report, what is not checked, without facts, and the page that explains it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import drafter
from docs.generate import codes
from drafter.cli import run
from drafter.cli.check_report import MOST, Report, columns, lines
from drafter.report import CheckResult, Evidence, Finding, count_severities
from tests.test_docx import packed, r

PAGE = (Path(__file__).resolve().parent.parent / "docs/checking.md").read_text("utf-8")
TEXT = """# 竹溪镇防汛备汛工作情况汇报

一、工作开展情况

（一）隐患排查。全镇排查山塘82座，发现隐患9处。清理河道xx公里，后续整改经费【待补】。

二、存在的问题

防汛员平均58岁。
"""


@pytest.fixture
def facts(tmp_path: Path, plain: dict[str, Any]) -> Path:
    path = tmp_path / "账.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return path


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "稿子.md"
    path.write_text(TEXT, "utf-8")
    return path


def checked(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a check."""
    status = run(["check", *map(str, arguments)])
    return status, *capsys.readouterr()


def report(*findings: Finding, text: str = TEXT, width: int = 80, unit: str = "行", **more: Any) -> list[str]:
    result = CheckResult(findings=list(findings), counts=count_severities(findings), **more)
    return [line.plain for line in lines(Report("稿.md", text, result, ["n"], [], unit), width)]


def at(words: str, text: str = TEXT, **changes: Any) -> Finding:
    start = text.index(words)
    finding = Finding(
        check="n", code="n.x", severity="error", message="有误", start=start, end=start + len(words)
    )
    return finding.model_copy(update={"text": words, **changes})


# the report


def test_each_finding_stands_in_its_sentence_with_place_evidence_and_advice(
    facts: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = checked(capsys, text, "--facts", facts)
    assert status == 1
    assert err == ""
    first = out.index(
        "第 5 行，（一）隐患排查\n  全镇排查山塘「82座」，发现隐患9处。\n    错误 “82座”与事实不符"
    )
    assert out.index("[numbers.conflicting]\n         事实 f05\n         建议：改为“28座”\n") > first
    assert "  清理河道「xx公里」，后续整改经费「【待补】」。\n    错误 “xx公里”是没有填上的空白" in out
    absent = out.index("不在某一处的问题")
    assert out.index("没有写到：“备编织袋4500条、救生衣80件” [coverage.missing]") > absent
    assert re.fullmatch(r"结果：错误 \d+，提醒 \d+，说明 0；可追溯 \d+ 处", out.rstrip().split("\n")[-1])


def test_a_clean_text_is_status_0_and_says_what_was_looked_at(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["draft", str(facts), "-o", str(tmp_path / "r.md")])
    capsys.readouterr()
    status, out, _ = checked(capsys, tmp_path / "r.md", "--facts", facts)
    assert status == 0
    assert "文中的问题" not in out
    for name in ("placeholder 0", "numbers 0", "coverage 0", "leakage 0", "residue 0", "structure 0"):
        assert name in " ".join(out.split())
    assert "结果：错误 0，提醒 0，说明 0" in out


def test_findings_of_one_sentence_stand_under_it_gravest_first() -> None:
    said = report(at("全镇", severity="warning", message="提醒甲"), at("82座", message="错误乙"))
    place = said.index(
        "  全镇排查山塘82座，发现隐患9处。".replace("全镇", "「全镇」").replace("82座", "「82座」")
    )
    assert said[place + 1 : place + 3] == ["    错误 错误乙 [n.x]", "    提醒 提醒甲 [n.x]"]
    assert sum("第 5 行" in line for line in said) == 1


def test_of_a_long_sentence_and_a_long_finding_the_middle_is_left_out() -> None:
    text = "甲" * 100 + "，" + "乙" * 200 + "，" + "丙" * 100 + "。"
    (told,) = [
        line for line in ["".join(report(at("乙" * 200, text), text=text, width=2000))] if "「" in line
    ]
    assert "……" + "甲" * 35 + "，「" + "乙" * 32 + "……" + "乙" * 32 + "」，" + "丙" * 35 + "……" in told


def test_a_finding_over_several_sentences_and_overlapping_ones_are_shown_once() -> None:
    text = "一句。\n二句。三句。"
    said = report(at("一句。\n二句", text), at("二句。", text, message="又"), text=text)
    assert "  「一句。 二句。」" in said
    assert sum("「" in line for line in said) == 1


def test_paragraphs_are_counted_where_a_file_has_no_lines() -> None:
    text = "甲。\n\n（二）物资储备\n\n乙。"
    assert "第 3 段，（二）物资储备" in report(at("乙", text), text=text, unit="段")


def test_evidence_is_told_by_its_kind_and_not_twice() -> None:
    evidence = (
        Evidence(fact="f1", text="排查山塘28座"),
        Evidence(formula="9+3=12"),
        Evidence(document="d1", passage="p1", text="石桥镇组织巡查"),
        Evidence(text="第四处"),
    )
    said = report(at("82座", message="事实是“排查山塘28座”", evidence=evidence))
    place = next(number for number, line in enumerate(said) if "错误" in line)
    assert said[place + 1 : place + 5] == [
        "         事实 f1",
        "         算式：9+3=12",
        "         往年报告 d1，片段 p1：石桥镇组织巡查",
        "         等 4 处",
    ]
    assert "         建议：删去" in report(at("82座", suggestion=""))


def test_the_gravest_are_shown_where_there_are_too_many() -> None:
    mild = [at("全镇", severity="info", message=f"第{number}条") for number in range(MOST)]
    said = report(*mild, at("82座", message="要紧的"))
    assert "    错误 要紧的 [n.x]" in said
    assert "另有 1 条没有列出；全部见 --json" in said


@given(
    st.lists(
        st.sampled_from([*"，。「」“”（）《》…—aé1%. \n\t\r\x1b\u202e\u0301😀𠮷汉字镇村x*", "2024年"])
    ).map("".join),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from([30, 80, 110]),
)
def test_no_line_is_too_wide_or_gives_the_terminal_commands(
    text: str, start: int, length: int, width: int
) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    finding = Finding(
        check="n", code="n.x", severity="error", message=text, start=start, end=end, text=text[start:end]
    )
    said = report(finding, finding.model_copy(update={"start": None, "end": None}), text=text, width=width)
    assert all(columns(line) <= width + 8 for line in said), "marks that close may hang over"
    assert all(sign.isprintable() or sign in "�\u3000" for line in said for sign in line)


def test_lines_break_before_no_closing_mark_and_inside_no_figure() -> None:
    message = "排查山塘一百二十三座，发现隐患4500.75处，整改率达到了百分之九十八，" * 6
    said = report(at("82座", message=message), width=40)
    assert len(said) > 10
    for line, following in pairwise(said):
        assert columns(line) <= 40
        assert not re.match(r" *[，。”]", line)
        assert not (re.search(r"[\d.]$", line) and re.match(r" *[\d.]", following))


def test_the_report_is_plain_where_it_is_piped_and_readable_in_gbk(facts: Path, text: Path) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0", "FORCE_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "drafter", "check", str(text), "--facts", str(facts)],
        capture_output=True,
        env=environ,
        check=False,
    )
    out = done.stdout.decode("gbk")
    assert done.returncode == 1
    assert "全镇排查山塘「82座」，发现隐患9处。" in out
    assert "?" not in out
    assert "\x1b" not in out
    assert max(columns(line) for line in out.split("\n")) <= 80


# what is checked, and what is not


def test_without_facts_the_checks_that_need_none_are_run_and_the_others_named(
    text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = checked(capsys, text)
    assert status == 1
    assert "[placeholder.pending]" in out
    assert "numbers." not in out.replace("numbers、", "")
    assert "提醒：没有事实文件（--facts），没有做的检查：numbers、coverage、leakage" in out.replace(
        "\n      ", ""
    )
    status, out, err = checked(capsys, text, "--json")
    assert set(json.loads(out)) == {"findings", "claims", "silenced", "counts"}
    assert "没有做的检查：numbers、coverage、leakage" in err
    status, out, err = checked(capsys, text, "--only", "structure")
    assert (status, err) == (0, "")
    status, _, err = checked(capsys, text, "--only", "numbers")
    assert status == 2
    assert "检查“numbers”要对照事实，请用 --facts 给出事实文件" in err


def test_silenced_codes_are_counted_apart(
    facts: Path, text: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("drafter.toml").write_text('silenced = ["placeholder.pending"]\nchecks = ["placeholder"]', "utf-8")
    _, out, _ = checked(capsys, text, "--facts", facts)
    assert "按设置不提示：1 条（placeholder.pending 1）" in out
    assert "做过的检查：placeholder 1\n" in out


def test_what_a_word_file_holds_besides_its_text_is_said(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = docx.Document()
    document.add_paragraph("竹溪镇清理河道6.5公里。")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    document.add_comment(document.paragraphs[0].runs, "请核对", author="甲")
    document.save(str(tmp_path / "稿.docx"))
    _, out, _ = checked(capsys, tmp_path / "稿.docx", "--facts", facts, "--only", "numbers")
    assert "提醒：没有核对：批注（1）、页眉；核对的是正文、表格和文本框\n" in out
    _, out, err = checked(capsys, tmp_path / "稿.docx", "--facts", facts, "--only", "numbers", "--json")
    assert err == "提醒：稿.docx：没有核对：批注（1）、页眉；核对的是正文、表格和文本框\n"


def test_macros_notes_pictures_and_changes_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = {
        "vbaProject": "vbaProject.bin",
        "footnotes": "footnotes.xml",
        "image": "a.png",
        "aFChunk": "b.docx",
    }
    relations = "".join(f'<r Type="http://x/{kind}" Target="{name}"/>' for kind, name in kinds.items())
    parts = {f"word/{name}": b"" for name in kinds.values()}
    parts["word/_rels/document.xml.rels"] = f"<x>{relations}</x>".encode()
    parts["word/footnotes.xml"] = (
        "<w:x xmlns:w='w'><w:footnote/><w:footnote><w:t>据统计</w:t></w:footnote></w:x>".encode()
    )
    body = f"<w:p>{r('清理河道')}<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins>{r('xx')}</w:ins>{r('公里。')}</w:p>"
    status, out, _ = checked(capsys, packed(tmp_path / "稿.docx", body, **parts))
    assert status == 1
    assert "  清理河道「xx公里」。" in out
    said = out.replace("\n      ", "")
    assert "没有核对：嵌入的文件（1）、脚注（1）、图片（1）；核对的是正文、表格和文本框" in said
    assert "有还没有接受的修订；按全部接受以后的文字核对" in said
    assert "带有宏（VBA）；没有运行，也没有核对" in said


# the page


def test_the_page_shows_the_report_as_it_is() -> None:
    (sample,) = re.findall(r"```\n(第 9 行.*?)```", PAGE, re.S)
    text = "\n" * 8 + "（一）隐患排查。排查山塘82座，发现隐患9处。"
    result = drafter.check(text, codes()["ledger"], only=["numbers"])
    said = "\n".join(line.plain for line in lines(Report("稿.md", text, result, ["numbers"], [])))
    assert sample in said
