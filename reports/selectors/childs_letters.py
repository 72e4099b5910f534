"""What a child could be told of their meeting, what they were told, and where their letter stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from conferences.childs_words import WORDS_FOR, ChildsWords
from conferences.enums import Capacity, Outcome, PartKind, PlanEffect
from conferences.models import Conference, ConferenceChild, Part
from conferences.selectors.children import children_in
from conferences.selectors.understanding import WrittenTo, band_of, written_to
from entitlement import in_the_plan_for, may_read
from my_views.selectors.released import handed_in_openly
from reports.content.childs_letter import content_of_letter
from reports.content.decided import decisions_in, said_decisions
from reports.content.said import board_of, outline_of
from reports.copies import reader_of
from reports.copies.children import outcome_words
from reports.copies.readers import excerpt_of
from reports.enums import DocumentKind, DocumentState, LetterPart
from reports.models import ChildTold, Copy, Document, LetterHandover, ToldPassage

CAME, MORE = "came", "more"
FREE = {
    CAME: (LetterPart.CAME, "What came of what the child said"),
    MORE: (LetterPart.MORE, "Anything else the child was told"),
}


@dataclass(frozen=True)
class Tellable:
    """Something that is recorded and that the child could be told.

    ``recorded`` is how it reads for staff, ``words`` how it may be told. The child's own words stand ``as_said``.
    """

    entry: str
    part: LetterPart
    label: str
    recorded: str
    words: str
    as_said: bool = False

    @property
    def key(self) -> str:
        """Return the entry as names of form fields have it."""
        return self.entry.replace(":", "-")


def tellable(row: ConferenceChild, *, now: datetime.datetime) -> list[Tellable]:
    """Return what could be told to the child of one conference, in the order of the letter.

    Only what the child may read: nobody's private matter but their own, nothing of another child alone, nothing of a
    confidential part; of what they said, nothing that they kept for the chair and social worker.
    """
    say = WORDS_FOR[band_of(row, on=timezone.localdate(now))]
    return [
        *_said(row),
        Tellable(CAME, *FREE[CAME], "", ""),
        *_decided(row, say),
        *_plan(row, now=now),
        *_ahead(row, say),
        Tellable(MORE, *FREE[MORE], "", ""),
    ]


def recorded_now(row: ConferenceChild, *, now: datetime.datetime) -> dict[str, str]:
    """Return how everything that could be told is recorded now, by entry."""
    return {one.entry: one.recorded for one in tellable(row, now=now)}


def _said(row: ConferenceChild) -> Iterator[Tellable]:
    person = row.child.person
    for answer in handed_in_openly(row.conference, person):
        label = f"My Views: {answer.asked}"
        yield Tellable(f"said:{answer.pk}", LetterPart.SAID, label, answer.said, answer.said, as_said=True)
    own = row.conference.participants.filter(person=person, capacity=Capacity.CHILD)
    places = set(own.values_list("pk", flat=True))
    for note in board_of(row.conference) if places else ():
        if note["speaker"] in places and not set(note["private_to"]) - {person.pk}:
            yield Tellable(
                f"board:{note['id']}", LetterPart.SAID, "Said in the meeting", note["text"], note["text"], as_said=True
            )


def _decided(row: ConferenceChild, say: ChildsWords) -> Iterator[Tellable]:
    decision = next((one for one in said_decisions(decisions_in(row.conference)) if one["child"] == row.pk), None)
    if decision is None:
        return
    recorded, outcome = outcome_words(decision), decision["outcome"]
    words = say.decided[outcome]
    if decision["on_plan"] == PlanEffect.GOES_ON and outcome != Outcome.CP_PLAN:
        words = f"{words} {say.still_in_force}"
    yield Tellable(f"decision:{row.pk}", LetterPart.DECIDED, "The decision", recorded, words)
    if decision["rationale"]:
        yield Tellable(f"why:{row.pk}", LetterPart.DECIDED, "Why", decision["rationale"], "")
    if decision["help_offered"]:
        yield Tellable(f"help:{row.pk}", LetterPart.DECIDED, "Help offered", decision["help_offered"], "")
    if decision["visits"]:
        often = {5: "every week", 10: "every two weeks", 20: "every four weeks"}.get(decision["visit_days"], "")
        words = say.visits.format(often=often or "often")
        yield Tellable(f"visits:{row.pk}", LetterPart.PLAN, "Visits", decision["visits"], words)


def _plan(row: ConferenceChild, *, now: datetime.datetime) -> Iterator[Tellable]:
    content = content_of_letter(row, None, now=now)
    reader = reader_of(content, row.child.person_id)
    for one in outline_of(row.conference):
        action = excerpt_of(one, one["why"], one["what"], one["who_else"])
        # Of the action itself: what was agreed in a confidential part is nobody's who was not there.
        if not may_read(action, reader) or not in_the_plan_for(action, reader, _confidential(row.conference)):
            continue
        recorded = f"{one['what']} ({one['by_when']})"
        yield Tellable(f"action:{one['id']}", LetterPart.PLAN, "In the plan", recorded, "")


def _confidential(conference: Conference) -> frozenset[int]:
    rows = Part.objects.filter(sitting__conference=conference, kind=PartKind.CONFIDENTIAL)
    return frozenset(rows.values_list("pk", flat=True))


def _ahead(row: ConferenceChild, say: ChildsWords) -> Iterator[Tellable]:
    """Yield the next meeting by its month alone: the day may be kept from somebody who sees the letter at home."""
    at = row.conference.review_at
    if at is not None:
        month = timezone.localtime(at).strftime("%B")
        yield Tellable("review", LetterPart.NEXT, "The next meeting", f"In {month}", say.review.format(month=month))


def told_to(row: ConferenceChild) -> ChildTold | None:
    """Return what the child was told last, with its passages; None where nobody has recorded it."""
    return told_in([row]).get(row.pk)


def told_in(rows: Iterable[ConferenceChild]) -> dict[int, ChildTold]:
    """Return the same for several children, by the ids of their rows."""
    found = ChildTold.objects.filter(child__in=list(rows), superseded_at__isnull=True).select_related("recorded_by")
    return {one.child_id: one for one in found.prefetch_related(Prefetch("passages", ToldPassage.objects.all()))}


def letters_of(row: ConferenceChild) -> QuerySet[Document]:
    """Return all versions of a child's letter, newest first, with how each reached the child."""
    return _letters(Document.objects.filter(conference_child=row))


