"""Reports of invented towns with one fault of structure each, and sound ones, by template. Imports nothing of drafter."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

_CHINESE = "一二三四五六七八九十"
STYLES: dict[str, Callable[[int], str]] = {
    "一、": lambda n: f"{_CHINESE[n - 1]}、",
    "（一）": lambda n: f"（{_CHINESE[n - 1]}）",
    "1.": lambda n: f"{n}. ",
    "1、": lambda n: f"{n}、",
    "（1）": lambda n: f"（{n}）",
    "①": lambda n: "①②③④⑤⑥⑦⑧⑨"[n - 1],
    "## 一、": lambda n: f"## {_CHINESE[n - 1]}、",
    "### （一）": lambda n: f"### （{_CHINESE[n - 1]}）",
}

_THEMES = [
    (
        "栗坪镇2023年防汛工作情况汇报",
        [
            ("压实责任", "镇、村、组三级签订责任书，汛情信息按时报送到人。"),
            ("排查隐患", "沿河各村对山塘、堤坝和低洼院落逐处登记，边查边改。"),
            ("备足物资", "编织袋、救生衣和抽水泵集中存放，专人保管、定期试机。"),
            ("组织演练", "柳湾村在汛前举行转移演练，老人和孩子由邻里结对带离。"),
            ("守住底线", "值班室昼夜有人，雨情一有变化就通知到户。"),
        ],
    ),
    (
        "枫桥街道2024年上半年养老服务工作报告",
        [
            ("建好站点", "四个社区的日间照料站陆续开门，中午能吃上热饭。"),
            ("配强队伍", "护理员轮流到县医院跟班，学会测压和急救。"),
            ("上门关爱", "志愿者定期探访独居老人，代买药品、修理水电。"),
            ("管住安全", "厨房、消防和药品逐项检查，问题当场记下、限期改好。"),
            ("听取意见", "每季度开一次座谈会，把老人的话记进台账。"),
        ],
    ),
    (
        "石堰乡2022年文化惠民工作总结",
        [
            ("送戏下村", "县剧团在打谷场搭台，邻村的人也赶来看。"),
            ("修缮书屋", "漏雨的书屋换了屋面，新书按类上架、可以外借。"),
            ("培养骨干", "舞龙、腰鼓和剪纸各有带头人，农闲时教孩子。"),
            ("保护遗存", "古桥和老戏台立了标牌，巡查记录每月上报。"),
            ("办好赛事", "重阳登山和春节篮球赛照常举行，各村都组了队。"),
        ],
    ),
]
_OPENING = "现将有关情况汇报如下："


class Case(NamedTuple):
    """One text. `code` is that of its fault without the check's name, None for a sound text; `at` what the finding points to."""

    name: str
    text: str
    code: str | None
    at: str = ""


def _items(theme: int, count: int) -> list[tuple[str, str]]:
    return _THEMES[theme][1][:count]


def _report(theme: int, numbers: list[str], *, bodies: bool = True, run_in: bool = False) -> str:
    rows = [_THEMES[theme][0], _OPENING]
    for number, (heading, body) in zip(numbers, _items(theme, len(numbers)), strict=True):
        rows.append(f"{number}{heading}。{body}" if run_in else f"{number}{heading}")
        if bodies and not run_in:
            rows.append(body)
    return "\n".join(rows)


def _orders() -> Iterator[tuple[str, list[int], int]]:
    """Wrong orders of five numbers and the place of the first wrong one."""
    yield "skipped", [1, 2, 4, 5], 2
    yield "skipped-second", [1, 3, 4, 5], 1
    yield "repeated", [1, 2, 2, 3], 2
    yield "first-missing", [2, 3, 4], 0
    yield "backwards", [1, 2, 3, 2, 5], 3


def faulty_numbering() -> Iterator[Case]:
    """Numbers left out, repeated and out of order, in every style, as headings and run in."""
    for theme, (style, sign) in itertools.product(range(2), STYLES.items()):
        for name, order, place in _orders():
            numbers = [sign(n) for n in order]
            wrong = numbers[place].lstrip("# ").strip()
            run_in = bool(theme) and not style.startswith("#")
            yield Case(f"{style}-{name}-{theme}", _report(theme, numbers, run_in=run_in), "numbering", wrong)


