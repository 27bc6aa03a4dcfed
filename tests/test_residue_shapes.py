"""What a chat model, a prompt or a page's source leaves in a report, in reports about invented towns, and the lookalikes.

In a text «…» stands around what must be found (some finding of the kind touches it), and nothing else in it may be.
"""

from __future__ import annotations

import re
from time import process_time

import pytest

from drafter.checks.residue import Residue
from drafter.facts import parse_facts
from drafter.plugins import CheckContext

LEDGER = parse_facts(
    {"organization": "竹溪镇", "period": "2024年上半年", "theme": "防汛工作", "facts": ["巡查9次"]}
)

BODY = "上半年，竹溪镇扎实推进防汛各项工作，层层压实责任，取得了阶段性成效。"
SECOND = "各村组建应急队伍，备足沙袋、编织袋等物资，做到闻令而动。"

OPENINGS = """
好的，以下是竹溪镇防汛工作报告的正文：
好的，我来为您撰写这份报告。
好的！下面为您呈现竹溪镇防汛工作总结：
当然可以！以下是一份防汛工作报告：
当然，以下是修改后的内容：
没问题，我将按照要求撰写。
明白了，以下为改写后的段落：
收到，现为您起草如下：
以下是根据您提供的事实撰写的报告：
以下是为您撰写的防汛工作总结：
以下为根据要求生成的正文：
以下是一份完整的工作报告：
以下是防汛工作报告的正文：
下面是竹溪镇上半年防汛工作情况汇报：
下面是润色后的版本：
这是一份关于竹溪镇防汛工作的报告：
根据您提供的材料，我整理了如下报告。
根据您的要求，现撰写如下：
按照您给出的事实，撰写报告如下：
基于你提供的信息，报告如下：
我已根据要求完成报告的撰写。
我将为您撰写一份报告。
我已经按照要求修改完成：
作为一名公文写作助手，我将为您起草报告。
作为AI语言模型，我无法核实上述数据。
作为人工智能助手，我不能提供具体数字。
我是一个AI助手，
抱歉，我无法提供具体数据。
很抱歉，由于缺少信息，我无法完成。
对不起，我不能生成该内容。
由于篇幅限制，此处仅列出要点。
Sure, here is the report:
Here is the revised version:
Certainly! Below is the report.
As an AI language model, I cannot verify this.
正文：
改写后：
修改后的正文：
【正文】
【改写后】
Assistant: 报告如下
用户：请写一份报告
AI：好的
""".strip().split("\n")

CLOSINGS = """
希望以上内容对您有所帮助！
希望这份报告能够满足您的需求。
希望对您有帮助。
希望这能帮到您！
如需修改或补充，请告诉我。
如需进一步调整，请随时告知。
如需进一步完善，请随时联系我。
如有其他需要，请随时告诉我！
如有任何问题，欢迎随时提出。
如果您有其他要求，我可以继续完善。
如果需要，我可以继续补充后续内容。
若需调整篇幅，请告知。
您可以根据实际情况进行调整。
请根据实际情况修改和补充。
请根据实际情况填写具体数字。
请您根据实际情况替换相应内容。
以上报告仅供参考。
以上内容仅供参考，请根据实际情况调整。
以上内容由AI生成，请注意核实。
以上是为您撰写的防汛工作报告。
以上就是本次报告的全部内容，您看是否合适？
请问是否需要我继续？
还有什么可以帮您的吗？
祝您工作顺利！
是否需要我继续撰写下一部分？
字数统计：1200字
字数：512
总字数：约1500字
全文约1500字。
（全文共1200字）
（约500字）
(约500字)
（字数：512字）
（以上内容约800字）
【字数：800字】
（全文完）
（完）
（未完待续）
（待续）
注：以上内容根据提供的事实撰写。
注：文中数据为虚构，仅供参考。
（注：以上数据均为示例，请替换为实际数据）
注意：以上内容仅供参考，请结合实际修改。
说明：本报告根据所给事实撰写，未添加其他内容。
备注：本文字数约1000字。
*注：本报告由人工智能生成*
修改说明：
优化说明：
I hope this helps!
Let me know if you need any changes.
""".strip().split("\n")

