"""Which address of a server may be called, and whether it is this machine. It calls none."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from drafter.errors import SettingsError

NO_URL = "接口地址（base_url、--base-url）不是能用的网址；请检查主机名和端口"
"""What is said of an address that cannot be used."""
NO_PROXY = {"all://": None, "http://": None, "https://": None}
"""What goes to this machine stays on it, whatever proxy the environment names."""


def usable_url(url: str) -> str:
    """The URL without a final stroke; it has a host and a port that can be called.

    Raises:
        SettingsError: it has not. The URL is not shown: it may carry a password.
    """
    if not url.startswith(("http://", "https://")):
        raise SettingsError("接口地址（base_url、--base-url）应以 http:// 或 https:// 开头")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        usable = bool(host) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise SettingsError(NO_URL)
    return url.rstrip("/")


def on_this_machine(url: str) -> bool:
    """Whether the URL's host is a loopback address."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def shown_url(url: str) -> str:
    """A URL fit for a message: no user, password, query or fragment, where keys may hide."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
