"""Request a conference, or choose its date and book it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from conferences.enums import ConferenceKind, Mode
from conferences.forms import ScheduleForm
from conferences.forms.asking import AskForm
from conferences.plans_held import HeldPlan, plans_of
from conferences.selectors.asking import about_family
from conferences.selectors.before_booking import BeforeBooking, before_booking
from conferences.selectors.children import initials_of
from conferences.selectors.enquiries import waiting_enquiries, waiting_reviews
from conferences.selectors.quorum_ahead import too_few_agencies
from conferences.selectors.review_limits import review_limits
from conferences.selectors.transfers import waiting_transfers
from conferences.services.asking import ask_with_facts
from conferences.services.booking import BookedFor
from conferences.services.scheduling import convene_conference
from conferences.views.booking_parts import LedTo, asked_day, beside, choices, days_offered, led_to_by, with_slot
from deadlines.policies import Policy, policy_for
from deadlines.working_days.calendars import calendar_for
from families.access import access_family
from families.models import Child, Family
from families.selectors import children_of
from govuk import words
from govuk.generic import form_view


def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the day, then book the conference for children of the family."""
    family = access_family(request, pk, to="change")
    now, today = timezone.now(), timezone.localdate()
    policy = policy_for(family.authority, on=today)
    children = children_of(family, on=today)
    led_to = _led_to(family, children)
    plans = plans_of([child.pk for child in children])
    day, before = asked_day(request), before_booking(family)
    weekend = BookedFor(authority_id=family.authority_id, is_initial=bool(led_to.enquiries or led_to.transfers))
    if request.method != "POST" and (day is None or weekend.is_closed_to(day)):
        return _choose_day(request, family, list(children), led_to, policy, before, today=today)
    form = kept_form(
        request,
        ScheduleForm,
        children=children,
        enquiries=led_to.enquiries,
        transfers=led_to.transfers,
        kinds=_kinds(children, led_to, plans),
        plans=plans,
        on=today,
        initial=_initial(request, day, children, led_to, policy, before),
        booked_for=BookedFor(authority_id=family.authority_id),
        **choices(family.authority, policy, now=now),
    )
    form = with_slot(request, form)

    about: dict[str, Any] = {
        "family": family,
        "heading": words.listed([initials_of(child) for child in children if child.pk in led_to.child_ids]),
    }

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        shown = beside(form, family.authority, led_to, policy, now=now, user=user_of(request))
        return render(request, template_name, {**context, **shown})

    if request.method == "POST" and not form.is_bound:
        return draw(request, "conferences/schedule.html", {"form": form, **about})
    return form_view(
        request,
        form,
        lambda data: convene_conference(
            family=family,
            children=form.chosen_children(),
            reason=data["reason"],
            booking=form.booking(),
            by=user_of(request),
            now=now,
        ),
        success_url=lambda made: reverse("conferences:people", args=[made.pk]),
        success_message=lambda made: f"Conference {made.reference} is booked. Nothing has been sent yet.",
        template_name="conferences/schedule.html",
        draw=draw,
        **about,
    )


def ask_for_conference(request: HttpRequest, pk: int) -> HttpResponse:
    """Request a conference from the conference service, which then chooses its date."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    children = children_of(family, on=today)
    led_to = _led_to(family, children)
    plans = plans_of([child.pk for child in children])
    form = kept_form(
        request,
        AskForm,
        about=about_family(
            family, [child for child in children if child.pk in led_to.child_ids], user=user_of(request), on=today
        ),
        children=children,
        enquiries=led_to.enquiries,
        transfers=led_to.transfers,
        kinds=_kinds(children, led_to, plans),
        plans=plans,
        on=today,
        initial={"children": [child.pk for child in children if child.pk in led_to.child_ids]},
    )
    return form_view(
        request,
        form,
        lambda data: ask_with_facts(
            family=family,
            children=form.chosen_children(),
            reason=data["reason"],
            asked=form.asked(),
            danger=form.danger(),
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=lambda made: reverse("conferences:overview", args=[made.pk]),
        success_message=lambda made: (
            f"You have asked for conference {made.reference}. Its date still has to be chosen."
        ),
        template_name="conferences/ask_for_conference.html",
        too_few=too_few_agencies(
            [child for child in children if child.pk in led_to.child_ids],
            policy_for(family.authority_id, on=today),
            on=today,
        ),
        family=family,
        title="Ask for a conference",
    )


def _led_to(family: Family, children: Any) -> LedTo:
    waiting = waiting_enquiries(family), waiting_transfers(family)
    limits = review_limits(list(children))
    return led_to_by(family.authority_id, *waiting, reviews=waiting_reviews(family), limits=limits)


def _choose_day(
    request: HttpRequest,
    family: Family,
    children: list[Child],
    led_to: LedTo,
    policy: Policy,
    before: BeforeBooking,
    *,
    today: datetime.date,
) -> HttpResponse:
    start, last = led_to.start, led_to.last
    calendar, limit = calendar_for(family.authority), policy.limit("initial-conference")
    context = {
        **days_offered(request, family.authority, led_to, policy, today=today),
        "family": family,
        "heading": words.listed([initials_of(row) for row in children if row.pk in led_to.child_ids]),
        "names_to_review": led_to.names_to_review,
        "agreed_at": timezone.localtime(before.agreed_at) if before.agreed_at else None,
        "limit": limit,
        "plan_for": calendar.day_to_plan_for(last) if last else None,
        "day_today": calendar.counting(limit).count(start, today) if start else None,
        "has_children": bool(children),
    }
    return render(request, "conferences/choose_day.html", context)


def _kinds(children: Any, led_to: LedTo, plans: Mapping[int, HeldPlan]) -> dict[int, str]:
    """Return review for a child on a plan, transfer-in after a move; else pre-birth before birth, initial after."""
    moved = led_to.transfers.keys() - led_to.enquiries.keys()
    return {
        child.pk: ConferenceKind.REVIEW
        if child.pk in plans
        else ConferenceKind.TRANSFER_IN
        if child.pk in moved
        else ConferenceKind.PRE_BIRTH
        if child.is_unborn
        else ConferenceKind.INITIAL
        for child in children
    }


# How people usually meet, by the policy's words.
MODES = {"in person": Mode.IN_PERSON, "online": Mode.ONLINE, "blended": Mode.BLENDED}


def _initial(
    request: HttpRequest, day: datetime.date | None, children: Any, led_to: LedTo, policy: Policy, before: BeforeBooking
) -> dict[str, Any]:
    user = user_of(request)
    coordinates = policy.authority_id in user.authority_ids(Role.COORDINATOR)
    about = before.child_ids or led_to.child_ids
    return {
        "day": day,
        "children": [child.pk for child in children if child.pk in about],
        "reason": before.reason,
        "start": request.GET.get("start") or "10:00",
        "chair": request.GET.get("chair") or before.chair_id,
        "room": request.GET.get("room") or before.room_id,
        "length": int(policy.normal_length.total_seconds() // 60),
        "mode": before.mode or MODES.get(policy.usual_mode, Mode.IN_PERSON),
        "coordinator": user.pk if coordinates else before.coordinator_id,
    }
