"""A listener that only takes note: whoever connects to it has gone where nobody sent them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Witness:
    """Where it listens, and the first bytes of each connection."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def proxies(self) -> dict[str, str]:
        """Environment variables that lead all that is sent out here."""
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        return {name: self.url for each in names for name in (each, each.lower())}


@contextmanager
def witnessing() -> Iterator[Witness]:
    """Listens on a free port of this machine and hangs up on everybody."""
    witness = Witness()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(2)
            try:
                witness.heard.append(self.request.recv(65536))
            except OSError as error:
                witness.heard.append(repr(error).encode())
            self.request.sendall(b"HTTP/1.1 503 no\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        witness.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield witness
        finally:
            server.shutdown()
            thread.join()
