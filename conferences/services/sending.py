"""Messages to one participant: invitation, change, cancellation, and everything that holds them back.

A message carries a reference, the recipient's own times and place, and no one else's name or address. It is
queued only for an invited person, and checked again at the moment of sending (``reason_to_withhold``).
"""

from __future__ import annotations

import datetime
import re

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from conferences.enums import Capacity, ConferenceStatus, ParticipantStatus, SittingState
from conferences.guest_access import COUNCILS_OWN, comes_by_link
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.arrivals import own_arrival, own_place, own_times
from conferences.selectors.reach import WITHHELD, reach_of
from conferences.selectors.risks import undecided_risks
from conferences.selectors.standing import kept_out_before
from conferences.services.guest_links import issue_link, revoke_link
from govuk import words
from notifications.enums import MessageKind, MessageState, Subject
from notifications.models import Message
from notifications.services.at_sending import OWN_LINK
from notifications.services.calendar_files import Method, invitation
from notifications.services.outbox import queue_message, reference_subject, withdraw_messages

CANCELLED_FOR = (ParticipantStatus.INVITED, ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT)
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
    """Queue an invited participant's invitation in its current version; None where it goes another way.

    It contains a link of their own for a person without an account. Raises ValueError for anyone who is not
    invited: nothing may be queued for them.
    """
    if participant.status != ParticipantStatus.INVITED:
        raise ValueError("Only people who are invited get anything.")
    issue_link(participant=participant, sitting=sitting, now=now)
    if not participant.email:
        return None
    _go_on_from_what_never_left(participant)
    return _queue(participant, conference, sitting, subject=subject, method="REQUEST", told=told, now=now)


def _go_on_from_what_never_left(participant: Participant) -> None:
    """Take the next version where this one was withdrawn or failed: its key would write no new message."""
    key = key_of(participant, "request")
    if Message.objects.filter(key=key, state__in=[MessageState.WITHDRAWN, MessageState.FAILED]).exists():
        participant.invitation_sequence += 1
        participant.save(update_fields=["invitation_sequence"])


