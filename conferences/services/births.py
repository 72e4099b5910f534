"""A baby nobody expected, born beside one who has a plan or a conference: told at once, and a conference prepared.

The plan of the other baby is never this baby's: only the chair decides whether there is one.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import chairs_of
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild
from conferences.plans_held import plans_of
from conferences.selectors.recipients import managers_of, to_be_told
from conferences.services.booking import ChildToConfer
from conferences.services.children import add_child
from conferences.services.scheduling import LIVE, request_conference
from deadlines.working_days.arithmetic import civil_day
from families.events import CaseEvent
from families.models import Child, Family
from families.selectors.people import current_allocations
from families.services import named_managers
from notifications.services.outbox import notify

BECAUSE = "Born together with a baby whom a conference was about, and not expected."
TO_DO = (
    "A baby was born who was not expected. No plan covers this baby. See today that the baby is safe, "
    "and hold a strategy discussion."
)


def on_unexpected_birth(event: CaseEvent) -> None:
    """Prepare the conference of an unexpected baby, and tell chair, social worker and manager at once. Idempotent.

    A conference is prepared where another baby of this birth has a plan, or a conference that is to come: the baby
    joins that one, or one is requested, together with the review that the birth makes due. A birth is never refused
    because of it: what can't be prepared is said in the news.
    """
    for child in Child.objects.filter(pk__in=event.child_ids).select_related("person", "pregnancy", "authority"):
        born_with = Child.objects.filter(pregnancy=child.pregnancy_id).exclude(pk=child.pk).order_by("pk")
        siblings = list(born_with.select_related("person", "pregnancy"))
        family = Family.objects.filter(pk__in=event.family_ids).order_by("pk").first()
        if family is None or not siblings:
            continue
        before = _conference_of(siblings)
        prepared, why_not = _prepare(child, siblings, family, by=event.by, now=event.now)
        _tell(child, family, before, prepared=prepared, why_not=why_not, now=event.now)


def _conference_of(siblings: list[Child]) -> Conference | None:
    """Return the newest conference about one of them that was not cancelled."""
    about = ConferenceChild.objects.filter(child__in=siblings, withdrawn_at__isnull=True).values("conference")
    held = Conference.objects.filter(pk__in=about).exclude(status=ConferenceStatus.CANCELLED)
    return held.select_related("family", "authority", "chair", "coordinator").order_by("-pk").first()


def _prepare(
    child: Child, siblings: list[Child], family: Family, *, by: User, now: datetime.datetime
) -> tuple[Conference | None, str]:
    """Return the conference that is now about the child, or why there is none; neither where none is due."""
    own = ConferenceChild.objects.filter(child=child, withdrawn_at__isnull=True, conference__status__in=LIVE).first()
    if own is not None:
        return own.conference, ""
    ahead = _conference_of(siblings)
    plans = plans_of([sibling.pk for sibling in siblings])
    is_ahead = ahead is not None and ahead.status in LIVE
    if not plans and not is_ahead:
        return None, ""
    try:
        with transaction.atomic():
            if ahead is not None and is_ahead:
                add_child(
                    conference=ahead,
                    child=child,
                    kind=ConferenceKind.INITIAL,
                    because=BECAUSE,
                    added_reason=BECAUSE,
                    by=by,
                    now=now,
                )
                return ahead, ""
            reviewed = [ChildToConfer(child=row, kind=ConferenceKind.REVIEW) for row in siblings if row.pk in plans]
            first = ChildToConfer(child=child, kind=ConferenceKind.INITIAL, added_reason=BECAUSE)
            asked = [first, *reviewed]
            return request_conference(family=family, children=asked, reason=BECAUSE, by=by, now=now), ""
    except ValidationError as refusal:
        return None, " ".join(refusal.messages)


def _tell(
    child: Child,
    family: Family,
    before: Conference | None,
    *,
    prepared: Conference | None,
    why_not: str,
    now: datetime.datetime,
) -> None:
    on = civil_day(now)
    workers = [row.user for row in current_allocations([family.pk], on=on)]
    text = f"Case {family.case_number}: {TO_DO}"
    if prepared is not None:
        text += f" {prepared.reference} is prepared for the chair’s decision. Book it, or bring it forward."
    elif why_not:
        text += f" No conference could be prepared: {why_not}"
    told: dict[int, tuple[User, str]] = {}
    # Who chaired about the other baby decides or hands on: what is prepared may have no chair yet.
    for conference in filter(None, (prepared, before)):
        people = [*workers, *managers_of(conference, on=on), *chairs_of(conference, on=on)]
        url = reverse("conferences:children", args=[conference.pk])
        told = {user.pk: (user, url) for user in to_be_told(conference, people, on=on)} | told
    if not told:
        url = reverse("families:family", args=[family.pk])
        told = {user.pk: (user, url) for user in [*workers, *_managers(family, on=on)] if user.is_active}
    for user, url in told.values():
        notify(user=user, key=f"unexpected-baby:{child.pk}", text=text, url=url, urgent=True, now=now)


def _managers(family: Family, *, on: datetime.date) -> list[User]:
    """Return the managers of the family's team; those named for it, where the case is restricted."""
    if family.restricted:
        return named_managers(family, on=on)
    current = RoleAssignment.objects.current(on=on).filter(user__is_active=True, role=Role.TEAM_MANAGER)
    return [row.user for row in current.filter(team=family.team_id).select_related("user").order_by("pk")]
