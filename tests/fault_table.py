"""Every fault of a server, at every place of a run, and what comes of it: the table of docs/faults.md.

python -m tests.fault_table      runs them all and writes the table
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2

import drafter
from drafter import DrafterError, EndpointWriter, Journal, Passage, Query, Report, Settings
from drafter.plugins import load_registry
from drafter.writers.endpoint import Backoff
from drafter.writers.wire import Wire
from tests import faulty_server as served
from tests.faulty_server import Act, Body, Call, faulty, healthy

PAGE = Path(__file__).parent.parent / "docs" / "faults.md"
FIRST, MIDDLE, MENDING, CALLS = 1, 2, 4, 4
"""Numbers of calls in an undisturbed run: the first leaf's, the second leaf's, its repair's; and how many they are."""
SOON = 0.05
"""Seconds of patience with a call that is known to hang; with any other there is enough for a loaded machine."""
HOST = "model.test"
COSTS = ("seconds", "writer_seconds", "calls", "tokens", "spending", "cost", "resumed")
LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "date": "2024-07-02",
    "outline": ["achievements", "problems", "plans"],
    "facts": [
        {"id": "f01", "text": "签订防汛责任书17份，落实村级防汛员36名"},
        {"id": "f02", "text": "召开防汛工作部署会2次，逐村明确转移路线和安置点"},
        {"id": "f03", "text": "排查山塘28座，发现隐患9处，已整改7处"},
        {"id": "f04", "text": "清理河道6.5公里，疏通排水沟渠4公里"},
        {"id": "f05", "text": "储备编织袋4500条、救生衣80件，添置应急照明灯12盏"},
        {"id": "f06", "text": "组织转移避险演练1次，参加群众130余人"},
        {"id": "f07", "role": "problem", "text": "还有2处隐患未整改，缺资金8万元"},
        {
            "id": "f08",
            "role": "problem",
            "text": "村级防汛员年龄偏大，不会使用水位监测设备，夜间值守力量不足",
        },
        {"id": "f09", "role": "problem", "text": "山塘巡查记录不够规范，发现的险情上报不够及时"},
        {"id": "f10", "role": "problem", "text": "应急物资分散存放，汛期调运慢"},
        {"id": "f11", "role": "problem", "text": "部分群众防灾意识不强，主动转移的自觉性不高"},
        {"id": "f12", "role": "plan", "text": "8月底前整改剩余2处隐患"},
        {"id": "f13", "role": "plan", "text": "汛期坚持24小时值班，遇强降雨提前组织危险区域群众转移"},
        {"id": "f14", "role": "plan", "text": "分批培训村级防汛员，提高水位监测设备使用水平"},
        {"id": "f15", "role": "plan", "text": "入户宣传避险常识，让群众熟悉转移路线"},
        {"id": "f16", "role": "plan", "text": "统一登记应急物资，就近设置存放点"},
    ],
}
TRUSTED = ssl.create_default_context()


class Past:
    """Two passages for every query, so that a prompt can be shortened."""

    def search(self, query: Query) -> list[Passage]:
        words = "压紧压实工作责任，细化完善各项措施，推动任务落到实处。"
        return [
            Passage(id=f"p{n}", document=f"d{n}", text=words * 3, masked=words * 3)
            for n in range(query.limit)
        ][:2]


Resolve = Callable[[], str]
"""The address that a name leads to; or it raises as getaddrinfo does."""


@dataclass(frozen=True)
class Case:
    """One fault: what the server (`act`) or the way to it (`resolve`) does.

    `passes` when one attempt later all may be well; `places` are the numbers of the calls that it befalls; `hangs` names the
    setting whose patience runs out; `differs` names what of the report is rightly another.
    """

    name: str
    act: Act = healthy
    resolve: Resolve | None = None
    passes: bool = False
    places: tuple[int, ...] = (FIRST, MIDDLE, MENDING)
    hangs: str = ""
    tls: bool = False
    scheme: str = "http"
    differs: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What one run came to, and the run after it against a healthy server."""

    calls: int
    answers: int
    leaves: int
    status: int
    said: str
    again: int
    report: Report | None
    mended: Report
    bought_twice: set[str]


def refusing(status: int, message: str = "", **headers: str) -> Act:
    """An error object in OpenAI's shape."""
    return lambda call: call.send(served.plain({"error": {"message": message}}, status, **headers))


def answering(body: Any, content_type: str = "application/json") -> Act:
    """Status 200 with this body."""
    return lambda call: call.send(served.plain(body, 200, content_type))


def breaking(letters: int, end: Callable[[Call], None]) -> Act:
    """A stream that has said so many letters when it ends in this way."""

    def act(call: Call) -> None:
        call.send(call.begun(letters))
        end(call)

    return act


