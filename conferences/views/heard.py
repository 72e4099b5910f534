"""How a child or parent is heard: their advocate and what the advocate reads, and a child's link of their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from conferences.enums import Capacity
from conferences.forms.companions import AdvocateOfferForm, AdvocateReadsForm, DeviceForm
from conferences.models import Conference, Participant
from conferences.selectors.advocate_agreements import (
    agreements_with,
    all_agreements_with,
    has_client,
    matters_of,
    who_may_agree,
)
from conferences.selectors.advocates import may_be_offered, offer_to
from conferences.selectors.devices import device_of
from conferences.selectors.procedures import policy_of_conference
from conferences.services.advocate_agreements import record_what_advocate_reads, standing_token
from conferences.services.advocates import record_advocate_offer
from conferences.services.devices import record_device
from conferences.views.page_context import on_page_of
from govuk.generic import form_view


def advocate(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record that an advocate was offered to a child or parent, what they said, and whether the advocate came."""
    conference = access_conference(request, pk, to="correct")
    row = _row(conference, participant_pk)
    if not may_be_offered(row):
        raise Http404
    user, today, before = user_of(request), timezone.localdate(), offer_to(row)
    shown = {"answer": before.answer, "provider": before.provider, "came": before.came} if before else {}
    when = {"offered_on": before.offered_on if before else today}
    by = {"offered_by": before.offered_by if before else user.name}
    form = kept_form(
        request, AdvocateOfferForm, initial={**shown, **when, **by, "standing": before.pk if before else 0}
    )
    person = reverse("conferences:participant", args=[pk, participant_pk])
    policy = policy_of_conference(conference)
    is_due = row.capacity == Capacity.CHILD and policy.offers_an_advocate(row.person.age(today))
    return form_view(
        request,
        form,
        lambda data: record_advocate_offer(participant=row, by=user, now=timezone.now(), **data),
        success_url=person,
        success_message="Saved.",
        cancel_url=person,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"An advocate for {row.person.full_name}",
        lead="An advocate helps someone say what they think and want, and is not part of the council. "
        + (f"{conference.authority.name} offers one to them." if is_due else "A parent or carer can ask for one too."),
    )


def advocate_reads(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record what a child or parent lets their advocate read; what is no longer ticked closes at once."""
    conference = access_conference(request, pk, to="correct")
    row = _row(conference, participant_pk)
    client = row.acts_for
    if client is None or not has_client(row):
        raise Http404
    client.conference = conference
    user, today = user_of(request), timezone.localdate()
    persons = who_may_agree(client, on=today)
    form = kept_form(
        request,
        AdvocateReadsForm,
        matters=matters_of(client),
        persons=persons,
        initial={
            "matters": [one.matter for one in agreements_with(row)],
            "said_on": today,
            "standing": standing_token(row),
        },
    )
    person = reverse("conferences:participant", args=[pk, participant_pk])
    return form_view(
        request,
        form,
        lambda data: record_what_advocate_reads(advocate=row, by=user, now=timezone.now(), **data),
        success_url=person,
        success_message="Saved.",
        cancel_url=person,
        template_name="conferences/advocate_reads.html",
        draw=on_page_of(conference, tab="people"),
        row=row,
        client=client,
        others=persons[1:],
        agreements=all_agreements_with(row),
    )


def device(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Record who can open the device on which a child would open a link of their own."""
    conference = access_conference(request, pk, to="arrange")
    row = _row(conference, participant_pk)
    if row.capacity != Capacity.CHILD:
        raise Http404
    before = device_of(row)
    shown = {name: getattr(before, name) for name in ("who_opens", "asked_of", "asked_on")} if before else {}
    person = reverse("conferences:guest-link", args=[pk, participant_pk])
    return form_view(
        request,
        kept_form(request, DeviceForm, initial={**shown, "standing": before.pk if before else 0}),
        lambda data: record_device(participant=row, by=user_of(request), now=timezone.now(), **data),
        success_url=person,
        success_message="Saved.",
        cancel_url=person,
        template_name="conferences/form_page.html",
        draw=on_page_of(conference, tab="people"),
        title=f"Who can open {row.person.full_name}’s device?",
        lead="A link on a phone that a parent holds or others use is read by them too. Ask the child alone, or someone "
        "who sees them without their parents.",
    )


def _row(conference: Conference, pk: int) -> Participant:
    row: Participant | None = (
        conference.participants.filter(pk=pk)
        .select_related("person", "conference__authority", "acts_for__person")
        .first()
    )
    if row is None:
        raise Http404
    return row
