"""Sentences, a numeral in brackets with the letter of what it is, and what the rules of each case hang on.

q a quantity that a fact has to support, i a single or half thing that nobody counted, d a date or period, e an
enumerator, p a set phrase, n a name. Written for the tests; none is of a report.
"""

from __future__ import annotations

import decimal
import re
from decimal import Decimal

import pytest

from drafter.quantities import Mention, find, same_quantity

_MARKED = re.compile(r"\[([^\[\]]*?)([qidepn])\]")
_KINDS = {
    "q": {"cardinal", "percent", "fraction", "ratio", "range", "ordinal", "money"},
    "d": {"date", "period"},
    "e": {"enumerator"},
    "p": {"phrase"},
    "n": {"name"},
}
SENTENCES = """
大队全年出警[780q]多次
中心为农户挽回损失[3500q]多元
志愿者上门送餐[180q]多次
热线接听咨询[2880q]多次
镇里共筹得[450q]多万元
合作社分红[62q]万多元
工作人员打了[三百q]多次电话
集市上摆出[20q]多种山货
社区辟出[一千二百q]多方土地
检查组开出[四十q]多项意见
食堂每天供应[十q]多样小菜
多次现场会推动了多元化解许多难题
展厅里挂着[60q]多面锦旗
粮仓储备[1.2q]万多吨稻谷
书屋藏书[三千q]余种
这档节目已经播到[十一q]期
去年共夜查[十一q]次
辖区现有饭店[十一q]家
考核组抽调[十一q]名骨干
[十一n]假期景区人流明显增加
[十一n]黄金周期间酒店爆满
“[十一n]”前完成路灯抢修
驻村队员增至[十一q]人
以旧换新兑出价值[4.02q]万元的家电
扶贫车间发放工资[3.12q]万元
两户共获补偿[1.5q]万元
渠道衬砌长[2.15q]公里
当天气温回落[3.8q]度
污泥含水率降低[1.12q]%
村民合股[5.20q]万元办起粉条坊
学校新添图书[1.08q]万册
单价控制在[6.18q]元/斤
会议定于[9.20d]前报送材料
巡察期间移交[5q]条线索
信访室受理[五q]条线索
纪检组筛出[十二q]条问题线索
公交集团优化[3q]条线路
省内县外[三千一百q]人返乡
省内县外务工[四千六百q]人
镇内村外安置[二百三十q]户
境外省内合计[一千零八q]人
中考平均分提高[十七点五q]分
他的笔试得分[92.5q]分
满意度测评拿到[九十六点四q]分
考核加[2q]分
[8点30d]分准时开会
[下午三点二十d]分雨势减弱
大班平均成绩比上学期高出[十七点六q]分
[晚上七点d]文艺汇演开始
溺水死亡人数上年[8q]人、今年[一q]人
全年建供水工程[四q]处
[一q]座冷库闲置
每个网格配备[一q]名
[三q]座冷库闲置
巡河取缔黑气点[四q]处
干部们[四p]处奔走
修机耕桥[一q]座
设便民岗[三q]个
全乡现有卫生员[两q]名
添置垃圾车[五q]台
拆除旱厕[九q]座、鸡舍[七q]间
他为筹款[四p]处求人
受理信访[一q]件、办结[一q]件
水土保持讲究[三p]分建、[七p]分管
绿化要[三p]分栽[七p]分养
打造“[十五i]分钟”健身圈
建成[一i]刻钟便民生活圈
做活“土特产”[三p]个字的文章
[三百六十p]行，行行出状元
守住[十八亿p]亩耕地红线
稳字当头，做好“稳、进、新”[三p]个字文章
城区[十i]分钟医疗圈基本形成
基层队[伍p]不断壮大
志愿者陆[陆p]续续赶来
道路[两p]侧清理一新
沿河[两p]岸栽满垂柳
合格率上升[2.1q]个百分点
光伏电站装机[30q]千瓦
引进半导体企业[两q]家
残疾人购票打对[折q]
党员干部[千p]方百计找水源
[一i]位老人拄着拐杖走进大厅
他递上[一i]份申请表
沿着[一i]条石板路往里走
从头到尾走[一i]遍流程
堵了[半i]条街
任务进度过[半i]
院里有[一i]棵老槐树
办事员泡了[一i]杯茶
墙上挂着[一i]幅地图
他花了[一i]个下午修好水泵
[一i]名店主笑着说
路边停着[一i]辆货车
村口立着[一i]块石碑
桌上放着[一i]本账册
为了[一i]张证明跑断腿
一进门就看见[一i]台取号机
这是[一p]项长期任务
形成[一p]道亮丽风景线
从[三p]个方面抓落实
会场成了[一p]潭死水
[一p]把手负总责
织密[一p]张防护网
弹好协同共治[一p]首曲
交出[一p]份满意答卷
全村拧成[一p]股绳
下好[一p]盘棋
孩子就读于[第四n]小学
车队驶过[三n]里屯村
调研组走进[九n]龙湖社区
施工围挡设在[七一n]路东段
[六n]合乡分管负责人
[二n]道河桥头设卡
[五n]星村种植大户
[四n]季花园物业
[八一n]街沿线商铺
原[三n]友化工厂地块
县[一n]中新校区
市[二n]院急诊科
区政务[三n]中心联动
由驻村[第一n]书记牵头
作品获全市[一n]等奖
启动防汛[二n]级响应
转诊到[三n]甲医院
景区通过[3n]A级复核
[六一n]当天走进儿童福利院
[五一n]假期客流回升
[七一n]前夕慰问老党员
[双11n]快递量激增
[九九n]重阳敬老宴
实施安全生产治本攻坚[三n]年行动
开展[百n]日攻坚
学习浙江[千万n]工程经验
推进[十百千n]工程
深化[双百n]行动
[三n]元桥加固
[五n]羊社区居委会
[万n]福园小区
[八n]里庄街道
[九n]曲河清淤
[七n]星广场
[第二n]人民医院
[第三n]中学扩建
[六n]号楼加装电梯
[百n]花路口改造
[三n]河镇派出所
[千n]灯湖公园
[二n]七广场地下通道
[⑴e]夯实基础
[①e]压实责任
[1e]）健全台账
[1e])、完善机制
([1e])突出重点
[一e]）提高站位
其[一e]，资金不足；其[二e]，人手紧张
[第一e]，认识要到位。[第二e]，措施要精准
[1e]．夯实责任
[Ⅰe]、总体情况
会议要求，[一e]要统一思想，[二e]要压实责任，[三e]要强化督导
[一e]抓责任落实，[二e]抓问题整改，[三e]抓长效机制
检查时[一e]看台账，[二e]问群众，[三e]查现场
[一p]方面加大投入，另[一p]方面盘活存量
[一e]是加强领导；[二e]是细化分工
（[三e]）存在问题
[十一e]、下步打算
[2e]、加强宣传
[3e].强化保障
[第四e]、严明纪律
[一e]靠制度，[二e]靠监督，[三e]靠自觉
其[三e]是宣传不够
（[12e]）其他事项
推行[五p]清一改
落实[三p]长制
排查[九p]小场所
建好[四p]好农村路
[两p]不愁三保障全面实现
深化[三p]调联动
培育[一p]村一品
实行[一p]户一策
全面推进[一p]网通办
实行[一p]窗受理
推广[四p]单一书
开展[六p]问六查
落实[五p]包一联
健全[三p]张清单制度
[八p]办联席
[一p]企一策
[三p]治融合
推进[一p]业一证改革
实行[一p]门办理
做到[一p]事一档
建立[三p]色预警
[一p]楼一长
[五p]员共治
[四p]议制
[三q]年级的孩子们
小学[一、二q]年级课后服务
[第19q]期《工作简报》
总第[206q]期
[前八d]个月完成税收
[七下八上d]防汛关键期
上班族[朝九晚五d]
[第二d]天一早就上山
[八q]年级学生参加体检
[五、六q]年级开设游泳课
[前十d]个月用电量
头[三q]天雨最大
[第三d]天傍晚水退
上[半d]年
[前两d]个季度
[第六q]次集体学习
[第三q]批名单
[二q]期工程开工
走访企业[23q]家
全镇[二十六q]个村
培训[三q]期[四百一十q]人
完成改厕[一千二百q]户
投工投劳[三百余q]个
查处违建[三q]处
办结[五q]件
[三q]名干部受到处分
清理河道[六q]公里
占总数的[三q]成
[四q]个专班分头行动
[六q]项指标超额完成
新建[两q]座水塔
每月开展[一q]次巡查
每村不少于[一q]名
共[一q]户
搬迁[两q]户[七q]人
调解纠纷[十q]起
每亩增收[二百q]元
[五q]个村民小组
[三q]支志愿队
建成[一q]座污水处理站
设立[一q]个办事窗口
打掉团伙[一q]个
[三q]个小时内到场
时隔[两q]年
[三分之二q]以上代表同意
比例为[3:1q]
[四q]大产业园
下降[两q]个百分点
[三q]口之家
同比减少[一q]起
仅有[一q]人报名
[七q]个部门会签
[四q]条支渠
[三q]个养殖场
[九q]块光伏板
[两q]套方案
发现[一q]例阳性
[五q]道菜
[两q]天后复查
历时[三q]个月
印发[两q]份通知
[六q]名学生落水
[两q]辆消防车赶到
[三月十二日d]植树
[2024d]年[一季度d]
[七d]月中旬
[9d]月[1d]日开学
[二〇二五d]年
[2025d]年度预算
周[三d]下午
每月[15d]日前
[十d]月底前
[八九d]月间
[3d]月份
[5nG]基站
[G318n]线
[C919n]客机
[12345n]热线
[110n]报警
[107n]国道
[20n]大精神
[一p]定要落实
[一p]旦发生险情
[一p]律停产
逐[一p]核对
不[一p]样的春节
统[一p]采购
[万p]无[一p]失
[百p]姓得实惠
[十p]分重视
[千p]家万户
[半p]夜巡堤
[三p]令五申
[五p]花八门
[四p]面八方
[一p]头连着城市
[一p]心扑在工作上
[两p]委班子
[三p]公经费
[百p]年老店
全年接待游客[九十q]多万人次
会员单位由[30q]多家增至[50q]多家
施工队连夜抢出[600q]多米便道
厂里添了[八q]九十台设备
馆藏文物[2300q]余件
全市共设[十一q]个接种点
[十一q]岁的小姑娘捐出压岁钱
[十一n]长假里民警全员在岗
单位产品能耗降到[3.06q]吨
门票定价[9.9q]元
学生近视率[4.11q]%
防汛物资价值[6.25q]万元
材料于[7.15d]前报县教育局
移送司法机关[两q]条线索
新开[两q]条线路
市内区外引资[五百q]万元
体育中考均分[四十八点六q]分
他以[89.5q]分夺冠
[七点四十d]分学生陆续进校
[晚上九点d]值班室接到电话
本季度退补登记[一q]户
村里仅剩水车[一q]架
新修排灌站[两q]座、机井[六q]眼
查获假药[一q]箱
她[四p]处打听消息
塘口渗漏[四q]处
教育孩子[七p]分靠引导、[三p]分靠约束
融入“[半i]小时”经济圈
写好“融”“活”“特”[三p]个字的文章
队[伍p]纪律严明
河道[两p]旁种上水杉
比上月提高[0.4q]个百分点
[一i]位母亲冒雨送来姜汤
他买了[一i]张车票
停车场停着[一i]辆救护车
大厅里摆着[一i]张长桌
[一i]名志愿者搀着老人过马路
走廊尽头有[一i]间小屋
沿街是[一i]排老房子
[一i]个学期下来成绩明显进步
[一i]座古桥横跨两岸
等了[半i]天才叫到号
全年任务完成过[半i]
上好[一p]堂思政大课
绘就[一p]幅乡村振兴新图景
这是[一p]场硬仗
打造[一p]支高素质专业化教师队伍
作为[一p]名医务工作者
走出[一p]条特色发展之路
守好[一p]方净土
绷紧安全这根弦，[一p]刻不放松
不落[一p]户、不漏[一p]人
[第三n]实验小学扩班
[五n]桥镇中心校
[二n]道沟村道路塌方
[九n]峰山林场防火
[六n]安路支行
[千n]禧大厦
[百n]合花园业主
市[三n]中高考喜报
县[二n]小综合楼
[双百n]工程人才
[百n]日冲刺活动
实施教育提质[三n]年行动计划
[三n]等奖学金
[四n]级响应终止
[二n]级甲等医院
[六一n]儿童节文艺汇演
[五四n]青年节表彰会
[三八n]妇女节义诊
[八一n]前夕走访军属
“[四点半n]课堂”延时服务
[三n]号泵站检修
[五n]里桥社区
[万n]寿宫社区
[三n]仙湖水库
[七n]宝镇
[八n]宝山林区
[十n]渡景区
[1e]、压实责任
一、[1e]．强化保障
附件[1e]：任务分解表
步骤[一e]：摸底
第[二e]点，要加强协同
第[五e]条 本办法自印发之日起施行
[一e]查思想，[二e]查作风，[三e]查纪律
要[一e]盯重点，[二e]补短板，[三e]强弱项
主要问题：[1e]）账实不符；[2e]）审批滞后
[㈠e]总体要求
[六p]查六改
[四p]下基层
[五p]级书记抓振兴
[一p]校一案
[三p]好两强
[一p]件事一次办
双随机[一p]公开
[两p]学一做
建设[九p]小场所台账
[三p]单一平台
[三p]全育人
推行[三p]色码
[四p]张清单
[三p]步走战略
[一、三q]年级分批体检
[六q]年级毕业生
第[34q]期简报
总第[108q]期
[前九d]个月
[前三d]季度
[第二d]天清晨
[七、八d]月间
[九d]月初
[2026d]年春季学期
[二〇二四d]年秋
上午[9:30d]开会
处理投诉[一百零三q]件
[十q]二个乡镇
安排资金[三千二百q]万元
[四q]名校长交流
[三q]所学校新建食堂
学生人均[一q]册
[两q]校区合并
[百q]米跑成绩
[百分之八十q]的家长满意
增长[两q]倍
[三q]级网络覆盖
县乡村[三q]级联保
每周[两q]节体育课
[一q]人受轻伤
死亡[一q]人
减少事故[一q]起
新增病例[一q]例
[一p]鼓作气
[万p]众一心
[千p]头万绪
[百p]尺竿头更进[一p]步
举[一p]反三
"""


