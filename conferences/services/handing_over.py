"""Hand a conference over to another chair or coordinator without moving it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import is_barred_from
from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from notifications.services.outbox import notify

LIVE = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


@transaction.atomic
def replace_chair(*, conference: Conference, chair: User, now: datetime.datetime) -> Conference:
    """Hand a current conference over to another chair.

    In order: makes the conference and each of its sittings that has not begun theirs, which the database
    refuses where they are busy; tells them; counts the deadlines. The previous chair loses access at once. The
    same chair again changes nothing. Raises ValidationError where the conference is over or they can't chair
    it.
    """
    locked = _locked(conference, user=chair, role=Role.CHAIR, now=now)
    if locked.chair_id == chair.pk:
        return locked
    before = locked.chair_id
    locked.chair = chair
    locked.version += 1
    with refused_by_database():
        locked.save(update_fields=["chair", "version"])
        for sitting in locked.sittings.filter(state=SittingState.BOOKED, chair=before).order_by("pk"):
            sitting.chair = chair
            sitting.save(update_fields=["chair"])
    _tell(locked, user=chair, job="chair", now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return locked


@transaction.atomic
def replace_coordinator(*, conference: Conference, coordinator: User, now: datetime.datetime) -> Conference:
    """Hand a current conference over to another coordinator, and tell them; as replace_chair does."""
    locked = _locked(conference, user=coordinator, role=Role.COORDINATOR, now=now)
    if locked.coordinator_id == coordinator.pk:
        return locked
    locked.coordinator = coordinator
    locked.version += 1
    with refused_by_database():
        locked.save(update_fields=["coordinator", "version"])
    _tell(locked, user=coordinator, job="coordinate", now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return locked


def _locked(conference: Conference, *, user: User, role: Role, now: datetime.datetime) -> Conference:
    locked = lock_conference(conference)
    held = RoleAssignment.objects.current(on=timezone.localdate(now)).filter(
        user=user, role=role, authority=locked.authority_id
    )
    if locked.status not in LIVE:
        raise ValidationError("This conference is over. Reload the page.")
    if not user.is_active or not held.exists() or is_barred_from(user, locked):
        raise ValidationError(f"{user.name} can't take over {locked.reference}. Choose someone else.")
    return locked


def _tell(conference: Conference, *, user: User, job: str, now: datetime.datetime) -> None:
    notify(
        user=user,
        key=f"conference:{conference.pk}:{job}:{now:%Y%m%d%H%M%S}",
        text=f"{conference.reference}: you {job} this conference now.",
        url=reverse("conferences:overview", args=[conference.pk]),
        now=now,
    )
