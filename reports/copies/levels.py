"""Who gets a copy at all, of what kind, and about which children."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.utils import timezone

from conferences.enums import FAMILY_CAPACITIES, Capacity, HowToAttend, ParticipantStatus, Presence
from entitlement import lets_read
from families.models.persons import ADULT_FROM, birthday
from reports.enums import DocumentKind

Content = dict[str, Any]
Row = dict[str, Any]

NEVER_BY_DEFAULT = frozenset(
    {Capacity.SUPPORTER, Capacity.ADVOCATE, Capacity.SOLICITOR, Capacity.INTERPRETER, Capacity.OBSERVER}
)
RUNS_THE_MEETING = frozenset({Capacity.CHAIR, Capacity.COORDINATOR})


def turns_to(content: Content, job: str) -> str:
    """Return whom to turn to today as chair or coordinator; who it was then, where that isn't known."""
    return str(content.get("turn_to", {}).get(job) or content[job])


class Level(IntEnum):
    """How much a participant gets."""

    NOTHING = 0
    DECISIONS = 1
    MINUTES = 2


LEVEL_OF = {
    DocumentKind.DECISIONS_LETTER: Level.DECISIONS,
    DocumentKind.MINUTES: Level.MINUTES,
    DocumentKind.CORE_GROUP: Level.MINUTES,
    DocumentKind.PLAN: Level.MINUTES,
    DocumentKind.CHILDS_LETTER: Level.MINUTES,
}


@dataclass(frozen=True)
class Entitlement:
    """How much, about which children, and the reason in a sentence if it is less than everything."""

    level: Level
    children: frozenset[int] = frozenset()
    because: str = ""
    chair_may_settle: bool = False

    def covers(self, kind: str) -> bool:
        return self.level >= LEVEL_OF[DocumentKind(kind)]


def entitlement_of(content: Content, participant_id: int, *, settled: Collection[int] = ()) -> Entitlement:
    """Return what a participant gets by default, or because the chair settled it (``settled``: ids)."""
    who = participant_in(content, participant_id)
    if "plan" in content or "childs_letter" in content:
        return _of_plan_reader(who)
    children = _children_for(content, who)
    if "core_group" in content:
        return _of_member(who, children)
    return _of_participant(content, who, children, is_settled=participant_id in settled)


def _of_participant(content: Content, who: Row, children: frozenset[int], *, is_settled: bool) -> Entitlement:
    if who["capacity"] in RUNS_THE_MEETING:
        if who["status"] == ParticipantStatus.WITHDRAWN:
            return Entitlement(Level.NOTHING, because="Someone else took over before the end.")
        return Entitlement(Level.MINUTES, frozenset(row["id"] for row in content["children"]))
    if because := _why_nothing(who):
        return Entitlement(Level.NOTHING, because=because)
    if who["status"] == ParticipantStatus.KEPT_OUT or who["how"] == HowToAttend.NOT_AT_ALL:
        return _as_settled(children, is_settled, "Kept out of the meeting: the chair decides what they get.")
    if any(row["presence"] == Presence.REMOVED for row in who["attendance"]):
        return _as_settled(children, is_settled, "Removed from the meeting: the chair decides what they get.")
    if who["capacity"] == Capacity.CHILD:
        return _of_child(children, is_settled)
    if who["capacity"] in FAMILY_CAPACITIES:
        return _of_adult(who, children)
    return _of_professional(content, who, children, is_settled=is_settled)


def _of_member(who: Row, children: frozenset[int]) -> Entitlement:
    """Return what a member of a core group gets: what is about the children they are in it for and may read about."""
    if who["status"] == ParticipantStatus.AWAITING_CHAIR:
        return Entitlement(Level.NOTHING, because="Someone has to decide first how this person meets the others.")
    if who["capacity"] in NEVER_BY_DEFAULT or who["is_deputy"]:
        return Entitlement(Level.NOTHING, because="Not a member of the core group.")
    if any(row["presence"] == Presence.REMOVED for row in who["attendance"]):
        return Entitlement(Level.NOTHING, because="Removed from the meeting.")
    if children:
        return Entitlement(Level.MINUTES, children)
    if who["capacity"] in FAMILY_CAPACITIES:
        return Entitlement(
            Level.NOTHING,
            because="Not recorded as a known parent of a child here, or as having parental responsibility.",
        )
    return Entitlement(Level.NOTHING, because="Which child they are in the core group for is not recorded.")


def _of_plan_reader(who: Row) -> Entitlement:
    """Return what someone around a plan gets, or a child of their own letter, where nothing stands against it."""
    if who["because"]:
        return Entitlement(Level.NOTHING, because=who["because"])
    return Entitlement(Level.MINUTES, frozenset(who["children"]))


