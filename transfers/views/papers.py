"""Pages of the papers that go with a child from one council to another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.access import access_conference
from govuk.forms import GovukForm
from govuk.generic import form_view
from transfers.enums import OF_A_CONFERENCE, PaperKind
from transfers.forms.papers import HandOverForm
from transfers.models import PaperHandedOver
from transfers.services.papers import ask_for_papers_of, hand_over_paper
from transfers.views.transfers import FORM, access_transfer, transfer_url


def hand_over(request: HttpRequest, pk: int, transfer_pk: int, kind: str) -> HttpResponse:
    """Record that a paper went to the other council, or that there is none."""
    family, found = access_transfer(request, pk, transfer_pk, to="change")
    wanted = kind.replace("-", "_")
    if wanted not in PaperKind.values or wanted in OF_A_CONFERENCE:
        raise Http404
    paper = PaperKind(wanted)
    form = kept_form(request, HandOverForm)

    def save(_: object) -> PaperHandedOver:
        return hand_over_paper(transfer=found, paper=form.paper(paper), by=user_of(request), now=timezone.now())

    return form_view(
        request,
        form,
        save,
        success_url=transfer_url(found),
        success_message="It is recorded.",
        cancel_url=transfer_url(found),
        template_name=FORM,
        family=family,
        transfer=found,
        title=paper.label,
    )


def ask(request: HttpRequest, pk: int, transfer_pk: int, conference_pk: int) -> HttpResponse:
    """Ask the chair of one of our conferences to release its letter and minutes to the worker there."""
    family, found = access_transfer(request, pk, transfer_pk, to="change")
    conference = access_conference(request, conference_pk)
    about = conference.children.filter(child__transfers_out__transfer=found, withdrawn_at__isnull=True)
    get_object_or_404(about.order_by("pk")[:1])
    return form_view(
        request,
        kept_form(request, GovukForm),
        lambda _: ask_for_papers_of(transfer=found, conference=conference, by=user_of(request), now=timezone.now()),
        button="Ask the chair",
        success_url=transfer_url(found),
        success_message="The chair is asked.",
        cancel_url=transfer_url(found),
        template_name=FORM,
        family=family,
        transfer=found,
        title="Ask the chair for letter and minutes",
        lead=f"The chair of {conference.reference} decides whether the worker there gets them. Each copy tells only "
        "what concerns the children who move, and is sent and recorded like every other.",
    )