def no_name(number: int) -> Resolve:
    """A resolver that fails with this number of getaddrinfo."""

    def resolve() -> str:
        raise socket.gaierror(getattr(socket, "EAI_NONAME" if number == 0 else "EAI_AGAIN"), _EAI[number])

    return resolve


_EAI = ("Name or service not known", "Temporary failure in name resolution")


def elsewhere() -> str:
    """An address of this machine at which nobody listens."""
    return "127.0.0.2"


def half(call: Call) -> None:
    """Half of the answer, to the next mark, and that it was cut off for its length."""
    text = call.text
    at = next((n for n, letter in enumerate(text, 1) if n > len(text) // 2 and letter in "，。"), len(text))
    call.send(served.stream(served.events(text[:at], "length", prompt_tokens=served.counted(call.body))))


def capped(call: Call) -> None:
    """The whole answer, to half of the prompt by the count of tokens."""
    call.send(served.stream(served.events(call.text, prompt_tokens=300)))


def failing_within(call: Call) -> None:
    """An event within the stream says that the server failed."""
    error = 'data: {"error": {"message": "CUDA out of memory", "code": 500}}\n\n'
    call.send(call.begun(96) + served.chunk(error.encode()) + b"0\r\n\r\n")


def unfinished_json(call: Call) -> None:
    """Less than the length that the header promises."""
    call.send(served.plain({"model": "m-1", "choices": [{"message": {"content": call.text}}]})[:-20])


def without_end(call: Call) -> None:
    """The whole reply with its finish_reason, and a reset where [DONE] should come."""
    call.send(served.stream(served.events(call.text, usage=False, done=False)).removesuffix(b"0\r\n\r\n"))
    call.reset()


def unstreamed(word: str) -> Act:
    """A gateway that refuses a parameter of streaming."""

    def act(call: Call) -> None:
        if word in call.body:
            refusing(400, f"Unsupported parameter: {word}")(call)
        else:
            healthy(call)

    return act


def over(message: str, status: int = 400, **fields: Any) -> Case:
    """A server that says in these words that the prompt is too long."""
    body = {"error": {"message": message, **fields}}
    act: Act = lambda call: call.send(served.plain(body, status))  # noqa: E731
    return Case(f"prompt too long: “{message}”", act, passes=True, differs=("passages",))


WEB_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
DATED = {"date": "Mon, 01 Jul 2024 08:00:00 GMT", "retry_after": "Mon, 01 Jul 2024 08:00:30 GMT"}
EMPTY = {"model": "m-1", "choices": []}
NULL = {"model": "m-1", "choices": [{"finish_reason": "stop", "message": {"content": None}}]}
FILTERED = {"model": "m-1", "choices": [{"finish_reason": "content_filter", "message": {"content": ""}}]}

CASES = (
    Case("connection refused", resolve=elsewhere, passes=True),
    Case("no such host (EAI_NONAME)", resolve=no_name(0)),
    Case("name service away (EAI_AGAIN)", resolve=no_name(1), passes=True),
    Case("certificate that nobody signed", places=(FIRST,), tls=True, scheme="https"),
    Case("plain HTTP behind https://", places=(FIRST,), scheme="https"),
    Case("401", refusing(401, "Incorrect API key provided")),
    Case("403", refusing(403, "Country not supported")),
    Case("404, no such model", refusing(404, "The model `m` does not exist")),
    Case("408", refusing(408, "Request timed out"), passes=True),
    Case("409", refusing(409, "Conflict"), passes=True),
    Case("429", refusing(429, "Rate limit reached"), passes=True),
    Case("429 with Retry-After: 20", refusing(429, "Rate limit reached", retry_after="20"), passes=True),
    Case("429 with Retry-After as a date", refusing(429, "Rate limit reached", **DATED), passes=True),
    Case("429, quota used up", refusing(429, "You exceeded your current quota")),
    Case("500", refusing(500, "Internal server error"), passes=True),
    Case("502 with a web page", lambda call: call.send(served.plain(WEB_PAGE, 502, "text/html")), passes=True),
    Case("503 while loading", refusing(503, "Loading model"), passes=True),
    Case("an error object with status 200", answering({"error": {"message": "upstream is down", "code": 502}}), passes=True),
    Case("reset before an answer", lambda call: call.reset(), passes=True),
    Case("closed before an answer", lambda call: None, passes=True),
    Case("reset after 32 characters", breaking(32, lambda call: call.reset()), passes=True),
    Case("reset after 64 characters", breaking(64, lambda call: call.reset()), passes=True),
    Case("closed after 64 characters", breaking(64, lambda call: None), passes=True),
    Case("reset after the last character, before finish_reason", breaking(9999, lambda call: call.reset()), passes=True),
    Case("failure told within the stream", failing_within, passes=True),
    Case("reset after the reply, before [DONE]", without_end, passes=True),
    Case("no answer in time", lambda call: call.hang(), passes=True, hangs="timeout"),
    Case("stall after 32 characters", breaking(32, lambda call: call.hang()), passes=True, hangs="stall"),
    Case("stall after 64 characters", breaking(64, lambda call: call.hang()), passes=True, hangs="stall"),
    Case("stall with keep-alive comments", breaking(64, lambda call: call.hang(b": ping\n\n")), passes=True, hangs="stall"),
    Case("stall with events without text", breaking(64, lambda call: call.hang(b'data: {"choices": []}\n\n')), passes=True, hangs="stall"),
    Case("JSON cut short", answering(b'{"model": "m-1", "choices": [{"mess'), passes=True),
    Case("body shorter than its Content-Length", unfinished_json, passes=True),
    Case("a web page with status 200", answering(WEB_PAGE, "text/html"), passes=True),
    Case("choices empty", answering(EMPTY), passes=True),
    Case("content null", answering(NULL), passes=True),
    Case("finish_reason content_filter", answering(FILTERED), passes=True),
    Case("prompt refused by the content filter", refusing(400, "data_inspection_failed"), passes=True),
    Case("finish_reason length", half, passes=True, differs=("repairs",)),
    over("This model's maximum context length is 4096 tokens. However, your messages resulted in 5012 tokens."),
    over("This model's maximum context length is 4096 tokens. However, you requested 5200 tokens (4700 in the messages, 500 in the completion)."),
    over("the request exceeds the available context size", n_prompt_tokens=5012, n_ctx=4096),
    over("the input length exceeds the context length"),
    Case("prompt cut without a word (usage says 300)", capped, passes=True, differs=("findings", "counts")),
    Case("stream_options refused", unstreamed("stream_options")),
    Case("streaming refused", unstreamed("stream")),
    Case("deadline of the report passed", lambda call: call.hang(), places=(FIRST,), settings={"deadline": 1.5}),
    Case("token budget used up", places=(FIRST,), settings={"budget_tokens": 1000}),
    Case("money budget used up", places=(FIRST,), settings={"budget_money": 0.0001, "price_output": 8.0}),
)  # fmt: skip


@contextmanager
def surroundings(case: Case, befallen: Callable[[int], bool], folder: Path) -> Iterator[list[int]]:
    """The way to the server, with the case's fault in it, and a cache of its own; yields the attempts that were made."""
    attempts: list[int] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        assert host in (HOST, HOST.encode()), host
        attempts.append(len(attempts) + 1)
        address = case.resolve() if case.resolve and befallen(attempts[-1]) else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))]

    chat = Wire.chat

    async def patient(self: Wire, *args: Any) -> Any:
        waits = case.hangs if befallen(len(attempts) + 1) else ""
        self._timeout, self._stall = (SOON if waits == each else 30.0 for each in ("timeout", "stall"))
        return await chat(self, *args)

    (folder / "tokens.json").unlink(missing_ok=True)
    with (
        mock.patch.dict(os.environ, DRAFTER_CACHE_DIR=str(folder)),
        mock.patch("socket.getaddrinfo", getaddrinfo),
        mock.patch.object(Wire, "chat", patient),
    ):
        yield attempts


