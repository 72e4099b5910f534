"""The clock of an adopted child's record that waits to be sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse

from conferences.clocks.losses import managing_family
from deadlines.clocks import Clock, register
from deadlines.facts import Families, London, facts
from deadlines.models import Deadline
from families.enums import AdoptedBy
from families.models import Adoption, FamilyMember


def adoption_sealed(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each adoption by others, from the recording of the order to the sealing of the record.

    Within the family a record is sealed only by a decision of its own, so nothing waits there.
    """
    of_child = FamilyMember.objects.filter(person=OuterRef("person")).order_by(
        F("ends_on").desc(nulls_first=True), "pk"
    )
    orders = (
        Adoption.objects.filter(adopted_by=AdoptedBy.OTHERS, person__child__isnull=False)
        .annotate(member=F("person__memberships__pk"), counts_for=F("person__memberships__family_id"))
        .filter(member=Subquery(of_child.values("pk")[:1]))
    )
    yield facts(
        families.of(orders, "counts_for"),
        authority_id="person__authority_id",
        family_id="counts_for",
        fact_id="pk",
        child_id="person__child__pk",
        starts_on=London(F("recorded_at")),
        responsible_ids=managing_family("counts_for"),
        met_at="sealed_at",
        not_needed=Case(
            When(withdrawn_at__isnull=False, then=Value("It was entered in error.")),
            When(person__death_date__isnull=False, then=Value("The child died.")),
            default=Value(""),
        ),
    )


def _page(deadline: Deadline) -> str:
    person = Adoption.objects.values_list("person_id", flat=True).get(pk=deadline.fact_id)
    return reverse("families:person", args=[deadline.family_id, person])


def register_adoption_clock() -> None:
    """Register the clock."""
    register(
        Clock(
            kind="adoption-sealed",
            title="Seal the record of an adopted child",
            rule="An order by which others adopt seals the record once no plan is open: a manager sees to that.",
            facts=adoption_sealed,
            url=_page,
            button="Open the record",
            event="recording of the order",
            met_when="the record is sealed",
        )
    )
