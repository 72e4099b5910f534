"""Plain rows for tests. Each app has its own section; add new factories at the end of your app's section."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import TEAM_ROLES, Role
from accounts.models import Authority, RoleAssignment, Team, User
from conferences.enums import Capacity, Category, ConferenceKind, ConferenceStatus, Outcome, ParticipantStatus, PartKind
from conferences.models import Conference, ConferenceChild, Decision, Part, Participant, Room, Sitting, StandIn
from deadlines.models import Deadline, PolicyVersion
from deadlines.policies.presets import raw_of
from deadlines.services import add_closed_day, put_policy_in_force
from families.enums import AgencyKind, RelationshipKind
from families.models import (
    Agency,
    AgencyInvolvement,
    Allocation,
    BreakGlass,
    Child,
    ConflictOfInterest,
    Enquiry,
    Family,
    FamilyMember,
    NamedForFamily,
    Person,
    Post,
    Pregnancy,
    Relationship,
    StrategyDiscussion,
)
from notifications.enums import MessageKind
from notifications.models import Message, Notice
from plans.enums import PlanKind
from plans.models import Plan, PlanAction

# accounts


class AuthorityFactory(DjangoModelFactory[Authority]):
    class Meta:
        model = Authority

    slug = factory.Sequence(lambda n: f"council-{n}")
    name = factory.Sequence(lambda n: f"Council {n}")
    day_phone = "01632 960 001"
    night_phone = "01632 960 002"


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    authority = factory.SubFactory(AuthorityFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory[User]):
    """An active user without roles and without a usable password; sign in with ``client.force_login``."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user-{n}@council.example")
    name = factory.Sequence(lambda n: f"User {n}")
    password = "!"


class RoleAssignmentFactory(DjangoModelFactory[RoleAssignment]):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    authority = factory.SubFactory(AuthorityFactory)
    role = Role.COORDINATOR
    starts_on = datetime.date(2020, 1, 1)


def user_with_role(
    role: Role | str, *, authority: Authority | None = None, team: Team | None = None, **fields: Any
) -> User:
    """Return a user who has held ``role`` since 2020, in the team's authority if only a team is given.

    Roles that belong to a team get a new one if none is given. ``fields`` are those of the user.
    """
    if authority is None:
        authority = team.authority if team else AuthorityFactory()
    if team is None and role in TEAM_ROLES:
        team = TeamFactory(authority=authority)
    user = UserFactory(**fields)
    RoleAssignmentFactory(user=user, authority=authority, team=team, role=role)
    return user


# notifications


class MessageFactory(DjangoModelFactory[Message]):
    """A waiting message, due since 5 January 2026."""

    class Meta:
        model = Message

    authority = factory.SubFactory(AuthorityFactory)
    key = factory.Sequence(lambda n: f"message-{n}")
    kind = MessageKind.INVITATION
    to_email = factory.Sequence(lambda n: f"recipient-{n}@council.example")
    subject = factory.Sequence(lambda n: f"Invitation to a meeting: 26-{n:04d}")
    body = "Please come to the meeting."
    created_at = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)
    send_after = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)


class NoticeFactory(DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"notice-{n}")
    text = "Case 26-0417: something is due"
    created_at = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)


# families


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    authority = factory.SubFactory(AuthorityFactory)
    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")


class FamilyFactory(DjangoModelFactory[Family]):
    class Meta:
        model = Family

    team = factory.SubFactory(TeamFactory)
    authority = factory.SelfAttribute("team.authority")
    case_number = factory.Sequence(lambda n: f"20-{n:05d}")
    name = factory.Sequence(lambda n: f"Family {n}")


class FamilyMemberFactory(DjangoModelFactory[FamilyMember]):
    class Meta:
        model = FamilyMember

    family = factory.SubFactory(FamilyFactory)
    person = factory.SubFactory(PersonFactory, authority=factory.SelfAttribute("..family.authority"))