def _read(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, marked, place = "", [], 0
    for match in _MARKED.finditer(line):
        text += line[place : match.start()]
        marked.append((len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        place = match.end()
    return text + line[place:], marked


@pytest.mark.parametrize("line", [line for line in SENTENCES.splitlines() if line])
def test_each_numeral_is_what_it_is_marked_as(line: str) -> None:
    text, marked = _read(line)
    mentions = find(text)
    for start, end, letter in marked:
        covering = [mention for mention in mentions if mention.start < end and start < mention.end]
        if letter == "p" and text[start:end] == "半":  # 半夜: a word that is passed over
            assert not any(mention.countable for mention in covering)
            continue
        assert covering, text[start:end]
        best = max(covering, key=lambda mention: min(mention.end, end) - max(mention.start, start))
        assert best.kind in _KINDS["q" if letter == "i" else letter]
        assert best.indefinite == (letter == "i") or letter == "d"
        assert best.countable == (letter in "qd") or (letter == "d" and best.indefinite)


def one(text: str) -> Mention:
    found = find(text)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "expression", "value", "unit", "approximation"),
    [
        ("接听780多次", "780多次", "780", "次", "余"),
        ("分红3500多元", "3500多元", "3500", "元", "余"),
        ("拨付450多万元", "450多万元", "4500000", "元", "余"),
        ("拨付450万多元", "450万多元", "4500000", "元", "余"),
        ("上门三百多次", "三百多次", "300", "次", "余"),
        ("培育20多种", "20多种", "20", "种", "余"),
        ("多元化推广18样", "18样", "18", "样", None),
        ("价值4.02万元的日用品", "4.02万元", "40200", "元", None),
        ("价值4.02 万元的日用品", "4.02 万元", "40200", "元", None),
        ("移交5条线索", "5条", "5", "条", None),
        ("移交五条线索", "五条", "5", "条", None),
        ("省内县外三千一百人", "三千一百人", "3100", "人", None),
        ("平均分提高十七点五分", "十七点五分", "17.5", "分", None),
        ("票价打对折", "对折", "50", "%", None),
        ("扣1元5角", "1元5角", "1.5", "元", None),
        ("补助近30万元", "近30万元", "300000", "元", "约"),
        ("新增11.8起", "11.8起", "11.8", "起", None),
    ],
)
def test_a_reading(text: str, expression: str, value: str, unit: str, approximation: str | None) -> None:
    mention = one(text)
    assert (mention.text, mention.value, mention.unit, mention.approximation) == (
        expression,
        Decimal(value),
        unit,
        approximation,
    )


def test_between_is_a_range() -> None:
    assert [(m.value, m.high) for m in find("人数在20和30之间")] == [(Decimal(20), Decimal(30))]
    assert [(m.value, m.high, m.unit) for m in find("20与30岁之间")] == [(Decimal(20), Decimal(30), "岁")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("前八个月", (("月", 1), ("止月", 8))),
        ("七八两月", (("月", 7), ("月", 8))),
        ("《关于2025年工作的通知》", ()),
        ("第二天", ()),
    ],
)
def test_dates_by_other_words(text: str, parts: object) -> None:
    assert (one(text).kind in ("date", "period"), one(text).parts) == (True, parts)


