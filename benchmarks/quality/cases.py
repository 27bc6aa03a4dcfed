"""What is drafted: six ledgers of different themes and sizes, one corpus, and for each ledger the past report that is
nearest to it, chosen by hand as an office would that looks for last year's.

It imports nothing of drafter: ledgers are read as plain data, so that peers and scorer see only what the file says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CORPUS = ROOT / "examples" / "corpus"
ROLES = ("background", "done", "problem", "plan")


@dataclass(frozen=True)
class Case:
    """A ledger as plain data. `path` is what a drafter row reads, `best` the past report that is nearest."""

    name: str
    path: Path
    best: Path
    data: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.data.get("title") or "{organization}{period}{theme}情况汇报".format(**self.data))

    def facts(self, role: str = "") -> list[dict[str, Any]]:
        return [fact for fact in self.data["facts"] if not role or fact["role"] == role]

    def topics(self, role: str) -> dict[str, list[dict[str, Any]]]:
        """The facts of a role by topic, in the order of the ledger."""
        found: dict[str, list[dict[str, Any]]] = {}
        for fact in self.facts(role):
            found.setdefault(fact["topic"] or "其他工作", []).append(fact)
        return found


_FILES = (
    ("shaodu-elderly", HERE / "facts" / "shaodu-elderly.yaml", "zhudang-2024-elderly.txt"),
    ("hetang-environment", ROOT / "examples" / "facts" / "hetang-environment.yaml", "hetang-2023-environment.txt"),
    ("yunxi-safety", ROOT / "examples" / "facts" / "yunxi-safety.json", "yunxi-2023h1-safety.txt"),
    ("s3c-ideology", "cases/s3c/facts.json", "wangling-2024-culture-reading.md"),
    ("s0-ideology", "cases/s0/facts.json", "wangling-2024-culture-reading.md"),
    ("dalingpu-rural", HERE / "facts" / "dalingpu-rural.yaml", "mashiao-2023-rural-roads-water.txt"),
)  # fmt: skip
"""From small to large. A path that is text stands under the folder of shared cases, which is not part of this source."""
NAMES = tuple(name for name, _, _ in _FILES)


def load_cases(shared: Path | None = None) -> dict[str, Case]:
    """The ledgers that are there, by name; those of `shared` only where it is given and has them."""
    found = {}
    for name, where, best in _FILES:
        path = where if isinstance(where, Path) else shared / where if shared else None
        if path is not None and path.is_file():
            found[name] = Case(name, path, CORPUS / best, ledger(path.read_text("utf-8")))
    return found


def ledger(text: str) -> dict[str, Any]:
    """A ledger as plain data (YAML reads JSON, too): every fact with id, role, topic, text and required."""
    data: dict[str, Any] = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    facts = []
    for number, fact in enumerate(data["facts"], 1):
        given = {"text": fact} if isinstance(fact, str) else dict(fact)
        role = given.setdefault("role", "done")
        given.setdefault("required", role != "background")
        facts.append({"id": f"n{number:02d}", "topic": "", **given})
    return {**data, "facts": facts}
