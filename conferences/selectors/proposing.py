"""Who to ask to a conference, and why: from the family's own network and the council's procedures."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.enums import CAPACITY_OF_RELATIONSHIP, Capacity, Mode, RequestGround
from conferences.models import Conference, ConferenceChild
from conferences.selectors.children import children_in, short_name_of
from deadlines.policies import Policy, policy_of
from families.enums import (
    PARENT_KINDS,
    AgencyGroup,
    AgencyKind,
    Answer,
    ContactKind,
    RelationshipKind,
    ResponsibilityStatus,
)
from families.models import Agency, AgencyInvolvement, ContactPoint, ContactRisk, Person, Post
from families.selectors.agencies import agencies_knowing
from families.selectors.agency_names import name_on_page
from families.selectors.people import Adult, Tie, adults_for, current_allocations, open_contact_risks
from govuk import words


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A person who may be asked, ticked or not, with the reason beside them.

    ``ground`` is set where the chair has to decide first. ``must_be_asked`` marks those whom only the chair can
    leave out: parents, carers, holders of parental responsibility, children over the council's age.
    """

    person: Person
    capacity: Capacity
    children: tuple[ConferenceChild, ...]
    because: str
    group: str
    ticked: bool
    post: Post | None = None
    agency: Agency | None = None
    email: str = ""
    mode: Mode = Mode.IN_PERSON
    reports: bool = False
    must_be_asked: bool = False
    ground: RequestGround | None = None
    ground_reason: str = ""

    @property
    def key(self) -> tuple[int, int | None, str]:
        return (self.person.pk, self.post.pk if self.post else None, self.capacity)


