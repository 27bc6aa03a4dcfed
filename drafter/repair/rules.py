"""Mends by rule: what a check suggests, what may be taken out, what the facts say instead. Candidates only, unjudged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.checks.wording import Wording, pairs
from drafter.facts import Fact
from drafter.plugins import WriteRequest
from drafter.quantities import find, same_unit
from drafter.repair.edits import (
    added,
    clause_replaced,
    in_order,
    recounted,
    replaced,
    sentence_replaced,
    without_clause,
    without_sentence,
)
from drafter.repair.examination import Examination
from drafter.repair.tables import rows
from drafter.report import Claim, Finding
from drafter.writers.ledger_prose import sentence
from drafter.writers.offline import compose

_BLANK = re.compile(r"[xX×ｘＸ*＊_某〇○…\s]|余|多|〔[^〔〕]{1,6}〕")
_FOR_WARNINGS = frozenset({"span", "aside", "suggested", "partner", "recount", "twice", "untold", "retold"})
"""Ways that are sure enough for what is only a warning."""
_AROUND = re.compile(r"[（(][^（）()\n]{0,60}[）)]|\{[^{}\n]{0,300}\}")
_HAN = re.compile("[\u3400-\u9fff]")
_ENCLOSED = re.compile("《[^《》]+》|“[^“”]+”|（[^（）]+）|「[^「」]+」|【[^【】]+】|〔[^〔〕]+〕")
_BEFORE, _AFTER = re.compile(r"[\u3400-\u9fff\d]{1,4}\Z"), re.compile(r"[\u3400-\u9fff\d]{1,4}")
_FEW = 4
"""Characters beside a mark from which on a fact is known to have the same words; and those that are few in brackets."""
_LEAD = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.]|[一二三四五六七八九十]{1,2}[是要])")
_WORD = re.compile(r"[\u3400-\u9fff\dA-Za-z]+")
_LINK = 4
"""Characters that may stand before a sentence and link it."""
_TELLS = 0.6
"""Share of a fact's words from which on a sentence tells of it."""


@dataclass(frozen=True)
class Candidate:
    """A wording that might be better, why, and for which findings; `whole` when nothing of the text is left."""

    text: str
    reason: str
    codes: tuple[str, ...]
    whole: bool = False


def fixes(exam: Examination, facts: tuple[Fact, ...]) -> Iterator[Candidate]:
    """What can be mended surely: suggestions of the checks, and what data/fixes.txt allows for a code.

    A suggestion counts only for an error, and only where no other value can be meant; what is in doubt may be right. A
    sentence is taken out only where nothing in it could be traced to a fact.
    """
    suggested = [finding for finding in exam.own_errors if _is_sure(exam.text, finding, facts)]
    if len(suggested) > 1:
        text = exam.text
        for finding in sorted(suggested, key=lambda finding: -(finding.start or 0)):
            text = _suggestion(text, finding)
        yield Candidate(text, "按检查的建议改正", tuple(dict.fromkeys(f.code for f in suggested)))
    for finding in suggested:
        reason = f"“{finding.text}”改为“{finding.suggestion}”"
        yield Candidate(_suggestion(exam.text, finding), reason, (finding.code,))
    yield from _all_suggested(exam)
    for finding in exam.findings:
        for way in _ways(finding):
            sure = finding.severity == "error" or way in _FOR_WARNINGS
            if sure and finding.start is not None and finding.end is not None:
                yield from _by_rule(way, exam, finding, facts)
    for finding in exam.again:
        if _is_others(exam, finding, facts):
            yield _once(exam, finding)


def to_mend(exam: Examination) -> tuple[Finding, ...]:
    """The findings of a leaf that call for repair: its errors, and the warnings that a rule may mend."""
    warnings = (each for each in exam.findings if each.severity != "error" and _FOR_WARNINGS & {*_ways(each)})
    return (*exam.own_errors, *warnings, *exam.again)


def _ways(finding: Finding) -> list[str]:
    return rows("fixes.txt").get(finding.code, "").split()


