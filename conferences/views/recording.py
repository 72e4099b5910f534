"""The chair's decision about recording the meeting."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.forms.online_meeting import RecordingForm
from conferences.selectors.recording import recording_of
from conferences.services.exclusions import LIVE
from conferences.services.recording import decide_recording
from conferences.views.page_context import on_page_of
from govuk.generic import form_view


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether the meeting is recorded or written down by a program, and what everyone is told."""
    conference = access_conference(request, pk, to="chair")
    if conference.status not in LIVE:
        raise Http404
    current = recording_of(conference)
    overview = reverse("conferences:overview", args=[pk])
    return form_view(
        request,
        kept_form(request, RecordingForm, initial={"kind": current.kind, "told": current.told} if current else {}),
        lambda data: decide_recording(conference=conference, by=user_of(request), now=timezone.now(), **data),
        success_url=overview,
        success_message="Your decision is saved. It stands on invitations, on everyone’s own page and in the minutes.",
        cancel_url=overview,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title="Is the meeting recorded?",
        lead="Nothing is recorded, and no program listens or writes, unless you decide it here beforehand.",
    )
