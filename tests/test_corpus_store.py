"""The store: what is read again, what is found, what damage costs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from drafter.corpus import (
    Corpus,
    TextReader,
    documents_of,
    open_corpus,
    open_folder,
    open_store,
    register_retrievers,
)
from drafter.corpus.catalog import FILE
from drafter.corpus.local import cache_folder
from drafter.corpus.tokens import required, tokens
from drafter.errors import CorpusError, LostReports, ReadOnlyCorpus
from drafter.passages import Document, Passage, Query
from drafter.plugins import load_registry
from drafter.settings import Settings

ODD_FILES = pytest.mark.skipif(sys.platform != "linux", reason="pipes, links and names of any bytes")

FLOOD = """松坪镇2021年防汛工作总结
2021年，松坪镇坚持防在前、抢在先，安全度汛。现将情况汇报如下：
一、主要做法
（一）抓实堤防巡查。组织巡堤队员沿河逐段排查险情，登记隐患32处，整改29处，柏树湾村率先完成涵闸检修。
（二）储足防汛物资。购置编织袋5000条、救生衣120件，在仓库分类码放，专人看管，随时可以调用。
二、存在的问题
一是巡堤队伍年龄偏大，夜间巡查力量不足。二是排涝泵站老化，抽排能力跟不上强降雨。
三、下一步打算
补充年轻巡堤队员，更新泵站设备，力争汛前完成检修，做到险情早发现、早处置。
松坪镇人民政府
2021年12月1日
"""
READING = """榆关街道2022年全民阅读工作总结
2022年，榆关街道把书屋建到居民楼下，阅读氛围渐浓。
一、主要工作
（一）建好阅读阵地。新建社区书屋6处，添置图书8000册，延长开放时间，方便上班族晚间借阅。
（二）办好读书活动。举办“楼道书会”18场，邀请退休教师领读，组织亲子共读和旧书交换，参与居民1400人次。
二、问题与不足
书屋图书更新慢，适合老年人的大字版图书少。
三、2023年安排
争取把书屋图书更新率提高到三成，为老年读者添置放大镜和大字书。
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "往期"
    (folder / "街道").mkdir(parents=True)
    (folder / "防汛.txt").write_text(FLOOD, encoding="utf-8")
    (folder / "街道" / "阅读.md").write_text(READING, encoding="utf-8")
    return folder


class Counting(TextReader):
    """A reader that remembers what it was asked for."""

    def __init__(self) -> None:
        self.read_paths: list[str] = []

    def read(self, path: Path) -> Iterable[Document]:
        self.read_paths.append(path.name)
        return super().read(path)


def test_digits_are_no_tokens_and_latin_is_lower_case() -> None:
    found = tokens("开展QQ群巡查32次，共计三十")
    assert {"开展", "qq", "巡查", "次", "共计"} <= set(found)
    assert not {"32", "三十", "QQ"} & set(found)
    assert tokens("32%，2021") == []


def test_words_of_a_filter_are_told_apart_and_their_order_does_not_matter() -> None:
    assert required("意识形态工作") == ["意识", "识形", "形态", "工作"]
    assert set(required("安全生产和防汛")) <= set(tokens("防汛抗旱与安全生产"))
    assert not set(required("生产安全")) - set(tokens("安全生产"))
    assert required("的") == ["的"]
    assert required("2023") == []


def test_single_characters_are_words_but_a_filter_asks_for_longer_ones(folder: Path) -> None:
    assert {"抓", "堤防", "抓堤"} <= set(tokens("抓堤防"))
    with open_folder(folder) as corpus:
        found = corpus.search(Query(text="堤防", topic="抓 堤防", fill=False))
    assert [passage.heading[-1] for passage in found] == ["抓实堤防巡查"]


def test_what_a_query_says_again_and_again_weighs_more(folder: Path) -> None:
    def best(text: str) -> str:
        return corpus.search(Query(text=text, role="done"))[0].heading[-1]

    with open_folder(folder) as corpus:
        assert best("仓库 仓库 仓库 涵闸") == "储足防汛物资"
        assert best("仓库 涵闸 涵闸 涵闸") == "抓实堤防巡查"


