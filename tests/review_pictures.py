"""Makes the pictures of docs/review.md anew: python -m tests.review_pictures (Chromium; pip install -e '.[browser]')."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from drafter import Settings, draft
from tests.browser import chromium
from tests.conftest import EXAMPLES
from tests.review_reports import careless

DOCS = Path(__file__).resolve().parent.parent / "docs"


def keep(name: str, picture: Image.Image) -> None:
    """A small file: a page has few colours, of which the octree keeps also the rare ones."""
    path = DOCS / f"{name}.png"
    picture.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(path.name, path.stat().st_size // 1000, "kB")


def picture_of(page: Any) -> Image.Image:
    page.wait_for_timeout(800)  # smooth scrolling
    return Image.open(io.BytesIO(page.screenshot()))


def main() -> None:
    offline = Settings(offline=True)
    with tempfile.TemporaryDirectory() as folder:
        clean, faults = Path(folder, "clean.html"), Path(folder, "faults.html")
        report = draft(EXAMPLES / "facts/yunxi-safety.json", corpus=EXAMPLES / "corpus", settings=offline)
        report.save(clean)
        careless().save(faults)
        with chromium() as browser:

            def opened(path: Path, size: tuple[int, int], **options: Any) -> Any:
                width, height = size
                context = browser.new_context(viewport={"width": width, "height": height}, **options)
                page = context.new_page()
                page.goto(path.as_uri())
                return page

            page = opened(clean, (1280, 860))
            page.locator("article .q", has_text="14个").first.click()
            keep("review-desktop", picture_of(page))
            page = opened(faults, (1280, 860))
            page.locator("article .q.wrong", has_text="397处").click()
            page.locator("article .q.wrong", has_text="397处").evaluate(
                "e => e.scrollIntoView({block: 'center'})"
            )
            keep("review-faults", picture_of(page))
            page = opened(faults, (1280, 860), color_scheme="dark")
            page.locator("article .q.derived").first.click()
            page.locator("article .q.derived").first.evaluate("e => e.scrollIntoView({block: 'center'})")
            keep("review-dark", picture_of(page))
            page = opened(faults, (320, 640), device_scale_factor=2, is_mobile=True, has_touch=True)
            page.locator("article .q.wrong", has_text="397处").tap()
            keep("review-phone", picture_of(page))
            printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
        sheets = [printed[place].render(scale=1).to_pil() for place in (0, 2, 4)]
        wide = Image.new("RGB", (sum(each.width + 16 for each in sheets) - 16, sheets[0].height), "#888")
        for place, sheet in enumerate(sheets):
            wide.paste(sheet, (place * (sheet.width + 16), 0))
        keep("review-print", wide)


if __name__ == "__main__":
    main()
