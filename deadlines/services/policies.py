"""Put a council's procedures in force."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import OuterRef

from accounts.models import Authority, User
from deadlines.enums import Direction
from deadlines.models import PolicyLimit, PolicyVersion
from deadlines.policies import LIMITS, complete, policy_of, resolve
from deadlines.working_days.arithmetic import civil_day


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
    """Give an authority the procedures of a preset from a given day, as its next version.

    ``raw`` is a policy as typed, in the format of a preset's file; by default the product's own preset is used.
    Nothing is written when the version in force on that day already says the same. Only an authority's first
    version may begin in the past: clocks that ran keep the version they ran under. Raises PolicyInvalid for
    anything wrong, each message naming file, key and reason, and ValidationError for a later version from a
    past day.
    """
    data = resolve(preset) if raw is None else complete(raw, file=preset)
    Authority.objects.select_for_update().get(pk=authority.pk)
    current = (
        PolicyVersion.objects.filter(authority=authority, in_force_from__lte=in_force_from)
        .order_by("-in_force_from", "-number")
        .first()
    )
    if current is not None and policy_of(current.pk).data == data and current.preset == preset:
        return current
    newest = PolicyVersion.objects.filter(authority=authority).order_by("-number").first()
    if newest is not None and in_force_from < civil_day(now):
        raise ValidationError(
            {
                "in_force_from": "New procedures start today or later. Deadlines that started before "
                "then keep the version they were counted under. You can count them "
                "again separately."
            }
        )
    version = PolicyVersion.objects.create(
        authority=authority,
        preset=preset,
        number=newest.number + 1 if newest else 1,
        in_force_from=in_force_from,
        data=data,
        created_at=now,
        created_by=created_by,
    )
    _lay_out_limits(version, LIMITS)
    return version


@transaction.atomic
def renew_policies(*, raw: dict[str, Any], now: datetime.datetime) -> list[PolicyVersion]:
    """Give every council that follows the file ``raw`` as loaded the file's current contents.

    A council whose newest version was written by a person keeps it. The new version begins today, or with the
    newest one where that is still to come. Returns the versions created: none where nothing changed. Raises
    PolicyInvalid for anything wrong in the file.
    """
    newest = (
        PolicyVersion.objects.order_by("authority_id", "-number").distinct("authority_id").select_related("authority")
    )
    renewed = []
    for version in newest:
        if version.created_by_id is not None or version.preset != raw["preset"]:
            continue
        begins = max(version.in_force_from, civil_day(now))
        made = put_policy_in_force(
            authority=version.authority, preset=version.preset, raw=raw, in_force_from=begins, now=now
        )
        if made != version:
            renewed.append(made)
    return renewed


def lay_out_new_limits(*, using: str = DEFAULT_DB_ALIAS, **_received: Any) -> None:
    """Give every version the rows of limits that this program counts and the one that made the version did not.

    Their figures are the baseline's, as ``policies_of`` reads them. Receives ``post_migrate``: a council that wrote its
    own procedures gets a new limit counted with the release that brings it.
    """
    if PolicyLimit._meta.db_table not in connections[using].introspection.table_names():
        return
    laid_out = ArraySubquery(PolicyLimit.objects.filter(version=OuterRef("pk")).order_by().values("key"))
    for version in PolicyVersion.objects.annotate(laid_out=laid_out).defer("data").order_by("pk"):
        if new := LIMITS.keys() - set(version.laid_out):
            _lay_out_limits(version, new)


def _lay_out_limits(version: PolicyVersion, keys: Iterable[str]) -> None:
    """Write limits that a version uses as rows, for counting in the database."""
    policy = policy_of(version.pk)
    PolicyLimit.objects.bulk_create(
        PolicyLimit(
            version_id=version.pk,
            key=limit.key,
            sign=-1 if limit.direction == Direction.BEFORE else 1,
            amount=limit.amount,
            unit=limit.unit,
            warn=limit.warn.amount,
            last_call=limit.last_call.amount if limit.last_call else 0,
            manager_after=limit.to_manager.amount,
            service_manager_after=limit.to_service_manager.amount,
            outer_amount=limit.outer.amount if limit.outer else None,
            outer_unit=limit.outer.unit if limit.outer else "",
            closures_count=limit.closures_count,
            day_zero_before=limit.day_zero_before,
            sooner_with=limit.sooner_with if LIMITS[limit.key].may_end_with else None,
        )
        for limit in map(policy.limit, sorted(keys))
        if policy.uses(limit.key)
    )