def mixed_styles() -> Iterator[Case]:
    """One number of another style among its fellows."""
    pairs = [
        ("一、", "（一）"),
        ("一、", "1."),
        ("（一）", "1."),
        ("（一）", "一、"),
        ("1.", "（1）"),
        ("1.", "1、"),
    ]
    for theme, (style, other) in itertools.product(range(3), pairs):
        numbers = [STYLES[style](n) for n in (1, 2, 3, 4)]
        numbers[2] = STYLES[other](3)
        yield Case(f"{style}{other}-{theme}", _report(theme, numbers), "numbering", numbers[2].strip())


def wrong_nesting() -> Iterator[Case]:
    """A higher style below a lower one."""
    pairs = [("（一）", "一、"), ("1.", "（一）"), ("（1）", "1."), ("①", "（1）"), ("1.", "一、")]
    for theme, (outer, inner) in itertools.product(range(3), pairs):
        rows = [_THEMES[theme][0], _OPENING]
        for n, (heading, body) in enumerate(_items(theme, 3), 1):
            rows += [f"{STYLES[outer](n)}{heading}", body]
            if n == 1:
                rows += [f"{STYLES[inner](1)}具体做法", body, f"{STYLES[inner](2)}实际效果", body]
        yield Case(f"{outer}{inner}-{theme}", "\n".join(rows), "numbering")


def empty_sections() -> Iterator[Case]:
    """A heading with nothing below: in the middle, before a higher one, at the end, before the signature."""
    for theme, style in itertools.product(range(3), ("一、", "（一）", "## 一、")):
        sign = STYLES[style]
        (a, one), (b, two), (c, three) = _items(theme, 3)
        head = f"{_THEMES[theme][0]}\n{_OPENING}\n"
        yield Case(
            f"{style}-middle-{theme}",
            f"{head}{sign(1)}{a}\n{one}\n{sign(2)}{b}\n{sign(3)}{c}\n{three}",
            "empty",
            b,
        )
        yield Case(
            f"{style}-last-{theme}",
            f"{head}{sign(1)}{a}\n{one}\n{sign(2)}{b}\n{two}\n{sign(3)}{c}",
            "empty",
            c,
        )
        signed = f"{head}{sign(1)}{a}\n{one}\n{sign(2)}{b}\n\n栗坪镇人民政府\n2023年12月20日"
        yield Case(f"{style}-signed-{theme}", signed, "empty", b)
    for theme in range(3):
        (a, one), (b, _), (c, three) = _items(theme, 3)
        text = f"一、{a}\n（一）{a}\n{one}\n（二）{b}\n二、{c}\n{three}"
        yield Case(f"nested-{theme}", text, "empty", b)


def faulty_points() -> Iterator[Case]:
    """一是 … in wrong order."""
    for word, theme in itertools.product(("是", "要"), range(3)):
        bodies = [body.rstrip("。") for _, body in _items(theme, 4)]

        def told(numbers: str, word: str = word, bodies: list[str] = bodies) -> str:
            return "；".join(f"{n}{word}{body}" for n, body in zip(numbers, bodies, strict=False)) + "。"

        for numbers, at in (
            ("一三四", "三"),
            ("一二四", "四"),
            ("二三四", "二"),
            ("一二二三", "二"),
            ("一一二", "一"),
        ):
            yield Case(f"{word}-{numbers}-{theme}", told(numbers), "sequence", f"{at}{word}")
        lines = told("一二四").replace("；", "。\n")
        yield Case(f"{word}-lines-{theme}", lines, "sequence", f"四{word}")
    for theme in range(3):
        bodies = [body for _, body in _items(theme, 3)]
        yield Case(f"第-{theme}", f"第一，{bodies[0]}第三，{bodies[1]}第四，{bodies[2]}", "sequence", "第三")
        plain = [body.rstrip("。") for body in bodies]
        yield Case(
            f"inline-{theme}",
            f"做法如下：（1）{plain[0]}；（2）{plain[1]}；（4）{plain[2]}。",
            "sequence",
            "（4）",
        )


