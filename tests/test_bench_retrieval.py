"""The retrieval benchmark: reports are made by a seed, measures are what they say, passages meet their labels."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.metrics import clustered, paired, percentile, ranked, reciprocal_rank, told
from benchmarks.retrieval import generate, public, task, topics
from benchmarks.retrieval.labels import LABELS, Found, Label, Labelled, Unit, labelled

RAW = "首页>文件\n  一、主要做法。\n（一）抓学习。组织学习，\n三次。（二）管网络。巡查网站。\n二、问题\n网评员少。\n"


def test_one_seed_gives_one_set_of_reports():
    def made(seed: int) -> list[str]:
        draw = random.Random(seed)
        return [generate.report(draw) for _ in range(5)]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert list(generate.queries(random.Random(3), 5)) == list(generate.queries(random.Random(3), 5))


def test_made_reports_have_no_open_slot_and_no_two_are_alike():
    draw = random.Random(4)
    texts = [generate.report(draw) for _ in range(60)]
    assert not any("{" in text or "}" in text for text in texts)
    grams = [{text[at : at + 5] for at in range(len(text) - 4)} for text in texts]
    assert max(len(one & two) / len(one | two) for at, one in enumerate(grams) for two in grams[:at]) < 0.5


def test_made_files_hold_the_passages_that_were_asked_for(tmp_path: Path):
    assert generate.write(tmp_path, 200) == 10
    assert len(list(tmp_path.rglob("*.txt"))) == 10


def test_the_generator_imports_nothing_of_drafter():
    code = "import sys, benchmarks.retrieval.generate; print([name for name in sys.modules if name.startswith('drafter')])"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_rank_counts_from_the_best_right_passage():
    assert reciprocal_rank(["a", "b", "c"], {"a"}) == 1
    assert reciprocal_rank(["a", "b", "c"], {"b", "c"}) == 0.5
    assert reciprocal_rank(["a", "b", "c"], {"d"}) == 0
    assert ranked([1, 0.5, 0, 0.1]) == {"R@1": 0.25, "R@10": 0.75, "MRR@10": pytest.approx(0.4)}


def test_intervals_hold_the_value_and_are_the_same_each_time():
    ours, theirs = [1.0, 1.0, 0.5, 0.0] * 20, [1.0, 0.5, 0.5, 0.5] * 20
    gap, low, high = paired(ours, theirs)
    assert gap == 0
    assert low < gap < high
    assert paired(ours, theirs) == (gap, low, high)
    assert paired(ours, ours) == (0, 0, 0)
    share, low, high = clustered({"one": [(3, 5), (1, 1)], "two": [(4, 4)]})
    assert share == 0.8
    assert (low, high) == (pytest.approx(4 / 6), 1)
    assert told(0.8, 4 / 6, 1) == ".800 [.667, 1.000]"
    assert told(0.001, -0.002, 0.004, sign=True) == "+.001 [-.002, .004]"
    assert [percentile(range(1, 101), at) for at in (50, 99)] == [50, 99]


def marked() -> Labelled:
    """RAW with a label for each sentence."""

    def unit(text: str, kept: bool, role: str, topic: str, report: int = 1) -> Unit:
        start = RAW.index(text)
        return Unit(start, start + len(text), Label(report, kept, role, topic))

    return Labelled.of(
        "raw.txt",
        RAW,
        [
            unit("首页>文件", False, "frame", "general"),
            unit("一、主要做法。", True, "done", "general"),
            unit("（一）抓学习。", True, "done", "study"),
            unit("组织学习，\n三次。", True, "done", "study"),
            unit("（二）管网络。巡查网站。", True, "done", "opinion"),
            unit("二、问题", True, "problem", "general", 2),
            unit("网评员少。", True, "problem", "team", 2),
        ],
    )


@pytest.mark.parametrize(
    ("passage", "role", "topic", "aligned"),
    [
        ("组织学习，三次。", "done", "study", 1),  # the raw text breaks the line
        ("抓学习。组织学习，三次。管网络。", "done", "study", 11 / 12),  # （二） is left out: piece by piece
        ("三次。（二）管网络。巡查网站。二、问题", "done", "opinion", 1),
        ("网评员少。", "problem", "team", 1),
        ("首页>文件", "frame", "", 1),
        ("不在里面。", "", "", 0),
    ],
)
def test_a_passage_is_what_most_of_its_characters_are(passage: str, role: str, topic: str, aligned: float):
    found = marked().find(passage)
    assert (found.role, found.topic) == (role, topic)
    assert found.aligned == pytest.approx(aligned, abs=0.1)


def test_a_text_that_comes_twice_is_sought_behind_the_passage_before():
    raw = "做了工作。\n做了工作。\n"
    file = Labelled.of(
        "twice.txt",
        raw,
        [Unit(0, 5, Label(1, True, "done", "study")), Unit(6, 11, Label(2, True, "plan", "team"))],
    )
    first = file.find("做了工作。")
    assert (first.report, first.role) == (1, "done")
    second = file.find("做了工作。", first.end)
    assert (second.report, second.role) == (2, "plan")
    assert file.span(6, 11) == Found(2, "plan", "team", 1.0, 8)


def test_a_file_that_is_not_the_labelled_one_is_refused(tmp_path: Path):
    (tmp_path / "raw.txt").write_text(RAW, encoding="utf-8", newline="")
    rows = [{"file": "raw.txt", "sha256": hashlib.sha256(RAW.encode()).hexdigest(), "units": []}]
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps(rows), encoding="utf-8")
    assert [file.raw for file in labelled(tmp_path, labels)] == [RAW]
    (tmp_path / "raw.txt").write_text(RAW + "。", encoding="utf-8", newline="")
    with pytest.raises(ValueError, match=r"raw\.txt"):
        labelled(tmp_path, labels)


def test_the_labels_are_whole():
    rows = json.loads(LABELS.read_text(encoding="utf-8"))
    assert len(rows) == 5
    for row in rows:
        ends = [0, *(end for _, end, *_ in row["units"])]
        for (start, end, report, kept, role, topic), before in zip(row["units"], ends, strict=False):
            assert before <= start < end
            assert report in (1, 2, 3)
            assert kept in (True, False)
            assert role in (*task.SECTIONS, "frame")
            assert topic in (*task.TOPICS, "general")


def test_right_passages_are_counted_over_those_there_are_outside_the_own_report():
    def part(key: str, report: int, role: str, topic: str) -> task.Part:
        return task.Part(key, ("f", report), Found(report, role, topic, 1.0, 0))

    parts = [
        part("own", 1, "done", "study"),
        part("a", 2, "done", "study"),
        part("b", 2, "done", "team"),
        part("c", 3, "plan", "study"),
        part("d", 3, "plan", "team"),
    ]
    section = task.Section(("f", 1), "done", "study")
    found = task.judged(section, ["c", "b", "d"], parts)
    assert found.right == {"role": 1, "topic": 1, "role and topic": 0}
    assert found.wanted == {"role": 2, "topic": 2, "role and topic": 1}
    assert found.missed == ("a",)


def test_a_section_asks_as_drafting_does():
    facts = (("理论学习", "中心组集中学习9次"), ("理论学习", "《条例》宣讲3场"))
    query = task.asked(task.Section(("f", 1), "done", "study", facts, theme="竹溪镇防汛工作"))
    assert (query.role, query.limit) == ("done", task.LIMIT)
    assert query.favoured_theme.strip() == "防汛工作"  # masked as all that is asked: whose it is says nothing
    assert query.theme == ""
    assert "理论学习" in query.text
    assert "集中学习" in query.text
    assert "9" not in query.text
    words = task.asked(task.Section(("f", 1), "plan", "team", words=task.TOPICS["team"]))
    assert words.text.split() == list(task.TOPICS["team"])


@pytest.mark.parametrize("part", topics.PARTS)
def test_the_reports_of_many_themes_are_labelled_whole_and_each_section_has_passages(part: str):
    made = topics.read(part)
    assert {file.file.partition("-")[0] for file in made.files} <= set(topics.THEMES)
    assert all(unit.label.role in (*task.SECTIONS, "frame") for file in made.files for unit in file.units)
    told = {(unit.label.role, unit.label.topic) for file in made.files for unit in file.units}
    assert [s for s in made.sections if (s.role, s.topic) not in told] == []
    assert sum(bool(section.facts) for section in made.sections) * 2 == len(made.sections)


def test_sections_of_many_themes_find_passages_of_their_role_and_topic():
    part = topics.read("open")
    found = topics.answers(part)["drafter"]
    for ledger, floor in ((True, 0.88), (False, 0.75)):
        results = [result for result in found if bool(result.section.facts) == ledger]
        for measure, least in (("role", 0.99), ("role and topic", floor)):
            right, wanted = (sum(getattr(r, name)[measure] for r in results) for name in ("right", "wanted"))
            assert right >= least * wanted, (measure, ledger, right, wanted)


def test_parts_without_data_say_so(tmp_path: Path):
    for part in (public, task):
        text, data = part.run(tmp_path)
        assert "left out" in text
        assert data is None


def test_drafters_index_finds_the_passage_that_answers():
    search = public.drafter(["蜜蜂酿造蜂蜜", "水库蓄水发电", "山塘蓄水养鱼"] * 9)
    assert [{place % 3 for place in found[:2]} for found in search(["谁酿造蜂蜜", "发电的水库"])] == [
        {0},
        {1},
    ]
