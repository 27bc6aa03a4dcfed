"""Scores a report against its ledger and the past reports that lay beside it. It knows nothing of drafter.

Everything is plain comparison of strings and numerals, so that a reader can follow it by hand; how often it is right is
measured on labelled sentences (`validate`). A text is taken as it would go out: `#` of headings is no fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
COPIED = 13
"""Han characters in a row that stand in a past report: no formula of the genre in the corpus is as long."""

# sentences


@dataclass(frozen=True)
class Span:
    """A piece of the text and where it begins."""

    text: str
    start: int


_HEADING = re.compile(r"\s*(?:#+\s*)?(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、|#)")
_MARKS = re.compile(r"^[\s#*\-•]+|[\s*]+$")


def paragraphs(text: str) -> list[Span]:
    """The lines that are neither empty nor headings."""
    return [line for line in lines(text) if not is_heading(line.text)]


def lines(text: str) -> list[Span]:
    return [Span(found[0], found.start()) for found in re.finditer(r"[^\n]*\S[^\n]*", text)]


def is_heading(line: str) -> bool:
    """A line that only names what follows: marked or numbered, and not a sentence."""
    said = _MARKS.sub("", line)
    return bool(_HEADING.match(line)) and len(said) <= 40 and not re.search(r"[。；！？]", said)


def sentences(paragraph: Span) -> list[Span]:
    """A paragraph's sentences, cut at 。！？； and so that a list of 一是…；二是… comes apart."""
    return [
        Span(found[0], paragraph.start + found.start())
        for found in re.finditer(r"[^。！？；;]+[。！？；;]?[”’）]?", paragraph.text)
        if re.search(r"[\u4e00-\u9fff]", found[0])
    ]


def body(text: str) -> list[list[Span]]:
    """The sentences of each paragraph that tells something: not title, addressee, headings, signature and date."""
    told = []
    for place, paragraph in enumerate(paragraphs(text)):
        said = _MARKS.sub("", paragraph.text)
        if place < 2 and len(said) <= 40 and re.search(r"(汇报|报告|总结|[：:])$", said):
            continue
        if len(said) <= 20 and not re.search(r"[。；！？，]", said):
            continue
        told.append(sentences(paragraph))
    return told


# numbers

_HAN = "零一二三四五六七八九"
_UNITS = """
    个百分点 百分点 平方公里 平方米 立方米 公里 千米 兆瓦 公斤 人次 场次 亩次 户次 件次 家次 台次 车次 册次 小时 分钟 个月 季度
    元 吨 亩 米 岁 年 月 日 号 天 周 时 轮 次 场 个 名 人 位 户 处 件 期 支 家 项 条 幅 份 篇 部 台 块 座 口 笔 宗 起 辆 册 对 所 层 类 级
    遍 班 组 批 届 倍 折 根 斤 套 盏 株 棵 头 只 张 封 间 栋 幢 村 社区 街 站 门 % 成 余
"""
_NUMBER = re.compile(
    r"(?P<percent>百分之)?(?:(?P<figures>\d+(?:\.\d+)?)|(?P<han>[一二两三四五六七八九十百千零〇]+(?:点[一二三四五六七八九零]+)?))"
    r"(?P<scale>[万亿])?(?P<about>余|多|来)?(?P<unit>"
    + "|".join(sorted(_UNITS.split(), key=len, reverse=True))
    + r")?"
)
_RANGE = re.compile(
    r"\s*[-—–~～至到]\s*(?:\d+(?:\.\d+)?|[一二三四五六七八九十]+)(?P<unit>月|日|年|岁|个|名|人|处|次|%)"
)
_SET_PHRASES = re.compile(
    r"[一二三四五六七八九十]是|第[一二三四五六七八九十百\d]+|一把手|三会一课|一岗双责|两委|三农|四史|四个意识|四个自信|两个维护|"
    r"“[^”]{0,16}”|《[^》]{0,40}》|统一|一致|一定|一般|一些|一批|一直|一步|一起|一体|一线|一方面|进一步|一个|一种|一系列|一定|十分|千家万户|"
    r"\d{3,}热线|万一|二维|三轮车|三级|四级|一级|二级|十九大|二十大|九小"
)
_SAME = {"名": "人", "位": "人", "号": "日", "场次": "场", "千米": "公里", "百分点": "%", "个百分点": "%"}
_MEASURED = "元 吨 亩 米 公里 岁 % 小时 分钟 年 月 日 天 平方米 平方公里 立方米 兆瓦 人次"
"""Units that say what is measured; the others only count, and are interchangeable (9个点, 9处)."""


