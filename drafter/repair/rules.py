"""Mends by rule: what a check suggests, what may be taken out, what the facts say instead. Candidates only, unjudged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.checks.wording import Wording, pairs
from drafter.facts import Fact
from drafter.numbering import enumerator
from drafter.plugins import WriteRequest
from drafter.quantities import find
from drafter.repair.edits import in_order, replaced, without_clause, without_sentence
from drafter.repair.examination import Examination
from drafter.repair.tables import rows
from drafter.report import Finding
from drafter.writers.ledger_prose import sentence
from drafter.writers.offline import compose

_BLANK = re.compile(r"[xX×ｘＸ*＊_某〇○…\s]|余|多|〔[^〔〕]{1,6}〕")


@dataclass(frozen=True)
class Candidate:
    """A wording that might be better, why, and for which findings; `whole` when nothing of the text is left."""

    text: str
    reason: str
    codes: tuple[str, ...]
    whole: bool = False


def fixes(exam: Examination, facts: tuple[Fact, ...]) -> Iterator[Candidate]:
    """What can be mended surely: suggestions of the checks, and what data/fixes.txt allows for a code.

    A sentence is taken out only where nothing in it could be traced to a fact.
    """
    suggested = [f for f in exam.findings if f.suggestion is not None and f.start is not None]
    if len(suggested) > 1:
        text = exam.text
        for finding in sorted(suggested, key=lambda finding: -(finding.start or 0)):
            text = _suggestion(text, finding)
        yield Candidate(text, "按检查的建议改正", tuple(dict.fromkeys(f.code for f in suggested)))
    for finding in suggested:
        reason = f"“{finding.text}”改为“{finding.suggestion}”"
        yield Candidate(_suggestion(exam.text, finding), reason, (finding.code,))
    for finding in exam.findings:
        for way in rows("fixes.txt").get(finding.code, "").split():
            # what is only in doubt may be right: no words of the writer's are taken out for it
            sure = finding.severity == "error" or way == "span"
            if sure and finding.start is not None and finding.end is not None:
                yield from _by_rule(way, exam, finding, facts)


def _suggestion(text: str, finding: Finding) -> str:
    assert finding.start is not None
    assert finding.end is not None
    return replaced(text, finding.start, finding.end, finding.suggestion or "")


def _by_rule(way: str, exam: Examination, finding: Finding, facts: tuple[Fact, ...]) -> Iterator[Candidate]:
    text, start, end = exam.text, finding.start or 0, finding.end or 0
    quoted, codes = f"“{(finding.text or '')[:30]}”", (finding.code,)
    if way == "span":
        yield Candidate(in_order(replaced(text, start, end, ""), text), f"删去{quoted}", codes)
    elif way == "clause":
        yield Candidate(without_clause(text, start), f"删去{quoted}所在的分句", codes)
    elif way == "sentence" and not _traced(exam, start):
        yield Candidate(without_sentence(text, start), f"删去没有事实依据的一句：{quoted}", codes)
    elif way == "ending":
        first, last = Wording(text).sentence_at(max(start, end - 1))
        if text[first:last].rstrip("，、,").endswith(("。", "！", "？")):
            return
        yield Candidate(in_order(replaced(text, first, last, ""), text), "删去没有写完的最后一句", codes)
        whole = text[:last].rstrip("，、,") + "。"
        yield Candidate(whole + text[last:], "给没有写完的一句补上句号", codes)
    elif way == "fill":
        filled = _filling(exam.text, finding, facts)
        if filled:
            words, behind = filled
            yield Candidate(replaced(text, start, behind, words), f"{quoted}按事实填为“{words}”", codes)


def _traced(exam: Examination, at: int) -> bool:
    """Whether the sentence at this place holds a quantity or date that a fact or the header supports."""
    first, last = Wording(exam.text).sentence_at(at)
    return any(
        first <= claim.start < last and claim.status in ("supported", "derived") for claim in exam.claims
    )


def _filling(text: str, finding: Finding, facts: tuple[Fact, ...]) -> tuple[str, int] | None:
    """The quantity that belongs in a blank, and where its words end in the text; None where none clearly does.

    That is the one with the same measure word whose wording is nearest.
    """
    start, end = finding.start or 0, finding.end or 0
    unit = _BLANK.sub("", finding.text or "")
    behind = unit + text[end : end + 6]
    clause = pairs(text[slice(*Wording(text).clause_at(start))])
    near: list[tuple[int, str, int]] = []
    for fact in facts:
        wording = Wording(fact.text)
        for mention in find(fact.text):
            measure = fact.text[mention.numeral_end : mention.end].lstrip("余多")
            if mention.countable and measure and behind.startswith(measure):
                own = pairs(fact.text[slice(*wording.clause_at(mention.start))]) | pairs(fact.topic)
                near.append((len(own & clause), mention.text, end - len(unit) + len(measure)))
    near.sort(reverse=True)
    if not near or near[0][0] == 0 or (len(near) > 1 and near[1][0] == near[0][0]):
        return None
    return near[0][1:]


def fallbacks(exam: Examination, request: WriteRequest) -> Iterator[Candidate]:
    """What is left when asking did not help: the ledger's own words for a fact, or a claim taken out; last, all anew."""
    known = {fact.id: fact for fact in request.facts}
    # a fact told in full often settles what is wrong beside it
    errors = [
        (finding, [known[e.fact] for e in finding.evidence if e.fact in known]) for finding in exam.own_errors
    ]
    for finding, named in sorted(errors, key=lambda pair: not pair[1]):
        codes: tuple[str, ...] = (finding.code,)
        if finding.start is None:
            for fact in named[:1]:
                yield from _told(exam.text, fact, codes)
            continue
        for fact in named[:1]:
            told = sentence(fact.text, fact.role)
            reason = f"改用事实 {fact.id} 的原话"
            clause = Wording(exam.text).clause_at(finding.start)
            yield Candidate(replaced(exam.text, *clause, told), reason, codes)
            first, last = Wording(exam.text).sentence_at(finding.start)
            yield Candidate(replaced(exam.text, first, last, told + "。"), reason, codes)
        quoted = f"“{(finding.text or '')[:30]}”"
        yield Candidate(without_clause(exam.text, finding.start), f"删去没有依据的说法{quoted}", codes)
        yield Candidate(without_sentence(exam.text, finding.start), f"删去没有依据的一句{quoted}", codes)
    codes = tuple(dict.fromkeys(finding.code for finding in exam.own_errors))
    yield Candidate(compose(request).strip(), "整段改由离线写作器按事实写成", codes, whole=True)


