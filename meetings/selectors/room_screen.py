"""What everyone in the room may see: one heading of one part, on the chair's screen and the room's."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from conferences.selectors.children import children_around, names_of
from entitlement import Concealed, concealed_from
from meetings.selectors.board import board_of
from meetings.selectors.day_steps import TheDay


def room_screen(day: TheDay, *, part_id: str, heading: str, now: datetime.datetime) -> dict[str, Any]:
    """Return the context of the screen, for the part under way if ``part_id`` is not one of this sitting."""
    part = next((row for row in day.parts if str(row.pk) == part_id), None)
    part = part or day.part_now
    columns = board_of(
        day.conference, part_id=part.pk if part else 0, for_the_room=concealed_from_the_room(day, now=now)
    )
    shown = next((column for column in columns if column.heading.key == heading), columns[0])
    return {
        "conference": day.conference,
        "authority": day.conference.authority,
        "day": day,
        "part": part,
        "names": names_of(day.children),
        "columns": columns,
        "shown": shown,
        "now": now,
    }


def concealed_from_the_room(day: TheDay, *, now: datetime.datetime) -> Concealed:
    """Return what would tell anyone on the list where another person is."""
    people = [row.participant.person for row in day.attendees if not row.is_left_out]
    children = children_around(day.conference)
    council = day.conference.authority.name
    return concealed_from(people, children, council=council, on=timezone.localdate(now))