_MARKED = [
    "印发《栗坪镇防汛预案》，逐村讲解。",
    "开展“清零”行动，逐户登记。",
    "各村（社区）都有专人值守。",
    "学习《关于做好“三农”工作的意见》，交流体会。",
    "落实“谁主管（谁负责）”的要求，层层传达。",
    "依据【工作细则】逐条对照。",
    "他说：“要把‘小事’办好。”大家都赞成。",
]
_MARKS = "《》“”（）【】‘’"


def unbalanced() -> Iterator[Case]:
    """Each mark of some sentences left out, doubled, or put into the next paragraph."""
    for number, sentence in enumerate(_MARKED):
        for place, mark in enumerate(sentence):
            if mark in _MARKS:
                dropped = sentence[:place] + sentence[place + 1 :]
                yield Case(f"dropped-{number}-{place}", f"前面一句话。{dropped}\n后面一段话。", "unbalanced")
        first = next(place for place, mark in enumerate(sentence) if mark in _MARKS)
        doubled = sentence[:first] + sentence[first] + sentence[first:]
        yield Case(f"doubled-{number}", doubled, "unbalanced")
        partner = sentence.index(_MARKS[_MARKS.index(sentence[first]) + 1])
        later = f"{sentence[:partner]}{sentence[partner + 1 :]}\n后面{sentence[partner]}一段话。"
        yield Case(f"later-{number}", later, "unbalanced")
    yield Case("crossed", "印发《关于“清零》行动”的通知。", "unbalanced")
    yield Case("straight", '开展"清零行动，逐户登记。', "unbalanced")
    yield Case("enumerator", "一）压实责任\n镇村两级签字。\n（二）排查隐患\n逐处登记。", "unbalanced")


_DEEDS = [
    (
        "5月12日，在柳湾村举行山洪转移演练，130余人参加。",
        "柳湾村的山洪转移演练于5月12日举行，参加群众130余人。",
    ),
    ("发放《防汛手册》3260册，做到一户一册。", "为让群众心中有数，把3260册《防汛手册》发到各家各户。"),
    ("排查山塘、水库46座，发现渗漏隐患17处。", "对46座山塘、水库逐座体检，查出渗漏隐患17处。"),
    ("投入资金86.5万元，硬化村组道路4.2公里。", "硬化村组道路4.2公里，共用去资金86.5万元。"),
    ("为217名独居老人安装一键呼叫器。", "一键呼叫器已装到217名独居老人家中。"),
    ("组织护理员培训6期，312人次取得证书。", "护理员培训先后办了6期，取得证书的有312人次。"),
    ("修缮农家书屋14个，补充图书5800册。", "给14个农家书屋换新颜，并补充图书5800册。"),
    ("送戏下乡38场，观众达12600人次。", "把38场大戏送下乡，12600人次的观众看得过瘾。"),
    ("清理河道漂浮物175吨，拆除拦河网箱29口。", "拆除拦河网箱29口，河道漂浮物清理了175吨。"),
    ("调解邻里纠纷94件，办结率达到98.9%。", "94件邻里纠纷得到调解，办结率98.9%。"),
]


def duplicates() -> Iterator[Case]:
    """The same sentence, or the same deed in other words, in two sections."""
    frame = (
        "{title}\n"
        + _OPENING
        + "\n一、主要工作\n（一）{a}\n{one}{first}\n（二）{b}\n{two}{second}\n二、下一步打算\n继续努力。"
    )
    for number, (first, again) in enumerate(_DEEDS):
        theme = number % 3
        (a, one), (b, two) = _items(theme, 2)
        parts = {"title": _THEMES[theme][0], "a": a, "b": b, "one": one, "two": two}
        yield Case(f"deed-{number}", frame.format(**parts, first=first, second=again), "duplicate")
        yield Case(f"deed-back-{number}", frame.format(**parts, first=again, second=first), "duplicate")
        yield Case(f"same-{number}", frame.format(**parts, first=first, second=first), "duplicate")
    for number, (_, body) in enumerate(_THEMES[0][1] + _THEMES[1][1]):
        text = f"一、做法\n群众反映良好。{body}\n二、成效\n面貌有了改变。{body.replace('，', '、', 1)}"
        yield Case(f"sentence-{number}", text, "duplicate")


