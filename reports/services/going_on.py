"""The chair's decision to go on without missing reports."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference
from conferences.services.guards import family_ids_of, require_chair, text_of
from deadlines.services import reconcile
from reports.models import GoneOnWithout
from reports.selectors.papers import missing_authors
from reports.services.locking import lock_before_the_end


@transaction.atomic
def go_on_without(*, conference: Conference, reason: str, by: User, now: datetime.datetime) -> GoneOnWithout:
    """Record the chair's decision to hold the conference without the missing reports.

    In order:
    1. locks the conference and checks that its chair decides, before the end of the meeting;
    2. stores whose reports are missing at this moment, the reason, who and when;
    3. recounts the deadlines: the chair's clock is met. Each missing report is still expected.

    Deciding twice returns the first decision. Raises ValidationError on ``reason``, for anyone but the chair,
    if nothing is missing, and after the meeting.
    """
    locked = lock_before_the_end(conference, after="The meeting is over, so there is nothing to decide.")
    require_chair(by, locked, "decide to go ahead without a report")
    standing = GoneOnWithout.objects.filter(conference=locked).first()
    if standing is not None:
        return standing
    missing = missing_authors(locked)
    if not missing:
        raise ValidationError("Every report is in, so nothing is missing.")
    words = text_of("reason", reason, "Say why the conference can go ahead without these reports.")
    with refused_by_database(gone_on_without_says_why="reason"):
        row = GoneOnWithout.objects.create(conference=locked, reason=words, by=by, at=now)
    row.missing.set(missing)
    reconcile(family_ids=family_ids_of(locked), now=now)
    return row
