"""Section 47 enquiries of a family: the last day for the conference and how it was counted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.safestring import SafeString

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from accounts.request_cache import once_per_request
from conferences.enums import INITIAL_KINDS, ConferenceStatus, SittingState
from conferences.models import Conference, ConferenceChild, Decision, Sitting
from conferences.plans_held import plans_of
from conferences.selectors.children import short_name_of, why_ended
from conferences.selectors.days_counted import picture, skipped_in_words
from deadlines.policies import Limit, Policy, policies_of, policy_for
from deadlines.working_days.arithmetic import civil_day, due
from deadlines.working_days.calendars import WorkingCalendar, calendar_for
from families.enums import EnquiryOutcome
from families.models import Child, Enquiry, Family, FurtherDiscussion, StartingDiscussion, StrategyDiscussion
from govuk import words

LIMIT = "initial-conference"
NOT_OVER = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
FROM_THE_LAST = "the last"
# Why an enquiry about a child with a plan leads to no initial conference; it proposes an early review.
ON_A_PLAN = "Initial conference not required: on a plan"
# The expected date of birth is the end of the fortieth week of pregnancy.
FULL_TERM = 40
ONE_WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True)
class Counted:
    """The time limit of enquiries started by one discussion, with every day counted or skipped.

    ``chosen`` is the manager's choice of a later discussion from which the limit runs.
    """

    discussion: StrategyDiscussion
    enquiries: list[Enquiry]
    started_on: datetime.date
    last_day: datetime.date
    plan_for: datetime.date
    limit: Limit
    day_today: int
    calendar: WorkingCalendar
    today: datetime.date

    @property
    def chosen(self) -> StartingDiscussion | None:
        return next(iter(self.enquiries[0].starting_choices.all()), None)

    @property
    def on_a_plan(self) -> bool:
        """Return whether the children were on a plan, so that no limit runs."""
        return is_on_a_plan(self.enquiries[0])

    @property
    def without_a_child(self) -> bool:
        """Return whether each of the children has died, or the pregnancy ended: no conference is waited for."""
        return all(why_ended(child) for child in self.children)

    @property
    def picture(self) -> SafeString | str:
        return picture(self.started_on, self.last_day, self.limit, self.calendar, today=self.today)

    @property
    def skipped(self) -> str:
        return skipped_in_words(self.started_on, self.last_day, self.calendar, today=self.today)

    @property
    def children(self) -> list[Child]:
        return [row.child for row in self.enquiries]

    @property
    def further(self) -> list[StrategyDiscussion]:
        """Return later discussions about these children, oldest first."""
        found = {row.discussion_id: row.discussion for enquiry in self.enquiries for row in enquiry.further.all()}
        return sorted(found.values(), key=lambda row: (row.held_at, row.pk))

    @property
    def anchor(self) -> str:
        """Return its anchor on the page of enquiries."""
        first = next(iter(self.discussion.enquiries.all()))
        own = "" if first in self.enquiries else f"-{self.enquiries[0].pk}"
        return f"discussion-{self.discussion.pk}{own}"

    @property
    def names(self) -> str:
        return words.listed([short_name_of(child) for child in self.children])


@dataclass(frozen=True)
class EnquiryState:
    """One enquiry and what became of it; ``reviewed`` is whether a review is arranged or was held since it began."""

    enquiry: Enquiry
    conference: Conference | None
    decided: bool
    reviewed: bool = False

    @property
    def ended(self) -> str:
        """Return that the child has died or the pregnancy ended, which nothing is arranged after; else empty."""
        return why_ended(self.enquiry.child).removesuffix(".")

    @property
    def proposes_review(self) -> bool:
        return is_on_a_plan(self.enquiry) and not self.reviewed and not self.ended

    @property
    def needs_conference(self) -> bool:
        booked = self.conference is not None and self.conference.status != ConferenceStatus.REQUESTED
        return not booked and self.may_go_either_way

    @property
    def may_go_either_way(self) -> bool:
        is_open = not self.decided and self.enquiry.outcome != EnquiryOutcome.CONFERENCE_NOT_REQUIRED
        return is_open and not self.ended

    @property
    def may_be_convened(self) -> bool:
        """Return whether no one has yet recorded that a conference is needed."""
        under_way = self.enquiry.outcome == EnquiryOutcome.UNDER_WAY
        return under_way and not self.decided and self.conference is None and not self.ended

    @property
    def words(self) -> str:
        if self.ended and not self.decided:
            return self.ended
        if is_on_a_plan(self.enquiry):
            return "Early review to consider" if self.proposes_review else "On a plan: review arranged or held"
        if self.enquiry.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED:
            return "No conference needed"
        if self.decided:
            return "Decided at a conference"
        if self.conference is None:
            convened = self.enquiry.outcome == EnquiryOutcome.CONFERENCE
            return "Conference needed, not asked for yet" if convened else "No conference booked"
        return f"Conference {self.conference.get_status_display().lower()}"

    @property
    def colour(self) -> str:
        if self.needs_conference or self.proposes_review:
            return "yellow"
        return "green" if self.decided else "grey" if self.conference is None else "blue"


def discussions_of(family: Family) -> list[StrategyDiscussion]:
    """Return the family's strategy discussions, newest first, with enquiries and children; read once per page."""
    return once_per_request(("discussions", family.pk), lambda: list(_discussions_of(family, _enquiries())))