def settings(url: str, **values: Any) -> Settings:
    given = {"base_url": url, "model": "m", "attempts": 3, "concurrency": 1, "timeout": 30.0} | values
    return Settings(**given)


REGISTRY = load_registry(())


async def drafting(chosen: Settings, journal: Journal) -> Report:
    # one TLS context for all: making one takes longer than a whole exchange
    async with httpx2.AsyncClient(verify=TRUSTED, trust_env=False) as client:
        writer = EndpointWriter(chosen, http_client=client, backoff=Backoff(0.001, 0.01))
        return await drafter.adraft(
            LEDGER, corpus=Past(), writer=writer, settings=chosen, registry=REGISTRY, journal=journal
        )


def run(case: Case, place: int, *, for_ever: bool, folder: Path) -> Outcome:
    """A run that the fault befalls, and then one against a healthy server with the same journal."""

    def befallen(number: int) -> bool:
        return number == place or (for_ever and number > place)

    def act(number: int) -> Act:
        return case.act if befallen(number) else healthy

    report, status, said = None, 0, ""
    path = folder / "journal.sqlite"
    with faulty(act, tls=case.tls) as server, surroundings(case, befallen, folder) as attempts:
        url = f"{case.scheme}://{HOST}:{server.port}/v1"
        with Journal(path) as journal:
            try:
                report = asyncio.run(drafting(settings(url, **case.settings), journal))
                status = 1 if report.unfinished else 0
                codes = ("writer", "repair")
                said = next((each.message for each in report.findings if each.check in codes), "")
            except DrafterError as error:
                status, said = error.exit_status, str(error)
            kept = received(journal)
            leaves = journal.rows("SELECT count(*) FROM leaves")[0][0]
    with faulty() as server, surroundings(Case(""), lambda number: False, folder):
        with Journal(path) as journal:
            mended = asyncio.run(drafting(settings(f"http://{HOST}:{server.port}/v1"), journal))
        again = [messages(body) for body in server.asked]
    path.unlink()
    said = _plain(said)
    return Outcome(
        len(attempts), len(kept), leaves, status, said, len(again), report, mended, kept & set(again)
    )


