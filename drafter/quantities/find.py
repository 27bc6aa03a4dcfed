"""Finds every numeral of a text and says what it is. One pass, from numeral to numeral; knows no facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, localcontext
from unicodedata import numeric

from drafter.quantities.dates import (
    FOLLOWING,
    date_at,
    half_year_at,
    market_day_at,
    named_day_at,
    season_at,
)
from drafter.quantities.draft import Draft
from drafter.quantities.enumerators import enumerator_at, opens, series_at, series_unit
from drafter.quantities.exact import EXACT
from drafter.quantities.expressions import expression_at, unreadable
from drafter.quantities.manner import reach_at
from drafter.quantities.mention import Kind, Mention
from drafter.quantities.numbered import name_at, named_quote
from drafter.quantities.numerals import HAN, MAX_LENGTH, flatten, parse_numeral
from drafter.quantities.phrases import (
    PhraseTable,
    listed_phrases,
    own_phrases,
    parallel_slogan,
    phrase_at,
    shaped_phrase,
)
from drafter.quantities.plain import plain_count
from drafter.quantities.relative import LEADS, Relative, relatives
from drafter.quantities.shares import half_of_all, one_half, with_halves

_RUN = re.compile(
    rf"[0-9{HAN}幺半俩仨Ⅰ-ⅿ①-⒛㈠-㈩]"
    rf"(?:(?<=[0-9])[0-9]*|(?<=[{HAN}幺])[{HAN}幺]*|(?<=[Ⅰ-ⅿ])[Ⅰ-ⅿ]*|)"
)
"""A run of numerals of one sort. It begins with the characters that any begins with, so that the search is fast."""
_FIGURES = re.compile(r"[0-9](?:[0-9.,]{0,40}[0-9])?")
_TITLE = re.compile(r"《[^《》\n]{1,120}》")
_QUOTE = re.compile(r'“[^“”\n]{1,24}”|"[^"\n]{1,12}"|‘[^‘’\n]{1,12}’|「[^「」\n]{1,12}」')
_SLOGAN_LENGTH = 10
"""So long with its quotation marks may be what is quoted for its shortness; longer it may be a name, or somebody's words."""
_BLANK_CHARS = " \u00a0\u3000"
_BLANKS = r"[ \u00a0\u3000]{1,4}"
_SCALES = "十百千万亿點点萬億拾佰仟"
_BLANK = re.compile(
    rf"(?<=[\d０-９]){_BLANKS}(?=[\u4e00-\u9fff%％‰]|[-~～—–]{_BLANKS}\d)|(?<=\d[ ][-~～—–]){_BLANKS}(?=\d)|(?<=[年月日]){_BLANKS}(?=[十一二三四五六七八九]{{1,3}}[月日]|[至到])|(?<=[年月第约近逾超]){_BLANKS}(?=[\d０-９])"
    rf"|(?<=[{_SCALES}分之]){_BLANKS}(?=[{HAN}\d０-９點点之折成百负])|(?<=[{HAN}陸貳參]){_BLANKS}(?=[{_SCALES}个個又成折]|分\s?之|百分|[一二三四五六七八九]{_BLANKS}折)|(?<=成){_BLANKS}(?=[一二三四五六七八九](?![\u4e00-\u9fff]))"
    rf"|(?<=[又]){_BLANKS}(?=[{HAN}])|(?<=[个個百分]){_BLANKS}(?=百|分|點|点)"
)
_WORDS_OF_ONE = frozenset("肆伍陆拾佰仟幺")
"""A single one is mostly part of a word (队伍, 陆续, 收拾)."""
_PLAIN_AFTER = frozenset("次处人户场份名余多万亿元项件起家条支篇期批辆台座所公吨亩")
"""After figures of one or two places these tell that they are neither a date nor a name nor an enumerator."""
_SCALED = re.compile(r"[十百千万亿]")
_AFTER_ROMAN = frozenset("、.)")
_CAPITAL_NUMBER = re.compile(r"点[零一二三四五六七八九壹贰叁肆伍陆柒捌玖]|[折元圆]|分之")


