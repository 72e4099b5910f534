"""The clocks of an incident: telling who is in danger the same day, and deciding about the regulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.enums import Role
from conferences.clocks.losses import managing_family
from conferences.clocks.managing import holding
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, People, facts
from deadlines.models import Deadline
from families.models import Allocation
from incidents.enums import Telling
from incidents.models import Incident, PersonConcerned, RegulatorDecision
from incidents.selectors.incidents import REGULATOR, TOLD

NO_INCIDENT = Value("It was no incident.")
DECIDED = Value("It was decided that they are not told.")
NOTHING = Value("")


def _told(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each person in danger, from when they were named to when they were told."""
    workers = Allocation.objects.filter(family=OuterRef("incident__family"), ends_on__isnull=True).order_by()
    rows = PersonConcerned.objects.filter(at_risk=True)
    yield facts(
        families.of(rows, "incident__family_id"),
        authority_id="incident__authority_id",
        family_id="incident__family_id",
        fact_id="pk",
        starts_at="added_at",
        starts_on=London(F("added_at")),
        responsible_ids=People(Asked(workers.values("user_id")), managing_family("incident__family")),
        met_at="told_at",
        not_needed=Case(
            When(incident__withdrawn_at__isnull=False, then=NO_INCIDENT),
            When(telling=Telling.NOT_TOLD, then=DECIDED),
            default=NOTHING,
        ),
    )


def _regulator(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each incident, from when the council became aware to the decision, or the report."""
    decisions = RegulatorDecision.objects.filter(incident=OuterRef("pk")).order_by("decided_at", "pk")
    first = decisions.annotate(at=Coalesce("reported_at", "decided_at")).values("at")[:1]
    held = [
        holding(role, authority=OuterRef("authority")).values("user_id")
        for role in (Role.DATA_PROTECTION, Role.SERVICE_MANAGER)
    ]
    yield facts(
        families.of(Incident.objects.all(), "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_at="aware_at",
        starts_on=London(F("aware_at")),
        responsible_ids=People(*(Asked(rows) for rows in held)),
        met_at=Subquery(first),
        not_needed=Case(When(withdrawn_at__isnull=False, then=NO_INCIDENT), default=NOTHING),
    )


def _page(deadline: Deadline) -> str:
    return reverse("incidents:incident", args=[deadline.fact_id])


def _page_of_person(deadline: Deadline) -> str:
    incident = PersonConcerned.objects.values_list("incident_id", flat=True).get(pk=deadline.fact_id)
    return reverse("incidents:record-told", args=[incident, deadline.fact_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``connect``."""
    register(
        Clock(
            kind=TOLD,
            title="Tell somebody who is in danger because of an incident",
            rule="Whoever is in danger because a paper reached the wrong hands is told safely the same day.",
            facts=_told,
            url=_page_of_person,
            button="Record that they were told",
            event="moment they were named",
            met_when="they were told",
            is_urgent=True,
        )
    )
    register(
        Clock(
            kind=REGULATOR,
            title="Decide whether the Information Commissioner is told",
            rule=(
                "The Information Commissioner is told of a breach that may harm people, or it is recorded why not; "
                "weekends count."
            ),
            facts=_regulator,
            url=_page,
            button="Decide",
            event="moment the council became aware",
            met_when="it is reported, or decided that it is not",
            is_urgent=True,
        )
    )
