"""Putting the shared board on the room's screen, and taking it off."""

from __future__ import annotations

import datetime
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from conferences.enums import SittingState
from conferences.models import Conference
from meetings.models import Projection
from meetings.selectors.attendance import sitting_of

# Ours: no conference lasts longer than a working day, so a forgotten screen goes dark by itself.
LONGEST = datetime.timedelta(hours=12)
# Ours: time to walk from one computer in the room to the other and type eight characters.
CODE_LASTS = datetime.timedelta(minutes=10)
# Characters that are not mistaken for others on a screen: no I and 1, no O and 0.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_SIGNS = 8
TOKEN_BYTES = 32
LIVE = (SittingState.BOOKED, SittingState.IN_SESSION)


@transaction.atomic
def start_projection(*, conference: Conference, by: User, now: datetime.datetime) -> tuple[Projection, str]:
    """Allow one screen to show the shared board, and return the code that opens it once.

    In order: takes down what is already on, writes the row with the code's hash. Raises ValidationError if no
    sitting is booked or in session.
    """
    Conference.objects.select_for_update().get(pk=conference.pk)
    sitting = sitting_of(conference)
    if sitting is None or sitting.state not in LIVE:
        raise ValidationError("There is no meeting to show. Book its next sitting first.")
    _end(conference, by=by, now=now)
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_SIGNS))
    projection = Projection.objects.create(
        conference=conference,
        sitting=sitting,
        started_by=by,
        started_at=now,
        code_hash=hash_of("code", code),
        code_until=now + CODE_LASTS,
        ends_at=now + LONGEST,
    )
    return projection, code


@transaction.atomic
def open_projection(*, code: str, now: datetime.datetime) -> str:
    """Redeem a code and return the screen's secret token; an empty string if the code is invalid.

    A code works once: the row is locked before it is read, so of two screens that type the code at the same
    moment only one opens.
    """
    found = (
        Projection.objects.select_for_update()
        .filter(
            code_hash=hash_of("code", clean_code(code)),
            code_until__gt=now,
            opened_at__isnull=True,
            ended_at__isnull=True,
        )
        .first()
    )
    if found is None:
        return ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    found.token_hash = hash_of("token", token)
    found.opened_at = now
    found.save(update_fields=["token_hash", "opened_at"])
    return token


@transaction.atomic
def end_projection(*, conference: Conference, by: User, now: datetime.datetime) -> None:
    """Take the board off the room's screen, which goes dark when it next polls. Idempotent."""
    Conference.objects.select_for_update().get(pk=conference.pk)
    _end(conference, by=by, now=now)


def note_shown(*, projection: Projection, shown: str) -> bool:
    """Store what is on the screen; return True if it differs from before."""
    changed = Projection.objects.filter(pk=projection.pk).exclude(shown=shown).update(shown=shown)
    return bool(changed)


def hash_of(kind: str, secret: str) -> str:
    """Return what the database keeps of a code or token: a keyed hash, because a code is short."""
    return salted_hmac(f"conferences.projection.{kind}", secret, algorithm="sha256").hexdigest()


def clean_code(typed: str) -> str:
    """Normalise a typed code: lower case, hyphens and spaces do not matter."""
    return "".join(sign for sign in typed.upper() if sign in SIGNS)


def _end(conference: Conference, *, by: User, now: datetime.datetime) -> None:
    Projection.objects.filter(conference=conference, ended_at__isnull=True).update(ended_at=now, ended_by=by)
