"""What a server's refusal or silence means: whether trying again may help, and the one line that the user reads.

It knows status codes and servers' words, not prompts or replies. No key and no markup gets into a message.
"""

from __future__ import annotations

import json
import math
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from drafter.addresses import shown_url
from drafter.errors import ContextOverflow as ContextOverflow
from drafter.errors import EndpointError
from drafter.writers.phrases import phrases

TRANSIENT = frozenset({408, 409, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed (RFC 9110; 409 and 408 as the OpenAI client does)."""
_SAID = 200
"""Characters of the server's own words that a message carries."""

_ADVICE = {
    400: "请检查模型名（--model）和 extra_body",
    401: "请检查密钥（OPENAI_API_KEY 或设置 api_key）",
    402: "请检查账户余额",
    403: "请检查密钥及其权限（OPENAI_API_KEY 或设置 api_key）",
    404: "请检查模型名（--model）和地址（--base-url，通常以 /v1 结尾）",
    408: "请稍后再试，或查看服务的日志",
    409: "请稍后再试，或查看服务的日志",
    422: "请检查模型名（--model）和 extra_body",
    429: "请稍后再试，或调小 concurrency",
}
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), 11001})
"""What getaddrinfo says of a name that there is not, also on Windows; EAI_AGAIN may pass."""
_BROKE = frozenset({"ReadError", "RemoteProtocolError", "WriteError"})
"""Errors of the transport after the connection was made."""
_NO_TEXT = "illegal request line"
"""What h11 says of an answer that begins with a control character: the alert of a TLS server (RFC 8446, 5.1), mostly."""
_SECRET = re.compile(r"\b(?:sk|pk|rk|gsk|hf|xai|key)[-_][\w*.…-]{4,}|(?i:bearer)\s+\S+")


class ContentFiltered(EndpointError):
    """The provider's content filter refused the prompt: no text will come, however often it is asked."""


@dataclass(eq=False)
class Fault(Exception):
    """One failed call, before it is decided whether to try again. `error` is what the user gets in the end."""

    error: EndpointError
    transient: bool = False
    retry_after: float = 0.0
    """Seconds that the server asked to wait."""
    body: Any = None
    """The server's answer as parsed JSON, where it was JSON."""
    malformed: bool = False
    """An answer that claimed success and was none; tried once more."""
    worked: bool = False
    """The server may have worked on it, and so may charge for it."""
    gone: bool = False
    """The connection was closed without a byte of an answer."""


def status_fault(status: int, body: bytes, headers: Mapping[str, str], url: str, key: str) -> Fault:
    """The fault of an answer whose status (or whose own error object) says that the call failed."""
    if 300 <= status < 400:
        return _redirect_fault(status, headers.get("location", ""), url, key)
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    said = _quote(server_words(data) if data is not None else text, key, url)
    where = f"{shown_url(url)} 返回 {status}" + (f"“{said}”" if said else "")
    lower = " ".join((server_words(data), *_codes(data)) if data is not None else (text,)).lower()
    if status != 429 and any(words in lower for words in phrases("context_overflow.txt")):
        prompt, context = _sizes(data, lower)
        sizes = f"（提示词 {prompt} 词元，上下文 {context}）" if prompt and context else ""
        advice = "请调小 context_window、passages 或 max_tokens，或换上下文更大的模型"
        return Fault(
            ContextOverflow(f"{where}：内容超出模型的上下文{sizes}；{advice}", prompt, context), body=data
        )
    if status != 429 and any(words in lower for words in phrases("content_filter.txt")):
        return Fault(ContentFiltered(f"{where}：被服务端的内容过滤拦下"), body=data)
    if status == 429 and any(words in lower for words in phrases("quota.txt")):
        return Fault(EndpointError(f"{where}：额度或余额已用完；{_ADVICE[402]}"), body=data)
    after = retry_after(headers)
    wait = f"（要求等 {after:g} 秒）" if after else ""
    advice = _ADVICE.get(status, "请稍后再试，或查看服务的日志" if status >= 500 else _ADVICE[400])
    return Fault(EndpointError(f"{where}{wait}；{advice}"), status in TRANSIENT, after, data)


