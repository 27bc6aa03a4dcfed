"""A small server that answers as OpenSearch does, for exactly the requests that the plugin makes, and no others.

Written from the reference documentation of OpenSearch and Elasticsearch: `GET /`, index creation and deletion,
`_mapping`, `_bulk`, `_search`, `_count`, `_delete_by_query`, `_refresh`. What it does not know (a query, a field, a
parameter) it refuses with the documented error body, as those servers do; what was written shows in searches after a
refresh only. Scores are BM25 (k1 1.2, b 0.75), as Lucene counts them.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Refused(Exception):
    """An error answer: status, type and reason."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.kind, self.reason = status, kind, reason


def error_body(status: int, kind: str, reason: str) -> dict[str, Any]:
    """An error as both servers write it."""
    cause = {"type": kind, "reason": reason}
    return {"error": {"root_cause": [cause], **cause}, "status": status}


@dataclass
class Index:
    """Records by id; `shown` is what searches see."""

    body: dict[str, Any]
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        return self.body["mappings"]["properties"]

    def take(self, record: dict[str, Any]) -> None:
        for name, value in record.items():
            if name not in self.fields:
                reason = (
                    f"mapping set to strict, dynamic introduction of [{name}] within [_doc] is not allowed"
                )
                raise Refused(400, "strict_dynamic_mapping_exception", reason)
            if self.fields[name]["type"] in ("integer", "long") and not isinstance(value, int):
                reason = f"failed to parse field [{name}] of type [{self.fields[name]['type']}]"
                raise Refused(400, "mapper_parsing_exception", reason)

    def values(self, record: dict[str, Any], name: str) -> list[Any]:
        """What a field is searched by: a keyword's values, a text's tokens in order."""
        mapping = self.fields.get(name)
        if mapping is None:
            return []
        if not mapping.get("index", True):
            raise Refused(
                400, "query_shard_exception", f"Cannot search on field [{name}] since it is not indexed."
            )
        value = record.get(name)
        held = value if isinstance(value, list) else [] if value is None else [value]
        if mapping["type"] == "text":
            assert mapping["analyzer"] == "whitespace"
            return [token for text in held for token in text.split()]
        return [one for one in held if len(str(one)) <= mapping.get("ignore_above", 10**9)]


def found(index: Index, query: dict[str, Any]) -> dict[str, float]:
    """Ids that fit a query, with their scores."""
    ((kind, body),) = query.items()
    if kind == "match_all":
        return dict.fromkeys(index.shown, 1.0)
    if kind == "bool":
        return _bool(index, body)
    if kind == "constant_score":
        assert set(body) == {"filter", "boost"}
        return dict.fromkeys(found(index, body["filter"]), body["boost"])
    ((name, wanted),) = body.items()
    if kind == "match":
        return _match(index, name, wanted)
    records = index.shown.items()
    if kind in ("term", "terms"):
        values = wanted if kind == "terms" else [wanted]
        return {key: 1.0 for key, record in records if set(index.values(record, name)) & set(values)}
    if kind == "range":
        assert set(wanted) <= {"gte", "lte"}
        low, high = wanted.get("gte", -math.inf), wanted.get("lte", math.inf)
        return {
            key: 1.0
            for key, record in records
            if any(low <= value <= high for value in index.values(record, name))
        }
    if kind == "match_phrase":
        phrase = wanted.split()
        return {key: 1.0 for key, record in records if _runs(index.values(record, name), phrase)}
    raise Refused(400, "parsing_exception", f"unknown query [{kind}]")


def _runs(tokens: list[str], phrase: list[str]) -> bool:
    starts = range(len(tokens) - len(phrase) + 1)
    return bool(phrase) and any(tokens[at : at + len(phrase)] == phrase for at in starts)


def _bool(index: Index, body: dict[str, Any]) -> dict[str, float]:
    assert set(body) <= {"should", "minimum_should_match", "filter", "must_not"}, body
    fit = dict.fromkeys(index.shown, 0.0)
    if "should" in body:
        fit = {}
        for clause in body["should"]:
            for key, score in found(index, clause).items():
                fit[key] = fit.get(key, 0.0) + score
    for clause in body.get("filter", ()):
        fit = {key: score for key, score in fit.items() if key in found(index, clause)}
    for clause in body.get("must_not", ()):
        fit = {key: score for key, score in fit.items() if key not in found(index, clause)}
    return fit


