"""What happens in the room: what is said, what each person thinks, what is decided, and what is put right later."""

from meetings.models.board import AgendaItem, BoardEntry, OutlineAction, SafetyStop
from meetings.models.corrections import DecisionCorrection, EntryMove
from meetings.models.decisions import DecisionConsent, Dissent
from meetings.models.projection import Projection
from meetings.models.scores import Score, View

__all__ = [
    "AgendaItem",
    "BoardEntry",
    "DecisionConsent",
    "DecisionCorrection",
    "Dissent",
    "EntryMove",
    "OutlineAction",
    "Projection",
    "SafetyStop",
    "Score",
    "View",
]
