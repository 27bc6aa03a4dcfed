"""One request over the wire: what leaves, within which time, and what of the answer is an answer. Raises `Fault` alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from drafter.plugins.protocols import Answer
from drafter.writers.answers import chat_answer, read_answer
from drafter.writers.faults import (
    Fault,
    broken_fault,
    endless_fault,
    silent_fault,
    stall_fault,
    status_fault,
    timeout_fault,
    unmarked_fault,
)
from drafter.writers.streams import MOST, Gathered

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_END = 0.1
"""Seconds to wait for the end of a body whose last event has come; it mostly comes with it."""

_AT_ONCE = 1.0
"""Seconds within which a server that closes a connection cannot have begun to work on what it was asked."""
_BLANK = 120
"""So many blanks in a row end a reply: a small model that has said all may go on with line ends up to the last token."""


class _Stalled(Exception):
    """A reply that began brought no more text."""


class Wire:
    """Calls of one server.

    Args:
        url: the server's, as of `usable_url`.
        key: the secret that no message may show.
        timeout: seconds for one call.
        stall: seconds that a reply which began may stand still.
        client: gives the running loop's client.
    """

    def __init__(
        self, url: str, key: str, timeout: float, stall: float, client: Callable[[], AsyncOpenAI]
    ) -> None:
        self._url, self._key = url, key
        self._timeout, self._stall = timeout, stall
        self._client = client
        self._open = 0
        """Connections that answers left open, as far as this side knows."""

    async def chat(self, body: dict[str, Any], extra: dict[str, Any], gathered: Gathered) -> Answer:
        """The answer to one chat completion, asked for with `body` and the user's own `extra` parameters.

        A reply that comes in pieces is gathered in `gathered`: what had come is there also when this raises.

        A server may close a connection that it kept open while the next request is on its way to it. It has done nothing
        with that, and so it is asked again at once, over a new one (RFC 9112, section 9.3.1).
        """
        kept_open = self._open > 0
        self._open -= kept_open
        begun = asyncio.get_running_loop().time()
        try:
            answer = await self._chat(body, extra, gathered)
        except Fault as fault:
            if not (kept_open and fault.gone and asyncio.get_running_loop().time() - begun < _AT_ONCE):
                raise
            answer = await self._chat(body, extra, gathered)
        self._open += 1
        return answer

    async def _chat(self, body: dict[str, Any], extra: dict[str, Any], gathered: Gathered) -> Answer:
        url = self._url + "/chat/completions"
        async with self._faults(url, gathered):
            create = self._client().chat.completions.with_streaming_response.create
            async with create(**body, extra_body=extra) as response:
                raw = response.http_response
                if not raw.headers.get("content-type", "").lower().startswith("text/event-stream"):
                    content = await raw.aread()
                    if content.lstrip().startswith((b"data:", b"event:")):
                        raise unmarked_fault(url)
                    return chat_answer(read_answer(content, "choices", url, self._key))
                await self._events(raw, gathered)
            if gathered.fault is not None:
                raise self._told(gathered.fault, url)
            if not gathered.ended:
                raise broken_fault(None, len(gathered.text), url, self._key)
            return chat_answer(gathered.completion())

    async def models(self) -> dict[str, Any]:
        """What the server answers to `/models`."""
        url = self._url + "/models"
        async with self._faults(url, Gathered()):
            raw = await self._client().models.with_raw_response.list()
            return read_answer(raw.http_response.content, "data", url, self._key)

    async def _events(self, response: Any, gathered: Gathered) -> None:
        import httpx2

        # UTF-8 whatever the header says (HTML standard, 9.2.5)
        response.encoding = "utf-8"
        loop, last = asyncio.get_running_loop(), 0.0
        events = aiter(httpx2.EventSource(response))
        while not (gathered.done or gathered.fault):
            # before the first text a small server may read a long prompt for minutes
            until = last + self._stall if gathered.begun else None
            try:
                async with asyncio.timeout_at(until):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise _Stalled from None
            if gathered.take(event.data):
                last = loop.time()
            if gathered.blank > _BLANK:
                gathered.end_here()
                return
            if gathered.size > MOST:
                raise endless_fault(self._url + "/chat/completions")
        if gathered.done:
            # the end of the body behind the last event: without it the connection cannot serve the next call
            with suppress(StopAsyncIteration, TimeoutError, httpx2.HTTPError, httpx2.StreamError):
                async with asyncio.timeout(_END):
                    await anext(events)

    @asynccontextmanager
    async def _faults(self, url: str, gathered: Gathered) -> AsyncIterator[None]:
        """Whatever goes wrong in there as a Fault, raised where no request with its headers hangs on it."""
        import httpx2
        import openai

        try:
            async with asyncio.timeout(self._timeout):
                yield
            return
        except Fault as found:
            fault = found
        except _Stalled:
            fault = stall_fault(self._stall, len(gathered.text), url)
        except (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError):
            fault = timeout_fault(self._timeout, len(gathered.text), url)
        except openai.APIStatusError as error:
            response = error.response
            fault = status_fault(response.status_code, response.content, response.headers, url, self._key)
        except openai.APIConnectionError as error:
            fault = silent_fault(error.__cause__, url, self._key)
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            fault = broken_fault(error, len(gathered.text), url, self._key)
        fault.__cause__ = fault.__context__ = None
        raise fault

    def _told(self, event: dict[str, Any], url: str) -> Fault:
        """The fault that an event within the stream tells of."""
        import json

        error = event["error"]
        code = error.get("code") if isinstance(error, dict) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        return status_fault(status, json.dumps(event).encode(), {}, url, self._key)
