"""The short report: sentences marked in the social work report, edited, and finished for the family to read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.services.guards import EditedMeanwhile
from reports.enums import ReportKind, SharingOutcome, ShortPart
from reports.models import Report, ReportSection, ShortPassage

_ENDS = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")


@dataclass(frozen=True)
class Edited:
    """One passage as typed over its ``version``, or to be taken out."""

    passage: ShortPassage
    text: str
    version: int
    takes_out: bool = False


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a paragraph, in order, each as it is written."""
    return [sentence for sentence in (part.strip() for part in _ENDS.split(text)) if sentence]


@transaction.atomic
def write_short_report(
    *,
    report: Report,
    marked: Mapping[ReportSection, tuple[str, Sequence[int]]],
    edited: Sequence[Edited],
    by: User,
    now: datetime.datetime,
) -> None:
    """Add marked sentences to the short report and save what was edited in it.

    ``marked`` gives for a paragraph of the report the part and which of its sentences. What is added concerns the
    same children and holds the same person's private information as its paragraph; editing never widens that. The
    same sentences under the same part are kept once.

    Raises EditedMeanwhile where somebody changed a passage after its ``version``, and ValidationError for an empty
    text, an unknown part, and once the short report is finished.
    """
    locked = _lock(report)
    if locked.short_ready_at is not None:
        raise ValidationError("The short report is finished. Open it again first.")
    for one in edited:
        _edit(one, now=now)
    last = locked.short_passages.order_by("-position").first()
    position = last.position + 1 if last else 0
    for section, (part, places) in marked.items():
        if part not in ShortPart.values:
            raise ValidationError("Choose where the marked sentences go.")
        sentences = sentences_of(section.text)
        text = " ".join(sentences[place] for place in sorted(set(places)) if place < len(sentences))
        same = locked.short_passages.filter(taken_from=section, part=part, text=text, removed_at__isnull=True)
        if not text or same.exists():
            continue
        row = ShortPassage.objects.create(report=locked, part=part, position=position, text=text, taken_from=section)
        row.children.set(section.children.all())
        row.private_to.set(section.private_to.all())
        row.kept_from.set(section.kept_from.all())
        position += 1


def _edit(one: Edited, *, now: datetime.datetime) -> None:
    row = ShortPassage.objects.select_for_update().get(pk=one.passage.pk)
    if row.removed_at is not None:
        return
    if one.takes_out:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        return
    text = one.text.strip()
    if text == row.text:
        return
    if row.version != one.version:
        raise EditedMeanwhile(row)
    if not text:
        raise ValidationError("Write something, or take it out.")
    row.text = text
    row.version += 1
    row.save(update_fields=["text", "version"])


@transaction.atomic
def finish_short_report(*, report: Report, by: User, now: datetime.datetime) -> Report:
    """Finish the short report: whoever has the report shared with them reads it first, in their own version.

    Twice does what once did. Raises ValidationError where it is empty.
    """
    locked = _lock(report)
    if locked.short_ready_at is not None:
        return locked
    if not locked.short_passages.filter(removed_at__isnull=True).exists():
        raise ValidationError("The short report is empty. Mark what belongs in it first.")
    locked.short_ready_at, locked.short_ready_by = now, by
    locked.save(update_fields=["short_ready_at", "short_ready_by"])
    return locked


@transaction.atomic
def reopen_short_report(*, report: Report) -> Report:
    """Open a finished short report again, as long as nobody has it.

    Raises ValidationError once the report was shared with somebody: what they read stays as it was.
    """
    locked = _lock(report)
    if locked.sharings.filter(outcome=SharingOutcome.SHARED).exists():
        raise ValidationError("Someone in the family has it already. Write a new version of the report.")
    locked.short_ready_at = locked.short_ready_by = None
    locked.save(update_fields=["short_ready_at", "short_ready_by"])
    return locked


def _lock(report: Report) -> Report:
    locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.kind != ReportKind.SOCIAL_WORK:
        raise ValidationError("Only the social work report has a short report.")
    return locked
