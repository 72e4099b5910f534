"""Move a conference, after a look at what that changes, or cancel it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference, may
from conferences.enums import ConferenceKind
from conferences.forms import MoveForm, initial_booking
from conferences.models import Conference, Sitting
from conferences.selectors.children import children_in, heading_of
from conferences.selectors.movers import may_move
from conferences.selectors.moving import limits_of_holding
from conferences.selectors.progress import current_sitting, why_not_cancelled, why_not_moved
from conferences.services.booking import booked_for, refuse_move
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.views.booking_parts import LedTo, asked_day, beside, choices, days_offered, led_to_by, with_slot
from conferences.views.checking import look_first, what_changes
from conferences.views.page_context import on_page_of
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from govuk.forms import ReasonForm
from govuk.generic import form_view


def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a conference that has not begun: choose the day, then time and place, then check what that changes."""
    conference = _open_to_move(request, pk)
    sitting = current_sitting(conference)
    refusal = _not_theirs(request, conference) or why_not_moved(conference, sitting)
    if refusal or sitting is None:
        messages.error(request, refusal)
        return redirect("conferences:overview", conference.pk)
    now, day = timezone.now(), asked_day(request)
    policy, wanted = policy_of(conference.policy_version_id), booked_for(conference, sitting)
    led_to = _led_to(conference)
    may_hand_on = may(user_of(request), conference, to="hand on")
    offers = None if may_hand_on else [sitting.chair]
    draw_in_frame = on_page_of(conference, tab="overview")
    if request.method != "POST" and (day is None or wanted.is_closed_to(day)):
        offered = days_offered(
            request, conference.authority, led_to, policy, today=civil_day(now), at_present=sitting, chairs=offers
        )
        return draw_in_frame(
            request, "conferences/move_day.html", {**offered, "booked_on": civil_day(sitting.starts_at)}
        )
    form = kept_form(
        request,
        MoveForm,
        initial={**initial_booking(sitting, policy), "day": day, "version": conference.version},
        booked_for=wanted,
        may_hand_on=may_hand_on,
        **choices(conference.authority, policy, now=now),
    )
    form = with_slot(request, form)

    def draw(request: HttpRequest, template_name: str, context: dict[str, Any]) -> HttpResponse:
        shown = beside(
            form,
            conference.authority,
            led_to,
            policy,
            now=now,
            user=user_of(request),
            at_present=sitting,
            chairs=offers,
        )
        return draw_in_frame(request, template_name, {**context, **shown})

    first = look_first(
        request,
        form,
        check=lambda: _check(form, sitting, now=now),
        show_check=lambda: draw_in_frame(
            request,
            "conferences/check_move.html",
            {
                **what_changes(request, sitting, form, now=now),
                "reason": form.cleaned_data["reason"],
                "button": "Move it",
            },
        ),
        show_form=lambda: draw(request, "conferences/move.html", {"form": form}),
    )
    if first is not None:
        return first
    return form_view(
        request,
        form,
        lambda data: move_sitting(
            sitting=sitting,
            booking=form.booking(),
            reason=data["reason"],
            version=data["version"],
            by=user_of(request),
            now=now,
        ),
        success_url=reverse("conferences:overview", args=[conference.pk]),
        success_message="The conference has been moved.",
        cancel_url=reverse("conferences:overview", args=[conference.pk]),
        template_name="conferences/move.html",
        draw=draw,
    )


def _open_to_move(request: HttpRequest, pk: int) -> Conference:
    """Return the conference to whoever may arrange it, or may be named by the council for an agreed review."""
    agreed = Conference.objects.filter(pk=pk, follows__isnull=False).exists()
    return access_conference(request, pk, to="move what was agreed" if agreed else "arrange")


def _not_theirs(request: HttpRequest, conference: Conference) -> str:
    if may_move(user_of(request), conference):
        return ""
    who = policy_of(conference.policy_version_id).value("review-date-moved-by")
    return f"The date of this review was agreed. By the council’s procedures it is changed by: {who}."


def _led_to(conference: Conference) -> LedTo:
    """Return what led to the conference; the last day is the earliest limit that holding it meets, of a review too."""
    rows = children_in(conference).select_related("transfer")
    first = [row for row in rows if row.kind != ConferenceKind.REVIEW]
    led_to = led_to_by(
        conference.authority_id,
        [row.enquiry for row in first if row.enquiry],
        [row.transfer for row in first if row.transfer],
    )
    limits = [row.due_on for row in limits_of_holding(conference)]
    return replace(led_to, last=min([*limits, *([led_to.last] if led_to.last else [])], default=None))


def _check(form: MoveForm, sitting: Sitting, *, now: datetime.datetime) -> None:
    refuse_move(
        sitting.conference,
        sitting,
        form.booking(),
        reason=form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
        now=now,
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a conference that has not begun."""
    conference = _open_to_move(request, pk)
    if refusal := _not_theirs(request, conference) or why_not_cancelled(conference):
        messages.error(request, refusal)
        return redirect("conferences:overview", conference.pk)
    form = kept_form(
        request,
        ReasonForm,
        label="Why are you cancelling it?",
        required="Say why you are cancelling it",
        help_text="Kept on record. People who are invited do not see it.",
        button="Cancel the conference",
    )
    return form_view(
        request,
        form,
        lambda data: cancel_conference(conference=conference, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("conferences:overview", args=[conference.pk]),
        success_message="The conference has been cancelled. The time limit keeps running.",
        cancel_url=reverse("conferences:overview", args=[conference.pk]),
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title=f"Cancel the conference about {heading_of(children_in(conference))}",
        lead="The chair and the room become free, and everyone invited is told. After that no one stands as invited. "
        "The time limit keeps running, so book another date.",
    )
