"""Calculates every date of a case from its events alone: the rules of the clocks, without a database."""

from __future__ import annotations

from deadlines.calculator.cases import DAYS, KEYS, MOMENTS, TYPES, Case, CaseInvalid, london, read_case
from deadlines.calculator.procedures import policy_named
from deadlines.calculator.rules import CLOCKS, ClockDate, dates_of

__all__ = [
    "CLOCKS",
    "DAYS",
    "KEYS",
    "MOMENTS",
    "TYPES",
    "Case",
    "CaseInvalid",
    "ClockDate",
    "dates_of",
    "london",
    "policy_named",
    "read_case",
]
