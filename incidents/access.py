"""Who reads and handles an incident.

Everyone who may open the case reads it, because they keep its people safe. The data protection officer and the
service managers of the council handle it, whether or not they may open the case. Never the people of the case.
"""

from __future__ import annotations

from typing import Literal

from django.db.models import Q
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import CASE_ROLES, Role
from accounts.readers import Reader
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Rule
from families.access import BARRED_FAMILIES, FAMILY_RULE
from families.models import Family
from incidents.models import Incident

To = Literal["read", "name", "handle", "list"]
HANDLING = (Role.DATA_PROTECTION, Role.SERVICE_MANAGER)


def _handles(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(*HANDLING)
    return None if authorities is None else Q(authority__one_of=authorities)


def _of_the_case(reader: Reader) -> Q | None:
    if not reader.holds(*CASE_ROLES):
        return None
    return Q(family__in=FAMILY_RULE.visible(Family.objects.all(), reader).order_by().values("pk"))


def _audits(reader: Reader) -> Q | None:
    authorities = reader.authority_ids(Role.AUDITOR)
    return None if authorities is None else Q(authority__one_of=authorities)


def _never(_reader: Reader) -> Q:
    return Q(family__one_of=BARRED_FAMILIES) | Q(family__disposed_at__isnull=False)


HANDLES = ("handles incidents", _handles)
OF_THE_CASE = ("may open the case", _of_the_case)
INCIDENT_RULES: dict[To, Rule] = {
    "read": Rule(rights=(HANDLES, OF_THE_CASE), never=_never),
    # Who is in the case, and holds a link to it: for those who may open it anyway.
    "name": Rule(rights=(OF_THE_CASE,), never=_never),
    "handle": Rule(rights=(HANDLES,), never=_never),
    # The list says when, of what kind and how far, and no word of what got out: auditors read it too.
    "list": Rule(rights=(HANDLES, ("auditor", _audits)), never=_never),
}
INCIDENT_RULE = INCIDENT_RULES["read"]


_INCIDENTS = RowsToOpen(
    lambda: Incident.objects.select_related(
        "authority", "family__team", "copy__document__conference", "recorded_by", "withdrawn_by", "closed_by"
    )
)


def access_incident(request: HttpRequest, pk: int, *, to: To = "read") -> Incident:
    """Return an incident for those who may do so with it. Raises SignInRequired or Http404."""
    return open_row(
        request,
        _INCIDENTS,
        INCIDENT_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda row: [row.family_id],
        persons=lambda row: row.people.values_list("person_id", flat=True),
        pk=pk,
    )
