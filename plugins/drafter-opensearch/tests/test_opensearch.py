"""The retriever against the wire: a fake server by default, a real one where OPENSEARCH_TEST_URL names it.

    OPENSEARCH_TEST_URL=http://127.0.0.1:9200 pytest plugins/drafter-opensearch

Each test has indexes of its own, which it removes. Tests that script faults, or look at requests, run on the fake only.
"""

import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import drafter
import pytest
from drafter import Settings
from drafter.errors import CorpusError, SettingsError
from drafter.passages import Document, Query
from drafter.plugins import load_registry

pytest.importorskip(
    "opensearchpy", reason="opensearch-py is not installed: pip install ./plugins/drafter-opensearch"
)

from fake_opensearch import Engine, error_body, serving

from drafter_opensearch import connection, intake, mapping, open_opensearch
from drafter_opensearch.__main__ import main
from drafter_opensearch.connection import connect, place
from drafter_opensearch.queries import filters

LIVE = os.environ.get("OPENSEARCH_TEST_URL", "")
fake_only = pytest.mark.skipif(bool(LIVE), reason="scripts the server")

FLOOD = """安澜县竹溪镇2023年上半年防汛备汛工作情况汇报

县防汛抗旱指挥部：

上半年，竹溪镇把防汛备汛摆在突出位置，早部署、早排查、早整改，全镇安全度汛。现将有关情况汇报如下。

一、主要工作情况

（一）排查风险隐患。组织镇村干部对沿河5个村逐户走访，排查山塘28座、涵闸14处，发现隐患9处，当场整改7处，其余2处落实专人盯守。

（二）备足抢险物资。在镇文化站设物资储备点，备编织袋4500条、救生衣80件、抽水机6台，每半月清点一次，缺什么补什么。

二、存在的问题

一是老旧山塘较多，除险加固缺口资金8万元。二是村级防汛员年龄偏大，不会使用水位监测设备。

三、下一步打算

8月底前完成剩余2处隐患整改，举办防汛员培训2期，把水位监测设备用起来。

竹溪镇人民政府
2023年7月3日
"""
DROUGHT = """竹溪镇2022年抗旱保供水工作总结

2022年，竹溪镇遭遇连续干旱，全镇上下齐心抗旱，保住了群众饮水。

一、主要做法

（一）送水到户。组建送水队4支，每天向高山3个村送水60吨，确保812户群众喝上放心水，没有一户断水。

（二）打井引水。新打机井11眼，铺设引水管道9千米，抽水机昼夜运转，灌溉稻田2300亩。

二、存在问题

部分引水管道老化，渗漏较重，一到旱季供水就紧张。

三、下步计划

争取资金改造老化管道5千米，再建蓄水池3座。
"""
SAFETY = """白石乡2023年安全生产工作情况报告

2023年，白石乡压实安全生产责任，全年未发生较大事故。

一、工作开展情况

（一）开展隐患排查。对辖区12家企业、6处工地开展拉网式检查，排查隐患37处，整改37处，做到不留死角。

（二）强化宣传教育。开展安全生产宣讲16场，发放资料3000份，受教育群众2100人次。

二、存在的问题

小作坊、小餐馆业主安全意识不强，用电用气不规范的现象时有发生。
"""


