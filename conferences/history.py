"""Defines the history record of a conference; higher apps add their rows to it."""

from __future__ import annotations

from accounts.history.registry import Part, Record, register_record
from conferences import models
from conferences.models import ConferenceChild

CONFERENCE = "conference"


CONFERENCE_RECORD = Record(
    CONFERENCE,
    models.Conference,
    (
        Part(models.Conference),
        Part(models.Sitting),
        Part(models.StandIn),
        Part(models.Replacement),
        Part(ConferenceChild),
        Part(models.ConferenceAgreement),
        Part(models.LateAgreement),
        Part(models.Participant),
        Part(models.EarlierAnswer),
        Part(models.Deputy),
        Part(models.ListShown),
        Part(models.SaidByGuest),
        Part(models.LinkGiven),
        Part(models.ExclusionRequest),
        Part(models.ToTell),
        Part(models.Telling),
        Part(models.Decision),
        Part(models.Part),
        Part(models.Attendance),
    ),
)


def register_history() -> None:
    """Register the record of a conference; called once from ``connect``."""
    register_record(CONFERENCE_RECORD)