def _letters(rows: QuerySet[Document]) -> QuerySet[Document]:
    return (
        rows.filter(kind=DocumentKind.CHILDS_LETTER)
        .select_related(
            "prepared_by", "released_by", "standing_in_for", "superseded_by", "sent_back_by", "conference", "handover",
            "handover__recorded_by",
        )
        .prefetch_related(
            "settled_for", Prefetch("copies", Copy.objects.select_related("sent_by").order_by("sent_at", "pk"))
        )
        .order_by("-number")
    )  # fmt: skip


@dataclass(frozen=True)
class LetterRow:
    """Where the letter to one child stands."""

    row: ConferenceChild
    how: WrittenTo
    told: ChildTold | None
    document: Document | None
    handover: LetterHandover | None

    @property
    def is_handed_over(self) -> bool:
        return self.handover is not None and self.handover.handed_at is not None


def letters_to_children(conference: Conference, *, on: datetime.date) -> list[LetterRow]:
    """Return a row for each living, born child of a conference, in a fixed number of queries."""
    rows = [row for row in children_in(conference) if is_written_to(row)]
    for row in rows:
        row.conference = conference
    how, told = written_to(rows, on=on), told_in(rows)
    current = _letters(Document.objects.filter(conference_child__in=rows)).exclude(state=DocumentState.SUPERSEDED)
    documents = {one.conference_child_id: one for one in current.defer("content")}
    return [
        LetterRow(row, how[row.pk], told.get(row.pk), found, getattr(found, "handover", None))
        for row in rows
        for found in [documents.get(row.pk)]
    ]


def is_written_to(row: ConferenceChild) -> bool:
    """Return whether a letter can go to this child: born, living, and not under seal."""
    person = row.child.person
    return not row.child.is_unborn and person.death_date is None and person.sealed_at is None
