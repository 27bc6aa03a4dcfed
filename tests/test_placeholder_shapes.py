"""Every shape of a blank in sentences about invented towns, and the lookalikes of each.

In a sentence «…» stands around what must be found, and nothing else in it may be.
"""

from __future__ import annotations

import re
from time import process_time

import pytest

from drafter.checks.placeholder import Placeholder
from drafter.facts import parse_facts
from drafter.plugins import CheckContext

CONTEXT = CheckContext(
    parse_facts({"organization": "竹溪镇", "period": "2024年上半年", "theme": "防汛工作", "facts": ["巡查9次"]})
)

COUNTS = "xx XX ×× xxx XXX ××× ｘｘ ＸＸ X x × ** *** * ＊＊ ＊ 〇〇 ○○ ◯◯ □□ □ △△ ▲▲ __ ____ ＿＿ _ ?? ？？ # ## N ■■ ●● ◎◎".split()
COUNTED = (
    "上半年共开展河道巡查«{}次»，效果明显。",
    "全镇新建蓄水池«{}个»，覆盖七成村组。",
    "累计培训村级防汛员«{}余人»。",
    "清运垃圾«{}吨»，出动车辆«{}余台»。",
    "投入资金«{}万元»用于堤防加固；",
)
NAMES = "xx XX ×× ｘｘ X × ** * ＊＊ 〇〇 ○○ ○ □□ □ △△ __ ?? ## 某 某某 OO ●● ■■".split()
NAMED = (
    "今年以来，«{}镇»党委高度重视。",
    "在«{}村»召开现场会，«{}县»有关部门到会指导。",
    "联合«{}街道»开展清淤。",
)
WORDS = "xx XX ×× ** *** 〇〇 □□ △△ __ 某某".split()
WORDED = (
    "为建设幸福美好«{}»而努力。",
    "充分运用今日«{}»等网络媒体开展宣传。",
    "由党委副书记«{}»同志带队督导。",
    "印发《«{}»防汛工作方案》，层层压实责任。",
    "分管领导李«{}»带头包村。",
)
DATES = """
X月X日 x月x日 ×月×日 XX月XX日 *月*日 **月**日 ＊月＊日 〇月〇日 ○月○日 __月__日 _月_日 □月□日 2024年X月 2024年x月x日
2024年××月 20XX年 20xx年 202X年 20××年X月 20**年 20__年 20〇〇年5月 XX年 X年 x年x月x日 XXXX年XX月XX日 5月X日 6月xx日 X月5日 X月份
X月底 X月上旬 ____年__月__日 □□年□月 △月△日 00月00日 0000年 X年度 X季度 ?月?日 ？月？日 2024年*月
""".split()
DATED = ("防汛动员会于«{}»召开。", "«{}»，镇党委专题研究部署。", "（截至«{}»）")
FIGURES = """
x.x% X.X% ×.×% *.*% x.x个百分点 x.xx亿元 *.*亿元 **.**万元 X.X公里 ＊.＊% xx.x% XX.XX% ××.×% 98.x% 1.xx亿元 百分之X 百分之xx 百分之××
X% xx% **% ×% *% __% X万元 X亿元 X万余元 *万元 *亿元 ×万元 X万X千元 xx万余元 X倍 X成 xx余万 1XX万元 2xx户 3**户 ……万元 …万元 ——万元 --万元
X个百分点 □□% __万元 ?% N个 N次 N场 N名 N户 Ｎ次 __.__%
""".split()
FIGURED = ("增长«{}»。", "较去年同期提高«{}»，位居前列。", "共计«{}»，覆盖全镇。")

