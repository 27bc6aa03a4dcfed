from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from vcr.errors import CannotOverwriteExistingCassetteException

import drafter
from drafter.addresses import shown_url
from drafter.errors import EndpointError, SettingsError
from drafter.plugins.protocols import Reply, Writer, WriteRequest
from drafter.report import Usage
from drafter.settings import Settings
from drafter.writers.continuing import join, trim_to_clause, trim_to_sentence
from drafter.writers.endpoint import Backoff, ContextOverflow, EndpointWriter
from drafter.writers.faults import retry_after, server_words
from tests import record_cassettes as tapes
from tests.misbehaving_server import Answer, Script, completion, failure, serving

KEY = "sk-secret-9f8e7d6c5b4a"
FAST = Backoff(first=0.001, longest=0.5)
TLS = ssl.create_default_context()
HTML = Answer("<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>nginx</body></html>")


def settings(url: str, **values: Any) -> Settings:
    return Settings(**{"base_url": url, "model": "m", "api_key": SecretStr(KEY), "attempts": 3} | values)


def write(
    script: Script | str, request: WriteRequest = tapes.SHORT, backoff: Backoff = FAST, **values: Any
) -> Reply:
    async def go() -> Reply:
        url = script if isinstance(script, str) else script.url
        # with one TLS context for all: making one takes longer than a whole exchange
        async with httpx2.AsyncClient(verify=TLS, trust_env=False) as client:
            return await EndpointWriter(settings(url, **values), http_client=client, backoff=backoff).write(
                request
            )

    return asyncio.run(go())


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    assert "<" not in text
    assert KEY not in text
    return text


# what a real server answered


def test_a_section_of_a_real_server_is_written_in_one_call() -> None:
    with tapes.recorder().use_cassette("section.yaml") as tape:
        [reply] = asyncio.run(tapes.run("section"))
    assert tape.all_played
    assert reply.finish == "stop"
    assert "上门服务12次" in reply.text
    assert reply.text.endswith("。")
    assert "\n" not in reply.text
    assert reply.model == tapes.MODEL
    assert reply.calls == 1
    assert reply.usage == Usage(prompt_tokens=72, completion_tokens=45, cached_tokens=0)


def test_a_cut_reply_of_a_real_server_goes_on_from_its_last_mark_without_saying_anything_twice() -> None:
    with tapes.recorder().use_cassette("cut.yaml") as tape:
        [reply] = asyncio.run(tapes.run("cut"))
    assert tape.play_count == 2
    assert reply.finish == "stop"
    assert reply.text.count("培训窗口人员45人次") == 1
    assert reply.text.endswith("自助终端6台；培训窗口人员45人次。")
    assert reply.calls == 2
    assert reply.usage.completion_tokens == 54


def test_the_only_model_of_a_real_server_is_used_when_none_is_named() -> None:
    with tapes.recorder().use_cassette("models.yaml") as tape:
        [reply] = asyncio.run(tapes.run("models"))
    assert tape.all_played
    assert reply.model == tapes.MODEL
    assert reply.calls == 1


def test_a_prompt_over_the_context_of_a_real_server_is_told_apart_with_its_sizes() -> None:
    with (
        tapes.recorder().use_cassette("overflow.yaml"),
        pytest.raises(ContextOverflow, match="超出模型的上下文") as caught,
    ):
        asyncio.run(tapes.run("overflow"))
    assert (caught.value.prompt_tokens, caught.value.context) == (9032, 8192)


