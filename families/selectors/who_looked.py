"""Who looked at a family: the part of the read log that names it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.audit.apart import without_apart
from accounts.audit.selectors import midnight
from accounts.models import AccessEvent, User
from families.models import Family, Person


def looks_at(
    family: Family,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    user: User | None = None,
    kind: str = "",
    right: str = "",
) -> QuerySet[AccessEvent]:
    """Return reads that showed something of the family, newest first; both dates inclusive, London time."""
    events = without_apart(AccessEvent.objects.filter(family_ids__contains=[family.pk])).select_related("user")
    if since:
        events = events.filter(at__gte=midnight(since))
    if until:
        events = events.filter(at__lt=midnight(until + datetime.timedelta(days=1)))
    if user:
        events = events.filter(user=user)
    if kind:
        events = events.filter(kind=kind)
    if right:
        events = events.filter(right=right)
    return events.order_by("-at", "-pk")


def readers_of(family: Family) -> QuerySet[User]:
    """Return users who ever looked at the family, or tried to."""
    return User.objects.filter(pk__in=looks_at(family).order_by().values("user")).order_by("name", "pk")


def rights_used(family: Family) -> list[str]:
    """Return the distinct rights under which the family was read."""
    rights = looks_at(family).exclude(right="").order_by("right").values_list("right", flat=True).distinct()
    return list(rights)


def guests_behind(events: Iterable[AccessEvent]) -> dict[int, str]:
    """Return the names of people who read through a guest link, by person id."""
    ids = {event.guest_person_id for event in events if event.guest_person_id}
    people: Any = Person.objects.filter(pk__in=ids)
    return {person.pk: person.full_name for person in people} if ids else {}
