"""The checks, one file each, and `run`, which puts their findings in order.

Every code that the built-in checks and drafting give is in CODES; a code keeps its meaning from version to version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from drafter.plugins.hookspecs import Register, hookimpl
from drafter.plugins.protocols import Check, CheckContext
from drafter.report import CheckResult, Claim, Finding, count_severities

_Placed = TypeVar("_Placed", Finding, Claim)

CODES: dict[str, str] = {
    "placeholder.blank": "没有填上的空白：xx次、**镇、X月X日、某某、__、留空的数字",
    "placeholder.pending": "还没有补上的内容：【待补】、【待核实：…】、{{ }}、TODO",
    "placeholder.slot": "遮盖用的空位没有填回：〔数〕、〔地名〕",
    "numbers.unsupported": "数字或日期在事实里找不到依据",
    "numbers.conflicting": "说的是同一件事，数值与事实不同",
    "numbers.misattributed": "数值见于事实，但单位或所指的事不同",
    "numbers.reversed": "数值与事实相同，增减或有无说反了",
    "numbers.outside": "日期不在报告时段之内，事实里也没有",
    "numbers.future": "成文日期之后的事写成了已经完成",
    "numbers.total": "合计数与所列各项对不上",
    "numbers.inconsistent": "同一事项在文中有两个数值",
    "coverage.missing": "必写的事项没有写到",
    "coverage.partial": "必写的事项没有写全，缺数字、名称或内容",
    "leakage.name": "名称只见于过去的报告，事实里没有",
    "leakage.unsupported": "名称在事实里找不到",
    "leakage.copied": "整段照抄一份过去的报告",
    "leakage.unfounded": "起草的一句话，说的事在事实里找不到",
    "personal.id": "身份证号",
    "personal.phone": "个人的手机、固定电话号码",
    "personal.card": "银行卡号",
    "personal.address": "具体到门牌的家庭住址",
    "residue.chat": "模型的客套话",
    "residue.fence": "代码围栏、思考标记等模型输出的标记，网页标记",
    "residue.echo": "事项编号等台账记号的残留",
    "residue.data": "数据格式或提示词混进了正文",
    "residue.markdown": "不会排版的 Markdown 标记",
    "residue.cutoff": "段落的最后一句没有写完",
    "residue.repeated": "同一句话、同样的字词重复出现",
    "structure.numbering": "标题序号不连续或层次不对",
    "structure.empty": "标题下面没有内容",
    "structure.sequence": "一是、二是的次序有缺",
    "structure.short": "一节的篇幅远少于目标",
    "structure.long": "一节的篇幅远多于目标",
    "structure.unbalanced": "书名号、引号或括号没有配对",
    "structure.duplicate": "同一句话或同一件事在两节里写了两遍",
    "structure.retold": "同一节里把写过的数字和事情又说一遍",
    "style.halfwidth": "中文里用了半角标点",
    "style.tense": "打算写成了已完成，或已做写成了打算",
    "period.early": "报告时段里还没有的会议、活动、机构或提法",
    "period.late": "报告时段之前早已结束或改名的活动、机构或提法",
    "plugin.failed": "检查插件自身出错，没有查完",
    "outline.unplaced": "事实没有归入任何章节",
    "outline.repeated": "台账里同一条事项登记了两遍，只写一次",
    "writer.fallback": "模型没有给出可用的正文，由离线写作器写成",
    "writer.cut_off": "模型的回复没有写完",
    "writer.prompt_cut": "服务端可能截断了提示词",
    "sealing.fallback": "封存起草时记号用错，这一句由离线写作器写成",
    "sealing.repeated": "封存起草时同一个数字写了不止一处",
    "repair.stopped": "请模型修改时接口出错，没有修改完",
}
"""Every code that drafter itself gives, the checks' and those of drafting, and what it means."""


