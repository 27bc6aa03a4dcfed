"""The table of a batch as csv (for a spreadsheet program) and json, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drafter.batch.rows import STATUS, BatchRow
from drafter.errors import OutputError
from drafter.report import Usage

_COLUMNS = {
    "事实文件": "facts",
    "文件夹": "folder",
    "状态": "status",
    "标题": "title",
    "错误": "errors",
    "提醒": "warnings",
    "必写事实": "facts_required",
    "写到": "facts_covered",
    "可追溯处": "claims",
    "调用": "calls",
    "花费": "cost",
    "秒": "seconds",
    "说明": "message",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by a spreadsheet program (OWASP, CSV injection); titles may be anybody's."""


def totals(rows: Sequence[BatchRow]) -> dict[str, Any]:
    """The sums of a batch. What it cost is what this run spent; rows of earlier runs are not in it."""
    now = [row for row in rows if not row.earlier]
    counts: Counter[str] = Counter(row.status for row in rows)
    return {
        "reports": len(rows),
        **{status: counts[status] for status in STATUS},
        "earlier": len(rows) - len(now),
        "calls": sum(row.calls for row in now),
        "tokens": sum((row.tokens for row in now), Usage()).model_dump(),
        "cost": round(sum(row.cost for row in now), 6),
    }


def to_json(rows: Sequence[BatchRow]) -> dict[str, Any]:
    """Plain data of the summary."""
    return {"totals": totals(rows), "reports": [row.model_dump(mode="json") for row in rows]}


def write_summary(rows: Sequence[BatchRow], out: Path) -> list[Path]:
    """Write summary.csv and summary.json into `out`.

    Raises:
        OutputError: the place cannot be written.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow([*_COLUMNS, "提示词词元", "缓存词元", "回复词元", "上次完成"])
    for row in rows:
        told = row.model_dump()
        cells = [told[name] for name in _COLUMNS.values()]
        cells[2] = STATUS[row.status]
        tokens = row.tokens
        cells += [
            tokens.prompt_tokens,
            tokens.cached_tokens,
            tokens.completion_tokens,
            "是" if row.earlier else "",
        ]
        writer.writerow([_plain(cell) for cell in cells])
    files = {
        # a mark at the beginning, without which Excel reads UTF-8 as the system's own encoding
        out / "summary.csv": table.getvalue().encode("utf-8-sig"),
        out / "summary.json": (json.dumps(to_json(rows), ensure_ascii=False, indent=1) + "\n").encode(),
    }
    for path, content in files.items():
        replace_file(path, content)
    return list(files)


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file whole or not at all; `mode` is who may read it.

    Raises:
        OutputError: it cannot be written.
    """
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise OutputError(
            f"{path}：写不了（{error.strerror}）；请检查权限和磁盘空间，或关闭打开它的程序"
        ) from None