@pytest.fixture(autouse=True)
def own_environment(tmp_path, monkeypatch):
    for name in ("URL", "INDEX", "USERNAME", "PASSWORD", "CA"):
        monkeypatch.delenv(f"OPENSEARCH_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(connection, "FIRST_WAIT", 0.001)


@pytest.fixture
def engine(monkeypatch):
    """The server of a test, and nothing in it yet; None where it is a real one."""
    name = f"drafter-test-{uuid.uuid4().hex[:8]}"
    monkeypatch.setenv("OPENSEARCH_INDEX", name)
    if not LIVE:
        engine = Engine()
        with serving(engine) as url:
            monkeypatch.setenv("OPENSEARCH_URL", url)
            yield engine
        return
    monkeypatch.setenv("OPENSEARCH_URL", LIVE)
    yield None
    server = connect(attempts=1)
    for kind in mapping.KINDS:
        server.ask(
            lambda client, kind=kind: client.indices.delete(index=server.name(kind), params={"ignore": 404})
        )
    server.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "往年"
    folder.mkdir()
    for name, text in {"防汛": FLOOD, "抗旱": DROUGHT, "安全": SAFETY}.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def opened(*paths, **settings):
    return open_opensearch(list(paths), Settings(attempts=2, **settings))


def add(*paths, readers=None):
    server = connect(attempts=2)
    try:
        server.prepare()
        return intake.add(server, list(paths), readers=readers)
    finally:
        server.close()


def titles(retriever, query):
    named = {document.id: document.title for document in retriever.documents()}
    return [named[passage.document] for passage in retriever.search(query)]


# --- taking in ----------------------------------------------------------------------------------------------------


def test_reports_are_taken_in_and_found_masked(engine, folder):
    with opened(folder) as retriever:
        assert retriever.skipped == []
        passage = retriever.search(Query(text="抽水机 编织袋 物资储备", limit=1))[0]
        assert "备编织袋4500条" in passage.text
        assert passage.heading[-1] == "备足抢险物资"
        assert passage.role == "done"
        assert "抢险物资" in passage.topic
        assert "编织袋〔数〕条" in passage.masked
        assert "4500" not in passage.masked
        assert passage.score > 0


def test_names_of_the_whole_report_are_masked_in_each_passage(engine, tmp_path):
    text = DROUGHT.replace("送水队4支", "送水队4支，竹溪的干部带头")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    with opened(tmp_path / "a.txt") as retriever:
        passage = retriever.search(Query(text="组建送水队 干部带头"))[0]
    assert "竹溪" in passage.text
    assert "竹溪" not in passage.masked


def test_only_what_is_new_or_changed_is_read_and_what_is_gone_leaves(engine, folder):
    first = add(folder)
    assert (first.added, first.unchanged, first.removed, first.documents) == (3, 0, 0, 3)
    again = add(folder)
    assert (again.added, again.unchanged, again.removed) == (0, 3, 0)
    (folder / "抗旱.txt").write_text(DROUGHT.replace("抽水机", "提灌站"), "utf-8")
    (folder / "安全.txt").unlink()
    changed = add(folder)
    assert (changed.added, changed.unchanged, changed.removed) == (1, 1, 1)
    with opened() as retriever:
        assert len(retriever.documents()) == 2
        assert retriever.containing("提灌站昼夜运转")
        assert retriever.containing("抽水机昼夜运转") == []
        assert retriever.search(Query(text="小作坊 小餐馆 用电用气", fill=False)) == []


def test_a_file_that_was_only_touched_is_not_sent_again(engine, folder):
    add(folder)
    os.utime(folder / "防汛.txt", (1, 1))
    if engine:
        engine.asked.clear()
    assert add(folder).added == 0
    if engine:
        sent = [body for _, path, body in engine.asked if path == "/_bulk"]
        assert [action["index"]["_index"].rpartition("-")[2] for action in sent[0][::2]] == ["sources"]


def test_the_same_file_gives_the_same_ids_wherever_it_is_added_from(engine, folder, monkeypatch):
    with opened(folder) as retriever:
        before = sorted(document.id for document in retriever.documents())
    monkeypatch.chdir(folder)
    assert main(["add", "--fresh", "."]) == 0
    with opened() as retriever:
        assert sorted(document.id for document in retriever.documents()) == before


def test_two_files_with_the_same_text_are_two_reports_until_one_is_gone(engine, tmp_path):
    for name in ("一", "二"):
        (tmp_path / f"{name}.txt").write_text(SAFETY, "utf-8")
    add(tmp_path)
    with opened() as retriever:
        assert len(retriever.documents()) == 2
        texts = [passage.text for passage in retriever.search(Query(text="隐患排查", limit=9))]
        assert len(texts) == len(set(texts))  # the double says nothing new
    (tmp_path / "一.txt").unlink()
    add(tmp_path)
    with opened() as retriever:
        assert [document.source for document in retriever.documents()] == [str(tmp_path / "二.txt")]
        assert retriever.search(Query(text="隐患排查"))


def test_a_file_that_cannot_be_read_is_named_now_and_next_time(engine, folder):
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02" * 50)
    for _ in range(2):
        with opened(folder) as retriever:
            assert [path.name for path, _ in retriever.skipped] == ["坏.txt"]
            assert len(retriever.documents()) == 3


def test_nothing_to_take_in_is_said(engine, tmp_path):
    with pytest.raises(CorpusError, match=r"没有可用的报告"):
        opened(tmp_path)
    with pytest.raises(CorpusError, match="找不到"):
        opened(tmp_path / "无此文件夹")


def test_readers_of_plugins_read(engine, tmp_path):
    class Letters:
        name, suffixes = "letters", (".let",)

        def read(self, path):
            # ids of a reader need not differ
            yield Document(id="x", title="来信", text=path.read_text("utf-8"), theme="信访工作")

    (tmp_path / "a.let").write_text("群众来信反映抽水机进村不及时，已经办结。", "utf-8")
    (tmp_path / "b.let").write_text("群众来信反映路灯不亮，已经修好，群众满意。", "utf-8")
    assert add(tmp_path, readers={"letters": Letters()}).documents == 2
    with opened() as retriever:
        assert [p.text[:8] for p in retriever.search(Query(text="路灯", theme="信访", fill=False))] == [
            "群众来信反映路灯"
        ]


def test_a_favoured_theme_counts_and_narrows_nothing(engine, tmp_path):
    for name, theme in (("a", "安全生产工作"), ("b", "信访工作")):
        text = f"云溪镇2023年{theme}总结\n一、主要工作\n（一）抓落实。{theme}方面，走访商户并记下诉求，逐件答复。\n"
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    assert add(tmp_path).documents == 2
    with opened() as retriever:
        for theme in ("安全生产", "信访"):
            first, second = retriever.search(Query(text="走访商户", favoured_theme=theme))
            assert theme in first.text
            assert theme not in second.text
        found = retriever.search(Query(text="并无此词", favoured_theme="信访", limit=1))
        assert ["信访" in passage.text for passage in found] == [True]


@fake_only
def test_a_broken_run_is_done_again_by_the_next(engine, folder):
    add(folder)
    name = os.environ["OPENSEARCH_INDEX"]
    (folder / "抗旱.txt").write_text(DROUGHT + "增补一段。\n", "utf-8")
    # the run dies behind the documents, before the sources' records
    asked = engine.answer

    def dies(method, path, params, text):
        if path == "/_bulk" and "-sources" in text:
            raise ConnectionResetError
        return asked(method, path, params, text)

    engine.answer = dies
    with pytest.raises(CorpusError, match="连不上"):
        add(folder)
    engine.answer = asked
    (folder / "抗旱.txt").write_text(DROUGHT, "utf-8")  # even back to what the index once knew
    assert add(folder).added == 1
    texts = [record["body"] for record in engine.indexes[f"{name}-documents"].shown.values()]
    assert len(texts) == 3
    assert not any("增补一段" in text for text in texts)


@fake_only
def test_what_the_server_refuses_is_named_and_tried_again(engine, folder):
    engine.refuses = "送水队4支"
    report = add(folder)
    ((path, why),) = report.skipped
    assert path.name == "抗旱.txt"
    assert "没有收下" in why
    assert "mapper_parsing_exception" in why
    assert report.added == 2
    engine.refuses = ""
    assert (add(folder).added, add(folder).unchanged) == (1, 3)


@fake_only
def test_much_is_sent_in_pieces(engine, folder, monkeypatch):
    monkeypatch.setattr(intake, "BATCH_FILES", 1)
    monkeypatch.setattr(intake, "CHUNK", 2)
    monkeypatch.setattr(intake, "PAGE", 2)
    monkeypatch.setattr(intake, "SLICE", 2)
    assert add(folder).added == 3
    assert max(len(body) for _, path, body in engine.asked if path == "/_bulk") == 4  # two records
    assert add(folder).unchanged == 3


@fake_only
def test_another_version_of_drafter_reads_again(engine, folder, monkeypatch):
    add(folder)
    monkeypatch.setattr(intake, "VERSION", "drafter 99")
    assert add(folder).added == 3


# --- searching ----------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(engine, folder):
    with opened(folder) as retriever:
        yield retriever


SEEK = "隐患 整改 资金 管道 设备"


@pytest.mark.parametrize(
    ("wanted", "fit"),
    [
        ({"role": "problem"}, lambda p, d: p.role == "problem"),
        ({"theme": "防汛"}, lambda p, d: "防汛" in d.title),
        ({"theme": "防汛 备汛"}, lambda p, d: "防汛备汛" in d.title),
        ({"topic": "抢险物资"}, lambda p, d: "抢险物资" in p.topic),
        ({"topic": "隐患"}, lambda p, d: any("隐患" in heading for heading in p.heading)),
        ({"organization": "竹溪镇"}, lambda p, d: d.organization.endswith("竹溪镇")),
        ({"organization": "安澜县竹溪镇"}, lambda p, d: d.organization.endswith("竹溪镇")),
        ({"period": "2023年"}, lambda p, d: "2023年" in d.period),
        ({"period": "2023年1-6月"}, lambda p, d: d.period == "2023年上半年"),
        ({"period": "2022年1月至2023年12月"}, lambda p, d: True),
        ({"role": "plan", "period": "2022年"}, lambda p, d: p.role == "plan" and d.period == "2022年"),
    ],
)
def test_a_filter_narrows_and_filling_follows_behind(filled, wanted, fit):
    documents = {document.id: document for document in filled.documents()}

    def fitting(passages):
        return [fit(passage, documents[passage.document]) for passage in passages]

    text = f"{SEEK} 抢险物资 抗旱 防汛 安全生产"
    alone = filled.search(Query(text=text, limit=9, per_document=9, fill=False, **wanted))
    assert alone
    assert all(fitting(alone))
    more = filled.search(Query(text=text, limit=9, per_document=9, **wanted))
    assert [passage.id for passage in more[: len(alone)]] == [passage.id for passage in alone]
    assert not any(fitting(more[len(alone) :]))
    assert [passage.score for passage in more] == sorted((p.score for p in more), reverse=True)


@pytest.mark.parametrize(
    "wanted",
    [
        {"theme": "防汛抗旱"},
        {"topic": "招商引资"},
        {"organization": "溪镇"},
        {"organization": "竹溪镇柳湾村"},
        {"period": "2021年"},
        {"period": "2023年5月"},  # no report lies within it
        {"period": "近年来"},
    ],
)
def test_what_nothing_fits_finds_nothing_unless_filled(filled, wanted):
    assert filled.search(Query(text=SEEK, fill=False, **wanted)) == []
    assert filled.search(Query(text=SEEK, **wanted))


def test_excluded_documents_give_nothing_also_when_filling(filled):
    first = filled.search(Query(text=SEEK))[0].document
    found = filled.search(Query(text=SEEK, role="problem", limit=20, per_document=20, exclude=(first,)))
    assert found
    assert first not in {passage.document for passage in found}


def test_limit_and_spread_over_documents(filled):
    assert len(filled.search(Query(text=SEEK, limit=2))) == 2
    found = [passage.document for passage in filled.search(Query(text=SEEK, limit=9, per_document=1))]
    assert len(found) == len(set(found)) == 3
    many = filled.search(Query(text=SEEK, limit=9, per_document=3))
    assert len({passage.document for passage in many}) > 1
    assert max([p.document for p in many].count(document) for document in {p.document for p in many}) <= 3


def test_results_reach_behind_many_passages_of_one_report(engine, tmp_path):
    """The first hits may all be of one report, or alike."""
    parts = "".join(
        f"（{n}）抽水机抢修。抽水机抽水机第{n}处，{chr(0x4E00 + n * 37) * 90}。\n" for n in range(1, 60)
    )
    (tmp_path / "long.txt").write_text(f"竹溪镇2023年防汛工作总结\n一、主要做法\n{parts}", "utf-8")
    (tmp_path / "short.txt").write_text(FLOOD, "utf-8")
    with opened(tmp_path) as retriever:
        found = retriever.search(Query(text="抽水机", limit=3, per_document=1))
        assert len({passage.document for passage in found}) == 2


def test_a_limit_beyond_what_a_server_gives_at_once(filled):
    assert len(filled.search(Query(text=SEEK, limit=3_000, per_document=3_000))) > 5
    assert len(filled.containing("抽水机", limit=3_000)) == 2


@pytest.mark.parametrize("text", ["", "2023", "　，。"])
def test_a_query_without_words_finds_nothing(filled, text):
    assert filled.search(Query(text=text)) == []


def test_what_is_typed_is_never_read_as_a_query_language(filled):
    for text in ('text:"抽水机" OR *', "抽水机 AND (", '{}\\"抽水机', "/抽水机/~2"):
        assert "抽水机" in filled.search(Query(text=text, theme='*"', topic="?*", fill=True))[0].text


def test_a_string_is_found_exactly(filled):
    (passage,) = filled.containing("备编织袋4500条、救生衣80件")
    assert "编织袋〔数〕条" in passage.masked
    assert filled.containing("编织袋救生衣") == []
    assert filled.containing("备编织袋 4500条") == []
    assert filled.containing("  ") == []
    both = filled.containing("抽水机")
    assert len({passage.document for passage in both}) == len(both) == 2


def test_a_string_outside_the_passages_is_found_by_its_line(filled):
    named = {document.id: document for document in filled.documents()}
    (title,) = filled.containing("防汛备汛工作情况汇报")
    assert title.text == "安澜县竹溪镇2023年上半年防汛备汛工作情况汇报"
    assert title.id == title.document in named
    long = (
        "把防汛备汛摆在突出位置，早部署、早排查、早整改，全镇安全度汛。现将有关情况汇报如下。一、主要工作情况"
    )
    assert filled.containing(long) == []  # a line ends in it


def test_documents_come_whole_and_in_order(filled, monkeypatch):
    monkeypatch.setattr("drafter_opensearch.retriever.PAGE", 2)
    documents = filled.documents()
    assert [Path(document.source).stem for document in documents] == sorted(["安全", "抗旱", "防汛"])
    assert {document.period for document in documents} == {"2023年", "2022年", "2023年上半年"}
    flood = next(document for document in documents if "防汛" in document.title)
    assert "救生衣80件" in flood.text


def test_set_phrases_are_learnt_from_what_is_there(engine, tmp_path):
    for town in ("竹溪镇", "白石乡", "青禾镇"):
        text = f"{town}2023年治理工作总结\n一、主要做法\n{town}推行“三长制”，落实“三长制”责任，群众满意。\n"
        (tmp_path / f"{town}.txt").write_text(text, "utf-8")
    with opened(tmp_path) as retriever:
        assert any("三长制" in phrase for phrase in retriever.phrases)


def test_the_local_retriever_finds_the_same(engine, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DRAFTER_CACHE_DIR", str(tmp_path / "cache"))
    queries = [Query(text="抽水机 编织袋"), Query(text="安全生产 隐患排查"), Query(text="老化管道 资金缺口")]
    with opened(folder) as ours, drafter.open_corpus(folder) as local:
        for query in queries:
            assert ours.search(query)[0].text == local.search(query)[0].text
            assert ours.search(query)[0].masked == local.search(query)[0].masked


def test_a_report_that_has_just_left_the_index_shows_no_passage(filled):
    """Its names would not be known, and a prompt would show them."""
    server = connect()
    body = {"query": {"match_all": {}}}
    server.ask(lambda client: client.delete_by_query(index=server.name("documents"), body=body))
    server.refresh()
    server.close()
    assert filled.search(Query(text=SEEK)) == []


@fake_only
def test_the_requests_are_what_both_engines_understand(engine, filled):
    engine.asked.clear()
    query = Query(
        text="抽水机", role="done", theme="防汛", topic="物资", organization="竹溪镇", period="2023年"
    )
    filled.search(query.model_copy(update={"exclude": ("d1",), "fill": False}))
    method, path, body = engine.asked[0]
    assert (method, path.partition("?")[0].rpartition("-")[2]) == ("POST", "passages/_search")
    assert body["query"]["bool"]["filter"] == [
        {"term": {"role": "done"}},
        {"match_phrase": {"place": "物 资"}},
        {"match_phrase": {"about": "防 汛"}},
        {
            "bool": {
                "should": [{"term": {"organizations": "竹溪镇"}}, {"terms": {"organization": ["竹溪镇"]}}],
                "minimum_should_match": 1,
            }
        },
        {"range": {"first": {"gte": 202301}}},
        {"range": {"last": {"lte": 202312}}},
    ]
    assert body["query"]["bool"]["must_not"] == [{"terms": {"document": ["d1"]}}]


def test_the_names_of_an_organisation():
    assert mapping.names_of("安澜县竹溪镇") == ["安澜县竹溪镇", "竹溪镇"]
    assert mapping.names_of("青州省东平市安澜县竹溪镇")[-1] == "竹溪镇"
    assert mapping.names_of("竹溪镇柳湾村") == ["竹溪镇柳湾村", "柳湾村"]
    assert mapping.names_of("竹溪镇") == ["竹溪镇"]
    assert mapping.names_of("市场监督管理局") == ["市场监督管理局"]
    assert mapping.names_of("") == []
    assert filters(Query(text="x")) == []


# --- faults -------------------------------------------------------------------------------------------------------

BUSY = error_body(429, "es_rejected_execution_exception", "rejected execution of coordinating operation")
DENIED = error_body(
    403, "security_exception", "no permissions for [indices:data/read/search] and User [name=leser]"
)
BLOCKED = error_body(
    403,
    "cluster_block_exception",
    "index [x] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];",
)


@fake_only
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(401, "Unauthorized")], "用户名或口令不对"),
        (
            [(403, DENIED)],
            r"没有权限（403，security_exception: no permissions for \[indices:data/read/search\]",
        ),
        ([(403, BLOCKED)], "磁盘将满"),
        (
            [(404, error_body(404, "index_not_found_exception", "no such index [x]"))],
            "drafter_opensearch add",
        ),
        ([(409, error_body(409, "version_conflict_engine_exception", "x"))], "另有程序"),
        ([(413, "too large")], "请求上限"),
        ([(429, BUSY)] * 2, r"服务器忙或还没有就绪（429.*试了 2 次"),
        (
            [(503, error_body(503, "cluster_block_exception", "state not recovered / initialized"))] * 2,
            "还没有就绪（503",
        ),
        ([(502, "<html>bad gateway</html>")] * 2, "502"),
        (
            [(400, error_body(400, "parsing_exception", "unknown query [x]"))],
            r"不接受这个请求（400，parsing_exception",
        ),
        ([(302, "moved")], "不接受这个请求（302"),
        ([(200, "<html>hello</html>")], "答复看不懂"),
        ([(200, {})], "答复看不懂"),
        ([(200, {"hits": {"hits": [{"_source": {}}]}})], "答复看不懂"),
        ([(200, [])], "答复看不懂"),
        ([(500, [1])], "答复看不懂"),
    ],
)
def test_a_fault_is_one_line_with_the_way_out(engine, filled, answers, said, capfd):
    engine.scripted = list(answers)
    with pytest.raises(CorpusError, match=said) as caught:
        filled.search(Query(text="抽水机"))
    assert str(caught.value).startswith("http://127.0.0.1:")
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert capfd.readouterr() == ("", "")


