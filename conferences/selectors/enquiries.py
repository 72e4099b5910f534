"""Section 47 enquiries of a family: the last day for the conference and how it was counted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.safestring import SafeString

from conferences.enums import INITIAL_KINDS, ConferenceStatus, SittingState
from conferences.models import Conference, ConferenceChild, Decision, Sitting
from conferences.selectors.children import short_name_of
from deadlines.arithmetic import due
from deadlines.calendars import WorkingCalendar, calendar_for
from deadlines.enums import Unit
from deadlines.policies import Limit, policies_of, policy_for
from families.enums import EnquiryOutcome
from families.models import Child, Enquiry, Family, StrategyDiscussion
from govuk import words
from govuk.charts import CountedDay, day_count_calendar

LIMIT = "initial-conference"
NOT_OVER = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
WEEKEND = frozenset({"Saturday", "Sunday"})
LONGEST_PICTURE = 50


@dataclass(frozen=True)
class Counted:
    """The time limit of one discussion, with every day counted or skipped."""

    discussion: StrategyDiscussion
    started_on: datetime.date
    last_day: datetime.date
    plan_for: datetime.date
    limit: Limit
    picture: SafeString | str
    skipped: str
    day_today: int

    @property
    def children(self) -> list[Child]:
        return [row.child for row in self.discussion.enquiries.all()]

    @property
    def names(self) -> str:
        return words.listed([short_name_of(child) for child in self.children])


@dataclass(frozen=True)
class EnquiryState:
    """One enquiry and what became of it."""

    enquiry: Enquiry
    conference: Conference | None
    decided: bool

    @property
    def needs_conference(self) -> bool:
        booked = self.conference is not None and self.conference.status != ConferenceStatus.REQUESTED
        return not booked and not self.decided and self.enquiry.outcome == EnquiryOutcome.UNDER_WAY

    @property
    def words(self) -> str:
        if self.enquiry.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED:
            return "No conference needed"
        if self.decided:
            return "Decided at a conference"
        if self.conference is None:
            return "No conference booked"
        return f"Conference {self.conference.get_status_display().lower()}"

    @property
    def colour(self) -> str:
        if self.needs_conference:
            return "yellow"
        return "green" if self.decided else "grey" if self.conference is None else "blue"


def discussions_of(family: Family) -> list[StrategyDiscussion]:
    """The family's strategy discussions, newest first, with their enquiries and children."""
    enquiries = Enquiry.objects.select_related("child__person", "child__pregnancy").order_by(
        "child__person__birth_date", "pk"
    )
    return list(
        family.strategy_discussions.select_related("recorded_by").prefetch_related(
            Prefetch("enquiries", enquiries)
        )
    )


def states_of(enquiries: Iterable[Enquiry]) -> dict[int, EnquiryState]:
    """By enquiry's id: the conference that is not over, or the decision. Two queries."""
    enquiries = list(enquiries)
    children = {row.child_id for row in enquiries}
    live: dict[int, Conference] = {}
    rows = ConferenceChild.objects.filter(
        child__in=children, withdrawn_at__isnull=True, conference__status__in=NOT_OVER, kind__in=INITIAL_KINDS
    ).select_related("conference")
    for row in rows.order_by("pk"):
        live[row.child_id] = row.conference
    decided: dict[int, datetime.datetime] = {}
    decisions = Decision.objects.filter(
        conference_child__child__in=children,
        conference_child__kind__in=INITIAL_KINDS,
        superseded_by__isnull=True,
    )
    for child_id, decided_at in decisions.values_list("conference_child__child", "decided_at"):
        decided[child_id] = max(decided_at, decided.get(child_id, decided_at))
    return {
        row.pk: EnquiryState(
            enquiry=row,
            conference=live.get(row.child_id),
            decided=row.child_id in decided and decided[row.child_id].date() >= row.started_on,
        )
        for row in enquiries
    }


def counted(discussion: StrategyDiscussion, *, authority_id: int, today: datetime.date) -> Counted:
    """How the last day of a discussion was counted. Its enquiries share the day and the policy."""
    first = next(iter(discussion.enquiries.all()))
    version = first.policy_version_id
    policy = policies_of([version])[version] if version else policy_for(authority_id, on=first.started_on)
    calendar = calendar_for(authority_id)
    limit = policy.limit(LIMIT)
    last_day = due(limit, first.started_on, calendar).on
    return Counted(
        discussion=discussion,
        started_on=first.started_on,
        last_day=last_day,
        plan_for=calendar.day_to_plan_for(last_day),
        limit=limit,
        picture=_picture(first.started_on, last_day, limit, calendar, today=today),
        skipped=_skipped(first.started_on, last_day, calendar, today=today),
        day_today=calendar.count(first.started_on, today),
    )


def _picture(
    start: datetime.date, end: datetime.date, limit: Limit, calendar: WorkingCalendar, *, today: datetime.date
) -> SafeString | str:
    if limit.unit != Unit.WORKING_DAYS or (end - start).days > LONGEST_PICTURE:
        return ""
    marks = {today: "today", end: "last day", start: "strategy discussion"}
    return day_count_calendar(
        [
            CountedDay(
                day=day.day,
                number=day.number,
                reason="" if day.number == 0 else "weekend" if day.reason in WEEKEND else day.reason,
                mark=marks.get(day.day, ""),
                last=day.day == end,
            )
            for day in calendar.days(start, end)
        ]
    )


def _skipped(
    start: datetime.date, end: datetime.date, calendar: WorkingCalendar, *, today: datetime.date
) -> str:
    """What was left out and why, such as "6 weekend days and Christmas Day (Fri 25 Dec)"."""
    left_out = [day for day in calendar.days(start, end) if day.number is None]
    weekend = sum(day.reason in WEEKEND for day in left_out)
    parts = [words.count(weekend, "weekend day")] if weekend else []
    parts += [
        f"{day.reason} ({words.short_date(day.day, today=today)})"
        for day in left_out
        if day.reason not in WEEKEND
    ]
    return words.listed(parts)


def waiting_enquiries(family: Family) -> list[Enquiry]:
    """Enquiries that still need a conference, the newest of each child."""
    newest: dict[int, Enquiry] = {}
    for discussion in reversed(discussions_of(family)):
        for enquiry in discussion.enquiries.all():
            newest[enquiry.child_id] = enquiry
    states = states_of(newest.values())
    return [row for row in newest.values() if states[row.pk].needs_conference]


def last_day_for(enquiries: Sequence[Enquiry], *, authority_id: int) -> datetime.date | None:
    """The last day within the limit for a conference about all of them: the earliest of the siblings'."""
    calendar = calendar_for(authority_id)
    policies = policies_of({row.policy_version_id for row in enquiries if row.policy_version_id})
    days = []
    for row in enquiries:
        policy = policies.get(row.policy_version_id or 0) or policy_for(authority_id, on=row.started_on)
        days.append(due(policy.limit(LIMIT), row.started_on, calendar).on)
    return min(days, default=None)


def conferences_of(family: Family) -> list[Conference]:
    """The family's conferences, newest first, with children and sittings."""
    return list(
        family.conferences.select_related("chair").prefetch_related(
            Prefetch("children", ConferenceChild.objects.select_related("child__person", "child__pregnancy")),
            Prefetch("sittings", Sitting.objects.exclude(state=SittingState.CANCELLED)),
        )
    )
