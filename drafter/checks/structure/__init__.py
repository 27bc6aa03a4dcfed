"""The structure check: numbers, sections, lengths, marks in pairs, and what is told twice."""

from __future__ import annotations

from drafter.checks.structure.check import Structure

__all__ = ["Structure"]
