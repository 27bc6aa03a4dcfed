"""How Sphinx makes the site: `make docs`, into build/site. Nothing of it is fetched when the site is built or read."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage
from sphinx.util.typing import ExtensionMetadata

from drafter import __version__

ROOT = Path(__file__).resolve().parent.parent

project = "drafter"
author = copyright = "The drafter authors"
version = release = __version__
language = "zh_CN"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["README.md"]
html_theme = "furo"
html_title = f"drafter {__version__}"
html_show_sphinx = False
html_copy_source = False

# the slugs that GitHub gives headings too, so that a link works in both places
myst_heading_anchors = 3
# pictures with a width are written as HTML, and belong to the site all the same
myst_enable_extensions = ["html_image"]
# fences in the pages are also what is no program: a tree of exceptions, a command's answer
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
# docstrings are written plainly: `name` is code there
default_role = "code"
napoleon_use_rtype = False

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
"""Chinese characters, as both Python and JavaScript write the range."""


class Chinese(SearchLanguage):
    """Chinese by pairs of characters, everything else by words: no dictionary, and any part of a word is found."""

    lang = "zh_CN"
    language_name = "Chinese"
    js_splitter_code = f"""
function splitQuery(query) {{
  const words = [];
  for (const run of query.toLowerCase().match(/[{HAN}]+|[\\w.-]+/gu) || []) {{
    if (!/[{HAN}]/u.test(run) || run.length === 1) words.push(run);
    else for (let at = 0; at + 1 < run.length; at++) words.push(run.slice(at, at + 2));
  }}
  return words;
}}
"""

    def split(self, input: str) -> list[str]:
        """The words of a page's text, as `splitQuery` takes a query apart; single characters too."""
        words: list[str] = []
        for run in re.findall(rf"[{HAN}]+|[\w.-]+", input.lower()):
            if re.match(rf"[{HAN}]", run):
                words += [*run, *(run[at : at + 2] for at in range(len(run) - 1))]
            else:
                words.append(run)
        return words

    def word_filter(self, word: str) -> bool:
        """Whether a word is worth an entry."""
        return bool(re.match(rf"[{HAN}]", word)) or len(word) > 1

    def stem(self, word: str) -> str:
        """The word as it is."""
        return word


INSIDE = {
    "../README.md": "readme.md",
    "../README.zh-CN.md": "readme-zh.md",
    "../benchmarks/README.md": "benchmarks.md",
    "../benchmarks/RESULTS.md": "results.md",
    "RESULTS.md": "results.md",
    "../plugins/README.md": "worked-plugins.md",
    "../examples/README.md": "examples.md",
    "../examples/": "examples.md",
}
"""Pages of the source that the site has under another name."""

_INCLUDED = re.compile(r"```\{include\} (\S+)\n```")
_TO_FOLDER = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*/\)")
"""A link to a folder of the source, which a site has none of."""


def _within_the_site(app: Sphinx, docname: str, source: list[str]) -> None:
    """Pages that stand elsewhere in the source are taken in here, and links that lead out of docs/ lead to a page of the site."""
    text = source[0]
    if found := _INCLUDED.search(text):
        place = (ROOT / "docs" / found[1]).resolve()
        text = place.read_text("utf-8")
        if place.parent == ROOT:  # its links are meant from there
            text = re.sub(r"\]\((?!https?:|#|docs/)", "](../", text).replace("](docs/", "](")
            text = text.replace('src="docs/', 'src="')
    for outside, inside in INSIDE.items():
        text = re.sub(rf"\]\({re.escape(outside)}(#[\w-]+)?\)", rf"]({inside})", text)
    source[0] = _TO_FOLDER.sub(r"\1", text) + (_unlisted(app, text) if docname == "index" else "")


def _unlisted(app: Sphinx, index: str) -> str:
    """A last list of the pages that stand in none of the index: a new page is found before somebody gives it its place."""
    listed = {line.rpartition("<")[2].rstrip(">") for line in index.splitlines()}
    others = sorted(app.env.found_docs - listed - {"index"})
    return (
        "\n".join(["", "```{toctree}", ":caption: 其他", ":maxdepth: 1", "", *others, "```", ""])
        if others
        else ""
    )


_ROW = re.compile(r"([a-z_]\w*(?:, [a-z_]\w*)*) {2,}(\S.*)")


def _rows(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """The plain tables of our docstrings, a name and behind it what it is, as lists of definitions."""
    out: list[str] = []
    within = False
    for line in lines:
        if row := _ROW.fullmatch(line):
            out += ["", f"``{row[1]}``", f"    {row[2]}"]
            within = True
        elif within and line.startswith(" "):
            out.append(f"    {line.strip()}")
        else:
            out += ["", line] if within and line else [line]
            within = False
    lines[:] = out


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.connect("source-read", _within_the_site)
    app.connect("autodoc-process-docstring", _rows, priority=400)
    app.add_search_language(Chinese)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
