"""The pages of docs/: what is taken from the program is as the program has it, and what is shown to be run runs."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import click
import pytest

import drafter
from docs import generate
from drafter.checks import CODES
from drafter.cli import run
from drafter.settings import ENVIRONMENT, Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


# what is generated


@pytest.mark.parametrize("path", generate.pages(), ids=lambda path: path.name)
def test_the_generated_parts_are_as_the_program_has_them(path: Path) -> None:
    text = path.read_text("utf-8")
    assert generate.filled(text) == text, "run: python docs/generate.py"


def test_every_part_that_can_be_generated_stands_in_a_page() -> None:
    marked = [
        name for path in PAGES for name in re.findall(r"<!-- generated: (\w+)", path.read_text("utf-8"))
    ]
    assert sorted(marked) == sorted(generate.PARTS)


def test_every_setting_is_told_with_its_variable() -> None:
    rows = {
        row.split("|")[1].strip(): row for row in page("settings.md").splitlines() if row.startswith("| `")
    }
    assert list(rows) == [f"`{name}`" for name in Settings.model_fields]
    for variable, name in ENVIRONMENT.items():
        assert f"`{variable}`" in rows[f"`{name}`"]
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_every_command_and_every_option_is_told() -> None:
    sections = dict(
        re.findall(r"^## (drafter.*?)\n(.*?)(?=^## |^<!-- end)", page("commands.md"), re.S | re.M)
    )
    assert list(sections) == [name for name, _ in generate.commands()]
    for name, command in generate.commands():
        for param in command.params:
            if isinstance(param, click.Option) and param.name != "help":
                assert param.help, (name, param.name)
                for flag in (*param.opts, *param.secondary_opts):
                    assert f"`{flag}" in sections[name], (name, flag)
            elif isinstance(param, click.Argument):
                assert param.make_metavar(click.Context(command)) in sections[name], (name, param.name)


# codes


def test_every_code_has_an_example_and_advice() -> None:
    assert list(generate.codes()["codes"]) == list(CODES)
    assert list(generate.codes()["checks"]) == list(dict.fromkeys(code.partition(".")[0] for code in CODES))
    told = re.findall(r"^### (\S+)", page("checks.md"), re.M)
    assert told == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_code_gives_it(code: str) -> None:
    assert generate.raised(code).code == code


def test_no_module_gives_a_code_that_is_not_told() -> None:
    """Codes are written out in the source, whole or as the part behind the check's name; the whole ones are found here."""
    kinds = {code.partition(".")[0] for code in CODES}
    written: set[str] = set()
    for path in (ROOT / "drafter").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        written.add(keyword.value.value)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                written |= (
                    {node.value} if re.fullmatch(rf"(?:{'|'.join(kinds)})\.[a-z_]+", node.value) else set()
                )
    whole = {code for code in written if "." in code and code.partition(".")[0] in kinds}
    assert {"numbers.total", "writer.cut_off"} <= whole, "the test would pass on anything"
    assert {code for code in whole if not code.endswith(".txt")} <= set(CODES)


# plugins


PLUGINS = {re.match(r"# (\w+\.py)\n", block)[1]: block for block in blocks(page("plugins.md"), "python")}  # type: ignore[index]


def drafted(plain: dict[str, Any], capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    Path("facts.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    assert run(["draft", "facts.json", "--strict", "--json", *arguments]) == 0, capsys.readouterr().err
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@pytest.fixture
def plugin(request: pytest.FixtureRequest) -> str:
    """The plugin of that name, saved from the page."""
    Path(request.param).write_text(PLUGINS[request.param], "utf-8")
    return f"./{request.param}"


def the(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("plugin", [name], indirect=True)


def test_every_kind_that_the_table_names_has_its_code() -> None:
    assert sorted(PLUGINS) == [
        "archive.py",
        "ledger.py",
        "minutes.py",
        "phrasebook.py",
        "slogans.py",
        "timeline.py",
    ]


@the("timeline.py")
def test_the_section_of_the_page_stands_in_a_report(
    plugin: str, plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    plain["outline"] = ["opening", "achievements", "timeline", "problems", "plans"]
    told = drafted(plain, capsys, "--plugins", plugin)
    section = next(each for each in told["sections"] if each["name"] == "timeline")
    assert section["text"].startswith("3月召开部署会2次。")
    assert "大事记" in told["text"]


@the("slogans.py")
def test_the_check_of_the_page_finds_with_and_without_facts(
    plugin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("稿.md").write_text("全镇工作再上新台阶。\n", "utf-8")
    assert run(["check", "稿.md", "--plugins", plugin, "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["start"], finding["text"]) == ("slogans.empty", 4, "再上新台阶")


@the("ledger.py")
def test_the_writer_of_the_page_writes_when_it_is_chosen(
    plugin: str, plain: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_WRITER", "ledger")
    told = drafted(plain, capsys, "--plugins", plugin)
    assert told["writer"] == "ledger"
    assert "签《防汛责任书》17份。3月召开部署会2次。" in told["text"]


@the("phrasebook.py")
def test_the_retriever_of_the_page_gives_passages(
    plugin: str, plain: dict[str, Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_RETRIEVER", "phrasebook")
    Path("book.txt").write_text("石桥镇排查隐患32处，件件有落实。\n\n开办夜校。", "utf-8")
    registry = drafter.load_registry([plugin], strict=True)
    retriever = registry.retrievers["phrasebook"]([Path("book.txt")], Settings(), {})
    first, second = retriever.search(drafter.Query(text="隐患排查"))
    assert (first.masked, second.text) == ("〔地名〕排查隐患〔数〕处，件件有落实。", "开办夜校。")
    arguments = (
        "--plugins",
        plugin,
        "--corpus",
        "book.txt",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--model",
        "m",
        "--dry-run",
    )
    told = drafted(plain, capsys, *arguments)
    assert {key for call in told["calls"] for key in call["passages"]} == {"book.txt-0", "book.txt-1"}


@the("archive.py")
def test_the_reader_of_the_page_fills_a_corpus(plugin: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "柳塘镇2023年防汛工作总结\n全镇清理河道，成效明显。"
    Path("a.dump").write_text(json.dumps({"text": text}, ensure_ascii=False), "utf-8")
    Path("bad.dump").write_text("{}", "utf-8")
    registry = drafter.load_registry([plugin], strict=True)
    with drafter.open_corpus(["a.dump"], Settings(), readers=registry.readers) as corpus:
        assert [document.title for document in corpus.documents()] == ["柳塘镇2023年防汛工作总结"]
    with pytest.raises(drafter.CorpusError, match="第 1 行不是报告"):
        list(registry.readers["archive"].read(Path("bad.dump")))


@the("minutes.py")
def test_the_exporter_of_the_page_writes_its_file(
    plugin: str, plain: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    told = drafted(plain, capsys, "--plugins", plugin, "--format", "minutes")
    (file,) = told["files"]
    assert Path(file).name == "report.txt"
    assert "清理河道6.5公里" in Path(file).read_text("utf-8")


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_of_the_page_loads_alone_and_is_listed(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(PLUGINS[name], "utf-8")
    assert run(["plugins", "--plugins", f"./{name}", "--strict"]) == 0
    assert name in capsys.readouterr().out
