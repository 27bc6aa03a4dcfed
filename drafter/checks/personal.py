"""Personal data that a report must not carry: identity numbers, telephone numbers, bank cards and home addresses.

A number has to check out by itself (GB 11643 and ISO/IEC 7812 checksums, ranges of the telephone networks), or stand
behind a word that says what it is (data/personal.txt). Numbers of the office (its contact, hotlines, offices) and masked
ones (138****5678) are left alone. Messages show no number whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from drafter.checks.folding import fold
from drafter.checks.rules import read_rules
from drafter.corpus.names import find_names
from drafter.facts import Facts
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding, Severity

_ID = re.compile(r"(?<![\dA-Za-z.])\d{6}([ -]?)\d{8}\1\d{3}[\dXx](?![\dA-Za-z])")
_OLD_ID = re.compile(r"(?<![\dA-Za-z.])\d{15}(?![\dA-Za-z])")
_MOBILE = re.compile(r"(?<![\d.])(?<![A-Za-z\d]-)(?:\+?86[- ]?)?1[3-9]\d([ -]?)\d{4}\1\d{4}(?!\d|\.\d)")
_LANDLINE = re.compile(
    r"(?<![\d.-])(?:0\d{2,3}[- ]?|\(0\d{2,3}\) ?|(?<=话)|(?<=话[:为是])|(?<=电))[2-8]\d{6,7}(?![\d.])"
)
_CARD = re.compile(r"(?<![\d.])\d{4}([ -]?)\d{4}\1\d{4}\1\d{3,4}(?:\1\d{1,3})?(?![\d.])")
_NUMERAL = r"(?:\d{1,5}|[〇零一二三四五六七八九十百]{1,5})"
_ROOM = re.compile(
    r"[\d〇零一二三四五六七八九十百](?<![\d.].)(?:"  # a search leaps to a character, a lookbehind it tries everywhere
    r"(?:(?<=\d)\d{0,4}|(?<=\D)[〇零一二三四五六七八九十百]{0,4})(?:"
    rf"(?:号楼|栋|幢|座)(?:{_NUMERAL}(?:单元|门))?(?:{_NUMERAL}[层楼])?{_NUMERAL}(?:室|房|号(?!楼))"
    rf"|单元(?:{_NUMERAL}[层楼])?{_NUMERAL}(?:室|房|号(?!楼))"
    rf"|(?:号楼|栋|幢|座){_NUMERAL}单元\d{{3,4}}(?!\d))"
    r"|(?<=\d)\d{0,2}(?:号楼|栋|幢|座)?-\d{1,2}-\d{3,4}(?:室|房))"
)
_HOUSE = re.compile(
    rf"(?:村|社区|寨|屯|庄|岭|湾)第?(?:{_NUMERAL}(?:村民小组|小组|组|社|生产队|队)|(?P<called>[\u3400-\u9fff]{{1,4}}[组屯寨湾]))"
    rf"(?:门牌)?{_NUMERAL}号(?P<next>[\u3400-\u9fff]?)"
)
_STREET = re.compile(
    rf"(?:[\u3400-\u9fff]{{1,12}}(?:省|市|县|区|镇|乡|街道|村|社区))?[\u3400-\u9fffA-Za-z\d]{{1,12}}"
    rf"(?:路|街|巷|弄|道|里|胡同|小区|花园|家园|苑|城|公寓|新村|村|社区|院)(?:{_NUMERAL}[号弄巷])?,?$"
)
_VILLAGE = re.compile(r"[\u3400-\u9fff]{1,16}$")
_IN_ADDRESS = re.compile(r"\d+|[〇零一二三四五六七八九十百]{1,5}(?=[号栋幢座单门室房组社队弄巷层楼村小生])")
_STOP = re.compile(r"[。；！？;!?\n]")
_LONG_NUMBER = re.compile(r"\d{4}[ -]?\d{3}")
"""What every identity, card and telephone number has; few texts have any."""
_DIGITS = re.compile(r"\d")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
"""GB 11643-1999: the weighted sum of the first 17 figures, modulo 11, says the last character."""
_LEAST = 3
"""Characters from which on a part of a number tells it."""
_BEFORE = 40
"""So many characters of the sentence before a number may say whose it is."""
_NEAR = 14
_CODE = 6
_ADDRESS = 30

_KINDS = {
    "id": "身份证号",
    "phone": "个人电话号码",
    "card": "银行卡号",
    "address": "家庭住址",
}


@dataclass(frozen=True)
class _Datum:
    """A piece of personal data in a text."""

    kind: str
    severity: Severity
    start: int
    end: int
    doubt: str = ""


class Personal:
    """Personal data in the text is an error, or a warning where it may be none; in a fact it is a warning."""

    name = "personal"
    needs_facts = False

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings personal.id, .phone, .card and .address; those of the ledger stand nowhere in the text and name the place.

        Where sections are known, only their facts are looked at; whoever drafts asks for the rest once (`in_ledger`).
        """
        ledger = context.ledger
        given = {fact: span.name for span in context.sections for fact in span.facts}
        found = {fact.id: _personal(fact.text) for fact in ledger.facts}
        free = _public(ledger)
        holders: dict[str, Evidence] = {}
        for fact in ledger.facts:
            for datum in found[fact.id]:
                holders.setdefault(
                    _key(fact.text, datum), Evidence(fact=fact.id, text=masked_text(fact.text))
                )
        for datum in _personal(text):
            if datum.kind == "phone" and _bare(text[datum.start : datum.end]) in free:
                continue
            evidence = holders.get(_key(text, datum))
            yield self._finding(text, datum, evidence).model_copy(
                update={"start": datum.start, "end": datum.end, "text": text[datum.start : datum.end]}
            )
        if not given:
            yield from in_ledger(ledger)
            return
        for finding in in_ledger(ledger, fields=False, facts=given):
            holder = finding.evidence[0].fact or ""
            yield finding.model_copy(update={"section": given[holder]})

    def _finding(self, text: str, datum: _Datum, evidence: Evidence | None) -> Finding:
        return Finding(
            check=self.name,
            code=f"personal.{datum.kind}",
            severity=datum.severity,
            message=f"正文里有{_described(text, datum)}，请删去或遮盖",
            evidence=(evidence,) if evidence else (),
        )


