"""Moving a visit, an action or another part of a plan recorded for the wrong child."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import user_of
from families.access import CHILD_RULE
from families.models import Child
from govuk.forms import ReasonForm
from govuk.generic import form_view
from meetings.enums import EntryKind
from meetings.models import EntryMove
from meetings.services.misfiled_entries import agree_to_move, refuse_move
from meetings.views.meeting import tells_refusal
from meetings.views.misfiled_entries import move_context, move_page, why_it_stays
from plans.access import PLAN_CARRY_RULE, access_plan
from plans.models import Plan, PlanAction, PlanEntry, Visit

IN_PLAN: dict[str, Any] = {
    EntryKind.VISIT: Visit.objects.standing,
    EntryKind.ACTION: PlanAction.objects.standing,
    EntryKind.ENTRY: PlanEntry.objects.standing,
}
# What is moved from the record of a core group waits on the page of the wrong child's plan.
SEEN_HERE = (*IN_PLAN, EntryKind.NOTE, EntryKind.RATING)


def move_in_plan(request: HttpRequest, pk: int, kind: str, entry_pk: int) -> HttpResponse:
    """Move a visit, an action or another part to the plan of the child it concerns, if the user carries that too."""
    plan = access_plan(request, pk, to="carry")
    get_object_or_404(IN_PLAN[kind](), pk=entry_pk, plan=plan)

    def allowed(children: list[Child]) -> list[Child]:
        open_plans = Plan.objects.filter(child__in=[child.pk for child in children], ends_on__isnull=True)
        carried = set(PLAN_CARRY_RULE.visible(open_plans, user_of(request)).values_list("child_id", flat=True))
        return [child for child in children if child.pk in carried]

    return move_page(
        request,
        kind,
        entry_pk,
        around={"base": "plans/around.html", "plan": plan},
        back=reverse("plans:plan", args=[pk]),
        settle=lambda move: reverse("plans:see-move", args=[pk, move.pk]),
        allowed=allowed,
    )


def _move(plan: Plan, move_pk: int) -> EntryMove:
    moves = EntryMove.objects.filter(kind__in=SEEN_HERE, from_record=plan.pk, conference__isnull=True)
    return get_object_or_404(
        moves.select_related(
            "asked_by",
            "agreed_by",
            "refused_by",
            "conference",
            "family__authority",
            "from_child__person",
            "from_child__pregnancy",
            "to_child__person",
            "to_child__pregnancy",
        ),
        pk=move_pk,
    )


def see_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Show an entry to be moved out of a plan, or one that was."""
    plan = access_plan(request, pk)
    return _draw(request, plan, _move(plan, move_pk), why_it_stays(request))


def _draw(request: HttpRequest, plan: Plan, move: EntryMove, form: ReasonForm) -> HttpResponse:
    knows_both = CHILD_RULE.right_of(user_of(request), move.to_child) is not None
    urls = ("plans:agree-move", "plans:refuse-move")
    context = move_context(request, move, form, urls=urls, pk=plan.pk, knows_both=knows_both)
    return render(request, "meetings/see_move.html", {**context, "base": "plans/around.html", "plan": plan})


@require_POST
def agree_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Agree to the move, as a manager."""
    plan = access_plan(request, pk)
    move = _move(plan, move_pk)
    if tells_refusal(request, lambda: agree_to_move(move=move, by=user_of(request), now=timezone.now())):
        messages.success(request, "It has been moved.")
    return redirect("plans:see-move", pk, move_pk)


@require_POST
def refuse_a_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Refuse the move with a reason, or withdraw one's own request."""
    plan = access_plan(request, pk)
    move = _move(plan, move_pk)
    return form_view(
        request,
        why_it_stays(request),
        lambda data: refuse_move(move=move, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("plans:see-move", args=[pk, move_pk]),
        draw=lambda request, _, context: _draw(request, plan, move, context["form"]),
    )
