"""The retriever opensearch: past reports in an OpenSearch or Elasticsearch server that several machines share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter import Settings, hookimpl

if TYPE_CHECKING:
    from drafter.plugins import Reader

    from drafter_opensearch.retriever import OpenSearchRetriever

__all__ = ["open_opensearch"]


def open_opensearch(
    paths: Sequence[Path], settings: Settings, readers: Mapping[str, Reader] | None = None
) -> OpenSearchRetriever:
    """The retriever "opensearch" over the server that the environment names; the paths are taken in first.

    Only what is new or changed under them is read and sent. Without paths the index is searched as it is. Either way
    everything in the index is searched, also what others put there.

    Raises:
        SettingsError: an environment variable is wrong, or the client library is missing.
        CorpusError: a path is missing, the server cannot be used, or the index is empty or of another version.
    """
    from drafter_opensearch.connection import connect
    from drafter_opensearch.intake import add
    from drafter_opensearch.retriever import OpenSearchRetriever

    server = connect(attempts=settings.attempts)
    try:
        if not paths:
            server.check()
            return OpenSearchRetriever(server)
        server.prepare()
        report = add(server, [Path(path) for path in paths], readers=readers)
        return OpenSearchRetriever(server, report.skipped)
    except BaseException:
        server.close()
        raise


@hookimpl
def register_retrievers(register: Any) -> None:
    """`retriever = "opensearch"` in the settings; the client library loads only when it is chosen."""
    register(open_opensearch, name="opensearch")
