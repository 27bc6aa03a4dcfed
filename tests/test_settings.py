"""Settings: later places win, and a received folder can neither run code nor lead facts or a key elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.errors import SettingsError
from drafter.settings import FOLDER_MAY_SET, Settings, load_settings


def test_later_places_win(tmp_path: Path) -> None:
    user = tmp_path / "settings.toml"
    user.write_text('temperature = 0.1\nlength = 300\nmodel = "user"\npassages = 1\n', "utf-8")
    (tmp_path / "drafter.toml").write_text("temperature = 0.2\nlength = 400\n", "utf-8")
    found = load_settings(
        {"temperature": 0.4, "model": None},
        folder=tmp_path,
        environ={"DRAFTER_TEMPERATURE": "0.3", "DRAFTER_MODEL": "env"},
        user_file=user,
    )
    assert (found.temperature, found.length, found.model, found.passages) == (0.4, 400, "env", 1)


@pytest.mark.parametrize(
    "line",
    [
        'plugins = ["evil.py"]',
        "max_tokens = 90000",
        "concurrency = 200",
        'base_url = "http://203.0.113.5/v1"',
        'api_key = "x"',
        'model = "m"',
        'prompts = "p"',
        'writer = "endpoint"',
        'retriever = "r"',
        "extra_body = {a = 1}",
    ],
)
def test_a_received_folder_may_not_set_code_or_destination(tmp_path: Path, line: str) -> None:
    (tmp_path / "drafter.toml").write_text(line, "utf-8")
    with pytest.raises(SettingsError, match="此处不能设置"):
        load_settings(folder=tmp_path, environ={}, user_file=tmp_path / "none.toml")


def test_what_a_folder_may_set_exists() -> None:
    assert set(Settings.model_fields) >= FOLDER_MAY_SET


@pytest.mark.parametrize(
    ("environ", "writer"),
    [
        ({}, "offline"),
        ({"OPENAI_API_KEY": "sk-lying-about"}, "offline"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, "endpoint"),
        ({"DRAFTER_MODEL": "m"}, "endpoint"),
        ({"DRAFTER_MODEL": "m", "DRAFTER_OFFLINE": "true"}, "offline"),
    ],
)
def test_facts_leave_only_when_a_destination_was_chosen(
    tmp_path: Path, environ: dict[str, str], writer: str
) -> None:
    assert (
        load_settings(folder=tmp_path, environ=environ, user_file=tmp_path / "none.toml").writer_name
        == writer
    )


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    found = load_settings(folder=tmp_path, environ={"OPENAI_API_KEY": "sk-secret"}, user_file=tmp_path / "n")
    assert "sk-secret" not in repr(found) + str(found) + found.model_dump_json()
    assert found.api_key.get_secret_value() == "sk-secret"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("temperature = 9", "temperature 是 9，不能大于 2"),
        ('temperature = "warm"', "temperature 应是数字"),
        ("temprature = 1", "temprature 是不认识的键，是否应为 temperature？"),
        ("temperature 1", "不是合法的 TOML"),
    ],
)
def test_a_wrong_value_names_file_key_and_what_is_allowed(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "drafter.toml").write_text(content, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(folder=tmp_path, environ={}, user_file=tmp_path / "none.toml")
    assert said in str(caught.value)
    assert str(tmp_path / "drafter.toml") in str(caught.value)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="环境变量 DRAFTER_CONCURRENCY：concurrency 应是整数"):
        load_settings(folder=tmp_path, environ={"DRAFTER_CONCURRENCY": "many"}, user_file=tmp_path / "n")


def test_lists_in_the_environment_are_divided_by_commas(tmp_path: Path) -> None:
    found = load_settings(folder=tmp_path, environ={"DRAFTER_SILENCED": "a.b, c.d"}, user_file=tmp_path / "n")
    assert found.silenced == ["a.b", "c.d"]


def test_paths_in_the_users_file_are_meant_from_there(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('plugins = ["./mine", "acme_plugin"]\nprompts = "words"\n', "utf-8")
    found = load_settings(folder=tmp_path / "elsewhere", environ={}, user_file=tmp_path / "own.toml")
    assert [Path(name) for name in found.plugins] == [tmp_path / "mine", Path("acme_plugin")]
    assert Path(found.prompts) == tmp_path / "words"


@pytest.mark.parametrize("variable", ["DRAFTER_OFLINE", "DRAFTER_EXTRA_BODY", "DRAFTER_X"])
def test_an_unknown_variable_is_no_silent_one(tmp_path: Path, variable: str) -> None:
    with pytest.raises(SettingsError, match=f"不认识的环境变量 {variable}"):
        load_settings(folder=tmp_path, environ={variable: "1"}, user_file=tmp_path / "n")


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到设置文件"):
        load_settings(folder=tmp_path, environ={"DRAFTER_SETTINGS": str(tmp_path / "none.toml")})
