"""What drafter flagged in each kept run, and whether a person who read it says that the flag is right.

    python -m benchmarks.quality.flags          # prints the findings (errors and warnings) that nobody has judged yet

A judgement is a line of labels/flags.jsonl: {"run": ..., "flag": ..., "true": true, "why": "..."}; `run` and `flag` are the
keys that this prints, so that a judgement never slips to another run or finding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from benchmarks.quality.cases import HERE
from benchmarks.quality.run import RUNS, kept, key

JUDGED = HERE / "labels" / "flags.jsonl"


def run_key(row: dict[str, Any]) -> str:
    """Names a run and its very text: another draft under the same name has other flags."""
    digest = hashlib.sha256(row["text"].encode()).hexdigest()[:8]
    return "/".join([*map(str, key(row)), digest])


def flag_key(finding: dict[str, Any]) -> str:
    where = finding["start"] if finding["start"] is not None else "-"
    about = finding["text"] or ",".join(each.get("fact", "") for each in finding["evidence"])
    return f"{finding['code']}@{where}:{about[:24]}"


def flags(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The findings that a person must look at."""
    return (each for each in row.get("findings", ()) if each["severity"] in ("error", "warning"))


def judged() -> dict[tuple[str, str], bool]:
    """Whether a flag is right, by run and flag."""
    if not JUDGED.is_file():
        return {}
    rows = map(json.loads, JUDGED.read_text("utf-8").splitlines())
    return {(row["run"], row["flag"]): row["true"] for row in rows}


def main() -> None:
    known = judged()
    for row in kept(RUNS):
        for finding in flags(row):
            if (run_key(row), flag_key(finding)) in known:
                continue
            start = finding["start"]
            around = row["text"][max(0, start - 60) : finding["end"] + 60] if start is not None else ""
            print(
                json.dumps(
                    {
                        "run": run_key(row),
                        "flag": flag_key(finding),
                        "message": finding["message"],
                        "around": around,
                    },
                    ensure_ascii=False,
                )
            )


if __name__ == "__main__":
    main()
