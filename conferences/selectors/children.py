"""The children of a conference, in the wording and order used by every page."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from django.db.models import F, Q, QuerySet

from accounts.request_cache import once_per_request
from conferences.enums import ConferenceKind
from conferences.models import Conference, ConferenceChild
from entitlement import ChildOutside, first_names, lets_read
from families.enums import PregnancyOutcome
from families.models import Child, Person
from families.models.persons import ADULT_FROM
from families.selectors import RecordedTies, recorded_ties
from govuk import words

ENDED_PREGNANCIES = (
    PregnancyOutcome.STILLBIRTH,
    PregnancyOutcome.MISCARRIAGE,
    PregnancyOutcome.TERMINATION,
    PregnancyOutcome.NOT_PREGNANT,
)


def children_in(conference: Conference, *, withdrawn: bool = False) -> QuerySet[ConferenceChild]:
    """Return the children of a conference, eldest first, the unborn last, with person and pregnancy."""
    rows: QuerySet[ConferenceChild] = conference.children.all()
    if not withdrawn:
        rows = rows.filter(withdrawn_at__isnull=True)
    return rows.select_related("child__person", "child__pregnancy", "enquiry__discussion").order_by(
        F("child__person__birth_date").asc(nulls_last=True), "child__born_order", "pk"
    )


def children_around(conference: Conference) -> list[Child]:
    """Return every child whose hidden places nobody may learn from a conference, read once per page.

    Those it is about, those withdrawn from it, and their brothers and sisters in the family.
    """
    rows = Child.objects.filter(
        Q(conferences__conference=conference) | Q(person__memberships__family=conference.family_id)
    )
    key = ("children around", conference.pk)
    return once_per_request(key, lambda: list(rows.select_related("person").distinct().order_by("pk")))


def children_listed(conference: Conference) -> list[ConferenceChild]:
    """Return the children of a conference as its pages show them, read once per page."""
    rows = children_in(conference).select_related(None).select_related("child__person", "child__pregnancy")
    return once_per_request(("children", conference.pk), lambda: list(rows))


def those_in_at(conference: Conference) -> Callable[[datetime.datetime], frozenset[int]]:
    """Return what tells whom the conference was about at a moment, by the ids of its rows; withdrawn ones count.

    Nobody, which means that there is nothing to tell apart, where no child was added or put back later.
    """
    rows = once_per_request(("those in", conference.pk), lambda: list(conference.children.order_by("pk")))
    if not any(row.added_at or row.away_from for row in rows):
        return lambda _at: frozenset()
    return lambda at: frozenset(row.pk for row in rows if row.was_in(at))


def why_ended(child: Child) -> str:
    """Return that the child has died or the pregnancy ended; empty for everyone else."""
    if child.person.death_date is not None:
        return "This child has died."
    ended = child.pregnancy is not None and child.pregnancy.outcome in ENDED_PREGNANCIES
    if ended and child.person.birth_date is None:
        return "The pregnancy ended."
    return ""


def initials_of(child: Child) -> str:
    """Return initials, or what to call an unborn baby, for headings."""
    unborn = child.is_unborn and not child.person.given_name
    return f"unborn baby{_which(child)}" if unborn else child.person.initials


def _which(child: Child) -> str:
    """Return " (1 of 2)" for one of several expected babies, from what the baby is called until it has a name."""
    numbered = re.search(r" \(\d+ of \d+\)$", child.person.unnamed_as)
    return numbered.group() if numbered else ""


def heading_of(children: Iterable[ConferenceChild]) -> str:
    """Return for example "R.B., W.B. and unborn baby"; never full names, as headings are seen over shoulders."""
    named = words.listed(_told_apart([row.child for row in children]))
    return f"{named[:1].upper()}{named[1:]}" if named else "No child"


def _told_apart(children: Sequence[Child]) -> list[str]:
    """Return initials; of those who share them, as much of the first name as tells them apart: "Ro.B. and Ru.B."."""
    shared = Counter(initials_of(child) for child in children)
    return [initials_of(child) if shared[initials_of(child)] == 1 else _longer(child, children) for child in children]


def _longer(child: Child, children: Sequence[Child]) -> str:
    initials, given = initials_of(child), child.person.given_name
    others = [other.person.given_name for other in children if other is not child and initials_of(other) == initials]
    for length in range(2, len(given) + 1):
        if not any(other[:length] == given[:length] for other in others):
            return f"{given[:length]}.{initials[2:]}"
    return initials


def names_of(children: Iterable[ConferenceChild]) -> str:
    """Return for example "Robin, Wren and the unborn baby", for sentences on the page."""
    return words.listed([short_name_of(row.child) for row in children])


def short_name_of(child: Child) -> str:
    """Return what to call the child in a sentence."""
    unborn = child.is_unborn and not child.person.given_name
    return f"the unborn baby{_which(child)}" if unborn else child.person.short_name


def kinds_of(children: Iterable[ConferenceChild]) -> str:
    """Return for example "Initial conference, pre-birth conference for the unborn baby"."""
    by_kind: dict[str, list[ConferenceChild]] = {}
    for row in children:
        by_kind.setdefault(row.kind, []).append(row)
    if not by_kind:
        return ""
    (first, _), *others = sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    parts = [f"{ConferenceKind(first).label} conference"]
    parts += [f"{ConferenceKind(kind).label.lower()} conference for {names_of(rows)}" for kind, rows in others]
    return ", ".join(parts)


def children_outside(conference: Conference, *, on: datetime.date) -> list[ChildOutside]:
    """Return the children whom the conference is not about, though its texts may name them.

    They are those withdrawn from it, and the others who ever belonged to the family, unless they are parents here
    themselves. Who may read about them is as recorded on that day.
    """
    key = ("children outside", conference.pk, on)
    return once_per_request(key, lambda: _children_outside(conference, on))


def _children_outside(conference: Conference, on: datetime.date) -> list[ChildOutside]:
    rows = {row.child_id: row for row in children_in(conference, withdrawn=True)}
    about = [row.child for row in rows.values() if not row.withdrawn_at]
    parents = recorded_ties(about, on=on).person_ids
    others = list(
        Child.objects.filter(Q(pk__in=rows) | Q(person__memberships__family=conference.family_id))
        .exclude(pk__in=[child.pk for child in about])
        .exclude(person__in=parents)
        .select_related("person", "pregnancy")
        .prefetch_related("person__names")
        .distinct()
        .order_by("pk")
    )
    ties = recorded_ties(others, on=on)
    return [
        ChildOutside(
            id=rows[child.pk].pk if child.pk in rows else None,
            names=tuple(names_in_a_sentence(child.person)),
            is_unborn=child.is_unborn,
            read_by=frozenset({child.person_id, *readers_of(ties, child, on=on)}),
            full_name=child.person.full_name,
        )
        for child in others
    ]


def readers_of(ties: RecordedTies, child: Child, *, on: datetime.date) -> set[int]:
    """Return the ids of the persons whose tie to the child lets them read about the child on a day."""
    return {
        pk
        for pk in ties.person_ids
        if lets_read(
            holds_responsibility=ties.holds_responsibility(pk, child),
            relationships=[
                (row.kind, row.certainty)
                for row in ties.relationships
                if row.person_id == pk and row.child_id == child.pk
            ],
            is_grown_up=child.person.turned(ADULT_FROM, on),
        )
    }


def names_in_a_sentence(person: Person) -> list[str]:
    """Return the names a person could be called in a sentence, without the surnames others share."""
    given = [person.given_name, *(name.given_name for name in person.names.all())]
    return sorted({person.unnamed_as, *(said for name in given for said in first_names(name))} - {""})
