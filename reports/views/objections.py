"""Views of objections to a conference: dissent, complaints, comments on the minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.selectors.children import children_in
from govuk.generic import form_view
from reports.access import access_after, may_answer_complaint
from reports.enums import CommentOutcome, DissentChoice
from reports.forms.comments import CommentForm, SettleForm
from reports.forms.complaints import ComplaintAnswerForm, ComplaintForm
from reports.forms.dissents import AnswerForm, LodgeForm
from reports.models import Complaint, LodgedDissent, MinutesComment
from reports.selectors.objections import (
    ComplaintRow,
    described,
    dissent_until,
    dissented_in_the_meeting,
    first_copies_of_minutes,
    people_who_may_complain,
    people_who_may_dissent,
)
from reports.services.comments import record_comment, settle_comment
from reports.services.complaints import answer_complaint, record_complaint
from reports.services.dissents import answer_dissent, leave_dissent, lodge_dissent
from reports.views.parts import around_conference


def lodge(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that someone lodges a dissent from the decision, or is content with what the minutes say."""
    conference = access_after(request, pk, to="follow")
    if conference.status != ConferenceStatus.CLOSED:
        return redirect("reports:minutes", pk)
    people, rows = list(people_who_may_dissent(conference)), list(children_in(conference))
    form = kept_form(request, LodgeForm, people=people, rows=rows)
    return form_view(
        request,
        form,
        lambda _: _lodge(request, conference, form),
        success_message="Recorded.",
        template_name="reports/lodge_dissent.html",
        until=dissent_until(conference),
        spoken=[described(row) for row in dissented_in_the_meeting(conference)],
        **_on_record(request, conference),
    )


def _lodge(request: HttpRequest, conference: Conference, form: LodgeForm) -> None:
    now, by = timezone.now(), user_of(request)
    if form.is_lodged:
        lodge_dissent(conference=conference, by=by, now=now, **form.lodging())
    else:
        leave_dissent(conference=conference, participant=form.person(), by=by, now=now)


def answer(request: HttpRequest, pk: int, dissent_pk: int) -> HttpResponse:
    """Show a dissent and answer it."""
    conference = access_after(request, pk, to="answer")
    rows = LodgedDissent.objects.filter(choice=DissentChoice.LODGED).select_related(
        "participant__person", "participant__agency"
    )
    dissent = get_object_or_404(rows, pk=dissent_pk, conference=conference)
    if dissent.answered_at is not None:
        return redirect("reports:minutes", pk)
    return form_view(
        request,
        kept_form(request, AnswerForm),
        lambda data: answer_dissent(dissent=dissent, by=user_of(request), now=timezone.now(), **data),
        success_message="The answer is recorded.",
        template_name="reports/answer_dissent.html",
        dissent=dissent,
        from_whom=described(dissent.participant),
        children=children_in(conference).filter(lodged_dissents=dissent),
        **_on_record(request, conference),
    )


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
        **_on_record(request, conference),
    )


def follow_complaint(request: HttpRequest, pk: int, complaint_pk: int) -> HttpResponse:
    """Record when complainants were told that the decision stands, and the answer."""
    conference = access_after(request, pk, to="follow")
    rows = Complaint.objects.select_related("participant__person", "participant__agency")
    complaint = get_object_or_404(rows, pk=complaint_pk, conference=conference)
    if complaint.answered_on is not None:
        return redirect("reports:minutes", pk)
    return form_view(
        request,
        kept_form(
            request,
            ComplaintAnswerForm,
            answers=may_answer_complaint(user_of(request), conference),
            initial={"told_on": complaint.told_on},
        ),
        lambda data: answer_complaint(complaint=complaint, by=user_of(request), now=timezone.now(), **data),
        success_message="Recorded.",
        template_name="reports/answer_complaint.html",
        row=ComplaintRow(complaint),
        **_on_record(request, conference),
    )


def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what a recipient of the minutes says is wrong in them."""
    conference = access_after(request, pk, to="follow")
    copies = first_copies_of_minutes(conference)
    if not copies:
        return redirect("reports:minutes", pk)
    form = kept_form(request, CommentForm, people=[copy.recipient for copy in copies.values()])
    return form_view(
        request,
        form,
        lambda _: record_comment(conference=conference, by=user_of(request), now=timezone.now(), **form.comment()),
        success_message="The comment is recorded.",
        template_name="reports/comment_on_minutes.html",
        **_on_record(request, conference),
    )


def settle(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Accept a comment on the minutes, or keep it beside them."""
    conference = access_after(request, pk, to="follow")
    rows = MinutesComment.objects.select_related("participant__person", "participant__agency", "document")
    found = get_object_or_404(rows, pk=comment_pk, document__conference=conference)
    if found.is_settled:
        return redirect("reports:minutes", pk)
    return form_view(
        request,
        kept_form(request, SettleForm, rows=list(children_in(conference))),
        lambda data: settle_comment(comment=found, by=user_of(request), now=timezone.now(), **data),
        success_message=lambda settled: (
            "Settled. Now prepare a new version of the minutes."
            if settled.outcome == CommentOutcome.ACCEPTED
            else "Settled."
        ),
        template_name="reports/settle_comment.html",
        comment=found,
        from_whom=described(found.participant),
        **_on_record(request, conference),
    )


def _on_record(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """Return the context of a page that starts from the minutes and leads back to them."""
    back = reverse("reports:minutes", args=[conference.pk])
    return {**around_conference(request, conference, tab="minutes"), "success_url": back, "cancel_url": back}
