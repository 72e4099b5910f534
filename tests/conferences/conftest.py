"""Fixtures for conferences: a family before its conference, and a meeting in session."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from accounts.enums import Role
from conferences.enums import Capacity, Presence
from conferences.models import Attendance
from families.enums import AgencyKind
from families.models import AgencyInvolvement
from meetings.services.opening import open_conference
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.factories import (
    AgencyFactory,
    AllocationFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    FamilyFactory,
    ParticipantFactory,
    PersonFactory,
    PostFactory,
    SittingFactory,
    TeamFactory,
    family_participant,
    user_with_role,
)
from tests.stories import once_per_module

OPENED = datetime.datetime(2026, 12, 22, 10, 1, tzinfo=datetime.UTC)
NOW = datetime.datetime(2026, 12, 22, 11, 30, tzinfo=datetime.UTC)


@once_per_module(at=story.NOW)
def told():
    """The Brambley family before anything is discussed."""
    return story.tell()


@once_per_module(at=story.NOW)
def discussed(told):
    """The strategy discussion about its three children."""
    story.discussed(told)


@once_per_module(at=story.NOW)
def booked(told):
    """The conference of its three children, booked for 22 December 2026."""
    return story.booked(told)


@once_per_module(at=story.NOW)
def invited(told):
    """The same conference after its invitations were sent."""
    return story.invited(told)


@once_per_module(at=story.NOW)
def for_one(told, discussed):
    """A conference booked for Robin only, with its invitations sent."""
    conference = story.booked_for(told, told.robin)
    story.settled(told, conference)
    story.send_invitations(conference=conference, by=told.coordinator, now=story.NOW)
    send_due(now=story.NOW, limit=200)
    conference.refresh_from_db()
    return conference


@once_per_module(at=story.NOW)
def for_all(told, invited):
    """The conference of all three, after its invitations left."""
    send_due(now=story.NOW, limit=200)
    return invited


@once_per_module(at=NOW)
def planned():
    """The conference of Tuesday 22 December 2026 before it is opened."""
    team = TeamFactory()
    authority = team.authority
    family = FamilyFactory(team=team)
    worker = user_with_role(Role.SOCIAL_WORKER, team=team, name="Amara Finch")
    manager = user_with_role(Role.TEAM_MANAGER, team=team, name="Dilys Heron")
    AllocationFactory(family=family, user=worker)
    conference = ConferenceFactory(
        family=family,
        chair=user_with_role(Role.CHAIR, authority=authority, name="Tomasz Kestrel"),
        coordinator=user_with_role(Role.COORDINATOR, authority=authority, name="Joan Plover"),
    )
    sitting = SittingFactory(conference=conference)
    robin, wren = (
        ConferenceChildFactory(
            conference=conference,
            child=ChildFactory(
                authority=authority,
                family=family,
                person=PersonFactory(authority=authority, given_name=name, family_name="Brambley", birth_date=born),
            ),
        )
        for name, born in (("Robin", datetime.date(2015, 6, 1)), ("Wren", datetime.date(2020, 6, 1)))
    )
    social_care = AgencyFactory(authority=authority, kind=AgencyKind.SOCIAL_CARE, name="Social care")

    def professional(name, kind, agency_name, capacity=Capacity.PROFESSIONAL, user=None, agency=None):
        given, family_name = name.split()
        agency = agency or AgencyFactory(authority=authority, kind=kind, name=agency_name)
        person = PersonFactory(authority=authority, given_name=given, family_name=family_name, user=user)
        if kind != AgencyKind.SOCIAL_CARE:
            AgencyInvolvement.objects.create(child=wren.child, agency=agency, direct_contact=True)
        return ParticipantFactory(
            conference=conference, post=PostFactory(agency=agency, person=person), capacity=capacity
        )

    people = {
        "amara": professional("Amara Finch", AgencyKind.SOCIAL_CARE, "", Capacity.SOCIAL_WORKER, worker, social_care),
        "callum": professional("Callum Reed", AgencyKind.SCHOOL, "Meadow Lane Primary"),
        "ngozi": professional("Ngozi Larkin", AgencyKind.HEALTH_VISITING, "Health visiting"),
        "beth": professional("Beth Siskin", AgencyKind.POLICE, "Police"),
        "hazel": family_participant(
            conference, person=PersonFactory(authority=authority, given_name="Hazel", family_name="Brambley")
        ),
        "dale": family_participant(
            conference, person=PersonFactory(authority=authority, given_name="Dale", family_name="Ashdown")
        ),
        "robin_there": family_participant(conference, Capacity.CHILD, person=robin.child.person, children=[robin]),
    }
    return SimpleNamespace(
        conference=conference,
        sitting=sitting,
        authority=authority,
        team=team,
        family=family,
        chair=conference.chair,
        coordinator=conference.coordinator,
        worker=worker,
        manager=manager,
        robin=robin,
        wren=wren,
        people=SimpleNamespace(**people),
        now=NOW,
    )


@once_per_module(at=NOW)
def meeting(planned):
    """The same conference in session since 10:01.

    Everyone is there except Dale and Robin, whose views Amara brings.
    """
    open_conference(conference=planned.conference, by=planned.chair, now=OPENED)
    planned.conference.refresh_from_db()
    planned.sitting.refresh_from_db()
    planned.part = planned.sitting.parts.get()
    for name in ("amara", "callum", "ngozi", "beth", "hazel"):
        attend(planned, getattr(planned.people, name))
    for name in ("dale", "robin_there"):
        absent = getattr(planned.people, name)
        attend(planned, absent, presence=Presence.APOLOGIES)
        absent.views_brought_by = planned.people.amara
        absent.save()
    wren_unheard = family_participant(
        planned.conference,
        Capacity.CHILD,
        person=planned.wren.child.person,
        children=[planned.wren],
        status="left_out",
        change_reason="Younger than the council's age",
        invited_at=None,
        views_brought_by=planned.people.amara,
    )
    planned.people.wren_there = wren_unheard
    return planned


def attend(meeting, participant, *, presence=Presence.PRESENT, part=None, **fields):
    """Record whether someone is in the part of the meeting."""
    arrived = OPENED if presence == Presence.PRESENT else None
    return Attendance.objects.create(
        participant=participant,
        part=part or meeting.part,
        presence=presence,
        recorded_by=meeting.coordinator,
        **{"arrived_at": arrived, **fields},
    )


@once_per_module(at=story.NOW)
def otherwise(told):
    """Invitations sent; Dale is told by another way than e-mail, and nobody has told him yet."""
    conference = story.booked(told)
    story.settled(told, conference)
    story.without_mail(told, conference)
    story.send_invitations(conference=conference, by=told.coordinator, now=story.NOW)
    conference.refresh_from_db()
    return conference


@pytest.fixture
def erin(told):
    return user_with_role(Role.CHAIR, authority=told.authority, name="Erin Martlet")


@pytest.fixture
def nora(told):
    return user_with_role(Role.COORDINATOR, authority=told.authority, name="Nora Teal")
