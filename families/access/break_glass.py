"""Who may open a case by break-glass, and who reviews such openings."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import open_row
from accounts.enums import Role
from accounts.models import RoleAssignment, User
from accounts.people.selectors.roles import users_with_role
from accounts.people.selectors.second_people import councils_named_in, named_people
from accounts.readers import Reader, array_of, ids_of_user
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from families.access.cases import GLASS_RULE, page_name
from families.access.own_people import BARRED_FAMILIES, barred_families
from families.models import BreakGlass, Family

_CLOSED_CASES = RowsToOpen(lambda: Family.objects.select_related("authority"))


def access_to_break_glass(request: HttpRequest, pk: int) -> Family:
    """Return a case of the user's council that they could break the glass on. Raises as access_family does.

    It reveals only that the case exists: nothing from the row may be shown before the glass is broken.
    """
    return open_row(
        request, _CLOSED_CASES, GLASS_RULE, page=page_name(request), families=lambda family: [family.pk], pk=pk
    )


def _glass_of_service(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if authorities is None else Q(family__authority__one_of=authorities)


def _glass_of_own_people(_reader: Reader) -> Q:
    return Q(family__one_of=BARRED_FAMILIES)


def _glass_of_managers(_reader: Reader) -> Q:
    """Match what a service manager opened, and what waits for the reader, for those named where none is left."""
    opened_by = RoleAssignment.objects.filter(role=Role.SERVICE_MANAGER).values("user")
    return Q(family__authority__one_of=NAMED_IN, user__one_of=array_of(opened_by)) | Q(pk__one_of=REVIEWS_AS_NAMED)


def reviewers_of(glass: BreakGlass, *, on: datetime.date) -> list[User]:
    """Return who reviews it: never the opener, nor anyone barred from the case.

    The council's active service managers or, where none of them is left, those named for that; nobody where
    nobody is named.
    """
    council = glass.family.authority
    managers = users_with_role(authority=council, roles=[Role.SERVICE_MANAGER], on=on)
    for found in (managers, named_people(council, on=on)):
        apart = found.exclude(pk=glass.user_id).order_by("pk")
        if able := [user for user in apart if glass.family_id not in barred_families(user)]:
            return able
    return []


def _reviews_as_named(user: User) -> list[int]:
    """Return what waits for a review by the user because no service manager is left who could. Seldom anything."""
    if not (councils := councils_named_in(user)):
        return []
    today = timezone.localdate()
    waiting = BreakGlass.objects.unreviewed().filter(family__authority__in=councils).exclude(user=user)
    rows = waiting.select_related("family__authority")
    return [glass.pk for glass in rows if user in reviewers_of(glass, on=today)]


REVIEWS_AS_NAMED = ids_of_user("emergency accesses that the user reviews as second person", _reviews_as_named)
NAMED_IN = ids_of_user("councils named in as second person", councils_named_in)
GLASS_REVIEW_RULE = Rule(
    rights=(("service manager", _glass_of_service), ("named as second person", _glass_of_managers)),
    never=_glass_of_own_people,
)


def access_glass(request: HttpRequest, pk: int) -> BreakGlass:
    """Return a break-glass opening in the service manager's council. Raises as access_family does."""
    return open_row(
        request,
        BreakGlass.objects.select_related("family__authority", "user", "reviewed_by"),
        GLASS_REVIEW_RULE,
        page=page_name(request),
        families=lambda glass: [glass.family_id],
        pk=pk,
    )
