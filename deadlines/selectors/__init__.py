"""Reading: the ledger, one person's work, and why a date is what it is."""

from __future__ import annotations

from deadlines.selectors.explanation import Explanation, explain
from deadlines.selectors.ledger import deadlines_of, next_deadline
from deadlines.selectors.work import Work, work_of

__all__ = ["Explanation", "Work", "deadlines_of", "explain", "next_deadline", "work_of"]
