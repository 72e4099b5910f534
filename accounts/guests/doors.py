"""The doors that links open. A higher app registers one for each purpose in ``AppConfig.ready``."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import GuestLink


@dataclass(frozen=True)
class Door:
    """What a link of one purpose leads to.

    ``open_rows`` gives the rows that are open to guests at a moment. Of them a link opens the one whose primary
    key is its ``subject_id``, as long as the field ``person`` holds its person and ``mailbox`` (a field or an
    annotation, in small letters) still the mailbox that it was sent to. ``home`` is the name of the page behind it.
    """

    purpose: str
    open_rows: Callable[[datetime.datetime], QuerySet[Any]]
    person: str
    mailbox: str
    home: str


_doors: dict[str, Door] = {}


def register_door(door: Door) -> None:
    """Let links of this purpose open something; registering a purpose again replaces its door."""
    _doors[door.purpose] = door


def door_of(purpose: str) -> Door:
    """The door of a purpose. Raises KeyError where nobody registered one."""
    return _doors[purpose]


def stays_open(now: datetime.datetime, prefix: str = "") -> Q:
    """Links that open something now, as a condition on links, or through ``prefix`` on rows that belong to one.

    Not closed, not run out, and their door is open to their person. The one definition for opening a link, asking
    for a code, entering it and every request afterwards.
    """
    doors = Q(pk__in=[])
    for door in _doors.values():
        subject = door.open_rows(now).filter(
            Q(**{door.person: OuterRef(f"{prefix}person_id"), door.mailbox: OuterRef(f"{prefix}sent_to")}),
            pk=OuterRef(f"{prefix}subject_id"),
        )
        doors |= Q(**{f"{prefix}purpose": door.purpose}) & Q(Exists(subject))
    return doors & Q(**{f"{prefix}revoked_at__isnull": True, f"{prefix}expires_at__gt": now})


def open_links(now: datetime.datetime) -> QuerySet[GuestLink]:
    """Every link that opens something now, with its council."""
    return GuestLink.objects.filter(stays_open(now)).select_related("authority").order_by("pk")