class ChildFactory(DjangoModelFactory[Child]):
    """A ten-year-old (on 1 January 2026); with ``family=`` also a member of that family."""

    class Meta:
        model = Child
        skip_postgeneration_save = True

    authority = factory.SubFactory(AuthorityFactory)
    person = factory.SubFactory(
        PersonFactory, authority=factory.SelfAttribute("..authority"), birth_date=datetime.date(2015, 6, 1)
    )
    council_child_id = factory.Sequence(lambda n: f"C{n:07d}")

    @factory.post_generation
    def family(self, create: bool, extracted: Family | None, **kwargs: Any) -> None:
        if extracted is not None:
            FamilyMemberFactory(family=extracted, person=self.person)


class PregnancyFactory(DjangoModelFactory[Pregnancy]):
    class Meta:
        model = Pregnancy

    authority = factory.SubFactory(AuthorityFactory)
    mother = factory.SubFactory(PersonFactory, authority=factory.SelfAttribute("..authority"))
    expected_on = datetime.date(2027, 4, 10)


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency

    authority = factory.SubFactory(AuthorityFactory)
    kind = AgencyKind.SCHOOL
    name = factory.Sequence(lambda n: f"Agency {n}")


class PostFactory(DjangoModelFactory[Post]):
    class Meta:
        model = Post

    agency = factory.SubFactory(AgencyFactory)
    person = factory.SubFactory(PersonFactory, authority=factory.SelfAttribute("..agency.authority"))
    title = "Safeguarding lead"
    email = factory.Sequence(lambda n: f"post-{n}@agency.example")


class AgencyInvolvementFactory(DjangoModelFactory[AgencyInvolvement]):
    class Meta:
        model = AgencyInvolvement

    child = factory.SubFactory(ChildFactory)
    agency = factory.SubFactory(AgencyFactory, authority=factory.SelfAttribute("..child.authority"))
    post = factory.SubFactory(PostFactory, agency=factory.SelfAttribute("..agency"))


class RelationshipFactory(DjangoModelFactory[Relationship]):
    class Meta:
        model = Relationship

    child = factory.SubFactory(ChildFactory)
    person = factory.SubFactory(PersonFactory, authority=factory.SelfAttribute("..child.authority"))
    kind = RelationshipKind.MOTHER


class AllocationFactory(DjangoModelFactory[Allocation]):
    class Meta:
        model = Allocation

    family = factory.SubFactory(FamilyFactory)
    user = factory.SubFactory(UserFactory)
    starts_on = datetime.date(2020, 1, 1)


class StrategyDiscussionFactory(DjangoModelFactory[StrategyDiscussion]):
    """Held on Tuesday 8 December 2026 at 14:00 in London."""

    class Meta:
        model = StrategyDiscussion

    family = factory.SubFactory(FamilyFactory)
    held_at = datetime.datetime(2026, 12, 8, 14, tzinfo=datetime.UTC)
    reason = "Bruises that nobody explains."
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.SelfAttribute("held_at")


class EnquiryFactory(DjangoModelFactory[Enquiry]):
    """An enquiry that the discussion of 8 December 2026 started."""

    class Meta:
        model = Enquiry

    child = factory.SubFactory(ChildFactory)
    discussion = factory.SubFactory(StrategyDiscussionFactory)
    started_on = factory.LazyAttribute(lambda enquiry: timezone.localtime(enquiry.discussion.held_at).date())


# deadlines


def policy_in_force(
    authority: Authority, *, preset: str = "baseline", since: datetime.date = datetime.date(2012, 1, 1)
) -> PolicyVersion:
    """Put a preset in force for a council from a day on; without one nothing can be counted."""
    return put_policy_in_force(
        authority=authority, preset=preset, in_force_from=since, now=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    )


class DeadlineFactory(DjangoModelFactory[Deadline]):
    """An initial conference's deadline: warned 18 December 2026, due 31, passed on 4 and 6 January."""

    class Meta:
        model = Deadline

    class Params:
        family = factory.SubFactory("tests.factories.FamilyFactory")

    kind = "initial-conference"
    authority_id = factory.LazyAttribute(lambda row: row.family.authority_id)
    family_id = factory.LazyAttribute(lambda row: row.family.pk)
    fact_id = factory.Sequence(lambda n: n + 1)
    responsible_ids = factory.LazyFunction(list)
    starts_on = datetime.date(2026, 12, 8)
    policy_version_id = 1
    limit_key = "initial-conference"
    due_on = datetime.date(2026, 12, 31)
    plan_for_on = factory.SelfAttribute("due_on")
    due_on_in_england = factory.SelfAttribute("due_on")
    warn_at = datetime.datetime(2026, 12, 18, tzinfo=datetime.UTC)
    due_from = datetime.datetime(2026, 12, 31, tzinfo=datetime.UTC)
    late_from = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    manager_from = datetime.datetime(2027, 1, 4, tzinfo=datetime.UTC)
    service_manager_from = datetime.datetime(2027, 1, 6, tzinfo=datetime.UTC)
    next_stage_at = factory.SelfAttribute("warn_at")
    created_at = datetime.datetime(2026, 12, 8, tzinfo=datetime.UTC)