@dataclass(frozen=True)
class Number:
    """A number with its unit, in the text at start..end."""

    value: float
    unit: str
    start: int
    end: int
    text: str


def numbers(text: str, ones: bool = False) -> list[Number]:
    """The numbers that count or date something; not those of headings, enumerations and set phrases, nor 一 but with `ones`."""
    text = text.replace("％", "%")
    skip = [
        found.span()
        for found in _SET_PHRASES.finditer(text)
        if not re.search(r"\d", found[0]) or "第" in found[0]
    ]
    skip += [
        found.span()
        for found in re.finditer(r"(?m)^[\s#]*(?:[（(]?[\d一二三四五六七八九十]+[）)、.．](?!\d))+", text)
    ]
    found = []
    for match in _NUMBER.finditer(text):
        unit = match["unit"] or ""
        if any(start <= match.start() < end for start, end in skip):
            continue
        if (
            match["figures"] is None
            and (not unit or match["han"] in ("零", "〇", "百", "千") or (match["han"] == "一" and not ones))
            and not match["percent"]
        ):
            continue
        if match["percent"]:
            unit = "%"
        if not unit and re.match(r"[A-Za-z]", text[match.end() : match.end() + 1]):
            continue
        value = float(match["figures"] or _han_value(match["han"]))
        value *= {"万": 1e4, "亿": 1e8}.get(match["scale"] or "", 1)
        if unit == "成":
            value, unit = value * 10, "%"
        found.append(Number(round(value, 6), _SAME.get(unit, unit), match.start(), match.end(), match[0]))
    return found


def _han_value(word: str) -> float:
    word, _, behind = word.partition("点")
    if behind:
        return float(f"{_han_value(word):.0f}.{''.join(str(_digit(each)) for each in behind)}")
    if len(word) > 1 and not re.search("[十百千]", word):
        return int("".join(str(_digit(each)) for each in word))
    total = digit = 0
    for each in word:
        if each in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[each]
            digit = 0
        else:
            digit = _digit(each)
    return total + digit


def _digit(each: str) -> int:
    return 2 if each == "两" else 0 if each == "〇" else _HAN.index(each)


# the ledger


def pairs(text: str) -> frozenset[str]:
    """Neighbouring Han characters of a text, numbers and marks left out."""
    return frozenset(
        run[place : place + 2]
        for run in re.findall(
            r"[\u4e00-\u9fff]+",
            re.sub(r"[一二两三四五六七八九十]{1,3}(?=[个名处件期场次座户家项是])", " ", text),
        )
        for place in range(len(run) - 1)
    )


@dataclass(frozen=True)
class Told:
    """A fact prepared for comparison."""

    id: str
    text: str
    required: bool
    numbers: tuple[Number, ...]
    pairs: frozenset[str]


@lru_cache(maxsize=4096)
def _told(id: str, text: str, required: bool) -> Told:
    return Told(id, text, required, tuple(numbers(text)), pairs(text))


@dataclass(frozen=True)
class Ledger:
    """What may be told: the facts, and the header's period, date, theme and names."""

    facts: tuple[Told, ...]
    header: str
    whole: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Ledger:
        header = " ".join(
            str(data.get(key, "")) for key in ("organization", "period", "theme", "title", "recipient")
        )
        header += " {organization}{period}{theme}情况汇报".format(**data)
        if match := re.fullmatch(r"(\d+)-0?(\d+)-0?(\d+)", str(data.get("date", ""))):
            header += " {}年{}月{}日".format(*match.groups())
        facts = tuple(
            _told(fact["id"], fact["text"], bool(fact.get("required", True))) for fact in data["facts"]
        )
        return cls(
            facts,
            header,
            " ".join([header, *(f"{fact['text']} {fact.get('topic', '')}" for fact in data["facts"])]),
        )


def recall(fact: Told, said: frozenset[str]) -> float:
    """The share of the fact's pairs that are said."""
    return len(fact.pairs & said) / len(fact.pairs) if fact.pairs else 1.0


# the columns


