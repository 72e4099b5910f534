"""One family before its conference; the strategy discussion was on Tuesday 8 December 2026."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from accounts.enums import Role
from accounts.models import Authority, Team, User
from conferences.enums import ConferenceKind, Mode
from conferences.models import Conference, Participant, Room
from conferences.selectors.agreements import newest_agreement
from conferences.services.agreements import answer_agreement
from conferences.services.booking import Booking, ChildToConfer
from conferences.services.enquiries import record_strategy_discussion
from conferences.services.invitations import ListChange, change_list, send_invitations
from conferences.services.scheduling import convene_conference
from families.enums import AgencyKind, RelationshipKind, ResponsibilityStatus
from families.models import Child, ContactPoint, Family, ParentalResponsibility, Person, Post
from tests.factories import (
    AgencyFactory,
    AgencyInvolvementFactory,
    AllocationFactory,
    AuthorityFactory,
    ChildFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PersonFactory,
    PostFactory,
    PregnancyFactory,
    RelationshipFactory,
    RoomFactory,
    TeamFactory,
    policy_version_of,
    user_with_role,
)

LONDON = ZoneInfo("Europe/London")
HELD_AT = datetime.datetime(2026, 12, 8, 14, tzinfo=LONDON)
NOW = datetime.datetime(2026, 12, 10, 10, tzinfo=LONDON)
STARTS_AT = datetime.datetime(2026, 12, 22, 10, tzinfo=LONDON)
LAST_DAY = datetime.date(2026, 12, 31)


@dataclass
class Story:
    authority: Authority
    team: Team
    social_worker: User
    manager: User
    chair: User
    coordinator: User
    room: Room
    family: Family
    hazel: Person
    dale: Person
    martin: Person
    olive: Person
    robin: Child
    wren: Child
    baby: Child
    posts: dict[str, Post] = field(default_factory=dict)

    @property
    def children(self) -> list[Child]:
        return [self.robin, self.wren, self.baby]


def tell(authority: Authority | None = None) -> Story:
    """Create a council, its people, and a mother with two children, a pregnancy and their relatives."""
    authority = authority or AuthorityFactory()
    policy_version_of(authority)
    team = TeamFactory(authority=authority)
    family = FamilyFactory(team=team, name="Brambley")
    social_worker = user_with_role(Role.SOCIAL_WORKER, team=team, name="Amara Finch")
    AllocationFactory(family=family, user=social_worker)

    def person(given: str, last: str, **fields: object) -> Person:
        made = PersonFactory(authority=authority, given_name=given, family_name=last, **fields)
        FamilyMemberFactory(family=family, person=made)
        ContactPoint.objects.create(person=made, kind="email", value=f"{given.lower()}@home.example", is_safe=True)
        return made

    hazel = person("Hazel", "Brambley")
    robin_person = person("Robin", "Brambley", birth_date=datetime.date(2014, 3, 2))
    wren_person = person("Wren", "Brambley", birth_date=datetime.date(2020, 6, 2))
    pregnancy = PregnancyFactory(authority=authority, mother=hazel, expected_on=datetime.date(2027, 5, 20))
    unborn = PersonFactory(
        authority=authority, given_name="", family_name="Brambley", unnamed_as="Unborn baby Brambley"
    )
    FamilyMemberFactory(family=family, person=unborn)
    story = Story(
        authority=authority,
        team=team,
        social_worker=social_worker,
        manager=user_with_role(Role.TEAM_MANAGER, team=team, name="Dilys Heron"),
        chair=user_with_role(Role.CHAIR, authority=authority, name="Tomasz Kestrel"),
        coordinator=user_with_role(Role.COORDINATOR, authority=authority, name="Joan Plover"),
        room=RoomFactory(authority=authority, address="Mulberry House"),
        family=family,
        hazel=hazel,
        dale=person("Dale", "Ashdown"),
        martin=person("Martin", "Alder"),
        olive=person("Olive", "Brambley"),
        robin=ChildFactory(authority=authority, person=robin_person),
        wren=ChildFactory(authority=authority, person=wren_person),
        baby=ChildFactory(authority=authority, person=unborn, pregnancy=pregnancy),
    )
    _tie(story)
    _agencies(story)
    return story


def _tie(story: Story) -> None:
    for child in story.children:
        RelationshipFactory(child=child, person=story.hazel, kind=RelationshipKind.MOTHER)
    for child in (story.robin, story.wren):
        ParentalResponsibility.objects.create(
            child=child, person=story.hazel, status=ResponsibilityStatus.HELD, basis="birth"
        )
    RelationshipFactory(child=story.robin, person=story.dale, kind=RelationshipKind.FATHER)
    RelationshipFactory(child=story.baby, person=story.dale, kind=RelationshipKind.POSSIBLE_FATHER)
    RelationshipFactory(child=story.wren, person=story.martin, kind=RelationshipKind.FATHER)
    RelationshipFactory(child=story.robin, person=story.olive, kind=RelationshipKind.GRANDPARENT)


def _agencies(story: Story) -> None:
    for key, kind, given, last, child in (
        ("academy", AgencyKind.SCHOOL, "Shazia", "Wing", story.robin),
        ("primary", AgencyKind.SCHOOL, "Callum", "Reed", story.wren),
        ("midwife", AgencyKind.MIDWIFERY, "Sioned", "Teal", story.baby),
        ("gp", AgencyKind.GP, "Anil", "Dunnock", story.robin),
    ):
        agency = AgencyFactory(authority=story.authority, kind=kind, name=f"The {key} of {story.family.case_number}")
        post = PostFactory(
            agency=agency,
            person=PersonFactory(authority=story.authority, given_name=given, family_name=last),
            email=f"{given.lower()}@agency.example",
        )
        AgencyInvolvementFactory(child=child, agency=agency, post=post)
        story.posts[key] = post


def discussed(story: Story) -> None:
    """Record the strategy discussion about all three children."""
    record_strategy_discussion(
        family=story.family,
        children=story.children,
        held_at=HELD_AT,
        reason="Bruises that nobody explains.",
        agencies_present="Police, the academy",
        by=story.social_worker,
        now=NOW,
    )


def booking(story: Story, **changes: object) -> Booking:
    """Return a booking for Tuesday 22 December 2026, 10:00 to 12:30, the family half an hour earlier."""
    starts_at = changes.pop("starts_at", STARTS_AT)
    facts: dict[str, object] = {
        "starts_at": starts_at,
        "family_arrives_at": starts_at - datetime.timedelta(minutes=30),
        "professionals_arrive_at": starts_at,
        "until": starts_at + datetime.timedelta(minutes=150),
        "mode": Mode.IN_PERSON,
        "room": story.room,
        "chair": story.chair,
        "coordinator": story.coordinator,
        **changes,
    }
    return Booking(**facts)


def to_confer(story: Story) -> list[ChildToConfer]:
    return [
        ChildToConfer(
            child=child,
            kind=ConferenceKind.PRE_BIRTH if child.is_unborn else ConferenceKind.INITIAL,
            enquiry=child.enquiries.get(),
        )
        for child in story.children
    ]


def booked(story: Story, **changes: object) -> Conference:
    """Book the conference of all three children for 22 December."""
    if not story.robin.enquiries.exists():
        discussed(story)
    return convene_conference(
        family=story.family,
        children=to_confer(story),
        reason="Bruises that nobody explains.",
        booking=booking(story, **changes),
        by=story.coordinator,
        now=NOW,
    )


def booked_for(story, *children):
    """Book the conference for some of the children."""
    return convene_conference(
        family=story.family,
        children=[row for row in to_confer(story) if row.child in children],
        reason="Bruises that nobody explains.",
        booking=booking(story),
        by=story.coordinator,
        now=NOW,
    )


def on_list(conference: Conference, person: Person) -> Participant:
    return conference.participants.get(person=person)


def as_listed(participant: Participant, **changes: object) -> ListChange:
    """Return a row of the list as it is, wanted unless stated otherwise."""
    facts = {
        "participant": participant,
        "wanted": True,
        "arrives_at": participant.arrives_at,
        "mode": participant.mode,
        "reports": participant.reports,
        "email": participant.email,
        "invited_how": participant.invited_how,
        **changes,
    }
    return ListChange(**facts)


def agreed(story: Story, conference: Conference) -> None:
    """Let the team's manager agree that the conference is held."""
    asked = newest_agreement(conference)
    if asked is not None and asked.agreed is None:
        answer_agreement(agreement=asked, agreed=True, by=story.manager, now=NOW)


def settled(story: Story, conference: Conference) -> None:
    """Tick everyone proposed for invitation, once the manager has agreed to the conference."""
    agreed(story, conference)
    change_list(
        conference=conference,
        changes=[as_listed(row) for row in conference.participants.all()],
        by=story.coordinator,
        now=NOW,
    )


def invited(story: Story, **changes: object) -> Conference:
    """Send the invitations of the booked conference."""
    conference = booked(story, **changes)
    settled(story, conference)
    send_invitations(conference=conference, by=story.coordinator, now=NOW)
    conference.refresh_from_db()
    return conference


def without_mail(told: Story, conference: Conference, person: Person | None = None) -> None:
    """Have a person, or Dale, told by someone instead of by e-mail."""
    row = on_list(conference, person or told.dale)
    change_list(
        conference=conference,
        changes=[as_listed(row, email="", invited_how="Amara brings it")],
        by=told.coordinator,
        now=NOW,
    )
