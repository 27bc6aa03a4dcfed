"""Whether time grows with the length of a text only, also for texts made to be slow.

    python -m benchmarks.growth [--keep]

Each function reads a short and a ten times longer run of the same pattern; the table gives the worst ratio of processor
times over all patterns. Linear work gives about 10; a ratio near 100 means that the work grows with the square.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from benchmarks.results import keep
from benchmarks.rows import Row, markdown
from drafter.checks import run
from drafter.corpus import documents_of, find_names, mask, split
from drafter.facts import parse_facts
from drafter.plugins import Check, CheckContext, load_registry
from drafter.quantities import find

PATTERNS = [
    "1",
    "一",
    "1.",
    "1-",
    "一、",
    "（一）",
    "一是",
    "《1",
    "“一",
    "3至",
    "三分之",
    "1百",
    "1,",
    "a1",
    "1+",
]
PATTERNS += [
    "镇",
    "村",
    "王",
    "“",
    "《",
    "某",
    "书记",
    "x",
    "*",
    "〔",
    "全镇各村",
    "李明、",
    "的",
    "第",
    "(",
    "<p ",
    "\n",
    "**a",
    "：",
    "巡。",
    "1\n",
    "— 1 —\n",
    "首页 ",
    "来源：",
    "相关文章\n",
    "附件：\n",
    "首先，",
    "对折",
    "打对折",
    "第一",
    "一中",
    "三江",
    "、十五",
    "初一、",
    "一次、",
    "年一遇",
    "五起，一起",
    "(2024)",
    "* ",
    "**",
    "_",
    " ",
    "…",
    "【待",
    "{",
    "[",
    "X月",
    "2",
    "2024年",
    "共  ",
    "×a",
    "xa",
    "**甲**",
    "*甲*",
    "加强",
    "，",
    "- ",
    "#",
    "| a |\n",
    "<",
    "```",
    "[a](",
    "希望以上",
    "如有",
    "（",
    "注：",
    "好的，",
    "（约",
    "\\n",
    "如您",
    "请写一段话",
    "&",
    "甲乙丙丁。",
    "加强，",
    "根据您",
    "|",
    "|-",
    "建成电动自行车充电棚14处，充电口420个，",
    "共12次",
    "1次",
    "5%",
    "3/",
    "达5",
    "防汛",
    "今年",
    "12:",
    "*x",
    "排查山塘28座，整改隐患9处。",
]


def read(text: str) -> None:
    """Documents and passages of a text."""
    for document in documents_of(text, "a.txt"):
        split(document)


SHORT, LONG = 1_500, 15_000
LEAST = 0.002
"""Seconds that any short text is taken to cost: of less the clock tells little."""
DOUBTFUL = 15
"""A ratio from which on it is measured again, for something else may have come between."""


def seconds(function: Callable[[str], object], text: str, times: int) -> float:
    """The best of so many times, each with a text of its own: some of what is read is kept."""
    best = float("inf")
    for turn in range(times):
        given = text + "。" * (times + turn)
        begun = time.process_time()
        function(given)
        best = min(best, time.process_time() - begun)
    return best


def growth(function: Callable[[str], object], pattern: str) -> tuple[float, float]:
    """The ratio of times, and characters a second in the longer text."""
    short, long = pattern * (SHORT // len(pattern)), pattern * (LONG // len(pattern))
    for times in (1, 3):
        taken = seconds(function, long, times)
        ratio = taken / max(seconds(function, short, times), LEAST)
        if ratio < DOUBTFUL:
            break
    return ratio, len(long) / taken


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    given = parser.parse_args()
    ledger = parse_facts(
        {
            "organization": "云溪镇",
            "period": "2024年",
            "theme": "综合工作",
            "facts": [{"id": "a", "text": "排查隐患28处"}, {"id": "b", "text": "清理河道6.5公里，增长12%"}],
        }
    )
    context = CheckContext(ledger, expected=ledger.facts)

    def checked(check: Check) -> Callable[[str], object]:
        return lambda text: run(text, context, [check])

    functions: dict[str, Callable[[str], object]] = {
        "quantities.find": find,
        "corpus.find_names": find_names,
        "corpus.mask": mask,
        "corpus: clean and split": read,
        **{
            f"check {name}": checked(check)
            for name, check in load_registry(entry_points=False).checks.items()
        },
    }
    rows = []
    for name, function in functions.items():
        function(" ".join(PATTERNS))  # what is read once and kept is no part of it
        (worst, speed), pattern = max((growth(function, pattern), pattern) for pattern in PATTERNS)
        note = f"the pattern {pattern!r}, {speed:,.0f} characters a second there"
        rows.append(
            Row(
                name,
                f"worst of {len(PATTERNS)} patterns",
                None,
                f"{worst:.1f}",
                target=f"≤ {DOUBTFUL}",
                note=note,
            )
        )
        print(f"{name}: {rows[-1].ours} ({note})", file=sys.stderr, flush=True)
    print(markdown(rows))
    if given.keep:
        keep(
            "growth",
            "Processor time of a text ten times as long, over the short one's",
            rows,
            command="python -m benchmarks.growth",
        )


if __name__ == "__main__":
    main()
