"""A mother of sixteen with a plan of her own, whose unborn baby has another: chair, conference and core group apart."""

from __future__ import annotations

import dataclasses
import datetime
import random

from conferences.enums import Outcome
from deadlines.working_days.calendars import WorkingCalendar
from demo import meeting
from demo.council import Council
from demo.families import DemoFamily, referral
from families.enums import AgencyKind, RelationshipKind
from families.models import Child
from families.services import PersonFacts, TieFacts, add_person, add_pregnancy, record_involvement

WORRY = "Melissa is sixteen and expects a baby. There is shouting at home, and no one to help her at night."


def expect_a_baby(
    council: Council, demo: DemoFamily, *, calendar: WorkingCalendar, today: datetime.date, dice: random.Random
) -> Child:
    """Record Melissa's pregnancy and its father, and hold the baby's own conference, with another chair."""
    by, told_on = demo.social_worker, calendar.subtract(today, 16)
    now = meeting.at(told_on, 9)
    melissa = next(child for child in demo.children if child.person.given_name == "Melissa")
    pregnancy = add_pregnancy(
        family=demo.family,
        mother=melissa.person,
        expected_on=today + datetime.timedelta(days=80),
        by=by,
        now=now,
        referral=referral(told_on),
    )
    baby: Child = pregnancy.children.get()
    father = add_person(
        family=demo.family,
        facts=PersonFacts(
            given_name="Fennel", family_name="Larkspur", sex="M", birth_date=today - datetime.timedelta(days=19 * 366)
        ),
        ties=[TieFacts(child=baby, kind=RelationshipKind.FATHER)],
        by=by,
        now=now,
    )
    for kind in (AgencyKind.MIDWIFERY, AgencyKind.HEALTH_VISITING):
        post = council.posts[kind][0]
        record_involvement(children=[baby], agency=post.agency, post=post, direct_contact=True, by=by, now=now)
    babys = dataclasses.replace(demo, mother=melissa.person, father=father, children=[baby])
    meeting.start_enquiries(babys, held_at=meeting.at(told_on, 14), reason=WORRY)
    day = calendar.subtract(today, 6)
    conference = meeting.book(
        council, babys, day=day, now=meeting.at(calendar.add(told_on, 1), 10), reason=WORRY, chair="Ruth Avocet"
    )
    meeting.invite(council, conference, now=meeting.at(calendar.add(told_on, 1), 15))
    conference.refresh_from_db()
    meeting.hold(council, conference, outcome=Outcome.CP_PLAN, worry=WORRY, dice=dice)
    return baby
