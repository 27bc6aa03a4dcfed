"""Writes through an OpenAI-compatible endpoint: one chat completion a leaf, repeated, continued and tidied as needed.

It knows requests and replies, not how prompts are made or what becomes of a text.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from drafter.errors import ContextOverflow, EndpointError, SettingsError
from drafter.plugins.protocols import Answer, CallLog, Reply, WriteRequest
from drafter.report import Usage
from drafter.settings import Settings
from drafter.writers.address import usable_url
from drafter.writers.answers import chat_answer, read_answer
from drafter.writers.cleaning import clean_reply, strip_reasoning
from drafter.writers.connection import Connections
from drafter.writers.continuing import join, trim_to_clause, trim_to_sentence
from drafter.writers.faults import (
    ContentFiltered,
    Fault,
    shown_url,
    silent_fault,
    status_fault,
    timeout_fault,
)
from drafter.writers.forms import Form

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from tenacity import RetryCallState

__all__ = ["Backoff", "ContextOverflow", "EndpointWriter"]

OPENAI_URL = "https://api.openai.com/v1"
CONTINUATIONS = 2
"""How often a reply that was cut off is asked to go on."""
GO_ON = "上文没有写完就中断了。请紧接着最后一个标点继续写完，不要重复已写的内容，不要加标题、说明或开场白。"

Message = dict[str, str]
_T = TypeVar("_T")
_Send = Callable[["AsyncOpenAI"], Awaitable[Any]]


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


class EndpointWriter:
    """A `Writer` over any server that speaks OpenAI's chat completions.

    Args:
        settings: base_url, model, api_key, temperature, timeout, attempts and extra_body are taken from here.
        http_client: the openai client's own seam (an `httpx2.AsyncClient`); who hands one in closes it.
        backoff: waiting between attempts.

    Raises:
        SettingsError: no key and no base URL, or a base URL that is none.

    It may serve several event loops, such as those of one `asyncio.run` after another.
    """

    name = "endpoint"
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
        self._connections = Connections(self._url, key, settings.timeout, http_client)
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

        `finish` is "length" when the text is still cut off after two continuations, or when the server broke off for
        a reason of its own: it then ends with its last full sentence. It is "empty" when two calls gave no text, and
        "content_filter" also when the server refused the prompt for its content.

        Raises:
            ContextOverflow: the prompt does not fit the model's context.
            EndpointError: the server refused, or kept failing for `settings.attempts` attempts.
            SettingsError: no model was named and the server offers several or none.
        """
        tally = _Tally(model=await self._chosen_model(), kept=request.calls)

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
        if finish == "length":
            text, finish = await self._go_on(request, text, tally)
        if finish in ("length", "broken"):
            # trimmed first: cleaning would put a full stop to an item that was cut off
            return reply(body(trim_to_sentence(text)) or body(text), "length")
        return reply(body(text), finish)

    async def _go_on(self, request: WriteRequest, text: str, tally: _Tally) -> tuple[str, str]:
        """A cut-off text with its continuations; finish as of the last answer."""
        for _ in range(CONTINUATIONS):
            # a cut may go through a number: the writer goes on from a mark, never from the middle of 12|0人
            text = trim_to_clause(text)
            messages = (
                *request.messages,
                {"role": "assistant", "content": text},
                {"role": "user", "content": GO_ON},
            )
            try:
                more, finish = await self._ask(messages, request.limits.max_tokens, tally)
            except EndpointError:
                # no room left, or the server went away: what was received so far is paid for and kept
                break
            text = join(text, more)
            if finish != "length":
                return text, finish
        return text, "length"

    async def _ask(
        self, messages: Sequence[Message], max_tokens: int, tally: _Tally, *, anew: bool = False
    ) -> tuple[str, str]:
        """One answered chat completion: its text without reasoning, and why it ends, as in `ending`.

        With `anew` the server is asked although an answer is kept: that one was of no use.
        """
        answer = tally.kept.kept(messages) if tally.kept and not anew else None
        if answer is None or not strip_reasoning(answer.text).strip():
            answer = await self._complete(messages, max_tokens, tally)
            tally.usage += answer.usage
        tally.model = answer.model or tally.model
        # reasoning_content is left alone: it is no part of the reply, even where there is nothing else
        return strip_reasoning(answer.text), answer.finish

    async def _complete(self, messages: Sequence[Message], max_tokens: int, tally: _Tally) -> Answer:
        """One answer of the server, kept as it was received; every attempt is noted before it leaves."""

        async def call() -> Answer:
            form = self._form.parameters(max_tokens, self._settings.temperature)
            body = form | {"model": self._model, "messages": list(messages)}
            extra = self._settings.extra_body

            def send(client: AsyncOpenAI) -> Awaitable[Any]:
                return client.chat.completions.with_raw_response.create(**body, extra_body=extra)

            if tally.kept is None:
                return chat_answer(await self._call("/chat/completions", "choices", send, tally))
            url = shown_url(self._url) + "/chat/completions"
            number = tally.kept.sent(messages, url=url, body=body | _without_words(extra))
            begun = time.perf_counter()
            try:
                answer = chat_answer(await self._call("/chat/completions", "choices", send, tally))
            except Fault as fault:
                tally.kept.failed(number, str(fault.error), time.perf_counter() - begun)
                raise
            tally.kept.received(number, answer, time.perf_counter() - begun)
            return answer

        return await self._attempts(call)

    async def _chosen_model(self) -> str:
        """The model of the settings, or else the only one that the server lists; asked once."""
        async with self._connections.link().asking:
            if not self._model:
                data = await self._attempts(partial(self._call, "/models", "data", _list_models, _Tally()))
                names = [
                    str(each["id"]) for each in data["data"] if isinstance(each, dict) and each.get("id")
                ]
                if len(names) != 1:
                    some = "、".join(names[:10]) + ("……" if len(names) > 10 else "")
                    found = f"上有多个模型（{some}）" if names else "没有列出模型"
                    raise SettingsError(f"{shown_url(self._url)} {found}，请用 --model 指定一个")
                self._model = names[0]
        return self._model

    async def _attempts(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """What the call gives, made again after faults that may pass."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        malformed = 0

        def may_pass(error: BaseException) -> bool:
            nonlocal malformed
            if not isinstance(error, Fault):
                return False
            malformed += error.malformed
            return error.transient and malformed < 2

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
            self._form = self._form.after(fault.body)
            if self._form == form:
                break
        # raised out here, so that no request with its headers hangs on the error
        raise fault.error

    def _wait(self, state: RetryCallState) -> float:
        from tenacity import wait_exponential, wait_random

        backoff = self._backoff
        seconds = wait_exponential(multiplier=backoff.first, max=backoff.longest)(state)
        seconds += wait_random(0, backoff.first)(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Fault) else 0.0
        return min(max(seconds, asked), backoff.longest)

    async def _call(self, path: str, wanted: str, send: _Send, tally: _Tally) -> dict[str, Any]:
        """One request. Raises nothing but Fault."""
        import openai

        url, seconds = self._url + path, self._settings.timeout
        try:
            async with asyncio.timeout(seconds):
                raw = await send(self._connections.client())
            tally.calls += 1
            return read_answer(raw.http_response.content, wanted, url, self._key)
        except (openai.APITimeoutError, TimeoutError):
            fault = timeout_fault(seconds, url)
        except openai.APIStatusError as error:
            response = error.response
            fault = status_fault(response.status_code, response.content, response.headers, url, self._key)
        except openai.APIConnectionError as error:
            fault = silent_fault(error.__cause__, url, self._key)
        raise fault


def _without_words(extra: dict[str, Any]) -> dict[str, Any]:
    """The user's own parameters as they may be kept: any string in them may be a secret, whatever its name."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(name): plain(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [plain(each) for each in value]
        return value if value is None or isinstance(value, bool | int | float) else "***"

    return {name: plain(value) for name, value in extra.items()}


def _list_models(client: AsyncOpenAI) -> Awaitable[Any]:
    return client.models.with_raw_response.list()
