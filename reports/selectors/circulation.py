"""Documents of a conference, and who each copy was sent to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from conferences.enums import FAMILY_CAPACITIES, ParticipantStatus
from conferences.models import Conference
from core_groups.models import CoreGroupMeeting
from families.selectors.agency_names import confidential_agencies, place_on_page, recorded_name, recorded_title
from govuk import words
from plans.models import Plan
from reports.content import content_with, later_recipients
from reports.copies import Content, entitlement_of, recipients_due
from reports.copies.levels import Row
from reports.enums import DocumentState
from reports.models import Copy, Document


@dataclass(frozen=True)
class RecipientRow:
    """One participant: the number of their copy and what was sent, or why they get none.

    ``is_confidential`` where they work at a place whose name pages do not tell, nor the addresses there;
    ``takes_over`` where they were not at the meeting, and take the case over; ``chair_decides`` where they get one
    if the chair says so.
    """

    participant_id: int
    name: str
    role: str
    number: int
    copies: tuple[Copy, ...]
    because: str = ""
    is_settled: bool = False
    is_confidential: bool = False
    takes_over: bool = False
    chair_decides: bool = False

    @property
    def is_due(self) -> bool:
        return self.number > 0

    @property
    def is_sent(self) -> bool:
        return any(not copy.is_undone for copy in self.copies)


@dataclass(frozen=True)
class Circulation:
    document: Document
    rows: list[RecipientRow]

    @property
    def due(self) -> list[RecipientRow]:
        return [row for row in self.rows if row.is_due]

    @property
    def not_due(self) -> list[RecipientRow]:
        return [row for row in self.rows if not row.is_due]

    @property
    def waiting(self) -> list[RecipientRow]:
        return [row for row in self.due if not row.is_sent]

    @property
    def sent(self) -> list[RecipientRow]:
        return [row for row in self.due if row.is_sent]


def current_document(conference: Conference, kind: str) -> Document | None:
    """Return the version in force, prepared or released."""
    return documents_of(conference).filter(kind=kind).exclude(state=DocumentState.SUPERSEDED).first()


def _copies() -> Any:
    copies = Copy.objects.select_related("sent_by").prefetch_related("news__recorded_by")
    return Prefetch("copies", copies.order_by("sent_at", "pk"))


def documents_of(conference: Conference) -> QuerySet[Document]:
    """Return all versions, newest first, with who prepared and released them and the copies sent."""
    return (
        Document.objects.filter(
            conference=conference, core_group_meeting__isnull=True, plan__isnull=True, conference_child__isnull=True
        )
        .select_related("prepared_by", "released_by", "standing_in_for", "superseded_by", "sent_back_by", "conference")
        .prefetch_related("settled_for", _copies())
        .order_by("kind", "-number")
    )


def documents_of_meeting(meeting: CoreGroupMeeting) -> QuerySet[Document]:
    """Return all versions of a core group meeting's minutes, newest first, with the copies sent."""
    return (
        Document.objects.filter(core_group_meeting=meeting)
        .select_related(
            "prepared_by",
            "released_by",
            "superseded_by",
            "sent_back_by",
            "conference",
            "core_group_meeting__core_group",
        )
        .prefetch_related("settled_for", _copies())
        .order_by("-number")
    )


def documents_of_plan(plan: Plan) -> QuerySet[Document]:
    """Return all versions of a plan's paper, newest first, with the copies sent."""
    return (
        Document.objects.filter(plan=plan)
        .select_related(
            "prepared_by", "released_by", "superseded_by", "sent_back_by", "conference", "plan", "plan_version"
        )
        .prefetch_related("settled_for", _copies())
        .order_by("-number")
    )


def settled_ids(document: Document) -> list[int]:
    """Return the ids of participants who get it by the chair's own decision."""
    return sorted(row.pk for row in document.settled_for.all())


def on_page(document: Document) -> Content:
    """Return a document's content for a page that shows it whole, without the names of confidential agencies.

    What the copies tell is ruled by entitlement, reader by reader, and stays as it is.
    """
    content: Content = document.content
    family_id = document.conference.family_id
    if not confidential_agencies(family_id):
        return content

    def places(rows: list[Row]) -> list[Row]:
        return [{**row, "name": recorded_name(row["agency"], row["name"], family_id)} for row in rows]

    if "core_group" in content:
        # Where each sitting was, as pages say it.
        parts = [{**part, "place": place_on_page(part["place"], family_id)} for part in content["parts"]]
        following = {
            pk: {**own, "place": place_on_page(own["place"], family_id)} for pk, own in content["next"].items()
        }
        content = {**content, "parts": parts, "next": following}
    return {
        **content,
        "participants": [
            {
                **who,
                "title": recorded_title(who["agency"], who["title"], family_id),
                "agency_name": recorded_name(who["agency"], who["agency_name"], family_id),
            }
            for who in content["participants"]
        ],
        "children": [
            {**child, "gp": places(child["gp"]), "school": places(child["school"])} for child in content["children"]
        ],
        "dates": {
            **content["dates"],
            "first_core_group_place": place_on_page(content["dates"]["first_core_group_place"], family_id),
        },
    }


def may_be_settled(content: Content, kind: str) -> list[tuple[int, str, str]]:
    """Return participants who get this paper only if the chair says so: id, name, why."""
    found = []
    for who in content["participants"]:
        entitlement = entitlement_of(content, who["id"])
        if entitlement.chair_may_settle and not entitlement.covers(kind):
            wider = entitlement_of(content, who["id"], settled=[who["id"]])
            if wider.covers(kind):
                found.append((who["id"], who["name"], entitlement.because))
    return found


def circulation_of(document: Document) -> Circulation:
    """Return everyone on the list in the order of their copies, then those without one and why."""
    content, settled = content_with(document, later_recipients(document)), settled_ids(document)
    family_id = document.conference.family_id
    due = recipients_due(content, document.kind, settled=settled)
    copies: dict[int, list[Copy]] = {}
    for copy in document.copies.all():
        copies.setdefault(copy.recipient_id or copy.member_id or copy.person_id or 0, []).append(copy)
    rows = []
    chairs_choice = {pk for pk, _, _ in may_be_settled(content, document.kind)} - set(settled)
    for who in content["participants"]:
        entitlement = entitlement_of(content, who["id"], settled=settled)
        rows.append(
            RecipientRow(
                participant_id=who["id"],
                name=who["name"],
                role=_role(content, who, family_id),
                number=due.index(who["id"]) + 1 if who["id"] in due else 0,
                copies=tuple(copies.get(who["id"], ())),
                because=entitlement.because or "Runs the meeting.",
                is_settled=who["id"] in settled,
                is_confidential=who["agency"] in confidential_agencies(family_id),
                takes_over=who["status"] == ParticipantStatus.AFTERWARDS,
                chair_decides=who["id"] in chairs_choice,
            )
        )
    return Circulation(document, sorted(rows, key=lambda row: (not row.is_due, row.number)))


def _role(content: Content, who: dict[str, Any], family_id: int) -> str:
    """Return a participant's relation to the children, or where they work, as pages say it."""
    ties = [tie["words"] for tie in content["ties"] if tie["person"] == who["person"] and tie["words"]]
    title = recorded_title(who["agency"], who["title"], family_id)
    at_work = ", ".join(filter(None, (title, recorded_name(who["agency"], who["agency_name"], family_id))))
    if who["capacity"] in FAMILY_CAPACITIES and ties:
        return words.listed(list(dict.fromkeys(ties)))
    return at_work or str(who["capacity_words"])