def sound() -> Iterator[Case]:
    """Texts that have nothing wrong with them."""
    for theme, (style, sign) in itertools.product(range(3), STYLES.items()):
        yield Case(f"{style}-{theme}", _report(theme, [sign(n) for n in range(1, 6)]), None)
        if not style.startswith("#"):
            run_in = _report(theme, [sign(n) for n in range(1, 6)], run_in=True)
            yield Case(f"{style}-run-in-{theme}", run_in, None)
    for theme in range(3):
        (a, one), (b, two), (c, three) = _items(theme, 3)
        points = f"一是{one.rstrip('。')}；二是{two.rstrip('。')}；三是{three}"
        yield Case(
            f"nested-{theme}",
            f"一、{a}\n（一）{a}\n1. {one}\n2. {two}\n（二）{b}\n1. 各村轮流值守。\n二、{b}\n（一）{c}\n{three}",
            None,
        )
        yield Case(f"points-{theme}", f"一、{a}\n{points}\n二、{b}\n一是加强领导。二是抓好落实。", None)
        yield Case(
            f"two-lists-{theme}",
            f"镇里做了三件事：\n1. {a}\n2. {b}\n3. {c}\n还有两个问题：\n1. {b}\n2. {c}",
            None,
        )
        yield Case(
            f"attachments-{theme}",
            f"{one}\n附件：\n1. {a}情况表\n2. {b}情况表\n\n栗坪镇人民政府\n2023年12月20日",
            None,
        )
    yield from (
        Case(f"plain-{number}", text, None)
        for number, text in enumerate(
            [
                "".join(_MARKED),
                "栗坪镇全年调解纠纷94件。\n一、主要工作\n（一）化解矛盾\n调解邻里纠纷94件，其中土地纠纷31件。\n二、存在问题\n个别纠纷拖得久。",
                "一、主要工作\n排查山塘46座，还有3处渗漏没有处理。\n二、存在问题\n3处渗漏山塘缺少资金，没有处理。\n三、下一步打算\n处理3处渗漏山塘。",
                "一、主要工作\n（一）培训\n举办护理员培训6期，120人参加。\n（二）演练\n举办消防演练6场，120人参加。\n二、打算\n继续抓好。",
                "一、主要工作\n（一）修路\n投入资金50万元，硬化东坪村道路。\n（二）修渠\n投入资金50万元，疏通西沟村水渠。",
                "## 概况\n全镇12个村。\n## 做法\n1. 加强巡查\n2. 备足物资\n## 问题\n1. 缺人\n2. 缺钱",
                "一、二季度各查一次，三季度查两次。",
                "工作分三步走。第一，摸清底数。第二，分类处置。第三，建章立制。",
                "首先，摸清底数；其次，分类处置；最后，建章立制。",
                "“第一段引文。\n“第二段引文。”\n正文继续。",
                "（以下是说明\n共两行）\n正文。",
                "1）巡查到位\n2）清淤到位",
                "措施：1）巡查；2）清淤。",
                "会议议程：\n一、学习文件\n二、讨论方案\n三、领导讲话",
                "责任单位：应急办、农业办\n一、查\n正文。\n责任单位：应急办、农业办\n二、改\n正文。\n责任单位：应急办、农业办",
                "经查，一是一、二是二，没有虚报。",
                '钢管直径5.5"，长2米。',
            ]
        )
    )


def faulty() -> list[Case]:
    """All texts with a fault."""
    kinds = (
        faulty_numbering,
        mixed_styles,
        wrong_nesting,
        empty_sections,
        faulty_points,
        unbalanced,
        duplicates,
    )
    return [case._replace(name=f"{kind.__name__}-{case.name}") for kind in kinds for case in kind()]
