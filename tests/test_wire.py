"""One request on real sockets: replies in pieces, replies that break off anywhere, TLS, names, and refused forms."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from drafter import EndpointWriter, Settings
from drafter.errors import EndpointError
from drafter.plugins.protocols import Answer, Reply, WriteRequest
from drafter.writers import wire
from drafter.writers.endpoint import GO_ON, Backoff
from drafter.writers.forms import Form
from drafter.writers.pace import Pace
from drafter.writers.streams import Gathered
from tests import fault_table as table
from tests import faulty_server as served
from tests import misbehaving_server as misbehaving
from tests import record_cassettes as tapes
from tests.faulty_server import CERTIFICATE, Act, Call, FaultyServer, faulty, healthy

ROWS = "\n".join(
    json.dumps({"id": each["id"], "text": each["text"]}, ensure_ascii=False)
    for each in table.LEDGER["facts"][:6]
)
LEAF = tapes.request(f"事项：\n{ROWS}")
TEXT = served.told({"messages": list(LEAF.messages)})

LONG = json.dumps(
    {"id": "f1", "text": "，".join(f"第{n}轮督查有序推进" for n in range(60))}, ensure_ascii=False
)


@dataclass
class Log:
    """A CallLog of one leaf in memory."""

    sent_: list[list[Mapping[str, str]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    faults: list[tuple[str, bool]] = field(default_factory=list)
    known: dict[str, Answer] = field(default_factory=dict)

    def kept(self, messages: Sequence[Mapping[str, str]]) -> Answer | None:
        return self.known.get(str(list(messages)))

    async def sent(self, messages: Sequence[Mapping[str, str]], *, url: str = "", body: Any = None) -> int:
        self.sent_.append(list(messages))
        return len(self.sent_) - 1

    async def received(self, number: int, answer: Answer, seconds: float) -> None:
        self.answers.append(answer)
        self.known[str(self.sent_[number])] = answer

    async def failed(self, number: int, reason: str, seconds: float, *, worked: bool = False) -> None:
        self.faults.append((reason, worked))


def write(
    server: FaultyServer | str, request: WriteRequest = LEAF, log: Log | None = None, **values: Any
) -> Reply:
    async def go() -> Reply:
        url = server if isinstance(server, str) else server.url
        async with httpx2.AsyncClient(verify=table.TRUSTED, trust_env=False) as client:
            settings = table.settings(url, **values)
            writer = EndpointWriter(settings, http_client=client, backoff=Backoff(0.001, 0.002))
            return await writer.write(replace(request, calls=log))

    return asyncio.run(go())


def once(act: Act) -> Callable[[int], Act]:
    return lambda number: act if number == 1 else healthy


# replies in pieces


def test_a_reply_in_pieces_is_one_answer_with_its_usage_and_model() -> None:
    log = Log()
    with faulty() as server:
        reply = write(server, log=log)
    assert (reply.text, reply.finish, reply.calls, reply.model) == (TEXT, "stop", 1, "m-1")
    assert reply.usage.prompt_tokens == served.counted({"messages": list(LEAF.messages)})
    assert [answer.finish for answer in log.answers] == ["stop"]


def test_one_connection_serves_call_after_call() -> None:
    """With an encrypted server each new one would cost a handshake: two or three ways there and back, and some processor time."""
    body = "".join(f"data: {each}\n\n" for each in served.events(TEXT))
    answer = misbehaving.Answer(body, headers={"content-type": "text/event-stream"})

    async def calls(writer: EndpointWriter) -> None:
        for _ in range(4):
            assert (await writer.write(LEAF)).text == TEXT
        await writer.aclose()

    with misbehaving.serving(answer) as server:
        asyncio.run(calls(EndpointWriter(Settings(base_url=server.url, model="m"))))
    assert (len(server.asked), len(server.ports)) == (4, 1)


def test_a_body_that_does_not_end_behind_its_last_event_is_not_waited_for() -> None:
    def open_ended(call: Call) -> None:
        call.send(call.whole.removesuffix(b"0\r\n\r\n"))
        call.hang()

    began = time.monotonic()
    with faulty(lambda number: open_ended) as server:
        reply = write(server, stall=20.0)
    assert reply.text == TEXT
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "end",
    [
        lambda call: call.reset(),
        lambda call: None,
        lambda call: call.hang(),
        lambda call: call.hang(b": still here\n\n"),
        lambda call: call.hang(b'data: {"choices": [{"delta": {"content": ""}}]}\n\n'),
    ],
    ids=["reset", "closed", "stall without bytes", "stall with comments", "stall with empty pieces"],
)
def test_a_reply_that_breaks_off_is_kept_and_gone_on_with_from_its_last_mark(end: Act) -> None:
    log = Log()
    with faulty(once(table.breaking(80, end))) as server:
        reply = write(server, log=log, stall=0.1)
    assert (reply.text, reply.finish, reply.calls) == (TEXT, "stop", 2)
    assert [answer.finish for answer in log.answers] == ["partial", "stop"]
    assert log.answers[0].text == TEXT[:80]
    *_, said, go_on = server.asked[1]["messages"]
    assert go_on["content"] == GO_ON
    assert said["role"] == "assistant"
    assert TEXT[:80].startswith(said["content"])
    assert said["content"][-1] in "，。、"
    assert log.faults == []


def test_too_little_to_go_on_from_is_asked_for_anew_and_may_have_cost_something() -> None:
    log = Log()
    with faulty(once(table.breaking(48, lambda call: call.reset()))) as server:
        assert write(server, log=log).text == TEXT
    assert [answer.finish for answer in log.answers] == ["stop"]
    [(reason, worked)] = log.faults
    assert "收到 48 字" in reason
    assert worked
    assert server.asked[0] == server.asked[1]


def test_thought_alone_is_nothing_to_go_on_from() -> None:
    def act(call: Call) -> None:
        call.send(served.stream(served.events("<think>" + "先想一想。" * 40)[:12]).removesuffix(b"0\r\n\r\n"))

    log = Log()
    with faulty(once(act)) as server:
        assert write(server, log=log).text == TEXT
    assert [answer.finish for answer in log.answers] == ["stop"]
    assert len(log.faults) == 1


def test_half_a_list_of_patches_is_not_gone_on_with() -> None:
    log = Log()
    patch = replace(LEAF, purpose="patch")
    with faulty(once(table.breaking(96, lambda call: None))) as server:
        assert write(server, patch, log=log).text == TEXT
    assert [answer.finish for answer in log.answers] == ["stop"]
    assert len(log.faults) == 1


def test_a_reply_that_broke_off_in_an_earlier_run_is_gone_on_with_in_the_next() -> None:
    log = Log()
    asking = asyncio.Event()

    async def killed(url: str) -> None:
        async with httpx2.AsyncClient(verify=table.TRUSTED, trust_env=False) as client:
            writer = EndpointWriter(table.settings(url), http_client=client)
            task = asyncio.create_task(writer.write(replace(LEAF, calls=log)))
            await asking.wait()
            task.cancel()
            await task

    def act(call: Call) -> None:
        call.send(call.begun(96))
        loop.call_soon_threadsafe(loop.call_later, 0.05, asking.set)
        call.hang()

    with faulty(lambda number: act) as server, asyncio.Runner() as runner:
        loop = runner.get_loop()
        with pytest.raises(asyncio.CancelledError):
            runner.run(killed(server.url))
    assert [(answer.finish, answer.text) for answer in log.answers] == [("partial", TEXT[:96])]
    with faulty() as server:
        reply = write(server, log=log)
    assert (reply.text, reply.calls, len(server.asked)) == (TEXT, 1, 1)


def test_a_server_that_always_breaks_off_is_away_after_the_attempts_allowed() -> None:
    log = Log()
    act = table.breaking(96, lambda call: None)
    with faulty(lambda number: act) as server, pytest.raises(EndpointError, match="回复中断（收到 96 字"):
        write(server, tapes.request(LONG), log=log)
    assert [answer.finish for answer in log.answers] == ["partial"] * 3
    with faulty() as server:
        assert write(server, tapes.request(LONG), log=log).text == served.told(
            {"messages": [{"content": LONG}]}
        )
    assert len(server.asked) == 1


def test_after_a_reply_that_broke_off_nobody_asks_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(Pace, "pause", lambda self, seconds: pauses.append(seconds))
    act = table.breaking(96, lambda call: None)
    with faulty(lambda number: act if number < 3 else healthy) as server:
        write(server, tapes.request(LONG), log=Log())
    assert [0.001 <= seconds <= 0.002 for seconds in pauses] == [True, True]


def test_a_reply_without_its_last_word_is_whole() -> None:
    for end in (lambda call: call.reset(), lambda call: call.hang()):

        def act(call: Call, end: Act = end) -> None:
            data = served.events(call.text, usage=False, done=False)
            call.send(served.stream(data).removesuffix(b"0\r\n\r\n"))
            end(call)

        log = Log()
        with faulty(lambda number, act=act: act) as server:
            reply = write(server, log=log, stall=0.1)
        assert (reply.text, reply.finish, len(server.asked)) == (TEXT, "stop", 1)
        assert log.answers[0].usage.total == 0


def test_a_server_may_think_longer_than_a_stall_before_the_first_word() -> None:
    def act(call: Call) -> None:
        call.send(call.begun(0))
        call.closing.wait(0.4)
        call.send(call.whole.partition(b"\r\n\r\n")[2])

    with faulty(lambda number: act) as server:
        assert write(server, stall=0.1).text == TEXT
    assert len(server.asked) == 1


def test_a_reply_that_is_still_coming_when_its_time_is_over_is_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def trickling(call: Call) -> None:
        call.send(call.begun(80))
        for data in served.events(call.text)[6:]:
            call.closing.wait(0.4)
            call.send(served.chunk(f"data: {data}\n\n".encode()))

    log = Log()
    chat = wire.Wire.chat

    async def patient(self: wire.Wire, *args: Any) -> Answer:
        self._timeout = 30.0 if log.answers else 0.7
        return await chat(self, *args)

    monkeypatch.setattr(wire.Wire, "chat", patient)
    with faulty(once(trickling)) as server:
        reply = write(server, log=log)
    assert log.answers[0].finish == "partial"
    assert TEXT.startswith(log.answers[0].text)
    assert (reply.text, reply.finish) == (TEXT, "stop")


def test_a_reply_that_is_too_slow_to_begin_is_told_apart_from_one_that_is_too_slow_to_end() -> None:
    for letters, says in ((0, "没有答复；"), (32, "没有答完（收到 32 字）；")):
        act = table.breaking(letters, lambda call: call.hang())
        with faulty(lambda number, act=act: act) as server, pytest.raises(EndpointError) as caught:
            write(server, timeout=0.4, attempts=1)
        assert f"在 0.4 秒内{says}" in str(caught.value)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ({"message": "CUDA out of memory", "code": 500}, "返回 500“CUDA out of memory”"),
        ("out of memory", "返回 500“out of memory”"),
        ({"message": "Incorrect API key", "code": 401}, "返回 401“Incorrect API key”"),
        ({"message": "the input length exceeds the context length", "code": 400}, "内容超出模型的上下文"),
    ],
)
def test_a_failure_told_within_the_stream_is_said_in_the_server_s_words(error: Any, says: str) -> None:
    def act(call: Call) -> None:
        call.send(call.begun(16) + served.chunk(f"data: {json.dumps({'error': error})}\n\n".encode()))
        call.hang()  # nothing more is waited for

    with faulty(lambda number: act) as server, pytest.raises(EndpointError, match=says):
        write(server)


def test_a_filter_that_strikes_within_the_stream_leaves_what_was_said() -> None:
    def act(call: Call) -> None:
        event = 'data: {"error": {"message": "no", "code": "data_inspection_failed"}}\n\n'
        call.send(call.begun(96) + served.chunk(event.encode()))

    with faulty(
        lambda number: act if number == 1 else table.refusing(400, "data_inspection_failed")
    ) as server:
        reply = write(server, log=Log())
    assert reply.finish == "length"
    assert TEXT.startswith(reply.text)
    assert reply.text.endswith("。")
    assert len(server.asked) == 2


def test_when_there_is_no_room_to_go_on_in_the_whole_is_asked_for_again() -> None:
    def act(number: int) -> Act:
        full = table.refusing(400, "the input length exceeds the context length")
        return [table.breaking(96, lambda call: call.reset()), full, healthy][number - 1]

    with faulty(act) as server:
        reply = write(server, log=Log())
    assert (reply.text, reply.finish) == (TEXT, "stop")
    assert server.asked[0] == server.asked[2]


def test_a_continuation_that_leads_no_further_ends() -> None:
    def act(call: Call) -> None:
        call.send(served.stream(served.events("督查9次，" if call.number == 1 else "整改", "length")))

    log = Log()
    for calls in (3, 5):  # and in a second run, which has them all, twice more
        with faulty(lambda number: act) as server:
            reply = write(server, log=log)
        assert (reply.text, reply.finish) == ("督查9次，整改", "length")
        assert len(log.answers) == calls


def test_a_server_that_goes_away_before_a_cut_reply_was_ended_is_told_and_the_next_run_ends_it() -> None:
    log = Log()
    with (
        faulty(lambda number: table.half if number == 1 else table.refusing(503)) as server,
        pytest.raises(EndpointError, match="503"),
    ):
        write(server, log=log)
    with faulty() as server:
        reply = write(server, log=log)
    assert (reply.text, reply.finish, len(server.asked)) == (TEXT, "stop", 1)


def test_a_stream_without_an_event_and_one_without_an_end_are_said_in_one_line() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    for raw in (head, head + b": hello\n\n", head + b'data: {"choices": []}\n\n', head + b"data: {oh\n\n"):
        with faulty(lambda number, raw=raw: lambda call: call.send(raw)) as server:
            with pytest.raises(EndpointError, match=r"的回复中断（收到 0 字）；请确认服务和网络正常$"):
                write(server)
            assert len(server.asked) == 3


def test_a_stream_that_is_not_marked_as_one_is_asked_for_in_one_piece() -> None:
    def act(call: Call) -> None:
        if "stream" in call.body:
            call.send(served.stream(served.events(call.text), "application/json"))
        else:
            healthy(call)

    with faulty(lambda number: act) as server:
        assert write(server).text == TEXT
    assert ["stream" in body for body in server.asked] == [True, False]


def test_a_reply_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST", 3000)

    def act(call: Call) -> None:
        call.send(call.begun(0))
        call.hang(b'data: {"choices": [{"delta": {"content": ""}}], "pad": "%s"}\n\n' % (b"x" * 500))

    with faulty(lambda number: act) as server, pytest.raises(EndpointError, match="没有尽头"):
        write(server)
    assert len(server.asked) == 1


def test_a_connection_that_the_server_closes_meanwhile_costs_no_call() -> None:
    """As llama.cpp's server does: it keeps a connection open, and closes it when the next request is on its way."""
    asked: list[int] = []

    ended: list[asyncio.Task[None]] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.current_task())  # type: ignore[arg-type]
        for turn in range(2):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = int(re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)[1])  # type: ignore[index]
            body = json.loads(await reader.readexactly(length))
            asked.append(turn)
            if turn:
                break
            events = "".join(f"data: {each}\n\n" for each in served.events(served.told(body))).encode()
            said = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            writer.write(f"{said}content-length: {len(events)}\r\n\r\n".encode() + events)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def go() -> list[Reply]:
        server = await asyncio.start_server(one, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        async with httpx2.AsyncClient(trust_env=False) as client:
            writer = EndpointWriter(table.settings(url), http_client=client, backoff=Backoff(0.001, 0.002))
            replies = [await writer.write(replace(LEAF, calls=log)) for log in logs]
        server.close()
        await asyncio.gather(*ended)
        return replies

    logs = [Log(), Log(), Log()]
    replies = asyncio.run(go())
    assert [log.faults for log in logs] == [[], [], []]
    assert [(each.text, each.calls) for each in replies] == [(TEXT, 1)] * 3
    assert asked == [0, 1, 0, 1, 0]


def test_a_reply_that_goes_on_with_blanks_is_taken_as_it_stands() -> None:
    """As small models do that have said all; no more than the budget's bound is known of its prompt's tokens."""

    def act(call: Call) -> None:
        call.send(call.begun(len(call.text) + 100))
        call.hang(b'data: {"choices": [{"delta": {"content": "\\n \\n"}}]}\n\n')

    with faulty(lambda number: act) as server:
        reply = write(server)
    assert (reply.text, reply.finish, len(server.asked)) == (TEXT, "stop", 1)
    assert 0 < reply.usage.completion_tokens < 200

    gathered = Gathered()
    for text in ("督查9次。", "\n\n", "  ", "。\n", "\n"):
        gathered.take(json.dumps({"choices": [{"delta": {"content": text}}]}))
    assert gathered.blank == 2


@pytest.mark.parametrize(
    ("data", "text", "finish"),
    [
        (['{"choices": [{"message": {"content": "督查9次。"}, "finish_reason": "stop"}]}'], "督查9次。", "stop"),
        (["oh", "[]", "3", '{"choices": [3]}', '{"choices": [{"delta": null}]}', "[DONE]"], "", None),
        (['{"choices": [{"delta": {"content": [{"text": "督查"}]}}]}', '{"choices": [{"delta": {"content": "9次。"}}]}'], "督查9次。", None),
        (['{"choices": [{"delta": {"reasoning_content": "想"}}]}'], "", None),
    ],
)  # fmt: skip
def test_pieces_are_gathered_in_whatever_shape(data: list[str], text: str, finish: str | None) -> None:
    gathered = Gathered()
    for each in data:
        gathered.take(each)
    assert (gathered.text, gathered.finish) == (text, finish)
    assert gathered.size == sum(map(len, data))
    assert gathered.done == ("[DONE]" in data)
    assert gathered.ended == bool(finish or gathered.done)


# forms of a request


@pytest.mark.parametrize(
    ("word", "message", "left"),
    [
        ("stream_options", "Unrecognized request argument supplied: stream_options", {"stream"}),
        ("stream_options", "stream_options is only allowed when stream is enabled", {"stream"}),
        ("stream", "Streaming is not supported by this deployment", set()),
        ("stream", "`stream` must be false", set()),
    ],
)
def test_a_server_that_refuses_to_stream_is_asked_as_it_wants(
    word: str, message: str, left: set[str]
) -> None:
    def act(call: Call) -> None:
        if word in call.body:
            table.refusing(400, message)(call)
        else:
            healthy(call)

    with faulty(lambda number: act) as server:
        assert write(server, attempts=1).text == TEXT
    assert {"stream", "stream_options"} & set(server.asked[-1]) == left
    assert len(server.asked) == 2


def test_calls_that_are_refused_together_learn_one_thing_not_two() -> None:
    async def go(url: str) -> list[Reply]:
        async with httpx2.AsyncClient(verify=table.TRUSTED, trust_env=False) as client:
            writer = EndpointWriter(table.settings(url, concurrency=4), http_client=client)
            return await asyncio.gather(*(writer.write(LEAF) for _ in range(4)))

    def act(call: Call) -> None:
        if "stream_options" in call.body:
            table.refusing(400, "stream_options is only allowed when stream is true")(call)
        else:
            healthy(call)

    with faulty(lambda number: act) as server:
        assert {reply.text for reply in asyncio.run(go(server.url))} == {TEXT}
    assert {"stream" in body for body in server.asked} == {True}


def test_a_refusal_that_names_nothing_of_a_form_changes_none() -> None:
    for refusal in ({"error": {"message": "bad model"}}, {"error": "upstream failed"}, None, [], "stream"):
        assert Form(stream=False).after(refusal) == Form(stream=False)
    assert Form().after({"error": {"message": "upstream failed"}}) == Form()


# TLS and names


def chosen(url: str, attempts: int = 3) -> EndpointWriter:
    """With a client of its own, as for a user."""
    settings = Settings(base_url=url, model="m", attempts=attempts)
    return EndpointWriter(settings, backoff=Backoff(0.001, 0.002))


def ask(url: str, **values: Any) -> Reply:
    async def go() -> Reply:
        async with chosen(url, **values) as writer:
            return await writer.write(LEAF)

    return asyncio.run(go())


def test_a_certificate_that_nobody_signed_ends_at_once_and_may_be_trusted_by_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with faulty(tls=True) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(EndpointError, match=r"证书不被信任.*SSL_CERT_FILE") as caught:
            ask(url)
        assert "\n" not in str(caught.value)
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert ask(url).text == TEXT


def test_https_to_a_server_without_tls_ends_at_once() -> None:
    with faulty() as server, pytest.raises(EndpointError, match=r"不是 TLS 服务.*http:// 还是 https://"):
        ask(server.url.replace("http:", "https:"))


def test_http_to_a_server_with_tls_is_named() -> None:
    with faulty(tls=True) as server, pytest.raises(EndpointError, match=r"没有答复就断开了.*https:// 开头"):
        ask(server.url, attempts=1)

    def alert(call: Call) -> None:
        call.send(b"\x15\x03\x03\x00\x02\x02\x46")  # as rustls and Java's servers answer

    with (
        faulty(lambda number: alert) as server,
        pytest.raises(EndpointError, match=r"不是 HTTP.*https:// 开头"),
    ):
        ask(server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("number", "says", "tries"),
    [(socket.EAI_NONAME, "没有这个主机名", 1), (socket.EAI_AGAIN, "检查地址（--base-url）和网络", 3)],
)
def test_a_name_that_does_not_exist_ends_at_once_and_a_name_service_that_is_away_is_asked_again(
    number: int, says: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def getaddrinfo(*args: Any, **options: Any) -> list[Any]:
        asked.append(args)
        raise socket.gaierror(number, "said")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(EndpointError, match=f"（said）.*{says}"):
        write("http://model.invalid/v1")
    assert len(asked) == tries


def test_a_name_that_no_resolver_has_is_one_line() -> None:
    # without a network the name service may be away rather than sure
    with pytest.raises(
        EndpointError, match=r"^连不上 http://model\.invalid/v1.*检查地址（--base-url）和网络$"
    ):
        write("http://model.invalid/v1")
