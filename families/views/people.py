from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import drafts
from families import services
from families.access import access_family, may_change_family, visible_persons
from families.forms import AdultForm, ChangeAdultForm, ChangeChildForm, NameForm, TieForm
from families.models import Child, Family, Person
from families.selectors import children_of, person_page
from families.views.parts import access_member, back_to_person, form_page, posted, signed_in
from govuk.forms import GovukForm


def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an adult to the family, with what they are to each child."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = drafts.kept_form(request, AdultForm, today=today, known=visible_persons(signed_in(request)))
    ties = [TieForm(posted(request), child=child) for child in children_of(family, on=today)]
    valid = all([form.is_valid(), *(tie.is_valid() for tie in ties)]) if request.method == "POST" else False
    if valid and form.accepts(lambda: _add(request, family, form, ties)):
        messages.success(request, f"{form.facts().given_name or 'The person'} is recorded.")
        return redirect("families:add-person" if "another" in request.POST else "families:family", family.pk)
    return form_page(
        request,
        family,
        form,
        title="Add an adult",
        button="Save this person",
        template="families/add_person.html",
        ties=ties,
        today=today,
    )


@transaction.atomic
def _add(request: HttpRequest, family: Family, form: AdultForm, ties: list[TieForm]) -> Person:
    now = timezone.now()
    person = services.add_person(
        family=family,
        facts=form.facts(),
        ties=[tie.facts() for tie in ties],
        form_key=form.cleaned_data["form_key"],
        by=signed_in(request),
        now=now,
    )
    for kind, value, is_safe in form.contacts():
        services.record_contact_point(
            person=person, kind=kind, value=value, is_safe=is_safe, by=signed_in(request), now=now
        )
    return person


def person(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Everything recorded about one member of the family."""
    family, row = access_member(request, pk, person_pk)
    today = timezone.localdate()
    context = {
        "family": family,
        "about": person_page(row, family, on=today),
        "today": today,
        "may_change": may_change_family(signed_in(request), family),
    }
    return render(request, "families/person.html", context)


def change_person(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Change what is recorded about a child or an adult."""
    family, row = access_member(request, pk, person_pk, to="change")
    child: Child | None = getattr(row, "child", None)
    form_class: Any = ChangeChildForm if child else ChangeAdultForm
    about: dict[str, Any] = {"child": child} if child else {"person": row}
    form = drafts.kept_form(request, form_class, today=timezone.localdate(), **about)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.accepts(lambda: _change(request, row, child, form))
    ):
        return back_to_person(request, family, row, "The changes are saved.")
    return form_page(
        request,
        family,
        form,
        title=f"Change the details of {row.full_name}",
        button="Save the details",
        template="families/change_person.html",
        person=row,
        child=child,
    )


@transaction.atomic
def _change(request: HttpRequest, row: Person, child: Child | None, form: Any) -> None:
    services.change_person(
        person=row,
        facts=form.facts_over(row),
        keep_former_name=form.cleaned_data["keep_former_name"],
        by=signed_in(request),
        now=timezone.now(),
    )
    if child:
        services.change_child(
            child=child,
            upn=form.cleaned_data.get("upn", child.upn),
            disabilities=form.cleaned_data["disabilities"],
            by=signed_in(request),
        )


def add_name(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record another name that somebody has or had."""
    family, row = access_member(request, pk, person_pk, to="change")
    form = NameForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.accepts(lambda: services.add_name(person=row, by=signed_in(request), **data)):
            return back_to_person(request, family, row, "The name is recorded. Search finds it.")
    return form_page(
        request,
        family,
        form,
        title=f"Add another name of {row.full_name}",
        button="Save the name",
        person=row,
    )


def change_ties(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record what somebody of the family is to each child."""
    family, row = access_member(request, pk, person_pk, to="change")
    today = timezone.localdate()
    about = person_page(row, family, on=today)
    ties = [
        TieForm(posted(request), child=child, initial=about.recorded_tie(child))
        for child in children_of(family, on=today)
        if child.person_id != row.pk
    ]
    form = GovukForm(posted(request))
    valid = all([form.is_valid(), *(tie.is_valid() for tie in ties)]) if request.method == "POST" else False
    if valid and form.accepts(lambda: _tie(request, row, ties)):
        return back_to_person(request, family, row, "What they are to the children is recorded.")
    return form_page(
        request,
        family,
        form,
        title=f"What {row.full_name} is to the children",
        button="Save for all children",
        template="families/change_ties.html",
        ties=ties,
        person=row,
        about=about,
        today=today,
    )


@transaction.atomic
def _tie(request: HttpRequest, row: Person, ties: list[TieForm]) -> None:
    for tie in ties:
        services.record_tie(person=row, tie=tie.facts(), by=signed_in(request), today=timezone.localdate())
