"""Files with an author's own report: a fall-back for what is already written elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.drafts.forms import kept_form
from accounts.guests.access import GuestRequired
from conferences.selectors.children import children_in
from govuk.forms import ReasonForm
from govuk.generic import form_view
from reports.enums import ReportState
from reports.forms.files import FileForm
from reports.guest_access import access_as_author
from reports.selectors.files import files_in, files_in_force
from reports.selectors.papers import children_of_author, report_of
from reports.services.files import attach_file, withdraw_attachment
from reports.views.guest_parts import drawn_for, home_url, session_of, writes


@require_http_methods(["GET", "HEAD", "POST"])
def attach_own_file(request: HttpRequest) -> HttpResponse:
    """Add a file to the draft. One that is refused must be chosen again; the ticks stay."""
    guest, author = access_as_author(request)
    report = report_of(author)
    if report is not None and report.state == ReportState.SUBMITTED:
        return redirect(home_url())
    rows = children_of_author(author, children_in(author.conference))
    form = kept_form(request, FileForm, rows=rows, by_author=True)
    return form_view(
        request,
        form,
        lambda _: writes(
            guest,
            lambda: attach_file(
                author=author, by=None, guest_session_id=session_of(request), now=timezone.now(), **form.attachment()
            ),
        ),
        success_url=home_url("file", "files"),
        cancel_url=home_url(),
        template_name="guest_papers/attach_file.html",
        draw=drawn_for(author),
        files=files_in(report) if report else [],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_out_own_file(request: HttpRequest, attachment_pk: int) -> HttpResponse:
    """Take a file out of the author's own draft, with the reason."""
    guest, author = access_as_author(request)
    attachment = (
        files_in_force()
        .filter(pk=attachment_pk, report__author=author, report__state=ReportState.DRAFT)
        .select_related("report__conference")
        .first()
    )
    if attachment is None:
        raise GuestRequired
    form = kept_form(
        request,
        ReasonForm,
        label="Why is this file taken out?",
        field="because",
        required="Say why the file is taken out",
        help_text="For example, it was about another family",
        button="Take it out",
    )
    return form_view(
        request,
        form,
        lambda data: writes(
            guest,
            lambda: withdraw_attachment(
                attachment=attachment, by=None, guest_session_id=session_of(request), now=timezone.now(), **data
            ),
        ),
        success_url=home_url("file-removed", "files"),
        cancel_url=home_url(anchor="files"),
        template_name="guest_papers/take_out_file.html",
        draw=drawn_for(author),
        attachment=attachment,
    )
