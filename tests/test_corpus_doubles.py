"""One report in several files is kept once, with all its sources; another edition or another office's is another report."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.corpus import Corpus, open_store
from drafter.corpus.duplicates import bands, same_report
from drafter.passages import Document, Query

REPORT = """枫桥镇2023年农村饮水安全工作总结
2023年，枫桥镇把群众喝上放心水作为头等大事，稳步推进各项工作。现将情况汇报如下：
一、主要做法
（一）改造老旧管网。投入186万元更换主管道12.4公里，新装水表1630只，渗漏率从27%降到11%，高山上的三个组第一次用上自来水。
（二）守住水质关口。镇里和六座水厂签订责任书，每月取水样18份送检，合格率98.6%，检测结果贴在村务公开栏。
（三）管好用水账目。推行先充值后用水，设立维修基金，管水员由村民推选，工资从水费里出，账目每季度公开一次。
二、存在的问题
枯水期两座水厂取水困难，管水员年纪偏大，抢修要到县里请人。
三、下一步打算
新建备用水源地2处，培训年轻管水员15名，争取抢修不出镇。
枫桥镇人民政府
2023年12月20日
"""
FRAMED = f"当前位置：首页 > 工作总结 > 农村饮水\n{REPORT}\n上一篇：下乡见闻\n版权所有 某某网站\n"
REPRINT = REPORT.replace("稳步推进各项工作", "各项工作稳步推进").replace("第一次用上", "头一回用上")
NEXT_YEAR = (
    REPORT.replace("2023", "2024")
    .replace("186", "240").replace("12.4", "9.8").replace("1630", "2210").replace("27%", "11%")
    .replace("降到11%", "降到8%").replace("18份", "22份").replace("98.6%", "99.1%").replace("15名", "9名")
)  # fmt: skip
ELSEWHERE = REPORT.replace("枫桥镇", "槐荫镇")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "报告"
    folder.mkdir()
    for name, text in (("甲", REPORT), ("乙", REPORT), ("丙", FRAMED), ("丁", REPRINT)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def found(corpus: Corpus) -> list[str]:
    return [passage.document for passage in corpus.search(Query(text="改造老旧管网更换主管道", fill=False))]


def test_copies_reprints_and_framed_pages_are_one_report_with_all_its_sources(
    files: Path, tmp_path: Path
) -> None:
    with open_store(tmp_path / "store") as corpus:
        report = corpus.add([files])
        assert (report.added, report.documents) == (4, 4)
        (kept,) = corpus.listed()
        assert sorted(Path(source).stem for source in kept.sources) == ["丁", "丙", "乙", "甲"]
        assert corpus.document(kept.id).sources == kept.sources
        stats = corpus.stats()
        assert (stats.documents, stats.doubles, stats.sources) == (1, 3, 4)
        assert set(found(corpus)) == {kept.id}
        assert corpus.add([files]).unchanged == 4


def test_when_the_kept_file_goes_the_next_takes_its_place(files: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([files])
        for left in (3, 2, 1):
            (kept,) = corpus.listed()
            Path(kept.sources[0]).unlink()
            assert corpus.add([files]).removed == 1
            (heir,) = corpus.listed()
            assert len(heir.sources) == left
            assert heir.id != kept.id
            assert set(found(corpus)) == {heir.id}
        Path(corpus.listed()[0].sources[0]).unlink()
        corpus.add([files])
        assert corpus.listed() == []
        assert found(corpus) == []


def test_a_changed_double_becomes_a_report_of_its_own(files: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([files])
        (files / "乙.txt").write_text(NEXT_YEAR, encoding="utf-8")
        corpus.add([files])
        assert sorted(one.period for one in corpus.listed()) == ["2023年", "2024年"]
        corpus.remove(next(one.id for one in corpus.listed() if one.period == "2023年"))
        assert [one.period for one in corpus.listed()] == ["2024年"]
        assert corpus.add([files]).unchanged == 4
        assert corpus.stats().documents == 1


def test_another_edition_and_another_office_are_other_reports(tmp_path: Path) -> None:
    def document(text: str, organization: str, period: str) -> Document:
        return Document(id="d", organization=organization, period=period, text=text)

    own = document(REPORT, "枫桥镇", "2023年")
    assert same_report(own, document(REPRINT, "", ""))
    assert not same_report(own, document(NEXT_YEAR, "枫桥镇", "2024年"))
    assert not same_report(own, document(NEXT_YEAR, "枫桥镇", ""))  # the figures tell
    assert not same_report(own, document(ELSEWHERE, "槐荫镇", "2023年"))
    assert set(bands(REPORT)) & set(bands(REPRINT))
    assert bands("一句话。") == []


def test_a_file_that_moved_is_the_same_report(files: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as corpus:
        corpus.add([files])
        (files / "新").mkdir()
        for name in "甲乙丙丁":
            (files / f"{name}.txt").rename(files / "新" / f"{name}.txt")
        report = corpus.add([files])
        assert (report.added, report.removed) == (4, 4)
        assert len(corpus.listed()) == 1
        assert found(corpus)
