"""What each person around a plan may read of it today: a parent in plain words, a professional the plan itself.

Every line is asked of ``entitlement``: by child, by whose private information it holds, by the part of the meeting in
which it was agreed, and by what must not reach this reader.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Prefetch, QuerySet

from conferences.enums import PartKind, Presence
from conferences.models import Attendance, Part
from conferences.selectors.children import names_in_a_sentence
from conferences.selectors.children import readers_of as readers_of_child
from entitlement import (
    NOTHING_CONCEALED,
    Concealed,
    Excerpt,
    NamedChild,
    Reader,
    concealed_from,
    concealed_from_each,
    in_the_plan_for,
    make_reader,
    may_be_shown_to_all,
    may_read,
)
from families.models import Child, FamilyMember, Person, PersonName
from families.selectors import recorded_ties
from plans.models import Plan, PlanAction, PlanEntry
from plans.selectors.document import Document, compose, with_words
from plans.selectors.plan_readers import PlanReader

SOMEONE = "Someone who works with the family"
SOMEONE_IN_THE_FAMILY = "Someone in the family"


@dataclass(frozen=True)
class Helper:
    """An action that someone carries out, as a reader may know of it."""

    who: str
    what: str
    by_when: str


@dataclass(frozen=True)
class OwnPlan:
    """The rows of a plan that one reader may read, and who carries each of them out as they may know it, by row."""

    entries: list[PlanEntry]
    actions: list[PlanAction]
    who: dict[PlanEntry | PlanAction, str]
    mine: list[PlanAction]
    key_worker: str
    left_out: int
    concealed: Concealed


@dataclass(frozen=True)
class OwnCopy:
    """A plan as one reader may read it; ``document`` for professionals, the rest in plain words for the family."""

    plan: Plan
    is_family: bool
    is_child: bool
    document: Document
    has_to_change: list[str]
    will_be_different: list[str]
    mine: list[Helper]
    others: list[Helper]
    services: list[str]
    if_it_happens: list[tuple[str, str]]
    key_worker: str
    left_out: int


def entries_for(
    plans: Sequence[Plan], persons: set[int], *, on: datetime.date, among: QuerySet[PlanEntry] | None = None
) -> list[PlanEntry]:
    """Return what plans say besides their actions, as far as a professional, known by these records, may read it.

    Private information is for whoever it concerns or is named in it; what gives away a hidden place is for no one here.
    ``among`` are entries of these plans; those that stand, where it is not given.
    """
    if not plans:
        return []
    concealed = concealed_from(
        Person.objects.filter(pk__in=persons), [plan.child for plan in plans], council=plans[0].authority.name, on=on
    )
    if among is None:
        among = PlanEntry.objects.standing().filter(plan__in=[plan.pk for plan in plans])
    by_id = {plan.pk: plan for plan in plans}
    found = []
    for row in with_words(among, actions=False):
        excerpt = _excerpt(row, by_id[row.plan_id], texts_of(row))
        named = {row.who_person_id, row.who_post.person_id if row.who_post else None} | excerpt.private_to
        if may_be_shown_to_all(excerpt, concealed) or (named & persons and not concealed.is_in(*excerpt.texts)):
            found.append(row)
    return found


def own_copy(reader: PlanReader, plan: Plan, *, on: datetime.date) -> OwnCopy:
    """Return the plan as one person around it may read it on a day; whether they may at all say ``readers_of``."""
    own = own_plans(plan, [reader], on=on)[reader.person.pk]
    document = compose([plan], entries=own.entries, actions=own.actions)
    texts = [
        *(line.row.text for line in document.danger),
        *(need.line.row.text for need in document.needs if need.line),
    ]
    return OwnCopy(
        plan=plan,
        is_family=reader.is_family,
        is_child=reader.is_child,
        document=document,
        has_to_change=texts,
        will_be_different=[
            *(line.row.text for line in document.goal),
            *(outcome.line.row.text for need in document.needs for outcome in need.outcomes if outcome.line),
        ],
        mine=[_helper(row, own) for row in own.mine],
        others=[_helper(row, own) for row in own.actions if row not in own.mine],
        services=[need.line.row.services for need in document.needs if need.line and need.line.row.services],
        if_it_happens=[(line.row.text, line.row.we_do) for line in document.contingency],
        key_worker=own.key_worker,
        left_out=own.left_out,
    )


def own_plans(plan: Plan, readers: Sequence[PlanReader], *, on: datetime.date) -> dict[int, OwnPlan]:
    """Return, by person id, what each of these readers may read of what the plan says now.

    A fixed number of queries, but for whoever something has to be kept from.
    """
    entries: list[PlanEntry] = list(with_words(plan.entries.standing(), actions=False))
    actions: list[PlanAction] = list(with_words(plan.actions.standing(), actions=True))
    around = _Around(plan, readers, on=on)
    current = plan.key_workers.filter(ends_on__isnull=True).select_related("user").first()
    found = {}
    for one in readers:
        reader = around.reader(one)
        kept = [row for row in entries if _may_read_entry(row, reader, plan)]
        agreed = [row for row in actions if _may_read_action(row, reader, plan, around.confidential)]
        found[one.person.pk] = OwnPlan(
            entries=kept,
            actions=agreed,
            who={row: around.who(row, reader) for row in chain[PlanEntry | PlanAction](kept, agreed)},
            mine=[row for row in agreed if reader.person in carriers(row)],
            key_worker=current.user.name if current and not reader.is_hidden(current.user.name) else "",
            left_out=len(entries) + len(actions) - len(kept) - len(agreed),
            concealed=reader.concealed,
        )
    return found


class _Around:
    """What is known around a plan, read once for all its readers."""

    def __init__(self, plan: Plan, readers: Sequence[PlanReader], *, on: datetime.date) -> None:
        self.plan = plan
        members = FamilyMember.objects.current(on=on).filter(person=plan.child.person_id)
        family = FamilyMember.objects.current(on=on).filter(family__in=members.values("family"))
        self.children: list[Child] = list(
            Child.objects.filter(person__in=family.values("person"))
            .select_related("person", "pregnancy")
            .prefetch_related(Prefetch("person__names", PersonName.objects.all()))
        )
        ties = recorded_ties(self.children, on=on)
        self.read_by = {child.pk: readers_of_child(ties, child, on=on) for child in self.children}
        own = recorded_ties([plan.child], on=on)
        self.family_of_child = own.person_ids | {plan.child.person_id}
        outlines = plan.actions.filter(outline__part__isnull=False).values("outline__conference")
        parts = list(Part.objects.filter(sitting__conference__in=outlines).values_list("pk", "kind"))
        self.parts = [pk for pk, _ in parts]
        self.confidential = {pk for pk, kind in parts if kind == PartKind.CONFIDENTIAL}
        self.attended: dict[int, set[int]] = defaultdict(set)
        there = Attendance.objects.filter(
            part__in=self.parts, presence=Presence.PRESENT, participant__person__in=[row.person.pk for row in readers]
        )
        for person, part in there.values_list("participant__person", "part"):
            self.attended[person].add(part)
        self.concealed: Mapping[int, Concealed] = concealed_from_each(
            [row.person for row in readers],
            {child.pk: child for child in (*self.children, plan.child)}.values(),
            council=plan.authority.name,
            on=on,
        )

    def reader(self, one: PlanReader) -> Reader:
        person = one.person.pk
        theirs = {pk for pk, readers in self.read_by.items() if person in readers} if one.is_adult_family else set()
        return make_reader(
            id=person,
            person=person,
            name=one.person.full_name,
            children={self.plan.child_id} | theirs,
            of=[
                NamedChild(child.pk, tuple(names_in_a_sentence(child.person)), child.is_unborn)
                for child in self.children
            ],
            concealed=self.concealed.get(person, NOTHING_CONCEALED),
            parts=self.attended[person],
            all_parts=self.parts,
            is_adult_family=one.is_adult_family,
            is_child=one.is_child,
        )

    def who(self, row: PlanEntry | PlanAction, reader: Reader) -> str:
        """Return who carries a row out, without whoever would give away a place or is not of the child's family."""
        pairs = [(row.who_person, row.who_post)]
        if isinstance(row, PlanAction):
            pairs += [(one.person, one.post) for one in row.sharers.all()]
        names = [self._name(person, post, reader) for person, post in pairs if person is not None]
        else_ = row.who_else
        if else_ and (reader.is_hidden(else_) or (reader.is_family and reader.names_another_child(else_))):
            else_ = SOMEONE
        return ", ".join(dict.fromkeys(filter(None, [*names, else_])))

    def _name(self, person: Person, post: Any, reader: Reader) -> str:
        if person.pk == reader.person:
            return person.full_name
        agency, post_id = (post.agency_id, post.pk) if post else (None, None)
        if reader.concealed.gives_away(person.full_name, person=person.pk, agency=agency, post=post_id):
            return SOMEONE
        if reader.is_family and post is None and person.pk not in self.family_of_child:
            return SOMEONE_IN_THE_FAMILY
        return person.full_name


