"""What a decision on how someone takes part means for the parts that they are planned for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from conferences.enums import HowToAttend
from conferences.models import Part, Participant, Sitting
from conferences.selectors.arrivals import usual_arrival
from conferences.selectors.planned_parts import planned_parts
from conferences.services.sending import booked_sitting


def parts_missing(participant: Participant, *, how: str, parts: Collection[Part]) -> dict[str, str]:
    """Return an error where someone is to be in some of the planned parts, and it is not said rightly in which."""
    if how != HowToAttend.PART:
        return {}
    planned = {part.pk for part in planned_parts(booked_sitting(participant.conference))}
    chosen = {part.pk for part in parts}
    if chosen - planned:
        return {"parts": "Choose parts that are planned for this meeting."}
    if planned and not chosen:
        return {"parts": "Choose which parts they may be in."}
    if planned and chosen == planned:
        return {"parts": "These are all the parts. Choose “The whole meeting”, or leave one out."}
    return {}


def follow_decision(participant: Participant, *, how: str, parts: Collection[Part]) -> None:
    """Set, without saving, how someone takes part, with their own times where it is in planned parts.

    Whoever is let into the whole meeting, or not at all, is planned for no part any more.
    """
    participant.how = how
    if how == HowToAttend.PART and parts:
        sitting = booked_sitting(participant.conference)
        participant.parts.set(parts)
        if sitting is not None:
            put_times(participant, sitting, list(parts))
    elif how in (HowToAttend.WHOLE, HowToAttend.NOT_AT_ALL) and participant.parts.exists():
        participant.parts.clear()
        participant.arrives_at = participant.leaves_at = None


def put_times(participant: Participant, sitting: Sitting, parts: Sequence[Part]) -> None:
    """Set, without saving, how and when someone comes who is in these planned parts only.

    They arrive before their first part as long as others do before the meeting, and stay to the end of their last.
    """
    starts = min(part.starts_at for part in parts if part.starts_at)
    participant.arrives_at = starts - (sitting.starts_at - usual_arrival(participant, sitting))
    participant.leaves_at = max(part.ends_at for part in parts if part.ends_at)
    if participant.how == HowToAttend.WHOLE:
        participant.how = HowToAttend.PART
