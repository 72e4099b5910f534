"""The history pages of a move to another council."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history
from transfers.history import TRANSFER_RECORD
from transfers.views.transfers import access_transfer, transfer_url


def _subject(request: HttpRequest, pk: int, transfer_pk: int) -> Subject:
    family, found = access_transfer(request, pk, transfer_pk)
    return Subject(
        record=TRANSFER_RECORD,
        pk=found.pk,
        right=family.right,  # type: ignore[attr-defined]
        title="Move to another council",
        caption=f"Case {family.case_number}",
        family=family,
        people=circle_of([row.child for row in found.children.all()]),
        crumbs=[
            ("Families", reverse("families:families")),
            (family.name, reverse("families:family", args=[family.pk])),
            ("Move to another council", transfer_url(found)),
        ],
        history_url=reverse("transfers:see-history", args=[family.pk, found.pk]),
        past_url=reverse("transfers:see-as-it-was", args=[family.pk, found.pk]),
    )


def see_history(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Show who changed what about a move to another council, and when."""
    return show_history(request, _subject(request, pk, transfer_pk))


def see_as_it_was(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Show a move to another council as on any day."""
    return show_as_it_was(request, _subject(request, pk, transfer_pk))