MARKS = r"""
«```»⏎{b}⏎«```»
«```markdown»⏎{b}
{b}⏎«~~~»
«<think>»先列提纲«</think>»⏎{b}
«<thinking>»想一想«</thinking>»{b}
{b}«<|im_end|>»
{b}«<|endoftext|>»
{b}«</s>»
«[INST]»写报告«[/INST]»⏎{b}
«<answer>»{b}«</answer>»
«<br>»{b}
{b}«<br/>»{s}
«<p>»{b}«</p>»
«<div class="a">»{b}«</div>»
«<b>»一是压实责任。«</b>»{b}
«<span style="color:red">»重点«</span>»
{b}«&nbsp;»{s}
{b}«&lt;»{s}
{b}«&#12288;»{s}
{b}«### »二、存在的问题
{b}«##» 二、存在的问题
{b} «###» （二）存在的问题
«##»二、存在的问题⏎{b}
«#»一、工作情况⏎{b}
{b}«\n»{s}
{b}«\n\n»{s}
{b}«\t»{s}
详见«[防汛方案](https://www.example.com/a)»。
«![现场图](img/1.png)»⏎{b}
{b}«【4:0†来源】»
{b}«【1†source】»
{b}«[^1]»
{b}«[citation:3]»
{b}«�»
«\u4e00»{b}
{b}⏎«|---|---|»⏎{s}
{b}⏎«| 村名 | 户数 |»⏎{s}
«{{"text": "排查"}}»
«{{“text”：“排查”}}»
«```json»⏎«{{"sections": []}}»
""".strip("\n").split("\n")

ECHOES = """
«写作要求：»⏎{b}
«要求：»⏎{b}
«参考范文：»⏎{b}
«事实清单：»⏎{b}
«任务：»⏎{b}
«输出格式：»⏎{b}
«你是竹溪镇的公文写作人员，正在起草报告。»{b}
«写作规则：»⏎{b}
«现在只写“防汛责任”这一小节的正文。»⏎{b}
«请写一段话，300字左右，逐条写入上面5条事实，直接开始。»⏎{b}
«只输出正文：不写标题、序号。»⏎{b}
«请根据以下事实撰写一份工作报告。»⏎{b}
«请撰写一份1500字左右的防汛工作总结。»⏎{b}
«事实里没有的数字、时间、人名一律不写。»⏎{b}
«不得编造数据，»{b}
«<<<正文»⏎{b}⏎«正文>>>»
«<<<片段1»⏎{b}⏎«片段1>>>»
{b}«[f07]»
{b}«（f07）»
{b}«【f03、f05】»
{b}«（事实f07）»
{b}«（依据：f07）»
{b}«"role": "done"»
{b}«（来源：事实3）»
{b}«（见片段2）»
""".strip("\n").split("\n")

CUT = """
{t}⏎{b}⏎下一步，我镇将继续压实防汛责任，«加强»
{t}⏎{b}⏎下一步，我镇将继续压实防汛责任，加强巡查值«守，»
{t}⏎{b}⏎一是抓好巡查，落实责任«；»
{t}⏎{b}⏎全镇备足沙袋、编织袋«、»
{t}⏎一、工作情况⏎{b}全镇共排查隐患点12处，整改到«位，»⏎二、存在的问题⏎{s}
{t}⏎一、工作情况⏎{b}全镇共排查隐患点12处，整改到«位»⏎二、存在的问题⏎{s}
{t}⏎一、工作情况⏎{b}主要做法«如下：»⏎二、存在的问题⏎{s}
{t}⏎一、工作情况⏎{b}⏎二、下步打算⏎主要做法«如下：»
{t}⏎{b}⏎同时，进一步强化值班值守«和»
{t}⏎{b}⏎通过召开动员会、签订责任书等方式层层压实«的»
{t}⏎{b}⏎下一步，我镇将«进一步»
{t}⏎{b}⏎下一步«……»
{t}⏎{b}⏎下一步，我镇将继续压实责任«……»
{t}⏎{b}⏎下一步，我镇将继续压实责任«...»
{t}⏎{b}⏎整改率达到«95»
{t}⏎{b}⏎全镇排查山塘28座，整改率达到«95%»
{t}⏎{b}⏎我镇将认真贯彻落实上级防汛工作部署要求全面压实各级防汛责任切实加强巡查值守工作力«度»
## 一、工作情况⏎{b}⏎一是抓责任，层层«签»⏎## 二、问题⏎{s}
{b}⏎二是加强值守，落实领导带班制«度（»
{t}⏎{b}⏎全镇签订《防汛责任«书»
""".strip("\n").split("\n")

