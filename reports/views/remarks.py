"""Views of what family members say about a report: for its author and the chair, nobody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from govuk.generic import form_view
from reports.access import access_author
from reports.forms.remarks import AnswerForm
from reports.selectors.papers import submitted_report_of
from reports.selectors.remarks import receipts_of, remarks_on
from reports.services.answers import answer_remark
from reports.views.parts import around_report


def see_remarks(request: HttpRequest, pk: int, author_pk: int) -> HttpResponse:
    """Show what is disputed, what is asked, who has read it, and who said at the talk that something is wrong."""
    author = access_author(request, pk, author_pk, to="remarks")
    report = submitted_report_of(author)
    context = {
        **around_report(request, author),
        "remarks": list(remarks_on(author)),
        "receipts": receipts_of(report) if report else [],
        "said": [row for row in report.sharings.select_related("person") if row.disputed] if report else [],
    }
    return render(request, "reports/remarks.html", context)


def answer(request: HttpRequest, pk: int, author_pk: int, remark_pk: int) -> HttpResponse:
    """Answer one remark; the family member reads it on their own page."""
    author = access_author(request, pk, author_pk, to="remarks")
    remark = get_object_or_404(remarks_on(author), pk=remark_pk)
    back = reverse("reports:remarks", args=[pk, author_pk])
    if remark.answered_at is not None:
        return redirect(back)
    return form_view(
        request,
        kept_form(request, AnswerForm),
        lambda data: answer_remark(remark=remark, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Sent. They can read it on their own page.",
        cancel_url=back,
        template_name="reports/answer_remark.html",
        remark=remark,
        **around_report(request, author),
    )
