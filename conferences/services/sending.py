"""Messages to one participant: invitation, change, cancellation, and everything that holds them back.

A message carries a reference, the recipient's own times and place, and no one else's name or address, but for the
name of whoever runs the meeting now where they know another. It is queued only for an invited person, and checked
again at the moment of sending (``reason_to_withhold``). Whoever is not told by e-mail is put on the list of those to be
told (``to_tell``) by the same functions.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from conferences.enums import ConferenceStatus, Occasion, ParticipantStatus, SittingState
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.arrivals import own_place, own_times
from conferences.selectors.companions import NOT_ACCEPTED, waits_for_acceptance
from conferences.selectors.heard import may_have_heard
from conferences.selectors.letters import CHANGED, letter, not_ours, written_for_the_person
from conferences.selectors.mailboxes import sharers
from conferences.selectors.online import holds_link, link_for
from conferences.selectors.reach import MOVED_BACK, REPLACED, WITHHELD, reach_of
from conferences.selectors.risks import undecided_risks
from conferences.selectors.standing import kept_out_before
from conferences.selectors.who_runs import LED_BY, as_it_is, news_to
from conferences.services.entries import entry_file
from conferences.services.guest_links import issue_link, revoke_link
from conferences.services.known_links import note_given, warn_if_known
from conferences.services.to_tell import (
    OCCASIONS,
    one_after_another,
    open_for,
    put_on_list,
    take_off_list,
    was_told_otherwise,
)
from notifications.enums import MessageKind, MessageState, Subject
from notifications.models import Message
from notifications.services.calendar_files import Method, method_of, place_in, times_in
from notifications.services.outbox import queue_message, reference_subject, withdraw_messages

CANCELLED_FOR = (ParticipantStatus.INVITED, ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT)
SHARED = "Someone else has this e-mail address too."
KEY = re.compile(r"invitation:(?P<participant>\d+):(?P<sequence>\d+):(?P<method>request|cancel)")


def key_of(participant: Participant, method: str) -> str:
    """Return the outbox key of one version of a participant's message."""
    return f"invitation:{participant.pk}:{participant.invitation_sequence}:{method}"


def send_invitation(
    *,
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    subject: Subject,
    now: datetime.datetime,
    told: str = "",
) -> Message | None:
    """Queue an invited participant's invitation in its current version; None where they are told another way.

    It contains a link of their own for a person without an account, and takes the place of what someone had to
    tell them. Without an e-mail address they are put on the list of those to be told. Raises ValueError for
    anyone who is not invited: nothing may be queued for them.
    """
    if participant.status != ParticipantStatus.INVITED:
        raise ValueError("Only people who are invited get anything.")
    issue_link(participant=participant, sitting=sitting, now=now)
    note_given(participant, conference, now=now)
    if not participant.email:
        put_on_list(participant, OCCASIONS[subject], words=told, now=now)
        return None
    take_off_list(participant, because="An e-mail tells them.", now=now)
    _go_on_from_what_never_left(participant)
    return _queue(participant, conference, sitting, subject=subject, method="REQUEST", told=told, now=now)


def _go_on_from_what_never_left(participant: Participant) -> None:
    """Take the next version where this one was withdrawn or failed: its key would write no new message."""
    key = key_of(participant, "request")
    if Message.objects.filter(key=key, state__in=[MessageState.WITHDRAWN, MessageState.FAILED]).exists():
        participant.invitation_sequence += 1
        participant.save(update_fields=["invitation_sequence"])


def send_next_version(
    *,
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    now: datetime.datetime,
    subject: Subject = Subject.CHANGED,
    told: str = "",
) -> int:
    """Send an invited, locked participant the next version of their entry; return how many were queued.

    It is the invitation itself where nobody has ever told them. ``subject`` says a meeting has changed only
    where its day, time or place has: not for a new link, nor for what the chair decided about the person. Without
    an e-mail address they are put on the list of those to be told; anyone who was not told of the meeting before
    stands as invited only then.
    """
    waiting = words_not_heard(participant)
    withdraw_unsent(participant, because=REPLACED, now=now)
    participant.invitation_sequence += 1
    participant.version += 1
    participant.save()
    knows = was_told(participant)
    # Nothing has changed for a person who was never told.
    if not knows and not told:
        subject = Subject.INVITATION
    if waiting:
        told = one_after_another(waiting, told or (CHANGED if subject == Subject.CHANGED else ""))
    if not knows and not participant.email:
        stands_as_to_invite(participant, because="They are now told another way.", now=now)
        put_on_list(participant, Occasion.INVITATION, words=told, now=now)
        return 0
    message = send_invitation(
        participant=participant, conference=conference, sitting=sitting, subject=subject, told=told, now=now
    )
    return 1 if message else 0


def words_not_heard(participant: Participant) -> str:
    """Return what was written for an invited participant in a message that has not left, or has to be told."""
    message = _unsent(participant).filter(key__endswith=":request").order_by("-pk").first()
    row = open_for(participant)
    listed = row.words if row is not None and row.occasion != Occasion.TAKEN_OFF else ""
    written = written_for_the_person(message.body) if message else ""
    return not_ours(one_after_another(listed, written), participant)


