"""Corrections in a conference, and entries moved to another child's record, shown where they were."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from conferences.models import Conference, Decision
from conferences.selectors.children import short_name_of
from meetings.models import DecisionCorrection, EntryMove
from meetings.selectors.outcomes import advised_in_words


@dataclass(frozen=True)
class MovedAway:
    """The mark in the old place: what was moved, when and by whom. It names no child."""

    what: str
    at: datetime.datetime
    by: str


def corrections_of(conference: Conference) -> QuerySet[DecisionCorrection]:
    """Return every correction of the conference's decisions, newest first, with both texts."""
    return (
        DecisionCorrection.objects.filter(decision__conference_child__conference=conference)
        .select_related(
            "decision__conference_child__child__person",
            "decision__conference_child__child__pregnancy",
            "decision__key_worker",
            "decision__decided_by",
            "decision__sitting",
            "key_worker",
            "asked_by",
            "chair_agreed_by",
            "manager_agreed_by",
            "refused_by",
        )
        .prefetch_related("core_group__person", "decision__core_group__person")
        .order_by("-asked_at", "-pk")
    )


def moves_of(conference: Conference) -> QuerySet[EntryMove]:
    """Return every move of the conference's entries, newest first."""
    return _with_people(EntryMove.objects.filter(conference=conference))


def _with_people(moves: QuerySet[EntryMove]) -> QuerySet[EntryMove]:
    return moves.select_related(
        "asked_by",
        "agreed_by",
        "refused_by",
        "conference",
        "family__authority",
        "from_child__person",
        "from_child__pregnancy",
        "to_child__person",
        "to_child__pregnancy",
    ).order_by("-asked_at", "-pk")


def moved_away(kinds: Iterable[str], from_record: int, *, conference_id: int | None = None) -> list[MovedAway]:
    """Return the marks that entries of these kinds left in one plan or with one child of a conference."""
    moves = EntryMove.objects.filter(
        kind__in=list(kinds), from_record=from_record, conference=conference_id, moved_at__isnull=False
    )
    return marks_of(moves.select_related("asked_by").order_by("moved_at", "pk"))


def moved_on_board(conference: Conference, kinds: Iterable[str]) -> list[MovedAway]:
    """Return the marks for the whole conference, where notes of all children appear together."""
    moves = EntryMove.objects.filter(conference=conference, kind__in=list(kinds), moved_at__isnull=False)
    return marks_of(moves.select_related("asked_by").order_by("moved_at", "pk"))


def marks_of(moves: Iterable[EntryMove]) -> list[MovedAway]:
    """Return the marks of moves that have been made."""
    return [
        MovedAway(move.get_kind_display(), move.moved_at, move.asked_by.name)
        for move in moves
        if move.moved_at is not None
    ]


@dataclass(frozen=True)
class Side:
    """One side's agreement: whose it is, whether it is given, and whether this reader can give it."""

    who: str
    by: str
    at: datetime.datetime | None
    can_agree: bool


def sides_of(correction: DecisionCorrection, user: User, *, is_chair: bool, is_manager: bool) -> list[Side]:
    """Return the chair's and the manager's side; no one can be both."""
    chair, manager = correction.chair_agreed_by, correction.manager_agreed_by
    return [
        Side(
            "Chair",
            chair.name if chair else "",
            correction.chair_agreed_at,
            correction.is_open and chair is None and is_chair and manager != user,
        ),
        Side(
            "Manager",
            manager.name if manager else "",
            correction.manager_agreed_at,
            correction.is_open and manager is None and is_manager and chair != user,
        ),
    ]


def both_texts(correction: DecisionCorrection) -> list[tuple[str, str, str]]:
    """Return rows of label, entered text and decided text, including equal ones that say something."""
    then: Decision = correction.decision

    def row(label: str, before: object, after: object) -> tuple[str, str, str]:
        return label, str(before or ""), str(after or "")

    def people(source: Decision | DecisionCorrection) -> str:
        return ", ".join(sorted(one.person.full_name for one in source.core_group.all()))

    rows = [
        row("Decision", then.get_outcome_display(), correction.get_outcome_display()),
        row("Main category", then.get_main_category_display(), correction.get_main_category_display()),
        row("Why", then.rationale, correction.rationale),
        row("Why the plan ends", then.get_ends_because_display(), correction.get_ends_because_display()),
        row("Also advised", advised_in_words(then.also_advised), advised_in_words(correction.also_advised)),
        row("Help offered", then.help_offered, correction.help_offered),
        row("Key worker", _name(then.key_worker), _name(correction.key_worker)),
        row("Core group", people(then), people(correction)),
        row("Visits", _visits(then), _visits(correction)),
    ]
    return [one for one in rows if one[1] or one[2]]


def _name(user: User | None) -> str:
    return user.name if user else ""


def _visits(row: Decision | DecisionCorrection) -> str:
    every = row.visit_every_working_days
    return f"At least every {every} working days" if every else ""


def about(correction: DecisionCorrection) -> str:
    """Return the short name of the child whose decision is corrected."""
    return short_name_of(correction.decision.conference_child.child)
