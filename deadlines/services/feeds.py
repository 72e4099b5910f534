"""The secret addresses at which calendar programs read somebody's dates."""

from __future__ import annotations

import datetime
import hashlib
import secrets

from django.db import transaction

from accounts.models import User
from accounts.people.staff_events import StaffEvent, StaffEventKind
from deadlines.models import CalendarFeed

SECRET_BYTES = 32
# A calendar program asks every few minutes at most; the moment of reading need not be written more often.
READ_NOTED_EVERY = datetime.timedelta(minutes=5)


def hash_of(secret: str) -> str:
    """What the database keeps of a secret. It is long and random, so that a plain hash can't be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_feed(*, user: User, now: datetime.datetime) -> tuple[CalendarFeed, str]:
    """Make a new secret address for the user; an earlier one ends in the same moment.

    Gives the feed and its secret, which is known to nobody afterwards.
    """
    _end(user, now=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return CalendarFeed.objects.create(user=user, secret_hash=hash_of(secret), created_at=now), secret


@transaction.atomic
def revoke_feed(*, user: User, now: datetime.datetime) -> None:
    """End the user's secret address; without one nothing happens."""
    _end(user, now=now)


def _end(user: User, *, now: datetime.datetime) -> None:
    # The user's row is the lock: two that are made at once follow each other.
    User.objects.select_for_update().get(pk=user.pk)
    CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)


def note_reading(*, feed: CalendarFeed, now: datetime.datetime) -> None:
    """Keep when the feed was last read, so that its owner sees whether anybody uses it."""
    if feed.read_at is None or now - feed.read_at >= READ_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)


def end_of_leaver(event: StaffEvent) -> None:
    """The calendar of somebody whose account closes is read no more, also once the account is open again."""
    if event.kind == StaffEventKind.ACCOUNT_CLOSED:
        _end(event.user, now=event.now)
