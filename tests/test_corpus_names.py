"""Names and masking."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus import find_names, mask
from drafter.corpus.contacts import is_common_number
from drafter.corpus.masking import SLOT, local_names
from drafter.quantities import find


def local(text: str, *kinds: str) -> list[str]:
    return [name.text for name in find_names(text) if not name.common and (not kinds or name.kind in kinds)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("在柏树湾村召开现场会", ["柏树湾村"]),
        ("云溪镇党委高度重视", ["云溪镇"]),
        ("组织村干部到邻近的石鼓镇参观", ["石鼓镇"]),
        ("走访慰问青杠坪村、坳上村困难户", ["青杠坪村", "坳上村"]),
        ("由九龙村和下湾村共同管护", ["九龙村", "下湾村"]),
        ("赵楼、钱庄等自然村", ["赵楼", "钱庄"]),
        ("孙坪村民组率先完成", ["孙坪"]),
        ("从李家沟到王家湾", ["李家沟", "王家湾"]),
        ("解放路、人民东街沿线", ["解放路", "人民东街"]),
        ("在中山路口劝导", ["中山路"]),
        ("苍岭县云溪镇人民政府", ["苍岭县", "云溪镇"]),
        ("榆关街道12个社区", ["榆关街道"]),
        ("在向阳村建设广场", ["向阳村"]),
        ("最远的老鸦坪村", ["老鸦坪村"]),
        ("双桥村的做法好，双桥村民都说好", ["双桥村", "双桥村"]),
    ],
)
def test_places_are_found_with_their_true_beginning(text: str, places: list[str]) -> None:
    assert local(text, "place") == places


@pytest.mark.parametrize(
    "text",
    [
        "农村人居环境", "全镇上下", "我镇积极推进", "各村落实责任", "乡村振兴战略", "行政村全覆盖", "文明村镇创建", "城市管理", "社区工作者", "16个村",
        "示范村建设", "后进村整顿", "镇村两级", "市民满意", "市场监管", "县级以上", "小区改造", "景区道路", "大学生返乡创业", "送文化下乡", "撬动村民投工",
        "扮靓村庄", "家乡变化", "城乡一体", "红旗飘扬", "集镇面貌", "重点村贫困户", "每村一名", "本镇实际", "深入村组走访", "组织村民代表评议", "该村",
        "200余家沟通企业", "国家庄严承诺", "各自然村", "5个自然村、12个村民组", "王家坡面积", "安装人民路灯", "走解放路线", "滨河路面", "新建路3条",
        "走致富路", "老街巷", "修通产业路", "撤并自然村",
        "继续执行区委部署", "中心镇区", "党员责任区", "老旧社区", "商业街道", "山区公路", "偏远村取用", "进社区、进校园", "空心村治理", "七村联舞", "小修不出村、大修不过夜",
    ],
)  # fmt: skip
def test_common_words_are_no_places(text: str) -> None:
    assert local(text, "place") == []


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("支部书记李明带队", ["李明"]),
        ("村民王大山家", ["王大山"]),
        ("表彰了王大山同志", ["王大山"]),
        ("老支书周茂田腾出宅基地", ["周茂田"]),
        ("由执法队长邓国安带人巡查", ["邓国安"]),
        ("陈晓芸被评为先进个人", ["陈晓芸"]),
        ("志愿者刘桂英、赵小丽、孙强等参加", ["刘桂英", "赵小丽", "孙强"]),
        ("树立了青杠坪村肖守德、石鼓村钟有才等典型", ["肖守德", "钟有才"]),
        ("村民王某某反映", ["王某某"]),
        ("党员欧阳春主动认领", ["欧阳春"]),
        ("县委宣传部长马晓东到场", ["马晓东"]),
        ("人大代表刘海燕、人大主席冯涛参加", ["刘海燕", "冯涛"]),
        ("联系人张建国，电话另附", ["张建国"]),
        ("组长：李建军；成员：王芳、赵强", ["李建军", "王芳", "赵强"]),
        ("推介了“活地图”王大山修路的事", ["王大山"]),
        ("由李建军任组长，由周敏负责", ["李建军", "周敏"]),
        ("养蜂员陈国富、理发师何小军参加", ["陈国富", "何小军"]),
        ("图书管理员格桑央金整理图书", ["格桑央金"]),
        ("牧户乌云高娃、额尔敦巴雅尔轮流值守", ["乌云高娃", "额尔敦巴雅尔"]),
        ("沙马阿牛走上讲台", ["沙马阿牛"]),
        ("綦亮、冒春生等党员下沉网格", ["綦亮", "冒春生"]),
        ("汛情紧急，景海率队转移群众", ["景海"]),
        ("评茶师上官梅到场", ["上官梅"]),
    ],
)
def test_persons_are_found_by_their_role(text: str, persons: list[str]) -> None:
    assert local(text, "person") == persons


@pytest.mark.parametrize(
    "text",
    [
        "党员干部带头", "村民自治", "居民小区", "群众满意度", "干部高度重视", "老人温暖过冬", "书记项目", "主任任期", "教师应当", "居民关心的事", "群众文化活动",
        "“清风”金秋行动", "“学习强国”江北区", "“一站式”石材市场",
        "由金融办负责", "由石油公司牵头", "由江苏任务队带领", "由林业站负责", "由镇长任组长", "工作人员金额核对", "委员会主席台", "指导员石板",
        "安全、方便等干部关心的事", "全力、高效等干部作风", "会上，平安带头人发言", "白天，全员带队", "阿尔的事", "强巴的", "拉马车",
        "成员黄金周值班", "主任：田间指导", "动员张贴",
        "党员马上行动", "居民安全感", "村民代表大会", "干部包村", "乡长任组长", "书记、镇长", "全体同志", "老同志", "职工程度", "居民方便", "村民于是",
    ],
)  # fmt: skip
def test_common_words_are_no_persons(text: str) -> None:
    assert local(text, "person") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("引进云岭茶业有限公司", ["云岭茶业有限公司"]),
        ("依托绿源种养专业合作社", ["绿源种养专业合作社"]),
        ("到平安县人民医院和平安县第一中学", ["平安县人民医院", "平安县第一中学"]),
        ("推进平安县区医院、和平乡村学校", []),
        ("与临澄师范学校结对", ["临澄师范学校"]),
        ("镇卫生院、镇中心小学、各学校、敬老院、派出所", []),
        ("集中学习9次，重视学校教育", []),
        ("农民专业合作社发展壮大", []),
        ("苍岭日报作了报道", ["苍岭日报"]),
        ("“云溪发布”公众号推送", ["“云溪发布”"]),
    ],
)
def test_organisations_and_media_need_a_proper_part(text: str, names: list[str]) -> None:
    assert local(text, "organization", "media", "quoted") == names


@pytest.mark.parametrize(
    "text",
    [
        "《习近平谈治国理政》第四卷", "《中国共产党章程》", "《中华人民共和国安全生产法》", "《党章》", "“三会一课”", "“学习强国”平台", "“一岗双责”", "“四个意识”",
        "党中央", "国务院", "人民日报", "“不忘初心、牢记使命”", "“回头看”",
    ],
)  # fmt: skip
def test_national_property_is_common(text: str) -> None:
    names = find_names(text)
    assert names
    assert all(name.common for name in names)
    assert mask(text) == text


def test_names_are_in_order_without_overlaps_and_where_they_say() -> None:
    text = "《云溪镇村规》由云溪镇印发，支书李明在“云溪之声”公众号作了介绍，苍岭日报转载。"
    names = find_names(text)
    assert all(text[name.start : name.end] == name.text for name in names)
    assert all(a.end <= b.start for a, b in pairwise(names))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("召开会议9次，培训320余人次", "召开会议〔数〕次，培训〔数〕余人次"),
        (
            "一是落实“三会一课”，当好第一责任人，履行一岗双责",
            "一是落实“三会一课”，当好第一责任人，履行一岗双责",
        ),
        ("5月16日在柏树湾村办现场会", "〔日期〕在〔地名〕办现场会"),
        ("双桥村、坳上村、双桥村", "〔地名〕、〔地名乙〕、〔地名〕"),
        ("印发《云溪镇巡查办法》和“百日清零”方案", "印发《〔文件〕》和“〔名称〕”方案"),
        (
            "宣讲xx次，服务*余场，覆盖**镇和XX村，X月X日结束",
            "宣讲〔数〕次，服务〔数〕余场，覆盖〔地名〕和〔地名乙〕，〔日期〕结束",
        ),
        ("投入＊＊万元，惠及××户", "投入〔数〕元，惠及〔数〕户"),
        ("书记王大山带领绿源专业合作社", "书记〔人名〕带领〔单位〕"),
        ("中共苍岭县委宣传部、xx区委", "中共〔地名〕县委宣传部、〔地名乙〕区委"),
        ("参学率达95%", "参学率达〔数〕%"),
        ("某些村、X光片、C919、QQ群、LED屏", "某些村、X光片、C919、QQ群、LED屏"),
        ("（区委发〔2021〕12号）", "（区委发〔数〕号）"),
        ("竹政发〔2022〕15号、国发〔2021〕2号", "〔地名〕政发〔数〕号、国发〔数〕号"),
        ("按[2022]15号文件", "按〔数〕号文件"),
        ("电话13812345678、0571-1234567，手机138 1234 5678", "电话〔名称〕、〔名称乙〕，手机〔名称丙〕"),
        ("拨打12317热线，QQ群12345678", "拨打〔数〕热线，QQ群〔名称〕"),
        ("2号桥、G320国道、3号楼", "〔数〕号桥、〔名称〕国道、〔数〕号楼"),
        ("发至ab_01@x123.com，见http://www.a1b2.cn/3.html。", "发至〔名称〕，见〔名称乙〕。"),
        ("登录zz12.gov.cn，编号A-2022-0031，软件V1.2.3", "登录〔名称〕，编号〔名称乙〕，软件〔名称丙〕"),
        ("身份证33010219900101123X", "身份证〔名称〕"),
        ("推行“1+3+X”模式和7·15行动", "推行“〔名称〕”模式和〔数〕行动"),
        (
            "12345热线、拨打119、110报警、12·4宪法日、5G网络、4A景区、PM2.5",
            "12345热线、拨打119、110报警、12·4宪法日、5G网络、4A景区、PM2.5",
        ),
        ("《中国共产党第20次代表大会》和“3·15”活动", "《中国共产党第20次代表大会》和“3·15”活动"),
        ("培训119人，参加119人次", "培训〔数〕人，参加〔数〕人次"),
        ("“四个新”“强基先锋队”", "“〔名称〕”“〔名称乙〕”"),
    ],
)
def test_masking_leaves_wording_and_units(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_names_of_the_whole_document_are_masked_in_every_passage() -> None:
    document = "云溪镇工作总结\n村支书周茂田带头。\n周茂田说好，建设富裕云溪。"
    assert mask("周茂田说好，建设富裕云溪。", local_names(document)) == "〔人名〕说好，建设富裕〔地名〕。"


ALPHABET = "一二三十百万0123456789.%％次个元年月日第余多xX*＊某镇村区县王李明书记《》“”〔〕（）、，。数地名日期 安全生产发布日报公司"


@given(st.text(alphabet=ALPHABET, max_size=120))
def test_no_quantity_of_the_source_stays(text: str) -> None:
    masked = mask(text)
    plain = SLOT.sub("〔〕", masked)
    kept = {name.text for name in find_names(text) if name.common}
    for mention in find(plain):
        if mention.kind not in ("enumerator", "phrase") and not is_common_number(mention.text):
            numeral = plain[mention.numeral_start : mention.numeral_end]
            assert numeral in "".join(kept) or not re.search(r"\d", numeral), (text, masked)


@given(st.one_of(st.text(max_size=200), st.text(alphabet=ALPHABET, max_size=200)))
def test_masking_and_naming_never_raise_and_keep_what_is_no_name(text: str) -> None:
    names = find_names(text)
    assert all(text[name.start : name.end] == name.text for name in names)
    rest = SLOT.sub("\0", mask(text)).split("\0")
    at = 0
    for piece in rest:  # what stays is the source's own text, in order
        at = text.index(piece, at) + len(piece) if not SLOT.search(text) else at
    assert mask(mask(text)).count("〔") >= 0


def test_a_double_surname_without_a_given_name_is_no_person() -> None:
    for text in ("村支书夏侯、李明参加。", "党员欧阳:春。"):
        assert not {name.text for name in find_names(text)} & {"夏侯", "欧阳"}
