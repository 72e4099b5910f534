"""What people say against a conference afterwards: dissent, complaints, comments on the record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts import kept_form
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.selectors.children import children_in
from reports.access import access_after
from reports.enums import CommentOutcome, DissentChoice
from reports.forms.commenting import CommentForm, SettleForm
from reports.forms.complaints import ComplaintAnswerForm, ComplaintForm
from reports.forms.dissents import AnswerForm, LodgeForm
from reports.models import Complaint, LodgedDissent, RecordComment
from reports.selectors.objections import (
    ComplaintRow,
    described,
    dissent_until,
    dissented_in_the_meeting,
    first_copies_of_record,
    people_who_may_complain,
    people_who_may_dissent,
)
from reports.services.commenting import record_comment, settle_comment
from reports.services.complaints import answer_complaint, record_complaint
from reports.services.dissents import answer_dissent, leave_dissent, lodge_dissent
from reports.views.parts import accepts, around_conference


def lodge(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody lodges a dissent from the decision, or leaves it at what the record says."""
    conference = access_after(request, pk, to="follow")
    if conference.status != ConferenceStatus.CLOSED:
        return redirect("reports:record", pk)
    people, rows = list(people_who_may_dissent(conference)), list(children_in(conference))
    form = kept_form(request, LodgeForm, people=people, rows=rows)
    if (
        request.method == "POST"
        and form.is_valid()
        and accepts(form, lambda: _lodge(request, conference, form), {"lodged_at": "lodged_on"})
    ):
        messages.success(request, "Recorded.")
        return redirect("reports:record", pk)
    context = {
        **around_conference(request, conference, tab="record"),
        "form": form,
        "until": dissent_until(conference),
        "spoken": [described(row) for row in dissented_in_the_meeting(conference)],
    }
    return render(request, "reports/lodge_dissent.html", context)


def _lodge(request: HttpRequest, conference: Conference, form: LodgeForm) -> None:
    now, by = timezone.now(), user_of(request)
    if form.is_lodged:
        lodge_dissent(conference=conference, by=by, now=now, **form.lodging())
    else:
        leave_dissent(conference=conference, participant=form.person(), by=by, now=now)


def answer(request: HttpRequest, pk: int, dissent_pk: int) -> HttpResponse:
    """Read a dissent and answer it."""
    conference = access_after(request, pk, to="answer")
    rows = LodgedDissent.objects.filter(choice=DissentChoice.LODGED).select_related(
        "participant__person", "participant__agency"
    )
    dissent = get_object_or_404(rows, pk=dissent_pk, conference=conference)
    if dissent.answered_at is not None:
        return redirect("reports:record", pk)
    form = kept_form(request, AnswerForm)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: answer_dissent(
                dissent=dissent, by=user_of(request), now=timezone.now(), **form.cleaned_data
            )
        )
    ):
        messages.success(request, "The answer is recorded.")
        return redirect("reports:record", pk)
    context = {
        **around_conference(request, conference, tab="record"),
        "form": form,
        "dissent": dissent,
        "from_whom": described(dissent.participant),
        "children": children_in(conference).filter(lodged_dissents=dissent),
    }
    return render(request, "reports/answer_dissent.html", context)


def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a complaint about how the conference was run."""
    conference = access_after(request, pk, to="follow")
    form = kept_form(request, ComplaintForm, people=list(people_who_may_complain(conference)))
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: record_complaint(
                conference=conference, by=user_of(request), now=timezone.now(), **form.complaint()
            )
        )
    ):
        messages.success(request, "The complaint is recorded.")
        return redirect("reports:record", pk)
    context = {**around_conference(request, conference, tab="record"), "form": form}
    return render(request, "reports/record_complaint.html", context)


def follow_complaint(request: HttpRequest, pk: int, complaint_pk: int) -> HttpResponse:
    """Record when they were told that the decision stands, and the answer."""
    conference = access_after(request, pk, to="follow")
    rows = Complaint.objects.select_related("participant__person", "participant__agency")
    complaint = get_object_or_404(rows, pk=complaint_pk, conference=conference)
    if complaint.answered_on is not None:
        return redirect("reports:record", pk)
    form = kept_form(request, ComplaintAnswerForm, initial={"told_on": complaint.told_on})
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: answer_complaint(
                complaint=complaint, by=user_of(request), now=timezone.now(), **form.cleaned_data
            )
        )
    ):
        messages.success(request, "Recorded.")
        return redirect("reports:record", pk)
    context = {
        **around_conference(request, conference, tab="record"),
        "form": form,
        "row": ComplaintRow(complaint),
    }
    return render(request, "reports/answer_complaint.html", context)


def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what somebody who has the record says is wrong in it."""
    conference = access_after(request, pk, to="follow")
    copies = first_copies_of_record(conference)
    if not copies:
        return redirect("reports:record", pk)
    form = kept_form(request, CommentForm, people=[copy.recipient for copy in copies.values()])
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: record_comment(
                conference=conference, by=user_of(request), now=timezone.now(), **form.comment()
            )
        )
    ):
        messages.success(request, "The comment is recorded.")
        return redirect("reports:record", pk)
    context = {**around_conference(request, conference, tab="record"), "form": form}
    return render(request, "reports/record_comment.html", context)


def settle(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Accept a comment on the record, or keep it beside the record."""
    conference = access_after(request, pk, to="follow")
    rows = RecordComment.objects.select_related("participant__person", "participant__agency", "document")
    found = get_object_or_404(rows, pk=comment_pk, document__conference=conference)
    if found.is_settled:
        return redirect("reports:record", pk)
    form = kept_form(request, SettleForm)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(
            lambda: settle_comment(
                comment=found, by=user_of(request), now=timezone.now(), **form.cleaned_data
            )
        )
    ):
        accepted = form.cleaned_data["outcome"] == CommentOutcome.ACCEPTED
        messages.success(
            request, "Settled. Prepare a new version of the record now." if accepted else "Settled."
        )
        return redirect("reports:record", pk)
    context = {
        **around_conference(request, conference, tab="record"),
        "form": form,
        "comment": found,
        "from_whom": described(found.participant),
    }
    return render(request, "reports/settle_comment.html", context)
