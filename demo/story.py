"""Takes each invented case as far as its stage says, as if every step had happened on its day."""

from __future__ import annotations

import datetime
import random

from django.db import transaction
from django.utils import timezone

from conferences.enums import Outcome
from conferences.models import Conference
from conferences.services.scheduling import cancel_conference
from deadlines.services import counting_once
from deadlines.working_days.calendars import WorkingCalendar, calendar_for
from demo import (
    afterwards,
    between_councils,
    births,
    changes,
    core_groups,
    endings,
    heard,
    long_plans,
    meeting,
    moving,
    moving_away,
    papers,
    told,
    travelling,
    visiting,
    young_mother,
)
from demo.cast import CAST, Cast, Stage
from demo.council import Council, build_council
from demo.families import DemoFamily, build_brambleys, build_family
from families.services import close_case
from plans.models import Plan

SEED = 20261
# Working days between the strategy discussion and the conference; the limit is read from the policy.
USUAL_WAIT = 10
# How many working days ago the conference of a stage was held; two figures are the ends of a range.
HELD_AGO: dict[Stage, tuple[int, int]] = {
    Stage.TODAY: (0, 0),
    Stage.DECIDED: (1, 1),
    Stage.RECORDED: (16, 20),
    Stage.CP_PLAN: (24, 55),
    Stage.CIN_PLAN: (24, 40),
    Stage.CLOSED: (40, 45),
}
OUTCOMES: dict[Stage, Outcome] = {
    Stage.DECIDED: Outcome.CP_PLAN,
    Stage.RECORDED: Outcome.CP_PLAN,
    Stage.CP_PLAN: Outcome.CP_PLAN,
    Stage.CIN_PLAN: Outcome.CIN_PLAN,
    Stage.CLOSED: Outcome.OTHER_SUPPORT,
}
# Plans whose reviews were held, told by themselves.
OVER_TIME = {
    Stage.LONG_PLAN: long_plans.tell_long_plan,
    Stage.LOWERED: endings.tell_of_lowered_plan,
    Stage.DIED: endings.tell_of_death,
}
# The family whose children moved for good, and whose plans another council took over.
MOVED_AWAY = "Plumtree"
# One of two siblings moves to another council, and its plan goes on here.
SIBLING_MOVES = "Willowby"
# Came here with another council’s plan.
MOVED_HERE = "Cloverdale"
# One baby was expected, and two were born.
BEARS_A_PAIR = "Honeywell"
# A sister of sixteen, on a plan, expects a baby who has a plan of its own.
YOUNG_MOTHER = "Vetchley"
# One child had a plan before; the other is abroad.
HAD_ONE_BEFORE = "Sedgeworth"
# The child whom the last visit did not find.
NOT_AT_HOME = "Nettle"
CIRCULATED = frozenset({Stage.RECORDED, Stage.CP_PLAN, Stage.CIN_PLAN, Stage.CLOSED})


def tell_everything(*, now: datetime.datetime) -> Council:
    """Build the council and its families. The same day gives the same people, dates and words."""
    council = build_council(now=now)
    calendar = calendar_for(council.authority.pk)
    today = timezone.localdate(now)
    dice = random.Random(SEED)
    with transaction.atomic(), counting_once(now=now):
        discussed = calendar.subtract(today, 6)
        brambleys = build_brambleys(council, now=meeting.at(calendar.subtract(discussed, 2), 9))
        meeting.start_enquiries(
            brambleys,
            held_at=meeting.at(discussed, 11),
            reason="Police were called at night. Hazel, who is pregnant, was hurt while the children were in the flat.",
        )
    for cast in CAST:
        with transaction.atomic(), counting_once(now=now):
            tell(council, cast, calendar=calendar, today=today, now=now, dice=dice)
    return council


