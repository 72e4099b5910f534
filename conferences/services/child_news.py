"""Tell those invited, and the council's own people, that the children of a conference have changed."""

from __future__ import annotations

import datetime
import re

from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of
from conferences.enums import Capacity, Occasion, ParticipantStatus, SittingState
from conferences.guest_access import COUNCILS_OWN
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.recipients import managers_of, to_be_told
from conferences.services.comers import come_for
from conferences.services.exclusions import lock_participant
from conferences.services.sending import booked_sitting, was_told, why_not_now
from conferences.services.to_tell import put_on_list
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.selectors.people import current_allocations
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.outbox import notify, queue_message, reference_subject

NEWS = re.compile(r"child-news:(?P<row>\d+):(?P<version>\d+):(?P<participant>\d+)")
STAYS = "The day, the time and the place stay as they are."
JOINS = "The meeting with the reference {reference} is now about another child as well. " + STAYS
LEAVES = "The meeting with the reference {reference} is no longer about one of the children. " + STAYS
REPORT_TOO = (
    "Your agency knows this child. Please write about this child in your report too, and talk it through with the "
    "family before the meeting. If your report is in already, send a new version of it."
)
REPORT_NO_LONGER = "What you wrote is kept. Nothing more is needed from you about this child for this meeting."


def tell_of_child(conference: Conference, row: ConferenceChild, *, joins: bool, now: datetime.datetime) -> int:
    """Tell those who know of the meeting that it is about another child, or no longer about one; name no child.

    A child who joins: all of the family who are invited, and everyone from an agency who comes for the child, with
    the words that ask for a report. One who leaves: those who come for the child and for others. Whoever waits for the
    chair or is kept out hears nothing. Whoever has no e-mail address is put on the list of those to be told.
    Returns how many messages were queued.
    """
    sitting = booked_sitting(conference)
    if sitting is None or sitting.state != SittingState.BOOKED or sitting.starts_at <= now:
        return 0
    queued = 0
    for participant in to_tell(conference, row, joins=joins):
        queued += _tell(conference, participant, _words(conference, participant, joins=joins), row, now=now)
    return queued


def to_tell(conference: Conference, row: ConferenceChild, *, joins: bool) -> list[Participant]:
    """Return those invited who are told of a child who joins or leaves, and have been told of the meeting."""
    found = {participant.pk: participant for participant in come_for(row)}
    if joins:
        invited = conference.participants.filter(status=ParticipantStatus.INVITED).select_related("person", "post")
        found |= {participant.pk: participant for participant in invited if participant.is_family}
    rows = [found[pk] for pk in sorted(found) if found[pk].capacity not in COUNCILS_OWN]
    return [participant for participant in rows if was_told(participant)]


def _words(conference: Conference, participant: Participant, *, joins: bool) -> str:
    parts = [(JOINS if joins else LEAVES).format(reference=conference.reference)]
    if participant.reports and participant.capacity == Capacity.PROFESSIONAL:
        parts.append(REPORT_TOO if joins else REPORT_NO_LONGER)
    return "\n\n".join(parts)


def _tell(
    conference: Conference, participant: Participant, told: str, row: ConferenceChild, *, now: datetime.datetime
) -> int:
    if not participant.email:
        put_on_list(lock_participant(participant), Occasion.CHANGED, words=told, now=now)
        return 0
    phone = conference.authority.day_phone
    ring = f"Ring us on {phone} if you have any questions." if phone else "Get in touch if you have any questions."
    queue_message(
        authority=conference.authority,
        key=f"child-news:{row.pk}:{row.version}:{participant.pk}",
        kind=MessageKind.INVITATION,
        to_email=participant.email,
        subject=reference_subject(subject=Subject.CHILDREN, reference=conference.reference),
        body=f"Hello,\n\n{told}\n\n{ring}\n\n{conference.authority.name}",
        person_id=participant.person_id,
        family_id=conference.family_id,
        conference_id=conference.pk,
        now=now,
    )
    return 1


def reason_to_withhold_child_news(message: Message) -> str:
    """Return why news of the children may not leave now: the recipient may be kept out, or the child gone again."""
    named = NEWS.fullmatch(message.key)
    if named is None:
        return ""
    row = ConferenceChild.objects.filter(pk=named["row"]).first()
    participant = _recipient(named["participant"])
    if row is None or row.version != int(named["version"]):
        return "The children of the conference have changed again."
    if participant is None or participant.email != message.to_email:
        return "This person is not invited at this address any more."
    return why_not_now(participant)


def on_child_news_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Put someone to whom the news did not leave, and who is still invited, on the list of those to be told."""
    named = NEWS.fullmatch(message.key)
    participant = _recipient(named["participant"]) if named else None
    if named is None or participant is None or participant.status != ParticipantStatus.INVITED:
        return
    row = ConferenceChild.objects.filter(pk=named["row"], version=named["version"]).first()
    if row is not None:
        conference = participant.conference
        told = _words(conference, participant, joins=row.withdrawn_at is None)
        because = f"The e-mail did not leave. {because}"
        put_on_list(lock_participant(participant), Occasion.CHANGED, because=because, words=told, now=now)
        reconcile(family_ids=[conference.family_id], now=now)


def _recipient(pk: str) -> Participant | None:
    return Participant.objects.select_related("conference__coordinator", "person", "post").filter(pk=pk).first()


def tell_staff(conference: Conference, key: str, what: str, *, but: User, now: datetime.datetime) -> None:
    """Tell chair, coordinator, social workers and team managers, once for each ``key``; not the one who did it."""
    on = civil_day(now)
    held = [row.user for row in current_allocations([conference.family_id], on=on)]
    people = [*chairs_of(conference, on=on), conference.coordinator, *held, *managers_of(conference, on=on)]
    for user in to_be_told(conference, people, on=on):
        if user.pk != but.pk:
            notify(
                user=user,
                key=f"conference:{conference.pk}:{key}",
                text=f"{conference.reference}: {what}",
                url=reverse("conferences:overview", args=[conference.pk]),
                now=now,
            )