def in_ledger(
    ledger: Facts, *, fields: bool = True, facts: Collection[str] | None = None
) -> Iterator[Finding]:
    """Warnings for the personal data that the ledger itself holds: a draft may leave it out, but the file is passed on too.

    The office's own telephone numbers are none. No number stands whole in a message or its evidence.

    Args:
        ledger: the ledger.
        fields: whether to look at what stands beside the facts' text too: title, contact, attachments, topics ….
        facts: ids of the facts to look at; None for all of them.
    """
    free = _public(ledger)
    beside = _fields(ledger) if fields else ()
    places: list[tuple[str, str, str | None]] = [(name, text, None) for name, text in beside]
    places += [("", fact.text, fact.id) for fact in ledger.facts if facts is None or fact.id in facts]
    for name, text, fact_id in places:
        for datum in _personal(text):
            if datum.kind == "phone" and _bare(text[datum.start : datum.end]) in free:
                continue
            where = f"事实文件的 {name} " if name else "事实"
            yield Finding(
                check=Personal.name,
                code=f"personal.{datum.kind}",
                severity="warning",
                message=f"{where}里有{_described(text, datum)}，请在台账中删去或遮盖",
                evidence=(Evidence(fact=fact_id, text=masked_text(text)),),
            )


def _described(text: str, datum: _Datum) -> str:
    doubt = f"（{datum.doubt}）" if datum.doubt else ""
    return f"{_KINDS[datum.kind]}“{_masked(text[datum.start : datum.end], datum.kind)}”{doubt}"


def _fields(ledger: Facts) -> Iterator[tuple[str, str]]:
    """What the ledger says beside the text of its facts, by the key in the file."""
    for key in ("organization", "theme", "title", "recipient", "document_number", "signer", "contact"):
        yield key, getattr(ledger, key)
    for place, attachment in enumerate(ledger.attachments):
        yield f"attachments[{place}]", attachment.name
        for number, row in enumerate(attachment.rows):
            yield f"attachments[{place}].rows[{number}]", "；".join(row)
    for place, entry in enumerate(ledger.outline or ()):
        yield f"outline[{place}]", "；".join((entry.heading or "", *(entry.topics or ())))
    for topic in dict.fromkeys(fact.topic for fact in ledger.facts):
        yield "topic", topic


