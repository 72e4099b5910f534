from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import TEAM_ROLES
from accounts.models import User
from families import services
from families.access import (
    BY_GLASS,
    access_family,
    may_change_family,
    may_decide_who_opens,
    may_manage_family,
    visible_families,
)
from families.forms import AllocateForm, ChangeFamilyForm, CreateFamilyForm
from families.models import Family
from families.panels import NextStep, card_details_of, next_step_of, panels_of, tabs_of
from families.selectors import FamilyPage, family_page, managers_of, open_glass, workers_of
from families.views.cards import cards_of
from families.views.listing import MAY_CREATE
from families.views.parts import family_url
from families.views.people_map import map_of
from families.views.whereabouts import reveal_form
from govuk.generic import form_view


def create_family(request: HttpRequest) -> HttpResponse:
    """Open a case for a family; children and adults are added on its page."""
    user = require_roles(request, *MAY_CREATE)
    form = kept_form(request, CreateFamilyForm, user=user, known=visible_families(user))
    return form_view(
        request,
        form,
        lambda data: _create(user, data),
        success_url=family_url,
        success_message=lambda made: f"The case is open under number {made.case_number}.",
        cancel_url=reverse("families:families"),
        template_name="families/create_family.html",
    )


@transaction.atomic
def _create(user: User, data: dict[str, Any]) -> Family:
    now = timezone.now()
    made = services.create_family(
        authority=data["team"].authority,
        team=data["team"],
        name=data["name"],
        form_key=data["form_key"],
        by=user,
        now=now,
    )
    if data["restricted"]:
        managers = managers_of(made.team, on=timezone.localdate(now))
        why = "Restricted from the day it was opened."
        services.restrict_family(family=made, named={user, *managers}, why=why, by=user, now=now)
    return made


def family(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about a family on one page, with what to do next."""
    row = access_family(request, pk)
    today = timezone.localdate()
    page = family_page(row, on=today)
    may_change = may_change_family(user_of(request), row)
    context = {
        "family": row,
        "page": page,
        "today": today,
        "cards": cards_of(page, card_details_of(request, page.children), on=today),
        "next_step": next_step_of(request, row) or (first_steps(page) if may_change else None),
        "tasks": first_tasks(page) if may_change else [],
        "panels": panels_of(request, row),
        "tabs": tabs_of(request, row),
        "people_map": map_of(page, on=today),
        "homes_of": page.homes_of(),
        "reveal_form": reveal_form(row) if page.has_confidential else None,
        "may_change": may_change,
        "may_manage": may_manage_family(user_of(request), row),
        "decides_who_opens": row.right == BY_GLASS  # type: ignore[attr-defined]
        and may_decide_who_opens(user_of(request), row),
        "by_glass": open_glass(user_of(request), row, now=timezone.now())
        if row.right == BY_GLASS  # type: ignore[attr-defined]
        else None,
    }
    return render(request, "families/family.html", context)


def first_tasks(page: FamilyPage) -> list[dict[str, str]]:
    """Return what a new case still lacks, as a task list; empty once every part has an entry."""
    pk = page.family.pk
    wanted = (
        ("Children", "families:add-child", len(page.cards), "Each child, born or expected"),
        ("Adults", "families:add-person", len(page.adults), "Parents, carers and relatives"),
        ("Agencies", "families:add-agency", len(page.agencies), "School, GP, health visitor, police"),
        ("Addresses", "families:record-residence", len(page.homes), "Who lives where, and who may know"),
    )
    if all(count for _, _, count, _ in wanted):
        return []
    return [
        {
            "title": title,
            "hint": hint,
            "url": reverse(name, args=[pk]),
            "status": f"{count} recorded" if count else "Nothing yet",
            "colour": "green" if count else "grey",
        }
        for title, name, count, hint in wanted
    ]


def first_steps(page: FamilyPage) -> NextStep | None:
    """Return the next thing to record about a new case."""
    pk = page.family.pk
    if not page.cards and not page.adults:
        return NextStep(
            "Next: record the family",
            "Children, unborn babies and adults on one page, with who lives where and who may be dangerous to whom.",
            reverse("families:record-family", args=[pk]),
            "Record the family",
        )
    if not page.cards:
        return NextStep(
            "Next: add the children",
            "Start with the eldest. An unborn baby is added as a pregnancy.",
            reverse("families:add-child", args=[pk]),
            "Add a child",
        )
    if not page.adults:
        return NextStep(
            "Next: add the adults around the children",
            "Both parents of each child, carers and relatives, with parental responsibility for each child.",
            reverse("families:add-person", args=[pk]),
            "Add an adult",
        )
    if not page.agencies:
        return NextStep(
            "Next: add the agencies that know the children",
            "Each with a named professional. They are proposed for the conference.",
            reverse("families:add-agencies", args=[pk]),
            "Choose the agencies",
        )
    if not page.homes:
        return NextStep(
            "Next: record who lives where",
            "Mark an address confidential if someone must not find it out.",
            reverse("families:record-residence", args=[pk]),
            "Record an address",
        )
    return None


def change_family(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the family's name and team."""
    row = access_family(request, pk, to="change")
    form = kept_form(request, ChangeFamilyForm, family=row)
    return form_view(
        request,
        form,
        lambda data: services.change_family(
            family=row, by=user_of(request), **{**data, "version": data["version"] or 0}
        ),
        success_url=family_url(row),
        cancel_url=family_url(row),
        template_name="families/form_page.html",
        family=row,
        title="Change the family’s details",
    )


def allocate_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Allocate the case to a social worker."""
    row = access_family(request, pk, to="change")
    today = timezone.localdate()
    workers = workers_of(row.authority, roles=TEAM_ROLES, on=today)
    form = kept_form(request, AllocateForm, workers=workers, initial={"starts_on": today})
    return form_view(
        request,
        form,
        lambda data: services.allocate_case(family=row, by=user_of(request), now=timezone.now(), **data),
        success_url=family_url(row),
        success_message=lambda _: f"{form.cleaned_data['user'].name} holds the case.",
        cancel_url=family_url(row),
        template_name="families/form_page.html",
        family=row,
        title="Who holds the case?",
    )
