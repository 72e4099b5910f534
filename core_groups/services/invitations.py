"""Invitations to core group meetings: one message to one member, with their own time and place, and its checks.

A message names no one else. Whoever must not meet the others is told of their own sitting, or nothing, and everything
is checked again as a message leaves.
"""

from __future__ import annotations

import datetime
import re

from django.db import transaction
from django.utils import timezone

from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.apart import standings
from core_groups.selectors.letters import letter, no_more
from core_groups.selectors.recipients import NEVER, UNDECIDED, Recipient, recipients_of
from core_groups.services.guest_links import MEMBER_LINK, issue_member_link, revoke_member_link
from core_groups.services.to_tell import keep_on_list, on_member_message_not_sent, take_off_list
from deadlines.services import reconcile
from notifications.enums import MessageKind, MessageState, Subject
from notifications.models import Message
from notifications.services.calendar_files import cancellation, invitation, method_of, place_in, times_in, uid_here
from notifications.services.outbox import queue_message, reference_subject, withdraw_messages

# Only the beginning of a core group is arranged.
LASTS = datetime.timedelta(hours=1)
KEY = re.compile(r"core-group:(?P<meeting>\d+):(?P<member>\d+):(?P<sequence>\d+):(?P<method>request|cancel)")
LEFT = (MessageState.SENT, MessageState.SENDING)
UNSENT = (MessageState.WAITING, MessageState.HELD)
REPLACED = "A newer version replaces it."


@transaction.atomic
def send_invitations(*, meeting: CoreGroupMeeting, now: datetime.datetime) -> int:
    """Send every member who may be told by e-mail their own time and place; return how many messages were queued.

    In order: sends to whoever has not had what is right now; puts on the list of those to tell whoever gets no
    e-mail; from now on changes and a cancellation are told too; counts the deadlines.
    """
    sent = _invite(meeting, now=now)
    reconcile(family_ids=[meeting.core_group.family_id], now=now)
    return sent


def send_changes(meeting: CoreGroupMeeting, *, now: datetime.datetime) -> int:
    """Tell those who were invited what has changed for them; nothing before the invitations were sent.

    The caller counts the deadlines.
    """
    return 0 if meeting.invited_at is None else _invite(meeting, now=now)


def _invite(meeting: CoreGroupMeeting, *, now: datetime.datetime) -> int:
    CoreGroup.objects.select_for_update(no_key=True).get(pk=meeting.core_group_id)
    row = CoreGroupMeeting.objects.select_related("core_group__family", "core_group__authority").get(pk=meeting.pk)
    if row.state != MeetingState.PLANNED:
        return 0
    sent = 0
    for one in recipients_of(row, on=timezone.localdate(now)):
        mailed = Message.objects.filter(key__startswith=_prefix(row, one.member), state__in=LEFT).exists()
        sent += _tell(row, one, now=now)
        keep_on_list(row, one, mailed=mailed, now=now)
    if row.invited_at is None:
        row.invited_at = now
        row.save(update_fields=["invited_at"])
    return sent


def cancel_entries(meeting: CoreGroupMeeting, *, now: datetime.datetime, member: CoreGroupMember | None = None) -> int:
    """Take back what was told of a meeting, to all or to one member; return how many cancellations were queued."""
    by_hand = CoreGroupMember.objects.filter(to_tell__meeting=meeting).select_related("person").distinct()
    for row in by_hand.order_by("pk"):
        if member is None or row.pk == member.pk:
            take_off_list(meeting, row, now=now)
    found: dict[int, list[Message]] = {}
    for message in Message.objects.filter(key__startswith=f"core-group:{meeting.pk}:").order_by("pk"):
        if named := KEY.fullmatch(message.key):
            found.setdefault(int(named["member"]), []).append(message)
    members = CoreGroupMember.objects.filter(pk__in=found).select_related("person", "post")
    return sum(
        _take_back(meeting, row, found[row.pk], now=now)
        for row in members.order_by("pk")
        if member is None or row.pk == member.pk
    )


def _prefix(meeting: CoreGroupMeeting, member: CoreGroupMember) -> str:
    return f"core-group:{meeting.pk}:{member.pk}:"


def _tell(meeting: CoreGroupMeeting, one: Recipient, *, now: datetime.datetime) -> int:
    earlier = list(Message.objects.filter(key__startswith=_prefix(meeting, one.member)).order_by("pk"))
    left = [message for message in earlier if message.state in LEFT]
    waiting = [message for message in earlier if message.state in UNSENT]
    if one.why_not == UNDECIDED:
        # Not even that it is off, before someone has decided.
        withdraw_messages(key_prefix=_prefix(meeting, one.member), because=UNDECIDED, now=now)
        return 0
    if one.why_not or one.at is None:
        # What they were told before is theirs no longer.
        return _take_back(meeting, one.member, earlier, now=now) if earlier else 0
    link = issue_member_link(one.member, until=one.at, now=now)
    taken_back = [message for message in waiting if _takes_back(message)]
    asking = [message for message in waiting if not _takes_back(message)]
    last = next(reversed(asking or left), None)
    if last is not None and last.to_email == one.email and _says(last, one):
        # They come after all, and have not heard otherwise.
        for message in taken_back:
            withdraw_messages(key=message.key, because=REPLACED, now=now)
        return 0
    withdraw_messages(key_prefix=_prefix(meeting, one.member), because=REPLACED, now=now)
    knows = bool(left) and not _takes_back(left[-1])
    sequence = len(earlier)
    file = invitation(
        uid=_uid(meeting, one.member),
        sequence=sequence,
        starts_at=one.at,
        ends_at=one.at + LASTS,
        summary=f"Meeting {meeting.core_group.family.case_number}",
        location=one.place,
        description="There is more in your e-mail. Pressing accept or decline in a calendar does not reach us.",
        attendee=one.email,
        now=now,
    )
    body = letter(meeting, at=one.at, place=one.place, changed=knows, page=MEMBER_LINK if link else "")
    subject = Subject.CHANGED if knows else Subject.INVITATION
    _queue(meeting, one.member, one.email, sequence, file, subject, body, now=now)
    return 1


