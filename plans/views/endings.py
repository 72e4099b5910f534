"""Ending a plan without a conference: what is needed, whom to ask, and a page of its own for each ground."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families.models import Family
from families.selectors.agency_names import name_on_page
from families.views.acts import Act, act_view
from families.words import birth_words
from govuk.forms import ReasonForm
from govuk.generic import form_view
from govuk.words import plain_date
from plans.access import PLAN_CARRY_RULE, access_plan
from plans.enums import EndedOutside, WhereChildIs
from plans.forms.endings import AgencyAskedForm, EighteenForm, LeftTheCountryForm, LookedAfterForm, MovedForm
from plans.models import Plan, PlanEnding
from plans.moves import move_of
from plans.selectors.endings import (
    agencies_to_ask,
    eighteen_on,
    ends_outside,
    may_end_plan,
    role_that_ends,
    why_not_looked_after,
)
from plans.selectors.managers import family_of
from plans.services.corrected_endings import withdraw_ending
from plans.services.endings import end_at_18, end_left_country, end_looked_after, end_moved, record_agency_asked

HAPPENS = (
    "This child’s plan ends, and the child comes off the list.",
    "This child’s visits, reviews and other dates end.",
    "The plans, visits and dates of brothers and sisters go on.",
    "Nothing in the record is destroyed.",
)
GOES_ON = (
    "The plan goes on as if it had never ended, and the child is back on the list.",
    "Visits, reviews and other dates are counted again without a gap: what is late by now shows as late.",
    "Whoever was told that the plan had ended is told that it goes on.",
    "The ending stays in the record, with your reason.",
)
AT_18 = (
    *HAPPENS,
    "From the birthday on, relatives get no more papers about this person. The young adult decides who is told what.",
)


def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Show on what grounds a plan ends without a conference, who ends it, and whom to ask before."""
    plan, family = _opened(request, pk)
    today = timezone.localdate()
    context = {
        "plan": plan,
        "family": family,
        "grounds": EndedOutside,
        "asked": agencies_to_ask(plan, on=today),
        "may_end": may_end_plan(user_of(request), plan, on=today),
        "role": role_that_ends(plan, on=today),
        "eighteen_on": eighteen_on(plan),
        "move": move_of(plan),
        "not_looked_after": why_not_looked_after(plan, on=today),
        "endings": plan.endings.select_related("decided_by", "withdrawn_by"),
        "today": today,
    }
    return render(request, "plans/ending.html", context)