def tell(
    council: Council,
    cast: Cast,
    *,
    calendar: WorkingCalendar,
    today: datetime.date,
    now: datetime.datetime,
    dice: random.Random,
) -> None:
    """Tell the story of one family as far as it has got by ``now``."""
    discussed = _discussed_on(cast.stage, calendar, today, dice)
    known_since = calendar.subtract(discussed, 3)
    demo = build_family(council, cast, now=meeting.at(known_since, 9), dice=dice)
    _tell_before(council, demo, cast.name, calendar=calendar, today=today, now=now)
    if cast.stage == Stage.NEW:
        return
    meeting.start_enquiries(demo, held_at=meeting.at(discussed, 11), reason=cast.worry)
    if tell_of_plan := OVER_TIME.get(cast.stage):
        tell_of_plan(council, demo, calendar=calendar, today=today, now=now)
        return
    if cast.stage in {Stage.ENQUIRY, Stage.LATE}:
        return
    booked_on = calendar.add(discussed, 1)
    day = calendar.add(discussed, USUAL_WAIT)
    if cast.stage == Stage.TODAY and day < today:
        day = calendar.add(today, 1)
    conference = meeting.book(council, demo, day=day, now=meeting.at(booked_on, 10), reason=cast.worry)
    if cast.stage == Stage.SCHEDULED:
        heard.plan_halves(conference, demo, cast.name, now=meeting.at(booked_on, 11))
        return
    meeting.invite(council, conference, now=meeting.at(booked_on, 15))
    _tell_by_hand(council, demo, conference, cast.stage, now=meeting.at(booked_on, 16))
    if cast.stage == Stage.CANCELLED:
        cancel_conference(
            conference=conference,
            reason="The enquiries found another explanation; the manager agreed that no conference is needed.",
            by=demo.social_worker,
            now=meeting.at(calendar.add(booked_on, 3), 16),
        )
        return
    answered_on = calendar.add(booked_on, 2)
    meeting.answer(conference, by=council.user("Joan Plover"), now=meeting.at(answered_on, 12), dice=dice)
    conference.refresh_from_db()
    papers.report_before(
        council,
        conference,
        worry=cast.worry,
        now=min(now, meeting.at(calendar.subtract(timezone.localdate(conference.sittings.get().starts_at), 3), 14)),
        complete=cast.stage not in {Stage.INVITED, Stage.MOVED, Stage.CHANGED, Stage.TODAY},
        dice=dice,
    )
    heard.hear(conference, demo, cast.name, now=now)
    _change(council, demo, conference, cast.stage, on=calendar.add(booked_on, 4))
    if cast.stage not in OUTCOMES:
        return
    meeting.hold(council, conference, outcome=OUTCOMES[cast.stage], worry=cast.worry, dice=dice)
    conference.refresh_from_db()
    if cast.stage in CIRCULATED:
        papers.circulate(council, conference, calendar=calendar, now=now)
        _tell_children(conference, demo, cast.name, calendar=calendar, now=now)
    afterwards.follow(council, conference, cast.name, calendar=calendar, today=today)
    if cast.stage in {Stage.CP_PLAN, Stage.RECORDED}:
        _carry(conference, demo, calendar=calendar, now=now, dice=dice)
    _move_on(council, demo, conference, cast.name, calendar=calendar, today=today, dice=dice)
    if cast.stage == Stage.CLOSED:
        close_case(family=demo.family, on=calendar.subtract(today, 5), by=demo.social_worker)


def _tell_children(
    conference: Conference, demo: DemoFamily, name: str, *, calendar: WorkingCalendar, now: datetime.datetime
) -> None:
    """Let the social worker tell the children two working days after the meeting, where that day is over."""
    told_at = meeting.at(calendar.add(timezone.localdate(conference.ended_at), 2), 15)
    if told_at > now - datetime.timedelta(hours=3):
        return
    told.tell_children(conference, by=demo.social_worker, now=told_at)
    if name == told.HAS_A_LETTER:
        told.write_letter(conference, by=demo.social_worker, now=told_at)


