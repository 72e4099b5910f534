"""A file of a report that two people let reach this reader, whole and without what it says about itself."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from accounts.guests.pages import guest_page
from conferences.guest_access import place_of_guest, record_as_guest
from conferences.models import Participant
from conferences.selectors.children import children_in
from reports.models import Attachment, Report
from reports.selectors.file_checks import files_released
from reports.selectors.guest_papers import reports_for
from reports.selectors.papers import children_of_author
from reports.services.file_checks import clean_copy
from reports.services.sharing import due_for
from reports.views.files import as_download


def files_of_report(participant: Participant, report: Report) -> list[Attachment]:
    """Return the files of a report that was shared with this reader which may reach them."""
    due = due_for(report, participant.person_id)
    if due is None or due.participant.pk != participant.pk:
        return []
    own = children_of_author(report.author, children_in(participant.conference))
    return files_released(report, due, [row.pk for row in own])


@require_safe
def file(request: HttpRequest, report_pk: int, attachment_pk: int) -> HttpResponse:
    """Serve one file as a download; any other answers as a closed link does."""
    participant = place_of_guest(request)
    report = next((row for row in reports_for(participant, now=timezone.now()) if row.pk == report_pk), None)
    found = files_of_report(participant, report) if report else []
    row = next((one for one in found if one.pk == attachment_pk), None)
    kind = ReadKind.EXPORT if row else ReadKind.REFUSED
    record_as_guest(request, participant, kind=kind, subject="Attachment", subject_id=attachment_pk)
    if row is None:
        raise GuestRequired
    try:
        return as_download(row, clean_copy(row))
    except ValidationError:
        authority = participant.conference.authority
        return guest_page(request, "guest_papers/not_now.html", {}, authority=authority, status=409)