class _Holding:
    """Says which span of an ordered list holds an offset, for offsets that only rise."""

    def __init__(self, pattern: re.Pattern[str], text: str, marks: str) -> None:
        found = any(mark in text for mark in marks)
        self._spans = [match.span() for match in pattern.finditer(text)] if found else []
        self._place = 0
        self._end = len(text)
        self.next = self._spans[0][0] if self._spans else len(text)
        """Before this offset nothing is held."""

    def at(self, offset: int) -> tuple[int, int] | None:
        if offset < self.next:
            return None
        while self._place < len(self._spans) and self._spans[self._place][1] <= offset:
            self._place += 1
        if self._place == len(self._spans):
            self.next = self._end
            return None
        span = self._spans[self._place]
        self.next = span[0]
        return span if span[0] <= offset else None


def find(text: str, phrases: Iterable[str] = ()) -> list[Mention]:
    """Every numeral of the text as a mention, in order, none overlapping another.

    Arabic and Chinese, full-width and half-width alike; a blank between a figure and its unit (12.6 万元) divides
    nothing. `phrases` are set phrases of the user's own, which count nothing. Dates without a numeral (今年, 截至目前)
    are found too, but are not `countable`. Raises nothing for any text.
    """
    own = own_phrases(tuple(phrases)) if phrases else None
    with localcontext(EXACT):
        if not (any(blank in text for blank in _BLANK_CHARS) and _BLANK.search(text)):
            return [draft.mention(text) for draft in _found(text, own)]
        kept = [place for start, end in _between_blanks(text) for place in range(start, end)]
        where = [*kept, len(text)]
        drafts = _found("".join(text[start:end] for start, end in _between_blanks(text)), own)
        for draft in drafts:
            draft.start, draft.end = where[draft.start], where[draft.end - 1] + 1
            draft.numeral_start, draft.numeral_end = (
                where[draft.numeral_start],
                where[draft.numeral_end - 1] + 1,
            )
        return [draft.mention(text) for draft in drafts]


def _between_blanks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for blank in _BLANK.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def _found(text: str, own: PhraseTable | None) -> list[Draft]:
    """The mentions of a text without such blanks."""
    plain = flatten(text)
    titles, quotes = _Holding(_TITLE, plain, "《"), _Holding(_QUOTE, plain, '“"‘「')
    series = series_at(plain)
    hanging = relatives(plain)
    next_word = 0
    next_end = hanging[0].end if hanging else len(plain) + 1
    found: list[Draft] = []
    floor = cursor = 0
    search, listed = _RUN.search, listed_phrases()
    while run := search(plain, cursor):
        at, run_end = run.span()
        lead: Relative | None = None
        while next_end <= at:
            word = hanging[next_word]
            next_word += 1
            next_end = hanging[next_word].end if next_word < len(hanging) else len(plain) + 1
            if word.start < floor:
                continue
            if word.end >= at - 2 and word.word in LEADS and next_end > at:
                lead = word
            else:
                found.append(_hanging(word))
                floor = word.end
        draft = None
        if floor < at and plain[at] <= "9" and not own and at < titles.next:
            draft = plain_count(plain, at, floor)
        if draft is None and run_end - at > MAX_LENGTH:
            draft = unreadable(plain, at, run_end)
        elif draft is None:
            if at in series:
                end = run_end + (plain[run_end : run_end + 1] in ("是", "要", "则", "来"))
                draft = Draft(at, end, at, run_end, "enumerator", parse_numeral(plain[at:run_end]))
            else:
                draft = _recognise(plain, at, run_end, floor, titles.at(at), quotes.at(at), own, listed)
        if lead:
            if draft is not None and draft.kind in ("date", "period") and draft.start == lead.end:
                draft.start, draft.relative = lead.start, lead.word
                if "年" in dict(draft.parts):
                    draft.relative = None
            elif draft is None or draft.start >= lead.end:
                found.append(_hanging(lead))
                floor = lead.end
        if draft is None:
            cursor = run_end
            continue
        if draft.start < floor:  # 半数百: what stands before may belong to the mention before
            draft.start = floor
        if draft.numeral_end > draft.end:
            draft.numeral_end = draft.end
        found.append(draft)
        floor = cursor = draft.end
    found += [_hanging(word) for word in hanging[next_word:] if word.start >= floor]
    return with_halves(plain, found) if "对折" in plain else found


