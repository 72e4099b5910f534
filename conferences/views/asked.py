"""What was asked for with a conference, adding to it, and saying what was done about a wish in words."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference, may
from conferences.forms.asking import AskedForm
from conferences.models import Conference, RequestedItem
from conferences.selectors.asking import about_family, of_conference, reads_requests
from conferences.selectors.requests import items_for, requests_about, unsettled_in
from conferences.services.asking import record_asked
from conferences.services.exclusions import LIVE
from conferences.services.told import settle_item
from conferences.views.page_context import on_page_of
from govuk.forms import ReasonForm
from govuk.generic import form_view


def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was asked for with the conference, to those who arrange, agree to or chair it."""
    conference = access_conference(request, pk)
    if not reads_requests(user_of(request), conference):
        raise Http404
    draw = on_page_of(conference, tab="overview")
    return draw(
        request,
        "conferences/asked.html",
        {
            "requests": [(row, items_for(user_of(request), row)) for row in requests_about(conference)],
            "unsettled": {row.item.pk for row in unsettled_in(conference)},
            "may_add": may_add(request, conference),
        },
    )


def may_add(request: HttpRequest, conference: Conference) -> bool:
    """Return whether the user can still ask for something with the conference."""
    return conference.status in LIVE and may(user_of(request), conference, to="arrange")


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the service what it needs to know about a conference that was asked for or booked before."""
    conference = access_conference(request, pk, to="arrange")
    if not may_add(request, conference):
        raise Http404
    children = [row.child for row in conference.children.present().select_related("child__person", "child__pregnancy")]
    about = about_family(
        conference.family,
        children,
        user=user_of(request),
        on=timezone.localdate(),
        requests=of_conference(conference.family, conference.pk),
    )
    form = kept_form(request, AskedForm, about=about)
    here = reverse("conferences:asked", args=[pk])
    return form_view(
        request,
        form,
        lambda _: record_asked(
            conference=conference, asked=form.asked(), danger=form.danger(), by=user_of(request), now=timezone.now()
        ),
        success_url=here,
        success_message="What you asked for is recorded.",
        cancel_url=here,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title="What the service needs to know",
        lead="Fill in only what is needed. Recorded needs stay in the person’s record.",
    )


def settle(request: HttpRequest, pk: int, wish_pk: int) -> HttpResponse:
    """Say what was done about something that was asked for in words."""
    conference = access_conference(request, pk, to="arrange")
    item: RequestedItem | None = next((row.item for row in unsettled_in(conference) if row.item.pk == wish_pk), None)
    if item is None or conference.status not in LIVE:
        raise Http404
    form = kept_form(
        request,
        ReasonForm,
        label="What was done?",
        required="Say what was done",
        help_text="For example: the chair was asked about him, or she is on the list now",
        button="Record it",
    )
    here = reverse("conferences:asked", args=[pk])
    # Who should stay out is for those who decide, and those it was written to.
    shown = item in items_for(user_of(request), item.request)
    return form_view(
        request,
        form,
        lambda data: settle_item(item=item, how=data["reason"], by=user_of(request), now=timezone.now()),
        success_url=here,
        success_message="It is recorded.",
        cancel_url=here,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="overview"),
        title=item.get_kind_display(),
        lead=": ".join(filter(None, (item.person.full_name if item.person else "", item.words if shown else ""))),
    )
