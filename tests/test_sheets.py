"""Ledgers in .xlsx and .csv, as spreadsheets come: what is read, what is said of faults, and what is written."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from drafter.cli import run
from drafter.errors import FactsError
from drafter.facts import Attachment, Fact, Facts, load_facts, parse_facts
from drafter.scaffold.ledger import example
from drafter.scaffold.spreadsheets import to_csv, to_workbook
from drafter.sheets.cells import Unreadable, shown, tidy
from drafter.sheets.names import names_of
from tests.conftest import EXAMPLES

HEADER = [["报告单位", "竹溪镇"], ["报告时段", "2024年上半年"], ["主题", "养老服务"]]
COLUMNS = ["类别", "主题", "事项", "必写"]


def workbook(
    path: Path, rows: Sequence[Sequence[Any]], change: Callable[[Worksheet], None] | None = None
) -> Path:
    """A workbook of one sheet: the fields of the header, then these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "台账"
    for row in [*HEADER, *rows]:
        sheet.append(row)
    if change:
        change(sheet)
    book.save(path)
    return path


def texts(path: Path) -> list[str]:
    return [fact.text for fact in load_facts(path).facts]


def fault(path: Path) -> str:
    with pytest.raises(FactsError) as caught:
        load_facts(path)
    said = str(caught.value)
    assert said.startswith(f"{path}：")
    assert "\n" not in said
    return said.removeprefix(f"{path}：")


