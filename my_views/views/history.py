"""The history of one form, for those who read forms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from conferences.selectors.children import children_in
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history
from my_views.access import access_form
from my_views.history import MY_VIEWS_RECORD


def _subject(request: HttpRequest, pk: int, form_pk: int) -> Subject:
    form = access_form(request, pk, form_pk)
    args = [pk, form_pk]
    return Subject(
        record=MY_VIEWS_RECORD,
        pk=form.pk,
        right=form.conference.right,  # type: ignore[attr-defined]
        title=f"My Views of {form.person.full_name}",
        caption=f"Conference {form.conference.reference}",
        family=form.conference.family,
        people=circle_of(row.child for row in children_in(form.conference, withdrawn=True)),
        crumbs=[
            ("Conference", reverse("conferences:overview", args=[pk])),
            ("My Views", reverse("my_views:forms", args=[pk])),
        ],
        history_url=reverse("my_views:see-history", args=args),
        past_url=reverse("my_views:see-as-it-was", args=args),
    )


def see_history(request: HttpRequest, pk: int, form_pk: int) -> HttpResponse:
    """Show what was handed in, taken back and released, when and by whom."""
    return show_history(request, _subject(request, pk, form_pk))


def see_as_it_was(request: HttpRequest, pk: int, form_pk: int) -> HttpResponse:
    """Show a form as on any day."""
    return show_as_it_was(request, _subject(request, pk, form_pk))
