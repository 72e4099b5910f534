"""What everyone on the list hears when a conference moves or is cancelled, and what becomes of their answers."""

from __future__ import annotations

import datetime
from copy import copy

from django.db.models import F
from django.urls import reverse

from accounts.models import User
from conferences.access import chairs_of
from conferences.enums import COMING, AnswerEnded, Occasion, ParticipantStatus, Reply
from conferences.models import Conference, EarlierAnswer, Participant, Sitting
from conferences.selectors.answers import answer_to_stand_again
from conferences.selectors.arrivals import own_arrival
from conferences.selectors.heard import entry_of, heard_by, heard_last, may_have_heard
from conferences.selectors.letters import LINK_GIVEN
from conferences.selectors.reach import MOVED_BACK
from conferences.selectors.recipients import to_be_told
from conferences.services.guest_links import issue_link, revoke_link
from conferences.services.sending import (
    cancel_entry,
    last_left,
    messages_to,
    send_next_version,
    shows_as_it_is,
    tell_instead,
    was_told,
    withdraw_unsent,
    words_not_heard,
)
from conferences.services.to_tell import NO_ADDRESS, open_for, put_on_list, take_off_list
from deadlines.working_days.arithmetic import civil_day
from notifications.enums import Subject
from notifications.models import Message
from notifications.services.outbox import notify

OFF = (ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT)
CANCELLED = "The conference was cancelled."
DID_NOT_KNOW = "The conference is cancelled, and they did not know of it."
NOT_DECIDED = "The chair had not decided about them, so nothing is sent. Someone who knows them tells them."
# Whoever is with the chair stays so on record.
STOOD_TO_COME = (*COMING, ParticipantStatus.PROPOSED)


def send_changes(
    *, conference: Conference, before: Sitting, sitting: Sitting, because: AnswerEnded, by: User, now: datetime.datetime
) -> int:
    """After a move or an adjournment, bring everyone on the list up to date; return how many messages were queued.

    For each person in order: where the meeting begins at another time, ends their answer, which is kept
    (``EarlierAnswer``) and asked again; shifts their own times and those of planned parts by as much; sends whoever
    is invited the next version of their entry, unsent earlier ones withdrawn; whoever has no e-mail address is put on
    the list of those to be told, and whoever was on it already is told the new time only. Nothing goes to a person
    for whom everything is as in the last message that left: the conference was moved back before they heard of
    another date, so their answer stands again. Whoever waits for the chair hears nothing of it; where they know the
    old day, the chair is asked to decide. Whoever takes part, and how, stays, with deputies and needs. A sitting
    recorded afterwards changes no answer and sends nothing.
    """
    shift = sitting.starts_at - before.starts_at
    if sitting.pk == before.pk and shift:
        sitting.standing_parts.filter(starts_at__isnull=False).update(
            starts_at=F("starts_at") + shift, ends_at=F("ends_at") + shift
        )
    is_past = sitting.starts_at < now
    sent = messages_to(conference)
    queued, knows_only_before = 0, False
    for participant in conference.participants.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if shift and not is_past:
            end_answer(participant, expected_at=own_arrival(participant, before), because=because, by=by, now=now)
            _tell_no_link(participant, now=now)
        if participant.arrives_at:
            participant.arrives_at += shift
        if participant.leaves_at:
            participant.leaves_at += shift
        participant.save(update_fields=["arrives_at", "leaves_at"])
        if is_past:
            withdraw_unsent(participant, because="The meeting has been held.", now=now)
        elif participant.status == ParticipantStatus.AWAITING_CHAIR:
            knows_only_before = knows_only_before or (bool(shift) and was_told(participant))
        elif participant.status != ParticipantStatus.INVITED:
            tell_instead(participant, now=now)
        else:
            queued += _bring_up_to_date(participant, conference, sitting, sent.get(participant.pk, []), now=now)
    if knows_only_before:
        _ask_chair_to_decide(conference, sitting, now=now)
    return queued


def _ask_chair_to_decide(conference: Conference, sitting: Sitting, *, now: datetime.datetime) -> None:
    for user in to_be_told(conference, chairs_of(conference, on=civil_day(now)), on=civil_day(now)):
        notify(
            user=user,
            key=f"moved-undecided:{sitting.pk}:{sitting.starts_at:%Y%m%d%H%M}",
            text=(
                f"{conference.reference}: the meeting has another day, and someone about whom the chair has to decide "
                "knows only the old one. They hear nothing before the decision."
            ),
            url=reverse("conferences:people", args=[conference.pk]),
            urgent=True,
            now=now,
        )


def _tell_no_link(participant: Participant, *, now: datetime.datetime) -> None:
    """Take the link for those online off the list of what someone has to tell: they get it when they answer again."""
    waits = open_for(participant)
    if waits is not None and waits.words == LINK_GIVEN:
        take_off_list(participant, because="They are asked again first whether they are coming.", now=now)