class VisitDeadlineFactory(DjangoModelFactory[Deadline]):
    """A family's open visit, counted from 1 December 2026 and due on 15 December unless ``due_on`` is given.

    The moments of its stages follow from ``due_on``; no one is responsible for it unless ``responsible_ids``
    says so.
    """

    class Meta:
        model = Deadline

    class Params:
        family = factory.SubFactory(FamilyFactory)

    kind = "visit"
    authority_id = factory.SelfAttribute("family.authority_id")
    family_id = factory.SelfAttribute("family.pk")
    fact_id = factory.Sequence(lambda n: 1_000_000 + n)
    starts_on = datetime.date(2026, 12, 1)
    policy_version_id = factory.LazyAttribute(lambda row: policy_version_of(row.family.authority))
    limit_key = factory.SelfAttribute("kind")
    due_on = datetime.date(2026, 12, 15)
    plan_for_on = factory.SelfAttribute("due_on")
    due_on_in_england = factory.SelfAttribute("due_on")
    warn_at = factory.LazyAttribute(lambda row: _midnight(row.due_on, days=-3))
    due_from = factory.LazyAttribute(lambda row: _midnight(row.due_on))
    late_from = factory.LazyAttribute(lambda row: _midnight(row.due_on, days=1))
    manager_from = factory.LazyAttribute(lambda row: _midnight(row.due_on, days=2))
    service_manager_from = factory.LazyAttribute(lambda row: _midnight(row.due_on, days=4))
    created_at = factory.LazyAttribute(lambda row: _midnight(row.starts_on))


def _midnight(day: datetime.date, *, days: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(
        day + datetime.timedelta(days=days), datetime.time.min, tzinfo=ZoneInfo("Europe/London")
    )


class NamedForFamilyFactory(DjangoModelFactory[NamedForFamily]):
    """A person named for a restricted case since 2020."""

    class Meta:
        model = NamedForFamily

    family = factory.SubFactory(FamilyFactory, restricted=True)
    user = factory.SubFactory(UserFactory)
    starts_on = datetime.date(2020, 1, 1)
    why = "Works with the family"
    named_by = factory.SubFactory(UserFactory)
    named_at = datetime.datetime(2020, 1, 1, 9, tzinfo=datetime.UTC)


class StandInFactory(DjangoModelFactory[StandIn]):
    """A stand-in for the chair of ``conference`` since 2020; give ``ends_on`` for an end."""

    class Meta:
        model = StandIn

    user = factory.LazyAttribute(lambda made: user_with_role(Role.CHAIR, authority=made.conference.authority))
    starts_on = datetime.date(2020, 1, 1)
    ends_on = datetime.date(2099, 1, 1)
    why = "On leave"
    named_by = factory.SubFactory(UserFactory)
    named_at = datetime.datetime(2020, 1, 1, 9, tzinfo=datetime.UTC)


class ConflictOfInterestFactory(DjangoModelFactory[ConflictOfInterest]):
    """A conflict declared in 2020 and in force; give ``family`` or ``person``."""

    class Meta:
        model = ConflictOfInterest

    user = factory.SubFactory(UserFactory)
    why = "Lives next door"
    declared_by = factory.SubFactory(UserFactory)
    declared_at = datetime.datetime(2020, 1, 1, 9, tzinfo=datetime.UTC)


class BreakGlassFactory(DjangoModelFactory[BreakGlass]):
    """A case opened by break-glass now for a day, not reviewed."""

    class Meta:
        model = BreakGlass

    family = factory.SubFactory(FamilyFactory)
    user = factory.SubFactory(UserFactory)
    reason = "Nobody who holds the case can be reached"
    opened_at = factory.LazyFunction(timezone.now)
    closes_at = factory.LazyAttribute(lambda row: row.opened_at + datetime.timedelta(days=1))


# conferences


def closed_after_christmas(authority: Authority) -> None:
    """Add three closure days: 29 to 31 December 2026, which no national limit counts as days off."""
    policy_version_of(authority)
    for day in (29, 30, 31):
        add_closed_day(
            authority=authority,
            day=datetime.date(2026, 12, day),
            name="Offices closed",
            by=None,
            now=datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC),
        )


