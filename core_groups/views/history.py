"""The history pages of a core group."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core_groups.access import access_core_group
from core_groups.history import CORE_GROUP_RECORD
from families.models import Child
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history


def _subject(request: HttpRequest, pk: int) -> Subject:
    group = access_core_group(request, pk, to="past")
    return Subject(
        record=CORE_GROUP_RECORD,
        pk=group.pk,
        right=group.right,  # type: ignore[attr-defined]
        title="Core group",
        caption=f"Case {group.family.case_number}",
        family=group.family,
        people=circle_of(Child.objects.filter(plans__core_groups=group.pk)),
        crumbs=[("Core group", reverse("core_groups:core-group", args=[pk]))],
        history_url=reverse("core_groups:see-history", args=[pk]),
        past_url=reverse("core_groups:see-as-it-was", args=[pk]),
    )


def see_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what about a core group, and when."""
    return show_history(request, _subject(request, pk))


def see_as_it_was(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a core group with its members and meetings as on any day."""
    return show_as_it_was(request, _subject(request, pk))
