from __future__ import annotations

import datetime
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.audit.apart import without_apart
from accounts.models import AccessEvent, RoleAssignment, User

LONDON = ZoneInfo("Europe/London")


def read_log(
    *,
    authority_ids: Iterable[int],
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    user: User | None = None,
) -> QuerySet[AccessEvent]:
    """Return what users of the authorities read, newest first; both dates inclusive, London time.

    Never what stands apart (``accounts.audit.apart``).
    """
    events = without_apart(AccessEvent.objects.filter(authority__in=list(authority_ids))).select_related("user")
    if since:
        events = events.filter(at__gte=midnight(since))
    if until:
        events = events.filter(at__lt=midnight(until + datetime.timedelta(days=1)))
    if user:
        events = events.filter(user=user)
    return events.order_by("-at", "-pk")


def readers(*, authority_ids: Iterable[int]) -> QuerySet[User]:
    """Return users who hold or held a role in one of the authorities."""
    held = RoleAssignment.objects.filter(authority__in=list(authority_ids))
    return User.objects.filter(pk__in=held.values("user"))


def midnight(day: datetime.date) -> datetime.datetime:
    """Return the first moment of a civil day in London, aware."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=LONDON)
