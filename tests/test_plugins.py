"""Plugins: registered through hooks, each loaded on its own, a broken one named and left out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drafter import CheckContext, Finding, check
from drafter.cli import run
from drafter.errors import PluginError
from drafter.plugins import load_registry

SECTION = """
from drafter.plugins import Section, hookimpl

class Risks(Section):
    '''存在的风险点'''
    name, heading, roles, template = "risks", "存在的风险点", ("problem",), "risks.j2"

@hookimpl
def register_sections(register):
    register(Risks())
"""


def test_everything_built_in_came_through_the_hooks() -> None:
    registry = load_registry(entry_points=False)
    assert list(registry.sections) == ["opening", "achievements", "problems", "plans", "closing"]
    assert {"placeholder", "numbers", "coverage", "leakage", "residue", "structure"} <= set(registry.checks)
    assert {"endpoint", "offline"} <= set(registry.writers)
    assert {"md", "json"} <= set(registry.exporters)
    assert "local" in registry.retrievers
    assert {origin.plugin for origin in registry.origins.values()} == {"built-in"}
    assert registry.problems == []


def test_a_plugin_file_is_loaded_and_its_origin_known(tmp_path: Path) -> None:
    file = tmp_path / "risks_plugin.py"
    file.write_text(SECTION, "utf-8")
    registry = load_registry([str(file)], entry_points=False)
    assert registry.sections["risks"].heading == "存在的风险点"
    assert registry.origins["sections", "risks"].plugin == str(file)


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(SECTION, "utf-8")
    (tmp_path / "two.py").write_text(SECTION.replace("risks", "dangers"), "utf-8")
    assert {"risks", "dangers"} <= set(load_registry([str(tmp_path)], entry_points=False).sections)


HEAD = "from drafter import Section, hookimpl\n\n"
CHECKS = HEAD + "@hookimpl\ndef register_checks(register):\n    "
SECTIONS = HEAD + "@hookimpl\ndef register_sections(register):\n    "
BROKEN = {
    "does not parse": ("def (", "SyntaxError"),
    "raises at import": ("raise RuntimeError('kaputt\\nand more')", "RuntimeError: kaputt and more（"),
    "raises somewhat else": ("class Odd(BaseException): pass\n\nraise Odd('odd')", "Odd: odd（"),
    "leaves the program": ("raise SystemExit(5)", "它在加载时要结束程序（SystemExit: 5）"),
    "raises in its hook": (CHECKS + "1 / 0", "ZeroDivisionError: division by zero（"),
    "needs what is not there": ("import no_such_module_at_all", "No module named 'no_such_module_at_all'（"),
    "has no name": (CHECKS + "register(3)", "检查 3 没有 name"),
    "has a name that is no text": (CHECKS + "register(print, name=3)", "没有 name（非空的字符串）"),
    "has no method": (CHECKS + "register(print, name='p')", "检查“p”缺少 check"),
    "is no section": (SECTIONS + "register(print, name='p')", "章节“p”缺少 heading"),
    "is a class": (SECTIONS + "register(Section)", "是类，应注册它的实例：register(Section())"),
    "has roles that are no tuple": (
        HEAD + "class A(Section):\n    name, roles = 'a', ('problem')\n\n" + SECTIONS + "register(A())",
        """章节“a”的 roles 应是元组，如 ("problem",)，现在是 'problem'""",
    ),
    "has an unknown role": (
        HEAD + "class A(Section):\n    name, roles = 'a', ('problems',)\n\n" + SECTIONS + "register(A())",
        "roles 里没有“problems”这一类，可用的有 background、done、problem、plan",
    ),
    "has neither roles nor render": (
        HEAD + "class A(Section):\n    name = 'a'\n\n" + SECTIONS + "register(A())",
        "章节“a”写不出内容",
    ),
    "registers a name twice": (
        HEAD
        + "class A(Section):\n    name, roles = 'a', ('done',)\n\n"
        + SECTIONS
        + "register(A()), register(A())",
        "章节“a”注册了两次",
    ),
    "unknown hook": (HEAD + "@hookimpl\ndef register_colours(register):\n    pass\n", "register_colours"),
    "forgot to mark its hook": (
        "def register_checks(register):\n    1 / 0\n",
        "函数 register_checks 没有标上 @hookimpl",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_plugin_is_named_and_the_others_load(tmp_path: Path, fault: str) -> None:
    code, said = BROKEN[fault]
    (tmp_path / "a_broken.py").write_text(code, "utf-8")
    (tmp_path / "b_good.py").write_text(SECTION, "utf-8")
    registry = load_registry([str(tmp_path)], entry_points=False)
    assert "risks" in registry.sections
    (problem,) = registry.problems
    assert "a_broken.py" in problem
    assert said in problem
    assert "请修好它，或把它从 plugins 设置或 --plugins 里去掉" in problem
    assert "\n" not in problem


def test_a_broken_plugin_is_fatal_in_strict_mode(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN["raises at import"][0], "utf-8")
    with pytest.raises(PluginError, match="kaputt"):
        load_registry([str(tmp_path / "broken.py")], strict=True, entry_points=False)


def test_nothing_of_a_plugin_that_fails_half_way_stays(tmp_path: Path) -> None:
    half = SECTION + "\n@hookimpl\ndef register_checks(register):\n    1 / 0\n"
    (tmp_path / "half.py").write_text(half, "utf-8")
    assert "risks" not in load_registry([str(tmp_path)], entry_points=False).sections


def test_a_bare_name_is_a_module_even_where_a_folder_of_that_name_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme_plugin").mkdir()
    (tmp_path / "acme_plugin" / "evil.py").write_text(SECTION, "utf-8")
    monkeypatch.chdir(tmp_path)
    registry = load_registry(["acme_plugin"], entry_points=False)
    assert "risks" not in registry.sections
    assert "acme_plugin" in registry.problems[0]


def test_a_received_folder_brings_no_module_and_no_plugin(tmp_path: Path) -> None:
    (tmp_path / "tenacity.py").write_text("raise SystemExit('ran')", "utf-8")
    info = tmp_path / "evil-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[drafter]\nevil = evil\n", "utf-8")
    (tmp_path / "evil.py").write_text(SECTION, "utf-8")
    command = [sys.executable, "-m", "drafter", "plugins"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert "evil" not in done.stdout + done.stderr
    assert "risks" not in done.stdout


def test_two_strangers_may_not_take_one_name_but_one_may_replace_a_built_in(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(SECTION.replace('"risks"', '"plans"'), "utf-8")
    (tmp_path / "two.py").write_text(SECTION.replace('"risks"', '"plans"'), "utf-8")
    registry = load_registry([str(tmp_path)], entry_points=False)
    assert registry.sections["plans"].heading == "存在的风险点"
    assert len(registry.problems) == 1
    assert "已由" in registry.problems[0]


def test_two_that_clash_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(SECTION, "utf-8")
    (tmp_path / "two.py").write_text(SECTION, "utf-8")
    (problem,) = load_registry([str(tmp_path)], entry_points=False).problems
    assert "two.py" in problem
    assert f"章节“risks”已由 {tmp_path / 'one.py'} 注册" in problem


def test_what_takes_the_place_of_a_built_in_is_known_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "class Mine:\n    name = 'numbers'\n    def check(self, text, context):\n        return ()\n\n"
    (tmp_path / "mine.py").write_text(code + CHECKS + "register(Mine())\n", "utf-8")
    place = str(tmp_path / "mine.py")
    registry = load_registry([place], entry_points=False)
    assert registry.problems == []
    assert registry.origins["checks", "numbers"].replaces == "built-in"
    assert registry.origins["checks", "residue"].replaces == ""
    assert run(["plugins", "--plugins", place]) == 0
    shown = capsys.readouterr().out
    assert f"  numbers：文件 {place}，替换了内置的同名项" in shown
    assert "内置：placeholder、coverage" in shown


def test_a_person_interrupting_is_no_fault_of_a_plugin(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("raise KeyboardInterrupt", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        load_registry([str(tmp_path / "slow.py")], entry_points=False)


def test_a_file_beside_plugins_need_not_be_one_but_one_that_is_named_must(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text("WORDS = ()", "utf-8")
    (tmp_path / "risks.py").write_text(SECTION, "utf-8")
    assert load_registry([str(tmp_path)], entry_points=False).problems == []
    (problem,) = load_registry([str(tmp_path / "words.py")], entry_points=False).problems
    assert "里面没有标上 @hookimpl 的 register_… 函数" in problem


def test_a_check_that_leaves_the_program_is_named_in_a_finding(plain: dict[str, Any]) -> None:
    class Leaver:
        name = "leaver"

        def check(self, text: str, context: CheckContext) -> list[Finding]:
            raise SystemExit(7)

    registry = load_registry(entry_points=False)
    registry.checks["leaver"] = Leaver()
    (found,) = check("文", plain, only=["leaver"], registry=registry).findings
    assert found.code == "plugin.failed"
    assert "SystemExit: 7" in found.message


TALKER = """
print("loading")
from drafter import hookimpl

