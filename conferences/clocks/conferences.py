"""The clocks started by an enquiry, a pregnancy, a move and a booking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from conferences.enums import INITIAL_KINDS, ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild, Decision, StandIn
from conferences.models.replacements import sittings_still_chaired
from deadlines.clocks import Clock, register
from deadlines.facts import Asked, Families, London, People, facts
from deadlines.models import Deadline
from families.enums import LASTING_TRANSFERS, EnquiryOutcome, PregnancyOutcome, TransferState
from families.models import Allocation, Enquiry, TransferIn

NOT_OVER = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)
ENDED = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


def chairs(families: Families, conference: str = "") -> People:
    """Return who is responsible as chair of a conference on the day of counting: the right "chair", in SQL.

    ``conference`` is the path from the row to its conference, such as "conference__".
    """
    own = OuterRef(f"{conference}pk")
    sittings = sittings_still_chaired().filter(conference=own)
    stand_ins = StandIn.objects.filter(conference=own, starts_on__lte=families.today, ends_on__gt=families.today)
    return People(
        F(f"{conference}chair_id"),
        Asked(sittings.order_by().values("chair_id")),
        Asked(stand_ins.order_by().values("user_id")),
    )


def held_when(sitting: str = "sitting__") -> Coalesce:
    """Return when a sitting began; ``sitting`` is the path to it."""
    return Coalesce(F(f"{sitting}opened_at"), F(f"{sitting}starts_at"))


def decided_when(decision: str = "") -> Case:
    """Return when a decision was made: for a sitting recorded afterwards, the time it was held."""
    sitting = f"{decision}sitting__"
    held = Coalesce(F(f"{sitting}ended_at"), F(f"{sitting}opened_at"), F(f"{sitting}starts_at"))
    return Case(When(**{f"{sitting}recorded_afterwards_reason": ""}, then=F(f"{decision}decided_at")), default=held)


def _enquiry(families: Families) -> dict[str, Any]:
    """Return the columns common to all facts of an enquiry."""
    led_to = _led_to()
    theirs = (
        led_to.annotate(decided=Exists(_standing().filter(conference_child=OuterRef("pk"))))
        .filter(Q(decided=True) | Q(conference__status__in=NOT_OVER))
        .order_by("-decided", "-pk")
    )
    booked = theirs.annotate(asked=People(F("conference__coordinator_id"), chairs(families, "conference__")))
    return {
        "authority_id": "child__authority_id",
        "family_id": "discussion__family_id",
        "child_id": "child_id",
        "policy_version_id": "policy_version_id",
        "conference_id": Subquery(theirs.values("conference_id")[:1]),
        "responsible_ids": People(Asked(allocated().values("user_id")), Subquery(booked.values("asked")[:1])),
        "met_at": _decided(led_to),
    }


def _decided(rows: QuerySet[ConferenceChild], *, before_birth: bool = False) -> Subquery:
    """Return when the first decision in force was made about one of the outer row's children in conference.

    ``before_birth`` excludes decisions made once the child was born.
    """
    decided = rows.annotate(
        decision=F("decisions__pk"), superseded=F("decisions__superseded_by"), at=decided_when("decisions__")
    ).filter(decision__isnull=False, superseded__isnull=True)
    if before_birth:
        born = F("child__person__birth_date")
        decided = decided.annotate(day=London(held_when("decisions__sitting__"))).filter(
            Q(child__person__birth_date__isnull=True) | Q(day__lt=born) | Q(day=born, kind=ConferenceKind.PRE_BIRTH)
        )
    return Subquery(decided.order_by("at").values("at")[:1])


def _led_to() -> QuerySet[ConferenceChild]:
    """Return those of the child's conferences that the outer enquiry can have led to."""
    return ConferenceChild.objects.filter(
        Q(enquiry=OuterRef("pk")) | Q(conference__requested_at__gte=OuterRef("discussion__held_at")),
        child=OuterRef("child"),
        kind__in=INITIAL_KINDS,
        withdrawn_at__isnull=True,
    ).exclude(conference__status=ConferenceStatus.CANCELLED)


def _standing() -> QuerySet[Decision]:
    return Decision.objects.filter(superseded_by__isnull=True)


def allocated(family: str = "discussion__family") -> QuerySet[Allocation]:
    """Return who holds the case of the outer row's family now."""
    return Allocation.objects.filter(family=OuterRef(family), ends_on__isnull=True)


def _stopped(child: str = "child__") -> list[When]:
    ended = Q(**{f"{child}pregnancy__outcome__in": ENDED, f"{child}person__birth_date__isnull": True})
    return [
        When(ended, then=Value("The pregnancy ended.")),
        When(**{f"{child}person__death_date__isnull": False}, then=Value("The child died.")),
    ]


