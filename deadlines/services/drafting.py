"""Write a council's next procedures, and put them in force."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from accounts.models import Authority, RoleAssignment, User
from deadlines.access import SECOND_ROLES, may_put_in_force
from deadlines.models import PolicyDraft, PolicyVersion
from deadlines.policies import PolicyInvalid, complete, filled, own_entries, raw_from_text, raw_of, write_strict
from deadlines.services.policies import put_policy_in_force
from deadlines.working_days.arithmetic import civil_day

FILE = "draft"
STALE = "stale"


@transaction.atomic
def start_draft(
    *, authority: Authority, by: User, now: datetime.datetime, version: PolicyVersion | None = None, preset: str = ""
) -> PolicyDraft:
    """Start a draft as a copy of a version, or of a preset that comes with the product.

    With neither, it copies the newest version. A council has one draft at a time: an existing one is returned
    unchanged.
    """
    Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    if open_one := PolicyDraft.objects.filter(authority=authority, ended_at__isnull=True).first():
        return open_one
    newest = version or PolicyVersion.objects.filter(authority=authority).order_by("-number").first()
    if preset or newest is None:
        copied = raw_of(preset) if preset else {"limits": {}, "values": {}}
    else:
        copied = own_entries(filled(newest.data))
    text = write_strict(
        {
            "preset": authority.slug,
            "title": authority.name,
            "note": f"Changed from {preset}"
            if preset
            else f"Changed from version {newest.number}"
            if newest
            else "New",
            "limits": copied.get("limits") or {},
            "values": copied.get("values") or {},
        }
    )
    return PolicyDraft.objects.create(
        authority=authority,
        text=text,
        based_on=None if preset else newest,
        created_at=now,
        created_by=by,
        changed_at=now,
        changed_by=by,
        writer_ids=[by.pk],
    )


@transaction.atomic
def change_draft(*, draft: PolicyDraft, text: str, version: int, by: User, now: datetime.datetime) -> PolicyDraft:
    """Replace a draft's text, checked as a whole; where it was proposed, it has to be proposed again.

    ``version`` is the draft's version as the user saw it. The same text again changes nothing. Raises
    ValidationError when the draft has ended or another user changed it meanwhile (code "stale"), and for every
    fault of the text.
    """
    locked = _open(draft)
    if locked.text == text:
        return locked
    if locked.version != version:
        raise ValidationError(
            "Someone else has changed this draft. Read what it says now. If you save again, yours replaces it.",
            code=STALE,
        )
    _complete(text)
    locked.text, locked.version = text, locked.version + 1
    locked.changed_by, locked.changed_at = by, now
    locked.writer_ids = sorted({*locked.writer_ids, by.pk})
    locked.proposed_from = locked.proposed_at = locked.proposed_by = None
    locked.save(
        update_fields=[
            "text", "version", "changed_by", "changed_at", "writer_ids", "proposed_from", "proposed_at", "proposed_by",
        ]
    )  # fmt: skip
    return locked


def change_entries(
    *,
    draft: PolicyDraft,
    section: str,
    entries: Mapping[str, dict[str, Any]],
    version: int,
    by: User,
    now: datetime.datetime,
) -> PolicyDraft:
    """Write limits or values into a draft, by their keys; without any it stays as it is.

    Raises what ``change_draft`` raises; a fault of one of them is keyed by its name, such as "limits.minutes-sent".
    """
    if not entries:
        return draft
    raw = raw_from_text(draft.text, file=FILE)
    text = write_strict({**raw, section: {**(raw.get(section) or {}), **entries}})
    try:
        return change_draft(draft=draft, text=text, version=version, by=by, now=now)
    except ValidationError as refusal:
        if not hasattr(refusal, "error_dict"):
            raise
        raise ValidationError(_by_entry(refusal.message_dict["text"], entries, section)) from refusal


def _by_entry(faults: Iterable[str], entries: Mapping[str, Any], section: str) -> dict[str, list[str]]:
    """Return the faults of a text by the entry each is about, if it is one of these."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        name, _, reason = fault.partition(": ")
        is_of_these = name in {f"{section}.{key}" for key in entries}
        found.setdefault(name if is_of_these else NON_FIELD_ERRORS, []).append(reason if is_of_these else fault)
    return found


