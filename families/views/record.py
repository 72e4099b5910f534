"""One page on which a whole family is recorded: children, pregnancies, adults, homes and contact risks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import hold, kept_form
from families.access import access_family, visible_persons
from families.enums import RelationshipKind
from families.forms.record import AT_FIRST, BabyRow, ChildRow, HomeRow, RecordFamilyForm, RecordRow
from families.forms.record_adults import AdultRow
from families.models import Child, Family, Person
from families.selectors import born_members_of, children_of
from families.selectors.search import fold
from families.services.record import NewFamily, RefusedRow, record_family
from families.views.parts import family_url
from govuk.generic import form_view

R = TypeVar("R", bound=RecordRow)

TITLE = "Record the family"
NO_ONE = "Enter at least one child, adult or address"
NO_MOTHER = (
    "Say who is pregnant: choose “Mother” for this baby, or for all the children, under one adult. If she is herself "
    "a child or already recorded, leave this empty, save, and add the pregnancy on the family’s page"
)


@dataclass
class Page:
    """The rows of the page, in the order in which they stand there."""

    form: RecordFamilyForm
    children: list[ChildRow]
    babies: list[BabyRow]
    adults: list[AdultRow]
    homes: list[HomeRow]
    known: dict[str, Child | Person]

    @property
    def rows(self) -> list[RecordRow]:
        return [*self.children, *self.babies, *self.adults, *self.homes]

    def filled(self, rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if row.is_filled]

    @property
    def child_keys(self) -> list[str]:
        """Return the keys of all children, known, new and unborn."""
        known = [key for key, row in self.known.items() if isinstance(row, Child)]
        return [*known, *(row.key for row in self.filled([*self.children, *self.babies]))]

    @property
    def born_keys(self) -> list[str]:
        """Return the keys of the children who are born, known and new."""
        known = [key for key, row in self.known.items() if isinstance(row, Child) and not row.is_unborn]
        return [*known, *(row.key for row in self.filled(self.children))]


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a family's people in one go; further rows are asked for by a button and keep what was typed."""
    family = access_family(request, pk, to="change")
    growing = next((kind for kind in AT_FIRST if f"add_{kind}" in request.POST), "")
    page = _page(request, family, growing)
    context: dict[str, Any] = {"family": family, "title": TITLE, "page": page, "rows": page.rows}
    template = "families/record.html"
    page.form.cancel_url = family_url(family)
    if growing:
        hold(request)
        for row in page.rows:
            row.hides_errors = True
        return render(request, template, {"form": page.form, **context})
    response = form_view(
        request,
        page.form,
        lambda _: _save(request, family, page),
        parts=page.rows,
        success_url=reverse("families:add-agencies", args=[family.pk]),
        success_message="The family is recorded. Now choose the agencies that know the children.",
        cancel_url=family_url(family),
        template_name=template,
        **context,
    )
    if request.method == "POST" and response.status_code == 200:  # noqa: PLR2004 - not accepted
        hold(request)
    return response


def _page(request: HttpRequest, family: Family, growing: str) -> Page:
    today = timezone.localdate()
    form = kept_form(request, RecordFamilyForm)
    if growing:
        form.grow(growing)
    about = {"today": today, "page_key": form.page_key, "known": visible_persons(user_of(request))}

    def rows(kind: str, of: type[R], prefix: str, **more: Any) -> list[R]:
        return [
            kept_form(request, of, key=f"{prefix}-{place}", place=place, **more)
            for place in range(1, form.count(kind) + 1)
        ]

    children = rows("children", ChildRow, "child", initial={"family_name": family.name}, **about)
    babies = rows("babies", BabyRow, "baby", today=today)
    recorded = {f"known-{child.person_id}": child for child in children_of(family, on=today)}
    columns = {
        **{key: (child.person.short_name, child.is_unborn) for key, child in recorded.items()},
        **{row.key: (row.called, False) for row in children},
        **{row.key: (row.called, True) for row in babies},
    }
    adults = rows("adults", AdultRow, "adult", columns=columns, **about)
    homes = rows("homes", HomeRow, "home")
    before = {f"known-{person.pk}": person for person in born_members_of(family, on=today)}
    known: dict[str, Child | Person] = {**before, **recorded}
    people = {
        **{key: row.person.short_name if isinstance(row, Child) else row.full_name for key, row in known.items()},
        **{row.key: row.called for row in [*children, *babies, *adults]},
    }
    for adult in adults:
        adult.offer(people)
    for home in homes:
        home.offer({key: called for key, called in people.items() if not columns.get(key, ("", False))[1]})
    return Page(form, children, babies, adults, homes, known)


def _save(request: HttpRequest, family: Family, page: Page) -> list[Person]:
    """Check what concerns several rows, then record all of them or nothing."""
    _check_meant(page)
    _check_once(page)
    _find_mothers(page)
    if any(row.errors for row in page.rows):
        raise ValidationError([])
    keys = page.child_keys
    entered = NewFamily(
        children=[row.entered() for row in page.filled(page.children)],
        babies=[row.entered() for row in page.filled(page.babies)],
        adults=[row.entered(keys) for row in page.filled(page.adults)],
        homes=[row.entered(page.born_keys) for row in page.filled(page.homes)],
        known=page.known,
    )
    if not (entered.children or entered.babies or entered.adults or entered.homes):
        first = page.rows[0] if page.rows else None
        if first is None:
            raise ValidationError(NO_ONE)
        first.add_error(first.first_field, NO_ONE)
        raise ValidationError([])
    try:
        return record_family(
            family=family,
            entered=entered,
            form_key=page.form.cleaned_data["form_key"] or uuid.uuid4(),
            by=user_of(request),
            now=timezone.now(),
        )
    except RefusedRow as refused:
        row, refusal = next(row for row in page.rows if row.key == refused.key), refused.refusal
        row.accepts(lambda: _raise(refusal))
        raise ValidationError([]) from refused


def _raise(refusal: ValidationError) -> NoReturn:
    raise refusal


def _check_meant(page: Page) -> None:
    """Refuse a row that names one in which nobody was entered."""
    entered = {*page.known, *(row.key for row in page.rows if row.is_filled)}
    for row in page.filled([*page.adults, *page.homes]):
        for name, keys in row.refers_to().items():
            if keys - entered:
                row.add_error(name, "You chose someone who is not entered on this page. Enter them, or choose again")


def _check_once(page: Page) -> None:
    """Refuse the same name and date of birth in two rows."""
    seen: set[tuple[str, Any]] = set()
    for row in page.filled([*page.children, *page.adults]):
        facts = row.facts()
        who = (fold(f"{facts.given_name} {facts.family_name}".strip() or facts.unnamed_as), facts.birth_date)
        if who in seen:
            row.add_error("given_name", f"{row.called} is entered twice on this page")
        seen.add(who)


def _find_mothers(page: Page) -> None:
    for baby in page.filled(page.babies):
        mothers = [row.key for row in page.filled(page.adults) if row.tie_to(baby.key).kind == RelationshipKind.MOTHER]
        if len(mothers) == 1:
            baby.mother = mothers[0]
        else:
            baby.add_error("expected_on", "Only one adult can be pregnant with this baby" if mothers else NO_MOTHER)
