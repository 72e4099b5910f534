"""A child who is not safe tonight, at a core group: who says it, what few read alone, and what is done now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from core_groups.access import access_core_group
from core_groups.forms.safety import RaiseMeetingStopForm
from core_groups.models import CoreGroupMeeting, MeetingStop
from core_groups.selectors.stops import open_stops
from core_groups.services.safety import call_meeting_break, raise_meeting_stop, settle_meeting_stop
from core_groups.views.recording import draw_record, meeting_url, open_record
from govuk.generic import form_view
from meetings.enums import StopGround
from meetings.forms.safety import SettleStopForm
from meetings.views.meeting import tells_refusal
from meetings.views.safety import StopOnPage

LEAD = "The key worker, the social worker and the team manager are told at once, and no one else. No page changes."
TOLD = "The key worker, the social worker and the team manager have been told. No one else sees it."


def raise_stop(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Record that someone says a child is not safe tonight."""
    record = open_record(request, pk, meeting_pk)
    children = {str(child.pk): child for child in record.children}

    def save(data: dict[str, Any]) -> MeetingStop:
        said_by = record.member(int(data["said_by"])) if data["said_by"] else None
        return raise_meeting_stop(
            meeting=record.meeting,
            child=children[data["child"]],
            ground=StopGround.SAID,
            said_by=said_by,
            said=data["said"],
            by=user_of(request),
            now=timezone.now(),
        )

    return form_view(
        request,
        kept_form(request, RaiseMeetingStopForm, record=record),
        save,
        success_url=meeting_url(record),
        success_message=TOLD,
        cancel_url=meeting_url(record),
        template_name="core_groups/record_page.html",
        draw=draw_record(record, "A child is not safe tonight"),
        lead=LEAD,
    )


def _told(request: HttpRequest, pk: int, meeting_pk: int) -> CoreGroupMeeting:
    """Return the meeting for those who are told; also one that is planned, for which somebody wrote beforehand."""
    group = access_core_group(request, pk, to="act for safety")
    meeting = get_object_or_404(CoreGroupMeeting, core_group=group, pk=meeting_pk)
    meeting.core_group = group
    return meeting


def _on_page(stop: MeetingStop) -> StopOnPage:
    args = [stop.meeting.core_group_id, stop.meeting_id, stop.pk]
    return StopOnPage(
        stop,
        stop.child.person.short_name,
        break_url=reverse("core_groups:call-a-break", args=args),
        settle_url=reverse("core_groups:settle-stop", args=args),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def safety(request: HttpRequest, pk: int, meeting_pk: int, stop_pk: int = 0) -> HttpResponse:
    """Show who says that which child is not safe tonight, and why; record what is done now, by whom and when."""
    meeting = _told(request, pk, meeting_pk)
    stops = open_stops(user_of(request), meeting)
    stop = next((row for row in stops if row.pk == stop_pk), stops[0] if stops and not stop_pk else None)
    context: dict[str, Any] = {
        "group": meeting.core_group,
        "meeting": meeting,
        "stops": [_on_page(row) for row in ([stop] if stop and stop_pk else stops)],
    }
    if stop is None:
        if stop_pk:
            return redirect("core_groups:safety", pk, meeting_pk)
        return render(request, "core_groups/safety.html", context)
    form = kept_form(request, SettleStopForm)
    form.helper.form_action = reverse("core_groups:settle-stop", args=[pk, meeting_pk, stop.pk])
    return form_view(
        request,
        form,
        lambda data: settle_meeting_stop(stop=stop, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("core_groups:safety", args=[pk, meeting_pk]),
        success_message="Recorded. The meeting can go on.",
        template_name="core_groups/safety.html",
        **context,
    )


@require_POST
def call_a_break(request: HttpRequest, pk: int, meeting_pk: int, stop_pk: int) -> HttpResponse:
    """Record that the meeting takes a break; no page says why."""
    meeting = _told(request, pk, meeting_pk)
    stop = MeetingStop.objects.filter(pk=stop_pk, meeting=meeting).first()
    if stop is None:
        raise Http404
    if tells_refusal(request, lambda: call_meeting_break(stop=stop, by=user_of(request), now=timezone.now())):
        messages.success(request, "The break is recorded. No page says why.")
    return redirect("core_groups:safety", pk, meeting_pk)
