"""The chair's check of a plan between two conferences, and what a manager decides about it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families.access import access_child
from govuk.generic import form_view
from plans.access import access_plan
from plans.forms.mid_points import DecideMidPointForm, MidPointForm
from plans.models import MidPointCheck
from plans.selectors.drift import marks_of
from plans.selectors.mid_points import (
    decides_mid_point,
    is_checked,
    last_conference,
    may_check,
    picture_of,
    standing_check,
)
from plans.selectors.plans import plan_page
from plans.services.mid_points import AS_IT_SHOULD_BE, decide_mid_point, record_mid_point


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the chair of the last conference found about the plan."""
    plan = access_plan(request, pk)
    user, now = user_of(request), timezone.now()
    today, last = timezone.localdate(now), last_conference(plan)
    if not is_checked(plan) or not may_check(user, plan, last, on=today):
        raise Http404
    current = standing_check(plan, last.day)
    form = kept_form(request, MidPointForm, initial=_known(current))
    page = plan_page(plan, on=today)
    return form_view(
        request,
        form,
        lambda data: record_mid_point(plan=plan, found=form.found(), replaces=data["replaces"], by=user, now=now),
        success_url=reverse("plans:plan", args=[pk]),
        success_message="The check is recorded.",
        cancel_url=reverse("plans:plan", args=[pk]),
        template_name="plans/mid_point.html",
        plan=page,
        marks=marks_of([page], on=today).get(page.pk),
        picture=picture_of(plan, last),
        title="Check between conferences",
    )


def _known(current: MidPointCheck | None) -> dict[str, Any]:
    if current is None:
        return {}
    names = (*AS_IT_SHOULD_BE, "note", "escalated")
    return {"replaces": current.pk, **{name: getattr(current, name) for name in names}}


def decide(request: HttpRequest, pk: int, check_pk: int) -> HttpResponse:
    """Decide, as a manager, what happens about what the chair found."""
    plan = access_plan(request, pk)
    user, now = user_of(request), timezone.now()
    if not decides_mid_point(user, plan, on=timezone.localdate(now)):
        raise Http404
    check = get_object_or_404(plan.mid_point_checks.select_related("recorded_by"), pk=check_pk, escalated=True)
    return form_view(
        request,
        kept_form(request, DecideMidPointForm),
        lambda data: decide_mid_point(check=check, by=user, now=now, **data),
        success_url=reverse("plans:plan", args=[pk]),
        success_message="The decision is recorded. The chair and the key worker are told.",
        cancel_url=reverse("plans:plan", args=[pk]),
        template_name="plans/decide_mid_point.html",
        plan=plan,
        check=check,
        title="Decide about what the chair found",
    )


def of_child(request: HttpRequest, child_pk: int) -> HttpResponse:
    """Redirect to the check of the child's open plan for its chair, to the plan for everyone else."""
    child = access_child(request, child_pk)
    plan = child.plans.filter(held_elsewhere="", ends_on__isnull=True, kind="cp").first()
    if plan is None:
        return redirect("plans:plan-of-child", child_pk)
    if may_check(user_of(request), plan, last_conference(plan), on=timezone.localdate()):
        return redirect("plans:mid-point", plan.pk)
    return redirect("plans:plan", plan.pk)
