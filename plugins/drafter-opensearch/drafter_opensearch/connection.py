"""The server: where it is, what it may be asked, and what its faults mean. Knows nothing of reports.

A password reaches the server's header only; neither a message nor `repr` shows it.
"""

from __future__ import annotations

import base64
import logging
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from drafter.errors import CorpusError, DrafterError, SettingsError

from drafter_opensearch.mapping import FORMAT, KINDS, creation

URL = "http://127.0.0.1:9200"
INDEX = "drafter"
TIMEOUT = 30.0
"""Seconds for one request; writing and deleting much may take longer, see `intake`."""
BUSY = frozenset({429, 502, 503, 504})
"""Answers that a later try may better."""
FIRST_WAIT = 0.5
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,199}")

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Which server, which indexes, and how to be let in."""

    url: str = URL
    index: str = INDEX
    username: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""


def place(environ: Mapping[str, str] | None = None) -> Place:
    """The place that the environment names.

    Raises:
        SettingsError: naming the variable and what is allowed, never a password.
    """
    environ = os.environ if environ is None else environ

    def value(name: str, default: str = "") -> str:
        return environ.get(name, "").strip() or default

    url = value("OPENSEARCH_URL", URL).rstrip("/")
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment or re.search(r"\s", url):
        raise SettingsError(
            "环境变量 OPENSEARCH_URL：应是 http://主机:端口 或 https://主机:端口 这样的地址，请核对"
        )
    if "@" in parts.netloc:
        raise SettingsError(
            "环境变量 OPENSEARCH_URL：地址里不要写用户名和口令，请改用 OPENSEARCH_USERNAME 和 OPENSEARCH_PASSWORD"
        )
    index = value("OPENSEARCH_INDEX", INDEX)
    if not _NAME.fullmatch(index):
        raise SettingsError(
            f"环境变量 OPENSEARCH_INDEX：“{index}”不能作索引名；请用小写字母、数字、点、- 和 _，以字母或数字开头"
        )
    username, password = value("OPENSEARCH_USERNAME"), environ.get("OPENSEARCH_PASSWORD", "")
    if bool(username) != bool(password):
        missing = "OPENSEARCH_PASSWORD" if username else "OPENSEARCH_USERNAME"
        raise SettingsError(
            f"环境变量 {missing}：没有设置；用户名和口令要么都给（OPENSEARCH_USERNAME、OPENSEARCH_PASSWORD），要么都不给"
        )
    ca = value("OPENSEARCH_CA")
    if ca and not Path(ca).is_file():
        raise SettingsError(f"环境变量 OPENSEARCH_CA：找不到证书文件 {ca}，请核对路径")
    return Place(url, index, username, password, ca)


def connect(at: Place | None = None, *, attempts: int = 4) -> Server:
    """The server at a place, by default the one that the environment names. Nothing is asked of it yet.

    Raises:
        SettingsError: an environment variable is wrong, or the client library is missing.
    """
    at = at or place()
    try:
        from opensearchpy import OpenSearch, Urllib3HttpConnection
    except ImportError as error:
        raise SettingsError(
            f"检索器 opensearch 缺少 opensearch-py（{error}），请用 pip install drafter-opensearch 安装"
        ) from None
    # a failed request would otherwise be printed with its trace wherever nobody set up logging
    logging.getLogger("opensearch").addHandler(logging.NullHandler())

    class Connection(Urllib3HttpConnection):
        def _raise_warnings(self, warning_headers: Any) -> None:
            """A server's advice to its administrator is not for who drafts a report."""

    options: dict[str, Any] = {}
    if at.username:
        # not http_auth, which can carry Latin-1 only
        told = base64.b64encode(f"{at.username}:{at.password}".encode()).decode("ascii")
        options["headers"] = {"authorization": f"Basic {told}"}
    if at.ca:
        options["ca_certs"] = at.ca
    parts = urlsplit(at.url)
    host = {
        "host": parts.hostname,
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "use_ssl": parts.scheme == "https",
        "url_prefix": parts.path,
    }
    client = OpenSearch([host], connection_class=Connection, timeout=TIMEOUT, max_retries=0, **options)
    return Server(client, at, attempts)


