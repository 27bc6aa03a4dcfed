"""What every test needs: no settings, keys or caches of the machine, and a small ledger of an invented town."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# a check before landing must give the same answer twice; at the desk every run tries something new
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("exploring", deadline=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "exploring")

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(scope="session")
def _no_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.touch()
    return path


@pytest.fixture(scope="session")
def _folders() -> list[Path]:
    return []


@pytest.fixture(autouse=True)
def _own_surroundings(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    _no_settings: Path,
    _folders: list[Path],
) -> None:
    # most tests leave their folder empty: it serves the next one, for thousands of folders take long to make and remove
    if not _folders or any(_folders[-1].iterdir()):
        _folders.append(tmp_path_factory.mktemp("surroundings"))
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "DRAFTER_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DRAFTER_SETTINGS", str(_no_settings))
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(_folders[-1] / "cache"))
    monkeypatch.chdir(_folders[-1])


@pytest.fixture
def plain() -> dict[str, Any]:
    """Plain data of a ledger: 竹溪镇, flood season, eleven facts of all four roles."""
    return {
        "organization": "竹溪镇",
        "period": "2024年上半年",
        "theme": "防汛备汛工作",
        "recipient": "安澜县防汛指挥部",
        "date": "2024-07-02",
        "facts": [
            {"id": "f01", "role": "background", "topic": "概况", "text": "辖12个村，沿河5个村"},
            {"id": "f02", "topic": "责任落实", "text": "签《防汛责任书》17份"},
            {"id": "f03", "topic": "责任落实", "text": "3月召开部署会2次"},
            {"id": "f04", "topic": "责任落实", "text": "村级防汛员36名全部到岗"},
            {"id": "f05", "topic": "隐患排查", "text": "排查山塘28座，发现隐患9处，已整改7处"},
            {"id": "f06", "topic": "隐患排查", "text": "清理河道6.5公里"},
            {"id": "f07", "topic": "物资储备", "text": "备编织袋4500条、救生衣80件"},
            {"id": "f08", "topic": "应急演练", "text": "5月18日在柳塘村办转移演练，130余人参加"},
            {"id": "f09", "role": "problem", "topic": "隐患整改", "text": "还有2处隐患未整改，缺资金8万元"},
            {
                "id": "f10",
                "role": "problem",
                "topic": "队伍建设",
                "text": "防汛员平均58岁，不会用水位监测设备",
            },
            {"id": "f11", "role": "plan", "topic": "隐患整改", "text": "8月底前整改剩余2处隐患"},
        ],
    }