def run(
    text: str, context: CheckContext, checks: Iterable[Check], silenced: Collection[str] = ()
) -> CheckResult:
    """Run `checks` over `text` and put what they found in order of place, what is absent last.

    Findings without a section get the one that holds them. Codes in `silenced` go to `silenced` and are not
    counted. A check that raises, or whose offsets do not fit the text, is named in a finding plugin.failed; the
    others still run. `context.claims` stays as it was: the claims are in the result.

    Flags (【待核实：…】) are no part of what is written: a check reads blanks in their place, unless it says
    `wants_flags = True`. Nor are the ledger's attachments, where they stand in the text word for word. Offsets, and the
    texts of findings and claims, are those of `text`.

    A check that says `needs_facts = False` makes sense without a ledger too, and is run then by `drafter check`.
    """
    from drafter.checks.attached import without_attachments
    from drafter.checks.placeholder import without_flags

    context = replace(context, claims=[])
    written = without_attachments(text, context.ledger)
    unflagged = without_flags(written)
    found: list[Finding] = []
    for check in checks:
        read = written if getattr(check, "wants_flags", False) else unflagged
        try:
            for finding in check.check(read, context):
                _must_fit(finding, read)
                found.append(_as_written(finding, text))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the plugin border: a check may raise anything
            found.append(_failed(check, error))
    placed = [_with_section(finding, context) for finding in found]
    placed.sort(key=lambda finding: (finding.start is None, finding.start or 0, finding.end or 0))
    quiet = frozenset(silenced)
    kept = [finding for finding in placed if finding.code not in quiet]
    return CheckResult(
        findings=kept,
        claims=sorted(
            (_as_written(claim, text) for claim in context.claims), key=lambda claim: (claim.start, claim.end)
        ),
        silenced=[finding for finding in placed if finding.code in quiet],
        counts=count_severities(kept),
    )


def _must_fit(finding: Finding, text: str) -> None:
    """Raise ValueError for a finding whose offsets do not slice the text to what it says."""
    if finding.start is None and finding.end is None and finding.text is None:
        return
    if finding.start is None or finding.end is None or not 0 <= finding.start <= finding.end <= len(text):
        raise ValueError(f"{finding.code}：位置 {finding.start}..{finding.end} 不在文中")
    if text[finding.start : finding.end] != finding.text:
        raise ValueError(f"{finding.code}：位置 {finding.start}..{finding.end} 与“{finding.text}”不符")


def _as_written(what: _Placed, text: str) -> _Placed:
    """The finding or claim with the words that stand in the text, where it read blanks for a flag."""
    if what.text is None or what.start is None or text[what.start : what.end] == what.text:
        return what
    return what.model_copy(update={"text": text[what.start : what.end]})


def _failed(check: Check, error: BaseException) -> Finding:
    name = str(getattr(check, "name", "") or type(check).__name__)
    message = f"检查“{name}”出错，没有查完：{type(error).__name__}: {error}；请修好或停用这个插件"
    return Finding(check=name, code="plugin.failed", severity="error", message=message)


def _with_section(finding: Finding, context: CheckContext) -> Finding:
    if finding.section is not None or finding.start is None:
        return finding
    section = context.section_at(finding.start)
    return finding if section is None else finding.model_copy(update={"section": section})


@hookimpl
def register_checks(register: Register) -> None:
    """Register the built-in checks."""
    from drafter.checks.coverage import Coverage
    from drafter.checks.leakage import Leakage
    from drafter.checks.numbers import Numbers
    from drafter.checks.period import Period
    from drafter.checks.personal import Personal
    from drafter.checks.placeholder import Placeholder
    from drafter.checks.residue import Residue
    from drafter.checks.structure import Structure
    from drafter.checks.style import Style

    for check in (
        Placeholder(),
        Numbers(),
        Coverage(),
        Leakage(),
        Personal(),
        Residue(),
        Structure(),
        Style(),
        Period(),
    ):
        register(check)


__all__ = ["CODES", "register_checks", "run"]
