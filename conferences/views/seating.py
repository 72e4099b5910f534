"""Who will be in the room and who on the screen, and the link for those on the screen."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.forms.online import ChangeLinkForm
from conferences.selectors.online import MEETS
from conferences.selectors.people import participants_of
from conferences.selectors.seating import seating_of
from conferences.services.online import change_link
from conferences.views.page_context import on_page_of, page_context
from govuk import words
from govuk.generic import form_view


def room_and_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show chair and coordinator who will be where and when, and the link; to print for the day."""
    conference = access_conference(request, pk, to="record")
    today = timezone.localdate()
    around = page_context(conference, user=user_of(request), tab="people", today=today)
    page = around["conference_page"]
    seating = seating_of(
        conference, list(participants_of(conference)), children=page.children, sitting=page.sitting, on=today
    )
    return render(request, "conferences/room_and_screen.html", {**around, "seating": seating})


def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another link in place of the one for those online; it goes to those who may have it."""
    conference = access_conference(request, pk, to="record")
    if conference.status not in MEETS:
        raise Http404
    back = reverse("conferences:room-and-screen", args=[conference.pk])
    return form_view(
        request,
        kept_form(request, ChangeLinkForm, initial={"version": conference.version}),
        lambda data: change_link(conference=conference, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message=lambda sent: (
            f"The link is changed. {words.count(sent, 'person is', 'people are')} sent the new one."
        ),
        cancel_url=back,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title="Change the link for those online",
        lead="Make a new link in your video service first, and end the old meeting there. The new link goes, with a "
        "new calendar entry, to each person who has said that they come on a screen and may have it now, and to no "
        "one else.",
    )
