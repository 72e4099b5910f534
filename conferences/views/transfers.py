"""Pages about children who moved here with another council's plan."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.forms import SettleTransferForm, TransferInForm
from conferences.selectors.children import short_name_of
from conferences.services.transfers import record_transfer_in, settle_transfer
from families.access import access_family
from families.enums import TransferState
from families.models import TransferIn
from families.selectors import children_of
from govuk.generic import form_view

PAGE = "conferences/family_form_page.html"


def transfer_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that this council was told of children who moved here with another council's plan."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(request, TransferInForm, children=children_of(family, on=today), on=today)
    return form_view(
        request,
        form,
        lambda data: record_transfer_in(
            family=family, **{**data, "children": list(data["children"])}, by=user_of(request), now=timezone.now()
        ),
        success_url=reverse("conferences:enquiries", args=[family.pk]),
        success_message="The move is recorded, and the time limit is running.",
        cancel_url=reverse("conferences:enquiries", args=[family.pk]),
        template_name=PAGE,
        family=family,
        title="Record a move from another council",
        lead="The time limit for the transfer-in conference runs from the day we were told, even "
        "before anyone asks for a conference. Until it is held, the other council’s plan "
        "continues.",
    )


def settle_move(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Record what came of a move: for good, temporary, refused, returned, or a mistake."""
    family = access_family(request, pk, to="change")
    transfer = (
        TransferIn.objects.filter(pk=transfer_pk, family=family)
        .select_related("child__person", "child__pregnancy")
        .first()
    )
    if transfer is None:
        raise Http404
    known = {} if transfer.state == TransferState.TOLD else {"state": transfer.state}
    form = kept_form(request, SettleTransferForm, initial=known)
    return form_view(
        request,
        form,
        lambda data: settle_transfer(transfer=transfer, by=user_of(request), now=timezone.now(), **data),
        success_url=reverse("conferences:enquiries", args=[family.pk]),
        success_message="The outcome of the move is recorded.",
        cancel_url=reverse("conferences:enquiries", args=[family.pk]),
        template_name=PAGE,
        family=family,
        title=f"The move of {short_name_of(transfer.child)}",
        lead=f"{transfer.from_authority}: we were told on {transfer.notified_on:%-d %B %Y} by {transfer.told_by}. "
        "Only a move for good keeps the time limit for the conference running.",
    )