def test_a_workbook_and_a_csv_give_the_ledger_of_the_json(tmp_path: Path, plain: dict[str, Any]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    ledger = load_facts(tmp_path / "a.json")
    (tmp_path / "a.xlsx").write_bytes(to_workbook(ledger))
    (tmp_path / "a.csv").write_bytes(to_csv(ledger))
    assert load_facts(tmp_path / "a.xlsx") == ledger
    assert load_facts(tmp_path / "a.csv") == ledger


def test_an_outline_survives_a_workbook(tmp_path: Path) -> None:
    outline = [
        "opening",
        {"name": "achievements", "heading": "做法", "topics": ["培训", "走访"], "length": 600},
    ]
    ledger = parse_facts(
        {
            "organization": "竹溪镇",
            "period": "2024年",
            "theme": "养老",
            "attachments": ["名单", "=1+1"],
            "outline": outline,
            "facts": [{"id": "x1", "topic": "培训", "text": "=办班2期"}],
        }
    )
    (tmp_path / "a.xlsx").write_bytes(to_workbook(ledger))
    assert load_facts(tmp_path / "a.xlsx") == ledger
    table = ledger.model_copy(update={"attachments": [Attachment(name="名单", rows=[["姓名"], ["甲"]])]})
    for written in (to_workbook, to_csv):
        with pytest.raises(FactsError, match="附件“名单”带有表格"):
            written(table)


text = st.text(alphabet="甲乙丙会议走访1289次户，。“”（）%.'\" =-", min_size=1, max_size=20).filter(
    lambda found: found.strip() == found and found.strip("'") != ""
)
facts = st.lists(
    st.fixed_dictionaries(
        {"text": text},
        optional={
            "role": st.sampled_from(["background", "done", "problem", "plan"]),
            "topic": text,
            "required": st.booleans(),
        },
    ),
    min_size=1,
    max_size=6,
)


@given(plain=facts)
@settings(max_examples=25, deadline=None)
def test_any_ledger_reads_back_as_it_was_written(
    plain: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ledger = parse_facts({"organization": "竹溪镇", "period": "2024年", "theme": "养老", "facts": plain})
    folder = tmp_path_factory.getbasetemp()
    for name, content in (("a.xlsx", to_workbook(ledger)), ("a.csv", to_csv(ledger))):
        (folder / name).write_bytes(content)
        read = load_facts(folder / name)
        # what was said twice is written once, so that a made id may have another number
        assert [fact.model_dump(exclude={"id"}) for fact in read.facts] == [
            fact.model_dump(exclude={"id"}) for fact in ledger.facts
        ]
        assert read.model_dump(exclude={"facts"}) == ledger.model_dump(exclude={"facts"})


SHOWN: list[tuple[Any, str, str]] = [
    (0.125, "0.0%", "12.5%"),
    (0.125, "0.00%", "12.5%"),
    (0.333, "0%", "33%"),
    (1.0, "General", "1"),
    (0.1 + 0.2, "General", "0.3"),
    (1 / 3, "0.0", "0.3"),
    (1234567.0, "#,##0", "1234567"),
    (-3.5, "0.0;-0.0", "-3.5"),
    (-3.5, "#,##0.0_);(#,##0.0)", "-3.5"),
    (36.5, '0.0"万元"', "36.5万元"),
    (1280, "¥#,##0.00", "1280元"),
    (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0"),
    (2.5, "0", "3"),
    (True, "General", "TRUE"),
    (dt.datetime(2024, 7, 2), "yyyy-mm-dd", "2024年7月2日"),
    (dt.datetime(2024, 6, 1), 'yyyy"年"m"月"', "2024年6月"),
    (dt.datetime(2024, 5, 18), 'm"月"d"日"', "5月18日"),
    ("  办班２期\u200b\u3000", "General", "办班２期"),
]


@pytest.mark.parametrize(("value", "number_format", "said"), SHOWN)
def test_a_cell_is_read_as_it_shows(value: Any, number_format: str, said: str) -> None:
    assert shown(value, number_format) == said


@pytest.mark.parametrize(
    ("value", "number_format"),
    [(1 / 3, "General"), (12345.0, "0!.0,"), (15.0, "0.0,"), (float("inf"), "General"), (1.0, '"甲"')],
)
def test_a_cell_that_shows_another_number_than_it_holds_is_refused(value: float, number_format: str) -> None:
    with pytest.raises(Unreadable):
        shown(value, number_format)


@given(thousandths=st.integers(-10_000, 10_000))
def test_every_percentage_is_read_with_its_decimal(thousandths: int) -> None:
    tenths = f"{thousandths / 10:.1f}".removesuffix(".0").replace("-0", "0" if thousandths == 0 else "-0")
    assert shown(thousandths / 1000, "0.0%") == f"{tenths}%"


@given(parts=st.lists(st.integers(-100_000, 100_000), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_sums_of_hundredths_leave_no_dust(parts: list[int]) -> None:
    exact = sum(parts)
    written = f"{exact // 100 if exact >= 0 else -(-exact // 100)}.{abs(exact) % 100:02}".rstrip("0").rstrip(
        "."
    )
    sign = "-" if exact < 0 and not written.startswith("-") else ""
    total = sum(part / 100 for part in parts)
    if exact:
        assert shown(total, "General") == tidy(repr(total)) == sign + written


def test_figures_may_have_columns_of_their_own(tmp_path: Path) -> None:
    def percent(sheet: Worksheet) -> None:
        sheet["B7"].number_format = "0.0%"

    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["事项", "数值", "单位"],
            ["召开会议", 6.0, "次"],
            ["走访老人", "１２０余", "人"],
            ["整改率", 0.125, None],
            ["投入资金", 0.1 + 0.2, "万元"],
            ["办班2期", "2", "期"],
            ["参训", "80人", "人"],
            ["开展演练", "十三", "场"],
        ],
        lambda sheet: percent(sheet),
    )
    assert load_workbook(path)["台账"]["A7"].value == "整改率"
    assert texts(path) == [
        "召开会议6次",
        "走访老人120余人",
        "整改率12.5%",
        "投入资金0.3万元",
        "办班2期",
        "参训80人",
        "开展演练十三场",
    ]


def test_the_unit_may_stand_in_the_name_of_the_column(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["事项", "数值（万元）"], ["投入资金", 36.5]])
    assert texts(path) == ["投入资金36.5万元"]


def test_names_of_columns_may_differ_in_wording_order_and_blanks(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["序号", "工作内容*", "是否必写", "性 质", "备注：来源", "所属主题（选填）"],
            [1, "办班2期", "否", "存在问题", "民政办", "培训"],
            [2],
            [],
            [3, "走访80户", "√", "下一步打算"],
        ],
    )
    first, second = load_facts(path).facts
    assert (first.text, first.required, first.role, first.topic) == ("办班2期", False, "problem", "培训")
    assert (second.text, second.required, second.role, second.topic) == ("走访80户", True, "plan", "")


def test_merged_cells_go_for_their_rows_and_hidden_sheets_for_nothing(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("A5:A6")
        sheet.merge_cells("B5:B7")
        book = sheet.parent
        assert book is not None
        hidden = book.create_sheet("旧台账")
        hidden.append(COLUMNS)
        hidden.append(["已做", "", "不要读9次", ""])
        hidden.sheet_state = "hidden"
        book.create_sheet("Sheet3")

    rows = [COLUMNS, ["问题", "培训", "少2名教员"], [None, None, "缺教室1间"], [None, None, None]]
    found = load_facts(workbook(tmp_path / "a.xlsx", rows, change)).facts
    assert [(fact.role, fact.topic, fact.text) for fact in found] == [
        ("problem", "培训", "少2名教员"),
        ("problem", "培训", "缺教室1间"),
    ]


def test_several_sheets_are_one_ledger_and_the_header_may_stand_above_the_table(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["竹溪镇养老服务工作台账"])
    first.append(["填报单位：竹溪镇    时段：2024年上半年", None, "主题：养老服务", "日期：2024/7/2"])
    first.append(COLUMNS)
    first.append(["已做", "培训", "办班2期"])
    second = book.create_sheet("走访")
    second.append(COLUMNS)
    second.append(["已做", "走访", "走访80户"])
    book.save(tmp_path / "a.xlsx")
    ledger = load_facts(tmp_path / "a.xlsx")
    assert (ledger.organization, ledger.period, ledger.theme, ledger.date) == (
        "竹溪镇",
        "2024年上半年",
        "养老服务",
        "2024-07-02",
    )
    assert [fact.text for fact in ledger.facts] == ["办班2期", "走访80户"]


@pytest.mark.parametrize(
    "day",
    [
        dt.datetime(2024, 7, 2),
        "2024-7-2",
        "2024/07/02",
        "２０２４年７月２日",
        "2024.7.2",
        "2024-07-02 00:00:00",
    ],
)
def test_a_date_may_be_a_date_or_any_usual_writing(tmp_path: Path, day: Any) -> None:
    path = workbook(tmp_path / "a.xlsx", [["成文日期", day], COLUMNS, ["已做", "", "办班2期"]])
    assert load_facts(path).date == "2024-07-02"


def test_a_computed_formula_counts_and_one_that_is_not_computed_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["事项", "数值", "单位"], ["召开会议", "=2+4", "次"]])
    assert fault(path) == (
        "工作表“台账”第5行“数值”栏的公式还没有算出结果，请在 Excel 或 WPS 里打开、保存一次，或改成数值"
    )
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet]
        .replace(b"<f>2+4</f><v />", b"<f>2+4</f><v>6</v>")
        .replace(b"<f>2+4</f><v></v>", b"<f>2+4</f><v>6</v>")
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert texts(path) == ["召开会议6次"]


