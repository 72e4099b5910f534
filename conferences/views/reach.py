"""How someone on the list can be reached: an address is marked safe where it is missing, with how and when."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.forms.reach import MarkSafeForm
from conferences.models import Participant
from conferences.selectors.places_of_work import is_confidential
from conferences.selectors.reach import address_to_mark
from conferences.services.reaching import mark_address_safe
from conferences.views.page_context import on_page_of
from govuk.generic import form_view


def mark_safe(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Say how and when it was made sure that someone's e-mail address is safe to write to."""
    conference = access_conference(request, pk, to="arrange")
    row: Participant | None = conference.participants.select_related("person").filter(pk=participant_pk).first()
    if row is None:
        raise Http404
    check = reverse("conferences:check-invitations", args=[conference.pk])
    known = "" if is_confidential(row) else address_to_mark(row, on=timezone.localdate())
    form = kept_form(request, MarkSafeForm, initial={"value": known})
    return form_view(
        request,
        form,
        lambda data: mark_address_safe(participant=row, by=user_of(request), now=timezone.now(), **data),
        success_url=check,
        success_message="The address is marked safe. Nothing has been sent yet.",
        cancel_url=check,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Is it safe to write to {row.person.full_name}?",
        lead="Nothing goes to an address before someone has made sure that no one else reads it. "
        "What you enter stays on the person’s record.",
        names_agencies=is_confidential(row),
    )
