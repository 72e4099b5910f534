"""A child's own letter, as it may reach them today."""

from __future__ import annotations

import datetime

from conferences.models import ConferenceChild
from deadlines.working_days.arithmetic import civil_day
from reports.content.childs_letter import hidden_from_home, place_on_list
from reports.copies import Composed, compose, entitlement_of
from reports.models import Document
from reports.selectors.childs_letters import recorded_now
from reports.services.refusals import CopyRefusedError, refuse_newly_hidden

ENDED = "Since this letter was prepared the child has died, or their record was sealed. Nothing goes to them."
TAKEN_OFF = "The conference is not about this child any more. Nothing of it goes to them."
ASKED = "The chair has not yet decided about this child. Nothing goes to them until then."
NOT_TOLD = (
    "Something in this letter is recorded otherwise now, so the child has not been told it: {where}. Talk to the "
    "child, record what they were told, and prepare a new letter."
)


def composed_for_child(document: Document, person_id: int, *, now: datetime.datetime) -> Composed:
    """Return a child's letter as it may go out today.

    Raises CopyRefusedError for anyone else; where the child has died, is sealed, was taken off the conference or waits
    for the chair's decision; where something the letter says was recorded otherwise since, or taken back; and where
    something in it was marked confidential from the child, or from an adult who may see it at home.
    """
    row = ConferenceChild.objects.select_related(
        "child__person", "conference__authority", "conference__chair", "conference__family"
    ).get(letters=document)
    if person_id != row.child.person_id or not entitlement_of(document.content, person_id).covers(document.kind):
        raise CopyRefusedError("This letter is for the child alone.")
    if row.child.person.death_date or row.child.person.sealed_at:
        raise CopyRefusedError(ENDED)
    if row.withdrawn_at is not None:
        raise CopyRefusedError(TAKEN_OFF)
    own = place_on_list(row)
    if own is not None and own.exclusion_requests.filter(decided_at__isnull=True).exists():
        raise CopyRefusedError(ASKED)
    copy = compose(document.content, person_id, document.kind)
    _refuse_what_was_not_told(document, row, copy, now=now)
    refuse_newly_hidden(copy, hidden_from_home(row, on=civil_day(now)))
    return copy


def _refuse_what_was_not_told(
    document: Document, row: ConferenceChild, copy: Composed, *, now: datetime.datetime
) -> None:
    stands = recorded_now(row, now=now)
    shown = {passage.entry: passage.where for passage in copy.passages}
    changed = [
        shown[one["entry"]]
        for one in document.content["told"]
        if one["entry"] in shown and one["recorded"] != stands.get(one["entry"])
    ]
    if changed:
        raise CopyRefusedError(NOT_TOLD.format(where=changed[0]))
