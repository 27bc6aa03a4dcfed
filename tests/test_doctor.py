"""`drafter doctor`: what it finds, what it advises, with which status it ends, and what it never does."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import run
from drafter.corpus import open_store
from drafter.doctor import Item, machine
from drafter.errors import SettingsError
from drafter.settings import Settings, load_settings
from tests.conftest import EXAMPLES
from tests.misbehaving_server import Answer, failure, serving

KEY = "sk-geheim-0123456789abcdef"
Examined = tuple[int, list[dict[str, str]], dict[str, Any]]
Examine = Callable[..., Examined]


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Examine:
    """Exit status, items and the whole answer of `doctor --json`."""

    def examine(*arguments: object) -> Examined:
        status = run(["doctor", *map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        assert KEY not in out + err
        answer = json.loads(out)
        assert answer["can_draft"] == (status == 0)
        return status, answer["items"], answer

    return examine


def named(items: list[dict[str, str]], name: str) -> list[tuple[str, str]]:
    """State and words (with the advice) of the items of this name."""
    return [(item["state"], item["message"] + item["advice"]) for item in items if item["name"] == name]


def models(*names: str, **more: Any) -> Answer:
    return Answer({"object": "list", "data": [{"id": name, "object": "model", **more} for name in names]})


# without a model


def test_a_bare_machine_can_draft_with_the_offline_writer(examined: Examine) -> None:
    status, items, answer = examined()
    assert (status, answer["writer"]) == (0, "offline")
    ((state, said),) = named(items, "writer")
    assert state == "ok"
    assert "内置离线写作器" in said
    assert named(items, "endpoint") == named(items, "tokens") == []
    assert {"python", "libraries", "libreoffice", "fonts", "disk", "corpus", "plugins"} <= {
        item["name"] for item in items
    }
    assert answer["counts"]["fault"] == 0


def test_the_person_reads_lines_and_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    out, err = capsys.readouterr()
    lines = out.rstrip().splitlines()
    assert err == ""
    assert all(line.startswith(("[正常] ", "[提醒] ", "       办法：")) for line in lines[:-1])
    assert lines[-1].startswith("结果：可以起草（内置离线写作器），")


def test_a_key_alone_is_no_choice_and_is_not_shown(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    status, items, answer = examined()
    assert (status, answer["writer"]) == (0, "offline")
    ((state, said),) = named(items, "writer")
    assert state == "note"
    assert "有密钥不算选择了模型" in said
    assert ("ok", "环境变量：api_key") in named(items, "settings")


# the endpoint


def test_a_healthy_endpoint_is_asked_for_its_models_and_for_nothing_else(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(models("qwen3:8b", "glm4:9b", max_model_len=32768)) as server:
        status, items, answer = examined("--base-url", server.url, "--model", "qwen3:8b")
        assert server.asked == [("/v1/models", None)]
        assert server.keys == [f"Bearer {KEY}"]
    assert (status, answer["writer"]) == (0, "endpoint")
    assert named(items, "endpoint") == [("ok", f"{server.url} 有答复，列出 2 个模型")]
    assert named(items, "model") == [("ok", "服务端有 qwen3:8b")]
    ((state, said),) = named(items, "context")
    assert (state, "32768" in said) == ("ok", True)


@pytest.mark.parametrize(
    ("model", "listed", "state", "words", "expected"),
    [
        ("qwen3", models("qwen3:latest"), "ok", "qwen3:latest", 0),
        ("", models("only-one"), "ok", "唯一的 only-one", 0),
        ("anything", models("m.gguf", owned_by="llamacpp"), "ok", "不看名称", 0),
        ("qwen3:9b", models("qwen3:8b", "glm4"), "fault", "是否应为 qwen3:8b", 3),
        ("zzz", models("qwen3:8b"), "fault", "没有列出 zzz", 3),
        ("", models("a", "b"), "fault", "没有指定模型，服务端有 a、b", 2),
        ("", models(), "fault", "没有列出", 2),
    ],
)
def test_the_model_is_looked_for_in_the_list(
    examined: Examine, model: str, listed: Answer, state: str, words: str, expected: int
) -> None:
    with serving(listed) as server:
        status, items, _ = examined("--base-url", server.url, *(["--model", model] if model else []))
    ((found, said),) = named(items, "model")
    assert (status, found) == (expected, state)
    assert words in said


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (failure(401, f"Incorrect API key provided: {KEY}"), "请检查密钥"),
        (failure(429, "rate limit"), "返回 429"),
        (failure(500, "boom"), "返回 500"),
        (Answer("<html><body>router login</body></html>"), "/v1 结尾"),
        (Answer("", 302, {"location": "https://elsewhere.example/v1/models"}), "没有向那里发送任何内容"),
    ],
)
def test_each_fault_of_the_endpoint_is_explained_with_status_3(
    examined: Examine, monkeypatch: pytest.MonkeyPatch, answer: Answer, words: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(answer) as server:
        status, items, _ = examined("--base-url", server.url, "--model", "m")
        assert len(server.asked) == 1, "one look is enough: nothing is tried again"
    ((state, said),) = named(items, "endpoint")
    assert (status, state) == (3, "fault")
    assert words in said


def test_a_server_that_is_not_there_is_explained_and_the_way_out_named(
    examined: Examine, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--base-url", "http://127.0.0.1:9/v1", "--model", "m")
    status, items, _ = examined(*arguments)
    ((state, said),) = named(items, "endpoint")
    assert (status, state) == (3, "fault")
    assert "请确认服务已启动" in said
    assert run(["doctor", *arguments]) == 3
    assert "可以加 --offline" in capsys.readouterr().out
    assert examined(*arguments, "--offline")[0] == 0


def test_a_server_without_a_list_may_know_the_model_all_the_same(examined: Examine) -> None:
    with serving(failure(404, "not found")) as server:
        assert examined("--base-url", server.url, "--model", "m")[0] == 0
        status, items, _ = examined("--base-url", server.url)
    assert status == 3
    assert named(items, "endpoint")[0][0] == "fault"


@pytest.mark.parametrize(("size", "words"), [({}, "没有说明"), ({"meta": {"n_ctx": 4096}}, "设为 4096")])
def test_a_context_that_is_small_or_unknown_is_a_note(
    examined: Examine, size: dict[str, Any], words: str
) -> None:
    with serving(models("m", **size)) as server:
        status, items, _ = examined("--base-url", server.url, "--model", "m")
    ((state, said),) = named(items, "context")
    assert (status, state) == (0, "note")
    assert words in said


def test_an_embeddings_endpoint_is_looked_at_but_never_stops_a_draft(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(models("bge-m3")) as server:
        monkeypatch.setenv("DRAFTER_EMBEDDINGS_BASE_URL", server.url)
        monkeypatch.setenv("DRAFTER_EMBEDDINGS_MODEL", "bge-m3")
        status, items, _ = examined("--corpus", EXAMPLES / "corpus")
        assert [path for path, _ in server.asked] == ["/v1/models"], "no passage was sent"
    assert (status, named(items, "embeddings")[0][0]) == (0, "ok")
    status, items, _ = examined()
    ((state, said),) = named(items, "embeddings")
    assert (status, state) == (0, "note")
    assert "连不上" in said
    monkeypatch.delenv("DRAFTER_EMBEDDINGS_MODEL")
    status, items, _ = examined()
    assert (status, named(items, "embeddings")) == (2, [("fault", "只设了一半：还要设置 embeddings_model")])


def test_the_table_of_a_model_is_looked_for_and_the_way_to_it_told(
    examined: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    with serving(models("gpt-4o", "qwen3")) as server:
        _, items, _ = examined("--base-url", server.url, "--model", "gpt-4o")
        ((state, said),) = named(items, "tokens")
        assert state == "note"
        assert "o200k_base" in said
        assert "TIKTOKEN_CACHE_DIR" in said
        _, items, _ = examined("--base-url", server.url, "--model", "qwen3")
    assert named(items, "tokens")[0][0] == "ok"


# settings


def test_every_mistake_of_every_place_is_named_at_once(
    examined: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(f'temprature = 1\nattempts = 0\napi_key = ["{KEY}"]\n', "utf-8")
    monkeypatch.setenv("DRAFTER_SETTINGS", str(own))
    monkeypatch.setenv("DRAFTER_TIMOUT", "3")
    Path("drafter.toml").write_text('base_url = "http://evil.example"\nlength = "long"\n', "utf-8")
    status, items, answer = examined()
    assert (status, answer["writer"]) == (2, "")
    said = [words for state, words in named(items, "settings") if state == "fault"]
    assert len(said) == 6
    for part in (
        "temprature",
        "attempts",
        "api_key",
        "此处不能设置 base_url",
        "length",
        "DRAFTER_TIMEOUT",
    ):
        assert sum(part in line for line in said) == 1, part
    with pytest.raises(SettingsError) as first:
        load_settings()
    assert str(first.value) == said[0], "a draft names the first of them in the same words"


def test_a_settings_file_that_is_missing_hides_no_other_mistake(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_SETTINGS", "nowhere.toml")
    monkeypatch.setenv("DRAFTER_ATTEMPTS", "many")
    status, items, _ = examined()
    faults = [words for state, words in named(items, "settings") if state == "fault"]
    assert status == 2
    assert ["nowhere.toml" in faults[0], "DRAFTER_ATTEMPTS" in faults[1]] == [True, True]


def test_a_code_that_no_check_raises_is_told(examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFTER_SILENCED", "numbers.unsuported,numbers.total,terms.deprecated")
    status, items, _ = examined()
    (said,) = [words for state, words in named(items, "settings") if state == "note"]
    assert status == 0
    assert "numbers.unsuported" in said
    assert "是否应为 numbers.unsupported？" in said


def test_what_is_set_is_named_without_its_value(examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFTER_SETTINGS", str(Path("mine.toml").absolute()))
    Path("mine.toml").write_text(f'api_key = "{KEY}"\nlength = 300\n', "utf-8")
    _, items, _ = examined()
    assert ("ok", f"{Path('mine.toml').absolute()}：api_key、length") in named(items, "settings")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('checks = ["numbers", "spelling"]', "spelling"),
        ('formats = ["pdf"]', "pdf"),
        ('prompts = "nowhere"', "nowhere"),
        ('period_lexicon = "nowhere.txt"', "nowhere.txt"),
    ],
)
def test_settings_that_are_well_formed_and_still_do_not_work_are_found_by_a_rehearsal(
    examined: Examine, monkeypatch: pytest.MonkeyPatch, setting: str, words: str, plain: dict[str, Any]
) -> None:
    Path("mine.toml").write_text(setting, "utf-8")
    monkeypatch.setenv("DRAFTER_SETTINGS", "mine.toml")
    status, items, _ = examined()
    ((state, said),) = named(items, "rehearsal")
    assert (status, state) == (2, "fault")
    assert words in said
    Path("facts.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    assert run(["draft", "facts.json"]) == 2, "a draft would have said so too"


def test_a_rehearsal_with_an_endpoint_sends_it_no_prompt(examined: Examine) -> None:
    with serving(models("m")) as server:
        status, items, _ = examined("--base-url", server.url, "--model", "m")
        assert [path for path, _ in server.asked] == ["/v1/models"]
    assert (status, named(items, "rehearsal")[0][0]) == (0, "ok")


# past reports, plugins, machine


def test_a_folder_and_a_store_are_counted_and_a_store_that_is_behind_is_told(
    examined: Examine, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text(
            f"# {name}镇2023年工作总结\n\n清理河道{name}公里，成效明显。\n", "utf-8"
        )
    with open_store(tmp_path / "corpus.drafter") as store:
        store.add([folder])
        assert store.behind() == (0, 0, 0)
        (folder / "a.md").unlink()
        (folder / "b.md").write_text("# b镇2024年工作总结\n\n又清理河道。\n", "utf-8")
        (folder / "d.md").write_text("# d镇2024年工作总结\n\n走访困难户。\n", "utf-8")
        (folder / "e.md").write_text("# e镇2024年工作总结\n\n走访企业。\n", "utf-8")
        assert store.behind() == (2, 1, 1)
        assert len(store.listed()) == 3, "nothing was read"
    (folder / "bad.docx").write_text("no zip", "utf-8")
    status, items, _ = examined("--corpus", folder)
    assert status == 0
    ok, note = named(items, "corpus")
    assert (ok[0], "4 份报告" in ok[1]) == ("ok", True)
    assert (note[0], "bad.docx 没有用上" in note[1]) == ("note", True)
    os.chdir(tmp_path)
    status, items, _ = examined()
    assert status == 0
    ok, note = named(items, "corpus")
    assert "3 份报告" in ok[1]
    assert "新增 3 个文件，改动 1 个，少了 1 个" in note[1]
    assert "drafter corpus add" in note[1]


def test_past_reports_that_are_not_there_are_a_fault(examined: Examine) -> None:
    status, items, _ = examined("--corpus", "nowhere")
    assert status == 2
    assert named(items, "corpus")[0][0] == "fault"
    assert "nowhere" in named(items, "corpus")[0][1]


def test_a_broken_plugin_is_named_and_stops_nothing(examined: Examine, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(
        "from drafter import Section, hookimpl\n"
        "class Risks(Section):\n    '''Risks.'''\n    name, heading, roles = 'risks', '风险', ('problem',)\n"
        "@hookimpl\ndef register_sections(register):\n    register(Risks())\n",
        "utf-8",
    )
    bad.write_text("raise RuntimeError('坏了')\n", "utf-8")
    status, items, _ = examined("--plugins", good, "--plugins", bad)
    assert status == 0
    loaded, broken = named(items, "plugins")
    assert (loaded[0], str(good) in loaded[1]) == ("ok", True)
    assert (broken[0], "坏了" in broken[1]) == ("note", True)


def test_a_writer_or_retriever_that_nobody_offers_is_a_fault(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_WRITER", "quill")
    monkeypatch.setenv("DRAFTER_RETRIEVER", "archive")
    status, items, _ = examined()
    assert status == 2
    assert ("fault", "没有名为“quill”的写作器可用的有 endpoint、offline") in named(items, "writer")
    assert named(items, "corpus")[0][0] == "fault"


def test_missing_fonts_and_office_are_notes_with_a_way_to_get_them(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "missing_fonts", lambda: ["方正小标宋简体", "宋体"])
    monkeypatch.setattr(machine, "find_office", lambda: None)
    status, items, _ = examined()
    assert status == 0
    for name, word in (("fonts", "方正小标宋简体（报告标题）、宋体"), ("libreoffice", "libreoffice")):
        ((state, said),) = named(items, name)
        assert state == "note"
        assert word in said


def test_a_folder_that_cannot_be_written_is_a_fault(
    examined: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path / "file" / "cache"))
    status, items, _ = examined()
    assert status == 2
    assert sum(state == "fault" and "DRAFTER_CACHE_DIR" in said for state, said in named(items, "disk")) == 1


@pytest.mark.parametrize(("free", "state"), [(1, "fault"), (100, "note"), (5000, "ok")])
def test_a_disk_that_is_nearly_full_is_told(
    examined: Examine, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    from shutil import _ntuple_diskusage

    size = free * machine.MEGABYTE
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: _ntuple_diskusage(size, 0, size))
    status, items, _ = examined()
    assert {found for found, _ in named(items, "disk")} == {state}
    assert status == (2 if state == "fault" else 0)


def test_a_library_that_is_lacking_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        machine.importlib.metadata,
        "requires",
        lambda name: ["rich>=14", "no-such-lib>=2", "ray; extra == 'ray'"],
    )
    said = [item for item in machine.look_at_machine(Settings()) if item.name == "libraries"]
    assert said[1] == Item.fault("libraries", "库", "缺少 no-such-lib", "pip install no-such-lib")
    assert "ray" not in said[0].said
