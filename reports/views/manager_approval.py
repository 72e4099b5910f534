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
from govuk.generic import form_view
from reports.access import access_author
from reports.enums import ManagerAnswer
from reports.forms.manager_approval import ManagerAnswerForm
from reports.models import Report
from reports.selectors.files import files_in
from reports.selectors.papers import submitted_report_of
from reports.selectors.writing import framework_of
from reports.services.manager_approval import agree_report, send_back_report
from reports.views.parts import around_report, by_heading


def agree_to_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show the report as submitted, then agree to it or say what has to change.

    The answer belongs to the version that the page showed: if there is a newer one, that is shown first.
    """
    author = access_author(request, pk, author_pk, to="agree")
    report = submitted_report_of(author)
    if report is None or not report.needs_agreement or report.agreed_at is not None:
        return redirect("reports:read-report", pk, author_pk)
    form = kept_form(request, ManagerAnswerForm, shown=report)
    back = reverse("reports:read-report", args=[pk, author_pk])
    return form_view(
        request,
        form,
        lambda data: _answer(report, data, by=user_of(request)),
        success_url=back,
        success_message=lambda said: said,
        cancel_url=back,
        template_name="reports/agree_report.html",
        report=report,
        groups=by_heading(report, framework_of(author)),
        files=files_in(report),
        **around_report(request, author),
    )


def _answer(report: Report, data: dict[str, Any], *, by: User) -> str:
    now = timezone.now()
    if data["answer"] == ManagerAnswer.AGREED:
        agree_report(report=report, by=by, now=now)
        return "You have agreed. The report counts as received."
    send_back_report(report=report, by=by, now=now, what_to_change=data["what_to_change"])
    return "Sent back. The author will be told."