def test_an_indefinite_thing_asks_for_no_fact() -> None:
    mention = one("一位老人")
    assert (mention.kind, mention.value) == ("cardinal", Decimal(1))
    assert mention.indefinite
    assert not mention.countable
    assert one("堵了半条街").value == Decimal("0.5")
    assert not same_quantity(mention, mention)


@pytest.mark.parametrize("text", ["一家企业停产", "一座冷库闲置", "配备一名", "机耕桥一座"])
def test_one_counts_in_terse_prose(text: str) -> None:
    assert one(text).countable


@pytest.mark.parametrize("precision", [1, 5, 15, 28])
def test_the_decimal_context_of_the_process_changes_nothing(precision: int) -> None:
    text = "投入1.5万元、一千零三十万元，占三分之一，约" + "9" * 40 + "人，近3.3亿元，" + "8" * 38 + "余亩"
    usual = [(m, m.amount, m.interval) for m in find(text)]
    with decimal.localcontext() as context:
        context.prec = precision
        context.traps[decimal.Inexact] = True
        assert [(m, m.amount, m.interval) for m in find(text)] == usual


def test_mentions_are_equal_by_value_and_frozen() -> None:
    first, second = find("排查隐患128次。")[0], find("排查隐患128次。")[0]
    assert first == second
    assert hash(first) == hash(second)
    assert (first.counted, first.deed) == ("隐患", "排查")
    with pytest.raises(AttributeError):
        first.value = Decimal(1)  # type: ignore[misc]