def test_where_words_are_too_common_to_go_through_the_rarest_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        f"（{'一二三四五'[at]}）{name}。干部群众齐心协力抓好{name}工作。"
        for at, name in enumerate(("春耕备耕", "河道清淤", "校园食堂", "广场舞台", "农机检修"))
    ]
    path = tmp_path / "总结.txt"
    path.write_text("某镇2022年工作总结\n一、主要做法\n" + "\n".join(lines), encoding="utf-8")
    query = Query(text="干部群众齐心协力，广场舞台", limit=5, per_document=5)
    with open_folder(path) as corpus:
        assert len(corpus.find(query)) == 5
        # 广场 and 舞台, as words and as pairs, stand in one passage each
        monkeypatch.setattr("drafter.corpus.index.BUDGET", 4)
        (found,) = corpus.find(query)
        assert "广场舞台" in found.text
        monkeypatch.setattr("drafter.corpus.index.BUDGET", 0)
        assert len(corpus.find(Query(text="齐心协力", limit=5, per_document=5))) == 5, (
            "words that are all common are still looked for"
        )


def test_search_finds_the_theme_and_masks_what_is_its_own(folder: Path) -> None:
    with open_folder(folder) as corpus:
        best = corpus.search(Query(text="组织人员巡查堤防，排查险情隐患9处", role="done"))[0]
    assert best.heading == ("主要做法", "抓实堤防巡查")
    assert best.role == "done"
    assert "柏树湾村" in best.text
    assert (
        best.masked
        == "组织巡堤队员沿河逐段排查险情，登记隐患〔数〕处，整改〔数〕处，〔地名〕率先完成涵闸检修。"
    )
    assert best.score > 0


def test_a_role_comes_first_and_others_fill_up(folder: Path) -> None:
    with open_folder(folder) as corpus:
        roles = [
            p.role
            for p in corpus.search(Query(text="巡堤队员泵站检修", role="plan", limit=4, per_document=4))
        ]
    assert roles[0] == "plan"
    assert len(roles) > 1
    assert "plan" not in roles[roles.index(next(role for role in roles if role != "plan")) :]


def test_numbers_alone_find_nothing(folder: Path) -> None:
    with open_folder(folder) as corpus:
        assert corpus.search(Query(text="32 5000 2021%")) == []


def test_results_spread_over_documents_and_near_doubles_are_dropped(folder: Path) -> None:
    for number in range(4):
        text = FLOOD.replace("松坪镇", f"松{'甲乙丙丁'[number]}镇").replace("32", str(40 + number))
        (folder / f"抄{number}.txt").write_text(text, encoding="utf-8")
    more = "一、做法\n" + "".join(
        f"（{n}）防汛{w}。组织{w}演练，巡堤查险，{w * 9}。\n"
        for n, w in zip("一二三四", "甲乙丙丁", strict=True)
    )
    (folder / "演练.txt").write_text(more, encoding="utf-8")
    with open_folder(folder) as corpus:
        found = corpus.search(
            Query(text="巡堤查险 组织巡堤队员沿河逐段排查险情 防汛演练", limit=6, per_document=2)
        )
    per = [passage.document for passage in found]
    assert max(per.count(document) for document in per) <= 2
    assert sum("登记隐患" in passage.text for passage in found) == 1


def test_only_what_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    reader = Counting()
    with open_store(tmp_path / "store") as corpus:
        report = corpus.add([folder], readers={"text": reader})
        assert (report.added, report.unchanged, report.removed, report.documents) == (2, 0, 0, 2)
        reader.read_paths.clear()
        assert corpus.add([folder], readers={"text": reader}).unchanged == 2
        os.utime(folder / "防汛.txt", ns=(1, 1))
        assert corpus.add([folder], readers={"text": reader}).unchanged == 2
        assert reader.read_paths == []
        (folder / "防汛.txt").write_text(FLOOD.replace("编织袋", "麻袋"), encoding="utf-8")
        report = corpus.add([folder], readers={"text": reader})
        assert (report.added, report.unchanged, reader.read_paths) == (1, 1, ["防汛.txt"])
        assert corpus.containing("编织袋") == []
        assert len(corpus.containing("麻袋")) == 1
        assert "麻袋" in corpus.search(Query(text="储足麻袋物资"))[0].text


def test_files_gone_from_a_folder_leave_and_others_stay(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "单篇.txt"
    alone.write_text(READING.replace("榆关", "梧桐"), encoding="utf-8")
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder, alone])
        (folder / "防汛.txt").unlink()
        assert corpus.add([folder]).removed == 1
        assert sorted(document.organization for document in corpus.documents()) == ["梧桐街道", "榆关街道"]
        assert all("巡堤" not in passage.text for passage in corpus.search(Query(text="巡堤队员排查险情")))


