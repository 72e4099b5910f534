"""Plans over time: one that lasts long, taken over from the files of an earlier system, and a second plan."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accounts.models import User
from conferences.enums import (
    Category,
    ConferenceKind,
    ConferenceStatus,
    EndsBecause,
    Outcome,
    PartKind,
    PlanEffect,
    SittingState,
    StillHarm,
)
from conferences.models import Conference, ConferenceChild, Decision, Part, Sitting
from conferences.services.scheduling import next_reference
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from core_groups.selectors.core_groups import next_number
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.calendars import WorkingCalendar
from demo import meeting
from demo.council import Council
from demo.families import DemoFamily
from demo.told import tell_children
from families.enums import Answer
from families.models import Child, Enquiry
from families.services.numbers import lock_authority
from meetings.events import tell_decided
from meetings.models import DecisionConsent
from plans.enums import Checked, EndReason, PlanKind
from plans.models import Plan, PlanCategory, Visit
from plans.services.mid_points import Found, record_mid_point
from reports.enums import DocumentKind
from reports.services.documents import prepare_document, release_document

# Months from the first conference to each of its reviews.
REVIEWS = (3, 9, 15)
# Working days between two core groups.
EVERY = 28
TWO_HOURS = datetime.timedelta(hours=2)
TAKEN_OVER = "Taken over from the files of the council’s earlier system."


def first_day(today: datetime.date, calendar: WorkingCalendar) -> datetime.date:
    """Return the day of the first conference of the plan that lasts long: sixteen months ago."""
    return calendar.day_to_plan_for(today - relativedelta(months=16))


def tell_long_plan(
    council: Council, demo: DemoFamily, *, calendar: WorkingCalendar, today: datetime.date, now: datetime.datetime
) -> None:
    """Tell of a plan over 15 months old: reviews, core groups and visits, and a chair who takes it to the manager."""
    began = first_day(today, calendar)
    days = [began, *(calendar.day_to_plan_for(began + relativedelta(months=months)) for months in REVIEWS)]
    held = [hold_conference(council, demo, day, is_first=day == began) for day in days]
    plans = list(Plan.objects.filter(child__in=demo.children, ends_on__isnull=True).select_related("child__person"))
    visit_often(plans, demo, calendar=calendar, since=began, today=today)
    hold_core_groups(demo, calendar=calendar, since=began, today=today)
    reconcile(family_ids=[demo.family.pk], now=now)
    found = Found(
        actions_moving=Checked.NO,
        groups_held=Checked.YES,
        child_seen=Checked.YES,
        drifting=Checked.YES,
        review_needed=Checked.NOT_CLEAR,
        note="The same actions have stood since the second review. The parents come, and little changes for the child.",
        escalated=True,
    )
    checked_on = calendar.subtract(today, 1)
    for plan in plans:
        record_mid_point(
            plan=plan, found=found, replaces=None, by=held[-1].sittings.get().chair, now=meeting.at(checked_on, 15)
        )


def hold_conference(
    council: Council, demo: DemoFamily, day: datetime.date, *, is_first: bool, lowered: Sequence[Child] = ()
) -> Conference:
    """Write a conference of one sitting that decided for a child protection plan, with its letter and minutes.

    A review may have lowered the plans of some children (``lowered``), and no one asks their parents in vain.
    """
    starts_at, chair = _free(council, day)
    coordinator = council.user("Joan Plover")
    ends_at, asked_at = starts_at + TWO_HOURS, starts_at - datetime.timedelta(days=10)
    conference = Conference.objects.create(
        authority=council.authority,
        family=demo.family,
        reference=next_reference(lock_authority(council.authority.pk), year=day.year),
        status=ConferenceStatus.CLOSED,
        reason=TAKEN_OVER,
        chair=chair,
        coordinator=coordinator,
        policy_version_id=policy_for(council.authority, on=day).version_id,
        requested_by=demo.social_worker,
        requested_at=asked_at,
        scheduled_at=asked_at,
        opened_at=starts_at,
        ended_at=ends_at,
        closed_at=ends_at,
    )
    sitting = Sitting.objects.create(
        conference=conference,
        starts_at=starts_at,
        family_arrives_at=starts_at,
        professionals_arrive_at=starts_at,
        booked_from=starts_at,
        booked_until=ends_at,
        chair=chair,
        booked_at=asked_at,
        booked_by=demo.social_worker,
        opened_at=starts_at,
        ended_at=ends_at,
        state=SittingState.ENDED,
    )
    Part.objects.create(sitting=sitting, number=1, kind=PartKind.WHOLE, title="Whole meeting")
    for child in demo.children:
        if child in lowered:
            _lower(sitting, child, demo, at=ends_at)
        else:
            _decide(sitting, child, demo, at=ends_at, is_first=is_first)
    for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES):
        document = prepare_document(conference=conference, kind=kind, by=coordinator, now=ends_at)
        release_document(document=document, by=chair, now=ends_at + TWO_HOURS)
    tell_children(conference, by=demo.social_worker, now=ends_at + TWO_HOURS)
    return conference


def _free(council: Council, day: datetime.date) -> tuple[datetime.datetime, User]:
    """Return the first hour of a day, and a chair, that no conference has."""
    for starts_at, chair, _ in meeting.slots(council, day):
        taken = Sitting.objects.filter(
            chair=chair, booked_from__lt=starts_at + TWO_HOURS, booked_until__gt=starts_at
        ).exclude(state=SittingState.CANCELLED)
        if not taken.exists():
            return starts_at, chair
    raise LookupError("every hour of that day is taken")


def _decide(sitting: Sitting, child: Child, demo: DemoFamily, *, at: datetime.datetime, is_first: bool) -> None:
    conference = sitting.conference
    enquiry = Enquiry.objects.filter(child=child).latest("started_on") if is_first else None
    listed = ConferenceChild.objects.create(
        conference=conference,
        child=child,
        kind=ConferenceKind.INITIAL if is_first else ConferenceKind.REVIEW,
        enquiry=enquiry,
        added_at=conference.requested_at,
    )
    decision = Decision.objects.create(
        conference_child=listed,
        sitting=sitting,
        outcome=Outcome.CP_PLAN,
        main_category=Category.NEG,
        categories=[Category.NEG],
        rationale="There is still too little food and too little sleep, and no one who sees to it every day.",
        key_worker=demo.social_worker,
        visit_every_working_days=10,
        decided_by=sitting.chair,
        decided_at=at,
    )
    tell_decided(decision, now=at)


def _lower(sitting: Sitting, child: Child, demo: DemoFamily, *, at: datetime.datetime) -> None:
    conference = sitting.conference
    decision = Decision.objects.create(
        conference_child=ConferenceChild.objects.create(
            conference=conference, child=child, kind=ConferenceKind.REVIEW, added_at=conference.requested_at
        ),
        sitting=sitting,
        outcome=Outcome.CIN_PLAN,
        still_harm=StillHarm.NO,
        on_plan=PlanEffect.LOWERED,
        quorate=True,
        ends_because=EndsBecause.SAFER,
        rationale=f"The evenings have been calm for two months, as {child.person.given_name} says too.",
        help_offered="The school’s family worker and the social worker, until the summer holidays at the least.",
        key_worker=demo.social_worker,
        decided_by=sitting.chair,
        decided_at=at,
    )
    DecisionConsent.objects.create(decision=decision, person=demo.mother, answer=Answer.YES)
    tell_decided(decision, now=at)


def visit_often(
    plans: Sequence[Plan], demo: DemoFamily, *, calendar: WorkingCalendar, since: datetime.date, today: datetime.date
) -> None:
    """Record visits at which each child was seen, from a day to another."""
    rows, day = [], calendar.add(since, 7)
    while day < today:
        made_at = meeting.at(day, 16)
        rows += [
            Visit(
                plan=plan,
                made_at=made_at,
                made_by=demo.social_worker,
                child_seen=True,
                seen_alone="yes",
                bedroom_seen="yes",
                note="As before.",
                recorded_by=demo.social_worker,
                recorded_at=made_at + TWO_HOURS,
            )
            for plan in plans
        ]
        day = calendar.add(day, 9)
    Visit.objects.bulk_create(rows)


def hold_core_groups(
    demo: DemoFamily, *, calendar: WorkingCalendar, since: datetime.date, today: datetime.date
) -> None:
    """Write that the core group met every so many working days, from a day to another."""
    group = CoreGroup.objects.get(family=demo.family)
    day, number, rows = calendar.add(since, 6), next_number(group), []
    while day < today:
        held_at = meeting.at(day, 14)
        rows.append(
            CoreGroupMeeting(
                core_group=group,
                number=number,
                state=MeetingState.HELD,
                planned_at=held_at,
                held_at=held_at,
                place="Mulberry House",
                recorded_by=demo.social_worker,
                note="The plan goes on as it is.",
            )
        )
        day, number = calendar.add(day, EVERY), number + 1
    CoreGroupMeeting.objects.bulk_create(rows)


def had_a_plan_before(demo: DemoFamily, child: Child, *, today: datetime.date) -> None:
    """Write that a child had a plan of this council before, which ended over a year ago."""
    plan = Plan.objects.create(
        authority_id=demo.family.authority_id,
        child=child,
        kind=PlanKind.CP,
        starts_on=today - relativedelta(months=25),
        ends_on=today - relativedelta(months=14),
        end_reason=EndReason.NO_LONGER_AT_RISK,
        end_note=TAKEN_OVER,
        ended_by=demo.social_worker,
        initial_category=Category.NEG,
        created_at=timezone.now(),
    )
    PlanCategory.objects.create(plan=plan, category=Category.NEG, starts_on=plan.starts_on)
