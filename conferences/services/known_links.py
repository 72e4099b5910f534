"""Notes who could know the link for those online, and warns where such a person is not to use it any more."""

from __future__ import annotations

import datetime

from django.urls import reverse

from conferences.enums import ConferenceStatus, ParticipantStatus
from conferences.models import Conference, LinkGiven, Participant
from conferences.selectors.online import MEETS, link_for
from conferences.selectors.recipients import to_be_told
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify


def note_given(participant: Participant, conference: Conference, *, now: datetime.datetime) -> bool:
    """Note that the person may know the link from now on, where they may have it; return whether it is new to them."""
    link = link_for(participant, conference)
    if not link:
        return False
    _, is_new = LinkGiven.objects.get_or_create(participant=participant, link=link, defaults={"given_at": now})
    return is_new


def warn_if_known(participant: Participant, *, now: datetime.datetime) -> None:
    """Tell the coordinator of someone who could know the present link and may not have it any more.

    The link can then be changed, which sends the new one to those who may have it. Does nothing once the
    conference is over or cancelled.
    """
    conference = Conference.objects.get(pk=participant.conference_id)
    known = participant.links_given.filter(link=conference.link) if conference.link else None
    if known is None or conference.status not in MEETS or link_for(participant, conference) or not known.exists():
        return
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"link-known:{participant.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: someone who is not to join on a screen knows the link. You can change it.",
            url=reverse("conferences:room-and-screen", args=[conference.pk]),
            urgent=participant.status != ParticipantStatus.INVITED or conference.status == ConferenceStatus.OPEN,
            now=now,
        )
