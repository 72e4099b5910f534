"""Putting a council's procedures in force."""

from __future__ import annotations

import datetime

from django.db import transaction

from accounts.models import Authority, User
from deadlines.models import PolicyVersion
from deadlines.policies import complete, resolve


@transaction.atomic
def put_policy_in_force(
    *,
    authority: Authority,
    preset: str,
    in_force_from: datetime.date,
    now: datetime.datetime,
    created_by: User | None = None,
    raw: object | None = None,
) -> PolicyVersion:
    """Give an authority the procedures of a preset from a day on, as its next version.

    ``raw`` is a policy as typed, in the form of a preset's file; without it the preset that comes with
    the product counts. Nothing is written when the version in force on that day says the same already.

    Raises PolicyInvalid for anything wrong, each message naming file, key and reason.
    """
    data = resolve(preset) if raw is None else complete(raw, file=preset)
    Authority.objects.select_for_update().get(pk=authority.pk)
    current = (
        PolicyVersion.objects.filter(authority=authority, in_force_from__lte=in_force_from)
        .order_by("-in_force_from", "-number")
        .first()
    )
    if current is not None and current.data == data and current.preset == preset:
        return current
    newest = PolicyVersion.objects.filter(authority=authority).order_by("-number").first()
    return PolicyVersion.objects.create(
        authority=authority,
        preset=preset,
        number=newest.number + 1 if newest else 1,
        in_force_from=in_force_from,
        data=data,
        created_at=now,
        created_by=created_by,
    )
