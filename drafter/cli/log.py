"""`drafter log`: which runs there were, and for any section what was asked, answered and decided."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from drafter.cli.options import HELP, JSON, STEPS, shown

if TYPE_CHECKING:
    from drafter.drafting.records import CallRecord, LeafRecord, RunRecord
    from drafter.report import RepairStep

STATUS = {
    "running": "正在进行",
    "done": "完成",
    "failed": "出错停止",
    "interrupted": "被中断",
    "killed": "中途被终止",
}
KIND = {"fix": "按规则改", "patch": "逐句修改", "rewrite": "重写", "fallback": "兜底"}


@click.command(short_help="查看起草记录：提示词、回复、用量、修改。")
@HELP
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--section", metavar="NAME", help="显示这一章节的提示词、回复、词元、用时和每次修改。")
@click.option(
    "--outgoing",
    is_flag=True,
    help="逐字显示发出本机的每个请求（密钥不在其中）；RUN 是报告库时，显示计算向量时发出的。",
)
@click.option("--slots", is_flag=True, help="显示封存起草时每个记号代表的内容；只在本机的日志里有。")
@JSON
def log(run: str | None, section: str | None, outgoing: bool, slots: bool, as_json: bool) -> int:
    """查看起草记录。RUN 是输出文件夹、事实文件，或列出的编号；配合 --outgoing 也可以是报告库；不写时列出当前文件夹及其下的全部记录。"""
    from drafter.cli.console import print_json, say
    from drafter.corpus.local import is_store
    from drafter.drafting import records

    if outgoing and run is not None and is_store(Path(run)):
        _show_sent_by_store(Path(run), as_json=as_json)
        return 0
    runs, by_id, unread = records.choose_run(run, Path.cwd())
    for line in unread:
        say(f"提醒：{line}")
    if outgoing:
        sent = [(each, call) for each in runs for call in records.outgoing(each)]
        if as_json:
            print_json({"outgoing": [{"run": each.id, **call.to_json()} for each, call in sent]})
        else:
            _show_outgoing([call for _, call in sent], runs)
        return 0
    latest = runs[-1]
    if slots:
        told = records.seal_of(latest)
        if as_json:
            print_json({"run": latest.id, "slots": told})
        else:
            _show_slots(told)
        return 0
    if section is None and not by_id:
        if as_json:
            print_json({"runs": [each.to_json() for each in runs]})
        else:
            _show_runs(runs)
            if run is not None:
                _echo()
                _show_run(latest, records.read_leaves(latest))
        return 0
    leaves = records.read_leaves(latest)
    if section is not None:
        leaves = _of_section(leaves, section, latest)
    if as_json:
        print_json({"run": latest.to_json(), "leaves": [leaf.to_json() for leaf in leaves]})
    elif section is None:
        _show_run(latest, leaves)
    else:
        _echo(f"{latest.id}：{_line(latest.title)}，{_time(latest.started)}")
        for leaf in leaves:
            _show_leaf(leaf)
    return 0


def _show_sent_by_store(store: Path, *, as_json: bool) -> None:
    """What making the vectors of a store has sent."""
    from drafter.cli.console import print_json
    from drafter.corpus.vectors import sent

    requests = sent(store)
    if as_json:
        told = [{"sent": each.at, "url": each.url, "body": json.loads(each.body)} for each in requests]
        print_json({"outgoing": told})
        return
    if not requests:
        _echo("报告库没有向外发出任何内容")
    for number, each in enumerate(requests, 1):
        _echo(f"--- 第 {number} 次，{_time(each.at)}，{each.url}")
        _echo(json.dumps(json.loads(each.body), ensure_ascii=False, indent=1))


def _echo(text: str = "") -> None:
    """Lines without the control characters that a model, a plugin or a received file may have put into them."""
    click.echo("\n".join(map(shown, text.split("\n"))))


def _line(text: str) -> str:
    """A title as one line."""
    return " ".join(text.split())


def _of_section(leaves: list[LeafRecord], name: str, run: RunRecord) -> list[LeafRecord]:
    """The leaves of a section, or the leaf with this heading."""
    from drafter.errors import OutlineError

    chosen = [leaf for leaf in leaves if name in (leaf.section, leaf.heading)]
    if not chosen:
        known = (
            "、".join(dict.fromkeys(name for leaf in leaves for name in (leaf.section, leaf.heading)))
            or "（无）"
        )
        raise OutlineError(f"--section：起草记录 {run.id} 里没有章节“{name}”，有的是 {known}")
    return chosen


def _time(stamp: str | None) -> str:
    """A time of the journal on this machine's clock."""
    if not stamp:
        return ""
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _writer(run: RunRecord) -> str:
    return "离线写作器" if run.writer == "offline" else f"{run.writer} {run.model}".strip()