def covered(windows: Iterable[str], ledger: Ledger) -> set[str]:
    """Ids of the facts that some window tells: all its numbers, and half of its words (a third, where it has numbers)."""
    found: set[str] = set()
    for window in windows:
        said, values = pairs(window), {number.value for number in numbers(window, ones=True)}
        for fact in ledger.facts:
            wanted = {number.value for number in fact.numbers}
            if fact.id not in found and wanted <= values and recall(fact, said) >= (0.35 if wanted else 0.5):
                found.add(fact.id)
    return found


def windows(text: str, size: int = 3) -> Iterator[str]:
    """Runs of up to `size` sentences of a paragraph, each with the heading above it."""
    heading = ""
    for line in lines(text):
        if is_heading(line.text):
            heading = line.text
            continue
        told = [sentence.text for sentence in sentences(line)]
        for place in range(max(1, len(told) - size + 1)):
            yield heading + "。" + "".join(told[place : place + size])


def wrong_numbers(text: str, ledger: Ledger) -> list[Number]:
    """Numbers that no fact told nearby has: another value, another unit that measures, or another fact's number."""
    allowed = numbers(ledger.header)
    wrong = []
    for told in [sentences(paragraph) for paragraph in lines(text)]:
        for place, sentence in enumerate(told):
            near = pairs("".join(each.text for each in told[max(0, place - 1) : place + 1]))
            for number in numbers(sentence.text):
                if any(_same(number, each) for each in allowed) or _supported(
                    number, sentence.text, near, ledger
                ):
                    continue
                start = sentence.start + number.start
                wrong.append(Number(number.value, number.unit, start, start + len(number.text), number.text))
    return wrong


def _same(one: Number, other: Number) -> bool:
    if one.value != other.value:
        return False
    measured = {one.unit, other.unit} & set(_MEASURED.split())
    return one.unit == other.unit or not measured or not (one.unit and other.unit)


_SUM = re.compile(r"共|合计|总|累计|还有|剩|尚有|其余")


def _supported(number: Number, sentence: str, near: frozenset[str], ledger: Ledger) -> bool:
    for fact in ledger.facts:
        shared = len(fact.pairs & near)
        if shared < min(2, len(fact.pairs)):
            continue
        if any(_same(number, each) for each in fact.numbers) and _beside(number, sentence, near, fact):
            return True
        if _SUM.search(sentence):
            same = [each.value for each in fact.numbers if each.unit == number.unit]
            if len(same) > 1 and number.value in (sum(same), abs(same[0] - same[1])):
                return True
        if number.unit == "%" and any(
            one.value < other.value and abs(100 * one.value / other.value - number.value) < 0.06
            for one in fact.numbers
            for other in fact.numbers
        ):
            return True
    return False


def _beside(number: Number, sentence: str, near: frozenset[str], fact: Told) -> bool:
    """Whether the number stands by words that stand by it in the fact, or the sentence tells most of the fact.

    Where the fact has several numbers of one unit, none of the others may stand by these words rather.
    """
    before = pairs(_before(sentence, number.start))
    beside = {
        each.value: len(pairs(_before(fact.text, each.start)) & before)
        for each in fact.numbers
        if each.unit == number.unit
    }
    if number.value in beside and max(beside.values()) > beside[number.value]:
        return False
    if recall(fact, near) >= 0.5:
        return True
    around = pairs(sentence[max(0, number.start - 14) : number.start + 14])
    for each in fact.numbers:
        if _same(number, each) and pairs(fact.text[max(0, each.start - 10) : each.end + 8]) & around:
            return True
    return False


def _before(text: str, place: int) -> str:
    """The words between the number before and this one."""
    return re.split(r"\d|[，。；]", text[:place])[-1][-8:]


@lru_cache(maxsize=1)
def corpus_names() -> tuple[str, ...]:
    """The names that only the past reports own, longest first."""
    rows = (HERE / "corpus_names.txt").read_text("utf-8").splitlines()
    return tuple(
        sorted(
            {name for row in rows if not row.startswith("#") for name in row.split()}, key=len, reverse=True
        )
    )


def leaked_names(text: str, ledger: Ledger) -> list[str]:
    """Names of past reports that the ledger does not have, each as often as it stands there."""
    found, left = [], text
    for name in corpus_names():
        if name not in ledger.whole and name in left:
            found += [name] * left.count(name)
            left = left.replace(name, " ")
    return found


