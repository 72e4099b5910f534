"""Defines the history record of a conference; higher apps add their rows to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.history.registry import Part, Record, add_to_record, register_record
from accounts.models import User
from conferences import models
from conferences.agreed_by import KEEPS_OUT, named_rule
from conferences.enums import AskedKind, Need
from conferences.models import (
    Conference,
    ConferenceChild,
    ConferenceRequest,
    ExclusionRequest,
    RequestedItem,
    SaidByGuest,
)

CONFERENCE = "conference"


def _deciding(user: User) -> QuerySet[Any]:
    """Match conferences in which the user decides how people take part: who asked, and why, is for them alone."""
    return named_rule(KEEPS_OUT).visible(Conference.objects.order_by(), user).values("pk")


def _decided_on(user: User) -> QuerySet[Any]:
    """Match requests about how someone takes part that the user decides."""
    return ExclusionRequest.objects.order_by().filter(conference__in=_deciding(user)).values("pk")


def said_openly(user: User) -> QuerySet[Any]:
    """Match what guests sent, less what asks to be apart from someone where the user does not decide about it."""
    for_chair = Q(needs__contains=[Need.APART]) & ~Q(participant__conference__in=_deciding(user))
    return SaidByGuest.objects.order_by().exclude(for_chair).values("pk")


def asked_openly(user: User) -> QuerySet[Any]:
    """Match what was asked for with conferences, less who should stay out where the user does not decide about it."""
    for_chair = Q(kind=AskedKind.KEEP_OUT) & ~Q(request__conference__in=_deciding(user))
    return RequestedItem.objects.order_by().exclude(for_chair).values("pk")


def _of_agencies(user: User) -> QuerySet[Any]:  # noqa: ARG001
    """Match requests of other agencies: whoever may open the family reads those."""
    return ConferenceRequest.objects.order_by().filter(agency__isnull=False).values("pk")


def _asked_by_agencies(user: User) -> QuerySet[Any]:
    """Match what agencies asked for beside, less who should stay out where the user does not decide about it."""
    return asked_openly(user).filter(request__agency__isnull=False)


CONFERENCE_RECORD = Record(
    CONFERENCE,
    models.Conference,
    (
        Part(models.Conference),
        Part(models.Sitting),
        Part(models.StandIn),
        Part(models.Replacement),
        Part(ConferenceChild),
        Part(models.ConferenceRequest, ("conference",)),
        Part(models.RequestedItem, ("request__conference",), only={"id": asked_openly}),
        Part(models.ConferenceAgreement),
        Part(models.LateAgreement),
        Part(models.Participant),
        Part(models.EarlierAnswer),
        Part(models.Deputy),
        Part(models.ListShown),
        Part(models.SaidByGuest, only={"id": said_openly}),
        Part(models.AnswerToGuest, only={"said_id": said_openly}),
        Part(models.LinkGiven),
        Part(models.RecordingDecision),
        Part(models.LobbyCheck),
        Part(models.CompanionCheck),
        Part(models.AdvocateOffer),
        Part(models.AdvocateAgreement),
        Part(models.DeviceAsked),
        Part(models.Understanding),
        Part(models.ExclusionRequest, only={"conference_id": _deciding}),
        Part(models.AbsenceTold, only={"request_id": _decided_on}),
        Part(models.ToTell),
        Part(models.Telling),
        Part(models.Decision),
        Part(models.Part),
        Part(models.Attendance),
    ),
)


def register_history() -> None:
    """Register the record of a conference, and what it adds to a person's; called once from ``connect``."""
    register_record(CONFERENCE_RECORD)
    add_to_record("person", Part(models.PaperOnly))
    add_to_record(
        "family",
        Part(models.ConferenceRequest, ("family",), only={"id": _of_agencies}),
        Part(models.RequestedItem, ("request__family",), only={"id": _asked_by_agencies}),
    )