def test_what_cannot_be_read_is_listed_with_the_reason_and_stops_nothing(folder: Path) -> None:
    (folder / "图.txt").write_bytes(b"\x89PNG\x00\x00")
    (folder / "空.md").write_bytes(b"")
    (folder / "版式.ofd").write_bytes(b"PK\x03\x04")
    (folder / "照片.jpg").write_bytes(b"\xff\xd8")
    for _ in range(2):
        with open_corpus([folder]) as retriever:
            skipped = {path.name: reason for path, reason in retriever.skipped}
            assert retriever.search(Query(text="防汛"))
    assert skipped.keys() == {"图.txt", "空.md", "版式.ofd"}
    assert "二进制" in skipped["图.txt"]
    assert "读取器" in skipped["版式.ofd"]


def test_a_plugin_reader_takes_part_and_its_faults_stay_its_own(folder: Path, tmp_path: Path) -> None:
    class Letters:
        name = "letters"
        suffixes: tuple[str, ...] = (".doc",)

        def read(self, path: Path) -> Iterable[Document]:
            if path.stem == "坏":
                raise RuntimeError("boom")
            return documents_of("清江乡抗旱总结\n打井三眼，全乡用水有了着落。", str(path))

    (folder / "信.doc").write_bytes(b"x")
    (folder / "坏.doc").write_bytes(b"x")
    with open_store(tmp_path / "store") as corpus:
        assert len(corpus.add([folder]).skipped) == 2
        report = corpus.add([folder], readers={"text": TextReader(), "letters": Letters()})
        assert report.added == 1
        assert report.skipped == [(folder / "坏.doc", "读取器 letters 出错：RuntimeError: boom")]
        assert corpus.masked(corpus.containing("打井")[0]).masked == "打井〔数〕眼，全乡用水有了着落。"


