"""Words of My Views on the board."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.enums import FAMILY_CAPACITIES
from conferences.selectors.procedures import policy_of_conference
from families.models import Person
from govuk.generic import form_view
from meetings.forms.released_views import ViewsForBoardForm
from meetings.selectors.released_views import released_for_board
from meetings.services.released_views import take_views_to_board
from meetings.views.meeting import during_the_day, meeting, on_the_day, refuse_when_over


@during_the_day
def take_views(request: HttpRequest, pk: int, passage_pk: int) -> HttpResponse:
    """Put words that the chair released to a part of the meeting on the board of that part."""
    found = meeting(request, pk, to="record")
    refuse_when_over(found)
    passage = next((row for row in released_for_board(found.conference, found.parts) if row.pk == passage_pk), None)
    if passage is None:
        raise Http404
    persons = Person.objects.filter(
        participations__conference=found.conference, participations__capacity__in=FAMILY_CAPACITIES
    ).distinct()
    form = kept_form(
        request, ViewsForBoardForm, day=found, policy=policy_of_conference(found.conference), persons=persons
    )
    back = reverse("meetings:board", args=[pk])
    return form_view(
        request,
        form,
        lambda data: take_views_to_board(
            passage=passage,
            heading=data["heading"],
            children=form.chosen_children(),
            private_to=data["private_to"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=lambda entry: f"{back}#note-{entry.pk}",
        success_message="The words are on the board.",
        cancel_url=back,
        template_name="meetings/take_views.html",
        draw=on_the_day(found, step="board"),
        passage=passage,
    )
