"""Those to whom papers of a meeting go although they were not there: another council that takes the case over."""

from __future__ import annotations

from django.utils import timezone

from conferences.enums import ParticipantStatus
from conferences.models import Participant
from conferences.selectors.children import children_around, children_in
from reports.content.hidden import hidden_from
from reports.content.people import people_in
from reports.content.shared import Json
from reports.models import Document


def later_recipients(document: Document) -> list[Participant]:
    """Return those added to the meeting's list since the version was frozen, because they take the case over."""
    if not document.is_of_a_conference:
        # The ids in minutes of a core group are members', those in a plan are persons'.
        return []
    known = {row["id"] for row in document.content["participants"]}
    rows = document.conference.participants.filter(status=ParticipantStatus.AFTERWARDS).exclude(pk__in=known)
    return list(
        rows.select_related("person__user", "post__agency", "agency").prefetch_related("children").order_by("pk")
    )


def content_with(document: Document, later: list[Participant]) -> Json:
    """Return the frozen content of a version with these people among its participants.

    What the meeting said stays as it was frozen; what must not reach those who were added is as recorded today.
    """
    content: Json = document.content
    if not later:
        return content
    conference, on = document.conference, timezone.localdate()
    hidden = hidden_from(later, children_around(conference), council=conference.authority.name, on=on)
    people = people_in(conference, later, list(children_in(conference)), on=on)
    return {**content, "participants": [*content["participants"], *people], "hidden": {**content["hidden"], **hidden}}


def content_for(document: Document, participant_id: int) -> Json:
    """Return the content from which one recipient's copy is composed; everyone else's stays as it was frozen."""
    return content_with(document, [row for row in later_recipients(document) if row.pk == participant_id])