SINGLE = r"""
竹防〔2024〕«xx号»文件
按照«〔xxx〕xxx号»文件要求落实
依据竹溪政发«〔20XX〕X号»通知
按照区委宣发«〔××〕××号»文件执行
根据安防办发«[2024]xx号»要求
按照«〔2024〕 号»文件执行
按照«〔 〕 号»文件执行
按照«（2024）**号»文件执行
全年共开展巡查«    次»。
全年共开展巡查«  次»，清淤«  处»。
共«    次»
第«  »次会议
共«　　户»受益
签到人员«  余人»，会期半天。
参训«   人次»，
于2024年«  月  日»召开会议。
竹溪镇人民政府⏎2024年«  月  日»
竹溪镇人民政府⏎«    年  月  日»
共（«  »）次
组织演练«（）次»
整改问题«( )个»
«【待补】»
经费«【待补充】»
经费«【待核实：金额】»
共«【待填】»户
«【此处填写具体数字】»
«【请填写】»
«【请补充受灾户数】»
«【待提供受灾户数】»
«【TODO】»
«【需补充】»
«【缺少数据】»
«【单位名称】»党委
«【具体数字】»次
«【XX】»次
（«XX»）次
«（待补充）»
«（待填写）»
«（此处填写整改措施）»
«（此处插入图表）»
«（此处省略）»
«（请填写具体数字）»
«（请在此处填写经费）»
«（填写单位名称）»
«（具体数字）»次
«（单位名称）»党委
«(待补充)»
«[插入图片]»
«[插入数据]»
«[待补充]»
«［待填写］»
«[单位名称]»
«[日期]»
«[姓名]»同志
«[具体措施]»
«<单位名称>»
«<填写数字>»
«＜日期＞»
«{单位名称}»党委
«{{organization}}»
«{{ facts[0].text }}»
«{% for f in facts %}»
«${name}»
«${单位}»党委
«{name}»
«{0}»次
«{}»次
共«%s»次
«[[name]]»
«TODO»
«todo：补数据»
«TBD»
«FIXME»
经费«TBC»
«Lorem ipsum» dolor
受灾户数：«待补»
受灾户数：«待补充»。
受灾户数«此处填写»。
«此处插入表格»
«占位符»
«〔数〕»次
到«〔地名2〕»督导
«〔日期〕»召开
«〔单位〕»牵头
«〔人名〕»同志
印发《«〔文件〕»》
“«〔名称3〕»”行动
共«〔数»次
到«〔地名2»督导
共«数〕»次
到«地名2〕»督导
到«[地名]»督导
到«【地名】»督导
共«[数]»次
共«【数】»次
到«（地名2）»督导
到«(地名)»督导
到«<地名>»督导
到«{地名2}»督导
到«［地名2］»督导
到«〔 地名 〕»督导
到«地名2»督导
由«人名3»牵头
«〔数字〕»次
共«⟦n1⟧»户
到«⟦p2⟧»督导
共«⟦n1»户
共«n1⟧»户
共«[[n1]]»户
村民李«某»、张«某某»
由李«某某»负责
由王«××»负责
由赵«**»负责
由赵«*»、钱«*»负责
由王«XX»、李«XX»负责
由刘«X»、陈«X»负责
村民李«某»等3人
村民张«某甲»
由«X书记»带队
由«×主任»带队
到«某镇»督导
到«某村»、«某社区»督导
«某县»、«某乡»
«某街道»
«某局»牵头
«某某村»两委
«某某»镇党委
«某某某»同志
联系电话：«xxx»
联系电话：«XXXXXXXXXXX»
联系电话：0571-«XXXXXXXX»
联系电话：«xxxx-xxxxxxx»
联系电话：0571-«********»
联系电话：138«****»1234
联系电话：138«xxxx»1234
联系人：«xxx»
联系人：«______»
落款：«________»
一是«……»二是«……»
一是«……»
二是«...»；三是«...»
以«……»为主题开展宣讲
围绕«……»主题开展活动
通过«……»等方式
《«……»》
《«XXX»》
《«××»》
“«××»”行动
“«XX»先锋”品牌
第«X次»会议
第«xx批»
第«N次»会议
«××镇××村»
«XX省XX市XX县»
xx/xx
X时X分
上午«X时»召开
«XX：XX»开会
«＊＊余场»
«*余场»
«＊余场»
«*名»法律顾问轮流到«*镇»坐班
成立«*镇»换届办公室，«*镇»在全镇开展走访
筑牢平安«*»防线
不断扩大«*»影响力
整合«*镇»特点亮点，扩大«*»影响
在今日«**»发布信息«***条»
发挥«**村»、«**村»、«***»作用
塑造«**»新形象
"喜迎盛会·见证新«**»"摄影展
«\*\*镇»党委
讲座«**»次，惠及«****余人»
召开«A村»、«B村»现场会
«A镇»与«B镇»交界
""".strip("\n").split("\n")

