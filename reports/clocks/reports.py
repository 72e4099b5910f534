"""Clocks for reports: submitted, shared with the family, and with the chair before the conference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from conferences.clocks.conferences import chairs
from conferences.clocks.managing import managing
from conferences.enums import Capacity, ConferenceKind, ConferenceStatus, ParticipantStatus, SittingState
from conferences.models import Conference, ConferenceChild, Sitting
from deadlines.clocks import Clock, register
from deadlines.facts import Families, London, People, facts
from deadlines.models import Deadline
from families.enums import AgencyKind
from reports.enums import ReportState
from reports.models import GoneOnWithout, PaperProgress, Report

HELD_WITHOUT = "The meeting was held without this report."
CANCELLED = "The conference was cancelled."
REVIEW = ":review"


def _start(conference: str) -> Coalesce:
    """Return when the outer row's conference is first held, or was requested if none is booked."""
    sittings = Sitting.objects.filter(conference=OuterRef(f"{conference}pk")).exclude(state=SittingState.CANCELLED)
    first = Subquery(sittings.order_by("number").values("starts_at")[:1])
    return Coalesce(first, F(f"{conference}requested_at"))


def _holds(conference: str, *, review: bool) -> Exists:
    kind = Q(kind=ConferenceKind.REVIEW)
    rows = ConferenceChild.objects.filter(conference=OuterRef(f"{conference}pk"), withdrawn_at__isnull=True)
    return Exists(rows.filter(kind if review else ~kind))


def _limits(kind: str, conference: str) -> dict[str, Any]:
    """Return the limit that counts; the stricter one if first conferences and reviews are combined."""
    review, initial = _holds(conference, review=True), _holds(conference, review=False)
    return {
        "starts_at": _start(conference),
        "limit_key": Case(When(review & ~initial, then=Value(kind + REVIEW)), default=Value(kind)),
        "other_limit_key": Case(When(review & initial, then=Value(kind + REVIEW))),
        "other_starts_on": Case(When(review & initial, then=London(_start(conference)))),
    }


def _stopped(conference: str, *others: When) -> Case:
    """Return why an unmet report clock has stopped."""
    return Case(
        When(**{f"{conference}status": ConferenceStatus.CANCELLED}, then=Value(CANCELLED)),
        *others,
        When(**{f"{conference}status": ConferenceStatus.CLOSED}, then=Value(HELD_WITHOUT)),
        default=Value(""),
    )


def _paper() -> dict[str, Any]:
    """Return the values common to all facts of a report.

    Its author is responsible if they can sign in and are invited, otherwise the coordinator. While it waits for
    agreement, the managers of the team are responsible, or those of the service if the team has no one else.
    """
    own = Q(participant__person__user__isnull=False) & (
        Q(participant__status=ParticipantStatus.INVITED) | Q(participant__capacity=Capacity.SOCIAL_WORKER)
    )
    of_agency = [When(participant__agency__kind=kind.value, then=Value(str(kind.label))) for kind in AgencyKind]
    of_capacity = [When(participant__capacity=capacity.value, then=Value(str(capacity.label))) for capacity in Capacity]
    return {
        "authority_id": "conference__authority_id",
        "family_id": "conference__family_id",
        "fact_id": "participant_id",
        "began_on": London(F("conference__scheduled_at")),
        "conference_id": "conference_id",
        "responsible_ids": People(
            Case(When(own, then=F("participant__person__user_id")), default=F("conference__coordinator_id"))
        ),
        "what": Case(*of_agency, *of_capacity, default=Value("")),
    }


def _managers() -> Case:
    """Return the managers of the team, otherwise of the service, except whoever submitted the report."""
    return managing(other_than=_waiting(OuterRef(OuterRef("participant_id"))).values("submitted_by"))


def _waiting(author: OuterRef) -> QuerySet[Report]:
    """Return an author's submitted report that waits for a manager."""
    return Report.objects.filter(
        author=author,
        state=ReportState.SUBMITTED,
        needs_agreement=True,
        agreed_at__isnull=True,
        sent_back_at__isnull=True,
    )


def reports_submitted(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each person asked for a report.

    It is counted back from the conference and met when the report is submitted and agreed.
    """
    author = _paper()
    waits = Exists(_waiting(OuterRef("participant_id")))
    answers = Case(When(waits, then=_managers()), default=author["responsible_ids"])
    yield facts(
        families.of(PaperProgress.objects.all(), "conference__family_id"),
        **{**author, "responsible_ids": answers},
        **_limits("report-submitted", "conference__"),
        met_at="received_at",
        not_needed=_stopped("conference__"),
    )


def reports_shared(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each report.

    It is counted back from the conference and met when there is an outcome for each family member due the
    report.
    """
    held_before = When(
        conference__status=ConferenceStatus.CLOSED,
        received_at__isnull=False,
        nobody_due=False,
        then=Value("The meeting was held before this report was shared with everyone."),
    )
    nobody = When(
        ~Q(conference__status=ConferenceStatus.CLOSED),
        nobody_due=True,
        then=Value("No one in the family is due to hear this report."),
    )
    yield facts(
        families.of(PaperProgress.objects.all(), "conference__family_id"),
        **_paper(),
        **_limits("report-shared-with-family", "conference__"),
        met_at="shared_at",
        not_needed=_stopped("conference__", held_before, nobody),
    )


def chair_has_reports(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each conference, counted back from it.

    It is met by the last report coming in, or by the chair going on without the rest. Opening the meeting
    without either stops the clock.
    """
    papers = PaperProgress.objects.filter(conference=OuterRef("pk"))
    last = papers.order_by().values("conference").annotate(last=Max("received_at")).values("last")
    missing = Exists(papers.filter(received_at__isnull=True))
    went_on = GoneOnWithout.objects.filter(conference=OuterRef("pk"))
    yield facts(
        families.of(Conference.objects.filter(Exists(papers)), "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_at=_start(""),
        began_on=London(F("scheduled_at")),
        conference_id="pk",
        responsible_ids=People(chairs(families), F("coordinator_id")),
        met_at=Least(Case(When(~missing, then=Subquery(last))), Subquery(went_on.values("at"))),
        not_needed=_stopped(
            "",
            When(status=ConferenceStatus.CLOSED, then=Value(HELD_WITHOUT)),
            When(opened_at__isnull=False, then=Value("The chair opened the meeting without the missing reports.")),
        ),
    )


def _to_report(deadline: Deadline) -> str:
    return reverse("reports:read-report", args=[deadline.conference_id, deadline.fact_id])


def _to_papers(deadline: Deadline) -> str:
    return reverse("reports:papers", args=[deadline.conference_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``ReportsConfig.ready``."""
    for clock in CLOCKS:
        register(clock)


CLOCKS = (
    Clock(
        kind="report-submitted",
        title="Submit the report",
        rule="Each report comes in before the conference, so that everyone can read it.",
        facts=reports_submitted,
        url=_to_report,
        button="Write the report",
        event="conference",
        met_when="the whole report is in and, for the social work report, a manager has agreed to it",
    ),
    Clock(
        kind="report-shared-with-family",
        title="Share the report with the family",
        rule="Each parent hears what a report says about their child before the conference.",
        facts=reports_shared,
        url=_to_report,
        button="Record how it was shared",
        event="conference",
        met_when="each person due the report has heard it, or the reason why not is recorded",
    ),
    Clock(
        kind="chair-has-reports",
        title="Get every report to the chair",
        rule="The chair has every report before the conference.",
        facts=chair_has_reports,
        url=_to_papers,
        button="See who has not sent a report",
        event="conference",
        met_when="the last report is in, or the chair goes ahead without it",
    ),
)
