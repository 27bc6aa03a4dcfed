"""What a title says a report is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus import documents_of
from drafter.corpus.themes import theme_of


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("松坪镇2023年上半年安全生产工作总结", "安全生产"),
        ("关于清江乡2022年落实河长制工作责任制情况的报告", "河长制工作责任制"),
        ("松坪镇人民政府关于2021年防汛抗旱工作情况的报告", "防汛抗旱"),
        ("中共松坪镇委员会关于2023年巡察整改进展情况的通报", "巡察整改"),
        ("关于开展消防大检查的情况汇报", "消防大检查"),
        ("关于进一步加强路长制工作的实施方案", "路长制"),
        ("村级集体经济发展情况调研报告", "集体经济发展"),
        ("2023年度党委书记抓基层党建工作述职报告", "基层党建"),
        ("在全县护林防火现场会上的发言材料", "护林防火"),
        ("XX县**镇二〇二二年禁毒工作小结", "禁毒"),
        ("某某镇一季度信访维稳工作汇报（讨论稿）", "信访维稳"),
        ("# 榆关街道2024年1-6月养老服务工作总结", "养老服务"),
        ("2024年上半年群众工作情况", "群众工作"),
        ("乡村旅游工作思路", "乡村旅游"),
        ("街道文化活动总结", "文化活动"),
        ("工作总结", ""),
        ("2023年工作总结及2024年工作计划", ""),
        ("榆关街道二〇二二年工作总结", ""),
        ("乡镇半年工作情况汇报三篇", ""),
        ("述职报告", ""),
        ("", ""),
    ],
)
def test_the_theme_is_the_title_without_whose_when_and_what_paper(title: str, theme: str) -> None:
    assert theme_of(title) == theme


def test_a_document_knows_its_theme() -> None:
    (document,) = documents_of(
        "松坪镇2021年上半年防汛工作总结\n全镇巡堤四十二次，堤上日夜有人，没有一处险情。", "a.txt"
    )
    assert (document.theme, document.organization, document.period) == ("防汛", "松坪镇", "2021年上半年")


@given(st.text(alphabet="关于的工作总结汇报情况镇乡松坪2021年上半年度防汛和与及XX*（）《》、 ", max_size=60))
def test_a_theme_stands_in_its_title_or_is_empty(title: str) -> None:
    theme = theme_of(title)
    assert len(theme) != 1
    assert set(theme) <= set(title)
