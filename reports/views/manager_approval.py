"""The view in which a manager reads the social work report and agrees to it, or sends it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.models import User
from conferences.models import Participant
from govuk.generic import form_view
from reports.access import access_author
from reports.enums import ManagerAnswer, ReportState
from reports.forms.manager_approval import ManagerAnswerForm
from reports.models import Report
from reports.selectors.comments import comments_on
from reports.selectors.files import files_in
from reports.selectors.papers import report_of, submitted_report_of
from reports.selectors.writing import framework_of
from reports.services.answers import comment_on_passages
from reports.services.manager_approval import agree_report, send_back_report
from reports.views.parts import around_report, by_heading


def agree_to_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show the report, or the draft its author shows; comment in place; agree to it or say what has to change.

    The answer belongs to the version that the page showed: if there is a newer one, that is shown first.
    """
    author = access_author(request, pk, author_pk, to="agree")
    report = _to_read(author)
    if report is None:
        return redirect("reports:read-report", pk, author_pk)
    is_draft = report.state == ReportState.DRAFT
    groups = by_heading(report, framework_of(author))
    form = kept_form(request, ManagerAnswerForm, shown=report, groups=groups, comments=comments_on(report))
    back = reverse("reports:read-report", args=[pk, author_pk])
    return form_view(
        request,
        form,
        lambda data: _answer(report, form, data, by=user_of(request)),
        success_url=request.path if is_draft else back,
        success_message=lambda said: said,
        cancel_url=back,
        template_name="reports/agree_report.html",
        report=report,
        is_draft=is_draft,
        files=files_in(report),
        **around_report(request, author),
    )


def _to_read(author: Participant) -> Report | None:
    """Return the submitted report that waits for a manager, otherwise a draft that its author shows."""
    newest, submitted = report_of(author), submitted_report_of(author)
    is_shown = newest is not None and newest.state == ReportState.DRAFT and newest.draft_shown_at is not None
    if is_shown and not (submitted is not None and submitted.waits_for_manager):
        return newest
    waits = submitted is not None and submitted.needs_agreement and submitted.agreed_at is None
    return submitted if waits else None


def _answer(report: Report, form: ManagerAnswerForm, data: dict[str, Any], *, by: User) -> str:
    now = timezone.now()
    comment_on_passages(comments=form.comments(), by=by, now=now)
    if form.is_draft:
        return "Sent. The author reads your comments beside the paragraphs."
    if data["answer"] == ManagerAnswer.AGREED:
        agree_report(report=report, by=by, now=now)
        return "You have agreed. The report counts as received."
    send_back_report(report=report, by=by, now=now, what_to_change=data["what_to_change"])
    return "Sent back. The author will be told."