def ask_agency(request: HttpRequest, pk: int) -> HttpResponse:
    """Record whom we asked at an agency about ending the plan, and what they said."""
    plan, family = _opened(request, pk)
    rows = agencies_to_ask(plan, on=timezone.localdate())
    agencies = [(row.agency, name_on_page(row.agency, family.pk)) for row in rows]
    return form_view(
        request,
        kept_form(request, AgencyAskedForm, agencies=agencies),
        lambda data: record_agency_asked(plan=plan, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("plans:ending", args=[pk]),
        success_message="What they said is recorded.",
        cancel_url=reverse("plans:ending", args=[pk]),
        template_name="plans/form_page.html",
        plan=plan,
        title="An agency was asked",
    )


def left_country(request: HttpRequest, pk: int) -> HttpResponse:
    """End a plan because the child left the country for good, after a page that repeats who it is."""
    form = kept_form(request, LeftTheCountryForm)
    return _end(
        request,
        pk,
        form,
        EndedOutside.LEFT_UK,
        HAPPENS,
        lambda data: [
            ("What is known", WhereChildIs(data["where_is"]).label),
            ("Country", data["where_to"]),
            ("Left on", data["happened_on"]),
            ("Confirmed by", data["confirmed_by"]),
            ("Confirmed on", data["confirmed_on"]),
            ("Told there", data["told_whom"]),
            ("Told on", data["told_on"]),
        ],
        lambda plan: end_left_country(plan=plan, facts=form.facts(), by=user_of(request), now=timezone.now()),
    )


def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """End a plan because another council has taken responsibility, after a page that repeats who it is."""
    form = kept_form(request, MovedForm, initial=_recorded(pk))
    return _end(
        request,
        pk,
        form,
        EndedOutside.MOVED,
        HAPPENS,
        lambda data: [
            ("Moved for good", "Yes" if data["for_good"] else "No, or it is not certain"),
            ("Council", data["where_to"]),
            ("Its conference", data["conference_on"]),
            ("Responsible from", data["responsible_from"]),
            ("Its letter", data["letter_kept"]),
        ],
        lambda plan: end_moved(plan=plan, facts=form.facts(), by=user_of(request), now=timezone.now()),
    )


def turned_18(request: HttpRequest, pk: int) -> HttpResponse:
    """End a plan because the young person turned 18, after a page that repeats who it is."""
    form = kept_form(request, EighteenForm)
    return _end(
        request,
        pk,
        form,
        EndedOutside.EIGHTEEN,
        AT_18,
        lambda data: [("Adult services", data["adult_services"]), ("About contact", data["contact_wishes"])],
        lambda plan: end_at_18(plan=plan, facts=form.facts(), by=user_of(request), now=timezone.now()),
    )


def looked_after(request: HttpRequest, pk: int) -> HttpResponse:
    """End the plan of a looked-after child after a joint review, after a page that repeats who it is."""
    form = kept_form(request, LookedAfterForm)
    return _end(
        request,
        pk,
        form,
        EndedOutside.LOOKED_AFTER,
        HAPPENS,
        lambda data: [
            ("Placement order", data["placement_order"]),
            ("Made on", data["placement_on"]),
            ("Joint review on", data["joint_review_on"]),
            ("What it said", data["joint_review_said"]),
        ],
        lambda plan: end_looked_after(plan=plan, facts=form.facts(), by=user_of(request), now=timezone.now()),
    )


def withdraw(request: HttpRequest, pk: int, ending_pk: int) -> HttpResponse:
    """Correct an ending that was recorded in error, in the open, after a page that repeats who it is."""
    plan, family = _opened(request, pk)
    if not may_end_plan(user_of(request), plan, on=timezone.localdate()):
        raise Http404
    ending: PlanEnding = get_object_or_404(plan.endings, pk=ending_pk)
    # A second press of the button finds it corrected already.
    if ending.withdrawn_at is not None and "confirm" not in request.POST:
        raise Http404
    person = plan.child.person
    form = kept_form(
        request,
        ReasonForm,
        label="What was wrong?",
        field="because",
        required="Say why it was recorded in error",
        max_length=500,
        button="Continue",
    )
    act = Act(
        title="This ending was recorded in error",
        check_title="Check that this is the right child",
        button="Correct the ending",
        rows=lambda data: [
            {"key": "Name", "value": person.full_name},
            {"key": "Date of birth", "value": birth_words(person)},
            {"key": "Why it ended", "value": ending.get_ground_display()},
            {"key": "Ended on", "value": plain_date(ending.ended_on)},
            {"key": "What was wrong", "value": data["because"]},
        ],
        effects=GOES_ON,
        done=f"The ending is corrected. The plan of {person.full_name} goes on.",
        lead=f"{person.full_name}: {ending.get_ground_display().lower()}, ended on {plain_date(ending.ended_on)}.",
    )
    return act_view(
        request,
        form,
        act,
        lambda data: withdraw_ending(ending=ending, by=user_of(request), now=timezone.now(), **data),
        family=family,
        person=None,
        back=reverse("plans:plan", args=[pk]),
    )


def _recorded(pk: int) -> dict[str, Any]:
    """Return what the page of the move says, for the form to start with."""
    recorded = move_of(Plan(pk=pk))
    if recorded is None or recorded.why_not:
        return {}
    kept = {name: getattr(recorded, name) for name in ("conference_on", "responsible_from", "letter_kept")}
    return {"for_good": True, "where_to": recorded.council, **kept}


def _opened(request: HttpRequest, pk: int) -> tuple[Plan, Family]:
    """Return the plan and family for those who carry the plan or may end it."""
    plan = access_plan(request, pk)
    user, family = user_of(request), family_of(plan.child)
    carries = PLAN_CARRY_RULE.right_of(user, plan) is not None
    if family is None or not (carries or may_end_plan(user, plan, on=timezone.localdate())):
        raise Http404
    return plan, family


def _end(
    request: HttpRequest,
    pk: int,
    form: Any,
    ground: EndedOutside,
    effects: Sequence[str],
    rows: Callable[[dict[str, Any]], Sequence[tuple[str, Any]]],
    save: Callable[[Plan], PlanEnding],
) -> HttpResponse:
    plan, family = _opened(request, pk)
    if not may_end_plan(user_of(request), plan, on=timezone.localdate()):
        raise Http404
    # Whoever comes second is told who was first; before that, an ended plan has no such page.
    if not ends_outside(plan) and request.method != "POST":
        raise Http404
    person = plan.child.person
    act = Act(
        title=ground.label,
        check_title="Check that this is the right child",
        button="End the plan",
        rows=lambda data: [
            {"key": "Name", "value": person.full_name},
            {"key": "Date of birth", "value": birth_words(person)},
            *({"key": key, "value": _said(value)} for key, value in rows(data)),
        ],
        effects=effects,
        done=f"The plan of {person.full_name} has ended.",
    )
    back = reverse("plans:plan", args=[pk])
    return act_view(request, form, act, lambda _: save(plan), family=family, person=None, back=back)


def _said(value: Any) -> str:
    return plain_date(value) if isinstance(value, datetime.date) else str(value)
