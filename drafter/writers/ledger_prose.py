"""Turns one terse ledger line into one formal sentence. Wording changes; numbers, names and meaning do not.

The rules are in data/: whole one-character verbs (shortverbs.txt), set rewrites (expansions.txt) and the verb that
a bare count takes (nouns.txt). Whatever no rule touches stays as the clerk wrote it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from drafter.passages import Role

_QUOTED = re.compile(
    r"《[^《》]{1,60}》|“[^“”]{1,40}”|\"[^\"]{1,40}\"|【[^【】]{1,40}】|(?:https?://|www\.)[\w./?=&%#:-]+"
)
_HALF_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_TIME = re.compile(
    r"^(?:\d{4}年)?(?:[\d一二三四五六七八九十]{1,3}(?:[-至—~][\d一二三四五六七八九十]{1,3})?月(?:份|底|初|中旬|上旬|下旬|底前)?"
    r"(?:[\d一二三四五六七八九十]{1,3}日)?(?:[-至—~](?:\d{1,2}月)?\d{1,2}日)?|[一二三四]季度|[上下]半年|全年|年内|年底前?|年初)"
)
_COUNT = re.compile(
    r"(?:约|近|共|共计|累计)?(?:\d(?![\d.]*[年月日])|[一二三四五六七八九十两百千万]{1,5}余?[场次个名份条期篇部处家户])"
)
_ACTOR = re.compile(
    r"(站|队|队伍|组|委|办|员|单位|部门|中心|所|校|学校|公司|协会|支部|妇联|村|社区|干部|志愿者|”)$"
)
_DEED = re.compile(
    r"(疏导|排查|上报|化解|处置|管理|服务|检查|巡查|宣传|培训|建设|整治|监督|帮扶|治理|指导|调解|登记)$"
)
_MOMENT = re.compile(r"^([一-龥]{2,6}节点|节假日|农闲时节|[一-龥]{1,4}期间|[一-龥]{1,4}时)(?=[一-龥])")
_BEFORE_VERB = {
    "",
    *"，；：、。日月年度期间村镇乡县区道街心场院园室组委站里底前后再已并新部均先员片校费业屋堂”",
}
"""Characters after which a one-character verb may stand: punctuation, and ends of words of time, place and actor."""
_PARTICLE = re.compile(r"[的在被将把由向对是有给与]")
"""Words that only a clause with a verb has."""
_QUANTITY_END = re.compile(r"[\d一二三四五六七八九十百千万两]+余?多?[一-龥]{1,2}$")


@cache
def _lines(name: str) -> tuple[tuple[str, ...], ...]:
    text = files("drafter.writers").joinpath(f"data/{name}").read_text("utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _verbs() -> re.Pattern[str]:
    words = {word for line in _lines("verbs.txt") for word in line[0].split()}
    words |= {line[2] for line in _lines("shortverbs.txt")}
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


@cache
def _short_verbs() -> dict[str, list[tuple[re.Pattern[str], str, str]]]:
    table: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    for verb, follows, done, plan in _lines("shortverbs.txt"):
        table.setdefault(verb, []).append((re.compile(follows), done, plan))
    return table


@cache
def _expansions() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _lines("expansions.txt"))


@cache
def _nouns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), verb) for pattern, verb in _lines("nouns.txt"))


@cache
def formulas(place: str) -> tuple[str, ...]:
    """The formula sentences for a place (opening, problems, plan-item, …) in file order."""
    return tuple(line[1] for line in _lines("formulas.txt") if line[0] == place)


def begins_with_verb(sentence: str) -> bool:
    """Whether a subject is wanting: the sentence begins with what was done."""
    return bool(_verbs().match(sentence))


def sentence(text: str, role: Role = "done") -> str:
    """The ledger line as a sentence without its final stop; inner clauses divided by commas."""
    pieces = _outside_quotes(text.strip())
    text = "".join(piece if quoted else _full_width(piece) for piece, quoted in pieces).rstrip("。；，")
    text = _formal_verbs(text, plan=role == "plan")
    clauses, start = [], 0
    for end in [*(mark.start() for mark in re.finditer("；", _masked(text))), len(text)]:
        clauses.append(_with_verb(_colon(text[start:end]), role))
        start = end + 1
    text = "，".join(clauses)
    for pattern, replacement in _expansions():
        text = pattern.sub(replacement, text)
    text = "，".join(_each(text, r"主题([^“”，。；：]{2,30})$", r"以\1为主题"))
    return re.sub(r"，{2,}", "，", text).strip("，")


def _each(text: str, pattern: str, replacement: str) -> list[str]:
    return [re.sub("^" + pattern, replacement, clause) for clause in text.split("，")]


def _full_width(text: str) -> str:
    """Half-width punctuation between words made full width; 1,280 and 10:30 keep theirs."""
    return re.sub(r"(?<!\d)[,;:?!]|[,;:?!](?!\d)", lambda m: _HALF_WIDTH[m.group()], text)


def _outside_quotes(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is quoted (and so must stay as it is)."""
    pieces, at = [], 0
    for match in _QUOTED.finditer(text):
        pieces += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    return [*pieces, (text[at:], False)]