def received(journal: Journal) -> set[str]:
    """The messages of every call whose answer is kept and may be used."""
    found = journal.rows(
        "SELECT body FROM calls WHERE finish IN ('stop', 'length', 'partial') AND text != ''"
    )
    return {messages(json.loads(body)) for (body,) in found}


def messages(body: Body) -> str:
    return "\n".join(each["content"] for each in body["messages"])


def _plain(said: str) -> str:
    """A line without what differs from one machine to the next, or with each wording of a prompt."""
    said = re.sub(r":\d{4,5}/", "/", said)
    said = re.sub(r" \(_ssl\.c:\d+\)", "", said)
    return re.sub(r"(至多要 |应有 |已用 |报告提示词有 )[\d.]+", r"\1N", said)


def compared(report: Report, case: Case) -> Any:
    """A report without what a resumed run may differ in: who was asked when, and how long it took."""
    data = report.to_json()
    parts = [part for section in data["sections"] for part in section["parts"]]
    for each in (data, *data["sections"], *parts):
        for name in (*COSTS, *case.differs):
            each.pop(name, None)
    return data


def outcomes(folder: Path) -> dict[str, dict[tuple[int, bool], Outcome]]:
    """What every case came to, by its name, and by place and whether it was for ever."""
    return {
        case.name: {
            (place, for_ever): run(case, place, for_ever=for_ever, folder=folder)
            for place, for_ever in variants(case)
        }
        for case in CASES
    }


def variants(case: Case) -> list[tuple[int, bool]]:
    """Places, and whether for ever. What cannot pass stops the writing of a leaf at once, however long it would last."""
    once = [(place, False) for place in case.places if case.passes or place == MENDING]
    return once + [(place, True) for place in case.places if place != MENDING]


def undisturbed(folder: Path) -> Report:
    """The report that every run must come to in the end."""
    done = run(Case(""), 0, for_ever=False, folder=folder)
    assert done.report is not None
    assert (done.calls, done.again, done.bought_twice) == (CALLS, 0, set())
    return done.report


def table(found: dict[str, dict[tuple[int, bool], Outcome]]) -> str:
    """The page, in Markdown."""
    lines = [HEAD]
    for name, by_place in found.items():
        cells = [cell(by_place[each]) if each in by_place else "" for each in COLUMNS]
        said = [by_place[each].said for each in reversed(COLUMNS) if each in by_place]
        lines.append(f"| {' | '.join([name, *cells, said[0]])} |")
    return "\n".join(lines) + "\n"


COLUMNS = ((FIRST, False), (MIDDLE, False), (MENDING, False), (FIRST, True), (MIDDLE, True))


def cell(done: Outcome) -> str:
    """One variant in the table."""
    return f"{done.calls} → {done.answers}, {done.status}, +{done.again}"


def rows() -> dict[str, list[str]]:
    """The cells of the page, by the name of the case."""
    lines = [line[2:-2].split(" | ") for line in PAGE.read_text("utf-8").splitlines() if "→" in line]
    return {cells[0]: cells[1:] for cells in lines if len(cells) == len(COLUMNS) + 2}


HEAD = """# Faults of a server, and what comes of each

Made by `python -m tests.fault_table`, and kept true by a test. A report of three leaves, which takes four calls (the second
leaf lacks a fact, and one call mends it), is drafted against a real server that does this to the first call, to the second,
or to the repair, once, or from then on for ever. `attempts` is 3; calls go out one after the other. What it means for a user:
[endpoint.md](endpoint.md).

A cell says what the fault comes to in this place: **attempts made → answers kept in the journal, exit status, + calls that
the same command then makes against a healthy server**. That second run asks nothing again that was answered, and its report
is the undisturbed one. Empty cells: a fault that cannot pass stops the writing of a leaf at once, whether it would have
lasted or not, so that once is as for ever; and a certificate, a deadline or a budget is there from the first call on. While
a leaf is mended a lasting fault ends asking for repairs, not the report. The line is of the last cell; addresses are shown
without port, tokens and money as N.

| fault | once: first call | second | repair | for ever: from the first call | from the second | what the user reads |
|---|---|---|---|---|---|---|"""


def main() -> None:
    """Write the page."""
    # each answer goes to the disk before the next is asked for; in memory that takes no time
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        PAGE.write_text(table(outcomes(Path(folder))), "utf-8")


if __name__ == "__main__":
    main()
