"""Taking over an agency's own last report into the one that is being written."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Participant
from deadlines.working_days.arithmetic import civil_day
from reports.models import Report, ReportSection
from reports.selectors.copy_forward import copy_forward_for
from reports.services.reports import begin_report


@transaction.atomic
def copy_forward(
    *, author: Participant, now: datetime.datetime, by: User | None = None, guest_session_id: int | None = None
) -> Report:
    """Take over what the author may of their agency's last report, for a user or for a guest's stay.

    In order:
    1. begins the report, or takes the draft there is;
    2. adds each passage that ``copy_forward_for`` offers and that was not taken over before, even if it was taken
       out since; each remembers what it was taken from, and is marked as unchanged until its author changes it.

    What is already written stays. Twice does what once did. Raises ValidationError as ``begin_report`` does, where
    a report is already in, and where there is nothing to take over.
    """
    if Report.objects.filter(author=author, submitted_at__isnull=False).exists():
        raise ValidationError("This report has been sent in. A new version begins with what it says.")
    report = begin_report(author=author, by=by, guest_session_id=guest_session_id, now=now)
    offered = copy_forward_for(author, on=civil_day(now))
    if offered is None or not offered.passages:
        raise ValidationError("There is no earlier report that can be taken over.")
    had = set(report.sections.values_list("copied_from", flat=True))
    last = report.sections.order_by("-position").first()
    position = last.position + 1 if last else 0
    for passage in offered.passages:
        old = passage.section
        if old.pk in had:
            continue
        new = ReportSection.objects.create(
            report=report,
            heading=old.heading,
            position=position,
            text=old.text,
            nature=old.nature,
            evidence=old.evidence,
            copied_from=old,
        )
        new.children.set(passage.children)
        new.private_to.set(old.private_to.all())
        new.kept_from.set(old.kept_from.all())
        position += 1
    return report
