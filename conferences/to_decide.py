"""Who comes to a conference, and dates after the limit: what the chair and managers decide before it."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.enums import Role
from accounts.models import RoleAssignment
from accounts.readers import Reader
from conferences.access import RULES, UPCOMING
from conferences.agreed_by import KEEPS_OUT, named_rule
from conferences.answered_by import ANSWERS_RULE, DANGERS_RULE
from conferences.enums import Need, Party
from conferences.models import Conference, ConferenceAgreement, ExclusionRequest, LateAgreement
from conferences.selectors.agreements import AGREEMENT_RULE, STILL_AHEAD
from conferences.selectors.asks import unanswered
from conferences.selectors.companions import STILL_TO_ACCEPT, unanswered_checks
from conferences.selectors.late_dates import ANSWERED_AS_MANAGER
from conferences.selectors.lateness import unexplained
from conferences.selectors.requests import ANSWER_RULE, dangers_told, waiting
from deadlines.to_decide import DecisionKind, matters
from families.models import Family
from families.selectors.names import full_name_in_sql


def _requests(reader: Reader) -> QuerySet[Any, Any]:
    """Return requests about who attends that wait for whoever decides them, while the meeting is still to come."""
    chaired = named_rule(KEEPS_OUT).visible(Conference.objects.filter(status__in=UPCOMING), reader)
    rows = ExclusionRequest.objects.filter(decided_at__isnull=True, conference__in=chaired.values("pk"))
    return matters(
        rows,
        since="asked_at",
        args=["conference_id", "pk"],
        family="conference__family_id",
        about=full_name_in_sql("participant__person"),
    )


def _companions(reader: Reader) -> QuerySet[Any, Any]:
    """Return who is to come with the family and waits for the chair to accept them."""
    chaired = RULES["chair"].visible(Conference.objects.filter(status__in=STILL_TO_ACCEPT), reader)
    return matters(
        unanswered_checks().filter(participant__conference__in=chaired.values("pk")),
        since="asked_at",
        args=["participant__conference_id", "participant_id"],
        family="participant__conference__family_id",
        about=full_name_in_sql("participant__person"),
    )


def _late_dates(reader: Reader) -> QuerySet[Any, Any]:
    """Return dates after the limit to which the user has to agree, as chair or as whoever answers for a manager."""
    chaired, agreed = (RULES[to].visible(Conference.objects.all(), reader).values("pk") for to in ("chair", "agree"))
    served = RoleAssignment.objects.current(on=reader.today).filter(
        role=Role.SERVICE_MANAGER, user=reader.pk, authority=OuterRef("conference__authority")
    )
    asked = (
        Q(party=Party.CHAIR, conference__in=chaired)
        | Q(pk__one_of=ANSWERED_AS_MANAGER)
        | Q(Exists(served), party=Party.SERVICE_MANAGER, conference__in=agreed)
    )
    rows = LateAgreement.objects.filter(asked, agreed_at__isnull=True, superseded_at__isnull=True)
    return matters(
        rows,
        since="asked_at",
        args=["conference_id"],
        family="conference__family_id",
        about=Cast(F("conference__reference"), CharField()),
    )


def _late_reasons(reader: Reader) -> QuerySet[Any, Any]:
    """Return conferences past their limit of which nobody has said what the procedures ask for."""
    return matters(
        RULES["arrange"].visible(unexplained(reader.now), reader),
        since=Coalesce("last_at", "requested_at"),
        args=["pk"],
        family="family_id",
        about=Concat(Value("Conference "), "reference"),
    )


def _agreements(reader: Reader) -> QuerySet[Any, Any]:
    """Return conferences that were asked for and wait for the user's agreement; the service asks the same rule."""
    rows = ConferenceAgreement.objects.filter(answered_at__isnull=True, conference__status__in=STILL_AHEAD)
    return matters(
        AGREEMENT_RULE.visible(rows, reader),
        since="asked_at",
        args=["conference_id"],
        family="conference__family_id",
        about=Concat(Value("Conference "), "conference__reference"),
    )


def _agency_requests(reader: Reader) -> QuerySet[Any, Any]:
    """Return other agencies' requests for a conference that wait for the user; the service asks the same rule."""
    return matters(
        ANSWER_RULE.visible(waiting(), reader),
        since="asked_at",
        args=["family_id", "pk"],
        family="family_id",
        about=F("agency__name"),
    )


def _asks(reader: Reader) -> QuerySet[Any, Any]:
    """Return what people asked for, for those whose it is to answer.

    Only to be apart from someone is for those alone who decide about that.
    """
    answering = ANSWERS_RULE.visible(Conference.objects.all(), reader)
    deciding = named_rule(KEEPS_OUT).visible(Conference.objects.all(), reader)
    for_chair = Q(needs=[Need.APART])
    return matters(
        unanswered().filter(
            ~for_chair & Q(participant__conference__in=answering.values("pk"))
            | for_chair & Q(participant__conference__in=deciding.values("pk"))
        ),
        since="said_at",
        args=["participant__conference_id", "pk"],
        family="participant__conference__family_id",
        about=full_name_in_sql("participant__person"),
    )


def _dangers_told(reader: Reader) -> QuerySet[Any, Any]:
    """Return dangers for visitors that agencies told of, until somebody recorded one or said why not."""
    families = DANGERS_RULE.visible(Family.objects.all(), reader)
    return matters(
        dangers_told().filter(request__family__in=families.values("pk")),
        since="request__asked_at",
        args=["request__family_id", "pk"],
        family="request__family_id",
        about=F("request__agency__name"),
    )


KINDS = (
    DecisionKind(
        "told-danger",
        "Record a danger that an agency told of, or say why not",
        "conferences:settle-told-danger",
        _dangers_told,
        order=6,
    ),
    DecisionKind(
        "agency-request",
        "Answer an agency that asks for a conference",
        "conferences:answer-request",
        _agency_requests,
        order=15,
    ),
    DecisionKind(
        "conference", "Agree that a conference is held, or refuse", "conferences:agree", _agreements, order=20
    ),
    DecisionKind(
        "attendance", "Decide who takes part in a conference", "conferences:decide-request", _requests, order=30
    ),
    DecisionKind(
        "companion", "Accept who comes with the family", "conferences:accept-companion", _companions, order=33
    ),
    DecisionKind("guest-ask", "Answer what someone asked for", "conferences:answer-guest", _asks, order=35),
    DecisionKind(
        "late-reason", "Say why a conference is past its time limit", "conferences:late-reason", _late_reasons, order=41
    ),
    DecisionKind("late-date", "Agree to a date after the time limit", "conferences:agree-late", _late_dates, order=40),
)
