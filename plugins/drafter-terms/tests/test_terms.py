"""What the check finds, when, and what it leaves alone."""

import drafter
import pytest
from drafter import Settings
from drafter.plugins import load_registry

from drafter_terms import TermsError, load_terms, read_terms

REGISTRY = load_registry(["drafter_terms"], entry_points=False)


def findings(text, period="2024年上半年", facts=("开展检查9次",), registry=REGISTRY, **header):
    ledger = {
        "organization": "竹溪镇",
        "period": period,
        "theme": "安全生产工作",
        "facts": [*facts],
        **header,
    }
    return drafter.check(text, ledger, only=["terms"], settings=Settings(), registry=registry).findings


def test_nothing_about_it_is_broken():
    assert REGISTRY.problems == []


def test_a_deprecated_term_is_found_in_its_place_with_what_replaces_it():
    text = "会同县安监局开展检查9次。"
    (found,) = findings(text)
    assert (found.code, found.severity) == ("terms.deprecated", "warning")
    assert text[found.start : found.end] == "安监局"
    assert found.suggestion == "应急管理局"
    assert "2019-04" in found.message


@pytest.mark.parametrize(
    ("period", "date", "found"),
    [
        ("2018年上半年", "2024-07-01", False),  # the period is what the report tells of
        ("2019年一季度", "", False),
        ("2019年1-4月", "", True),
        ("2019年", "", True),
        ("本届任期", "2018-12-31", False),  # no year in the period: the date
        ("本届任期", "2019-05-01", True),
        ("本届任期", "", True),  # nothing says when: today's words are wanted
    ],
)
def test_a_term_counts_only_from_its_date(period, date, found):
    assert bool(findings("会同县安监局开展检查。", period, date=date)) is found


@pytest.mark.parametrize(
    "text",
    [
        "会同县应急管理局开展检查9次。",
        "原安监局的档案已移交。",
        "原青河县安监局的档案已移交。",
        "印发《关于做好新农合工作的通知》。",
        "走访非贫困村3个。",
        "参加城乡居民基本医疗保险。",
    ],
)
def test_what_is_rightly_said_is_left_alone(text):
    assert findings(text) == []


def test_the_longer_of_two_terms_counts():
    assert [found.text for found in findings("到县国土资源部门办理。")] == ["国土资源部门"]


def test_a_replacement_that_was_replaced_in_turn_is_followed():
    assert findings("县扶贫办", "2022年")[0].suggestion == "乡村振兴局"
    assert findings("县扶贫办", "2025年")[0].suggestion == "农业农村局"


def test_the_ledgers_own_wording_is_named_to_be_mended_there():
    (found,) = findings("会同安监局开展检查9次。", facts=[{"id": "f1", "text": "会同安监局开展检查9次"}])
    assert [evidence.fact for evidence in found.evidence] == ["f1"]
    assert "台账 f1" in found.message


def test_an_office_has_its_own_list_in_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "drafter-terms.tsv").write_text(
        "便民中心\t便民服务中心\t2023\n安监局\t安监局\t2019\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    own = load_registry(["drafter_terms"], entry_points=False)
    text = "便民中心与便民服务中心、安监局、卫计局。"
    assert [found.text for found in findings(text, registry=own)] == ["便民中心", "卫计局"]


@pytest.mark.parametrize(
    ("row", "said"),
    [("安监局\t应急管理局", "第 1 行"), ("a\tb\t2019年4月", "2019年4月"), ("a b 2019", "Tab")],
)
def test_a_row_that_cannot_be_read_is_named_with_its_place(row, said):
    with pytest.raises(TermsError, match=said):
        read_terms(row, "own.tsv")


def test_a_list_that_cannot_be_read_leaves_the_check_out_and_says_why(tmp_path, monkeypatch):
    (tmp_path / "drafter-terms.tsv").write_text("安监局\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    registry = load_registry(["drafter_terms"], entry_points=False)
    assert "terms" not in registry.checks
    assert "drafter-terms.tsv 第 1 行" in registry.problems[0]


def test_the_list_that_comes_along_has_no_term_twice():
    terms = [term.term for term in load_terms()]
    assert len(terms) == len(set(terms)) > 20
