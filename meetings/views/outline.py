"""Views of the outline plan, agreed before anyone is asked about status."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import may
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from govuk.generic import form_view
from meetings.enums import OutlineKind
from meetings.forms.outline import ActionForm, ShareActionsForm
from meetings.models import OutlineAction
from meetings.selectors.offered import actions_to_share
from meetings.selectors.outline import actions_for, actions_of, agreed_in
from meetings.selectors.read_out import read_out
from meetings.selectors.readers import who_reads, who_reads_of
from meetings.services.outline import add_action, change_action, record_no_plan_needed, share_actions, withdraw_action
from meetings.views.meeting import (
    draw,
    during_the_day,
    edited_together,
    give_reason,
    meeting,
    on_the_day,
    refuse_when_over,
)
from meetings.views.scores import child_of


@during_the_day
def outline_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the drafted plan as a table, and the form that adds to it."""
    found = meeting(request, pk, to="record" if request.method == "POST" else "read")
    form = kept_form(request, ActionForm, day=found)
    form.helper.form_action = reverse("meetings:plan", args=[pk])

    def page(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        actions = list(actions_of(found.conference))
        plan_first = policy_of_conference(found.conference).plan_before_decision
        by_child = [(child, len(actions_for(child, actions=actions))) for child in found.children]
        return draw(
            request,
            found,
            template_name,
            step="plan",
            plan_first=plan_first,
            actions=actions,
            by_child=by_child,
            agreed=list(agreed_in(found.conference)),
            agreed_kinds=[
                (
                    OutlineKind.OUTCOME,
                    "What has to be different",
                    reverse("meetings:add-outcome", args=[pk]),
                    "Add what has to be different",
                ),
                (
                    OutlineKind.CONTINGENCY,
                    "If something happens",
                    reverse("meetings:add-contingency", args=[pk]),
                    "Add what we do if something happens",
                ),
            ],
            **context,
        )

    return form_view(
        request,
        form,
        lambda _: add_action(
            conference=found.conference, part=found.part_now, by=user_of(request), now=timezone.now(), **form.action()
        ),
        success_url=f"{reverse('meetings:plan', args=[pk])}#actions",
        template_name="meetings/outline_plan.html",
        draw=page,
        who_reads=lambda: who_reads_of(found),
    )


@during_the_day
def read_out_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the plan as plain sentences, as those in the part under way may hear it."""
    found = meeting(request, pk)
    return draw(request, found, "meetings/read_out.html", step="plan", plans=read_out(found, now=timezone.now()))


@during_the_day
def change_outline_action(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """Edit one action of the outline plan. A second editor sees both texts and chooses."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    action = get_object_or_404(OutlineAction, pk=action_pk, conference=found.conference)
    form = kept_form(request, ActionForm, day=found, initial=_as_typed(action))
    plan = reverse("meetings:plan", args=[pk])
    return edited_together(
        request,
        form,
        lambda data: change_action(
            action=action, version=data["version"] or 0, by=user_of(request), now=timezone.now(), **form.action()
        ),
        texts=("why", "what"),
        success_url=f"{plan}#action-{action.pk}",
        cancel_url=plan,
        button="Save the action",
        template_name="meetings/change_action.html",
        draw=on_the_day(found, step="plan"),
        action=action,
        who_reads=lambda: who_reads_of(found),
    )


def _as_typed(action: OutlineAction) -> dict[str, Any]:
    names = ("why", "what", "who_else", "by_when", "by_when_words", "version")
    return {
        **{name: getattr(action, name) for name in names},
        "who": str(action.who_id or ""),
        "children": [str(row.pk) for row in action.children.all()],
    }


@during_the_day
def withdraw_outline_action(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """Take an action out of the outline plan, with the reason."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    action = get_object_or_404(OutlineAction, pk=action_pk, conference=found.conference)
    return give_reason(
        request,
        found,
        lambda data: withdraw_action(action=action, by=user_of(request), now=timezone.now(), **data),
        step="plan",
        back="meetings:plan",
        title="Take this action out of the plan",
        field="because",
        label="Why are you taking this action out of the plan?",
        button="Take it out",
        quoted=action.what,
    )


@during_the_day
def no_plan_needed(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Record that one child needs no plan at all; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    name = short_name_of(child.child)
    return give_reason(
        request,
        found,
        lambda data: record_no_plan_needed(conference_child=child, by=user_of(request), now=timezone.now(), **data),
        step="plan",
        back="meetings:plan",
        title=f"No plan is needed for {name}",
        label=f"Why does {name} need no plan?",
        button="Record that no plan is needed",
        initial={"reason": child.no_plan_needed_reason},
        lead="The chair decides this before asking for views. The minutes will give the reason.",
    )


@during_the_day
def share_outline_actions(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Draft actions of other children for one child too; each is then read and changed apart."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    name = short_name_of(child.child)
    form = kept_form(request, ShareActionsForm, rows=actions_to_share(child, actions_of(found.conference)), name=name)
    may_decide = may(user_of(request), found.conference, to="chair")
    back = reverse("meetings:decide", args=[pk, child_pk]) if may_decide else reverse("meetings:plan", args=[pk])
    return form_view(
        request,
        form,
        lambda _: share_actions(conference_child=child, actions=form.chosen(), by=user_of(request), now=timezone.now()),
        success_url=back,
        cancel_url=back,
        template_name="meetings/share_actions.html",
        draw=on_the_day(found, step="plan"),
        name=name,
        who_reads=who_reads(found, child),
    )
