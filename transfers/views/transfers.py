"""Pages of a move to another council."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from conferences.selectors.children import short_name_of
from families.access import To, access_family, may_change_family
from families.enums import AgencyKind
from families.models import Agency, AgencyInvolvement, Child, Family
from families.selectors import children_of
from families.selectors.agency_names import name_on_page
from govuk.generic import form_view
from transfers.forms.transfers import AnswerForm, TransferForm, VisitsForm
from transfers.models import TransferOut
from transfers.selectors.own_council import is_own_council
from transfers.selectors.transfers import may_be_transferred, transfer_page, transfers_out
from transfers.services.transfers import answer_transfer, change_who_visits, record_transfer_out

FORM = "transfers/form_page.html"


def access_transfer(request: HttpRequest, pk: int, transfer_pk: int, *, to: To = "read") -> tuple[Family, TransferOut]:
    """Return a family and one of its moves to another council, through the family's gatekeeper.

    Raises SignInRequired or Http404; a move of none but sealed children is not found.
    """
    family = access_family(request, pk, to=to)
    found = transfers_out(family).filter(pk=transfer_pk).first()
    if found is None:
        raise Http404
    return family, found


def transfer_url(transfer: TransferOut) -> str:
    """Return the URL of a transfer's page."""
    return reverse("transfers:transfer", args=[transfer.family_id, transfer.pk])


def transfer(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Show a move to another council: what it answered, what runs on, and which papers went."""
    family, found = access_transfer(request, pk, transfer_pk)
    user = user_of(request)
    context = {
        "family": family,
        "page": transfer_page(found, user, on=timezone.localdate()),
        "may_change": may_change_family(user, family),
    }
    return render(request, "transfers/transfer.html", context)


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that another council was told of children with our plan who moved there."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    children = children_of(family, on=today).filter(pk__in=may_be_transferred(family).values("child"))
    if not children:
        raise Http404
    agencies = [(agency, name_on_page(agency, family.pk)) for agency in _councils(family) if not is_own_council(agency)]
    form = kept_form(request, TransferForm, children=children, agencies=agencies, on=today)
    return form_view(
        request,
        form,
        lambda data: record_transfer_out(
            family=family, **{**data, "children": list(data["children"])}, by=user_of(request), now=timezone.now()
        ),
        success_url=transfer_url,
        success_message="The move is recorded. Our plan, visits and dates go on.",
        cancel_url=reverse("families:family", args=[family.pk]),
        template_name="transfers/record.html",
        family=family,
        title="Record a move to another council",
        agencies=agencies,
    )


def _councils(family: Family) -> list[Agency]:
    """Return the social care of other councils that is recorded as knowing a child of the family."""
    known = AgencyInvolvement.objects.filter(
        child__in=Child.objects.filter(person__memberships__family=family), ends_on__isnull=True
    )
    rows = Agency.objects.filter(pk__in=known.values("agency"), kind=AgencyKind.SOCIAL_CARE)
    return list(rows.select_related("authority").order_by("name", "pk"))


def answer(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Record what the other council answered about some of the children, or what became of the move."""
    family, found = access_transfer(request, pk, transfer_pk, to="change")
    rows = [(row, short_name_of(row.child)) for row in found.children.all()]
    initial: dict[str, Any] = {"version": found.version}
    if len(rows) == 1:
        initial["children"] = [str(rows[0][0].pk)]
    form = kept_form(request, AnswerForm, rows=rows, initial=initial)
    return form_view(
        request,
        form,
        lambda data: answer_transfer(
            transfer=found,
            children=data["children"],
            answer=form.answer(),
            version=data["version"],
            by=user_of(request),
            now=timezone.now(),
        ),
        success_url=transfer_url(found),
        success_message="The answer is recorded. No plan ends by it.",
        cancel_url=transfer_url(found),
        template_name=FORM,
        family=family,
        transfer=found,
        title="What did the other council answer?",
    )


def visits(request: HttpRequest, pk: int, transfer_pk: int) -> HttpResponse:
    """Record who sees the children until the other council takes over."""
    family, found = access_transfer(request, pk, transfer_pk, to="change")
    return form_view(
        request,
        kept_form(request, VisitsForm, initial=VisitsForm.known(found)),
        lambda data: change_who_visits(transfer=found, by=user_of(request), now=timezone.now(), **data),
        success_url=transfer_url(found),
        success_message="Who visits is recorded.",
        cancel_url=transfer_url(found),
        template_name=FORM,
        family=family,
        transfer=found,
        title="Who sees the children until then?",
    )
