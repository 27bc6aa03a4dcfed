"""Writes a plugin package of one's own, from the templates beside this file (string.Template, ending .tmpl).

In a template's path NAME stands for the plugin's name; everything else is as it is written.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Literal

from drafter.errors import InputError, OutputError
from drafter.plugins import Registry
from drafter.plugins.hookspecs import KINDS
from drafter.prompting.templates import prompts_folder

Kind = Literal["section", "check"]
LONGEST = 24
"""Characters of a name; it becomes part of a class, a module and a package."""
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def write_package(kind: Kind, name: str, folder: Path | None, registry: Registry) -> Path:
    """Write the package of a new section or check, whole or not at all.

    Args:
        kind: what the package brings.
        name: how outlines and settings will call it; lower-case letters, digits and single underscores.
        folder: the package's folder, which must not be there yet; None for drafter-NAME in the working folder.
        registry: what is registered already; its names are taken.

    Returns:
        The folder.

    Raises:
        InputError: the name cannot be used.
        OutputError: the folder is there already, or cannot be made.
    """
    _must_do(kind, name, registry)
    values = {
        "name": name,
        "kind": kind,
        "module": f"drafter_{name}",
        "package": f"drafter-{name.replace('_', '-')}",
        "stem": "".join(word.capitalize() for word in name.split("_")),
    }
    folder = folder or Path(values["package"])
    if folder.exists() or folder.is_symlink():
        raise OutputError(f"{folder}：已经存在，不会覆盖；请用 -o 换个地方，或换个名字")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".drafter-new-") as beside:
            made = Path(beside) / "package"
            for path, template in _templates(files("drafter.scaffold") / kind):
                target = made / path.replace("NAME", name)
                target.parent.mkdir(parents=True, exist_ok=True)
                text = Template(template.read_text("utf-8")).substitute(values)
                target.write_text(text, encoding="utf-8", newline="\n")
            shutil.move(made, folder)
    except OSError as error:
        raise OutputError(f"{folder}：写不了（{error.strerror}）；请检查权限，或用 -o 换个地方") from None
    return folder


def _must_do(kind: Kind, name: str, registry: Registry) -> None:
    """Raise InputError unless a plugin may be called so."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        near = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789")[:LONGEST].strip("_")
        hint = f"，例如 {near}" if near else "，例如 risks"
        raise InputError(
            f"NAME：“{name}”不能作名称；要以小写字母开头，只用小写字母、数字和单个下划线，至多 {LONGEST} 个字符{hint}"
        )
    kinds = f"{kind}s"
    if name in getattr(registry, kinds):
        by = registry.origins[kinds, name].plugin
        whose = "内置" if by == "built-in" else by
        raise InputError(
            f"NAME：已有名为“{name}”的{KINDS[kinds]}（{whose}）；请换个名字，现有的见 drafter plugins"
        )
    if kind == "section" and (prompts_folder() / f"{name}.j2").is_file():
        raise InputError(f"NAME：“{name}”是内置提示词模板的名字，会相互覆盖；请换个名字")
    if importlib.util.find_spec(f"drafter_{name}"):
        raise InputError(f"NAME：已经装有模块 drafter_{name}；请换个名字，或先卸载它")


def _templates(folder: Traversable, under: str = "") -> Iterator[tuple[str, Traversable]]:
    """Each template with the path that it is written to, NAME in it still."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _templates(entry, f"{under}{entry.name}/")
        elif entry.name.endswith(".tmpl"):
            yield f"{under}{entry.name.removesuffix('.tmpl')}", entry
