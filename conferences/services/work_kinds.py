"""Conferences of a departing chair or coordinator, as work to hand over."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from accounts.enums import Role
from accounts.models import User
from conferences.models import Conference
from conferences.services.handing_over import LIVE, replace_chair, replace_coordinator
from families.handing_over import WorkItem, WorkKind


def _chaired(users: Collection[int], _on: datetime.date) -> list[WorkItem]:
    rows = Conference.objects.filter(chair__in=users, status__in=LIVE).order_by("reference", "pk")
    return [WorkItem(row.chair_id, row.family_id, row.pk, row.reference) for row in rows if row.chair_id]


def _coordinated(users: Collection[int], _on: datetime.date) -> list[WorkItem]:
    rows = Conference.objects.filter(coordinator__in=users, status__in=LIVE).order_by("reference", "pk")
    return [WorkItem(row.coordinator_id, row.family_id, row.pk, row.reference) for row in rows if row.coordinator_id]


def _give_chair(pks: Collection[int], to: User, _by: User, now: datetime.datetime) -> None:
    for row in Conference.objects.filter(pk__in=pks).order_by("family_id", "pk"):
        replace_chair(conference=row, chair=to, now=now)


def _give_coordinator(pks: Collection[int], to: User, _by: User, now: datetime.datetime) -> None:
    for row in Conference.objects.filter(pk__in=pks).order_by("family_id", "pk"):
        replace_coordinator(conference=row, coordinator=to, now=now)


CHAIRED = WorkKind(
    key="chair",
    title="Conferences to chair",
    question="Who chairs these conferences now?",
    taken_by=frozenset({Role.CHAIR}),
    given_by=frozenset({Role.SERVICE_MANAGER}),
    items=_chaired,
    give=_give_chair,
)
COORDINATED = WorkKind(
    key="coordinator",
    title="Conferences to coordinate",
    question="Who coordinates these conferences now?",
    taken_by=frozenset({Role.COORDINATOR}),
    given_by=frozenset({Role.SERVICE_MANAGER}),
    items=_coordinated,
    give=_give_coordinator,
)
