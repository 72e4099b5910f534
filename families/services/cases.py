from __future__ import annotations

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.enums import TEAM_ROLES, Role
from accounts.models import Authority, RoleAssignment, Team, User
from families.access import FAMILY_RULE
from families.enums import LegalStatusKind
from families.events import CaseEvent, EventKind, announce
from families.models import Allocation, Child, Family, LegalStatus, WhereaboutsReveal
from families.services.numbers import lock_authority, next_case_number


def lock_family(family: Family) -> Family:
    """Return the family's current row, locked until the end of the transaction."""
    return Family.objects.select_for_update(no_key=True).get(pk=family.pk)


@transaction.atomic
def create_family(
    *, authority: Authority, team: Team, name: str, by: User, now: datetime.datetime, form_key: uuid.UUID | None = None
) -> Family:
    """Open a case for a family.

    In order: takes the next case number of the civil year; records the family in ``team``; allocates the case
    to ``by`` where they are a social worker of that team. Returns the family already created with the same
    ``form_key``. Raises ValidationError where the team belongs to another authority.
    """
    if team.authority_id != authority.pk:
        raise ValidationError({"team": "Choose a team of this council."})
    locked = lock_authority(authority.pk)
    if form_key and (made := Family.objects.filter(form_key=form_key, created_by=by).first()):
        return made
    today = timezone.localtime(now).date()
    family = Family(
        authority=locked,
        team=team,
        name=name.strip(),
        created_by=by,
        form_key=form_key,
        case_number=next_case_number(locked, year=today.year),
    )
    family.full_clean()
    family.save()
    if team.pk in by.team_ids(Role.SOCIAL_WORKER):
        allocate_case(family=family, user=by, starts_on=today, by=by, now=now)
    return family


@transaction.atomic
def change_family(*, family: Family, version: int, name: str, team: Team, by: User) -> Family:
    """Change a family's name and team.

    Raises ValidationError (code ``stale``) where another user changed it since ``version``.
    """
    locked = lock_family(family)
    if locked.version != version:
        raise ValidationError(
            "Someone else changed this family while you had the page open. Check their changes, then save yours again.",
            code="stale",
        )
    if team.authority_id != locked.authority_id:
        raise ValidationError({"team": "Choose a team of this council."})
    locked.name, locked.team = name.strip(), team
    locked.version += 1
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def close_case(*, family: Family, on: datetime.date, by: User) -> Family:
    """Close the case on the civil day ``on``; a no-op on a closed case."""
    locked = lock_family(family)
    if locked.closed_on is None:
        locked.closed_on = on
        locked.version += 1
        locked.save(update_fields=["closed_on", "version"])
    return locked


@transaction.atomic
def allocate_case(
    *, family: Family, user: User, starts_on: datetime.date, by: User, now: datetime.datetime, source: str = ""
) -> Allocation:
    """Allocate the case to a social worker.

    In order: ends other allocations on ``starts_on``; starts the worker's from that day; moves the family to
    the worker's team where it differs; announces the change. A no-op for the current worker. Raises
    ValidationError where the user is not in a team of the authority, or belongs to the people of the case.
    """
    locked = lock_family(family)
    roles = list(
        RoleAssignment.objects.current(on=starts_on).filter(
            user=user, authority=locked.authority_id, role__in=TEAM_ROLES
        )
    )
    if not roles:
        raise ValidationError({"user": "Choose a social worker or team manager of this council."})
    if FAMILY_RULE.barred(Family.objects.filter(pk=locked.pk), user).exists():
        raise ValidationError({"user": "This person can't hold the case. Choose someone else."})
    current = Allocation.objects.current(on=starts_on).filter(family=locked)
    held: Allocation | None = current.filter(user=user).first()
    for other in current.exclude(user=user):
        other.ends_on = max(starts_on, other.starts_on or starts_on)
        other.save(update_fields=["ends_on"])
    teams = [role.team for role in roles if role.team is not None]
    if teams and locked.team_id not in {team.pk for team in teams}:
        locked.team = teams[0]
        locked.version += 1
        locked.save(update_fields=["team", "version"])
        family.team = locked.team
    if held is None:
        held = Allocation(family=locked, user=user, starts_on=starts_on, source=source)
        held.full_clean()
        held.save()
        announce(CaseEvent(EventKind.CASE_ALLOCATED, (locked.pk,), by, now))
    return held


@transaction.atomic
def record_legal_status(
    *,
    child: Child,
    status: LegalStatusKind | str,
    starts_on: datetime.date,
    by: User,
    ends_on: datetime.date | None = None,
    source: str = "",
) -> LegalStatus:
    """Record a legal status alongside any plan, which it does not end. Idempotent."""
    same = LegalStatus.objects.filter(child=child, status=status, starts_on=starts_on).first()
    if same:
        return same
    row = LegalStatus(child=child, status=status, starts_on=starts_on, ends_on=ends_on, source=source)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def record_reveal(*, family: Family, by: User, reason: str, now: datetime.datetime) -> WhereaboutsReveal:
    """Record who viewed a family's confidential whereabouts. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why you need to see the confidential details."})
    reveal = WhereaboutsReveal(family=family, user=by, at=now, reason=reason.strip())
    reveal.full_clean()
    reveal.save()
    return reveal
