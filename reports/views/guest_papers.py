"""Views of what a guest may read: papers released to them, each in their own version."""

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
from conferences.guest_access import access_as_guest, place_of_guest, record_as_guest
from conferences.models import Participant
from govuk import words
from reports.copies import recipients_due
from reports.enums import ReportState
from reports.guest_access import report_asked_of
from reports.selectors.circulation import settled_ids
from reports.selectors.guest_papers import copies_for, papers_for, version_of
from reports.selectors.kept_papers import is_kept
from reports.selectors.papers import report_of
from reports.selectors.remarks import has_read, own_remarks
from reports.selectors.writing import framework_of
from reports.services.circulation import file_name
from reports.services.copy_news import note_opened
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from reports.views.guest_files import files_of_report
from reports.views.guest_parts import session_of
from reports.views.parts import by_heading, pdf_response, wants_large


def papers_step(participant: Participant, now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the row for the guest's home page, once there is something to read."""
    number = len(papers_for(participant, now=now))
    if number:
        yield {
            "title": "Read your papers",
            "hint": f"{words.count(number, 'paper', 'papers')} so far.",
            "url": reverse("guest_papers:papers"),
        }


def own_report_step(participant: Participant, now: datetime.datetime) -> Iterable[dict[str, str]]:  # noqa: ARG001
    """Return the row of the report that a professional is asked for, until the meeting is over."""
    author = report_asked_of(participant)
    if author is None:
        return
    newest = report_of(author)
    status, colour = ("To do", "blue") if newest is None else ("Being written", "blue")
    if newest is not None and newest.state == ReportState.SUBMITTED:
        status, colour = "Handed in", "green"
    yield {
        "title": "Write your report" if colour == "blue" else "Your report",
        "hint": "Written here, under the council’s headings. Or send a file.",
        "url": reverse("guest_papers:own-report"),
        "status": status,
        "colour": colour,
    }


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Show everything that was released to this person."""
    participant = access_as_guest(request, to="home")
    rows = papers_for(participant, now=timezone.now())
    return guest_page(request, "guest_papers/papers.html", {"rows": rows}, authority=participant.conference.authority)


@require_safe
def report(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Show one report in this person's version; any other answers as a closed link does."""
    participant = place_of_guest(request)
    found = version_of(participant, report_pk, now=timezone.now())
    kind = ReadKind.PAGE if found else ReadKind.REFUSED
    record_as_guest(request, participant, kind=kind, subject="Report", subject_id=report_pk)
    if found is None:
        raise GuestRequired
    paper, version = found
    context = {
        "report": paper,
        "version": version,
        "groups": by_heading(paper, framework_of(paper.author), sections=version.sections),
        "is_read": has_read(paper, participant, is_short=False),
        "remarks": own_remarks(paper, participant),
        "files": files_of_report(participant, paper),
    }
    return guest_page(request, "guest_papers/report.html", context, authority=participant.conference.authority)


@require_safe
def copy(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Serve the guest's own copy as PDF, in either print, as it may go out today; any other as a closed link."""
    participant = place_of_guest(request)
    row = next((row for row in copies_for(participant) if row.pk == copy_pk), None)
    is_large = wants_large(request)
    recipient = row.document.id_of(participant) if row is not None else 0
    kept = row is not None and is_kept(row.document_id, recipient, is_large=is_large)
    kind = ReadKind.REFUSED if row is None else ReadKind.PDF if kept else ReadKind.PAGE
    record_as_guest(request, participant, kind=kind, subject="Copy", subject_id=copy_pk)
    if row is None:
        raise GuestRequired
    document, authority = row.document, participant.conference.authority
    try:
        given = give_out(document, recipient, now=timezone.now(), is_large=is_large)
    except CopyRefusedError:
        return guest_page(request, "guest_papers/not_now.html", {}, authority=authority, status=409)
    if given.file is None or not kept:
        context = {"given": given}
        return guest_page(request, "guest_papers/paper_waits.html", context, authority=authority, status=given.status)
    note_opened(row, guest_session_id=session_of(request), now=timezone.now())
    due = recipients_due(document.content, document.kind, settled=settled_ids(document))
    number = due.index(recipient) + 1 if recipient in due else 0
    return pdf_response(given.file, file_name(document, number, is_large=is_large))