REPEATED = """
{b}«{b}»
{b}{s}«{b}»
{b}⏎{s}⏎«{b}»
全镇加强巡查值守，«加强巡查值守，»落实责任。
各村加强巡查，«加强巡查，加强巡查，»落实责任。
我镇将«进一步进一步»压实责任。
全镇«扎实推进扎实推进»防汛工作。
{b}⏎{s}⏎{b2}⏎«{s}»
""".strip("\n").split("\n")

SOUND = """
# 竹溪镇防汛工作汇报⏎⏎安澜县防汛指挥部：⏎⏎现将有关情况汇报如下：⏎⏎## 一、压实责任，抓好落实⏎⏎{b}⏎⏎## 二、存在的问题⏎⏎{s}⏎⏎特此报告。⏎⏎竹溪镇人民政府⏎2024年7月2日
{t}⏎{b}⏎一、压实责任，抓好落实⏎{s}⏎（一）抓早抓小，防患未然⏎各村加强值守。
{t}⏎{b}⏎附件：1.防汛责任人名单⏎2.物资清单
{t}⏎{b}⏎（联系人：张明，电话：0571-1234567）
{t}⏎{b}⏎联系人：张明，联系电话：0571-1234567
{t}⏎{b}⏎抄送：县防汛办，县应急局
{t}⏎{b}⏎中共竹溪镇委员会，竹溪镇人民政府⏎2024年7月2日
{t}⏎{b}⏎竹溪镇人民政府，2024年7月2日
{t}⏎{b}⏎主要任务如下：⏎1.清理河道；⏎2.修复堤防；⏎3.备足物资。
{t}⏎{b}⏎主要任务如下：⏎（1）清理河道，修复堤防；⏎（2）备足物资。
{t}⏎一是加强巡查，落实责任；⏎二是备足物资，开展演练；⏎三是加强值守。
{t}⏎{b}⏎主要任务如下：⏎- 清理河道，疏通沟渠⏎- 修复堤防，加固山塘
{t}⏎{b}⏎| 村名 | 户数 |⏎| --- | --- |⏎| 柳塘村 | 3，4 |⏎{s}
{t}⏎{b}⏎｜村名｜户数｜⏎｜柳塘村｜32｜
{t}⏎好的做法在全镇推广。好的经验得到推广，好的典型不断涌现。
{t}⏎当然，问题依然存在，还需久久为功。
{t}⏎希望各村提高认识，希望上级给予帮助。
{t}⏎如有不妥，请批评指正。
{t}⏎如有险情，请及时报告镇防汛办。
{t}⏎如需转移群众，由各村负责组织，随时报告。
{t}⏎以上报告，请审阅。
{t}⏎以上报告如有不妥，请批评指正。
{t}⏎根据上级要求，我镇认真开展巡查。按照要求，落实责任。
{t}⏎根据你镇安排，我村认真开展巡查。
{t}⏎我镇已根据实际情况制定预案。
{t}⏎各村要根据实际情况抓好落实，请各村根据实际情况修订预案。
{t}⏎请各村根据实际情况填报，并于月底前反馈。
{t}⏎注：数据截至2024年6月30日。
{t}⏎{b}⏎注：表中户数为常住户数。
{t}⏎制作短视频12条，人工智能语音播报进村入户，推广AI巡河。
{t}⏎以下是具体做法。
{t}⏎现将上半年工作总结如下：⏎一、压实责任⏎{b}
{t}⏎以下三个方面的问题仍需重视：一是资金不足。
{t}⏎下面重点抓好三件事。下面我代表镇党委作报告。
{t}⏎**一是压实责任。**{b}
{t}⏎一是加强巡查。二是加强巡查值守。三是加强值守。
{t}⏎他说：“水来了，快走！”
{t}⏎群众反映：“路修好了，心里亮堂了。”
{t}⏎签订责任书18份（含企业3份）
{t}⏎购置3#配电房设备，完成5#楼改造，话题#防汛进行时#阅读量达2万次。
{t}⏎水位<2米、流量>5立方米每秒，3<5。
{t}⏎（一）抓责任。{b}⏎（二）抓巡查。{s}
{t}⏎（以上共3项）
{t}⏎撰写信息报告500字以上的12篇，共计报送25篇。
{t}⏎每人撰写心得体会（不少于1000字）1篇。
{t}⏎地址：https://www.example.com/a?b=1&c=2
{t}⏎防汛抗旱、抢险救灾、转移安置等……等等。
{t}⏎坚持“预防为主、防抗结合……”的方针。
{t}⏎研究研究、讨论讨论、一村一策、一户一策、日复一日。
{t}⏎逐村逐户排查、逐村逐户登记。
{t}⏎层层压实责任，层层传导压力。
{t}⏎任务分工：张明负责巡查，李强负责值守。
{t}⏎为贯彻落实上级要求：⏎1.巡查到位。
{t}⏎要求：各村加强值守。任务：清理河道。
{t}⏎一、工作要求⏎{b}⏎二、主要任务⏎{s}
{t}⏎党员代表：张明
{t}⏎{b}⏎（此件公开发布）
{t}⏎{b}⏎2024年7月2日印发
{t}⏎编制说明：本预案适用于全镇范围。
{t}⏎竹防〔2024〕3号、竹防[2024]3号文件要求落实。
{t}⏎用户：全镇用水用户达3200户。
{t}⏎服务用户满意度达98%。
{t}⏎以上同志表现突出。以上成绩的取得，离不开上级支持。
{t}⏎以上问题，我们将认真整改。以上汇报，不妥之处请指正。
{t}⏎以上做法仅为初步探索。
{t}⏎希望上级在资金上给予帮助。希望这项工作得到重视。
{t}⏎希望有关部门尽快满足群众需求。
{t}⏎为您办事窗口，为您服务专员，“为您办”品牌。
{t}⏎我将认真履行职责，按照上级要求抓好落实。我将带头包村。
{t}⏎我会继续努力。我已完成年度任务。
{t}⏎作为网格员，作为助手单位，作为人工智能产业强镇，作为试点镇。
{t}⏎请根据实际情况安排人员值守。
{t}⏎如果您发现险情，请拨打电话0571-1234567。
{t}⏎祝愿家乡越来越好。感谢您的支持！
{t}⏎收到群众来信12封，收到良好效果。明白纸发放3000份。
{t}⏎没问题的村发放流动红旗。可以说，成效明显。
{t}⏎可以，但要报备。
{t}⏎由于资金有限，部分项目进展缓慢。由于时间有限，准备不足。
{t}⏎抱歉的是，进度偏慢。
{t}⏎说明：本表数据为6月底数。
{t}⏎备注：含新建项目3个。
{t}⏎提示：汛期注意安全。
{t}⏎注意：山洪易发区请勿停留。
{t}⏎修改完善村规民约12份，优化调整网格。修改意见：共收集20条。
{t}⏎全文学习报告，字数不限。正文部分由镇党政办起草。
{t}⏎撰写调研报告5篇（每篇约3000字）。
{t}⏎共发表文章12篇，约2万字。
{t}⏎用户满意度、助手席、系统：12345热线平台
{t}⏎回答：群众提问32个。问题：资金不足。
{t}⏎1.巡查；2.值守；3.清淤。
{t}⏎资料来源：镇统计站
{t}⏎数据来源：镇防汛办，2024年6月
{t}⏎撰稿：张明  审核：李强
{t}⏎（作者单位：竹溪镇党委）
{t}⏎报告人：张明
{t}⏎时间：2024年7月2日，地点：镇会议室
{t}⏎第一网格：柳塘村，网格员张明
{t}⏎{b}⏎此页无正文
{t}⏎一、基本情况，二、主要做法，三、存在问题
## 工作情况⏎{b}⏎### 做法⏎{s}
## 前言⏎现将情况汇报如下：⏎## 一、做法⏎{b}
{t}⏎一、总体情况⏎具体情况如下：⏎（一）巡查⏎{b}
{t}⏎现报告如下：⏎⏎一、做法⏎{b}
{t}⏎严格落实“四个到位”：⏎一是责任到位。⏎二是物资到位。
{t}⏎{b}⏎中共竹溪镇委员会
{t}⏎{b}⏎竹溪镇防汛抗旱指挥部⏎二〇二四年七月二日
{t}⏎{b}⏎此致⏎敬礼
{t}⏎| 项目 | 数量 |⏎|:---|---:|⏎| 山塘 | 28 |
{t}⏎1 < 2，3 > 2，A<B。
{t}⏎网址：http://example.com/#/index
{t}⏎《〈防汛条例〉实施细则》
{t}⏎“水来了…”他喊道。
{t}⏎清淤、除险……每一项都落到实处。
{t}⏎干干净净、认认真真、踏踏实实、方方面面
{t}⏎人人参与、人人尽责、人人享有。
{t}⏎发展为了人民，发展依靠人民，发展成果由人民共享。
{t}⏎查隐患，再查隐患。保安全，保安全生产。
{t}⏎要坚持问题导向，要坚持目标导向。
{t}⏎竹溪镇竹溪村、柳塘村柳塘组
{t}⏎党员示范岗党员示范户
""".strip("\n").split("\n")

