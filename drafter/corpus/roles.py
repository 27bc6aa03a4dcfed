"""Says what a passage is for (background, done, problem, plan) by its headings and by turns inside a paragraph."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from drafter.corpus import rules
from drafter.passages import Role

_SENTENCE = re.compile("[^。！？\n]*[。！？]+[”’）》」』】]*|[^。！？\n]+")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, each with its mark and closing quotes; joined they are the paragraph."""
    return [match[0] for match in _SENTENCE.finditer(text)]


@cache
def _words(role: str) -> re.Pattern[str]:
    pattern = rules.alternation(rules.table("roles")[role])
    if role == "problem":
        cures = rules.alternation(rules.table("roles")["cure"])
        return re.compile(f"(?P<cure>(?:{cures})[^，、。]{{0,12}}?)?(?:{pattern})|(?:问题|不足|困难)(?=$|，)")
    return re.compile(pattern)


@cache
def _cue(role: str) -> re.Pattern[str]:
    rows = [line.partition(":") for line in rules.lines("role_cues")]
    return re.compile("|".join(f"(?:{pattern.strip()})" for key, _, pattern in rows if key.strip() == role))


@cache
def _any_cue() -> re.Pattern[str]:
    return re.compile(f"{_cue('plan').pattern}|{_cue('problem').pattern}")


@lru_cache(1024)
def role_of_heading(heading: str) -> Role | None:
    """The role that a heading states, or None when its words say nothing (强化责任).

    A heading that names troubles and plans (找不足，明方向) gives the first of them. A trouble that was dealt
    with (补齐短板) is none.
    """
    trouble = next(
        (match for match in _words("problem").finditer(heading) if not match.groupdict().get("cure")), None
    )
    if trouble and trouble[0] in ("问题", "不足", "困难") and _cured(heading[: trouble.start()]):
        trouble = None
    plan = _words("plan").search(heading)
    done = _words("done").search(heading)
    if trouble and not (plan and plan.start() < trouble.start()):
        return "problem"
    if plan:
        return "plan"
    return "done" if done else None


def _cured(before: str) -> bool:
    clause = re.split("[，、；]", before)[-1]
    return any(word in clause for word in rules.table("roles")["cure"])


def role_after(role: Role, sentence: str) -> Role:
    """The role from this sentence on: 但还存在… turns to problem, 下一步，… to plan, anything else leaves it."""
    text = sentence.lstrip(" ，、；：")
    if not _any_cue().match(text):
        return role
    if role != "plan" and _cue("plan").match(text):
        return "plan"
    if role != "problem" and _cue("problem").match(text) and not _words("plan").match(text):
        return "problem"
    return role


def cut(paragraph: str, role: Role) -> list[tuple[Role, str]]:
    """The paragraph in runs of one role each, starting from `role`; joined they are the paragraph."""
    runs: list[tuple[Role, list[str]]] = []
    for sentence in sentences(paragraph):
        role = role_after(role, sentence)
        if runs and runs[-1][0] == role:
            runs[-1][1].append(sentence)
        else:
            runs.append((role, [sentence]))
    return [(of, "".join(parts)) for of, parts in runs]
