"""`drafter corpus` as a person uses it: patterns, filters, what is drawn, and what is said of what was left out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import run
from tests.conftest import EXAMPLES
from tests.misbehaving_server import serving
from tests.test_vectors import DINING, RIVER, vectors

EARLIER = """柏树湾街道2022年为老服务工作总结
2022年，柏树湾街道着力解决老年人的烦心事。现将情况汇报如下：
一、主要工作
（一）筹办长者食堂。选定两处闲置门面，请社区居民投票定菜单，年底前开灶试餐，厨师都有健康证。
（二）上门照看失能老人。护理员每周入户擦身、翻身、剪指甲，家属可以趁空出门办事。
柏树湾街道办事处
2022年12月8日
"""
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command on a store of its own; status, stdout and stderr."""

    def command(*arguments: object) -> tuple[int, str, str]:
        status = run(["corpus", *map(str, arguments), "--store", str(tmp_path / "库")])
        out, err = capsys.readouterr()
        return status, out, err

    return command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "往年报告"
    folder.mkdir()
    (folder / "老人2023.txt").write_text(DINING, encoding="utf-8")
    (folder / "老人2022.txt").write_text(EARLIER, encoding="utf-8")
    (folder / "河道2023.md").write_text(RIVER, encoding="utf-8")
    return folder


def test_a_pattern_adds_what_it_matches(corpus: Command, folder: Path) -> None:
    status, _, err = corpus("add", folder / "*2023.*")
    assert status == 0
    assert "新读入 2 个文件（2 份报告）" in err
    status, _, err = corpus("add", folder / "*2019*")
    assert status == 2
    assert "没有符合这个样式的文件" in err
    status, _, err = corpus("add", folder.parent / "**" / "*.txt")
    assert "新读入 1 个文件（1 份报告），未变 1 个" in err


@pytest.mark.skipif(os.name != "posix", reason="links need no rights there")
def test_a_pattern_goes_through_no_link_to_a_folder_and_ends(corpus: Command, folder: Path) -> None:
    (folder / "各科").mkdir()
    (folder / "河道2023.md").rename(folder / "各科" / "河道2023.md")
    (folder / ".藏").mkdir()
    (folder / ".藏" / "旧.txt").write_text(RIVER, encoding="utf-8")
    for name in ("甲", "乙"):
        (folder / name).symlink_to(".")
    (folder / "外").symlink_to("..")
    status, _, err = corpus("add", folder / "**" / "*.txt")
    assert (status, "新读入 2 个文件" in err) == (0, True)
    status, _, err = corpus("add", folder / "*" / "*.[tm]*")
    assert "新读入 1 个文件（1 份报告），未变 0 个" in err
    status, _, err = corpus("add", folder.parent / "**")
    assert (status, "新读入 0 个文件（0 份报告），未变 3 个" in err) == (0, True)


def test_doubles_are_counted_and_listed_with_their_report(corpus: Command, folder: Path) -> None:
    (folder / "又一份.txt").write_text(DINING, encoding="utf-8")
    err = corpus("add", folder)[2]
    assert "另有 1 份与它们重复" in err
    assert corpus("list")[1].count("（另有 1 个文件相同）") == 1
    listed = json.loads(corpus("list", "--json")[1])["documents"]
    assert sorted(len(row["sources"]) for row in listed) == [1, 1, 2]
    assert "重复的报告：1" in corpus("stats")[1]


@pytest.mark.parametrize(
    ("options", "years"),
    [
        (["--period", "2022年"], {"2022年"}),
        (["--period", "2022年上半年"], set()),
        (["--organization", "柏树湾街道"], {"2022年", "2023年"}),
        (["--organization", "平山县柏树湾街道"], {"2022年", "2023年"}),
        (["--organization", "柏树湾街道", "--period", "2023"], {"2023年"}),
        (["--theme", "为老服务"], {"2022年", "2023年"}),
        (["--theme", "河道保洁"], {"2023年"}),
        (["--topic", "长者食堂"], {"2022年", "2023年"}),
        (["--topic", "污水管网"], set()),
        (["--role", "plan"], set()),
    ],
)
def test_filters_narrow_the_search(
    corpus: Command, folder: Path, options: list[str], years: set[str]
) -> None:
    corpus("add", folder)
    periods = {row["id"]: row["period"] for row in json.loads(corpus("list", "--json")[1])["documents"]}
    status, out, _ = corpus("search", "开设长者食堂，清理水面漂浮垃圾", "-k", 9, "--json", *options)
    assert status == 0
    assert {periods[passage["document"]] for passage in json.loads(out)["passages"]} == years


def test_excluded_reports_give_nothing_and_filling_follows_behind(corpus: Command, folder: Path) -> None:
    corpus("add", folder)
    first = json.loads(corpus("search", "长者食堂", "--json")[1])["passages"][0]["document"]
    found = json.loads(corpus("search", "长者食堂", "--exclude", first, "--json")[1])["passages"]
    assert found
    assert first not in {passage["document"] for passage in found}
    query = ("search", "长者食堂和清理水面", "--theme", "河道保洁", "--json")
    alone = json.loads(corpus(*query)[1])["passages"]
    filled = json.loads(corpus(*query, "--fill")[1])["passages"]
    assert [passage["id"] for passage in filled[: len(alone)]] == [passage["id"] for passage in alone]
    assert len(filled) > len(alone) > 0


