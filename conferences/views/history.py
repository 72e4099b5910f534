from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.history.registry import record_named
from conferences.access import access_conference
from conferences.history import CONFERENCE
from conferences.selectors.children import children_in, heading_of
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history


def _subject(request: HttpRequest, pk: int) -> Subject:
    conference = access_conference(request, pk)
    children = list(children_in(conference, withdrawn=True))
    heading = heading_of([row for row in children if row.withdrawn_at is None])
    return Subject(
        record=record_named(CONFERENCE),
        pk=conference.pk,
        right=conference.right,  # type: ignore[attr-defined]
        title=heading,
        caption=f"Conference {conference.reference}",
        family=conference.family,
        people=circle_of(row.child for row in children),
        crumbs=[
            ("Conferences", reverse("conferences:conferences")),
            (heading, reverse("conferences:overview", args=[pk])),
        ],
        history_url=reverse("conferences:see-history", args=[pk]),
        past_url=reverse("conferences:see-as-it-was", args=[pk]),
    )


def see_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what about a conference, and when."""
    return show_history(request, _subject(request, pk))


def see_as_it_was(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a conference with its people and decisions as on any day."""
    return show_as_it_was(request, _subject(request, pk))
