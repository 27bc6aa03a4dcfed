"""Takes out of a reply what it only says after the prompt: instructions come back from small models as if they were text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_DATA = re.compile(r"^<<<.*?^\S*>>>$|^\{\"\w+\": [^\n]*$", re.DOTALL | re.MULTILINE)
"""What a prompt shows as data: fenced passages and texts, and rows of facts. Their words may come back."""
_BESIDE = re.compile(r"[，,；;、]?[ \t]*[\"“]?(?:compared|derived)[\"”]?[ \t]*[：:][^。；\n]*")
"""What a row of facts has beside the text, told after it: the text has each of these figures, or leaves them free to tell."""
_KEY = re.compile(r"(?<![A-Za-z])(?:text|topic)[ \t]*[：:][ \t]*(?=[\u3400-\u9fff⟦])")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’」）]?")
_NUMBERED = re.compile(r"^[ \t]*(?:事实|片段|背景|成效|计划|打算)\d{1,2}[ \t]*[：:][ \t]*", re.MULTILINE)
"""What small models put before a fact that they tell, or invent: 事实1：, 计划4：."""
_LABEL = re.compile(r"^\s*(?:\d{1,2}[.、．]\s*)?(?:问题[：:])?\s*")
_TELLING = 6
"""Characters from which on a sentence of the instructions is nobody else's."""


def without_echo(text: str, messages: Sequence[Mapping[str, str]], own: str = "") -> str:
    """The text without the sentences that stand so in the prompt's instructions, and without lines that this empties.

    The names of a row's fields go too, and what stands in those beside its text; a row that is JSON still is left as it is.
    So do numbered labels before a line (事实1：) that the prompt has nowhere.

    Args:
        text: the reply.
        messages: what it replies to.
        own: a text that the instructions quote, whose sentences may come back.
    """
    told = {
        bare
        for message in messages
        for bare in map(_bare, _sentences(_DATA.sub("", message.get("content", ""))))
        if len(bare) >= _TELLING
    }
    told |= {bare for each in told if len(bare := each.removeprefix("写")) >= _TELLING}  # 写已经做了的工作
    told -= set(map(_bare, _sentences(own)))
    asked = "\n".join(message.get("content", "") for message in messages)
    text = _NUMBERED.sub(lambda label: label[0] if label[0].strip() in asked else "", text)
    lines = []
    for line in text.split("\n"):
        if not line.lstrip().startswith("{"):
            line = _KEY.sub("", _BESIDE.sub("", line))
        kept = "".join(sentence for sentence in _sentences(line) if _bare(sentence) not in told)
        if kept.strip() or not line.strip():
            lines.append(kept if kept.strip() else line)
    return "\n".join(lines)


def _sentences(text: str) -> Iterator[str]:
    return (match[0] for match in _SENTENCE.finditer(text))


def _bare(sentence: str) -> str:
    return _LABEL.sub("", sentence).rstrip("。！？；：:”’」） ").replace(" ", "")
