"""Writes an example of a facts file, filled in, for a clerk to write over."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from drafter.errors import OutputError
from drafter.facts import Facts, parse_facts

FORMS = (".xlsx", ".csv", ".json", ".yaml", ".yml")
"""Endings that an example can have."""


def example() -> Facts:
    """The ledger of the example: an invented township, all four roles."""
    return parse_facts(json.loads(_text()))


def write_example(path: Path) -> Path:
    """Write the example to `path`, in the form of its ending.

    Raises:
        OutputError: an ending that is none of FORMS, a file that is there already, or a place that cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMS:
        raise OutputError(f"{path}：请用 {'、'.join(FORMS[:-1])} 之一作结尾，如 台账.xlsx")
    try:
        content = _content(suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise OutputError(f"{path}：已经存在，不会覆盖；请换个名字") from None
    except OSError as error:
        raise OutputError(f"{path}：写不了（{error.strerror}）；请检查权限，或换个地方") from None
    return path


def _content(suffix: str) -> bytes:
    if suffix == ".json":
        return _text().encode()
    if suffix in (".yaml", ".yml"):
        import yaml

        return yaml.safe_dump(json.loads(_text()), allow_unicode=True, sort_keys=False, width=200).encode()
    from drafter.scaffold.spreadsheets import to_csv, to_workbook

    return to_workbook(example()) if suffix == ".xlsx" else to_csv(example())


def _text() -> str:
    return files("drafter.scaffold").joinpath("facts/example.json").read_text("utf-8")
