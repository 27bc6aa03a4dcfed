"""Takes out of a passage what is its own (numbers, dates, names) and leaves numbered slots; wording stays.

Units, measure words, set phrases and national common names (5G, 12345) stay. Telephone numbers, addresses and ids go
whole as 〔名称〕. What the source masked itself (xx次, **镇)
becomes the same slots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from drafter.corpus import rules
from drafter.corpus.contacts import find_contacts, is_called, is_common_number
from drafter.corpus.lexicon import Common, Name, NameKind
from drafter.corpus.names import all_places, find_names
from drafter.corpus.places import stem

if TYPE_CHECKING:
    from drafter.quantities.mention import Mention

SLOTS = ("数", "日期", "地名", "单位", "人名", "文件", "名称")
ORDER = "乙丙丁戊己庚辛壬癸"
"""What tells the second, third … name of a kind from the first: the heavenly stems, as in 甲方 and 乙方. A digit would be
read as a number of the text, and was copied as one (云溪镇2)."""
SLOT = re.compile(f"〔(?:{'|'.join(SLOTS)})(?:[{ORDER}]|\\d+)?〕")
"""A slot as it stands in a masked text."""

_OF_KIND: dict[NameKind, str] = {
    "title": "文件",
    "quoted": "名称",
    "place": "地名",
    "organization": "单位",
    "person": "人名",
    "media": "名称",
    "event": "名称",
}
_NUMBERED = frozenset({"地名", "单位", "人名", "文件", "名称"})
_KEPT = frozenset({"enumerator", "phrase"})
_DIGIT = re.compile(r"\d")
_LETTER = re.compile("[A-Za-zＡ-Ｚａ-ｚ]")

_RUN = "(?:[xX×*＊○〇◯]{1,99}|_{2,99}|＿{2,99}|某某)"
"""What stands where the source hid something. A longer run is a line drawn across the page, and going through each from
every place in it takes time with the square of its length."""
_PLACE_END = "省|市|县|区|旗|镇|乡|村|屯|街道|社区|片区|州"
_HIDING = re.compile("[xX×*＊○〇◯某]|__|＿＿|[〔\\[［(（]\\d{4}")
"""What a text has to hold for anything to be hidden in it; few passages do."""
_ASCII = re.compile("[0-9@/.]")
_VOLUME = re.compile("[（(]第[^（）()]{1,12}卷[）)]|第[一二三四五六]卷")
_EDGE = "(?<![A-Za-z0-9])"
_ISSUER = re.compile(
    "([\u3400-\u9fff](?<![国中省市县区镇乡街村州盟旗人共本我]))(?=[政委党府纪宣][\u3400-\u9fff]{0,3}[〔\\[［(（](?:19|20)\\d\\d[〕\\]］)）])"
)
"""A place's short name that opens a document's number: 竹 of 竹政发〔2022〕15号."""


@cache
def _source_masks() -> re.Pattern[str]:
    """What the source hid itself, by what follows it: a date, a place, a number, or anything else."""
    measures = rules.alternation(rules.words("measure_words"))
    year = f"(?:{_RUN}|20{_RUN}|20\\d{_RUN})"
    return re.compile(
        f"(?P<日期>{_EDGE}(?:{year}年)?{_RUN}月(?:(?:{_RUN}|\\d{{1,2}})日)?|{_EDGE}{year}年|{_EDGE}{_RUN}日(?!报)|\\d{{1,2}}月{_RUN}日)"
        f"|(?P<地名>(?:{_EDGE}{_RUN}|某)(?:{_PLACE_END}))"
        f"|(?P<数>{_EDGE}{_RUN}(?:[.．]{_RUN})?(?=(?:{measures}))|第{_RUN}(?=[次届批号])|[〔\\[［(（](?:{_RUN}|\\d{{4}})[〕\\]］)）]第?(?:{_RUN}|\\d+)(?=号))"
        f"|(?P<名称>{_EDGE}(?:[xX×]{{2,}}|[*＊]+|[○〇◯]{{2,}}|某某)(?![A-Za-z0-9]))"
    )


@cache
def _hidden_persons() -> re.Pattern[str]:
    table = rules.table("person_roles")
    measures = rules.alternation(rules.words("measure_words"))
    return re.compile(f"(?:{rules.alternation((*table['firm'], *table['loose']))})({_RUN})(?!{measures})")


def mask(text: str, known: Iterable[Name] = (), common: Sequence[str] = ()) -> str:
    """`text` with slots for what is its own: 〔数〕 〔日期〕 〔地名〕 〔单位〕 〔人名〕 〔文件〕 〔名称〕.

    A slot stands for the numeral alone (〔数〕次), for a whole date, for a whole name; the marks 《》 “” stay around
    theirs. Different names of one kind are told apart from the second on (〔地名乙〕, 〔地名丙〕, from the eleventh by
    〔地名11〕); the same name has the same slot.

    Args:
        text: a passage, a heading, any text.
        known: names found elsewhere in the same document; they are masked here too, wherever they stand.
        common: names that stay, besides the national ones, as in `find_names`.
    """
    spans = own_spans(text, known, common)
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    out: list[str] = []
    at = 0
    for start, end, slot in spans:
        if slot == "地名" and text[end : end + 1] == "委" and end - start > 1:
            end -= 1  # the county's committee: 〔地名〕县委
        out.append(text[at:start])
        at = end
        if not slot:
            out.append(text[start:end])
        elif slot in _NUMBERED:
            key = (slot, stem(text[start:end]) if slot == "地名" else text[start:end])
            if key not in numbers:
                counts[slot] = counts.get(slot, 0) + 1
                numbers[key] = counts[slot]
            out.append(f"〔{slot}{_mark(numbers[key])}〕")
        else:
            out.append(f"〔{slot}〕")
    out.append(text[at:])
    return _laid_bare("".join(out))


def _mark(number: int) -> str:
    if number == 1:
        return ""
    return ORDER[number - 2] if number - 2 < len(ORDER) else str(number)


def _laid_bare(masked: str) -> str:
    """A slot may end what kept a digit from being read as a number (王XX0 → 〔人名〕0): such digits go too."""
    from drafter.quantities import find

    plain = SLOT.sub(lambda slot: "。" * len(slot[0]), masked)
    if not _DIGIT.search(plain):
        return masked
    left = [
        mention
        for mention in find(plain)
        if mention.kind not in _KEPT and _DIGIT.search(mention.text) and not _is_common(mention, plain)
    ]
    if not left:
        return masked
    protected = [(name.start, name.end) for name in find_names(masked) if name.common]
    out, at = [], 0
    for mention in left:
        start, end, slot = _of_mention(mention)
        if not any(first <= start < last for first, last in protected):
            out += [masked[at:start], f"〔{slot}〕"]
            at = end
    return "".join([*out, masked[at:]])


def own_spans(text: str, known: Iterable[Name], common: Sequence[str]) -> list[tuple[int, int, str]]:
    """Spans in order without overlaps, each with its slot; "" protects a span from what ranks lower."""
    from drafter.quantities import find

    ranked: list[tuple[int, int, str]] = [(*match.span(), "") for match in SLOT.finditer(text)]
    names = find_names(text, common)
    for name in names:
        if name.common:
            volume = _VOLUME.match(text, name.end) if name.kind == "title" else None
            ranked.append((name.start, volume.end() if volume else name.end, ""))
    ranked += [_of_name(name) for name in names if not name.common and name.kind in ("title", "quoted")]
    if _ASCII.search(text):
        ranked += [(*span, "名称") for span in find_contacts(text)]
    if "号" in text:
        ranked += [(*match.span(1), "地名") for match in _ISSUER.finditer(text)]
    others = [name for name in names if not name.common and name.kind not in ("title", "quoted")]
    own = Common(common)
    wanted = {
        name.text: _OF_KIND[name.kind]
        for name in known
        if not name.common and not own.holds(name) and name.kind not in ("title", "quoted")
    }
    found = [_of_name(name) for name in others]
    if wanted:
        pattern = re.compile(rules.alternation(wanted))
        found += [(*match.span(), wanted[match[0]]) for match in pattern.finditer(text)]
    ranked += sorted(found, key=lambda span: span[0] - span[1])
    if _HIDING.search(text):
        ranked += [(*match.span(1), "人名") for match in _hidden_persons().finditer(text)]
        ranked += [(*match.span(), match.lastgroup or "名称") for match in _source_masks().finditer(text)]
    for mention in find(text):
        if _is_common(mention, text):
            ranked.append((mention.start, mention.end, ""))
        elif mention.kind not in _KEPT and (
            _DIGIT.search(mention.text) if mention.kind == "name" else mention.countable
        ):
            ranked.append(_of_mention(mention))
    return _without_overlaps(ranked, len(text))


def _is_common(mention: Mention, text: str) -> bool:
    if mention.kind == "name":
        return is_common_number(mention.text)
    return is_called(text, mention.numeral_start, mention.numeral_end)


def _of_mention(mention: Mention) -> tuple[int, int, str]:
    """The span of a numeral and its slot; of one with letters (G320), the whole name."""
    if mention.kind in ("date", "period"):
        return mention.start, mention.end, "日期"
    if mention.kind != "name":
        return mention.numeral_start, mention.numeral_end, "数"
    if _LETTER.search(mention.text):
        return mention.start, mention.end, "名称"
    places = [match.start() for match in _DIGIT.finditer(mention.text)]
    return mention.start + places[0], mention.start + places[-1] + 1, "数"


def _of_name(name: Name) -> tuple[int, int, str]:
    inner = 1 if name.kind in ("title", "quoted") else 0
    return (name.start + inner, name.end - inner, _OF_KIND[name.kind])


def _without_overlaps(ranked: list[tuple[int, int, str]], length: int) -> list[tuple[int, int, str]]:
    """Earlier entries win; of a later one that overlaps, what is free is still masked."""
    owner = bytearray(length)
    taken: list[tuple[int, int, str]] = []
    for start, end, slot in ranked:
        at = start
        while at < end:
            if owner[at]:
                at += 1
                continue
            stop = at
            while stop < end and not owner[stop]:
                stop += 1
            if slot or (at, stop) == (start, end):
                taken.append((at, stop, slot))
                owner[at:stop] = b"\x01" * (stop - at)
            at = stop
    merged: list[tuple[int, int, str]] = []
    for start, end, slot in sorted(taken):
        if merged and slot == "数" == merged[-1][2] and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end, slot)  # xx万: one number
        else:
            merged.append((start, end, slot))
    return merged


def local_names(text: str) -> list[Name]:
    """The names of a whole document that are its own, each once: what `mask` takes as `known`.

    Places inside titles count too: 《云溪镇…办法》 tells that 云溪镇 is a name, and so does its short form 云溪;
    of 云岭茶业有限公司 it is 云岭茶业.
    """
    from drafter.corpus.organizations import short_form
    from drafter.corpus.places import is_telling

    names = [name for name in find_names(text) if not name.common and name.kind not in ("title", "quoted")]
    found = {name.text: name for name in (*names, *all_places(text))}
    for name in list(found.values()):
        short = ""
        if name.kind == "place" and is_telling(stem(name.text)):
            short = stem(name.text)
        elif name.kind == "organization":
            short = short_form(name.text)
        if short:
            found.setdefault(short, Name(name.start, name.start + len(short), short, name.kind))
    return list(found.values())
