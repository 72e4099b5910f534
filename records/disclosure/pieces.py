"""What is held about one person, piece by piece, and whom each piece concerns beside.

A piece is one row of one table, in words. Which rows, and whom they name, the declarations say; what stands in
free text is searched for the names of the others and for confidential whereabouts.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model, Q
from django.utils import timezone

from accounts.case_data import Subject, Table, case_tables
from accounts.models import User
from conferences.enums import PartKind
from conferences.models import Conference, ConferenceChild, Part, Participant
from core_groups.models import CoreGroup
from entitlement import NOTHING_CONCEALED, TITLES, Concealed, names_somebody
from families.models import (
    Address,
    Agency,
    AgencyInvolvement,
    Child,
    ContactPoint,
    Family,
    FamilyMember,
    Person,
    PersonName,
    Post,
    Residence,
)
from families.selectors.whereabouts import all_confidential, circle_of
from govuk import words
from meetings.models import OutlineAction
from notifications.models import Message
from plans.models import Plan, PlanAction
from records.models import Disclosure
from reports.copies import Composed, compose, compose_about, entitlement_of
from reports.models import Attachment, Document

WORKINGS = frozenset(
    {"version", "form_key", "digest", "created_at", "policy_version_id", "key", "claimed_until"}
)
WORKINGS_OF_ROWS = frozenset({"authority", "stored_as"})
# Columns that hold bare numbers of other rows, which say nothing to anybody outside.
NUMBERS_OF_ROWS = ("_id", "_ids")


@dataclass(frozen=True)
class AttachedFile:
    """A file that goes with a piece, as it came: where it lies, and how its name ends."""

    stored_as: uuid.UUID
    suffix: str


@dataclass(frozen=True)
class Piece:
    """One row in words.

    ``others`` are people whom it concerns beside, ``whereabouts`` says that it points to where somebody is who must
    not be found, ``may_harm`` that it tells of a danger, ``to_another`` that it was sent to somebody else, with their
    mailbox and times, ``apart`` that it was said in a confidential part; ``day`` is when it happened, where it says.
    What stands in ``file`` no search has read.
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

    @property
    def is_marked(self) -> bool:
        """Whether somebody has to decide about it before it is given to the person who asked."""
        return any(applies for applies, _ in self._marks)

    @property
    def digest(self) -> str:
        judged = (self.lines, self.others, self.file, *(applies for applies, _ in self._marks))
        return hashlib.sha256(repr(judged).encode()).hexdigest()

    @property
    def because(self) -> str:
        """Why it is marked."""
        return ". ".join(text for applies, text in self._marks if applies)

    @property
    def _marks(self) -> tuple[tuple[bool, str], ...]:
        """Each thing that could mark a piece: whether it applies, and in words."""
        return (
            (bool(self.others), f"Third party: {words.listed(list(self.others))}"),
            (self.whereabouts, CONFIDENTIAL),
            (self.may_harm, "Could harm somebody"),
            (self.to_another, "Sent to somebody else"),
            (self.apart, "Said in a confidential part"),
            (self.file is not None, "A file: somebody has to read it"),
        )


GROUPS = {
    "families": "The person, the family and the case",
    "deadlines": "Time limits",
    "conferences": "Conferences",
    "meetings": "Conferences",
    "reports": "Reports, letters and records",
    "records": "Reports, letters and records",
    "plans": "Plans, visits and reviews",
    "core_groups": "Core groups",
    "notifications": "Messages, and with whom it was shared",
    "accounts": "Messages, and with whom it was shared",
}
SHARED = frozenset({"Copy", "Sharing", "ListCheck", "ListAnswer", "Disclosure"})
IN_ORDER = tuple(dict.fromkeys(GROUPS.values()))
CONFIDENTIAL = "Confidential whereabouts"


@dataclass(frozen=True)
class Around:
    """The people whom a person's record also concerns: their ids, and the names to look for in free text."""

    ids: frozenset[int]
    names: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    hidden: Concealed = NOTHING_CONCEALED
    hidden_rows: frozenset[tuple[type[Model], int]] = frozenset()

    def named_in(self, text: str) -> Iterator[str]:
        """Whom of them a text names."""
        for called, names in self.names.values():
            if names_somebody(text, names):
                yield called


