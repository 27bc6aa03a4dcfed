"""Where templates are found, and the sandbox that renders them.

A template is looked for in the user's own folder, beside the plugin that brings the section, and in drafter's
prompts/. Facts and passages are values to a template, never templates themselves.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.errors import SettingsError
from drafter.plugins import Section

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

    from drafter.facts import Facts


def prompts_folder() -> Path:
    """drafter's own prompts: inside the package (wheel), else beside it (checkout, editable install)."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


@lru_cache(maxsize=64)
def _environment(places: tuple[Path, ...]) -> SandboxedEnvironment:
    """Where templates of these folders are rendered; kept, for reports one after another then compile each only once.

    A file that was changed meanwhile is read again: jinja looks at its time.
    """
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # prompts are plain text for a model; HTML escaping would alter the facts
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(place) for place in places]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


class Templates:
    """Renders prompt templates by name."""

    def __init__(self, folder: str = "", *, sealed: bool = False) -> None:
        """Args: folder, the user's own, whose files stand before all others; sealed, whether values have slots."""
        self._sealed = sealed
        if folder and not Path(folder).is_dir():
            raise SettingsError(f"设置 prompts：找不到文件夹 {folder}")
        self._own = [Path(folder).absolute()] if folder else []

    def _places(self, section: Section | None) -> tuple[Path, ...]:
        """Where a section's templates are: one plugin's files never stand in for another's, nor for drafter's."""
        source = inspect.getsourcefile(type(section)) if section else None
        beside = []
        if source and type(section).__module__ != "drafter.sections":
            beside = [Path(source).parent, Path(source).parent / "prompts"]
        return (*self._own, *beside, prompts_folder())

    def system(self, ledger: Facts) -> str:
        """The beginning that all calls of a report share; in sealed drafting with the rules for slots."""
        text = self.render("system.j2", {"ledger": ledger})
        return f"{text}\n{self.render('sealed.j2', {'ledger': ledger})}" if self._sealed else text

    def render(self, name: str, values: Mapping[str, Any], section: Section | None = None) -> str:
        """The text of template `name` with `values`; `section` is whose template it is.

        Raises:
            SettingsError: the template is missing, malformed, or asks for what it may not have.
        """
        from jinja2 import TemplateError, TemplateNotFound

        places = self._places(section)
        try:
            text = _environment(places).get_template(name).render({"sealed": self._sealed, **values})
        except TemplateNotFound as error:
            found = "、".join(str(place) for place in places)
            raise SettingsError(f"找不到提示词模板 {error.name}（找过 {found}）") from None
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            where = f"第 {line} 行" if line else ""
            raise SettingsError(f"提示词模板 {name}{where}有错：{error.message}") from None
        return text.strip()
