"""Counts the tokens of a prompt before it is sent, on the safe side and without a network.

    how it was counted                          what the count is
    ------------------------------------------  --------------------------------------------------------------
    tiktoken, the model's own encoding          exact for the texts; the frame of a message as OpenAI counts it
    nothing observed: UTF-8 bytes               an upper bound: a byte-level tokenizer makes no token of less
                                                than one byte, nor does a sentencepiece one with byte fallback
    observed: what the server reported          an estimate with a margin of a quarter, never above the bound
    `FRAME` and `REQUEST` tokens                an upper bound of the chat templates in use (ChatML, Llama 3,
                                                Mistral, Harmony with its default system message)

An estimate leans on prompts of one kind: Chinese prose with figures. Each digit and each ASCII sign is therefore
counted as a token of its own, as Qwen and Llama 2 do, and only letters and Chinese are scaled.
"""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.prompting.reported import Cut, Reported, judge

if TYPE_CHECKING:
    import tiktoken

FRAME = 10
"""Tokens that a chat template puts around one message; its role is counted as bytes."""
REQUEST = 96
"""Tokens that it puts around the whole: the beginning, the reply's opening, a default system message."""
MARGIN = 1.25
"""What an observed ratio is multiplied by, since the next prompt may hold rarer words."""
ENOUGH = 600
"""Bytes of prompt (200 Hanzi) from which on an observation says something about the texts, not only the frame."""

_TABLES = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
"""SHA-256 of tiktoken's table files, as tiktoken itself expects them; one that differs it would fetch again."""
_TABLE_URL = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"


Messages = tuple[tuple[tuple[str, str], ...], ...]
"""The messages of a prompt, as a key."""


class TokenCounter:
    """Counts what a list of chat messages will cost, for one model.

    Args:
        model: the model's name; tiktoken is used only when it knows the name and has the table on this machine.
        encoding: an encoding to use instead, whatever the name.
        ratio: the highest ratio observed in earlier runs; 0 where nothing is known.
    """

    def __init__(self, model: str, *, encoding: tiktoken.Encoding | None = None, ratio: float = 0.0) -> None:
        self.model = model
        self._encoding = encoding if encoding is not None else _encoding_at_hand(model)
        self._ratio = ratio
        self._reports: dict[Messages, Reported] = {}

    @property
    def exact(self) -> bool:
        """Whether the texts are counted by the model's own encoding."""
        return self._encoding is not None

    @property
    def ratio(self) -> float:
        """The highest ratio observed: tokens a scaled byte, or reported to counted tokens; 0 before any."""
        return self._ratio

    def cut(self, messages: Sequence[Mapping[str, str]]) -> Cut | None:
        """Why the server cannot have read the whole of this prompt, by all reports until now; None when it seems to have.

        That is so of a context that is cut off silently, and of a server that does not count what it had cached.
        """
        one = self._reports.get(_plain(messages))
        return judge(one, [each for each in self._reports.values() if each is not one]) if one else None

    def count(self, messages: Sequence[Mapping[str, str]]) -> int:
        """Tokens of a prompt of these messages: at least as many as the server will count (see the module's table)."""
        frame = FRAME * len(messages) + REQUEST
        if self._encoding is not None:
            return math.ceil(self._encoded(messages) * max(1.0, self._ratio))
        scaled, single = _bytes(messages)
        if not self._ratio:
            return scaled + single + frame
        return min(scaled, math.ceil(scaled * self._ratio * MARGIN)) + single + frame

    def observe(self, messages: Sequence[Mapping[str, str]], prompt_tokens: int) -> None:
        """Learn from the prompt tokens that the server reported for these messages; the highest ratio is kept.

        From a prompt that is too short to tell, or was `cut`, nothing is learnt.
        """
        scaled, single = _bytes(messages)
        if prompt_tokens <= 0 or scaled < ENOUGH:
            return
        counted = self._encoded(messages) if self._encoding is not None else scaled
        size = scaled + single * 2 if self._encoding is None else counted
        self._reports[_plain(messages)] = Reported(scaled, size, prompt_tokens)
        if not self.cut(messages):
            self._ratio = max(self._ratio, prompt_tokens / counted)

    def _encoded(self, messages: Sequence[Mapping[str, str]]) -> int:
        """Tokens by the encoding: 3 around each message and 3 for the reply's opening, as OpenAI's cookbook counts."""
        encoding = self._encoding
        assert encoding is not None
        return 3 + sum(
            3 + sum(len(encoding.encode_ordinary(text)) for text in each.values()) for each in messages
        )


def _plain(messages: Sequence[Mapping[str, str]]) -> Messages:
    return tuple(tuple(sorted(each.items())) for each in messages)


def _bytes(messages: Sequence[Mapping[str, str]]) -> tuple[int, int]:
    """UTF-8 bytes of the messages: those of letters, Hanzi and blanks, and those of ASCII digits and signs."""
    scaled = single = 0
    for message in messages:
        for text in message.values():
            raw = text.encode("utf-8", "surrogatepass")
            signs = len(raw) - len(raw.translate(None, _SIGNS))
            scaled += len(raw) - signs
            single += signs
    return scaled, single


_SIGNS = bytes(code for code in range(33, 127) if not chr(code).isalpha())


def _encoding_at_hand(model: str) -> tiktoken.Encoding | None:
    """tiktoken's encoding of this model, if its table lies complete in tiktoken's cache folder; never fetched."""
    table = table_of(model)
    if table is None or not table_at_hand(table):
        return None
    import tiktoken
    from tiktoken.model import encoding_name_for_model

    return tiktoken.get_encoding(encoding_name_for_model(model))


def table_of(model: str) -> str | None:
    """The name of tiktoken's table for this model; None where it has none."""
    try:
        from tiktoken.model import encoding_name_for_model

        name = encoding_name_for_model(model)
    except (ImportError, KeyError):
        return None
    table = {"o200k_harmony": "o200k_base"}.get(name, name)
    return table if table in _TABLES else None


def table_at_hand(table: str) -> bool:
    """Whether the table lies whole in tiktoken's cache folder."""
    folder = _cache_folder()
    if folder is None:
        return False
    path = folder / hashlib.sha1(_TABLE_URL.format(table).encode(), usedforsecurity=False).hexdigest()
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == _TABLES[table]
    except OSError:
        return False


def _cache_folder() -> Path | None:
    """Where tiktoken keeps its tables; None when caching is switched off by an empty variable."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable]) if os.environ[variable] else None
    return Path(tempfile.gettempdir()) / "data-gym-cache"
