"""The conference of a child who is a parent, and the one of the baby: each stands apart, with people of its own."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.models import User
from conferences.access import visible_conferences
from conferences.enums import Capacity, ConferenceStatus, ParticipantStatus
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.children import short_name_of
from families.models import Child
from families.selectors.young_parents import YoungParent, young_parents
from govuk import words

GONE = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)


@dataclass(frozen=True)
class OwnConference:
    """The newest conference of a child, with its chair and advocates."""

    conference: Conference
    advocates: frozenset[tuple[int, str]]


def why_not_together(children: Iterable[Child], *, on: datetime.date) -> dict[frozenset[int], str]:
    """Return, by the ids of two of the children, why no conference is about both: one is the other's parent, under 18.

    One query where there are none.
    """
    ids = {child.pk for child in children}
    pairs = young_parents(ids, on=on) if len(ids) > 1 else []
    return {
        frozenset((pair.parent.pk, pair.baby.pk)): (
            f"{short_name_of(pair.parent)} is the {pair.word} of {short_name_of(pair.baby)} and is a child too. "
            "Each has a conference of their own, with a chair, an advocate and a core group of their own."
        )
        for pair in pairs
        if pair.parent.pk in ids and pair.baby.pk in ids
    }


def newest_conferences(children: Collection[int], user: User) -> dict[int, OwnConference]:
    """Return, by child id, the newest conference that the user may open, with its chair and advocates. Two queries."""
    rows = ConferenceChild.objects.filter(
        child__in=children, withdrawn_at__isnull=True, conference__in=visible_conferences(user).values("pk")
    ).exclude(conference__status=ConferenceStatus.CANCELLED)
    newest = rows.order_by("child_id", "-conference__requested_at", "-pk").distinct("child_id")
    found = {row.child_id: row.conference for row in newest.select_related("conference__chair")}
    if not found:
        return {}
    advocates: dict[int, set[tuple[int, str]]] = {}
    listed = Participant.objects.filter(conference__in=found.values(), capacity=Capacity.ADVOCATE)
    for row in listed.exclude(status__in=GONE).select_related("person"):
        advocates.setdefault(row.conference_id, set()).add((row.person_id, row.person.full_name))
    return {pk: OwnConference(row, frozenset(advocates.get(row.pk, ()))) for pk, row in found.items()}


def pairs_with_others(children: Collection[int], *, on: datetime.date) -> list[YoungParent]:
    """Return the young parents and babies of whom exactly one is among these children."""
    ids = set(children)
    return [pair for pair in young_parents(ids, on=on) if (pair.parent.pk in ids) != (pair.baby.pk in ids)]


def apart_before_booking(chosen: Iterable[Child], user: User, *, on: datetime.date) -> list[str]:
    """Return what whoever books for these children has to know: which of them can't be in one conference.

    And of a conference of another's that stands apart from theirs, where the user may open it.
    """
    chosen = list(chosen)
    together = list(why_not_together(chosen, on=on).values())
    children = {child.pk for child in chosen}
    pairs = pairs_with_others(children, on=on) if not together else []
    if not pairs:
        return together
    own = newest_conferences({pk for pair in pairs for pk in (pair.parent.pk, pair.baby.pk)} - children, user)
    found = []
    for pair in pairs:
        other = pair.baby if pair.parent.pk in children else pair.parent
        if other.pk not in own:
            continue
        theirs = own[other.pk]
        name = short_name_of(other)
        who = f"{name}, {pair.word} of {short_name_of(pair.baby)}," if other == pair.parent else f"{name}, the baby,"
        taken = [f"{theirs.conference.chair.name} (chair)"] if theirs.conference.chair else []
        taken += [f"{advocate} (advocate)" for _, advocate in sorted(theirs.advocates)]
        besides = f" than {words.listed(taken)}" if taken else ""
        found.append(
            f"{who} has a conference of their own. It stands apart: choose other people{besides}, and another key "
            "worker and core group."
        )
    return found
