from __future__ import annotations

import hashlib
import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from drafter.prompting import budget
from drafter.prompting.budget import ENOUGH, FRAME, MARGIN, REQUEST, TokenCounter
from drafter.prompting.reported import LEAST, Cut
from tests import record_cassettes as tapes

Messages = list[dict[str, str]]

PROSE = "全镇上下认真落实上级部署，扎实开展便民服务工作，群众满意度不断提高。"


def chat(*texts: str) -> Messages:
    return [{"role": "user", "content": text} for text in texts]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def small_encoding() -> tiktoken.Encoding:
    """A real encoding: every byte a token, and the merges up to 便民."""
    ranks = {bytes([code]): code for code in range(256)}
    for merged in ("便".encode()[:2], "便".encode(), "民".encode()[:2], "民".encode(), "便民".encode()):
        ranks[merged] = len(ranks)
    return tiktoken.Encoding("small", pat_str=r"[\s\S]+", mergeable_ranks=ranks, special_tokens={})


@given(st.lists(st.text(max_size=60), max_size=5))
def test_without_a_table_the_count_is_never_below_the_bytes(texts: list[str]) -> None:
    messages = chat(*texts)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    assert TokenCounter("some-local-model").count(messages) >= size + FRAME * len(messages) + REQUEST


@pytest.mark.usefixtures("no_network", "empty_cache")
@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4", "gpt-oss-20b", "gpt2", "davinci", "qwen2.5", ""])
def test_with_an_empty_cache_nothing_opens_a_socket(model: str) -> None:
    counter = TokenCounter(model)
    assert not counter.exact
    assert counter.count(chat(PROSE)) >= len(PROSE.encode())


@pytest.mark.usefixtures("no_network")
def test_a_damaged_table_is_not_used_nor_fetched_anew(empty_cache: Path) -> None:
    name = hashlib.sha1(budget._TABLE_URL.format("o200k_base").encode()).hexdigest()
    (empty_cache / name).write_bytes(b"IQ== 0\n")
    assert not TokenCounter("gpt-4o").exact
    assert (empty_cache / name).exists()


@pytest.mark.usefixtures("no_network")
def test_a_whole_table_in_the_cache_is_used(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = hashlib.sha1(budget._TABLE_URL.format("o200k_base").encode()).hexdigest()
    (empty_cache / name).write_bytes(b"table")
    monkeypatch.setitem(budget._TABLES, "o200k_base", hashlib.sha256(b"table").hexdigest())
    loaded: list[str] = []
    monkeypatch.setattr(tiktoken, "get_encoding", lambda encoding: loaded.append(encoding) or object())
    assert TokenCounter("gpt-4o").exact
    assert loaded == ["o200k_base"]


@pytest.mark.usefixtures("no_network")
def test_the_tables_are_looked_for_where_and_as_tiktoken_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        monkeypatch.delenv(variable, raising=False)
    assert budget._cache_folder() is not None
    monkeypatch.setenv("DATA_GYM_CACHE_DIR", str(tmp_path / "gym"))
    assert budget._cache_folder() == tmp_path / "gym"
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert budget._cache_folder() is None
    from tiktoken_ext import openai_public

    asked: dict[str, str | None] = {}
    monkeypatch.setattr(
        openai_public,
        "load_tiktoken_bpe",
        lambda url, expected_hash=None: asked.update({url: expected_hash}) or {},
    )
    openai_public.cl100k_base()
    openai_public.o200k_base()
    assert asked == {budget._TABLE_URL.format(name): digest for name, digest in budget._TABLES.items()}


def test_an_encoding_counts_its_own_tokens(small_encoding: tiktoken.Encoding) -> None:
    counter = TokenCounter("any", encoding=small_encoding)
    assert counter.exact
    assert counter.count(chat("便民")) == 3 + 3 + len("user") + 1
    assert counter.count(chat("便民", "服务")) == 3 + 2 * (3 + len("user")) + 1 + 6
    assert counter.count(chat("<|endoftext|>")) == 3 + 3 + len("user") + 13


def test_an_encoding_that_counts_too_few_is_corrected_by_what_the_server_reports(
    small_encoding: tiktoken.Encoding,
) -> None:
    counter = TokenCounter("any", encoding=small_encoding)
    messages = chat("便民" * 200)
    before = counter.count(messages)
    counter.observe(messages, before + 100)
    assert counter.count(messages) == before + 100
    counter.observe(messages, before - 50)
    assert counter.count(messages) == before + 100


def test_what_the_server_reports_takes_the_place_of_bytes_with_a_margin() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 20)
    bound = counter.count(messages)
    size = len((PROSE * 20).encode()) + len("user")
    reported = size // 4
    counter.observe(messages, reported)
    assert counter.count(messages) == pytest.approx(reported * MARGIN + FRAME + REQUEST, abs=2)
    assert reported < counter.count(messages) < bound
    # the highest ratio is kept
    counter.observe(messages, size // 5)
    assert counter.ratio == pytest.approx(reported / size)


def test_an_observed_ratio_never_leads_above_the_byte_bound() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 20)
    bound = counter.count(messages)
    counter.observe(messages, bound * 3)
    assert counter.count(messages) == bound