def _personal(text: str) -> list[_Datum]:
    """The personal data of a text in its order; what is part of one is no other."""
    plain = fold(text)
    found = list(_addresses(plain))
    if _LONG_NUMBER.search(plain):
        found += (*_identities(plain), *_cards(plain), *_phones(plain))
    found.sort(key=lambda datum: (datum.start, -datum.end))
    kept: list[_Datum] = []
    for datum in found:
        if not kept or datum.start >= kept[-1].end:
            kept.append(datum)
    return kept


def _identities(text: str) -> Iterator[_Datum]:
    for match in _ID.finditer(text):
        number = _bare(match[0])
        told = _says("identity", _before(text, match.start(), _NEAR))
        if number[:2] in _words("province") and _is_day(number[6:14]):
            if _CHECK[sum(map(int.__mul__, _WEIGHTS, map(int, number[:17]))) % 11] == number[17]:
                yield _Datum("id", "error", *match.span())
            elif told or not _says("code", _before(text, match.start(), _CODE)):
                yield _Datum("id", "warning", *match.span(), doubt="校验码不符，可能写错")
        elif told:
            yield _Datum("id", "warning", *match.span(), doubt="号码本身不合编码规则")
    for match in _OLD_ID.finditer(text):
        number = match[0]
        if _says("identity", _before(text, match.start(), _NEAR)) and _is_day(f"19{number[6:12]}"):
            yield _Datum("id", "error", *match.span())


def _cards(text: str) -> Iterator[_Datum]:
    for match in _CARD.finditer(text):
        number = _bare(match[0])
        if _is_identity(number):
            continue
        told = _says("account", _before(text, match.start(), _NEAR))
        own, foreign = (_is_issued(number, kind) for kind in ("card", "card-foreign"))
        if not (own or foreign) or text.startswith(tuple(_words("measure")), match.end()):
            continue
        if not told and _says("code", _before(text, match.start(), _CODE)):
            continue
        if _luhn(number):
            yield _Datum("card", "error" if own or told else "warning", *match.span())
        elif told:
            yield _Datum("card", "warning", *match.span(), doubt="校验位不符，可能写错")


def _is_issued(number: str, kind: str) -> bool:
    """Whether cards begin with these figures and have so many of them."""
    rules = (rule.partition(":") for rule in _words(kind))
    return any(
        number.startswith(start) and str(len(number)) in lengths.split(",") for start, _, lengths in rules
    )


def _phones(text: str) -> Iterator[_Datum]:
    for match in _MOBILE.finditer(text):
        near = _before(text, match.start(), _CODE)
        if text.startswith(tuple(_words("measure")), match.end()) or _says("code", near):
            continue
        if _is_office(text, match.start()):
            continue
        yield _Datum("phone", "error", *match.span())
    for match in _LANDLINE.finditer(text):
        if _is_office(text, match.start()):
            continue
        whose = _before(text, match.start(), _NEAR)
        if _says("private", whose) or any(name.kind == "person" for name in find_names(whose)):
            yield _Datum("phone", "warning", *match.span(), doubt="像是个人的固定电话")


def _addresses(text: str) -> Iterator[_Datum]:
    for match in _ROOM.finditer(text):
        start = match.start()
        street = _STREET.search(_before(text, start, _ADDRESS))
        first = start - len(street[0]) if street else start
        yield from _address(text, first, match.end(), named=street is not None)
    for match in _HOUSE.finditer(text):
        if match["next"] and match["next"] in _words("not-home"):
            continue
        village = _VILLAGE.search(text, max(0, match.start() - 16), match.start())
        start = village.start() if village else match.start()
        yield from _address(text, start, match.start("next"), named=match["called"] is None)


