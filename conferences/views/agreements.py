"""Whether a conference is held: the answer of whoever the procedures name, and taking a refusal further."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference, may
from conferences.forms.agreements import YES, AgreeForm
from conferences.models import ConferenceAgreement
from conferences.selectors.agreements import STILL_AHEAD, answers_in_words, may_answer, newest_agreement
from conferences.selectors.asking import reads_requests
from conferences.selectors.enquiries import discussions_about
from conferences.selectors.requests import items_for, requests_about
from conferences.services.agreements import answer_agreement, take_further
from conferences.views.page_context import on_page_of
from govuk.forms import ReasonForm
from govuk.generic import form_view


def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer whether the conference is held; others who may open it can read what was asked and answered."""
    conference = access_conference(request, pk)
    user, newest = user_of(request), newest_agreement(conference)
    if newest is None:
        raise Http404
    answers = conference.status in STILL_AHEAD and may_answer(user, newest)
    if request.method == "POST" and not answers:
        return redirect("conferences:agree", pk)
    form = kept_form(request, AgreeForm, initial={"agreement": newest.pk})
    refused = newest.agreed is False and not newest.taken_further and conference.status in STILL_AHEAD
    return form_view(
        request,
        form,
        lambda data: _answer(newest, data["agreement"], data["answer"] == YES, data["reason"], request),
        success_url=reverse("conferences:overview", args=[pk]),
        success_message="Your answer is recorded.",
        cancel_url=reverse("conferences:overview", args=[pk]),
        template_name="conferences/agree.html",
        draw=on_page_of(conference, tab="overview"),
        agreements=list(conference.agreements.select_related("asked_by", "answered_by")),
        newest=newest,
        requests=[(row, items_for(user, row)) for row in requests_about(conference)]
        if reads_requests(user, conference)
        else [],
        discussions=discussions_about(conference),
        answers=answers,
        who=answers_in_words(newest),
        may_go_further=refused and may(user, conference, to="arrange"),
    )


def _answer(newest: ConferenceAgreement, shown: int, agreed: bool, reason: str, request: HttpRequest) -> None:
    if shown != newest.pk:
        raise ValidationError("This was asked again since you opened the page. Look at it again.")
    answer_agreement(agreement=newest, agreed=agreed, reason=reason, by=user_of(request), now=timezone.now())


def disagree(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the refusal of a conference to a service manager."""
    conference = access_conference(request, pk, to="arrange")
    newest = newest_agreement(conference)
    if newest is None or newest.agreed is not False or newest.taken_further or conference.status not in STILL_AHEAD:
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        field="because",
        label="Why is the conference needed?",
        required="Say why the conference is needed",
        help_text="A service manager who did not refuse it reads this, and decides",
        button="Take it to a service manager",
    )
    return form_view(
        request,
        form,
        lambda data: take_further(agreement=newest, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("conferences:agree", args=[pk]),
        success_message="A service manager is asked to decide. Nothing goes out until then.",
        cancel_url=reverse("conferences:agree", args=[pk]),
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title="Take the refusal further",
        lead=f"{newest.answered_by.name if newest.answered_by else 'A manager'} does not agree: {newest.reason} "
        "If a child is in danger tonight, do not wait: ring the police or the council’s night number.",
    )
