"""The clocks for arranging a conference: the request, late dates, who attends, and another attempt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from conferences.agreed_by import KEEPS_OUT
from conferences.clocks.conferences import allocated, chairs, held_when
from conferences.clocks.managing import managing, naming, service_managing
from conferences.enums import INITIAL_KINDS, ConferenceStatus, Party, SittingState
from conferences.models import Conference, ConferenceChild, Decision, ExclusionRequest, LateAgreement, Sitting
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, People, facts
from deadlines.models import Deadline
from families.enums import EnquiryOutcome
from families.models import Enquiry

NOTHING = Value("")
CANCELLED = Value("The conference was cancelled.")


def requests_to_service(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each enquiry that leads to a conference: from that decision to the request for it."""
    asked = ConferenceChild.objects.filter(
        Q(enquiry=OuterRef("pk")) | Q(conference__requested_at__gte=OuterRef("discussion__held_at")),
        child=OuterRef("child"),
        kind__in=INITIAL_KINDS,
    ).annotate(asked_at=Coalesce(F("added_at"), F("conference__requested_at")))
    asked = asked.order_by("asked_at", "pk")
    yield facts(
        families.of(Enquiry.objects.filter(to_conference_at__isnull=False), "discussion__family_id"),
        authority_id="child__authority_id",
        family_id="discussion__family_id",
        fact_id="pk",
        child_id="child_id",
        starts_at="to_conference_at",
        conference_id=Subquery(asked.values("conference_id")[:1]),
        responsible_ids=Asked(allocated("discussion__family").values("user_id")),
        met_at=Subquery(asked.values("asked_at")[:1]),
        not_needed=Case(
            When(
                outcome=EnquiryOutcome.CONFERENCE_NOT_REQUIRED, then=Value("The enquiries ended without a conference.")
            ),
            When(child__person__death_date__isnull=False, then=Value("The child died.")),
            default=NOTHING,
        ),
    )