@fake_only
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(engine, filled, status):
    engine.scripted = [(status, BUSY)]
    assert filled.search(Query(text="抽水机"))


@fake_only
def test_a_busy_server_is_sent_the_reports_again(engine, folder):
    add(folder)
    (folder / "更多.txt").write_text(FLOOD.replace("竹溪", "青禾"), "utf-8")
    asked, busy = engine.answer, [503]

    def answer(method, path, params, text):
        return (busy.pop(), BUSY) if path == "/_bulk" and busy else asked(method, path, params, text)

    engine.answer = answer
    assert add(folder).added == 1


@fake_only
@pytest.mark.parametrize("kind", mapping.KINDS)
def test_a_delete_whose_answer_was_lost_is_made_again(engine, folder, kind):
    add(folder)
    (folder / "抗旱.txt").unlink()
    asked, lost = engine.answer, [True]

    def answer(method, path, params, text):
        done = asked(method, path, params, text)
        return (504, "lost") if path.endswith(f"{kind}/_delete_by_query") and lost and lost.pop() else done

    engine.answer = answer
    assert add(folder).removed == 1
    assert lost == []


@fake_only
def test_records_that_a_delete_left_are_named(engine, folder):
    add(folder)
    (folder / "抗旱.txt").unlink()
    asked = engine.answer

    def answer(method, path, params, text):
        if path.endswith("_delete_by_query"):
            return 200, {"deleted": 0, "failures": [{"status": 500}]}
        return asked(method, path, params, text)

    engine.answer = answer
    with pytest.raises(CorpusError, match="没能从索引"):
        add(folder)


