"""The ladder: by rule, then asking for patches, then for a rewrite, then by rule again; nothing worse is ever taken."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from drafter.errors import ContextOverflow, EndpointError
from drafter.plugins import Purpose, Reply, WriteRequest
from drafter.repair.edits import in_order
from drafter.repair.examination import Examination
from drafter.repair.patches import PatchError, apply_patches, parse_patches
from drafter.repair.rules import Candidate, fallbacks, fixes
from drafter.repair.targets import Target, read_answers, targets
from drafter.report import RepairStep

Ask = Callable[[Purpose, Examination], Awaitable[Reply]]
"""Asks the writer for a patch or a rewrite. Raises EndpointError when no reply can be had."""
Examine = Callable[[str], Awaitable[Examination]]
"""What the checks say of another wording of the leaf."""
Kind = Literal["fix", "patch", "rewrite", "fallback"]

_WORDS = {"patch": "逐句修改", "rewrite": "重写"}
_FENCED = re.compile(r"<<<正文\s*(?P<inside>.+?)\s*正文>>>", re.DOTALL)
_FENCE = re.compile(r"<<<|>>>")
_LIKE_A_TEXT = 0.5
"""A reply without patches is taken for the whole text anew when it has at least this share of its length."""


@dataclass
class Repaired:
    """How a leaf came out: its text, every decision in order, how often the writer was asked, and what stopped it.

    `whole` when the text was replaced by rule altogether; `fault` is the endpoint's failure that ended the asking.
    """

    exam: Examination
    steps: list[RepairStep] = field(default_factory=list)
    asked: int = 0
    whole: bool = False
    fault: str = ""


async def repair(
    exam: Examination,
    request: WriteRequest,
    examine: Examine,
    ask: Ask | None,
    budget: int,
    clean: Callable[[str], str] = str,
) -> Repaired:
    """Mend a leaf until it has no error, the budget is used up, or nothing helps.

    Args:
        exam: the leaf as it stands.
        request: what it was written from.
        examine: checks another wording.
        ask: asks the writer; None where none reads messages.
        budget: how often it may be asked.
        clean: takes out of a reply what is no part of the leaf, as it was done with the first.
    """
    run = _Run(exam, request, examine, clean)
    await run.climb("fix", lambda exam: fixes(exam, request.facts))
    if ask is not None:
        for purpose in ("patch", "rewrite"):
            helped = True
            while helped and run.state.exam.own_errors and run.state.asked < budget:
                helped = await run.ask(purpose, ask)
            if run.state.fault:
                break
    await run.climb("fallback", lambda exam: fallbacks(exam, request))
    await run.climb("fix", lambda exam: fixes(exam, request.facts))
    return run.state


@dataclass
class _Run:
    """One leaf on its way; `seen` are the wordings that were judged already."""

    exam: Examination
    request: WriteRequest
    examine: Examine
    clean: Callable[[str], str]

    def __post_init__(self) -> None:
        self.state = Repaired(self.exam)
        self.seen = {self.exam.text}

    async def climb(self, kind: Kind, candidates: Callable[[Examination], Iterable[Candidate]]) -> None:
        """Take candidate after candidate that helps; each that was taken makes new ones."""
        helped = True
        while helped:
            helped = False
            for each in candidates(self.state.exam):
                if helped := await self._try(kind, each):
                    break

    async def _try(self, kind: Kind, candidate: Candidate) -> bool:
        if candidate.text in self.seen or not candidate.text.strip():
            return False
        self.seen.add(candidate.text)
        found = await self.examine(candidate.text)
        if candidate.whole and found.own_errors:
            return False
        if self.state.exam.refuses(found):
            return False
        self._decide(kind, True, candidate.reason, candidate.codes, found)
        self.state.whole = candidate.whole
        return True

    async def ask(self, purpose: Literal["patch", "rewrite"], ask: Ask) -> bool:
        """Ask once. Returns whether the reply was taken."""
        before = self.state.exam
        codes = tuple(dict.fromkeys(finding.code for finding in before.own_errors))
        if purpose == "patch" and not self._targets():
            return False
        self.state.asked += 1
        try:
            reply = await ask(purpose, before)
        except EndpointError as error:
            # a prompt too long for this leaf says nothing of the others
            self.state.fault = "" if isinstance(error, ContextOverflow) else str(error)
            self._decide(purpose, False, f"没有得到回复：{error}", codes)
            return False
        try:
            text = self._wording(reply, purpose)
        except PatchError as error:
            self._decide(purpose, False, f"{error}", codes)
            return False
        if text in self.seen:
            self._decide(purpose, False, "回复没有新的改动", codes)
            return False
        found = await self._tidied(text)
        refused = before.refuses(found)
        if refused:
            self._decide(purpose, False, refused, codes, found)
            return False
        self._decide(
            purpose, True, f"模型{_WORDS[purpose]}（问题 {before.weight} → {found.weight}）", codes, found
        )
        self.state.whole = False
        return True

    def _targets(self) -> list[Target]:
        return targets(self.state.exam, {fact.id: fact.text for fact in self.request.facts})

    def _wording(self, answer: Reply, purpose: Literal["patch", "rewrite"]) -> str:
        """The leaf's text as the reply would have it.

        Raises:
            PatchError: it holds neither a patch that can be applied nor a whole text.
        """
        text, reply = self.state.exam.text, answer.text
        if answer.finish != "stop" and purpose == "rewrite":
            raise PatchError("回复没有写完")
        if answer.finish != "stop":
            # the last line may end in the middle of a word
            reply = reply.rpartition("\n")[0]
        if echoed := _FENCED.search(reply):
            reply = echoed["inside"]
        elif purpose == "patch":
            patches = parse_patches(reply) or read_answers(reply, self._targets(), self.clean)
            if patches:
                return in_order(apply_patches(text, patches), text)
            # small models often give the whole paragraph anew instead of a patch
            if len(reply.strip()) < _LIKE_A_TEXT * len(text):
                raise PatchError("回复里没有可用的修改")
        reply = _lines(self.clean(reply))
        if not reply:
            raise PatchError("回复是空的")
        if _FENCE.search(reply) or "原文：" in reply:
            raise PatchError("回复里有提示词的记号")
        return reply

    async def _tidied(self, text: str) -> Examination:
        """A reply's text examined, after what can be mended surely in it, such as a formula of politeness."""
        self.seen.add(text)
        trial = _Run(await self.examine(text), self.request, self.examine, self.clean)
        await trial.climb("fix", lambda exam: fixes(exam, self.request.facts))
        return trial.state.exam

    def _decide(
        self,
        kind: Kind,
        accepted: bool,
        reason: str,
        codes: tuple[str, ...],
        found: Examination | None = None,
    ) -> None:
        before = self.state.exam
        step = RepairStep(
            kind=kind,
            accepted=accepted,
            reason=reason,
            codes=codes,
            before=before.text,
            after=found.text if found else "",
            weight_before=before.weight,
            weight_after=found.weight if found else before.weight,
        )
        self.state.steps.append(step)
        if accepted and found:
            self.state.exam = found


def _lines(text: str) -> str:
    """The text without empty lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
