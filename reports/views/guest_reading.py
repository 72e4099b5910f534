"""Reading each other's reports before the conference, on a professional's own page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from accounts.guests.pages import guest_page
from conferences.guest_access import place_of_guest, record_as_guest
from conferences.models import Participant
from govuk import words
from reports.selectors.reading_before import reading_of
from reports.selectors.writing import framework_of
from reports.views.parts import by_heading


def reading_step(participant: Participant, now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the row that leads a professional to the others' reports, or says when they open."""
    found = reading_of(participant, now=now)
    if found is None:
        return
    title = "Read the reports for the meeting"
    if found.opens_on is not None:
        yield {"title": title, "url": "", "status": f"From {words.short_date(found.opens_on, today=found.opens_on)}"}
        return
    number = len(found.reports)
    yield {
        "title": title,
        "hint": f"{words.count(number, 'report', 'reports')} so far. You can read them until the meeting is over.",
        "url": reverse("guest_papers:reading"),
    }


@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    """List the reports this professional may read now."""
    participant = place_of_guest(request)
    found = reading_of(participant, now=timezone.now())
    is_open = found is not None and found.is_open
    record_as_guest(request, participant, kind=ReadKind.PAGE if is_open else ReadKind.REFUSED)
    if found is None or not is_open:
        raise GuestRequired
    context = {"reports": found.reports, "conference": participant.conference}
    return guest_page(request, "guest_papers/reading.html", context, authority=participant.conference.authority)


@require_safe
def read_others_report(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Show one report as this professional may read it; any other answers as a closed link does."""
    participant = place_of_guest(request)
    found = reading_of(participant, now=timezone.now())
    row = next((one for one in found.reports if one.report.pk == report_pk), None) if found else None
    kind = ReadKind.PAGE if row else ReadKind.REFUSED
    record_as_guest(request, participant, kind=kind, subject="Report", subject_id=report_pk)
    if row is None:
        raise GuestRequired
    groups = by_heading(row.report, framework_of(row.report.author), sections=row.version.sections)
    context = {"row": row, "groups": groups, "conference": participant.conference}
    return guest_page(request, "guest_papers/others_report.html", context, authority=participant.conference.authority)