def _show_runs(runs: list[RunRecord]) -> None:
    for run in runs:
        ended = f"，{run.summary}" if run.status == "done" and run.summary else ""
        _echo(
            f"{run.id}  {_time(run.started)}  {_line(run.title)}  {_writer(run)}  {STATUS.get(run.status, run.status)}{ended}"
        )
        _echo(f"          {run.journal.parent}")


def _show_run(run: RunRecord, leaves: list[LeafRecord]) -> None:
    _echo(f"{run.id}：{_line(run.title)}")
    _echo(f"{_writer(run)} {run.url}".rstrip() + f"，drafter {run.drafter}")
    _echo(
        f"{_time(run.started)} 至 {_time(run.finished) or '（未结束）'}，{STATUS.get(run.status, run.status)} {run.summary}".rstrip()
    )
    for leaf in leaves:
        new = [call for call in leaf.calls if not call.kept]
        prompt = sum(call.usage.prompt_tokens for call in new)
        reply = sum(call.usage.completion_tokens for call in new)
        accepted = sum(step.accepted for step in leaf.steps)
        said = [leaf.section, leaf.heading if leaf.heading != leaf.section else ""]
        said.append(
            f"调用 {len(new)} 次，取自日志 {len(leaf.calls) - len(new)} 次，词元 {prompt} 进 {reply} 出"
        )
        said.append(f"{sum(call.seconds for call in new):.1f} 秒")
        if leaf.steps:
            said.append(f"修改 {len(leaf.steps)} 次，采用 {accepted} 次")
        if leaf.text is None:
            said.append("没有写完")
        _echo("  " + "，".join(part for part in said if part))


def _show_leaf(leaf: LeafRecord) -> None:
    _echo(f"═══ {leaf.section} {leaf.heading}")
    if leaf.text is None:
        _echo("--- 没有写完")
    else:
        _echo(f"--- 定稿（{leaf.writer}）")
        _echo(leaf.text)
    for step in leaf.steps:
        _show_step(step)
    for call in leaf.calls:
        _show_call(call)
    _echo()


def _show_call(call: CallRecord) -> None:
    how = "取自日志" if call.kept else f"{call.seconds:.1f} 秒"
    usage = call.usage
    _echo(
        f"--- 第 {call.number} 次调用：{STEPS.get(call.purpose, call.purpose)}，{_time(call.sent)}，{how}，"
        f"{call.model or '模型未报名称'}，词元 {usage.prompt_tokens} 进（缓存 {usage.cached_tokens}）{usage.completion_tokens} 出"
    )
    for message in call.body.get("messages", []):
        _echo(f"[{message.get('role', '')}]")
        _echo(str(message.get("content", "")))
    if call.received is None:
        _echo(f"[没有回复] {call.fault or '在回复之前就结束了'}")
    else:
        _echo(f"[回复，{call.finish}]")
        _echo(call.text)


def _show_step(step: RepairStep) -> None:
    verdict = "采用" if step.accepted else "不采用"
    codes = "、".join(step.codes)
    _echo(f"--- {KIND[step.kind]}（{codes}）：{verdict}，{step.reason}")
    if step.accepted:
        for mark, text in (("-", step.before), ("+", step.after)):
            other = step.after if mark == "-" else step.before
            for line in text.split("\n"):
                if line not in other.split("\n"):
                    _echo(f"{mark} {line}")


def _show_slots(rows: list[dict[str, Any]]) -> None:
    if not rows:
        _echo("这份报告不是封存起草的")
    for row in rows:
        facts = f"（{'、'.join(row['facts'])}）" if row["facts"] else ""
        _echo(f"⟦{row['slot']}⟧{row['behind']}：{row['words']}{row['behind']}{facts}")


def _show_outgoing(calls: list[CallRecord], runs: list[RunRecord]) -> None:
    if not calls:
        said = (
            "离线起草，没有向外发出任何内容"
            if all(run.writer == "offline" for run in runs)
            else "没有发出任何请求"
        )
        _echo(said)
    for call in calls:
        answered = "已答复" if call.received else f"无答复 {call.fault}".rstrip()
        _echo(
            f"--- 第 {call.number} 次，{_time(call.sent)}，{call.url or '（由写作器插件发出）'}，{answered}"
        )
        _echo(json.dumps(call.body, ensure_ascii=False, indent=1))