def _all_suggested(exam: Examination) -> Iterator[Candidate]:
    """The text with all suggestions that may be taken as they are, then each sentence with its own: pairs go together."""
    found = [each for each in exam.findings if "suggested" in _ways(each) and each.suggestion is not None]
    sentences: dict[tuple[int, int], list[Finding]] = {}
    wording = Wording(exam.text)
    for finding in found:
        sentences.setdefault(wording.sentence_at(finding.start or 0), []).append(finding)
    for group in [found, *sentences.values()] if found else []:
        text = exam.text
        for finding in sorted(group, key=lambda finding: -(finding.start or 0)):
            text = _suggestion(text, finding)
        shown = "、".join(f"“{each.text}”改为“{each.suggestion}”" for each in group[:3])
        codes = tuple(dict.fromkeys(each.code for each in group))
        yield Candidate(text, f"{shown}{'等' if len(group) > 3 else ''}", codes)


def _suggestion(text: str, finding: Finding) -> str:
    start = finding.start or 0
    return replaced(text, start, start + len(finding.text or ""), finding.suggestion or "")


def _is_sure(text: str, finding: Finding, facts: tuple[Fact, ...]) -> bool:
    """Whether a suggestion can be meant only so: a like quantity, not told beside it, of the one fact that is told of."""
    if finding.suggestion is None or finding.start is None:
        return False
    named = next((each.fact for each in finding.evidence if each.fact), None)
    if named is None:
        return True  # a plugin's check that leans on no fact knows what it wants
    found, wanted = find(finding.text or ""), find(finding.suggestion)
    if found or wanted:
        alike = len(found) == len(wanted) == 1 and same_unit(found[0].unit, wanted[0].unit)
        if not alike or found[0].kind != wanted[0].kind:
            return False
    rest = text[slice(*Wording(text).sentence_at(finding.start))].replace(finding.text or "", "", 1)
    fact = nearest_fact(text, finding, facts)
    return finding.suggestion not in rest and fact is not None and fact.id == named


def nearest_fact(text: str, finding: Finding, facts: tuple[Fact, ...]) -> Fact | None:
    """The fact that the sentence of a finding tells of, by its words and other figures; None where two come equally near."""
    wording, at = Wording(text), finding.start or 0
    spans = wording.clause_at(at), wording.sentence_at(at)
    blank = "□" * len(finding.text or "")
    hidden = replaced(text, at, at + len(blank), blank)
    clause, whole = (_marks(hidden[slice(*span)]) for span in spans)
    near = sorted(
        (
            (2 * len(clause & own) + len(whole & own), place)
            for place, own in enumerate(map(_fact_marks, facts))
        ),
        reverse=True,
    )
    if not near or near[0][0] == 0 or (len(near) > 1 and near[1][0] == near[0][0]):
        return None
    return facts[near[0][1]]


def _fact_marks(fact: Fact) -> frozenset[str]:
    return _marks(fact.text) | pairs(fact.topic)


def _marks(text: str) -> frozenset[str]:
    """What tells one fact from another: pairs of characters, and figures with their units."""
    return pairs(text) | {f"{m.value}{m.unit}{m.parts}" for m in find(text) if m.countable}


