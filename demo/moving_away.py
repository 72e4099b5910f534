"""A family that moved for good: the other council held its conference, and a manager ended the plans here."""

from __future__ import annotations

import datetime

from conferences.models import Conference
from deadlines.working_days.calendars import WorkingCalendar
from demo import between_councils, meeting
from demo.council import Council
from demo.families import DemoFamily
from plans.enums import WhatAgencySaid
from plans.models import Plan
from plans.selectors.endings import agencies_to_ask
from plans.services.endings import Accepted, end_moved, record_agency_asked


def end_plans(
    council: Council, demo: DemoFamily, conference: Conference, *, calendar: WorkingCalendar, today: datetime.date
) -> None:
    """Have the other council take over, ask every agency, and end the plans that a conference made, yesterday."""
    by = demo.social_worker
    answer = between_councils.take_over(council, demo, conference, calendar=calendar, today=today)
    yesterday = calendar.subtract(today, 1)
    manager = council.user("Graham Rook")
    for plan in Plan.objects.filter(decision__conference_child__conference=conference).select_related("child__person"):
        for row in agencies_to_ask(plan, on=yesterday):
            record_agency_asked(
                plan=plan,
                agency=row.agency,
                whom="The person who knows the child",
                asked_on=calendar.subtract(today, 3),
                answer=WhatAgencySaid.AGREES,
                said="The papers have gone on. Agrees that the plan ends here.",
                by=by,
                now=meeting.at(yesterday, 11),
            )
        accepted = Accepted(
            for_good=True,
            where_to="Westmere Council",
            conference_on=calendar.subtract(today, 2),
            responsible_from=yesterday,
            letter_kept=answer.letter_kept,
        )
        end_moved(plan=plan, facts=accepted, by=manager, now=meeting.at(yesterday, 15))