def test_a_cassette_answers_only_the_body_that_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tapes.CASES, "section", (tapes.MODEL, (tapes.CUT,)))
    with (
        tapes.recorder().use_cassette("section.yaml"),
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        asyncio.run(tapes.run("section"))


def test_no_cassette_holds_a_key_or_says_where_it_was_recorded() -> None:
    found = sorted(tapes.FOLDER.glob("*.yaml"))
    assert [path.stem for path in found] == sorted(tapes.CASES)
    for path in found:
        text = path.read_text("utf-8").lower()
        for word in (
            tapes.KEY,
            "sk-",
            "bearer",
            "authorization",
            "127.0.0.1",
            "localhost",
            "user-agent",
            "/home",
            "/home/",
        ):
            assert word not in text, f"{word} in {path.name}"


# faults that pass, and faults that do not


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([failure(500), failure(500)], id="500 twice"),
        pytest.param([Answer(HTML.body, 502)], id="502 web page"),
        pytest.param([failure(503, "Loading model"), failure(504)], id="loading"),
        pytest.param([failure(408), failure(409)], id="408 and 409"),
        pytest.param([failure(429, "slow down")], id="429"),
        pytest.param([Answer("{not json")], id="no JSON"),
        pytest.param([HTML], id="web page with 200"),
        pytest.param([Answer({"choices": []})], id="no choices"),
        pytest.param([Answer({"choices": [{"finish_reason": "stop"}]})], id="no message"),
        pytest.param([Answer({"error": {"message": "upstream is down", "code": 502}})], id="error with 200"),
        pytest.param([Answer("[]")], id="a list"),
    ],
)
def test_a_fault_that_passes_is_overcome(faults: list[Answer]) -> None:
    with serving(*faults, completion()) as script:
        reply = write(script)
    assert reply.text == "全镇开展督查9次。"
    assert reply.finish == "stop"
    assert len(script.asked) == len(faults) + 1


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (failure(400, "bad temperature"), ["400", "bad temperature", "extra_body"]),
        (failure(401, f"Incorrect API key provided: {KEY}"), ["401", "密钥", "***"]),
        (failure(402, "Insufficient Balance"), ["402", "余额"]),
        (failure(403, "forbidden"), ["403", "密钥"]),
        (failure(404, "model `m` not found"), ["404", "model `m` not found", "--model", "--base-url"]),
        (Answer({"detail": [{"msg": "field required"}]}, 422), ["422", "field required"]),
        (Answer({"error": "model not found, try pulling it"}, 404), ["try pulling it"]),
        (failure(429, "You exceeded your current quota", code="insufficient_quota"), ["429", "余额"]),
        (Answer(HTML.body, 404), ["404", "一个网页"]),
        (failure(400, "line one\r\nline two \x1b[31m" + "很长" * 300), ["line one line two", "…"]),
    ],
)
def test_a_permanent_fault_ends_at_once_with_one_line_that_helps(fault: Answer, says: list[str]) -> None:
    with serving(fault) as script, pytest.raises(EndpointError) as caught:
        write(script)
    assert len(script.asked) == 1
    text = one_line(caught.value)
    assert f"{script.url}/chat/completions" in text
    assert len(text) < 400
    for words in says:
        assert words in text


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_other_address_gets_nothing(status: int) -> None:
    async def go(url: str, model: str) -> Reply:
        async with EndpointWriter(settings(url, model=model), backoff=FAST) as writer:
            return await writer.write(tapes.SHORT)

    for model, path in (("m", "/chat/completions"), ("", "/models")):
        with serving(completion()) as other:
            away = Answer("<html>moved</html>", status, {"Location": other.url + path + "?key=1"})
            with serving(away) as script, pytest.raises(EndpointError) as caught:
                asyncio.run(go(script.url, model))
        text = one_line(caught.value)
        assert other.asked == []
        assert len(script.asked) == 1
        assert f"返回 {status}，要转到 {other.url}{path}；没有向那里发送任何内容" in text
        assert text.endswith(f"请直接把 base_url 设为 {other.url}")


