from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import user_of
from accounts.drafts.forms import kept_form
from families import services
from families.access import access_family, may_change_family, may_manage_family, visible_persons
from families.forms import AdultForm, ChangeAdultForm, ChangeChildForm, NameForm, TieForm, TiesForm
from families.models import Child, Family, Person
from families.selectors import children_of, person_page
from families.views.parts import access_member, family_url, person_url
from govuk.generic import form_view


def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an adult to the family, with their tie to each child."""
    family = access_family(request, pk, to="change")
    today = timezone.localdate()
    form = kept_form(request, AdultForm, today=today, known=visible_persons(user_of(request)))
    ties = [kept_form(request, TieForm, child=child) for child in children_of(family, on=today)]
    back = family_url(family)
    return form_view(
        request,
        form,
        lambda _: _add(request, family, form, ties),
        parts=ties,
        success_url=reverse("families:add-person", args=[family.pk]) if "another" in request.POST else back,
        success_message=lambda _: f"{form.facts().given_name or 'The person'} is recorded.",
        cancel_url=back,
        template_name="families/form_page.html",
        family=family,
        title="Add an adult",
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
        by=user_of(request),
        now=now,
    )
    for kind, value, is_safe in form.contacts():
        services.record_contact_point(
            person=person,
            kind=kind,
            value=value,
            is_safe=is_safe,
            safe_how=form.cleaned_data["safe_how"],
            safe_on=form.cleaned_data["safe_on"],
            by=user_of(request),
            now=now,
        )
    return person


def person(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Show everything recorded about one member of the family."""
    family, row = access_member(request, pk, person_pk)
    today = timezone.localdate()
    context = {
        "family": family,
        "about": person_page(row, family, on=today),
        "today": today,
        "may_change": may_change_family(user_of(request), family),
        "may_manage": may_manage_family(user_of(request), family),
    }
    return render(request, "families/person.html", context)


def change_person(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Change what is recorded about a child or an adult."""
    family, row = access_member(request, pk, person_pk, to="change")
    child: Child | None = getattr(row, "child", None)
    form_class: Any = ChangeChildForm if child else ChangeAdultForm
    about: dict[str, Any] = {"child": child} if child else {"person": row}
    form = kept_form(request, form_class, today=timezone.localdate(), **about)
    return form_view(
        request,
        form,
        lambda _: _change(request, row, child, form),
        success_url=person_url(family, row),
        success_message="The changes are saved.",
        cancel_url=person_url(family, row),
        template_name="families/form_page.html",
        family=family,
        person=row,
        title=f"Change {row.full_name}’s details",
    )


@transaction.atomic
def _change(request: HttpRequest, row: Person, child: Child | None, form: Any) -> None:
    services.change_person(
        person=row,
        facts=form.facts_over(row),
        keep_former_name=form.cleaned_data["keep_former_name"],
        by=user_of(request),
        now=timezone.now(),
    )
    if child:
        services.change_child(
            child=child,
            upn=form.cleaned_data.get("upn", child.upn),
            disabilities=form.cleaned_data["disabilities"],
            by=user_of(request),
        )


def add_name(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record another name that a person has or had."""
    family, row = access_member(request, pk, person_pk, to="change")
    form = kept_form(request, NameForm)
    return form_view(
        request,
        form,
        lambda data: services.add_name(person=row, by=user_of(request), **data),
        success_url=person_url(family, row),
        success_message="The name is recorded. Searches will find it.",
        cancel_url=person_url(family, row),
        template_name="families/form_page.html",
        family=family,
        person=row,
        title=f"Add another name for {row.full_name}",
    )


def change_ties(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Record what a member of the family is to each child."""
    family, row = access_member(request, pk, person_pk, to="change")
    today = timezone.localdate()
    about = person_page(row, family, on=today)
    ties = [
        kept_form(request, TieForm, child=child, initial=about.recorded_tie(child))
        for child in children_of(family, on=today)
        if child.person_id != row.pk
    ]
    return form_view(
        request,
        kept_form(request, TiesForm),
        lambda _: _tie(request, row, ties),
        parts=ties,
        success_url=person_url(family, row),
        success_message="What they are to the children is recorded.",
        cancel_url=person_url(family, row),
        template_name="families/change_ties.html",
        family=family,
        person=row,
        title=f"What {row.full_name} is to the children",
        ties=ties,
        about=about,
        today=today,
    )


@transaction.atomic
def _tie(request: HttpRequest, row: Person, ties: list[TieForm]) -> None:
    for tie in ties:
        services.record_tie(person=row, tie=tie.facts(), by=user_of(request), today=timezone.localdate())
