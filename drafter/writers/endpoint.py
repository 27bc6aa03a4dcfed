"""Writes through an OpenAI-compatible endpoint: one chat completion a leaf, repeated, continued and tidied as needed.

It knows requests and replies, not how prompts are made or what becomes of a text. How one request goes over the wire is
`wire`'s matter, how fast all of them go `pace`'s.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

from drafter.addresses import shown_url, usable_url
from drafter.errors import ContextOverflow, EndpointError, SettingsError
from drafter.plugins.protocols import Answer, CallLog, Reply, WriteRequest
from drafter.report import Usage
from drafter.settings import Settings
from drafter.writers.answers import chat_answer
from drafter.writers.cleaning import clean_reply, strip_reasoning
from drafter.writers.connection import Connections
from drafter.writers.continuing import join, trim_to_clause, trim_to_sentence
from drafter.writers.faults import ContentFiltered, Fault
from drafter.writers.forms import Form
from drafter.writers.streams import Gathered
from drafter.writers.wire import Wire

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from drafter.writers.pace import Turn

__all__ = ["Backoff", "ContextOverflow", "EndpointWriter"]

OPENAI_URL = "https://api.openai.com/v1"
CONTINUATIONS = 2
"""How often a reply that was cut off is asked to go on."""
WORTH_KEEPING = 60
"""Characters of a broken reply from which on it is cheaper to go on from them than to ask for the whole again."""
GO_ON = "上文没有写完就中断了。请紧接着最后一个标点继续写完，不要重复已写的内容，不要加标题、说明或开场白。"

Message = dict[str, str]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Backoff:
    """Seconds between attempts: about `first`, doubled each time, with jitter, never more than `longest`.

    A server's Retry-After is kept to, up to `longest`.
    """

    first: float = 0.5
    longest: float = 60.0


@dataclass
class _Tally:
    """What the calls of one reply came to, and where they are kept."""

    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    model: str = ""
    kept: CallLog | None = None
    in_parts: bool = True
    """Whether a reply that breaks off can be gone on with: the text of a leaf can, a list of patches cannot."""
    breaks: int = 0
    broken: EndpointError | None = None
    """How often a reply broke off with text worth keeping, and what was to be said of the last time."""


class EndpointWriter:
    """A `Writer` over any server that speaks OpenAI's chat completions.

    Args:
        settings: the endpoint's, the pace's and the limits of one call are taken from here.
        http_client: the openai client's own seam (an `httpx2.AsyncClient`); who hands one in closes it.
        backoff: waiting between attempts.

    Raises:
        SettingsError: no key and no base URL, or a base URL that is none.

    It may serve several event loops, such as those of one `asyncio.run` after another.
    """

    name = "endpoint"
    paces_calls = True
    """It keeps to `settings.concurrency` by itself, however many leaves are handed to it."""
    keeps_calls = True
    """Each answer goes to `request.calls` as it arrives, and is taken from there instead of being asked again."""

    def __init__(
        self, settings: Settings, *, http_client: Any = None, backoff: Backoff | None = None
    ) -> None:
        key = settings.api_key.get_secret_value().strip()
        if not key and not settings.base_url:
            raise SettingsError(
                "缺少密钥：请设置 OPENAI_API_KEY；若用本机的模型服务，请用 --base-url 给出地址"
            )
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise SettingsError("密钥里有空格、换行或汉字；请检查环境变量 OPENAI_API_KEY 或设置 api_key")
        self._settings = settings
        self._url = usable_url(settings.base_url or OPENAI_URL)
        self._key = key
        self._backoff = backoff or Backoff()
        self._connections = Connections(self._url, key, settings, http_client)
        self._wire = Wire(self._url, key, settings.timeout, settings.stall, self._connections.client)
        self._model = settings.model
        self._form = Form()

    def __repr__(self) -> str:
        return f"EndpointWriter({shown_url(self._url)!r}, model={self._model!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections of the running loop; a client that was handed in stays open."""
        await self._connections.aclose()

    async def write(self, request: WriteRequest) -> Reply:
        """The text of one leaf; see `Writer.write`.

        `finish` is "length" when the text is still cut off after two continuations or far too long already, or when the server broke off for
        a reason of its own: it then ends with its last full sentence. It is "empty" when two calls gave no text, and
        "content_filter" also when the server refused the prompt for its content.

        Raises:
            ContextOverflow: the prompt does not fit the model's context.
            EndpointError: the server refused, or kept failing for `settings.attempts` attempts.
            SettingsError: no model was named and the server offers several or none.
        """
        tally = _Tally(
            model=await self._chosen_model(), kept=request.calls, in_parts=request.purpose != "patch"
        )

        def body(text: str) -> str:
            if request.purpose == "patch":
                return text.strip()
            return clean_reply(text, request.heading, request.topics)

        def reply(text: str, finish: str) -> Reply:
            return Reply(text, finish, tally.usage, tally.model, tally.calls)

        for attempt in range(2):
            try:
                text, finish = await self._ask(
                    request.messages, request.limits.max_tokens, tally, anew=attempt > 0
                )
            except ContentFiltered:
                text, finish = "", "content_filter"
            if body(text) or finish == "content_filter":
                break
        else:
            return reply("", "empty")
        if request.purpose == "patch":
            return reply(body(text), finish)
        if finish in ("length", "partial"):
            text, finish = await self._go_on(request, text, finish, tally)
        if finish in ("length", "broken"):
            # trimmed first: cleaning would put a full stop to an item that was cut off
            return reply(body(trim_to_sentence(text)) or body(text), "length")
        return reply(body(text), finish)

    async def _go_on(self, request: WriteRequest, text: str, finish: str, tally: _Tally) -> tuple[str, str]:
        """A reply that was cut off ("length") or broke off ("partial") with its continuations; finish as of the last."""
        limit, before = request.limits.max_tokens, ""
        most = tally.calls - tally.breaks + CONTINUATIONS
        while finish in ("length", "partial"):
            if finish == "partial" and tally.broken and tally.breaks >= self._settings.attempts:
                self._connections.link().pace.give_up()
                raise tally.broken  # the next run goes on from what is kept
            # what an earlier run was answered costs nothing, and so is gone on with once more
            if finish == "length" and tally.calls - tally.breaks >= most:
                break
            if finish == "length" and request.limits.ran_away(text):
                break
            # a cut may go through a number: the writer goes on from a mark, never from the middle of 12|0人
            text = trim_to_clause(text)
            messages = (
                *request.messages,
                {"role": "assistant", "content": text},
                {"role": "user", "content": GO_ON},
            )
            try:
                # an answer that led no further would be kept, and lead no further, for ever
                more, finish = await self._ask(messages, limit, tally, anew=text == before)
            except ContextOverflow:
                if finish == "length":
                    break  # no room left: what was received so far is paid for
                text, finish = await self._ask(request.messages, limit, tally, anew=True)
                continue
            except ContentFiltered:
                break
            except EndpointError:
                if tally.kept is None:
                    break
                raise  # the server is away: the next run goes on from what is kept
            before, text = text, join(text, more)
        else:
            return text, finish
        return text, "length"

    async def _ask(
        self, messages: Sequence[Message], max_tokens: int, tally: _Tally, *, anew: bool = False
    ) -> tuple[str, str]:
        """One answered chat completion: its text without reasoning, and why it ends, as in `ending`.

        With `anew` the server is asked although an answer is kept: that one was of no use.
        """
        answer = tally.kept.kept(messages) if tally.kept and not anew else None
        if answer is None:
            answer = await self._complete(messages, max_tokens, tally)
            tally.usage += answer.usage
        tally.model = answer.model or tally.model
        # reasoning_content is left alone: it is no part of the reply, even where there is nothing else
        return strip_reasoning(answer.text), answer.finish

    async def _complete(self, messages: Sequence[Message], max_tokens: int, tally: _Tally) -> Answer:
        """One answer of the server, kept as it was received; every attempt is noted before it leaves."""
        pace, last = self._connections.link().pace, None

        async def call() -> Answer:
            nonlocal last
            form = self._form.parameters(max_tokens, self._settings.temperature)
            body = form | {"model": self._model, "messages": list(messages)}
            async with pace.turn(_guess(messages) + max_tokens) as turn:
                if last is not None and pace.given_up:
                    raise last  # so it was while this one waited for its turn to try again
                try:
                    answer = await self._noted(body, tally, turn)
                except Fault as fault:
                    last = fault if fault.transient else None
                    if fault.transient and not fault.malformed:
                        pace.failed(turn)
                    raise
                if answer.usage.prompt_tokens:
                    turn.cost = answer.usage.prompt_tokens + answer.usage.completion_tokens
            if answer.finish == "partial":
                self._pause(tally.breaks)
            else:
                pace.answered()
            return answer

        return await self._attempts(call)

    async def _noted(self, body: dict[str, Any], tally: _Tally, turn: Turn) -> Answer:
        """The answer to one request, noted before it leaves and kept when it came, as far as it came."""
        kept, extra, gathered = tally.kept, self._settings.extra_body, Gathered()
        number = 0
        if kept is not None:
            url = shown_url(self._url) + "/chat/completions"
            number = await kept.sent(body["messages"], url=url, body=body | _without_words(extra))
        begun = time.perf_counter()

        async def received(answer: Answer) -> Answer:
            if kept is not None:
                await kept.received(number, answer, time.perf_counter() - begun)
            tally.calls += 1
            return answer

        try:
            answer = await self._wire.chat(body, extra, gathered)
            turn.over()  # while the disk takes the answer, the server takes the next call
            return await received(answer)
        except (Fault, asyncio.CancelledError) as stopped:
            fault = stopped if isinstance(stopped, Fault) else None
            # the server said that it is over: only its count of tokens is missing
            whole = gathered.ended and gathered.fault is None
            if whole or (tally.in_parts and len(strip_reasoning(gathered.text).strip()) >= WORTH_KEEPING):
                answer = chat_answer(gathered.completion(), finish="" if whole else "partial")
                if fault is not None and not whole:
                    tally.breaks, tally.broken = tally.breaks + 1, fault.error
                await received(answer)
                if fault is not None:
                    return answer
            elif kept is not None:
                reason = str(fault.error) if fault else "在答复之前中断"
                worked = fault is None or fault.worked
                await kept.failed(number, reason, time.perf_counter() - begun, worked=worked)
            raise

    async def models(self) -> list[dict[str, Any]]:
        """The models that the server lists, as it describes them, each with its `id`; asked once, not tried again.

        Raises:
            EndpointError: it cannot be reached, refuses, or answers with something else.
        """
        try:
            return _rows(await self._wire.models())
        except Fault as caught:
            error = caught.error
        # raised out here, so that no request with its headers hangs on the error
        raise error

    async def _chosen_model(self) -> str:
        """The model of the settings, or else the only one that the server lists; asked once."""
        async with self._connections.link().asking:
            if not self._model:
                names = [str(row["id"]) for row in _rows(await self._attempts(self._wire.models))]
                if len(names) != 1:
                    some = "、".join(names[:10]) + ("……" if len(names) > 10 else "")
                    found = f"上有多个模型（{some}）" if names else "没有列出模型"
                    raise SettingsError(f"{shown_url(self._url)} {found}，请用 --model 指定一个")
                self._model = names[0]
        return self._model

    async def _attempts(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """What the call gives, made again after faults that may pass."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        pace, malformed = self._connections.link().pace, 0

        def may_pass(error: BaseException) -> bool:
            nonlocal malformed
            if not isinstance(error, Fault):
                return False
            malformed += error.malformed
            return error.transient and malformed < 2 and not pace.given_up

        while True:
            form = self._form
            retrying = AsyncRetrying(
                stop=stop_after_attempt(self._settings.attempts),
                wait=self._wait,
                retry=retry_if_exception(may_pass),
                reraise=True,
            )
            try:
                return await retrying(call)
            except Fault as caught:
                fault = caught
            if fault.transient:
                if not fault.malformed:
                    pace.give_up()
                break
            if self._form == form:  # else another call has learnt it meanwhile
                self._form = form.after(fault.body)
            if self._form == form:
                break
        # raised out here, so that no request with its headers hangs on the error
        raise fault.error

    def _wait(self, state: RetryCallState) -> float:
        """Seconds until the next attempt."""
        error = state.outcome.exception() if state.outcome else None
        return self._pause(state.attempt_number, error.retry_after if isinstance(error, Fault) else 0.0)

    def _pause(self, failed: int, asked: float = 0.0) -> float:
        """Seconds to wait after so many failures, or as the server asked; nobody else asks it meanwhile either."""
        first, longest = self._backoff.first, self._backoff.longest
        seconds = min(max(first * 2.0 ** (failed - 1) + random.uniform(0, first), asked), longest)
        self._connections.link().pace.pause(seconds)
        return seconds


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The models of an answer to /models."""
    return [each for each in answer["data"] if isinstance(each, dict) and each.get("id")]


def _guess(messages: Sequence[Message]) -> int:
    """Tokens of a prompt, roughly: one for each Hanzi or four letters. What it came to is put right afterwards."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for each in messages for text in each.values()) // 3


def _without_words(extra: dict[str, Any]) -> dict[str, Any]:
    """The user's own parameters as they may be kept: any string in them may be a secret, whatever its name."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(name): plain(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [plain(each) for each in value]
        return value if value is None or isinstance(value, bool | int | float) else "***"

    return {name: plain(value) for name, value in extra.items()}