def meta(store: Path, key: str) -> str:
    with closing(sqlite3.connect(store / FILE)) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def set_meta(store: Path, key: str, value: str) -> None:
    with closing(sqlite3.connect(store / FILE)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


def damage_index_file(store: Path) -> None:
    (victim,) = list(store.glob("index-*/*.term"))[:1]
    raw = bytearray(victim.read_bytes())
    raw[len(raw) // 2] ^= 0x10
    victim.write_bytes(raw)


@pytest.mark.parametrize(
    "damage",
    [
        damage_index_file,
        lambda store: set_meta(store, "index", ""),
        lambda store: set_meta(store, "index", "{"),
        lambda store: set_meta(store, "index", meta(store, "index").replace('"format": 2', '"format": 0')),
        lambda store: [shutil.rmtree(path) for path in store.glob("index-*")],
        lambda store: [path.unlink() for path in store.glob("index-*/meta.json")],
    ],
)
def test_a_damaged_missing_or_older_index_is_rebuilt(folder: Path, tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    store = tmp_path / "store"
    with open_store(store) as corpus:
        corpus.add([folder])
        before = corpus.search(Query(text="巡堤队员排查险情"))
    damage(store)
    with open_store(store) as corpus:
        after = corpus.search(Query(text="巡堤队员排查险情"))
    assert [p.id for p in after] == [p.id for p in before]
    with open_store(store) as corpus:
        assert corpus._current._load() is not None


def test_an_index_behind_its_catalog_is_rebuilt(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with open_store(store) as corpus:
        corpus.add([folder / "防汛.txt"])
    shutil.copytree(store, tmp_path / "old")
    with open_store(store) as corpus:
        corpus.add([folder / "街道"])
    for path in store.glob("index-*"):
        shutil.rmtree(path)
    for path in (tmp_path / "old").iterdir():
        if path.name != FILE:
            shutil.move(path, store / path.name)
    with open_store(store) as corpus:
        assert corpus.search(Query(text="社区书屋添置图书"))[0].heading[-1] == "建好阅读阵地"


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_usable_store(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with open_store(store) as corpus:
        corpus.add([folder / "防汛.txt"])
    script = (
        "import os, sys\n"
        "from drafter.corpus import catalog, current, store\n"
        "stage = sys.argv[3]\n"
        "owner = catalog.Catalog if stage in ('put', 'add_passages') else current\n"
        "real = getattr(owner, stage)\n"
        "def dying(*a, **k):\n"
        "    real(*a, **k)\n"
        "    os._exit(9)\n"
        "setattr(owner, stage, dying)\n"
        "store.open_store(sys.argv[1]).add([sys.argv[2]])\n"
    )
    for stage, switched in (("add_passages", 0), ("update_index", 0), ("put", 0), ("discard", 1)):
        done = subprocess.run(
            [sys.executable, "-c", script, str(store), str(folder / "街道"), stage], check=False
        )
        assert done.returncode == 9
        with open_store(store) as corpus:
            towns = [document.organization for document in corpus.documents()]
            assert sorted(towns) == ["松坪镇", "榆关街道"][: 1 + switched]
            assert corpus.search(Query(text="巡堤队员排查险情"))
            assert bool(corpus.search(Query(text="社区书屋添置图书楼道", fill=False))) == switched
            corpus.remove(corpus.documents()[0].id)
            corpus.add([folder / "防汛.txt"])
        assert len(list(store.glob("index-*"))) == 1


def test_a_damaged_cache_of_a_folder_is_made_anew_and_a_damaged_store_says_what_to_do(
    folder: Path, tmp_path: Path
) -> None:
    with open_folder(folder):
        pass
    catalog = cache_folder(folder) / FILE
    catalog.write_bytes(b"not a database" * 100)
    with open_folder(folder) as corpus:
        assert corpus.stats().documents == 2
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
    (tmp_path / "store" / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(CorpusError, match="重新建库") as caught:
        open_store(tmp_path / "store")
    assert "\n" not in str(caught.value)


def test_a_catalog_of_another_version_is_not_guessed_at(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
    connection = sqlite3.connect(tmp_path / "store" / FILE)
    with connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    connection.close()
    with pytest.raises(CorpusError, match="版本"):
        open_store(tmp_path / "store")


def test_passages_of_older_rules_are_cut_again_from_the_clean_text(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        count = corpus.stats().passages
    connection = sqlite3.connect(tmp_path / "store" / FILE)
    with connection:
        connection.execute("UPDATE meta SET value = '0' WHERE key = 'rules'")
        connection.execute("DELETE FROM passages")
    connection.close()
    with open_store(tmp_path / "store") as corpus:
        assert corpus.stats().passages == count
        assert corpus.search(Query(text="社区书屋"))


def test_documents_passages_removal_and_counts(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        flood = next(document for document in corpus.documents() if document.organization == "松坪镇")
        assert (flood.title, flood.period) == ("松坪镇2021年防汛工作总结", "2021年")
        passages = corpus.passages_of(flood.id)
        assert [passage.role for passage in passages] == ["background", "done", "done", "problem", "plan"]
        assert all(passage.masked for passage in passages)
        corpus.remove(flood.id)
        assert corpus.add([folder]).unchanged == 2
        assert corpus.stats().documents == 1
        assert (
            corpus.search(Query(text="巡堤队员排查险情，社区书屋", role="done", limit=1))[0].document
            != flood.id
        )
        assert corpus.add([folder / "防汛.txt"]).added == 1
        assert corpus.stats().documents == 2
        for call in (corpus.remove, corpus.passages_of):
            with pytest.raises(CorpusError, match="没有编号"):
                call("nobody")


def test_an_exact_string_is_found_in_passages_titles_and_signatures(folder: Path) -> None:
    with open_folder(folder) as corpus:
        assert "救生衣120件" in corpus.containing("救生衣120件")[0].text
        assert corpus.containing("松坪镇人民政府")[0].text == "松坪镇人民政府"
        assert corpus.containing("全民阅读工作总结")[0].text == "榆关街道2022年全民阅读工作总结"
        assert corpus.containing("100%_没有") == []
        assert corpus.containing("") == []
        assert len(corpus.containing("的", limit=1)) == 1


def test_an_exact_string_is_found_wherever_it_stands(folder: Path) -> None:
    """Looked up in the index, as words of passages or of what frames them, or gone through: never passed over."""
    with open_folder(folder) as corpus:
        for document in corpus.documents():
            for size in (1, 2, 3, 5, 9, 40):
                for at in range(0, len(document.text) - size, 7):
                    text = document.text[at : at + size]
                    found = corpus.containing(text, limit=1000)
                    holders = {one.id for one in corpus.documents() if text in one.text and text.strip()}
                    assert {passage.document for passage in found} == holders, text
                    whole = "".join(passage.text for passage in found)
                    assert text in whole or "\n" in text or "。" in text or not text.strip()


def test_set_phrases_are_learnt_once_until_documents_change(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("东岭乡", "西岭乡", "南岭乡"):
        (folder / f"{place}.txt").write_text(f"{place}2022年工作总结\n{place}推行五心工作法，办事不出村。")
    with open_corpus(folder) as first:
        learnt = first.phrases
    assert "五心工作法" in learnt
    calls: list[int] = []

    def counting(documents: Iterable[tuple[str, str]]) -> list[str]:
        calls.append(len(list(documents)))
        return ["三问三帮"]

    monkeypatch.setattr("drafter.quantities.learn_phrases", counting)
    with open_corpus(folder) as again:
        assert again.phrases == learnt
    (folder / "北岭乡.txt").write_text("北岭乡2022年工作总结\n北岭乡今年风调雨顺，五谷丰登。")
    for _ in range(2):
        with open_corpus(folder) as changed:
            assert changed.phrases == ("三问三帮",)
    assert calls == [6]


def test_stores_folders_and_files_are_searched_as_one(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder / "街道"])
    drought = tmp_path / "抗旱.txt"
    drought.write_text(
        "清江乡2020年抗旱总结\n一、做法\n组织抽水机进村，排查渠道险情，保住秧苗。\n", encoding="utf-8"
    )
    with open_corpus([tmp_path / "store", folder / "防汛.txt", drought], Settings()) as retriever:
        found = retriever.search(Query(text="排查险情", role="done", limit=4))
        assert {document.organization for document in retriever.documents()} == {
            "榆关街道",
            "松坪镇",
            "清江乡",
        }
    assert {"组织巡堤队员", "组织抽水机进"} <= {passage.text[:6] for passage in found}
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert all(passage.masked for passage in found)


def test_of_several_corpora_only_what_is_chosen_is_masked(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    masked: list[str] = []
    mask = Corpus.masked

    def counting(self: Corpus, passage: Passage) -> Passage:
        masked.append(passage.id)
        return mask(self, passage)

    monkeypatch.setattr(Corpus, "masked", counting)
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder / "街道"])
    with open_corpus([tmp_path / "store", folder]) as retriever:
        found = retriever.search(Query(text="组织活动", limit=2))
    assert masked == [passage.id for passage in found]
    assert len(found) == 2


def test_the_local_retriever_reads_with_the_readers_it_is_given(tmp_path: Path) -> None:
    class Letters(TextReader):
        name = "letters"
        suffixes = (".doc",)

        def read(self, path: Path) -> Iterable[Document]:
            return documents_of(path.read_text("utf-8"), str(path))

    made: dict[str, Any] = {}
    register_retrievers(lambda factory, name: made.update({name: factory}))
    (tmp_path / "旧.doc").write_text(
        "清江乡2020年抗旱总结\n一、做法\n组织抽水机进村，保住秧苗。\n", encoding="utf-8"
    )
    with made["local"]([tmp_path], Settings(), {"letters": Letters()}) as retriever:
        assert "抽水机" in retriever.search(Query(text="抽水机进村"))[0].text
    with pytest.raises(CorpusError, match="读取器"):
        made["local"]([tmp_path], Settings())


def test_a_corpus_without_reports_says_so_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "空").mkdir()
    with pytest.raises(CorpusError, match="没有可用的报告"):
        open_corpus([tmp_path / "空"])
    (tmp_path / "空" / "a.txt").write_bytes(b"\x00\x01")
    with pytest.raises(CorpusError, match=r"没有可用的报告.*a\.txt.*二进制"):
        open_corpus([tmp_path / "空"])
    with pytest.raises(CorpusError, match="找不到"):
        open_corpus([tmp_path / "无"])
    with pytest.raises(CorpusError, match="没有指定"):
        open_corpus([])


def test_a_store_inside_the_folder_is_not_read_as_reports(folder: Path) -> None:
    with open_store(folder / "corpus.drafter") as corpus:
        assert corpus.add([folder]).added == 2
        assert corpus.add([folder]).unchanged == 2


def test_progress_names_every_file(folder: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder], lambda done, total, path: seen.append((done, total, path.name)))
    assert seen == [(0, 2, "防汛.txt"), (1, 2, "阅读.md")]


def test_a_reader_in_another_process_sees_the_change(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as first, open_store(tmp_path / "store") as second:
        first.add([folder / "防汛.txt"])
        assert second.search(Query(text="巡堤队员"))
        second.add([folder / "街道"])
        assert first.search(Query(text="社区书屋添置图书"))[0].topic == "阅读阵地"


def test_searching_from_several_threads(folder: Path) -> None:
    with open_folder(folder) as corpus:
        results: list[int] = []

        def run() -> None:
            results.append(len(corpus.search(Query(text="巡堤队员排查险情"))))

        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1


def test_a_store_that_may_only_be_read_is_searched_in_memory(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    with open_store(store) as corpus:
        corpus.add([folder])
    set_meta(store, "index", "")

    def refuse(self: Corpus) -> None:
        raise ReadOnlyCorpus("只读")

    with open_store(store) as corpus:
        monkeypatch.setattr(type(corpus._catalog), "writing", refuse)
        assert corpus.search(Query(text="巡堤队员"))
        assert meta(store, "index") == ""


def test_the_room_registers_its_reader_and_retriever(folder: Path) -> None:
    registry = load_registry(entry_points=False)
    assert ".txt" in registry.readers["text"].suffixes
    with registry.retrievers["local"]([folder], Settings()) as retriever:  # type: ignore[attr-defined]
        assert retriever.search(Query(text="防汛"))


def test_importing_the_room_loads_no_engine() -> None:
    code = "import sys, drafter.corpus; print([m for m in ('tantivy', 'rjieba', 'sqlite3', 'charset_normalizer') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def odd_files(folder: Path) -> dict[str, str]:
    """Puts what no reader can take into a folder; names as shown, and words of the reasons."""
    os.mkfifo(folder / "管道.txt")
    (folder / "零.txt").symlink_to("/dev/zero")
    (folder / "圈.txt").symlink_to(folder / "圈.txt")
    (folder / "断.txt").symlink_to(folder / "没有")
    (folder / os.fsdecode(b"\xff.txt")).write_text(READING, encoding="utf-8")
    return {
        "管道.txt": "不是普通文件",
        "零.txt": "不是普通文件",
        "圈.txt": "符号链接",
        "断.txt": "读不了",
        "\\xff.txt": "UTF-8",
    }


@ODD_FILES
def test_what_is_no_regular_file_is_listed_and_the_rest_goes_in(folder: Path, tmp_path: Path) -> None:
    wanted = odd_files(folder)
    with open_store(tmp_path / "store") as corpus:
        for added in (2, 0):
            report = corpus.add([folder])
            assert report.added == added
            listed = {path.name: reason for path, reason in report.skipped}
            assert len(report.skipped) == len(listed)
            assert listed.keys() == wanted.keys()
            assert all(words in listed[name] for name, words in wanted.items())
        assert corpus.stats().documents == 2
    with open_corpus([folder]) as retriever:
        assert {path.name for path, _ in retriever.skipped} == wanted.keys()


@ODD_FILES
@pytest.mark.parametrize("name", ["管道.txt", "零.txt", "圈.txt", "断.txt", os.fsdecode(b"\xff.txt")])
def test_what_is_no_regular_file_is_an_error_when_named(folder: Path, tmp_path: Path, name: str) -> None:
    odd_files(folder)
    with open_store(tmp_path / "store") as corpus, pytest.raises(CorpusError) as caught:
        corpus.add([folder / name])
    str(caught.value).encode("utf-8")
    with pytest.raises(CorpusError):
        open_corpus([folder / name])


@ODD_FILES
def test_a_folder_whose_name_is_no_utf8_is_an_error_when_named_and_listed_when_found(
    folder: Path, tmp_path: Path
) -> None:
    inner = folder / os.fsdecode(b"\xfe")
    inner.mkdir()
    (inner / "a.txt").write_text(READING, encoding="utf-8")
    with open_store(tmp_path / "store") as corpus:
        with pytest.raises(CorpusError, match="UTF-8"):
            corpus.add([inner])
        report = corpus.add([folder])
    assert report.added == 2
    assert [path.parent.name for path, _ in report.skipped] == ["\\xfe"]


@ODD_FILES
def test_a_regular_file_that_became_a_pipe_leaves_and_comes_back(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        (folder / "防汛.txt").unlink()
        os.mkfifo(folder / "防汛.txt")
        assert len(corpus.add([folder]).skipped) == 1
        assert corpus.stats().documents == 1
        (folder / "防汛.txt").unlink()
        (folder / "防汛.txt").write_text(FLOOD, encoding="utf-8")
        assert corpus.add([folder]).skipped == []
        assert corpus.stats().documents == 2


def test_a_skipped_file_is_listed_once_as_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.json").write_text("{}", encoding="utf-8")
    with open_store("store") as corpus:
        for _ in range(2):
            assert [path for path, _ in corpus.add(["good.json"]).skipped] == [Path("good.json")]


def empty_tables(catalog: Path) -> None:
    connection = sqlite3.connect(catalog)
    with connection:
        for table in ("sources", "documents", "passages"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()


@pytest.mark.parametrize("loss", [Path.unlink, lambda path: path.write_bytes(b""), empty_tables])
def test_a_store_that_lost_its_catalog_says_so_and_a_cache_is_made_anew(
    folder: Path, tmp_path: Path, loss: Callable[[Path], Any]
) -> None:
    store = tmp_path / "store"
    with open_store(store) as corpus:
        corpus.add([folder])
    loss(store / FILE)
    for create in (True, False):
        with pytest.raises(CorpusError, match="重新建库") as caught:
            open_store(store, create=create)
        assert "\n" not in str(caught.value)
    with pytest.raises(CorpusError, match="重新建库"):
        open_corpus([store, folder])
    with open_folder(folder):
        pass
    loss(cache_folder(folder) / FILE)
    with open_folder(folder) as corpus:
        assert corpus.stats().documents == 2


def test_a_store_all_of_whose_reports_left_is_empty_and_whole(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with open_store(store) as corpus:
        corpus.add([folder])
        shutil.rmtree(folder / "街道")
        (folder / "防汛.txt").unlink()
        assert corpus.add([folder]).removed == 2
    with open_store(store, create=False) as corpus:
        assert corpus.search(Query(text="巡堤队员")) == []


def test_a_file_whose_report_did_not_change_keeps_its_doubles(folder: Path, tmp_path: Path) -> None:
    (folder / "抄件.txt").write_text(FLOOD, encoding="utf-8")
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        assert (corpus.stats().documents, corpus.stats().doubles) == (2, 1)
        query = Query(text="堤防巡查", limit=9, per_document=9)
        right = [passage.text for passage in corpus.find(query)]
        for name in ("抄件.txt", "防汛.txt"):
            (folder / name).write_text(FLOOD + "\n", encoding="utf-8")
            corpus.add([folder])
            assert (corpus.stats().documents, corpus.stats().doubles) == (2, 1), name
            assert [passage.text for passage in corpus.find(query)] == right


def test_reports_that_differ_in_a_point_or_in_the_theme_are_two(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for at, length in enumerate(("27.5", "275")):
        (reports / f"{at}.txt").write_text(FLOOD.replace("32处", f"{length}公里"), encoding="utf-8")
    plain = (
        "甲山镇2015年{}工作总结\n一、工作开展情况\n一年来，全镇召开会议12次，组织培训8场，发放资料3000份，"
        "检查点位86处，整改问题17个，各项任务按时完成。\n"
    )
    for theme in ("防汛抗旱", "森林防火"):
        (reports / f"{theme}.txt").write_text(plain.format(theme), encoding="utf-8")
    with open_store(tmp_path / "store") as corpus:
        corpus.add([reports])
        assert (corpus.stats().documents, corpus.stats().doubles) == (4, 0)


def test_several_reports_damaged_on_disk_are_named_taken_out_and_come_back(
    folder: Path, tmp_path: Path
) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
    with closing(sqlite3.connect(tmp_path / "store" / FILE)) as db, db:
        db.execute("UPDATE passages SET text = text || '。'")
    query = Query(text="堤防巡查")
    with open_store(tmp_path / "store") as corpus:
        with pytest.raises(LostReports, match="已移出库") as lost:
            corpus.find(query)
        with pytest.raises(LostReports) as rest:
            corpus.find(query)
        assert len({*lost.value.documents, *rest.value.documents}) == 2
        assert corpus.find(query) == []
        assert corpus.add([folder]).added == 2
        assert corpus.find(query)


def test_adding_is_the_way_out_of_damage_that_nobody_has_met_yet(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
    for index in (tmp_path / "store").glob("index-*/*"):
        index.unlink()
    with closing(sqlite3.connect(tmp_path / "store" / FILE)) as db, db:
        db.execute("UPDATE passages SET text = text || '。'")
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        assert corpus.stats().documents == 2
        assert corpus.find(Query(text="堤防巡查"))


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="whoever may read everything meets no closed folder"
)
def test_what_a_closed_folder_holds_is_not_gone(folder: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        (folder / "街道").chmod(0)
        try:
            report = corpus.add([folder])
        finally:
            (folder / "街道").chmod(0o755)
        assert report.removed == 0
        assert [path.name for path, why in report.skipped if "打不开" in why] == ["街道"]
        assert corpus.stats().documents == 2
        report = corpus.add([folder])
        assert (report.removed, report.skipped) == (0, [])
        assert corpus.skipped == []


def test_a_folder_that_cannot_be_listed_is_a_skipped_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = os.walk

    def refusing(top: Path, onerror: Callable[[OSError], None]) -> Iterable[Any]:
        for place, folders, names in walk(top, onerror=onerror):
            if "街道" in folders:
                folders.remove("街道")
                onerror(PermissionError(13, "Permission denied", str(Path(place) / "街道")))
            yield place, folders, names

    with open_store(tmp_path / "store") as corpus:
        corpus.add([folder])
        with monkeypatch.context() as patch:
            patch.setattr("drafter.corpus.files.os.walk", refusing)
            report = corpus.add([folder])
        assert (report.removed, [path.name for path, _ in report.skipped]) == (0, ["街道"])
        assert corpus.stats().documents == 2
        assert corpus.add([folder]).removed == 0
        assert corpus.skipped == []


def test_what_was_deleted_leaves_whichever_way_it_was_added(folder: Path, tmp_path: Path) -> None:
    reading = folder / "街道" / "阅读.md"
    for adds in ([folder, folder / "街道"], [folder / "街道"], [reading], [folder, reading]):
        with open_store(tmp_path / "-".join(path.name for path in adds)) as corpus:
            for path in adds:
                corpus.add([path])
            corpus.add([folder])
            content = reading.read_text("utf-8")
            reading.unlink()
            assert corpus.add([folder]).removed == 1, adds
            assert corpus.stats().documents == 1
            reading.write_text(content, encoding="utf-8")


def test_a_report_removed_by_hand_stays_away_until_its_file_is_named(folder: Path, tmp_path: Path) -> None:
    both = folder / "两篇.txt"
    both.write_text(FLOOD.replace("松坪", "柏坪") + "\n" + READING.replace("榆关", "柳关"), encoding="utf-8")
    with open_store(tmp_path / "store") as corpus:
        corpus.add([both])
        first, second = corpus.documents()
        corpus.remove(first.id)
        corpus.add([folder])
        os.utime(both)
        corpus.add([folder])
        assert [document.id for document in corpus.documents() if "柏坪" in document.text] == []
        corpus.add([both])
        assert {first.id, second.id} <= {document.id for document in corpus.documents()}


def test_a_filter_without_words_is_an_error_and_not_ignored(folder: Path) -> None:
    with open_folder(folder) as corpus:
        for narrow in ({"topic": "2021"}, {"theme": "！！"}):
            with pytest.raises(CorpusError, match="没有可以查的词"):
                corpus.find(Query(text="堤防", **narrow))  # type: ignore[arg-type]


@pytest.mark.slow
def test_two_that_add_the_same_files_at_once_keep_each_report_once(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for at in range(300):
        text = FLOOD.replace("松坪", f"{'甲乙丙丁戊己庚辛壬癸'[at % 10]}坪").replace(
            "32处", f"{at % 30 + 30}处"
        )
        (reports / f"{at}.txt").write_text(text, encoding="utf-8")
    program = (
        "import sys; import drafter.corpus.store as store; store._BATCH = 300\n"
        "with store.open_store(sys.argv[1]) as corpus: corpus.add([sys.argv[2]])"
    )

    def started(store: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", program, str(tmp_path / store), str(reports)])

    assert started("alone").wait() == 0
    pair = [started("both"), started("both")]
    assert [process.wait() for process in pair] == [0, 0]
    with open_store(tmp_path / "alone") as alone, open_store(tmp_path / "both") as both:
        assert both.stats() == alone.stats()
        query = Query(text="堤防巡查", limit=50, per_document=9)
        assert len(both.find(query)) == len(alone.find(query))
