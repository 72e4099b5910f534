"""The view of the outcome of talking one report through with one person."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import may
from conferences.selectors.children import children_in
from govuk.generic import form_view
from reports.access import access_author
from reports.enums import SharingOutcome
from reports.forms.sharing import SharingForm, WholeSharingForm
from reports.selectors.papers import newest_sharing, submitted_report_of
from reports.selectors.versions import version_for
from reports.services.sharing import due_for, record_sharing
from reports.views.parts import around_report


def share_report(request: HttpRequest, pk: int, author_pk: int, person_pk: int) -> HttpResponse:
    """Record one outcome: shared, declined, not reached; withheld only by the chair."""
    author = access_author(request, pk, author_pk, to="share")
    report = submitted_report_of(author)
    due = due_for(report, person_pk) if report else None
    if report is None or due is None:
        raise Http404
    newest = newest_sharing(report, person_pk)
    is_chair = may(user_of(request), author.conference, to="chair")
    part_agreed = newest is not None and newest.outcome == SharingOutcome.IN_PART
    form_class = SharingForm if is_chair or part_agreed else WholeSharingForm
    form = kept_form(request, form_class, is_chair=is_chair, part_agreed=part_agreed)
    children = list(children_in(author.conference))
    back = reverse("reports:read-report", args=[pk, author_pk])
    return form_view(
        request,
        form,
        lambda data: record_sharing(report=report, person=due.person, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Recorded.",
        cancel_url=back,
        template_name="reports/record_sharing.html",
        report=report,
        due=due,
        earlier=[row for row in report.sharings.all() if row.person_id == person_pk],
        version=version_for(report, due, children, on=timezone.localdate()),
        is_chair=is_chair,
        **around_report(request, author),
    )
