"""Remembers between runs how many tokens a model makes of its prompts, so that the next report is counted closer.

A small file in the user's cache folder, derived data: when it is missing or damaged the safe bound is used again.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path


def _file() -> Path:
    if named := os.environ.get("DRAFTER_CACHE_DIR", "").strip():
        return Path(named) / "tokens.json"
    from platformdirs import user_cache_path

    return user_cache_path("drafter", appauthor=False) / "tokens.json"


def _key(base_url: str, model: str) -> str:
    # an address may hold a password; only its hash is kept
    return hashlib.sha256(f"{base_url}\n{model}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _all() -> dict[str, float]:
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: float(value) for key, value in found.items() if isinstance(value, int | float) and value > 0}


def known_ratio(base_url: str, model: str) -> float:
    """The highest ratio observed for this model, 0.0 when nothing is known (see `TokenCounter.ratio`)."""
    return _all().get(_key(base_url, model), 0.0)


def remember_ratio(base_url: str, model: str, ratio: float) -> None:
    """Keep the ratio when it is higher than the one known. A cache that cannot be written is done without."""
    ratios = _all()
    if ratio <= ratios.get(_key(base_url, model), 0.0):
        return
    ratios[_key(base_url, model)] = ratio
    path = _file()
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(ratios), "utf-8")
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
