"""What happened in a case, event by event: the hook through which each app gives its own, as querysets.

A source says which rows are events, when they happened and to which children they belong. Chosen pages of all
sources are read by one statement, and only the rows of that page are then fetched and put into words: the number of
queries depends on the number of sources, never on that of the rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import DateTimeField, Func, Prefetch, Q, QuerySet, TextChoices

from accounts.models import User
from families import words
from families.models import Child, Family, FamilyMember
from families.selectors.people import children_alone, recorded_ties
from families.selectors.whereabouts import Hidden, all_confidential
from govuk.hook import Hook


class EventKind(TextChoices):
    """What an event is about, as it is chosen on the page."""

    CASE = "case", "The case"
    HOME = "home", "Addresses"
    TIE = "tie", "Ties and parental responsibility"
    BIRTH = "birth", "Births and deaths"
    RISK = "risk", "Risks"
    ENQUIRY = "enquiry", "Enquiries and legal status"
    AGENCY = "agency", "Agencies"
    REPORT = "report", "Reports and papers"
    VISIT = "visit", "Visits"
    MEETING = "meeting", "Meetings"
    DECISION = "decision", "Decisions and plans"
    DEADLINE = "deadline", "Time limits"


class StartOfDay(Func):
    """The moment at which a civil day begins in London."""

    template = "((%(expressions)s)::timestamp AT TIME ZONE 'Europe/London')"
    arity = 1
    output_field = DateTimeField()


@dataclass(frozen=True)
class CaseScope:
    """A family as one user sees it: its members of today, whom they may read about, and what is confidential."""

    family: Family
    user: User
    on: datetime.date

    @cached_property
    def children(self) -> list[Child]:
        return list(children_alone(self.family, on=self.on).select_related("person", "pregnancy"))

    @cached_property
    def child_ids(self) -> frozenset[int]:
        return frozenset(child.pk for child in self.children)

    @cached_property
    def person_ids(self) -> frozenset[int]:
        """The ids of the members and of everyone tied to the children today."""
        members = FamilyMember.objects.current(on=self.on).filter(family=self.family)
        return frozenset(members.values_list("person", flat=True)) | recorded_ties(self.children, on=self.on).person_ids

    @cached_property
    def hidden(self) -> Hidden:
        """Everything marked confidential about the members and the people around them."""
        return all_confidential(self.person_ids)

    @cached_property
    def _called(self) -> dict[int, str]:
        return {child.pk: words.called(child) for child in self.children}

    def called(self, children: Iterable[int]) -> list[str]:
        """Return what these children of the family are called; those of other families have no name here."""
        wanted = set(children)
        return [name for pk, name in self._called.items() if pk in wanted]


@dataclass(frozen=True)
class Told:
    """One event in words, with everything that decides who else may read it.

    ``children`` and ``private_to`` are ids as in an excerpt of ``entitlement``; ``known_to`` holds the persons who
    were there or got it, None where that does not matter. ``agency``, ``post``, ``residence`` and ``checked`` are not
    shown: what they give away is looked for. ``detail`` is for staff only. Where it ``lists_children``, their names
    follow the title, each reader's own only.
    """

    title: str
    detail: str = ""
    lists_children: bool = False
    children: frozenset[int] = frozenset()
    private_to: frozenset[int] = frozenset()
    known_to: frozenset[int] | None = None
    persons: frozenset[int] = frozenset()
    agency: int | None = None
    post: int | None = None
    residence: int | None = None
    checked: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Source:
    """Events of one sort.

    ``rows`` returns those of a case that the user may open. ``at`` is the column or expression of the moment, of a
    civil day where ``whole_day``. ``of_children`` matches those about given children; an event with none is about
    all of them. ``staff_only`` ones are in no version that leaves the office, ``not_for_family`` ones in none for
    the family. ``undated`` returns those of a case of which nobody recorded a day.
    """

    key: str
    kind: EventKind
    rows: Callable[[CaseScope], QuerySet[Any]]
    at: Any
    told: Callable[[Any, CaseScope], Told]
    of_children: Callable[[frozenset[int]], Q] | None = None
    whole_day: bool = False
    with_rows: tuple[str, ...] = ()
    with_lists: tuple[str | Prefetch[Any], ...] = field(default=())
    staff_only: bool = False
    not_for_family: bool = False
    undated: Callable[[CaseScope], QuerySet[Any]] | None = None


# Each app adds its sources when the application starts.
event_sources: Hook[Source] = Hook()
