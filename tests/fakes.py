"""A writer fed from a queue: everything above the wire is tested with it, and it keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drafter.plugins import Reply, WriteRequest
from drafter.report import Usage

Answer = str | Reply | Exception | Callable[[WriteRequest], str]


class QueueWriter:
    """Answers request after request from the queue; the last answer serves for all that follow."""

    name = "queue"

    def __init__(self, *answers: Answer, delay: float = 0.0) -> None:
        self.answers = list(answers)
        self.requests: list[WriteRequest] = []
        self.delay = delay
        self.running = self.most_running = 0

    async def write(self, request: WriteRequest) -> Reply:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(self.delay)
        self.running -= 1
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        text = answer if isinstance(answer, str) else answer(request)
        # by its length, as a server counts: one number for all prompts would look like a context that cuts them
        asked = sum(len(each["content"].encode()) for each in request.messages)
        usage = Usage(prompt_tokens=asked // 4, completion_tokens=len(text), cached_tokens=asked // 8)
        return Reply(text=text, usage=usage, model="queue-1", calls=1)


def faithful(request: WriteRequest) -> str:
    """The facts of the request as they stand, which every check accepts."""
    from drafter.writers.offline import compose

    return compose(request)
