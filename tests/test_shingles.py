"""Runs of words that two texts share, and fingerprints that lead from one to the other."""

from __future__ import annotations

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus.shingles import SURE, HanText, fingerprints, runs_between, shared_runs

HAN = "山水田林路桥村镇街巷河塘坝渠堰灯井站院屋门窗车船油盐米面茶果树花草鱼虾猪牛羊鸡鸭稻麦豆薯瓜菜棉麻桑蚕"
TOLD = "枫桥镇把垃圾分类的事交给老党员牵头，每周六早上挨家挨户看一遍桶，分得好的贴笑脸，分得不好的当场教。"
SAME = "镇里把垃圾分类的事交给老党员牵头，每周六早上挨家挨户看一遍桶，分得好的家庭发肥皂。"


def test_a_shared_run_is_given_in_both_texts() -> None:
    (run,) = shared_runs(TOLD, SAME)
    assert TOLD[run.start : run.end] == "把垃圾分类的事交给老党员牵头，每周六早上挨家挨户看一遍桶，分得好的"
    assert SAME[run.other_start : run.other_end] == TOLD[run.start : run.end]
    assert run.exact
    assert run.same == 31


def test_marks_and_figures_between_do_not_count() -> None:
    text = "全年开展巡河护河行动4200次，清理水面漂浮物，修补破损河堤。"
    other = "全年，开展巡河护河行动（318次），清理水面漂浮物；修补破损河堤！"
    (run,) = shared_runs(text, other)
    assert (run.exact, run.same) == (True, 24)
    assert other[run.other_start : run.other_end].endswith("修补破损河堤")


def test_small_edits_keep_a_run_together_and_large_ones_divide_it() -> None:
    small = TOLD.replace("交给老党员", "托付老党员").replace("分得不好的", "分得差的")
    (run,) = shared_runs(small, TOLD)
    assert not run.exact
    assert small[run.start : run.end] == small.rstrip("。")
    assert run.same == len(re.sub("[，。]", "", small)) - len("托付差")
    large = TOLD.replace("每周六早上", "到了月底再由村里的三名网格员和两名志愿者一起")
    runs = shared_runs(large, TOLD, least=15)
    assert [large[run.start : run.end][:4] for run in runs] == ["枫桥镇把", "挨家挨户"]


def test_what_is_shorter_than_asked_for_is_left_out() -> None:
    assert shared_runs("现将有关情况汇报如下：今年收成好。", "现将有关情况汇报如下：去年收成差。") == []
    assert shared_runs("", TOLD) == shared_runs(TOLD, "") == []


def test_a_refrain_in_both_texts_takes_no_quadratic_time() -> None:
    refrain = "加强组织领导压实工作责任" * 400
    (run, *_) = shared_runs(refrain, refrain)
    assert run.same >= 20


def test_much_that_differs_is_no_small_edit() -> None:
    """As long as what follows is short beside what differs, the texts are two that sound alike."""
    other = TOLD.replace("挨家挨户", "三人一组从东往西").replace("一遍桶", "看三遍桶")
    run, behind = shared_runs(TOLD, other, least=15)
    assert TOLD[run.start : run.end].endswith("每周六早上")
    assert TOLD[behind.start : behind.end].startswith("遍桶")


def test_places_limit_where_runs_are_looked_for() -> None:
    text, other = HanText(TOLD), HanText(SAME)
    (whole,) = runs_between(text, other)
    assert runs_between(text, other, places=[text.han_place(TOLD.index("每周六"))]) == [whole]
    assert runs_between(text, other, places=[text.han_place(TOLD.index("枫桥镇"))]) == []


@given(st.text(max_size=200))
def test_places_of_han_characters_are_theirs(text: str) -> None:
    han = HanText(text)
    for at, character in enumerate(han.han):
        assert text[han.place(at)] == character
        assert han.han_place(han.place(at)) == at


@given(st.integers(0, 2**32), st.integers(0, 60), st.integers(0, 60))
def test_a_run_of_sure_length_shares_a_fingerprint(seed: int, before: int, behind: int) -> None:
    chance = random.Random(seed)
    run = "".join(chance.choices(HAN, k=SURE))
    texts = [
        "".join(chance.choices(HAN, k=before)) + run + "".join(chance.choices(HAN, k=behind))
        for _ in range(2)
    ]
    assert set(fingerprints(texts[0])) & set(fingerprints(texts[1]))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_are_compared_and_runs_are_true(text: str, other: str) -> None:
    fingerprints(text)
    for run in shared_runs(text + other, other + text, least=8):
        if run.exact:
            cut = [
                "".join(letter for letter in piece if "㐀" <= letter <= "鿿")
                for piece in (
                    (text + other)[run.start : run.end],
                    (other + text)[run.other_start : run.other_end],
                )
            ]
            assert cut[0] == cut[1]
            assert len(cut[0]) == run.same


def test_unrelated_texts_share_nothing() -> None:
    chance = random.Random(3)
    texts = ["".join(chance.choices(HAN, k=2000)) for _ in range(2)]
    assert shared_runs(*texts) == []
