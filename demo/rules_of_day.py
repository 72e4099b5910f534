"""How a meeting of the demonstration goes by its rules: agenda, statements read out, and a pause."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.models import Conference, Part
from meetings.services.agenda import begin_item, finish_item
from meetings.services.rules_of_day import begin_break, end_break, record_statements_read

FIVE, FIFTEEN = (datetime.timedelta(minutes=minutes) for minutes in (5, 15))


def begin_by_the_rules(conference: Conference, part: Part, *, by: User, now: datetime.datetime) -> None:
    """Go through the agenda, and read out what is read out in each part."""
    for item in conference.agenda.order_by("position"):
        begin_item(item=item, by=by, now=now)
        finish_item(item=item, by=by, now=now + FIVE)
    record_statements_read(part=part, by=by, now=now + FIVE)


def pause(conference: Conference, *, by: User, now: datetime.datetime) -> datetime.datetime:
    """Have the chair call a break, and return when it was over."""
    chair: User = conference.chair  # type: ignore[assignment]
    begin_break(conference=conference, reason="The family asked for a pause", by=chair, now=now)
    end_break(conference=conference, by=by, now=now + FIFTEEN)
    return now + FIFTEEN