@dataclass
class Proposals:
    """``missing`` lists those who should be asked but aren't recorded, one sentence each; ``staff`` are accounts."""

    people: list[Proposal] = field(default_factory=list)
    staff: list[StaffProposal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class StaffProposal:
    """A member of staff who attends by their job in the case; their person record is found on writing."""

    user: User
    capacity: Capacity
    because: str
    ticked: bool


def proposals_for(conference: Conference, *, on: datetime.date) -> Proposals:
    """Return everyone who may be asked, in page order. A fixed number of queries.

    Parents always, living together or apart, possible fathers too; carers; holders of parental responsibility;
    children by the council's age rule (by understanding: the chair decides for each); other relatives listed,
    never ticked; each agency that knows a child, through its professional; midwifery always for an unborn
    child.
    """
    children = list(children_in(conference))
    policy = policy_of(conference.policy_version_id)
    found = Proposals()
    adults = adults_for([row.child for row in children], on=on)
    involvements = list(agencies_knowing([row.child for row in children], on=on))
    involved = [row.post.person for row in involvements if row.post]
    risks = _risks([*(adult.person for adult in adults), *(row.child.person for row in children), *involved], on=on)
    emails = _emails([*(adult.person for adult in adults), *(row.child.person for row in children)], on=on)
    for adult in adults:
        found.people.append(_adult(adult, children, risks, emails, conference))
    for row in children:
        found.people.extend(_child(row, policy, risks, emails, conference, on=on))
    _agencies(found, involvements, children, risks, conference.family_id, on=on)
    _staff(found, conference, on=on)
    return found


def _risks(persons: Sequence[Person], *, on: datetime.date) -> dict[int, list[ContactRisk]]:
    found: dict[int, list[ContactRisk]] = {}
    for risk in open_contact_risks({person.pk for person in persons}, [], on=on):
        found.setdefault(risk.person_id, []).append(risk)
    return found


def _emails(persons: Iterable[Person], *, on: datetime.date) -> dict[int, str]:
    """Return a mailbox recorded as safe, where there is one; an unsafe one is never proposed."""
    found: dict[int, str] = {}
    by_id = {person.pk: person for person in persons}
    rows = ContactPoint.objects.current(on=on).filter(person__in=by_id, kind=ContactKind.EMAIL, is_safe=True)
    for row in rows.order_by("pk"):
        found[row.person_id] = row.value
    return found


def _adult(
    adult: Adult,
    children: Sequence[ConferenceChild],
    risks: dict[int, list[ContactRisk]],
    emails: dict[int, str],
    conference: Conference,
) -> Proposal:
    capacity = _capacity(adult)
    concerned = tuple(
        row for row in children if any(tie.child.pk == row.child_id and _counts(tie, capacity) for tie in adult.ties)
    )
    relative = capacity == Capacity.RELATIVE
    known = risks.get(adult.person.pk, [])
    alive = adult.person.death_date is None
    return Proposal(
        person=adult.person,
        capacity=capacity,
        children=concerned,
        because=_why_adult(adult, capacity) if alive else "Has died",
        group=AgencyGroup.FAMILY,
        ticked=alive and not relative,
        email=emails.get(adult.person.pk, ""),
        mode=_mode(conference),
        must_be_asked=alive and not relative,
        ground=RequestGround.CONTACT_RISK if known else None,
        ground_reason=risk_words(known),
    )


def _counts(tie: Tie, capacity: Capacity) -> bool:
    """Return whether the person attends for this child: one child's parent may be merely another's relative."""
    if capacity == Capacity.RELATIVE:
        return True
    return _tie_capacity(tie) != Capacity.RELATIVE


def _tie_capacity(tie: Tie) -> Capacity:
    kinds = {row.kind for row in tie.relationships}
    if kinds & PARENT_KINDS:
        return Capacity.PARENT
    if any(CAPACITY_OF_RELATIONSHIP.get(kind) == Capacity.CARER for kind in kinds) or tie.holds_responsibility:
        return Capacity.CARER
    uncertain = (ResponsibilityStatus.DISPUTED, ResponsibilityStatus.UNKNOWN)
    if not kinds and tie.responsibility and tie.responsibility.status in uncertain:
        return Capacity.CARER
    return Capacity.RELATIVE


def _capacity(adult: Adult) -> Capacity:
    """Return the closest of their ties to the children: parent before carer before relative."""
    held = {_tie_capacity(tie) for tie in adult.ties}
    return next(capacity for capacity in (Capacity.PARENT, Capacity.CARER, Capacity.RELATIVE) if capacity in held)


def _why_adult(adult: Adult, capacity: Capacity) -> str:
    if capacity == Capacity.PARENT:
        possible = all(
            row.kind == RelationshipKind.POSSIBLE_FATHER
            for tie in adult.ties
            for row in tie.relationships
            if row.kind in PARENT_KINDS
        )
        held = words.listed([short_name_of(child) for child in adult.children_in_responsibility])
        responsibility = f"; has parental responsibility for {held}" if held else ""
        start = (
            "A possible father is asked like a parent"
            if possible
            else "Parents are always asked, even if they live apart"
        )
        return f"{start}{responsibility}"
    if capacity == Capacity.CARER:
        held = words.listed([short_name_of(child) for child in adult.children_in_responsibility])
        return f"Has parental responsibility for {held}" if held else "Cares for a child"
    comfortable = {row.parent_comfortable for tie in adult.ties for row in tie.relationships}
    if Answer.NO in comfortable or Answer.REFUSED in comfortable:
        return "Relative. A parent does not want them to hear it"
    if comfortable == {Answer.YES}:
        return "Relative. The parent is comfortable with them hearing it"
    return "Relative. Ask the parent first whether they may hear it"


def _child(
    row: ConferenceChild,
    policy: Policy,
    risks: dict[int, list[ContactRisk]],
    emails: dict[int, str],
    conference: Conference,
    *,
    on: datetime.date,
) -> list[Proposal]:
    """Propose the child themselves; an unborn child is not asked."""
    child = row.child
    if child.is_unborn:
        return []
    age = child.age(on)
    invited = policy.child_is_invited(age)
    known = risks.get(child.person_id, [])
    if invited is None:
        because = "The chair decides whether the child is old enough to take part"
    elif invited:
        because = f"Aged {policy.child_invited_from_age} or over: asked, for as much of it as they choose"
    elif age is None:
        because = "Age not known. Say why if you ask the child"
    else:
        because = f"Under {policy.child_invited_from_age}: someone brings the child's views"
    ground: RequestGround | None = RequestGround.BY_UNDERSTANDING if invited is None else None
    reason = "The council's procedures give no age, so whether this child takes part is decided individually."
    if known:
        ground, reason = RequestGround.CONTACT_RISK, risk_words(known)
    return [
        Proposal(
            person=child.person,
            capacity=Capacity.CHILD,
            children=(row,),
            because=because,
            group=AgencyGroup.FAMILY,
            ticked=bool(invited) or invited is None,
            email=emails.get(child.person_id, ""),
            mode=_mode(conference),
            must_be_asked=bool(invited),
            ground=ground,
            ground_reason=reason if ground else "",
        )
    ]


def _agencies(
    found: Proposals,
    involvements: Sequence[AgencyInvolvement],
    children: Sequence[ConferenceChild],
    risks: dict[int, list[ContactRisk]],
    family_id: int,
    *,
    on: datetime.date,
) -> None:
    by_child = {row.child_id: row for row in children}
    by_post: dict[int, list[AgencyInvolvement]] = {}
    reached: set[int] = set()
    for involvement in involvements:
        if involvement.agency.kind == AgencyKind.SOCIAL_CARE:
            continue
        if involvement.post and involvement.post.is_current(on):
            by_post.setdefault(involvement.post.pk, []).append(involvement)
            reached.add(involvement.agency_id)
    for rows in by_post.values():
        post, agency = rows[0].post, rows[0].agency
        known = risks.get(post.person_id, []) if post else []
        if post is None:
            continue
        concerned = tuple(by_child[row.child_id] for row in rows)
        found.people.append(
            Proposal(
                person=post.person,
                post=post,
                agency=agency,
                capacity=Capacity.PROFESSIONAL,
                children=concerned,
                because=_why_agency(agency, concerned),
                group=agency.group,
                ticked=True,
                email=post.email,
                mode=Mode.IN_PERSON,
                reports=True,
                ground=RequestGround.CONTACT_RISK if known else None,
                ground_reason=risk_words(known),
            )
        )
    for involvement in involvements:
        if involvement.agency_id not in reached and involvement.agency.kind != AgencyKind.SOCIAL_CARE:
            reached.add(involvement.agency_id)
            known_to = name_on_page(involvement.agency, family_id)
            found.missing.append(
                f"{known_to} knows {short_name_of(involvement.child)}, but no one who "
                "works there now is named. Choose someone."
            )
    unborn = [row for row in children if row.child.is_unborn]
    midwives = [row for row in involvements if row.agency.kind == AgencyKind.MIDWIFERY]
    if unborn and not midwives:
        found.missing.append("Midwifery is always asked for an unborn child, and none is recorded. Choose a midwife.")


def _why_agency(agency: Agency, children: Sequence[ConferenceChild]) -> str:
    named = words.listed([short_name_of(row.child) for row in children])
    if agency.kind == AgencyKind.MIDWIFERY and any(row.child.is_unborn for row in children):
        return "Midwifery is always asked for an unborn child"
    return f"{agency.get_kind_display()}: knows {named}"


def _staff(found: Proposals, conference: Conference, *, on: datetime.date) -> None:
    for allocation in current_allocations([conference.family_id], on=on):
        found.staff.append(StaffProposal(allocation.user, Capacity.SOCIAL_WORKER, "Holds the case", ticked=True))
    allocated = {row.user.pk for row in found.staff}
    managers = (
        RoleAssignment.objects.current(on=on)
        .filter(team=conference.family.team_id, role=Role.TEAM_MANAGER, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    found.staff.extend(
        StaffProposal(row.user, Capacity.TEAM_MANAGER, "Manages the team that holds the case", ticked=not allocated)
        for row in managers
        if row.user_id not in allocated
    )
    if conference.chair:
        found.staff.append(StaffProposal(conference.chair, Capacity.CHAIR, "Chairs the conference", ticked=True))
    if conference.coordinator:
        found.staff.append(StaffProposal(conference.coordinator, Capacity.COORDINATOR, "Takes the notes", ticked=True))


def _mode(conference: Conference) -> Mode:
    return Mode.ONLINE if conference.mode == Mode.ONLINE else Mode.IN_PERSON


def risk_words(risks: Sequence[ContactRisk]) -> str:
    """Return what is recorded, for the chair: ground and detail of each risk."""
    return "\n".join(f"{risk.get_ground_display()}: {risk.detail}" for risk in risks)