def _tell_before(
    council: Council,
    demo: DemoFamily,
    name: str,
    *,
    calendar: WorkingCalendar,
    today: datetime.date,
    now: datetime.datetime,
) -> None:
    """Tell what was before any conference: a plan here or elsewhere, an agency that asks, an allegation."""
    if name == heard.ASKED_ABOUT:
        heard.ask_for_conference(council, demo, now=now)
    if name == heard.ALLEGED:
        heard.refer_allegation(demo, now=now)
    if name == HAD_ONE_BEFORE:
        long_plans.had_a_plan_before(demo, demo.children[0], today=today)
    if name == MOVED_HERE:
        between_councils.move_in(demo, calendar=calendar, today=today)


def _move_on(
    council: Council,
    demo: DemoFamily,
    conference: Conference,
    name: str,
    *,
    calendar: WorkingCalendar,
    today: datetime.date,
    dice: random.Random,
) -> None:
    """Tell of the families that moved, in whole or in part, of births, a young mother and a child abroad."""
    if name == MOVED_AWAY:
        moving_away.end_plans(council, demo, conference, calendar=calendar, today=today)
    if name == SIBLING_MOVES:
        moves = [child for child in demo.children if child.person.given_name == NOT_AT_HOME]
        between_councils.tell_other_council(council, demo, conference, moves, calendar=calendar, today=today)
    if name == BEARS_A_PAIR:
        births.bear_a_pair(demo, on=today)
    if name == YOUNG_MOTHER:
        young_mother.expect_a_baby(council, demo, calendar=calendar, today=today, dice=dice)
    if name == HAD_ONE_BEFORE:
        travelling.take_abroad(demo, calendar=calendar, today=today)


def _tell_by_hand(
    council: Council, demo: DemoFamily, conference: Conference, stage: Stage, *, now: datetime.datetime
) -> None:
    if stage == Stage.CHANGED:
        changes.tell_one_by_hand(council, demo, conference, now=now)
    else:
        meeting.tell_otherwise(conference, by=demo.social_worker, now=now, reached=stage != Stage.INVITED)


def _change(council: Council, demo: DemoFamily, conference: Conference, stage: Stage, *, on: datetime.date) -> None:
    if stage == Stage.MOVED:
        moving.move(council, conference, now=meeting.at(on, 11))
    if stage == Stage.CHANGED:
        changes.replace_chair(council, conference, now=meeting.at(on, 9))
        changes.change_children(council, demo, conference, now=meeting.at(on, 11))


def _discussed_on(stage: Stage, calendar: WorkingCalendar, today: datetime.date, dice: random.Random) -> datetime.date:
    if stage in OVER_TIME:
        began = long_plans if stage == Stage.LONG_PLAN else endings
        return calendar.subtract(began.first_day(today, calendar), USUAL_WAIT)
    if stage in HELD_AGO:
        return calendar.subtract(today, USUAL_WAIT + dice.randint(*HELD_AGO[stage]))
    days_ago = {
        Stage.NEW: 1,
        Stage.LATE: 18,
        Stage.CANCELLED: 9,
        Stage.SCHEDULED: dice.randint(2, 4),
        Stage.INVITED: dice.randint(5, 7),
        Stage.MOVED: 6,
        Stage.CHANGED: 6,
    }.get(stage, dice.randint(1, 8))
    return calendar.subtract(today, days_ago)


def _carry(
    conference: Conference, demo: DemoFamily, *, calendar: WorkingCalendar, now: datetime.datetime, dice: random.Random
) -> None:
    """Record core groups and visits since the conference, with a few missing."""
    core_groups.carry_on(conference, demo, calendar=calendar, now=now, dice=dice)
    for plan in Plan.objects.filter(decision__conference_child__conference=conference).select_related("child__person"):
        day = calendar.add(plan.starts_on, dice.randint(5, 8))
        while day < timezone.localdate(now):
            visiting.visit(plan, by=demo.social_worker, day=day, dice=dice)
            day = calendar.add(day, dice.randint(7, 10))
        if plan.child.person.given_name == NOT_AT_HOME:
            yesterday = calendar.subtract(timezone.localdate(now), 1)
            visiting.fail_to_see(plan, by=demo.social_worker, day=yesterday, again=timezone.localdate(now))
