"""The table of results: made of what benchmarks have kept, with what is missed and where others win said plainly."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import results
from benchmarks.plots import Plot, svg
from benchmarks.results import MARKS, Part, head, page, parts, with_head, written
from benchmarks.rows import Row

ROOT = Path(__file__).resolve().parent.parent


def test_the_committed_table_is_the_one_that_the_kept_rows_make() -> None:
    """`make results` after a benchmark that was kept; the READMEs and the plots among it."""
    for path, text in written(parts()).items():
        assert path.read_text(encoding="utf-8") == text, path.relative_to(ROOT)


def test_every_row_has_its_command_its_commit_and_its_machine() -> None:
    rows = json.loads((ROOT / "benchmarks/RESULTS.json").read_text(encoding="utf-8"))["rows"]
    assert len(rows) > 300
    for row in rows:
        assert row["command"].startswith("python -m benchmarks."), row
        assert {"date", "commit", "machine", "load", "versions"} <= row["measured"].keys()
        assert isinstance(row["value"], float), row


def test_every_command_names_a_module_that_is_there() -> None:
    for part in parts():
        module = part.command.split()[2]
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), part.command


def test_both_readmes_tell_the_same_scores() -> None:
    said = [
        (ROOT / name).read_text(encoding="utf-8").split(MARKS[0])[1].split(MARKS[1])[0]
        for name in ("README.md", "README.zh-CN.md")
    ]
    english, chinese = (
        [line.split("|")[2].strip() for line in block.splitlines() if line.startswith("|")][2:]
        for block in said
    )
    assert english == chinese
    assert len(english) == len(results.HEAD)
    counts = [re.findall(r"\d+", block.split("\n\n")[-1]) for block in said]
    assert counts[0] == counts[1]


PART = Part(
    "x",
    "Something",
    "python -m benchmarks.x",
    {"date": "2024-01-02", "commit": "abc", "machine": "m", "load": "0.1", "versions": "Python 3"},
    [
        Row("shares", "data", 10, ".900 [.800, .950]", {"other": ".950", "third": ".1"}, "≥ .95", "why"),
        Row("shares", "more", 10, ".990 [.900, 1.000]", {"other": ".950"}, "≥ .95"),
        Row("alarms", "data", None, "3 in 1,000", {"other": "2 in 1,000"}, better="less"),
        Row("gap", "data", None, "-.002 [-.004, .001]", target="≥ 0"),
        Row("lost", "data", 5, "0", target="≤ 0"),
    ],
)


def test_what_is_missed_and_where_another_tool_is_better_stands_in_lists_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "HEAD", (("x", "shares", "more", "份额"),))
    text = page([PART])
    missed = text.split("## Targets that are missed")[1].split("##")[0]
    assert missed.count("\n| Something") == 2
    assert ".900 [.800, .950] | ≥ .95 | why" in missed
    assert "-.002" in missed
    beaten = text.split("## Where another tool is better")[1].split("##")[0]
    assert beaten.count("\n| Something") == 2
    assert "other .950 |" in beaten
    assert "third" not in beaten
    assert "5 rows: of 4 targets 2 are met; beside other tools stand 3 rows, and in 2 of them" in head([PART])
    assert "一共量了 5 项：4 项有目标，达到 2 项；3 项旁边有别的工具，其中 2 项别的工具更好。" in head(
        [PART], chinese=True
    )
    (row,) = (row for row in results.as_data([PART])["rows"] if row["measure"] == "gap")
    assert (row["value"], row["interval"], row["met"]) == (-0.002, (-0.004, 0.001), False)


def test_a_head_that_names_a_row_that_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "HEAD", (("x", "no such measure", "", ""),))
    with pytest.raises(StopIteration):
        head([PART])


def test_the_block_of_a_readme_is_replaced_and_nothing_else() -> None:
    first, last = MARKS
    assert with_head(f"a\n{first}\nold\n{last}\nb\n", "new") == f"a\n{first}\nnew\n{last}\nb\n"
    with pytest.raises(ValueError, match="needs one line"):
        with_head("no marks", "new")


def test_kept_rows_come_back_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "PARTS", tmp_path)
    plot = Plot("t", "x", "y", {"a": [[1, 2], [10, 3]]})
    without = Row("left", "out", None, "left out", note="no data")
    results.keep("x", "Something", [*PART.rows, without], command=PART.command, series={"p.svg": plot})
    (part,) = parts(tmp_path)
    assert part.rows == PART.rows, "a row without a score is no result"
    assert part.series == {"p.svg": plot}
    assert replace(part, rows=PART.rows, measured=PART.measured, series={}) == PART


def test_a_plot_is_a_picture_with_a_line_a_series_and_words_that_do_not_overlap() -> None:
    lines = {"one <a>": [[10, 1.0], [100, 5.0]], "two": [[10, 2.0], [100, 5.1]]}
    picture = ElementTree.fromstring(svg(Plot("Title", "size", "ms", lines)))
    texts = {
        text.text: float(text.get("y", "0")) for text in picture.iter("{http://www.w3.org/2000/svg}text")
    }
    assert {"Title", "size", "ms", "one <a>", "two", "10", "100"} <= texts.keys()
    assert abs(texts["one <a>"] - texts["two"]) >= 12
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}circle"))) == 4