def _by_rule(way: str, exam: Examination, finding: Finding, facts: tuple[Fact, ...]) -> Iterator[Candidate]:
    text, start, end = exam.text, finding.start or 0, finding.end or 0
    quoted, codes = _quoted(finding), (finding.code,)
    if way == "span":
        yield Candidate(in_order(replaced(text, start, end, ""), text), f"删去{quoted}", codes)
    elif way in ("sentence", "untold") and not (_traced(exam, start) or _leads_in(text, start)):
        if way == "untold" and any(each.fact for each in finding.evidence):
            return  # a fact is told, though in the wrong tense
        yield Candidate(without_sentence(text, start), f"删去没有事实依据的一句：{quoted}", codes)
    elif (
        way == "clause"
        and not _opens(text, start)
        and not _within(exam.claims, *Wording(text).clause_at(start))
    ):
        yield Candidate(without_clause(text, start), f"删去没有事实依据的半句：{quoted}", codes)
    elif way == "retold":
        yield Candidate(without_sentence(text, start), f"删去又说一遍的一句：{quoted}", codes)
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
    elif way in ("bracket", "aside"):
        around = next((each for each in _AROUND.finditer(text) if each.start() <= start < each.end()), None)
        if around and _may_go(exam, around, finding, little=way == "aside"):
            yield Candidate(replaced(text, *around.span(), ""), f"删去括号里的{quoted}", codes)
    elif way == "partner":
        for paired, words in _paired(text, start, facts):
            yield Candidate(paired, f"{quoted}没有配对，按事实改为“{words}”", codes)
    elif way == "recount":
        anew = dict.fromkeys((recounted(text), recounted(text, one_begins=True)))
        for counted in anew:
            yield Candidate(counted, "重新编排一是、二是的次序", codes)
        if list(anew) == [text] and (finding.text or "").endswith("是"):
            yield Candidate(replaced(text, start, end, ""), f"删去后面没有接着列的{quoted}", codes)
    elif way == "twice" and not _is_own(exam, finding, facts):
        yield _once(exam, finding)


def _may_go(exam: Examination, around: re.Match[str], finding: Finding, *, little: bool) -> bool:
    """Whether nothing in brackets leans on a fact; with `little`, hardly a word may stand in them besides what was found."""
    if _within(exam.claims, *around.span()):
        return False
    rest = _HAN.findall(around[0].replace(finding.text or "", ""))
    return not little or around[0].startswith("{") or len(rest) <= _FEW


def _quoted(finding: Finding) -> str:
    """The words found, as a reason shows them; personal data are shown nowhere."""
    return "个人信息" if finding.code.startswith("personal.") else f"“{(finding.text or '')[:30]}”"


def _within(claims: Sequence[Claim], first: int, last: int) -> list[Claim]:
    """The quantities and dates between two places that a fact or the header supports."""
    return [
        claim for claim in claims if first <= claim.start < last and claim.status in ("supported", "derived")
    ]


def _once(exam: Examination, finding: Finding) -> Candidate:
    reason = f"{_quoted(finding)}在另一节里也有，只留一处"
    return Candidate(without_sentence(exam.text, finding.start or 0), reason, (finding.code,))


def _is_own(exam: Examination, finding: Finding, facts: tuple[Fact, ...]) -> bool:
    """Whether a sentence that stands in two sections tells of this leaf's facts, or says it in other words there."""
    words, known = finding.text or "", {fact.id for fact in facts}
    if not finding.evidence or not _same(finding.evidence[0].text or "", words):
        return True
    leaned_on = {
        each.fact
        for claim in _within(exam.claims, finding.start or 0, finding.end or 0)
        for each in claim.evidence
    }
    told = pairs(words)
    return bool(leaned_on & known) or any(
        len(pairs(fact.text) & told) >= _TELLS * len(pairs(fact.text)) for fact in facts if pairs(fact.text)
    )


def _is_others(exam: Examination, finding: Finding, facts: tuple[Fact, ...]) -> bool:
    """Whether the sentence that a later section has again leans on facts, and on none of this leaf."""
    supported = _within(exam.claims, finding.start or 0, finding.end or 0)
    later = finding.model_copy(update={"evidence": finding.evidence[:1]})
    return any(each.fact for claim in supported for each in claim.evidence) and not _is_own(
        exam, later, facts
    )


def _same(one: str, other: str) -> bool:
    """Whether two sentences have the same words, but for an enumerator, marks, and a word that links (此外，, 我镇)."""
    short, long = sorted(
        ("".join(_WORD.findall(_LEAD.sub("", each.strip()))) for each in (one, other)), key=len
    )
    return bool(short) and long.endswith(short) and len(long) - len(short) <= _LINK


