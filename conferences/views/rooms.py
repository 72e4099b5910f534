"""The council's rooms, and how the family gets to each: read on a family's own page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.forms.rooms import DirectionsForm
from conferences.models import Room
from conferences.services.rooms import set_directions
from deadlines.access import access_procedures
from govuk.generic import form_view


@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """List the council's rooms with what the family reads about the way."""
    authority = access_procedures(request)
    return render(request, "conferences/rooms.html", {"rooms": authority.rooms.filter(is_open=True)})


def directions(request: HttpRequest, room_pk: int) -> HttpResponse:
    """Write how the family gets to one room."""
    authority = access_procedures(request)
    room: Room | None = authority.rooms.filter(pk=room_pk).first()
    if room is None:
        raise Http404
    back = reverse("conferences:rooms")
    return form_view(
        request,
        kept_form(request, DirectionsForm, initial={"directions": room.directions, "before": room.directions}),
        lambda data: set_directions(room=room, by=user_of(request), **data),
        success_url=back,
        success_message="Saved. Families who are invited to this room read it on their own page.",
        cancel_url=back,
        template_name="conferences/room_directions.html",
        room=room,
    )
