"""Reads: the ledger, a user's work, and why a date is what it is."""

from __future__ import annotations

from deadlines.selectors.explanation import Explanation, explain
from deadlines.selectors.ledger import deadlines_of, next_deadline
from deadlines.selectors.team import TeamWork, team_rows, team_work, teams_open_to
from deadlines.selectors.work import Work, late_count, work_of

__all__ = [
    "Explanation",
    "TeamWork",
    "Work",
    "deadlines_of",
    "explain",
    "late_count",
    "next_deadline",
    "team_rows",
    "team_work",
    "teams_open_to",
    "work_of",
]
