"""The list of members who have to be told of a meeting by another way than e-mail, and who told them.

What stands on it is a member's own time and place; it follows every invitation, change and cancellation.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import TellingOutcome
from conferences.services.telling import check_entry
from core_groups.enums import ASKS_THEM, MeetingState, News
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember, MemberTelling, MemberToTell
from core_groups.selectors.recipients import BY_HAND, NEVER, UNDECIDED, Recipient, recipients_of
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Family

BY_EMAIL = "An e-mail tells them."
LATER = "Something later is told in its place."
OFF = "They do not come to this meeting."
DID_NOT_KNOW = "They did not know of the meeting."


def keep_on_list(
    meeting: CoreGroupMeeting, one: Recipient, *, mailed: bool, now: datetime.datetime, because: str = ""
) -> None:
    """Make the list say what a member has to be told of a planned meeting, as things are now. Idempotent.

    ``mailed`` says whether an e-mail about this meeting has reached them before; ``because`` why the one that tells
    them did not leave. Whoever may be told nothing at the moment is not on it.
    """
    last = last_of(meeting, one.member)
    by_hand = one.why_not in BY_HAND or (bool(because) and not one.why_not)
    if one.at is None or not by_hand:
        if one.why_not:
            _not_theirs(meeting, one.member, last, why_not=one.why_not, now=now)
        elif last is not None and last.is_open:
            _end(last, BY_EMAIL, now=now)
        return
    if last is not None and last.news in ASKS_THEM and (last.starts_at, last.place) == (one.at, one.place):
        return
    knows = mailed or knows_of(meeting, one.member)
    if last is not None and last.is_open:
        _end(last, LATER, now=now)
    MemberToTell.objects.create(
        meeting=meeting,
        member=one.member,
        news=News.CHANGED if knows else News.INVITATION,
        starts_at=one.at,
        place=one.place,
        because=because or one.why_not,
        arose_at=now,
    )


def take_off_list(meeting: CoreGroupMeeting, member: CoreGroupMember, *, now: datetime.datetime) -> None:
    """Let a member who was told of a meeting by hand hear that they do not come, or that it is cancelled.

    Whoever has not been told yet need not be. Idempotent.
    """
    person = member.person
    gone = person.death_date or person.sealed_at or person.merged_into_id
    _not_theirs(meeting, member, last_of(meeting, member), why_not=NEVER if gone else OFF, now=now)


def _not_theirs(
    meeting: CoreGroupMeeting,
    member: CoreGroupMember,
    last: MemberToTell | None,
    *,
    why_not: str,
    now: datetime.datetime,
) -> None:
    if last is None or last.news not in ASKS_THEM:
        return
    if last.is_open:
        _end(last, why_not, now=now)
    if why_not in (NEVER, UNDECIDED) or not knows_of(meeting, member):
        return
    MemberToTell.objects.create(
        meeting=meeting,
        member=member,
        news=News.CANCELLED if meeting.state == MeetingState.CANCELLED else News.NOT_TO_COME,
        starts_at=last.starts_at,
        place=last.place,
        because="They were told of the meeting by hand.",
        arose_at=now,
    )


def last_of(meeting: CoreGroupMeeting, member: CoreGroupMember) -> MemberToTell | None:
    """Return what a member has to be told of a meeting, or was told last."""
    rows = MemberToTell.objects.filter(meeting=meeting, member=member, ended_at__isnull=True)
    return rows.order_by("-pk").first()


def knows_of(meeting: CoreGroupMeeting, member: CoreGroupMember) -> bool:
    """Return whether a member was told of a meeting by hand, and not since then that they do not come."""
    told = MemberToTell.objects.filter(meeting=meeting, member=member, told_at__isnull=False).order_by("-pk").first()
    return told is not None and told.news in ASKS_THEM


def _end(row: MemberToTell, because: str, *, now: datetime.datetime) -> None:
    row.ended_at, row.ended_because = now, because
    row.save(update_fields=["ended_at", "ended_because"])


@transaction.atomic
def record_member_telling(
    *,
    to_tell: MemberToTell,
    outcome: str,
    how: str,
    at: datetime.datetime,
    by: User,
    now: datetime.datetime,
    told_by_other: str = "",
    note: str = "",
) -> MemberTelling:
    """Record that someone told a member, or tried and could not reach them; that keeps it open.

    The same entry again changes nothing. Raises ValidationError by field: in the future, before there was anything to
    tell, without what was tried; and where it has been recorded already or need not be told any more.
    """
    row = _locked(to_tell)
    other = told_by_other.strip()
    entry = MemberTelling(
        to_tell=row,
        outcome=outcome,
        how=how,
        at=at,
        told_by=None if other else by,
        told_by_other=other,
        note=note.strip(),
        recorded_by=by,
        recorded_at=now,
    )
    same = row.tellings.filter(outcome=outcome, how=how, at=at, taken_back_at=None).first()
    if same is not None and (same.told_by_words, same.note) == (entry.told_by_words, entry.note):
        return same
    check_entry(entry, arose_at=row.arose_at, now=now)
    if row.told_at is not None:
        raise ValidationError("Someone has recorded already that they were told. Reload the page.")
    if row.ended_at is not None:
        raise ValidationError(f"This need not be told any more: {row.ended_because} Reload the page.")
    with refused_by_database():
        entry.save()
    if outcome == TellingOutcome.TOLD:
        row.told_at = at
        row.save(update_fields=["told_at"])
    reconcile(family_ids=[_family(row)], now=now)
    return entry


@transaction.atomic
def take_back_member_telling(
    *, telling: MemberTelling, because: str, by: User, now: datetime.datetime
) -> MemberTelling:
    """Take back a wrong entry, with the reason; they have to be told again, as things are now. Idempotent.

    Raises ValidationError on ``because``.
    """
    row = _locked(telling.to_tell)
    locked = MemberTelling.objects.select_for_update(of=("self",), no_key=True).get(pk=telling.pk)
    if locked.taken_back_at is not None:
        return locked
    if not because.strip():
        raise ValidationError({"because": "Say why this entry is wrong."})
    locked.taken_back_at, locked.taken_back_by, locked.taken_back_because = now, by, because.strip()
    locked.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    if locked.outcome == TellingOutcome.TOLD:
        _tell_again(row, now=now)
    reconcile(family_ids=[_family(row)], now=now)
    return locked


def _tell_again(row: MemberToTell, *, now: datetime.datetime) -> None:
    last = last_of(row.meeting, row.member)
    row.told_at = None
    if last is not None and last.pk != row.pk:
        row.ended_at, row.ended_because = now, LATER
    row.save(update_fields=["told_at", "ended_at", "ended_because"])
    if last is None or last.pk == row.pk or not last.is_open or knows_of(row.meeting, row.member):
        return
    if last.news == News.CHANGED:
        last.news = News.INVITATION
        last.save(update_fields=["news"])
    elif last.news not in ASKS_THEM:
        _end(last, DID_NOT_KNOW, now=now)


def on_member_message_not_sent(meeting_id: int, member_id: int, because: str, now: datetime.datetime) -> None:
    """Put a member on the list whose invitation or change did not leave, where they are to be told of it at all."""
    meeting = CoreGroupMeeting.objects.select_related("core_group__family", "core_group__authority").get(pk=meeting_id)
    CoreGroup.objects.select_for_update(no_key=True).get(pk=meeting.core_group_id)
    if meeting.state != MeetingState.PLANNED:
        return
    for one in recipients_of(meeting, on=civil_day(now)):
        if one.member.pk == member_id and one.why_not in ("", *BY_HAND):
            keep_on_list(meeting, one, mailed=False, because=f"The e-mail did not leave. {because}", now=now)
    reconcile(family_ids=[meeting.core_group.family_id], now=now)


def _locked(row: MemberToTell) -> MemberToTell:
    CoreGroup.objects.select_for_update(no_key=True).get(pk=row.meeting.core_group_id)
    locked: MemberToTell = (
        MemberToTell.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting", "member__person")
        .get(pk=row.pk)
    )
    return locked


def _family(row: MemberToTell) -> int:
    return Family.objects.values_list("pk", flat=True).get(core_groups=row.meeting.core_group_id)
