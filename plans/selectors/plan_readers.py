"""Who around a plan may have it on a day: whoever carries it out, was asked to its conference, or holds a copy."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from conferences.enums import FAMILY_CAPACITIES, Capacity, ParticipantStatus
from conferences.models import ExclusionRequest, Participant
from conferences.selectors.children import readers_of as readers_of_child
from families.enums import Certainty, RelationshipKind
from families.models import AgencyInvolvement, Person, Post
from families.selectors import recorded_ties
from families.selectors.people import RecordedTies, open_contact_risks
from plans.enums import CinMemberState
from plans.events import Carrier, carried_out_by, persons_with_copies
from plans.models import CinMember, KeyWorker, Plan
from plans.services.told_of_endings import Ties, people_around, ties_of, why_not_told

CHAIR_FIRST = "A contact risk is recorded about this person: the chair decides first what they are told."
LEFT = "Does not help with this plan any more, and was not asked to its conference."
NO_TIE = "Not recorded as a known parent of this child, or as having parental responsibility."


@dataclass(frozen=True)
class PlanReader:
    """Someone around a plan, in which capacity, and why they may not have it today; "" where they may.

    ``participant`` is their row on the list of the newest conference about the child, where there is one.
    """

    person: Person
    capacity: Capacity
    post: Post | None
    agency_id: int | None
    participant: Participant | None
    because: str

    @property
    def is_family(self) -> bool:
        return self.capacity in FAMILY_CAPACITIES

    @property
    def is_child(self) -> bool:
        return self.capacity == Capacity.CHILD

    @property
    def is_adult_family(self) -> bool:
        return self.is_family and not self.is_child

    @property
    def has_account(self) -> bool:
        """Return whether they read what is new in the system itself; needs the person's user fetched."""
        user = self.person.user
        return not self.is_family and user is not None and user.is_active


def readers_of(plan: Plan, *, on: datetime.date) -> list[PlanReader]:
    """Return everyone around the plan, each with why they may not have it on a day. A fixed number of queries.

    Where a professional has left, whoever does the work of that agency with the child now stands beside them. The
    child's key worker, who carries the plan, is not among them.
    """
    ties, recorded = ties_of(plan, on=on), recorded_ties([plan.child], on=on)
    carriers = {row.person.pk: row for row in _carriers(plan, on)}
    may_read = readers_of_child(recorded, plan.child, on=on)
    found: dict[int, PlanReader] = {}
    for row in people_around(plan):
        found[row.person_id] = _of_participant(row, plan, ties, recorded, may_read, carriers.get(row.person_id), on)
    for carrier in carriers.values():
        if carrier.person.pk not in found:
            found[carrier.person.pk] = _of_carrier(carrier, plan, ties, recorded, may_read, on)
    held = {pk for holders in persons_with_copies for pk in holders(plan)} - set(found)
    for person in _living(held):
        found[person.pk] = PlanReader(person, Capacity.PROFESSIONAL, None, None, None, LEFT)
    for reader in _who_does_the_work_now(plan, list(found.values()), on):
        found.setdefault(reader.person.pk, reader)
    carried = KeyWorker.objects.filter(plan=plan, ends_on__isnull=True).values_list("user", flat=True)
    own = set(carried)
    rows = [row for row in found.values() if row.person.user_id not in own or row.is_family]
    return sorted(_after_the_risks(rows, on), key=lambda row: (not row.is_family, row.person.pk))


def _living(pks: Iterable[int]) -> list[Person]:
    rows = Person.objects.filter(
        pk__in=set(pks), death_date__isnull=True, sealed_at__isnull=True, merged_into__isnull=True
    )
    return list(rows.select_related("user").order_by("pk"))


def _carriers(plan: Plan, on: datetime.date) -> list[Carrier]:
    """Return who carries the plan out; of those with several posts, one that they still hold."""
    rows = [row for carriers in carried_out_by for row in carriers(plan, on)]
    members = CinMember.objects.filter(plan=plan, state=CinMemberState.IN)
    rows += [Carrier(row.person, row.post) for row in members.select_related("person__user", "post__agency")]
    best: dict[int, Carrier] = {}
    for row in rows:
        person = row.person
        if person.death_date or person.sealed_at or person.merged_into_id:
            continue
        known = best.get(person.pk)
        if known is None or (known.post is not None and not known.post.is_current(on)):
            best[person.pk] = row
    return list(best.values())


