"""A child who is not safe tonight: who says it, what chair and social worker read alone, and what is done now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from govuk.generic import form_view
from meetings.enums import StopGround
from meetings.forms.safety import RaiseStopForm, SettleStopForm
from meetings.models import SafetyStop
from meetings.selectors.day_steps import TheDay
from meetings.selectors.stops import SAFETY_RULE
from meetings.services.safety import call_break, raise_stop, settle_stop
from meetings.views.meeting import draw, during_the_day, meeting, on_the_day, refuse_when_over, tells_refusal

TOLD = "The chair, the social worker and the team manager have been told. No one else sees it."


@during_the_day
def safety_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that someone says a child is not safe tonight."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    form = kept_form(request, RaiseStopForm, day=found)
    return form_view(
        request,
        form,
        lambda data: raise_stop(
            conference_child=form.child_rows[data["child"]],
            ground=StopGround.SAID,
            said_by=form.person_in("said_by"),
            said=data["said"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=reverse("meetings:day", args=[pk]),
        success_message=TOLD,
        cancel_url=reverse("meetings:day", args=[pk]),
        template_name="meetings/safety_stop.html",
        draw=on_the_day(found, step=""),
    )


@dataclass(frozen=True)
class StopOnPage:
    """A stop as its page shows it, with where a break is called and what is done now is recorded."""

    stop: Any
    child_name: str
    break_url: str
    settle_url: str


def _open_stop(request: HttpRequest, pk: int) -> TheDay:
    """Return the meeting for those who are told; the reader's page is logged as of this conference."""
    return TheDay(access_conference(request, pk, to=SAFETY_RULE))


@never_cache
@require_safe
@during_the_day
def safety(request: HttpRequest, pk: int) -> HttpResponse:
    """Show chair, social worker and managers who says that which child is not safe tonight, and why."""
    found = _open_stop(request, pk)
    stops, form = _stops(found), SettleStopForm()
    if stops:
        form.helper.form_action = stops[0].settle_url
    return draw(request, found, "meetings/safety.html", step="", form=form, stops=stops)


def _stops(found: TheDay) -> list[StopOnPage]:
    rows = found.conference.safety_stops.filter(settled_at__isnull=True)
    pk = found.conference.pk
    return [
        StopOnPage(
            stop,
            stop.conference_child.child.person.short_name,
            break_url=reverse("meetings:call-a-break", args=[pk, stop.pk]),
            settle_url=reverse("meetings:settle-stop", args=[pk, stop.pk]),
        )
        for stop in rows.select_related("said_by__person", "conference_child__child__person")
    ]


@never_cache
@during_the_day
def settle_safety_stop(request: HttpRequest, pk: int, stop_pk: int) -> HttpResponse:
    """Record what is done now, by whom and when, so that the meeting can go on; for the chair."""
    found = meeting(request, pk, to="chair")
    refuse_when_over(found)
    stop = next((row for row in found.stops if row.pk == stop_pk), None)
    if stop is None:
        return redirect("meetings:safety", pk)
    return form_view(
        request,
        kept_form(request, SettleStopForm),
        lambda data: settle_stop(stop=stop, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("meetings:day", args=[pk]),
        success_message="Recorded. The meeting can go on.",
        template_name="meetings/safety.html",
        draw=on_the_day(found, step=""),
        stops=[row for row in _stops(found) if row.stop.pk == stop.pk],
    )


@require_POST
@during_the_day
def call_a_break(request: HttpRequest, pk: int, stop_pk: int) -> HttpResponse:
    """Call a break: the room's screen says so, and nothing else; for the chair."""
    found = meeting(request, pk, to="chair")
    stop = get_object_or_404(SafetyStop, pk=stop_pk, conference=found.conference)
    if tells_refusal(request, lambda: call_break(stop=stop, by=user_of(request), now=timezone.now())):
        messages.success(request, "The room’s screen says that there is a break. It does not say why.")
    return redirect("meetings:safety", pk)