@pytest.mark.parametrize(
    ("location", "says"),
    [
        (None, "要转到别处"),
        ("http://[", "要转到别处"),
        ("/login", "/login；"),
        ("//other.test/v2/chat/completions", "base_url 设为 http://other.test/v2"),
        (f"http://u:{KEY}@other.test/{KEY}", "要转到 http://other.test/***；"),
        ("javascript:alert(1)", "真正的接口地址"),
    ],
)
def test_where_a_redirect_leads_is_said_in_one_line_whatever_it_says(location: str | None, says: str) -> None:
    away = Answer("", 307, {} if location is None else {"Location": location})
    with serving(away) as script, pytest.raises(EndpointError) as caught:
        write(script)
    assert len(script.asked) == 1
    assert says in one_line(caught.value)


def test_waiting_begins_with_half_a_second() -> None:
    assert Backoff() == Backoff(first=0.5, longest=60.0)


@pytest.mark.parametrize(
    ("fault", "says", "asked"),
    [
        (failure(500, "boom"), ["500", "boom", "稍后再试"], 3),
        (
            failure(429, "slow down", headers={"Retry-After": "0.01"}),
            ["429", "slow down", "concurrency", "0.01 秒"],
            3,
        ),
        (Answer("garbage"), ["不是 JSON", "/v1"], 2),
        (HTML, ["一个网页", "/v1"], 2),
        (Answer({"choices": []}), ["choices"], 2),
        (Answer({}), ["choices"], 2),
    ],
)
def test_a_fault_that_stays_ends_after_the_attempts_allowed(
    fault: Answer, says: list[str], asked: int
) -> None:
    with serving(fault) as script, pytest.raises(EndpointError) as caught:
        write(script)
    text = one_line(caught.value)
    for words in says:
        assert words in text
    assert len(script.asked) == asked


def test_retry_after_is_kept_to_and_capped() -> None:
    with serving(failure(429, headers={"Retry-After": "0.3"}), completion()) as script:
        began = time.perf_counter()
        write(script)
        assert time.perf_counter() - began >= 0.3
    with serving(failure(429, headers={"Retry-After": "86400"}), completion()) as script:
        write(script, backoff=Backoff(first=0.001, longest=0.01))


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("Wed, 05 Mar 2025 10:00:30 GMT", 30.0),
        ("Wednesday, 05-Mar-25 10:00:30 GMT", 30.0),
        ("Wed, 05 Mar 2025 09:00:00 GMT", 0.0),
        ("2.5", 2.5),
        ("-3", 0.0),
        ("nan", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_retry_after_may_be_a_number_or_a_date_by_the_server_s_clock(after: str, seconds: float) -> None:
    assert retry_after({"retry-after": after, "date": "Wed, 05 Mar 2025 10:00:00 GMT"}) == seconds


def test_a_date_without_the_server_s_clock_counts_from_now() -> None:
    assert retry_after({"retry-after": "Fri, 05 Mar 2100 10:00:30 GMT"}) > 0
    assert retry_after({"retry-after": "Fri, 05 Mar 2010 10:00:30 GMT"}) == 0


def test_nobody_listening_is_tried_again_and_then_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EndpointError, match=r"连不上.*服务已启动") as caught:
        write(f"http://127.0.0.1:{port}/v1")
    assert str(port) in one_line(caught.value)


def test_a_server_slower_than_the_time_limit_is_given_up() -> None:
    with (
        serving(Answer(delay=5)) as script,
        pytest.raises(EndpointError, match=r"0\.2 秒内没有答复.*timeout") as caught,
    ):
        write(script, timeout=0.2, attempts=2)
    one_line(caught.value)
    assert len(script.asked) == 2


def test_a_server_that_is_slow_once_is_asked_again() -> None:
    with serving(Answer(delay=5), completion()) as script:
        assert write(script, timeout=0.3).finish == "stop"


