"""Vectors from an embeddings endpoint: kept once paid for, fused with the words, and a warning when it is away."""

from __future__ import annotations

import json
import os
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter import cli
from drafter.corpus import open_corpus, open_store
from drafter.corpus.embedding import Embedder
from drafter.corpus.vectors import FILE, fused
from drafter.drafting import Journal
from drafter.drafting.records import outgoing, read_leaves, read_runs
from drafter.errors import RetrievalWarning, SettingsError
from drafter.passages import Query
from drafter.settings import Settings
from tests.misbehaving_server import Answer, Script, failure, serving

DINING = """柏树湾街道2023年为老服务工作总结
2023年，柏树湾街道用心办好老年人的事。现将情况汇报如下：
一、主要工作
（一）开设长者食堂。在五个小区利用旧车库办起食堂，荤素搭配，行动不便的送到家门口，罗玉珍等独居老人不再一天只做一顿。
（二）修好上下楼的路。给没有电梯的楼装上扶手和折叠椅，爬到三楼可以坐下歇一会儿，雨天也不打滑了。
柏树湾街道办事处
2023年12月8日
"""
RIVER = """大渡口镇2023年河道保洁工作总结
2023年，大渡口镇坚持日常保洁与集中清理相结合。现将情况汇报如下：
一、主要工作
（一）清理水面。组织打捞队沿河清理水葫芦和漂浮垃圾，岸坡杂草一并割除，全镇河道基本看不到白色垃圾。
（二）管住源头。沿河的养猪场搬迁或改建沉淀池，菜市场污水接进管网，不再直排进河。
大渡口镇人民政府
2023年12月9日
"""
KEY = "sk-of-the-vectors"
MEANINGS = (("食堂", "吃饭", "饭菜"), ("扶手", "楼"), ("河", "水面"), ("养猪", "污水", "源头"))


def vectors(body: Any) -> Answer:
    """Vectors that tell what a text means as far as these tests go."""
    data = [
        {
            "object": "embedding",
            "index": place,
            "embedding": [0.1 + sum(text.count(word) for word in words) for words in MEANINGS],
        }
        for place, text in enumerate(body["input"])
    ]
    return Answer({"object": "list", "model": body["model"], "data": data[::-1]})


