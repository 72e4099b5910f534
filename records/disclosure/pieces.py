"""What is held about one person, piece by piece, and whom else each piece concerns.

A piece is one row of one table, in words. The declarations say which rows, and whom they name; free text is
searched for the others' names and for confidential whereabouts.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from accounts.case_data import Subject, Table, case_tables
from conferences.enums import PartKind
from conferences.models import Conference, Decision, Part, Participant
from core_groups.models import CoreGroup
from entitlement import NOTHING_CONCEALED, TITLES, Concealed, first_names, is_same_name, names_somebody
from families.models import (
    Address,
    AgencyInvolvement,
    Child,
    ContactPoint,
    Family,
    FamilyMember,
    Person,
    PersonName,
    Residence,
)
from families.selectors.whereabouts import all_confidential, circle_of
from govuk import words
from govuk.hook import Hook
from meetings.models import Score, View
from notifications.models import Message
from plans.models import Plan, PlanAction
from records.disclosure.sealed import Sealed, closed_to
from records.disclosure.wording import day_of, followed, is_kept_from, lines_of
from records.models import Disclosure
from reports.models import Attachment, Document
from transfers.models import CouncilLetter


@dataclass(frozen=True)
class AttachedFile:
    """The file attached to a piece, as received: where it is stored, and its suffix."""

    stored_as: uuid.UUID
    suffix: str


@dataclass(frozen=True)
class Piece:
    """One row in words.

    ``others`` are other people it concerns; ``whereabouts`` says that it reveals where a person is who must not
    be found; ``may_harm`` that it tells of a danger; ``to_another`` that it was sent to someone else, with
    their mailbox and times; ``apart`` that it was said in a confidential part; ``day`` is when it happened,
    where known. No search has read what is in ``file``. ``is_sealed`` says that it is about a sealed record that
    no order covers: such a piece has no words, and never goes in. ``court_only`` says that nobody but a court gets
    it: for anyone else it has no words, and never goes in.
    """

    key: str
    group: str
    section: str
    lines: tuple[tuple[str, str], ...]
    day: datetime.date | None = None
    others: tuple[str, ...] = ()
    whereabouts: bool = False
    may_harm: bool = False
    to_another: bool = False
    apart: bool = False
    file: AttachedFile | None = None
    is_sealed: bool = False
    court_only: bool = False

    @property
    def is_marked(self) -> bool:
        """Return whether it needs a decision before it is disclosed to the person who asked."""
        return any(applies for applies, _ in self._marks)

    @property
    def digest(self) -> str:
        judged = (self.lines, self.others, self.file, *(applies for applies, _ in self._marks))
        return hashlib.sha256(repr(judged).encode()).hexdigest()

    @property
    def because(self) -> str:
        """Return why it is marked."""
        return ". ".join(text for applies, text in self._marks if applies)

    @property
    def _marks(self) -> tuple[tuple[bool, str], ...]:
        """Return everything that could mark a piece: whether it applies, and in words."""
        return (
            (bool(self.others), f"Third party: {words.listed(list(self.others))}"),
            (self.whereabouts, CONFIDENTIAL),
            (self.may_harm, "Could harm someone"),
            (self.to_another, "Sent to someone else"),
            (self.apart, "Said in a confidential part"),
            (self.file is not None, "A file: someone has to read it"),
        )


TIME_LIMITS = "Time limits"
GROUPS = {
    "families": "The person, the family and the case",
    "deadlines": TIME_LIMITS,
    "conferences": "Conferences",
    "my_views": "Conferences",
    "meetings": "Conferences",
    "reports": "Reports, letters and minutes",
    "records": "Reports, letters and minutes",
    "plans": "Plans, visits and reviews",
    "core_groups": "Core groups",
    "transfers": "Moves between councils",
    "allegations": "Allegations against people who work with children",
    "incidents": "Papers that reached the wrong hands",
    "notifications": "Messages, and with whom it was shared",
    "accounts": "Messages, and with whom it was shared",
}
SHARED = frozenset({"Copy", "Sharing", "ListCheck", "ListAnswer", "Disclosure"})
IN_ORDER = tuple(dict.fromkeys(GROUPS.values()))
CONFIDENTIAL = "Confidential whereabouts"
NOT_COVERED = "Not covered"
NOT_SHOWN = ("Shown to anyone in the meeting", "No")

# What higher apps hold apart and gave into one bundle, by a decision of their own.
more_pieces: Hook[Callable[[Disclosure], Iterable[Piece]]] = Hook()


@dataclass(frozen=True)
class Around:
    """The other people a person's record concerns: their ids, and the names to look for in free text."""

    ids: frozenset[int]
    names: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    hidden: Concealed = NOTHING_CONCEALED
    hidden_rows: frozenset[tuple[type[Model], int]] = frozenset()

    def named_in(self, text: str) -> Iterator[str]:
        """Yield those of them that a text names."""
        for called, names in self.names.values():
            if names_somebody(text, names):
                yield called


