"""Writers: what turns one request into the text of one leaf. Only the chosen one is made, and imported, at all."""

from __future__ import annotations

from drafter.plugins import Register, Writer, hookimpl
from drafter.settings import Settings


def make_endpoint_writer(settings: Settings) -> Writer:
    """The writer that asks an OpenAI-compatible endpoint."""
    from drafter.writers.endpoint import EndpointWriter

    return EndpointWriter(settings)


def make_offline_writer(settings: Settings) -> Writer:
    """The embedded writer that needs no model; the settings do not concern it."""
    from drafter.writers.offline import OfflineWriter

    return OfflineWriter()


@hookimpl
def register_writers(register: Register) -> None:
    """Register the two built-in writers."""
    register(make_endpoint_writer, name="endpoint")
    register(make_offline_writer, name="offline")
