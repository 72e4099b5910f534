"""Reading each other's reports before the conference, for a professional with an account."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read
from conferences.access import access_own_invitation
from conferences.models import Participant
from govuk import words
from reports.selectors.reading_before import Reading, reading_of
from reports.selectors.writing import framework_of
from reports.views.parts import by_heading

TITLE = "Read the reports for the meeting"


def reading_of_invitation(participant: Participant, now: datetime.datetime) -> list[dict[str, str]]:
    """Return the row of an invitation's page that leads to the others' reports, or says when they open."""
    found = reading_of(participant, now=now)
    if found is None:
        return []
    if found.opens_on is not None:
        return [{"title": TITLE, "words": f"From {words.short_date(found.opens_on, today=found.opens_on)}", "url": ""}]
    number = words.count(len(found.reports), "report", "reports")
    url = reverse("reports:own-reading", args=[participant.pk])
    return [{"title": TITLE, "words": f"{number} so far, until the meeting is over", "url": url}]


def _open(request: HttpRequest, pk: int) -> tuple[Participant, Reading]:
    """Return the user's own invitation with what they may read now. Raises SignInRequired or Http404."""
    participant = access_own_invitation(request, pk)
    found = reading_of(participant, now=timezone.now())
    if found is None or not found.is_open:
        raise Http404
    return participant, found


@require_safe
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """List the reports this professional may read now."""
    participant, found = _open(request, pk)
    context = {"participant": participant, "conference": participant.conference, "reports": found.reports}
    return render(request, "reports/own_reading.html", context)


@require_safe
def read_others_report(request: HttpRequest, pk: int, report_pk: int) -> HttpResponse:
    """Show one report as this professional may read it."""
    participant, found = _open(request, pk)
    row = next((one for one in found.reports if one.report.pk == report_pk), None)
    if row is None:
        raise Http404
    record_read(
        request,
        page="reports:others-report",
        subject="Report",
        subject_id=report_pk,
        family_ids=[participant.conference.family_id],
        right="invited",
    )
    groups = by_heading(row.report, framework_of(row.report.author), sections=row.version.sections)
    context = {"participant": participant, "conference": participant.conference, "row": row, "groups": groups}
    return render(request, "reports/others_report.html", context)
