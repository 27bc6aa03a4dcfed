"""Whether a sentence tells of something as done, or as planned."""

from __future__ import annotations

import re

from drafter.checks.numbers.surroundings import Reading, Setting
from drafter.checks.sources import Source

_DONE = re.compile(r"已经?(?!知|婚|故|有)|(?<!为)了(?![解望却])|圆满|顺利完成|先后|成功举办|如期完成|累计")
_PLANNED = re.compile(
    r"(?<!现)将|拟|计划|预计|力争|确保|争取|打算|下一步|要在|目标|谋划|前完成|底前|届时|明年|预期"
)

_PLAN_HEADINGS = frozenset(
    ["计划", "打算", "思路", "安排", "下步", "一步", "谋划", "展望", "目标", "今后", "明年"]
)
"""Pairs of characters of headings under which plans stand."""
_LONGEST_HEADING = 20


def told_as_done(reading: Reading, setting: Setting) -> bool:
    """Whether the sentence speaks of what was done and of nothing that is to come."""
    start, end = reading.span_of(setting.sentence)
    return (
        _DONE.search(reading.text, start, end) is not None
        and _PLANNED.search(reading.text, start, end) is None
    )


def planned(reading: Reading, setting: Setting) -> bool:
    """Whether the sentence, or the heading it stands under, speaks of what is to come."""
    start, end = reading.span_of(setting.sentence)
    heading = reading.headings[setting.sentence]
    if end - start <= _LONGEST_HEADING and reading.text[end : end + 1] in ("\n", ""):
        heading |= reading.words_of(setting.sentence)  # 四、2024年工作安排
    return _PLANNED.search(reading.text, start, end) is not None or bool(heading & _PLAN_HEADINGS)


def of_plan(source: Source) -> bool:
    """Whether the fact tells what is to come."""
    return source.role == "plan" or _PLANNED.search(source.text) is not None