def nobody():
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_server_that_is_away(monkeypatch, capfd):
    monkeypatch.setenv("OPENSEARCH_URL", f"http://127.0.0.1:{nobody()}")
    with pytest.raises(
        CorpusError, match=r"连不上（Connection refused）；请确认服务器已启动.*OPENSEARCH_URL"
    ):
        opened()
    assert capfd.readouterr() == ("", "")


def test_a_server_that_never_answers(monkeypatch):
    monkeypatch.setattr(connection, "TIMEOUT", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("OPENSEARCH_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(CorpusError, match="没有及时答复"):
            opened()


@fake_only
def test_https_where_http_is_spoken(engine, monkeypatch):
    monkeypatch.setenv("OPENSEARCH_URL", os.environ["OPENSEARCH_URL"].replace("http:", "https:"))
    with pytest.raises(CorpusError, match=r"证书核对不过|连不上"):
        opened()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"URL": "localhost:9200"}, "OPENSEARCH_URL：应是 http"),
        ({"URL": "ftp://a"}, "OPENSEARCH_URL：应是 http"),
        ({"URL": "http://a:b"}, "OPENSEARCH_URL：应是 http"),
        ({"URL": "http://[::1"}, "OPENSEARCH_URL：应是 http"),
        ({"URL": "http://leser:geheim@a"}, "地址里不要写用户名和口令"),
        ({"INDEX": "Drafter"}, "“Drafter”不能作索引名"),
        ({"INDEX": "a,b"}, "不能作索引名"),
        ({"INDEX": "_all"}, "不能作索引名"),
        ({"USERNAME": "leser"}, "OPENSEARCH_PASSWORD：没有设置"),
        ({"PASSWORD": "geheim"}, "OPENSEARCH_USERNAME：没有设置"),
        ({"CA": "/no/such.pem"}, "找不到证书文件 /no/such.pem"),
    ],
)
def test_a_wrong_variable_is_named(variables, said):
    with pytest.raises(SettingsError, match=said) as caught:
        place({f"OPENSEARCH_{name}": value for name, value in variables.items()})
    assert "geheim" not in str(caught.value)


