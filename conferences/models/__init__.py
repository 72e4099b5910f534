"""The conference: who, when and where, for which children, who attended and what the chair decided."""

from conferences.models.agreements import ConferenceAgreement
from conferences.models.answers import EarlierAnswer
from conferences.models.asks import AbsenceTold, AnswerToGuest, FamilyFeedback, PaperOnly
from conferences.models.children import ConferenceChild
from conferences.models.companions import AdvocateAgreement, AdvocateOffer, CompanionCheck, DeviceAsked, Understanding
from conferences.models.conference import Conference, LateAgreement, Part, Room, Sitting
from conferences.models.decisions import Decision
from conferences.models.guests import Deputy, ListShown, SaidByGuest
from conferences.models.online import LinkGiven
from conferences.models.online_meeting import LobbyCheck, RecordingDecision
from conferences.models.people import Attendance, ExclusionRequest, Participant
from conferences.models.replacements import Replacement
from conferences.models.requests import ConferenceRequest, RequestedItem
from conferences.models.stand_ins import StandIn
from conferences.models.telling import Telling, ToTell

__all__ = [
    "AbsenceTold",
    "AdvocateAgreement",
    "AdvocateOffer",
    "AnswerToGuest",
    "Attendance",
    "CompanionCheck",
    "Conference",
    "ConferenceAgreement",
    "ConferenceChild",
    "ConferenceRequest",
    "Decision",
    "Deputy",
    "DeviceAsked",
    "EarlierAnswer",
    "ExclusionRequest",
    "FamilyFeedback",
    "LateAgreement",
    "LinkGiven",
    "ListShown",
    "LobbyCheck",
    "PaperOnly",
    "Part",
    "Participant",
    "RecordingDecision",
    "Replacement",
    "RequestedItem",
    "Room",
    "SaidByGuest",
    "Sitting",
    "StandIn",
    "Telling",
    "ToTell",
    "Understanding",
]
