"""What makes up the history of a conference, and how its rows are spoken of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from accounts.history.reading import rows_at
from accounts.history.registry import (
    Gathered,
    Kind,
    Part,
    Record,
    register_barred,
    register_names,
    register_record,
)
from accounts.models import User
from conferences.enums import ConferenceStatus
from conferences.models import (
    AgendaItem,
    Attendance,
    BoardEntry,
    Conference,
    ConferenceChild,
    Decision,
    DecisionConsent,
    DecisionCorrection,
    Deputy,
    Dissent,
    EntryMove,
    ExclusionRequest,
    LateAgreement,
    ListShown,
    OutlineAction,
    Participant,
    Room,
    SafetyStop,
    SaidByGuest,
    Score,
    Sitting,
    View,
)
from conferences.models import Part as SittingPart
from conferences.models.board import (
    BoardEntryChild,
    BoardEntryPrivateTo,
    OutlineActionChild,
    OutlineActionPrivateTo,
)
from conferences.models.corrections import DecisionCorrectionCoreGroup
from conferences.models.decisions import DecisionCoreGroup
from conferences.models.people import ParticipantChild
from families.history import child_names, named_by, person_names
from families.models import Person

Moment = datetime.datetime | None

CONFERENCE = Kind(Conference, "Conference", "The conference", unsaid=frozenset({"family", "requested_by"}))
SITTING = Kind(Sitting, "Sitting", titles=("number",), unsaid=frozenset({"conference", "number"}))
PART = Kind(SittingPart, "Part of a sitting", "Parts of the sittings", titles=("sitting_id", "number"))
CHILD = Kind(
    ConferenceChild,
    "Child of the conference",
    "Children",
    titles=("child_id",),
    unsaid=frozenset({"conference"}),
)
LATE = Kind(
    LateAgreement,
    "Agreement to a late date",
    "Agreements to a late date",
    titles=("party",),
    unsaid=frozenset({"conference"}),
)
PARTICIPANT = Kind(
    Participant,
    "Person on the list",
    "People on the list",
    titles=("person_id",),
    unsaid=frozenset({"conference", "invitation_sequence"}),
)
PARTICIPANT_CHILD = Kind(
    ParticipantChild,
    "Child somebody comes for",
    "Comes for",
    link_of="participant_id",
    link_to="conferencechild_id",
)
DEPUTY = Kind(
    Deputy,
    "Deputy",
    "Deputies",
    titles=("participant_id",),
    unsaid=frozenset({"guest_session_id", "email"}),
)
LIST_SHOWN = Kind(
    ListShown,
    "Showing of the list of people",
    "Showings of the list of people",
    titles=("participant_id",),
)
SAID = Kind(
    SaidByGuest,
    "Answer through a link",
    "Answers through a link",
    titles=("participant_id",),
    unsaid=frozenset({"guest_session_id"}),
)
REQUEST = Kind(
    ExclusionRequest,
    "Question to the chair",
    "Questions to the chair",
    titles=("participant_id",),
    unsaid=frozenset({"conference"}),
)
ATTENDANCE = Kind(Attendance, "Attendance", "Attendance", titles=("participant_id", "part_id"))
AGENDA = Kind(AgendaItem, "Agenda item", titles=("title",), unsaid=frozenset({"conference"}))
BOARD = Kind(BoardEntry, "Board note", unsaid=frozenset({"conference"}))
BOARD_CHILD = Kind(
    BoardEntryChild,
    "Child of a board note",
    "Children",
    link_of="boardentry_id",
    link_to="conferencechild_id",
)
BOARD_PRIVATE = Kind(
    BoardEntryPrivateTo,
    "Whose private information a board note holds",
    "Private to",
    link_of="boardentry_id",
    link_to="person_id",
)
OUTLINE = Kind(OutlineAction, "Action of the outline plan", "Outline plan", unsaid=frozenset({"conference"}))
OUTLINE_CHILD = Kind(
    OutlineActionChild,
    "Child of an outline action",
    "Children",
    link_of="outlineaction_id",
    link_to="conferencechild_id",
)
OUTLINE_PRIVATE = Kind(
    OutlineActionPrivateTo,
    "Whose private information an outline action holds",
    "Private to",
    link_of="outlineaction_id",
    link_to="person_id",
)
STOP = Kind(
    SafetyStop,
    "Stop for safety",
    "Stops for safety",
    titles=("conference_child_id",),
    unsaid=frozenset({"conference"}),
)
SCORE = Kind(Score, "Score", titles=("participant_id", "conference_child_id"))
VIEW = Kind(View, "View", titles=("participant_id", "conference_child_id"))
DECISION = Kind(
    Decision, "Decision", titles=("conference_child_id",), labels={"superseded_by_id": "Replaced by"}
)
CORE_GROUP = Kind(
    DecisionCoreGroup, "Core group member", "Core group", link_of="decision_id", link_to="participant_id"
)
CONSENT = Kind(
    DecisionConsent,
    "Answer about consent",
    "Answers about consent",
    titles=("person_id",),
    labels={"decision_id": "Decision"},
)
DISSENT = Kind(Dissent, "Dissent", "Dissents", titles=("participant_id",), labels={"decision_id": "Decision"})

CORRECTION = Kind(
    DecisionCorrection,
    "Correction of a decision",
    "Corrections of decisions",
    titles=("decision_id",),
    labels={"made_id": "Replaced by"},
    unsaid=frozenset({"consents"}),
)
CORRECTION_GROUP = Kind(
    DecisionCorrectionCoreGroup,
    "Core group member of a correction",
    "Core group",
    link_of="decisioncorrection_id",
    link_to="participant_id",
)
MOVE = Kind(
    EntryMove,
    "Move to another child",
    "Moves to another child",
    titles=("kind",),
    unsaid=frozenset({"conference", "family", "entry_id", "from_record"}),
    labels={"from_child_id": "Stood with", "to_child_id": "Concerns"},
)

IN_CONFERENCE = (("conference_id", "root"),)
OF_PARTICIPANT = (("participant_id", "participant"),)


def _scores_shown(_user: User) -> QuerySet[Any]:
    """Nobody's score is seen before the chair shows them all, nor by looking into the past."""
    return ConferenceChild.objects.filter(
        Q(scores_shown_at__isnull=False) | Q(conference__status=ConferenceStatus.CLOSED)
    ).values("pk")


