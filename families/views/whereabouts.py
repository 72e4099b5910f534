from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from families import services
from families.access import access_family
from families.forms import ContactPointForm, MarkForm, ResidenceForm, RevealForm
from families.models import AgencyInvolvement, ContactPoint, Residence
from families.selectors import born_members_of, children_of, confidential_whereabouts
from families.views.parts import (
    access_member,
    back_to_family,
    back_to_person,
    form_page,
    open_members,
    posted,
    signed_in,
)
from families.words import about_row

Marked = Residence | ContactPoint | AgencyInvolvement
MARKED: dict[str, type[Marked]] = {"home": Residence, "contact": ContactPoint, "agency": AgencyInvolvement}


def record_residence(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who lives at an address, and who must not learn it."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = ResidenceForm(posted(request), people=born_members_of(family, on=today), on=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        persons, hidden = list(data.pop("persons")), list(data.pop("hidden_from"))
        if form.accepts(
            lambda: services.record_residence(
                persons=persons, hidden_from=hidden, by=signed_in(request), now=timezone.now(), **data
            )
        ):
            return back_to_family(request, family, "The address is recorded.")
    return form_page(
        request,
        family,
        form,
        title="Record an address",
        button="Save the address",
        template="families/record_residence.html",
    )


def record_contact_point(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record a way to reach somebody, and whether it is safe."""
    family, person = access_member(request, pk, person_pk, to="change")
    today = timezone.localdate()
    others = born_members_of(family, on=today).exclude(pk=person.pk)
    form = ContactPointForm(posted(request), people=others, on=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        hidden = list(data.pop("hidden_from"))
        if form.accepts(
            lambda: services.record_contact_point(
                person=person, hidden_from=hidden, by=signed_in(request), now=timezone.now(), **data
            )
        ):
            return back_to_person(request, family, person, "The way to reach them is recorded.")
    return form_page(
        request,
        family,
        form,
        title=f"Add a way to reach {person.full_name}",
        button="Save this way to reach them",
        person=person,
    )


def mark_whereabouts(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Say anew from whom a home, a way of contact or an agency is hidden."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    row = cast("Marked", get_object_or_404(MARKED[kind], pk=row_pk))
    owner_id = row.child.person_id if isinstance(row, AgencyInvolvement) else row.person_id
    if not open_members(family).filter(person=owner_id).exists():
        raise Http404
    people = born_members_of(family, on=today).exclude(pk=owner_id)
    initial = {"confidential": row.confidential, "hidden_from": row.hidden_from.all()}
    form = MarkForm(posted(request), people=people, on=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        confidential, hidden = form.cleaned_data["confidential"], list(form.cleaned_data["hidden_from"])
        if form.accepts(
            lambda: services.mark_whereabouts(
                row=row,
                confidential=confidential,
                hidden_from=hidden,
                by=signed_in(request),
                now=timezone.now(),
            )
        ):
            return back_to_family(request, family, "Who may know is recorded.")
    title = "Who must not learn this?"
    return form_page(request, family, form, title=title, button="Save who may know", lead=about_row(row))


@never_cache
def reveal_whereabouts(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the confidential whereabouts of a family once, against a reason that is kept."""
    family = access_family(request, pk)
    if request.method != "POST":
        return redirect("families:family", family.pk)
    form = RevealForm(request.POST)
    page = {"family": family, "title": "Confidential whereabouts", "today": timezone.localdate()}
    if not form.is_valid() or not form.accepts(
        lambda: services.record_reveal(
            family=family, by=signed_in(request), reason=form.cleaned_data["reason"], now=timezone.now()
        )
    ):
        return render(request, "families/reveal_whereabouts.html", {**page, "form": form})
    found = confidential_whereabouts(children_of(family, on=timezone.localdate()))
    return render(request, "families/reveal_whereabouts.html", {**page, "found": found})
