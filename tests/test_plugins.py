"""Plugins: registered through hooks, each loaded on its own, a broken one named and left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


BROKEN = {
    "does not parse": "def (",
    "raises at import": "raise RuntimeError('kaputt')",
    "leaves the program": "raise SystemExit(5)",
    "raises in its hook": "from drafter.plugins import hookimpl\n@hookimpl\ndef register_checks(register):\n    1 / 0\n",
    "has no name": "from drafter.plugins import hookimpl\n@hookimpl\ndef register_checks(register):\n    register(3)\n",
    "is no section": (
        "from drafter.plugins import hookimpl\nclass A: name = 'a'\n"
        "@hookimpl\ndef register_sections(register):\n    register(A())\n"
    ),
    "unknown hook": "from drafter.plugins import hookimpl\n@hookimpl\ndef register_colours(register):\n    pass\n",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_plugin_is_named_and_the_others_load(tmp_path: Path, fault: str) -> None:
    (tmp_path / "a_broken.py").write_text(BROKEN[fault], "utf-8")
    (tmp_path / "b_good.py").write_text(SECTION, "utf-8")
    registry = load_registry([str(tmp_path)], entry_points=False)
    assert "risks" in registry.sections
    assert len(registry.problems) == 1
    assert "a_broken.py" in registry.problems[0]


def test_a_broken_plugin_is_fatal_in_strict_mode(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN["raises at import"], "utf-8")
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