@fake_only
def test_name_and_password_go_to_the_server_and_nowhere_else(engine, folder, monkeypatch, capfd):
    monkeypatch.setenv("OPENSEARCH_USERNAME", "镇办")
    monkeypatch.setenv("OPENSEARCH_PASSWORD", "口令:geheim")
    with opened(folder) as retriever:
        assert engine.headers[-1]["authorization"] == "Basic 6ZWH5YqeOuWPo+S7pDpnZWhlaW0="
        assert "geheim" not in repr(retriever.server.place)
        engine.scripted = [(401, "Unauthorized: 口令:geheim")]
        with pytest.raises(CorpusError) as caught:
            retriever.search(Query(text="抽水机"))
    assert "geheim" not in str(caught.value)
    assert "geheim" not in "".join(capfd.readouterr())
    assert not any("geheim" in str(asked) for asked in engine.asked)


@fake_only
def test_nothing_is_asked_of_a_redirect(engine, filled):
    """A redirect would carry the password, and the query, elsewhere."""
    engine.asked.clear()
    engine.scripted = [(307, "elsewhere")]
    with pytest.raises(CorpusError, match="307"):
        filled.search(Query(text="抽水机"))
    assert len(engine.asked) == 1


# --- the indexes --------------------------------------------------------------------------------------------------


