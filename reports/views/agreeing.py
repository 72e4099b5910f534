"""The manager reads the social work report and agrees to it, or sends it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts import kept_form
from accounts.models import User
from reports.access import access_author
from reports.enums import ManagerAnswer
from reports.forms.agreeing import ManagerAnswerForm
from reports.models import Report
from reports.selectors.files import files_in
from reports.selectors.papers import submitted_report_of
from reports.services.agreeing import agree_report, send_back_report
from reports.views.parts import around_report, by_heading, framework_of


def agree_to_report(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Read the report as its author submitted it, then agree or say what has to change.

    The answer belongs to the version that the page showed: where a newer one is in, that is shown first.
    """
    author = access_author(request, pk, author_pk, to="agree")
    report = submitted_report_of(author)
    if report is None or not report.needs_agreement or report.agreed_at is not None:
        return redirect("reports:read-report", pk, author_pk)
    form = kept_form(request, ManagerAnswerForm, shown=report)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(lambda: _answer(report, form, by=user_of(request)))
    ):
        agreed = form.cleaned_data["answer"] == ManagerAnswer.AGREED
        messages.success(
            request, "You agreed. The report is received." if agreed else "Sent back. Its author is told."
        )
        return redirect("reports:read-report", pk, author_pk)
    context = {
        **around_report(request, author),
        "form": form,
        "report": report,
        "groups": by_heading(report, framework_of(author)),
        "files": files_in(report),
    }
    return render(request, "reports/agree_report.html", context)


def _answer(report: Report, form: ManagerAnswerForm, *, by: User) -> None:
    now = timezone.now()
    if form.cleaned_data["answer"] == ManagerAnswer.AGREED:
        agree_report(report=report, by=by, now=now)
    else:
        send_back_report(report=report, by=by, now=now, what_to_change=form.cleaned_data["what_to_change"])