_RESIDUE = re.compile(
    r"[xXｘＸ×]{2,}|(?<!\d)[xX×](?=[月日年万个次名户处人])|\*{1,2}[^*\n]+\*{1,2}|\*{2,}|某某|某(?=[镇乡村县区市街单人])|〔[^〕]{0,12}〕|【[^】]{0,30}】|"
    r"\[[^\]\n]{0,40}\]|\{\{.*?\}\}|_{2,}|[○〇]{2,}|TODO|```|<<<|>>>|\{\s*\"|\"\s*\}|"
    r"(?m:^\s*[-•]\s+)|"
    r"(?m:^[\s#*]*(?:主送机关|落款|结尾落款|开头一段|开头|标题|正文|日期|措施|计划|说明|注)[^。，\n]{0,12}[：:]?\s*$)|(?m:^(?:计划|措施|说明|注)[：:])|"
    r"尊敬的|荣幸|谢谢！|这一小节|按照以下步骤|(?m:^(?:结语|详细说明))|以下是|好的[，,]|希望(?:这|以上|对)[^。\n]*|如需|作为(?:一[个名])?(?:AI|人工智能|语言模型)|根据(?:您|你)|事实清单|事实\d|f\d\d"
)


def residue(text: str) -> list[str]:
    """Placeholders, marks and words that belong to the making of the text: each is a place that somebody must mend."""
    return [found[0].strip() for found in _RESIDUE.finditer(text)]


@lru_cache(maxsize=4)
def _shingles(corpus: tuple[str, ...]) -> frozenset[str]:
    grams = set()
    for text in corpus:
        han = _han(text)
        grams.update(han[place : place + COPIED] for place in range(len(han) - COPIED + 1))
    return frozenset(grams)


