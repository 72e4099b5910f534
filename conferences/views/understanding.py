"""How a child is written to, on their own page and in their letter."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.forms.understanding import UnderstandingForm
from conferences.selectors.children import children_in
from conferences.selectors.understanding import band_by_age, understanding_of
from conferences.services.understanding import set_understanding
from conferences.views.page_context import on_page_of
from govuk.generic import form_view


def set_how(request: HttpRequest, pk: int, child_pk: int) -> HttpResponse:
    """Set how a child is written to where their age proposes something else, with the reason."""
    conference = access_conference(request, pk, to="arrange")
    row = children_in(conference).filter(pk=child_pk).first()
    if row is None or row.child.is_unborn:
        raise Http404
    row.conference = conference
    before = understanding_of(row)
    shown = {"band": before.band, "because": before.because, "standing": before.pk} if before else {"standing": 0}
    back = reverse("conferences:children", args=[pk])
    return form_view(
        request,
        kept_form(request, UnderstandingForm, by_age=band_by_age(row, on=timezone.localdate()), initial=shown),
        lambda data: set_understanding(child=row, by=user_of(request), now=timezone.now(), **data),
        success_url=back,
        success_message="Saved.",
        cancel_url=back,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title=f"How we write to {row.child.person.full_name}",
        lead="Their own page, their letter and My Views go by this. Age is only a guess at what a child understands.",
    )
