"""The check terms: an office's list of deprecated terms, what replaces each, and since when."""

from __future__ import annotations

from drafter import hookimpl

from drafter_terms.check import Terms
from drafter_terms.listing import Term, TermsError, load_terms, read_terms

__all__ = ["Term", "Terms", "TermsError", "load_terms", "read_terms"]


@hookimpl
def register_checks(register):
    """The check, with the list that comes with this package and the office's own."""
    register(Terms(load_terms()))
