"""How a request puts its limits to a server, learnt from the server's own refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Form:
    """How limits are put to a server: later models of OpenAI refuse max_tokens and any temperature."""

    limit: str = "max_tokens"
    temperature: bool = True

    def parameters(self, max_tokens: int, temperature: float) -> dict[str, Any]:
        """The parameters of a request in this form."""
        return {self.limit: max_tokens} | ({"temperature": temperature} if self.temperature else {})

    def after(self, refusal: Any) -> Form:
        """The form to use after a server's error object (code `unsupported_…`, and the parameter's name)."""
        error = refusal.get("error") if isinstance(refusal, dict) else None
        if not isinstance(error, dict) or not str(error.get("code")).startswith("unsupported_"):
            return self
        return Form(
            "max_completion_tokens" if error.get("param") == "max_tokens" else self.limit,
            self.temperature and error.get("param") != "temperature",
        )
