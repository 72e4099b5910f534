"""Views of a report's files: adding, opening, withdrawing."""

from __future__ import annotations

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.selectors.children import children_in
from govuk.forms import ReasonForm
from govuk.generic import form_view
from reports.access import access_author, access_file
from reports.enums import ReportState
from reports.forms.files import FileCheckForm, FileForm
from reports.models import Attachment, FileCheck
from reports.selectors.due import people_due
from reports.selectors.file_checks import file_for_readers
from reports.selectors.files import files_in
from reports.selectors.papers import children_concerned, children_of_author, report_of, submitted_report_of
from reports.services.file_checks import check_file
from reports.services.files import attach_file, withdraw_attachment
from reports.services.sharing import due_for
from reports.uploads import storing
from reports.uploads.file_types import FileKind
from reports.views.parts import around_report

# What a browser may do with a file if it renders one despite our headers: nothing.
SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Add a file to the draft of a report. A refused file must be chosen again; the ticks stay."""
    author = access_author(request, pk, author_pk, to="write")
    report = report_of(author)
    if report and report.state == ReportState.SUBMITTED:
        return redirect("reports:read-report", pk, author_pk)
    own = {row.pk for row in author.children.all()}
    rows = [row for row in children_in(author.conference) if not own or row.pk in own]
    form = kept_form(request, FileForm, rows=rows)
    return form_view(
        request,
        form,
        lambda _: attach_file(author=author, by=user_of(request), now=timezone.now(), **form.attachment()),
        success_url=reverse("reports:attach-file", args=[pk, author_pk]),
        success_message="The file is in the report.",
        template_name="reports/attach_file.html",
        report=report,
        files=files_in(report) if report else [],
        **around_report(request, author),
    )


@require_safe
def open_file(request: HttpRequest, pk: int, author_pk: int, attachment_pk: int) -> HttpResponse:
    """Serve the file as a download, never to be rendered within our pages."""
    attachment = access_file(request, pk, author_pk, attachment_pk)
    content = storing.get(attachment.file.stored_as) if attachment.file.opens else None
    if content is None:
        context = {**around_report(request, attachment.report.author), "file": attachment.file}
        return render(request, "reports/file_is_closed.html", context, status=409)
    return as_download(attachment, content)


def as_download(attachment: Attachment, content: bytes) -> HttpResponse:
    """Return a file to be stored by who asked for it, never to be rendered within our pages."""
    return as_file(content, attachment.file.file_kind, f"report-file-{attachment.pk}")


def as_file(content: bytes, kind: FileKind, stem: str) -> HttpResponse:
    """Return the bytes of a file of this kind in the same way."""
    response = HttpResponse(content, content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{stem}.{kind.suffix}"'
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, pk: int, author_pk: int, attachment_pk: int) -> HttpResponse:
    """Withdraw a file from a report, with the reason."""
    attachment = access_file(request, pk, author_pk, attachment_pk, to="withdraw")
    form = kept_form(
        request,
        ReasonForm,
        label="Why is this file taken out?",
        field="because",
        required="Say why the file is taken out",
        help_text=(
            "For example, it was about another family. No one will be able to open it, but "
            "the record will show that it was here"
        ),
        button="Take it out",
    )
    form.cancel_text = "Keep it"
    back = reverse("reports:read-report", args=[pk, author_pk])
    return form_view(
        request,
        form,
        lambda data: withdraw_attachment(attachment=attachment, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="The file is taken out. No one can open it any more.",
        cancel_url=back,
        template_name="reports/withdraw_file.html",
        attachment=attachment,
        **around_report(request, attachment.report.author),
    )


@require_safe
def file_readers(request: HttpRequest, pk: int, author_pk: int, attachment_pk: int) -> HttpResponse:
    """Show how a file stands for each person in the family who is due its report."""
    attachment = access_file(request, pk, author_pk, attachment_pk, to="check")
    prefetch_related_objects([attachment], Prefetch("checks", FileCheck.objects.select_related("by")))
    author = attachment.report.author
    children = list(children_in(author.conference))
    report = submitted_report_of(author)
    about = children_concerned(author, report, children)
    due = [row for row in people_due(author.conference, children) if row.children & about]
    context = {
        **around_report(request, author),
        "attachment": attachment,
        "readers": file_for_readers(attachment, due, [row.pk for row in children_of_author(author, children)]),
    }
    return render(request, "reports/file_readers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_for_reader(request: HttpRequest, pk: int, author_pk: int, attachment_pk: int, person_pk: int) -> HttpResponse:
    """Say whether one person in the family may have a file, whole; a second person looks too."""
    attachment = access_file(request, pk, author_pk, attachment_pk, to="check")
    due = due_for(attachment.report, person_pk)
    if due is None:
        raise Http404
    back = reverse("reports:file-readers", args=[pk, author_pk, attachment_pk])
    return form_view(
        request,
        kept_form(request, FileCheckForm),
        lambda data: check_file(
            attachment=attachment, person=due.person, by=user_of(request), now=timezone.now(), **data
        ),
        success_url=back,
        success_message="Recorded.",
        cancel_url=back,
        template_name="reports/check_file.html",
        attachment=attachment,
        due=due,
        **around_report(request, attachment.report.author),
    )
