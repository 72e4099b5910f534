"""Lets a higher app say at which core group meetings plans are changed; it knows the meetings and keeps the links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db.models import DateTimeField, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable

from govuk.hook import Hook
from plans.models import Plan, PlanVersion

MeetingsOf = Callable[[Sequence[Plan]], list[tuple[int, str]]]
MadeAt = Callable[[PlanVersion, int], None]
MeetingNames = Callable[[Collection[int]], dict[int, tuple[int, str]]]

# The meetings held about any of these plans, by id, in words, newest first.
meetings_held: Hook[MeetingsOf] = Hook()
# Called in the transaction that makes a version at a meeting, with the meeting's id.
made_at_meeting: Hook[MadeAt] = Hook()
# At which meeting versions were made: by version id, the meeting's id and its words.
meeting_names: Hook[MeetingNames] = Hook()

# The moment of the first core group held on or after the day ``born`` about the ``child`` of the outer row.
core_groups_after_birth: Hook[Callable[[], QuerySet[Any]]] = Hook()


def first_core_group_after_birth() -> Combinable:
    """Return that moment as an expression; null where no app knows of core groups."""
    return next((Subquery(ask()) for ask in core_groups_after_birth), Value(None, DateTimeField()))


def meetings_of(plans: Sequence[Plan]) -> list[tuple[int, str]]:
    """Return the meetings held about any of these plans."""
    return [row for ask in meetings_held for row in ask(plans)]


def meetings_of_versions(versions: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return at which meeting each of these versions was made, where it was made at one."""
    return {pk: row for ask in meeting_names for pk, row in ask(versions).items()}


def link_to_meeting(version: PlanVersion, meeting_id: int) -> None:
    """Keep at which meeting a version was made."""
    for keep in made_at_meeting:
        keep(version, meeting_id)
