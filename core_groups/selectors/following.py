"""Whether anything about a core group meeting has changed that one reader may hear of: one opaque key.

Triggers on these tables notify the channel of conferences with ``g`` and the meeting's id (migrations 0015 and after).
Whoever sat elsewhere has another key, which stays as it is while a separate sitting is written about; of a stop for
safety only those hear who are told of it.
"""

from __future__ import annotations

import datetime
from functools import cache

from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core_groups.models import CoreGroupMeeting
from core_groups.selectors.leading import knows_of_stops
from core_groups.selectors.recording import TheRecord
from core_groups.selectors.rounds import rounds_read
from meetings.selectors.changes import Followable, Following, opaque

PREFIX = "g"
# Ours: a record is written on for some days; after that its pages stay as they were opened.
FOLLOWED_FOR = datetime.timedelta(days=7)
ALL, ALL_AND_STOPS = "all", "all and stops"
# Tables of a meeting, and the column that says in which sitting it was; empty where it is of no sitting.
WATCHED = (
    ("core_groups.CoreGroupMeeting", ""),
    ("core_groups.MeetingAttendance", "sitting_id"),
    ("core_groups.AlsoThere", "sitting_id"),
    ("core_groups.MeetingStatement", "sitting_id"),
    ("core_groups.MeetingBreak", "sitting_id"),
    ("core_groups.ProgressAtMeeting", "sitting_id"),
    ("core_groups.MeetingNote", "sitting_id"),
    ("core_groups.MeetingScore", "sitting_id"),
    ("core_groups.MeetingRound", "sitting_id"),
    ("core_groups.OwnWords", ""),
)
OF_ALL = ("core_groups.SeparateSitting", "core_groups.AnswerAboutObserver")
# Which rows of a table are a meeting's, where no column of it says so.
LED_FROM = {
    "core_groups.AnswerAboutObserver": "observer_id IN (SELECT id FROM core_groups_alsothere WHERE meeting_id = "
    "%(meeting)s)"
}
STOPS = ("core_groups.MeetingStop",)


def scope_of(record: TheRecord, user: User) -> str:
    """Return what of a meeting a user hears of: all of it, or the ids of the sittings in which they were."""
    if not record.own:
        return ALL_AND_STOPS if knows_of_stops(user, record.group) else ALL
    _, sittings = rounds_read(record)
    return ",".join(["0", *(str(one.pk) for one in sittings if one is not None)])


def key_of_meeting(meeting_id: int, scope: str) -> str:
    """Return a key that is another one after each write that ``scope`` hears of, and says nothing about it."""
    sittings = [] if scope in (ALL, ALL_AND_STOPS) else [int(pk) for pk in scope.split(",")]
    with connection.cursor() as cursor:
        cursor.execute(
            _newest(is_all=not sittings, with_stops=scope == ALL_AND_STOPS),
            {"meeting": meeting_id, "sittings": sittings},
        )
        newest = cursor.fetchone()
    return opaque(PREFIX, meeting_id, scope, newest)


@cache
def _newest(*, is_all: bool, with_stops: bool) -> str:
    columns = []
    labels = [*WATCHED, *((label, "") for label in OF_ALL if is_all), *((label, "") for label in STOPS if with_stops)]
    for label, sitting in labels:
        events = apps.get_model(f"{label}Event")._meta.db_table
        of = "pgh_obj_id" if label == "core_groups.CoreGroupMeeting" else "meeting_id"
        where = LED_FROM.get(label, f"{of} = %(meeting)s")
        if sitting and not is_all:
            where += f" AND ({sitting} IS NULL OR {sitting} = ANY(%(sittings)s))"
        columns.append(f'(SELECT max(pgh_id) FROM "{events}" WHERE {where})')  # noqa: S608 - our own names
    return f"SELECT {', '.join(columns)}"


def is_followed(meeting: CoreGroupMeeting, now: datetime.datetime) -> bool:
    """Return whether pages of the meeting still follow it."""
    return meeting.held_at is not None and now < meeting.held_at + FOLLOWED_FOR and meeting.core_group.ended_on is None


def following(record: TheRecord, user: User) -> Following | None:
    """Return what lets a page of the record follow the meeting; None where nothing does any more."""
    if not is_followed(record.meeting, timezone.now()):
        return None
    pk = record.meeting.pk
    return Following(
        key_of_meeting(pk, scope_of(record, user)), reverse("core_groups:changed", args=[pk]), f"/live/{PREFIX}{pk}/"
    )


FOLLOWABLE = Followable(PREFIX, key_of_meeting, lambda pk: reverse("core_groups:changed", args=[pk]))
