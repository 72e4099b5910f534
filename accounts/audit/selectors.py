from __future__ import annotations

import datetime
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import AccessEvent, RoleAssignment, User

LONDON = ZoneInfo("Europe/London")


def read_log(
    *,
    authority_ids: Iterable[int],
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    user: User | None = None,
) -> QuerySet[AccessEvent]:
    """What users of the authorities looked at, newest first; both days included, as London counts them."""
    events = AccessEvent.objects.filter(authority__in=list(authority_ids)).select_related("user")
    if since:
        events = events.filter(at__gte=midnight(since))
    if until:
        events = events.filter(at__lt=midnight(until + datetime.timedelta(days=1)))
    if user:
        events = events.filter(user=user)
    return events.order_by("-at", "-pk")


def readers(*, authority_ids: Iterable[int]) -> QuerySet[User]:
    """Users who hold or held a role in one of the authorities."""
    held = RoleAssignment.objects.filter(authority__in=list(authority_ids))
    return User.objects.filter(pk__in=held.values("user"))


def midnight(day: datetime.date) -> datetime.datetime:
    """The first moment of a civil day in London."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=LONDON)