def _match(index: Index, name: str, wanted: dict[str, Any]) -> dict[str, float]:
    texts = {key: index.values(record, name) for key, record in index.shown.items()}
    texts = {key: tokens for key, tokens in texts.items() if tokens}
    average = sum(map(len, texts.values())) / max(1, len(texts))
    scores: dict[str, float] = {}
    for word in wanted["query"].split():
        holders = {key: tokens.count(word) for key, tokens in texts.items() if word in tokens}
        rarity = math.log(1 + (len(texts) - len(holders) + 0.5) / (len(holders) + 0.5))
        for key, times in holders.items():
            length = 1.2 * (0.25 + 0.75 * len(texts[key]) / average)
            scores[key] = scores.get(key, 0.0) + wanted.get("boost", 1.0) * rarity * times / (times + length)
    return scores


class Engine:
    """The indexes, and what each request does to them."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.asked: list[tuple[str, str, Any]] = []
        """Method, path and body of each request."""
        self.headers: list[dict[str, str]] = []
        self.scripted: list[tuple[int, Any] | None] = []
        """What the next requests are answered instead: status and body; None lets one through."""
        self.refuses: str = ""
        """Records with this string in them are refused by `_bulk`, as with a full queue."""

    def answer(self, method: str, path: str, params: dict[str, str], text: str) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        route = (method, parts[-1] if parts[-1].startswith("_") else "/" if path == "/" else "{index}")
        known: dict[tuple[str, str], tuple[Any, set[str]]] = {
            ("GET", "/"): (self.info, set()),
            ("PUT", "{index}"): (self.create, set()),
            ("DELETE", "{index}"): (self.delete, set()),
            ("GET", "_mapping"): (self.mapping, {"ignore_unavailable"}),
            ("POST", "_bulk"): (self.bulk, set()),
            ("POST", "_search"): (self.search, {"allow_partial_search_results"}),
            ("POST", "_count"): (self.count, set()),
            ("POST", "_delete_by_query"): (self.delete_by_query, set()),
            ("POST", "_refresh"): (self.refresh, set()),
        }
        if route not in known:
            raise Refused(
                400, "illegal_argument_exception", f"no handler found for uri [{path}] and method [{method}]"
            )
        handle, allowed = known[route]
        if unknown := params.keys() - allowed:
            reason = f"request [{path}] contains unrecognized parameter: [{min(unknown)}]"
            raise Refused(400, "illegal_argument_exception", reason)
        if route[1] == "_bulk":
            return 200, handle(text)
        names = parts[0].split(",") if parts[0] else []
        return 200, handle(names, json.loads(text) if text else {})

    def _named(self, names: list[str]) -> list[Index]:
        for name in names:
            if name not in self.indexes:
                raise Refused(404, "index_not_found_exception", f"no such index [{name}]")
        return [self.indexes[name] for name in names]

    def info(self, names: list[str], body: Any) -> Any:
        return {"version": {"distribution": "opensearch", "number": "3.0.0"}, "tagline": "fake"}

    def create(self, names: list[str], body: Any) -> Any:
        (name,) = names
        if name in self.indexes:
            reason = f"index [{name}/x] already exists"
            raise Refused(400, "resource_already_exists_exception", reason)
        self.indexes[name] = Index(body)
        return {"acknowledged": True, "shards_acknowledged": True, "index": name}

    def delete(self, names: list[str], body: Any) -> Any:
        self._named(names)
        for name in names:
            del self.indexes[name]
        return {"acknowledged": True}

    def mapping(self, names: list[str], body: Any) -> Any:
        held = {name: self.indexes[name].body["mappings"] for name in names if name in self.indexes}
        return {name: {"mappings": mappings} for name, mappings in held.items()}

    def refresh(self, names: list[str], body: Any) -> Any:
        for index in self._named(names):
            index.shown = dict(index.records)
        return {"_shards": {"total": 3, "successful": 3, "failed": 0}}

    def bulk(self, text: str) -> Any:
        lines = text.rstrip("\n").split("\n")
        items = []
        for action, record in zip(lines[::2], lines[1::2], strict=True):
            ((kind, at),) = json.loads(action).items()
            assert kind == "index"
            item = {"_index": at["_index"], "_id": at["_id"]}
            try:
                if self.refuses and self.refuses in record:
                    raise Refused(400, "mapper_parsing_exception", "failed to parse")
                index = self._named([at["_index"]])[0]
                index.take(json.loads(record))
                index.records[at["_id"]] = json.loads(record)
                items.append({"index": item | {"status": 201, "result": "created"}})
            except Refused as why:
                told = {"type": why.kind, "reason": why.reason}
                items.append({"index": item | {"status": why.status, "error": told}})
        return {"took": 1, "errors": any("error" in item["index"] for item in items), "items": items}

    def delete_by_query(self, names: list[str], body: Any) -> Any:
        (index,) = self._named(names)
        gone = found(index, body["query"])
        for key in gone:
            if index.records.get(key) is not index.shown[key]:
                reason = f"[{key}]: version conflict, required seqNo [1], primary term [1]. but no document was found"
                raise Refused(409, "version_conflict_engine_exception", reason)
            del index.records[key]
        return {"took": 1, "timed_out": False, "total": len(gone), "deleted": len(gone), "failures": []}

    def count(self, names: list[str], body: Any) -> Any:
        (index,) = self._named(names)
        return {"count": len(found(index, body.get("query", {"match_all": {}})))}

    def search(self, names: list[str], body: Any) -> Any:
        assert set(body) <= {"size", "_source", "query", "sort", "search_after", "track_total_hits"}, body
        (index,) = self._named(names)
        if body["size"] > 10_000:
            raise Refused(400, "illegal_argument_exception", "Result window is too large")
        scores = found(index, body["query"])
        sort = [next(iter(clause.items())) for clause in body.get("sort", [{"_score": "desc"}])]

        def place(key: str) -> list[Any]:
            values = []
            for name, _ in sort:
                if name != "_score" and index.fields[name]["type"] == "text":
                    raise Refused(400, "illegal_argument_exception", f"Fielddata is disabled on [{name}]")
                values.append(scores[key] if name == "_score" else index.values(index.shown[key], name)[0])
            return values

        def order(values: list[Any]) -> list[Any]:
            return [-value if way == "desc" else value for value, (_, way) in zip(values, sort, strict=True)]

        keys = sorted(scores, key=lambda key: order(place(key)))
        if "search_after" in body:
            keys = [key for key in keys if order(place(key)) > order(body["search_after"])]
        scored = any(name == "_score" for name, _ in sort)
        hits = []
        for key in keys[: body["size"]]:
            record = index.shown[key]
            kept = (
                record if "_source" not in body else {n: v for n, v in record.items() if n in body["_source"]}
            )
            hit = {"_index": names[0], "_id": key, "_score": scores[key] if scored else None, "_source": kept}
            hits.append(hit | ({"sort": place(key)} if "sort" in body else {}))
        shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
        return {"took": 1, "timed_out": False, "_shards": shards, "hits": {"hits": hits}}


@contextmanager
def serving(engine: Engine) -> Iterator[str]:
    """The URL at which the engine answers, on loopback."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece, or each answer waits for an acknowledgement

        def log_message(self, *args: Any) -> None:
            pass

        def _do(self) -> None:
            text = self.rfile.read(int(self.headers.get("content-length") or 0)).decode("utf-8")
            parts = urlsplit(self.path)
            params = dict(parse_qsl(parts.query, keep_blank_values=True))
            with lock:
                lines = text.rstrip("\n").split("\n") if parts.path == "/_bulk" else [text]
                body = [json.loads(line) for line in lines if line]
                engine.asked.append(
                    (self.command, self.path, body if parts.path == "/_bulk" else (body or [None])[0])
                )
                engine.headers.append({name.lower(): value for name, value in self.headers.items()})
                scripted = engine.scripted.pop(0) if engine.scripted else None
                try:
                    status, answer = scripted or engine.answer(self.command, parts.path, params, text)
                except Refused as why:
                    status, answer = why.status, error_body(why.status, why.kind, why.reason)
            plain = isinstance(answer, str)
            data = (answer if plain else json.dumps(answer, ensure_ascii=False)).encode("utf-8")
            self.send_response(status)
            self.send_header("content-type", "text/html" if plain else "application/json; charset=UTF-8")
            self.send_header("content-length", str(len(data)))
            # as Elasticsearch without security does, for its administrator
            self.send_header(
                "warning", '299 Elasticsearch-8.0.0-x "Built-in security features are not enabled."'
            )
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _do

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
