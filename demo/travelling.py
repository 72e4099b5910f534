"""A child on a plan who is abroad without our agreement, and due back in two days."""

from __future__ import annotations

import datetime

from deadlines.working_days.calendars import WorkingCalendar
from demo import meeting
from demo.families import DemoFamily
from plans.models import Plan
from transfers.enums import Agreed
from transfers.services.travel import Journey, record_travel


def take_abroad(demo: DemoFamily, *, calendar: WorkingCalendar, today: datetime.date) -> None:
    """Record that the youngest child of the family travels with the grandparents."""
    plan = Plan.objects.get(child=demo.children[-1], ends_on__isnull=True)
    told_on = calendar.subtract(today, 4)
    journey = Journey(
        where_to="The Land of Nowhere, with cousins of the father",
        with_whom="The father, on 01632 960 555",
        leaves_on=today - datetime.timedelta(days=3),
        back_on=today + datetime.timedelta(days=2),
        agreed=Agreed.NO,
        because="A family feast. No one who knows the plan is there. The father rings every evening.",
    )
    record_travel(plan=plan, journey=journey, by=demo.social_worker, now=meeting.at(told_on, 15))