MIXED = r"""
«好的，下面我将为您起草一份关于防汛工作的汇报材料。»⏎{b}
«好的！»⏎{b}
«好的。»⏎{b}
«可以，以下是修改后的版本：»⏎{b}
«以下内容为根据事实撰写的正文：»⏎{b}
«以下是该部分的内容：»⏎{b}
«以下是“存在的问题”部分的正文：»⏎{b}
«下面是第二部分：»⏎{b}
«这是修改后的段落：»⏎{b}
«根据您提供的信息，»竹溪镇上半年开展巡查。
«根据你提供的事实，整理如下：»⏎{b}
«根据提供的事实，撰写如下：»⏎{b}
«根据上述事实，生成正文如下：»⏎{b}
«按照要求，正文如下：»⏎{b}
«修改如下：»⏎{b}
«报告正文如下：»⏎{b}
«修改后的内容如下：»⏎{b}
«（正文）»⏎{b}
«[正文开始]»⏎{b}
«---正文开始---»⏎{b}
«【报告正文】»⏎{b}
«以上是全部内容。»
{b}⏎«以上为报告全文。»
{b}⏎«以上内容已按要求控制在500字以内。»
{b}⏎«如果您觉得还需要修改，请告诉我具体要求。»
{b}⏎«如需我进一步润色，请告知。»
{b}⏎«如有不当之处，请您指正并告知我。»
{b}⏎«需要我帮您继续完善吗？»
{b}⏎«请问这样可以吗？»
{b}⏎«您看这样写可以吗？»
{b}⏎«希望这篇报告符合您的要求。»
{b}⏎«希望以上回答对你有帮助。»
{b}⏎«以上回答仅供参考。»
{b}⏎«（注：文中XX需替换为实际数据）»
{b}⏎«（以上为示例内容，请根据实际情况修改）»
{b}⏎«注：本文为AI辅助生成。»
{b}⏎«温馨提示：以上内容由AI生成，仅供参考。»
{b}⏎«本回答由AI生成，内容仅供参考，请仔细甄别。»
{b}⏎«内容由AI生成»
{b}⏎«（字数约500字）»
{b}⏎«（共计512字）»
{b}⏎«(全文约1200字)»
{b}⏎«【全文完】»
{b}⏎«---END---»
{b}⏎«（待续……）»
{b}⏎«由于我无法获取实时数据，»以上数字请核实。
{b}«我无法提供更多信息。»
{b}«作为一个语言模型，»我没有办法核实。
{b}⏎«思考过程：»先列提纲
{b}⏎«Thought:» 先列提纲
«Assistant:» {b}
«<|assistant|>»{b}
«<output>»{b}«</output>»
{b}«<sup>1</sup>»
{b}«<!-- 注释 -->»
«<h2>»一、工作情况«</h2>»
{b}«&#8220;»
{b}«\n\n»{s}
«"text":» {b}
«{{'text': '排查'}}»
«[{{"id": 1}}]»
{b}⏎«请直接输出正文。»
{b}⏎«不要使用markdown格式。»
{b}⏎«字数控制在500字以内。»
{b}⏎«请以“2024年上半年”开头。»
{b}⏎«注意不要编造数字。»
{t}⏎{b}⏎三是强化«保»
{t}⏎{b}⏎三是强化保障，落实资金20万«元，用于»
{t}⏎{b}⏎全镇共«有»
{t}⏎{b}⏎三是强化宣传。发放明白纸3000份，悬挂横幅20条，营«造»
{t}⏎{b}⏎三是强化宣传。发«放»
{t}⏎{b}⏎三是强化宣传。进一«步加强»
{t}⏎{b}⏎«三是»
{t}⏎{b}⏎三«、»
{t}⏎一、做法⏎{b}⏎二、问题⏎一是资金不足，缺«口»
{t}⏎{b}⏎（三）抓宣传。发放明白纸3000份，悬挂横«幅»
{t}⏎{b}⏎全镇上下«一心，»
""".strip("\n").split("\n")

