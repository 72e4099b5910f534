"""The clocks of what people ask for: an answer to a guest, and to another agency that asks for a conference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from accounts.enums import Role
from conferences.agreed_by import KEEPS_OUT
from conferences.clocks.conferences import allocated
from conferences.clocks.managing import holding, ids_of, naming
from conferences.enums import ConferenceStatus, Need
from conferences.models import AnswerToGuest, ConferenceRequest, ExclusionRequest, SaidByGuest
from conferences.selectors.requests import answered_by_the_service
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, People, facts
from deadlines.models import Deadline
from families.selectors.names import full_name_in_sql

NOTHING = Value("")


def guest_answers(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each thing that a guest asked for: from that moment to the first answer.

    Only to be apart from someone is the chair's, with a clock of its own (``guest-ask``).
    """
    answers = AnswerToGuest.objects.filter(said=OuterRef("pk")).order_by("answered_at")
    with_chair = ExclusionRequest.objects.filter(said=OuterRef("pk"))
    rows = SaidByGuest.objects.filter(reply="").exclude(Q(Exists(with_chair)), needs=[Need.APART])
    yield facts(
        families.of(rows, "participant__conference__family_id"),
        authority_id="participant__conference__authority_id",
        family_id="participant__conference__family_id",
        fact_id="pk",
        starts_at="said_at",
        conference_id="participant__conference_id",
        responsible_ids=Case(
            When(needs=[Need.APART], then=naming(families, KEEPS_OUT, "participant__conference__")),
            default=People(
                F("participant__conference__coordinator_id"),
                Asked(allocated("participant__conference__family").values("user_id")),
            ),
        ),
        what=full_name_in_sql("participant__person"),
        met_at=Subquery(answers.values("answered_at")[:1]),
        not_needed=Case(
            When(
                participant__conference__status=ConferenceStatus.CANCELLED, then=Value("The conference was cancelled.")
            ),
            default=NOTHING,
        ),
    )


def agency_requests(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each request of another agency: from asking to the answer of whoever is asked."""
    team = holding(Role.TEAM_MANAGER, team=OuterRef("family__team"))
    service = holding(Role.SERVICE_MANAGER, authority=OuterRef("family__authority"))
    yield facts(
        families.of(ConferenceRequest.objects.filter(agency__isnull=False), "family_id"),
        authority_id="family__authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_at="asked_at",
        conference_id="conference_id",
        responsible_ids=Case(
            When(answered_by_the_service() | ~Q(Exists(team)), then=ids_of(service)), default=ids_of(team)
        ),
        met_at="answered_at",
        not_needed=NOTHING,
    )


def _where_answered(deadline: Deadline) -> str:
    return reverse("conferences:answer-guest", args=[deadline.conference_id, deadline.fact_id])


def _where_decided(deadline: Deadline) -> str:
    return reverse("conferences:answer-request", args=[deadline.family_id, deadline.fact_id])


def register_asking_clocks() -> None:
    """Register the clocks. Called from ``connect``."""
    register(
        Clock(
            kind="guest-answer",
            title="Answer what someone asked for",
            rule="Whoever asks for something before or after the meeting is answered within this limit.",
            event="asking",
            met_when="they have an answer",
            facts=guest_answers,
            url=_where_answered,
            button="Answer",
        )
    )
    register(
        Clock(
            kind="agency-request",
            title="Answer an agency that asks for a conference",
            rule="When another agency asks for a conference, a manager says within this limit whether one is needed.",
            event="asking",
            met_when="the manager has answered",
            facts=agency_requests,
            url=_where_decided,
            button="Answer",
        )
    )
