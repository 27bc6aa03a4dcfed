"""Prompts: the messages for one leaf, from templates, facts and masked passages, within the token budget.

It knows nothing of how an answer is got or checked. Facts are never dropped to fit; passages are.
"""

from __future__ import annotations

from drafter.prompting.budget import TokenCounter
from drafter.prompting.echo import without_echo
from drafter.prompting.messages import Prompt, build_prompt, fact_rows, sample_slot, unfenced
from drafter.prompting.templates import Templates

__all__ = [
    "Prompt",
    "Templates",
    "TokenCounter",
    "build_prompt",
    "fact_rows",
    "sample_slot",
    "unfenced",
    "without_echo",
]
