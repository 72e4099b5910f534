"""Conferences of a departing chair or coordinator, as work to hand over."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from accounts.enums import Role
from accounts.models import User
from conferences.models import Conference
from conferences.selectors.runners import unfinished
from conferences.services.handing_over import hand_on
from families.handing_over import WorkItem, WorkKind

HANDED_OVER = "Their work was handed over when they left."


def _chaired(users: Collection[int], _on: datetime.date) -> list[WorkItem]:
    rows = unfinished(Conference.objects.filter(chair__in=users)).order_by("reference", "pk")
    return [WorkItem(row.chair_id, row.family_id, row.pk, row.reference) for row in rows if row.chair_id]


def _coordinated(users: Collection[int], _on: datetime.date) -> list[WorkItem]:
    rows = unfinished(Conference.objects.filter(coordinator__in=users)).order_by("reference", "pk")
    return [WorkItem(row.coordinator_id, row.family_id, row.pk, row.reference) for row in rows if row.coordinator_id]


def _give_chair(pks: Collection[int], to: User, by: User, now: datetime.datetime) -> None:
    for row in Conference.objects.filter(pk__in=pks).order_by("family_id", "pk"):
        hand_on(conference=row, chair=to, reason=HANDED_OVER, by=by, now=now)


def _give_coordinator(pks: Collection[int], to: User, by: User, now: datetime.datetime) -> None:
    for row in Conference.objects.filter(pk__in=pks).order_by("family_id", "pk"):
        hand_on(conference=row, coordinator=to, reason=HANDED_OVER, by=by, now=now)


CHAIRED = WorkKind(
    key="chair",
    title="Conferences to chair",
    question="Who chairs these conferences now?",
    taken_by=frozenset({Role.CHAIR}),
    given_by=frozenset({Role.SERVICE_MANAGER}),
    items=_chaired,
    give=_give_chair,
    one_by_one="conferences:hand-on-each",
)
COORDINATED = WorkKind(
    key="coordinator",
    title="Conferences to coordinate",
    question="Who coordinates these conferences now?",
    taken_by=frozenset({Role.COORDINATOR}),
    given_by=frozenset({Role.SERVICE_MANAGER}),
    items=_coordinated,
    give=_give_coordinator,
    one_by_one="conferences:hand-on-each",
)
