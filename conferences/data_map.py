"""Whose records the rows of conferences are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.case_data import holds, holds_nobody
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
    Part,
    Participant,
    Projection,
    Room,
    SafetyStop,
    SaidByGuest,
    Score,
    Sitting,
    View,
)


def _named_or_all(through: Any, column: str) -> Any:
    """Rows that name one of the children, or none of them, which means all."""

    def condition(children: Any) -> Q:
        links = through.objects.order_by()
        named = links.filter(conferencechild__child__in=children).values(column)
        return Q(pk__in=named) | ~Q(pk__in=links.values(column))

    return condition


def _child_at(path: str) -> Any:
    return lambda children: Q(**{f"{path}__in": children})


def _moved_between(children: Any) -> Q:
    return Q(from_child__in=children) | Q(to_child__in=children)


holds(
    Conference,
    "Conferences",
    conference="pk",
    keeps={"late_cause"},
    stubs={"reference": "'X' || id", "link": "''"},
)
holds(LateAgreement, "Agreements to a late date", conference="conference", keeps={"late_cause"})
holds(
    Sitting,
    "Sittings",
    conference="conference",
    # Moved days must not collide with the bookings of another case.
    stubs={"recorded_afterwards_reason": "'removed'"},
)
holds(Part, "Parts of sittings", conference="sitting__conference")
holds(ConferenceChild, "Children in conferences", conference="conference", about=_child_at("child"))
holds(
    Participant,
    "Who was invited",
    conference="conference",
    about=_named_or_all(Participant.children.through, "participant"),
    names=("person",),
)
holds(
    ExclusionRequest,
    "Requests to keep somebody out",
    conference="conference",
    names=("participant__person", "asked_for"),
    may_harm=True,
)
holds(Attendance, "Attendance", conference="participant__conference", names=("participant__person",))
holds(AgendaItem, "Agenda", conference="conference")
holds(
    BoardEntry,
    "What was said",
    conference="conference",
    about=_named_or_all(BoardEntry.children.through, "boardentry"),
    keeps={"heading"},
    names=("private_to", "speaker__person"),
)
holds(
    OutlineAction,
    "Outline plan",
    conference="conference",
    about=_named_or_all(OutlineAction.children.through, "outlineaction"),
    names=("private_to", "who__person"),
)
holds(
    SafetyStop,
    "Stops because a child was not safe",
    conference="conference",
    about=_child_at("conference_child__child"),
    names=("said_by__person",),
    may_harm=True,
)
holds(
    Score,
    "Safety scores",
    conference="conference_child__conference",
    about=_child_at("conference_child__child"),
    keeps={"scale"},
    names=("participant__person",),
)
holds(
    View,
    "Views",
    conference="conference_child__conference",
    about=_child_at("conference_child__child"),
    names=("participant__person",),
)
holds(
    Decision,
    "Decisions",
    conference="conference_child__conference",
    about=_child_at("conference_child__child"),
)
holds(
    DecisionConsent,
    "Consent to what was decided",
    conference="decision__conference_child__conference",
    about=_child_at("decision__conference_child__child"),
    names=("person",),
)
holds(
    Dissent,
    "Dissent in the meeting",
    conference="decision__conference_child__conference",
    about=_child_at("decision__conference_child__child"),
    names=("participant__person",),
)
holds(
    DecisionCorrection,
    "Corrections of decisions",
    conference="decision__conference_child__conference",
    about=_child_at("decision__conference_child__child"),
)
holds(EntryMove, "Entries moved to another child", family="family", about=_moved_between)
holds(Deputy, "Deputies", conference="participant__conference")
holds(ListShown, "To whom the list of people was shown", conference="participant__conference", is_given=False)
holds(
    SaidByGuest,
    "What people without an account answered",
    conference="participant__conference",
    names=("participant__person",),
)
holds(
    Projection,
    "The board on a screen in the room",
    conference="conference",
    keeps={"code_hash", "token_hash"},
    is_given=False,
)

holds_nobody(Room, because="Rooms of the council.")
holds_nobody(
    Projection, because="Which screen showed a meeting and who turned it on; no word of the meeting."
)
