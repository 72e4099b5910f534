"""Notes of a core group meeting: what was said about which child, as a fact or an opinion, and whose private it is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Nature
from conferences.services.guards import EditedMeanwhile, text_of
from core_groups.models import CoreGroupMeeting, CoreGroupMember, MeetingNote, SeparateSitting
from core_groups.selectors.recording import day_of, members_on
from core_groups.services.guards import children_on, entered, lock_held
from deadlines.policies import policy_for
from families.models import Child, Person


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
    same = held.notes.filter(**facts, recorded_by=by, withdrawn_at__isnull=True).prefetch_related("children")
    for standing in same:
        if {child.pk for child in standing.children.all()} == {child.pk for child in about}:
            return standing
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
    held = lock_held(note.meeting)
    row = MeetingNote.objects.select_for_update(of=("self",)).get(pk=note.pk, meeting=held)
    if row.withdrawn_at is not None:
        raise ValidationError("This note was withdrawn. Add a new one.")
    facts = _facts(held, heading, text, nature, evidence, seen_differently, speaker, sitting)
    about, private = _children(held, children), list(private_to)
    linked = {child.pk for child in about}, {person.pk for person in private}
    before = set(row.children.values_list("pk", flat=True)), set(row.private_to.values_list("pk", flat=True))
    if linked == before and all(getattr(row, name) == value for name, value in facts.items()):
        return row
    if row.version != version:
        raise EditedMeanwhile(row)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    row.children.set(about)
    row.private_to.set(private)
    return row


@transaction.atomic
def withdraw_meeting_note(*, note: MeetingNote, because: str, by: User, now: datetime.datetime) -> MeetingNote:
    """Withdraw a note with the reason; the row is kept. Withdrawing it again changes nothing."""
    held = lock_held(note.meeting)
    row = MeetingNote.objects.select_for_update(of=("self",)).get(pk=note.pk, meeting=held)
    if row.withdrawn_at is None:
        row.withdrawn_because = text_of("because", because, "Say why this note is withdrawn.")
        row.withdrawn_at, row.withdrawn_by = now, by
        row.save(update_fields=["withdrawn_because", "withdrawn_at", "withdrawn_by"])
    return row


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
    policy = policy_for(meeting.core_group.authority_id, on=day_of(meeting))
    faults: dict[str, str] = {}
    if heading not in {row.key for row in policy.framework.headings}:
        faults["heading"] = "Choose the heading this belongs under."
    if not text.strip():
        faults["text"] = "Write what was said."
    if nature not in Nature.values:
        faults["nature"] = "Choose whether this is a fact or an opinion."
    if nature == Nature.OPINION and not evidence.strip():
        faults["evidence"] = "Write what this opinion is based on."
    if speaker is not None and speaker.pk not in {row.pk for row in members_on(meeting.core_group, day_of(meeting))}:
        faults["speaker"] = "This person was not in the core group on the day of the meeting."
    if sitting is not None and sitting.meeting_id != meeting.pk:
        faults["sitting"] = "Choose a sitting of this meeting."
    if faults:
        raise ValidationError(faults)
    return {
        "heading": heading,
        "text": text.strip(),
        "nature": nature,
        "evidence": evidence.strip(),
        "seen_differently": seen_differently.strip(),
        "speaker": speaker,
        "sitting": sitting,
    }


def _children(meeting: CoreGroupMeeting, children: Iterable[Child]) -> list[Child]:
    there, chosen = children_on(meeting), list(children)
    if any(child.pk not in there for child in chosen):
        raise ValidationError({"children": "Choose children whose plans were in force on the day of the meeting."})
    return chosen
