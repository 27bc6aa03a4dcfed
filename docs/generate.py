"""Writes what the pages of docs/ take from the program itself: the settings, the commands, and each code with what it says.

    python docs/generate.py          rewrites the parts between `<!-- generated: NAME -->` and `<!-- end -->`

tests/test_docs.py runs the same functions, so that a page which is behind fails a test.
"""

from __future__ import annotations

import re
import tempfile
import types
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import click
import yaml
from annotated_types import Ge, Gt, Le
from pydantic import SecretStr

import drafter
from drafter.checks import CODES, run
from drafter.checks.leakage import Leakage
from drafter.checks.structure import Structure
from drafter.cli import group
from drafter.corpus import open_store
from drafter.settings import ENVIRONMENT, FOLDER_MAY_SET, Settings

DOCS = Path(__file__).resolve().parent
SEVERITY = {"error": "错误", "warning": "提醒", "info": "说明"}
_PART = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.S)


@cache
def codes() -> dict[str, Any]:
    """docs/data/codes.yaml: the ledger and the past report of the examples, the checks, and the codes."""
    data: dict[str, Any] = yaml.safe_load((DOCS / "data/codes.yaml").read_text("utf-8"))
    return data


# settings


def settings_table() -> str:
    """A row for each setting, in the order of `Settings`."""
    rows = [
        "| 名称 | 类型 | 默认 | 环境变量 | drafter.toml | 含义 |",
        "|---|---|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        variables = "、".join(f"`{each}`" for each, of in ENVIRONMENT.items() if of == name) or "无"
        kind = _kind(field.annotation) + _bounds(field.metadata)
        may = "✓" if name in FOLDER_MAY_SET else ""
        default = _default(field.get_default(call_default_factory=True))
        rows.append(
            f"| `{name}` | {kind} | {default} | {variables} | {may} | {_escaped(field.description or '')} |"
        )
    return "\n".join(rows)


def _kind(annotation: Any) -> str:
    """What a person calls the type."""
    names = {str: "文字", SecretStr: "文字（密钥）", bool: "真假", int: "整数", float: "数"}
    origin = get_origin(annotation)
    if origin is list:
        return f"{_kind(get_args(annotation)[0])}的列表"
    if origin is dict:
        return "表"
    if origin in (Union, types.UnionType):
        return "、".join(_kind(each) for each in get_args(annotation) if each is not type(None))
    return names[annotation]


def _bounds(metadata: list[Any]) -> str:
    """The least and the most, where there are any."""
    said = []
    for bound in metadata:
        if isinstance(bound, Ge):
            said.append(f"≥ {bound.ge:,}")
        elif isinstance(bound, Gt):
            said.append(f"> {bound.gt:,}")
        elif isinstance(bound, Le):
            said.append(f"≤ {bound.le:,}")
    return f"，{'，'.join(said)}" if said else ""


def _default(value: Any) -> str:
    if isinstance(value, SecretStr) or value in ("", None, [], {}):
        return "空"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"`{value}`"


# commands


def commands() -> Iterator[tuple[str, click.Command]]:
    """Each command with its full name, those of a group behind it."""

    def below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield name, command
        if isinstance(command, click.Group):
            for part, each in command.commands.items():
                yield from below(f"{name} {part}", each)

    return below("drafter", group)


def commands_page() -> str:
    """A section for each command: usage, what it does, arguments and options."""
    return "\n\n".join(_command(name, command) for name, command in commands())


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)]).replace("[OPTIONS]", "[选项]")
    lines = [f"## {name}", "", "```text", usage, "```", "", *_paragraphs(command.help or "")]
    if isinstance(command, click.Group):
        lines += [
            f"- [`{name} {part}`](#{_slug(f'{name} {part}')})：{each.get_short_help_str(200)}"
            for part, each in command.commands.items()
        ]
        lines.append("")
    rows = [
        f"| {_flags(param, context)} | {_cell(param)} |"
        for param in command.params
        if isinstance(param, click.Option) and param.name != "help"
    ]
    if rows:
        lines += ["| 选项 | 含义 |", "|---|---|", *rows]
    return "\n".join(lines).rstrip()


def _slug(heading: str) -> str:
    return heading.replace(" ", "-")


