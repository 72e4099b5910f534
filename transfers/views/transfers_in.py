"""Pages of a child who moved here with another council's plan: its papers, and that plan's written ending."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families.access import To, access_family, may_change_family
from families.models import Family, TransferIn
from govuk.generic import form_view
from transfers.enums import PaperKind
from transfers.forms.papers import EndedThereForm, ReceivedForm
from transfers.selectors.transfers_in import own_plan_after, transfer_in_of, transfer_in_page
from transfers.services.endings_there import end_plan_there
from transfers.services.papers import record_paper_received

FORM = "transfers/in_form_page.html"


def _opened(request: HttpRequest, pk: int, transfer_pk: int, *, to: To = "read") -> tuple[Family, TransferIn]:
    family = access_family(request, pk, to=to)
    found = transfer_in_of(family, transfer_pk)
    if found is None:
        raise Http404
    return family, found


def _url(family: Family, transfer: TransferIn) -> str:
    return reverse("transfers:transfer-in", args=[family.pk, transfer.pk])


def transfer_in(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Show which papers came with a child who moved here, what is missing, and whether the plan there has ended."""
    family, found = _opened(request, pk, transfer_pk)
    context = {
        "family": family,
        "page": transfer_in_page(found),
        "may_change": may_change_family(user_of(request), family),
    }
    return render(request, "transfers/transfer_in.html", context)


def receive(request: HttpRequest, pk: int, transfer_pk: int, kind: str) -> HttpResponse:
    """Record whether a paper came with a child who moved here."""
    family, found = _opened(request, pk, transfer_pk, to="change")
    wanted = kind.replace("-", "_")
    if wanted not in PaperKind.values:
        raise Http404
    paper = PaperKind(wanted)
    return form_view(
        request,
        kept_form(request, ReceivedForm, initial={"on": timezone.localdate()}),
        lambda data: record_paper_received(transfer=found, kind=paper, by=user_of(request), now=timezone.now(), **data),
        success_url=_url(family, found),
        success_message="It is recorded.",
        cancel_url=_url(family, found),
        template_name=FORM,
        family=family,
        transfer=found,
        title=paper.label,
    )


def ended_there(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Record that the other council ended its plan in writing."""
    family, found = _opened(request, pk, transfer_pk, to="change")
    own = own_plan_after(found)
    form = kept_form(request, EndedThereForm, initial={"ended_on": own.starts_on} if own else {})
    return form_view(
        request,
        form,
        lambda data: end_plan_there(transfer=found, by=user_of(request), now=timezone.now(), **data),
        success_url=_url(family, found),
        success_message="The ending is recorded. The other council’s plan is off the list.",
        cancel_url=_url(family, found),
        template_name=FORM,
        family=family,
        transfer=found,
        title="The other council has ended its plan",
    )
