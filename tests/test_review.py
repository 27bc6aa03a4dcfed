"""The review page as data: everything of the report is in it, escaped, with a policy that lets only its own script run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import html

from drafter import Block, Claim, Evidence, Finding, Part, RepairStep, Report, SectionDraft, Trace, draft
from drafter.cli import run
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.exporters import HtmlExporter
from drafter.exporters.review import page
from drafter.exporters.review.changes import compare
from drafter.exporters.review.odd import plain as marked
from drafter.exporters.review.odd import visible
from drafter.facts import parse_facts
from drafter.passages import Passage
from tests.review_reports import HOSTILE, careless, hostile

Page = Any
"""An element tree of lxml, which has no types."""


@cache
def spoiled() -> Report:
    return careless()


def opened(report: Report) -> Page:
    return html.document_fromstring(page(report))


def words(element: Page) -> str:
    """What an element shows, without the marks that the page adds behind a figure or a finding."""
    return "".join(element.xpath(".//text()[not(ancestor::sup)]"))


def paper(tree: Page) -> str:
    """The report as the page shows it, a line each; cells of a table are lines too."""
    lines = tree.xpath(
        "//article//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::th or self::td or self::p]"
    )
    return "\n".join(words(line) for line in lines)


def shown(report: Report) -> str:
    """The same by the report's own blocks."""
    lines = []
    for block in report.blocks:
        lines += [cell for row in block.rows for cell in row] or [block.number + block.text]
    return "\n".join(marked(line) for line in lines)


def bare(text: str) -> str:
    """Without the brackets of marks, which the page draws as a frame."""
    return re.sub(r"\[(U\+[0-9A-F]{4,6})\]", r"\1", text)


def made(plain: dict[str, Any], *paragraphs: str, table: Block | None = None, **changes: Any) -> Report:
    """A report of these paragraphs, with whatever is to be said of them."""
    ledger = parse_facts(plain)
    blocks = [Block(kind="paragraph", text=text) for text in paragraphs] + ([table] if table else [])
    text, laid, sections = assemble(ledger, [DraftedSection("achievements", "主要工作", blocks=blocks)])
    report = Report(
        title=ledger.report_title, text=text, writer="w", ledger=ledger, blocks=laid, sections=sections
    )
    return report.model_copy(update=changes)


def span(report: Report, text: str) -> dict[str, Any]:
    start = report.text.index(text)
    return {"start": start, "end": start + len(text), "text": text}


def found(report: Report, text: str, severity: Any = "error", message: str = "请核实") -> Finding:
    return Finding(check="c", code="c.x", severity=severity, message=message, **span(report, text))


