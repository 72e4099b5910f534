"""The meeting: who, when and where; what was said; what each thinks; what the chair decided for each child."""

from conferences.models.board import AgendaItem, BoardEntry, OutlineAction, SafetyStop
from conferences.models.conference import Conference, ConferenceChild, LateAgreement, Part, Room, Sitting
from conferences.models.corrections import DecisionCorrection, EntryMove
from conferences.models.decisions import Decision, DecisionConsent, Dissent, Score, View
from conferences.models.guests import Deputy, ListShown, SaidByGuest
from conferences.models.people import Attendance, ExclusionRequest, Participant
from conferences.models.projection import Projection
from conferences.models.stand_ins import StandIn

__all__ = [
    "AgendaItem",
    "Attendance",
    "BoardEntry",
    "Conference",
    "ConferenceChild",
    "Decision",
    "DecisionConsent",
    "DecisionCorrection",
    "Deputy",
    "Dissent",
    "EntryMove",
    "ExclusionRequest",
    "LateAgreement",
    "ListShown",
    "OutlineAction",
    "Part",
    "Participant",
    "Projection",
    "Room",
    "SafetyStop",
    "SaidByGuest",
    "Score",
    "Sitting",
    "StandIn",
    "View",
]