def test_all_faults_are_told_at_once_in_the_clerks_terms(tmp_path: Path) -> None:
    rows = [
        [*COLUMNS, "数值", "责任人"],
        ["难题", "培训", "办班2期"],
        ["已做", "培训", None, "是"],
        ["已做", "培训", "办班3期", "也许"],
        ["已做", "长" * 61, "办班4期"],
        ["已做", "培训", "办班", "", "若干"],
    ]
    said = fault(workbook(tmp_path / "a.xlsx", rows))
    for part in (
        "工作表“台账”第4行“责任人”栏是不认识的栏名；可用的有事项、类别、主题、数值、单位、必写、编号；不写进报告的栏，栏名前加“备注”",
        "工作表“台账”第5行“类别”栏是“难题”，只能是背景、已做、问题、打算",
        "工作表“台账”第6行“事项”栏是空的，请补上",
        "工作表“台账”第7行“必写”栏是“也许”，只能是是、否",
        "工作表“台账”第8行“主题”栏 太长，最多 60 字",
        "工作表“台账”第9行“数值”栏是“若干”，不像数值",
    ):
        assert part in said


def test_equal_ids_and_missing_fields_name_their_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,事项\nx1,办班2期\nx1,走访80户\n", "utf-8")
    said = fault(tmp_path / "a.csv")
    assert "第3行“编号”栏“x1”与第2行“编号”栏重复" in said
    assert "缺“报告单位”，请在表头之前加一行，第一格写“报告单位”，第二格写内容" in said
    assert "缺“报告时段”" in said
    assert "缺“主题”" in said


