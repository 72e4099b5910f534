"""Dangers to those who work with a family."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from families.models import Address, Family, FamilyMember, Residence, SafetyAlert


def alerts_of(family: Family, *, on: datetime.date) -> QuerySet[SafetyAlert]:
    """Dangers in force on ``on`` from a member of the family, or at an address where one lives."""
    people = _members(family, on=on)
    homes = Residence.objects.current(on=on).filter(person__in=people).values("address")
    alerts: QuerySet[SafetyAlert] = SafetyAlert.objects.current(on=on)
    return (
        alerts.filter(Q(person__in=people) | Q(address__in=homes))
        .select_related("person", "address")
        .order_by("kind", "pk")
    )


def homes_of(family: Family, *, on: datetime.date) -> QuerySet[Address]:
    """Addresses where members of the family live, confidential ones left out."""
    people = _members(family, on=on)
    rows = Residence.objects.current(on=on).filter(person__in=people)
    hidden = Residence.objects.filter(confidential=True).values("address")
    return Address.objects.filter(pk__in=rows.values("address")).exclude(pk__in=hidden).order_by("pk")


def _members(family: Family, *, on: datetime.date) -> QuerySet[Any, Any]:
    """The ids of who belongs to the family; where somebody lives whose record is sealed is nobody's to choose."""
    rows: QuerySet[FamilyMember] = FamilyMember.objects.current(on=on)
    return rows.filter(family=family, person__sealed_at__isnull=True).values("person")