def has_unsent(participant: Participant) -> bool:
    """Return whether a message to this participant waits to leave."""
    return _unsent(participant).exists()


def _unsent(participant: Participant) -> QuerySet[Message]:
    return Message.objects.filter(key__startswith=f"invitation:{participant.pk}:", state=MessageState.WAITING)


def tell_instead(participant: Participant, *, now: datetime.datetime, told: str = "") -> None:
    """Renew what someone who is not invited yet, but on the list of those to be told, has to be told."""
    if participant.status == ParticipantStatus.TO_INVITE and (row := open_for(participant)) is not None:
        put_on_list(participant, Occasion.INVITATION, because=row.because, words=told, now=now)


def stands_as_to_invite(participant: Participant, *, because: str, now: datetime.datetime) -> None:
    """Take back that a locked participant stands as invited: nobody has told them. Their link is closed.

    The clock of the invitations runs again.
    """
    participant.status = ParticipantStatus.TO_INVITE
    participant.invited_at = None
    participant.version += 1
    participant.save(update_fields=["status", "invited_at", "version"])
    revoke_link(participant, because=because[:200], now=now)
    Conference.objects.filter(pk=participant.conference_id).update(invited_at=None)


def cancel_entry(
    *,
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    now: datetime.datetime,
    subject: Subject = Subject.CANCELLED,
    told: str = "",
) -> int:
    """Cancel the calendar entry of a locked participant who knows of the meeting; return how many were queued.

    Their link is revoked, and its session ended where the chair decides about them. ``subject`` says a meeting is
    cancelled only where it is: who is taken off it hears of their own place, in the chair's words (``told``). Without
    an address they are put on the list of those to be told; who was never told hears nothing. Whom someone only tried
    to tell is told that they do not come, but for someone whom the chair keeps out.
    """
    withdraw_unsent(participant, because="The invitation is withdrawn.", now=now)
    revoke_link(participant, because="The invitation is withdrawn.", now=now, stays_go_on=True)
    warn_if_known(participant, now=now)
    if not was_told(participant):
        _take_back_what_was_tried(participant, told=told, now=now)
        return 0
    if not participant.email:
        occasion = Occasion.CANCELLED if subject == Subject.CANCELLED else Occasion.TAKEN_OFF
        put_on_list(participant, occasion, words=told, now=now)
        return 0
    take_off_list(participant, because="An e-mail tells them.", now=now)
    participant.invitation_sequence += 1
    participant.version += 1
    participant.save()
    _queue(participant, conference, sitting, subject=subject, method="CANCEL", told=told, now=now)
    return 1


def _take_back_what_was_tried(participant: Participant, *, told: str, now: datetime.datetime) -> None:
    off = participant.status in (ParticipantStatus.WITHDRAWN, ParticipantStatus.LEFT_OUT)
    if off and not participant.email and may_have_heard(participant):
        put_on_list(participant, Occasion.TAKEN_OFF, words=told, now=now)
    else:
        take_off_list(participant, because="They did not know of the meeting.", now=now)


def withdraw_unsent(participant: Participant, *, because: str, now: datetime.datetime) -> int:
    """Withdraw every unsent message to this participant."""
    return withdraw_messages(key_prefix=f"invitation:{participant.pk}:", because=because, now=now)


def was_told(participant: Participant) -> bool:
    """Return whether they know of the meeting from us: a message may have left, or someone has told them.

    Before tellings were recorded, whoever was invited without an e-mail address counted as told.
    """
    if has_been_reached(participant) or was_told_otherwise(participant):
        return True
    return participant.invited_at is not None and not participant.email and not _ever_listed(participant)


def _ever_listed(participant: Participant) -> bool:
    """Return whether an invitation was ever written to this participant, or had to be told."""
    written = Message.objects.filter(key__startswith=f"invitation:{participant.pk}:")
    return written.exists() or participant.to_tell.filter(occasion=Occasion.INVITATION).exists()


def has_been_reached(participant: Participant) -> bool:
    """Return whether an invitation has left for this participant, or may be leaving now."""
    return Message.objects.filter(
        key__startswith=f"invitation:{participant.pk}:", state__in=[MessageState.SENT, MessageState.SENDING]
    ).exists()


def messages_to(conference: Conference) -> dict[int, list[Message]]:
    """Return every invitation, change and cancellation by participant id, oldest first. One query."""
    found: dict[int, list[Message]] = defaultdict(list)
    for message in Message.objects.filter(conference_id=conference.pk, key__startswith="invitation:").order_by("pk"):
        if named := KEY.fullmatch(message.key):
            found[int(named["participant"])].append(message)
    return found


def last_left(messages: Iterable[Message]) -> Message | None:
    """Return the newest message that has left, or may be leaving now, of those to one participant, oldest first."""
    left = [row for row in messages if row.state in (MessageState.SENT, MessageState.SENDING)]
    return left[-1] if left else None


