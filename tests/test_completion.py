"""Shell completion: what is offered for a command line, and that real shells ask for it and put it in."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import get_completion_class

from drafter.cli import group, run
from drafter.cli.completion import SHELLS, VARIABLE
from drafter.corpus import open_store

ROOT = Path(__file__).resolve().parent.parent


def offered(line: str, typed: str = "") -> list[str]:
    """The values offered for a line whose last word has these letters."""
    shell = get_completion_class("bash")
    assert shell is not None
    asked = shell(group, {}, "drafter", VARIABLE)
    return [item.value for item in asked.get_completions(line.split()[1:], typed)]


def test_a_shell_asks_a_process_by_variables() -> None:
    words = {"COMP_WORDS": "drafter dr", "COMP_CWORD": "1", VARIABLE: "bash_complete"}
    done = subprocess.run(
        [sys.executable, "-m", "drafter"],
        env=os.environ | words | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "plain,draft\n", "")


def test_commands_options_and_choices_are_offered() -> None:
    assert offered("drafter", "dr") == ["draft"]
    assert set(offered("drafter", "")) >= {"draft", "check", "corpus", "doctor", "completion"}
    assert offered("drafter draft x.json", "--pl") == ["--plugins"]
    assert offered("drafter corpus search x --role") == ["background", "done", "problem", "plan"]
    assert offered("drafter completion") == list(SHELLS)


def test_sections_are_those_of_the_facts_file_and_its_plugins(plain: dict[str, Any]) -> None:
    assert offered("drafter draft nowhere.json --section", "a") == ["achievements"]
    plain["outline"] = [{"name": "achievements", "heading": "做法"}, "plans"]
    Path("账.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    assert offered("drafter draft 账.json --section") == ["achievements", "plans"]
    assert offered("drafter draft 账.json --section plans --section") == ["achievements"]
    plain["outline"] = ["risks"]
    Path("账.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    assert offered("drafter draft 账.json --section") == [], "a section that nobody has is a draft's to tell"
    plugin = ROOT / "plugins/drafter-risks/drafter_risks/__init__.py"
    assert offered(f"drafter draft 账.json --plugins {plugin} --section") == ["risks"]


def test_checks_and_formats_are_offered_once_each() -> None:
    assert offered("drafter check x.md --only", "p") == ["placeholder", "personal", "period"]
    assert offered("drafter check x.md --only personal --only", "pe") == ["period"]
    assert set(offered("drafter draft x.json --format")) >= {"md", "docx", "json"}


def test_reports_of_a_store_are_offered_by_their_ids() -> None:
    Path("a.md").write_text("# 柳塘镇2023年工作总结\n\n清理河道，成效明显。\n", "utf-8")
    for folder in ("corpus.drafter", "other"):
        with open_store(folder) as store:
            store.add(["a.md"])
            (key,) = [one.id for one in store.listed()]
    for command in ("show", "remove"):
        assert offered(f"drafter corpus {command}") == [key]
        assert offered(f"drafter corpus {command} --store other", key[:4]) == [key]
        assert offered(f"drafter corpus {command} --store nowhere") == []


def test_settings_that_are_wrong_offer_nothing_and_say_nothing() -> None:
    Path("drafter.toml").write_text("no such = [\n", "utf-8")
    assert offered("drafter check x.md --only") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_for_each_shell_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    out = capsys.readouterr().out
    assert f"_DRAFTER_COMPLETE={shell}_complete" in out


def test_another_shell_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "cmd"]) == 2
    assert "bash、zsh、fish" in capsys.readouterr().err


# real shells

STARTS = {
    "bash": (
        ["--norc", "--noprofile", "-i"],
        'PS1="> "; bind "set enable-bracketed-paste off"; eval "$(drafter completion bash)"',
    ),
    "zsh": (
        ["-f", "-i"],
        'PS1="> "; autoload -U compinit; compinit -u -D; eval "$(drafter completion zsh)"',
    ),
}


@pytest.fixture
def command(tmp_path: Path) -> dict[str, str]:
    """An environment in which `drafter` is this one."""
    script = tmp_path / "bin/drafter"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m drafter "$@"\n', "utf-8")
    script.chmod(0o755)
    path = f"{script.parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "TERM": "dumb", "HOME": str(tmp_path)}


def typed(shell: str, keys: str, done: str, environment: dict[str, str]) -> str:
    """What a terminal shows after these keys, once it shows `done`; at most half a minute."""
    import pty

    arguments, begin = STARTS[shell]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [shell, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = ""
        until = time.monotonic() + 30

        def read_to(words: str) -> None:
            nonlocal shown
            while words not in shown and time.monotonic() < until:
                if select.select([ours], [], [], 0.2)[0]:
                    shown += os.read(ours, 65536).decode("utf-8", "replace")

        try:
            os.write(ours, f"{begin}; echo rea''dy\n".encode())
            read_to("ready")
            shown = ""
            os.write(ours, keys.encode())
            read_to(done)
        finally:
            process.kill()
            os.close(ours)
    return shown


@pytest.mark.slow
@pytest.mark.parametrize("shell", STARTS)
def test_the_tab_key_of_a_real_shell_puts_in_what_fits(shell: str, command: dict[str, str]) -> None:
    assert shutil.which(shell), ".ci/run installs it"
    assert "drafter corpus remove" in typed(shell, "drafter corpus rem\t", "remove", command)
    assert "--only leakage" in typed(shell, "drafter check x.md --only lea\t", "leakage", command)


@pytest.mark.slow
def test_fish_offers_what_fits(command: dict[str, str]) -> None:
    assert shutil.which("fish"), ".ci/run installs it"
    script = 'drafter completion fish | source; complete -C "drafter corpus re"; complete -C "drafter check x --only lea"'
    done = subprocess.run(["fish", "-c", script], env=command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == ["remove", "leakage"]
