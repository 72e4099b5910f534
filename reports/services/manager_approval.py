"""The manager's answer to the social work report, before it counts as received."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import visible_conferences
from conferences.models import Conference
from conferences.selectors.recipients import managers_of
from conferences.services.guards import family_ids_of, text_of
from deadlines.policies import policy_of
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from notifications.services.outbox import notify
from reports.access import may
from reports.enums import ReportKind, ReportState
from reports.models import Report
from reports.services.locking import lock_before_the_end

NOBODY = "nobody"


@transaction.atomic
def agree_report(*, report: Report, by: User, now: datetime.datetime) -> Report:
    """Record a manager's agreement to a submitted social work report: from then on it is received.

    In order:
    1. locks the report and checks that it is the version in force and that this manager may agree to it;
    2. records who agreed and when;
    3. recounts the deadlines.

    Agreeing twice returns the report as first agreed. A version that was sent back can still be agreed to.
    Raises ValidationError for whoever wrote or submitted the report, for anyone who manages neither the team
    nor the service, for a version that was replaced, and after the meeting.
    """
    locked = _lock_submitted(report, by)
    if locked.agreed_at is not None:
        return locked
    locked.agreed_by = by
    locked.agreed_at = now
    locked.version += 1
    locked.save(update_fields=["agreed_by", "agreed_at", "version"])
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


@transaction.atomic
def send_back_report(*, report: Report, by: User, now: datetime.datetime, what_to_change: str) -> Report:
    """Record a manager's request for changes: the report stays, and its author writes a new version.

    In order:
    1. locks the report and checks as ``agree_report`` does;
    2. records who sent it back, when, and what has to change;
    3. tells whoever submitted it;
    4. recounts the deadlines.

    Sending back twice returns the first request. Raises ValidationError on ``what_to_change``, as
    ``agree_report`` does, and if someone has already agreed to it.
    """
    locked = _lock_submitted(report, by)
    words = text_of("what_to_change", what_to_change, "Write what has to change.")
    if locked.agreed_at is not None:
        raise ValidationError("A manager has agreed to this report already.")
    if locked.sent_back_at is not None:
        return locked
    locked.sent_back_by = by
    locked.sent_back_at = now
    locked.what_to_change = words
    locked.version += 1
    with refused_by_database(report_sent_back_says_what_to_change="what_to_change"):
        locked.save(update_fields=["sent_back_by", "sent_back_at", "what_to_change", "version"])
    told = locked.submitted_by
    if told is not None and visible_conferences(told).filter(pk=locked.conference_id).exists():
        notify(
            user=told,
            key=f"report-sent-back:{locked.pk}",
            text=f"{locked.conference.reference}: your manager wants the report changed.",
            url=reverse("reports:read-report", args=[locked.conference_id, locked.author_id]),
            urgent=True,
            now=now,
        )
    reconcile(family_ids=family_ids_of(locked.conference), now=now)
    return locked


@transaction.atomic
def show_draft(*, report: Report, by: User, now: datetime.datetime) -> Report:
    """Let the team's managers read a draft of the social work report and comment on it, before it is submitted.

    Records when, and tells them once for each version. Raises ValidationError for any other report.
    """
    locked = Report.objects.select_for_update(of=("self",)).select_related("conference").get(pk=report.pk)
    if locked.state != ReportState.DRAFT or locked.kind != ReportKind.SOCIAL_WORK:
        raise ValidationError("Only a draft of the social work report is shown to a manager.")
    locked.draft_shown_at = now
    locked.save(update_fields=["draft_shown_at"])
    for manager in managers_of(locked.conference, on=civil_day(now)):
        if manager.pk != by.pk:
            notify(
                user=manager,
                key=f"report-draft:{locked.pk}",
                text=f"{locked.conference.reference}: you are asked to read a draft of the social work report.",
                url=reverse("reports:agree-report", args=[locked.conference_id, locked.author_id]),
                now=now,
            )
    return locked


def manager_agrees(conference: Conference) -> bool:
    """Return whether the council's procedures ask a manager to agree to the social work report."""
    return bool(policy_of(conference.policy_version_id).value("report-agreed-by") != NOBODY)


def ask_managers(report: Report, *, now: datetime.datetime) -> None:
    """Tell the team's managers that a report waits for one of them, once for each version."""
    for manager in managers_of(report.conference, on=civil_day(now)):
        if manager.pk != report.submitted_by_id:
            notify(
                user=manager,
                key=f"report-to-agree:{report.pk}",
                text=f"{report.conference.reference}: the social work report is in and needs your agreement.",
                url=reverse("reports:agree-report", args=[report.conference_id, report.author_id]),
                now=now,
            )


def _lock_submitted(report: Report, by: User) -> Report:
    conference = lock_before_the_end(report.conference, after="The meeting is over. No one needs to agree any more.")
    locked = (
        Report.objects.select_for_update(of=("self",))
        .select_related("author__person", "submitted_by")
        .get(pk=report.pk)
    )
    locked.conference = conference
    if locked.state == ReportState.SUPERSEDED:
        raise ValidationError("There is a newer version of this report. Look at that one first.")
    if locked.state != ReportState.SUBMITTED or not locked.needs_agreement:
        raise ValidationError("This report is not waiting for a manager.")
    if by.pk in {locked.submitted_by_id, locked.begun_by_id, locked.author.person.user_id}:
        raise ValidationError("You wrote or submitted this report. Another manager has to agree to it.")
    if not may(by, locked.author, to="agree"):
        raise ValidationError("Only a manager of the team, or of the service, can agree to this report.")
    return locked