def test_without_an_index_it_says_how_to_make_one(engine):
    with pytest.raises(CorpusError, match=r"还没有索引 .*python -m drafter_opensearch add"):
        opened()


def test_an_index_of_another_version_is_left_alone_and_named(engine, folder, monkeypatch):
    add(folder)
    monkeypatch.setattr(connection, "FORMAT", 2)
    monkeypatch.setattr(mapping, "FORMAT", 2)
    for again in (lambda: opened(), lambda: opened(folder)):
        with pytest.raises(
            CorpusError, match=r"另一版本建的（1，现需 2）；请用 python -m drafter_opensearch add --fresh"
        ):
            again()
    assert main(["add", "--fresh", str(folder)]) == 0
    with opened() as retriever:
        assert len(retriever.documents()) == 3


def test_an_index_of_somebody_else_is_never_touched(engine, folder, capsys):
    server = connect()
    name = server.name("documents")
    server.ask(lambda client: client.indices.create(index=name, body={"mappings": {"properties": {}}}))
    with pytest.raises(CorpusError, match="不是 drafter 建的索引"):
        opened(folder)
    assert main(["add", "--fresh", str(folder)]) == 2
    assert "没有动它" in capsys.readouterr().err
    assert server._existing().keys() == {"documents"}
    server.close()