CSV = '报告单位,竹溪镇\n报告时段,2024年上半年\n主题,养老服务\n类别,事项,必写\n已做,办班2期,是\n问题,"缺教室1间\n缺教员2名",否\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_csv_may_come_in_any_encoding_with_any_separator(
    tmp_path: Path, encoding: str, separator: str, ends: str
) -> None:
    content = CSV.replace(",", separator).replace("\n", ends).encode(encoding)
    (tmp_path / "a.csv").write_bytes(content)
    ledger = load_facts(tmp_path / "a.csv")
    assert [(fact.role, fact.text, fact.required) for fact in ledger.facts] == [
        ("done", "办班2期", True),
        ("problem", "缺教室1间，缺教员2名", False),
    ]


def test_quotes_at_the_beginning_of_a_line_are_part_of_the_cell(tmp_path: Path) -> None:
    rows = [
        ["报告单位", "竹溪镇"],
        ["时段", "2024年"],
        ["主题", "养老"],
        ["事项"],
        ['办班2期\n"好"'],
        ["走访80户"],
    ]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert texts(tmp_path / "a.csv") == ['办班2期，"好"', "走访80户"]


def test_a_csv_of_excel_may_name_its_separator_and_artefacts_of_programs_are_tidied(tmp_path: Path) -> None:
    rows = "sep=;\n报告单位;竹溪镇\n时段;2024年\n主题;养老\n事项;数值;单位\n召开会议;6.0;次\n投入;0.30000000000000004;万元\n"
    (tmp_path / "a.csv").write_text(rows, "utf-8")
    assert texts(tmp_path / "a.csv") == ["召开会议6次", "投入0.3万元"]


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>", **parts}.items():
            archive.writestr(name, content)
    return packed.getvalue()