def subject_of(person: Person) -> Subject:
    """Return everything about a child, or about an adult, for a bundle."""
    child = Child.objects.filter(person=person).first()
    families = Family.objects.filter(members__person=person, disposed_at__isnull=True)
    if child is None:
        met = Conference.objects.filter(participants__person=person)
        return Subject.of(persons=[person.pk], conferences=met.values_list("pk", flat=True).distinct())
    conferences = Conference.objects.filter(children__child=child)
    plans = Plan.objects.filter(child=child)
    return Subject.of(
        families=families.values_list("pk", flat=True).distinct(),
        children=[child.pk],
        persons=[person.pk],
        conferences=conferences.values_list("pk", flat=True).distinct(),
        plans=plans.values_list("pk", flat=True),
        core_groups=CoreGroup.objects.filter(plans__in=plans).values_list("pk", flat=True).distinct(),
    )


def around(person: Person) -> Around:
    """Return whom else the person's record concerns: everyone in the families and ties, except professionals."""
    own = list(Child.objects.filter(person=person))
    tied = Child.objects.filter(
        Q(relationships__person=person) | Q(person__memberships__family__members__person=person)
    )
    circle = circle_of([*own, *tied.distinct()])
    guests = Participant.objects.filter(
        conference__in=subject_of(person).conferences, post__isnull=True, person__user__isnull=True
    )
    ids = circle | set(guests.values_list("person_id", flat=True))
    hidden = all_confidential(ids | {person.pk})
    others = Person.objects.filter(pk__in=ids - {person.pk}, user__isnull=True)
    people = others.select_related("child").prefetch_related("names")
    named = {}
    for row in people:
        named[row.pk] = (row.full_name, tuple(_names_of(row, beside=person)))
    rows = {
        *((Residence, pk) for pk in hidden.residence_ids),
        *((ContactPoint, pk) for pk in hidden.contact_point_ids),
        *((AgencyInvolvement, pk) for pk in hidden.involvement_ids),
        *((Address, pk) for pk in hidden.address_ids),
    }
    concealed = Concealed(words=hidden.words, council=person.authority.name)
    return Around(frozenset(named), named, concealed, frozenset(rows))


def _names_of(row: Person, *, beside: Person) -> Iterator[str]:
    """Yield what a text may call a person, leaving out names that could equally be ``beside``'s."""
    every: list[Person | PersonName] = [row, *row.names.all()]
    for name in every:
        own_given = is_same_name(name.given_name, beside.given_name)
        own_family = is_same_name(name.family_name, beside.family_name)
        if name.given_name and not own_given:
            yield from first_names(name.given_name) - first_names(beside.given_name)
        elif name.given_name and name.family_name:
            yield f"{name.given_name} {name.family_name}"
        if name.family_name and not own_family:
            yield name.family_name
        elif name.family_name and not hasattr(row, "child"):
            yield from (f"{title} {name.family_name}" for title in TITLES)


def pieces_of(disclosure: Disclosure) -> list[Piece]:
    """Return everything held about a disclosure's person, in the order of the bundle."""
    person = disclosure.person
    subject, others = subject_of(person), around(person)
    sealed = closed_to(disclosure, named={pk: names for pk, (_, names) in others.names.items()})
    found: list[Piece] = []
    for table in _tables_in_order():
        found += _pieces(table, person, subject, others, sealed, for_court=disclosure.is_for_court)
    for more in more_pieces:
        found += more(disclosure)
    place = {group: at for at, group in enumerate(IN_ORDER)}
    return sorted(found, key=lambda piece: place[piece.group])


def _tables_in_order() -> list[Table]:
    """Return the tables whose rows are disclosed, as things happened: a decision follows the views before it."""
    tables = [table for table in case_tables() if table.is_given]
    decision = tables.pop(next(at for at, table in enumerate(tables) if table.model is Decision))
    after = next(at for at, table in enumerate(tables) if table.model is View)
    return [*tables[: after + 1], decision, *tables[after + 1 :]]


