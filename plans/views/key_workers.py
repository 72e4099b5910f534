"""Handing a plan over to another key worker."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import TEAM_ROLES, Role
from families.selectors.people import workers_of
from govuk.generic import form_view
from plans.access import access_plan
from plans.forms.key_workers import FamilyToldForm, HandOverForm
from plans.models import Plan
from plans.services.key_workers import hand_over_plan, record_family_told


def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand an open plan over to another key worker; a manager of the team does this."""
    plan = access_plan(request, pk, to="carry")
    user, now = user_of(request), timezone.now()
    if not user.holds(Role.TEAM_MANAGER) or not plan.is_open:
        raise Http404
    workers = workers_of(plan.authority, roles=TEAM_ROLES, on=timezone.localdate(now))
    return form_view(
        request,
        kept_form(request, HandOverForm, workers=workers, initial={"on": timezone.localdate(now)}),
        lambda data: hand_over_plan(plan=plan, by=user, now=now, **data),
        success_url=_plan_url(plan),
        success_message="The plan is handed over. Both workers and the core group’s members with an account are told.",
        cancel_url=_plan_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        title="Hand over the plan",
    )


def family_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the family was told who the key worker is."""
    plan = access_plan(request, pk, to="carry")
    return form_view(
        request,
        kept_form(request, FamilyToldForm, initial={"told_on": timezone.localdate()}),
        lambda data: record_family_told(plan=plan, now=timezone.now(), **data),
        success_url=_plan_url(plan),
        cancel_url=_plan_url(plan),
        template_name="plans/form_page.html",
        plan=plan,
        title="The family was told who the key worker is",
        crumb="Family told",
    )


def _plan_url(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.pk])
