"""The review page in a real Chromium: mouse, keyboard, phone, paper, a hostile report, a long one, and axe-core."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from drafter import Report, Settings, draft
from drafter.exporters.review import page as page_of
from drafter.exporters.review.odd import plain as marked
from tests.browser import chromium
from tests.conftest import EXAMPLES
from tests.review_reports import careless, hostile, long
from tests.test_review import bare

pytestmark = pytest.mark.slow

DESKTOP, PHONE = (1280, 900), (320, 640)


@dataclass
class Made:
    """A report and its page."""

    report: Report
    path: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Drafted before the browser opens, for its loop runs in this thread."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAFTER_CACHE_DIR", str(folder / "cache"))
        offline = Settings(offline=True)
        clean = draft(EXAMPLES / "facts/yunxi-safety.json", corpus=EXAMPLES / "corpus", settings=offline)
        reports = {"clean": clean, "faults": careless(), "hostile": hostile(folder), "long": long()}
    found = {}
    for name, report in reports.items():
        found[name] = Made(report, report.save(folder / f"{name}.html"))
    return found


@pytest.fixture(scope="module")
def browser(made: dict[str, Made]) -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@dataclass
class Tab:
    """An open page; `asked` are the addresses that it asked for, `said` what it complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Any, made: dict[str, Made]) -> Iterator[Any]:
    tabs: list[Tab] = []

    def visiting(name: str, size: tuple[int, int] = DESKTOP, path: Path | None = None, **options: Any) -> Tab:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        tab = Tab(context.new_page())
        tab.page.on("request", lambda request: tab.asked.append(request.url))
        tab.page.on("console", lambda message: tab.said.append(message.text))
        tab.page.on("pageerror", lambda error: tab.said.append(str(error)))
        tab.page.on("dialog", lambda dialog: tab.said.append(dialog.message))
        tab.page.goto((path or made[name].path).as_uri())
        tabs.append(tab)
        return tab

    yield visiting
    for tab in tabs:
        asked, said = tab.asked, tab.said
        tab.page.context.close()
        assert len(asked) == 1, "the page asks nobody for anything"
        assert said == []


def focused(page: Any) -> Any:
    return page.evaluate("document.activeElement.dataset.s ?? document.activeElement.id")


def test_a_click_on_a_number_shows_its_fact(visit: Any, made: dict[str, Made]) -> None:
    page = visit("faults").page
    number = page.locator("article .q.supported", has_text="512家次").first
    number.click()
    panel = page.locator("#panel")
    assert panel.is_visible()
    assert number.locator("xpath=ancestor::a").get_attribute("aria-expanded") == "true"
    assert panel.locator("li[data-q].picked .q").inner_text() == "512家次"
    assert "检查生产经营单位512家次，查出隐患387处" in panel.locator(".fact.picked").inner_text()
    assert page.locator("#said").text_content().startswith("事实 1 条")
    panel.locator("summary").click()
    masked = panel.locator("blockquote").all_inner_texts()
    assert masked
    assert all("〔" in passage for passage in masked)
    panel.locator(".quantities a").first.click()
    assert "已写到的" in page.locator("#facts").inner_text()
    assert page.evaluate("document.activeElement.id") == "fact-6"
    page.keyboard.press("Escape")
    assert panel.is_hidden()


def test_derived_and_wrong_numbers_show_formula_and_finding(visit: Any) -> None:
    page = visit("faults").page
    page.locator("article .q.derived", has_text="95.3%").click()
    assert "41÷43=95.3%" in page.locator("#panel li[data-q].picked").inner_text()
    page.locator("article .q.wrong", has_text="397处").click()
    panel = page.locator("#panel").inner_text()
    assert "与事实不符" in panel
    assert "建议改为：387处" in panel
    assert "“397处”与事实不符" in page.locator(".finding.current").inner_text()
    page.locator("article .q.wrong", has_text="397处").locator("sup").first.click()
    assert page.locator("#panel .troubles .picked").count() == 1
    assert page.locator(".finding.current").count() == 1


