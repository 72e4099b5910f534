"""Dangers to staff who work with a family."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from families.models import Address, Family, FamilyMember, Residence, SafetyAlert


def alerts_of(family: Family, *, on: datetime.date) -> QuerySet[SafetyAlert]:
    """Return dangers in force on ``on`` from a member of the family, or at an address where one lives."""
    people = _members(family, on=on)
    homes = Residence.objects.current(on=on).filter(person__in=people).values("address")
    alerts: QuerySet[SafetyAlert] = SafetyAlert.objects.current(on=on)
    return (
        alerts.filter(Q(person__in=people) | Q(address__in=homes))
        .select_related("person", "address")
        .order_by("kind", "pk")
    )


def homes_of(family: Family, *, on: datetime.date) -> QuerySet[Address]:
    """Return addresses where members of the family live, without confidential ones."""
    people = _members(family, on=on)
    rows = Residence.objects.current(on=on).filter(person__in=people)
    hidden = Residence.objects.filter(confidential=True).values("address")
    return Address.objects.filter(pk__in=rows.values("address")).exclude(pk__in=hidden).order_by("pk")


def _members(family: Family, *, on: datetime.date) -> QuerySet[Any, Any]:
    """Return the ids of the family's members; the home of a sealed record is never offered."""
    rows: QuerySet[FamilyMember] = FamilyMember.objects.current(on=on)
    return rows.filter(family=family, person__sealed_at__isnull=True).values("person")