def subject_of(person: Person) -> Subject:
    """Everything that is about a child, or about an adult, for a bundle."""
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
    """Whom else the person's record concerns: everybody of the families and ties, professionals left aside."""
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
    """What a text may call somebody: what would as well be a name of ``beside`` says nothing and is left out."""
    every: list[Person | PersonName] = [row, *row.names.all()]
    for name in every:
        own_given = name.given_name.casefold() == beside.given_name.casefold()
        own_family = name.family_name.casefold() == beside.family_name.casefold()
        if name.given_name and not own_given:
            yield name.given_name
        elif name.given_name and name.family_name:
            yield f"{name.given_name} {name.family_name}"
        if name.family_name and not own_family:
            yield name.family_name
        elif name.family_name and not hasattr(row, "child"):
            yield from (f"{title} {name.family_name}" for title in TITLES)


def pieces_of(disclosure: Disclosure) -> list[Piece]:
    """Everything held about the person of a disclosure, in the order of the bundle."""
    person = disclosure.person
    subject, others = subject_of(person), around(person)
    found: list[Piece] = []
    for table in case_tables():
        if table.is_given:
            found += _pieces(table, person, subject, others)
    place = {group: at for at, group in enumerate(IN_ORDER)}
    return sorted(found, key=lambda piece: place[piece.group])


def _pieces(table: Table, person: Person, subject: Subject, others: Around) -> Iterator[Piece]:
    rows = table.model._default_manager.filter(_about(table, person, subject)).distinct()
    label = table.model._meta.label_lower
    group = GROUPS[table.model._meta.app_label]
    if table.model.__name__ in SHARED:
        group = GROUPS["notifications"]
    singly, many = _followed(table)
    for row in rows.select_related(*singly).prefetch_related(*many).order_by("pk"):
        lines = tuple(_lines(row, person))
        text = "\n".join(said for _, said in lines)
        beside = dict.fromkeys([*_named(row, table, others), *others.named_in(text)])
        yield Piece(
            key=f"{label}:{row.pk}",
            group=group,
            section=table.title,
            lines=lines,
            day=_day_of(row),
            others=tuple(beside),
            whereabouts=(type(row), row.pk) in others.hidden_rows or others.hidden.is_in(text),
            may_harm=table.may_harm,
            to_another=isinstance(row, Message) and row.person_id not in {None, person.pk},
            apart=_was_apart(row),
            file=_file_of(row),
        )


def _was_apart(row: Any) -> bool:
    """Whether it was said or agreed in a confidential part of a meeting, or is the record of such a meeting."""
    if isinstance(row, Document):
        return any(part["kind"] == PartKind.CONFIDENTIAL for part in row.content["parts"])
    drafted = row.outline if isinstance(row, PlanAction) else row
    part = getattr(drafted, "part", None)
    return isinstance(part, Part) and part.kind == PartKind.CONFIDENTIAL


def _file_of(row: Model) -> AttachedFile | None:
    """The file that a report came with; none where it was taken out, or nobody may open it."""
    if not isinstance(row, Attachment) or row.withdrawn_at or not row.file.opens:
        return None
    return AttachedFile(row.file.stored_as, row.file.file_kind.suffix)


def _about(table: Table, person: Person, subject: Subject) -> Q:
    """The rows of a table that are about one person: narrower than those of a whole case."""
    condition = Q(pk__in=[])
    for path, ids in ((table.family, subject.families), (table.child, subject.children)):
        if path:
            condition |= Q(**{f"{path}__in": ids})
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


# What has to be known of a row to call it by its name.
_BY_NAME: dict[type[Model], tuple[str, ...]] = {
    Participant: ("person",),
    ConferenceChild: ("child__person",),
    Child: ("person",),
    Post: ("person", "agency"),
    OutlineAction: ("part",),
}