@pytest.mark.parametrize(
    ("status", "message", "sizes"),
    [
        (400, "This model's maximum context length is 4096 tokens. However, your messages resulted in 5012 tokens.", (5012, 4096)),
        (400, "This model's maximum context length is 4096 tokens. However, you requested 5200 tokens "
              "(4700 in the messages, 500 in the completion).", (4700, 4096)),
        (400, "The decoder prompt (length 9000) is longer than the maximum model length of 8192.", (0, 8192)),
        (400, "the input length exceeds the context length", (0, 0)),
        (500, "input length exceeds maximum context length", (0, 0)),
        (413, "Range of input length should be [1, 6000]", (0, 0)),
        (400, "Prompt 超长", (0, 0)),
    ],
)  # fmt: skip
def test_each_server_s_words_for_too_long_are_understood(
    status: int, message: str, sizes: tuple[int, int]
) -> None:
    with serving(failure(status, message)) as script, pytest.raises(ContextOverflow) as caught:
        write(script)
    one_line(caught.value)
    assert (caught.value.prompt_tokens, caught.value.context) == sizes
    assert len(script.asked) == 1


def test_a_prompt_echoed_in_a_refusal_is_not_taken_for_the_server_s_own_words() -> None:
    refused = Answer({"detail": [{"msg": "invalid role", "input": "报告超长，context window"}]}, 422)
    with serving(refused) as script, pytest.raises(EndpointError) as caught:
        write(script)
    assert not isinstance(caught.value, ContextOverflow)


def test_a_server_that_refuses_max_tokens_and_temperature_is_asked_in_its_own_form() -> None:
    refusals = [
        failure(400, "use max_completion_tokens", param="max_tokens", code="unsupported_parameter"),
        failure(400, "only the default", param="temperature", code="unsupported_value"),
    ]
    with serving(*refusals, completion()) as script:
        assert write(script, attempts=1).finish == "stop"
    assert script.asked[0][1]["max_tokens"] == 60
    assert script.asked[2][1]["max_completion_tokens"] == 60
    assert not {"max_tokens", "temperature"} & set(script.asked[2][1])


# what becomes of an answer


def test_the_request_carries_the_settings() -> None:
    with serving(completion()) as script:
        write(script, temperature=0.7, extra_body={"cache_prompt": False})
    path, body = script.asked[0]
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "m",
        "messages": list(tapes.SHORT.messages),
        "max_tokens": 60,
        "temperature": 0.7,
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": False,
    }
    assert script.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize(
    ("answer", "text", "finish"),
    [
        (completion("督查9次。", "content_filter"), "督查9次。", "content_filter"),
        (completion("督查9次。", "sensitive"), "督查9次。", "content_filter"),
        (completion("督查9次。", "END_TURN"), "督查9次。", "stop"),
        (completion("督查9次。", "insufficient_system_resource"), "督查9次。", "length"),
        (completion("督查9次。整改3", "abort"), "督查9次。", "length"),
        (completion("督查9次。", "error"), "督查9次。", "length"),
        (completion("督查9次。", "tool_calls"), "督查9次。", "stop"),
        (completion("督查9次。", "eos"), "督查9次。", "stop"),
        (completion("督查9次。", None), "督查9次。", "stop"),
        (
            completion([{"type": "text", "text": "督查"}, {"type": "text", "text": "9次。"}]),
            "督查9次。",
            "stop",
        ),
        (completion("<think>先想想</think>好的，以下是正文：\n\n督查9次。"), "督查9次。", "stop"),
        (completion("## 一、优化便民服务\n督查9次。"), "督查9次。", "stop"),
    ],
)
def test_an_answer_becomes_the_body_of_the_leaf(answer: Answer, text: str, finish: str) -> None:
    with serving(answer) as script:
        reply = write(script)
    assert (reply.text, reply.finish, reply.calls, reply.model) == (text, finish, 1, "m-1")


@pytest.mark.parametrize(
    "nothing",
    [
        completion(None),
        completion(""),
        completion("  \n"),
        completion(None, "tool_calls"),
        completion("<think>还没有想完", "length"),
        completion("好的，以下是为您撰写的内容："),
        completion(None, choices=[{"message": {"content": None, "reasoning_content": "督查9次。"}}]),
    ],
)
def test_no_text_is_asked_for_once_more_and_then_reported_as_empty(nothing: Answer) -> None:
    with serving(nothing, completion()) as script:
        reply = write(script)
    assert (reply.text, reply.finish, reply.calls) == ("全镇开展督查9次。", "stop", 2)
    with serving(nothing) as script:
        reply = write(script)
    assert (reply.text, reply.finish, reply.calls) == ("", "empty", 2)