@transaction.atomic
def set_draft_aside(*, draft: PolicyDraft, by: User, now: datetime.datetime) -> PolicyDraft:
    """End a draft without putting it in force. Idempotent.

    Raises ValidationError when it was put in force.
    """
    locked = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if locked.became_id is not None:
        raise ValidationError("This draft was put in force, so it can't be discarded.")
    if locked.ended_at is None:
        locked.ended_at, locked.ended_by = now, by
        locked.save(update_fields=["ended_at", "ended_by"])
    return locked


@transaction.atomic
def propose_draft(
    *, draft: PolicyDraft, version: int, in_force_from: datetime.date, by: User, now: datetime.datetime
) -> PolicyDraft:
    """Ask a second person to put a draft in force from a day on. Asked again for the same day, nothing changes.

    Raises ValidationError when the draft has ended, when another user changed it since the preview, when the day is
    past, and when nobody but its writers could put it in force.
    """
    locked = _open(draft)
    _refuse_unread(locked, version=version, in_force_from=in_force_from, now=now)
    _complete(locked.text)
    if locked.proposed_from == in_force_from:
        return locked
    second = RoleAssignment.objects.current(on=civil_day(now)).filter(
        authority=locked.authority, role__in=SECOND_ROLES, user__is_active=True
    )
    if not second.exclude(user__in=locked.written_by).exists():
        raise ValidationError(
            "Someone who did not write it puts a draft in force: another administrator, or a service manager. Your "
            "council has no one else in these roles. Give someone the role first."
        )
    locked.proposed_from, locked.proposed_at, locked.proposed_by = in_force_from, now, by
    locked.save(update_fields=["proposed_from", "proposed_at", "proposed_by"])
    return locked


@transaction.atomic
def put_draft_in_force(
    *, draft: PolicyDraft, version: int, in_force_from: datetime.date, by: User, now: datetime.datetime
) -> PolicyVersion:
    """Make a proposed draft the council's next version, from today or a later day, and end the draft.

    Open deadlines keep the version they were counted under. Repeating it returns the same version. Raises
    ValidationError for someone who may not (``may_put_in_force``), when the draft was set aside, when another user
    changed it since the preview, when the day is past, and when it changes nothing.
    """
    locked = PolicyDraft.objects.select_for_update().get(pk=draft.pk)
    if locked.became is not None:
        return locked.became
    locked = _open(draft)
    _refuse_unread(locked, version=version, in_force_from=in_force_from, now=now)
    if not may_put_in_force(by, locked):
        raise ValidationError("A second person, who did not write this draft, puts it in force once it is asked for.")
    _complete(locked.text)
    raw = raw_from_text(locked.text, file=FILE)
    newest = PolicyVersion.objects.filter(authority=locked.authority).order_by("-number").first()
    made = put_policy_in_force(
        authority=locked.authority, preset=raw["preset"], raw=raw, in_force_from=in_force_from, now=now, created_by=by
    )
    if newest is not None and made.number <= newest.number:
        raise ValidationError("This draft says the same as what is in force on that day. Change something first.")
    locked.became, locked.ended_at, locked.ended_by = made, now, by
    locked.save(update_fields=["became", "ended_at", "ended_by"])
    return made


def _refuse_unread(draft: PolicyDraft, *, version: int, in_force_from: datetime.date, now: datetime.datetime) -> None:
    if draft.version != version:
        raise ValidationError(
            "Someone has changed this draft since you looked at it. Read the preview again.", code=STALE
        )
    if in_force_from < civil_day(now):
        raise ValidationError({"in_force_from": "New procedures start today or later."})


def _open(draft: PolicyDraft) -> PolicyDraft:
    locked = PolicyDraft.objects.select_for_update(of=("self",)).select_related("authority").get(pk=draft.pk)
    if locked.ended_at is not None:
        raise ValidationError("This draft has ended: it was put in force or discarded. Start a new one.")
    return locked


def _complete(text: str) -> None:
    try:
        complete(raw_from_text(text, file=FILE), file=FILE)
    except PolicyInvalid as refusal:
        raise ValidationError(
            {"text": [message.removeprefix(f"{FILE}: ") for message in refusal.messages]}
        ) from refusal