TITLE = "竹溪镇2024年上半年防汛工作总结"
THIRD = "镇防汛办每日调度雨情水情，及时发布预警信息。"


def _filled(frame: str) -> str:
    if re.search(r"\{[bst]2?\}", frame) is None:
        return frame.replace("{{", "{").replace("}}", "}").replace("⏎", "\n")
    return frame.format(b=BODY, s=SECOND, t=TITLE, b2=THIRD).replace("⏎", "\n")


def _found(text: str, markdown: bool = True) -> list[tuple[int, int, str]]:
    context = CheckContext(LEDGER, markdown=markdown)
    return [(f.start or 0, f.end or 0, f.code.partition(".")[2]) for f in Residue().check(text, context)]


def _check(marked: str, kinds: set[str]) -> None:
    wanted = [
        (match.start() - 2 * number, match.end() - 2 * number - 2)
        for number, match in enumerate(re.finditer("«(.*?)»", marked, re.DOTALL))
    ]
    text = re.sub("[«»]", "", marked)
    found = _found(text)
    missed = [text[s:e] for s, e in wanted if not any(s < end and start < e for start, end, _ in found)]
    extra = [(text[s:e], k) for s, e, k in found if not any(s < end and start < e for start, end in wanted)]
    assert (missed, extra) == ([], [])
    assert {kind for _, _, kind in found} <= kinds


