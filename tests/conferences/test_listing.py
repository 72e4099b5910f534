from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from conferences.access import visible_conferences
from conferences.enums import Capacity, ConferenceKind, ConferenceStatus, SittingState
from deadlines.services import reconcile
from tests.conferences.story import LONDON, NOW
from tests.factories import (
    AuthorityFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    FamilyFactory,
    ParticipantFactory,
    SittingFactory,
    TeamFactory,
    family_participant,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
URL = "/conferences/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def council():
    made = AuthorityFactory()
    policy_version_of(made)
    return made


@once_per_module(at=NOW)
def coordinator(council):
    return user_with_role(Role.COORDINATOR, authority=council)


def conferences_made(council, count, **fields):
    team = TeamFactory(authority=council)
    made = []
    for number in range(count):
        conference = ConferenceFactory(family=FamilyFactory(team=team), **fields)
        SittingFactory(
            conference=conference,
            starts_at=datetime.datetime(2026, 12, 21, 10, tzinfo=LONDON) + datetime.timedelta(days=number % 4),
        )
        ConferenceChildFactory(conference=conference)
        ConferenceChildFactory(conference=conference, kind=ConferenceKind.TRANSFER_IN, enquiry=None)
        made.append(conference)
    reconcile(now=NOW)
    return made


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_list_takes_the_same_number_of_queries_for_thirty_as_for_one(council, coordinator, client):
    client.force_login(coordinator)
    conferences_made(council, 1)
    assert queries_of(client, URL) == 14
    conferences_made(council, 29)
    assert queries_of(client, URL) == 14


def test_the_overview_takes_the_same_number_of_queries_for_thirty_people(council, coordinator, client):
    client.force_login(coordinator)
    (conference,) = conferences_made(council, 1)
    url = reverse("conferences:overview", args=[conference.pk])
    people = reverse("conferences:people", args=[conference.pk])
    change = reverse("conferences:change-list", args=[conference.pk])
    ParticipantFactory(conference=conference, children=conference.children.all())
    family_participant(conference)
    before = [queries_of(client, page) for page in (url, people, change)]
    for _ in range(14):
        ParticipantFactory(conference=conference, children=conference.children.all())
        family_participant(conference, Capacity.RELATIVE)
    assert [queries_of(client, page) for page in (url, people, change)] == before


def shown(client, **query):
    rows = client.get(URL, query).context["rows"]
    return [row.conference for row in rows]


def test_newest_date_first_unless_sorted_otherwise(council, coordinator, client):
    client.force_login(coordinator)
    first, second, third = conferences_made(council, 3)
    assert shown(client) == [third, second, first]
    assert shown(client, sort="date") == [first, second, third]


def test_filters_by_date_chair_and_state(council, coordinator, client):
    client.force_login(coordinator)
    first, second, third = conferences_made(council, 3)
    third.status = ConferenceStatus.CANCELLED
    third.cancelled_because = "x"
    third.save()
    assert shown(client, held_from="2026-12-22", held_until="2026-12-22") == [second]
    assert shown(client, chair=first.chair_id) == [first]
    assert shown(client, status="cancelled") == [third]
    assert shown(client, status="closed") == []


def test_an_unreadable_date_is_reported_and_the_rest_still_shown(council, coordinator, client):
    client.force_login(coordinator)
    (conference,) = conferences_made(council, 1)
    answer = client.get(URL, {"held_from_day": "31", "held_from_month": "2", "held_from_year": "2026"})
    assert [row.conference for row in answer.context["rows"]] == [conference]
    assert "February 2026 has no day 31" in answer.content.decode()


def test_each_role_lists_what_it_may_open(council, client):
    mine, other = conferences_made(council, 2)
    expected = {"chair": [mine], "coordinator": [mine, other], "service": [mine, other], "auditor": [], "elsewhere": []}
    users = {
        "chair": mine.chair,
        "coordinator": user_with_role(Role.COORDINATOR, authority=council),
        "service": user_with_role(Role.SERVICE_MANAGER, authority=council),
        "auditor": user_with_role(Role.AUDITOR, authority=council),
        "elsewhere": user_with_role(Role.COORDINATOR),
    }
    for name, user in users.items():
        assert list(visible_conferences(user).order_by("pk")) == expected[name], name
        client.force_login(user)
        opened = [
            row
            for row in (mine, other)
            if client.get(reverse("conferences:overview", args=[row.pk])).status_code == 200
        ]
        assert opened == expected[name], name


def test_an_empty_list_says_what_to_do(council, coordinator, client):
    client.force_login(coordinator)
    assert "You schedule a conference from the family" in client.get(URL).content.decode()
    assert "No conferences match" in client.get(URL, {"status": "closed"}).content.decode()


def test_a_page_that_does_not_exist_gives_the_last(council, coordinator, client):
    client.force_login(coordinator)
    conferences_made(council, 26)
    assert len(shown(client, page="99")) == 1


def test_a_conference_meets_when_its_newest_sitting_that_was_not_cancelled_begins(council):
    (conference,) = conferences_made(council, 1)
    sitting = conference.sittings.get()
    later = SittingFactory(conference=conference, number=2, starts_at=sitting.starts_at + datetime.timedelta(days=2))

    def meets_at():
        conference.refresh_from_db()
        return conference.meets_at

    versions = conference.events.count()
    assert meets_at() == later.starts_at
    later.state = SittingState.CANCELLED
    later.save()
    assert meets_at() == sitting.starts_at
    # A row that is saved as it was read before does not bring the old date back.
    conference.meets_at = later.starts_at
    conference.save()
    assert (meets_at(), conference.events.count()) == (sitting.starts_at, versions)
