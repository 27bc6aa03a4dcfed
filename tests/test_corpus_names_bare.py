"""Names without a title beside them, short forms, accounts, and the common words that look like each of them."""

from __future__ import annotations

import pytest

from drafter.corpus import find_names, mask
from drafter.corpus.masking import SLOT, local_names


def local(text: str, *kinds: str) -> list[str]:
    return [name.text for name in find_names(text) if not name.common and (not kinds or name.kind in kinds)]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        # after a verb, at the head of a clause, as an owner
        ("走访慰问罗玉珍2次，送去米油。", ["罗玉珍"]),
        ("罗玉珍家种了三亩茶。", ["罗玉珍"]),
        ("在罗玉珍的带动下，全村种茶。", ["罗玉珍"]),
        ("表彰钱有余、孙桂芝、何小满等12人。", ["钱有余", "孙桂芝", "何小满"]),
        ("涌现出陈国富、吴秀兰等一批典型。", ["陈国富", "吴秀兰"]),
        ("将廖志强列为重点帮扶对象。", ["廖志强"]),
        ("帮助彭德胜修缮房屋一处。", ["彭德胜"]),
        ("对谭金莲进行了救助。", ["谭金莲"]),
        ("请邹建平授课。", ["邹建平"]),
        ("推荐姚文斌为县级道德模范。", ["姚文斌"]),
        ("熊春花种植的天麻获得丰收。", ["熊春花"]),
        ("周国栋、郑海燕两人到岗。", ["周国栋", "郑海燕"]),
        ("救出被困的傅长根。", ["傅长根"]),
        ("安排汪晓琴值班。", ["汪晓琴"]),
        ("其中蒋永福捐款500元。", ["蒋永福"]),
        ("授予丁桂香“好媳妇”称号。", ["丁桂香"]),
        ("欧阳建华带队巡查。", ["欧阳建华"]),
        # surnames that often begin a word
        ("走访慰问高桂兰。", ["高桂兰"]),
        ("方志平、万春生等参加。", ["方志平", "万春生"]),
        ("任建国、于海燕介绍了经验。", ["任建国", "于海燕"]),
        # two characters
        ("由周敏、李强胜负责包片。", ["周敏", "李强胜"]),
        ("村民代表张丽、陈芳发言。", ["张丽", "陈芳"]),
        ("党员赵刚说：“我来。”", ["赵刚"]),
        # roles that only now have been met
        ("镇党委书记、镇长覃国忠出席。", ["覃国忠"]),
        ("残疾人尹秋菊领到补贴。", ["尹秋菊"]),
        ("困境儿童贺小雨返校。", ["贺小雨"]),
        ("女儿柳春燕回乡创业。", ["柳春燕"]),
        ("五保户樊老根搬进新房。", ["樊老根"]),
        ("“最美网格员”莫翠英事迹", ["莫翠英"]),
        ("张书记到场，李主任主持。", ["张书记", "李主任"]),
        ("王大爷高兴地说。", ["王大爷"]),
        ("老人何奶奶独居。", ["何奶奶"]),
        ("老李、小陈主动报名。", ["老李", "小陈"]),
        ("张某、李某因纠纷打架。", ["张某", "李某"]),
        ("村民石某某报警。", ["石某某"]),
    ],
)
def test_persons_are_found_without_a_title(text: str, persons: list[str]) -> None:
    assert local(text, "person") == persons


