"""What only an installation can prove: README's two commands in a fresh clone, and the wheel in a strange place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "VIRTUAL_ENV", "PYTEST"))
    }
    return subprocess.run(
        command, cwd=folder, env=inherited, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a user would get: the committed files and nothing else."""
    folder = tmp_path_factory.mktemp("clone") / "drafter"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


def readme_commands() -> list[str]:
    first = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert first
    return [line.split("#")[0].strip() for line in first.group(1).splitlines()]


def test_readme_shows_two_commands_first() -> None:
    assert readme_commands() == ["make draft", "make test"]


def test_make_draft_works_from_a_clean_clone_in_under_two_minutes(clone: Path) -> None:
    begun = time.monotonic()
    done = run(readme_commands()[0].split(), clone)
    seconds = time.monotonic() - begun
    assert done.returncode == 0, done.stderr
    files = [clone / line for line in done.stdout.split()]
    assert [file.name for file in files] == ["report.md", "report.docx", "report.html", "report.json"]
    assert all(file.is_file() for file in files)
    assert files[0].read_text("utf-8").startswith("# 云溪镇2024年上半年安全生产工作情况汇报")
    assert "没有错误" in done.stderr
    assert seconds < 120, "the promise of the README, not a benchmark"


def test_make_test_works_from_a_clean_clone(clone: Path) -> None:
    done = run(readme_commands()[1].split(), clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout)


def test_the_wheel_works_from_any_folder_and_carries_the_prompts(clone: Path, tmp_path: Path) -> None:
    built = run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path / "dist"), str(clone)], clone
    )
    assert built.returncode == 0, built.stdout + built.stderr
    wheel = next((tmp_path / "dist").glob("*.whl"))
    venv.create(tmp_path / "v", with_pip=True)
    python = next(
        path for path in (tmp_path / "v/bin/python", tmp_path / "v/Scripts/python.exe") if path.exists()
    )
    installed = run([str(python), "-m", "pip", "install", "-q", str(wheel)], tmp_path)
    assert installed.returncode == 0, installed.stderr
    facts = tmp_path / "账.yaml"
    facts.write_bytes((ROOT / "examples/facts/hetang-environment.yaml").read_bytes())
    script = python.parent / "drafter"
    done = run([str(script), "draft", facts.name, "--corpus", str(ROOT / "examples/corpus")], tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "账-draft/report.md").is_file()
    assert (tmp_path / "账-draft/report.docx").is_file(), "the skeleton of the Word file is in the wheel"
    assert "</article>" in (tmp_path / "账-draft/report.html").read_text("utf-8"), (
        "and so is the review page's template"
    )
    # --dry-run with a model renders every prompt, from the wheel's own prompts/
    dry = run(
        [
            str(script),
            "draft",
            facts.name,
            "--model",
            "m",
            "--base-url",
            "http://127.0.0.1:9/v1",
            "--dry-run",
        ],
        tmp_path,
    )
    assert dry.returncode == 0, dry.stderr
    assert "次调用" in dry.stderr
