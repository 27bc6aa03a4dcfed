"""The section, written by a fake writer and by the offline one: no model and no network."""

import drafter
from drafter import Reply, Settings
from drafter.plugins import load_registry

REGISTRY = load_registry(["drafter_risks"], entry_points=False)
LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "report_type": "risk-report",
    "facts": [
        {"role": "background", "text": "辖12个村，沿河5个村"},
        {"topic": "隐患排查", "text": "排查山塘28座，发现隐患9处，已整改7处"},
        {"id": "p1", "role": "problem", "topic": "隐患整改", "text": "还有2处隐患未整改，缺资金8万元"},
        {"id": "p2", "role": "problem", "topic": "队伍建设", "text": "防汛员平均58岁，不会用水位监测设备"},
        {"id": "m1", "role": "plan", "topic": "隐患整改", "text": "8月底前整改剩余2处隐患"},
    ],
}


def drafted(ledger, writer=None):
    return drafter.draft(ledger, writer=writer, settings=Settings(), registry=REGISTRY)


def facts_of(report):
    return {section.name: section.facts for section in report.sections}


class FakeWriter:
    """Answers each request with the text of its facts, and keeps what it was asked."""

    name = "fake"

    def __init__(self):
        self.requests = []

    async def write(self, request):
        self.requests.append(request)
        return Reply(text="".join(f"{fact.text}。" for fact in request.facts))


def test_nothing_about_it_is_broken():
    assert REGISTRY.problems == []


def test_a_risk_and_what_is_done_about_it_stand_in_one_paragraph():
    report = drafted(LEDGER)
    assert "存在的风险点" in report.text
    risk = next(line for line in report.text.splitlines() if "缺资金8万元" in line)
    assert "8月底前整改剩余2处隐患" in risk
    assert "58岁" not in risk
    assert [finding for finding in report.findings if finding.severity == "error"] == []


def test_the_writer_is_asked_with_the_template_beside_the_plugin():
    writer = FakeWriter()
    drafted(LEDGER, writer)
    asked = next(request for request in writer.requests if request.section == "risks")
    prompt = asked.messages[-1]["content"]
    assert "先写是什么风险，再写怎样防范" in prompt
    assert "缺资金8万元" in prompt
    assert "排查山塘28座" not in prompt


def test_a_section_of_plans_keeps_its_own_facts():
    outline = ["opening", "achievements", "risks", "plans"]
    assert facts_of(drafted({**LEDGER, "outline": outline}))["risks"] == ["p1", "p2"]
    assert facts_of(drafted({**LEDGER, "outline": outline}))["plans"] == ["m1"]


def test_beside_problems_it_takes_the_topics_that_the_outline_gives_it():
    risks = {"name": "risks", "topics": ["队伍建设"]}
    report = drafted({**LEDGER, "outline": ["opening", "achievements", "problems", risks, "plans"]})
    assert facts_of(report)["problems"] == ["p1"]
    assert facts_of(report)["risks"] == ["p2"]
