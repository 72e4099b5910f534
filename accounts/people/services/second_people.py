"""Name, beforehand, who is the second person where there is no other service manager."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Authority, SecondPerson, User
from accounts.people.selectors.roles import users_with_role
from accounts.people.selectors.second_people import may_be_named
from accounts.people.staff_events import StaffEvent, StaffEventKind, announce_staff


@transaction.atomic
def name_second_person(
    *,
    user: User,
    authority: Authority,
    starts_on: datetime.date,
    ends_on: datetime.date | None,
    why: str,
    by: User,
    now: datetime.datetime,
) -> SecondPerson:
    """Name someone from a day, until the first day without them if there is one, and tell them.

    They check bundles, agree to disposals and review emergency accesses where a second service manager would have
    to; naming opens no case to them. The same person again returns the first naming. Raises ValidationError on
    the field that is wrong, and where ``by`` is no service manager of the council.
    """
    today = timezone.localdate(now)
    managers = users_with_role(authority=authority, roles=[Role.SERVICE_MANAGER], on=today)
    if not managers.filter(pk=by.pk).exists():
        raise ValidationError("A service manager has to name them.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    standing = SecondPerson.objects.filter(authority=authority, user=user, ended_at__isnull=True).first()
    if standing is not None and standing.ends_on is not None and standing.ends_on <= today:
        standing.ended_by, standing.ended_at = by, now
        standing.save(update_fields=["ended_by", "ended_at"])
        standing = None
    if standing is not None:
        return standing
    if not why.strip():
        raise ValidationError({"why": "Say why they are named."})
    if starts_on < today:
        raise ValidationError({"starts_on": "Enter today or a later day."})
    if ends_on is not None and ends_on <= starts_on:
        raise ValidationError({"ends_on": "Enter a day after the first one."})
    if not may_be_named(authority, on=today, by=by).filter(pk=user.pk).exists():
        raise ValidationError({"user": "Choose someone else of your council, who works with cases or keeps the list."})
    named = SecondPerson(
        authority=authority, user=user, starts_on=starts_on, ends_on=ends_on, why=why.strip(), named_by=by, named_at=now
    )
    named.full_clean()
    named.save()
    kind, council = StaffEventKind.SECOND_NAMED, authority.pk
    announce_staff(StaffEvent(kind, user, by, now, authority_id=council, was=user.email, why=named.why))
    return named


@transaction.atomic
def end_second_person(*, named: SecondPerson, by: User, now: datetime.datetime) -> SecondPerson:
    """End a naming as of today. A no-op on an ended one."""
    locked = SecondPerson.objects.select_for_update(no_key=True).get(pk=named.pk)
    if locked.ended_at is not None:
        return locked
    locked.ends_on = max(timezone.localdate(now), locked.starts_on)
    locked.ended_by, locked.ended_at = by, now
    locked.full_clean()
    locked.save(update_fields=["ends_on", "ended_by", "ended_at"])
    return locked
