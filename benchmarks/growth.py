"""Whether time grows with the length of a text only, also for texts made to be slow.

    python benchmarks/growth.py

Each function reads a short and a ten times longer run of the same pattern; the table gives the worst ratio of times
over all patterns. Linear work gives about 10; a ratio near 100 means that the work grows with the square.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from drafter.corpus import documents_of, find_names, mask, split
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
]


def read(text: str) -> None:
    """Documents and passages of a text."""
    for document in documents_of(text, "a.txt"):
        split(document)


def seconds(function: Callable[[str], object], text: str) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        function(text)
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    """Print the table."""
    functions: dict[str, Callable[[str], object]] = {
        "quantities.find": find,
        "corpus.find_names": find_names,
        "corpus.mask": mask,
        "corpus: clean and split": read,
    }
    print("| function | worst ratio at ten times the length | pattern | characters a second there |")
    print("|---|---|---|---|")
    for name, function in functions.items():
        worst = (0.0, "", 0.0)
        for pattern in PATTERNS:
            short, long = pattern * (4_000 // len(pattern)), pattern * (40_000 // len(pattern))
            taken = seconds(function, long)
            worst = max(worst, (taken / max(seconds(function, short), 1e-4), pattern, len(long) / taken))
        print(f"| {name} | {worst[0]:.1f} | {worst[1]!r} | {worst[2]:,.0f} |")


if __name__ == "__main__":
    main()