def test_a_finding_leads_to_its_place_and_the_steps_go_through_all(visit: Any, made: dict[str, Made]) -> None:
    page = visit("faults").page
    for link in page.locator(".findings .jump").all():
        link.click()
        mark = page.locator(link.get_attribute("href"))
        sentence = mark.locator("xpath=ancestor::a")
        assert sentence.get_attribute("aria-expanded") == "true"
        assert focused(page) == sentence.get_attribute("data-s")
        page.wait_for_function(
            "([id]) => { const r = document.querySelector(id).getBoundingClientRect();"
            " return r.top > 0 && r.bottom < innerHeight }",
            arg=[link.get_attribute("href")],
        )
    placed = [finding for finding in made["faults"].report.findings if finding.start is not None]
    seen = []
    for _ in placed:
        page.locator("#next").click()
        seen.append(page.locator("article sup.here").inner_text())
    assert len(set(seen)) == len(placed)
    page.locator("#previous").click()
    assert page.locator("article sup.here").inner_text() == seen[-2]


def test_the_list_shows_only_what_is_asked_for_and_marks_may_go(visit: Any) -> None:
    page = visit("faults").page
    page.get_by_role("button", name="错误 7").click()
    assert page.locator(".finding.error:visible").count() == 0
    assert page.locator(".finding.warning:visible").count() == 2
    page.get_by_role("button", name="错误 7").click()
    assert page.locator(".finding.error:visible").count() == 7
    page.get_by_role("button", name="标注").click()
    assert page.locator("article sup:visible").count() == 0
    assert page.get_by_role("button", name="标注").get_attribute("aria-pressed") == "false"


def test_all_is_reached_by_keyboard_alone(visit: Any) -> None:
    page = visit("faults").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert focused(page) == "report"
    page.keyboard.press("Tab")
    first = focused(page)
    assert page.locator(f"a.s[data-s='{first}']").get_attribute("role") == "button"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = focused(page)
    assert second != first
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        assert page.locator("#panel").is_visible()
        assert focused(page) == second, "the reader stays where he was"
        page.keyboard.press("Tab")
        assert focused(page) == "close"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#panel').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert page.locator("#panel").is_hidden()
        assert focused(page) == second
    page.keyboard.press("End")
    last = focused(page)
    page.keyboard.press("ArrowDown")
    assert focused(page) == last
    page.keyboard.press("Home")
    assert focused(page) == first
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.locator("a.s[aria-expanded='true']").get_attribute("data-s") == focused(page)
    page.keyboard.press("Escape")
    # the whole page in some dozen stops, and the focus can be seen at each
    stops = set()
    page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.add(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        assert page.evaluate(
            "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
        )
    for wanted in ('id="next"', 'id="marks"', 'id="print"', 'id="proof"', 'class="jump"', "<summary"):
        assert any(wanted in stop for stop in stops), wanted


@pytest.mark.parametrize("name", ["clean", "faults", "hostile", "long"])
def test_a_phone_shows_it_without_scrolling_sideways(visit: Any, name: str) -> None:
    page = visit(name, PHONE, has_touch=True, is_mobile=True).page
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    page.locator("article .q").first.tap()
    assert page.locator("#panel").is_visible()
    box = page.locator("#panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    assert box["height"] <= PHONE[1] * 0.6
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate(wide) == 0
    page.locator("#close").tap()
    assert page.locator("#panel").is_hidden()


def pdf_of(page: Any) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))


def text_of(pdf: pypdfium2.PdfDocument) -> str:
    return "".join(sheet.get_textpage().get_text_bounded() for sheet in pdf).replace("\r\n", "")


def test_on_paper_it_is_the_report_and_then_what_was_found(visit: Any, made: dict[str, Made]) -> None:
    tab = visit("faults")
    page, report = tab.page, made["faults"].report
    page.locator("article .q").first.click()  # an open panel is not printed
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".bar", "#panel", ".sum", ".jump"):
        assert page.locator(f"{gone}:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.paper p')).fontSize") == "21.3333px"
    page.emulate_media(media="null", color_scheme="null")
    pdf = pdf_of(page)
    assert [round(side / 72 * 25.4) for side in pdf[0].get_size()] == [210, 297]
    first = pdf[0].get_textpage()
    lines = [line for line in first.get_text_bounded().split("\r\n") if line]
    assert "— 1 —" in lines
    assert "— 2 —" in pdf[1].get_textpage().get_text_bounded()
    whole = [line for line in lines if not re.search(r"[0-9]", line)]
    assert max(map(len, whole)) == 28, "characters a line, as GB/T 9704 wants"
    assert 19 <= len(lines) <= 22, "lines a page, the title taking three"
    text = text_of(pdf)
    for finding in report.findings:
        assert finding.message[:12] in text
    assert "修改前" in text
    assert "逐句依据" not in text
    page.locator("#proof").check()
    assert "逐句依据" in text_of(pdf_of(page))