def _formal_verbs(text: str, *, plan: bool) -> str:
    """One-character verbs replaced, where they are words of their own and stand where a verb stands."""
    import rjieba

    done, read = "", 0
    for piece, quoted in _outside_quotes(text):
        for word in [piece] if quoted else rjieba.cut(piece):
            read += len(word)
            before, verb = word[:-1], word[-1:]
            stands = (before[-1:] or done[-1:]) in _BEFORE_VERB
            # the segmenter may glue a verb to the word before it (村办, 日办); longer words are words
            whole = len(word) == 1 or (len(word) == 2 and not _verbs().fullmatch(word))
            if not quoted and whole and stands and verb in _short_verbs():
                for follows, past, future in _short_verbs()[verb]:
                    if follows.match(text, read):
                        word = before + (future if plan else past)
                        break
            done += word
    return done


def _colon(clause: str) -> str:
    """`who：what` and `what：list` of the ledger without the colon."""
    masked = _masked(clause)
    at = masked.find("：")
    before, after = clause[:at], clause[at + 1 :]
    if at < 1 or not after or masked.count("：") > 1:
        return clause
    if _QUANTITY_END.search(before):
        return f"{before}，包括{after}"
    if re.search(r"(主题|专题)“[^”]+”$", before):
        return clause
    if _ACTOR.search(before) and len(before) <= 24:
        if _MOMENT.match(after):
            return f"{before}在{after}"
        if begins_with_verb(after) and not _DEED.search(after):
            return before + after
        items = [item for item in re.split("、", after) if item]
        return before + ("开展" if all(_DEED.search(item) for item in items) else "组织") + after
    return f"{before}，{after}"


def _with_verb(clause: str, role: Role) -> str:
    """A bare entry (惠民演出20余场) gets the verb its noun takes; an entry that has one stays."""
    if role == "plan" and _DEED.search(clause) and not (_verbs().search(clause) or _PARTICLE.search(clause)):
        return f"做好{clause}"
    if role != "done":
        return clause
    first, comma, rest = clause.partition("，")
    time = _TIME.match(first)
    lead = time.group() if time else ""
    body = first[len(lead) :]
    count = _COUNT.search(_masked(body))
    thing = body[: count.start()] if count else body
    if not thing or not (count or lead) or _PARTICLE.search(_masked(thing)):
        return clause
    for pattern, verb in _nouns():
        if match := pattern.search(thing):
            if _verbs().fullmatch(thing):
                return clause  # 走访80户: the entry is its own verb
            return clause if _verbs().search(thing[: match.start()]) else f"{lead}{verb}{body}{comma}{rest}"
    return clause


def _masked(text: str) -> str:
    """The text with quoted pieces blanked out, so that a number in a title is not taken for a count."""
    return _QUOTED.sub(lambda match: "□" * len(match.group()), text)
