"""Declares what each notifications table holds, and about whom."""

from __future__ import annotations

from django.db.models import Q

from accounts.case_data import Subject, case_table
from notifications.models import Message, Notice


def _messages(one: Subject) -> Q:
    return Q(family_id__in=one.families) | Q(conference_id__in=one.conferences) | Q(person_id__in=one.persons)


case_table(Message, "Messages", where=_messages, stubs={"key": "'removed-' || id"})
case_table(
    Notice,
    "Notices to staff",
    where=lambda one: Q(url__regex=one.pages),
    keeps={"url"},
    stubs={"key": "'removed-' || id"},
    is_given=False,
)
