"""Pages on which service managers name who is the second person where there is no other of them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import open_row, require_roles, user_of
from accounts.drafts.forms import kept_form
from accounts.enums import Role
from accounts.models import Authority, SecondPerson
from accounts.people import services
from accounts.people.forms.staff import NameSecondPersonForm
from accounts.people.selectors.roles import users_with_role
from accounts.people.selectors.second_people import may_be_named, second_people_of
from accounts.readers import Reader
from accounts.rules import Rule
from govuk.generic import form_view


def _managed(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if authorities is None else Q(authority__one_of=authorities)


SECOND_PERSON_RULE = Rule(rights=(("manages the service", _managed),))


def _council(request: HttpRequest) -> Authority:
    user = require_roles(request, Role.SERVICE_MANAGER)
    return Authority.objects.get(pk=user.authority_ids(Role.SERVICE_MANAGER)[0])


@require_GET
def second_people(request: HttpRequest) -> HttpResponse:
    """List who is, was and will be the second person where there is no other service manager."""
    council, today = _council(request), timezone.localdate()
    managers = users_with_role(authority=council, roles=[Role.SERVICE_MANAGER], on=today)
    named = list(second_people_of(council))
    context = {
        "council": council,
        "named": named,
        "today": today,
        "managers": managers.count(),
        "someone": any(row.starts_on <= today and (not row.ends_on or row.ends_on > today) for row in named),
    }
    return render(request, "accounts/second_people.html", context)


def name_second_person(request: HttpRequest) -> HttpResponse:
    """Name someone from a day."""
    council, today = _council(request), timezone.localdate()
    by = user_of(request)
    back = reverse("users:second-people")
    people = may_be_named(council, on=today, by=by)
    return form_view(
        request,
        kept_form(request, NameSecondPersonForm, people=people, today=today),
        lambda data: services.name_second_person(authority=council, by=by, now=timezone.now(), **data),
        success_url=back,
        success_message="They are named, and have been told.",
        cancel_url=back,
        template_name="accounts/name_second_person.html",
    )


@require_POST
def end_second_person(request: HttpRequest, pk: int) -> HttpResponse:
    """End a naming as of today."""
    _council(request)
    page = request.resolver_match.view_name if request.resolver_match else ""
    named = open_row(request, SecondPerson.objects.all(), SECOND_PERSON_RULE, page=page, pk=pk)
    services.end_second_person(named=named, by=user_of(request), now=timezone.now())
    messages.success(request, "They are no longer named.")
    return redirect("users:second-people")
