"""placeholder, residue and structure: what a text shows by itself, and the lookalikes that must stay silent."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.placeholder import Placeholder
from drafter.checks.residue import Residue
from drafter.checks.structure import Structure
from drafter.facts import parse_facts
from drafter.plugins import Check, CheckContext, SectionSpan


def findings(check: Check, plain: dict[str, Any], text: str, **context: Any) -> list[tuple[str, str | None]]:
    result = run(text, CheckContext(parse_facts(plain), **context), [check])
    return [(finding.code.partition(".")[2], finding.text) for finding in result.findings]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("巡查xx次", ["xx次"]),
        ("巡查XX余次，清淤xxx处", ["XX余次", "xxx处"]),
        ("在XX镇、××村", ["XX镇", "××村"]),
        ("**镇党委在**村", ["**镇", "**村"]),
        ("演练*余场", ["*余场"]),
        ("＊＊街道", ["＊＊街道"]),
        ("建设幸福**的步伐", ["**"]),
        ("张某某", ["某某"]),
        ("某镇防汛工作", ["某镇"]),
        ("〇〇镇", ["〇〇镇"]),
        ("投入__万元", ["__万元"]),
        ("X月X日", ["X月X日"]),
        ("2024年X月", ["2024年X月"]),
        ("整改率x.x%", ["x.x%"]),
        ("竹防〔xxx〕xx号", ["〔xxx〕xx号"]),
        ("竹防〔2024〕 号", ["〔2024〕 号"]),
        ("巡查……次", ["……次"]),
        ("经费【待补】", ["【待补】"]),
        ("【待核实：受灾户数】", ["【待核实：受灾户数】"]),
        ("由{{ organization }}牵头", ["{{ organization }}"]),
        ("TODO 补数据", ["TODO"]),
        ("（待补充）", ["（待补充）"]),
        ("巡查〔数〕次，到〔地名2〕", ["〔数〕", "〔地名2〕"]),
        ("共⟦n1⟧户", ["⟦n1⟧"]),
    ],
)
def test_every_shape_of_a_blank_is_found(plain: dict[str, Any], text: str, found: list[str]) -> None:
    assert [shape for _, shape in findings(Placeholder(), plain, text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "某些村、某种情况、某项任务",
        "3×4米的标牌",
        "3*4=12",
        "拍X光片、X射线检查",
        "C919首飞，LED屏、APP、5G基站",
        "**加强巡查**是关键",
        "**一是压实责任。**镇党委高度重视",
        "* 列表项\n* 列表项",
        "***",
        "《防汛责任书》",
        "——坚持预防为主",
        "他说：“水来了……”",
        "二〇〇八年",
        "二〇〇〇年",
        "file_name",
        "【防汛提示】请注意",
        "〔2024〕15号",
        "大家议论纷纷……",
    ],
)
def test_lookalikes_of_a_blank_are_left_alone(plain: dict[str, Any], text: str) -> None:
    assert findings(Placeholder(), plain, text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("好的，以下是防汛工作汇报：\n正文在此。", "chat"),
        ("以下是根据您的要求撰写的报告：", "chat"),
        ("作为AI语言模型，我无法核实。", "chat"),
        ("希望以上内容对您有所帮助。", "chat"),
        ("如有需要请随时告诉我。", "chat"),
        ("根据《竹溪镇2024年汇报》中提到的“营造宣传氛围”这一小节，我将按照以下步骤进行：", "chat"),
        ("我将按照以下步骤进行：\n发放资料。", "chat"),
        ("结语。通过上述工作，氛围浓厚。", "chat"),
        ("详细说明。宣传标语。", "chat"),
        ("注：以上数据仅供参考。", "chat"),
        ("字数统计：1200字", "chat"),
        ("（全文共1200字）", "chat"),
        ("```markdown", "fence"),
        ("<think>先列提纲</think>", "fence"),
        ("排查山塘28座[f05]。", "echo"),
        ("排查山塘28座f05。", "echo"),
        ('{"text": "排查"}', "data"),
        ("{“text”：“排查”}", "data"),
        ("你是竹溪镇的公文写作人员，正在起草报告。", "data"),
        ("# 汇报\n我镇加强巡查，落实责任，下一步将", "cutoff"),
        ("我镇加强巡查，落实责任，", "cutoff"),
        ("全镇加强巡查值守。全镇加强巡查值守。", "repeated"),
        ("一是改造渠道74处，每处补助4500元。改造渠道74处，每处补助4500元，方便了群众。", "repeated"),
        (
            "改造老屋74户，每户补助4500元：我镇通过改造老屋，为74户困难老人每户补助4500元，改善了生活。",
            "repeated",
        ),
        ("给行动不便的老人送餐上门46户。\n给行动不便的老人送餐上门46户：全年不断。", "repeated"),
    ],
)
def test_residue_is_found(plain: dict[str, Any], text: str, code: str) -> None:
    assert code in {found for found, _ in findings(Residue(), plain, text)}


@pytest.mark.parametrize(
    "text",
    [
        "# 竹溪镇防汛工作汇报\n\n安澜县防汛指挥部：\n\n现将工作汇报如下：\n\n## 一、压实责任，抓好落实\n\n各村加强巡查。",
        "一、压实责任，抓好落实\n各村加强巡查。\n（一）抓早抓小，防患未然\n各村加强值守。",
        "各村加强巡查。\n\n竹溪镇人民政府\n2024年7月2日",
        "| 村 | 户数 |\n| --- | --- |\n| 柳塘村 | 3，4 |",
        "- 加强巡查，做好值守\n- 备足物资",
        "好的做法在全镇推广。",
        "针对“最后一公里”这一部分工作，我镇将按照以下步骤推进：先摸底，后整改。",
        "村干部逐户详细说明政策。",
        "希望各村提高认识。",
        "**一是压实责任。**各村加强巡查。",
        "一是加强巡查。二是加强巡查值守。",
        "改造老屋74户，每户补助4500元：其中困难老人70户。",
        "全年改造老屋共74户，分别是：柳塘村34户，桥头村40户。",
        "全镇落实防汛巡查值守责任。全镇落实防汛巡查值守责任制，分片包干。",
        "他说：“水来了，快走！”",
        "（联系人：张明，电话：略）",
    ],
)
def test_ordinary_text_is_no_residue(plain: dict[str, Any], text: str) -> None:
    assert findings(Residue(), plain, text) == []


@pytest.mark.parametrize("text", ["# 标题", "**重点**工作", "- 列表项", "`代码`"])
def test_markdown_is_residue_only_where_it_is_not_rendered(plain: dict[str, Any], text: str) -> None:
    assert {code for code, _ in findings(Residue(), plain, text, markdown=False)} == {"markdown"}
    assert findings(Residue(), plain, text, markdown=True) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("一、做法\n巡查。\n三、打算\n清淤。", "numbering"),
        ("## 一、做法\n### （一）巡查\n巡查。\n### （三）清淤\n清淤。", "numbering"),
        ("（一）巡查\n巡查。\n一、做法\n清淤。", "numbering"),
        ("一、做法\n二、打算\n清淤。", "empty"),
        ("## 一、做法\n巡查。\n## 二、打算", "empty"),
        ("一是巡查。三是清淤。", "sequence"),
        ("印发《防汛预案，抓好落实。", "unbalanced"),
        ("开展“大排查行动。", "unbalanced"),
        ("各村（社区落实责任。", "unbalanced"),
    ],
)
def test_faults_of_structure_are_found(plain: dict[str, Any], text: str, code: str) -> None:
    assert {found for found, _ in findings(Structure(), plain, text)} == {code}


@pytest.mark.parametrize(
    "text",
    [
        "# 汇报\n开头。\n## 一、做法\n### （一）巡查\n巡查。\n### （二）清淤\n清淤。\n## 二、打算\n### （一）值守\n值守。",
        "一、做法\n一是巡查。\n二是清淤。\n二、打算\n一是值守。二是演练。",
        "一、做法\n（一）巡查。各村巡查。\n（二）清淤。各村清淤。",
        "印发《关于做好“汛前准备”（试行）的通知》。",
        "1）巡查到位。\n2）清淤到位。",
        "# 汇报\n## 情况\n### 概况\n正文。",
        "一要巡查，二要清淤，三要值守。",
    ],
)
def test_sound_structure_is_left_alone(plain: dict[str, Any], text: str) -> None:
    assert findings(Structure(), plain, text) == []


@pytest.mark.parametrize(("count", "code"), [(10, "short"), (200, None), (900, "long")])
def test_a_section_far_from_its_length_is_named(plain: dict[str, Any], count: int, code: str | None) -> None:
    text = "汛" * count + "。"
    span = SectionSpan("achievements", 0, len(text), length=300)
    assert [found for found, _ in findings(Structure(), plain, text, sections=[span])] == (
        [code] if code else []
    )
