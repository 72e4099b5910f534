"""Who may open a case by break-glass, and who reviews such openings."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import Role
from accounts.models import RoleAssignment
from accounts.people.selectors.second_people import councils_named_in
from accounts.readers import Reader, array_of, ids_of_user
from accounts.rules import Rule
from families.access.cases import GLASS_RULE, page_name
from families.access.own_people import BARRED_FAMILIES
from families.models import BreakGlass, Family


def access_to_break_glass(request: HttpRequest, pk: int) -> Family:
    """Return a case of the user's council that they could break the glass on. Raises as access_family does.

    It reveals only that the case exists: nothing from the row may be shown before the glass is broken.
    """
    return open_row(
        request,
        Family.objects.select_related("authority"),
        GLASS_RULE,
        page=page_name(request),
        families=lambda family: [family.pk],
        pk=pk,
    )


def _glass_of_service(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    return None if authorities is None else Q(family__authority__one_of=authorities)


def _glass_of_own_people(_reader: Reader) -> Q:
    return Q(family__one_of=BARRED_FAMILIES)


def _glass_of_managers(_reader: Reader) -> Q:
    """Match what a service manager opened, for those named to review it where no other is left."""
    opened_by = RoleAssignment.objects.filter(role=Role.SERVICE_MANAGER).values("user")
    return Q(family__authority__one_of=NAMED_IN, user__one_of=array_of(opened_by))


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
