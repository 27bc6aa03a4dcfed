"""Maximal numeral runs of the sample texts, and unlabelled rows for labelling each run by hand.

A run is a stretch of digits (half or full width) and Chinese numeral characters; a decimal point or a
thousands comma between digits belongs to it. Stands alone on purpose: imports nothing of the project.
"""

import json
import re
import sys
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
WIDTH = 12

DIGIT = "0-9０-９"
NUMERAL = DIGIT + "零〇一二三四五六七八九十百千万亿两半廿壹贰叁肆伍陆柒捌玖拾佰仟"
POINT = rf"(?<=[{DIGIT}])[.．](?=[{DIGIT}])"
# a thousands comma stands before exactly three digits; a full-width one only among full-width digits
COMMA = rf"(?<=[{DIGIT}]),(?=[{DIGIT}]{{3}}(?![{DIGIT}]))|(?<=[０-９])，(?=[０-９]{{3}}(?![{DIGIT}]))"
RUN = re.compile(rf"[{NUMERAL}](?:[{NUMERAL}]|{POINT}|{COMMA})*")


def runs(text: str) -> list[tuple[int, int]]:
    """Start and end of every maximal numeral run of the text, in order."""
    return [match.span() for match in RUN.finditer(text)]


def rows(text: str) -> list[dict[str, int | str]]:
    """One unlabelled row for each run: its place, its characters, and those around it."""
    return [
        {
            "start": start,
            "end": end,
            "text": text[start:end],
            "context": text[max(0, start - WIDTH) : end + WIDTH],
        }
        for start, end in runs(text)
    ]


def main() -> None:
    """Write the unlabelled rows of every text into the folder named on the command line, and print how many each has."""
    if len(sys.argv) != 2:
        sys.exit("usage: runs.py FOLDER")
    todo = Path(sys.argv[1])
    todo.mkdir(parents=True, exist_ok=True)
    total = 0
    for path in sorted(TEXTS.glob("*.md")):
        found = rows(path.read_text(encoding="utf-8"))
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in found]
        (todo / f"{path.stem}.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{path.stem}\t{len(found)}")
        total += len(found)
    print(f"total\t{total}")


if __name__ == "__main__":
    main()