def test_a_filtered_answer_without_text_is_not_asked_for_again() -> None:
    with serving(completion(None, "content_filter")) as script:
        reply = write(script)
    assert (reply.text, reply.finish, reply.calls) == ("", "content_filter", 1)


def test_usage_is_summed_over_calls_in_whatever_shape() -> None:
    full = {"prompt_tokens": 7, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 5}}
    beside = {"prompt_tokens": 7, "completion_tokens": None, "prompt_cache_hit_tokens": 2}
    nulls = {"prompt_tokens": 1, "prompt_tokens_details": None}
    for usages, total in [
        ((full, beside), (14, 3, 7)),
        ((None, full), (7, 3, 5)),
        ((nulls, "odd"), (1, 0, 0)),
    ]:
        with serving(completion(None, usage=usages[0]), completion(usage=usages[1])) as script:
            reply = write(script)
        usage = reply.usage
        assert (usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens) == total


def test_a_reply_cut_off_three_times_ends_with_its_last_full_sentence() -> None:
    cut = [
        completion("一是加强学习，共集中学习9次。二是开展督查，共督查1", "length"),
        completion("共督查12次。三是强化", "length"),
        completion("三是强化培训，共培训4", "length"),
    ]
    with serving(*cut) as script:
        reply = write(script)
    assert reply.text == "一是加强学习，共集中学习9次。二是开展督查，共督查12次。"
    assert (reply.finish, reply.calls) == ("length", 3)
    roles = [message["role"] for message in script.asked[1][1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert script.asked[1][1]["messages"][2]["content"] == "一是加强学习，共集中学习9次。二是开展督查，"


def test_a_continuation_that_no_longer_fits_keeps_what_was_written() -> None:
    full = failure(400, "exceeds the available context size", n_prompt_tokens=900, n_ctx=800)
    with serving(completion("集中学习9次。开展督查", "length"), full) as script:
        reply = write(script)
    assert (reply.text, reply.finish, reply.calls) == ("集中学习9次。", "length", 1)


def test_a_server_that_breaks_off_while_going_on_leaves_full_sentences() -> None:
    pieces = [completion("集中学习9次。开展督查，", "length"), completion("整改3", "abort")]
    with serving(*pieces) as script:
        reply = write(script)
    assert (reply.text, reply.finish, reply.calls) == ("集中学习9次。", "length", 2)


@pytest.mark.parametrize(
    "refusal",
    [
        failure(400, "The response was filtered", code="content_filter"),
        failure(400, "filtered", innererror={"code": "ResponsibleAIPolicyViolation"}),
        failure(400, "Content Exists Risk", code="invalid_request_error"),
        failure(400, code="data_inspection_failed"),
        Answer({"error": {"message": "no", "code": "content_filter"}}),
    ],
)
def test_a_prompt_that_the_content_filter_refuses_is_a_reply_of_its_own(refusal: Answer) -> None:
    with serving(refusal) as script:
        reply = write(script)
    assert (reply.text, reply.finish) == ("", "content_filter")
    assert len(script.asked) == 1
    with serving(completion("集中学习9次。开展督查，", "length"), refusal) as script:
        reply = write(script)
    assert (reply.text, reply.finish) == ("集中学习9次。", "length")


def test_a_cut_list_is_not_made_to_look_whole() -> None:
    with serving(completion("集中学习9次。\n- 培训3", "length"), completion("", "stop")) as script:
        assert write(script).text == "集中学习9次。"


@pytest.mark.parametrize(
    ("text", "more", "joined"),
    [
        ("开展督查9次，", "整改隐患30处。", "开展督查9次，整改隐患30处。"),
        ("开展督查9次，整改隐患30处，", "整改隐患30处，培训40人。", "开展督查9次，整改隐患30处，培训40人。"),
        ("培训窗口人员45人次，", "培训窗口人员45人次。", "培训窗口人员45人次。"),
        ("开展督查9次。\n\n", "二是培训40人。", "开展督查9次。\n二是培训40人。"),
        ("开展督查9次，", "\n整改30处。", "开展督查9次，整改30处。"),
        ("开展督查9次。", "好的，继续：整改30处。", "开展督查9次。整改30处。"),
        ("编号为20232023", "20232023号", "编号为2023202320232023号"),
        ("青禾镇2023年上半年共开展上门服务12次，", "青禾镇2023年上半年共开展上门服务12次，办理340件。",
         "青禾镇2023年上半年共开展上门服务12次，办理340件。"),
        ("开展督查9次。", "", "开展督查9次。"),
    ],
)  # fmt: skip
def test_pieces_join_without_repetition(text: str, more: str, joined: str) -> None:
    assert join(text, more) == joined


def test_a_cut_goes_back_to_a_sentence_or_a_clause() -> None:
    assert trim_to_sentence("他说：“完成。”并要求") == "他说：“完成。”"
    assert trim_to_sentence("没有句号") == "没有句号"
    assert trim_to_clause("学习9次，督查1") == "学习9次，"
    assert trim_to_clause("督" * 100) == "督" * 100


# models, keys, connections


@pytest.mark.parametrize(
    ("data", "says"),
    [([{"id": "a"}, {"id": "b"}], "a、b"), ([], "没有列出模型"), ([None, {"id": ""}], "没有列出模型")],
)
def test_without_a_model_several_or_none_offered_must_be_chosen_from(data: list[Any], says: str) -> None:
    with serving(Answer({"data": data})) as script, pytest.raises(SettingsError, match=f"{says}.*--model"):
        write(script, model="")


def test_concurrent_writes_ask_for_the_model_once() -> None:
    async def go(url: str) -> list[Reply]:
        async with EndpointWriter(settings(url, model=""), backoff=FAST) as writer:
            return await asyncio.gather(*(writer.write(tapes.SHORT) for _ in range(4)))

    with serving(Answer({"data": [{"id": "only"}]}), completion(model=None)) as script:
        replies = asyncio.run(go(script.url))
    assert [path for path, _ in script.asked].count("/v1/models") == 1
    assert {reply.model for reply in replies} == {"only"}


def test_a_key_or_an_address_is_needed() -> None:
    with pytest.raises(SettingsError, match="缺少密钥"):
        EndpointWriter(Settings(model="m"))
    EndpointWriter(Settings(base_url="http://127.0.0.1:1/v1"))
    EndpointWriter(Settings(api_key=SecretStr(KEY)))
    with pytest.raises(SettingsError, match="http://"):
        EndpointWriter(Settings(base_url="127.0.0.1:8080/v1"))


@pytest.mark.parametrize(
    "url",
    ["http://[", "http://h:abc", "http://h:99999", "http://h:0", "http://", "http://:80", "http://h h", "http://a..b", "http://h\n"],
)  # fmt: skip
def test_an_address_that_cannot_be_called_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(SettingsError, match="--base-url") as caught:
        EndpointWriter(Settings(base_url=url))
    one_line(caught.value)


@pytest.mark.parametrize(
    "url", ["http://[::1]:8/v1", "https://例子.cn/v1", "http://a_b:8", "http://u:p@h/v1"]
)
def test_unusual_addresses_are_taken(url: str) -> None:
    assert EndpointWriter(Settings(base_url=url)).name == "endpoint"


def test_an_address_that_only_the_client_refuses_is_a_settings_error_too() -> None:
    writer = EndpointWriter(Settings(base_url="http://999.1.1.1/v1", model="m"))
    with pytest.raises(SettingsError, match="--base-url"):
        asyncio.run(writer.write(tapes.SHORT))


ROUNDS = """
import asyncio, sys
from drafter.settings import Settings
from drafter.writers.endpoint import EndpointWriter
from tests.record_cassettes import SHORT

async def several(writer):
    return await asyncio.gather(*(writer.write(SHORT) for _ in range(3)))

writer = EndpointWriter(Settings(base_url=sys.argv[1], attempts=1))
for _ in range(3):
    print(*(reply.text for reply in asyncio.run(several(writer))), sep="\\n")
"""


def test_one_writer_serves_one_event_loop_after_another() -> None:
    # a process of its own: the sockets of a loop that ended are left to the collector, which warns
    with serving(Answer({"data": [{"id": "only"}]}), completion(model=None)) as script:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", ROUNDS, script.url],
            capture_output=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[1],
        )
    assert done.stderr == ""
    assert done.stdout.split() == ["全镇开展督查9次。"] * 9
    assert [path for path, _ in script.asked].count("/v1/models") == 1


@pytest.mark.parametrize("key", ["我的密钥", "sk-a\nsk-b", "sk a"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="密钥里有") as caught:
        EndpointWriter(Settings(api_key=SecretStr(key)))
    assert key not in str(caught.value)


def test_a_server_without_keys_gets_a_dummy() -> None:
    with serving(completion()) as script:
        write(script, api_key=SecretStr(""))
    assert script.keys == ["Bearer none"]


def test_no_key_gets_into_errors_traces_logs_or_the_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = failure(401, f"Incorrect API key provided: {KEY}. Or sk-other***abcd; Bearer abc.def")
    with serving(echo) as script:
        writer = EndpointWriter(settings(script.url))
        assert KEY not in repr(writer)
        assert KEY not in repr(vars(writer)["_settings"])
        with pytest.raises(EndpointError) as caught:
            write(script)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    trace = "".join(traceback.format_exception(error))
    for text in (str(error), repr(error), trace, caplog.text):
        assert KEY not in text
    assert "sk-other" not in str(error)
    assert "abc.def" not in str(error)


def test_a_client_that_was_handed_in_is_used_and_stays_open() -> None:
    answer = completion().body

    async def go() -> tuple[Reply, bool]:
        transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=answer))
        async with httpx2.AsyncClient(transport=transport) as client:
            async with EndpointWriter(settings("http://model.test/v1"), http_client=client) as writer:
                assert isinstance(writer, Writer)
                reply = await writer.write(tapes.SHORT)
            return reply, client.is_closed

    reply, closed = asyncio.run(go())
    assert reply.text == "全镇开展督查9次。"
    assert not closed


