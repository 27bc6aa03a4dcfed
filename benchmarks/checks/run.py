"""What the checks find, what they find wrongly, and how fast they are; one table against the targets.

    make bench-checks
    python -m benchmarks.checks.run [--only leakage,coverage,clean,speed] [--part open|kept] [--show] [--shared ../shared]

Prints markdown and writes the figures to build/bench-checks.json; --keep leaves the rows for RESULTS.md. --show lists what is wrong in the open part;
the kept part is for measuring, and whoever reads its cases (--show-kept) shall not tune the checks afterwards.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.checks import clean, speed
from benchmarks.checks.cases import BESIDE, KINDS, PARTS, VERDICTS
from benchmarks.checks.generate import cases
from benchmarks.checks.score import JUDGES, Score, runs, score, threshold
from benchmarks.intervals import share
from benchmarks.results import keep as keep_rows
from benchmarks.rows import Row
from benchmarks.table import markdown

ROOT = Path(__file__).resolve().parents[2]
NOT_THERE = "not there"


def _against(text: str, value: float, target: float | None, upwards: bool = True) -> str:
    if target is None:
        return text
    met = value >= target if upwards else value <= target
    sign = "≥" if upwards else "≤"
    told = f"{target:g}".removeprefix("0")
    return f"{text} ({sign} {told}{'' if met else ', missed'})"


def summary(scores: dict[tuple[str, str], Score | None]) -> str:
    """The table of recall and precision."""
    rows = []
    for (kind, part), one in scores.items():
        judge = JUDGES[kind]
        if one is None:
            rows.append([kind, part, "–", NOT_THERE, NOT_THERE, ""])
            continue
        notes = [f"{count} under {code}: {NOT_THERE}" for code, count in one.absent.items()]
        if one.edited[1]:
            notes.append(
                f"altered copies without a run of {threshold()}: {one.edited[0]} of {one.edited[1]} found"
            )
        if one.verdicts:
            right = sum(count for (so, told), count in one.verdicts.items() if so == told)
            notes.append(f"right of three: {share(right, sum(one.verdicts.values()))}")
        found, said = one.found / (one.faults or 1), one.found + one.false
        rows.append(
            [
                kind,
                part,
                f"{one.cases}, {one.faults}",
                _against(share(one.found, one.faults), found, judge.recall) if one.faults else NOT_THERE,
                _against(share(one.found, said), one.found / (said or 1), judge.precision) if said else "–",
                "; ".join(notes),
            ]
        )
    return markdown(["kind", "part", "cases, faults", "recall", "precision", "note"], rows)


def _target(sign: str, value: float | None) -> str:
    return "" if value is None else f"{sign} {value:g}".replace("0.", ".", 1)


def found_rows(scores: dict[tuple[str, str], Score | None]) -> list[Row]:
    """Recall and precision as rows for RESULTS.md."""
    rows = []
    for (kind, part), one in scores.items():
        if one is None:
            continue
        judge, said = JUDGES[kind], one.found + one.false
        rows += [
            Row(
                f"{kind}: recall",
                part,
                one.faults,
                share(one.found, one.faults),
                target=_target("≥", judge.recall),
            ),
            Row(
                f"{kind}: precision", part, said, share(one.found, said), target=_target("≥", judge.precision)
            ),
        ]
    return rows


def alarm_rows(found: list[dict[str, Any]]) -> list[Row]:
    """False alarms on clean text as rows for RESULTS.md."""
    rows = []
    for row in found:
        if row["characters"] and row["there"]:
            true = "true blanks" if row["check"] == "placeholder" and "cases" in row["text"] else ""
            true = "not clean" if "all passages" in row["text"] else true
            target = JUDGES[row["check"]].alarms if row["check"] in JUDGES and not true else None
            codes = ", ".join(f"{code} {count}" for code, count in row["codes"].items())
            rate = 10_000 * row["findings"] / row["characters"]
            rows.append(
                Row(
                    f"alarms in 10,000 characters: {row['check']}",
                    row["text"],
                    row["characters"],
                    f"{rate:.2f}",
                    target=_target("≤", target),
                    note="; ".join(filter(None, (true, codes))),
                )
            )
    return rows


def speed_rows(told: dict[str, Any]) -> list[Row]:
    """Times as rows for RESULTS.md."""
    size = f"{speed.LENGTH:,} characters, {speed.FACTS} facts, {told['passages']:,} passages"
    named = [
        ("all checks, cold, no figure a fact's", told["cold"], speed.TARGET),
        ("all checks, warm, no figure a fact's", told["warm"], speed.TARGET),
        ("all checks, warm, telling the facts", told["told"], speed.TARGET),
        *((f"{name} alone, warm", times, None) for name, times in told["alone"].items()),
    ]
    return [
        Row(
            name,
            size,
            None,
            f"{times['p50']:.1f} ms",
            target=f"≤ {target:g} ms" if target else "",
            note=f"p95 {times['p95']:.1f} ms, processor {times['processor']:.1f} ms",
        )
        for name, times, target in named
    ] + [
        Row(f"{name} before the first check", size, None, f"{told[name]:.0f} ms")
        for name in ("imports", "opening")
    ]


def verdicts(one: Score) -> str:
    """What is so against what the check says."""
    rows = [[so, *(str(one.verdicts[so, told]) for told in VERDICTS)] for so in VERDICTS]
    return markdown(["is", *(f"taken for {told}" for told in VERDICTS)], rows)


def shapes(one: Score) -> str:
    """What is found of each shape."""
    rows = [
        [name, f"{found} of {faults}" if faults else "–", str(false), str(count)]
        for name, (found, faults, false, count) in sorted(one.shapes.items())
    ]
    return markdown(["shape", "found", "false alarms", "cases"], rows)


def alarms(rows: list[dict[str, Any]]) -> str:
    """The table of false alarms on clean text."""
    told = []
    for row in rows:
        if not row["characters"]:
            told.append([row["text"], row["check"], "–", "the text is not there", ""])
            continue
        if not row["there"]:
            told.append([row["text"], row["check"], f"{row['characters']:,}", NOT_THERE, ""])
            continue
        rate = 10_000 * row["findings"] / row["characters"]
        target = JUDGES[row["check"]].alarms if row["check"] in JUDGES else None
        soiled = "true blanks" if row["check"] == "placeholder" and "cases" in row["text"] else ""
        soiled = "not clean" if "all passages" in row["text"] else soiled
        text = f"{rate:.2f}" + (f" ({soiled})" if soiled else "")
        codes = ", ".join(f"{code} {count}" for code, count in row["codes"].items())
        told.append(
            [
                row["text"],
                row["check"],
                f"{row['characters']:,}",
                text if soiled else _against(text, rate, target, False),
                codes,
            ]
        )
    return markdown(["clean text", "check", "characters", "alarms in 10,000", "codes"], told)


def speeds(told: dict[str, Any]) -> str:
    """The table of times."""

    def row(name: str, times: dict[str, float], target: float | None = None) -> list[str]:
        middle = _against(f"{times['p50']:.1f}", times["p50"], target, False)
        return [name, middle, f"{times['p95']:.1f}", f"{times['processor']:.1f}"]

    size = f"{speed.LENGTH:,} characters, {speed.FACTS} facts, {told['passages']:,} passages"
    rows = [
        row(f"all checks, {size}, {name}", told[key], speed.TARGET)
        for key, name in (
            ("cold", "cold, no figure a fact's"),
            ("warm", "warm, no figure a fact's"),
            ("told", "warm, telling the facts"),
        )
    ]
    rows += [row(f"{name} alone, warm", times) for name, times in told["alone"].items()]
    rows += [[name, f"{told[name]:.0f}", "", ""] for name in ("imports", "opening")]
    table = markdown(["what", "median, ms", "p95, ms", "median of processor time, ms"], rows)
    return f"Load average {told['load']}.\n\n{table}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    everything = (*KINDS, *BESIDE, "clean", "speed")
    parser.add_argument(
        "--only", default=",".join(everything), help="kinds, clean and speed, divided by commas"
    )
    parser.add_argument("--part", choices=PARTS, help="one part alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="folder with cases/ and data/"
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build", help="folder for the figures")
    parser.add_argument("--show", action="store_true", help="list what is wrong in the open part")
    parser.add_argument(
        "--show-kept", action="store_true", help="the same for the kept part: no tuning after that"
    )
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := set(chosen) - set(everything):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    parts = (options.part,) if options.part else PARTS

    options.build.mkdir(parents=True, exist_ok=True)
    figures = options.build / "bench-checks.json"
    kept: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {}

    def keep(name: str, data: Any) -> None:
        kept[name] = data
        figures.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    scores: dict[tuple[str, str], Score | None] = {}
    for kind in (kind for kind in (*KINDS, *BESIDE) if kind in chosen):
        for part in parts:
            one = score(kind, cases(kind, part, options.seed)) if runs(kind) else None
            scores[kind, part] = one
            keep(
                f"{kind}/{part}",
                one and {"cases": one.cases, "faults": one.faults, "found": one.found, "false": one.false},
            )
    if scores:
        print(
            f"## What is found\n\nCopies count from {threshold()} Han characters on. Shares with Wilson's 95% interval.\n"
        )
        print(summary(scores), flush=True)
        if options.keep:
            keep_rows(
                "checks-found",
                "Checks: what they find, and find wrongly",
                found_rows(scores),
                command=f"python -m benchmarks.checks.run --only {','.join(dict.fromkeys(kind for kind, _ in scores))}",
                seeds=str(options.seed),
            )
    for (kind, part), one in scores.items():
        if one is None:
            continue
        if one.verdicts:
            print(f"\n### {kind}, {part}\n\n{verdicts(one)}")
        if options.show if part == "open" else options.show_kept:
            print(f"\n### {kind}, {part}, by shape\n\n{shapes(one)}\n")
            print("\n".join(f"- {line}" for line in one.wrong), flush=True)
    if "clean" in chosen:
        rows = clean.alarms(options.shared, options.show)
        keep("clean", rows)
        print(f"\n## False alarms on clean text\n\n{alarms(rows)}", flush=True)
        if options.keep:
            keep_rows(
                "checks-clean",
                "Checks: false alarms on clean text",
                alarm_rows(rows),
                command="python -m benchmarks.checks.run --only clean",
            )
        if options.show:
            for row in rows:
                for code, said in row["examples"].items():
                    print("\n".join(f"- {row['text']}, {code}: {line}" for line in said))
    if "speed" in chosen:
        told = speed.run(options.build)
        keep("speed", told)
        print(f"\n## Speed\n\n{speeds(told)}")
        if options.keep:
            keep_rows(
                "checks-speed",
                "Checks: speed",
                speed_rows(told),
                command="python -m benchmarks.checks.run --only speed",
                seeds="speed/0 to speed/24 (texts), 21 (past reports and ledger)",
            )


if __name__ == "__main__":
    main()
