"""Who may review records due for disposal, and who may agree to it."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest

from accounts.access import open_row, require_roles
from accounts.enums import ReadKind, Role
from accounts.models import User
from accounts.people.selectors.second_people import councils_named_in
from accounts.readers import Reader, ids_of_user
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Condition, Rule
from families.access import BARRED_FAMILIES, visible_families
from families.models import Family
from records.enums import DisposalState
from records.models import Disposal, LegalHold
from records.retention.due import RECORDS_ROLES

NAMED_IN = ids_of_user("councils named in as second person", councils_named_in)


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _records_of(reader: Reader) -> Q | None:
    """Match cases that a service manager may open; restricted ones never by role alone."""
    authorities = reader.authority_ids(Role.SERVICE_MANAGER)
    if authorities is None:
        return None
    return Q(authority__one_of=authorities, pk__in=visible_families(reader).order_by().values("pk"))


def _proposals_of(*roles: Role) -> Condition:
    def condition(reader: Reader) -> Q | None:
        authorities = reader.authority_ids(*roles)
        return None if authorities is None else Q(family__authority__one_of=authorities)

    return condition


def _proposals_of_named(_reader: Reader) -> Q:
    return Q(family__authority__one_of=NAMED_IN, state=DisposalState.PROPOSED)


def _barred(_reader: Reader) -> Q:
    return Q(family__one_of=BARRED_FAMILIES)


CASE_RULE = Rule(rights=(("records", _records_of),))
# A custodian agrees or refuses by what the page says: rules, years and counts, without names.
DISPOSAL_RULE = Rule(
    rights=(
        ("service manager", _proposals_of(Role.SERVICE_MANAGER)),
        ("custodian", _proposals_of(Role.CUSTODIAN)),
        ("named as second person", _proposals_of_named),
    ),
    never=_barred,
)


def _holds_of(reader: Reader) -> Q | None:
    families = _records_of(reader)
    return None if families is None else Q(family__in=Family.objects.filter(families).values("pk"))


HOLD_RULE = Rule(rights=(("records", _holds_of),))


def access_records(request: HttpRequest) -> User:
    """Return the user, if they may view the lists of records. Raises SignInRequired or Http404."""
    return require_roles(request, *RECORDS_ROLES)


_CASES = RowsToOpen(lambda: Family.objects.select_related("authority", "team"))
_DISPOSALS = RowsToOpen(lambda: Disposal.objects.select_related("family__authority", "proposed_by", "settled_by"))
_HOLDS = RowsToOpen(lambda: LegalHold.objects.select_related("family__authority", "child__person", "set_by"))


def access_records_case(request: HttpRequest, pk: int, *, kind: ReadKind = ReadKind.PAGE) -> Family:
    """Return a case, for a service manager who may open it. Raises SignInRequired or Http404, and logs the read."""
    return open_row(
        request,
        _CASES,
        CASE_RULE,
        page=_page(request),
        families=lambda family: [family.pk],
        persons=lambda family: family.members.values_list("person_id", flat=True),
        kind=kind,
        pk=pk,
    )


def access_disposal(request: HttpRequest, pk: int, *, kind: ReadKind = ReadKind.PAGE) -> Disposal:
    """Return a proposal or certificate, for service managers, the custodian and who is named. Raises as above."""
    return open_row(
        request,
        _DISPOSALS,
        DISPOSAL_RULE,
        page=_page(request),
        families=lambda disposal: [disposal.family_id],
        kind=kind,
        pk=pk,
    )


def access_hold(request: HttpRequest, pk: int) -> LegalHold:
    """Return a legal hold, for a service manager who may open its case. Raises as above."""
    return open_row(request, _HOLDS, HOLD_RULE, page=_page(request), families=lambda hold: [hold.family_id], pk=pk)