def test_an_index_that_lost_a_part_is_named(engine, folder):
    add(folder)
    server = connect()
    server.ask(lambda client: client.indices.delete(index=server.name("passages")))
    server.close()
    with pytest.raises(CorpusError, match=r"索引不全，缺 \S+-passages；.*--fresh"):
        opened(folder)


# --- the command, and drafter itself ------------------------------------------------------------------------------


def test_the_command_fills_and_tells(engine, folder, capsys):
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02" * 50)
    assert main(["add", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "坏.txt 没有收进" in said
    assert "新收进 3 个文件，未变 0 个，移除 0 个，跳过 1 个" in said
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert "报告：3" in out
    assert "文件：4，其中没有收进的 1" in out


@pytest.mark.parametrize(
    ("arguments", "said"), [(["add"], "PATH"), (["ad"], "ad"), (["status", "--x"], "--x")]
)
def test_a_wrong_command_line_is_one_line(arguments, said, capsys):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


@fake_only
def test_the_command_prints_no_trace(tmp_path):
    environ = {
        **os.environ,
        "OPENSEARCH_URL": f"http://127.0.0.1:{nobody()}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "drafter_opensearch", "status"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("错误：http://127.0.0.1:")
    assert done.stderr.count("\n") == 1


LEDGER = {
    "organization": "柳河镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "facts": [{"id": "f1", "topic": "物资储备", "text": "备编织袋3100条、抽水机4台"}],
}


def test_drafter_drafts_with_it_with_paths_and_without(engine, folder):
    registry = load_registry(["drafter_opensearch"], entry_points=False)
    assert registry.problems == []
    settings = Settings(retriever="opensearch")
    report = drafter.draft(LEDGER, corpus=folder, settings=settings, registry=registry)
    assert "备编织袋3100条" in report.text
    asked = []

    class Asked:
        name = "asked"

        async def write(self, request):
            asked.append(request.messages[-1]["content"])
            return drafter.Reply(text="".join(f"{fact.text}。" for fact in request.facts) or "全镇安全度汛。")

    drafter.draft(LEDGER, writer=Asked(), settings=settings, registry=registry)
    assert any("编织袋〔数〕条" in prompt for prompt in asked)


def test_without_a_corpus_the_local_retriever_is_not_asked():
    from drafter.drafting import open_retriever

    assert open_retriever(None, Settings(), load_registry(entry_points=False)) is None
