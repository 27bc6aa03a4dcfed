"""What reports of many fields taught: each right in other words, and the same made wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.numbers import Numbers
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from drafter.report import Finding


def findings(facts: Sequence[str], text: str) -> list[Finding]:
    ledger: dict[str, Any] = {
        "organization": "竹湾镇",
        "period": "2024年",
        "theme": "镇域工作",
        "facts": list(facts),
    }
    return [
        each
        for each in run(text, CheckContext(parse_facts(ledger)), [Numbers()]).findings
        if each.severity in ("error", "warning")
    ]


@pytest.mark.parametrize(
    ("facts", "right", "wrong", "figure"),
    [
        # 就业 tells what is counted, though 就 mostly joins words
        (
            ["接待退役军人来访110人次，受理诉求82件", "未就业退役军人24名"],
            "仍有24名退役军人未就业。",
            "仍有42名退役军人未就业。",
            "42名",
        ),
        # what is done with a thing, in other words, tells which of two figures is meant
        (
            ["二季度到馆读者1.88万人次，外借文献8149册次，归还11484册次"],
            "二季度，读者还回文献11484册次，借走8149册次，到馆读者1.88万人次。",
            "二季度，读者还回文献8149册次，借走11484册次，到馆读者1.88万人次。",
            "8149册次",
        ),
        # an average is not exchanged with a total, nor a change with a level
        (
            ["购书经费46.2万元；退还押金8.22万元，涉及读者证411张，每证200元"],
            "押金按每证200元退给读者，读者证411张，退了8.22万元。",
            "押金按每证300元退给读者，读者证411张，退了8.22万元。",
            "300元",
        ),
        (
            ["科普经费预算39.6万元，已支出21.3万元；人均科普经费5.01元，比上年提高0.87元"],
            "人均科普经费比上年提高0.87元，为5.01元；科普经费已支出21.3万元，预算39.6万元。",
            "人均科普经费比上年提高5.01元，为0.87元；科普经费已支出21.3万元，预算39.6万元。",
            "5.01元",
        ),
        # a day of the calendar needs no fact
        (
            ["举办读书活动3场"],
            "围绕“4·23”世界读书日举办读书活动3场。",
            "围绕“4·23”世界读书日举办读书活动5场。",
            "5场",
        ),
        # what was counted before 和 is not what is counted behind it
        (
            ["检查渣土车1130多辆次，查处未密闭运输46起、带泥上路26起"],
            "检查渣土车1130多辆次，46起未密闭运输和26起带泥上路行为被查处。",
            "检查渣土车1130多辆次，46起未密闭运输和36起带泥上路行为被查处。",
            "36起",
        ),
        # what is left of a whole, three sentences on and with something else told between
        (
            ["采集血清样品325份，免疫抗体合格264份；采集环境样品72份，未检出阳性"],
            "采集血清样品325份，免疫抗体合格的有264份；另采集环境样品72份，未检出阳性。合格率为81.2%。免疫抗体不合格的血清样品有61份。",
            "采集血清样品325份，免疫抗体合格的有264份；另采集环境样品72份，未检出阳性。合格率为81.2%。免疫抗体不合格的血清样品有51份。",
            "51份",
        ),
        (
            ["寄宿生1160名，其中女生548名"],
            "寄宿生1160名，其中女生548名。寄宿的男生共612名。",
            "寄宿生1160名，其中女生548名。寄宿的男生共602名。",
            "602名",
        ),
        (
            ["防霜机36台，单台覆盖41亩，总投资460万元"],
            "安装防霜机36台，单台覆盖41亩，总投资460万元。照此计算，防霜机共可覆盖1476亩。",
            "安装防霜机36台，单台覆盖41亩，总投资460万元。照此计算，防霜机共可覆盖1576亩。",
            "1576亩",
        ),
        (
            ["投放鱼苗250万尾，其中鳙鱼44万尾、鲢鱼94万尾"],
            "鱼苗入水250万尾，其中鳙鱼44万尾、鲢鱼94万尾。鲢鳙共138万尾。",
            "鱼苗入水250万尾，其中鳙鱼44万尾、鲢鱼94万尾。鲢鳙共148万尾。",
            "148万尾",
        ),
        # 前者, 后者 point to what was named
        (
            ["尿素零售价每吨1790元，复合肥零售价每吨3330元；与去年相比，尿素下降6.1%，复合肥上涨1%"],
            "论零售价，复合肥每吨3330元，尿素每吨1790元；比起去年，前者上涨1%，后者下降6.1%。",
            "论零售价，复合肥每吨3330元，尿素每吨1790元；比起去年，前者上涨2%，后者下降6.1%。",
            "2%",
        ),
        # persons in no particular respect are no other thing; persons of another kind are
        (
            ["司法所窗口来访咨询140人次，接听咨询电话40通"],
            "接听咨询电话四十通，上门来司法所咨询的群众140人次。",
            "接听咨询电话五十通，上门来司法所咨询的群众140人次。",
            "五十通",
        ),
        (
            ["收训孤独症儿童32名、脑瘫儿童12名，个训课800节"],
            "收训脑瘫儿童12名、孤独症儿童32名，个训课800节。",
            "收训听障儿童32名、脑瘫儿童12名，个训课800节。",
            "32名",
        ),
        # letters name what is counted
        (
            ["公共场所在用AED74台，其中新装22台"],
            "公共场所在用AED七十四台（其中新装二十二台）。",
            "公共场所在用AED七十五台（其中新装二十二台）。",
            "七十五台",
        ),
        # 到期未 denies as 仍未 does
        (
            ["救护员证书到期未复训40人，电极片临期18副"],
            "证书到期仍未复训的救护员40人，电极片临期的有18副。",
            "证书到期仍未复训的救护员50人，电极片临期的有18副。",
            "50人",
        ),
        (
            ["12328热线诉求128件，办结64件，锦旗两面"],
            "12328热线转来诉求128件，办结64件，收到锦旗2面。",
            "12328热线转来诉求128件，办结64件，收到锦旗4面。",
            "4面",
        ),
    ],
)
def test_right_in_other_words_and_wrong(facts: list[str], right: str, wrong: str, figure: str) -> None:
    assert [(each.code, each.text) for each in findings(facts, right)] == []
    assert figure in [each.text for each in findings(facts, wrong)]


@pytest.mark.parametrize(
    "phrase",
    [
        "宁停三分、不抢一秒。",
        "“一人参军、全家光荣”蔚然成风。",
        "坚持保护第一、加强管理。",
        "弘扬“宁流千滴汗，不坏一粒粮”的传统。",
        "把责任落到一店一铺、一门一户。",
        "讲好“五育并举”的家庭一课。",
    ],
)
def test_set_phrases_need_no_fact(phrase: str) -> None:
    assert findings(["排查隐患28处"], f"排查隐患28处。{phrase}") == []


def test_those_who_did_not_are_others_than_those_who_did() -> None:
    facts = ["鹿鸣小学参学学生136人，学会换气87人"]
    assert findings(facts, "鹿鸣小学有87人学会换气，参学学生136人。还有49人没有学会换气。") == []


def test_one_endless_sentence_is_checked_in_time_that_grows_with_its_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted in what is weighed, not in seconds: a figure is weighed against a bounded number of others."""
    from drafter.checks.numbers import check, reckoned

    text = "检查了1家，" * 1500 + "共9家。"
    seen = 0
    weighed = reckoned.reckoned

    def counting(*args: Any) -> str | None:
        nonlocal seen
        seen = max(seen, len(args[1]))
        return weighed(*args)

    monkeypatch.setattr(check, "reckoned", counting)
    assert findings(["排查隐患28处"], text)
    assert 0 < seen <= 3 * check._REACH
