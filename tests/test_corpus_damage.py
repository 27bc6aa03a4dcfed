"""Kills, damage and company: a store is usable after a kill at any moment, notices every flipped bit, and is read while written."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from drafter.cli import run
from drafter.corpus import open_folder, open_store
from drafter.corpus.catalog import FILE
from drafter.errors import CorpusError, DamagedCorpus
from drafter.passages import Query

QUERIES = ("改造水渠灌溉农田", "老年食堂送餐上门", "问题不足力量薄弱", "下一步打算增加投入")
THEMES = {
    "水利": ("改造水渠灌溉农田", "清淤山塘蓄足春水", "修补闸门防住渗漏"),
    "养老": ("老年食堂送餐上门", "走访空巢老人谈心", "加装扶手方便起身"),
    "路灯": ("装上路灯照亮村道", "换下旧灯省电费用", "巡查线路排除隐患"),
}


def write_reports(folder: Path, count: int, start: int = 0) -> None:
    """Reports of one's own, each with other words."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(start, start + count):
        chance = random.Random(number)
        theme = chance.choice(list(THEMES))
        body = "。".join(
            f"{chance.choice(THEMES[theme])}，涉及{chance.randint(2, 900)}户，{chance.choice('东西南北中')}片先做，"
            f"{chance.choice('春夏秋冬')}天完成，群众评价{chance.choice('好高')}"
            for _ in range(6)
        )
        (folder / f"{number:05}.txt").write_text(
            f"沙湾镇{2000 + number % 25}年{theme}工作总结\n一、主要工作\n{body}。\n二、存在的问题\n力量薄弱，第{number}项进度慢。\n"
            "三、下一步打算\n增加投入，争取年底前完成。\n",
            encoding="utf-8",
        )


def answers(store: Path) -> list[list[tuple[str, str]]]:
    with open_store(store, create=False) as corpus:
        return [
            [(passage.id, passage.text) for passage in corpus.search(Query(text=text))] for text in QUERIES
        ]


def answers_or_error(store: Path) -> list[list[tuple[str, str]]] | str:
    try:
        return answers(store)
    except CorpusError as error:
        return str(error)


def adding(store: Path, folder: Path, batch: int = 40) -> subprocess.Popen[bytes]:
    """Another process that adds a folder and commits after every `batch` passages."""
    script = (
        "import sys\nfrom drafter.corpus import store\n"
        "store._BATCH = int(sys.argv[3])\n"
        "print('ready', flush=True)\n"
        "print(store.open_store(sys.argv[1]).add([sys.argv[2]]).added)\n"
    )
    command = [sys.executable, "-c", script, str(store), str(folder), str(batch)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_after_a_kill_at_any_moment_the_store_is_usable_and_goes_on(tmp_path: Path, seed: int) -> None:
    folder, store = tmp_path / "报告", tmp_path / "store"
    write_reports(folder, 120)
    with open_store(store) as corpus:
        corpus.add([folder / "00000.txt"])
    before = 1
    chance = random.Random(seed)
    for _ in range(3):
        process = adding(store, folder)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.8))
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        process.communicate()
        with open_store(store) as corpus:
            kept = corpus.listed()
            assert len(kept) >= before
            before = len(kept)
            assert len(corpus.search(Query(text="力量薄弱", role="problem", limit=1))) == 1
            index = corpus._current.ready()
            assert index.count() == len(kept) + sum(one.passages for one in kept)
    with open_store(store) as corpus:
        corpus.add([folder])
        assert len(corpus.listed()) == 120
        assert len(list(store.glob("index-*"))) == 1


@pytest.mark.slow
def test_others_search_while_one_adds(tmp_path: Path) -> None:
    folder, store = tmp_path / "报告", tmp_path / "store"
    write_reports(folder, 150)
    with open_store(store) as corpus:
        corpus.add([folder / "00000.txt", folder / "00001.txt"])
    script = (
        "import sys, time\nfrom drafter.corpus import open_store\nfrom drafter.passages import Query\n"
        "most = 0\nend = time.monotonic() + 30\n"
        "with open_store(sys.argv[1], create=False) as corpus:\n"
        "    while time.monotonic() < end and len(corpus.listed()) < 150:\n"
        "        assert corpus.search(Query(text='力量薄弱增加投入')), 'nothing found'\n"
        "        assert corpus._current.ready().folder is not None, 'an index in memory'\n"
        "        most += 1\n"
        "    print(most, len(corpus.listed()))\n"
    )
    readers = [
        subprocess.Popen([sys.executable, "-c", script, str(store)], stdout=subprocess.PIPE) for _ in range(2)
    ]
    writer = adding(store, folder)
    assert writer.communicate()[0].split()[-1] == b"148"
    for reader in readers:
        searched, listed = map(int, reader.communicate()[0].split())
        assert reader.returncode == 0
        assert searched > 0
        assert listed == 150


def flip(path: Path, chance: random.Random) -> int:
    """Flip one bit of a file; where."""
    raw = path.read_bytes()
    place = chance.randrange(len(raw))
    path.write_bytes(raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :])
    return place