def _han(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


def copied_runs(text: str, corpus: Sequence[str], ledger: Ledger) -> list[str]:
    """Longest runs of at least `COPIED` Han characters of a paragraph that a past report has too and no fact."""
    known, own = _shingles(tuple(corpus)), _han(ledger.whole)
    runs = []
    for line in lines(text):
        han, place = _han(line.text), 0
        while place + COPIED <= len(han):
            end = place + COPIED
            if han[place:end] not in known or han[place:end] in own:
                place += 1
                continue
            while end < len(han) and han[end - COPIED + 1 : end + 1] in known:
                end += 1
            runs.append(han[place:end])
            place = end
    return runs


_LEAD = re.compile(
    r"^(?:[一二三四五六七八九十]+是|[（(]?[一二三四五六七八九十\d]+[）)、.]|同时|此外|另外|我[镇乡街]道?|下一步)[，,：:]?"
)


def word_for_word(sentence: str, ledger: Ledger) -> bool:
    """Whether nine tenths of a sentence are runs of at least six characters of one fact."""
    said = _plain(_LEAD.sub("", _MARKS.sub("", sentence).strip()))
    if len(said) < 6:
        return False
    return any(_shared(said, _plain(fact.text)) >= 0.9 * len(said) for fact in ledger.facts)


def _plain(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffA-Za-z0-9.%]", "", text)


def _shared(said: str, fact: str) -> int:
    """Characters of `said` within runs of six or more that the fact has."""
    inside = [False] * len(said)
    for place in range(len(said) - 5):
        if said[place : place + 6] in fact:
            inside[place : place + 6] = [True] * 6
    return sum(inside)


def repeats(told: Sequence[str]) -> list[str]:
    """Sentences most of whose words, and a number if there are any, an earlier one has said already."""
    seen: list[tuple[frozenset[str], set[float]]] = []
    found = []
    for sentence in told:
        said, values = pairs(sentence), {number.value for number in numbers(sentence)}
        if len(said) < 6:
            continue
        for earlier, others in seen:
            shorter = min(len(said), len(earlier))
            if len(said & earlier) >= 0.7 * shorter and (not (values or others) or values & others):
                found.append(sentence)
                break
        seen.append((said, values))
    return found


_ORDINALS = "一二三四五六七八九十"


def _ordinal(word: str) -> int:
    return int(_han_value(word))


def structure_faults(text: str, data: dict[str, Any]) -> list[str]:
    """What a reader would send back for its form, a line each."""
    faults = []
    rows = [_MARKS.sub("", line.text) for line in lines(text)]
    if not rows:
        return ["empty"]
    if not (data["organization"] in rows[0] and re.search(r"(汇报|报告|总结)$", rows[0])):
        faults.append("no title on the first line")
    if data.get("recipient") and not re.match(
        rf"{re.escape(data['recipient'])}[：:]", rows[1] if len(rows) > 1 else ""
    ):
        faults.append("no addressee on the second line")
    faults += _numbering(rows)
    faults += _parts(rows, data)
    faults += [f"nothing under {row}" for row, after in _empty(text)]
    tail = rows[-2:]
    if data["organization"] not in tail[0] or len(tail[0]) > 20:
        faults.append("no signature on the last line but one")
    if not re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", tail[-1]):
        faults.append("no date on the last line")
    for line in paragraphs(text)[2:]:
        said = _MARKS.sub("", line.text)
        if len(said) > 20 and not re.search(r"[。！？；：:…][”）)]?$", said):
            faults.append(f"breaks off: {said[-12:]}")
    return faults


def _numbering(rows: Sequence[str]) -> list[str]:
    """Headings of both levels count from one without a gap; enumerations within a paragraph do, too."""
    faults, first, second, names = [], 0, 0, set()
    for row in rows:
        if found := re.match(rf"([{_ORDINALS}]+)、", row):
            if _ordinal(found[1]) != first + 1:
                faults.append(f"numbering: {row[:12]}")
            first, second = _ordinal(found[1]), 0
        elif found := re.match(rf"[（(]([{_ORDINALS}]+)[）)]", row):
            if _ordinal(found[1]) != second + 1:
                faults.append(f"numbering: {row[:12]}")
            second = _ordinal(found[1])
        else:
            continue
        if is_heading(row):
            name = re.sub(rf"^(?:[{_ORDINALS}]+、|[（(][{_ORDINALS}]+[）)])", "", row)
            if name in names:
                faults.append(f"heading twice: {row[:12]}")
            names.add(name)
    return faults


_PART = {
    "done": r"工作|成效|做法|情况|办成的事",
    "problem": r"问题|不足|困难|短板|不满意",
    "plan": r"下一步|打算|计划|安排|思路",
}


def _parts(rows: Sequence[str], data: dict[str, Any]) -> list[str]:
    """Every role of the ledger has a part of the first level of its own."""
    headings = [row for row in rows if re.match(rf"[{_ORDINALS}]+、", row)]
    roles = {fact["role"] for fact in data["facts"]}
    return [
        f"no part for {role}"
        for role, words in _PART.items()
        if role in roles and not any(re.search(words, row) for row in headings)
    ]


def _empty(text: str) -> Iterator[tuple[str, str]]:
    """Headings with nothing below them but the next heading of their own level, or none at all."""
    rows = lines(text)
    for line, after in zip(rows, [*rows[1:], Span("", len(text))], strict=True):
        if (
            is_heading(line.text)
            and _level(line.text)
            and (not after.text or 0 < _level(after.text) <= _level(line.text))
        ):
            yield _MARKS.sub("", line.text)[:14], after.text


def _level(line: str) -> int:
    said = _MARKS.sub("", line)
    if not is_heading(line):
        return 0
    return 1 if re.match(rf"[{_ORDINALS}]+、", said) else 2 if re.match(r"[（(]", said) else 0


# the whole


@dataclass
class Score:
    """What one report comes to. Lists hold what was found, so that a person can look."""

    required: int = 0
    missing: list[str] = field(default_factory=list)
    wrong: list[Number] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    residue: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    structure: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    sentences: int = 0
    from_ledger: int = 0
    length: int = 0

    @property
    def covered(self) -> float:
        return 1 - len(self.missing) / self.required if self.required else 1.0


def score(text: str, data: dict[str, Any], corpus: Sequence[str]) -> Score:
    """Score a report.

    Args:
        text: the report, plain or markdown.
        data: its ledger as plain data (`cases.ledger`).
        corpus: the texts of the past reports that the writer could see.
    """
    ledger = Ledger.of(data)
    told = [sentence.text for paragraph in body(text) for sentence in paragraph]
    said = covered(windows(text), ledger)
    required = [fact.id for fact in ledger.facts if fact.required]
    return Score(
        required=len(required),
        missing=[id for id in required if id not in said],
        wrong=wrong_numbers(text, ledger),
        leaked=leaked_names(text, ledger),
        residue=residue(text),
        copied=copied_runs(text, corpus, ledger),
        structure=structure_faults(text, data),
        repeats=repeats(told),
        sentences=len(told),
        from_ledger=sum(word_for_word(sentence, ledger) for sentence in told),
        length=len(re.sub(r"[\s#*]", "", text)),
    )