def texts_of(row: PlanEntry | PlanAction) -> tuple[str, ...]:
    """Return everything that a row says."""
    if isinstance(row, PlanAction):
        return (row.what, row.why, row.how_known, row.by_when_words)
    return (row.text, row.services, row.we_do, row.how_often, row.who_in_words)


def carriers(row: PlanAction) -> set[int]:
    """Return the ids of the persons who carry an action out; needs the sharers fetched."""
    pairs = [(row.who_person_id, row.who_post), *((one.person_id, one.post) for one in row.sharers.all())]
    return {pk for person, post in pairs for pk in (person, post.person_id if post else None) if pk is not None}


def _excerpt(row: Any, plan: Plan, texts: Sequence[str], *, by: int | None = None) -> Excerpt:
    outline = row.outline if isinstance(row, PlanAction) else None
    return Excerpt(
        texts=tuple(filter(None, texts)),
        children=frozenset({plan.child_id}),
        private_to=frozenset(person.pk for person in row.private_to.all()),
        part=outline.part_id if outline else None,
        by=by,
    )


def _may_read_entry(row: PlanEntry, reader: Reader, plan: Plan) -> bool:
    excerpt = _excerpt(row, plan, texts_of(row))
    is_own = reader.person in {row.who_person_id, row.who_post.person_id if row.who_post else None}
    private = bool(excerpt.private_to - {reader.person}) and not is_own
    return may_read(excerpt, reader) and not private and not reader.is_hidden(*excerpt.texts)


def _may_read_action(row: PlanAction, reader: Reader, plan: Plan, confidential: set[int]) -> bool:
    """Return whether a reader may know of an action; who carries it out is left out where it gives away a place."""
    is_own = reader.person in carriers(row)
    excerpt = _excerpt(row, plan, texts_of(row), by=reader.id if is_own else None)
    if not may_read(excerpt, reader) or reader.is_hidden(*excerpt.texts):
        return False
    if excerpt.part is None:
        return is_own or not excerpt.private_to - {reader.person}
    return in_the_plan_for(excerpt, reader, confidential)


def _helper(row: PlanAction, own: OwnPlan) -> Helper:
    by_when = f"by {row.by_when:%-d %B %Y}" if row.by_when else row.by_when_words
    return Helper(who=own.who[row], what=row.what, by_when=by_when)