def _address(text: str, start: int, end: int, *, named: bool) -> Iterator[_Datum]:
    """The address there, if somebody may live there; `named` says that it looks like one without a word for it."""
    before = _before(text, start, _NEAR) + text[start:end]
    lead = max((text.rfind(word, start, end) + len(word) for word in _words("towards")), default=0)
    if start < lead < end and not _DIGITS.search(text, start, lead):
        start = lead
    if _says("home", before):
        yield _Datum("address", "error", start, end)
    elif named and not _says("office", before + _behind(text, end)):
        yield _Datum("address", "warning", start, end, doubt="具体到门牌")


def _before(text: str, start: int, reach: int) -> str:
    """What stands before it in its sentence."""
    return _STOP.split(text[max(0, start - reach) : start])[-1]


def _behind(text: str, end: int) -> str:
    """What stands behind it in its sentence."""
    return _STOP.split(text[end : end + _NEAR], maxsplit=1)[0]


def _is_office(text: str, start: int) -> bool:
    """Whether the last word before the number that says whose it is says that it is an office's."""
    before = _before(text, start, _BEFORE)
    return _last(before, "public") > _last(before, "private")


def _last(text: str, kind: str) -> int:
    return max((text.rfind(word) for word in _words(kind)), default=-1)


def _says(kind: str, text: str) -> bool:
    return any(word in text for word in _words(kind))


def _public(ledger: Facts) -> frozenset[str]:
    """The office's own numbers: its contact, and what the facts call a hotline or an office's number."""
    own = [
        _bare(match[0])
        for pattern in (_MOBILE, _LANDLINE)
        for match in pattern.finditer(fold(ledger.contact))
    ]
    for fact in ledger.facts:
        text = fold(fact.text)
        for pattern in (_MOBILE, _LANDLINE):
            own += [_bare(m[0]) for m in pattern.finditer(text) if _is_office(text, m.start())]
    return frozenset(own)


def _bare(number: str) -> str:
    """The figures alone; of a telephone number without the country."""
    figures = re.sub(r"[^\dX]", "", fold(number).upper())
    return figures[2:] if len(figures) == 13 and figures.startswith("86") else figures


def _key(text: str, datum: _Datum) -> str:
    found = text[datum.start : datum.end]
    return fold(found) if datum.kind == "address" else _bare(found)


def _is_identity(number: str) -> bool:
    return len(number) == 18 and number[:2] in _words("province") and _is_day(number[6:14])


def _is_day(figures: str) -> bool:
    try:
        return 1880 <= date(int(figures[:4]), int(figures[4:6]), int(figures[6:])).year <= 2099
    except ValueError:
        return False


def _luhn(number: str) -> bool:
    """ISO/IEC 7812: every second figure from the right is doubled, its own figures added up."""
    doubled = (int(figure) * (1 + place % 2) for place, figure in enumerate(reversed(number)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _masked(found: str, kind: str) -> str:
    """What is shown of it: the first and last figures, of an address no figure."""
    if kind == "address":
        return _IN_ADDRESS.sub("*", fold(found))
    ends = {"id": (3, 2), "phone": (3, 4), "card": (0, 4)}[kind]
    places = [place for place, char in enumerate(found) if char.isalnum()]
    if kind == "phone":
        places = places[-11:] if len(places) > 12 else places  # the country's number is nobody's
        ends = ends if len(places) >= 11 else (0, 2)
    hidden = frozenset(places[ends[0] : len(places) - ends[1]])
    return "".join("*" if place in hidden else char for place, char in enumerate(found))


def masked_text(text: str) -> str:
    """The text with all its personal data masked, as it may stand in evidence."""
    for datum in sorted(_personal(text), key=lambda datum: -datum.start):
        text = text[: datum.start] + _masked(text[datum.start : datum.end], datum.kind) + text[datum.end :]
    return text


def shown_as(text: str, source: str) -> str:
    """`text`, which speaks of `source`, with the personal data of `source` masked; also where it has only a part of a number."""
    for datum in _personal(source):
        found = source[datum.start : datum.end]
        if text in found and (datum.kind == "address" or len(text) > _LEAST):
            return _masked(text if datum.kind == "address" else found, datum.kind)
        text = text.replace(found, _masked(found, datum.kind))
    return text


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for of, row in read_rules("personal.txt", 2) if of == kind for word in row.split())
