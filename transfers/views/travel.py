"""Pages of the journeys abroad of a child on a plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from govuk.generic import form_view
from plans.access import PLAN_CARRY_RULE, access_plan
from plans.selectors.endings import ends_outside
from transfers.forms.travel import ReturnForm, TravelForm
from transfers.services.travel import record_return, record_travel


def travels(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """List the journeys abroad of a child on a plan."""
    plan = access_plan(request, plan_pk)
    context = {
        "plan": plan,
        "travels": plan.travels.select_related("recorded_by").order_by("-leaves_on", "-pk"),
        "may_record": PLAN_CARRY_RULE.right_of(user_of(request), plan) is not None and ends_outside(plan),
    }
    return render(request, "transfers/travels.html", context)


def record(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """Record that a child on a plan is taken abroad, agreed or not."""
    plan = access_plan(request, plan_pk, to="carry")
    form = kept_form(request, TravelForm)
    return form_view(
        request,
        form,
        lambda _: record_travel(plan=plan, journey=form.journey(), by=user_of(request), now=timezone.now()),
        success_url=reverse("transfers:travels", args=[plan.pk]),
        success_message="The journey is recorded, and told to those whom the procedures name. The plan goes on.",
        cancel_url=reverse("transfers:travels", args=[plan.pk]),
        template_name="plans/form_page.html",
        plan=plan,
        title="Travel abroad",
    )


def came_back(request: HttpRequest, plan_pk: int, travel_pk: int) -> HttpResponse:
    """Record when the child was seen to be back."""
    plan = access_plan(request, plan_pk, to="carry")
    travel = get_object_or_404(plan.travels, pk=travel_pk)
    return form_view(
        request,
        kept_form(request, ReturnForm),
        lambda data: record_return(travel=travel, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("transfers:travels", args=[plan.pk]),
        success_message="The day is recorded.",
        cancel_url=reverse("transfers:travels", args=[plan.pk]),
        template_name="plans/form_page.html",
        plan=plan,
        title="Back from abroad",
    )
