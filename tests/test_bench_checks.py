"""The cases of the checks benchmark are what they claim to be, and their makers know nothing of drafter."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from benchmarks.checks import cases as model
from benchmarks.checks import copies, frames, generate, reports, score, sentences
from benchmarks.checks.cases import BESIDE, KINDS, PARTS, VERDICTS, Mark, World, ledger
from drafter.facts import parse_facts

ROOT = Path(__file__).resolve().parents[1]
SCORING = {"score", "clean", "speed", "run"}
"""The modules that may know drafter."""


@cache
def made(kind: str, part: str) -> list[model.Case]:
    return generate.cases(kind, part)


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            pytest.fail(f"{path} imports by name")
    return found


def test_what_makes_cases_imports_nothing_of_drafter_and_nothing_that_does():
    todo = [path for path in sorted((ROOT / "benchmarks/checks").glob("*.py")) if path.stem not in SCORING]
    seen: set[Path] = set()
    while todo:
        path = todo.pop()
        seen.add(path)
        for name in imported(path):
            assert name.split(".")[0] != "drafter", path
            inside = ROOT / (name.replace(".", "/") + ".py")
            if name.startswith("benchmarks.") and inside.is_file():
                assert inside.parent.name != "checks" or inside.stem not in SCORING
                if inside not in seen:
                    todo.append(inside)
    assert {path.stem for path in seen} > {"cases", "copies", "leaks", "generate", "reports", "drafts"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_two_hundred_cases_and_innocent_ones_among_them(kind):
    both = [case for part in PARTS for case in made(kind, part)]
    assert sum(max(1, len(case.verdicts)) for case in both) >= 200
    for part in PARTS:
        told = made(kind, part)
        assert {case.origin for case in told} == {"generated", "hand"}
        if kind == "coverage":
            assert {verdict for case in told for verdict in case.verdicts.values()} == set(VERDICTS)
        else:
            assert sum(not case.marks for case in told) >= len(told) / 5
            assert sum(bool(case.marks) for case in told) >= len(told) / 5


@pytest.mark.parametrize("kind", BESIDE)
def test_a_set_by_hand_has_rightful_cases_in_both_halves(kind):
    for part in PARTS:
        faulty = sum(bool(case.marks) for case in made(kind, part))
        assert faulty >= 18
        assert len(made(kind, part)) - faulty >= 25


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", [*KINDS, *BESIDE])
def test_marks_point_into_their_texts_and_ledgers_are_facts_files(kind, part):
    for case in made(kind, part):
        assert case.kind == kind
        assert case.part == part
        assert not re.search("[⟪⟫⏎]", case.text)
        assert parse_facts(dict(case.world.ledger)).facts
        for mark in case.marks:
            assert mark.codes
            for start, end in mark.spans:
                assert 0 <= start < end <= len(case.text)
                assert case.text[start:end].strip()
        known = {fact["id"] for fact in case.world.ledger["facts"] if isinstance(fact, dict)}
        assert set(case.verdicts) <= known
        assert set(case.verdicts.values()) <= set(VERDICTS)


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_gives_one_output(kind):
    maker = generate.GENERATORS[kind]
    first = [case for case in made(kind, "open") if case.origin == "generated"]
    assert maker("open", 1) == first
    assert maker("open", 2) != first


def test_what_leaked_is_a_past_reports_and_not_the_ledgers():
    for part in PARTS:
        for case in [*made("leakage", part), *made("names", part)]:
            facts = [fact if isinstance(fact, str) else fact["text"] for fact in case.world.ledger["facts"]]
            own = "\n".join(
                [*facts, *(case.world.ledger[name] for name in ("organization", "period", "theme"))]
            )
            past = "\n".join(text for _, text in case.world.past)
            for mark in case.marks:
                ((start, end),) = mark.spans
                said = case.text[start:end]
                assert said in past, said
                assert not re.search(rf"(?<![\d.]){re.escape(said)}(?![\d.])", own), said


@pytest.mark.parametrize("part", PARTS)
def test_lengths_of_copies_are_counted(part):
    for case in made("copying", part):
        for mark in case.marks:
            ((start, end),) = mark.spans
            assert mark.run == copies.longest(case.text[start:end], case.world)
            assert mark.edited or mark.run == len(reports.han(case.text[start:end]))
        if not case.marks:
            assert copies.longest(case.text, case.world) <= 20
    runs = {mark.run for case in made("copying", part) for mark in case.marks if not mark.edited}
    assert min(runs) <= 10
    assert max(runs) == 200


def test_a_run_counts_when_one_report_alone_has_it():
    past = (("a", "山路弯弯水田漠漠，炊烟起处是人家"), ("b", "炊烟起处是人家"))
    world = World(ledger(facts=["水田漠漠"]), past)
    assert copies.longest("远望山路弯弯。水田漠漠", world) == 8
    assert copies.longest("炊烟起处是人家", world) == 0
    assert copies.longest("水田漠漠", world) == 0


@pytest.mark.parametrize("kind", [*KINDS, *BESIDE])
def test_open_and_kept_share_no_case_and_no_template(kind):
    texts = [{case.text for case in made(kind, part)} for part in PARTS]
    assert not texts[0] & texts[1]


def strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {string for one in inside for string in strings(one)}


def test_open_and_kept_share_no_frame():
    both = []
    for part in PARTS:
        words = json.loads((model.HERE / part / "frames.json").read_text(encoding="utf-8"))
        both.append({string for string in strings(words) if len(reports.han(string)) >= 5})
    named_by_law = {"习近平", "党的", "全国", "扫黑除恶"}
    shared = {string for string in both[0] & both[1] if not any(word in string for word in named_by_law)}
    assert not shared


def test_made_up_identities_and_cards_have_right_check_digits():
    rng = frames.chance("personal", "open", 1)
    number = sentences.identity("350999", rng)
    assert re.fullmatch(r"\d{17}[\dX]", number)
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    assert (total + (10 if number[17] == "X" else int(number[17]))) % 11 == 1
    assert sentences.luhn("7992739871") == "3"


def test_faults_and_false_alarms_are_counted():
    text = "开展督查xx次，整改58处，走访**户。"
    world = World(ledger())
    found = Mark(((4, 6),), ("placeholder.",))
    unknown = Mark(((16, 18),), ("no.such",))
    total = score.score(
        "placeholder", [model.Case("placeholder", "open", "hand", "x", text, world, (found, unknown))]
    )
    assert (total.found, total.faults, total.false) == (1, 1, 0)
    assert total.absent == {"no.such": 1}
    bare = score.score("placeholder", [model.Case("placeholder", "open", "hand", "x", text, world)] * 2)
    assert (bare.found, bare.faults, bare.false) == (0, 0, 2)


def test_a_short_copy_is_wrong_to_find_and_an_altered_one_is_neither():
    piece = "老支书敲锣领头妇女扛着扫帚青年开着三轮车从村头扫到村尾再把红旗挂到最干净的人家门口"
    world = World(ledger(), (("旧报告", f"旧报告\n一、主要做法\n{piece}。"),))

    told = []
    for shape, run, edited in (("long", len(piece), False), ("short", 5, False), ("altered", 5, True)):
        mark = Mark(((0, len(piece)),), ("leakage.copied",), run, edited)
        told.append(model.Case("copying", "open", "hand", shape, f"{piece}。", world, (mark,)))
    total = score.score("copying", told)
    assert total.shapes == {"long": [1, 1, 0, 1], "short": [0, 0, 1, 1], "altered": [0, 0, 0, 1]}
    assert total.edited == [1, 1]


def test_verdicts_on_facts_are_counted_three_ways():
    facts = [
        {"id": "a", "text": "改造户厕216户"},
        {"id": "b", "text": "印发宣传册3600册，张贴标语36条"},
        {"id": "c", "text": "修缮校舍4处"},
    ]
    text = "完成户厕改造216户。张贴标语36条。"
    so = {"a": "present", "b": "partial", "c": "missing"}
    case = model.Case("coverage", "open", "hand", "x", text, World(ledger(facts=facts)), verdicts=so)
    total = score.score("coverage", [case])
    assert sum(total.verdicts.values()) == 3
    assert (total.faults, total.found, total.false) == (2, 2, 0)
