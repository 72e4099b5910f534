"""Who in the family is due a report, and which parts of it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils import timezone

from conferences.enums import FAMILY_CAPACITIES, Capacity, HowToAttend, ParticipantStatus, SittingState
from conferences.models import Conference, ConferenceChild, ExclusionRequest, Participant
from conferences.selectors.children import short_name_of
from entitlement import lets_read
from families.models import ParentalResponsibility, Person, Relationship
from families.models.persons import ADULT_FROM
from families.selectors import Tie
from govuk import words

NOT_ON_THE_LIST = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN, ParticipantStatus.KEPT_OUT)
CLOSENESS = {capacity: place for place, capacity in enumerate((Capacity.PARENT, Capacity.CARER, Capacity.RELATIVE))}


@dataclass(frozen=True)
class PersonDue:
    """Someone with whom reports about these children are talked through.

    ``ties`` are to the children whose reports they are due, ``among`` how many children there are in all.
    ``waits``: the chair has yet to decide about them, and until then they are told nothing.
    """

    participant: Participant
    ties: tuple[Tie, ...]
    among: int
    children: frozenset[int]
    waits: bool

    @cached_property
    def role(self) -> str:
        """Return "Mother" if it holds for all children, otherwise "Father of Wren"."""
        return _role(self.ties, self.among)

    @property
    def person(self) -> Person:
        return self.participant.person

    @property
    def label(self) -> str:
        """Return text such as "Hazel (mother)", for a column heading."""
        return f"{self.person.short_name} ({self.role_in_sentence})"

    @property
    def role_in_sentence(self) -> str:
        """Return the role with a lower-case first letter; names in it stay as they are."""
        return self.role[:1].lower() + self.role[1:]


def reads_about(tie: Tie) -> bool:
    """Return whether a tie makes a person due what is written about the child."""
    return lets_read(
        holds_responsibility=tie.holds_responsibility,
        relationships=[(row.kind, row.certainty) for row in tie.relationships],
        is_grown_up=tie.child.person.turned(ADULT_FROM, timezone.localdate()),
    )


def day_of(conference: Conference) -> datetime.date:
    """Return the day the conference is (or was) first held, or was requested if no date is booked."""
    sittings = [row for row in conference.sittings.all() if row.state != SittingState.CANCELLED]
    first = min(sittings, key=lambda row: row.number, default=None)
    return timezone.localdate(first.starts_at if first else conference.requested_at)


def people_due(conference: Conference, children: Iterable[ConferenceChild]) -> list[PersonDue]:
    """Return everyone who is due a report about one of the children, parents first."""
    return people_due_in([conference], {conference.pk: list(children)})[conference.pk]


def people_due_in(
    conferences: Iterable[Conference], children: dict[int, list[ConferenceChild]]
) -> dict[int, list[PersonDue]]:
    """Return the people due for many conferences, in a constant number of queries."""
    days = {conference.pk: day_of(conference) for conference in conferences}
    ties = _Ties([row.child_id for rows in children.values() for row in rows])
    found: dict[int, list[PersonDue]] = {pk: [] for pk in days}
    for participant in _family_of(days):
        pk = participant.conference_id
        if participant.status in NOT_ON_THE_LIST or participant.how == HowToAttend.NOT_AT_ALL:
            continue
        rows = children.get(pk, [])
        theirs = {row.pk: ties.of(participant.person_id, row, on=days[pk]) for row in rows}
        named: list[int] = participant.named_ids  # type: ignore[attr-defined]
        due = {row_pk: tie for row_pk, tie in theirs.items() if reads_about(tie) and (not named or row_pk in named)}
        if due:
            found[pk].append(
                PersonDue(
                    participant=participant,
                    ties=tuple(due.values()),
                    among=len(rows),
                    children=frozenset(due),
                    waits=participant.status == ParticipantStatus.AWAITING_CHAIR or participant.has_open_request,  # type: ignore[attr-defined]
                )
            )
    return found


def _family_of(conference_ids: Iterable[int]) -> list[Participant]:
    rows = Participant.objects.filter(
        conference__in=list(conference_ids),
        capacity__in=FAMILY_CAPACITIES - {Capacity.CHILD},
        person__sealed_at__isnull=True,
        person__death_date__isnull=True,
        person__merged_into__isnull=True,
    )
    open_requests = ExclusionRequest.objects.filter(participant=OuterRef("pk"), decided_at__isnull=True)
    named = Participant.children.through.objects.filter(participant=OuterRef("pk"))
    found = rows.select_related("person").annotate(
        named_ids=ArraySubquery(named.values("conferencechild")), has_open_request=Exists(open_requests)
    )
    return sorted(found, key=lambda row: (CLOSENESS[Capacity(row.capacity)], row.pk))


class _Ties:
    """Each adult's relation to each of many children."""

    def __init__(self, child_ids: list[int]) -> None:
        self._relationships: dict[tuple[int, int], list[Relationship]] = defaultdict(list)
        self._responsibilities: dict[tuple[int, int], list[ParentalResponsibility]] = defaultdict(list)
        for row in Relationship.objects.filter(child__in=child_ids).order_by("pk"):
            self._relationships[row.person_id, row.child_id].append(row)
        held = ParentalResponsibility.objects.filter(child__in=child_ids, person__isnull=False)
        for responsibility in held.order_by("pk"):
            if responsibility.person_id is not None:
                self._responsibilities[responsibility.person_id, responsibility.child_id].append(responsibility)

    def of(self, person_id: int, row: ConferenceChild, *, on: datetime.date) -> Tie:
        key = (person_id, row.child_id)
        held = [one for one in self._responsibilities[key] if one.is_current(on)]
        return Tie(
            child=row.child,
            relationships=tuple(one for one in self._relationships[key] if one.is_current(on)),
            responsibility=held[-1] if held else None,
        )


def _role(ties: Sequence[Tie], among: int) -> str:
    by_words: dict[str, list[str]] = {}
    for tie in ties:
        said = tie.words if tie.relationships else "Has parental responsibility"
        by_words.setdefault(said, []).append(short_name_of(tie.child))
    if len(by_words) == 1 and len(ties) == among:
        return next(iter(by_words))
    return "; ".join(f"{said} of {words.listed(named)}" for said, named in by_words.items())
