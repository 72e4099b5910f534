"""Helpers shared by the families views: the member in the URL, and links back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from families.access import To, access_family, access_person
from families.models import Family, FamilyMember, Person


def access_member(request: HttpRequest, pk: int, person_pk: int, *, to: To = "read") -> tuple[Family, Person]:
    """Return a family and one of its current members, through both gatekeepers. Raises as they do."""
    family = access_family(request, pk, to=to)
    person = access_person(request, person_pk, to=to)
    if not FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True).exists():
        raise Http404
    return family, person


def open_members(family: Family) -> QuerySet[FamilyMember]:
    """Return the family's current members, without sealed or merged records."""
    return FamilyMember.objects.filter(
        family=family, ends_on__isnull=True, person__sealed_at__isnull=True, person__merged_into__isnull=True
    )


def family_url(family: Family) -> str:
    """Return the URL of the family's page."""
    return reverse("families:family", args=[family.pk])


def person_url(family: Family, person: Person) -> str:
    """Return the URL of a member's page."""
    return reverse("families:person", args=[family.pk, person.pk])
