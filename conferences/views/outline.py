"""The outline plan: agreed before anybody is asked about status."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts import kept_form
from conferences.day_forms import ActionForm, ReasonForm
from conferences.models import OutlineAction
from conferences.selectors.children import short_name_of
from conferences.selectors.the_day import actions_for, actions_of
from conferences.services.in_session import EditedMeanwhile
from conferences.services.outline import add_action, change_action, record_no_plan_needed, withdraw_action
from conferences.views.meeting import (
    accepts,
    draw,
    during_the_day,
    meeting,
    over_theirs,
    refuse_when_over,
    who_changed,
)
from conferences.views.scores import child_of


@during_the_day
def outline_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The drafted plan as a table, and the form that adds to it."""
    found = meeting(request, pk, to="record" if request.method == "POST" else "read")
    form = kept_form(request, ActionForm, day=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and accepts(
            form,
            lambda: add_action(
                conference=found.conference, by=user_of(request), now=timezone.now(), **form.action()
            ),
        )
    ):
        return redirect(f"{reverse('conferences:plan', args=[pk])}#actions")
    actions = list(actions_of(found.conference))
    return draw(
        request,
        found,
        "outline_plan",
        step="plan",
        form=form,
        actions=actions,
        by_child=[(child, len(actions_for(child, actions=actions))) for child in found.children],
    )


@during_the_day
def change_outline_action(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """One action of the outline plan. A second editor sees both texts and chooses."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    action = get_object_or_404(OutlineAction, pk=action_pk, conference=found.conference)
    form = kept_form(request, ActionForm, day=found, initial=_as_typed(action))
    theirs: OutlineAction | None = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            if accepts(
                form,
                lambda: change_action(
                    action=action, version=version, by=user_of(request), now=timezone.now(), **form.action()
                ),
            ):
                return redirect(f"{reverse('conferences:plan', args=[pk])}#action-{action.pk}")
        except EditedMeanwhile as refusal:
            theirs = refusal.current  # type: ignore[assignment]
            form = ActionForm(over_theirs(request.POST, refusal.current), day=found)
    their_name, their_when = who_changed(theirs) if theirs else ("", None)
    return draw(
        request,
        found,
        "change_action",
        step="plan",
        form=form,
        action=action,
        theirs=theirs,
        theirs_text=f"{theirs.why}\n{theirs.what}" if theirs else "",
        yours=f"{form.data.get('why', '')}\n{form.data.get('what', '')}",
        their_name=their_name,
        their_when=their_when,
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
    form = kept_form(request, ReasonForm, field="because", label="Why is this action taken out of the plan?")
    if (
        request.method == "POST"
        and form.is_valid()
        and accepts(
            form,
            lambda: withdraw_action(
                action=action, because=form.cleaned_data["because"], by=user_of(request), now=timezone.now()
            ),
        )
    ):
        return redirect("conferences:plan", pk)
    return draw(
        request,
        found,
        "reason",
        step="plan",
        form=form,
        title="Take this action out of the plan",
        quoted=action.what,
        button="Take it out",
        back="conferences:plan",
    )


@during_the_day
def no_plan_needed(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """The chair says that one child needs no plan at all."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    child = child_of(found, child_pk)
    name = short_name_of(child.child)
    form = kept_form(
        request,
        ReasonForm,
        label=f"Why does {name} need no plan?",
        initial={"reason": child.no_plan_needed_reason},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and accepts(
            form,
            lambda: record_no_plan_needed(
                conference_child=child,
                reason=form.cleaned_data["reason"],
                by=user_of(request),
                now=timezone.now(),
            ),
        )
    ):
        return redirect("conferences:plan", pk)
    return draw(
        request,
        found,
        "reason",
        step="plan",
        form=form,
        title=f"No plan is needed for {name}",
        lead="The chair says so before the views are asked. The record prints the reason.",
        button="Record that no plan is needed",
        back="conferences:plan",
    )
