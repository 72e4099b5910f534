"""Steps that several of the families' views take: who acts, the member an address names, simple pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts.access import SignInRequired
from accounts.models import User
from families.access import To, access_family, access_person
from families.models import Family, FamilyMember, Person


def signed_in(request: HttpRequest) -> User:
    """Who acts. Raises SignInRequired when nobody is signed in; gatekeepers have asked before."""
    if not request.user.is_authenticated:
        raise SignInRequired
    return request.user


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where the page is only looked at. A form with nothing ticked is sent all the same."""
    return request.POST if request.method == "POST" else None


def access_member(request: HttpRequest, pk: int, person_pk: int, *, to: To = "read") -> tuple[Family, Person]:
    """A family and one of its present members, through both gatekeepers. Raises as they do."""
    family = access_family(request, pk, to=to)
    person = access_person(request, person_pk, to=to)
    if not FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True).exists():
        raise Http404
    return family, person


def open_members(family: Family) -> QuerySet[FamilyMember]:
    """Who belongs to the family now, but for people whose record is sealed or joined with another."""
    return FamilyMember.objects.filter(
        family=family, ends_on__isnull=True, person__sealed_at__isnull=True, person__merged_into__isnull=True
    )


def form_page(
    request: HttpRequest,
    family: Family,
    form: BaseForm,
    *,
    title: str,
    button: str,
    template: str = "families/form_page.html",
    **context: Any,
) -> HttpResponse:
    """A page that asks for one thing about a family."""
    return render(
        request, template, {"family": family, "form": form, "title": title, "button": button, **context}
    )


def back_to_family(request: HttpRequest, family: Family, message: str) -> HttpResponse:
    """The family's page, saying what was done."""
    messages.success(request, message)
    return redirect("families:family", family.pk)


def back_to_person(request: HttpRequest, family: Family, person: Person, message: str) -> HttpResponse:
    """The person's page, saying what was done."""
    messages.success(request, message)
    return redirect("families:person", family.pk, person.pk)
