"""The board of a meeting under the headings of the council's framework."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import those_in_at
from conferences.selectors.procedures import policy_of_conference
from entitlement import Concealed, Excerpt, may_be_shown_to_all
from meetings.models import BoardEntry
from meetings.selectors.attendance import Attendee, fill_in
from meetings.selectors.notes import NOTES_SHOWN, Column, column, holds_words


def entries_of(conference: Conference) -> QuerySet[BoardEntry]:
    """Return the notes on the board, newest first, with everything needed to show them."""
    return (
        conference.board.filter(withdrawn_at__isnull=True)
        .select_related("speaker__person", "speaker__agency", "part", "created_by", "late")
        .prefetch_related(Prefetch("children", ConferenceChild.objects.select_related("child__person")), "private_to")
        .order_by("-created_at", "-pk")
    )


def page_of_board(
    conference: Conference, *, attendees: Iterable[Attendee], begin_with: int | None = None, find: str = ""
) -> list[Column]:
    """Return the newest notes under each of the council's headings, ``NOTES_SHOWN`` of each.

    Under the heading of the note ``begin_with`` begin with that one instead; the earlier notes follow it. With
    ``find`` only those that hold all its words.
    """
    entries = conference.board.filter(holds_words(find), withdrawn_at__isnull=True).order_by()
    first = entries.filter(pk=begin_with).first() if begin_with is not None else None
    if first is not None:
        newer = Q(created_at__gt=first.created_at) | Q(created_at=first.created_at, pk__gt=first.pk)
        entries = entries.exclude(newer, heading=first.heading)
    # Placed by their ids alone: the database would otherwise sort everything that a note shows.
    placed = entries.annotate(
        place=Window(RowNumber(), order_by=(F("created_at").desc(), F("pk").desc()), partition_by=F("heading")),
        of=Window(Count("pk"), partition_by=F("heading")),
    ).filter(place__lte=NOTES_SHOWN + 1)
    of = dict(placed.values_list("pk", "of"))
    by_heading: dict[str, list[BoardEntry]] = {}
    for entry in fill_in(
        entries_of(conference).filter(pk__in=of).select_related(None).select_related("part", "late"),
        attendees,
        "speaker",
    ):
        by_heading.setdefault(entry.heading, []).append(entry)
    found = []
    for heading in policy_of_conference(conference).framework.headings:
        rows = by_heading.get(heading.key, [])
        is_of_earlier = first is not None and first.heading == heading.key
        found.append(column(heading, rows, of=of[rows[0].pk] if rows else 0, is_of_earlier=is_of_earlier))
    return found


def last_written(conference: Conference, user: User) -> BoardEntry | None:
    """Return the note that a user wrote last, whose heading, speaker, kind and children stay for the next one."""
    rows = conference.board.filter(created_by=user, withdrawn_at__isnull=True)
    return rows.prefetch_related("children").order_by("-created_at", "-pk").first()


def is_on_first_page(entry: BoardEntry) -> bool:
    """Return whether a note is among the newest of its heading."""
    newer = Q(created_at__gt=entry.created_at) | Q(created_at=entry.created_at, pk__gt=entry.pk)
    return entries_of(entry.conference).filter(newer, heading=entry.heading).count() < NOTES_SHOWN


def excerpt_of(entry: BoardEntry) -> Excerpt:
    """Return the parts of a note that decide who may read it."""
    return Excerpt(
        texts=(entry.text, entry.evidence, entry.seen_differently),
        children=frozenset(child.pk for child in entry.children.all()),
        private_to=frozenset(person.pk for person in entry.private_to.all()),
        part=entry.part_id,
        among=those_in_at(entry.conference)(entry.created_at),
    )


def board_of(
    conference: Conference, *, part_id: int | None = None, for_the_room: Concealed | None = None
) -> list[Column]:
    """Return the board under the council's headings.

    With ``part_id``, return only what was said in that part or before the opening. With ``for_the_room``, which
    holds what is hidden from any one person in the room, return only what a recorder has put on the shared screen,
    and of that nothing that not everyone there may see.
    """
    entries = entries_of(conference)
    if for_the_room is not None:
        entries = entries.filter(shown_version=F("version"))
    if part_id is not None:
        entries = entries.filter(Q(part=part_id) | Q(part__isnull=True))
    by_heading: dict[str, list[BoardEntry]] = {}
    for entry in entries:
        if for_the_room is None or may_be_shown_to_all(excerpt_of(entry), for_the_room):
            by_heading.setdefault(entry.heading, []).append(entry)
    headings = policy_of_conference(conference).framework.headings
    return [Column(heading, by_heading.get(heading.key, [])) for heading in headings]
