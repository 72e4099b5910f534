"""What a family member does with a report on their own page: reads it in short, says it is read, disputes, asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from conferences.guest_access import place_of_guest, record_as_guest
from conferences.models import Participant
from govuk.generic import form_view
from reports.enums import RemarkKind
from reports.forms.remarks import AskForm, WrongForm
from reports.models import Report
from reports.selectors.guest_papers import short_of, version_of
from reports.selectors.remarks import has_read
from reports.selectors.short_reports import in_parts
from reports.selectors.versions import Version
from reports.services.answers import remark_on_report, say_it_is_read
from reports.services.short_reports import sentences_of
from reports.views.guest_parts import drawn_plainly, session_of, writes

SHORT = "short"


@require_safe
def short_report(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Show the short report in this person's version; any other answers as a closed link does."""
    participant, report, version = _theirs(request, report_pk, is_short=True)
    context = {
        "report": report,
        "parts": in_parts(version.sections),
        "is_read": has_read(report, participant, is_short=True),
    }
    return drawn_plainly(participant)(request, "guest_papers/short_report.html", context)


@require_POST
def have_read(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Record that this person has read the report, or its short report."""
    is_short = request.POST.get("what") == SHORT
    participant, report, _ = _theirs(request, report_pk, is_short=is_short)
    writes(
        participant,
        lambda: say_it_is_read(
            report=report, participant=participant, is_short=is_short, guest_session_id=session_of(request),
            now=timezone.now(),
        ),
    )  # fmt: skip
    return redirect("guest_papers:short-report" if is_short else "guest_papers:report", report_pk)


@require_http_methods(["GET", "HEAD", "POST"])
def say_wrong(request: HttpRequest, report_pk: int, section_pk: int) -> HttpResponse:
    """Say which sentence of one passage is wrong; kept beside it for its author and the chair."""
    participant, report, version = _theirs(request, report_pk)
    section = next((row for row in version.sections if row.pk == section_pk), None)
    if section is None:
        raise GuestRequired
    form = kept_form(request, WrongForm, sentences=sentences_of(section.text))
    return _remark(
        request, participant, report, form, "guest_papers/say_wrong.html",
        kind=RemarkKind.WRONG, section=section,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, report_pk: int) -> HttpResponse:
    """Ask whoever wrote the report."""
    participant, report, _ = _theirs(request, report_pk)
    form = kept_form(request, AskForm)
    return _remark(request, participant, report, form, "guest_papers/ask_about.html", kind=RemarkKind.QUESTION)


def _remark(
    request: HttpRequest, participant: Participant, report: Report, form: Any, template: str, **what: Any
) -> HttpResponse:
    def save(data: dict[str, Any]) -> object:
        return writes(
            participant,
            lambda: remark_on_report(
                report=report, participant=participant, text=data["text"], place=int(data.get("sentence") or 0),
                guest_session_id=session_of(request), now=timezone.now(), **what,
            ),
        )  # fmt: skip

    back = reverse("guest_papers:report", args=[report.pk])
    return form_view(
        request,
        form,
        save,
        success_url=f"{back}#said",
        cancel_url=back,
        template_name=template,
        draw=drawn_plainly(participant),
        report=report,
    )


def _theirs(request: HttpRequest, report_pk: int, *, is_short: bool = False) -> tuple[Participant, Report, Version]:
    participant = place_of_guest(request)
    now = timezone.now()
    found = (short_of if is_short else version_of)(participant, report_pk, now=now)
    kind = ReadKind.PAGE if found else ReadKind.REFUSED
    record_as_guest(request, participant, kind=kind, subject="Report", subject_id=report_pk)
    if found is None:
        raise GuestRequired
    return participant, *found