def _redirect_fault(status: int, location: str, url: str, key: str) -> Fault:
    """The fault of an answer that sends elsewhere. It is not followed: the facts go where the user said, or nowhere."""
    try:
        target = shown_url(urljoin(url, location)) if location else ""
    except ValueError:
        target = ""
    target = _quote(target, key, url)
    base = next(
        (target.removesuffix(path) for path in ("/chat/completions", "/models") if target.endswith(path)), ""
    )
    where = f"要转到 {target}" if target else "要转到别处"
    to = f" {base}" if base else "真正的接口地址（通常以 /v1 结尾）"
    return Fault(
        EndpointError(
            f"{shown_url(url)} 返回 {status}，{where}；没有向那里发送任何内容，请直接把 base_url 设为{to}"
        )
    )


def malformed_fault(what: str, url: str) -> Fault:
    """The fault of an answer that claims success but is no chat completion."""
    message = (
        f"{shown_url(url)} 的答复{what}；请检查地址（--base-url，通常以 /v1 结尾）是否为 OpenAI 兼容接口"
    )
    return Fault(EndpointError(message), transient=True, malformed=True, worked=True)


def unmarked_fault(url: str) -> Fault:
    """The fault of events that do not say in their header that they are: asked for in one piece they can be read."""
    message = f"{shown_url(url)} 的流式答复没有标明类型；请检查地址（--base-url）或其网关"
    return Fault(EndpointError(message), body={"error": {"message": "stream"}}, worked=True)


def endless_fault(url: str) -> Fault:
    """The fault of a reply that goes on beyond all measure, whatever max_tokens said."""
    message = f"{shown_url(url)} 的回复没有尽头，已断开；请检查服务端是否遵守 max_tokens"
    return Fault(EndpointError(message), worked=True)


def silent_fault(cause: BaseException | None, url: str, key: str) -> Fault:
    """The fault of a connection that could not be made or broke before any answer.

    A certificate that does not hold and a name that does not exist stay as they are; all else may pass.
    """
    chain = list(_causes(cause))
    said = _quote(_deepest(chain), key, url)
    message = f"连不上 {shown_url(url)}" + (f"（{said}）" if said else "")
    if any(isinstance(each, ssl.SSLError) for each in chain):
        if any(isinstance(each, ssl.SSLCertVerificationError) for each in chain):
            advice = "证书不被信任；自签证书请用环境变量 SSL_CERT_FILE 指给本机，并检查地址（--base-url）和本机时间"
        else:
            advice = "对方不是 TLS 服务或协议不合；请检查地址以 http:// 还是 https:// 开头"
        return Fault(EndpointError(f"{message}；{advice}"))
    if any(isinstance(each, socket.gaierror) and each.errno in _NO_SUCH_NAME for each in chain):
        return Fault(EndpointError(f"{message}；没有这个主机名，请检查地址（--base-url）和网络"))
    if not any(type(each).__name__ in _BROKE for each in chain):
        advice = "请确认服务已启动，并检查地址（--base-url）和网络"
        return Fault(EndpointError(f"{message}；{advice}"), transient=True)
    if _NO_TEXT in str(cause):
        return Fault(EndpointError(f"{shown_url(url)} 的答复不是 HTTP；若它用 TLS，地址应以 https:// 开头"))
    message = f"{shown_url(url)} 没有答复就断开了" + (f"（{said}）" if said else "")
    advice = "请确认服务和网络正常" + ("；若它用 TLS，地址应以 https:// 开头" if url[:5] == "http:" else "")
    return Fault(EndpointError(f"{message}；{advice}"), transient=True, worked=True, gone=True)


