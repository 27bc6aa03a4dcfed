"""What a numeral is, class by class: numbering, names, dates, counts and manners of speaking that look alike."""

from __future__ import annotations

import pytest

from drafter.quantities import Mention, find

_ENUMERATORS = [
    ("壹　学习\n", "壹"),
    ("## 肆　机关", "肆"),
    ("贰、重点工作", "贰"),
    ("工作如下。\n一，抓长效。", "一"),
    ("1:河道清淤已完成。", "1"),
    ("第一层意思，成绩要看到。", "一"),
    ("第二个问题，设施老旧。", "二"),
    ("第三方面是抓落实。", "三"),
    ("1 总体情况\n很好。\n2 存在问题\n", "1"),
    ("总结\n1 总体情况\n很好。\n2 存在问题\n", "2"),
    ("序号\t单位\n1\t城关镇\n2\t白沙镇\n", "1"),
    ("问1：年报如何填？", "1"),
    ("附表1 改造台账", "1"),
    ("表1-2 改造台账", "1"),
    ("经验一　先民生后提升", "一"),
    ("【一】民政", "一"),
    ("第一篇　总述", "一"),
    ("| 一 | 城关镇 |\n| 二 | 白沙镇 |", "一"),
]
_NAMES = [
    ("小分队在长三角蹲了半年", "三"),
    ("落实中央一号文件精神", "一"),
    ("万象精工投产", "万"),
    ("三和门业入围", "三"),
    ("走访老教授万仲明。", "万"),
    ("老兵伍国强荣立战功", "伍"),
    ("执法队员老万连续加班", "万"),
    ("九妹本名邱九英，退休多年", "九英"),
    ("“百名专家进百企”结对帮扶", "百"),
    ("“五月红”李子熟了", "五"),
    ("“民情七日谈”开办以来", "七"),
    ("咨询电话：6688-2013。", "6688"),
    ("打“96871”投诉", "96871"),
    ("百盛花园12栋3单元1402室漏水", "12"),
    ("百盛花园12栋3单元1402室漏水", "1402"),
    ("2路、15路公交延伸", "2路"),
    ("六合拳传承人", "六"),
    ("百丈滩镇卫生院", "百"),
    ("五家渡站雨量最大", "五"),
]
_DATES = [
    ("“七上八下”期间雨量大", "七"),
    ("选在“5·12”当天演练", "5"),
    ("六九年以前的档案", "六九"),
    ("二三季度加快", "二三"),
]
_QUANTITIES = [
    ("全年四个季度", "四"),
    ("年产值首次过亿。", "亿"),
    ("求职者过万，", "万"),
    ("今年六十有三，", "六十"),
    ("产能只放了一半，", "一半"),
    ("拄拐走百十步。", "百十"),
    ("缩到二十来分钟", "二十"),
    ("有人从百里外赶来", "百"),
    ("盯住“三类500强”", "三"),
    ("①两馆每周开放", "两"),
    ("十来岁的孩子", "十"),
    ("登录平台，三步即可", "三"),
    ("第一任镇长", "一"),
    ("第八届食品安全宣传日", "八"),
    ("九口山塘", "九"),
    ("新购三桶涂料", "三"),
    ("更换六台电机", "六"),
    ("抽检四款食品", "四"),
    ("七家机电企业", "七"),
    ("第一届农民丰收节", "一"),
    ("本次检查分三组，一组查账", "三"),
    ("3 个村通了客车\n5 个村通了快递\n", "3"),
    ("12栋居民楼", "12"),
]
_IDIOMS = [
    ("推行“五户联防、十户联治”", "五"),
    ("“一个项目、一名领导、一套班子”", "一"),
    ("“一杯热茶、三句暖心话”工作法", "三"),
    ("下面我讲三层意思。", "三"),
    ("“台上一分钟，台下十年功”", "一"),
    ("环境是第一竞争力。", "一"),
    ("成功的一半", "一半"),
    ("一半靠人一半靠天", "一半"),
]


def _of(text: str, numeral: str) -> Mention | None:
    place = text.index(numeral)
    return next((mention for mention in find(text) if mention.start <= place < mention.end), None)


@pytest.mark.parametrize(("text", "numeral"), _ENUMERATORS)
def test_what_numbers_a_line_a_clause_or_a_row_is_an_enumerator(text: str, numeral: str) -> None:
    found = _of(text, numeral)
    assert found is not None
    assert found.kind == "enumerator"


@pytest.mark.parametrize(("text", "numeral"), _NAMES)
def test_names_count_nothing(text: str, numeral: str) -> None:
    found = _of(text, numeral)
    assert found is not None
    assert found.kind == "name"


@pytest.mark.parametrize(("text", "numeral"), _DATES)
def test_what_says_when_is_a_date(text: str, numeral: str) -> None:
    found = _of(text, numeral)
    assert found is not None
    assert found.kind in ("date", "period")


@pytest.mark.parametrize(("text", "numeral"), _QUANTITIES)
def test_counts_beside_words_that_name_stay_counts(text: str, numeral: str) -> None:
    found = _of(text, numeral)
    assert found is not None
    assert found.kind in ("cardinal", "ordinal", "fraction", "range")


@pytest.mark.parametrize(("text", "numeral"), _IDIOMS)
def test_manners_of_speaking_count_nothing(text: str, numeral: str) -> None:
    found = _of(text, numeral)
    assert found is not None
    assert found.kind == "phrase"


def test_an_age_told_with_you_is_one_number() -> None:
    (found,) = (mention for mention in find("六十有三，") if mention.countable)
    assert (found.text, found.value) == ("六十有三", 63)