KEPT = """
某些村的基础薄弱，某种情况下还有反复。
个别干部在某一方面还有差距，某个环节、某项制度落实不够。
防止某人说了算，杜绝某时某处出现空档。
某天某时某段河道
某部分群众、某方面工作、某类问题、某区域、某市场主体
某村民反映问题
王某些许
标牌为3×4米，幅面420×297毫米。
面积=长×宽，得分=甲×0.4+乙×0.6。
土地120亩×800元
3*4=12，5 * 6 = 30
20x30厘米、2x4、4×100米接力
卫生院可拍X光、X光片、X射线、x射线，购置X光机1台。
X染色体、X轴、x轴、X型、X形、X级耀斑
XX染色体
C919首飞、K12教育、A股上市、5G基站、LED屏、APP、PPT、O2O、B2B、Q1、V2.0、MAX
AAAA级景区、AAA级旅游村、3A景区、4A级
A区、B区、C区停车场，A类、B级、D级危房
N95口罩、PM2.5、CO₂、H7N9、PX项目、SUV、GDP、Windows XP
的n次方、n次多项式
二〇二二年、二〇〇八年、二〇〇〇年、一九九〇年、二○二四年六月三十日
二〇二四年一〇月
三〇三国道、一〇〇人、五〇〇户
**加强巡查**是关键
**一是压实责任。**镇党委高度重视
**一、工作开展情况**
坚持**预防为主**，抓早抓小
我们**始终坚持**人民至上
***一是压实责任。***
*重点工作*：抓好巡查
这是*重点*工作
__重点__工作
* 列表项⏎* 列表项
*列表项甲，已完成⏎*列表项乙，已完成
***
* * *
---
_____⏎
满意率98%*⏎*注：数据由第三方提供
满意率*为98%⏎* 数据由第三方提供
* 加强巡查⏎- 加强值守⏎+ 备足物资
○ 加强巡查⏎○ 加强值守
○加强巡查⏎○加强值守
●加强巡查⏎■加强值守⏎△加强演练
□是 □否
√合格 □不合格
★★★★
★★★级酒店
▲▲▲▲▲▲
●●○○○
《防汛责任书》《关于做好防汛工作的通知》
〔2024〕15号、竹防〔2024〕3号
竹政发[2024]15号
【防汛提示】请注意
【补充通知】
【请假制度】
【待办事项】
（待遇不变）
（请示）
（请假人员除外）
（具体名单附后）
（具体时间另行通知）
（单位：万元）
（盖章）
（略）
“夯实基础、……”的要求
他说：“水来了……”
大家议论纷纷……
白菜、萝卜、……等等
包括巡查、值守、清淤……
省略号……后面的话
“水来了……快走！”
——坚持预防为主
——个别村落实不够
竹溪镇——中部大镇
2019—2020年、1—5月、5-6次、3--5次
竹溪—柳塘公路
地址：https://www.example.com/xx/XX?id=**
邮箱：zhuxi_xx@example.com、xxx@163.com
网址 www.xxx.com
file_name、a__b、__init__
甲、乙、丙三个村，甲镇乙村
甲方、乙方
姓  名、工  作  总  结
第一章  总则
一、  个别村落实不够
竹溪镇  人民政府
2024年  上半年
共 同、共同
张明  个人总结
柳塘村  村民
问：怎么办？？答：抓紧办！！
真的吗？次日
#防汛进行时#
#一、标题
# 名为工作
## 次级河道治理
5#楼、3#配电房、C#
1#次入口
各镇（单位）负责人
见附件（文件）
【单位】
征集地名2个、文件3份、名称2个
数据、日期、地名、单位、人名、文件、名称
姓名、单位、联系电话
待补充完善后上报
有待核实，尚待统计
待定于下月召开
请填写表格后上报
工作中有待加强
00后、90后、00:00至24:00、2000次
编号001、007
100%、00%
XX-15、X-15试验机、A*算法、OS X
《X战警》
L×W×H
大小姐×执事
iPhone X、Mac OS X平台
（X，Y）、(x,y)、f(x)
x=3、x+y
""".strip("\n").split("\n")


def _sentences() -> list[str]:
    found = [line for line in SINGLE if "«" in line]
    for shapes, frames in ((COUNTS, COUNTED), (NAMES, NAMED), (WORDS, WORDED), (DATES, DATED), (FIGURES, FIGURED)):
        for number, shape in enumerate(shapes):
            found += [
                frames[(number + turn) % len(frames)].format(shape, shape, shape) for turn in (0, 1)
            ]
    return found


def _spans(text: str) -> list[tuple[int, int]]:
    return [
        (finding.start or 0, finding.end or 0) for finding in Placeholder().check(text, CONTEXT)
    ]


@pytest.mark.parametrize("sentence", _sentences())
def test_each_blank_is_found_and_nothing_else(sentence: str) -> None:
    marked = sentence.replace("⏎", "\n")
    wanted: list[tuple[int, int]] = []
    for number, match in enumerate(re.finditer("«(.*?)»", marked)):
        wanted.append((match.start() - 2 * number, match.end() - 2 * number - 2))
    text = re.sub("[«»]", "", marked)
    spans = _spans(text)
    missed = [text[s:e] for s, e in wanted if not any(start < e and s < end for start, end in spans)]
    extra = [text[s:e] for s, e in spans if not any(start < e and s < end for start, end in wanted)]
    assert (missed, extra) == ([], [])


@pytest.mark.parametrize("sentence", KEPT)
def test_a_lookalike_is_left_alone(sentence: str) -> None:
    text = sentence.replace("⏎", "\n")
    assert [text[start:end] for start, end in _spans(text)] == []


@pytest.mark.parametrize(
    "piece",
    ["x", "某", "*", "* ", "**", "_", " ", "…", "【待", "〔", "{", "[", "X月", "2", "2024年", "共  ", "×a", "xa", "《", "**甲**", "*甲*"],
)
def test_a_line_without_end_takes_time_in_its_proportion(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begin = process_time()
    list(Placeholder().check(text, CONTEXT))
    assert process_time() - begin < 4  # some 0.3 s; a search of every pair of places takes minutes
