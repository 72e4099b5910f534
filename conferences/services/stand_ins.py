"""Name another chair to stand in for the chair of a conference, and end that."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import ConferenceStatus, Job
from conferences.models import Conference, StandIn
from conferences.selectors.runners import may_not_run
from conferences.selectors.stand_ins import chairs_of_council
from conferences.services.guards import text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from govuk.words import NO_BREAK, plain_date
from notifications.services.outbox import notify


@transaction.atomic
def name_stand_in(
    *,
    conference: Conference,
    user: User,
    starts_on: datetime.date,
    last_day: datetime.date,
    why: str,
    by: User,
    now: datetime.datetime,
) -> StandIn:
    """Let another chair of the council act as chair for this conference, for a range of days.

    In order:
    1. locks the conference; returns the existing row if the same person is already named for the same days;
    2. checks the days and the person, who must hold the chair role on the first day and not be barred from the
      case;
    3. records who stands in, when and why;
    4. tells them;
    5. counts the deadlines, for which they are responsible while they stand in.
    Raises ValidationError by field, where the conference has no chair or is cancelled, and where another person
    stands in on some of these days. It does not say why anyone is barred.
    """
    locked = lock_conference(conference)
    if locked.status == ConferenceStatus.CANCELLED or locked.chair is None:
        raise ValidationError("This conference was cancelled or has no chair, so no one can stand in.")
    ends_on = last_day + datetime.timedelta(days=1)
    same = locked.stand_ins.filter(user=user, starts_on=starts_on, ends_on=ends_on, ended_at=None).first()
    if same is not None:
        return same
    reason = text_of("why", why, "Say why the chair needs a stand-in.")
    today = civil_day(now)
    if starts_on < today:
        raise ValidationError({"starts_on": "Enter today or a later day."})
    if last_day < starts_on:
        raise ValidationError({"last_day": "The last day can’t be before the first."})
    if user.pk == locked.chair_id or not chairs_of_council(locked, on=starts_on).filter(pk=user.pk).exists():
        raise ValidationError({"user": f"{user.name} is not another chair of this council on that day."})
    if may_not_run(user, Job.CHAIR, locked, on=today):
        raise ValidationError({"user": f"{user.name} can’t stand in here. Choose someone else."})
    with refused_by_database():
        stand_in = StandIn.objects.create(
            conference=locked, user=user, starts_on=starts_on, ends_on=ends_on, why=reason, named_by=by, named_at=now
        )
    days = f"from {plain_date(starts_on)} to {plain_date(last_day)}".replace(NO_BREAK, " ")
    notify(
        user=user,
        key=f"stand-in:{stand_in.pk}",
        text=f"{locked.reference}: you stand in for the chair {days}.",
        url=reverse("conferences:overview", args=[locked.pk]),
        now=now,
    )
    reconcile(family_ids=[locked.family_id], now=now)
    return stand_in


@transaction.atomic
def end_stand_in(*, stand_in: StandIn, because: str, by: User, now: datetime.datetime) -> StandIn:
    """End a stand-in now, recording who, when and why. Idempotent.

    In order: locks the conference and the row; ends it today, or before it began; tells the stand-in; counts
    the deadlines. Raises ValidationError on ``because``, and for a stand-in whose last day is past.
    """
    conference = lock_conference(stand_in.conference)
    locked = StandIn.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=stand_in.pk)
    if locked.ended_at is not None:
        return locked
    today = civil_day(now)
    if locked.ends_on <= today:
        raise ValidationError("The last day of this stand-in has passed, so there is nothing to end.")
    locked.ended_because = text_of("because", because, "Say why this person no longer stands in.")
    locked.ends_on = max(today, locked.starts_on)
    locked.ended_by, locked.ended_at = by, now
    locked.save(update_fields=["ends_on", "ended_by", "ended_at", "ended_because"])
    notify(
        user=locked.user,
        key=f"stand-in:{locked.pk}:ended",
        text=f"{conference.reference}: you no longer stand in for the chair.",
        now=now,
    )
    reconcile(family_ids=[conference.family_id], now=now)
    return locked
