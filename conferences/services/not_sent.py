"""What follows when an invitation, change or cancellation did not leave: nobody stands as told who was not."""

from __future__ import annotations

import datetime

from django.urls import reverse

from conferences.enums import ParticipantStatus
from conferences.models import Conference, Participant
from conferences.selectors.recipients import to_be_told
from conferences.services.exclusions import LIVE, lock_participant
from conferences.services.guest_links import revoke_link
from conferences.services.sending import KEY, has_been_reached
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from notifications.models import Message
from notifications.services.outbox import notify


def on_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Take back what was recorded when the message was written.

    In order: passes over a version that a newer one replaced; where nothing has ever left for the person, makes
    them to be invited again, closes the link that no message carries, and re-opens the clock of the invitations;
    tells the coordinator at once. Whoever has had an earlier version stays invited.
    """
    named = KEY.fullmatch(message.key)
    participant = Participant.objects.filter(pk=named["participant"]).first() if named else None
    if named is None or participant is None:
        return
    conference = Conference.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.conference_id)
    locked = lock_participant(participant)
    if int(named["sequence"]) < locked.invitation_sequence:
        return
    if named["method"] == "request" and locked.status != ParticipantStatus.INVITED:
        return
    if named["method"] == "request" and conference.status in LIVE and not has_been_reached(locked):
        _not_invited(locked, conference, because=because, now=now)
    _tell(locked, message, now=now)


def _not_invited(participant: Participant, conference: Conference, *, because: str, now: datetime.datetime) -> None:
    participant.status = ParticipantStatus.TO_INVITE
    participant.invited_at = None
    participant.version += 1
    participant.save(update_fields=["status", "invited_at", "version"])
    revoke_link(participant, because=f"The invitation did not leave. {because}"[:200], now=now)
    conference.invited_at = None
    conference.save(update_fields=["invited_at"])
    reconcile(family_ids=[conference.family_id], now=now)


def _tell(participant: Participant, message: Message, *, now: datetime.datetime) -> None:
    conference = participant.conference
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"not-sent:{message.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: a message to someone on the list did not leave. Tell them another way.",
            url=reverse("conferences:participant", args=[conference.pk, participant.pk]),
            urgent=True,
            now=now,
        )


def settle_first_round(conference: Conference, *, now: datetime.datetime) -> None:
    """Meet the clock of the invitations, if it is open, once nobody is left whose invitation still has to go.

    The conference's row is locked. Where the message to someone did not leave, the clock waits for a new one, or
    for them to be told another way or left out.
    """
    rows = conference.participants
    if conference.invited_at is not None or rows.filter(status=ParticipantStatus.TO_INVITE).exists():
        return
    if rows.filter(status=ParticipantStatus.INVITED).exists():
        conference.invited_at = now
        conference.save(update_fields=["invited_at"])
