"""What guest links are for. A higher app registers each purpose in ``AppConfig.ready``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, DateField, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import GuestLink
from accounts.readers import Parameter, Question
from accounts.rules import RowSql, Sql, compiled

DAY = Question("day on which a link is used", lambda _: timezone.localdate())


@dataclass(frozen=True)
class LinkPurpose:
    """What a link of one purpose leads to.

    ``open_rows`` returns the rows open to guests on a civil day, or on one given by an expression. A link opens the
    one whose primary key is its ``subject_id``, as long as the field ``person`` holds its person and ``mailbox`` (a
    field or an annotation, lower case) is still the mailbox that it was sent to. ``home`` is the name of the page
    behind it, and ``title`` what the person's other pages call it.
    """

    name: str
    open_rows: Callable[[Any], QuerySet[Any]]
    person: str
    mailbox: str
    home: str
    title: str = "Your page"

    def open_to(self, person_id: object, mailbox: object, today: object) -> QuerySet[Any]:
        """Return the rows of this purpose that are open to a person with this mailbox on a day."""
        return self.open_rows(today).filter(Q(**{self.person: person_id, self.mailbox: mailbox}))


_purposes: dict[str, LinkPurpose] = {}


def register_purpose(purpose: LinkPurpose) -> None:
    """Register a purpose for links; registering a name again replaces it."""
    _purposes[purpose.name] = purpose


def purpose_called(name: str) -> LinkPurpose:
    """Return the purpose of this name. Raises KeyError where no app registered it."""
    return _purposes[name]


def stays_open(now: datetime.datetime, prefix: str = "") -> Q:
    """Return a condition for links usable now, or via ``prefix`` for rows that belong to one.

    Not revoked, not expired, and something is open to their person at this mailbox, of this purpose or another: a
    person has one page, and what is ended leaves the rest of it. The one definition for opening a link, requesting a
    code, entering it and every request afterwards; each page asks the rule of its own purpose besides (``guest_of``).
    """
    opens = _opens(tuple(_purposes.values()))
    on_the_day = RowSql(opens, _Day(now), output_field=BooleanField(), row=F(f"{prefix}person_id"))
    known = Q(**{f"{prefix}purpose__in": list(_purposes)})
    return known & Q(on_the_day) & Q(**{f"{prefix}revoked_at__isnull": True, f"{prefix}expires_at__gt": now})


@lru_cache(maxsize=1)
def _opens(purposes: tuple[LinkPurpose, ...]) -> Sql:
    """Compile once whether anything is open to a link's person on a day: the guest's every request asks it."""
    day = Parameter(DAY, DateField())
    opens = Q(pk__in=[])
    for purpose in purposes:
        opens |= Q(Exists(purpose.open_to(OuterRef("person_id"), OuterRef("sent_to"), day)))
    return compiled(GuestLink, opens)


class _Day:
    """The day for which compiled SQL is asked."""

    def __init__(self, now: datetime.datetime) -> None:
        self.today = timezone.localdate(now)

    def fill(self, params: Iterable[object]) -> list[Any]:
        return [self.today if param == DAY else param for param in params]


def pages_open_to(link: GuestLink, now: datetime.datetime) -> list[LinkPurpose]:
    """Return the purposes of which something is open to a link's person at its mailbox, its own purpose first."""
    today = timezone.localdate(now)
    found = [one for one in _purposes.values() if one.open_to(link.person_id, link.sent_to, today).exists()]
    return sorted(found, key=lambda purpose: purpose.name != link.purpose)


def open_links(now: datetime.datetime) -> QuerySet[GuestLink]:
    """Return every link usable now, with its council."""
    return GuestLink.objects.filter(stays_open(now)).select_related("authority").order_by("pk")
