"""The secret URLs at which calendar programs read a user's dates."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.db import transaction

from accounts.models import User
from accounts.people.staff_events import StaffEvent, StaffEventKind
from deadlines.models import CalendarFeed

SECRET_BYTES = 32
# Calendar programs poll every few minutes at most; the time of reading needn't be written more often.
READ_NOTED_EVERY = datetime.timedelta(minutes=5)


def hash_of(secret: str) -> str:
    """Return the stored hash of a secret, which is long and random enough for a plain hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_feed(*, user: User, now: datetime.datetime) -> tuple[CalendarFeed, str]:
    """Create a new secret URL for the user, ending any earlier one.

    Returns the feed and its secret, which is not stored.
    """
    _end(user, now=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return CalendarFeed.objects.create(user=user, secret_hash=hash_of(secret), created_at=now), secret


@transaction.atomic
def revoke_feed(*, user: User, now: datetime.datetime) -> None:
    """End the user's secret URL, if they have one."""
    _end(user, now=now)


def _end(user: User, *, now: datetime.datetime) -> None:
    # The user's row is the lock: two simultaneous requests take turns.
    User.objects.select_for_update().get(pk=user.pk)
    CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)


def note_reading(*, feed: CalendarFeed, now: datetime.datetime) -> None:
    """Record when the feed was last read, so that its owner sees whether it is used."""
    if feed.read_at is None or now - feed.read_at >= READ_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)


def end_of_leaver(event: StaffEvent) -> None:
    """End the feed of a user whose account closes; reopening the account does not restore it."""
    if event.kind == StaffEventKind.ACCOUNT_CLOSED:
        _end(event.user, now=event.now)