# Names of gathered sets that higher apps may use for their own parts.
GATHERED = (
    Gathered("cc", ConferenceChild, "conference_id", "root"),
    Gathered("participant", Participant, "conference_id", "root"),
    Gathered("sitting", Sitting, "conference_id", "root"),
    Gathered("entry", BoardEntry, "conference_id", "root"),
    Gathered("action", OutlineAction, "conference_id", "root"),
    Gathered("decision", Decision, "conference_child_id", "cc"),
    Gathered("correction", DecisionCorrection, "decision_id", "decision"),
)
PARTS = (
    Part(CONFERENCE, (("pgh_obj_id", "root"),)),
    Part(SITTING, IN_CONFERENCE),
    Part(CHILD, IN_CONFERENCE),
    Part(LATE, IN_CONFERENCE),
    Part(PARTICIPANT, IN_CONFERENCE),
    Part(PARTICIPANT_CHILD, OF_PARTICIPANT),
    Part(DEPUTY, OF_PARTICIPANT),
    Part(LIST_SHOWN, OF_PARTICIPANT),
    Part(SAID, OF_PARTICIPANT),
    Part(REQUEST, IN_CONFERENCE),
    Part(DECISION, (("conference_child_id", "cc"),)),
    Part(CORE_GROUP, (("decision_id", "decision"),)),
    Part(CONSENT, (("decision_id", "decision"),)),
    Part(DISSENT, (("decision_id", "decision"),)),
    Part(CORRECTION, (("decision_id", "decision"),)),
    Part(CORRECTION_GROUP, (("decisioncorrection_id", "correction"),)),
    Part(MOVE, IN_CONFERENCE),
    Part(OUTLINE, IN_CONFERENCE),
    Part(OUTLINE_CHILD, (("outlineaction_id", "action"),)),
    Part(OUTLINE_PRIVATE, (("outlineaction_id", "action"),)),
    Part(SCORE, (("conference_child_id", "cc"),), only={"conference_child_id": _scores_shown}),
    Part(VIEW, (("conference_child_id", "cc"),)),
    Part(STOP, IN_CONFERENCE),
    Part(BOARD, IN_CONFERENCE),
    Part(BOARD_CHILD, (("boardentry_id", "entry"),)),
    Part(BOARD_PRIVATE, (("boardentry_id", "entry"),)),
    Part(AGENDA, IN_CONFERENCE),
    Part(PART, (("sitting_id", "sitting"),)),
    Part(ATTENDANCE, OF_PARTICIPANT),
)
_more: list[tuple[tuple[Gathered, ...], tuple[Part, ...]]] = []


