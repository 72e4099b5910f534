"""What follows when an invitation, change or cancellation did not leave: nobody stands as told who was not."""

from __future__ import annotations

import datetime

from django.urls import reverse

from conferences.enums import ConferenceStatus, Occasion, ParticipantStatus
from conferences.models import Conference, Participant
from conferences.selectors.letters import CHANGED, IN_OWN_WORDS, written_for_the_person
from conferences.selectors.recipients import to_be_told
from conferences.selectors.who_runs import TO_BE_SAID, news_to
from conferences.services.exclusions import LIVE, lock_participant
from conferences.services.sending import KEY, stands_as_to_invite, was_told, why_never_told
from conferences.services.to_tell import OCCASIONS, put_on_list
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from notifications.models import Message
from notifications.services.outbox import notify


def on_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Take back what was recorded when the message was written.

    In order: passes over a version that a newer one replaced; where nobody has ever told the person, makes them
    to be invited again, closes the link that no message carries, and re-opens the clock of the invitations; puts
    them on the list of those to be told by another way, unless nothing is to be told to them any more; tells the
    coordinator at once. Whoever has had an earlier version stays invited.
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
    cancels = named["method"] == "cancel"
    if not cancels and conference.status in LIVE and not was_told(locked):
        stands_as_to_invite(locked, because=f"The invitation did not leave. {because}", now=now)
    if not why_never_told(locked, on=civil_day(now)):
        occasion = _occasion(message, locked, conference, cancels=cancels)
        written = written_for_the_person(message.body) if occasion in IN_OWN_WORDS else ""
        if occasion == Occasion.CHANGED and news_to(locked, conference):
            written = f"{CHANGED}\n\n{TO_BE_SAID}"
        put_on_list(
            locked,
            occasion,
            because=f"The e-mail did not leave. {because}",
            words=written,
            since=message.created_at,
            now=now,
        )
    reconcile(family_ids=[conference.family_id], now=now)
    _tell(locked, message, now=now)


def _occasion(message: Message, participant: Participant, conference: Conference, *, cancels: bool) -> Occasion:
    """Return what the message was to say."""
    if cancels:
        return Occasion.CANCELLED if conference.status == ConferenceStatus.CANCELLED else Occasion.TAKEN_OFF
    if participant.status == ParticipantStatus.TO_INVITE:
        return Occasion.INVITATION
    return next(
        (occasion for subject, occasion in OCCASIONS.items() if message.subject.startswith(subject.label)),
        Occasion.CHANGED,
    )


def _tell(participant: Participant, message: Message, *, now: datetime.datetime) -> None:
    conference = participant.conference
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"not-sent:{message.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: a message to someone on the list did not leave. Tell them another way.",
            url=reverse("conferences:to-tell", args=[conference.pk]),
            urgent=True,
            now=now,
        )
