"""Moving an entry from the wrong child to the right one; a second person agrees if it was released."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.access import may
from conferences.models import Conference, ConferenceChild
from conferences.services.guards import text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from families.access import may_manage_family
from families.models import Child, FamilyMember
from meetings.enums import EntryKind
from meetings.events import tell_moved, tell_put, was_released
from meetings.misfiled_entries import Movable, Place, movable, register_movable
from meetings.models import BoardEntry, EntryMove, OutlineAction, Score, View

Put = Callable[[int, Child, Child, datetime.datetime], None]


@transaction.atomic
def move_entry(
    *, kind: str, entry_id: int, from_child: Child, to_child: Child, reason: str, by: User, now: datetime.datetime
) -> EntryMove:
    """Move an entry that concerns another child, or request the move if it has gone out.

    In order: finds and locks the entry; stores the move with its reason; if nothing has gone out, moves the
    entry at once and recounts the deadlines of both children, otherwise waits for a second person.

    Moving it there again, or asking again, returns the first move. The caller has checked access to both places
    for ``by``. Raises ValidationError on ``reason`` and ``to_child``, and if the entry is not about
    ``from_child``.
    """
    known = movable(kind)
    place = known.place(entry_id) if known else None
    if known is None or place is None:
        raise ValidationError("This entry is no longer there.")
    words = text_of("reason", reason, "Say what shows that it is about another child.")
    earlier = EntryMove.objects.select_for_update(of=("self",)).filter(kind=kind, entry_id=entry_id)
    for move in earlier.order_by("-pk"):
        same = (move.from_child_id, move.to_child_id) == (from_child.pk, to_child.pk)
        if move.is_open and same:
            return move
        if move.is_open:
            raise ValidationError("This entry is already waiting to be moved. Look at that first.")
        if move.moved_at is not None and same and from_child.pk not in {row.pk for row in place.children}:
            return move
    _check(place, from_child, to_child)
    with refused_by_database():
        move = EntryMove.objects.create(
            kind=kind,
            entry_id=entry_id,
            family=place.family,
            conference=place.conference,
            from_child=from_child,
            to_child=to_child,
            from_record=place.record_of(from_child),
            reason=words,
            asked_by=by,
            asked_at=now,
            needs_agreement=place.is_released,
        )
    if not move.needs_agreement:
        _put(move, known, now=now)
    return move


@transaction.atomic
def agree_to_move(*, move: EntryMove, by: User, now: datetime.datetime) -> EntryMove:
    """Record the agreement of a second person, chair or manager, and move the entry.

    In order: locks the entry and the move; records who agreed; moves the entry; updates papers (old copies are
    replaced, and their holders told); recounts the deadlines of both children.

    Agreeing twice is a no-op. Raises ValidationError for the requester, for anyone who may not agree, for a
    move that was refused, and if the entry has been moved in the meantime.
    """
    known = movable(move.kind)
    place = known.place(move.entry_id) if known else None
    locked = (
        EntryMove.objects.select_for_update(of=("self",))
        .select_related("family", "conference", "from_child", "to_child", "asked_by")
        .get(pk=move.pk)
    )
    if locked.moved_at is not None:
        return locked
    if locked.refused_at is not None:
        raise ValidationError("This was refused. If you have something new, ask again.")
    if known is None or place is None:
        raise ValidationError("This entry is no longer there.")
    if by.pk == locked.asked_by_id:
        raise ValidationError("You asked for this, so someone else has to agree.")
    if not may_agree_to_move(by, locked):
        raise ValidationError("Only the chair of the conference or a manager can agree to this.")
    _check(place, locked.from_child, locked.to_child)
    locked.agreed_by, locked.agreed_at = by, now
    with refused_by_database():
        locked.save(update_fields=["agreed_by", "agreed_at"])
    _put(locked, known, now=now)
    tell_moved(locked, now=now)
    return locked


@transaction.atomic
def refuse_move(*, move: EntryMove, because: str, by: User, now: datetime.datetime) -> EntryMove:
    """Record why the entry stays where it is, or withdraw one's own request.

    Refusing twice returns the first refusal. Raises ValidationError on ``because``, for anyone who may not
    agree and did not ask, and once the entry has moved.
    """
    locked = EntryMove.objects.select_for_update(of=("self",)).select_related("family", "conference").get(pk=move.pk)
    if locked.refused_at is not None:
        return locked
    if locked.moved_at is not None:
        raise ValidationError("This entry has already been moved.")
    if by.pk != locked.asked_by_id and not may_agree_to_move(by, locked):
        raise ValidationError("Only the chair of the conference or a manager can do this.")
    locked.refused_because = text_of("because", because, "Say why it stays where it is.")
    locked.refused_by, locked.refused_at = by, now
    locked.save(update_fields=["refused_by", "refused_at", "refused_because"])
    return locked


def may_agree_to_move(user: User, move: EntryMove) -> bool:
    """Return whether the user chairs or manages the conference or, without one, manages the family."""
    if move.conference is not None:
        return may(user, move.conference, to="agree")
    return may_manage_family(user, move.family)


def _check(place: Place, from_child: Child, to_child: Child) -> None:
    if from_child.pk not in {row.pk for row in place.children}:
        raise ValidationError("This entry is no longer recorded for that child. Look at it again.")
    if to_child.pk == from_child.pk or to_child.pk not in {row.pk for row in place.possible}:
        raise ValidationError({"to_child": "Choose another child it can move to."})


def _put(move: EntryMove, known: Movable, *, now: datetime.datetime) -> None:
    with refused_by_database(score_once="to_child", view_once="to_child", core_group_score_once="to_child"):
        known.put(move.entry_id, move.from_child, move.to_child, now)
    move.moved_at = now
    move.save(update_fields=["moved_at"])
    tell_put(move, now=now)
    persons = [move.from_child.person_id, move.to_child.person_id]
    members = FamilyMember.objects.filter(person__in=persons, ends_on__isnull=True)
    reconcile(family_ids=sorted({move.family_id, *members.values_list("family_id", flat=True)}), now=now)


# Entries in a conference itself. Its board, scores and views change only while the conference is locked.


def place_in_conference(conference: Conference, find: Callable[[], tuple[list[Child], str] | None]) -> Place | None:
    """Return the place of an entry in a conference, which is locked first.

    ``find`` then reads the children that the entry names, and its text. An entry that names no child concerns
    all of them.
    """
    locked = lock_conference(conference)
    found = find()
    if found is None:
        return None
    rows = locked.children.filter(withdrawn_at__isnull=True).select_related("child__person").order_by("pk")
    by_child = {row.child_id: row.pk for row in rows}
    everybody = [row.child for row in rows]
    named, text = found
    return Place(
        family=locked.family,
        conference=locked,
        children=named or everybody,
        possible=everybody,
        record_of=lambda child: by_child[child.pk],
        text=text,
        is_released=was_released(locked),
    )


def _entry_place(model: Any, text: str) -> Callable[[int], Place | None]:
    def place(entry_id: int) -> Place | None:
        row = model.objects.filter(pk=entry_id).select_related("conference").first()
        return place_in_conference(row.conference, lambda: find(entry_id)) if row else None

    def find(entry_id: int) -> tuple[list[Child], str] | None:
        row = model.objects.filter(pk=entry_id, withdrawn_at__isnull=True).first()
        if row is None:
            return None
        named = row.children.select_related("child__person").order_by("pk")
        return [one.child for one in named], str(getattr(row, text))

    return place


def put_with_child(row: Any, from_child: Child, to_child: Child, conference_id: int) -> None:
    """Replace one child with another on a row that names children of a conference."""
    rows = ConferenceChild.objects.filter(conference=conference_id, withdrawn_at__isnull=True)
    everybody = {one.child_id: one for one in rows}
    named = {one.child_id: one for one in row.children.all()} or dict(everybody)
    named.pop(from_child.pk, None)
    named[to_child.pk] = everybody[to_child.pk]
    row.children.set(named.values())
    row.version += 1
    row.save(update_fields=["version"])


def _entry_put(model: Any) -> Put:
    def put(entry_id: int, from_child: Child, to_child: Child, _now: datetime.datetime) -> None:
        row = model.objects.select_for_update().get(pk=entry_id)
        put_with_child(row, from_child, to_child, row.conference_id)

    return put


def _off_the_screen(put: Put) -> Put:
    """Let a note that goes to another child leave the shared screen: a recorder shows it again."""

    def put_unseen(entry_id: int, from_child: Child, to_child: Child, now: datetime.datetime) -> None:
        put(entry_id, from_child, to_child, now)
        BoardEntry.objects.filter(pk=entry_id).update(shown_version=None)

    return put_unseen


def _said_place(model: Any) -> Callable[[int], Place | None]:
    def place(entry_id: int) -> Place | None:
        row = model.objects.filter(pk=entry_id).select_related("conference_child__conference").first()
        if row is None:
            return None
        return place_in_conference(row.conference_child.conference, lambda: find(entry_id))

    def find(entry_id: int) -> tuple[list[Child], str]:
        row = model.objects.select_related("conference_child__child__person").get(pk=entry_id)
        return [row.conference_child.child], row.reason

    return place


def _said_put(model: Any) -> Callable[[int, Child, Child, datetime.datetime], None]:
    def put(entry_id: int, _from_child: Child, to_child: Child, _now: datetime.datetime) -> None:
        row = model.objects.select_for_update(of=("self",)).select_related("conference_child").get(pk=entry_id)
        row.conference_child = ConferenceChild.objects.get(
            conference=row.conference_child.conference_id, child=to_child
        )
        row.version += 1
        row.save(update_fields=["conference_child", "version"])

    return put


def register_movables() -> None:
    """Register notes, actions, scores and views of a conference. Called once from ``connect``."""
    register_movable(
        Movable(EntryKind.BOARD, _entry_place(BoardEntry, "text"), _off_the_screen(_entry_put(BoardEntry)))
    )
    register_movable(Movable(EntryKind.OUTLINE, _entry_place(OutlineAction, "what"), _entry_put(OutlineAction)))
    register_movable(Movable(EntryKind.SCORE, _said_place(Score), _said_put(Score)))
    register_movable(Movable(EntryKind.VIEW, _said_place(View), _said_put(View)))
