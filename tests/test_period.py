"""period: names that are too early or too late for the report's period, and the user's own lexicon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drafter import check
from drafter.checks import run
from drafter.checks.period import Period
from drafter.errors import SettingsError
from drafter.events import load_events, parse_events
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from drafter.settings import load_settings


def _found(text: str, period: str, events: str = "", **header: Any) -> list[tuple[str, str | None, str]]:
    facts = {
        "organization": "栗坪镇",
        "period": period,
        "theme": "党建工作",
        "facts": ["召开会议2次"],
        **header,
    }
    context = CheckContext(parse_facts(facts), events=parse_events(events, "自己的词表"))
    return [(f.code.partition(".")[2], f.text, f.severity) for f in run(text, context, [Period()]).findings]


EARLY = [
    ("2019年上半年", "深入学习党的二十大精神。", "党的二十大"),
    ("2022年上半年", "认真学习二十大报告。", "二十大报告"),
    ("2020年", "扎实开展党史学习教育。", "党史学习教育"),
    ("2023年", "扎实开展党纪学习教育。", "党纪学习教育"),
    ("2018年", "推进“我为群众办实事”实践活动。", "“我为群众办实事”实践活动"),
    ("2017年上半年", "实施乡村振兴战略。", "乡村振兴"),
    ("2019年", "抓好新冠肺炎防控。", "新冠"),
    ("2018年", "宣传《民法典》。", "民法典"),
    ("2019年", "建设“学习强国”平台，学习“两个确立”。", "两个确立"),
    ("2018年第三季度", "做好第七次全国人口普查。", "第七次全国人口普查"),
    ("2021年", "开展第五次全国经济普查宣传。", "第五次全国经济普查"),
    ("2017年", "开展扫黑除恶专项斗争。", "扫黑除恶专项斗争"),
    ("2019年", "巩固拓展脱贫攻坚成果同乡村振兴有效衔接。", "巩固拓展脱贫攻坚成果同乡村振兴有效衔接"),
    ("2015年", "召开“两学一做”学习教育动员会。", "“两学一做”学习教育"),
    ("2023年上半年", "学习党的二十届三中全会精神。", "二十届三中全会"),
    ("2022年", "发展新质生产力。", "新质生产力"),
    ("2020年", "落实“双减”工作。", "“双减”工作"),
    ("2019年", "庆祝建党100周年。", "建党100周年"),
    (
        "2022年",
        "建设新时代文明实践站，宣传反电信网络诈骗法，开展学习贯彻习近平新时代中国特色社会主义思想主题教育。",
        "习近平新时代中国特色社会主义思想主题教育",
    ),
    ("2015年", "把“四个意识”落到实处。", "四个意识"),
]

LATE = [
    ("2023年", "深入开展“不忘初心、牢记使命”主题教育。", "“不忘初心、牢记使命”主题教育"),
    ("2023年上半年", "扎实开展党史学习教育。", "党史学习教育"),
    ("2022年", "开展扫黑除恶专项斗争宣传。", "扫黑除恶专项斗争"),
    ("2023年", "全力打赢脱贫攻坚战。", "脱贫攻坚"),
    ("2022年", "推进精准扶贫。", "精准扶贫"),
    ("2024年", "坚持动态清零，查验健康码。", "动态清零"),
    ("2024年", "落实常态化疫情防控措施。", "常态化疫情防控"),
    ("2023年下半年", "喜迎党的二十大，营造浓厚氛围。", "喜迎党的二十大"),
    ("2023年", "庆祝建党百年，开展文艺演出。", "建党百年"),
    ("2020年下半年", "庆祝新中国成立70周年。", "新中国成立70周年"),
    ("2023年", "做好第七次全国人口普查入户登记。", "第七次全国人口普查入户登记"),
    ("2021年下半年", "会同县安监局开展检查。", "安监局"),
    ("2020年", "配合国土资源局核查图斑。", "国土资源局"),
    ("2022年", "实施“十三五”规划。", "“十三五”规划"),
    ("2025年", "扎实开展党纪学习教育。", "党纪学习教育"),
    ("2024年", "推进安全生产专项整治三年行动。", "安全生产专项整治三年行动"),
    ("2022年", "打好三大攻坚战。", "三大攻坚战"),
    ("2022年", "学习《物权法》。", "物权法"),
    ("2016年", "开展党的群众路线教育实践活动。", "群众路线教育实践活动"),
    ("2022年", "决胜全面建成小康社会。", "决胜全面建成小康社会"),
]

FINE = [
    ("2022年下半年", "认真学习党的二十大精神。"),
    ("2022年上半年", "喜迎党的二十大，做好安全保障。"),
    ("2021年", "以优异成绩迎接党的二十大召开。"),
    ("2023年", "巩固不忘初心、牢记使命主题教育成果。"),
    ("2023年", "巩固拓展脱贫攻坚成果同乡村振兴有效衔接。"),
    ("2024年", "2021年开展党史学习教育时修建的广场投入使用。"),
    ("2022年", "推动党史学习教育常态化长效化。"),
    ("2022年", "推进扫黑除恶专项斗争转入常态化。"),
    ("2021年上半年", "脱贫攻坚任务全面完成。"),
    ("2022年", "“十三五”期间修建的水渠发挥效益。"),
    ("2023年", "“十三五”末全镇有泵站12座。"),
    ("2019年", "谋划“十四五”重大项目。"),
    ("2024年", "根据第七次全国人口普查数据，全镇2.1万人。"),
    ("2020年", "将于年底开展第七次全国人口普查。"),
    ("2024年", "为二十四五户村民办证。"),
    ("2018年", "修好二十大街。"),
    ("2020年", "宣传民法典草案。"),
    ("2019年上半年", "学习贯彻党的十九大精神，实施乡村振兴战略。"),
    ("2024年", "学习《中共中央关于在全党开展“不忘初心、牢记使命”主题教育的意见》。"),
    ("2020年", "在2020年内打赢脱贫攻坚战。"),
    ("2023年", "原安监局的办公楼改作服务中心。"),
    ("上半年", "深入学习党的二十大精神。"),
]


@pytest.mark.parametrize(("period", "text", "name"), EARLY)
def test_what_did_not_exist_yet_is_an_error(period: str, text: str, name: str) -> None:
    assert _found(text, period) == [("early", name, "error")]


@pytest.mark.parametrize(("period", "text", "name"), LATE)
def test_what_is_long_over_is_a_warning(period: str, text: str, name: str) -> None:
    assert _found(text, period)[0] == ("late", name, "warning")


@pytest.mark.parametrize(("period", "text"), FINE)
def test_what_fits_or_looks_back_or_ahead_is_left_alone(period: str, text: str) -> None:
    assert _found(text, period) == []


def test_a_report_may_speak_of_what_came_before_it_was_dated() -> None:
    text = "认真学习党的二十大精神。"
    assert _found(text, "2022年三季度") == [("early", "党的二十大", "error")]
    assert _found(text, "2022年三季度", date="2022-10-28") == []
    assert _found(text, "三季度", date="2022-09-28") == [("early", "党的二十大", "error")]


def test_what_the_ledger_names_is_in_doubt_only_where_it_cannot_be() -> None:
    facts = ["学习党的二十大精神3次", "开展精准扶贫走访12户"]
    assert _found("学习党的二十大精神3次。", "2019年", facts=facts) == [("early", "党的二十大", "warning")]
    assert _found("开展精准扶贫走访12户。", "2023年", facts=facts) == []


def test_own_names_add_to_the_built_in_and_take_their_place() -> None:
    own = "# 本县的活动\n清洁家园百日行动|百日清洁 2023-03 2023-06-30  # 县委通知\n党的二十大 - -\n"
    assert _found("开展“清洁家园”百日行动。", "2024年", own) == [("late", "“清洁家园”百日行动", "warning")]
    assert _found("开展百日清洁。", "2022年", own) == [("early", "百日清洁", "error")]
    assert _found("学习党的二十大。", "2019年", own) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("百日行动 2023-03", "有 2 栏"),
        ("百日 行动 2023-03 -", "有 4 栏"),
        ("百日行动 2023 -", "“2023”不是日期"),
        ("百日行动 2023-13 -", "“2023-13”不是日期"),
        ("百日行动 2023-06 2023-03", "晚于"),
        ("行 2023-06 -", "“行”有 1 个字"),
        ("百日行动||行动 2023-06 -", "“”有 0 个字"),
    ],
)
def test_a_bad_line_is_named(line: str, said: str) -> None:
    with pytest.raises(SettingsError, match=r"词表\.txt：第 3 行") as error:
        parse_events(f"# 说明\n\n{line}\n", "词表.txt")
    assert said in str(error.value)


def test_the_setting_names_a_file_beside_the_settings(tmp_path: Path, plain: dict[str, Any]) -> None:
    (tmp_path / "词表.txt").write_text("百日清洁 2023-03 2023-06  # 县委通知\n", "utf-8-sig")
    user_file = tmp_path / "settings.toml"
    user_file.write_text('period_lexicon = "词表.txt"\n', "utf-8")
    settings = load_settings(user_file=user_file, environ={})
    result = check("开展百日清洁。", plain, only=["period"], settings=settings)
    assert [finding.code for finding in result.findings] == ["period.late"]
    (tmp_path / "词表.txt").write_text("百日清洁 2023\n", "utf-8")
    with pytest.raises(SettingsError, match="第 1 行有 2 栏"):
        check("开展百日清洁。", plain, only=["period"], settings=settings)


def test_a_lexicon_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到"):
        load_events(str(tmp_path / "没有.txt"))
    with pytest.raises(SettingsError, match="不是普通文件"):
        load_events(str(tmp_path))
    (tmp_path / "gbk.txt").write_bytes("百日清洁 2023-03 -".encode("gbk"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_events(str(tmp_path / "gbk.txt"))


def test_a_received_folder_cannot_name_a_lexicon(tmp_path: Path) -> None:
    (tmp_path / "drafter.toml").write_text('period_lexicon = "x.txt"\n', "utf-8")
    with pytest.raises(SettingsError, match="不能设置 period_lexicon"):
        load_settings(folder=tmp_path, environ={})


def test_a_name_is_marked_with_the_marks_that_belong_to_it() -> None:
    context = CheckContext(
        parse_facts({"organization": "栗坪镇", "period": "2024年", "theme": "党建工作", "facts": ["开会2次"]})
    )
    [finding] = run("深入开展“三严三实”专题教育。", context, [Period()]).findings
    assert (finding.start, finding.end, finding.text) == (4, 14, "“三严三实”专题教育")
    assert finding.message.startswith("“三严三实专题教育”到")
