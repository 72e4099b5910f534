"""Models for the meeting itself: what is said, thought and decided in the room, and what is corrected later."""

from meetings.models.board import AgendaItem, BoardEntry, OutlineAction, OutlineEntry, SafetyStop
from meetings.models.corrections import DecisionCorrection, EntryMove
from meetings.models.decisions import DecisionConsent, Dissent, Explanation
from meetings.models.late import LateEntry
from meetings.models.preparation import ChairNote, ChairReading, TalkBefore, TalkPoint, WordsBefore
from meetings.models.projection import Projection
from meetings.models.quorum import WithoutQuorum
from meetings.models.rounds import AnswerRound, AskedChild, TabletTurn
from meetings.models.rules_of_day import Break, ObserverAnswer, StatementRead
from meetings.models.scores import Score, View

__all__ = [
    "AgendaItem",
    "AnswerRound",
    "AskedChild",
    "BoardEntry",
    "Break",
    "ChairNote",
    "ChairReading",
    "DecisionConsent",
    "DecisionCorrection",
    "Dissent",
    "EntryMove",
    "Explanation",
    "LateEntry",
    "ObserverAnswer",
    "OutlineAction",
    "OutlineEntry",
    "Projection",
    "SafetyStop",
    "Score",
    "StatementRead",
    "TabletTurn",
    "TalkBefore",
    "TalkPoint",
    "View",
    "WithoutQuorum",
    "WordsBefore",
]