def settings(server: Script | None = None, **more: Any) -> Settings:
    url = server.url if server else "http://127.0.0.1:9/v1"
    return Settings(embeddings_base_url=url, embeddings_model="m-e", **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "报告"
    folder.mkdir()
    (folder / "老人.txt").write_text(DINING, encoding="utf-8")
    (folder / "河道.txt").write_text(RIVER, encoding="utf-8")
    return folder


def first(corpus: Any, text: str) -> str:
    return str(corpus.search(Query(text=text, limit=1))[0].heading[-1])


def test_meaning_finds_what_words_do_not(folder: Path, tmp_path: Path) -> None:
    query = "饭菜口味"
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        assert corpus.search(Query(text=query)) == []
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        assert corpus.embed() == corpus.stats().passages
        assert first(corpus, query) == "开设长者食堂"
        assert first(corpus, "河道清理水面") == "清理水面"


def test_a_vector_is_paid_for_once_and_what_is_sent_is_masked(folder: Path, tmp_path: Path) -> None:
    with serving(vectors) as server:
        chosen = settings(server, embeddings_passage_prefix="passage: ", embeddings_query_prefix="query: ")
        with open_store(tmp_path / "store", settings=chosen) as corpus:
            corpus.add([folder])
            assert corpus.embed() > 0
            sent = [text for _, body in server.asked for text in body["input"]]
            assert all(text.startswith("passage: ") for text in sent)
            assert not any(name in text for text in sent for name in ("柏树湾", "大渡口", "2023"))
            assert corpus.embed() == 0
            (folder / "河道.txt").write_text(RIVER.replace("打捞队", "十支打捞队"), encoding="utf-8")
            corpus.add([folder])
            assert corpus.embed() == 1
            corpus.search(Query(text="食堂"))
            assert server.asked[-1][1]["input"] == ["query: 食堂"]
        for index in (tmp_path / "store").glob("index-*"):
            (index / "meta.json").unlink()
        with open_store(tmp_path / "store", settings=chosen) as corpus:
            corpus.search(Query(text="食堂"))
            assert corpus.embed() == 0


def test_filters_hold_for_what_vectors_find(folder: Path, tmp_path: Path) -> None:
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        corpus.add([folder])
        corpus.embed()
        query = Query(text="饭菜", organization="大渡口镇", fill=False)
        assert {passage.document for passage in corpus.search(query)} <= {
            one.id for one in corpus.listed() if one.organization == "大渡口镇"
        }
        dining = next(one.id for one in corpus.listed() if one.organization == "柏树湾街道")
        found = corpus.search(Query(text="饭菜", exclude=(dining,)))
        assert found
        assert dining not in {passage.document for passage in found}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (failure(500, "broken"), "500"),
        (failure(401, "no key"), "401"),
        (Answer("<html>"), "OpenAI"),
        (Answer({"object": "list", "model": "m-e", "data": []}), "数目"),
    ],
)
def test_an_endpoint_that_fails_is_one_warning_and_words_go_on(
    folder: Path, tmp_path: Path, answer: Answer, reason: str
) -> None:
    with (
        serving(answer) as server,
        open_store(tmp_path / "store", settings=settings(server)) as corpus,
    ):
        corpus.add([folder])
        with pytest.warns(RetrievalWarning, match=reason):
            assert corpus.embed() == 0
        # said once: any further warning is an error in these tests
        assert first(corpus, "长者食堂") == "开设长者食堂"
        assert first(corpus, "清理水面") == "清理水面"


def test_an_endpoint_that_is_away_after_the_vectors_were_made(folder: Path, tmp_path: Path) -> None:
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        corpus.add([folder])
        corpus.embed()
    with (
        open_store(tmp_path / "store", settings=settings()) as corpus,
        pytest.warns(RetrievalWarning, match="连不上"),
    ):
        assert first(corpus, "长者食堂") == "开设长者食堂"


def test_what_was_answered_before_a_fault_is_kept(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("drafter.corpus.vectors.AT_ONCE", 1)
    with (
        serving(vectors, vectors, failure(400, "no more")) as server,
        open_store(tmp_path / "store", settings=settings(server)) as corpus,
    ):
        corpus.add([folder])
        with pytest.warns(RetrievalWarning):
            corpus.embed()
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        assert corpus.embed() == corpus.stats().passages - 2


def test_a_store_without_vectors_says_how_to_get_them(folder: Path, tmp_path: Path) -> None:
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        corpus.add([folder])
        with pytest.warns(RetrievalWarning, match="corpus add"):
            assert first(corpus, "长者食堂") == "开设长者食堂"
        assert server.asked == []


def test_another_length_of_vectors_is_a_warning(folder: Path, tmp_path: Path) -> None:
    def shorter(body: Any) -> Answer:
        return Answer({"object": "list", "model": "m-e", "data": [{"index": 0, "embedding": [1.0, 2.0]}]})

    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        corpus.add([folder])
        corpus.embed()
    with (
        serving(shorter) as server,
        open_store(tmp_path / "store", settings=settings(server)) as corpus,
        pytest.warns(RetrievalWarning, match="长度"),
    ):
        corpus.search(Query(text="食堂"))


def test_a_folder_as_corpus_gets_its_vectors_on_first_use(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path / "cache"))
    with serving(vectors) as server:
        for asked in (True, False):
            server.asked.clear()
            with open_corpus([folder], settings(server)) as retriever:
                assert bool(server.asked) == asked
                assert first(retriever, "饭菜口味") == "开设长者食堂"