def initial_conferences(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each enquiry: from the day of its strategy discussion to the decision for that child."""
    yield facts(
        families.of(Enquiry.objects.all(), "discussion__family_id"),
        **_enquiry(families),
        fact_id="pk",
        starts_on="started_on",
        not_needed=Case(
            When(
                outcome=EnquiryOutcome.CONFERENCE_NOT_REQUIRED, then=Value("The enquiries ended without a conference.")
            ),
            *_stopped(),
            default=Value(""),
        ),
    )


def pre_birth_conferences(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each enquiry about an unborn child: back from the expected date, if still ahead.

    A birth before the conference makes it an ordinary initial one: this clock stops, never to be met, and the
    other runs on.
    """
    rows = Enquiry.objects.filter(child__pregnancy__isnull=False).exclude(
        outcome=EnquiryOutcome.CONFERENCE_NOT_REQUIRED
    )
    earlier = rows.filter(child=OuterRef("child"), pk__lt=OuterRef("pk"))
    born = Q(child__pregnancy__outcome=PregnancyOutcome.LIVE_BIRTH) | Q(child__person__birth_date__isnull=False)
    yield facts(
        families.of(rows.filter(~Exists(earlier)), "discussion__family_id"),
        **{**_enquiry(families), "met_at": _decided(_led_to(), before_birth=True)},
        fact_id="child_id",
        starts_on="child__pregnancy__expected_on",
        not_before="started_on",
        not_needed=Case(
            *_stopped(),
            When(born, then=Value("Born before the conference, which became an ordinary initial one.")),
            default=Value(""),
        ),
    )


def transfer_in_conferences(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each child who moved in with another council's plan: from the day of notification."""
    theirs = ConferenceChild.objects.filter(transfer=OuterRef("pk"), withdrawn_at__isnull=True).exclude(
        conference__status=ConferenceStatus.CANCELLED
    )
    booked = theirs.order_by("-pk").annotate(
        asked=People(F("conference__coordinator_id"), chairs(families, "conference__"))
    )
    yield facts(
        families.of(TransferIn.objects.all(), "family_id"),
        authority_id="family__authority_id",
        family_id="family_id",
        fact_id="pk",
        child_id="child_id",
        starts_on="notified_on",
        policy_version_id="policy_version_id",
        conference_id=Subquery(booked.values("conference_id")[:1]),
        responsible_ids=People(Asked(allocated("family").values("user_id")), Subquery(booked.values("asked")[:1])),
        met_at=_decided(theirs),
        not_needed=Case(
            *(
                When(state=state, then=Value(f"The move: {state.label.lower()}."))
                for state in TransferState
                if state not in LASTING_TRANSFERS
            ),
            *_stopped(),
            default=Value(""),
        ),
    )


def invitations(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each conference: from the day its date was fixed to the sending of the invitations.

    A review agreed at the conference before it is fixed months ahead; its invitations count back from its day.
    """
    agreed = Q(follows__isnull=False, meets_at__isnull=False)
    fixed_on = London(F("scheduled_at"))
    still_in = ConferenceChild.objects.filter(conference=OuterRef("pk"), withdrawn_at__isnull=True)
    yield facts(
        families.of(Conference.objects.filter(scheduled_at__isnull=False), "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_at=Case(When(agreed, then=F("meets_at"))),
        starts_on=Case(When(agreed, then=London(F("meets_at"))), default=fixed_on),
        began_on=fixed_on,
        due_not_before=Case(When(agreed, then=fixed_on)),
        limit_key=Case(When(agreed, then=Value("invitations-sent:agreed-review"))),
        conference_id="pk",
        responsible_ids=People(F("coordinator_id")),
        met_at="invited_at",
        not_needed=Case(
            When(status=ConferenceStatus.CANCELLED, then=Value("The conference was cancelled.")),
            When(opened_at__isnull=False, then=Value("The conference was held without it.")),
            When(~Exists(still_in), then=Value("No child is left in this conference.")),
            default=Value(""),
        ),
    )


def _where_arranged(deadline: Deadline) -> str:
    if deadline.conference_id:
        return reverse("conferences:overview", args=[deadline.conference_id])
    return reverse("conferences:schedule", args=[deadline.family_id])


def _where_people(deadline: Deadline) -> str:
    return reverse("conferences:people", args=[deadline.conference_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``ConferencesConfig.ready``."""
    decided = "the chair has decided for the child"
    register(
        Clock(
            kind="initial-conference",
            title="Hold the initial conference",
            rule=(
                "For each child, the conference is held within the limit after the strategy "
                "discussion that started the section 47 enquiries."
            ),
            event="strategy discussion",
            met_when=decided,
            facts=initial_conferences,
            url=_where_arranged,
            button="Schedule the conference",
            button_in_conference="Open the conference",
        )
    )
    register(
        Clock(
            kind="pre-birth-conference",
            title="Hold the pre-birth conference",
            rule="A conference about an unborn child is held by this time before the expected date of birth.",
            event="expected date of birth",
            met_when=decided,
            facts=pre_birth_conferences,
            url=_where_arranged,
            button="Schedule the conference",
            button_in_conference="Open the conference",
        )
    )
    register(
        Clock(
            kind="transfer-in-conference",
            title="Hold the transfer-in conference",
            rule="When a child with a plan moves to a new council, that council holds a conference within the limit.",
            event="notification of the move",
            met_when=decided,
            facts=transfer_in_conferences,
            url=_where_arranged,
            button="Open the conference",
        )
    )
    register(
        Clock(
            kind="invitations-sent",
            title="Send the invitations",
            rule=(
                "Invitations go out as soon as the date is fixed, so that people can arrange to come "
                "and write their reports. For a review agreed months ahead they go out in good time before it."
            ),
            event="day the date was fixed",
            met_when="all invitations are sent, or are waiting for the chair",
            facts=invitations,
            url=_where_people,
            button="Choose who to invite",
        )
    )
