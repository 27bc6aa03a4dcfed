"""`drafter new section|check`: a package that passes its own test at once, and names that cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drafter.cli import run
from drafter.errors import InputError, OutputError
from drafter.plugins import load_registry
from drafter.scaffold import LONGEST, write_package

REGISTRY = load_registry(entry_points=False)
RULES = "E,F,W,I,B,UP,RUF,PT,SIM,C4"


def call(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(("kind", "name"), [("section", "none"), ("check", "a1_b2")])
def test_what_is_written_passes_its_own_test_without_being_installed(
    tmp_path: Path, kind: str, name: str
) -> None:
    assert run(["new", kind, name, "-o", str(tmp_path / "made" / name)]) == 0
    done = call("-m", "pytest", "-p", "no:cacheprovider", cwd=tmp_path / "made" / name)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("kind", ["section", "check"])
@pytest.mark.parametrize("name", ["x", "n" * LONGEST])
def test_what_is_written_is_clean_and_formatted(tmp_path: Path, kind: str, name: str) -> None:
    folder = write_package(kind, name, tmp_path / "p", REGISTRY)  # type: ignore[arg-type]
    checked = call(
        "-m", "ruff", "check", "--select", RULES, "--ignore", "RUF001,RUF002,RUF003", ".", cwd=folder
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    formatted = call("-m", "ruff", "format", "--diff", ".", cwd=folder)
    assert formatted.returncode == 0, formatted.stdout


def test_nothing_of_the_templates_is_left_open(tmp_path: Path) -> None:
    folder = write_package("section", "my_asks", tmp_path / "p", REGISTRY)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(folder)) for path in files) == [
        "README.md",
        "drafter_my_asks/__init__.py",
        "drafter_my_asks/my_asks.j2",
        "pyproject.toml",
        "tests/test_my_asks.py",
    ]
    texts = "".join(path.read_text("utf-8") for path in files)
    assert "$" not in texts
    assert 'name = "drafter-my-asks"' in texts


BAD_NAMES = [
    ("Risks", "例如 risks"),
    ("my-asks", "例如 my_asks"),
    ("2nd", "例如 nd"),
    ("风险", "例如 risks"),
    ("a__b", "例如 a_b"),
    ("_a", "例如 a"),
    ("../up", "例如 up"),
    ("", "小写字母"),
    ("a" * (LONGEST + 1), "至多"),
    ("a\n", "例如 a"),
    ("problems", "已有名为“problems”的章节（内置）"),
    ("section", "内置提示词模板"),
    ("system", "内置提示词模板"),
]


@pytest.mark.parametrize(("name", "said"), BAD_NAMES)
def test_a_name_that_cannot_be_used_is_refused_with_the_way_out(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        write_package("section", name, tmp_path / "p", REGISTRY)
    assert caught.value.exit_status == 2
    assert list(tmp_path.iterdir()) == []


def test_a_plugins_name_is_taken_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_package("check", "asks", tmp_path / "p", REGISTRY)
    registry = load_registry([str(tmp_path / "p" / "drafter_asks") + "/"], entry_points=False)
    assert registry.problems == []
    with pytest.raises(InputError, match="已有名为“asks”的检查"):
        write_package("check", "asks", tmp_path / "q", registry)


def test_a_folder_that_is_there_is_never_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "check", "asks"]) == 0
    assert capsys.readouterr().out == "drafter-asks\n"
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert run(["new", "check", "asks"]) == 2
    assert "不会覆盖" in capsys.readouterr().err
    with pytest.raises(OutputError):
        write_package("section", "asks", tmp_path / "drafter-asks" / "pyproject.toml", REGISTRY)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_next_steps_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "section", "asks", "-o", str(tmp_path / "p")]) == 0
    told = capsys.readouterr().err
    for step in (f"cd {tmp_path / 'p'}", "pytest", "pip install -e .", "drafter plugins", "outline"):
        assert step in told
