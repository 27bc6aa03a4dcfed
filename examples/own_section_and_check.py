"""A section and a check of your own, through the same hooks as the built-in ones.

python examples/own_section_and_check.py

The command line takes this very file as a plugin: drafter draft FACTS --plugins ./own_section_and_check.py
"""

from collections.abc import Callable, Iterable

import drafter


class Figures(drafter.Section):
    """主要数据: a table of the facts done, made by the program alone; no writer is asked."""

    name, heading, roles = "figures", "主要数据", ("background",)

    def render(self, context: drafter.SectionContext) -> list[drafter.Block]:
        """One row a fact that is done, with its topic."""
        rows = [("主题", "事项")]
        rows += [(fact.topic, fact.text) for fact in context.ledger.facts if fact.role == "done"]
        return [drafter.Block(kind="table", rows=tuple(rows))]


class Slogans:
    """Empty phrases that the office's own style guide forbids."""

    name = "slogans"
    forbidden = ("再上新台阶", "不断取得新成效")

    def check(self, text: str, context: drafter.CheckContext) -> Iterable[drafter.Finding]:
        """A warning for each place where one stands; offsets in code points of the text."""
        for phrase in self.forbidden:
            start = text.find(phrase)
            while start >= 0:
                end = start + len(phrase)
                yield drafter.Finding(
                    check=self.name,
                    code="slogans.empty",
                    severity="warning",
                    message=f"“{phrase}”是空话，请写具体",
                    start=start,
                    end=end,
                    text=phrase,
                )
                start = text.find(phrase, end)


@drafter.hookimpl
def register_sections(register: Callable[..., None]) -> None:
    """Called once, when the plugin is loaded."""
    register(Figures())


@drafter.hookimpl
def register_checks(register: Callable[..., None]) -> None:
    """Called once, when the plugin is loaded."""
    register(Slogans())


LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "outline": ["opening", "achievements", "figures"],
    "facts": [
        {"topic": "隐患排查", "text": "排查山塘28座"},
        {"topic": "责任落实", "text": "签订责任书17份，推动防汛工作再上新台阶"},
    ],
}

if __name__ == "__main__":
    registry = drafter.load_registry([__file__], strict=True)
    report = drafter.draft(LEDGER, registry=registry, settings=drafter.load_settings({"offline": True}))
    print(report.text)
    for finding in report.findings:
        if finding.check == "slogans":
            print(f"[{finding.code}] {finding.section}：{finding.message}")