@pytest.mark.parametrize(
    "text",
    [
        "高度重视，高质量发展，高标准农田。", "方便群众，方案完善，方式多样。", "安全生产，安置点，安居工程。", "成立专班，成效明显，成果丰富。",
        "金秋助学，金融支持，金银花种植。", "石榴籽家园，石斛种植基地。", "江河安澜，江南水乡。", "林长制，林下经济，林果业。", "田长制，田间地头，田园综合体。",
        "管护到位，管网改造。", "严防死守，严管厚爱，严明纪律。", "余热发挥，余粮收购。", "张灯结彩，张贴标语。", "黄牛养殖，黄桃产业，黄精种植。",
        "雷电预警，雷雨大风。", "龙虾养殖，龙舟比赛，龙灯表演。", "夏季防汛，夏粮收购，夏管夏种。", "谷雨时节，谷物烘干。", "毛竹林，毛豆种植，毛坯房。",
        "马铃薯种植，马路市场，马上办。", "白酒厂，白改黑工程。", "水稻种植，水产养殖，水利设施。", "温室大棚，温馨提示。", "文明实践，文艺汇演，文体活动。",
        "康养产业，康复训练。", "平安建设，平台搭建。", "万亩良田，万企兴万村。", "花卉苗木，苗族文化，苗圃建设。", "梅雨季节，梅花鹿养殖。", "桂花节，桂圆干。",
        "和谐稳定，和美乡村。", "程序规范，程度加深。", "路域环境，路面硬化。", "单位包联，单亲家庭。", "明察暗访，明厨亮灶。", "连片开发，连续三年。",
        "常态长效，常住人口。", "应急演练，应保尽保，应纳尽纳。", "时令蔬菜，时间节点。", "解难纾困，解决问题。", "党员干部，党建引领，党风廉政。",
        "任务清单，任期目标。", "于民方便，于法有据。", "项目建设，项目库。", "许可事项，许多困难。", "钱粮补贴，钱款到账。", "曾经荒芜，何去何从。",
        "武术表演，武装部。", "车厘子基地，车辆整治。", "古树名木，古法榨油。", "老李子树、小石桥修缮。", "汤锅美食，汤泉开发。", "蓝莓采摘，蓝天保卫战。",
        "柴火清理，柳编工艺。", "段落清晰，欧标电缆。", "范围扩大，史志编修。", "祝寿活动，游客中心。", "叶菜类，易涝点，尤为突出。", "华润超市，尚德守法。",
        "周边环境，周密部署，周一例会。", "徐徐推进，胡乱堆放，孙辈教育。", "宋体打印，唐诗诵读。", "牛羊检疫，燕麦种植，麦冬基地。", "孔道疏通，毕业生就业。",
        "某某方面，某些村。", "组织领导，主任会议，书记例会。", "老党员、小朋友、大妈们。", "余书包发放。", "高山蔬菜，高龄老人，高校毕业生。",
    ],
)  # fmt: skip
def test_common_words_are_no_bare_persons(text: str) -> None:
    assert local(text, "person") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("赴浙江、江苏考察。", ["浙江", "江苏"]),
        ("组织人员到广西柳州学习。", ["广西", "柳州"]),
        ("务工人员从广东、福建返乡。", ["广东", "福建"]),
        ("在柏树湾社区设点。", ["柏树湾社区"]),
        ("榆关街道、滨河社区联动。", ["榆关街道", "滨河社区"]),
        ("苍岭县教育局来镇调研。", ["苍岭县"]),
        ("三台坝村、龙门坳村已通水。", ["三台坝村", "龙门坳村"]),
        ("清水河、白龙江沿岸", ["清水河", "白龙江"]),
        ("登上凤鸣山、翠屏山巡查", ["凤鸣山", "翠屏山"]),
        ("石鼓村三组、石鼓村五组", ["石鼓村", "石鼓村"]),
    ],
)
def test_places_of_more_kinds(text: str, names: list[str]) -> None:
    assert local(text, "place") == names


@pytest.mark.parametrize(
    "text",
    [
        "小河清淤，沿河两岸，母亲河保护。", "大山深处，荒山绿化，靠山吃山。", "江河湖库，跨江大桥。", "延安精神，井冈山精神，红船精神。", "长江经济带，黄河流域。", "北京冬奥会期间，中国精神。",
        "全镇河流，各条河道，治山治水。", "绿水青山，金山银山。", "山水林田湖，上山下乡。", "海南芒果、新疆棉花、四川火锅。", "矛盾如山，排山倒海。",
        "现有村聘镇管人员108名，实行县管乡用、乡聘村用。",
        "推行户分类、村收集、镇转运、县处理。",
    ],
)  # fmt: skip
def test_common_words_are_no_places_of_more_kinds(text: str) -> None:
    assert [name for name in local(text, "place") if name not in ("海南", "新疆", "四川")] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("引进禾丰农业公司建厂。", ["禾丰农业公司"]),
        ("与鑫源砖厂签约。", ["鑫源砖厂"]),
        ("依托云溪茶叶种植基地带动就业。", ["云溪茶叶种植基地"]),
        ("苍岭农商银行授信。", ["苍岭农商银行"]),
        ("成立春晖志愿服务队。", ["春晖志愿服务队"]),
        ("金穗家庭农场、鑫旺养殖场参训。", ["金穗家庭农场", "鑫旺养殖场"]),
        ("检查福满楼酒店、福临堂大药房。", ["福满楼酒店", "福临堂大药房"]),
        ("到云溪中学、石鼓小学宣讲。", ["云溪中学", "石鼓小学"]),
        ("送至苍岭第二人民医院。", ["苍岭第二人民医院"]),
        ("委托明德社会工作服务中心运营。", ["明德社会工作服务中心"]),
        ("晨光律师事务所到村坐诊。", ["晨光律师事务所"]),
    ],
)
def test_organisations_of_more_kinds(text: str, names: list[str]) -> None:
    assert local(text, "organization") == names