def _paragraphs(text: str) -> list[str]:
    """The help of a command; a line break within a paragraph is a space between Latin letters or figures, and else nothing."""
    lines = []
    for part in text.split("\n\n"):
        joined = re.sub(r"(?<=[!-~])\s*\n\s*|\s*\n\s*(?=[!-~])", " ", part.strip())
        lines += [_escaped(re.sub(r"\s*\n\s*", "", joined)), ""]
    return lines if text else []


def _flags(param: click.Option, context: click.Context) -> str:
    metavar = "" if param.is_flag else " " + param.make_metavar(context)
    return "、".join(
        f"`{flag}{metavar if flag.startswith('--') or len(param.opts) == 1 else ''}`" for flag in param.opts
    ).replace("|", r"\|")


def _cell(param: click.Option) -> str:
    said = _escaped(param.help or "")
    if param.required:
        said += "必填。"
    if param.show_default and param.default is not None:
        said += f"默认 `{param.default}`。"
    return said


# codes


def check_codes(name: str) -> str:
    """A section for each code of a check: meaning, example, what drafter says of it, and what to do."""
    told = codes()["checks"][name]
    lines = [f"## {name}：{told['title']}", "", told["about"], ""]
    if way := told.get("way"):
        lines += [f"误报时：{way}", ""]
    for code, meaning in CODES.items():
        if not code.startswith(f"{name}."):
            continue
        entry = codes()["codes"][code]
        finding = raised(code)
        facts = "、".join(each.fact for each in finding.evidence if each.fact)
        more = [f"事实 {facts}" if facts else "", _advised(finding.suggestion)]
        behind = "；".join(part for part in more if part)
        example = f"`{entry['text']}`" if "text" in entry else entry["how"]
        lines += [
            f"### {code}",
            "",
            f"{_escaped(meaning)}。",
            "",
            f"- 例：{example}",
            f"- 提示（{SEVERITY[finding.severity]}）：{_escaped(finding.message)}"
            + (f"（{behind}）" if behind else ""),
            f"- 办法：{entry['mend']}",
            "",
        ]
    return "\n".join(lines).rstrip()


def _advised(suggestion: str | None) -> str:
    if suggestion is None:
        return ""
    return f"建议：改为“{suggestion}”" if suggestion else "建议：删去"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}<>\[\]|$])", r"\\\1", text)


def checks_page() -> str:
    """All checks."""
    return "\n\n".join(check_codes(name) for name in codes()["checks"])


def examples_page() -> str:
    """The ledger and the past report that the examples are checked against."""
    ledger = codes()["ledger"]
    facts = [f"| {fact['id']} | {fact['topic']} | {fact['text']} |" for fact in ledger["facts"]]
    head = f"单位：{ledger['organization']}；时段：{ledger['period']}；主题：{ledger['theme']}；日期：{ledger['date']}。"
    return "\n".join(
        [
            head,
            "",
            "| 编号 | 主题 | 事项 |",
            "|---|---|---|",
            *facts,
            "",
            "```text",
            codes()["past"].rstrip(),
            "```",
        ]
    )


def raised(code: str) -> drafter.Finding:
    """The finding with this code that its example really gives.

    Raises:
        AssertionError: it gives none.
    """
    entry = codes()["codes"][code]
    findings = _checked(entry["text"]) if "text" in entry else SCENES[code]()
    found = [finding for finding in findings if finding.code == code]
    assert found, f"{code}: the example does not give it, but {sorted({each.code for each in findings})}"
    return found[0]


@cache
def _registry() -> drafter.Registry:
    """What is built in alone: the pages must not tell of a plugin of this machine."""
    return drafter.load_registry(entry_points=False)


@cache
def _checked(text: str) -> tuple[drafter.Finding, ...]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "石桥镇.txt").write_text(codes()["past"], "utf-8")
        with open_store(Path(folder) / "store") as corpus:
            corpus.add([Path(folder) / "石桥镇.txt"])
            result = drafter.check(
                text.replace("⏎", "\n"),
                codes()["ledger"],
                corpus=corpus,
                settings=Settings(),
                registry=_registry(),
                markdown=False,
            )
    return tuple(result.findings)


# what only a draft, or a plugin, raises


class _Teller:
    """A writer whose replies are spoiled in one way; what it tells is right."""

    name = "teller"

    def __init__(self, spoil: Callable[[drafter.WriteRequest, drafter.Reply], drafter.Reply]) -> None:
        self.spoil = spoil

    async def write(self, request: drafter.WriteRequest) -> drafter.Reply:
        text = "".join(f"{fact.text}。" for fact in request.facts) or "半年来，各项工作有序推进。"
        tokens = sum(len(message["content"]) for message in request.messages)
        return self.spoil(request, drafter.Reply(text, usage=drafter.Usage(prompt_tokens=tokens)))