def agreed_reviews(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each agreed review that closing the meeting could not book: to its booking."""
    not_at_once = Q(scheduled_at__isnull=True) | Q(scheduled_at__gt=F("requested_at"))
    yield facts(
        families.of(Conference.objects.filter(not_at_once, follows__isnull=False), "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_on=London(F("requested_at")),
        conference_id="pk",
        responsible_ids=People(F("coordinator_id")),
        met_at="scheduled_at",
        not_needed=Case(When(status=ConferenceStatus.CANCELLED, then=CANCELLED), default=NOTHING),
    )


def late_agreements(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each party asked about a date after the limit: from question to answer."""
    yield facts(
        families.of(LateAgreement.objects.all(), "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        starts_at="asked_at",
        conference_id="conference_id",
        responsible_ids=Case(
            When(party=Party.CHAIR, then=chairs(families, "conference__")),
            When(party=Party.MANAGER, then=managing()),
            default=service_managing(),
        ),
        what=Case(*[When(party=party, then=Value(party.label.lower())) for party in Party]),
        met_at="agreed_at",
        not_needed=Case(
            When(conference__status=ConferenceStatus.CANCELLED, then=CANCELLED),
            When(superseded_at__isnull=False, then=Value("The date was moved.")),
            default=NOTHING,
        ),
    )


def exclusion_requests(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each request to the chair: back from the conference, but never before the day of asking.

    No time limit stops anyone from asking, nor the chair from deciding.
    """
    cancelled_last = ExpressionWrapper(Q(state=SittingState.CANCELLED), output_field=BooleanField())
    booked = Sitting.objects.filter(conference=OuterRef("conference")).order_by(cancelled_last, "-number")
    rows = ExclusionRequest.objects.alias(meets_at=Subquery(booked.values("starts_at")[:1])).filter(
        meets_at__isnull=False
    )
    yield facts(
        families.of(rows, "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        starts_at=Subquery(booked.values("starts_at")[:1]),
        due_not_before=London(F("asked_at")),
        began_on=London(F("asked_at")),
        conference_id="conference_id",
        responsible_ids=naming(families, KEEPS_OUT),
        met_at="decided_at",
        not_needed=Case(
            When(conference__status=ConferenceStatus.CANCELLED, then=CANCELLED),
            When(conference__status=ConferenceStatus.CLOSED, then=Value("The conference is over.")),
            default=NOTHING,
        ),
    )


def guest_asks(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each person held back because a guest asked: from that moment to the chair's decision.

    Asking again changes nothing: the request that is open keeps the moment when it was made.
    """
    yield facts(
        families.of(ExclusionRequest.objects.filter(said__isnull=False), "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        starts_at="asked_at",
        conference_id="conference_id",
        responsible_ids=naming(families, KEEPS_OUT),
        met_at="decided_at",
        not_needed=Case(
            When(conference__status=ConferenceStatus.CANCELLED, then=CANCELLED),
            When(conference__status=ConferenceStatus.CLOSED, then=Value("The conference is over.")),
            default=NOTHING,
        ),
    )


def inquorate_conferences(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each inquorate initial conference: to the next attempt held. The first limit runs on."""
    initial = ConferenceChild.objects.filter(
        conference=OuterRef("conference"), kind__in=INITIAL_KINDS, withdrawn_at__isnull=True
    )
    # Children decided by the chair before the meeting was adjourned need no other attempt.
    decided = Decision.objects.filter(
        conference_child=OuterRef("pk"), superseded_by__isnull=True, sitting__number__lte=OuterRef(OuterRef("number"))
    )
    undecided = initial.filter(~Exists(decided))
    waiting = undecided.exclude(enquiry__outcome=EnquiryOutcome.CONFERENCE_NOT_REQUIRED).exclude(
        child__person__death_date__isnull=False
    )
    again = (
        Sitting.objects.filter(
            Q(state__in=(SittingState.ENDED, SittingState.ADJOURNED))
            | Exists(Decision.objects.filter(sitting=OuterRef("pk"), superseded_by__isnull=True)),
            starts_at__gt=OuterRef("starts_at"),
            conference__children__kind__in=INITIAL_KINDS,
            conference__children__withdrawn_at__isnull=True,
            conference__children__child__in=_children_of_outer(),
        )
        .annotate(held_at=held_when(""))
        .order_by("held_at")
    )
    yield facts(
        families.of(Sitting.objects.filter(Exists(undecided), state=SittingState.INQUORATE), "conference__family_id"),
        authority_id="conference__authority_id",
        family_id="conference__family_id",
        fact_id="pk",
        starts_on=London(held_when("")),
        conference_id="conference_id",
        responsible_ids=People(
            Asked(allocated("conference__family").values("user_id")),
            F("conference__coordinator_id"),
            chairs(families, "conference__"),
        ),
        met_at=Subquery(again.values("held_at")[:1]),
        not_needed=Case(
            When(~Exists(waiting), then=Value("No child is waiting for this conference any more.")), default=NOTHING
        ),
    )


def _children_of_outer() -> QuerySet[ConferenceChild, Any]:
    """Return the children of the outer sitting's conference."""
    return ConferenceChild.objects.filter(
        conference=OuterRef(OuterRef("conference")), kind__in=INITIAL_KINDS, withdrawn_at__isnull=True
    ).values("child")


def _where_asked(deadline: Deadline) -> str:
    if deadline.conference_id:
        return reverse("conferences:overview", args=[deadline.conference_id])
    return reverse("conferences:ask-for-conference", args=[deadline.family_id])


def _where_agreed(deadline: Deadline) -> str:
    return reverse("conferences:agree-late", args=[deadline.conference_id])


def _where_decided(deadline: Deadline) -> str:
    return reverse("conferences:decide-request", args=[deadline.conference_id, deadline.fact_id])


def _where_booked_again(deadline: Deadline) -> str:
    return reverse("conferences:overview", args=[deadline.conference_id])


def register_arranging_clocks() -> None:
    """Register the clocks. Called from ``ConferencesConfig.ready``."""
    register(
        Clock(
            kind="request-to-service",
            title="Ask the service for the conference",
            rule="Once a manager decides that a conference is needed, the conference service is asked to arrange it.",
            event="decision to convene",
            met_when="the conference is requested",
            facts=requests_to_service,
            url=_where_asked,
            button="Ask for the conference",
            button_in_conference="Open the conference",
        )
    )
    register(
        Clock(
            kind="agreed-review-booked",
            title="Book the review that was agreed",
            rule=(
                "The date of a review is agreed before the meeting ends. Where chair or room were not free, the "
                "coordinator books it within this limit."
            ),
            event="closing of the meeting",
            met_when="the review is booked",
            facts=agreed_reviews,
            url=_where_booked_again,
            button="Book the review",
        )
    )
    register(
        Clock(
            kind="late-agreement",
            title="Agree to a date after the time limit",
            rule=(
                "The people the council names agree to a conference after its time limit, and say what keeps the "
                "children safe until then. The conference goes ahead whether or not they answer."
            ),
            event="request for agreement",
            met_when="the agreement is recorded",
            facts=late_agreements,
            url=_where_agreed,
            button="Answer",
        )
    )
    register(
        Clock(
            kind="exclusion-request",
            title="Decide whether and how someone takes part",
            rule=(
                "The chair decides on a request to keep someone out by this time before the "
                "conference. A later request is due the same day, and is decided whenever it comes."
            ),
            event="conference",
            met_when="the chair has decided",
            facts=exclusion_requests,
            url=_where_decided,
            button="Decide",
        )
    )
    register(
        Clock(
            kind="guest-ask",
            title="Decide about someone whom a guest asked to keep away",
            rule=(
                "Nothing goes to the person until the chair has decided, so that is decided within this limit. "
                "Asking again does not make it longer."
            ),
            event="asking on a guest's page",
            met_when="the chair has decided",
            facts=guest_asks,
            url=_where_decided,
            button="Decide",
        )
    )
    register(
        Clock(
            kind="inquorate-again",
            title="Hold the conference again",
            rule=(
                "If too few agencies came to an initial conference, it is held again within this "
                "limit. The time limit from the strategy discussion keeps running."
            ),
            event="inquorate conference",
            met_when="another sitting is held",
            facts=inquorate_conferences,
            url=_where_booked_again,
            button="Book the next date",
        )
    )
