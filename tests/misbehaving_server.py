"""A small real HTTP server that answers by script, for what no well-behaved server can be brought to do."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One scripted answer; `delay` in seconds comes before it."""

    body: bytes | str | dict[str, Any] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


Scripted = Answer | Callable[[Any], Answer]
"""An answer, or what makes one of the request's parsed body."""


@dataclass
class Script:
    """The answers in order, the last one repeated; and what was asked."""

    answers: list[Scripted]
    url: str = ""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """When each was asked, by the monotonic clock."""
    keys: list[str] = field(default_factory=list)
    ports: set[int] = field(default_factory=set)
    """The client's, one for each connection that asked."""
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, path: str, body: bytes, key: str) -> Answer:
        with self.lock:
            self.times.append(time.monotonic())
            self.asked.append((path, json.loads(body) if body else None))
            self.keys.append(key)
            answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
            return answer(self.asked[-1][1]) if callable(answer) else answer


def completion(content: Any = "全镇开展督查9次。", finish: str | None = "stop", **more: Any) -> Answer:
    """A chat completion as a server would send it; `more` overrides fields of the answer."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
    usage = {"prompt_tokens": 50, "completion_tokens": 10, "total_tokens": 60}
    return Answer(
        {"id": "x", "object": "chat.completion", "model": "m-1", "choices": [choice], "usage": usage} | more
    )


def failure(
    status: int, message: str = "no", *, headers: Mapping[str, str] | None = None, **error: Any
) -> Answer:
    """An error object in OpenAI's shape."""
    return Answer({"error": {"message": message, **error}}, status, headers or {})


def facts_of(body: dict[str, Any]) -> list[str]:
    """The facts of a request's prompt."""
    rows = re.findall(r'^\{.*"text".*\}$', body["messages"][-1]["content"], re.MULTILINE)
    return [json.loads(row)["text"] for row in rows]


def mends(asked: str) -> bool:
    """Whether a prompt asks for a repair of what was written, in place (patch.j2) or as a whole (rewrite.j2)."""
    return asked.startswith(("现在修改", "现在重写"))


def telling(body: dict[str, Any]) -> Answer:
    """What a model without a fault might answer: the facts of the prompt, word for word."""
    return completion("".join(f"{fact}。" for fact in facts_of(body)) or "半年来，各项工作有序推进。")


@contextmanager
def serving(*answers: Scripted) -> Iterator[Script]:
    """The script, served on a free port of this machine."""
    script = Script(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:  # the client was killed while it sent: nothing was asked
                self.close_connection = True
                return
            script.ports.add(self.client_address[1])
            answer = script.next(self.path, body, self.headers.get("authorization", ""))
            script.closing.wait(answer.delay)
            content = (
                json.dumps(answer.body, ensure_ascii=False) if isinstance(answer.body, dict) else answer.body
            )
            raw = content.encode() if isinstance(content, str) else content
            self.send_response(answer.status)
            kind = "text/html" if raw.lstrip().startswith(b"<") else "application/json"
            for name, value in {
                "content-type": kind,
                "content-length": str(len(raw)),
                **answer.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that went away is what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        script.url = f"http://127.0.0.1:{server.server_port}/v1"
        try:
            yield script
        finally:
            script.closing.set()
            server.shutdown()
            thread.join()