def test_a_flipped_bit_anywhere_never_gives_other_answers_silently(tmp_path: Path) -> None:
    folder, whole = tmp_path / "报告", tmp_path / "whole"
    write_reports(folder, 12)
    with open_store(whole) as corpus:
        corpus.add([folder])
    right = answers(whole)
    chance = random.Random(11)
    names = [
        path.relative_to(whole) for path in sorted(whole.rglob("*")) if path.is_file() and path.stat().st_size
    ]
    outcomes = {"same": 0, "said": 0}
    for name in names:
        for _ in range(40 if name.name == FILE else 3):
            store = (
                tmp_path / f"store-{sum(outcomes.values())}"
            )  # the index's threads may still hold the last one
            shutil.copytree(whole, store)
            place = flip(store / name, chance)
            now = answers_or_error(store)
            assert now == right if isinstance(now, list) else "\n" not in now, (name, place)
            outcomes["same" if isinstance(now, list) else "said"] += 1
    assert outcomes["same"] > 0
    assert outcomes["said"] > 0


def test_a_report_damaged_on_disk_is_taken_out_and_comes_back(tmp_path: Path) -> None:
    folder, store = tmp_path / "报告", tmp_path / "store"
    write_reports(folder, 5)
    with open_store(store) as corpus:
        corpus.add([folder])
        right = {one.id for one in corpus.listed()}
    raw = (store / FILE).read_bytes()
    place = raw.rindex("力量薄弱".encode()) + 1
    (store / FILE).write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
    with open_store(store) as corpus:
        with pytest.raises(DamagedCorpus, match="再加入"):
            [corpus.passages_of(key) for key in [one.id for one in corpus.listed()]]
        assert len(corpus.listed()) == 4
        report = corpus.add([folder])
        assert (report.added, report.unchanged) == (1, 4)
        assert {one.id for one in corpus.listed()} == right
        assert {key for key in right if corpus.passages_of(key)} == right
        assert corpus.search(Query(text=QUERIES[2]))


def test_the_index_of_a_folder_mends_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "报告"
    write_reports(folder, 5)
    with open_folder(folder) as corpus:
        catalog, right = corpus.path / FILE, len(corpus.listed())
    raw = bytearray(catalog.read_bytes())
    for place in range(len(raw) // 2, len(raw)):
        raw[place] ^= 0xFF
    catalog.write_bytes(raw)
    with open_folder(folder) as corpus:
        assert len(corpus.listed()) == right
        assert corpus.search(Query(text=QUERIES[0]))


def test_many_files_are_read_in_processes_with_the_same_outcome(tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    write_reports(folder, 80)
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02")
    found = []
    for processes in (1, 2):
        seen: list[int] = []
        with open_store(tmp_path / str(processes)) as corpus:
            report = corpus.add(
                [folder], lambda done, total, path, seen=seen: seen.append(done), processes=processes
            )
            assert (report.added, [path.name for path, _ in report.skipped]) == (80, ["坏.txt"])
            assert seen == list(range(81))
            found.append([(one.id, one.passages) for one in corpus.listed()])
        found.append(answers(tmp_path / str(processes)))
    assert found[:2] == found[2:]


def drafter(*arguments: object) -> int:
    return run(["corpus", *map(str, arguments)])


def test_a_damaged_catalog_is_set_aside_and_all_is_read_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, store = tmp_path / "报告", tmp_path / "store"
    write_reports(folder, 4)
    write_reports(tmp_path / "另一处", 2, start=10)
    assert drafter("add", folder, tmp_path / "另一处", "--store", store) == 0
    raw = bytearray((store / FILE).read_bytes())
    page = raw.index("力量薄弱".encode()) // 4096 * 4096
    raw[page : page + 16] = b"\xee" * 16
    (store / FILE).write_bytes(raw)
    capsys.readouterr()
    assert drafter("search", "力量薄弱", "--store", store) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "corpus add" in said
    assert drafter("add", folder, "--store", store) == 1
    said = capsys.readouterr().err
    assert "catalog.damaged-1.sqlite" in said
    assert "6 份报告" in said
    assert drafter("add", folder, "--store", store) == 0
    (store / FILE).write_bytes(b"no database at all" * 500)
    capsys.readouterr()
    drafter("add", folder, "--store", store)
    said = capsys.readouterr().err
    assert "请逐一再加入" in said
    assert "4 份报告" in said


OLD = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
  sha256 TEXT NOT NULL, problem TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (id TEXT PRIMARY KEY, path TEXT NOT NULL, position INTEGER NOT NULL, title TEXT NOT NULL,
  organization TEXT NOT NULL, period TEXT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX documents_by_path ON documents (path);
CREATE TABLE passages (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL, heading TEXT NOT NULL,
  role TEXT NOT NULL, topic TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
INSERT INTO meta VALUES ('version', '1'), ('rules', '2'), ('generation', '3');
"""


def test_a_store_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    folder, store = tmp_path / "报告", tmp_path / "store"
    write_reports(folder, 3)
    with open_store(tmp_path / "new") as corpus:
        corpus.add([folder])
        right = [(one.id, one.title, one.passages) for one in corpus.listed()]
        documents = corpus.documents()
    store.mkdir()
    with closing(sqlite3.connect(store / FILE)) as old, old:
        old.executescript(OLD)
        for document in documents:
            path = Path(document.source)
            old.execute(
                "INSERT INTO sources VALUES (?, ?, ?, ?, 'x', '')",
                (str(path), str(folder), path.stat().st_size, path.stat().st_mtime_ns),
            )
            old.execute(
                "INSERT INTO documents VALUES (?, ?, 0, ?, ?, ?, ?, ?)",
                (
                    *(document.id, str(path), document.title, document.organization, document.period),
                    *(document.source, document.text),
                ),
            )
    with open_store(store) as corpus:
        assert [(one.id, one.title, one.passages) for one in corpus.listed()] == right
        assert corpus.search(Query(text=QUERIES[2]))
        assert corpus.add([folder]).unchanged == 3