def test_a_draft_writes_the_page_beside_the_others(
    plain: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "账.json"
    facts.write_text(json.dumps(plain), "utf-8")
    assert run(["draft", str(facts)]) == 0
    assert str(tmp_path / "账-draft/report.html") in capsys.readouterr().out.split()
    tree = html.document_fromstring((tmp_path / "账-draft/report.html").read_text("utf-8"))
    assert words(tree.xpath("//h1")[0]) == "竹溪镇2024年上半年防汛备汛工作情况汇报"


def test_the_page_shows_the_whole_report_and_nothing_else_of_it() -> None:
    report = spoiled()
    assert paper(opened(report)) == shown(report)


def test_every_quantity_stands_with_its_judgement() -> None:
    report = spoiled()
    tree = opened(report)
    assert {claim.status for claim in report.claims} == {"supported", "derived", "doubtful", "wrong"}
    for number, claim in enumerate(report.claims):
        pieces = tree.xpath(f"//article//*[@data-q='{number}']")
        assert "".join(words(piece) for piece in pieces) == claim.text
        assert all(claim.status in piece.get("class").split() for piece in pieces)
        (row,) = tree.xpath(f"//*[contains(@class, 'entries')]//li[@data-q='{number}']")
        for evidence in claim.evidence:
            assert (evidence.formula or "") in words(row)
            if evidence.fact:
                place = [fact.id for fact in report.ledger.facts].index(evidence.fact)
                assert row.xpath(f".//a[@href='#fact-{place}']")


def test_a_judgement_is_told_in_words_and_marks_not_by_colour_alone() -> None:
    tree = opened(spoiled())
    for status, mark in (("derived", "算"), ("doubtful", "疑"), ("wrong", "误")):
        pieces = tree.xpath(f"//article//span[starts-with(@class, 'q {status}')]")
        assert pieces
        assert all(piece.xpath("string(.//sup)").startswith(mark) for piece in pieces)
    said = {words(tag) for tag in tree.xpath("//*[contains(@class, 'entries')]//*[contains(@class, 'tag')]")}
    assert said == {"有依据", "推算得出", "存疑", "有误"}


def test_every_finding_is_listed_and_leads_to_its_place() -> None:
    report = spoiled()
    tree = opened(report)
    listed = tree.xpath("//ol[@class='findings']/li")
    assert len(listed) == len(report.findings) > 5
    labels = [words(each.xpath(".//*[contains(@class, 'ref')]")[0]) for each in listed]
    assert labels == ["误1", "误2", "误3", "误4", "误5", "误6", "误7", "疑1", "疑2"]
    for finding in report.findings:
        (own,) = [each for each in listed if finding.message in words(each)]
        link = own.xpath(".//a[@class='jump']/@href")
        assert len(link) == (finding.start is not None)
        for href in link:
            (mark,) = tree.xpath(f"//article//sup[@id='{href[1:]}']")
            assert finding.text is not None
            assert words(mark.getparent().getparent()) == finding.text


def test_the_page_shows_what_repair_changed() -> None:
    report = spoiled()
    steps = [step for section in report.sections for part in section.parts for step in part.repairs]
    tree = opened(report)
    boxes = tree.xpath("//section[@id='repairs']//div[@class='repair']")
    assert len(boxes) == len(steps) >= 5
    for box, step in zip(boxes, steps, strict=True):
        before, after = (words(each) for each in box.xpath(".//p[@class='text']"))
        assert (before, after) == (step.before, step.after)
        assert step.reason in words(box)
    gone = [words(each) for each in tree.xpath("//section[@id='repairs']//del")]
    assert {"397", "xx", "户"} <= set(gone)
    assert {"387", "1.2万", "人"} <= {words(each) for each in tree.xpath("//section[@id='repairs']//ins")}


def test_facts_that_were_not_used_stand_apart(plain: dict[str, Any]) -> None:
    report = draft(plain)
    lost = plain["facts"][1]
    missing = Finding(
        check="coverage",
        code="coverage.missing",
        severity="error",
        message="没有写到",
        evidence=(Evidence(fact=lost["id"], text=lost["text"]),),
    )
    tree = opened(report.model_copy(update={"findings": [missing]}))
    (item,) = tree.xpath("//section[@id='facts']/ul/li")
    assert lost["text"] in words(item)
    assert "没有写到" in words(item)
    used = tree.xpath("//section[@id='facts']/details//li")
    assert len(used) == len(plain["facts"]) - 1
    for place in used:
        (sentence, *_) = place.xpath(".//a/@href")
        assert tree.xpath(f"//article//a[@id='{sentence[1:]}']")


def test_a_sentence_shows_masked_passages_only() -> None:
    report = spoiled()
    text = page(report)
    tree = opened(report)
    passages = {p.id: p for section in report.sections for p in section.passages}
    lists = tree.xpath("//ul[@class='passages']")
    assert lists
    shown_passages = [words(quote) for each in lists for quote in each.xpath(".//blockquote")]
    assert {p.masked for p in passages.values()} == set(shown_passages)
    for passage in passages.values():
        assert passage.masked != passage.text
        assert passage.text not in text
    parts = {each.get("data-part") for each in tree.xpath("//li[@data-part]")}
    assert {f"part-{part}" for part in parts} <= {each.get("id") for each in lists}


def test_every_link_leads_to_a_place_of_the_page_and_no_id_stands_twice() -> None:
    tree = opened(spoiled())
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = tree.xpath("//a/@href")
    assert len(links) > 100
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_only_what_stands_in_the_page_may_run() -> None:
    text = page(spoiled())
    tree = html.document_fromstring(text)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for tag in ("script", "style"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not tree.xpath(
        "//@style | //@*[starts-with(name(), 'on')] | //@src | //link | //img | //iframe | //form"
    )
    assert not re.search(
        r"https?://|url\((?!#)|@import|innerHTML|insertAdjacentHTML|document\.write|eval\(", text
    )


def test_hostile_facts_and_past_reports_are_shown_and_do_nothing(tmp_path: Path) -> None:
    report = hostile(tmp_path)
    text = page(report)
    tree = html.document_fromstring(text)
    harmless = opened(spoiled())
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= {
        element.tag for element in harmless.iter() if isinstance(element.tag, str)
    }
    assert not tree.xpath("//comment()")
    assert {name for element in tree.iter() for name in element.attrib} <= {
        name for element in harmless.iter() for name in element.attrib
    }
    assert paper(tree) == bare(shown(report))
    assert "{{7*7}}" in paper(tree)
    assert marked(report.title) in tree.xpath("//title")[0].text
    for number, fact in enumerate(report.ledger.facts):
        (item,) = tree.xpath(f"//li[@id='fact-{number}']")
        assert words(item.xpath(".//*[@class='words']")[0]) == bare(marked(fact.text))
        assert bare(marked(fact.topic)) in words(item)
    masked = {bare(marked(p.masked)) for section in report.sections for p in section.passages}
    assert masked
    assert masked == {words(quote) for quote in tree.xpath("//blockquote")}
    assert "window.ran" in "".join(masked)
    for finding in report.findings:
        assert bare(marked(finding.message)) in words(tree.xpath("//section[@id='findings']")[0])


def test_a_character_that_cannot_be_seen_is_a_mark() -> None:
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in "\n\t":
            assert f"U+{code:04X}" in visible(f"a{sign}b"), hex(code)
        elif kind[0] in "LNP":
            assert marked(sign) == sign or kind == "Lo", hex(code)  # Hangul fillers are letters
    assert str(visible("<b>‮&")) == '&lt;b&gt;<span class="odd">U+202E</span>&amp;'


@given(st.lists(st.text(), min_size=1, max_size=3), st.text(max_size=20))
@hypothesis_settings(max_examples=40)
def test_no_text_breaks_out_or_gets_lost(paragraphs: list[str], message: str) -> None:
    plain = {"organization": "镇", "period": "2024年", "theme": "工作", "facts": ["巡查9次"]}
    told = [" ".join(text.split()) or "空" for text in paragraphs]
    report = made(plain, *told)
    report = report.model_copy(update={"findings": [found(report, told[0], message=message)]})
    text = page(report)
    text.encode("utf-8")
    tree = html.document_fromstring(text)
    assert len(tree.xpath("//script")) == 1
    # a line feed is what HTML makes of every other end of a line
    assert paper(tree) == bare(shown(report))
    assert words(tree.xpath("//p[@class='message']")[0]).strip() == bare(marked(message)).strip()


def test_findings_over_each_other_over_sentences_and_at_odd_places(plain: dict[str, Any]) -> None:
    report = made(plain, "巡查9次，发现隐患3处。已整改2处；完成率高。", "第二段。")
    whole = found(report, "发现隐患3处。已整改2处；", "warning", "长")
    inner = found(report, "3处", "error", "短")
    over = Finding(
        check="c",
        code="c.x",
        severity="info",
        message="跨段",
        start=report.text.index("完成率"),
        end=report.text.index("第二段"),
        text=report.text[report.text.index("完成率") : report.text.index("第二段")],
    )
    point = inner.model_copy(update={"start": inner.end, "end": inner.end, "text": "", "message": "空"})
    last = inner.model_copy(update={"start": len(report.text), "end": len(report.text), "message": "末"})
    cut = [re.escape(each) for each in ("巡查9次，发现隐患3处。", "已整改2处；", "完成率高。", "第二段。")]
    traces = [Trace(start=m.start(), end=m.end()) for m in re.finditer("|".join(cut), report.text)]
    report = report.model_copy(update={"findings": [whole, inner, over, point, last], "traces": traces})
    tree = opened(report)
    assert paper(tree) == shown(report)
    marks = [mark.text_content() for mark in tree.xpath("//article//sup")]
    assert sorted(marks) == ["注1", "疑1", "误1", "误2", "误3"]
    (sentence,) = [each for each in tree.xpath("//article//a") if words(each) == "已整改2处；"]
    assert [mark.text_content() for mark in sentence.xpath(".//sup")] == ["疑1"]
    entry = tree.get_element_by_id(sentence.get("href")[1:])
    assert "长" in words(entry)
    assert "短" not in words(entry)


def test_cells_of_a_table_show_their_figures(plain: dict[str, Any]) -> None:
    table = Block(kind="table", rows=(("项目", "数|量"), ("巡查", "12次"), ("隐患", "")))
    report = made(plain, "正文。", table=table)
    claim = Claim(status="doubtful", evidence=(Evidence(fact="f02"),), **span(report, "12次"))
    report = report.model_copy(
        update={"claims": [claim], "findings": [found(report, "12次", "warning")], "traces": []}
    )
    tree = opened(report)
    assert [words(cell) for cell in tree.xpath("//article//th | //article//td")] == [
        *("项目", "数|量", "巡查", "12次", "隐患", "")
    ]
    (cell,) = tree.xpath("//article//td[.//sup]")
    assert cell.xpath(".//sup")[0].text_content() == "疑1"


def test_a_report_made_by_hand_needs_nothing_but_a_text(plain: dict[str, Any]) -> None:
    bare_report = Report(
        title="题", text="# 题\n\n第一段。\n第二段。\n", writer="我", ledger=parse_facts(plain)
    )
    tree = opened(bare_report)
    assert paper(tree) == "# 题\n第一段。\n第二段。"
    assert "没有发现问题" in words(tree.xpath("//section[@id='findings']")[0])
    assert len(tree.xpath("//section[@id='facts']/ul/li")) == len(plain["facts"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r.model_copy(update={"findings": []}), "没有发现问题"),
        (
            lambda r: r.model_copy(
                update={"silenced": [found(r, "防汛", message="不提示的一条")], "findings": []}
            ),
            "不提示的一条",
        ),
        (
            lambda r: r.model_copy(
                update={"findings": [found(r, "防汛").model_copy(update={"suggestion": "抗旱"})]}
            ),
            "建议改为：抗旱",
        ),
    ],
)
def test_the_list_of_findings_says(
    plain: dict[str, Any], change: Callable[[Report], Report], said: str
) -> None:
    assert said in words(opened(change(draft(plain))).xpath("//section[@id='findings']")[0])


def test_the_same_report_gives_the_same_bytes(plain: dict[str, Any], tmp_path: Path) -> None:
    report = draft(plain)
    paths = tmp_path / "a.html", tmp_path / "b.html"
    for path in paths:
        HtmlExporter().write(report, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert b"\r" not in paths[0].read_bytes()
    assert report.save(tmp_path / "c.html").read_bytes() == paths[0].read_bytes()


def test_passages_of_a_section_go_to_the_leaf_that_was_shown_them(plain: dict[str, Any]) -> None:
    report = made(plain, "巡查9次。")
    passage = Passage(id="p1", document="d", text="白石镇巡查8次", masked="〔地名〕巡查〔数〕次" + HOSTILE[0])
    text = "巡查9次。"
    start = report.text.index(text)
    part = Part(text=text, passages=["p1", "gone"], start=start, end=start + len(text), writer="m")
    step = RepairStep(kind="patch", accepted=True, reason="改", before="巡查8次。", after=text)
    own = SectionDraft(
        name="achievements",
        heading="主要工作",
        start=start,
        end=part.end,
        parts=[part.model_copy(update={"repairs": [step]})],
        passages=[passage],
    )
    tree = opened(report.model_copy(update={"sections": [own]}))
    (entry,) = tree.xpath("//li[@data-part]")
    assert "巡查9次" in words(entry)
    assert (
        words(tree.get_element_by_id(f"part-{entry.get('data-part')}").xpath(".//blockquote")[0])
        == passage.masked
    )
    assert "白石镇" not in page(report.model_copy(update={"sections": [own]}))


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("查出397处。整改9处。", "查出387处。整改9处。", ["397"], ["387"]),
        ("第一句。多余的话。", "第一句。", ["多余的话。"], []),
        ("甲乙丙丁。", "另起炉灶写。", ["甲乙丙丁。"], ["另起炉灶写。"]),
        ("", "新写的。", [], ["新写的。"]),
        ("一样。", "一样。", [], []),
        ("共1,200.5万元。", "共1,200.6万元。", ["1,200.5"], ["1,200.6"]),
    ],
)
def test_a_change_is_cut_where_it_differs(before: str, after: str, gone: list[str], come: list[str]) -> None:
    left, right = compare(before, after)
    assert [each.text for each in left if each.changed] == gone
    assert [each.text for each in right if each.changed] == come


@given(st.text("甲乙1。2；\n", max_size=60), st.text("甲乙1。2；\n", max_size=60))
def test_both_sides_of_a_change_are_whole(before: str, after: str) -> None:
    left, right = compare(before, after)
    assert "".join(each.text for each in left) == before
    assert "".join(each.text for each in right) == after
    assert [e.text for e in left if not e.changed] or not [e for e in right if not e.changed]
    kept = ["".join(each.text for each in side if not each.changed) for side in (left, right)]
    assert kept[0] == kept[1]
