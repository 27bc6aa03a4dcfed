"""The pages of docs/: what is taken from the program is as the program has it, and what is shown to be run runs."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
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


# what is shown to be run


README = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")}
SHOWN = {**README, **{path.name: path.read_text("utf-8") for path in PAGES}}


def lines_of(text: str) -> list[str]:
    """The lines of all shell blocks, without comments."""
    lines = [line.partition(" #")[0].strip() for block in blocks(text, "sh") for line in block.splitlines()]
    joined = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line]


def words_of(line: str) -> list[str]:
    return shlex.split(line)[1:]


@pytest.mark.parametrize("name", SHOWN)
def test_every_command_that_a_page_shows_can_be_given(name: str) -> None:
    """Parsed as the command line does: a command, an option or an argument that is not there is an error."""
    inline = re.findall(r"`(drafter [a-z][^`\n]*)`", SHOWN[name]) if name != "commands.md" else []
    for line in [*(each for each in lines_of(SHOWN[name]) if each.startswith("drafter ")), *inline]:
        command: click.Command = generate.group
        # a name alone (`drafter check`) is a mention, and ... stands for what the reader has
        words = ["x" if word.strip(".…") == "" else word for word in words_of(line)]
        mention = line in inline
        context = None
        while isinstance(command, click.Group):
            context = command.make_context("drafter", words, parent=context, resilient_parsing=mention)
            rest = [*context._protected_args, *context.args]
            if not rest:
                break
            _, found, words = command.resolve_command(context, rest)
            assert found is not None, line
            command = found
        else:
            if any(word.startswith("-") for word in words) or not mention:
                command.make_context("drafter", list(words), parent=context, resilient_parsing=mention)


def test_both_readmes_show_the_same_commands_and_facts() -> None:
    english, chinese = README.values()
    assert lines_of(english) == lines_of(chinese)
    assert blocks(english, "json") == blocks(chinese, "json")


def run_line(line: str) -> int:
    return run(words_of(line))


def test_the_quick_start_of_the_readme_goes_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = README["README.md"].split("## Quick start")[1].split("## With a model")[0]
    Path("facts.json").write_text(blocks(text, "json")[0], "utf-8")
    Path("past_reports").mkdir()
    Path("past_reports/2023.txt").write_text(blocks(page("tutorial.md"), "text")[0], "utf-8")
    lines = [line for line in lines_of(text) if line.startswith("drafter ")]
    assert len(lines) == 6
    for line in lines:
        assert run_line(line) == 0, (line, capsys.readouterr().err)
    report = Path("facts-draft/report.md").read_text("utf-8")
    assert report.startswith("# 竹溪镇2024年上半年防汛备汛工作情况汇报")
    assert "走访困难户80户" in report


def test_the_tutorial_goes_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = page("tutorial.md")
    Path("facts.json").write_text(blocks(text, "json")[0], "utf-8")
    Path("往年报告").mkdir()
    past, said = blocks(text, "text")
    Path("往年报告/2023.txt").write_text(past, "utf-8")
    *lines, check = [line for line in lines_of(text) if line.startswith("drafter ")]
    assert len(lines) == 6
    for line in lines:
        assert run_line(line) == 0, (line, capsys.readouterr().err)
    report = Path("facts-draft/report.md").read_text("utf-8")
    Path("稿子.md").write_text(report.replace("28座", "82座"), "utf-8")
    capsys.readouterr()
    assert run_line(check) == 1
    assert said in capsys.readouterr().out
    assert run(["draft", "facts.json", "--section", "problems"]) == 0


def test_the_settings_that_pages_show_can_be_set(tmp_path: Path) -> None:
    shown = [
        block for text in SHOWN.values() for block in blocks(text, "toml") if "entry-points" not in block
    ]
    shown += [
        line
        for text in SHOWN.values()
        for line in re.findall(r"`([a-z_]+ = [^`…]+)`", text)
        if line.split(" ")[0] in Settings.model_fields
    ]
    assert len(shown) > 8
    for settings in shown:
        (tmp_path / "settings.toml").write_text(settings, "utf-8")
        drafter.load_settings(user_file=tmp_path / "settings.toml", folder=tmp_path, environ={})


@pytest.mark.parametrize("name", ["limits.md", "how-it-works.md"])
def test_the_shares_that_a_page_tells_are_those_of_the_benchmarks(name: str) -> None:
    told = set(re.findall(r"(?<![\d.])(?:1)?\.\d{3}\b", page(name)))
    measured = (ROOT / "benchmarks/README.md").read_text("utf-8")
    assert len(told) > 5
    assert {share for share in told if share not in measured} == set()


# the site


def test_the_reference_of_the_library_has_every_public_name_once() -> None:
    named = re.findall(r"^\.\. auto(?:function|class|exception|data):: (\w+)", page("api.md"), re.M)
    assert sorted(named) == drafter.__all__


def test_the_navigation_has_pages_that_are_there_each_once() -> None:
    """A page that it has not yet is put under 其他 when the site is built."""
    listed = [line for block in blocks(page("index.md"), r"\{toctree\}") for line in block.splitlines()]
    names = [re.sub(r".*<(.+)>", r"\1", line) for line in listed if line and not line.startswith(":")]
    assert len(names) == len(set(names))
    assert set(names) <= {path.stem for path in PAGES}
    assert len(names) > 20


@pytest.mark.parametrize("name", SHOWN)
def test_links_and_pictures_lead_to_files_that_are_there(name: str) -> None:
    folder = DOCS if name not in README else ROOT
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)|<img src=\"([^\"]+)\"", SHOWN[name])
    for target in (one or other for one, other in links):
        assert (folder / target).exists(), target


@pytest.mark.slow
def test_the_site_is_built_strictly_needs_no_network_and_is_searched_in_chinese(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going"]
    built = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), str(DOCS), str(tmp_path / "site")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    for file in (tmp_path / "site").rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.findall(r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//", text), file
        for picture in re.findall(r"<img[^>]+src=\"([^\"]+)\"", text):
            assert (file.parent / picture).is_file(), (file, picture)
        assert not re.findall(r"<link[^>]+href=\"(?:https?:)?//", text), file
    index = (tmp_path / "site/searchindex.js").read_text("utf-8")
    data = json.loads(re.search(r"^Search.setIndex\((.*)\)\s*$", index, re.S)[1])  # type: ignore[index]
    assert {"隐患", "患排", "排查", "context_window"} <= set(data["terms"])
    assert {"placeholder.blank", "设置"} <= set(data["titleterms"])
    script = (tmp_path / "site/_static/language_data.js").read_text("utf-8")
    assert "function splitQuery" in script


@pytest.mark.slow
def test_the_picture_of_the_word_page_is_made(tmp_path: Path) -> None:
    from docs import pictures

    pictures.word(tmp_path / "word.png")
    made = (tmp_path / "word.png").read_bytes()
    assert made.startswith(b"\x89PNG")
    width, height = (int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
    assert abs(height / width - 297 / 210) < 0.01, "a page of A4"
    assert len(made) > 40_000, "an empty page is a few thousand bytes"
