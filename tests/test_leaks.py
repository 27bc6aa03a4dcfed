"""The leakage check on names and near-misses that its rules were not made from: floors of what it reaches."""

from __future__ import annotations

import pytest

import drafter
from drafter.settings import Settings
from tests.leak_cases import cases, measure

# recall and precision; the halves that are held were looked at as totals alone, for the third set also at the end
FLOORS = {
    ("leaks_second.txt", False): (0.94, 0.95),
    ("leaks_second.txt", True): (0.87, 0.98),
    ("leaks_third.txt", False): (0.88, 0.98),
    ("leaks_third.txt", True): (0.73, 0.9),
}


@pytest.mark.parametrize("name", ["leaks_second.txt", "leaks_third.txt"])
@pytest.mark.parametrize("held", [False, True], ids=["open", "held"])
def test_names_of_another_report_are_found_and_common_words_are_not(name: str, held: bool) -> None:
    score = measure(case for case in cases(name) if case.held == held)
    said = "\n".join(("missed:", *score.missed, "false:", *score.false))
    assert score.recall >= FLOORS[name, held][0], said
    assert score.precision >= FLOORS[name, held][1], said


def _errors(text: str, fact: str) -> list[str]:
    ledger = {"organization": "青石镇", "period": "2024年", "theme": "综合工作", "facts": [fact]}
    found = drafter.check(text, ledger, only=["leakage"], settings=Settings()).findings
    return [finding.text or "" for finding in found if finding.severity == "error"]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("民警段毅扎根社区。", "社区民警段毅获评先进"),
        ("感谢海棠中学捐赠物资。", "海棠中学捐赠物资39件"),
        ("以龙潭水库为主会场。", "整治龙潭水库等36处"),
        ("如今海棠中学焕然一新。", "与海棠中学共建"),
        ("朱家湾村、下洼子村全部清运完毕。", "清理朱家湾、下洼子2个村垃圾"),
        ("澜江经开区落户企业。", "澜江经济技术开发区落户企业5家"),
        ("红星厂家属院加装电梯。", "红星机械厂家属院加装电梯8部"),
    ],
)
def test_a_ledgers_name_in_other_surroundings_or_in_short_is_no_other_name(text: str, fact: str) -> None:
    assert _errors(text, fact) == []


@pytest.mark.parametrize(
    ("text", "fact", "name"),
    [
        ("到利民超市检查。", "检查超市9家", "利民超市"),
        ("小龙潭水库完成清淤。", "龙潭水库完成清淤", "小龙潭水库"),
        ("党员旦增带头种植。", "党员扎西带头种植", "旦增"),
        ("西关社区党群服务中心揭牌。", "东门社区党群服务中心揭牌", "西关社区"),
    ],
)
def test_what_is_like_a_ledgers_name_and_is_another_is_found(text: str, fact: str, name: str) -> None:
    assert name in _errors(text, fact)