def _followed(table: Table) -> tuple[list[str], list[str]]:
    """The relations whose words stand in a piece: those of one row, and those of many."""
    meta = table.model._meta
    singly, many = [], []
    for column in meta.concrete_fields:
        if column.is_relation and column.name not in WORKINGS_OF_ROWS:
            singly += _with_names(column.name, column.related_model)
    for links in meta.many_to_many:
        many += _with_names(links.name, links.related_model)
    for path in table.names:
        if path.partition("__")[0] not in {links.name for links in meta.many_to_many}:
            singly.append(path)
    return singly, many


def _with_names(path: str, model: Any) -> list[str]:
    return [path, *(f"{path}__{further}" for further in _BY_NAME.get(model, ()))]


def _lines(row: Model, person: Person) -> Iterator[tuple[str, str]]:
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name in WORKINGS or column.name in WORKINGS_OF_ROWS:
            continue
        if isinstance(column, models.IntegerField | ArrayField) and column.name.endswith(NUMBERS_OF_ROWS):
            continue
        said = _said(row, column)
        if said:
            yield _label(column), said
    for links in row._meta.many_to_many:
        names = [called for one in getattr(row, links.name).all() if (called := _called(one))]
        if names:
            yield _label(links), words.listed(names)
    if isinstance(row, Document):
        yield from _document_lines(row, person)
    if isinstance(row, Attachment) and not row.withdrawn_at:
        yield "What it was called", row.file.original_name
        yield "Kind", row.file.get_kind_display()
        yield "SHA-256", row.file.sha256


def _label(column: Any) -> str:
    label = str(column.verbose_name)
    return label[:1].upper() + label[1:]


def _said(row: Model, column: models.Field[Any, Any]) -> str:
    """The value of one column in words; "" for none."""
    if column.is_relation:
        related = getattr(row, column.name)
        return _called(related) if related is not None else ""
    value = getattr(row, column.attname)
    if value in (None, "", [], {}) or isinstance(column, models.JSONField | models.BinaryField):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return f"{words.plain_date(value)}, {words.clock(value)}"
    if isinstance(value, datetime.date):
        return words.plain_date(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return words.listed([str(one) for one in value]) if isinstance(value, list) else str(value)


def _called(row: Any) -> str:
    """What a person would call another row; "" for rows that stand in the bundle themselves."""
    if isinstance(row, Person):
        return row.full_name
    if isinstance(row, User | Agency):
        return row.name
    if isinstance(row, Participant | Child):
        return row.person.full_name
    if isinstance(row, ConferenceChild):
        return row.child.person.full_name
    if isinstance(row, Post):
        return f"{row.person.full_name}, {row.title}, {row.agency.name}"
    if isinstance(row, Conference):
        return row.reference
    return str(row) if isinstance(row, Address) else ""


def _document_lines(document: Document, person: Person) -> Iterator[tuple[str, str]]:
    """What a letter or record says about a child, or said to an adult, passage by passage."""
    copy = _copy_about(document, person)
    for passage in copy.passages if copy else ():
        if passage.text.strip():
            yield passage.where, passage.text


def _copy_about(document: Document, person: Person) -> Composed | None:
    content, kind = document.content, document.kind
    rows = ConferenceChild.objects.filter(conference=document.conference_id, child__person=person)
    frozen = {row["id"] for row in content["children"]}
    if children := frozen & set(rows.values_list("pk", flat=True)):
        return compose_about(content, kind, children)
    for row in content["participants"]:
        if row["person"] == person.pk and entitlement_of(content, row["id"]).covers(kind):
            return compose(content, row["id"], kind)
    return None


def _named(row: Model, table: Table, others: Around) -> Iterator[str]:
    """Whom of the others the row is about, by its links."""
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


_DAYS = (
    "held_at", "made_at", "starts_at", "decided_at", "started_on", "starts_on", "held_on", "referred_on",
    "submitted_at", "released_at", "sent_at", "received_on", "lodged_at", "notified_on", "said_at", "at",
)  # fmt: skip


def _day_of(row: Model) -> datetime.date | None:
    for name in _DAYS:
        value = getattr(row, name, None)
        if isinstance(value, datetime.datetime):
            return timezone.localtime(value).date()
        if isinstance(value, datetime.date):
            return value
    return None