def _paired(text: str, at: int, facts: tuple[Fact, ...]) -> Iterator[tuple[str, str]]:
    """The text with the partner of the mark at this place, or without the mark, as the facts have the words beside it."""
    mark = text[at]
    for fact in facts:
        for found in _ENCLOSED.finditer(fact.text):
            inside = found[0][1:-1]
            if mark == found[0][0] and text.startswith(inside, at + 1):
                end = at + 1 + len(inside)
                yield replaced(text, end, end, found[0][-1]), found[0]
            elif mark == found[0][-1] and text.endswith(inside, 0, at):
                start = at - len(inside)
                yield replaced(text, start, start, found[0][0]), found[0]
    before, after = _BEFORE.search(text, 0, at), _AFTER.match(text, at + 1)
    words = (before[0] if before else "") + (after[0] if after else "")
    if len(words) >= _FEW and any(words in fact.text for fact in facts):
        yield replaced(text, at, at + 1, ""), words


def _traced(exam: Examination, at: int) -> bool:
    """Whether the sentence at this place holds a quantity or date that a fact or the header supports."""
    return bool(_within(exam.claims, *Wording(exam.text).sentence_at(at)))


def _opens(text: str, at: int) -> bool:
    """Whether the clause at this place is the first of its sentence, on which the others lean."""
    wording = Wording(text)
    return wording.clause_at(at)[0] <= wording.sentence_at(at)[0]


def _leads_in(text: str, at: int) -> bool:
    """Whether the sentence at this place leads in what follows, which would stand without a beginning."""
    return text[slice(*Wording(text).sentence_at(at))].rstrip().endswith(("：", ":"))


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
    for finding in sorted(exam.own_errors, key=lambda finding: finding.start is not None):
        named = next((known[each.fact] for each in finding.evidence if each.fact in known), None)
        if finding.start is not None:
            yield from _in_place(exam.text, finding, nearest_fact(exam.text, finding, request.facts) or named)
        elif named:
            yield from _told(exam.text, named, (finding.code,))
    codes = tuple(dict.fromkeys(finding.code for finding in exam.own_errors))
    if exam.own_errors:
        yield Candidate(compose(request).strip(), "整段改由离线写作器按事实写成", codes, whole=True)


def _in_place(text: str, finding: Finding, fact: Fact | None) -> Iterator[Candidate]:
    """The sentence of a finding with the value or the words of the fact that it tells of; or without the claim."""
    at, codes = finding.start or 0, (finding.code,)
    quoted = _quoted(finding)
    if fact is not None and finding.code.startswith(("numbers.", "placeholder.slot")):
        reason = f"{quoted}按事实 {fact.id} 改正"
        found = find(finding.text or "")
        rest = text[slice(*Wording(text).sentence_at(at))]
        like = [
            mention.text
            for mention in find(fact.text)
            if len(found) == 1 and same_unit(found[0].unit, mention.unit) and found[0].kind == mention.kind
        ]
        if len(like) == 1 and like[0] not in rest:
            yield Candidate(replaced(text, at, at + len(finding.text or ""), like[0]), reason, codes)
        told = sentence(fact.text, fact.role)
        reason = f"改用事实 {fact.id} 的原话"
        yield Candidate(in_order(sentence_replaced(text, at, told)), reason, codes)
        if "，" not in told:
            yield Candidate(in_order(clause_replaced(text, at, told)), reason, codes)
    if "last" in rows("fixes.txt").get(finding.code, "").split():
        last = max(at, (finding.end or 0) - 1)
        # all that was found, or else its beginning
        for shorter in dict.fromkeys((without_clause(text, at, last), without_clause(text, at))):
            yield Candidate(shorter, f"删去没有依据的说法{quoted}", codes)
        yield Candidate(without_sentence(text, at), f"删去没有依据的一句{quoted}", codes)


def _told(text: str, fact: Fact, codes: tuple[str, ...]) -> Iterator[Candidate]:
    """A fact that is missing or not whole, in the ledger's words: in place of what is near it, or behind the text."""
    told = sentence(fact.text, fact.role)
    wanted = _marks(fact.text)
    spans = Wording(text).sentences
    nearest = max(spans, key=lambda span: len(_marks(text[slice(*span)]) & wanted), default=None)
    if nearest and codes == ("coverage.partial",):
        yield Candidate(sentence_replaced(text, nearest[0], told), f"改用事实 {fact.id} 的原话", codes)
    yield Candidate(added(text, told), f"补上事实 {fact.id}", codes)
