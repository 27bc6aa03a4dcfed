"""A model server on plain sockets that misbehaves on command: refuses, hangs, trickles, breaks off at any byte.

Its model is deterministic: it tells the facts of the prompt, of one leaf all but the last until it is asked to
mend it; asked to go on from the beginning of its answer, it gives the rest. A connection serves one call.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drafter.writers.endpoint import GO_ON
from tests.misbehaving_server import mends

CERTIFICATE = Path(__file__).parent / "certificates" / "localhost.pem"
PIECE = 16
"""Characters that the server sends with one event."""
Body = dict[str, Any]


def told(body: Body) -> str:
    """What the model answers to these messages when nothing is wrong."""
    messages = body["messages"]
    if messages[-1]["content"] == GO_ON:
        whole, begun = told({"messages": messages[:-2]}), messages[-2]["content"]
        assert whole.startswith(begun), (whole, begun)
        return whole[len(begun) :]
    asked = messages[-1]["content"]
    if asked.startswith("现在修改"):
        told_after = re.search(r"^1\. (.+)\n问题：.*补写：(.+)$", asked, re.MULTILINE)
        if told_after is not None:
            return f"1. {told_after[1]}{told_after[2]}。"
    facts = [json.loads(line)["text"] for line in re.findall(r'^\{.*"text".*\}$', asked, re.MULTILINE)]
    text = "".join(f"{fact}。" for fact in facts)
    if "存在的问题" in asked and not mends(asked):
        return text.removesuffix(f"{facts[-1]}。")
    return text


def counted(body: Body) -> int:
    """Prompt tokens as a server might count them."""
    raw = b"".join(text.encode() for each in body["messages"] for text in each.values())
    return (len(raw) + len(re.findall(rb"[!-@\[-`{-~]", raw))) // 4


def events(
    text: str, finish: str = "stop", *, prompt_tokens: int = 50, usage: bool = True, done: bool = True
) -> list[str]:
    """A reply as the data of server-sent events."""

    def event(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        return {"model": "m-1", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}

    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    sent = [event({"role": "assistant", "content": ""})]
    sent += [event({"content": piece}) for piece in pieces] + [event({}, finish)]
    if usage:
        tokens = {"prompt_tokens": prompt_tokens, "completion_tokens": len(text)}
        sent.append({"model": "m-1", "choices": [], "usage": tokens})
    return [json.dumps(each, ensure_ascii=False) for each in sent] + ["[DONE]"] * done


def stream(data: list[str], content_type: str = "text/event-stream") -> bytes:
    """The whole HTTP answer of a stream that ends with its connection's last chunk."""
    raw = b"".join(chunk(f"data: {each}\n\n".encode()) for each in data)
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    return head.encode() + raw + b"0\r\n\r\n"


def chunk(raw: bytes) -> bytes:
    return f"{len(raw):x}\r\n".encode() + raw + b"\r\n"


def plain(body: Any, status: int = 200, content_type: str = "application/json", **headers: str) -> bytes:
    """The whole HTTP answer in one piece."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"HTTP/1.1 {status} Said", f"content-type: {content_type}", f"content-length: {len(raw)}"]
    lines += ["connection: close", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


@dataclass
class Call:
    """One call that came in: its parsed body, its number from 1, and the connection to answer on."""

    body: Body
    number: int
    connection: socket.socket
    closing: threading.Event

    @property
    def text(self) -> str:
        return told(self.body)

    @property
    def whole(self) -> bytes:
        """The answer when nothing is wrong."""
        if "stream" not in self.body:
            choice = {"finish_reason": "stop", "message": {"role": "assistant", "content": self.text}}
            usage = {"prompt_tokens": counted(self.body), "completion_tokens": len(self.text)}
            return plain({"model": "m-1", "choices": [choice], "usage": usage})
        return stream(events(self.text, prompt_tokens=counted(self.body)))

    def begun(self, letters: int) -> bytes:
        """The answer as far as its first letters (whole events), the stream left open."""
        text = [each for each in events(self.text) if '"finish_reason": null' in each]
        return stream(text[: 1 + letters // PIECE]).removesuffix(b"0\r\n\r\n")

    def send(self, raw: bytes) -> None:
        self.connection.sendall(raw)

    def reset(self) -> None:
        """Break the connection with a reset instead of an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def hang(self, trickle: bytes = b"") -> None:
        """Say no more until the client goes away, or only this again and again."""
        self.connection.settimeout(0.005)
        while not self.closing.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                if trickle:
                    self.connection.sendall(chunk(trickle))


Act = Callable[[Call], None]
"""What the server does with a call."""


def healthy(call: Call) -> None:
    call.send(call.whole)


@dataclass
class FaultyServer:
    """What is served: `act` is chosen for each call by its number. `asked` are the calls that came in."""

    port: int
    act: Callable[[int], Act]
    asked: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def faulty(
    act: Callable[[int], Act] = lambda number: healthy, *, tls: bool = False
) -> Iterator[FaultyServer]:
    """A server that does with each call what `act` says, on a free port of this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
    closing, lock = threading.Event(), threading.Lock()

    def serve(connection: socket.socket) -> None:
        # a client that goes away, or a handshake that fails, is what tests are about
        with (
            suppress(OSError),
            context.wrap_socket(connection, server_side=True) if tls else connection as own,
        ):
            body = _request(own)
            if body is None:
                return
            with lock:
                server.asked.append(body)
                call = Call(body, len(server.asked), own, closing)
                act = server.act(call.number)
            act(call)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        server = FaultyServer(listener.getsockname()[1], act)
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            closing.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _request(connection: socket.socket) -> Body | None:
    """The body of the request; None where the client went away before all of it had come."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        more = connection.recv(65536)
        if not more:
            return None
        raw += more
        if raw[:1] == b"\x16":  # a TLS handshake
            connection.sendall(plain({}, 400))
            return None
    head, _, body = raw.partition(b"\r\n\r\n")
    length = int(re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)[1])  # type: ignore[index]
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return None
        body += more
    parsed: Body = json.loads(body)
    return parsed
