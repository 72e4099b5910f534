"""Restrict a case to named people, and declare conflicts of interest."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.enums import CASE_ROLES, Role
from accounts.models import RoleAssignment, User
from families.access import barred_families
from families.events import CaseEvent, EventKind, announce
from families.models import Allocation, BreakGlass, ConflictOfInterest, Family, NamedForFamily, Person, Restriction
from families.services.cases import lock_family
from notifications.services.outbox import notify

MANAGERS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
# Never says why a user can't be named or hold a case: that would reveal who is related to whom.
CANT = "This person can't be named for the case. Choose someone else."


def named_managers(family: Family, *, on: datetime.date) -> list[User]:
    """Return the active users named for a case who manage a team or the service of its council."""
    roles = RoleAssignment.objects.current(on=on).filter(authority=family.authority_id, role__in=MANAGERS)
    named = NamedForFamily.objects.current(on=on).filter(family=family)
    return list(
        User.objects.filter(is_active=True, pk__in=named.filter(user__in=roles.values("user")).values("user")).order_by(
            "name", "pk"
        )
    )


@transaction.atomic
def restrict_family(
    *, family: Family, named: Collection[User], why: str, by: User, now: datetime.datetime
) -> Restriction:
    """Restrict a case to named people, its worker, and holders of a post in its conference or plan.

    In order: restricts the case; names each of ``named`` from today, with the same reason. From then on it is
    in no list, search or figure shown to anyone else. A no-op on a restricted case. Raises ValidationError on
    ``why`` where no reason is given, on ``named`` where none of them is an active manager, or where one has no
    case role in the council or may never open the case (without saying why).
    """
    if not why.strip():
        raise ValidationError({"why": "Say why only named people may open the case."})
    locked = lock_family(family)
    today = timezone.localdate(now)
    current = Restriction.objects.filter(family=locked, lifted_at__isnull=True).first()
    if current is not None:
        return current
    for user in sorted(named, key=lambda user: user.pk):
        _name(locked, user, why=why.strip(), by=by, starts_on=today, now=now)
    if not named_managers(locked, on=today):
        raise ValidationError({"named": "Name at least one manager who can still open the case."})
    locked.restricted = True
    locked.version += 1
    locked.save(update_fields=["restricted", "version"])
    family.restricted, family.version = True, locked.version
    return Restriction.objects.create(family=locked, why=why.strip(), restricted_by=by, restricted_at=now)


@transaction.atomic
def lift_restriction(*, family: Family, why: str, by: User, now: datetime.datetime) -> Family:
    """Open a restricted case again to those whose role allows it.

    In order: lifts the restriction, with who, when and why; ends every naming. A no-op on an unrestricted case.
    Raises ValidationError on ``why`` where no reason is given.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why the case can be opened again."})
    locked = lock_family(family)
    if not locked.restricted:
        return locked
    today = timezone.localdate(now)
    for restriction in Restriction.objects.filter(family=locked, lifted_at__isnull=True):
        restriction.lifted_by, restriction.lifted_at, restriction.lifted_because = by, now, why.strip()
        restriction.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    for naming in NamedForFamily.objects.current(on=today).filter(family=locked):
        _end(naming, why=why.strip(), by=by, today=today, now=now)
    locked.restricted = False
    locked.version += 1
    locked.save(update_fields=["restricted", "version"])
    family.restricted, family.version = False, locked.version
    return locked


@transaction.atomic
def name_for_family(*, family: Family, user: User, why: str, by: User, now: datetime.datetime) -> NamedForFamily:
    """Name another user for a restricted case from today. Idempotent.

    Raises ValidationError on ``why`` without a reason, on ``user`` as restrict_family does on ``named``, and
    where the case is not restricted.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why this person needs the case."})
    locked = lock_family(family)
    if not locked.restricted:
        raise ValidationError("This case is no longer restricted. People open it by their role.")
    return _name(locked, user, why=why.strip(), by=by, starts_on=timezone.localdate(now), now=now, field="user")


@transaction.atomic
def end_naming(*, naming: NamedForFamily, why: str, by: User, now: datetime.datetime) -> NamedForFamily:
    """End a user's naming for a case from today; the last manager of a restricted case stays.

    A no-op on an ended naming. Raises ValidationError without a reason or for the last manager.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why this person no longer needs the case."})
    family = lock_family(naming.family)
    locked = NamedForFamily.objects.select_for_update(no_key=True).get(pk=naming.pk)
    today = timezone.localdate(now)
    if locked.ended_at is not None:
        return locked
    if family.restricted and [user.pk for user in named_managers(family, on=today)] == [locked.user_id]:
        raise ValidationError("This is the last manager who can open the case. Name another one first.")
    return _end(locked, why=why.strip(), by=by, today=today, now=now)


