"""The clock of a request for what is held about somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse

from deadlines.clocks import Clock, register
from deadlines.facts import Families, Noon, People, facts
from deadlines.models import Deadline
from records.enums import DisclosureKind, DisclosureState
from records.models import Disclosure


def _requests(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each request, from the day it was made until the bundle was handed over."""
    rows = Disclosure.objects.filter(kind=DisclosureKind.SUBJECT_ACCESS)
    yield facts(
        families.of(rows, "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_on="asked_on",
        responsible_ids=People(F("prepared_by_id")),
        met_at=Case(When(Q(handed_on__isnull=False), then=Noon(F("handed_on")))),
        not_needed=Case(
            When(state=DisclosureState.WITHDRAWN, then=Value("The bundle was withdrawn.")), default=Value("")
        ),
    )


def _page(deadline: Deadline) -> str:
    return reverse("records:disclosure", args=[deadline.fact_id])


def register_clocks() -> None:
    """Register the clock. Called from ``connect``."""
    register(
        Clock(
            kind="subject-request",
            title="Answer a request for what is held about somebody",
            rule="Whoever asks what is held about them gets it within a month of asking: UK GDPR, article 12(3).",
            facts=_requests,
            url=_page,
            button="Open the bundle",
            event="request",
            met_when="the bundle is handed over",
        )
    )
