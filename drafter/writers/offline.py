"""The embedded writer: composes each leaf from its facts by rule, without a model and without chance.

Every fact is written once and nothing is added but words of form. It knows the four roles and the opening;
how one ledger line becomes a sentence is ledger_prose's matter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from drafter.comparisons import Compared
from drafter.facts import Fact, Facts
from drafter.numbering import enumerator
from drafter.plugins import Reply, WriteRequest
from drafter.writers.compared_prose import with_change
from drafter.writers.ledger_prose import begins_with_verb, formulas, sentence

SHORT = 24
"""Characters up to which two counted entries of a topic are joined in one sentence."""
ENUMERATE_FROM = 3
ENUMERATE_TO = 20
"""So many sentences of one leaf are enumerated 一是, 二是, …; more would be a list, and are left plain."""
_SELF = {
    "镇": "我镇",
    "乡": "我乡",
    "街道": "我街道",
    "县": "我县",
    "区": "我区",
    "市": "我市",
    "村": "我村",
    "局": "我局",
}
_PLACE = re.compile(r"^(?:全?[^，]{0,6}辖|位于|现有|总面积|常住人口)")


class OfflineWriter:
    """Writes by rule; the same request always gives the same text."""

    name = "offline"
    wants_messages = False

    async def write(self, request: WriteRequest) -> Reply:
        """The leaf's text, composed from `request.facts`; needs no messages and uses no tokens."""
        return Reply(text=compose(request), calls=0)


def compose(request: WriteRequest) -> str:
    """Paragraphs of one leaf, divided by newlines."""
    if request.section == "opening":
        return _opening(request)
    role = request.roles[0] if request.roles else "done"
    if role == "problem":
        return _items(request, "problems", "problem-item")
    if role == "plan":
        return _items(request, "plans", "plan-item")
    if role == "background":
        return "\n".join(sentence(fact.text, fact.role) + "。" for fact in request.facts)
    return _deeds(request)


def _choice(options: Sequence[str], ledger: Facts, salt: str = "") -> str:
    """One of several formulas, settled by who reports on what: stable over runs and edits of the facts."""
    key = f"{ledger.organization}|{ledger.period}|{ledger.theme}|{salt}"
    return options[int(hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(), 16) % len(options)]


def _opening(request: WriteRequest) -> str:
    ledger = request.ledger
    work = ledger.theme if ledger.theme.endswith(("工作", "活动", "行动")) else f"{ledger.theme}工作"
    topics = list(dict.fromkeys(fact.topic for fact in ledger.facts if fact.role == "done" and fact.topic))
    formula = _choice(formulas("opening" if len(topics) > 1 else "opening-plain"), ledger)
    first = formula.format(
        period=ledger.period, organization=ledger.organization, work=work, topics=_listed(topics)
    )
    whole = [(fact.topic, sentence(fact.text, fact.role)) for fact in request.facts]
    # what belongs to the description of the place stands together, before the work
    about = {topic for topic, text in whole if topic and _PLACE.match(text)}
    place = [text for topic, text in whole if _PLACE.match(text) or topic in about]
    state = [text for topic, text in whole if not (_PLACE.match(text) or topic in about)]
    sentences = [
        f"{ledger.organization if count == 0 else '另'}{text}" if text.startswith("辖") else text
        for count, text in enumerate(place)
    ]
    return "".join(text + "。" for text in sentences) + first + "".join(text + "。" for text in state)


def _listed(topics: Sequence[str], most: int = 4) -> str:
    if len(topics) <= most:
        return "、".join(topics[:-1]) + "和" + topics[-1] if len(topics) > 1 else "".join(topics)
    return "、".join(topics[:most])


def _deeds(request: WriteRequest) -> str:
    """One topic's deeds in a paragraph: joined, linked or enumerated, with a subject where one is wanting."""
    written = "".join(
        sentence(fact.text, fact.role) + "。" for fact in request.facts if fact.role == "background"
    )
    sentences = _joined([fact for fact in request.facts if fact.role != "background"], request.compared)
    if ENUMERATE_FROM <= len(sentences) <= ENUMERATE_TO:
        return written + "".join(f"{enumerator(place)}{text}。" for place, text in enumerate(sentences, 1))
    links = formulas("link")
    start = links.index(_choice(links, request.ledger, request.heading))
    for place, text in enumerate(sentences):
        if place == 0:
            written += (_self(request.ledger) if begins_with_verb(text) else "") + text + "。"
        else:
            link = links[(start + place) % len(links)] if len(sentences) < ENUMERATE_FROM else ""
            written += link + text + "。"
    return written


def _joined(facts: Sequence[Fact], compared: Sequence[Compared]) -> list[str]:
    """Sentences of the facts in order; neighbouring short counts of one topic share a sentence, at most three.

    One of `compared` figures of a fact tells how it changed.
    """
    sentences: list[list[str]] = []
    last: Fact | None = None
    for fact in facts:
        text = with_change(
            sentence(fact.text, fact.role), [each for each in compared if each.fact == fact.id]
        )
        together = last is not None and last.topic == fact.topic and sentences and len(sentences[-1]) < 3
        if together and _plain([text, *sentences[-1]]):
            sentences[-1].append(text)
        else:
            sentences.append([text])
        last = fact
    return ["，".join(texts) for texts in sentences]


def _plain(texts: Sequence[str]) -> bool:
    """Whether each is one short clause with a verb and a count, so that they can share a sentence."""
    short = (len(text) <= SHORT and "，" not in text and re.search(r"\d", text) for text in texts)
    return all(short) and all(map(begins_with_verb, texts))


def _self(ledger: Facts) -> str:
    return next((name for suffix, name in _SELF.items() if ledger.organization.endswith(suffix)), "我单位")


def _items(request: WriteRequest, lead: str, item: str) -> str:
    """Problems or plans: a leading sentence, then one item a topic, each a paragraph of its own."""
    topics: dict[str, list[Fact]] = {}
    for fact in request.facts:
        topics.setdefault(fact.topic, []).append(fact)
    forms = formulas(item)
    items = []
    for place, (topic, facts) in enumerate(topics.items()):
        name = re.sub(r"工作$", "", topic)
        opening = forms[place % len(forms)].format(topic=name) if topic else ""
        items.append(opening + "；".join(sentence(fact.text, fact.role) for fact in facts) + "。")
    if ENUMERATE_FROM <= len(items) <= ENUMERATE_TO:
        items = [enumerator(place) + text for place, text in enumerate(items, 1)]
    lead_in = _choice(formulas(lead), request.ledger, lead).format(organization=_self(request.ledger))
    return "\n".join([lead_in, *items])
