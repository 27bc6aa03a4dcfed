"""One request to the writer: kept the moment it is answered, and not made again when the journal has the answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from drafter.drafting.journal import resume_key
from drafter.drafting.progress import Stopwatch
from drafter.drafting.run import Run
from drafter.errors import DrafterError, EndpointError, PluginError
from drafter.plugins import Answer, Reply, WriteRequest
from drafter.prompting import TokenCounter
from drafter.report import Usage


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


async def ask(run: Run, counter: TokenCounter, request: WriteRequest, watch: Stopwatch, place: int) -> Asked:
    """The writer's reply to this request of the leaf at `place`; `counter` says what a call may cost.

    Raises:
        EndpointError: the writer failed.
        LimitReached: the budget or the time for the report is used up.
        PluginError: a writer of a plugin raised something else.
    """
    begun = time.perf_counter()
    kept = None
    if run.prompted:
        kept = KeptCalls(run, counter, request, place)
        request = replace(request, calls=kept)
    # two leaves that ask the same wait for one answer
    turn = (
        run.turns.setdefault(kept.key, asyncio.Lock()) if kept and run.journal else contextlib.nullcontext()
    )
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
    return run.journal.has(_key(run, request, request.messages))


async def _write(run: Run, request: WriteRequest) -> Reply:
    try:
        async with asyncio.timeout(run.meter.seconds_left) as deadline:
            reply: Any = await run.writer.write(request)
        if not (isinstance(reply, Reply) and isinstance(reply.text, str)):
            raise TypeError(f"write 应返回 Reply，返回的是 {type(getattr(reply, 'text', reply)).__name__}")
        return reply
    except (DrafterError, asyncio.CancelledError):
        raise
    except TimeoutError as error:
        if deadline.expired():
            raise run.meter.out_of_time() from None
        raise _broken(run, error) from error
    except (Exception, SystemExit) as error:  # the plugin border: a stranger's writer may raise anything
        raise _broken(run, error) from error


def _broken(run: Run, error: BaseException) -> PluginError:
    name = f"{type(error).__name__}: {error}"
    return PluginError(f"写作器 {run.writer.name} 出错（{name}）；请修好它，或换一个写作器")


async def _kept_whole(run: Run, request: WriteRequest, kept: KeptCalls) -> Reply:
    """The reply of a writer that keeps no calls of its own: the reply is what is kept."""
    answer = kept.kept(request.messages)
    if answer is not None:
        return Reply(answer.text, answer.finish, model=answer.model, calls=0)
    number = await kept.sent(request.messages)
    begun = time.perf_counter()
    try:
        reply = await _write(run, request)
    except (DrafterError, asyncio.CancelledError) as error:
        await kept.failed(number, str(error) or "在答复之前中断", time.perf_counter() - begun, worked=True)
        raise
    answer = Answer(reply.text, reply.finish, reply.usage, reply.model)
    await kept.received(number, answer, time.perf_counter() - begun)
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


def _key(run: Run, request: WriteRequest, messages: Sequence[Mapping[str, str]]) -> str:
    """The resume key of messages that are sent for this request."""
    return resume_key(messages, {**_parameters(run), "max_tokens": request.limits.max_tokens})


@dataclass
class KeptCalls:
    """The `CallLog` of one request of the leaf at `place`: over the run's journal, if it has one, and its meter.

    `new` counts the calls that were made, `prompt_tokens` is what was reported for the request's own messages.
    """

    run: Run
    counter: TokenCounter
    request: WriteRequest
    place: int
    new: int = 0
    prompt_tokens: int = 0
    _calls: dict[int, tuple[Sequence[Mapping[str, str]], Usage]] = field(default_factory=dict)
    """Calls under way: what was asked, and what they cost at most."""

    @property
    def key(self) -> str:
        """The resume key of the request's own messages."""
        return _key(self.run, self.request, self.request.messages)

    def kept(self, messages: Sequence[Mapping[str, str]]) -> Answer | None:
        """The answer that these messages got before; in a section that is written anew only in this run."""
        journal = self.run.journal
        if journal is None:
            return None
        key = _key(self.run, self.request, messages)
        anew = self.request.section in self.run.refresh
        going_on = list(messages) != list(self.request.messages)
        answer = journal.answer(key, self.place, of_this_run=anew, empty=going_on)
        if answer is not None:
            self._note(messages, answer)
        return answer

    async def sent(self, messages: Sequence[Mapping[str, str]], *, url: str = "", body: Any = None) -> int:
        """Note a call before it leaves, if it may be made.

        Raises:
            LimitReached: the budget or the time for the report does not allow it.
            EndpointError: another leaf has failed meanwhile.
        """
        most = Usage(
            prompt_tokens=self.counter.count(messages), completion_tokens=self.request.limits.max_tokens
        )
        if self.run.stopped:
            raise EndpointError("别的小节已经失败，没有再调用")
        await self.run.meter.reserve(most)
        self.new += 1
        number, journal = -self.new, self.run.journal
        if journal is not None:
            try:
                number = await journal.durably(
                    journal.sent,
                    _key(self.run, self.request, messages),
                    self.place,
                    most,
                    section=self.request.section,
                    heading=self.request.heading,
                    purpose=self.request.purpose,
                    url=url,
                    body=body if body is not None else {"messages": list(messages)},
                )
            except (DrafterError, asyncio.CancelledError):
                self._settle(most, Usage(), 0.0)  # it was not made
                raise
        self._calls[number] = (messages, most)
        return number

    async def received(self, number: int, answer: Answer, seconds: float) -> None:
        """Keep the answer of a call."""
        messages, most = self._calls.pop(number)
        used = answer.usage
        if not used.total:
            letters = len(answer.text.encode("utf-8", "surrogatepass"))
            used = most.model_copy(update={"completion_tokens": min(most.completion_tokens, letters)})
        elif not used.prompt_tokens:
            used = used.model_copy(update={"prompt_tokens": most.prompt_tokens})
        self._settle(most, used, seconds)
        self._note(messages, answer)
        if (journal := self.run.journal) is not None:
            await journal.durably(journal.received, number, answer, used, seconds)

    async def failed(self, number: int, reason: str, seconds: float, *, worked: bool = False) -> None:
        """Note that a call got no answer."""
        _, most = self._calls.pop(number)
        used = most if worked else Usage()
        self._settle(most, used, seconds)
        if self.run.journal is not None:
            self.run.journal.failed(number, reason, used, seconds)  # waits for the next that is written

    def _settle(self, most: Usage, used: Usage, seconds: float) -> None:
        request = self.request
        self.run.meter.settle(most, used, request.section, request.heading, request.purpose, seconds)

    def _note(self, messages: Sequence[Mapping[str, str]], answer: Answer) -> None:
        if list(messages) == list(self.request.messages):
            self.prompt_tokens = answer.usage.prompt_tokens
