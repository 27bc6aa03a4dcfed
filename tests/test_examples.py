"""Every script in examples/ runs by itself, without a network, in any folder, and prints what it promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
NO_NETWORK = """\
import runpy, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"went to the network: {event} {arguments}")

sys.addaudithook(refuse)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

PRINTED = {
    "check_text": [
        "错误 ",
        "[numbers.conflicting] 25–29「65公里」",
        "[placeholder.blank] 34–37「xx户」",
        "两次 supported ← 召开部署会2次",
        "28座 supported ← 排查山塘28座",
    ],
    "draft_in_a_loop": [
        "[10/10] ",
        "共 10 个小节，全部写完",
        "云溪镇2024年上半年安全生产工作情况汇报：",
        "柳湾街道2025年上半年便民服务和文化惠民工作情况汇报：",
        "未完成：否",
    ],
    "draft_offline": [
        "云溪镇2024年上半年安全生产工作情况汇报\n",
        "一、主要工作开展情况：",
        "写作：offline；错误 0",
        "未调用模型",
        "已保存 report.md",
    ],
    "endpoint_without_network": [
        "请求 1 次：http://model.invalid/v1/chat/completions，模型 my-model，温度 0.3",
        "提示词里有事实：是",
        "词元：700 进 20 出",
        "组织排查山塘28座，清理河道6.5公里。",
    ],
    "own_section_and_check": [
        "## 二、主要数据",
        "| 隐患排查 | 排查山塘28座 |",
        "[slogans.empty] achievements：“再上新台阶”是空话",
        "[slogans.empty] figures：",
    ],
    "own_writer": [
        "写了 4 次：opening、主要工作开展情况、存在的问题、下一步工作打算",
        "排查山塘28座，清理河道6.5公里。",
        "写作：plain；错误 0",
    ],
}


def run(script: Path, folder: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", NO_NETWORK, str(script)],
        cwd=folder,
        env={**environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_each_script_has_what_it_promises_and_each_promise_a_script() -> None:
    assert [script.stem for script in SCRIPTS] == sorted(PRINTED)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_runs_by_itself_and_prints_what_it_promises(script: Path, tmp_path: Path) -> None:
    printed = run(script, tmp_path)
    for words in PRINTED[script.stem]:
        assert words in printed
    saved = [path.name for path in tmp_path.iterdir()]
    assert saved == [name for name in ("report.md",) if f"已保存 {name}" in printed]
    for name in saved:
        assert (tmp_path / name).read_text("utf-8").startswith("# " + printed.splitlines()[0])


def test_a_script_says_how_it_is_started() -> None:
    for script in SCRIPTS:
        assert f"python examples/{script.name}" in script.read_text("utf-8")
    listed = (ROOT / "examples/README.md").read_text("utf-8")
    assert [script.name for script in SCRIPTS if f"`{script.name}`" not in listed] == []


def test_the_section_and_the_check_work_as_a_plugin_of_the_command_line(tmp_path: Path) -> None:
    facts = {
        "organization": "竹溪镇",
        "period": "2024年上半年",
        "theme": "防汛备汛工作",
        "outline": ["achievements", "figures"],
        "facts": [{"topic": "排查", "text": "排查山塘28座，工作再上新台阶"}],
    }
    (tmp_path / "facts.json").write_text(json.dumps(facts), "utf-8")
    plugin = str(ROOT / "examples/own_section_and_check.py")
    done = subprocess.run(
        [sys.executable, "-m", "drafter", "draft", "facts.json", "--plugins", plugin, "--offline", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [section["name"] for section in report["sections"]] == ["achievements", "figures"]
    assert "slogans.empty" in {finding["code"] for finding in report["findings"]}


@pytest.mark.slow
def test_the_scripts_are_clean_for_a_strict_type_checker(tmp_path: Path) -> None:
    """Seen from outside, by py.typed: what a user's own type checker says of code like theirs."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        'import drafter\n\ndrafter.draft("f.json", corpse="x").findings[0].start + "a"\n', "utf-8"
    )
    checker = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull]
    checker += ["--cache-dir", str(tmp_path / "cache")]
    good = subprocess.run(
        [*checker, *map(str, SCRIPTS)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert good.returncode == 0, good.stdout
    bad = subprocess.run([*checker, str(wrong)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert 'Unexpected keyword argument "corpse" for "draft"' in bad.stdout
    assert "Unsupported operand types" in bad.stdout
