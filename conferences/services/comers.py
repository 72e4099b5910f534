"""Who on the list comes for a child who joins the conference, and who came only for one who leaves it."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from conferences.enums import FAMILY_CAPACITIES, Capacity, ParticipantStatus
from conferences.guest_access import COUNCILS_OWN
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.proposing import Proposal, proposals_for
from deadlines.working_days.arithmetic import civil_day

TAKEN_OFF = "The child they came for was withdrawn."
OUT = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)
GROWN_UPS = FAMILY_CAPACITIES - {Capacity.CHILD}


def come_for_child(
    conference: Conference, row: ConferenceChild, *, also: Collection[Participant], now: datetime.datetime
) -> list[Participant]:
    """Let those on the list who know a child come for the child too, as they would have from the start; return them.

    A relative who is this child's parent comes as a parent. Whoever was left out, and is now asked for because of
    this child, is proposed again; nobody who waits for the chair or is kept out changes.
    """
    listed = list(
        conference.participants.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .prefetch_related("children")
        .order_by("pk")
    )
    joined = []
    for proposal in proposals_for(conference, on=civil_day(now)).people:
        if not proposal.ticked or row.pk not in {child.pk for child in proposal.children}:
            continue
        participant = _on_list(proposal, listed)
        if participant is None:
            continue
        _take_over(participant, proposal, row)
        joined.append(participant)
    chosen = {participant.pk for participant in also}
    joined += [
        participant
        for participant in listed
        if participant.capacity in COUNCILS_OWN or (participant.pk in chosen and not participant.is_family)
    ]
    for participant in joined:
        participant.children.add(row)
    return joined


def _on_list(proposal: Proposal, listed: list[Participant]) -> Participant | None:
    """Return who is meant: the same person, post and capacity, or, in the family, the same person."""
    for participant in listed:
        if (participant.person_id, participant.post_id, participant.capacity) == proposal.key:
            return participant
    if proposal.capacity not in GROWN_UPS:
        return None
    return next((row for row in listed if row.person_id == proposal.person.pk and row.capacity in GROWN_UPS), None)


def _take_over(participant: Participant, proposal: Proposal, row: ConferenceChild) -> None:
    is_new = row.pk not in {child.pk for child in participant.children.all()}
    participant.capacity = proposal.capacity
    participant.because = proposal.because
    if participant.status in OUT and (is_new or participant.change_reason == TAKEN_OFF):
        participant.status = ParticipantStatus.PROPOSED
        participant.change_reason = ""
    participant.version += 1
    participant.save(update_fields=["capacity", "because", "status", "change_reason", "version"])


def only_for(row: ConferenceChild) -> list[Participant]:
    """Return those on the list who come for this child and for no other whom the conference is still about.

    Never whoever runs the meeting, nor anyone who is off the list, waits for the chair or is kept out.
    """
    others = row.conference.children.filter(withdrawn_at__isnull=True).exclude(pk=row.pk)
    links = Participant.children.through.objects.filter(conferencechild__in=others)
    still = (ParticipantStatus.PROPOSED, ParticipantStatus.TO_INVITE, ParticipantStatus.INVITED)
    rows = row.conference.participants.filter(children=row, status__in=still).exclude(
        pk__in=links.values("participant")
    )
    found = rows.exclude(capacity__in=COUNCILS_OWN).select_related("person", "post", "agency", "conference")
    return list(found.order_by("pk"))


def come_for(row: ConferenceChild) -> list[Participant]:
    """Return those invited who come for this child, whomever else they come for."""
    rows = row.conference.participants.filter(children=row, status=ParticipantStatus.INVITED)
    return list(rows.select_related("person", "post", "agency").order_by("pk"))