def discussions_about(conference: Conference) -> list[StrategyDiscussion]:
    """Return those of them that started an enquiry about a child of the conference."""
    children = set(conference.children.filter(withdrawn_at__isnull=True).values_list("child", flat=True))
    rows = discussions_of(conference.family)
    return [row for row in rows if any(enquiry.child_id in children for enquiry in row.enquiries.all())]


def discussions_in_full(family: Family) -> list[StrategyDiscussion]:
    """Return the same with later discussions, those chosen to count from, and who recorded or chose them."""
    enquiries = (
        _enquiries()
        .select_related("to_conference_by")
        .prefetch_related(
            Prefetch("further", FurtherDiscussion.objects.select_related("discussion__recorded_by")),
            Prefetch("starting_choices", StartingDiscussion.objects.select_related("discussion", "chosen_by")),
        )
    )
    return list(_discussions_of(family, enquiries).select_related("recorded_by"))


def _enquiries() -> QuerySet[Enquiry]:
    return Enquiry.objects.select_related("child__person", "child__pregnancy").order_by(
        "child__person__birth_date", "pk"
    )


def _discussions_of(family: Family, enquiries: QuerySet[Enquiry]) -> QuerySet[StrategyDiscussion]:
    rows: QuerySet[StrategyDiscussion] = family.strategy_discussions.prefetch_related(Prefetch("enquiries", enquiries))
    return rows


def states_of(enquiries: Iterable[Enquiry]) -> dict[int, EnquiryState]:
    """Return, by enquiry id, its current conference or the decision. Two queries, once per page."""
    rows = list(enquiries)
    return once_per_request(("states", frozenset(row.pk for row in rows)), lambda: _states_of(rows))


def _states_of(enquiries: list[Enquiry]) -> dict[int, EnquiryState]:
    children = {row.child_id for row in enquiries}
    live: dict[int, Conference] = {}
    under_review: set[int] = set()
    rows = ConferenceChild.objects.filter(
        child__in=children, withdrawn_at__isnull=True, conference__status__in=NOT_OVER
    ).select_related("conference")
    for row in rows.order_by("pk"):
        if row.kind in INITIAL_KINDS:
            live[row.child_id] = row.conference
        else:
            under_review.add(row.child_id)
    decided: dict[int, datetime.datetime] = {}
    reviewed: dict[int, datetime.datetime] = {}
    decisions = Decision.objects.filter(conference_child__child__in=children, superseded_by__isnull=True)
    for child_id, kind, decided_at in decisions.values_list(
        "conference_child__child", "conference_child__kind", "decided_at"
    ):
        found = decided if kind in INITIAL_KINDS else reviewed
        found[child_id] = max(decided_at, found.get(child_id, decided_at))
    return {
        row.pk: EnquiryState(
            enquiry=row,
            conference=live.get(row.child_id),
            decided=row.child_id in decided and civil_day(decided[row.child_id]) >= row.started_on,
            reviewed=row.child_id in under_review
            or (row.child_id in reviewed and civil_day(reviewed[row.child_id]) >= row.started_on),
        )
        for row in enquiries
    }


