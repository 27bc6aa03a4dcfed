from __future__ import annotations

import hashlib
import json
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
from drafter.prompting.budget import ENOUGH, FRAME, LEAST, MARGIN, REQUEST, TokenCounter
from drafter.writers.streams import Gathered
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
    assert counter.observe(messages, before + 100)
    assert counter.count(messages) == before + 100
    assert counter.observe(messages, before - 50)
    assert counter.count(messages) == before + 100


def test_what_the_server_reports_takes_the_place_of_bytes_with_a_margin() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 20)
    bound = counter.count(messages)
    size = len((PROSE * 20).encode()) + len("user")
    reported = size // 4
    assert counter.observe(messages, reported)
    assert counter.count(messages) == pytest.approx(reported * MARGIN + FRAME + REQUEST, abs=2)
    assert reported < counter.count(messages) < bound
    # the highest ratio is kept
    assert counter.observe(messages, size // 5)
    assert counter.ratio == pytest.approx(reported / size)


def test_an_observed_ratio_never_leads_above_the_byte_bound() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 20)
    bound = counter.count(messages)
    assert counter.observe(messages, bound * 3)
    assert counter.count(messages) == bound


def test_digits_and_signs_are_never_scaled_down() -> None:
    counter = TokenCounter("any")
    counter.observe(chat(PROSE * 20), len((PROSE * 20).encode()) // 4)
    assert counter.count(chat("1234567890" * 50)) >= 500


def test_a_short_prompt_teaches_nothing() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE)
    assert len(PROSE.encode()) < ENOUGH
    assert counter.observe(messages, 30)
    assert counter.ratio == 0
    assert counter.observe(chat(PROSE * 20), 0)
    assert counter.ratio == 0


def test_a_report_too_low_for_the_whole_prompt_is_told_and_not_believed() -> None:
    counter = TokenCounter("any")
    messages = chat(PROSE * 20)
    assert not counter.observe(messages, int(len((PROSE * 20).encode()) * LEAST) - 1)
    assert counter.ratio == 0


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
            body = interaction["response"]["body"]["string"]
            if body.startswith("data:"):
                gathered = Gathered()
                for line in body.splitlines():
                    gathered.take(line.removeprefix("data:"))
                reported = gathered.usage["prompt_tokens"]
            else:
                reported = json.loads(body)["error"]["n_prompt_tokens"]
            found.append((json.loads(interaction["request"]["body"])["messages"], reported))
    return found


def test_importing_the_counter_loads_no_tokenizer() -> None:
    code = "import sys, drafter.prompting.budget; print('tiktoken' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
