"""Finds a link by its secret, a code by its browser, a guest by their cookie; and what staff see of a link."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.guests.hashing import hash_of
from accounts.guests.limits import IDLE, LONGEST
from accounts.guests.purposes import open_links, stays_open
from accounts.models import Authority, GuestCode, GuestLink, GuestSession


@dataclass(frozen=True)
class Guest:
    """A person without an account who came in by a link and a code, and still has access."""

    session: GuestSession
    # Another link of the same person at the same mailbox, where the one that they came in by has ended.
    instead: GuestLink | None = None
    # The purpose of the page that is open, and its row, where it is not the link's own.
    on: str = ""
    row: int = 0

    @property
    def session_id(self) -> int:
        return self.session.pk

    @property
    def authority_id(self) -> int:
        return self.link.authority_id

    @property
    def link(self) -> GuestLink:
        return self.instead or self.session.link

    @property
    def authority(self) -> Authority:
        return self.link.authority

    @property
    def person_id(self) -> int:
        return self.link.person_id

    @property
    def subject_id(self) -> int:
        return self.row or self.link.subject_id

    @property
    def purpose(self) -> str:
        return self.on or self.link.purpose


def link_with(token: str, *, now: datetime.datetime) -> GuestLink | None:
    """Return the link that this secret opens now."""
    return open_links(now).filter(tokens__token_hash=hash_of(token)).first()


def council_of(token: str) -> Authority | None:
    """Return the council of a link, usable or not, for the page that says who to ring."""
    link = GuestLink.objects.filter(tokens__token_hash=hash_of(token)).select_related("authority").first()
    return link.authority if link else None


def council_of_cookies(cookie: str, asker: str) -> Authority | None:
    """Return the council whose guest this browser was or asked to be, for the page that says who to ring."""
    if not cookie and not asker:
        return None
    sessions = GuestSession.objects.filter(token_hash=hash_of(cookie)).values("link")
    codes = GuestCode.objects.filter(asker_hash=hash_of(asker)).values("link")
    link = GuestLink.objects.filter(Q(pk__in=sessions) | Q(pk__in=codes)).select_related("authority").first()
    return link.authority if link else None


def code_of(asker: str, *, now: datetime.datetime) -> GuestCode | None:
    """Return the code this browser requested, used or void included, while its link is usable."""
    return (
        GuestCode.objects.filter(stays_open(now, "link__"), asker_hash=hash_of(asker))
        .select_related("link__authority")
        .first()
    )


def guest_with(cookie: str, *, now: datetime.datetime) -> Guest | None:
    """Return the guest with this cookie, if they still have access. One query, while their own link is open.

    Where that link has ended and their stay has not, it goes on for what another open link of the same person at the
    same mailbox, in the same council, leads to.
    """
    stays = GuestSession.objects.filter(
        token_hash=hash_of(cookie), ended_at__isnull=True, last_seen_at__gt=now - IDLE, started_at__gt=now - LONGEST
    ).select_related("link__authority")
    session = stays.filter(stays_open(now, "link__")).first()
    if session is not None:
        return Guest(session)
    session = stays.first()
    if session is None:
        return None
    own = session.link
    other = (
        open_links(now)
        .filter(authority=own.authority_id, person_id=own.person_id, sent_to=own.sent_to)
        .exclude(pk=own.pk)
        .first()
    )
    return Guest(session, instead=other) if other else None


def session_with(cookie: str) -> GuestSession | None:
    """Return the stay with this cookie, ended or not: whose it was, and no more."""
    if not cookie:
        return None
    return GuestSession.objects.filter(token_hash=hash_of(cookie)).select_related("link").first()


def links_of(purpose: str, subject_id: int) -> QuerySet[GuestLink]:
    """Return every link ever issued for this, newest first: ``came_in``, ``first_in``, ``last_in``, ``mailed``."""
    return (
        GuestLink.objects.filter(purpose=purpose, subject_id=subject_id)
        .select_related("created_by", "revoked_by")
        .annotate(
            came_in=Count("sessions", distinct=True),
            first_in=Min("sessions__started_at"),
            last_in=Max("sessions__last_seen_at"),
            mailed=Min("tokens__minted_at"),
        )
        .order_by("-created_at", "-pk")
    )
