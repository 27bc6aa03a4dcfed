"""One request to the writer: kept the moment it is answered, and not made again when the journal has the answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from drafter.drafting.journal import Journal, resume_key
from drafter.drafting.progress import Stopwatch
from drafter.drafting.run import Run
from drafter.errors import DrafterError, PluginError
from drafter.plugins import Answer, Reply, WriteRequest


@dataclass(frozen=True)
class Asked:
    """A reply, whether all of it came from the journal, and the seconds that it took.

    `prompt_tokens` is what the server reported for the request's own messages, now or when it was first asked; 0 where
    that is not known.
    """

    reply: Reply
    resumed: bool
    seconds: float
    prompt_tokens: int


async def ask(run: Run, request: WriteRequest, watch: Stopwatch, place: int) -> Asked:
    """The writer's reply to this request of the leaf at `place`.

    Raises:
        EndpointError: the writer failed.
        PluginError: a writer of a plugin raised something else.
    """
    begun = time.perf_counter()
    kept = None
    if run.journal and run.prompted:
        again = request.section in run.refresh
        kept = KeptCalls(run.journal, request, _parameters(run), place, of_this_run=again)
        request = replace(request, calls=kept)
    # two leaves that ask the same wait for one answer
    turn = run.turns.setdefault(kept.key, asyncio.Lock()) if kept else contextlib.nullcontext()
    async with turn:
        with watch.waiting():
            if kept is None or getattr(run.writer, "keeps_calls", False):
                reply = await _write(run, request)
            else:
                reply = await _kept_whole(run, request, kept)
    # a lone surrogate can be neither kept nor written to a file
    reply = replace(reply, text=reply.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    alone = reply.usage.prompt_tokens if reply.calls == 1 else 0
    return Asked(
        reply,
        resumed=kept is not None and not kept.new,
        seconds=time.perf_counter() - begun,
        prompt_tokens=alone if kept is None else kept.prompt_tokens,
    )


def is_kept(run: Run, request: WriteRequest) -> bool:
    """Whether the journal has an answer to this request that may be used."""
    if not (run.journal and run.prompted) or request.section in run.refresh:
        return False
    return run.journal.has(KeptCalls(run.journal, request, _parameters(run), 0).key)


async def _write(run: Run, request: WriteRequest) -> Reply:
    try:
        reply: Any = await run.writer.write(request)
        if not (isinstance(reply, Reply) and isinstance(reply.text, str)):
            raise TypeError(f"write 应返回 Reply，返回的是 {type(getattr(reply, 'text', reply)).__name__}")
        return reply
    except (DrafterError, asyncio.CancelledError):
        raise
    except (Exception, SystemExit) as error:  # the plugin border: a stranger's writer may raise anything
        name = f"{type(error).__name__}: {error}"
        raise PluginError(f"写作器 {run.writer.name} 出错（{name}）；请修好它，或换一个写作器") from error


async def _kept_whole(run: Run, request: WriteRequest, kept: KeptCalls) -> Reply:
    """The reply of a writer that keeps no calls of its own: the reply is what is kept."""
    answer = kept.kept(request.messages)
    if answer is not None:
        return Reply(answer.text, answer.finish, model=answer.model, calls=0)
    number = kept.sent(request.messages)
    begun = time.perf_counter()
    try:
        reply = await _write(run, request)
    except DrafterError as error:
        kept.failed(number, str(error), time.perf_counter() - begun)
        raise
    answer = Answer(reply.text, reply.finish, reply.usage, reply.model)
    kept.received(number, answer, time.perf_counter() - begun)
    return reply


def _parameters(run: Run) -> dict[str, Any]:
    """What besides the messages decides an answer, and so belongs in its resume key. The API key does not."""
    settings = run.settings
    return {
        "writer": run.writer.name,
        "model": settings.model or settings.base_url,
        "temperature": settings.temperature,
        "extra_body": settings.extra_body,
    }


@dataclass
class KeptCalls:
    """The `CallLog` of one request over the journal. With `of_this_run`, what earlier runs kept is not used again.

    `new` counts the calls that were made, `prompt_tokens` is what was reported for the request's own messages.
    """

    journal: Journal
    request: WriteRequest
    parameters: Mapping[str, Any]
    place: int
    of_this_run: bool = False
    new: int = 0
    prompt_tokens: int = 0
    _asked: Sequence[Mapping[str, str]] = ()

    @property
    def key(self) -> str:
        """The resume key of the request's own messages."""
        return self._key(self.request.messages)

    def kept(self, messages: Sequence[Mapping[str, str]]) -> Answer | None:
        """The answer that these messages got before."""
        answer = self.journal.answer(self._key(messages), self.place, of_this_run=self.of_this_run)
        if answer is not None:
            self._note(messages, answer)
        return answer

    def sent(self, messages: Sequence[Mapping[str, str]], *, url: str = "", body: Any = None) -> int:
        """Note a call before it leaves."""
        self.new += 1
        self._asked = messages
        return self.journal.sent(
            self._key(messages),
            self.place,
            section=self.request.section,
            heading=self.request.heading,
            purpose=self.request.purpose,
            url=url,
            body=body if body is not None else {"messages": list(messages)},
        )

    def received(self, number: int, answer: Answer, seconds: float) -> None:
        """Keep the answer of a call."""
        self.journal.received(number, answer, seconds)
        self._note(self._asked, answer)

    def failed(self, number: int, reason: str, seconds: float) -> None:
        """Note that a call got no answer."""
        self.journal.failed(number, reason, seconds)

    def _note(self, messages: Sequence[Mapping[str, str]], answer: Answer) -> None:
        if list(messages) == list(self.request.messages):
            self.prompt_tokens = answer.usage.prompt_tokens

    def _key(self, messages: Sequence[Mapping[str, str]]) -> str:
        return resume_key(messages, {**self.parameters, "max_tokens": self.request.limits.max_tokens})