def _hanging(word: Relative) -> Draft:
    draft = Draft(word.start, word.end, word.start, word.end, word.kind)
    draft.relative = word.word
    return draft


def _recognise(
    plain: str,
    at: int,
    run_end: int,
    floor: int,
    title: tuple[int, int] | None,
    quote: tuple[int, int] | None,
    own: PhraseTable | None,
    listed: PhraseTable,
) -> Draft | None:
    """What the numeral that begins at `at` is."""
    char = plain[at]
    if own and (span := phrase_at(plain, at, floor, own)):
        return Draft(*span, at, min(run_end, span[1]), "phrase")
    if "Ⅰ" <= char <= "ⅿ":
        kind: Kind = (
            "enumerator" if plain[run_end : run_end + 1] in _AFTER_ROMAN and opens(plain, at) else "name"
        )
        return Draft(at, run_end, at, run_end, kind)
    if "⅏" < char < "\u4e00" and char != "〇":  # ① ⑴ ㈠
        return Draft(at, run_end, at, run_end, "enumerator", Decimal(int(numeric(char))))
    if char <= "9":
        return _arabic(plain, at, run_end, floor, title, quote)
    if char in "半俩仨":
        if quote and at > quote[0] + 1 and named_quote(plain, quote):
            return Draft(at, run_end, at, run_end, "name")
        return (
            half_year_at(plain, at, floor)
            or half_of_all(plain, at, floor)
            or _listed(plain, at, run_end, floor, listed)
            or (expression_at(plain, at, run_end, floor))
        )
    if run_end - at == 1 and char in _WORDS_OF_ONE and not _CAPITAL_NUMBER.match(plain, run_end):
        return (
            name_at(plain, at, run_end, floor, quote)
            or enumerator_at(plain, at, run_end, floor)
            or _listed(plain, at, run_end, floor, listed)
            or Draft(at, run_end, at, run_end, "phrase")
        )
    return _chinese(plain, at, run_end, floor, title, quote, listed)


def _chinese(
    plain: str,
    at: int,
    run_end: int,
    floor: int,
    title: tuple[int, int] | None,
    quote: tuple[int, int] | None,
    listed: PhraseTable,
) -> Draft | None:
    """What the Chinese numeral that begins at `at` is."""
    if title:
        return _in_title(plain, at, run_end, floor, title, min(run_end, title[1] - 1))
    if plain[run_end : run_end + 1] in ("下", "上") and (season := season_at(plain, at)):
        return season
    if plain[at - 1 : at] in ("、", "初") and (day := market_day_at(plain, at, floor)):
        return day
    if plain.startswith("半", run_end) and (half := one_half(plain, at, run_end, floor)):
        return half
    draft = _listed(plain, at, run_end, floor, listed)
    name = name_at(plain, at, run_end, floor, quote)
    if name and (draft is None or name.end >= draft.end):
        draft = name  # 四方铝业 is more than 四方
    if draft is None or plain[draft.start] == "第":
        draft = enumerator_at(plain, at, run_end, floor) or draft
    if quote and (draft is None or (draft.kind == "phrase" and draft.end < quote[1])):
        if named_quote(plain, quote):
            return _of_quote(plain, at, run_end, quote, "name")
        if parallel_slogan(plain, *quote):
            return _of_quote(plain, at, run_end, quote, "phrase")
    draft = draft or _dated(plain, at, run_end, floor)
    if draft:
        # “五月红” is called so after a month
        called = quote and draft.kind == "date" and _CALLED_AFTER_DAY.fullmatch(plain, *quote)
        return _of_quote(plain, at, run_end, quote, "name") if quote and called else draft
    if (match := series_unit(plain, at, floor)) is not None:
        return match
    if quote and _is_short_slogan(plain, run_end, quote):
        return _of_quote(plain, at, run_end, quote, "phrase")
    if run_end - at == 1 and plain[at - 1 : at] != "第" and (end := shaped_phrase(plain, at, run_end) or 0):
        return Draft(at, end, at, run_end, "phrase")
    return expression_at(plain, at, run_end, floor)