def conference_record() -> Record:
    """A conference with everything that belongs to it, the papers of higher apps too."""
    more = [*_more]
    return Record(
        "conference",
        Conference,
        gathered=(*GATHERED, *(one for gathered, _ in more for one in gathered)),
        parts=(*PARTS, *(part for _, parts in more for part in parts)),
    )


def add_to_conference(*, gathered: tuple[Gathered, ...] = (), parts: tuple[Part, ...]) -> None:
    """Let a higher app's rows stand in the history of their conference; called from ``AppConfig.ready``."""
    if (gathered, parts) not in _more:
        _more.append((gathered, parts))
    register_record(conference_record())


def participant_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    """People on the list by the name they had then."""
    rows = rows_at(Participant, ids, at)
    names = person_names({row.person_id for row in rows.values()}, at)
    return {pk: names[row.person_id] for pk, row in rows.items() if row.person_id in names}


def conference_child_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    """Children of a conference by the name they had then."""
    children = dict(ConferenceChild.objects.filter(pk__in=ids).values_list("pk", "child_id"))
    names = child_names(set(children.values()), at)
    return {pk: names[child] for pk, child in children.items() if child in names}


def _decision_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    rows = rows_at(Decision, ids, at)
    names = conference_child_names({row.conference_child_id for row in rows.values()}, at)
    return {
        pk: f"{row.get_outcome_display()}, for {names.get(row.conference_child_id, 'a child')}"
        for pk, row in rows.items()
    }


def _sealed_children() -> QuerySet[Any]:
    return ConferenceChild.objects.filter(child__person__sealed_at__isnull=False).values("pk")


def _sealed_participants() -> QuerySet[Any]:
    return Participant.objects.filter(person__sealed_at__isnull=False).values("pk")


def _about_sealed() -> Q:
    sealed = Person.objects.filter(sealed_at__isnull=False)
    return Q(children__child__person__in=sealed) | Q(private_to__in=sealed)


def _sealed_entries() -> QuerySet[Any]:
    return BoardEntry.objects.filter(_about_sealed()).values("pk")


def _sealed_actions() -> QuerySet[Any]:
    return OutlineAction.objects.filter(_about_sealed()).values("pk")


def _sealed_decisions() -> QuerySet[Any]:
    return Decision.objects.filter(conference_child__child__person__sealed_at__isnull=False).values("pk")


def register_history() -> None:
    """The record, the names and what nobody is shown; called once from ``register_everything``."""
    register_record(conference_record())
    register_names(Participant, participant_names)
    register_names(ConferenceChild, conference_child_names)
    register_names(Decision, _decision_names)
    named_by(Conference, lambda row: f"conference {row.reference}")
    named_by(Sitting, lambda row: f"sitting {row.number}")
    named_by(SittingPart, str)
    named_by(Room, lambda row: str(row.name))
    named_by(OutlineAction, lambda row: str(row.what))
    register_barred(ConferenceChild, _sealed_children)
    register_barred(Participant, _sealed_participants)
    register_barred(BoardEntry, _sealed_entries)
    register_barred(OutlineAction, _sealed_actions)
    register_barred(Decision, _sealed_decisions)
