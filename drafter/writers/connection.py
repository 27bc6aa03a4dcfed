"""Connections to a server: one client for each event loop that asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from drafter.addresses import NO_PROXY, NO_URL, on_this_machine
from drafter.errors import SettingsError
from drafter.settings import Settings
from drafter.writers.pace import Pace

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_CONNECT = 15.0
"""Seconds to wait for a connection, of the whole time limit."""
_IDLE = 2.0
"""Seconds that a connection without a call is kept: many servers close theirs after five, and a call that meets the
closing fails."""


@dataclass
class Link:
    """What serves one event loop alone: connections, locks and the pace cannot move to another."""

    pace: Pace
    client: AsyncOpenAI | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Connections:
    """The links of one writer, by event loop.

    Args:
        url: the server's, as of `addresses.usable_url`.
        key: the API key; empty for a server that wants none.
        settings: the time for one call, and the pace, are taken from here.
        http_client: the openai client's own seam; who hands one in closes it.
    """

    def __init__(self, url: str, key: str, settings: Settings, http_client: Any = None) -> None:
        self._url, self._key, self._http_client = url, key, http_client
        self._settings, self._timeout = settings, settings.timeout
        self._links: dict[asyncio.AbstractEventLoop, Link] = {}

    def link(self) -> Link:
        """What belongs to the running loop; what is left of loops that ended cannot be used any more, and goes."""
        self._links = {loop: link for loop, link in self._links.items() if not loop.is_closed()}
        loop = asyncio.get_running_loop()
        if loop not in self._links:
            self._links[loop] = Link(Pace(self._settings))
        return self._links[loop]

    async def aclose(self) -> None:
        """Close the connections of the running loop; a client that was handed in stays open."""
        link = self._links.pop(asyncio.get_running_loop(), None)
        if link is not None and link.client is not None and self._http_client is None:
            await link.client.close()

    def client(self) -> AsyncOpenAI:
        """The running loop's client.

        Raises:
            SettingsError: the address, or a proxy of the environment, cannot be used.
        """
        link = self.link()
        if link.client is None:
            import httpx2
            import openai

            timeout = openai.Timeout(self._timeout, connect=min(self._timeout, _CONNECT))
            try:
                link.client = openai.AsyncOpenAI(
                    base_url=self._url,
                    api_key=self._key or "none",
                    max_retries=0,
                    timeout=timeout,
                    # the client's own default would try to close itself in whatever loop runs when it is collected
                    http_client=self._http_client
                    # a redirect would carry the facts to an address that nobody chose
                    or openai.DefaultAsyncHttpxClient(
                        timeout=timeout,
                        limits=httpx2.Limits(keepalive_expiry=_IDLE),
                        follow_redirects=False,
                        mounts=NO_PROXY if on_this_machine(self._url) else None,
                    ),
                )
            except (httpx2.InvalidURL, ValueError):  # ValueError: a proxy of the environment
                raise SettingsError(f"{NO_URL}，以及环境变量里的代理地址") from None
        return link.client
