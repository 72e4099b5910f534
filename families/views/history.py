from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.history.registry import record_named
from families.access import access_family
from families.models import Family, Person
from families.selectors import children_of
from families.selectors.whereabouts import circle_of
from families.views.history_pages import Subject, show_as_it_was, show_history
from families.views.parts import access_member


def _family_subject(request: HttpRequest, pk: int) -> Subject:
    family = access_family(request, pk)
    children = children_of(family, on=timezone.localdate())
    return Subject(
        record=record_named("family"),
        pk=family.pk,
        right=family.right,  # type: ignore[attr-defined]
        title=f"{family.name} family",
        caption=f"Case {family.case_number}",
        family=family,
        people=circle_of(children) | set(family.members.values_list("person_id", flat=True)),
        crumbs=_family_crumbs(family),
        history_url=reverse("families:see-family-history", args=[family.pk]),
        past_url=reverse("families:see-family-as-it-was", args=[family.pk]),
    )


def _family_crumbs(family: Family) -> list[tuple[str, str]]:
    return [("Families", reverse("families:families")), (family.name, reverse("families:family", args=[family.pk]))]


def _person_subject(request: HttpRequest, pk: int, person_pk: int) -> Subject:
    family, person = access_member(request, pk, person_pk)
    children = children_of(family, on=timezone.localdate())
    return Subject(
        record=record_named("person"),
        pk=person.pk,
        right=person.right,  # type: ignore[attr-defined]
        title=person.full_name,
        caption=f"Case {family.case_number}, {family.name} family",
        family=family,
        people=circle_of(children) | {person.pk} | _around(person),
        crumbs=[*_family_crumbs(family), (person.full_name, reverse("families:person", args=[family.pk, person.pk]))],
        history_url=reverse("families:see-person-history", args=[family.pk, person.pk]),
        past_url=reverse("families:see-person-as-it-was", args=[family.pk, person.pk]),
    )


def _around(person: Person) -> set[int]:
    """Return everyone in any family the person ever belonged to: this record may hold their whereabouts."""
    families = person.memberships.values("family")
    return set(Person.objects.filter(memberships__family__in=families).values_list("pk", flat=True))


def see_family_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what about a family, and when."""
    return show_history(request, _family_subject(request, pk))


def see_family_as_it_was(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a family as it stood on any day."""
    return show_as_it_was(request, _family_subject(request, pk))


def see_person_history(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Show who changed what about a member of a family, and when."""
    return show_history(request, _person_subject(request, pk, person_pk))


def see_person_as_it_was(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Show a member of a family as they stood on any day."""
    return show_as_it_was(request, _person_subject(request, pk, person_pk))