def _told(text: str, fact: Fact, codes: tuple[str, ...]) -> Iterator[Candidate]:
    """A fact that is missing or not whole, in the ledger's words: in place of what is near it, or behind the text."""
    told = sentence(fact.text, fact.role)
    wanted = pairs(fact.text)
    spans = Wording(text).sentences
    nearest = max(spans, key=lambda span: len(pairs(text[slice(*span)]) & wanted), default=None)
    if nearest and codes == ("coverage.partial",):
        first, last = nearest
        lead = re.match(r"\s*(?:[一二三四五六七八九十]{1,3}(?:是|要))?", text[first:last])
        mark = text[last - 1] if text[last - 1] in "。；" else "。"
        new = (lead[0] if lead else "") + told + mark
        yield Candidate(replaced(text, first, last, new), f"改用事实 {fact.id} 的原话", codes)
    paragraphs = text.split("\n") if text else []
    counted = [p for p in paragraphs if re.match(r"[一二三四五六七八九十]{1,3}(?:是|要)", p)]
    added = f"补上事实 {fact.id}"
    if len(counted) > 1 and counted[-1] == paragraphs[-1]:
        yield Candidate(f"{text}\n{enumerator(len(counted) + 1)}{told}。", added, codes)
    yield Candidate(f"{text}{told}。", added, codes)