def policy_version_of(authority: Authority) -> int:
    """Return the id of the council's policy, baseline since 2020, with England's working days."""
    version = PolicyVersion.objects.filter(authority=authority).order_by("-number").first()
    if version is None:
        version = put_policy_in_force(
            authority=authority,
            preset="baseline",
            in_force_from=datetime.date(2020, 1, 1),
            now=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
        )
    return version.pk


def procedures_with(
    authority: Authority,
    *,
    since: datetime.date,
    values: Mapping[str, Any] | None = None,
    limits: Mapping[str, Mapping[str, Any]] | None = None,
) -> PolicyVersion:
    """Put the baseline in force from a day on, with other values and partly different limits."""
    raw = raw_of("baseline")
    for key, value in (values or {}).items():
        raw["values"][key]["value"] = value
    for key, parts in (limits or {}).items():
        raw["limits"][key].update(parts)
    return put_policy_in_force(
        authority=authority,
        preset="baseline",
        raw=raw,
        in_force_from=since,
        now=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    )


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    authority = factory.SubFactory(AuthorityFactory)
    name = factory.Sequence(lambda n: f"Room {n}")
    address = "Mulberry House, 1 Green Street"


class ConferenceFactory(DjangoModelFactory[Conference]):
    """A scheduled conference with chair and coordinator of the family's council, and no sitting yet.

    Its policy is the council's baseline. Give ``chair`` or ``coordinator`` for specific users.
    """

    class Meta:
        model = Conference

    family = factory.SubFactory(FamilyFactory)
    authority = factory.SelfAttribute("family.authority")
    reference = factory.Sequence(lambda n: f"CC26-{n:04d}")
    status = ConferenceStatus.SCHEDULED
    chair = factory.LazyAttribute(lambda made: user_with_role(Role.CHAIR, authority=made.authority))
    coordinator = factory.LazyAttribute(lambda made: user_with_role(Role.COORDINATOR, authority=made.authority))
    policy_version_id = factory.LazyAttribute(lambda made: policy_version_of(made.authority))
    requested_by = factory.SubFactory(UserFactory)
    requested_at = datetime.datetime(2026, 12, 10, 9, tzinfo=datetime.UTC)
    scheduled_at = datetime.datetime(2026, 12, 11, 9, tzinfo=datetime.UTC)


class SittingFactory(DjangoModelFactory[Sitting]):
    """Booked for Tuesday 22 December 2026, 10:00 to 12:00, family from 9:30, online, with its whole-meeting part.

    Give ``starts_at`` for another time: the other times follow.
    """

    class Meta:
        model = Sitting
        skip_postgeneration_save = True

    conference = factory.SubFactory(ConferenceFactory)
    starts_at = datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC)
    family_arrives_at = factory.LazyAttribute(lambda made: made.starts_at - datetime.timedelta(minutes=30))
    professionals_arrive_at = factory.SelfAttribute("starts_at")
    booked_from = factory.SelfAttribute("family_arrives_at")
    booked_until = factory.LazyAttribute(lambda made: made.starts_at + datetime.timedelta(hours=2))
    chair = factory.SelfAttribute("conference.chair")
    booked_at = datetime.datetime(2026, 12, 11, 9, tzinfo=datetime.UTC)
    booked_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def part(self, create: bool, extracted: Part | None, **kwargs: Any) -> None:
        Part.objects.create(sitting=self, number=1, kind=PartKind.WHOLE, title="Whole meeting")


