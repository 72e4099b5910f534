"""Minutes of a core group meeting: prepared from its record, released by the key worker, sent to each member."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from core_groups.models import CoreGroup, CoreGroupMeeting
from core_groups.selectors.leading import carries_or_manages
from core_groups.services.guards import refuse_unless_held
from reports.content.core_groups import content_of_core_group
from reports.copies import recipients_due
from reports.enums import DocumentKind, DocumentState
from reports.models import Document
from reports.services.documents import next_version, retire_replaced
from reports.services.formats_asked import ask_for_formats
from reports.services.kept_papers import ask_for_papers


@transaction.atomic
def prepare_core_group_minutes(
    *,
    meeting: CoreGroupMeeting,
    by: User,
    now: datetime.datetime,
    because: str = "",
    leave_out: bool = False,
    not_about_all: Collection[str] = (),
    may_be_read: Collection[str] = (),
) -> Document:
    """Freeze the record of a held meeting into the next version of its minutes, as ``prepare_document`` does.

    Raises ValidationError where the meeting was not held, and as ``prepare_document``.
    """
    locked = _lock(meeting)
    refuse_unless_held(locked)
    return next_version(
        content_of_core_group(locked, now=now),
        conference=locked.core_group.conference,
        kind=DocumentKind.CORE_GROUP,
        meeting=locked,
        by=by,
        now=now,
        because=because,
        leave_out=leave_out,
        not_about_all=not_about_all,
        may_be_read=may_be_read,
    )


@transaction.atomic
def release_core_group_minutes(*, document: Document, by: User, now: datetime.datetime) -> Document:
    """Release a version; only then can copies go out. For a key worker of one of the plans, or a manager of the family.

    Deletes the drafts of copies and has each member's copy laid out. Releasing twice returns the released version.
    Raises ValidationError for anyone else, and for a version that was replaced.
    """
    locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    meeting = locked.core_group_meeting
    if meeting is None or not may_release(by, meeting.core_group):
        raise ValidationError("Only the key worker, or a manager of the family, can release these minutes.")
    if locked.state == DocumentState.SUPERSEDED:
        raise ValidationError("There is already a newer version. Look at that one first.")
    if locked.state == DocumentState.RELEASED:
        return locked
    if locked.sent_back_at is not None:
        raise ValidationError("This version was sent back. A new one has to be prepared first.")
    locked.state, locked.released_by, locked.released_at = DocumentState.RELEASED, by, now
    locked.save(update_fields=["state", "released_by", "released_at"])
    retire_replaced(locked, now=now)
    due = recipients_due(locked.content, locked.kind)
    ask_for_papers(locked, due, now=now)
    ask_for_formats(locked, due, now=now)
    return locked


def may_release(user: User, group: CoreGroup) -> bool:
    """Return whether the user is the key worker of one of the group's plans, or manages the family."""
    return carries_or_manages(user, group)


def _lock(meeting: CoreGroupMeeting) -> CoreGroupMeeting:
    groups = CoreGroup.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "authority", "family", "conference"
    )
    group = groups.get(pk=meeting.core_group_id)
    row = CoreGroupMeeting.objects.select_related("recorded_by").get(pk=meeting.pk)
    row.core_group = group
    return row