def _why_nothing(who: Row) -> str:
    """Return why a person gets no paper at all, whatever the chair settles; "" if they may get one."""
    if who["status"] == ParticipantStatus.AWAITING_CHAIR:
        return "Waiting for the chair to decide how they take part."
    if who["status"] in {ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN}:
        return "Was not invited."
    if who["capacity"] in NEVER_BY_DEFAULT:
        return f"{Capacity(who['capacity']).label}: does not get a copy."
    if not attended(who) and who["status"] in {ParticipantStatus.PROPOSED, ParticipantStatus.TO_INVITE}:
        return "Was not invited."
    return ""


def _as_settled(children: frozenset[int], is_settled: bool, because: str) -> Entitlement:
    level = Level.DECISIONS if is_settled and children else Level.NOTHING
    return Entitlement(level, children, because, chair_may_settle=bool(children))


def _of_child(children: frozenset[int], is_settled: bool) -> Entitlement:
    if not children:
        return Entitlement(Level.NOTHING, because="The meeting was not about them.")
    if is_settled:
        return Entitlement(Level.MINUTES, children)
    return Entitlement(
        Level.NOTHING,
        children,
        "A child gets a letter of their own, and other papers if the chair says so.",
        chair_may_settle=True,
    )


def _of_adult(who: Row, children: frozenset[int]) -> Entitlement:
    if children:
        return Entitlement(Level.MINUTES, children)
    if who["capacity"] == Capacity.PARENT:
        return Entitlement(
            Level.NOTHING,
            because="Not recorded as a known parent of a child here, or as having parental responsibility.",
        )
    return Entitlement(Level.NOTHING, because="Has no parental responsibility for a child here.")


def _of_professional(content: Content, who: Row, children: frozenset[int], *, is_settled: bool) -> Entitlement:
    if not children:
        return Entitlement(Level.NOTHING, because="Which child they come for is not recorded.")
    if who["status"] == ParticipantStatus.AFTERWARDS:
        because = "Takes the case over: the chair decides what they get."
        level = Level.MINUTES if is_settled else Level.NOTHING
        return Entitlement(level, children, because, chair_may_settle=True)
    if attended(who):
        return Entitlement(Level.MINUTES, children)
    in_core_group = any(who["id"] in decision["core_group"] for decision in content["decisions"])
    if in_core_group:
        return Entitlement(Level.DECISIONS, children, "In the core group, and was not at the meeting.")
    if who["report_in"]:
        return Entitlement(Level.DECISIONS, children, "Sent a report, and was not at the meeting.")
    return Entitlement(Level.NOTHING, because="Was not at the meeting and sent no report.")


def _children_for(content: Content, who: Row) -> frozenset[int]:
    """Return the children whose papers concern them; for parents and carers, by their relations."""
    if who["capacity"] in FAMILY_CAPACITIES:
        if who["capacity"] == Capacity.CHILD:
            return frozenset(row["id"] for row in content["children"] if row["person"] == who["person"])
        grown_up = {row["id"] for row in content["children"] if _is_grown_up(row)}
        own = frozenset(
            tie["child"]
            for tie in content["ties"]
            if tie["person"] == who["person"] and _reads(tie, is_grown_up=tie["child"] in grown_up)
        )
        return own & frozenset(who["children"]) if who["children"] else own
    return frozenset(who["children"])


def _reads(tie: Row, *, is_grown_up: bool) -> bool:
    return lets_read(
        holds_responsibility=tie["holds_responsibility"],
        relationships=[(row["kind"], row["certainty"]) for row in tie["relationships"]],
        is_grown_up=is_grown_up,
    )


def _is_grown_up(child: Row) -> bool:
    """Return whether the child has turned 18 by today, whenever the paper was written."""
    born = child["birth_date"]
    return bool(born) and birthday(datetime.date.fromisoformat(born), ADULT_FROM) <= timezone.localdate()


def recipients_due(content: Content, kind: str, *, settled: Collection[int] = ()) -> list[int]:
    """Return the ids of participants who are due a copy of this kind, in a fixed order."""
    return [
        who["id"]
        for who in content["participants"]
        if who["capacity"] not in RUNS_THE_MEETING and entitlement_of(content, who["id"], settled=settled).covers(kind)
    ]


def participant_in(content: Content, participant_id: int) -> Row:
    """Return the participant with that id."""
    return next(row for row in content["participants"] if row["id"] == participant_id)


def attended(who: Row) -> bool:
    """Return whether they were in any part of the meeting."""
    return any(row["presence"] == Presence.PRESENT for row in who["attendance"])