def test_settings_that_do_not_fit_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="embeddings_model"):
        Embedder.chosen(Settings(embeddings_base_url="http://127.0.0.1:9/v1"))
    with pytest.raises(SettingsError, match="embeddings_base_url"):
        Embedder.chosen(Settings(embeddings_model="m-e"))
    with pytest.raises(SettingsError, match="http"):
        Embedder.chosen(Settings(embeddings_base_url="ftp://x", embeddings_model="m-e"))
    assert Embedder.chosen(Settings()) is None


def test_a_damaged_file_of_vectors_is_a_warning(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
    (tmp_path / "store" / FILE).write_bytes(b"not a database" * 100)
    with (
        open_store(tmp_path / "store", settings=settings()) as corpus,
        pytest.warns(RetrievalWarning, match="重新计算"),
    ):
        assert first(corpus, "长者食堂") == "开设长者食堂"


def damage(path: Path, kind: str) -> None:
    if kind == "pages":
        raw = path.read_bytes()
        path.write_bytes(raw[:4096] + b"\xee" * (len(raw) - 4096))
    elif kind == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TABLE vectors")
            connection.execute("CREATE TABLE vectors (other TEXT)")


@pytest.mark.parametrize("kind", ["pages", "cut", "tables"])
def test_damage_behind_the_header_is_a_warning_and_deleting_the_file_mends_it(
    folder: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "store" / FILE
    with serving(vectors) as server:
        chosen = settings(server)
        with open_store(tmp_path / "store", settings=chosen) as corpus:
            corpus.add([folder])
            bought = corpus.embed()
            damage(path, kind)
            with pytest.warns(
                RetrievalWarning, match=r"vectors\.sqlite 已损坏.*删掉它.*corpus add.*重新计算"
            ):
                assert first(corpus, "长者食堂") == "开设长者食堂"
        (folder / "又.txt").write_text(RIVER.replace("河", "湖"), encoding="utf-8")
        with open_store(tmp_path / "store", settings=chosen) as corpus:
            corpus.add([folder])
            with pytest.warns(RetrievalWarning, match="重新计算"):
                assert corpus.embed() == 0
        path.unlink()
        with open_store(tmp_path / "store", settings=chosen) as corpus:
            assert corpus.embed() > bought
            assert first(corpus, "饭菜口味") == "开设长者食堂"


def test_deleting_the_vectors_of_a_store_that_is_as_it_was_makes_them_anew(
    folder: Path, tmp_path: Path
) -> None:
    with serving(vectors) as server:
        for _ in range(2):
            with open_store(tmp_path / "store", settings=settings(server)) as corpus:
                corpus.add([folder])
                assert corpus.embed() == corpus.stats().passages
            (tmp_path / "store" / FILE).unlink()


def test_a_vector_that_was_damaged_is_not_the_nearest(folder: Path, tmp_path: Path) -> None:
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        corpus.add([folder])
        corpus.embed()
        with closing(sqlite3.connect(tmp_path / "store" / FILE)) as connection, connection:
            river = next(one.id for one in corpus.listed() if "河道" in one.title)
            bad = [passage.id for passage in corpus.passages_of(river)]
            for key, value in zip(bad, (b"\x00\x7c" * 4, b"\x01\x7e" * 4, b"\0\0\0", "x"), strict=False):
                connection.execute(
                    "UPDATE vectors SET vector = ? WHERE text = (SELECT text FROM placed WHERE passage = ?)",
                    (value, key),
                )
        assert first(corpus, "饭菜口味") == "开设长者食堂"


def test_two_that_embed_at_once_wait_for_each_other(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """One asks the endpoint while the other stores: neither stands in the other's way."""
    monkeypatch.setattr("drafter.corpus.vectors.AT_ONCE", 1)
    found: list[int] = []

    def other_first(body: Any) -> Answer:
        with open_store(tmp_path / "store", settings=settings(others)) as other:
            found.append(other.embed())
        return vectors(body)

    with (
        serving(vectors) as others,
        serving(other_first, vectors) as server,
        open_store(tmp_path / "store", settings=settings(server)) as corpus,
    ):
        corpus.add([folder])
        found.append(corpus.embed())
        assert found == [corpus.stats().passages] * 2
        assert first(corpus, "饭菜口味") == "开设长者食堂"


def test_a_file_that_another_holds_is_a_warning(folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("drafter.corpus.vectors._WAIT", 0.05)
    with serving(vectors) as server, open_store(tmp_path / "store", settings=settings(server)) as corpus:
        corpus.add([folder])
        corpus.embed()
        (folder / "又.txt").write_text(RIVER.replace("河", "湖"), encoding="utf-8")
        corpus.add([folder])
        with closing(sqlite3.connect(tmp_path / "store" / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.warns(RetrievalWarning, match="正被另一个 drafter 占用"):
                assert corpus.embed() == 0


def test_ranks_are_fused() -> None:
    assert [key for key, _ in fused([["a", "b", "c"], ["c", "a"]], 3)] == ["a", "c", "b"]
    assert fused([[], []], 5) == []


def test_what_a_draft_sends_for_vectors_stands_in_its_journal(folder: Path, tmp_path: Path) -> None:
    facts = {
        "organization": "柏树湾街道",
        "period": "2024年",
        "theme": "为老服务工作",
        "facts": ["为2024户老人修扶手", {"role": "plan", "text": "再开食堂2处"}],
    }
    with serving(vectors) as server, Journal(tmp_path / "journal.sqlite") as journal:
        drafter.draft(
            facts, corpus=folder, settings=settings(server, embeddings_api_key=KEY), journal=journal
        )
        asked = [body["input"] for _, body in server.asked]
        sent = {key.removeprefix("Bearer ") for key in server.keys}
    [run] = read_runs([tmp_path / "journal.sqlite"])[0]
    told = outgoing(run)
    assert [call.body["input"] for call in told] == asked
    assert {call.url for call in told} == {f"{server.url}/embeddings"}
    assert sent == {KEY}
    assert KEY.encode() not in (tmp_path / "journal.sqlite").read_bytes()
    assert "2024户" not in str(asked)
    assert all(leaf.calls == () for leaf in read_leaves(run)), "they belong to no section"


def test_what_making_vectors_sends_stands_in_the_store(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    with (
        serving(vectors) as server,
        open_store(store, settings=settings(server, embeddings_api_key=KEY)) as corpus,
    ):
        corpus.add([folder])
        corpus.embed()
        (folder / "河道.txt").write_text(RIVER.replace("打捞队", "十支打捞队"), encoding="utf-8")
        corpus.add([folder])
    with (
        serving(failure(500, "busy")) as away,
        open_store(store, settings=settings(away)) as corpus,
        pytest.warns(RetrievalWarning),
    ):
        corpus.embed()
    asked = [body["input"] for _, body in server.asked]
    asked.append(away.asked[0][1]["input"])
    assert cli.run(["log", str(store), "--outgoing", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)["outgoing"]
    assert [each["body"]["input"] for each in told] == asked
    assert [each["url"] for each in told] == [f"{each.url}/embeddings" for each in (server, away)]
    assert KEY.encode() not in (store / FILE).read_bytes()
    assert cli.run(["log", str(store), "--outgoing"]) == 0
    assert asked[-1][0] in capfd.readouterr().out
    with open_store(tmp_path / "none", settings=Settings()) as corpus:
        corpus.add([folder])
    assert cli.run(["log", str(tmp_path / "none"), "--outgoing"]) == 0
    assert capfd.readouterr().out == "报告库没有向外发出任何内容\n"
    (store / FILE).write_bytes(b"no database at all, but long enough" * 40)
    assert cli.run(["log", str(store), "--outgoing"]) == 2
    assert "读不了" in capfd.readouterr().err


def test_without_an_endpoint_nothing_is_asked(folder: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with open_store(tmp_path / "store", settings=Settings()) as corpus:
            corpus.add([folder])
            assert corpus.embed() == 0
            assert not (tmp_path / "store" / FILE).exists()
