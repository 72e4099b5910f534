"""How plans go out: one that a review lowered to a child in need plan, and one that ended with a child's death."""

from __future__ import annotations

import datetime

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.models import User
from core_groups.enums import LedBy
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.recording import members_on
from core_groups.services.meetings import record_meeting
from core_groups.services.members import join_core_group
from deadlines.services import reconcile
from deadlines.working_days.calendars import WorkingCalendar
from demo import long_plans, meeting, planning
from demo.council import Council
from demo.families import DemoFamily
from families.enums import Answer
from families.models import AgencyInvolvement
from families.services import record_death
from plans.enums import CinMemberState, PlanKind
from plans.models import Plan
from plans.services.cin import set_cin_visits, settle_cin_member

BEGAN_MONTHS_AGO, FIRST_REVIEW = 5, 3
# Working days to a core group that was called between two others.
BETWEEN = 20
# Whose plan the review lowered; the brother's goes on.
LOWERED = "Betony"
# Who stood in for the key worker at one core group, to which only the brother's teacher came.
STANDS_IN = "Owen Dipper"
# Who died, after an illness that everyone had known of; the sister's plan goes on.
DIED = "Sundew"


def first_day(today: datetime.date, calendar: WorkingCalendar) -> datetime.date:
    """Return the day of the first conference of both families."""
    return calendar.day_to_plan_for(today - relativedelta(months=BEGAN_MONTHS_AGO))


def tell_of_lowered_plan(
    council: Council, demo: DemoFamily, *, calendar: WorkingCalendar, today: datetime.date, now: datetime.datetime
) -> None:
    """Tell of a review two months ago: one plan goes on, and the other child's actions, wishes and members carry on."""
    began = first_day(today, calendar)
    reviewed = calendar.day_to_plan_for(began + relativedelta(months=FIRST_REVIEW))
    _begin(council, demo, calendar=calendar, began=began, visited_until=reviewed, today=today, stands_in=STANDS_IN)
    lowered = [child for child in demo.children if child.person.given_name == LOWERED]
    long_plans.hold_conference(council, demo, reviewed, is_first=False, lowered=lowered)
    plan = Plan.objects.select_related("child__person").get(kind=PlanKind.CIN, child__in=lowered)
    told = meeting.at(calendar.add(reviewed, 2), 11)
    for member in plan.cin_members.order_by("pk"):
        # The family has not been asked yet about whoever works with the child.
        if member.post_id is None:
            settle_cin_member(
                member=member,
                state=CinMemberState.IN,
                family_agrees=Answer.YES,
                because="",
                by=demo.social_worker,
                now=told,
            )
    set_cin_visits(plan=plan, every_working_days=20, by=demo.social_worker, now=told)
    going_on = Plan.objects.filter(child__in=demo.children, ends_on__isnull=True).select_related("child__person")
    long_plans.visit_often(list(going_on), demo, calendar=calendar, since=reviewed, today=today)
    reconcile(family_ids=[demo.family.pk], now=now)


def tell_of_death(
    council: Council, demo: DemoFamily, *, calendar: WorkingCalendar, today: datetime.date, now: datetime.datetime
) -> None:
    """Tell of a child who died yesterday, as is recorded just now.

    The plan is closed, the sister's goes on, and the manager has to look within the hour.
    """
    began = first_day(today, calendar)
    reviewed = calendar.day_to_plan_for(began + relativedelta(months=FIRST_REVIEW))
    _begin(council, demo, calendar=calendar, began=began, visited_until=today, today=today)
    long_plans.hold_conference(council, demo, reviewed, is_first=False)
    reconcile(family_ids=[demo.family.pk], now=now)
    (child,) = [child for child in demo.children if child.person.given_name == DIED]
    record_death(
        person=child.person,
        died_on=calendar.subtract(today, 1),
        source="The children’s ward rang. The illness was known since birth, and the family was there.",
        by=demo.social_worker,
        now=now - datetime.timedelta(minutes=20),
    )


def _begin(
    council: Council,
    demo: DemoFamily,
    *,
    calendar: WorkingCalendar,
    began: datetime.date,
    visited_until: datetime.date,
    today: datetime.date,
    stands_in: str = "",
) -> None:
    """Hold the first conference; let the worker visit until a day, and a core group write the plan and meet."""
    first = long_plans.hold_conference(council, demo, began, is_first=True)
    plans = list(Plan.objects.filter(child__in=demo.children, ends_on__isnull=True).select_related("child__person"))
    group = CoreGroup.objects.select_related("authority", "family").get(conference=first)
    works = AgencyInvolvement.objects.filter(child__in=demo.children, post__isnull=False).select_related("post__person")
    posts = {row.post_id: row.post for row in works.order_by("pk")}
    known = {(row.post_id, row.child_id) for row in works}
    joined_at = meeting.at(calendar.add(began, 1), 9)
    for person, post in [(demo.mother, None), *((post.person, post) for post in posts.values() if post)]:
        join_core_group(
            core_group=group,
            person=person,
            post=post,
            plans=[plan for plan in plans if post is None or (post.pk, plan.child_id) in known],
            starts_on=began,
            because="Chosen at the conference",
            now=joined_at,
        )
    long_plans.visit_often(plans, demo, calendar=calendar, since=began, today=visited_until)
    again = calendar.add(began, BETWEEN)
    long_plans.hold_core_groups(demo, calendar=calendar, since=began, today=again if stands_in else today)
    if stands_in:
        _meet_for_one_child(group, stands_in=council.user(stands_in), held_at=meeting.at(again, 14))
        second = calendar.add(began, long_plans.EVERY)
        long_plans.hold_core_groups(demo, calendar=calendar, since=second, today=today)
    held = CoreGroupMeeting.objects.filter(core_group=group).order_by("number")[0]
    after = (held.held_at or held.planned_at) + long_plans.TWO_HOURS
    planning.write_detailed_plan(plans, demo, at=held, by=demo.social_worker, now=after)


def _meet_for_one_child(group: CoreGroup, *, stands_in: User, held_at: datetime.datetime) -> None:
    """Hold a core group without the key worker, to which only someone who works with one of the children came."""
    members = members_on(group, timezone.localdate(held_at))
    came = [row for row in members if row.post_id is not None and _is_for_one(row, but=LOWERED)][:1]
    record_meeting(
        core_group=group,
        meeting=None,
        held_at=held_at,
        present=came,
        apologies=[row for row in members if row not in came],
        next_at=None,
        next_place="",
        by=stands_in,
        now=held_at + long_plans.TWO_HOURS,
        note="Called at short notice about the mornings before school.",
        led_by=LedBy.STAND_IN,
        stood_in=stands_in,
    )


def _is_for_one(member: CoreGroupMember, *, but: str) -> bool:
    names = [plan.child.person.given_name for plan in member.plans.all()]
    return len(names) == 1 and names != [but]
