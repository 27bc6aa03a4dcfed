"""Where templates are found, and the sandbox that renders them.

A template is looked for in the user's own folder, beside the plugin that brings the section, and in drafter's
prompts/. Facts and passages are values to a template, never templates themselves.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.errors import SettingsError
from drafter.plugins import Section

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


def prompts_folder() -> Path:
    """drafter's own prompts: inside the package (wheel), else beside it (checkout, editable install)."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


class Templates:
    """Renders prompt templates by name."""

    def __init__(self, folder: str = "", sections: tuple[Section, ...] = ()) -> None:
        """Args: folder, the user's own; sections, whose plugins may bring templates beside their code."""
        if folder and not Path(folder).is_dir():
            raise SettingsError(f"设置 prompts：找不到文件夹 {folder}")
        places = [Path(folder)] if folder else []
        for section in sections:
            source = inspect.getsourcefile(type(section))
            if source and type(section).__module__ != "drafter.sections":
                places += [Path(source).parent, Path(source).parent / "prompts"]
        self._places = [*dict.fromkeys(places), prompts_folder()]

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        loader = FileSystemLoader([str(place) for place in self._places])
        # prompts are plain text for a model; HTML escaping would alter the facts
        return ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """The text of template `name` with `values`.

        Raises:
            SettingsError: the template is missing, malformed, or asks for what it may not have.
        """
        from jinja2 import TemplateError, TemplateNotFound

        try:
            text = self._environment.get_template(name).render(values)
        except TemplateNotFound as error:
            places = "、".join(str(place) for place in self._places)
            raise SettingsError(f"找不到提示词模板 {error.name}（找过 {places}）") from None
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            where = f"第 {line} 行" if line else ""
            raise SettingsError(f"提示词模板 {name}{where}有错：{error.message}") from None
        return text.strip()