def _of_participant(
    row: Participant,
    plan: Plan,
    ties: Ties,
    recorded: RecordedTies,
    may_read: set[int],
    carrier: Carrier | None,
    on: datetime.date,
) -> PlanReader:
    post, agency = row.post, row.agency_id
    if carrier is not None and carrier.post is not None and row.capacity == Capacity.PROFESSIONAL:
        # They carry the plan out in this post, whichever they were asked in.
        post, agency = carrier.post, carrier.post.agency_id
        stands_in = Participant(
            person=row.person, capacity=row.capacity, status=row.status, post=post, agency_id=agency
        )
        because = why_not_told(stands_in, plan, ties, on=on)
    else:
        because = why_not_told(row, plan, ties, on=on)
    if not because and row.capacity in FAMILY_CAPACITIES and row.capacity != Capacity.CHILD:
        because = _why_not_family(row.person, recorded, may_read, is_carrier=carrier is not None)
    if not because and carrier is not None:
        because = carrier.because
    return PlanReader(row.person, Capacity(row.capacity), post, agency, row, because)


def _of_carrier(
    carrier: Carrier, plan: Plan, ties: Ties, recorded: RecordedTies, may_read: set[int], on: datetime.date
) -> PlanReader:
    person, post = carrier.person, carrier.post
    if post is not None:
        capacity = Capacity.PROFESSIONAL
    elif person.pk == plan.child.person_id:
        capacity = Capacity.CHILD
    else:
        capacity = Capacity.PARENT if person.pk in may_read else Capacity.RELATIVE
    agency = post.agency_id if post else None
    row = Participant(person=person, capacity=capacity, status=ParticipantStatus.INVITED, post=post, agency_id=agency)
    because = why_not_told(row, plan, ties, on=on)
    if not because and post is None and capacity != Capacity.CHILD:
        because = _why_not_family(person, recorded, may_read, is_carrier=True)
    return PlanReader(person, capacity, post, agency, None, because or carrier.because)


def _why_not_family(person: Person, recorded: RecordedTies, may_read: set[int], *, is_carrier: bool) -> str:
    """Return why an adult of the family may not have it: a possible father never, others if they carry it out."""
    if person.pk in may_read:
        return ""
    known = any(
        row.person_id == person.pk and row.certainty == Certainty.KNOWN and row.kind != RelationshipKind.POSSIBLE_FATHER
        for row in recorded.relationships
    )
    return "" if known and is_carrier else NO_TIE


def _who_does_the_work_now(plan: Plan, rows: list[PlanReader], on: datetime.date) -> list[PlanReader]:
    """Return whoever works with the child now at an agency whose worker left the post they were told in."""
    left = {row.agency_id for row in rows if row.post is not None and not row.post.is_current(on)} - {None}
    if not left:
        return []
    works = AgencyInvolvement.objects.current(on=on).filter(child=plan.child_id, agency__in=left, post__isnull=False)
    found = []
    for one in works.select_related("post__person__user", "post__agency").order_by("pk"):
        post = one.post
        if post is None or not post.is_current(on) or post.person.sealed_at or post.person.merged_into_id:
            continue
        found.append(PlanReader(post.person, Capacity.PROFESSIONAL, post, post.agency_id, None, ""))
    return found


def _after_the_risks(rows: list[PlanReader], on: datetime.date) -> list[PlanReader]:
    """Return the rows, where a contact risk is open and no chair has decided about the person with that reason."""
    adults = [row for row in rows if row.is_adult_family and not row.because]
    risky = set(open_contact_risks([row.person.pk for row in adults], [], on=on).values_list("person", flat=True))
    if not risky:
        return rows
    decided = set(
        ExclusionRequest.objects.filter(
            participant__person__in=risky,
            participant__in=[row.participant.pk for row in adults if row.participant],
            decided_at__isnull=False,
        ).values_list("participant__person", flat=True)
    )
    waiting = risky - decided
    return [replace(row, because=CHAIR_FIRST) if row.person.pk in waiting and not row.because else row for row in rows]