def broken_fault(cause: BaseException | None, received: int, url: str, key: str) -> Fault:
    """The fault of a reply that broke off with too little text to go on from; `received` characters had come."""
    said = _quote(_deepest(list(_causes(cause))), key, url)
    message = f"{shown_url(url)} 的回复中断（收到 {received} 字" + (f"，{said}" if said else "") + "）"
    return Fault(EndpointError(f"{message}；请确认服务和网络正常"), transient=True, worked=True)


def timeout_fault(seconds: float, received: int, url: str) -> Fault:
    """The fault of an answer that did not come, or was not complete, within the time limit."""
    late = f"没有答完（收到 {received} 字）" if received else "没有答复"
    message = f"{shown_url(url)} 在 {seconds:g} 秒内{late}；请确认服务正常，或调大 timeout、换小一些的模型"
    return Fault(EndpointError(message), transient=True, worked=True)


def stall_fault(seconds: float, received: int, url: str) -> Fault:
    """The fault of a reply that began and then stood still."""
    message = f"{shown_url(url)} 的回复停住了（收到 {received} 字后 {seconds:g} 秒没有新内容）"
    return Fault(EndpointError(f"{message}；请确认服务正常，或调大 stall"), transient=True, worked=True)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds of a Retry-After header, a number or a date; 0 where there is none.

    A date counts from the server's own Date where there is one: its clock need not be ours.
    """
    said = headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        until = _moment(said)
        since = _moment(headers.get("date", "")) or datetime.now(UTC)
        seconds = (until - since).total_seconds() if until else 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def _moment(date: str) -> datetime | None:
    """The time that an HTTP date names."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def server_words(data: Any) -> str:
    """The message in a server's error object, in any of the shapes in use."""
    if isinstance(data, dict):
        for name in ("error", "message", "detail", "msg", "error_msg"):
            if data.get(name):
                return server_words(data[name])
        return ""
    if isinstance(data, list):
        return server_words(data[0]) if data else ""
    return data if isinstance(data, str) else ""


def _codes(data: Any) -> list[str]:
    """The codes and types of an error object and of the one inside it."""
    error = data.get("error", data) if isinstance(data, dict) else None
    inner = (error.get("innererror") or error.get("inner_error")) if isinstance(error, dict) else None
    return [
        str(each[name])
        for each in (error, inner)
        if isinstance(each, dict)
        for name in ("code", "type")
        if each.get(name)
    ]


def _quote(text: str, key: str, url: str) -> str:
    """The server's words on one line, shortened, without the key and the address's password; a web page is only named."""
    if re.search(r"<(?:!doctype|html|head|body)\b", text, re.I):
        return "一个网页"
    password = urlsplit(url).password or ""
    for secret in filter(None, (key, password, unquote(password))):
        text = text.replace(secret, "***")
    text = _SECRET.sub("***", re.sub(r"<[^<>]*>", "", text))
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(text.split())
    return text if len(text) <= _SAID else text[: _SAID - 1] + "…"


def _sizes(data: Any, lower: str) -> tuple[int, int]:
    """Tokens of the prompt and of the context, from llama.cpp's fields or OpenAI's and vLLM's sentence."""
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict) and isinstance(error.get("n_ctx"), int):
        tokens = error.get("n_prompt_tokens")
        return (tokens if isinstance(tokens, int) else 0), error["n_ctx"]
    context = re.search(r"(?:maximum (?:context|model) length (?:is|of) |context length \()(\d+)", lower)
    prompt = re.search(
        r"(?:resulted in |\(|contains? (?:at least )?)(\d+) (?:tokens|in the messages|input)", lower
    )
    return int(prompt[1]) if prompt else 0, int(context[1]) if context else 0


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, the outermost first; of a group each of its errors."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__


def _deepest(chain: Sequence[BaseException]) -> str:
    """What the operating system said, at the bottom of the chain of causes."""
    text = ""
    for error in chain:
        if isinstance(error, ConnectionError) and error.errno:
            text = os.strerror(error.errno)  # asyncio puts a sentence of its own in its place
        elif str(error):
            text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text