_CALLED_AFTER_DAY = re.compile(
    r"[“\"‘「][一二三四五六七八九十]{1,2}[月日](?![初上中下底末份至到前后起])[\u4e00-\u9fff]{1,3}[”\"’」]"
)


def _is_short_slogan(plain: str, run_end: int, quote: tuple[int, int]) -> bool:
    """Whether the quotation marks hold a slogan (“五查”, “四同”): not a reach of service, nor what counts on (“三类500强”)."""
    return (
        quote[1] - quote[0] <= _SLOGAN_LENGTH
        and plain[run_end : run_end + 1] != "连"
        and not "0" <= plain[run_end + 1 : run_end + 2] <= "9"
        and not reach_at(plain, run_end)
    )


def _of_quote(plain: str, at: int, run_end: int, quote: tuple[int, int], kind: Kind) -> Draft:
    """A numeral that has its kind from the quotation marks round it."""
    end = min(run_end, quote[1] - 1)
    return Draft(at, end, at, end, kind, _readable(plain[at:end]))


def _arabic(
    plain: str,
    at: int,
    run_end: int,
    floor: int,
    title: tuple[int, int] | None,
    quote: tuple[int, int] | None,
) -> Draft | None:
    """What the figures that begin at `at` are."""
    if title:
        figures = _FIGURES.match(plain, at)
        end = min(figures.end() if figures else run_end, title[1] - 1)
        return _in_title(plain, at, run_end, floor, title, end)
    follow = plain[run_end : run_end + 1]
    before = plain[at - 1 : at]
    plainly = follow in _PLAIN_AFTER and run_end - at < 3 and (before >= "\u4e00" or before in "，、")
    if plainly and at > floor and before not in "第前道双":
        return expression_at(plain, at, run_end, floor)  # by far the most: 排查128次
    return (
        name_at(plain, at, run_end, floor, quote)
        or enumerator_at(plain, at, run_end, floor)
        or _dated(plain, at, run_end, floor)
        or (
            named_day_at(plain, at)
            if plain[run_end : run_end + 1] in (".", "·") and run_end - at < 3
            else None
        )
        or (
            Draft(at, run_end, at, run_end, "name", _readable(plain[at:run_end]))
            if quote and quote[0] + 1 < at and named_quote(plain, quote)
            else None
        )
        or expression_at(plain, at, run_end, floor)
    )


def _in_title(plain: str, at: int, run_end: int, floor: int, title: tuple[int, int], end: int) -> Draft:
    """A numeral of a title: a name. A date there dates the document and not what is told, so it has no fields."""
    if plain[run_end : run_end + 1] in ("年", "月", "半", "季") or plain[at - 1 : at] == "第":
        dated = _dated(plain, at, run_end, floor)
        if dated and dated.kind != "name" and dated.end < title[1]:
            dated.parts, dated.indefinite = (), True
            return dated
    return Draft(at, end, at, end, "name", _readable(plain[at:end]))


def _readable(figures: str) -> Decimal | None:
    return parse_numeral(figures)


def _listed(plain: str, at: int, run_end: int, floor: int, table: PhraseTable) -> Draft | None:
    span = phrase_at(plain, at, floor, table)
    if span is None:
        return None
    digits = (at, run_end) == span
    value = _readable(plain[at:run_end]) if digits and not _SCALED.search(plain, at, run_end) else None
    return Draft(*span, at, min(run_end, span[1]), "phrase", value)


def _dated(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    before = plain[at - 1 : at]
    if plain[run_end : run_end + 1] not in FOLLOWING and before not in _BEFORE_DATES and run_end - at != 8:
        return None
    draft = date_at(plain, at, run_end, floor)
    if draft is not None:
        draft.numeral_end = min(run_end, draft.end)
    return draft


_BEFORE_DATES = frozenset("周期拜初月第前头朝早")