def test_digits_and_signs_are_never_scaled_down() -> None:
    counter = TokenCounter("any")
    counter.observe(chat(PROSE * 20), len((PROSE * 20).encode()) // 4)
    assert counter.count(chat("1234567890" * 50)) >= 500


def test_a_short_prompt_teaches_nothing() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE)
    assert len(PROSE.encode()) < ENOUGH
    counter.observe(messages, 30)
    counter.observe(chat(PROSE * 20), 0)
    assert counter.ratio == 0
    assert counter.cut(messages) is None
    assert counter.cut(chat(PROSE * 20)) is None


def test_a_report_too_low_for_the_whole_prompt_is_told_and_not_believed() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 20)
    reported = int(len((PROSE * 20).encode()) * LEAST) - 1
    counter.observe(messages, reported)
    assert counter.ratio == 0
    cut = counter.cut(messages)
    assert cut is not None
    assert cut.reported == reported < cut.expected


def reports(*sizes_and_tokens: tuple[int, int]) -> list[Cut | None]:
    """What is said of prompts of so many sentences that were reported with so many tokens."""
    counter = TokenCounter("any")
    prompts = [chat(PROSE * size + str(place)) for place, (size, _) in enumerate(sizes_and_tokens)]
    for messages, (_, tokens) in zip(prompts, sizes_and_tokens, strict=True):
        counter.observe(messages, tokens)
    return [counter.cut(messages) for messages in prompts]


def test_a_prompt_reported_at_the_cap_of_a_server_is_told_by_the_others_whichever_came_first() -> None:
    # 24 tokens a sentence, and a context of 2,048
    whole, long, longer = (60, 1440), (120, 2048), (130, 2048)
    for order in ([long, longer, whole], [whole, long, longer]):
        told = dict(zip(order, reports(*order), strict=True))
        assert told[whole] is None
        for size, tokens in (long, longer):
            cut = told[size, tokens]
            assert cut is not None
            assert cut.reported == 2048
            assert cut.expected == pytest.approx(24 * size, rel=0.01)
            assert cut.alike == 0


def test_one_number_for_several_prompts_of_different_sizes_is_a_cap() -> None:
    told = reports((100, 2048), (105, 2048), (112, 2048))
    assert [cut.alike for cut in told if cut] == [3, 3, 3]
    # prompts of one size have one number by right, and two may have it by chance
    assert reports((100, 2048), (100, 2048), (100, 2048)) == [None] * 3
    assert reports((100, 2048), (112, 2048)) == [None] * 2


def test_the_same_prompt_asked_again_is_no_other_prompt() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 100)
    for _ in range(4):
        counter.observe(messages, 2048)
    assert counter.cut(messages) is None


@given(st.lists(st.tuples(st.integers(10, 300), st.floats(22.8, 25.0)), min_size=2, max_size=12))
def test_a_server_that_counts_the_whole_prompt_raises_no_alarm(prompts: list[tuple[int, float]]) -> None:
    # tokens for a sentence vary by a tenth, as in one report with the tokenizers measured
    assert not any(reports(*((size, round(size * each)) for size, each in prompts)))


@pytest.mark.parametrize("each", [18.0, 24.0, 33.0, 60.0])
def test_nor_does_one_whose_tokenizer_is_close_or_wide(each: float) -> None:
    assert not any(reports(*((size, round(size * each)) for size in range(10, 200, 7))))


def test_what_a_cut_prompt_was_reported_with_teaches_nothing() -> None:
    counter = TokenCounter("any")
    counter.observe(chat(PROSE * 60), 1440)
    ratio = counter.ratio
    counter.observe(chat("督查9次" * 400), 300)
    assert counter.cut(chat("督查9次" * 400)) is not None
    assert counter.ratio == ratio


def test_what_a_real_server_counted_is_never_above_our_count() -> None:
    counter = TokenCounter(tapes.MODEL)
    seen = 0
    for path in sorted(tapes.FOLDER.glob("*.yaml")):
        for exchange in _exchanges(path):
            messages, reported = exchange
            assert counter.count(messages) >= reported
            counter.observe(messages, reported)
            assert counter.count(messages) >= reported
            seen += 1
    assert seen >= 4


def _exchanges(path: Path) -> list[tuple[Messages, int]]:
    """Prompts of a cassette with the tokens that the server counted in them."""
    import yaml

    found = []
    for interaction in yaml.safe_load(path.read_text("utf-8"))["interactions"]:
        if interaction["request"]["method"] == "POST":
            messages = json.loads(interaction["request"]["body"])["messages"]
            text = interaction["response"]["body"]["string"]
            # one object, or an event a line
            for part in re.findall(r"^(?:data: )?(\{.*\})$", text, re.MULTILINE):
                answer = json.loads(part)
                if answer.get("usage"):
                    found.append((messages, answer["usage"]["prompt_tokens"]))
                elif "error" in answer:
                    found.append((messages, answer["error"]["n_prompt_tokens"]))
    return found


def test_importing_the_counter_loads_no_tokenizer() -> None:
    code = "import sys, drafter.prompting.budget; print('tiktoken' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