class Talker:
    name = "talker"
    def check(self, text, context):
        print("checking")
        return ()

@hookimpl
def register_checks(register):
    print("registering")
    register(Talker())
"""


def test_what_a_plugin_prints_never_mixes_with_the_json(
    tmp_path: Path, plain: dict[str, Any], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "talker.py").write_text(TALKER, "utf-8")
    (tmp_path / "facts.json").write_text(json.dumps(plain), "utf-8")
    (tmp_path / "text.md").write_text("签《防汛责任书》17份。", "utf-8")
    plugin = ("--plugins", str(tmp_path / "talker.py"), "--json")
    facts = str(tmp_path / "facts.json")
    for command in (
        ("plugins",),
        ("check", str(tmp_path / "text.md"), "--facts", facts),
        ("draft", facts),
    ):
        assert run([*command, *plugin]) in (0, 1)
        out, err = capsysbinary.readouterr()
        assert isinstance(json.loads(out), dict), command
        assert b"registering" in err


def install(site: Path, name: str, code: str) -> None:
    """What an installer would leave there: a module and a distribution with an entry point."""
    (site / f"{name}.py").write_text(code, "utf-8")
    info = site / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: acme-{name}\nVersion: 1.2\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[drafter]\n{name} = {name}\n", "utf-8")


def test_an_installed_plugin_is_shown_with_its_distribution_and_registered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    install(tmp_path, "installed_risks", SECTION)
    install(tmp_path, "installed_broken", "1 / 0")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert run(["plugins", "--plugins", "installed_risks", "--json"]) == 0  # named, too
    answer = json.loads(capsysbinary.readouterr().out)
    assert {
        "kind": "sections",
        "name": "risks",
        "plugin": "acme-installed_risks",
        "version": "1.2",
        "module": "installed_risks",
        "replaces": "",
    } in answer["plugins"]
    (problem,) = answer["problems"]
    assert "插件 installed_broken（来自 acme-installed_broken 1.2）未能加载：ZeroDivisionError" in problem
    assert "pip uninstall acme-installed_broken" in problem


@pytest.mark.parametrize(
    "command", [["--help"], ["--version"], ["draft", "--help"], ["new", "check", "-h"], ["schema"]]
)
def test_help_imports_no_plugin(tmp_path: Path, command: list[str]) -> None:
    install(tmp_path, "sleeper", "import pathlib\npathlib.Path(__file__).with_name('woken').touch()\n")
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    drafter = [sys.executable, "-m", "drafter"]
    subprocess.run([*drafter, *command], env=environ, capture_output=True, check=True)
    assert not (tmp_path / "woken").exists()
    if command == ["--help"]:  # the mark is there to be made
        subprocess.run([*drafter, "plugins"], env=environ, capture_output=True, check=True)
        assert (tmp_path / "woken").exists()
