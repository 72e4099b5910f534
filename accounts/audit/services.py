"""Record that unusual reads were looked into."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Authority, ReadsLookedInto, User


@transaction.atomic
def look_into_reads(
    *, authority: Authority, user: User, day: datetime.date, what_came_out: str, by: User, now: datetime.datetime
) -> ReadsLookedInto:
    """Record the outcome when ``by`` looked into ``user``'s reads on ``day``. Repeats are ignored.

    Raises ValidationError on ``what_came_out`` where it is empty, and where users look into their own reads.
    """
    said = what_came_out.strip()
    if not said:
        raise ValidationError({"what_came_out": "Say what the outcome was."})
    if user.pk == by.pk:
        raise ValidationError({"what_came_out": "Someone else has to check what you read."})
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    latest = ReadsLookedInto.objects.filter(authority=authority, user=user, day=day).first()
    if latest is not None and (latest.what_came_out, latest.by_id) == (said, by.pk):
        return latest
    return ReadsLookedInto.objects.create(authority=authority, user=user, day=day, what_came_out=said, by=by, at=now)
