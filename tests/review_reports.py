"""Reports for the review page: one with judgements, repairs and gaps of all kinds, one of hostile text, one that is long."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from drafter import (
    Block,
    EndpointError,
    Reply,
    Report,
    Section,
    SectionContext,
    Settings,
    WriteRequest,
    draft,
    load_registry,
)
from tests.conftest import EXAMPLES
from tests.fakes import faithful


class Careless:
    """Writes the facts with slips in some leaves, and answers one request to mend; then its server is gone."""

    name = "careless"

    def __init__(self) -> None:
        self.mended = 0

    async def write(self, request: WriteRequest) -> Reply:
        text = faithful(request)
        if request.purpose != "write":
            self.mended += 1
            if self.mended > 1:
                raise EndpointError("连接被拒绝")
            return Reply(
                "原文：清理林边、地头可燃物约1.8万亩。\n改为：清理林边、地头可燃物约1.8万平方米。",
                model="demo-7b",
            )
        for right, wrong in SLIPS:
            text = text.replace(right, wrong)
        return Reply(text, model="demo-7b")


SLIPS = (
    ("查出隐患387处", "查出隐患397处"),
    ("已整改41处", "已整改41处，还有2处正在整改"),
    ("消防逃生演练十三场", "消防逃生演练15场"),
    ("约1.8万平方米", "约1.8万亩"),
    ("120余人参加", "120余户参加"),
    ("罗翠莲", "罗翠英"),
    ("备编织袋1.2万条", "备编织袋xx条"),
    ("储备编织袋1.2万条", "储备编织袋xx条"),
)


class Highlights(Section):
    """A section that its plugin writes itself: nobody mends it, so what is wrong in it is left for a person."""

    name, heading = "highlights", "亮点数据"

    def render(self, context: SectionContext) -> list[Block]:
        table = (
            ("项目", "数量", "说明"),
            ("夜查", "6次", "查场所44家"),
            ("消防逃生演练", "15场", "学校、企业"),
        )
        return [*(Block(kind="paragraph", text=text) for text in HIGHLIGHTS), Block(kind="table", rows=table)]


HIGHLIGHTS = (
    "燃气安全方面，排查用户1260户，发现隐患43处，整改率95.3%，还有2处正在整改。举办安全知识竞赛3场，柳坪乡派人观摩。",
    "检查生产经营单位512家次，查出隐患397处。安全生产咨询日发放资料2300余本。副镇长周启明带队检查44次。全镇共有网格员58名。",
)


def careless(**settings: Any) -> Report:
    """A draft with slips: some mended, some left because the server went away or because a plugin wrote them."""
    plain = json.loads((EXAMPLES / "facts/yunxi-safety.json").read_text("utf-8"))
    topics = ["隐患整改", "燃气安全", "责任落实", "防汛备汛"]
    plain["outline"] = [
        *("opening", "achievements", "highlights", "problems"),
        {"name": "plans", "topics": topics},
        "closing",
    ]
    registry = load_registry(entry_points=False)
    registry.sections["highlights"] = Highlights()
    return draft(
        plain,
        corpus=EXAMPLES / "corpus",
        writer=Careless(),
        settings=Settings(**settings),
        registry=registry,
    )


HOSTILE = (
    "<script>window.ran=1</script>",
    '"><img src=x onerror=window.ran=1>',
    "'><svg/onload=window.ran=1>",
    "{{7*7}}{% raw %}{{ view }}",
    "</style></script><script>window.ran=1</script>",
    "<!-- ]]> --><iframe src=http://example.invalid/></iframe>",
    "&lt;b&gt;&amp;&#60;",
    "abc\u202egnp.exe\u202c\u2066x\u2069\u200f\u061c",
    "零\u200b宽\u00ad连\u2060字\ufeff",
    "javascript:window.ran=1//",
    "\x1b[31m\x07\x7f\ufffe\U000e0041",
    "<a href=http://example.invalid/ style=position:fixed>点我</a>",
)
"""What somebody might put in a facts file or a past report to harm who opens the page."""


def hostile(folder: Path) -> Report:
    """A draft from a facts file and a past report that mean harm, by a writer that repeats what it is given."""
    facts = [
        {
            "id": f'x{n}"><b>',
            "topic": f"主题{text[:20]}",
            "text": f"开展活动{n + 3}次，{text}，参加{n + 20}人",
        }
        for n, text in enumerate(HOSTILE)
    ]
    facts += [
        {"role": "background", "text": HOSTILE[0]},
        {"role": "problem", "text": "仍有短板3处" + HOSTILE[1]},
    ]
    plain = {
        "organization": "竹溪镇" + HOSTILE[1],
        "period": "2024年上半年",
        "theme": "安全工作" + HOSTILE[0],
        "title": "竹溪镇" + HOSTILE[0] + HOSTILE[7] + "汇报",
        "recipient": HOSTILE[3],
        "date": "2024-07-02",
        "facts": facts,
    }
    path = folder / "facts.json"
    path.write_text(json.dumps(plain), "utf-8")
    past = "\n\n".join(
        f"（{n}）开展活动8次。{text}，各村参加活动120人，形成长效机制。"
        for n, text in zip("一二三四五六七八九十", HOSTILE, strict=False)
    )
    (folder / "past").mkdir()
    (folder / "past/2023.md").write_text(
        f"# 白石镇2023年安全工作情况汇报\n\n一、主要做法\n\n{past}\n", "utf-8"
    )
    return draft(path, corpus=folder / "past", writer=Repeating(), settings=Settings(repair=False))


class Repeating:
    """Writes the facts, and what the prompt shows of past reports behind them."""

    name = "repeating"

    async def write(self, request: WriteRequest) -> Reply:
        return Reply(faithful(request) + "".join(HOSTILE[:2]), model=HOSTILE[0])


def long(count: int = 200, letters: int = 20_000) -> Report:
    """A report of so many facts and at least so many characters."""
    deeds = ("排查", "走访", "培训", "修缮", "清理", "检查", "宣传", "慰问", "调解", "巡查")
    things = ("农户", "道路", "沟渠", "商铺", "山塘", "校园", "农田", "林区", "工地", "管网")
    facts = []
    for number in range(count):
        deed, thing = deeds[number % 10], things[number // 10 % 10]
        text = f"第{number % 12 + 1}网格组织{deed}{thing}{number + 13}处，发现问题{number % 7 + 2}个，投入资金{number / 10 + 1:.1f}万元"
        facts.append({"topic": f"{thing}{deed}" if number % 4 else thing, "text": text})
    plain = {"organization": "竹溪镇", "period": "2024年上半年", "theme": "综合整治工作", "facts": facts}
    return draft(plain, writer=Wordy(letters // count), settings=Settings(repair=False))


PHRASES = ("责任落实", "宣传发动", "队伍管理", "问题整改", "群众参与", "制度完善", "作风建设")


class Wordy:
    """Writes the facts, and turns of phrase behind each until so many characters a fact are there."""

    name = "wordy"

    def __init__(self, letters: int) -> None:
        self.letters, self.said = letters, 0

    async def write(self, request: WriteRequest) -> Reply:
        said = []
        for fact in request.facts:
            text = f"组织力量{fact.text}。"
            while len(text) < self.letters:
                self.said += 1
                one, two, three = (PHRASES[self.said // 7**power % 7] for power in range(3))
                text += f"{one}上持续用力，{two}上不打折扣，真正把{three}抓在手上、落到实处。"
            said.append(text)
        return Reply("\n".join(said) or faithful(request))
