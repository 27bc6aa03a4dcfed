"""A small report prepared up to the first call, which is not made: settings that are well-formed may still not work."""

from __future__ import annotations

import asyncio
from typing import Any

from drafter.doctor.items import Item
from drafter.drafting import make_plan, prepare
from drafter.drafting.folder import choose_exporters
from drafter.errors import DrafterError
from drafter.plugins import Registry
from drafter.settings import Settings

LEDGER: dict[str, Any] = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "facts": [
        {"role": "background", "text": "辖12个村"},
        {"role": "done", "topic": "隐患排查", "text": "排查山塘28座"},
        {"role": "problem", "topic": "隐患整改", "text": "还有2处隐患未整改"},
        {"role": "plan", "topic": "隐患整改", "text": "8月底前整改剩余2处隐患"},
    ],
}
"""A fact of each role."""


def rehearse(settings: Settings, registry: Registry) -> Item:
    """Whether outline, templates, checks, lexicons, formats and the prompt's budget can be used; past reports apart."""
    alone = settings.model_copy(update={"retriever": Settings.model_fields["retriever"].default})
    try:
        choose_exporters(settings, registry)
        run = prepare(LEDGER, settings=alone, registry=registry)
        try:
            calls = len(make_plan(run).calls)
        finally:
            asyncio.run(run.aclose())
    except DrafterError as error:
        return Item.fault("rehearsal", "试排", str(error), exit_status=error.exit_status)
    return Item.ok(
        "rehearsal", "试排", f"一份小台账能排出 {calls} 个小节，检查和格式都能用；没有发出任何内容"
    )
