"""Notes of a core group meeting: what was said about which child, as a fact or an opinion, and whose private it is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from core_groups.models import CoreGroupMeeting, CoreGroupMember, MeetingNote, SeparateSitting
from core_groups.selectors.recording import day_of, members_on
from core_groups.services.guards import children_on, entered, lock_held
from deadlines.policies import policy_for
from families.models import Child, Person
from meetings.services.notes import put_under, same_note, save_note, take_off, words_of_note


@transaction.atomic
def add_meeting_note(
    *,
    meeting: CoreGroupMeeting,
    heading: str,
    text: str,
    nature: str,
    by: User,
    now: datetime.datetime,
    evidence: str = "",
    seen_differently: str = "",
    speaker: CoreGroupMember | None = None,
    sitting: SeparateSitting | None = None,
    children: Iterable[Child] = (),
    private_to: Iterable[Person] = (),
) -> MeetingNote:
    """Write down one thing said at a held meeting; no child named means all of the group's.

    The same words by the same writer about the same children are kept once under a heading. Raises ValidationError
    keyed by field for an empty or unknown value, an opinion without what it rests on, a speaker who was not in the
    group, or a child whose plan was not in force then.
    """
    held = lock_held(meeting)
    facts = _facts(held, heading, text, nature, evidence, seen_differently, speaker, sitting)
    about = _children(held, children)
    standing = held.notes.filter(**facts, recorded_by=by, withdrawn_at__isnull=True).prefetch_related("children")
    same = same_note(standing, about)
    if same is not None:
        return same
    note = MeetingNote(meeting=held, recorded_at=now, **facts, **entered(by, None))
    with refused_by_database():
        note.save()
    note.children.set(about)
    note.private_to.set(private_to)
    return note


@transaction.atomic
def change_meeting_note(
    *,
    note: MeetingNote,
    version: int,
    heading: str,
    text: str,
    nature: str,
    by: User,
    now: datetime.datetime,
    evidence: str = "",
    seen_differently: str = "",
    speaker: CoreGroupMember | None = None,
    sitting: SeparateSitting | None = None,
    children: Iterable[Child] = (),
    private_to: Iterable[Person] = (),
) -> MeetingNote:
    """Change a note; the history keeps every earlier text, and who wrote it.

    Raises EditedMeanwhile if someone changed it since ``version``; otherwise as ``add_meeting_note``.
    """
    held, row = _locked(note)
    facts = _facts(held, heading, text, nature, evidence, seen_differently, speaker, sitting)
    return save_note(row, version=version, facts=facts, about=_children(held, children), private_to=private_to)


@transaction.atomic
def move_meeting_note(
    *, note: MeetingNote, heading: str, version: int, by: User, now: datetime.datetime
) -> MeetingNote:
    """Put a note under another heading; everything else of it stays, its time and its privacy marks too.

    Raises EditedMeanwhile if someone changed it since ``version``, and ValidationError on ``heading``.
    """
    held, row = _locked(note)
    return put_under(row, heading, _headings(held), version=version)


@transaction.atomic
def withdraw_meeting_note(*, note: MeetingNote, because: str, by: User, now: datetime.datetime) -> MeetingNote:
    """Withdraw a note with the reason; the row is kept. Withdrawing it again changes nothing."""
    return take_off(_locked(note)[1], because, by=by, now=now)


def _locked(note: MeetingNote) -> tuple[CoreGroupMeeting, MeetingNote]:
    held = lock_held(note.meeting)
    return held, MeetingNote.objects.select_for_update(of=("self",)).get(pk=note.pk, meeting=held)


def _headings(meeting: CoreGroupMeeting) -> set[str]:
    policy = policy_for(meeting.core_group.authority_id, on=day_of(meeting))
    return {row.key for row in policy.framework.headings}


def _facts(
    meeting: CoreGroupMeeting,
    heading: str,
    text: str,
    nature: str,
    evidence: str,
    seen_differently: str,
    speaker: CoreGroupMember | None,
    sitting: SeparateSitting | None,
) -> dict[str, Any]:
    faults: dict[str, str] = {}
    if speaker is not None and speaker.pk not in {row.pk for row in members_on(meeting.core_group, day_of(meeting))}:
        faults["speaker"] = "This person was not in the core group on the day of the meeting."
    if sitting is not None and sitting.meeting_id != meeting.pk:
        faults["sitting"] = "Choose a sitting of this meeting."
    words = words_of_note(
        _headings(meeting),
        heading=heading,
        text=text,
        nature=nature,
        evidence=evidence,
        seen_differently=seen_differently,
        faults=faults,
    )
    return {**words, "speaker": speaker, "sitting": sitting}


def _children(meeting: CoreGroupMeeting, children: Iterable[Child]) -> list[Child]:
    there, chosen = children_on(meeting), list(children)
    if any(child.pk not in there for child in chosen):
        raise ValidationError({"children": "Choose children whose plans were in force on the day of the meeting."})
    return chosen
