"""The worked examples in plugins/, installed and run as a stranger would, by the very commands of plugins/README.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("drafter-opensearch", "drafter-risks", "drafter-tables", "drafter-terms")
NEEDED = (
    "drafter",
    "prompts",
    "plugins",
    "examples",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)
SLEEPER = """
import pathlib, time

pathlib.Path(__file__).with_name("imported").touch()
time.sleep(5)
raise ImportError("woken")
"""
SLEEPER_PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "sleeper"
version = "0.1.0"

[project.entry-points.drafter]
sleeper = "sleeper"
"""


def blocks() -> list[str]:
    """The shell blocks of plugins/README.md, in order."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "plugins" / "README.md").read_text("utf-8"), re.S)


@dataclass(frozen=True)
class Place:
    """A copy of the source with an environment of its own in it, and what each block of the README gave."""

    folder: Path
    said: list[subprocess.CompletedProcess[str]]

    def run(self, command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "VIRTUAL_ENV", "DRAFTER_", "OPENAI_", "PYTHONPATH"))
        }
        path = os.pathsep.join(
            (str(self.folder / ".venv/bin"), str(Path(sys.executable).parent), inherited["PATH"])
        )
        own = {"PATH": path, "XDG_CONFIG_HOME": str(self.folder / "config"), "PIP_QUIET": "1"}
        return subprocess.run(
            ["bash", "-euc", command],
            cwd=cwd or self.folder,
            env={**inherited, **own},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )


def test_the_readme_installs_and_tests_every_package() -> None:
    assert sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir()) == sorted(PACKAGES)
    commands = "".join(blocks())
    for package in PACKAGES:
        assert f"pip install ./plugins/{package}" in commands
        assert f"pytest plugins/{package}" in commands


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("stranger") / "drafter"
    folder.mkdir()
    for name in NEEDED:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__", ".*_cache", "*-draft")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    found = Place(folder, [])
    for block in blocks():
        found.said.append(found.run(block))
    return found


@pytest.mark.slow
def test_every_block_of_the_readme_works(place: Place) -> None:
    for block, done in zip(blocks(), place.said, strict=True):
        assert done.returncode == 0, block + done.stdout + done.stderr
        assert done.stdout.count(" passed") == block.count("pytest plugins/")
        assert "未能加载" not in done.stderr


@pytest.mark.slow
def test_the_section_stands_in_the_report(place: Place) -> None:
    text = (place.folder / "risks-draft/report.md").read_text("utf-8")
    assert "二、存在的风险点" in text
    assert "存在的问题" not in text
    assert "【待核实" not in text


@pytest.mark.slow
def test_the_table_stands_in_the_report(place: Place) -> None:
    report = json.loads((place.folder / "tables-draft/report.json").read_text("utf-8"))
    assert report["sections"][-1]["name"] == "figures"
    assert "| 1 | 其他 | 辖12个村，沿河5个村 | 12个、5个 |" in report["text"]
    assert report["counts"]["error"] == 0


@pytest.mark.slow
def test_the_check_runs_with_the_others_and_alone(place: Place) -> None:
    drafted, listed = place.said[-2:]
    assert re.search(r"terms +0 +0", drafted.stderr)
    assert "“安监局”自2019-04起改称“应急管理局”" in re.sub(r"\s", "", drafted.stdout)
    for package in PACKAGES:
        assert f"安装包 {package} 0.1.0" in listed.stdout


@pytest.mark.slow
def test_the_prompt_of_an_installed_section_is_found_in_its_wheel(place: Place) -> None:
    """--dry-run with a model renders every prompt."""
    command = "drafter draft plugins/drafter-risks/example.yaml --model m --base-url http://127.0.0.1:9/v1 --dry-run"
    done = place.run(command)
    assert done.returncode == 0, done.stderr
    assert "存在的风险点" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["section", "check"])
def test_a_new_package_installs_and_passes(place: Place, tmp_path: Path, kind: str) -> None:
    commands = (
        f"drafter new {kind} mine",
        "cd drafter-mine",
        "pip install -e .",
        "pytest",
        "drafter plugins --json",
    )
    done = place.run("\n".join(commands), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    assert '"plugin": "drafter-mine"' in done.stdout
    taken = place.run(f"drafter new {kind} mine -o elsewhere", cwd=tmp_path)
    assert taken.returncode == 2
    assert "drafter-mine" in taken.stderr
    assert place.run("pip uninstall -y drafter-mine").returncode == 0


@pytest.mark.slow
def test_help_waits_for_no_plugin(place: Place, tmp_path: Path) -> None:
    help_of = "drafter --help; drafter draft --help; drafter new section --help; drafter --version"
    before = place.run(help_of).stdout
    package = tmp_path / "sleeper"
    (package / "sleeper").mkdir(parents=True)
    (package / "sleeper/__init__.py").write_text(SLEEPER, "utf-8")
    (package / "pyproject.toml").write_text(SLEEPER_PROJECT, "utf-8")
    assert place.run("pip install ./sleeper", cwd=tmp_path).returncode == 0
    try:
        assert place.run(help_of).stdout == before
        assert list((place.folder / ".venv").rglob("sleeper/imported")) == []
        named = place.run("drafter plugins")
        assert list((place.folder / ".venv").rglob("sleeper/imported"))
        assert "sleeper 0.1.0）未能加载：ImportError: woken" in named.stderr
        assert named.returncode == 0
    finally:
        place.run("pip uninstall -y sleeper")
