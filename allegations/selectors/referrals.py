"""Reads referrals: the list of those a user may learn of, one with everything on its page, and its limit."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import AccessEvent, User
from allegations.access import REFERRAL_RULE, REFERRAL_RULES
from allegations.enums import OUTCOMES
from allegations.models import Referral, ReferralStep, ReferralText
from conferences.enums import FAMILY_CAPACITIES
from conferences.models import Participant
from deadlines.policies import policies_of
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendars_for
from families.models import AgencyInvolvement, Child, Family, Post
from families.selectors.agency_names import confidential_agencies, name_on_page
from families.selectors.directory import Worker
from families.selectors.people import current_allocations

WITH_A_NAME = ReferralText.objects.select_related("about_user", "about_person", "agency", "recorded_by")


@dataclass(frozen=True)
class Row:
    """One referral in the list, with where it stands and its limit."""

    referral: Referral
    text: ReferralText
    due_on: datetime.date
    outcome: ReferralStep | None
    today: datetime.date

    @property
    def is_late(self) -> bool:
        received = self.referral.received_at
        return (civil_day(received) if received else self.today) > self.due_on

    @property
    def words(self) -> str:
        if self.outcome is not None:
            return str(self.outcome.get_kind_display())
        return "Taken on" if self.referral.received_at else "Waits to be taken on"

    @property
    def colour(self) -> str:
        if self.outcome is not None:
            return "green"
        if self.referral.received_at:
            return "blue"
        return "red" if self.is_late else "yellow"


@dataclass(frozen=True)
class Page:
    """Everything a referral's page shows to one reader."""

    row: Row
    works_at: str
    earlier: Sequence[ReferralText]
    steps: Sequence[ReferralStep]
    opened: Sequence[AccessEvent]
    may_handle: bool
    may_correct: bool


def due_on(*referrals: Referral) -> dict[int, datetime.date]:
    """Return, by referral, the day by which the designated officer has to have it; a fixed number of queries.

    Working days from the day on which it became known, by the policy's ``allegation-referred-within`` (Working
    Together to Safeguard Children); a council's closure days do not extend it. It is counted here and not in the
    ledger, whose rows are counted and shown to others.
    """
    policies = policies_of(row.policy_version_id for row in referrals)
    calendars = calendars_for({row.authority_id for row in referrals}, with_closures=False)
    return {
        row.pk: calendars[row.authority_id].add(
            row.known_on, int(policies[row.policy_version_id].value("allegation-referred-within"))
        )
        for row in referrals
    }


def current_text(referral: Referral) -> ReferralText:
    """Return what the referral says now."""
    found: ReferralText = WITH_A_NAME.get(referral=referral, superseded_at__isnull=True)
    return found


def referrals_seen_by(user: User) -> QuerySet[Referral]:
    """Return the referrals that a user may learn of, newest first, with what they say now and what came of them."""
    texts = WITH_A_NAME.filter(superseded_at__isnull=True)
    outcomes = ReferralStep.objects.filter(withdrawn_at__isnull=True, kind__in=OUTCOMES)
    rows = REFERRAL_RULE.visible(Referral.objects.all(), user).select_related("child__person", "made_by")
    return rows.prefetch_related(
        Prefetch("texts", texts, to_attr="current"), Prefetch("steps", outcomes, to_attr="outcomes")
    )


def rows_of(referrals: Sequence[Referral], *, today: datetime.date) -> list[Row]:
    """Return referrals as the list shows them."""
    due = due_on(*referrals)
    return [
        Row(
            referral,
            referral.current[0],  # type: ignore[attr-defined]
            due[referral.pk],
            referral.outcomes[-1] if referral.outcomes else None,  # type: ignore[attr-defined]
            today,
        )
        for referral in referrals
    ]


def referral_page(referral: Referral, user: User, *, today: datetime.date) -> Page:
    """Return what a referral's page shows to a user, in a fixed number of queries."""
    texts = list(WITH_A_NAME.filter(referral=referral).order_by("pk"))
    current = next(text for text in texts if text.superseded_at is None)
    steps = list(referral.steps.select_related("recorded_by", "withdrawn_by"))
    outcome = next((step for step in steps if step.kind in OUTCOMES and step.withdrawn_at is None), None)
    handles = REFERRAL_RULES["handle"].right_of(user, referral) is not None
    opened = AccessEvent.objects.filter(subject=Referral.__name__, subject_id=referral.pk).select_related("user")
    return Page(
        row=Row(referral, current, due_on(referral)[referral.pk], outcome, today),
        works_at=name_on_page(current.agency, referral.family_id) if current.agency else current.agency_name,
        earlier=[text for text in texts if text.superseded_at is not None],
        steps=steps,
        opened=list(opened.order_by("-at", "-pk")[:50]) if handles else [],
        may_handle=handles,
        may_correct=REFERRAL_RULES["correct"].right_of(user, referral) is not None,
    )


def children_of(family: Family) -> list[Child]:
    """Return the family's children whom a referral may concern."""
    rows = Child.objects.filter(person__memberships__family=family, person__sealed_at__isnull=True)
    return list(rows.select_related("person", "pregnancy").distinct().order_by("person__birth_date", "pk"))


def who_works_with(family: Family, user: User, *, on: datetime.date) -> list[Worker]:
    """Return those who work with the family's children, whom a referral may be about; never the reader."""
    children = Child.objects.filter(person__memberships__family=family)
    known = AgencyInvolvement.objects.filter(child__in=children, post__isnull=False).values("post")
    met = Participant.objects.filter(conference__family=family, post__isnull=False).exclude(
        capacity__in=FAMILY_CAPACITIES
    )
    posts = Post.objects.filter(pk__in=known) | Post.objects.filter(pk__in=met.values("post"))
    hidden = confidential_agencies(family.pk)
    rows = posts.filter(person__sealed_at__isnull=True).select_related("person", "agency").distinct()
    found = [
        Worker(post=post, hidden=hidden) for post in rows.order_by("person__family_name", "person__given_name", "pk")
    ]
    seen = {post.person.user_id for post in rows}
    staff = {row.user_id: row.user for row in current_allocations([family.pk], on=on)}
    people = [pk for pair in family.conferences.values_list("chair", "coordinator") for pk in pair if pk is not None]
    for one in User.objects.filter(pk__in=people).order_by("name", "pk"):
        staff.setdefault(one.pk, one)
    found += [Worker(user=one, role=one.current_role_name) for pk, one in staff.items() if pk not in seen]
    return [
        worker
        for worker in found
        if user.pk not in {worker.user and worker.user.pk, worker.post and worker.post.person.user_id}
    ]
