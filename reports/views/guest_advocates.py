"""What an advocate reads of the child or parent they speak for, on the advocate's own page."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from accounts.guests.pages import guest_page
from conferences.guest_access import place_of_guest, record_as_guest
from conferences.models import Participant
from conferences.selectors.family_home import concealed_for
from deadlines.working_days.arithmetic import civil_day
from govuk import words
from reports.enums import DocumentKind
from reports.models import Copy
from reports.pdf import context_of
from reports.row_by_row import part_without_tables
from reports.selectors.advocates_papers import (
    client_with_conference,
    copy_of_client,
    papers_of_client,
    report_of_client,
)
from reports.selectors.short_reports import in_parts
from reports.selectors.writing import framework_of
from reports.services.documents import composed_copy
from reports.services.laying_out import stamp_of
from reports.services.refusals import CopyRefusedError
from reports.views.guest_pages import BODIES
from reports.views.parts import by_heading


def clients_papers_step(participant: Participant, now: datetime.datetime) -> Iterable[dict[str, str]]:
    """Return the row for an advocate's home page, once there is something that they may read."""
    number = len(papers_of_client(participant, now=now))
    if number and participant.acts_for is not None:
        yield {
            "title": f"Read what {participant.acts_for.person.full_name} lets you read",
            "hint": f"{words.count(number, 'paper', 'papers')} so far.",
            "url": reverse("guest_papers:clients-papers"),
        }


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """List the papers that an advocate may read; without any, the page answers as a closed link does."""
    participant = place_of_guest(request)
    rows = papers_of_client(participant, now=timezone.now())
    record_as_guest(request, participant, kind=ReadKind.PAGE if rows else ReadKind.REFUSED)
    return _drawn(request, participant, "guest_papers/clients_papers.html", {"rows": rows} if rows else None)


@require_safe
def report(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Show one report as far as the advocate may read it."""
    return _report(request, report_pk, is_short=False)


@require_safe
def short_report(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Show the short report as far as the advocate may read it."""
    return _report(request, report_pk, is_short=True)


def _report(request: HttpRequest, report_pk: int, *, is_short: bool) -> HttpResponse:
    participant = place_of_guest(request)
    found = report_of_client(participant, report_pk, is_short=is_short, now=timezone.now())
    kind = ReadKind.PAGE if found else ReadKind.REFUSED
    record_as_guest(request, participant, kind=kind, subject="Report", subject_id=report_pk)
    if found is None:
        return _drawn(request, participant, "", None)
    context = {
        "found": found,
        "groups": []
        if is_short
        else by_heading(found.report, framework_of(found.report.author), sections=found.sections),
        "parts": in_parts(found.sections) if is_short else [],
    }
    return _drawn(request, participant, "guest_papers/clients_report.html", context)


@require_safe
def copy(request: HttpRequest, copy_pk: int) -> HttpResponse:
    """Show a letter, minutes or plan as whom the advocate speaks for may have it today.

    Where it may not go out to them now, or names what is hidden from the advocate, it is not shown at all.
    """
    participant = place_of_guest(request)
    row = copy_of_client(participant, copy_pk, now=timezone.now())
    kind = ReadKind.REFUSED if row is None else ReadKind.PAGE
    record_as_guest(request, participant, kind=kind, subject="Copy", subject_id=copy_pk)
    if row is None:
        return _drawn(request, participant, "", None)
    said = _said(participant, row)
    if said is None:
        context = {"back_url": reverse("guest_papers:clients-papers")}
        return _drawn(request, participant, "guest_papers/not_for_advocate.html", context, status=409)
    return _drawn(request, participant, "guest_papers/clients_paper.html", {"said": said, "title": "A paper"})


def _said(advocate: Participant, row: Copy) -> str | None:
    """Return the paper as a page; None where it may not be shown to the advocate now."""
    client, document, now = client_with_conference(advocate), row.document, timezone.now()
    if client is None:
        return None
    recipient = client.person_id if document.kind == DocumentKind.PLAN else document.id_of(client)
    try:
        copied = composed_copy(document, recipient, now=now)
    except CopyRefusedError:
        return None
    context = {**context_of(copied, stamp_of(document), on_page=True), "paper_frame": "reports/pdf/bare.html"}
    said = part_without_tables(render_to_string(BODIES[DocumentKind(document.kind)], context))
    if concealed_for(advocate, on=civil_day(now)).is_in(strip_tags(said)):
        return None
    # The templates have escaped what somebody typed, and the same is written again.
    return mark_safe(said)


def _drawn(
    request: HttpRequest,
    participant: Participant,
    template: str,
    context: Mapping[str, object] | None,
    status: int = 200,
) -> HttpResponse:
    if context is None or participant.acts_for is None:
        raise GuestRequired
    around = {**context, "client_name": participant.acts_for.person.full_name}
    return guest_page(request, template, around, authority=participant.conference.authority, status=status)
