"""What guest links are for. A higher app registers each purpose in ``AppConfig.ready``."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import GuestLink


@dataclass(frozen=True)
class LinkPurpose:
    """What a link of one purpose leads to.

    ``open_rows`` returns the rows open to guests at a moment. A link opens the one whose primary key is its
    ``subject_id``, as long as the field ``person`` holds its person and ``mailbox`` (a field or an annotation,
    lower case) is still the mailbox that it was sent to. ``home`` is the name of the page behind it, and ``title``
    what the person's other pages call it.
    """

    name: str
    open_rows: Callable[[datetime.datetime], QuerySet[Any]]
    person: str
    mailbox: str
    home: str
    title: str = "Your page"

    def open_to(self, person_id: object, mailbox: object, now: datetime.datetime) -> QuerySet[Any]:
        """Return the rows of this purpose that are open to a person with this mailbox."""
        return self.open_rows(now).filter(Q(**{self.person: person_id, self.mailbox: mailbox}))


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
    opens = Q(pk__in=[])
    for purpose in _purposes.values():
        opens |= Q(Exists(purpose.open_to(OuterRef(f"{prefix}person_id"), OuterRef(f"{prefix}sent_to"), now)))
    known = Q(**{f"{prefix}purpose__in": list(_purposes)})
    return known & opens & Q(**{f"{prefix}revoked_at__isnull": True, f"{prefix}expires_at__gt": now})


def pages_open_to(link: GuestLink, now: datetime.datetime) -> list[LinkPurpose]:
    """Return the purposes of which something is open to a link's person at its mailbox, its own purpose first."""
    found = [purpose for purpose in _purposes.values() if purpose.open_to(link.person_id, link.sent_to, now).exists()]
    return sorted(found, key=lambda purpose: purpose.name != link.purpose)


def open_links(now: datetime.datetime) -> QuerySet[GuestLink]:
    """Return every link usable now, with its council."""
    return GuestLink.objects.filter(stays_open(now)).select_related("authority").order_by("pk")