def _name(
    family: Family,
    user: User,
    *,
    why: str,
    by: User,
    starts_on: datetime.date,
    now: datetime.datetime,
    field: str = "named",
) -> NamedForFamily:
    held = NamedForFamily.objects.current(on=starts_on).filter(family=family, user=user).first()
    if held is not None:
        return held  # type: ignore[no-any-return]
    roles = RoleAssignment.objects.current(on=starts_on).filter(
        user=user, authority=family.authority_id, role__in=CASE_ROLES
    )
    if not user.is_active or not roles.exists():
        raise ValidationError({field: f"{user.name} has no role with cases in this council."})
    if is_barred(user, family):
        raise ValidationError({field: CANT})
    naming = NamedForFamily(family=family, user=user, starts_on=starts_on, why=why, named_by=by, named_at=now)
    naming.full_clean()
    naming.save()
    return naming


def _end(naming: NamedForFamily, *, why: str, by: User, today: datetime.date, now: datetime.datetime) -> NamedForFamily:
    naming.ends_on = max(today, naming.starts_on)
    naming.ended_by, naming.ended_at, naming.ended_because = by, now, why
    naming.save(update_fields=["ends_on", "ended_by", "ended_at", "ended_because"])
    return naming


def is_barred(user: User, family: Family) -> bool:
    """Return whether the user may never open the case: it is their own, or a conflict of interest is declared."""
    return family.pk in barred_families(user)


@transaction.atomic
def declare_conflict(
    *,
    user: User,
    why: str,
    by: User,
    now: datetime.datetime,
    family: Family | None = None,
    person: Person | None = None,
) -> ConflictOfInterest:
    """Bar ``user`` from a family's case, or from every case of a person, whatever else would open it.

    In order: records the conflict; closes the user's break-glass openings there; ends their allocations there
    as of today and asks managers who may open those cases to reallocate them, without the reason. From then on
    every page, search, notice and break-glass refuses. Idempotent. Raises ValidationError on ``why`` without a
    reason, ValueError unless exactly one of family and person is given.
    """
    if (family is None) == (person is None):
        raise ValueError("A conflict of interest is with one family or one person.")
    if not why.strip():
        raise ValidationError({"why": "Say what the conflict is. Only managers of the case can read it."})
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = ConflictOfInterest.objects.in_force().filter(user=user, family=family, person=person).first()
    if held is not None:
        return held
    conflict = ConflictOfInterest(
        user=user, family=family, person=person, why=why.strip(), declared_by=by, declared_at=now
    )
    conflict.full_clean()
    conflict.save()
    barred = Q(family__in=barred_families(user))
    BreakGlass.objects.filter(barred, user=user, closes_at__gt=now, opened_at__lt=now).update(closes_at=now)
    today = timezone.localdate(now)
    for allocation in Allocation.objects.current(on=today).filter(barred, user=user).select_related("family"):
        allocation.ends_on = max(today, allocation.starts_on or today)
        allocation.save(update_fields=["ends_on"])
        _tell_managers(allocation.family, but=user, key=f"conflict:{conflict.pk}", now=now)
        announce(CaseEvent(EventKind.CASE_ALLOCATED, (allocation.family_id,), by, now))
    return conflict


def _tell_managers(family: Family, *, but: User, key: str, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    roles = RoleAssignment.objects.current(on=today).filter(
        team=family.team_id, role=Role.TEAM_MANAGER, user__is_active=True
    )
    managers = (
        named_managers(family, on=today)
        if family.restricted
        else list(User.objects.filter(pk__in=roles.values("user")))
    )
    for manager in managers:
        if manager != but and not is_barred(manager, family):
            notify(
                user=manager,
                key=f"{key}:{family.pk}",
                text=f"Case {family.case_number} needs another social worker. The person who held it no longer can.",
                url=reverse("families:allocate-case", args=[family.pk]),
                urgent=True,
                now=now,
            )


@transaction.atomic
def end_conflict(*, conflict: ConflictOfInterest, why: str, by: User, now: datetime.datetime) -> ConflictOfInterest:
    """End a conflict of interest; a no-op on one already ended.

    Raises ValidationError without a reason, and for a user's own conflict.
    """
    if not why.strip():
        raise ValidationError({"why": "Say why there is no longer a conflict."})
    locked = ConflictOfInterest.objects.select_for_update(no_key=True).get(pk=conflict.pk)
    if locked.ended_at is not None:
        return locked
    if locked.user_id == by.pk:
        raise ValidationError("Someone else has to end your conflict of interest.")
    locked.ended_by, locked.ended_at, locked.ended_because = by, now, why.strip()
    locked.save(update_fields=["ended_by", "ended_at", "ended_because"])
    return locked
