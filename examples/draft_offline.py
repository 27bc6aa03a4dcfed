"""Draft a report from a facts file and past reports, look at it, and save it. Nothing leaves the machine.

python examples/draft_offline.py
"""

from pathlib import Path

import drafter

HERE = Path(__file__).resolve().parent

settings = drafter.load_settings({"offline": True})  # like --offline: it wins over whatever else was chosen
report = drafter.draft(HERE / "facts" / "yunxi-safety.json", corpus=HERE / "corpus", settings=settings)

print(report.title)
for section in report.sections:
    print(
        f"{section.number}{section.heading or section.name}：{len(section.text)} 字，事实 {len(section.facts)} 条"
    )
print(f"写作：{report.writer}；错误 {report.counts['error']}，提醒 {report.counts['warning']}")
for note in report.notes:
    print(note)

path = report.save("report.md")  # the format is that of the ending; report.json holds everything
print(f"已保存 {path}")