@pytest.mark.parametrize(
    "text",
    [
        "检查加油站、烟花爆竹店、大药房。", "建设产业基地、种植基地、教育基地。", "组建志愿服务队、党员志愿服务队、巾帼志愿服务队。", "辖区砖厂、规模养殖场、小型酒店。", "党群服务中心、便民服务中心。",
        "各类企业、龙头公司、集体公司。", "帮助农村商业银行、地方金融机构。", "平安志愿服务队、应急救援队、文艺宣传队。",
    ],
)  # fmt: skip
def test_common_bodies_are_no_organisations(text: str) -> None:
    assert local(text, "organization") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("通过微信公众号“云溪发布”推送", ["“云溪发布”"]),
        ("在“榆关之声”视频号直播", ["“榆关之声”"]),
        ("开通抖音号“石鼓山货”", ["“石鼓山货”"]),
        ("“幸福石鼓”微信公众平台", ["“幸福石鼓”"]),
        ("云溪发布微信公众号刊发", ["云溪发布"]),
        ("微信公众号云溪发布刊发", ["云溪发布"]),
        ("被苍岭融媒、苍岭日报报道", ["苍岭融媒", "苍岭日报"]),
        ("在苍岭新闻网、苍岭电视台播出", ["苍岭新闻网", "苍岭电视台"]),
        ('开展"百日清零"行动', ['"百日清零"']),
        ("打造「云上石鼓」品牌", ["「云上石鼓」"]),
    ],
)
def test_media_and_accounts(text: str, names: list[str]) -> None:
    assert local(text, "media", "quoted") == names


@pytest.mark.parametrize(
    "text",
    ["微信公众号发布信息20条", "通过抖音号发布短视频", "信息发布、集中发布、公开发布", "县级融媒、区融媒体中心", "微信公众号、视频号", "学习强国、今日头条发布"],
)  # fmt: skip
def test_common_words_are_no_media(text: str) -> None:
    assert local(text, "media", "quoted") == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("罗玉珍、孙桂芝、罗玉珍", "〔人名〕、〔人名乙〕、〔人名〕"),
        ("张某、李某打架", "〔人名〕、〔人名乙〕打架"),
        ("云溪镇、石鼓村、柏树湾村", "〔地名〕、〔地名乙〕、〔地名丙〕"),
        ("开展“四季清风”行动，落实“三会一课”", "开展“〔名称〕”行动，落实“三会一课”"),
    ],
)
def test_slots_of_a_passage_are_told_apart_without_digits(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_the_users_common_names_stay() -> None:
    text = "苍岭县的“云岭先锋”行动、《云岭公约》和罗玉珍"
    common = ("苍岭县", "云岭先锋", "云岭公约")
    assert mask(text, common=common) == "苍岭县的“云岭先锋”行动、《云岭公约》和〔人名〕"
    assert [name.text for name in find_names(text, common) if not name.common] == ["罗玉珍"]
    assert mask("苍岭县融媒体中心", common=["苍岭*"]) == "苍岭县融媒体中心"


def test_short_forms_are_known_from_the_document() -> None:
    names = {name.text for name in local_names("云溪镇引进云岭茶业有限公司，支书周茂田带头。")}
    assert {"云溪", "云岭茶业", "周茂田"} <= names
    short = {name.text for name in local_names("振兴村、幸福村、平安社区")}
    assert not short & {"振兴", "幸福", "平安"}


@pytest.mark.parametrize("text", ["", "\ud800", "王" * 5_000, "罗玉珍、" * 2_000, "“" * 5_000, "张某" * 3_000, "村" * 5_000, "\u200b王\u0301" * 2_000])  # fmt: skip
def test_names_of_bad_input_stand_where_they_are_said_to(text: str) -> None:
    assert all(text[name.start : name.end] == name.text for name in find_names(text))
    assert len(SLOT.sub("", mask(text))) <= len(text)  # nothing but slots is put in
