"""Who brings the views of someone who does not come: asked anew where the one who was to bring them does not either."""

from __future__ import annotations

import datetime

from django.urls import reverse

from conferences.access import chairs_of
from conferences.enums import ParticipantStatus
from conferences.models import Participant
from conferences.selectors.recipients import to_be_told
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify


def tell_whose_views_wait(bearer: Participant, *, now: datetime.datetime) -> None:
    """Tell chair and coordinator, at once, that someone kept out has nobody left who brings their views.

    ``bearer`` has been taken off the list.
    """
    conference = bearer.conference
    unheard = bearer.brings_views_of.filter(status=ParticipantStatus.KEPT_OUT)
    for row in unheard.order_by("pk"):
        people = [*chairs_of(conference, on=civil_day(now)), conference.coordinator]
        for user in to_be_told(conference, people, on=civil_day(now)):
            notify(
                user=user,
                key=f"views:{row.pk}:{bearer.pk}:{now:%Y%m%d%H%M%S}",
                text=f"{conference.reference}: whoever was to bring someone’s views does not come. Say who does.",
                url=reverse("conferences:participant", args=[conference.pk, row.pk]),
                urgent=True,
                now=now,
            )
