"""How much of a report each extractor loses from a web page, and how much of the page it keeps beside it.

    python -m benchmarks.pages [FOLDER] [--keep]

The pages and what a person took from them stand in tests/pages (NAME.html and NAME.txt); another folder of such pairs can
be given. Other tools take part where they are installed: trafilatura, readability-lxml. All go through the same cleaning.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.results import keep
from benchmarks.rows import Row
from drafter.corpus import clean
from drafter.corpus.readers.article import article_of
from drafter.corpus.readers.word import without_rows

PAGES = Path(__file__).resolve().parent.parent / "tests" / "pages"


def ours(page: str) -> str:
    return clean(without_rows(article_of(page)))


def every_line(page: str) -> str:
    """Every block of the page as a line, then our cleaning alone."""
    from lxml import etree, html

    root = html.document_fromstring(page)
    etree.strip_elements(
        root, "script", "style", "noscript", "template", "head", etree.Comment, with_tail=False
    )
    for element in list(root.iter("p", "div", "br", "li", "tr", "h1", "h2", "h3", "td")):
        element.tail = "\n" + (element.tail or "")
    return clean(str(root.text_content()))


def trafilatura(page: str) -> str:
    import trafilatura as peer  # type: ignore[import-not-found]

    text = peer.extract(page, favor_recall=True, include_tables=False, include_comments=False) or ""
    title = (peer.extract_metadata(page).title or "") if text else ""
    return clean(text if title in text else f"{title}\n{text}")


def readability(page: str) -> str:
    from readability import Document  # type: ignore[import-not-found]

    document = Document(page)
    return clean(document.short_title() + "\n" + every_line(document.summary()))


def measure(wanted: str, got: str) -> tuple[int, int]:
    """Characters of the report that are lost, and characters kept that are none of it."""
    wanted, got = "".join(wanted.split()), "".join(got.split())
    same = sum(
        block.size
        for block in difflib.SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    )
    return len(wanted) - same, len(got) - same


def main(folder: Path, keeping: bool) -> None:
    tools: dict[str, Callable[[str], str]] = {"drafter": ours, "every line": every_line}
    for name, tool in (("trafilatura", trafilatura), ("readability-lxml", readability)):
        try:
            tool("<p>试</p>")
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
        except Exception:  # noqa: BLE001 - it has no liking for so short a page
            tools[name] = tool
        else:
            tools[name] = tool
    print("| page | characters | " + " | ".join(f"{name}: lost, kept" for name in tools) + " |")
    print("|---|---|" + "---|" * len(tools))
    sums = {name: [0, 0] for name in tools}
    size = 0
    for path in sorted(folder.glob("*.html")):
        wanted = path.with_suffix(".txt").read_text("utf-8")
        page = path.read_text("utf-8")
        cells = []
        for name, tool in tools.items():
            lost, kept = measure(wanted, tool(page))
            sums[name] = [sums[name][0] + lost, sums[name][1] + kept]
            cells.append(f"{lost}, {kept}")
        size += len("".join(wanted.split()))
        print(f"| {path.stem} | {len(''.join(wanted.split()))} | " + " | ".join(cells) + " |")
    print(f"| all | {size} | " + " | ".join(f"{lost}, {kept}" for lost, kept in sums.values()) + " |")
    if keeping:
        rows = [
            Row(
                measured,
                "saved web pages, all",
                size,
                str(sums["drafter"][at]),
                {name: str(sums[name][at]) for name in tools if name != "drafter"},
                better="less",
            )
            for at, measured in enumerate(("characters of the report lost", "other characters kept"))
        ]
        keep(
            "pages",
            "Past reports: web pages",
            rows,
            command="python -m benchmarks.pages",
            packages=("lxml", "trafilatura", "readability-lxml"),
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    given = parser.parse_args()
    main(given.folder, given.keep)
