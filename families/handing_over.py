"""Handing over the open work of people who leave.

Each app whose models give people posts in cases registers its kind of work in ``AppConfig.ready``.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.enums import CASE_ROLES, TEAM_ROLES, Role
from accounts.models import RoleAssignment, User
from accounts.people.staff_events import StaffEvent, StaffEventKind
from families.access import FAMILY_MANAGE_RULE
from families.models import Allocation, Family, NamedForFamily
from families.services import allocate_case, end_naming, name_for_family
from govuk.hook import Hook
from notifications.services.outbox import notify

MANAGERS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)


@dataclass(frozen=True)
class WorkItem:
    """One person's post in one case; ``pk`` is that of the row that records it."""

    user_id: int
    family_id: int
    pk: int
    label: str


@dataclass(frozen=True)
class WorkKind:
    """A kind of post: who may take it over, who hands it over, and how.

    ``items`` takes users and a day. ``give`` takes the row ids, the new holder, the user handing over and the
    time; it raises ValidationError where the new holder isn't eligible. ``one_by_one`` names the page, of the one
    who leaves, on which each item can go to someone of its own.
    """

    key: str
    title: str
    question: str
    taken_by: frozenset[str]
    given_by: frozenset[str]
    items: Callable[[Collection[int], datetime.date], Sequence[WorkItem]]
    give: Callable[[Collection[int], User, User, datetime.datetime], None]
    one_by_one: str = ""


@dataclass(frozen=True)
class WorkLeft:
    """One leaver's work of one kind."""

    kind: WorkKind
    items: Sequence[WorkItem]


# The kinds of work that can be handed over, in page order.
work_kinds: Hook[WorkKind] = Hook()


def work_left(users: Collection[int], *, manager: User, on: datetime.date) -> dict[int, list[WorkLeft]]:
    """Return, by user id, open work in cases that ``manager`` manages and may hand over."""
    found: dict[int, list[WorkLeft]] = defaultdict(list)
    if not users:
        return found
    listed = [(kind, kind.items(users, on)) for kind in work_kinds if manager.holds(*kind.given_by)]
    ids = {item.family_id for _, items in listed for item in items}
    managed = set(FAMILY_MANAGE_RULE.visible(Family.objects.filter(pk__in=ids), manager).values_list("pk", flat=True))
    for kind, items in listed:
        by_user: dict[int, list[WorkItem]] = defaultdict(list)
        for item in items:
            if item.family_id in managed:
                by_user[item.user_id].append(item)
        for user_id, own in by_user.items():
            found[user_id].append(WorkLeft(kind, own))
    return found


def gone(authority_ids: Sequence[int], *, on: datetime.date) -> list[User]:
    """Return former case workers of these councils, and holders of cases in a team they have left."""
    roles = RoleAssignment.objects.filter(authority__in=authority_ids, role__in=CASE_ROLES)
    today = roles.current(on=on).filter(user__is_active=True)
    in_the_team = RoleAssignment.objects.current(on=on).filter(
        user=OuterRef("user"), team=OuterRef("family__team"), role__in=TEAM_ROLES
    )
    moved = Allocation.objects.current(on=on).filter(
        ~Exists(in_the_team), family__authority__in=authority_ids, family__closed_on__isnull=True
    )
    left = Q(pk__in=roles.values("user")) & ~Q(pk__in=today.values("user"))
    return list(User.objects.filter(left | Q(pk__in=moved.values("user"))).order_by("name", "pk"))


@transaction.atomic
def hand_over(*, user: User, to: Mapping[str, User], by: User, now: datetime.datetime) -> int:
    """Hand over ``user``'s work, kind by kind, in one transaction; return how many items changed hands.

    ``to`` maps each kind's key to the new holder; kinds left out stay. Work that ``by`` may not hand over is
    skipped. Raises ValidationError on the kind's key where the new holder can't take an item; nothing is then
    handed over.
    """
    given = 0
    for left in work_left([user.pk], manager=by, on=timezone.localdate(now)).get(user.pk, []):
        taker = to.get(left.kind.key)
        if taker is None or taker.pk == user.pk:
            continue
        try:
            left.kind.give([item.pk for item in left.items], taker, by, now)
        except ValidationError as refusal:
            raise ValidationError({left.kind.key: refusal.messages}) from refusal
        given += len(left.items)
    return given


def _held_cases(users: Collection[int], on: datetime.date) -> list[WorkItem]:
    rows = Allocation.objects.current(on=on).filter(user__in=users, family__closed_on__isnull=True)
    return [
        WorkItem(row.user_id, row.family_id, row.pk, f"{row.family.case_number}, {row.family.name}")
        for row in rows.select_related("family").order_by("family__case_number", "pk")
    ]


def _give_cases(pks: Collection[int], to: User, by: User, now: datetime.datetime) -> None:
    for row in Allocation.objects.filter(pk__in=pks).select_related("family").order_by("family_id"):
        allocate_case(family=row.family, user=to, starts_on=timezone.localdate(now), by=by, now=now)


def _namings(users: Collection[int], on: datetime.date) -> list[WorkItem]:
    rows = NamedForFamily.objects.current(on=on).filter(user__in=users, family__restricted=True)
    return [
        WorkItem(row.user_id, row.family_id, row.pk, f"{row.family.case_number}, {row.family.name}")
        for row in rows.select_related("family").order_by("family__case_number", "pk")
    ]


def _give_namings(pks: Collection[int], to: User, by: User, now: datetime.datetime) -> None:
    for row in NamedForFamily.objects.filter(pk__in=pks).select_related("family", "user").order_by("family_id"):
        why = f"Took over from {row.user.name}."
        name_for_family(family=row.family, user=to, why=why, by=by, now=now)
        end_naming(naming=row, why=f"{to.name} took over.", by=by, now=now)


CASES = WorkKind(
    key="cases",
    title="Cases",
    question="Who holds these cases now?",
    taken_by=frozenset(TEAM_ROLES),
    given_by=frozenset(MANAGERS),
    items=_held_cases,
    give=_give_cases,
)
NAMINGS = WorkKind(
    key="restricted",
    title="Restricted cases",
    question="Who is named for these cases now?",
    taken_by=frozenset(CASE_ROLES),
    given_by=frozenset(MANAGERS),
    items=_namings,
    give=_give_namings,
)


def on_leaver(event: StaffEvent) -> None:
    """Tell the managers of a leaver's cases that work is waiting to be handed over."""
    if event.kind != StaffEventKind.ACCOUNT_CLOSED:
        return
    on = timezone.localdate(event.now)
    ids = {item.family_id for kind in work_kinds for item in kind.items([event.user.pk], on)}
    authorities = Family.objects.filter(pk__in=ids).values("authority")
    roles = RoleAssignment.objects.current(on=on).filter(authority__in=authorities, role__in=MANAGERS)
    for manager in User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("pk"):
        if work_left([event.user.pk], manager=manager, on=on):
            notify(
                user=manager,
                key=f"leaver:{event.user.pk}:{event.now:%Y%m%d%H%M%S}",
                text=f"{event.user.name} has left. Give their open work to someone else."[:250],
                url=reverse("families:hand-over", args=[event.user.pk]),
                urgent=True,
                now=event.now,
            )
