"""Who may prepare, check and hand over bundles of records."""

from __future__ import annotations

from typing import Literal

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from accounts.access import open_row
from accounts.enums import ReadKind, Role
from accounts.models import User
from accounts.people.selectors.second_people import councils_named_in
from accounts.readers import Reader, ids_of_user
from accounts.rows_to_open import RowsToOpen
from accounts.rules import Condition, Rule
from conferences.models import ConferenceChild, Participant
from families.access import visible_families
from families.models import Adoption, Family, FamilyMember
from records.enums import DisclosureKind
from records.models import Disclosure

To = Literal["prepare", "check", "preview"]
PREPARING = (Role.COORDINATOR, Role.SERVICE_MANAGER)
NAMED_IN = ids_of_user("councils named in as second person", councils_named_in)


def _families(reader: Reader, *roles: Role) -> Q | None:
    authorities = reader.authority_ids(*roles)
    if authorities is None:
        return None
    return Q(authority__one_of=authorities, pk__in=visible_families(reader).order_by().values("pk"))


def _case(reader: Reader) -> Q | None:
    return _families(reader, *PREPARING)


def _of(*roles: Role) -> Condition:
    def condition(reader: Reader) -> Q | None:
        families = _families(reader, *roles)
        return None if families is None else Q(family__in=Family.objects.filter(families).values("pk"))

    return condition


def _named(reader: Reader) -> Q:
    """Match bundles of cases that someone named as second person may open in any case: naming opens none."""
    open_to_them = Family.objects.filter(pk__in=visible_families(reader).order_by().values("pk"))
    return Q(family__authority__one_of=NAMED_IN, family__in=open_to_them.values("pk"))


def in_a_closed_case(who: User | Reader, *, person: str) -> Q:
    """Match rows whose ``person`` is also in a case closed to the user, which a bundle would reveal."""
    shown = visible_families(who).order_by().values("pk")
    found = Q()
    for model, path, family in (
        (FamilyMember, "person", "family"),
        (Participant, "person", "conference__family"),
        (ConferenceChild, "child__person", "conference__family"),
    ):
        rows = model._default_manager.order_by().filter(
            **{path: OuterRef(person), f"{family}__disposed_at__isnull": True}
        )
        found |= Q(Exists(rows.exclude(**{f"{family}__in": shown})))
    return found


def _reaches_further(reader: Reader) -> Q:
    """Match bundles about someone in a case closed to the reader, or about a sealed record that does not name them."""
    named = Adoption.objects.order_by().filter(
        person=OuterRef("person"), may_see=reader.pk, withdrawn_at__isnull=True, sealed_at__isnull=False
    )
    return in_a_closed_case(reader, person="person") | Q(person__sealed_at__isnull=False) & ~Q(Exists(named))


CASE_RULE = Rule(rights=(("gives records out", _case),))
AS_COORDINATOR, AS_MANAGER = ("coordinator", _of(Role.COORDINATOR)), ("service manager", _of(Role.SERVICE_MANAGER))
AS_SECOND_PERSON = ("named as second person", _named)
DISCLOSURE_RULES: dict[To, Rule] = {
    "prepare": Rule(rights=(AS_COORDINATOR, AS_MANAGER), never=_reaches_further),
    "check": Rule(rights=(AS_MANAGER, AS_SECOND_PERSON), never=_reaches_further),
    "preview": Rule(rights=(AS_COORDINATOR, AS_MANAGER, AS_SECOND_PERSON), never=_reaches_further),
}


_CASES = RowsToOpen(lambda: Family.objects.select_related("authority", "team"))
_SEALED_COVERS = RowsToOpen(lambda: Disclosure.objects.select_related("family", "person", "authority"))
_BUNDLES = RowsToOpen(
    lambda: Disclosure.objects.select_related(
        "family__authority",
        "family__team",
        "authority",
        "person__authority",
        "prepared_by",
        "checked_by",
        "asking_parent",
    )
)


def access_case_for_disclosure(request: HttpRequest, pk: int) -> Family:
    """Return a case, for coordinators and service managers who may open it. Raises SignInRequired or Http404."""
    return open_row(
        request,
        _CASES,
        CASE_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda family: [family.pk],
        pk=pk,
    )


def _may_see_sealed(reader: Reader) -> Q:
    """Match bundles for a court around whose person is a sealed record that names the reader."""
    sealed = FamilyMember.objects.filter(
        family=OuterRef("family"),
        person__sealed_at__isnull=False,
        person__adoptions__may_see=reader.pk,
        person__adoptions__withdrawn_at__isnull=True,
    )
    return Q(Exists(sealed), kind=DisclosureKind.COURT)


SEALED_COVER_RULE = Rule(rights=(("may see the sealed record", _may_see_sealed),))


def access_sealed_cover(request: HttpRequest, pk: int) -> Disclosure:
    """Return a court's bundle for those who may still see a sealed record around its person.

    Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        _SEALED_COVERS,
        SEALED_COVER_RULE,
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda row: [row.family_id],
        pk=pk,
    )


def access_disclosure(
    request: HttpRequest, pk: int, *, to: To = "prepare", kind: ReadKind = ReadKind.PAGE
) -> Disclosure:
    """Return a bundle, for those who ``prepare`` it, ``check`` it, or may ``preview`` it as one of these.

    Coordinators and service managers prepare; service managers, and those named as second person, check. Only for
    those who may open every case that the person is in. Writes the read log with the bundle's person.
    Raises SignInRequired or Http404.
    """
    return open_row(
        request,
        _BUNDLES,
        DISCLOSURE_RULES[to],
        page=request.resolver_match.view_name if request.resolver_match else "",
        families=lambda row: {
            row.family_id,
            *row.person.memberships.filter(family__disposed_at__isnull=True).values_list("family_id", flat=True),
        },
        persons=lambda row: [row.person_id],
        kind=kind,
        pk=pk,
    )