class ConferenceChildFactory(DjangoModelFactory[ConferenceChild]):
    """A ten-year-old of the conference's family with an enquiry, listed for an initial conference."""

    class Meta:
        model = ConferenceChild

    conference = factory.SubFactory(ConferenceFactory)
    child = factory.LazyAttribute(
        lambda made: ChildFactory(authority=made.conference.authority, family=made.conference.family)
    )
    kind = ConferenceKind.INITIAL
    enquiry = factory.SubFactory(
        EnquiryFactory,
        child=factory.SelfAttribute("..child"),
        discussion__family=factory.SelfAttribute("...conference.family"),
    )


class ParticipantFactory(DjangoModelFactory[Participant]):
    """An invited professional of a school; ``children=[...]`` names the conference's children they come for."""

    class Meta:
        model = Participant
        skip_postgeneration_save = True

    conference = factory.SubFactory(ConferenceFactory)
    post = factory.SubFactory(PostFactory, agency__authority=factory.SelfAttribute("...conference.authority"))
    person = factory.SelfAttribute("post.person")
    agency = factory.SelfAttribute("post.agency")
    capacity = Capacity.PROFESSIONAL
    status = ParticipantStatus.INVITED
    because = "Knows a child"
    email = factory.SelfAttribute("post.email")
    invited_at = datetime.datetime(2026, 12, 11, 10, tzinfo=datetime.UTC)
    reports = True

    @factory.post_generation
    def children(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.children.set(extracted)


def family_participant(conference: Conference, capacity: str = Capacity.PARENT, **fields: Any) -> Participant:
    """Return an invited member of the family, without post or agency."""
    children = fields.pop("children", None)
    person = fields.pop("person", None) or PersonFactory(authority=conference.authority)
    participant = Participant.objects.create(
        conference=conference,
        person=person,
        capacity=capacity,
        **{
            "status": ParticipantStatus.INVITED,
            "because": "Parents are always asked",
            "email": f"person-{person.pk}@home.example",
            "invited_at": datetime.datetime(2026, 12, 11, 10, tzinfo=datetime.UTC),
            **fields,
        },
    )
    participant.children.set(children if children is not None else conference.children.all())
    return participant


# plans


# What a decision records that ends a plan, or with another ``on_plan`` lowers it.
ENDING = {
    "still_harm": "no", "on_plan": "ends", "quorate": True, "help_offered": "The school's family worker",
    "ends_because": "safer",
}  # fmt: skip


class DecisionFactory(DjangoModelFactory[Decision]):
    """A decision for a child protection plan, category emotional harm, made in the conference's sitting."""

    class Meta:
        model = Decision

    conference_child = factory.SubFactory(ConferenceChildFactory)
    sitting = factory.LazyAttribute(
        lambda made: (
            made.conference_child.conference.sittings.first()
            or SittingFactory(conference=made.conference_child.conference)
        )
    )
    outcome = Outcome.CP_PLAN
    main_category = Category.EMO
    categories = factory.LazyFunction(lambda: [Category.EMO])
    rationale = "She has been frightened again and again."
    visit_every_working_days = 10
    key_worker = factory.LazyAttribute(
        lambda made: user_with_role(Role.SOCIAL_WORKER, team=made.conference_child.conference.family.team)
    )
    decided_by = factory.SelfAttribute("sitting.chair")
    decided_at = factory.LazyAttribute(lambda made: made.sitting.starts_at + datetime.timedelta(hours=2))


class PlanFactory(DjangoModelFactory[Plan]):
    """An open child protection plan since 22 December 2026, without a recorded conference behind it."""

    class Meta:
        model = Plan

    child = factory.SubFactory(ChildFactory)
    authority = factory.SelfAttribute("child.authority")
    kind = PlanKind.CP
    starts_on = datetime.date(2026, 12, 22)
    initial_category = Category.EMO
    visit_every_working_days = 10
    created_at = datetime.datetime(2026, 12, 22, 13, tzinfo=datetime.UTC)


class PlanActionFactory(DjangoModelFactory[PlanAction]):
    class Meta:
        model = PlanAction

    plan = factory.SubFactory(PlanFactory)
    why = "She needs somebody to talk to"
    what = "See her every Monday"
    who_else = "School"
    by_when_words = "from Monday"
    created_at = datetime.datetime(2026, 12, 22, 13, tzinfo=datetime.UTC)


# core_groups


# reports
