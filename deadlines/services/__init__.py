"""Writes: the calendar, policies, the ledger, and notifications."""

from __future__ import annotations

from deadlines.services.calendar import add_closed_day, build_calendar, withdraw_closed_day
from deadlines.services.digest import write_digests
from deadlines.services.ledger import ReconcileResult, counting_once, reconcile, reconcile_as_far_as_possible
from deadlines.services.nightly import reconcile_everything
from deadlines.services.policies import put_policy_in_force, renew_policies
from deadlines.services.sweeps import SweepResult, sweep

__all__ = [
    "ReconcileResult",
    "SweepResult",
    "add_closed_day",
    "build_calendar",
    "counting_once",
    "put_policy_in_force",
    "reconcile",
    "reconcile_as_far_as_possible",
    "reconcile_everything",
    "renew_policies",
    "sweep",
    "withdraw_closed_day",
    "write_digests",
]
