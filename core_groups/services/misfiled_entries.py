"""Moves notes and scores of a core group meeting that are about another child of the group."""

from __future__ import annotations

import datetime
from typing import Any

from core_groups.meeting_panels import minutes_released
from core_groups.models import CoreGroupMeeting, MeetingNote, MeetingScore
from core_groups.selectors.recording import day_of, plans_on
from core_groups.services.guards import lock_held, refuse_strangers
from families.models import Child
from meetings.enums import EntryKind
from meetings.misfiled_entries import Movable, Place, register_movable


def _place_at(meeting: CoreGroupMeeting, named: list[Child], text: str) -> Place:
    held = lock_held(meeting)
    plans = {plan.child_id: plan for plan in plans_on(held.core_group, day_of(held))}
    everybody = [plan.child for plan in plans.values()]
    return Place(
        family=held.core_group.family,
        conference=None,
        children=named or everybody,
        possible=everybody,
        record_of=lambda child: plans[child.pk].pk,
        text=text,
        is_released=any(asks(held.pk) for asks in minutes_released),
    )


def _note_place(entry_id: int) -> Place | None:
    row = MeetingNote.objects.select_related("meeting").filter(pk=entry_id, withdrawn_at__isnull=True).first()
    if row is None:
        return None
    named = list(row.children.select_related("person", "pregnancy").order_by("pk"))
    return _place_at(row.meeting, named, row.text)


def _score_place(entry_id: int) -> Place | None:
    rows = MeetingScore.objects.select_related("meeting", "child__person", "child__pregnancy")
    # A score that is still hidden can't be read here either.
    row = rows.filter(pk=entry_id, superseded_at__isnull=True, shown_at__isnull=False).first()
    return _place_at(row.meeting, [row.child], row.reason) if row else None


def _put_note(entry_id: int, from_child: Child, to_child: Child, _now: datetime.datetime) -> None:
    row = MeetingNote.objects.select_for_update(of=("self",)).select_related("meeting__core_group").get(pk=entry_id)
    everybody = {plan.child_id: plan.child for plan in plans_on(row.meeting.core_group, day_of(row.meeting))}
    about = {child.pk: child for child in row.children.all()} or dict(everybody)
    about.pop(from_child.pk, None)
    about[to_child.pk] = everybody[to_child.pk]
    row.children.set(about.values())
    _count(row)


def _put_score(entry_id: int, _from_child: Child, to_child: Child, _now: datetime.datetime) -> None:
    rows = MeetingScore.objects.select_for_update(of=("self",)).select_related("meeting__core_group", "member")
    row = rows.get(pk=entry_id)
    refuse_strangers(row.meeting, row.member, to_child)
    row.child = to_child
    _count(row, "child")


def _count(row: Any, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=["version", *fields])


def register_movables() -> None:
    """Register notes and scores of core group meetings. Called once from ``connect``."""
    register_movable(Movable(EntryKind.NOTE, _note_place, _put_note))
    register_movable(Movable(EntryKind.RATING, _score_place, _put_score))