class Server:
    """An open connection. Every fault of it ends in one line that says what to do."""

    def __init__(self, client: Any, at: Place, attempts: int = 4) -> None:
        """Use `connect`."""
        self.place = at
        self.attempts = attempts
        self._client = client

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def name(self, kind: str) -> str:
        """The name of the index of a kind."""
        return f"{self.place.index}-{kind}"

    def ask(self, call: Callable[[Any], T], busy: Collection[int] = BUSY) -> T:
        """What `call` makes of the client; asked again after a wait while the server answers that it is busy.

        `call` must be one that may be repeated, and should read the answer too, since that may be anything.

        Raises:
            CorpusError: what the server said or did, and the way out.
        """
        from opensearchpy import OpenSearchException, TransportError
        from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

        def later(error: BaseException) -> bool:
            return isinstance(error, TransportError) and error.status_code in busy

        again = Retrying(
            retry=retry_if_exception(later),
            stop=stop_after_attempt(self.attempts),
            wait=wait_exponential(FIRST_WAIT, max=10) + wait_random(0, FIRST_WAIT),
            reraise=True,
        )
        try:
            return again(call, self._client)
        except DrafterError:
            raise
        except (
            OpenSearchException,
            LookupError,
            TypeError,
            ValueError,
            AttributeError,  # the client itself stumbles over an error body that is no object
        ) as error:
            raise CorpusError(self._told(error)) from None

    def _told(self, error: Exception) -> str:
        import opensearchpy as client

        at = self.place.url
        if isinstance(error, client.ConnectionTimeout):
            return f"{at}：服务器没有及时答复；请稍后再试，或请管理员看看它是否过忙"
        if isinstance(error, client.SSLError):
            return f"{at}：证书核对不过（{_short(error.error)}）；自建证书请把其 CA 文件的路径写进环境变量 OPENSEARCH_CA"
        if isinstance(error, client.ConnectionError):
            return f"{at}：连不上（{_cause(error)}）；请确认服务器已启动，地址和 http、https 无误（环境变量 OPENSEARCH_URL）"
        if not isinstance(error, client.TransportError):
            return f"{at}：答复看不懂（{type(error).__name__}）；请确认环境变量 OPENSEARCH_URL 指向 OpenSearch 或 Elasticsearch"
        status, reason = error.status_code, _reason(error)
        if status in (403, 429) and "cluster_block_exception" in reason:
            return f"{at}：索引被服务器设为只读（{reason}）；通常是磁盘将满，请管理员腾出空间后解除"
        if status == 401:
            return f"{at}：用户名或口令不对（401）；请核对环境变量 OPENSEARCH_USERNAME 和 OPENSEARCH_PASSWORD"
        if status == 403:
            return f"{at}：这个用户没有权限（403，{reason}）；请管理员授权，所需权限见 drafter-opensearch 的 README"
        if status == 404 and "index_not_found" in reason:
            return f"{at}：{self._missing()}"
        if status == 409:
            return f"{at}：另有程序正在改同一份索引（409）；请等它结束再试，同一时间只由一处加入报告"
        if status == 413:
            return f"{at}：一次送去的内容太大（413）；请管理员调大服务器或其代理的请求上限"
        if status in BUSY:
            return f"{at}：服务器忙或还没有就绪（{status}，{reason}），试了 {self.attempts} 次；请稍后再试"
        return f"{at}：服务器不接受这个请求（{status}，{reason}）；请确认环境变量 OPENSEARCH_URL 指向 OpenSearch 或 Elasticsearch"

    def _missing(self) -> str:
        return f"还没有索引 {self.place.index}-*，请先用 python -m drafter_opensearch add 加入往期报告"

    def _existing(self) -> dict[str, Any]:
        """What is known of each index of ours that exists: kind → mappings."""
        names = {self.name(kind): kind for kind in KINDS}

        def mappings(client: Any) -> dict[str, Any]:
            from opensearchpy import NotFoundError

            try:
                answer = client.indices.get_mapping(
                    index=",".join(names), params={"ignore_unavailable": "true"}
                )
                # behind an alias an index has another name, but its mapping still tells what it is
                return {
                    names.get(name) or _kind(found) or name: found["mappings"]
                    for name, found in answer.items()
                }
            except NotFoundError:
                return {}

        return self.ask(mappings)

    def check(self) -> None:
        """See that the indexes are there and ours.

        Raises:
            CorpusError: there are none, some are missing, or they are of another version or of somebody else.
        """
        if not self._sound(self._existing()):
            raise CorpusError(f"{self.place.url}：{self._missing()}")

    def prepare(self, *, fresh: bool = False) -> None:
        """Make the indexes where there are none; with `fresh` those that are there go first, if they are ours.

        Raises:
            CorpusError: as `check`, and where they cannot be made.
        """
        found = self._existing()
        if fresh:
            self._refuse_strangers(found)
            if found:
                names = ",".join(self.name(kind) for kind in found)
                self.ask(lambda client: client.indices.delete(index=names))
            found = {}
        if self._sound(found):
            return
        for kind in KINDS:
            self._create(kind)
        self.check()

    def _create(self, kind: str) -> None:
        def create(client: Any) -> None:
            from opensearchpy import RequestError

            try:
                client.indices.create(index=self.name(kind), body=creation(kind))
            except RequestError as error:
                if error.error != "resource_already_exists_exception":  # another was faster
                    raise

        self.ask(create)

    def _sound(self, found: Mapping[str, Any]) -> bool:
        """Whether all indexes are there and fit; False when there is none.

        Raises:
            CorpusError: some are missing, or do not fit.
        """
        self._refuse_strangers(found)
        again = "请用 python -m drafter_opensearch add --fresh 从头加入报告"
        for kind, mappings in found.items():
            made = mappings["_meta"]["drafter"].get("format")
            if made != FORMAT:
                raise CorpusError(
                    f"{self.place.url}：索引 {self.name(kind)} 是另一版本建的（{made}，现需 {FORMAT}）；{again}，或换一个 OPENSEARCH_INDEX"
                )
        missing = [self.name(kind) for kind in KINDS if kind not in found]
        if found and missing:
            raise CorpusError(f"{self.place.url}：索引不全，缺 {'、'.join(missing)}；{again}")
        return not missing

    def _refuse_strangers(self, found: Mapping[str, Any]) -> None:
        for kind, mappings in found.items():
            if _kind({"mappings": mappings}) != kind:
                raise CorpusError(
                    f"{self.place.url}：{self.name(kind)} 不是 drafter 建的索引，没有动它；请把环境变量 OPENSEARCH_INDEX 换成别的名字"
                )

    def refresh(self) -> None:
        """Make what was written visible to searches."""
        self.ask(lambda client: client.indices.refresh(index=",".join(self.name(kind) for kind in KINDS)))

    def info(self) -> str:
        """The server's name and version in a few words."""

        def told(client: Any) -> str:
            version = client.info()["version"]
            return f"{version.get('distribution', 'elasticsearch')} {version['number']}"

        return self.ask(told)

    def count(self, kind: str, query: Mapping[str, Any] | None = None) -> int:
        """How many records of a kind there are, or fit a query."""
        body = {"query": query} if query else None
        return self.ask(lambda client: int(client.count(index=self.name(kind), body=body)["count"]))

    def search(self, kind: str, body: Mapping[str, Any], read: Callable[[dict[str, Any]], T]) -> list[T]:
        """The hits of one search, each as `read` makes of it. An answer from a part of the index is none."""

        def found(client: Any) -> list[T]:
            answer = client.search(
                index=self.name(kind),
                body={**body, "track_total_hits": False},
                params={"allow_partial_search_results": "false"},
            )
            return [read(hit) for hit in answer["hits"]["hits"]]

        return self.ask(found)


def _kind(index: Mapping[str, Any]) -> str:
    meta = index.get("mappings", {}).get("_meta", {}).get("drafter", {})
    return str(meta.get("kind", "")) if isinstance(meta, Mapping) else ""


def _reason(error: Any) -> str:
    """The server's words for a refusal, in one short line."""
    told = error.info.get("error") if isinstance(error.info, dict) else None
    if not isinstance(told, dict):
        return _short(error.error)
    causes = told.get("root_cause")
    cause = causes[0] if isinstance(causes, list) and causes and isinstance(causes[0], dict) else told
    return _short(f"{cause.get('type', '')}: {cause.get('reason', '')}")


def _cause(error: Any) -> str:
    """What the system said: 'Connection refused' out of what the HTTP library wraps around it."""
    said = str(error.error)
    if found := re.search(r"\[Errno -?\d+\] ([^'\")]+)|'Connection aborted\.'.*'([^']+)'", said):
        return _short(found[1] or found[2])
    return _short(re.sub(r"<[^>]*>:?|\w+\(|\)+$", " ", said))


def _short(text: Any, most: int = 160) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= most else f"{line[:most]}…"