def is_on_a_plan(enquiry: Enquiry) -> bool:
    """Return whether the enquiry led to no initial conference because the child was on a plan of this council."""
    return enquiry.outcome == EnquiryOutcome.CONFERENCE_NOT_REQUIRED and enquiry.outcome_reason == ON_A_PLAN


def counted(discussion: StrategyDiscussion, *, authority_id: int, today: datetime.date) -> Counted:
    """Return how a discussion's last day was counted, for the first of its enquiries and those counted alike."""
    return counted_alike(discussion, authority_id=authority_id, today=today)[0]


def counted_alike(discussion: StrategyDiscussion, *, authority_id: int, today: datetime.date) -> list[Counted]:
    """Return how the last day was counted for the enquiries that a discussion started.

    They share day and policy, except those for which a manager chose a later discussion to count from. Those about
    children on a plan stand apart, because no limit runs for them.
    """
    groups: dict[tuple[bool, datetime.date, int | None], list[Enquiry]] = {}
    for enquiry in discussion.enquiries.all():
        alike = (is_on_a_plan(enquiry), enquiry.started_on, enquiry.policy_version_id)
        groups.setdefault(alike, []).append(enquiry)
    return [_counted(discussion, enquiries, authority_id=authority_id, today=today) for enquiries in groups.values()]


def _counted(
    discussion: StrategyDiscussion, enquiries: list[Enquiry], *, authority_id: int, today: datetime.date
) -> Counted:
    first = enquiries[0]
    version = first.policy_version_id
    policy = policies_of([version])[version] if version else policy_for(authority_id, on=first.started_on)
    limit = policy.limit(LIMIT)
    calendar = calendar_for(authority_id).counting(limit)
    last_day = due(limit, first.started_on, calendar).on
    return Counted(
        discussion=discussion,
        enquiries=enquiries,
        started_on=first.started_on,
        last_day=last_day,
        plan_for=calendar.day_to_plan_for(last_day),
        limit=limit,
        day_today=calendar.count(first.started_on, today),
        calendar=calendar,
        today=today,
    )


def waiting_enquiries(family: Family) -> list[Enquiry]:
    """Return enquiries that still need a conference, the newest for each child."""
    return [state.enquiry for state in _newest_states(family) if state.needs_conference]


def waiting_reviews(family: Family) -> list[Enquiry]:
    """Return enquiries about children still on a plan that propose an early review, the newest for each child."""
    waiting = [state.enquiry for state in _newest_states(family) if state.proposes_review]
    plans = plans_of([row.child_id for row in waiting]) if waiting else {}
    return [row for row in waiting if row.child_id in plans]


def _newest_states(family: Family) -> list[EnquiryState]:
    newest: dict[int, Enquiry] = {}
    for discussion in reversed(discussions_of(family)):
        for enquiry in discussion.enquiries.all():
            newest[enquiry.child_id] = enquiry
    states = states_of(newest.values())
    return [states[row.pk] for row in newest.values()]


def last_day_for(enquiries: Sequence[Enquiry], *, authority_id: int) -> datetime.date | None:
    """Return the last day within the limit for a conference about all of them: the earliest of the siblings'."""
    calendar = calendar_for(authority_id)
    policies = policies_of({row.policy_version_id for row in enquiries if row.policy_version_id})
    days = []
    for row in enquiries:
        policy = policies.get(row.policy_version_id or 0) or policy_for(authority_id, on=row.started_on)
        days.append(due(policy.limit(LIMIT), row.started_on, calendar).on)
    return min(days, default=None)