def send_changes(*, conference: Conference, sitting: Sitting, shift: datetime.timedelta, now: datetime.datetime) -> int:
    """After a move, shift everyone's own arrival, and send those invited the next version of their entry.

    Unsent invitations of the previous version are withdrawn. Returns how many were queued.
    """
    queued = 0
    for participant in conference.participants.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if participant.arrives_at:
            participant.arrives_at += shift
        if participant.status == ParticipantStatus.INVITED:
            queued += send_next_version(participant=participant, conference=conference, sitting=sitting, now=now)
        else:
            participant.save(update_fields=["arrives_at"])
    return queued


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

    It is the invitation itself where nothing has ever left for them. ``subject`` says a meeting has changed only
    where its day, time or place has: not for a new link, nor for what the chair decided about the person.
    """
    withdraw_unsent(participant, because="A newer version replaces it.", now=now)
    participant.invitation_sequence += 1
    participant.version += 1
    participant.save()
    # Nothing has changed for a person who was never told.
    if not has_been_reached(participant) and not told:
        subject = Subject.INVITATION
    message = send_invitation(
        participant=participant, conference=conference, sitting=sitting, subject=subject, told=told, now=now
    )
    return 1 if message else 0


def send_cancellations(*, conference: Conference, sitting: Sitting, now: datetime.datetime) -> int:
    """After cancelling a conference, withdraw what is unsent, and cancel the entries of those invited."""
    cancelled = 0
    for participant in conference.participants.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if participant.status == ParticipantStatus.INVITED:
            cancelled += cancel_entry(participant=participant, conference=conference, sitting=sitting, now=now)
        else:
            withdraw_unsent(participant, because="The conference is cancelled.", now=now)
            revoke_link(participant, because="The conference is cancelled.", now=now)
    return cancelled


def cancel_entry(
    *,
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    now: datetime.datetime,
    subject: Subject = Subject.CANCELLED,
    told: str = "",
) -> int:
    """Cancel the calendar entry of a locked participant who has received an invitation; return how many were queued.

    Their link is revoked and its session ended. ``subject`` says a meeting is cancelled only where it is: whoever
    is taken off it hears of their own place, in the chair's words (``told``).
    """
    withdraw_unsent(participant, because="The invitation is withdrawn.", now=now)
    revoke_link(participant, because="The invitation is withdrawn.", now=now)
    if not participant.email or not has_been_reached(participant):
        return 0
    participant.invitation_sequence += 1
    participant.version += 1
    participant.save()
    _queue(participant, conference, sitting, subject=subject, method="CANCEL", told=told, now=now)
    return 1


def withdraw_unsent(participant: Participant, *, because: str, now: datetime.datetime) -> int:
    """Withdraw every unsent message to this participant."""
    return withdraw_messages(key_prefix=f"invitation:{participant.pk}:", because=because, now=now)


def was_told(participant: Participant) -> bool:
    """Return whether they know of the meeting from us: a message may have left, or they were told another way."""
    return has_been_reached(participant) or (participant.invited_at is not None and not participant.email)


def has_been_reached(participant: Participant) -> bool:
    """Return whether an invitation has left for this participant, or may be leaving now."""
    return Message.objects.filter(
        key__startswith=f"invitation:{participant.pk}:", state__in=[MessageState.SENT, MessageState.SENDING]
    ).exists()


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
    starts_at, ends_at = own_times(participant, sitting)
    place = own_place(participant, conference, sitting)
    body = letter(participant=participant, conference=conference, sitting=sitting, subject=subject, told=told)
    file = invitation(
        uid=f"conference-{conference.pk}-{participant.pk}@cpconf",
        sequence=participant.invitation_sequence,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=f"Meeting {conference.reference}",
        location=place,
        description=f"Reference {conference.reference}. There is more in your e-mail.",
        now=now,
        method=method,
    )
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


def letter(
    *,
    participant: Participant,
    conference: Conference,
    sitting: Sitting,
    subject: Subject = Subject.INVITATION,
    told: str = "",
) -> str:
    """Return the text of an invitation, change or cancellation, as sent or printed: it names no one.

    ``told`` are the chair's own words to a person whose place has changed, in place of our own.
    """
    arrival = own_arrival(participant, sitting)
    ring = f"Ring us on {conference.authority.day_phone}" if conference.authority.day_phone else "Get in touch"
    if subject == Subject.CANCELLED:
        return "\n\n".join(
            (
                "Hello,",
                (
                    f"The meeting with the reference {conference.reference} will not go ahead as "
                    "planned. Please take it out of your diary."
                ),
                f"{ring} if you have any questions.",
                conference.authority.name,
            )
        )
    if subject == Subject.PLACE and participant.status != ParticipantStatus.INVITED:
        own_words = told or (
            f"You do not need to come to the meeting with the reference {conference.reference}. "
            "Please take it out of your diary."
        )
        return "\n\n".join(("Hello,", own_words, f"{ring} if you have any questions.", conference.authority.name))
    opening = told or (
        "The day, time or place of your meeting has changed. These are the new details."
        if subject == Subject.CHANGED
        else _opening(participant)
    )
    facts = "\n".join(
        (
            f"Day: {words.long_date(arrival)}".replace(words.NO_BREAK, " "),
            f"Please arrive at: {words.clock(arrival)}",
            f"Where: {own_place(participant, conference, sitting)}",
            f"Reference: {conference.reference}",
        )
    )
    return "\n\n".join(("Hello,", opening, facts, *_closing(participant, conference, ring), conference.authority.name))


def _opening(participant: Participant) -> str:
    if participant.capacity == Capacity.CHILD:
        return (
            "We are having a meeting about how to keep you safe and well, and you are invited. "
            "You can choose how much of it to be there for. Someone can speak for you if you like."
        )
    if participant.is_family:
        return (
            "You are invited to a meeting about how to keep the children in the family safe and "
            "well. What you think matters. You can bring someone to support you."
        )
    if participant.capacity in (Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER):
        return "You are invited to a meeting, to be there with someone from the family."
    if participant.capacity in COUNCILS_OWN:
        return "This is your calendar entry for a child protection conference you are taking part in."
    return (
        "You are invited to a child protection conference, because your agency knows one of the "
        "children. If you can't come, please send someone who can speak for your agency."
    )


def _closing(participant: Participant, conference: Conference, ring: str) -> list[str]:
    if participant.is_family:
        return [
            (
                f"{ring} if you want to talk about it first, can't come, need help to take part, "
                "or don't want to be in the same room as someone else."
            ),
            *_own_page(participant),
            "Please do not pass this message on.",
        ]
    if participant.capacity in COUNCILS_OWN:
        path = reverse("conferences:overview", args=[conference.pk])
        return [f"Go to the conference: {settings.PUBLIC_URL}{path}"]
    parts = []
    if participant.reports:
        parts.append("Please write a report, and talk it through with the family before the meeting.")
    if participant.person.user_id and participant.post_id:
        path = reverse("conferences:my-invitation", args=[participant.pk])
        parts.append(f"Please answer here: {settings.PUBLIC_URL}{path}")
    else:
        parts.extend(_own_page(participant))
        parts.append(f"{ring} to say whether you are coming{', if you would rather' if participant.email else ''}.")
    parts.append("The calendar file is only for you. Please do not pass it on.")
    return parts


def _own_page(participant: Participant) -> list[str]:
    """Return the paragraph with the link, for those who come in by one; the link is filled in as the e-mail leaves."""
    if not comes_by_link(participant):
        return []
    return [
        (
            f"Your own page says when and where to come. You can answer there too: {OWN_LINK}\nThe "
            "page asks for a code, which we send to this address. The link is only for you."
        )
    ]


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
    return _reason(participant, sequence=int(named["sequence"]), cancels=named["method"] == "cancel")


def _reason(participant: Participant, *, sequence: int, cancels: bool) -> str:
    conference = participant.conference
    today = timezone.localdate()
    if waits := _waits_for_the_chair(participant, cancels=cancels, today=today):
        return waits
    if participant.status not in (CANCELLED_FOR if cancels else (ParticipantStatus.INVITED,)):
        return f"This person is not invited: {participant.get_status_display().lower()}."
    if sequence < participant.invitation_sequence:
        return "A newer version replaces it."
    if not cancels and conference.status == ConferenceStatus.CANCELLED:
        return "The conference is cancelled."
    if participant.post is not None and not participant.post.is_current(today):
        return "This person has left the post."
    person = participant.person
    if person.sealed_at or person.death_date or person.merged_into_id:
        return "Nothing is sent to this person any more."
    return WITHHELD.get(reach_of([participant], on=today)[participant.pk], "")


def _waits_for_the_chair(participant: Participant, *, cancels: bool, today: datetime.date) -> str:
    if participant.exclusion_requests.filter(decided_at__isnull=True).exists():
        return "A request about this person is with the chair."
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