def test_a_url_is_shown_without_what_may_be_secret() -> None:
    assert shown_url("https://user:pass@host:8/v1?key=1#x") == "https://host:8/v1"


@pytest.mark.parametrize(
    "odd", [None, 3, [], {}, {"error": {}}, {"error": None, "message": "m"}, [{"msg": "m"}], "m"]
)
def test_any_error_object_is_read_without_failing(odd: Any) -> None:
    assert server_words(odd) in ("", "m")


def test_importing_the_writer_loads_no_client() -> None:
    code = "import sys, drafter.writers.endpoint; print({'openai', 'tenacity', 'httpx2', 'tiktoken'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_reply_without_end_is_not_gone_on_with_and_the_facts_are_told_by_rule(
    plain: dict[str, Any],
) -> None:
    endless = "服务与提升：计划提升服务品质，为老年人提供更优质的服务。" * 120
    with serving(lambda body: completion(endless, "length")) as server:
        report = drafter.draft(plain, settings=Settings(base_url=server.url, model="m", repairs=0))
    parts = [part for section in report.sections for part in section.parts]
    assert max(part.calls for part in parts) == 1, "it was asked to go on"
    required, covered = report.coverage()
    assert covered == required
    assert "服务品质" not in report.text
    assert any(
        finding.code == "writer.fallback" and "越写越长" in finding.message for finding in report.findings
    )