@pytest.mark.parametrize("line", OPENINGS)
@pytest.mark.parametrize(
    "frame", ["«{}»\n" + BODY, TITLE + "\n" + "«{}»\n" + BODY, "«{}»\n\n# " + TITLE + "\n" + BODY]
)
def test_what_a_chat_model_says_first(line: str, frame: str) -> None:
    _check(frame.format(line), {"chat", "echo", "data", "cutoff"})


@pytest.mark.parametrize("line", CLOSINGS)
@pytest.mark.parametrize("frame", [TITLE + "\n" + BODY + "\n«{}»", TITLE + "\n" + BODY + "«{}»"])
def test_what_a_chat_model_says_last(line: str, frame: str) -> None:
    _check(frame.format(line), {"chat", "cutoff"})


@pytest.mark.parametrize("frame", MARKS)
def test_marks_that_are_no_text(frame: str) -> None:
    _check(_filled(frame), {"fence", "markdown", "data", "echo", "cutoff"})


@pytest.mark.parametrize("frame", ECHOES)
def test_what_the_prompt_said(frame: str) -> None:
    _check(_filled(frame), {"echo", "data"})


@pytest.mark.parametrize("frame", CUT)
def test_a_sentence_that_does_not_end(frame: str) -> None:
    _check(_filled(frame), {"cutoff"})


@pytest.mark.parametrize("frame", REPEATED)
def test_what_stands_twice(frame: str) -> None:
    _check(_filled(frame), {"repeated"})


@pytest.mark.parametrize("frame", MIXED)
def test_residue_of_every_kind(frame: str) -> None:
    _check(_filled(frame), {"chat", "fence", "markdown", "data", "echo", "cutoff"})


@pytest.mark.parametrize("frame", SOUND)
def test_what_a_report_rightly_says(frame: str) -> None:
    text = _filled(frame)
    assert [(text[start:end], kind) for start, end, kind in _found(text)] == []


def test_a_text_wrapped_at_one_width_breaks_off_nowhere_but_at_its_end() -> None:
    long = (BODY + SECOND + THIRD) * 2
    wrapped = "\n".join(long[place : place + 23] for place in range(0, len(long), 23))
    text = TITLE + "\n" + wrapped + "\n下一步，我镇将加强巡查，"
    assert [text[end - 3 : end] for _, end, kind in _found(text) if kind == "cutoff"] == ["巡查，"]


@pytest.mark.parametrize(
    "line",
    [
        "# 标题",
        "**重点**工作",
        "- 列表项",
        "`代码`",
        "这是*重点*工作",
        "__重点__工作",
        "> 引文",
        "~~删去~~",
        "| 甲 | 乙 |",
        "1. **责任**",
    ],
)
def test_marks_of_markdown_are_residue_where_they_are_not_rendered(line: str) -> None:
    text = f"{BODY}\n{line}"
    assert {kind for _, _, kind in _found(text, markdown=False)} == {"markdown"}


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "的",
        "加强",
        "，",
        "- ",
        "#",
        "| a |\n",
        "<",
        "<p ",
        "```",
        "[",
        "[a](",
        "希望以上",
        "如有",
        "（",
        "注：",
        "好的，",
        "（约",
        "\\n",
        "如您",
        "请写一段话",
        "{",
        "&",
        "甲乙丙丁。",
        "加强，",
        "根据您",
        "|",
        "|-",
    ],
)
def test_a_line_without_end_takes_time_in_its_proportion(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    begin = process_time()
    _found(text)
    assert process_time() - begin < 2  # some 0.06 s; a search of every pair of places takes far longer
