"""Agreeing to visits further apart than the ceiling, as whoever the procedures name."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from govuk.generic import form_view
from plans.access import access_plan
from plans.forms.longer_visits import YES, LongerVisitsForm
from plans.selectors.longer_visits import may_agree_to_visits
from plans.services.longer_visits import answer_longer_visits


def agree(request: HttpRequest, pk: int, longer_pk: int) -> HttpResponse:
    """Read why the chair wants visits further apart, and answer."""
    plan, user = access_plan(request, pk), user_of(request)
    rows = plan.longer_visits.select_related("decision__decided_by", "decision__conference_child__conference")
    longer = get_object_or_404(rows, pk=longer_pk)
    if not plan.is_open or not may_agree_to_visits(user, longer):
        raise Http404
    back = reverse("plans:plan", args=[pk])
    return form_view(
        request,
        kept_form(request, LongerVisitsForm),
        lambda data: answer_longer_visits(
            longer=longer, agreed=data["answer"] == YES, reason=data["reason"], by=user, now=timezone.now()
        ),
        success_url=back,
        success_message="Your answer is recorded.",
        cancel_url=back,
        template_name="plans/longer_visits.html",
        plan=plan,
        longer=longer,
        title="Visits further apart",
    )
