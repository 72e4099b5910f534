"""Views of the short report: made from marked sentences, seen as each person will have it, finished, and laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.models import Participant
from conferences.selectors.children import children_in
from conferences.services.guards import EditedMeanwhile
from govuk.generic import form_view
from reports.access import access_author
from reports.enums import ReportKind
from reports.forms.short_reports import ShortReportForm
from reports.models import Report
from reports.selectors.due import people_due
from reports.selectors.papers import children_concerned, report_of, submitted_report_of
from reports.selectors.short_reports import in_parts, short_passages
from reports.selectors.versions import Version, short_version_for
from reports.services.sharing import due_for
from reports.services.short_reports import finish_short_report, reopen_short_report, write_short_report
from reports.short_pdf import pages_of, short_html
from reports.views.parts import around_report, pdf_response, wants_large


@dataclass(frozen=True)
class Page:
    """One person's short report: what it says to them, and how many pages it takes."""

    version: Version
    pages: int

    @property
    def parts(self) -> list[Any]:
        return in_parts(self.version.sections)


def write_short(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Mark sentences of the report, and edit what the short report says."""
    author, report = _of(request, pk, author_pk)
    if report.short_ready_at is not None:
        return redirect("reports:see-short-report", pk, author_pk)
    sections, passages = list(report.sections.all()), short_passages(report)
    form = kept_form(request, ShortReportForm, sections=sections, passages=passages)
    see = reverse("reports:see-short-report", args=[pk, author_pk])
    here = reverse("reports:short-report", args=[pk, author_pk])
    around = {**around_report(request, author), "report": report}
    try:
        return form_view(
            request,
            form,
            lambda _: write_short_report(report=report, by=user_of(request), now=timezone.now(), **form.typed()),
            success_url=see if request.POST.get("then") == "see" else here,
            success_message="Saved. No one in the family sees it yet.",
            template_name="reports/write_short.html",
            **around,
        )
    except EditedMeanwhile as refusal:
        theirs: Any = refusal.current
    messages.error(request, f"Someone else changed a passage while you were writing. It now says: “{theirs.text}”")
    form = ShortReportForm(request.POST, sections=sections, passages=passages)
    form.data[f"version{theirs.pk}"] = str(theirs.version)  # type: ignore[index]
    return render(request, "reports/write_short.html", {**around, "form": form})


def see_short(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show the short report as each person will have it, say where it is too long, and finish it or open it again."""
    author, report = _of(request, pk, author_pk)
    if request.method == "POST":
        try:
            if "again" in request.POST:
                reopen_short_report(report=report)
                return redirect("reports:short-report", pk, author_pk)
            finish_short_report(report=report, by=user_of(request), now=timezone.now())
            messages.success(request, "Finished. Each person reads it once the report is shared with them.")
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("reports:see-short-report", pk, author_pk)
    children, today = list(children_in(author.conference)), timezone.localdate()
    about = children_concerned(author, report, children)
    pages = []
    for row in people_due(author.conference, children):
        if row.children & about and not row.waits:
            version = short_version_for(report, row, children, on=today)
            pages.append(Page(version, pages_of(short_html(report, version)) if version.sections else 0))
    context = {**around_report(request, author), "report": report, "pages": pages}
    return render(request, "reports/see_short.html", context)


def short_pdf(request: HttpRequest, pk: int, author_pk: int, person_pk: int) -> HttpResponse:
    """Give out one person's short report as a PDF: finished, and theirs to have."""
    author = access_author(request, pk, author_pk, to="share")
    report = submitted_report_of(author)
    due = due_for(report, person_pk) if report else None
    if report is None or report.short_ready_at is None or due is None or due.waits:
        raise Http404
    version = short_version_for(report, due, list(children_in(author.conference)), on=timezone.localdate())
    if version.blocked or not version.sections:
        raise Http404
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    html = short_html(report, version, is_large=wants_large(request))
    return pdf_response(pdf_of(html), f"{author.conference.reference}-short-report.pdf")


def _of(request: HttpRequest, pk: int, author_pk: int) -> tuple[Participant, Report]:
    author = access_author(request, pk, author_pk, to="write")
    report = report_of(author)
    if report is None or report.kind != ReportKind.SOCIAL_WORK:
        raise Http404
    return author, report