def _pieces(
    table: Table, person: Person, subject: Subject, others: Around, sealed: Sealed, *, for_court: bool
) -> Iterator[Piece]:
    rows = table.model._default_manager.filter(_about(table, person, subject)).distinct()
    label = table.model._meta.label_lower
    group = GROUPS[table.model._meta.app_label]
    if table.model.__name__ in SHARED:
        group = GROUPS["notifications"]
    singly, many = followed(table)
    shown = None if table.shown is None else set(rows.filter(pk__in=table.shown()).values_list("pk", flat=True))
    for row in rows.select_related(*singly).prefetch_related(*many).order_by("pk"):
        lines = tuple(lines_of(row, person))
        text = "\n".join(said for _, said in lines)
        if sealed.concerns(row, table, text):
            yield Piece(key=f"{label}:{row.pk}", group=group, section=NOT_COVERED, lines=(), is_sealed=True)
            continue
        hidden = shown is not None and row.pk not in shown
        is_theirs = hidden and person.pk in _ids_at(row, table.said_by.split("__"))
        if (table.court_only or (hidden and not is_theirs)) and not for_court:
            yield Piece(key=f"{label}:{row.pk}", group=group, section=table.title, lines=(), court_only=True)
            continue
        if hidden:
            lines = (*lines, NOT_SHOWN)
        beside = dict.fromkeys([*_named(row, table, others), *others.named_in(text), *_private_to(row, person)])
        yield Piece(
            key=f"{label}:{row.pk}",
            group=group,
            section=table.title,
            lines=lines,
            day=day_of(row),
            others=tuple(beside),
            whereabouts=(type(row), row.pk) in others.hidden_rows
            or bool(getattr(row, "where_hidden", False))
            or others.hidden.is_in(text),
            may_harm=table.may_harm or is_kept_from(row, person),
            to_another=isinstance(row, Message) and row.person_id not in {None, person.pk},
            apart=_was_apart(row),
            file=_file_of(row),
        )


def _private_to(row: Any, person: Person) -> Iterator[str]:
    """Yield the others whose private information a row holds, professionals too."""
    holds = getattr(row, "private_to", None)
    if holds is not None:
        yield from (one.full_name for one in holds.all() if one.pk != person.pk)


def _was_apart(row: Any) -> bool:
    """Return whether it was said, agreed or shown in confidential parts alone, or is the record of such a part."""
    if isinstance(row, Score):
        parts = list(row.shown_in.all())
        return bool(parts) and all(part.kind == PartKind.CONFIDENTIAL for part in parts)
    if isinstance(row, Document):
        return any(part["kind"] == PartKind.CONFIDENTIAL for part in row.content["parts"])
    drafted = row.outline if isinstance(row, PlanAction) else row
    part = getattr(drafted, "part", None)
    return isinstance(part, Part) and part.kind == PartKind.CONFIDENTIAL


def _file_of(row: Model) -> AttachedFile | None:
    """Return the file of an attachment or a letter; none where it was removed, or can't be opened."""
    if not isinstance(row, Attachment | CouncilLetter) or row.withdrawn_at or not row.file.opens:
        return None
    return AttachedFile(row.file.stored_as, row.file.file_kind.suffix)


def _about(table: Table, person: Person, subject: Subject) -> Q:
    """Match a table's rows about one person: narrower than those of a whole case."""
    condition = Q(pk__in=[])
    if table.family:
        of_case = Q(**{f"{table.family}__in": subject.families})
        condition |= of_case & table.about_children(subject.children) if subject.children else of_case
    if table.child:
        condition |= Q(**{f"{table.child}__in": subject.children})
    if table.person:
        condition |= Q(**{table.person: person.pk})
    if table.address:
        home = Residence.objects.order_by().filter(person=person)
        condition |= Q(**{f"{table.address}__in": home.values("address")})
    if table.where is not None:
        condition |= table.about_children(subject.children) if table.about else table.where(subject)
    elif table.conference and subject.children:
        in_them = Q(**{f"{table.conference}__in": subject.conferences})
        condition |= in_them & table.about_children(subject.children)
    if not subject.children:
        for path in table.names:
            condition |= Q(**{path: person.pk})
    return condition


def _named(row: Model, table: Table, others: Around) -> Iterator[str]:
    """Yield the others the row is about, by its links."""
    for path in table.names:
        for person_id in _ids_at(row, path.split("__")):
            if person_id in others.names:
                yield others.names[person_id][0]
    if isinstance(row, FamilyMember) and row.person_id in others.names:
        yield others.names[row.person_id][0]


def _ids_at(row: Any, path: list[str]) -> Iterable[int]:
    if row is None:
        return []
    if not path:
        return [row.pk]
    found = getattr(row, path[0])
    if hasattr(found, "all"):
        return [pk for one in found.all() for pk in _ids_at(one, path[1:])]
    return _ids_at(found, path[1:])
