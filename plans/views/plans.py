from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import record_read, require_roles, rights_of, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import CASE_ROLES, Role
from accounts.models import User
from conferences.access import access_conference
from conferences.views.page_context import page_context
from families.access import access_child
from govuk.generic import form_view
from govuk.lists import paginate
from meetings.selectors.outline import actions_of
from meetings.selectors.the_day import decisions_of
from plans.access import PLAN_CARRY_RULE, access_plan
from plans.enums import PlanKind
from plans.forms.plans import PlansFilter, ProgressForm
from plans.models import Plan, PlanAction
from plans.selectors.apart import stands_apart
from plans.selectors.consent import cin_part
from plans.selectors.document import document_of
from plans.selectors.drift import earlier_plans_of, marks_of
from plans.selectors.endings import ends_outside, may_end_plan
from plans.selectors.frequency import is_visited
from plans.selectors.longer_visits import longer_visits_of, may_agree_to_visits
from plans.selectors.mid_points import checks_of, decides_mid_point, is_checked, last_conference, may_check
from plans.selectors.plans import key_workers_listed, plan_page, plan_rows, plans_listed, plans_of_conference
from plans.selectors.visits import patterns_of
from plans.services.plans import record_progress
from plans.services.versions import current_version


def plans(request: HttpRequest) -> HttpResponse:
    """List the plans."""
    user = require_roles(request, *CASE_ROLES)
    filters = PlansFilter(request.GET or {"state": "open"}, key_workers=key_workers_listed(user))
    filters.is_valid()
    filters.cancel_url = "?" if request.GET else ""
    # The page is found among narrow rows first; everything that a row shows is joined to those of the page alone.
    today = timezone.localdate()
    page = paginate(request, plans_listed(user, on=today, **filters.chosen()).values("pk"), counts_all=False)
    page.object_list = plan_rows(page.object_list, user, on=today)
    record_read(
        request,
        page="plans:plans",
        subject=Plan.__name__,
        subject_id=None,
        family_ids=[row.family_id for row in page if row.family_id],
        person_ids=[row.child.person_id for row in page],
        right=rights_of(page),
    )
    return render(request, "plans/plans.html", {"filters": filters, "page": page})


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one child's plan: who does what, and how it is going."""
    found = access_plan(request, pk)
    may_carry = PLAN_CARRY_RULE.right_of(user_of(request), found) is not None
    today = timezone.localdate()
    page = plan_page(found, on=today)
    may_end = ends_outside(page) and (may_carry or may_end_plan(user_of(request), found, on=today))
    user = user_of(request)
    context = {
        "plan": page,
        "cin": cin_part(page, user, on=today) if page.kind == PlanKind.CIN and not page.held_elsewhere else None,
        "is_visited": Plan.objects.filter(is_visited(), pk=page.pk).exists(),
        "may_hand_over": may_carry and page.is_open and user.holds(Role.TEAM_MANAGER),
        "current_worker": next((row for row in page.key_workers.all() if row.ends_on is None), None),
        "document": document_of([page]),
        "version": current_version(page),
        "family_id": page.family_id,  # type: ignore[attr-defined]
        "may_record": may_carry and page.is_open,
        "may_carry": may_carry,
        "longer_visits": [(row, may_agree_to_visits(user, row)) for row in longer_visits_of(page)],
        "may_see_ending": may_end,
        "shows_travel": ends_outside(page) or page.travels.exists(),
        "endings": page.endings.select_related("decided_by", "withdrawn_by"),
        "may_correct": may_end_plan(user, found, on=today) and not page.is_open,
        **_over_time(page, user, today),
        "patterns": patterns_of([page], on=today)[page.pk],
    }
    return render(request, "plans/plan.html", context)


def _over_time(plan: Plan, user: User, today: datetime.date) -> dict[str, object]:
    """Return how long the plan lasts, what was before it and stands apart, and the chair's checks."""
    marks = marks_of([plan], on=today).get(plan.pk)
    checked = is_checked(plan)
    return {
        "apart": stands_apart([plan.child_id], user, on=today) if plan.is_open else [],
        "marks": marks,
        "earlier_plans": earlier_plans_of(plan) if marks and marks.number > 1 else [],
        "checks": checks_of(plan) if plan.kind == PlanKind.CP else [],
        "may_check": checked and may_check(user, plan, last_conference(plan), on=today),
        "decides_mid_point": checked and decides_mid_point(user, plan, on=today),
    }


def plan_of_child(request: HttpRequest, child_pk: int) -> HttpResponse:
    """Redirect to the child's open plan, or the newest where none is open."""
    child = access_child(request, child_pk)
    own = child.plans.filter(held_elsewhere="")
    newest = own.filter(ends_on__isnull=True).first() or own.first()
    if newest is None:
        raise Http404
    return redirect("plans:plan", newest.pk)


def plans_of_one_conference(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a conference's plan tab: the outline, and the plans that its decisions made."""
    conference = access_conference(request, pk)
    context = {
        **page_context(conference, user=user_of(request), tab="plan", today=timezone.localdate()),
        "outline": actions_of(conference),
        "decisions": decisions_of(conference),
        "plans": plans_of_conference(conference.pk),
    }
    return render(request, "plans/of_conference.html", context)


def record_action_progress(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """Record the progress of one action of the plan."""
    found = access_plan(request, pk, to="carry")
    action = get_object_or_404(PlanAction.objects.select_related("who_person"), plan=found, pk=action_pk)
    initial = {"progress": action.progress, "note": action.progress_note, "version": action.version}
    return form_view(
        request,
        kept_form(request, ProgressForm, initial=initial),
        lambda data: record_progress(action=action, by=user_of(request), now=timezone.now(), **data),
        success_url=_plan_url(found),
        cancel_url=_plan_url(found),
        template_name="plans/form_page.html",
        plan=found,
        action=action,
        title="How far has this action come?",
        crumb="Progress",
    )


def _plan_url(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.pk])