def conferences_of(family: Family) -> QuerySet[Conference]:
    """Return the family's conferences, newest first, with children and sittings."""
    rows: QuerySet[Conference] = family.conferences.prefetch_related(
        Prefetch("children", ConferenceChild.objects.select_related("child__person", "child__pregnancy")),
        Prefetch("sittings", Sitting.objects.exclude(state=SittingState.CANCELLED)),
    )
    return rows


def open_enquiries(children: Iterable[Child]) -> dict[int, Enquiry]:
    """Return, by child, the enquiry under way: neither ended without a conference nor decided at one."""
    rows = (
        Enquiry.objects.filter(child__in=[child.pk for child in children])
        .exclude(outcome=EnquiryOutcome.CONFERENCE_NOT_REQUIRED)
        .select_related("discussion", "child")
        .order_by("started_on", "pk")
    )
    states = states_of(rows)
    return {row.child_id: row for row in rows if not states[row.pk].decided}


def discussions_to_choose(enquiry: Enquiry) -> list[StrategyDiscussion]:
    """Return the discussions that may start an enquiry's limit: the one that started it, then later ones."""
    return [enquiry.discussion, *(row.discussion for row in enquiry.further.select_related("discussion"))]


def why_not_starting(enquiry: Enquiry, discussion: StrategyDiscussion) -> str:
    """Return why a discussion can't start an enquiry's limit; empty where a manager may choose it.

    The one that started the enquiry always may. The last one may where the council counts from it, and any
    later one where the council holds no conference about a pregnancy as early as the limit requires.
    """
    known = discussions_to_choose(enquiry)
    if discussion.pk not in {row.pk for row in known}:
        return "Choose one of the discussions about this child."
    if states_of([enquiry])[enquiry.pk].decided:
        return "The conference has been held, so its time limit stays as it is."
    if discussion.pk == enquiry.discussion_id or is_too_early(enquiry):
        return ""
    policy = _policy(enquiry)
    if policy.value("starting-discussion") != FROM_THE_LAST:
        return (
            "This council counts from the discussion that started the enquiries. "
            "A later one counts only where a pregnancy is too early for a conference."
        )
    return "" if discussion.pk == known[-1].pk else "Choose the last discussion, or the first."


def is_too_early(enquiry: Enquiry) -> bool:
    """Return whether the limit from the first discussion ends before the earliest week for a pre-birth conference."""
    pregnancy = enquiry.child.pregnancy
    if pregnancy is None or not enquiry.child.is_unborn:
        return False
    policy = _policy(enquiry)
    week = policy.value("pre-birth-earliest-week")
    if not isinstance(week, int):
        return False
    opens = pregnancy.expected_on - (FULL_TERM - week) * ONE_WEEK
    first = civil_day(enquiry.discussion.held_at)
    return due(policy.limit(LIMIT), first, calendar_for(enquiry.child.authority_id)).on < opens


def _policy(enquiry: Enquiry) -> Policy:
    """Return the policy under which the enquiry began."""
    return policy_for(enquiry.child.authority_id, on=civil_day(enquiry.discussion.held_at))


def last_day_from(enquiry: Enquiry, discussion: StrategyDiscussion) -> str:
    """Return for example "Last day for the conference: Tuesday 5 January 2027"."""
    authority_id = enquiry.child.authority_id
    day = civil_day(discussion.held_at)
    limit = policy_for(authority_id, on=day).limit(LIMIT)
    return f"Last day for the conference: {words.long_date(due(limit, day, calendar_for(authority_id)).on)}"


def managers_of(family: Family, *, on: datetime.date) -> list[User]:
    """Return who may decide that a conference is needed: the team's managers, then the council's service managers."""
    current = RoleAssignment.objects.current(on=on).filter(user__is_active=True).select_related("user")
    team = current.filter(role=Role.TEAM_MANAGER, team=family.team_id).order_by("user__name", "pk")
    service = current.filter(role=Role.SERVICE_MANAGER, authority=family.authority_id)
    held = [*team, *service.order_by("user__name", "pk")]
    return list({row.user_id: row.user for row in held}.values())
