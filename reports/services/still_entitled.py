"""Whether someone on a conference's list may still have what a version holds for them, by what is recorded today."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from conferences.enums import FAMILY_CAPACITIES
from conferences.models import ConferenceChild, Participant
from reports.content.people import separate_among, ties_of
from reports.copies import Content, entitlement_of
from reports.copies.levels import participant_in
from reports.services.refusals import CopyRefusedError

CHANGED = "Since this version was prepared it was recorded that they may read less. Prepare a new version."
APART = "Since this version was prepared it was recorded that they are kept apart from others. Prepare a new version."


def refuse_who_reads_less_now(
    content: Content, participant: Participant, kind: str, *, settled: Collection[int], today: datetime.date
) -> None:
    """Raise CopyRefusedError where a person was kept out, removed or kept apart since, or lost the tie to a child.

    ``content`` is the frozen one. Whoever may read more by now gets what was frozen: a new version gives them the rest.
    """
    conference = participant.conference
    rows = list(
        ConferenceChild.objects.filter(pk__in=[row["id"] for row in content["children"]]).select_related(
            "child__person", "child__pregnancy"
        )
    )
    then = participant_in(content, participant.pk)
    seats = [{"part": seat.part_id, "presence": seat.presence} for seat in participant.attendances.order_by("pk")]
    now = {**then, "status": participant.status, "how": participant.how, "attendance": seats}
    people = [now if row is then else row for row in content["participants"]]
    ties = ties_of(rows, on=today) if participant.capacity in FAMILY_CAPACITIES else content["ties"]
    before = entitlement_of(content, participant.pk, settled=settled)
    after = entitlement_of({**content, "participants": people, "ties": ties}, participant.pk, settled=settled)
    if not after.covers(kind):
        raise CopyRefusedError(after.because or CHANGED)
    if before.children - after.children:
        raise CopyRefusedError(CHANGED)
    if not then["separate"] and separate_among(conference, [participant], rows, on=today):
        raise CopyRefusedError(APART)
