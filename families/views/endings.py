from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family
from families.forms import EndForm
from families.models import (
    AgencyInvolvement,
    ContactPoint,
    Family,
    LegalStatus,
    ParentalResponsibility,
    PersonName,
    Relationship,
    Residence,
)
from families.models.dated import Dated
from families.views.parts import family_url, open_members
from families.words import about_row
from govuk.generic import form_view


def _of_members(model: type[Dated], to_person: str) -> Callable[[Family], QuerySet[Dated]]:
    """Return open rows of ``model`` that belong to current members, as ``open_members`` defines them."""

    def rows(family: Family) -> QuerySet[Dated]:
        members = open_members(family).values("person")
        open_rows: QuerySet[Dated] = model._default_manager.filter(ends_on__isnull=True)
        return open_rows.filter(Q(**{f"{to_person}__in": members}))

    return rows


# For each kind in the URL: what the page asks, and which rows may be ended through this family.
ENDED = {
    "membership": ("When did this person leave the family?", open_members),
    "relationship": ("When did this relationship end?", _of_members(Relationship, "child__person")),
    "responsibility": ("When did parental responsibility end?", _of_members(ParentalResponsibility, "child__person")),
    "agency": ("When did the agency stop knowing the child?", _of_members(AgencyInvolvement, "child__person")),
    "home": ("When did they leave this address?", _of_members(Residence, "person")),
    "contact": ("When did this way to reach them end?", _of_members(ContactPoint, "person")),
    "name": ("When did they stop using this name?", _of_members(PersonName, "person")),
    "legal-status": ("When did this legal status end?", _of_members(LegalStatus, "child__person")),
}


def end_record(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """End a dated row: it stays in the history and is no longer true from the day given."""
    family = access_family(request, pk, to="change")
    title, rows = ENDED[kind]
    row = rows(family).filter(pk=row_pk).first()
    if row is None:
        raise Http404
    form = kept_form(request, EndForm, today=timezone.localdate())
    return form_view(
        request,
        form,
        lambda data: services.end_record(row=row, on=data["on"], by=user_of(request)),
        success_url=family_url(family),
        success_message="The end is recorded. It stays in the history.",
        cancel_url=family_url(family),
        template_name="families/form_page.html",
        family=family,
        title=title,
        lead=about_row(row),
    )
