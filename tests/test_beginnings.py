"""What is tried only where it may begin finds what the plain expressions find."""

from __future__ import annotations

import random
import re

import pytest

from drafter.checks.rules import OneOf, Shape
from drafter.quantities.beginnings import ANY, NONE, Chars, beginnings, union
from drafter.quantities.rules import name_match, read_rules

WRITTEN = {
    "三北": {"三北"},
    "[一二]里?(?:河|沟)": {"一河", "一沟", "一里", "二河", "二沟", "二里"},
    "(?<=第)[三四](?:点|时){1,2}半": {"三点", "三时", "四点", "四时"},
    "(?:五?四|八)(?!台)路?": {"五四", "四路", "四", "八路", "八"},
    "七(?=夕).{0,6}?桥": {"七?", "七桥"},
    r"\u4e09[^河\d]": {"三?"},
    "百[a-c]": {"百a", "百b", "百c"},
    "(?:一|二丈)万{2}": {"一万", "二丈"},
    "[八][\u4e00-\u9fff]": {"八?"},
}
"""Rules, and the first two characters of what they match; ? stands for any, or for all but some."""


@pytest.mark.parametrize("rule", WRITTEN)
def test_the_first_characters_of_a_rule(rule: str) -> None:
    def shown(chars: Chars) -> list[str]:
        return ["?"] if chars.others else sorted(chars.listed)

    found = set()
    for first, *rest in beginnings(rule, 2):
        for char in shown(first):
            found |= {char + other for other in (shown(rest[0]) if rest else [""])}
    assert found == WRITTEN[rule]


@pytest.mark.parametrize("rule", ["", "(?:河)?", "[^河]桥", ".桥", r"\d桥", "(?:河"])
def test_a_rule_that_does_not_say_with_what_it_begins_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"with what it begins|unclosed"):
        beginnings(rule, 2)


def test_a_union_of_characters_holds_them_all() -> None:
    some, most = Chars(frozenset("河沟")), Chars(frozenset("桥"), others=True)
    assert union([]) == NONE
    assert union([most, most]) == most
    assert union([some, Chars(frozenset("湾"))]) == Chars(frozenset("河沟湾"))
    assert union([some, most]) == ANY
    assert "" in ANY
    assert "" not in some


def test_names_are_those_that_all_rules_together_would_find() -> None:
    parts: dict[str, str] = {}
    rules: set[str] = set()
    for first, *rest in read_rules("names.txt"):
        if first == "=":
            parts[rest[0]] = rest[1]
        else:
            rules.add(re.sub("<([A-Z]+)>", lambda name: parts[name[1]], first))
    whole = re.compile("|".join(sorted(rules, key=lambda rule: (-len(rule), rule))))
    rng, characters = random.Random(3), "".join(rules)
    for _ in range(40):
        text = "".join(
            rng.choice("一二三四五六七八九十百千万第双") + rng.choice(characters) for _ in range(200)
        )
        cuttings = [rng.choice(characters[at:] or "村")[:1] for at in range(0, len(characters), 997)]
        text += "".join(cuttings) + "三元桥党的二十大三门峡三年行动北岭一矿第三中学十四五规划七里河"
        for at, char in enumerate(text):
            if char in "一二三四五六七八九十百千万第双":
                match, found = whole.match(text, at), name_match(text, at)
                assert (found and found.span()) == (match and match.span()), text[at : at + 20]


def test_shapes_are_found_as_by_one_alternation() -> None:
    shapes = [
        Shape("a", "[xy]{2,3}", "[xy]"),
        Shape("b", "x+z?", "x"),
        Shape("c", "(?<=z)y", "[xy]"),
        Shape("d", r"\d+x?", r"\d"),
        Shape("e", "zz", ""),
        Shape("f", r"\dy", r"\d"),
    ]
    whole = re.compile("|".join(f"(?P<{shape.kind}>{shape.pattern})" for shape in shapes))
    rng = random.Random(4)
    for _ in range(500):
        text = "".join(rng.choice("xyz1。") for _ in range(rng.randrange(30)))
        found = [tuple(each) for each in OneOf(shapes).finditer(text)]
        assert found == [(*match.span(), match.lastgroup) for match in whole.finditer(text)]