def _drafted(
    spoil: Callable[[drafter.WriteRequest, drafter.Reply], drafter.Reply],
    *,
    seal: bool = False,
    **ledger: Any,
) -> list[drafter.Finding]:
    report = drafter.draft(
        codes()["ledger"] | ledger,
        writer=_Teller(spoil),
        settings=Settings(model="m", seal=seal),
        registry=_registry(),
    )
    return report.findings


def _as_it_is(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    return reply


def _empty(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    return drafter.Reply("", "empty", reply.usage)


def _cut_off(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    return drafter.Reply(reply.text, "length", reply.usage)


def _cut_prompt(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    return drafter.Reply(reply.text, usage=drafter.Usage(prompt_tokens=40))


def _broken_repair(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    if request.purpose == "write":
        return drafter.Reply("各项工作有序推进。", usage=reply.usage)
    raise drafter.EndpointError("连不上 http://127.0.0.1:8080/v1")


def _of_its_own(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    return drafter.Reply(reply.text.replace("⟦n1⟧", "⟦n900⟧"), usage=reply.usage)


def _told_again(request: drafter.WriteRequest, reply: drafter.Reply) -> drafter.Reply:
    return drafter.Reply(reply.text.replace("⟦n7⟧公里", "⟦n7⟧公里，⟦n2⟧座山塘更安全"), usage=reply.usage)


def _of_length(text: str, length: int) -> list[drafter.Finding]:
    span = drafter.SectionSpan("achievements", 0, len(text), heading="工作开展情况", length=length)
    context = drafter.CheckContext(drafter.parse_facts(codes()["ledger"]), sections=[span])
    return run(text, context, [Structure()]).findings


def _unfounded() -> list[drafter.Finding]:
    text = "全镇清理河道6.5公里。同时大力发展乡村旅游，吸引在外青年返乡创业。"
    span = drafter.SectionSpan("achievements", 0, len(text), facts=("f08",))
    context = drafter.CheckContext(drafter.parse_facts(codes()["ledger"]), sections=[span])
    return run(text, context, [Leakage()]).findings


class _Broken:
    """A check with a fault."""

    name = "mine"

    def check(self, text: str, context: drafter.CheckContext) -> list[drafter.Finding]:
        raise KeyError("terms.tsv")


def _plugin_failed() -> list[drafter.Finding]:
    context = drafter.CheckContext(drafter.parse_facts(codes()["ledger"]))
    return run("全镇清理河道6.5公里。", context, [_Broken()]).findings


SCENES: dict[str, Callable[[], list[drafter.Finding]]] = {
    "structure.short": lambda: _of_length("全镇清理河道6.5公里。排查山塘28座。", 400),
    "structure.long": lambda: _of_length("组织人员逐段巡查堤坝涵闸，发现险情及时处置。" * 10, 20),
    "leakage.unfounded": _unfounded,
    "plugin.failed": _plugin_failed,
    "outline.unplaced": lambda: _drafted(_as_it_is, outline=["plans"]),
    "outline.repeated": lambda: _drafted(
        _as_it_is, facts=[*codes()["ledger"]["facts"], {"topic": "隐患排查", "text": "清理河道6.5公里"}]
    ),
    "writer.fallback": lambda: _drafted(_empty),
    "writer.cut_off": lambda: _drafted(_cut_off),
    "writer.prompt_cut": lambda: _drafted(_cut_prompt),
    "repair.stopped": lambda: _drafted(_broken_repair),
    "sealing.fallback": lambda: _drafted(_of_its_own, seal=True),
    "sealing.repeated": lambda: _drafted(_told_again, seal=True),
}
"""How each code that no text alone can raise comes about."""


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "commands": commands_page,
    "ledger": examples_page,
    "codes": checks_page,
}
"""What may stand between the marks of a page."""


def filled(page: str) -> str:
    """The page with its generated parts as they should be."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", page)


def pages() -> list[Path]:
    """The pages with generated parts."""
    return [path for path in sorted(DOCS.glob("*.md")) if _PART.search(path.read_text("utf-8"))]


if __name__ == "__main__":
    for path in pages():
        path.write_text(filled(path.read_text("utf-8")), "utf-8", newline="\n")
        print(path.name)
