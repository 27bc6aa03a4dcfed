"""Sealed drafting: what leaves, what comes back, and that the report is the same in the end."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import drafter
from benchmarks.sealed.leaks import chinese, leaks, names
from benchmarks.sealed.misuse import MISUSES, Misuser
from drafter import cli
from drafter.comparing import compare
from drafter.facts import Facts, parse_facts
from drafter.plugins import Reply, WriteRequest
from drafter.sealing import Seal
from drafter.sealing.slots import code_of, read_slots
from drafter.settings import Settings
from tests.conftest import EXAMPLES
from tests.misbehaving_server import Answer, completion, facts_of, serving, telling
from tests.test_vectors import vectors

SLOT = re.compile("⟦[^⟦⟧]*⟧")


def ledger(*texts: str, **more: Any) -> Facts:
    """A ledger of these facts."""
    header = {"organization": "白石坳镇", "period": "2024年上半年", "theme": "防汛备汛工作"}
    facts = [{"id": f"f{place:02}", "text": text, "topic": "排查"} for place, text in enumerate(texts, 1)]
    return parse_facts({**header, "facts": facts, **more})


def sealed(*texts: str, **more: Any) -> list[str]:
    """These facts as they leave."""
    return [fact.text for fact in Seal(ledger(*texts), **more).ledger.facts]


def filled(reply: str, *texts: str, **more: Any) -> str:
    """What becomes of a reply to a prompt with these facts."""
    seal = Seal(ledger(*texts), **more)
    local = seal.local(ledger(*texts).facts)
    prompt = "\n".join(fact.text for fact in seal.ledger.facts) + seal.ledger.report_title
    return local.fill(reply, [prompt]).text


# -- slots


@pytest.mark.parametrize(
    "written",
    [
        "⟦n3⟧",
        "【n3】",
        "[n3]",
        "[[n3]]",
        "（n3）",
        "{{n3}}",
        "<n3>",
        "⟦ｎ３⟧",
        "［ｎ３］",
        "⟦N3⟧",
        "⟦n三⟧",
        "⟦数3⟧",
        "⟦数字3⟧",
        "⟦num_3⟧",
        "⟦**n3**⟧",
        "**⟦**n3⟧",
        "⟦n3**⟧**",
        "⟦n*3*⟧",
        "⟦n<b>3</b>⟧",
        "⟦n\n3⟧",
        "⟦ n 3 ⟧",
        "⟦n\u200b3⟧",
        "⟦⟦n3⟧⟧",
        "⟦n3⟧】",
        "【⟦n3⟧】",
        "⟦n3】",
        "⟦n3",
        "n3⟧",
        "n3",
    ],
)
def test_a_slot_is_read_however_it_was_bent(written: str) -> None:
    text, misuses = read_slots(f"召开会议{written}次。", {"n3", "n1"})
    assert text == "召开会议⟦n3⟧次。"
    assert [each.kind for each in misuses] == ([] if written == "⟦n3⟧" else ["bent"])


def test_what_was_drawn_into_brackets_comes_out_and_what_stood_between_two_stays() -> None:
    known = {"n1", "n2", "地2"}
    assert read_slots("⟦n1次⟧会议", known)[0] == "⟦n1⟧次会议"
    assert read_slots("⟦地2镇⟧党委", known)[0] == "⟦地2⟧镇党委"
    assert read_slots("⟦n1、n2⟧", known)[0] == "⟦n1⟧、⟦n2⟧"
    assert read_slots("发现⟦n1处，整改n2⟧处", known)[0] == "发现⟦n1⟧处，整改⟦n2⟧处"


def test_what_is_no_slot_stays_as_it_is() -> None:
    for text in (
        "3人1组",
        "《关于n9的通知》",
        "（一）责任落实",
        "⟦其他⟧",
        "【待核实：人数】",
        "[n9]",
        "Win10系统",
        "（日期：1月）",
        "（人数一）",
        "【待核实：⟦n1⟧】",
    ):
        assert read_slots(text, {"n1", "人1", "日1"}) == (text, [])
    assert code_of("其中n3") is None


# -- what is sealed


def test_the_same_value_of_the_same_thing_has_one_slot_and_of_another_thing_another() -> None:
    first, again, other = sealed("开展安全督查9次", "安全督查九次，全覆盖", "召开工作例会9次")
    slot = SLOT.search(first)
    assert slot is not None
    assert slot[0] in again
    assert slot[0] not in other


def test_grammar_stays_and_what_is_anybodys_stays() -> None:
    facts = sealed(
        "白石坳镇党委开展“三会一课”近30余场次，占95.5%",
        "按照白政发〔2024〕15号文件，一是印发《白石坳镇防汛预案》，学习《中华人民共和国防汛条例》",
        "柳湾村党支部书记钟国强同志带队，走访白石坳镇中心小学、绿野茶业有限公司",
    )
    assert re.fullmatch("⟦地1⟧镇党委开展“三会一课”⟦n1⟧场次，占⟦n2⟧%", facts[0])
    assert re.fullmatch("按照⟦文1⟧号文件，一是印发《⟦文2⟧》，学习《中华人民共和国防汛条例》", facts[1])
    assert re.fullmatch("⟦地\\d⟧村党支部书记⟦人1⟧同志带队，走访⟦地1⟧镇中心小学、⟦单1⟧有限公司", facts[2])


def test_the_distinctive_part_of_a_place_is_sealed_wherever_it_stands() -> None:
    facts = sealed("打造白石坳防线", "白石坳镇设点3处")
    assert facts[0] == "打造⟦地1⟧防线"
    assert facts[1].startswith("⟦地1⟧镇设点")


def test_a_village_that_no_word_shows_to_be_one_is_sealed_by_its_ending() -> None:
    facts = sealed("打造榆市营子民族团结进步示范点", "在王家窝铺建泵站3座", "路边摊铺子整治2次")
    assert "榆市" not in facts[0]
    assert "王家" not in facts[1]
    assert facts[2].startswith("路边摊铺子整治")


def test_a_user_says_what_must_be_sealed_and_what_need_not() -> None:
    text = "用好云哨平台排查5次，清水湾村试点"
    plain = sealed(text)[0]
    assert "云哨" in plain
    assert "清水湾" not in plain
    told = sealed(text, always=["云哨"], never=["清水湾村", "5次"])[0]
    assert told == "用好⟦名1⟧平台排查⟦n1⟧次，清水湾村试点" or told == "用好⟦名1⟧平台排查5次，清水湾村试点"
    assert "清水湾村" in told
    assert "云哨" not in told


def test_figures_in_quotation_marks_are_sealed_and_sayings_are_not() -> None:
    local = Seal(ledger("演练十三场，其中学校八场", "“九小”场所213家")).local()
    told = local.text("“八场”与事实不符，应为“十三场”；“九小”和“两委”照写；“2024年3月9日”不在时段内")
    assert re.fullmatch("“⟦n2⟧场”与事实不符，应为“⟦n1⟧场”；“九小”和“两委”照写；“⟦日x1⟧”不在时段内", told)


# -- what comes back


def test_units_endings_and_marks_that_were_left_out_come_back() -> None:
    facts = ("排查隐患16处", "印发《白石坳镇防汛预案》", "柳湾村设点2个", "投入68万元")
    assert filled("排查⟦n1⟧隐患。", *facts) == "排查16处隐患。"
    assert filled("排查隐患⟦n1⟧处。", *facts) == "排查隐患16处。"
    assert filled("印发⟦文1⟧。", *facts) == "印发《白石坳镇防汛预案》。"
    assert filled("在⟦地2⟧设点⟦n2⟧个。", *facts) == "在柳湾村设点2个。"
    assert filled("投入⟦n3⟧，用于加固。", *facts) == "投入68万元，用于加固。"


def test_a_slot_of_which_only_the_number_is_left_is_read_by_its_unit() -> None:
    facts = ("排查隐患16处", "清理河道3公里", "走访41户")
    assert filled("排查隐患1处，清理河道2公里。", *facts) == "排查隐患16处，清理河道3公里。"
    # another unit, and a slot that stands in the text already
    assert filled("走访3家，另走访2户，⟦n2⟧公里。", *facts) == "走访3家，另走访2户，3公里。"


def test_blanks_around_a_slot_go() -> None:
    assert filled("排查隐患 ⟦n1⟧ 处。", "排查隐患16处") == "排查隐患16处。"


def test_what_makes_a_figure_loose_is_told_once() -> None:
    assert filled("约⟦n1⟧余人参加。", "约300余人参加演练") == "约300余人参加。"


def test_expressions_are_computed_by_the_program() -> None:
    facts = ("排查隐患40处，已整改38处", "投入资金12万元", "参加演练约300人")
    assert filled("还有⟦n1-n2⟧处未整改。", *facts) == "还有2处未整改。"
    assert filled("整改率⟦n2/n1⟧。", *facts) == "整改率95%。"
    assert filled("整改率⟦n2／n1⟧％。", *facts) == "整改率95%。"
    assert filled("共⟦n1+n2⟧处。", *facts) == "共78处。"
    # of two things, of a loose figure, of nothing: not computed, and seen
    for wrong in ("⟦n1+n3⟧", "⟦n4-n4⟧", "⟦n1/(n1-n1)⟧", "⟦n1-n9⟧"):
        assert "⟦" in filled(f"共{wrong}处。", *facts)


def test_a_rate_is_offered_only_where_the_facts_have_whole_and_part() -> None:
    seal = Seal(
        ledger(
            "排查隐患40处，已整改38处",
            "排查40处，整改38处，整改率95%",
            "走访40户，种树38棵",
            "排查约40处，整改38处",
        )
    )
    offered = [seal.derived(fact) for fact in ledger("a", "b", "c", "d").facts]
    assert offered == [("整改率⟦n2/n1⟧",), (), (), ()]


def test_changes_against_an_earlier_period_leave_as_expressions_only() -> None:
    now = ledger("开展安全督查16次，查出隐患48处")
    then = ledger("开展安全督查12次，查出隐患60处", period="2023年上半年")
    comparison = compare(now, then)
    seal = Seal(now, comparison)
    told = "；".join(seal.compared(each).wording for each in comparison.compared)
    assert told == "同比增加⟦n1-n3⟧次，增长⟦(n1-n3)/n3⟧；同比减少⟦n4-n2⟧处，下降⟦(n4-n2)/n4⟧"
    local = seal.local(now.facts)
    assert local.fill(told, [told]).text == "同比增加4次，增长33.3%；同比减少12处，下降20%"


def test_the_earlier_period_is_sealed_where_it_has_no_name_of_its_own() -> None:
    now = ledger("开展安全督查16次")
    comparison = compare(now, ledger("开展安全督查12次", period="2021年上半年"))
    each = Seal(now, comparison).compared(comparison.compared[0])
    assert "2021" in comparison.compared[0].wording
    assert "2021" not in each.wording + each.relation.former + each.relation.lead
    assert each.wording.startswith("较⟦日")


def test_a_sentence_that_only_tells_again_is_left_out_and_another_is_noted() -> None:
    facts = ("排查隐患16处", "清理河道3公里")
    local = Seal(ledger(*facts)).local(ledger(*facts).facts)
    prompt = ["⟦n1⟧⟦n2⟧"]
    again = local.fill("排查隐患⟦n1⟧处。总的来看，排查隐患⟦n1⟧处。清理河道⟦n2⟧公里。", prompt)
    assert again.text == "排查隐患16处。清理河道3公里。"
    both = local.fill("排查隐患⟦n1⟧处。清理河道⟦n2⟧公里，隐患⟦n1⟧处。", prompt)
    assert both.text == "排查隐患16处。清理河道3公里，隐患16处。"
    assert {each.kind for each in again.misuses} == {each.kind for each in both.misuses} == {"repeated"}


def test_a_slot_that_the_prompt_did_not_show_is_none() -> None:
    facts = ("排查隐患16处", "清理河道3公里")
    local = Seal(ledger(*facts)).local(ledger(*facts).facts[:1])
    got = local.fill("排查隐患⟦n1⟧处，清理河道⟦n2⟧公里。", ["⟦n1⟧处"])
    assert got.text == "排查隐患16处，清理河道⟦n2⟧公里。"
    assert [each.kind for each in got.misuses] == ["unknown"]


# -- whole reports


def run(path: Path, out: Path, url: str, *flags: str) -> int:
    return cli.run(
        [
            "draft",
            str(path),
            "-o",
            str(out),
            "--base-url",
            url,
            "--model",
            "m",
            "--corpus",
            str(EXAMPLES / "corpus"),
            *flags,
        ]
    )


def contents(script: Any) -> list[str]:
    """The message contents that a server was sent."""
    return [each["content"] for _, body in script.asked for each in body["messages"]]


def test_nothing_of_the_ledger_leaves_and_the_report_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = EXAMPLES / "facts" / "yunxi-safety.json"
    out = tmp_path / "out"
    with serving(telling) as server:
        assert run(facts, out, server.url, "--seal", "--format", "md", "--format", "json") == 0
        sent = contents(server)
        assert len(sent) > 10
        assert leaks(sent, drafter.load_facts(facts), names()["yunxi-safety"]) == []
        asked = len(server.asked)
        assert run(facts, out, server.url, "--seal", "--format", "md", "--format", "json", "--force") == 0
        assert len(server.asked) == asked, "a second run asks nothing: the slots are the same"
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["counts"]["error"] == 0
    assert "⟦" not in report["text"]
    assert "副镇长周启明带队夜查6次" in report["text"]
    assert any("只以记号发给模型" in note for note in report["notes"])
    assert not any(finding.severity == "error" for finding in drafter.check(report["text"], facts).findings)
    journal = next(out.glob("*.sqlite"))
    if os.name == "posix":
        assert journal.stat().st_mode & 0o777 == 0o600
    assert "⟦" not in (out / "report.md").read_text("utf-8")
    assert "seal" not in report, "the map is in the journal only"

    capsys.readouterr()
    assert cli.run(["log", str(out), "--outgoing", "--json"]) == 0
    bodies = json.loads(capsys.readouterr().out)["outgoing"]
    assert sorted([m["content"] for each in bodies for m in each["body"]["messages"]]) == sorted(sent)
    assert cli.run(["log", str(out), "--slots"]) == 0
    assert "⟦地1⟧镇：云溪镇" in capsys.readouterr().out


def test_an_older_journal_is_closed_to_others_before_the_map_is_in_it(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("file modes are POSIX's")
    out, facts = tmp_path / "out", EXAMPLES / "facts" / "hetang-environment.yaml"
    with serving(telling) as server:
        run(facts, out, server.url, "--format", "md")
        journal = next(out.glob("*.sqlite"))
        journal.chmod(0o644)
        run(facts, out, server.url, "--format", "md", "--force")
        assert journal.stat().st_mode & 0o777 == 0o644
        run(facts, out, server.url, "--format", "md", "--force", "--seal")
    assert journal.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(journal) as db:
        assert "禾塘" in db.execute("SELECT value FROM notes WHERE name = 'seal'").fetchone()[0]


def test_a_dry_run_shows_what_would_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = EXAMPLES / "facts" / "yunxi-safety.json"
    with serving(telling) as server:
        assert run(facts, tmp_path / "out", server.url, "--seal", "--dry-run") == 0
        assert server.asked == []
    told = capsys.readouterr().err
    assert "副镇长⟦人1⟧带队夜查" in told
    assert "sealed_words" in told
    assert "周启明" not in told


def test_a_whole_batch_is_sealed(tmp_path: Path) -> None:
    facts = [EXAMPLES / "facts" / name for name in ("yunxi-safety.json", "hetang-environment.yaml")]
    with serving(telling) as server:
        command = [
            "batch",
            *map(str, facts),
            "-o",
            str(tmp_path),
            "--base-url",
            server.url,
            "--model",
            "m",
            "--seal",
        ]
        assert cli.run([*command, "--format", "md"]) == 0
        sent = contents(server)
    for path in facts:
        assert leaks(sent, drafter.load_facts(path), names()[path.stem]) == []


def test_repair_is_asked_for_sealed(plain: dict[str, Any]) -> None:
    facts = parse_facts(plain)
    asked: list[WriteRequest] = []

    class Forgetful:
        """Forgets a fact at first, makes up a figure, and mends when asked."""

        name = "forgetful"

        async def write(self, request: WriteRequest) -> Reply:
            asked.append(request)
            told = [fact.text for fact in request.facts]
            if request.purpose == "write":
                told = (
                    [*told[:-1], "另有7座水闸带病运行，胡家坳村的魏长根反映强烈"] if len(told) > 1 else told
                )
            return Reply("。".join(told) + "。") if told else Reply("各项工作有序推进。")

    report = drafter.draft(facts, writer=Forgetful(), settings=Settings(seal=True))
    mending = [request for request in asked if request.purpose != "write"]
    assert mending, "nothing was asked to be mended"
    sent = [message["content"] for request in asked for message in request.messages]
    assert leaks(sent, facts, ["竹溪", "安澜", "柳塘"]) == []
    assert not any("魏长根" in content or "7座" in content for content in sent)
    for request in asked:
        assert "竹溪" not in request.ledger.organization
        assert not any("36名" in fact.text for fact in request.facts)
    assert "魏长根" not in report.text
    assert report.counts["error"] == 0


@pytest.mark.parametrize("kind", MISUSES)
def test_a_writer_that_misuses_slots_and_never_learns_costs_no_fact(kind: str, plain: dict[str, Any]) -> None:
    facts = parse_facts(plain)
    writer = Misuser(kind, learns=False)
    report = drafter.draft(facts, writer=writer, settings=Settings(seal=True))
    required, covered = report.coverage()
    assert covered == required
    assert report.counts["error"] == 0
    assert "⟦" not in report.text
    assert leaks(writer.sent, facts, ["竹溪", "安澜", "柳塘"]) == []


def test_a_sentence_that_the_program_had_to_write_is_flagged_on_its_words(plain: dict[str, Any]) -> None:
    report = drafter.draft(
        plain, writer=Misuser("invented in place", learns=False), settings=Settings(seal=True)
    )
    flagged = [finding for finding in report.findings if finding.code == "sealing.fallback"]
    assert flagged
    for finding in flagged:
        assert finding.severity == "warning"
        assert report.text[finding.start : finding.end] == finding.text


def test_a_figure_told_again_is_flagged(plain: dict[str, Any]) -> None:
    class Again:
        """Tells the first figure of a leaf again in its last sentence."""

        name = "again"

        async def write(self, request: WriteRequest) -> Reply:
            told = [fact.text for fact in request.facts]
            slot = re.search("⟦n\\d+⟧[^，。、⟦]", told[0]) if told else None
            if slot and len(told) > 2:
                told[-1] += f"，其中{slot[0]}最为关键"
            return Reply("。".join(told) + "。") if told else Reply("各项工作有序推进。")

    report = drafter.draft(plain, writer=Again(), settings=Settings(seal=True))
    repeated = [finding for finding in report.findings if finding.code == "sealing.repeated"]
    assert repeated
    assert all(report.text[each.start : each.end] == each.text for each in repeated)


def test_vectors_are_asked_for_without_what_is_sealed(tmp_path: Path) -> None:
    past = tmp_path / "past"
    past.mkdir()
    (past / "a.txt").write_text(
        "白石坳镇2023年防汛工作总结\n2023年，白石坳镇抓实防汛备汛，用好云哨平台巡查。现将情况汇报如下：\n一、主要工作\n"
        "（一）排查。用云哨平台巡查山塘，发现险情及时上报处置，汛期没有发生垮塌。\n白石坳镇人民政府\n2023年12月8日\n",
        "utf-8",
    )
    with serving(vectors) as server:
        chosen = Settings(
            seal=True,
            sealed_words=["云哨"],
            writer="scripted",
            embeddings_base_url=server.url,
            embeddings_model="v",
        )
        facts = ledger("云哨平台发现险情37处，钟国强同志带队处置", "柳湾村转移群众128人")
        writer = Misuser("as told")
        drafter.draft(facts, corpus=past, writer=writer, settings=chosen)
        inputs = [text for _, body in server.asked for text in body["input"]]
    assert len(inputs) > 1
    for text in inputs:
        assert not any(
            word in text for word in ("云哨", "钟国强", "柳湾", "白石坳", "37", "128", "2024", "2023")
        )
    assert not any("云哨" in content for content in writer.sent)


def test_personal_data_are_said_not_to_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    facts = {
        "organization": "白石坳镇",
        "period": "2024年",
        "theme": "防汛工作",
        "facts": ["联系人钟国强，电话13907310001"],
    }
    path.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    with serving(telling) as server:
        run(path, tmp_path / "out", server.url, "--seal", "--format", "md")
        assert not any("13907310001" in content or "钟国强" in content for content in contents(server))
    assert "不发给模型" in capsys.readouterr().err


def test_a_writer_that_reads_no_messages_gets_sealed_facts_too(plain: dict[str, Any]) -> None:
    asked: list[WriteRequest] = []

    class Mute:
        """Tells the facts that it is handed."""

        name = "mute"
        wants_messages = False

        async def write(self, request: WriteRequest) -> Reply:
            asked.append(request)
            return Reply("。".join(fact.text for fact in request.facts) + "。")

    report = drafter.draft(plain, writer=Mute(), settings=Settings(seal=True))
    assert not any("36名" in fact.text for request in asked for fact in request.facts)
    assert "村级防汛员36名全部到岗" in report.text
    assert "⟦" not in report.text


def test_who_signs_and_who_may_be_asked_are_sealed_in_the_facts() -> None:
    facts = ledger("高远指出问题5个", "林小溪负责台账", signer="高远", contact="林小溪 13907310001")
    texts = [fact.text for fact in Seal(facts).ledger.facts]
    assert re.fullmatch("⟦人\\d⟧指出问题⟦n1⟧个", texts[0])
    assert re.fullmatch("⟦人\\d⟧负责台账", texts[1])


# -- any value in any notation

UNITS = ("处", "次", "人", "户", "公里", "万元", "%", "家次", "平方米")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "国强志明秀英建华春梅海涛玉兰"
PLACES = "柳湾石桥白鹭青杨梅岭松坪竹溪"


def _spelled(value: int, how: str) -> str:
    wide = str(value).translate({code: code + 0xFEE0 for code in range(48, 58)})
    return {"plain": str(value), "comma": f"{value:,}", "wide": wide, "chinese": chinese(value)}[how]


@st.composite
def stated(draw: st.DrawFn) -> tuple[str, str, int, str]:
    """A fact that states a value in some notation, the name in it, the value and the unit."""
    unit = draw(st.sampled_from(UNITS))
    value = draw(st.integers(min_value=21, max_value=99 if unit == "%" else 98_765))
    how = draw(st.sampled_from(["plain", "comma", "wide", "chinese"] if unit != "%" else ["plain", "wide"]))
    loose = draw(st.sampled_from(["", "近", "约", "共"]))
    name = draw(st.sampled_from(SURNAMES)) + "".join(
        draw(st.lists(st.sampled_from(GIVEN), min_size=2, max_size=2))
    )
    place = "".join(draw(st.lists(st.sampled_from(PLACES), min_size=2, max_size=2, unique=True)))
    number = _spelled(value, how)
    text = draw(
        st.sampled_from(
            [
                f"{place}村党支部书记{name}同志带队排查{loose}{number}{unit}",
                f"在{place}镇完成{loose}{number}{unit}，由{name}同志负责",
                f"镇长{name}到{place}村走访，涉及{loose}{number}{unit}",
            ]
        )
    )
    return text, place, value, unit


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(stated(), min_size=1, max_size=3))
def test_no_value_leaves_in_any_notation(facts: list[tuple[str, str, int, str]]) -> None:
    # facts that differ in the notation alone are one fact told twice, and are written once
    once = {
        re.sub(f"[\\d,０-９零一二三四五六七八九十百千万]+{unit}", f"{value}{unit}", text): text
        for text, _, value, unit in facts
    }
    made = ledger(*once.values())
    with serving(_telling_or_mending) as server:
        chosen = Settings(seal=True, base_url=server.url, model="m", stall=30)
        report = drafter.draft(made, settings=chosen)
        bare = "\n".join(SLOT.sub("□", content) for content in contents(server))
    said = "".join(made_of_templates())
    for text, place, value, unit in facts:
        assert place not in bare, text
        spellings = {_spelled(value, how) + unit for how in ("plain", "comma", "wide", "chinese")}
        for spelling in spellings:
            found = re.search(rf"(?<![\d,.０-９一二三四五六七八九十百千万]){re.escape(spelling)}", bare)
            assert found is None or spelling in said, (text, spelling)
        name = re.search(f"[{SURNAMES}][{GIVEN}]{{2}}(?=同志|到)", text)
        assert name is None or name[0] not in bare, text
    required, covered = report.coverage()
    assert covered == required
    assert "⟦" not in report.text


def made_of_templates() -> list[str]:
    """What the prompts say by themselves."""
    from benchmarks.sealed.leaks import template_words

    return [template_words()]


def _telling_or_mending(body: dict[str, Any]) -> Answer:
    told = facts_of(body)
    return completion("".join(f"{fact}。" for fact in told) or "各项工作有序推进。")
