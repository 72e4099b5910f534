"""Recording everybody who is expected in a part as here, in one act; the exceptions follow one by one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import FAMILY_CAPACITIES, Mode, Presence, Reply
from conferences.models import Conference, Part
from meetings.selectors.attendance import Attendee, attendees_of
from meetings.selectors.rules_of_day import about_observers
from meetings.services.attendance import record_attendance
from meetings.services.guards import lock_in_session

SAID_NO = frozenset({Reply.DEPUTY, Reply.REPORT_ONLY, Reply.NOT_COMING})


def expected_in(part: Part, attendees: Iterable[Attendee]) -> list[Attendee]:
    """Return who is still to be recorded for a part and is expected there.

    An observer is expected once all of the family agree. Not those about whom the chair has to decide or whom the
    chair keeps out, removed or left out, those who said they would not come or have left, and those who were planned
    for another part only. Whom the chair wants at a time or place of their own, and whoever speaks for them, is
    expected only in a part planned for them; while they are in one, no other of the family is expected there unless
    planned for it. People who must not meet are never put together by one click.
    """
    rows = list(attendees)
    observers = about_observers(rows)
    someone_apart = any(row.comes_apart and row.is_in(part) for row in rows)
    return [
        row
        for row in rows
        if not (row.needs_the_chair or row.is_kept_out or row.is_left_out)
        and row.presence not in (Presence.REMOVED, Presence.APOLOGIES, Presence.ABSENT)
        and row.participant.reply not in SAID_NO
        and not any(seen.left_at for seen in row.attendances)
        and row.is_planned_for(part)
        and row.version_in(part) == 0
        and (row.participant.pk not in observers or observers[row.participant.pk].everyone_agrees)
        and (row.is_named_for(part) or not (row.comes_apart or (someone_apart and _is_of_family(row))))
    ]


def _is_of_family(row: Attendee) -> bool:
    pair = (row.participant, row.participant.acts_for)
    return any(one is not None and one.capacity in FAMILY_CAPACITIES for one in pair)


@transaction.atomic
def record_everybody_here(*, conference: Conference, part: Part, by: User, now: datetime.datetime) -> list[str]:
    """Record all who are expected in a part as here, each in the way they said they would come.

    What is recorded already stays as it is, so that sending it twice changes nothing. Returns the names of those who
    could not be recorded: a later decision of the chair keeps them from this part.

    Raises MeetingClosed, ValidationError before the meeting was opened and on ``part``.
    """
    locked, sitting = lock_in_session(conference)
    if part.sitting_id != sitting.pk:
        raise ValidationError({"part": "Choose a part of the sitting that is running."})
    refused = []
    for row in expected_in(part, attendees_of(locked, sitting=sitting)):
        online = row.participant.reply == Reply.ONLINE or row.participant.mode == Mode.ONLINE
        mode = Mode.ONLINE if online else Mode.IN_PERSON
        try:
            with transaction.atomic():
                record_attendance(
                    participant=row.participant, part=part, presence=Presence.PRESENT, mode=mode, by=by, now=now
                )
        except ValidationError:
            refused.append(row.participant.person.full_name)
    return refused
