"""Asks an OpenAI-compatible endpoint for the vectors of texts. Knows no index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from drafter.addresses import NO_PROXY, on_this_machine, shown_url, usable_url
from drafter.errors import SettingsError
from drafter.settings import Settings

LONGEST = 1000
"""Characters of a text that are sent: a passage is shorter, and models cut at some hundred tokens."""
AT_ONCE = 64
"""Texts in one request."""
MOST_NOTED = 5_000
"""Requests that are remembered until somebody takes them: 300,000 passages."""
OnRequest = Callable[[str, Mapping[str, Any]], None]
"""Is told a request's address and body, without keys, before it leaves."""
_CONNECT = 5.0
"""Seconds to wait for a connection; without vectors the search goes on, so a person should not wait long."""


class EmbeddingAway(Exception):
    """The endpoint cannot be reached, refuses, or answers with something else; the message is one Chinese line."""


class Embedder:
    """Vectors from an endpoint.

    Args:
        settings: `embeddings_base_url`, `embeddings_model` and their kin.
        http_client: the openai client's own seam; who hands one in closes it.

    Raises:
        SettingsError: the address cannot be used, or no model is named.
    """

    def __init__(self, settings: Settings, http_client: Any = None) -> None:
        self._url = usable_url(settings.embeddings_base_url)
        if not settings.embeddings_model:
            raise SettingsError("用了向量接口，却没有写向量模型：请设置 embeddings_model")
        self.model = settings.embeddings_model
        self._settings, self._http_client = settings, http_client
        self._made: Any = None
        self._sent: list[tuple[str, dict[str, Any]]] = []

    @classmethod
    def chosen(cls, settings: Settings) -> Embedder | None:
        """The embedder of these settings; None where no endpoint was chosen."""
        if settings.embeddings_model and not settings.embeddings_base_url:
            raise SettingsError("写了向量模型，却没有写向量接口的地址：请设置 embeddings_base_url")
        return cls(settings) if settings.embeddings_base_url else None

    def of_query(self, text: str) -> list[float]:
        """The vector of a query.

        Raises:
            EmbeddingAway: see there.
        """
        return self._embed([self._settings.embeddings_query_prefix + text])[0]

    def of_passages(self, texts: Sequence[str], note: OnRequest | None = None) -> list[list[float]]:
        """The vectors of passages, at most AT_ONCE of them, in their order; `note` is told the request before it leaves.

        Raises:
            EmbeddingAway: see there.
        """
        return self._embed([self._settings.embeddings_passage_prefix + text for text in texts], note)

    def take_sent(self) -> list[tuple[str, dict[str, Any]]]:
        """Address and body of each request since this was last asked: what left the machine, keys apart."""
        sent, self._sent = self._sent, []
        return sent

    def close(self) -> None:
        """Close the connection; a client that was handed in stays open."""
        if self._made is not None and self._http_client is None:
            self._made.close()
        self._made = None

    def _embed(self, texts: list[str], note: OnRequest | None = None) -> list[list[float]]:
        import openai

        body: dict[str, Any] = {
            "model": self.model,
            "input": [text[:LONGEST] for text in texts],
            "encoding_format": "float",
        }
        url = f"{shown_url(self._url)}/embeddings"
        if note:
            note(url, body)
        self._sent.append((url, body))
        del self._sent[:-MOST_NOTED]
        try:
            answer = self._client().embeddings.create(**body)
            rows = sorted(answer.data, key=lambda row: row.index)
            vectors = [[float(value) for value in row.embedding] for row in rows]
        except openai.APIStatusError as error:
            raise EmbeddingAway(f"向量接口拒绝了请求（状态 {error.status_code}）") from None
        except openai.APITimeoutError:
            raise EmbeddingAway("向量接口超时没有回答") from None
        except openai.APIConnectionError:
            raise EmbeddingAway("连不上向量接口") from None
        except (openai.OpenAIError, TypeError, ValueError, AttributeError):
            raise EmbeddingAway("向量接口的回答不是 OpenAI 格式") from None
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) != 1 or not vectors[0]:
            raise EmbeddingAway("向量接口给出的向量数目或长度不对")
        return vectors

    def _client(self) -> Any:
        if self._made is None:
            import openai

            timeout = openai.Timeout(self._settings.timeout, connect=min(self._settings.timeout, _CONNECT))
            self._made = openai.OpenAI(
                base_url=self._url,
                api_key=self._settings.embeddings_api_key.get_secret_value() or "none",
                timeout=timeout,
                max_retries=1,
                http_client=self._http_client
                # a redirect would carry passages to an address that nobody chose
                or openai.DefaultHttpxClient(
                    timeout=timeout,
                    follow_redirects=False,
                    mounts=NO_PROXY if on_this_machine(self._url) else None,
                ),
            )
        return self._made
