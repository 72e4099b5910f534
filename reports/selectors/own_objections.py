"""What one person raised after a meeting, with its answers, and about which children they may."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conferences.enums import FAMILY_CAPACITIES, Capacity, ConferenceStatus
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import children_in
from reports.enums import DissentChoice
from reports.models import LodgedDissent, MinutesComment
from reports.selectors.due import people_due
from reports.selectors.objections import DISSENTING


@dataclass(frozen=True)
class OwnWords:
    """What somebody said, on what day, and the answer; empty while it waits."""

    on: datetime.date
    quoted: str
    text: str
    answer: str


def own_comments(participant: Participant) -> list[OwnWords]:
    """Return what one person says is wrong in the minutes, oldest first."""
    rows = MinutesComment.objects.filter(participant=participant).order_by("received_on", "pk")
    return [OwnWords(row.received_on, row.quoted, row.text, row.settled_because) for row in rows]


def own_dissents(participant: Participant) -> list[OwnWords]:
    """Return where one person does not agree with the decision, oldest first."""
    rows = LodgedDissent.objects.filter(participant=participant, choice=DissentChoice.LODGED)
    return [OwnWords(row.lodged_at.date(), "", row.text, row.answer) for row in rows.order_by("lodged_at", "pk")]


def children_to_dissent_about(participant: Participant) -> list[ConferenceChild]:
    """Return the children about whose decision someone may say that they do not agree; none before the end.

    A parent or carer those about whom they may read, a child their own, a professional those they come for.
    """
    conference = participant.conference
    if conference.status != ConferenceStatus.CLOSED or participant.capacity not in DISSENTING:
        return []
    rows = list(children_in(conference))
    if participant.capacity == Capacity.CHILD:
        return [row for row in rows if row.child.person_id == participant.person_id]
    if participant.capacity in FAMILY_CAPACITIES:
        due = next((one for one in people_due(conference, rows) if one.participant.pk == participant.pk), None)
        return [row for row in rows if due is not None and row.pk in due.children]
    theirs = set(participant.children.values_list("pk", flat=True))
    return [row for row in rows if row.pk in theirs]
