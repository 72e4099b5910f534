"""What each person around a plan may read of it today: a parent in plain words, a professional the plan itself.

Every line is asked of ``entitlement``: by child, by whose private information it holds, by the part of the meeting in
which it was agreed, and by what must not reach this reader.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from conferences.enums import FAMILY_CAPACITIES, Capacity, PartKind, Presence
from conferences.models import Attendance, ExclusionRequest, Part, Participant
from conferences.selectors.children import names_in_a_sentence
from entitlement import (
    Excerpt,
    NamedChild,
    Reader,
    concealed_from,
    in_the_plan_for,
    make_reader,
    may_be_shown_to_all,
    may_read,
)
from families.models import Child, FamilyMember, ParentalResponsibility, Person, PersonName, Relationship
from families.selectors.people import open_contact_risks
from plans.models import Plan, PlanAction, PlanEntry
from plans.selectors.document import Document, compose, with_words
from plans.services.told_of_endings import people_around, ties_of, why_not_told

SOMEONE = "Someone who works with the family"
CHAIR_FIRST = "A contact risk is recorded about this person: the chair decides first what they are told."


@dataclass(frozen=True)
class CopyRow:
    """Someone around a plan, and why they may not have it today; "" where they may."""

    participant: Participant
    because: str


@dataclass(frozen=True)
class Helper:
    """An action that someone carries out, as a reader may know of it."""

    who: str
    what: str
    by_when: str


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


def copies_of(plan: Plan, *, on: datetime.date) -> list[CopyRow]:
    """Return everyone who holds what was written about the plan, or was asked to the conference that made it.

    Each with why they may not have it on a day. A fixed number of queries.
    """
    around = people_around(plan)
    ties = ties_of(plan, on=on)
    risks = set(open_contact_risks([row.person_id for row in around], [], on=on).values_list("person", flat=True))
    decided = set(
        ExclusionRequest.objects.filter(participant__in=around, decided_at__isnull=False).values_list(
            "participant", flat=True
        )
    )
    found = []
    for row in around:
        because = why_not_told(row, plan, ties, on=on)
        is_adult = row.capacity in FAMILY_CAPACITIES and row.capacity != Capacity.CHILD
        if not because and is_adult and row.person_id in risks and row.pk not in decided:
            because = CHAIR_FIRST
        found.append(CopyRow(row, because))
    return found


def entries_for(plans: Sequence[Plan], persons: set[int], *, on: datetime.date) -> list[PlanEntry]:
    """Return what plans say besides their actions, as far as a professional, known by these records, may read it.

    Private information is for whoever it concerns or is named in it; what gives away a hidden place is for no one here.
    """
    if not plans:
        return []
    concealed = concealed_from(
        Person.objects.filter(pk__in=persons), [plan.child for plan in plans], council=plans[0].authority.name, on=on
    )
    rows = with_words(PlanEntry.objects.standing().filter(plan__in=[plan.pk for plan in plans]), actions=False)
    by_id = {plan.pk: plan for plan in plans}
    found = []
    for row in rows:
        texts = (row.text, row.services, row.we_do, row.how_often, row.who_in_words)
        excerpt = _excerpt(row, by_id[row.plan_id], texts)
        named = {row.who_person_id, row.who_post.person_id if row.who_post else None} | excerpt.private_to
        if may_be_shown_to_all(excerpt, concealed) or (named & persons and not concealed.is_in(*excerpt.texts)):
            found.append(row)
    return found


def own_copy(participant: Participant, plan: Plan, *, on: datetime.date) -> OwnCopy:
    """Return the plan as one person around it may read it on a day; whether they may at all say ``copies_of``."""
    reader, confidential = _reader_of(participant, plan, on=on)
    entries: list[PlanEntry] = list(with_words(plan.entries.standing(), actions=False))
    actions: list[PlanAction] = list(with_words(plan.actions.standing(), actions=True))
    kept = [row for row in entries if _may_read_entry(row, reader, plan)]
    agreed = [row for row in actions if _may_read_action(row, reader, plan, confidential)]
    document = compose([plan], entries=kept, actions=agreed)
    current = plan.key_workers.filter(ends_on__isnull=True).select_related("user").first()
    own = [row for row in agreed if participant.person_id in _carriers(row)]
    texts = [
        *(line.row.text for line in document.danger),
        *(need.line.row.text for need in document.needs if need.line),
    ]
    return OwnCopy(
        plan=plan,
        is_family=participant.capacity in FAMILY_CAPACITIES,
        is_child=participant.capacity == Capacity.CHILD,
        document=document,
        has_to_change=texts,
        will_be_different=[
            *(line.row.text for line in document.goal),
            *(outcome.line.row.text for need in document.needs for outcome in need.outcomes if outcome.line),
        ],
        mine=[_helper(row, reader) for row in own],
        others=[_helper(row, reader) for row in agreed if row not in own],
        services=[need.line.row.services for need in document.needs if need.line and need.line.row.services],
        if_it_happens=[(line.row.text, line.row.we_do) for line in document.contingency],
        key_worker=current.user.name if current and not reader.is_hidden(current.user.name) else "",
        left_out=len(entries) + len(actions) - len(kept) - len(agreed),
    )


def _reader_of(participant: Participant, plan: Plan, *, on: datetime.date) -> tuple[Reader, set[int]]:
    members = FamilyMember.objects.current(on=on).filter(person=plan.child.person_id)
    names = Prefetch("person__names", PersonName.objects.all())
    family = FamilyMember.objects.current(on=on).filter(family__in=members.values("family"))
    children = list(
        Child.objects.filter(person__in=family.values("person"))
        .select_related("person", "pregnancy")
        .prefetch_related(names)
    )
    person = participant.person_id
    theirs = {
        pk
        for model in (Relationship, ParentalResponsibility)
        for pk in model.objects.current(on=on).filter(person=person, child__in=children).values_list("child", flat=True)
    }
    there = Attendance.objects.filter(participant__person=person, presence=Presence.PRESENT)
    outlines = plan.actions.filter(outline__part__isnull=False).values("outline__conference")
    parts = list(Part.objects.filter(sitting__conference__in=outlines).values_list("pk", "kind"))
    attended = set(there.filter(part__in=[pk for pk, _ in parts]).values_list("part", flat=True))
    reader = make_reader(
        id=participant.pk,
        person=person,
        name=participant.person.full_name,
        children={plan.child_id} | (theirs if participant.capacity in FAMILY_CAPACITIES else set()),
        of=[NamedChild(child.pk, tuple(names_in_a_sentence(child.person)), child.is_unborn) for child in children],
        concealed=concealed_from([participant.person], [plan.child], council=plan.authority.name, on=on),
        parts=attended,
        all_parts=[pk for pk, _ in parts],
        is_adult_family=participant.capacity in FAMILY_CAPACITIES and participant.capacity != Capacity.CHILD,
        is_child=participant.capacity == Capacity.CHILD,
    )
    return reader, {pk for pk, kind in parts if kind == PartKind.CONFIDENTIAL}


def _carriers(row: PlanAction) -> set[int | None]:
    sharers = [(one.person_id, one.post) for one in row.sharers.all()]
    pairs = [(row.who_person_id, row.who_post), *sharers]
    return {pk for person, post in pairs for pk in (person, post.person_id if post else None)} - {None}


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
    texts = (row.text, row.services, row.we_do, row.how_often, row.who_in_words)
    excerpt = _excerpt(row, plan, texts)
    is_own = reader.person in {row.who_person_id, row.who_post.person_id if row.who_post else None}
    private = bool(excerpt.private_to - {reader.person}) and not is_own
    return may_read(excerpt, reader) and not private and not reader.is_hidden(*excerpt.texts)


def _may_read_action(row: PlanAction, reader: Reader, plan: Plan, confidential: set[int]) -> bool:
    """Return whether a reader may know of an action; who carries it out is left out where it gives away a place."""
    is_own = reader.person in _carriers(row)
    excerpt = _excerpt(row, plan, (row.what, row.why, row.how_known), by=reader.id if is_own else None)
    if not may_read(excerpt, reader) or reader.is_hidden(*excerpt.texts):
        return False
    if excerpt.part is None:
        return is_own or not excerpt.private_to - {reader.person}
    return in_the_plan_for(excerpt, reader, confidential)


def _helper(row: PlanAction, reader: Reader) -> Helper:
    who = row.who_in_words
    pairs = [(row.who_person_id, row.who_post), *((one.person_id, one.post) for one in row.sharers.all())]
    hidden = any(
        reader.concealed.gives_away(
            who, person=person or 0, agency=post.agency_id if post else None, post=post.pk if post else None
        )
        for person, post in pairs
    )
    by_when = f"by {row.by_when:%-d %B %Y}" if row.by_when else row.by_when_words
    return Helper(who=SOMEONE if hidden else who, what=row.what, by_when=by_when)
