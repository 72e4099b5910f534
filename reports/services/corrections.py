"""What happens to papers when a decision or a released entry is corrected: copies are replaced and people told."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.models import Conference
from conferences.selectors.recipients import to_be_told
from conferences.services.guards import family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from govuk.words import count
from meetings.models import DecisionCorrection, EntryMove
from notifications.services.outbox import notify
from reports.enums import DocumentState
from reports.models import Copy, CorrectionToTell, Document
from reports.services.superseding import supersede_letters

DECISION = "A decision was corrected: {reason}"
ENTRY = "An entry was moved to the child it concerned."


def has_gone_out(conference: Conference) -> bool:
    """Return whether a letter or minutes of the conference were ever released."""
    return Document.objects.filter(
        conference=conference,
        core_group_meeting__isnull=True,
        plan__isnull=True,
        conference_child__isnull=True,
        released_at__isnull=False,
    ).exists()


def follow_correction(correction: DecisionCorrection, now: datetime.datetime) -> list[str]:
    """Replace what was prepared from the wrong decision, in the correction's transaction.

    In order: marks the current letter and minutes as superseded, with the reason; marks everyone who had a copy
    of any version as "to be told" until a copy of the next version is sent to them or someone records how they
    were told; asks the coordinator to prepare new versions.
    """
    conference = correction.decision.conference_child.conference
    by = correction.chair_agreed_by or correction.asked_by
    told = _replace(
        conference, because=DECISION.format(reason=correction.reason), by=by, now=now, correction=correction
    )
    letters = supersede_letters(
        correction.decision.conference_child, because=DECISION.format(reason=correction.reason), by=by, now=now
    )
    to_the_child = ["The letter to the child is marked as superseded. Talk to the child, then prepare a new one."]
    if told is None:
        return to_the_child if letters else []
    said = [
        *(to_the_child if letters else ()),
        "The decisions letter and the minutes are marked as superseded. Prepare and release new versions.",
    ]
    if told:
        said.append(f"{count(told, 'copy has', 'copies have')} to be followed by a copy of the new version.")
    return said


def follow_move(move: EntryMove, now: datetime.datetime) -> None:
    """Do the same after a released entry moved to the right child. The reason names no one."""
    if move.conference is not None:
        _replace(move.conference, because=ENTRY, by=move.agreed_by or move.asked_by, now=now, move=move)


def _replace(
    conference: Conference,
    *,
    because: str,
    by: User,
    now: datetime.datetime,
    correction: DecisionCorrection | None = None,
    move: EntryMove | None = None,
) -> int | None:
    """Return how many people are to be told; None if nothing was prepared yet."""
    current = list(
        Document.objects.select_for_update(of=("self",))
        .filter(
            conference=conference, core_group_meeting__isnull=True, plan__isnull=True, conference_child__isnull=True
        )
        .exclude(state=DocumentState.SUPERSEDED)
        .order_by("kind")
    )
    if not current:
        return None
    told = 0
    for document in current:
        document.state = DocumentState.SUPERSEDED
        document.superseded_by, document.superseded_at = by, now
        document.superseded_because = because
        document.save(update_fields=["state", "superseded_by", "superseded_at", "superseded_because"])
        recipients = (
            Copy.objects.filter(document__conference=conference, document__kind=document.kind)
            .order_by("recipient_id")
            .values_list("recipient_id", flat=True)
            .distinct()
        )
        rows = [
            CorrectionToTell(document=document, recipient_id=pk, correction=correction, move=move, since=now)
            for pk in recipients
        ]
        CorrectionToTell.objects.bulk_create(rows)
        told += len({row.recipient_id for row in rows})
    if conference.coordinator is not None:
        source = f"correction:{correction.pk}" if correction else f"move:{move.pk if move else 0}"
        for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
            notify(
                user=user,
                key=f"{source}:papers",
                text=f"Conference {conference.reference}: the decisions letter or the minutes need a new version.",
                url=reverse("reports:minutes", args=[conference.pk]),
                urgent=True,
                now=now,
            )
    return told


def note_told(copy: Copy) -> None:
    """Mark the recipient of a later version as told of all earlier corrections of that paper."""
    waiting = CorrectionToTell.objects.select_for_update().filter(
        recipient=copy.recipient_id,
        told_at__isnull=True,
        document__conference=copy.document.conference_id,
        document__kind=copy.document.kind,
        document__number__lt=copy.document.number,
    )
    for row in waiting:
        row.copy, row.told_at, row.told_by = copy, copy.sent_at, copy.sent_by
        row.save(update_fields=["copy", "told_at", "told_by"])


@transaction.atomic
def record_told(*, row: CorrectionToTell, how: str, by: User, now: datetime.datetime) -> CorrectionToTell:
    """Record how someone was told of a correction without a copy.

    For example by phone, or because they no longer get a copy. Recording it again returns the first record.
    Raises ValidationError on ``how``.
    """
    conference = lock_conference(row.document.conference)
    locked = CorrectionToTell.objects.select_for_update().get(pk=row.pk)
    if locked.told_at is not None:
        return locked
    locked.told_how = text_of("how", how, "Say how they were told.")
    locked.told_at, locked.told_by = now, by
    locked.save(update_fields=["told_how", "told_at", "told_by"])
    reconcile(family_ids=family_ids_of(conference), now=now)
    return locked


def to_tell(conference: Conference) -> list[CorrectionToTell]:
    """Return everyone who has to be told of a correction, those still waiting first."""
    rows = (
        CorrectionToTell.objects.filter(document__conference=conference)
        .select_related("document", "recipient__person", "recipient__agency", "told_by", "copy")
        .order_by("pk")
    )
    return sorted(rows, key=lambda row: row.is_told)
