"""The history pages of an incident."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from families.models import Child
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history
from incidents.access import access_incident
from incidents.history import INCIDENT_RECORD


def _subject(request: HttpRequest, pk: int) -> Subject:
    found = access_incident(request, pk)
    children = Child.objects.filter(person__memberships__family=found.family_id).distinct()
    return Subject(
        record=INCIDENT_RECORD,
        pk=found.pk,
        right=found.right,  # type: ignore[attr-defined]
        title=f"Incident {found.reference}",
        caption=f"Case {found.family.case_number}",
        family=found.family,
        people=circle_of(list(children)),
        crumbs=[(f"Incident {found.reference}", reverse("incidents:incident", args=[pk]))],
        history_url=reverse("incidents:see-history", args=[pk]),
        past_url=reverse("incidents:see-as-it-was", args=[pk]),
    )


def see_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what about an incident, and when."""
    return show_history(request, _subject(request, pk))


def see_as_it_was(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an incident as on any day."""
    return show_as_it_was(request, _subject(request, pk))
