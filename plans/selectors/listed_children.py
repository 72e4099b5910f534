"""Who is on the list: the council's children with a child protection plan, and other councils' living here."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from families.enums import TransferState
from families.models import Child, FamilyMember, TransferIn
from govuk.search_terms import words_in
from plans.enums import EndReason, PlanKind
from plans.models import KeyWorker, Plan, PlanCategory

# The child keeps the other council's plan until that council has ended it in writing.
HERE_WITH_A_PLAN = (TransferState.TOLD, TransferState.ACCEPTED, TransferState.TEMPORARY)


def listed_plans(authority_ids: Iterable[int], *, on: datetime.date) -> QuerySet[Plan]:
    """Return open child protection plans of children on these councils' lists, wherever they are held."""
    return (
        Plan.objects.filter(authority__in=list(authority_ids), kind=PlanKind.CP, starts_on__lte=on)
        .filter(ends_on__isnull=True)
        .exclude(end_reason=EndReason.ENTERED_IN_ERROR)
        .order_by()
    )


def listed_transfers(authority_ids: Iterable[int]) -> QuerySet[TransferIn]:
    """Return transfers of children who moved here with another council's plan, which has not ended it in writing.

    Whatever was decided here: that plan leaves the list only on its own council's written ending.
    """
    rows = TransferIn.objects.filter(family__authority__in=list(authority_ids), state__in=HERE_WITH_A_PLAN)
    return rows.filter(ended_there_on__isnull=True).order_by()


def listed_children(authority_ids: Iterable[int], *, on: datetime.date) -> QuerySet[Child, Any]:
    """Return the children on these councils' lists; never sealed or merged records."""
    ids = list(authority_ids)
    plans = listed_plans(ids, on=on).values("child")
    children: QuerySet[Child, Any] = Child.objects.findable()
    return children.filter(pk__in=plans.union(listed_transfers(ids).values("child")))


def restricted_memberships() -> QuerySet[FamilyMember, Any]:
    """Return the outer child's memberships in restricted families, ended ones too."""
    return FamilyMember.objects.filter(person=OuterRef("person"), family__restricted=True).order_by()


def with_standing(
    children: QuerySet[Child, Any], authority_ids: Iterable[int], *, on: datetime.date
) -> QuerySet[Child, Any]:
    """Annotate ``children`` with what the list says of each: since when, whose plan, key worker, category.

    ``also_held_by`` is another council whose plan stands beside the one named.
    """
    ids = list(authority_ids)
    plans = listed_plans(ids, on=on).filter(child=OuterRef("pk")).order_by("held_elsewhere", "starts_on", "pk")
    transfers = listed_transfers(ids).filter(child=OuterRef("pk")).order_by("notified_on", "pk")
    worker = KeyWorker.objects.filter(plan=OuterRef("plan_id"), ends_on__isnull=True)
    latest = PlanCategory.objects.filter(plan=OuterRef("plan_id")).order_by("-starts_on", "-pk")
    return children.select_related("person", "pregnancy").annotate(
        plan_id=Subquery(plans.values("pk")[:1]),
        transfer_id=Subquery(transfers.values("pk")[:1]),
        since=Coalesce(Subquery(plans.values("starts_on")[:1]), Subquery(transfers.values("notified_on")[:1])),
        held_by=Coalesce(
            Subquery(plans.values("held_elsewhere")[:1]), Subquery(transfers.values("from_authority")[:1])
        ),
        also_held_by=Case(
            When(Exists(plans), then=Coalesce(Subquery(transfers.values("from_authority")[:1]), Value(""))),
            default=Value(""),
        ),
        key_worker_name=Subquery(worker.values("user__name")[:1]),
        category=Coalesce(Subquery(latest.values("category")[:1]), Subquery(plans.values("initial_category")[:1])),
    )


def list_of(
    authority_ids: Iterable[int],
    *,
    on: datetime.date,
    held: str = "",
    category: str = "",
    name: str = "",
    barred: Collection[int] = (),
) -> QuerySet[Child, Any]:
    """Return the list as its custodian reads it, by name; only managers see restricted records.

    ``held`` is "here" or "elsewhere", ``category`` a code, ``name`` part of a first or last name; ``barred``
    are families that the reader may not open.
    """
    rows = with_standing(listed_children(authority_ids, on=on), authority_ids, on=on)
    rows = rows.exclude(Exists(restricted_memberships()))
    if barred:
        rows = rows.exclude(person__in=FamilyMember.objects.filter(family__in=barred).order_by().values("person"))
    if held:
        here = Q(held_by="")
        rows = rows.filter(here if held == "here" else ~here)
    if category:
        rows = rows.filter(Q(category=category))
    for word in words_in(name):
        rows = rows.filter(person__in=_named(word))
    return rows.order_by("person__family_name", "person__given_name", F("person__birth_date"), "pk")


def _named(word: str) -> QuerySet[Any, Any]:
    persons = Child.objects.order_by()
    return (
        persons.filter(person__given_name__icontains=word)
        .values("person")
        .union(persons.filter(person__family_name__icontains=word).values("person"))
    )