STRANGE = [
    ("a.xls", b"x", "另存为 .xlsx"),
    ("a.ods", b"x", "另存为 .xlsx"),
    ("a.et", b"x", "另存为 .xlsx"),
    ("a.xlsx", b"", "文件是空的；可用 drafter new facts"),
    ("a.csv", b" \n", "文件是空的"),
    ("a.csv", b",,\n,,\n", "文件是空的"),
    ("a.xlsx", encrypted(), "文件加了密码"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "其实是旧版 .xls"),
    ("a.xlsx", b"<html><table>", "里面是网页"),
    ("a.xlsx", "事项\n办班".encode(), "里面是文本"),
    ("a.xlsx", b"PK\x03\x04broken", "文件已损坏"),
    ("a.xlsx", zipped(), "文件已损坏，或不是通常的 .xlsx"),
    ("a.xlsx", zipped(**{"xl/workbook.bin": b"x"}), ".xlsb"),
    ("a.xlsx", zipped(**{"xl/a.xml": b" " * (49 << 20)}), "展开后太大"),
    ("a.xlsx", zipped(**{"xl/a.xml": b"<c/>" * 700_000}), "展开后太大"),
    ("a.xlsx", zipped(**{"xl/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "DOCTYPE"),
    ("a.csv", zipped(), "其实是 Excel 工作簿"),
    ("a.csv", b"\xff\xff\x80\x81,\xff", "认不出文字编码"),
    ("a.csv", b"\x00\x01\x02\x03" * 50, "不是文本"),
    ("a.csv", '事项\n"办班2期\n'.encode(), "引号没有配对"),
    ("a.csv", "甲,乙\n1,2\n".encode(), "找不到表头：要有一行栏名，其中有“事项”"),
    ("a.csv", "报告单位,竹溪镇\n报告时段,2024年\n主题,养老\n类别,事项\n".encode(), "没有一条事项"),
]


@pytest.mark.parametrize(("name", "content", "said"), STRANGE)
def test_a_strange_file_is_one_line_with_a_way_out(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in fault(tmp_path / name)


def test_one_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(1_048_576, 16_384).value = "远"

    path = workbook(tmp_path / "a.xlsx", [COLUMNS, ["已做", "", "办班2期"]], change)
    assert texts(path) == ["办班2期"]


@given(raw=st.binary(max_size=120), at=st.integers(0, 10_000), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_a_facts_error(
    raw: bytes, at: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = bytearray(_WHOLE)
    at %= len(whole)
    whole[at : at + random.Random(seed).randrange(4)] = raw[:3]
    for name, content in (("fuzz.csv", raw), ("fuzz.xlsx", bytes(whole))):
        (folder / name).write_bytes(content)
        try:
            found = load_facts(folder / name).facts
        except FactsError:
            continue
        assert found


_WHOLE = to_workbook(
    Facts.model_validate(
        {"organization": "竹溪镇", "period": "2024年", "theme": "养老", "facts": ["办班2期"]}
    )
)


def test_importing_drafter_does_not_load_what_reads_workbooks() -> None:
    code = "import sys, drafter.facts, drafter.cli; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def office(folder: Path, form: str, path: Path) -> Path:
    """The file as LibreOffice saves it in another form."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder / "out"), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "out" / f"{path.stem}.{form.partition(':')[0]}"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("localc"), reason="LibreOffice (libreoffice-calc) is not installed")
def test_an_office_program_opens_the_example_and_what_it_saves_is_read(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    assert run(["new", "facts", str(path)]) == 0
    ledger = load_facts(path)
    assert load_facts(office(tmp_path, "xlsx", path)) == ledger
    book = load_workbook(tmp_path / "out/台账.xlsx")
    lists = {rule.promptTitle: rule.formula1 for rule in book["台账"].data_validations.dataValidation}
    assert (lists["类别"], lists["必写"]) == ('"背景,已做,问题,打算"', '"是,否"')
    sums = workbook(tmp_path / "数.xlsx", [["事项", "数值", "单位"], ["召开会议", "=2+4", "次"]])
    assert texts(office(tmp_path, "xlsx", sums)) == ["召开会议6次"]
    with pytest.raises(FactsError, match=r"另存为 \.xlsx"):
        load_facts(office(tmp_path, "xls", path))


@pytest.mark.parametrize("name", ["facts.xlsx", "a.csv", "a.json", "a.yaml"])
def test_new_facts_writes_one_example_in_every_form(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "新" / name
    assert run(["new", "facts", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert load_facts(path) == example()
    before = path.read_bytes()
    assert run(["new", "facts", str(path)]) == 2
    assert "已经存在，不会覆盖" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_new_facts_names_the_endings_that_it_can_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "facts", str(tmp_path / "a.xls")]) == 2
    assert "请用 .xlsx、.csv、.json、.yaml 之一作结尾" in capsys.readouterr().err


def test_the_example_has_drop_downs_and_hints() -> None:
    book = load_workbook(io.BytesIO(to_workbook(example())))
    assert book.sheetnames == ["台账", "报告信息", "填写说明"]
    sheet = book["台账"]
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert all(cell.comment and len(cell.comment.text) > 20 for cell in sheet[1])
    prompts = {rule.promptTitle: rule for rule in sheet.data_validations.dataValidation}
    assert list(prompts) == COLUMNS
    assert prompts["类别"].formula1 == '"背景,已做,问题,打算"'
    assert "隐患排查" in prompts["主题"].formula1
    assert not prompts["主题"].showErrorMessage  # a new topic may be written


def test_the_example_drafts_without_an_error(tmp_path: Path) -> None:
    assert run(["new", "facts", str(tmp_path / "a.xlsx")]) == 0
    assert run(["draft", str(tmp_path / "a.xlsx"), "--offline", "-o", str(tmp_path / "out")]) == 0
    assert "排查山塘28座" in (tmp_path / "out/report.md").read_text("utf-8")


def test_a_folder_of_spreadsheets_is_a_batch(tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    for name in ("甲.xlsx", "乙.csv"):
        assert run(["new", "facts", str(folder / name)]) == 0
    (folder / "~$甲.xlsx").write_bytes(b"open in Excel")
    assert run(["batch", str(folder), "-o", str(tmp_path / "out"), "--offline"]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == ["乙", "甲"]


def test_the_page_names_every_field_and_column() -> None:
    page = (EXAMPLES.parent / "docs/facts.md").read_text("utf-8")
    fields = [*Facts.model_fields, *Fact.model_fields]
    assert [field for field in fields if f"`{field}`" not in page] == []
    names = [name for where in ("column", "outline", "header") for name in names_of(where)]
    assert [name for name in names if name not in page] == []