def test_nothing_found_and_a_period_without_a_year_say_so(corpus: Command, folder: Path) -> None:
    corpus("add", folder)
    status, out, err = corpus("search", "滑雪场")
    assert (status, out) == (0, "")
    assert "没有找到" in err
    for period in ("去年", "2023年13月"):
        status, _, err = corpus("search", "食堂", "--period", period)
        assert status == 2
        assert f"时段“{period}”里认不出年月" in err


def test_a_report_is_shown_clean_or_as_it_was_cut(corpus: Command, folder: Path) -> None:
    corpus("add", folder / "河道2023.md")
    key = json.loads(corpus("list", "--json")[1])["documents"][0]["id"]
    assert corpus("show", key)[1].splitlines() == RIVER.splitlines()
    cut = corpus("show", key, "--passages")[1]
    assert "〔已做〕主要工作 > 清理水面" in cut
    assert "〔背景〕" in cut
    status, _, err = corpus("show", "d0")
    assert status == 2
    assert "没有编号为 d0 的报告" in err


def test_stats_draw_themes_years_and_roles(corpus: Command, folder: Path) -> None:
    corpus("add", folder)
    lines = corpus("stats")[1].splitlines()
    bars = {line.split()[0]: line.count("█") for line in lines if "█" in line}
    assert bars["2023"] == 2 * bars["2022"] > 0
    assert bars["已做"] > bars["背景"] > 0
    data: dict[str, Any] = json.loads(corpus("stats", "--json")[1])
    assert data["years"] == {"2022": 1, "2023": 2}
    assert data["documents"] == sum(data["themes"].values()) == 3


def test_an_empty_store_has_stats_too(corpus: Command, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert corpus("add", tmp_path / "空")[0] == 0
    assert corpus("stats")[0] == 0
    assert corpus("list")[1] == ""


def test_vectors_are_made_by_add_and_used_by_search(
    corpus: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(vectors) as server:
        monkeypatch.setenv("DRAFTER_EMBEDDINGS_BASE_URL", server.url)
        monkeypatch.setenv("DRAFTER_EMBEDDINGS_MODEL", "m-e")
        assert json.loads(corpus("add", folder, "--json")[1])["embedded"] > 0
        assert "开设长者食堂" in corpus("search", "饭菜口味")[1]
    status, out, err = corpus("search", "长者食堂")
    assert status == 0
    assert "开设长者食堂" in out
    assert err.count("提醒：") == 1
    assert "只按词语检索" in err


def test_the_examples_go_in_whole(corpus: Command) -> None:
    status, _, err = corpus("add", EXAMPLES / "corpus")
    assert status == 0
    assert "跳过 0 个" in err


HOSTILE = """柏树湾街道2021年为老服务工作总结
一、主要工作\x1b]0;改窗口名\x07
（一）办食堂。在小区办起长者食堂\x1b[2J\x1b[31m，荤素搭配\u202e，送到家门口，老人不再一天只做一顿饭。
"""


@pytest.mark.skipif(os.name != "posix", reason="such names are not allowed there")
def test_what_files_hold_gives_the_terminal_no_commands(corpus: Command, tmp_path: Path) -> None:
    path = tmp_path / "食堂\x1b[2J\n第二行.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    corpus("add", path)
    key = json.loads(corpus("list", "--json")[1])["documents"][0]["id"]
    printed = {
        name: corpus(*command)[1]
        for name, command in {
            "list": ("list",),
            "show": ("show", key),
            "cut": ("show", key, "--passages"),
            "search": ("search", "长者食堂"),
            "stats": ("stats",),
        }.items()
    }
    for name, out in printed.items():
        assert not {sign for sign in out if sign < " " or sign in "\x7f\x9b\u202e"} - {"\n"}, name
    assert printed["list"].count("\n") == 1
    assert "办起长者食堂" in printed["show"]
    assert "办起长者食堂" in printed["search"]
    assert json.loads(corpus("list", "--json")[1])["documents"][0]["source"] == str(path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "食堂", "-k", 0), "应是 1 到 100 的整数"),
        (("search", "食堂", "-k", "多"), "应是 1 到 100 的整数"),
        (("search", "食堂", "--role", "别的"), "应是 background、done、problem、plan 之一"),
        (("add", ""), "PATH... 的值不合要求（路径是空的"),
        (("show", "d1", "d2"), "多出了 d2"),
        (("list", "--json=1"), "选项 --json 不带值"),
    ],
)
def test_a_wrong_command_line_is_named_in_chinese(
    corpus: Command, arguments: tuple[object, ...], said: str
) -> None:
    status, out, err = corpus(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", err.partition("；用法见")[0])


def test_a_store_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["corpus", "list", "--store="]) == 2
    assert "--store 的值不合要求（路径是空的" in capsys.readouterr().err
    path = tmp_path / "库.txt"
    path.touch()
    for command in (["search", "食堂"], ["list"], ["add", str(tmp_path)]):
        assert run(["corpus", *command, "--store", str(path)]) == 2
        assert "这是文件，报告库应是文件夹" in capsys.readouterr().err


def test_a_file_that_is_skipped_again_is_counted_once(corpus: Command, folder: Path) -> None:
    bad = folder / "坏.txt"
    bad.write_bytes(b"\0\1\2" * 100)
    for new, same in ((3, 0), (0, 3), (0, 3)):
        status, _, err = corpus("add", folder)
        assert status == 1
        assert f"新读入 {new} 个文件" in err
        assert f"未变 {same} 个，移除 0 个，跳过 1 个" in err
        os.utime(bad, (10**9, 10**9))