def _uid(meeting: CoreGroupMeeting, member: CoreGroupMember) -> str:
    return uid_here(f"core-group-{meeting.pk}-{member.pk}")


def _takes_back(message: Message) -> bool:
    return method_of(message.calendar_file) == "CANCEL"


def _stands(message: Message) -> bool:
    """Return whether a cancellation has left, is on its way, or is for a manager to send or keep back."""
    return _takes_back(message) and (message.state in (*LEFT, *UNSENT) or message.settled_at is not None)


def _says(message: Message, one: Recipient) -> bool:
    """Return whether a message tells the member what is right now."""
    file = message.calendar_file
    if method_of(file) != "REQUEST" or one.at is None:
        return False
    return (times_in(file)[0], place_in(file)) == (one.at, one.place)


def _take_back(
    meeting: CoreGroupMeeting, member: CoreGroupMember, earlier: list[Message], *, now: datetime.datetime
) -> int:
    for message in earlier:
        if message.state in UNSENT and not _takes_back(message):
            withdraw_messages(key=message.key, because="It is not theirs to know any more.", now=now)
    if not meeting.core_group.meetings.filter(state=MeetingState.PLANNED).exclude(pk=meeting.pk).exists():
        revoke_member_link(member, because="It is not theirs to know any more.", now=now)
    asked = [message for message in earlier if message.state in LEFT and not _takes_back(message)]
    if not asked or any(_stands(message) for message in earlier if message.pk > asked[-1].pk):
        return 0
    last, group = asked[-1], meeting.core_group
    starts_at, ends_at = times_in(last.calendar_file)
    file = cancellation(
        uid=_uid(meeting, member),
        sequence=len(earlier),
        starts_at=starts_at,
        ends_at=ends_at,
        summary=f"Meeting {group.family.case_number}",
        attendee=last.to_email,
        now=now,
    )
    _queue(meeting, member, last.to_email, len(earlier), file, Subject.PLACE, no_more(meeting), now=now)
    return 1


def on_invitation_not_sent(message: Message, because: str, now: datetime.datetime) -> None:
    """Put the member on the list of those to tell, where their newest invitation or change did not leave."""
    named = KEY.fullmatch(message.key)
    if named is None or named["method"] == "cancel":
        return
    later = Message.objects.filter(
        key__startswith=f"core-group:{named['meeting']}:{named['member']}:", pk__gt=message.pk
    )
    if not later.exists():
        on_member_message_not_sent(int(named["meeting"]), int(named["member"]), because, now)


def _queue(
    meeting: CoreGroupMeeting,
    member: CoreGroupMember,
    email: str,
    sequence: int,
    file: str,
    subject: Subject,
    body: str,
    *,
    now: datetime.datetime,
) -> None:
    group = meeting.core_group
    queue_message(
        authority=group.authority,
        key=f"{_prefix(meeting, member)}{sequence}:{method_of(file).lower()}",
        kind=MessageKind.INVITATION,
        to_email=email,
        subject=reference_subject(subject=subject, reference=group.family.case_number),
        body=body,
        person_id=member.person_id,
        family_id=group.family_id,
        calendar_file=file,
        now=now,
    )


def reason_to_withhold(message: Message) -> str:
    """Return why a message about a core group must not leave now; empty if it may, or is about something else."""
    named = KEY.fullmatch(message.key)
    if named is None:
        return ""
    meeting = (
        CoreGroupMeeting.objects.select_related("core_group__family", "core_group__authority")
        .filter(pk=named["meeting"])
        .first()
    )
    if meeting is None:
        return "The meeting is not known."
    if named["method"] == "cancel":
        return _why_no_cancellation(meeting, int(named["member"]))
    if meeting.state != MeetingState.PLANNED:
        return "The meeting was held or cancelled."
    recipients = recipients_of(meeting, on=timezone.localdate())
    one = next((row for row in recipients if row.member.pk == int(named["member"])), None)
    if one is None:
        return "This person has left the core group."
    if one.why_not:
        return one.why_not
    return "" if message.to_email == one.email and _says(message, one) else REPLACED


def _why_no_cancellation(meeting: CoreGroupMeeting, member_id: int) -> str:
    person = CoreGroupMember.objects.select_related("person").get(pk=member_id).person
    if person.sealed_at or person.death_date or person.merged_into_id:
        return NEVER
    standing = standings(meeting.core_group, on=timezone.localdate()).get(person.pk)
    return UNDECIDED if standing is not None and standing.is_open else ""
