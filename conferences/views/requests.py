"""What another agency asked for, for the children's team; whoever the procedures name answers it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import open_row, user_of
from accounts.drafts.forms import kept_form
from conferences.forms.agreements import YES
from conferences.forms.requests import AnswerRequestForm, ToldDangerForm
from conferences.models import ConferenceRequest
from conferences.selectors.enquiries import discussions_of
from conferences.selectors.requests import (
    READ_RULE,
    answers_in_words,
    asker_words,
    dangers_told,
    full,
    items_for,
    live_conference_of,
    may_answer,
)
from conferences.services.requests import answer_request
from conferences.services.told import settle_told_danger
from families.access import access_family, may_change_family
from families.selectors import born_members_of
from families.selectors.safety import homes_of
from govuk.generic import form_view


def told_danger(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Record a danger for visitors that an agency told of, or say why none is recorded."""
    family = access_family(request, pk, to="change")
    item = dangers_told().filter(pk=item_pk, request__family=family).select_related("request__family").first()
    if item is None:
        raise Http404
    asked = full(ConferenceRequest.objects.filter(pk=item.request_id)).get()
    today = timezone.localdate()
    form = kept_form(
        request,
        ToldDangerForm,
        people=born_members_of(family, on=today),
        homes=homes_of(family, on=today),
        initial={"source": asker_words(asked), "starts_on": timezone.localdate(asked.asked_at)},
    )
    return form_view(
        request,
        form,
        lambda data: settle_told_danger(
            item=item, alert=form.told_alert(), because=data["because"], by=user_of(request), now=timezone.now()
        ),
        success_url=reverse("conferences:answer-request", args=[pk, asked.pk]),
        success_message="It is settled. Anyone who checks the list is told of a danger that you recorded.",
        cancel_url=reverse("conferences:answer-request", args=[pk, asked.pk]),
        template_name="conferences/told_danger.html",
        family=family,
        asked=asked,
        item=item,
    )


def answer(request: HttpRequest, pk: int, asked_pk: int) -> HttpResponse:
    """Show what an agency asked for beside the strategy discussions, and take the answer of whoever decides."""
    asked = open_row(
        request,
        full(ConferenceRequest.objects.filter(agency__isnull=False)).select_related("family__authority"),
        READ_RULE,
        page="conferences:answer-request",
        families=lambda row: [row.family_id],
        pk=asked_pk,
        family=pk,
    )
    user, answers = user_of(request), may_answer(user_of(request), asked)
    here = reverse("conferences:answer-request", args=[pk, asked_pk])
    if request.method == "POST" and not answers:
        return redirect(here)
    children = [child.pk for child in asked.children.all()]
    form = kept_form(request, AnswerRequestForm)
    return form_view(
        request,
        form,
        lambda data: answer_request(
            request=asked, agreed=data["answer"] == YES, reason=data["reason"], by=user, now=timezone.now()
        ),
        success_url=here,
        success_message="Your answer is recorded. The agency and the social worker are told.",
        cancel_url=reverse("families:family", args=[pk]),
        template_name="conferences/answer_request.html",
        family=asked.family,
        asked=asked,
        items=items_for(user, asked),
        answers=answers,
        who=answers_in_words(asked),
        discussions=[
            row for row in discussions_of(asked.family) if any(one.child_id in children for one in row.enquiries.all())
        ],
        live=asked.conference or live_conference_of(list(asked.children.all())),
        may_change=may_change_family(user, asked.family),
        told_dangers=set(dangers_told().filter(request=asked).values_list("pk", flat=True)),
    )