def _bring_up_to_date(
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    messages: list[Message],
    *,
    now: datetime.datetime,
) -> int:
    left = last_left(messages)
    heard = heard_last(heard_by([participant]).get(participant.pk), left)
    since = heard.at if heard else left.sent_at if left else None
    ended = answer_to_stand_again(participant, sitting, since=since)
    as_they_know = copy(participant)
    as_they_know.reply = ended.reply if ended else participant.reply
    knows = (
        heard.entry == entry_of(as_they_know, conference, sitting)
        if heard
        else shows_as_it_is(as_they_know, conference, sitting, messages)
    )
    facts = {"participant": participant, "conference": conference, "sitting": sitting, "now": now}
    if not knows:
        return send_next_version(**facts)  # type: ignore[arg-type]
    if words_not_heard(participant):
        # What was written for them has not left yet, and holds whatever moved there and back.
        return send_next_version(subject=Subject.PLACE, **facts)  # type: ignore[arg-type]
    withdraw_unsent(participant, because=MOVED_BACK, now=now)
    if heard is not None:
        take_off_list(participant, because=MOVED_BACK, now=now)
    issue_link(participant=participant, sitting=sitting, now=now)
    if ended is not None:
        _let_answer_stand(participant, ended, now=now)
    return 0


def end_answer(
    participant: Participant, *, expected_at: datetime.datetime, because: AnswerEnded, by: User, now: datetime.datetime
) -> EarlierAnswer | None:
    """Keep the answer of a locked participant as an earlier one, so that they stand as not having answered.

    ``expected_at`` is when they were expected. Returns None where they have not answered.
    """
    if participant.reply == Reply.NONE:
        return None
    kept = EarlierAnswer.objects.create(
        participant=participant,
        reply=participant.reply,
        replied_at=participant.replied_at,
        expected_at=expected_at,
        ended_at=now,
        ended_by=by,
        ended_because=because,
    )
    participant.reply = Reply.NONE
    participant.replied_at = None
    participant.save(update_fields=["reply", "replied_at"])
    return kept


def _let_answer_stand(participant: Participant, ended: EarlierAnswer, *, now: datetime.datetime) -> None:
    ended.stands_again_at = now
    ended.save(update_fields=["stands_again_at"])
    participant.reply = ended.reply
    participant.replied_at = ended.replied_at
    participant.save(update_fields=["reply", "replied_at"])


def send_cancellations(*, conference: Conference, sitting: Sitting | None, by: User, now: datetime.datetime) -> int:
    """After cancelling a conference, take back every invitation; return how many messages were queued.

    For each person in order: withdraws what is unsent, closes their link and cancels the calendar entry of those
    invited, if a sitting (``sitting``) was booked; whoever knows of it and is not told by e-mail is put on the list
    of those to be told; ends their answer; whoever was to come or invited stands as
    withdrawn. Nobody stands as invited to a conference that will not be held. Whom someone only tried to tell is told
    of the cancellation too: the letter or the voice message may have reached them. So is whoever waits for the chair
    and knows of the meeting, by someone who knows them: nothing is sent, and there is nothing left to decide.
    """
    cancelled = 0
    last = sitting or conference.sittings.order_by("-number").first()
    for participant in conference.participants.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if participant.status == ParticipantStatus.INVITED and sitting is not None:
            cancelled += cancel_entry(participant=participant, conference=conference, sitting=sitting, now=now)
        else:
            if participant.status not in OFF:
                # What tells someone that they do not come is as true now, and the last that they hear.
                withdraw_unsent(participant, because="The conference is cancelled.", now=now)
            revoke_link(participant, because="The conference is cancelled.", now=now, stays_go_on=True)
            if participant.status == ParticipantStatus.TO_INVITE:
                _cancel_what_was_tried(participant, now=now)
            elif participant.status == ParticipantStatus.AWAITING_CHAIR and was_told(participant):
                put_on_list(participant, Occasion.CANCELLED, because=NOT_DECIDED, now=now)
            elif participant.status == ParticipantStatus.AWAITING_CHAIR:
                take_off_list(participant, because=DID_NOT_KNOW, now=now)
        if last is not None:
            end_answer(
                participant, expected_at=own_arrival(participant, last), because=AnswerEnded.CANCELLED, by=by, now=now
            )
        if participant.status in STOOD_TO_COME:
            participant.status = ParticipantStatus.WITHDRAWN
            participant.change_reason = CANCELLED
            participant.version += 1
            participant.save(update_fields=["status", "change_reason", "version"])
    return cancelled


def _cancel_what_was_tried(participant: Participant, *, now: datetime.datetime) -> None:
    row = open_for(participant)
    if may_have_heard(participant):
        put_on_list(participant, Occasion.CANCELLED, because=row.because if row else NO_ADDRESS, now=now)
    elif row is not None:
        take_off_list(participant, because=DID_NOT_KNOW, now=now)
