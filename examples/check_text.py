"""Check a text that somebody wrote against a ledger: what is wrong, and what each figure leans on.

python examples/check_text.py
"""

import drafter

LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "facts": [
        {"id": "f1", "text": "召开部署会2次"},
        {"id": "f2", "text": "排查山塘28座，其中重点山塘9座、一般山塘19座"},
        {"id": "f3", "text": "清理河道6.5公里"},
    ],
}
TEXT = "上半年，召开部署会两次，共排查山塘28座，清理河道65公里，走访群众xx户。"

result = drafter.check(TEXT, LEDGER)

print(f"错误 {result.counts['error']}，提醒 {result.counts['warning']}")
for finding in result.findings:
    # start and end are code points of the text; None for what is missing from it
    where = f"{finding.start}–{finding.end}" if finding.start is not None else "全文"
    print(f"[{finding.code}] {where}「{finding.text or ''}」{finding.message}")
for claim in result.claims:
    sources = "；".join(str(evidence.formula or evidence.text) for evidence in claim.evidence)
    print(f"{claim.text} {claim.status} ← {sources}")
