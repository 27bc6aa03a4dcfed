"""The report as one .html file that a clerk opens first, reads, checks against the facts, prints and mails.

The file asks the network for nothing: its style and its script stand in it, and its policy lets nothing else run or load.
Facts and past reports are values to the template, escaped like everything else that comes from outside.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.report import Report

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent


class HtmlExporter:
    """The review page: the report as it will look, what each sentence leans on, and what was found."""

    name, suffix = "html", ".html"

    def write(self, report: Report, path: Path) -> None:
        """Write the page, UTF-8, one line feed a line. The same report gives the same bytes."""
        path.write_text(page(report), encoding="utf-8", newline="\n")


def page(report: Report) -> str:
    """The review page of this report."""
    from drafter.exporters.review.odd import plain
    from drafter.exporters.review.view import view_of

    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return _template().render(
        view=view_of(report),
        report=report,
        style=style,
        script=script,
        policy=policy,
        title=plain(report.title),
    )


@cache
def _asset(name: str) -> str:
    # a checkout on Windows may have CR LF, of which a browser's digest knows nothing: universal newlines take it out
    return (FOLDER / name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from drafter.exporters.review.odd import visible
    from drafter.exporters.review.view import ROLE, SEVERITY, STATE, STATUS

    def shown(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"ROLE": ROLE, "SEVERITY": SEVERITY, "STATE": STATE, "STATUS": STATUS}
    return environment.get_template("page.html.j2")
