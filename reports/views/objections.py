"""Views of objections to a conference: dissent, comments on the minutes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from conferences.selectors.children import children_in
from govuk.generic import form_view
from reports.access import access_after
from reports.enums import CommentOutcome, DissentChoice
from reports.forms.comments import CommentForm, SettleForm
from reports.forms.dissents import AnswerForm, LodgeForm
from reports.models import LodgedDissent, MinutesComment
from reports.selectors.objections import (
    described,
    dissent_until,
    dissented_in_the_meeting,
    first_copies_of_minutes,
    people_who_may_dissent,
)
from reports.services.comments import record_comment, settle_comment
from reports.services.dissents import answer_dissent, leave_dissent, lodge_dissent
from reports.views.parts import on_minutes


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
        **on_minutes(request, conference),
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
        **on_minutes(request, conference),
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
        **on_minutes(request, conference),
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
        **on_minutes(request, conference),
    )
