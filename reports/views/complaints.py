"""Views of complaints about a conference, and the council's list of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import record_read, require_roles, rights_of, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import ReadKind, Role
from conferences.models import Conference
from govuk.generic import form_view
from govuk.lists import paginate
from reports.access import access_after, may_answer_complaint, may_answer_stage
from reports.forms.complaints import ComplaintAnswerForm, ComplaintForm, StageAnswerForm, TakeFurtherForm
from reports.models import Complaint, ComplaintStage
from reports.selectors.complaints import ComplaintRow, complaint_figures, complaint_row, complaints_listed
from reports.selectors.objections import people_who_may_complain
from reports.services.complaints import answer_complaint, answer_stage, record_complaint, take_complaint_further
from reports.views.parts import on_minutes


@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """List complaints about the conferences whose objections the user follows, and the figures of each year."""
    user = require_roles(request, Role.SERVICE_MANAGER, Role.CHAIR, Role.COORDINATOR)
    page = paginate(request, complaints_listed(user))
    rows = list(page.object_list)
    record_read(
        request,
        page="reports:complaints",
        subject=Complaint.__name__,
        subject_id=None,
        family_ids=[row.conference.family_id for row in rows],
        right=rights_of(rows),
        kind=ReadKind.SEARCH,
    )
    return render(request, "reports/complaints.html", {"page": page, "rows": rows, "figures": complaint_figures(user)})


def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a complaint about how the conference was run."""
    conference = access_after(request, pk, to="follow")
    form = kept_form(request, ComplaintForm, people=list(people_who_may_complain(conference)))
    return form_view(
        request,
        form,
        lambda _: record_complaint(conference=conference, by=user_of(request), now=timezone.now(), **form.complaint()),
        success_message="The complaint is recorded.",
        template_name="reports/record_complaint.html",
        **on_minutes(request, conference),
    )


def follow_complaint(request: HttpRequest, pk: int, complaint_pk: int) -> HttpResponse:
    """Record when complainants were told that the decision stands, and the answer."""
    conference = access_after(request, pk, to="follow")
    row = _complaint(conference, complaint_pk)
    if row.complaint.answered_on is not None:
        return redirect("reports:minutes", pk)
    return form_view(
        request,
        kept_form(
            request,
            ComplaintAnswerForm,
            answers=may_answer_complaint(user_of(request), conference),
            initial={"told_on": row.complaint.told_on},
        ),
        lambda data: answer_complaint(complaint=row.complaint, by=user_of(request), now=timezone.now(), **data),
        success_message="Recorded.",
        template_name="reports/answer_complaint.html",
        row=row,
        **on_minutes(request, conference),
    )


def take_further(request: HttpRequest, pk: int, complaint_pk: int) -> HttpResponse:
    """Take a complaint to its next stage, for someone whom the answer does not satisfy."""
    conference = access_after(request, pk, to="follow")
    row = _complaint(conference, complaint_pk)
    if row.further_until is None:
        return redirect("reports:minutes", pk)
    return form_view(
        request,
        kept_form(request, TakeFurtherForm),
        lambda data: take_complaint_further(complaint=row.complaint, by=user_of(request), now=timezone.now(), **data),
        success_message="The complaint is taken further.",
        template_name="reports/take_complaint_further.html",
        row=row,
        **on_minutes(request, conference),
    )


def answer_later_stage(request: HttpRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Record the answer of a later stage; not for those who chaired or answered before."""
    conference = access_after(request, pk, to="follow")
    rows = ComplaintStage.objects.select_related("complaint__conference")
    stage = get_object_or_404(rows, pk=stage_pk, complaint__conference=conference)
    if stage.answered_on is not None:
        return redirect("reports:minutes", pk)
    if not may_answer_stage(user_of(request), stage):
        raise Http404
    return form_view(
        request,
        kept_form(request, StageAnswerForm),
        lambda data: answer_stage(stage=stage, by=user_of(request), now=timezone.now(), **data),
        success_message="The answer is recorded.",
        template_name="reports/answer_complaint_stage.html",
        row=_complaint(conference, stage.complaint_id),
        stage=stage,
        **on_minutes(request, conference),
    )


def _complaint(conference: Conference, pk: int) -> ComplaintRow:
    rows = Complaint.objects.select_related("participant__person", "participant__agency", "answered_by")
    found = get_object_or_404(rows.prefetch_related("stages__answered_by"), pk=pk, conference=conference)
    return complaint_row(found, conference)
