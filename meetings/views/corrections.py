"""Views of a wrong decision: requesting its correction, both texts side by side, and the two agreements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference, may
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Decision
from conferences.selectors.children import short_name_of
from conferences.views.page_context import on_page_of
from govuk.forms import Button, ReasonForm
from govuk.generic import form_view
from meetings.forms.corrections import CorrectionForm
from meetings.models import DecisionCorrection
from meetings.selectors.corrections import about, both_texts, corrections_of, sides_of
from meetings.selectors.day_steps import TheDay
from meetings.services.corrections import (
    agree_to_correction,
    ask_for_correction,
    choices_then,
    effects_if_made,
    refuse_correction,
)
from meetings.views.decisions import facts_of_form
from meetings.views.meeting import tells_refusal


def ask_correction(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Report that a decision was entered wrongly, and what the chair had decided."""
    conference = access_conference(request, pk, to="correct")
    child = get_object_or_404(ConferenceChild.objects.present(), pk=child_pk, conference=conference)
    decision = (
        child.decisions.filter(superseded_by__isnull=True)
        .select_related("sitting", "conference_child__child__person", "conference_child__child__pregnancy")
        .first()
    )
    if decision is None or conference.status != ConferenceStatus.CLOSED:
        messages.error(request, "There is no decision from a closed meeting to correct.")
        return redirect("meetings:decisions", pk)
    found = TheDay(conference)
    facts = {
        **facts_of_form(found, next(row for row in found.children if row.pk == child.pk)),
        "missing": [],
        "choices": choices_then(decision),
    }
    form = kept_form(request, CorrectionForm, initial=_as_decided(decision), **facts)
    return form_view(
        request,
        form,
        lambda data: ask_for_correction(
            decision=decision, facts=form.facts(), reason=data["reason"], by=user_of(request), now=timezone.now()
        ),
        renamed={"went_on_reason": "reason"},
        success_url=lambda asked: reverse("meetings:see-correction", args=[pk, asked.pk]),
        success_message=(
            "You have asked for the correction. The decision stands until the chair and a manager have agreed."
        ),
        cancel_url=reverse("meetings:decisions", args=[pk]),
        template_name="meetings/ask_correction.html",
        draw=on_page_of(conference, tab="minutes"),
        decision=decision,
        name=short_name_of(child.child),
        child=child,
    )


def _as_decided(decision: Decision) -> dict[str, Any]:
    """Return initial values for the form: the decision as it was entered."""
    consents = {
        f"{prefix}_{row.person_id}": row.answer for row in decision.consents.all() for prefix in ("consent", "refusal")
    }
    return {
        "outcome": decision.outcome,
        "main_category": decision.main_category,
        "categories": [code for code in decision.categories if code != decision.main_category],
        "key_worker": decision.key_worker_id,
        "cin_worker": decision.key_worker_id,
        "visit_every_working_days": decision.visit_every_working_days,
        "visit_reason": decision.visit_reason,
        "core_group": [str(row.pk) for row in decision.core_group.all()],
        "help_offered": decision.help_offered,
        "still_harm": decision.still_harm,
        "refusal_changes": decision.refusal_changes,
        "ends_because": decision.ends_because,
        "also_advised": decision.also_advised,
        "rationale": decision.rationale,
        "against_majority_reason": decision.against_majority_reason,
        **consents,
    }


def see_correction(request: HttpRequest, pk: int, correction_pk: int) -> HttpResponse:
    """Show both texts, the reason, who agreed, and what happened to plans and papers."""
    conference = access_conference(request, pk)
    correction = get_object_or_404(corrections_of(conference), pk=correction_pk)
    return _draw_correction(request, conference, correction, _why_it_stands(request))


def _why_it_stands(request: HttpRequest) -> ReasonForm:
    button = Button("Leave it as it is", look="secondary")
    return kept_form(request, ReasonForm, field="because", button=button)


def _draw_correction(
    request: HttpRequest, conference: Conference, correction: DecisionCorrection, form: ReasonForm
) -> HttpResponse:
    user = user_of(request)
    sides = sides_of(
        correction, user, is_chair=may(user, conference, to="chair"), is_manager=may(user, conference, to="manage")
    )
    effects, hindrance = correction.effects, ""
    form.helper.form_action = reverse("meetings:refuse-correction", args=[conference.pk, correction.pk])
    if correction.is_open:
        try:
            effects = effects_if_made(correction, now=timezone.now())
        except ValidationError as refusal:
            hindrance = " ".join(refusal.messages)
    context = {
        "correction": correction,
        "name": about(correction),
        "rows": both_texts(correction),
        "sides": sides,
        "effects": effects,
        "hindrance": hindrance,
        "form": form,
        "may_refuse": correction.is_open and (correction.asked_by_id == user.pk or may(user, conference, to="agree")),
    }
    return on_page_of(conference, tab="minutes")(request, "meetings/see_correction.html", context)


@require_POST
def agree_correction(request: HttpRequest, pk: int, correction_pk: int) -> HttpResponse:
    """Record the chair's or a manager's agreement; the second one makes the correction."""
    conference = access_conference(request, pk, to="agree")
    correction = get_object_or_404(corrections_of(conference), pk=correction_pk)
    as_chair = request.POST.get("side") == "chair"
    agreed = tells_refusal(
        request,
        lambda: agree_to_correction(correction=correction, as_chair=as_chair, by=user_of(request), now=timezone.now()),
    )
    if agreed:
        messages.success(request, "Your agreement is recorded.")
    return redirect("meetings:see-correction", pk, correction_pk)


@require_POST
def refuse_a_correction(request: HttpRequest, pk: int, correction_pk: int) -> HttpResponse:
    """Record why the decision stands, or withdraw one's own request."""
    conference = access_conference(request, pk)
    correction = get_object_or_404(corrections_of(conference), pk=correction_pk)
    return form_view(
        request,
        _why_it_stands(request),
        lambda data: refuse_correction(correction=correction, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("meetings:see-correction", args=[pk, correction_pk]),
        draw=lambda request, _, context: _draw_correction(request, conference, correction, context["form"]),
    )
