"""Declares what each deadlines table holds, and about which family."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.case_data import case_table, not_case_data
from deadlines import models

OWN_WORDS = {"kind", "limit_key", "other_limit_key"}
OF_A_DEADLINE = "deadline__family_id"


def of_one_or_of_all(children: Any) -> Q:
    """Match deadlines of one of the children, and of the whole family or conference."""
    return Q(child_id__in=children) | Q(child_id__isnull=True)


case_table(models.Deadline, "Deadlines", family="family_id", about=of_one_or_of_all, keeps=OWN_WORDS)
case_table(models.DeadlineChange, "Changes of deadlines", family=OF_A_DEADLINE, is_given=False)
case_table(models.DeadlineNotice, "Who was told of deadlines", family=OF_A_DEADLINE, is_given=False)
case_table(models.LateCause, "Why deadlines were late", family=OF_A_DEADLINE, keeps={"cause", "asked_of"})
case_table(models.RecountedDeadline, "Deadlines counted again", family=OF_A_DEADLINE, is_given=False)

not_case_data(models.Calendar, models.CalendarDay, models.ClosedDay, because="Days on which people work.")
not_case_data(models.CalendarFeed, because="Addresses of calendars of those who work for the council, as hashes.")
not_case_data(
    models.PolicyVersion,
    models.PolicyLimit,
    models.PolicyDraft,
    models.Recount,
    because="The council's procedures, which name no one.",
)
not_case_data(models.SweepRun, models.DigestRun, models.ReconcileRun, because="When background work ran.")
