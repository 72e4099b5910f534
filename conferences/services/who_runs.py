"""Tells the people on the list, once, that someone else chairs or coordinates the conference."""

from __future__ import annotations

import datetime
import re

from django.urls import reverse

from conferences.enums import ConferenceStatus, Occasion, ParticipantStatus, Presence
from conferences.models import Attendance, Conference, Participant
from conferences.selectors.recipients import to_be_told
from conferences.selectors.runners import unfinished
from conferences.selectors.who_runs import RUNS_IT, TO_BE_SAID, known_to, news_for
from conferences.services.exclusions import lock_participant
from conferences.services.sending import why_not_now
from conferences.services.to_tell import open_for, put_on_list, take_off_list
from deadlines.working_days.arithmetic import civil_day
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.outbox import notify, queue_message, reference_subject, withdraw_messages

KEY = re.compile(r"who-runs:(?P<participant>\d+):(?P<replacement>\d+)")
SUPERSEDED = "Someone else has taken over since."


def tell_who_runs(conference: Conference, *, now: datetime.datetime) -> int:
    """Tell everyone invited who knew another name who chairs or coordinates the conference now; return how many.

    In order: withdraws what was written before and has not left; writes one message to each who knew another name,
    and to no one else, so that whoever was replaced and is back needs no words, and whoever is told of a move in
    the same breath reads the name there; puts those who are told another way
    on the list of those to be told or, once the meeting is over, asks the coordinator to tell them. After the
    meeting that lasts until its papers are out. It names nobody who was replaced. The conference's row is locked
    and its replacements are recorded.
    """
    newest = conference.replacements.order_by("-at", "-pk").first()
    if newest is None:
        return 0
    people = _people(conference)
    for row in people:
        withdraw_news(row, because=SUPERSEDED, now=now)
    if not _still_concerns(conference):
        return 0
    queued, by_hand = 0, 0
    known_by = known_to(conference, people, with_waiting=True)
    for row in people:
        known = known_by.get(row.pk)
        news = news_for(conference, known) if known is not None else ""
        waiting = open_for(row)
        if waiting is not None and waiting.words == TO_BE_SAID:
            take_off_list(row, because=SUPERSEDED, now=now)
        if not news:
            continue
        if not row.email and conference.status == ConferenceStatus.CLOSED:
            by_hand += 1
            continue
        if not row.email:
            put_on_list(row, Occasion.CHANGED, words=TO_BE_SAID, now=now)
            continue
        queue_message(
            authority=conference.authority,
            key=f"who-runs:{row.pk}:{newest.pk}",
            kind=MessageKind.INVITATION,
            to_email=row.email,
            subject=reference_subject(subject=Subject.WHO_RUNS, reference=conference.reference),
            body=_letter(conference, news),
            person_id=row.person_id,
            family_id=conference.family_id,
            conference_id=conference.pk,
            now=now,
        )
        queued += 1
    if by_hand:
        _ask_to_tell(conference, newest.pk, now=now)
    return queued


def withdraw_news(participant: Participant, *, because: str, now: datetime.datetime) -> int:
    """Withdraw what was written to a participant of who runs the meeting, and has not left."""
    return withdraw_messages(key_prefix=f"who-runs:{participant.pk}:", because=because, now=now)


def _people(conference: Conference) -> list[Participant]:
    rows = conference.participants.filter(status=ParticipantStatus.INVITED).exclude(capacity__in=RUNS_IT)
    removed = Attendance.objects.filter(presence=Presence.REMOVED, participant__conference=conference)
    there = rows.exclude(pk__in=removed.values("participant")).select_for_update(of=("self",), no_key=True)
    return list(there.order_by("pk"))


def _still_concerns(conference: Conference) -> bool:
    """Return whether the meeting is ahead or going on, or its letter or minutes are still to come."""
    return unfinished(Conference.objects.filter(pk=conference.pk)).exists()


def _letter(conference: Conference, news: str) -> str:
    about = f"This is about the meeting with the reference {conference.reference}."
    same = "" if conference.status == ConferenceStatus.CLOSED else "The day, time and place are the same."
    ring = f"Ring us on {conference.authority.day_phone}" if conference.authority.day_phone else "Get in touch"
    said = " ".join(filter(None, (about, news, same)))
    return "\n\n".join(("Hello,", said, f"{ring} if you have any questions.", conference.authority.name))


def _ask_to_tell(conference: Conference, replacement: int, *, now: datetime.datetime) -> None:
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"who-runs:{conference.pk}:{replacement}",
            text=(
                f"{conference.reference}: someone else runs it now. Tell the people on the list who are told another "
                "way than by e-mail."
            ),
            url=reverse("conferences:people", args=[conference.pk]),
            urgent=True,
            now=now,
        )


def reason_to_withhold_news(message: Message) -> str:
    """Return why the outbox must withhold such a message at the moment of sending; empty if it may leave.

    Someone else may have taken over since, or the recipient may no longer be written to, or at another address.
    """
    named = KEY.fullmatch(message.key)
    if named is None:
        return ""
    rows = Participant.objects.select_related("conference", "person", "post")
    participant = rows.filter(pk=named["participant"]).first()
    if participant is None:
        return "The participant is not known."
    if participant.conference.replacements.filter(pk__gt=int(named["replacement"])).exists():
        return SUPERSEDED
    if participant.email != message.to_email:
        return "This person is not invited at this address any more."
    return why_not_now(participant)


def on_news_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Put the person on the list of those to be told, and tell the coordinator, unless it is out of date."""
    named = KEY.fullmatch(message.key)
    if named is None or because == SUPERSEDED:
        return
    participant = Participant.objects.filter(pk=named["participant"], status=ParticipantStatus.INVITED).first()
    if participant is None:
        return
    conference = participant.conference
    if conference.status != ConferenceStatus.CLOSED:
        put_on_list(lock_participant(participant), Occasion.CHANGED, because=because, words=TO_BE_SAID, now=now)
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"not-sent:{message.pk}:{now:%Y%m%d%H%M%S}",
            text=f"{conference.reference}: a message to someone on the list did not leave. Tell them another way.",
            url=reverse("conferences:participant", args=[conference.pk, participant.pk]),
            urgent=True,
            now=now,
        )
