"""How a request is put to a server, learnt from the server's own refusals."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from drafter.writers.faults import server_words


@dataclass(frozen=True)
class Form:
    """How a request is put: later models of OpenAI refuse max_tokens and any temperature, some gateways to stream."""

    limit: str = "max_tokens"
    temperature: bool = True
    stream: bool = True
    usage: bool = True

    def parameters(self, max_tokens: int, temperature: float) -> dict[str, Any]:
        """The parameters of a request in this form."""
        made: dict[str, Any] = {self.limit: max_tokens}
        if self.temperature:
            made["temperature"] = temperature
        if self.stream:
            made["stream"] = True
            if self.usage:
                made["stream_options"] = {"include_usage": True}
        return made

    def after(self, refusal: Any) -> Form:
        """The form to use after a server's error object: by its code and parameter, or the parameter that it names."""
        error = refusal.get("error") if isinstance(refusal, dict) else None
        error = error if isinstance(error, dict) else {}
        words = server_words(refusal).lower()
        if self.stream and self.usage and "stream_options" in words:
            return replace(self, usage=False)
        if self.stream and re.search(r"\bstream(ing)?\b", words):
            return replace(self, stream=False)
        if not str(error.get("code")).startswith("unsupported_"):
            return self
        return replace(
            self,
            limit="max_completion_tokens" if error.get("param") == "max_tokens" else self.limit,
            temperature=self.temperature and error.get("param") != "temperature",
        )
