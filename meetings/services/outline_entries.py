"""What a meeting agrees for the plans besides actions: outcomes, and what we do if something happens."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import PartKind
from conferences.models import Conference, ConferenceChild, Part, Participant
from conferences.services.guards import EditedMeanwhile, children_in_conference, participant_in, text_of
from meetings.enums import OutlineKind
from meetings.models import OutlineEntry
from meetings.services.guards import lock_in_session, part_in
from meetings.services.outline import refuse_decided


@dataclass(frozen=True)
class Agreed:
    """One outcome, or one thing that might happen with what is done then and by whom; no child named means all."""

    text: str
    children: tuple[ConferenceChild, ...] = ()
    we_do: str = ""
    who: Participant | None = None
    who_else: str = ""


@transaction.atomic
def agree_on(
    *,
    conference: Conference,
    kind: OutlineKind | str,
    agreed: Agreed,
    by: User,
    now: datetime.datetime,
    part: Part | None = None,
) -> OutlineEntry:
    """Write an outcome, or what is done if something happens, into the drafted plan. The same words are kept once.

    Raises ValidationError by field, and in a confidential part, because everyone in a plan reads it; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    where = part_in(sitting, part)
    if where is not None and where.kind == PartKind.CONFIDENTIAL:
        raise ValidationError(
            "Everyone in a plan reads this. Agree on it outside the confidential part, or write an action here."
        )
    wanted, chosen = _checked(locked, kind, agreed)
    for standing in locked.outline_entries.filter(withdrawn_at__isnull=True, kind=kind, **wanted):
        if _children_of(standing) == {row.pk for row in chosen}:
            return standing
    row = OutlineEntry.objects.create(conference=locked, kind=kind, part=where, created_by=by, created_at=now, **wanted)
    row.children.set(chosen)
    return row


@transaction.atomic
def change_agreed(*, entry: OutlineEntry, version: int, agreed: Agreed, by: User) -> OutlineEntry:
    """Change what was agreed; the history keeps the earlier words. What stands already changes nothing.

    Raises EditedMeanwhile if someone changed it after ``version``; ValidationError by field, and once the chair has
    decided for a child that it concerns: the plan carries it on; MeetingClosed.
    """
    locked, _ = lock_in_session(entry.conference)
    row = OutlineEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    wanted, chosen = _checked(locked, row.kind, agreed)
    if _children_of(row) == {child.pk for child in chosen} and all(
        getattr(row, name) == value for name, value in wanted.items()
    ):
        return row
    refuse_decided(locked, row.children.all())
    if row.version != version:
        raise EditedMeanwhile(row)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    row.children.set(chosen)
    return row


@transaction.atomic
def take_out_agreed(*, entry: OutlineEntry, because: str, by: User, now: datetime.datetime) -> OutlineEntry:
    """Take it out of the drafted plan, with the reason; the row is kept. Idempotent.

    Raises ValidationError on ``because``, or after a decision as change_agreed does; MeetingClosed.
    """
    locked, _ = lock_in_session(entry.conference)
    row = OutlineEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    if row.withdrawn_at is not None:
        return row
    refuse_decided(locked, row.children.all())
    row.withdrawn_because = text_of("because", because, "Say why you are taking this out of the plan.")
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_because", "withdrawn_at"])
    return row


def _checked(conference: Conference, kind: str, agreed: Agreed) -> tuple[dict[str, object], list[ConferenceChild]]:
    is_contingency = kind == OutlineKind.CONTINGENCY
    participant_in(conference, agreed.who, "who")
    faults: dict[str, str] = {}
    if not agreed.text.strip():
        faults["text"] = "Write what might happen." if is_contingency else "Write what has to be different."
    if is_contingency and not agreed.we_do.strip():
        faults["we_do"] = "Say what we do then."
    if is_contingency and agreed.who is None and not agreed.who_else.strip():
        faults["who"] = "Choose who acts, or write who else."
    if faults:
        raise ValidationError(faults)
    wanted: dict[str, object] = {
        "text": agreed.text.strip(),
        "we_do": agreed.we_do.strip() if is_contingency else "",
        "who": agreed.who if is_contingency else None,
        "who_else": agreed.who_else.strip() if is_contingency else "",
    }
    return wanted, children_in_conference(conference, agreed.children)


def _children_of(row: OutlineEntry) -> set[int]:
    return set(row.children.values_list("pk", flat=True))