def test_without_scripts_all_is_there(visit: Any, made: dict[str, Made]) -> None:
    page = visit("faults", java_script_enabled=False).page
    assert page.locator("article a.s").count() > 50
    assert page.locator(".finding:visible").count() == len(made["faults"].report.findings)
    assert page.locator(".tools:visible, .filter:visible").count() == 0
    page.locator("article .q", has_text="512家次").first.click()
    target = page.locator(":target")
    assert target.get_attribute("class") == "entry"
    assert target.is_visible()
    assert "检查生产经营单位512家次" in target.inner_text()


def test_nothing_hostile_runs_or_gets_lost(visit: Any, made: dict[str, Made]) -> None:
    tab = visit("hostile")
    page, report = tab.page, made["hostile"].report
    assert page.evaluate("window.ran") is None
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, embed, form").count() == 0
    for number, fact in enumerate(report.ledger.facts):
        assert page.locator(f"#fact-{number} .words").text_content() == bare(marked(fact.text))
    for sentence in page.locator("article a.s").all():
        sentence.dispatch_event("click")
    assert page.evaluate("window.ran") is None
    assert "U+202E" in page.locator("article").inner_text()
    assert "{{7*7}}" in page.locator("article").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('.odd')).borderStyle") == "dashed"


def test_the_policy_stops_what_is_put_into_the_page(
    visit: Any, made: dict[str, Made], tmp_path: Path
) -> None:
    added = (
        "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
        "<script src='http://127.0.0.1:9/x.js'></script><link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
        "<iframe src='http://127.0.0.1:9/'></iframe>"
    )
    text = page_of(made["clean"].report)
    path = tmp_path / "tampered.html"
    path.write_text(text.replace("<main>", added + "<main>"), "utf-8")
    tab = visit("", path=path)
    assert tab.page.evaluate("window.ran") is None
    assert len(tab.said) >= 4, "the browser says what it refused"
    assert all("Content Security Policy" in said for said in tab.said)
    tab.said.clear()
    tab.asked[:] = tab.asked[:1]  # requests that the policy refused are counted by the driver; none left
    tab.page.locator("article .q").first.click()
    assert tab.page.locator("#panel").is_visible(), "its own script still runs"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("name", ["faults", "hostile", "clean"])
def test_axe_finds_no_fault(visit: Any, name: str, size: tuple[int, int], scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(name, size, color_scheme=scheme, reduced_motion="reduce").page
    axe = Axe()
    for opened in (False, True):
        if opened:
            page.locator("article .q").nth(3).click()
            page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()


def test_words_can_be_selected_and_copied_without_the_marks(visit: Any) -> None:
    page = visit("faults").page
    number = page.locator("article .q.wrong", has_text="397处")
    number.scroll_into_view_if_needed()
    box = number.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] - 60, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 60, middle, steps=5)
    page.mouse.up()
    selected = page.evaluate("getSelection().toString()")
    assert "397处" in selected
    assert "误" not in selected
    assert page.locator("#panel").is_hidden(), "selecting is no asking"


def test_motion_and_colours_follow_the_system(visit: Any) -> None:
    still = visit("clean", reduced_motion="reduce", color_scheme="dark").page
    moving = visit("clean", reduced_motion="no-preference", color_scheme="light").page
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert (still.evaluate(behaviour), moving.evaluate(behaviour)) == ("auto", "smooth")
    ground = "getComputedStyle(document.querySelector('.paper')).backgroundColor"
    assert still.evaluate(ground) != moving.evaluate(ground)


def test_a_long_report_is_made_and_shown_in_no_time(visit: Any, made: dict[str, Made]) -> None:
    report = made["long"].report
    assert len(report.ledger.facts) == 200
    assert len(report.text) >= 20_000
    took = []
    for _ in range(3):
        begun = time.process_time()
        page_of(report)
        took.append(time.process_time() - begun)
    assert min(took) < 0.7, "the promise of the issue, not a benchmark"
    page = visit("long").page
    loaded = page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")
    assert loaded < 3_000
    begun = page.evaluate(
        """() => { const all = document.querySelectorAll("article .q"), begun = performance.now();
        for (let each = 0; each < 20; each++) all[each * 30].click();
        return (performance.now() - begun) / 20; }"""
    )
    assert begun < 150, "milliseconds for a click"
    print(
        f"page {min(took):.2f} s, {made['long'].path.stat().st_size / 1e3:.0f} kB, load {loaded} ms, click {begun:.0f} ms"
    )