def shows_as_it_is(
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    messages: Sequence[Message],
    *,
    link: str | None = None,
) -> bool:
    """Return whether the last of the messages that left says their day, times and place as they are now.

    Not where a later one failed or was withheld: they may have been told of that another way. ``link`` as in
    ``online_place``.
    """
    left = last_left(messages)
    if left is None or left.to_email != participant.email:
        return False
    later = [row for row in messages if row.pk > left.pk and row.state != MessageState.WAITING]
    if any(row.withdrawn_because not in (REPLACED, MOVED_BACK) for row in later):
        return False
    file = left.calendar_file
    return method_of(file) == "REQUEST" and (times_in(file), place_in(file)) == (
        own_times(participant, sitting),
        own_place(participant, conference, sitting, link),
    )


def _queue(
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    *,
    subject: Subject,
    method: Method,
    now: datetime.datetime,
    told: str = "",
) -> Message:
    body = letter(
        participant=participant,
        conference=conference,
        sitting=sitting,
        subject=subject,
        told=as_it_is(told, conference),
        news="" if LED_BY in told else news_to(participant, conference),
    )
    file = entry_file(participant, conference, sitting, method=method, now=now)
    return queue_message(
        authority=conference.authority,
        key=key_of(participant, method.lower()),
        kind=MessageKind.INVITATION,
        to_email=participant.email,
        subject=reference_subject(subject=subject, reference=conference.reference),
        body=body,
        person_id=participant.person_id,
        family_id=conference.family_id,
        conference_id=conference.pk,
        calendar_file=file,
        now=now,
    )


def coordinator_of(message: Message) -> list[int]:
    """Return the coordinator of the message's conference, for the outbox to tell of a failure."""
    if message.conference_id is None:
        return []
    rows = Conference.objects.filter(pk=message.conference_id, coordinator__isnull=False)
    return list(rows.values_list("coordinator", flat=True))


def reason_to_withhold(message: Message) -> str:
    """Return why the outbox must withhold a message at the moment of sending; empty if it may leave.

    Since it was written, the recipient may have been held for the chair, kept out, replaced or have left their
    post, and the conference may have moved.
    """
    named = KEY.fullmatch(message.key)
    if named is None:
        return ""
    participant = (
        Participant.objects.select_related("conference", "person", "post").filter(pk=named["participant"]).first()
    )
    if participant is None:
        return "The participant is not known."
    if because := _reason(participant, sequence=int(named["sequence"]), cancels=named["method"] == "cancel"):
        return because
    if holds_link(participant.conference, message.body) and not link_for(participant, participant.conference):
        return "They may not have the link for those online now."
    return ""


def why_not_now(participant: Participant) -> str:
    """Return why nothing new may leave for a participant now; empty if it may."""
    return _reason(participant, sequence=participant.invitation_sequence, cancels=False)


def _reason(participant: Participant, *, sequence: int, cancels: bool) -> str:
    conference, today = participant.conference, timezone.localdate()
    if waits := _waits_for_the_chair(participant, cancels=cancels, today=today):
        return waits
    if participant.status not in (CANCELLED_FOR if cancels else (ParticipantStatus.INVITED,)):
        return f"This person is not invited: {participant.get_status_display().lower()}."
    if sequence < participant.invitation_sequence:
        return REPLACED
    if not cancels and conference.status == ConferenceStatus.CANCELLED:
        return "The conference is cancelled."
    never = why_never_told(participant, on=today, cancels=cancels)
    return never or why_not_to_this_mailbox(participant, on=today)


def why_not_to_this_mailbox(participant: Participant, *, on: datetime.date) -> str:
    """Return why nothing may leave for this address: it is not safe, has ended, or someone else reads it by now."""
    if because := WITHHELD.get(reach_of([participant], on=on)[participant.pk], ""):
        return because
    shared = sharers(participant.conference, [(participant, participant.email)], on=on)
    return SHARED if shared else ""


def why_never_told(participant: Participant, *, on: datetime.date, cancels: bool = False) -> str:
    """Return why nothing is told to this person any more, by any way; empty if it is.

    Whoever has left the post still hears that they need not come (``cancels``), where they had the entry.
    """
    if not cancels and participant.post is not None and not participant.post.is_current(on):
        return "This person has left the post."
    person = participant.person
    if person.sealed_at or person.death_date or person.merged_into_id:
        return "Nothing is sent to this person any more."
    return ""


def _waits_for_the_chair(participant: Participant, *, cancels: bool, today: datetime.date) -> str:
    if participant.exclusion_requests.filter(decided_at__isnull=True).exists():
        return "A request about this person is with the chair."
    if not cancels and waits_for_acceptance(participant):
        return NOT_ACCEPTED
    if undecided_risks([participant], on=today):
        return "A contact risk is recorded that the chair has not decided about."
    if not cancels and kept_out_before(participant.conference, [participant]):
        return "The chair has kept this person out or apart before, and has not decided again."
    return ""


def booked_sitting(conference: Conference) -> Sitting | None:
    """Return the sitting people are invited to: the newest booked or in session."""
    found: Sitting | None = (
        conference.sittings.filter(Q(state=SittingState.BOOKED) | Q(state=SittingState.IN_SESSION))
        .select_related("room", "chair")
        .order_by("-number")
        .first()
    )
    return found
