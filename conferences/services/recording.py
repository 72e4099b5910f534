"""The chair decides whether a meeting is recorded, or written down by a program."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference, RecordingDecision
from conferences.models.online_meeting import RecordingKind
from conferences.selectors.recipients import to_be_told
from conferences.services.chairs_words import GIVES_AWAY, gives_away
from conferences.services.exclusions import LIVE
from conferences.services.guards import require_chair, text_of
from conferences.services.scheduling import lock_conference
from deadlines.working_days.arithmetic import civil_day
from families.selectors.people import current_allocations
from notifications.services.outbox import notify


@transaction.atomic
def decide_recording(
    *, conference: Conference, kind: str, told: str, by: User, now: datetime.datetime
) -> RecordingDecision:
    """Record what the chair decides about recording the meeting, in place of an earlier decision.

    In order: locks the conference; writes the decision; tells social worker and coordinator, who tell those whom no
    page of their own reaches. From then invitations, own pages, the overview and the minutes say it. The same again
    changes nothing. Raises ValidationError on ``kind``, on ``told`` where something is recorded without saying why,
    or with a place hidden from somebody who reads it, for anyone but the chair, and once the meeting is over.
    """
    locked = lock_conference(conference)
    require_chair(by, locked, "decide whether it is recorded")
    if locked.status not in LIVE:
        raise ValidationError("This conference is over. What was decided about recording stays as it was.")
    if kind not in RecordingKind.values:
        raise ValidationError({"kind": "Choose whether the meeting is recorded."})
    words = told.strip()
    if kind != RecordingKind.NONE:
        words = text_of("told", told, "Say why, who keeps it and for how long.")
    readers = [row.person for row in locked.participants.select_related("person")]
    if gives_away(words, readers, locked):
        raise ValidationError({"told": GIVES_AWAY})
    current = RecordingDecision.objects.filter(conference=locked, superseded_at__isnull=True).first()
    if current is not None:
        if (current.kind, current.told) == (kind, words):
            return current
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    with refused_by_database():
        made = RecordingDecision.objects.create(conference=locked, kind=kind, told=words, decided_by=by, decided_at=now)
    _tell(made, locked, by=by, now=now)
    return made


def _tell(made: RecordingDecision, conference: Conference, *, by: User, now: datetime.datetime) -> None:
    today = civil_day(now)
    workers = [row.user for row in current_allocations([conference.family_id], on=today)]
    for user in to_be_told(conference, [conference.coordinator, *workers], on=today):
        if user.pk != by.pk:
            notify(
                user=user,
                key=f"recording:{made.pk}",
                text=f"{conference.reference}: the chair has decided whether the meeting is recorded. Tell those who "
                "have no page of their own.",
                url=reverse("conferences:overview", args=[conference.pk]),
                now=now,
            )
