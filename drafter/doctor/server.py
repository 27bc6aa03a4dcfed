"""The endpoints that were chosen: whether they answer, whether the key is good, whether they know the model.

Only GET /models is asked, which no provider charges for; facts and passages are not sent.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from drafter.addresses import shown_url
from drafter.doctor.items import Item
from drafter.errors import EndpointError, SettingsError
from drafter.settings import Settings
from drafter.writers.endpoint import OPENAI_URL, EndpointWriter

PATIENCE = 20.0
"""Seconds for one answer: a list is short, whatever `timeout` allows a report."""
SHOWN = 8
"""Models that are named."""
_SIZES = ("max_model_len", "context_length", "context_window", "n_ctx")
"""What servers call the tokens of a model's context: vLLM, OpenRouter, Groq, llama.cpp (in `meta`)."""
_UNLISTED = ("404", "405", "501")
"""Statuses of servers that have no list at all, or none at this address."""


def look_at_server(settings: Settings) -> list[Item]:
    """The model's endpoint: reachable, the model known, its context large enough."""
    url = shown_url(settings.base_url or OPENAI_URL)
    try:
        rows = asyncio.run(_listed(settings))
    except SettingsError as error:
        return [Item.fault("endpoint", "接口", str(error))]
    except EndpointError as error:
        if settings.model and any(f"返回 {status}" in str(error) for status in _UNLISTED):
            said = f"{url} 有答复，但不提供模型列表，看不出是否认得 {settings.model}：{error}"
            return [
                Item.note(
                    "endpoint", "接口", said, "起草时若报 404，请检查地址是否以 /v1 结尾、模型名是否正确"
                )
            ]
        return [Item.fault("endpoint", "接口", str(error), exit_status=3)]
    answered = Item.ok("endpoint", "接口", f"{url} 有答复，列出 {len(rows)} 个模型")
    model, chosen = _chosen(settings.model, rows, url)
    return [answered, model, *_context(chosen, settings)]


def look_at_embeddings(settings: Settings) -> list[Item]:
    """The endpoint for vectors, where one was chosen. Without it passages are found by words alone: never a fault."""
    if not (settings.embeddings_base_url or settings.embeddings_model):
        return []
    name, label = "embeddings", "向量接口"
    if not (settings.embeddings_base_url and settings.embeddings_model):
        lacking = "embeddings_model" if settings.embeddings_base_url else "embeddings_base_url"
        return [Item.fault(name, label, f"只设了一半：还要设置 {lacking}")]
    items = []
    if find_spec("numpy") is None:
        items.append(Item.note(name, label, "缺少 numpy，用不了向量", "pip install numpy"))
    as_writer = settings.model_copy(
        update={
            "base_url": settings.embeddings_base_url,
            "model": settings.embeddings_model,
            "api_key": settings.embeddings_api_key,
        }
    )
    url = shown_url(settings.embeddings_base_url)
    try:
        rows = asyncio.run(_listed(as_writer))
    except (SettingsError, EndpointError) as error:
        said = str(error).replace("OPENAI_API_KEY 或设置 api_key", "设置 embeddings_api_key")
        said = said.replace("--base-url", "embeddings_base_url").replace("--model", "embeddings_model")
        return [*items, Item.note(name, label, said, "连不上时只按词检索，照样起草")]
    model, _ = _chosen(settings.embeddings_model, rows, url)
    if model.state == "fault":
        return [*items, Item.note(name, label, model.said, model.advice)]
    return [*items, Item.ok(name, label, f"{url} 有答复，{model.said}")]


async def _listed(settings: Settings) -> list[dict[str, Any]]:
    patient = settings.model_copy(update={"timeout": min(settings.timeout, PATIENCE)})
    async with EndpointWriter(patient) as writer:
        return await writer.models()


def _chosen(model: str, rows: Sequence[dict[str, Any]], url: str) -> tuple[Item, dict[str, Any] | None]:
    """Whether the server knows the model, and its row in the list."""
    by_name = {str(row["id"]): row for row in rows}
    some = "、".join(list(by_name)[:SHOWN]) + ("……" if len(by_name) > SHOWN else "")
    if not model:
        if len(by_name) == 1:
            ((name, row),) = by_name.items()
            return Item.ok("model", "模型", f"没有指定，用服务端唯一的 {name}"), row
        said = f"没有指定模型，服务端有 {some}" if some else "没有指定模型，服务端也没有列出"
        return Item.fault("model", "模型", said, "用 --model、DRAFTER_MODEL 或设置 model 指定一个"), None
    for name in (model, f"{model}:latest"):  # Ollama lists the tag that is left out
        if name in by_name:
            return Item.ok("model", "模型", f"服务端有 {name}"), by_name[name]
    if rows and all(row.get("owned_by") == "llamacpp" for row in rows):
        return Item.ok("model", "模型", f"llama.cpp 只有一个模型（{some}），不看名称"), rows[0]
    if (urlsplit(url).hostname or "").endswith(".azure.com"):
        said = f"Azure 用部署的名称，不在模型列表里，看不出是否有 {model}"
        return Item.note("model", "模型", said, "起草时若报 404，请核对部署名称"), None
    near = difflib.get_close_matches(model, by_name, n=1)
    advice = f"是否应为 {near[0]}？" if near else "用 --model 换一个；Ollama 先 ollama pull 模型名"
    said = f"服务端没有列出 {model}，列出的有 {some or '（无）'}"
    return Item.fault("model", "模型", said, advice, exit_status=3), None


def _context(row: dict[str, Any] | None, settings: Settings) -> list[Item]:
    """Whether the server's context holds what the settings count on, where it says."""
    if row is None:
        return []
    meta = row.get("meta")
    told = [place.get(name) for place in (row, meta if isinstance(meta, dict) else {}) for name in _SIZES]
    size = next((each for each in told if isinstance(each, int) and each > 0), None)
    if size is None:
        said = f"服务端没有说明上下文多大，按设置 context_window = {settings.context_window} 计"
        advice = "Ollama、llama.cpp 实际的上下文可能更小，会不声不响地截断；请让两边一致（见 README）"
        return [Item.note("context", "上下文", said, advice)]
    if size < settings.context_window:
        said = f"服务端的上下文是 {size} 词元，设置 context_window 是 {settings.context_window}"
        return [Item.note("context", "上下文", said, f"请把 context_window 设为 {size}，或让服务端开大")]
    said = f"服务端的上下文是 {size} 词元，够设置的 context_window = {settings.context_window}"
    return [Item.ok("context", "上下文", said)]
