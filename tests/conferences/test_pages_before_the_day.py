"""The pages before the day: who may open each, that it responds, and the input it keeps on a refusal."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from conferences.enums import ConferenceStatus, RequestGround
from conferences.models import Conference
from conferences.services.exclusions import open_request
from families.enums import EnquiryOutcome
from families.models import Enquiry, StrategyDiscussion
from notifications.models import Message
from tests.conferences import story
from tests.conferences.story import LONDON, NOW
from tests.factories import NamedForFamilyFactory, TeamFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset(
    {"social_worker", "manager", "chair", "coordinator", "service_manager", "other_chair", "auditor", "administrator"}
)
SOCIAL_CARE = frozenset({"social_worker", "manager", "coordinator"})


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def people(told):
    """One user of each kind, from the right council and from another."""
    return {
        "social_worker": told.social_worker,
        "manager": told.manager,
        "chair": told.chair,
        "coordinator": told.coordinator,
        "service_manager": user_with_role(Role.SERVICE_MANAGER, authority=told.authority),
        "other_chair": user_with_role(Role.CHAIR, authority=told.authority),
        "auditor": user_with_role(Role.AUDITOR, authority=told.authority),
        "administrator": user_with_role(Role.ADMINISTRATOR, authority=told.authority),
        "other_team": user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=told.authority)),
        "other_council_worker": user_with_role(Role.SOCIAL_WORKER),
        "other_council_coordinator": user_with_role(Role.COORDINATOR),
        "other_council_chair": user_with_role(Role.CHAIR),
        "professional": user_with_role(Role.PROFESSIONAL, authority=told.authority),
    }


def pages(conference, request, gp):
    """Return every URL of this part with those who may open it."""
    family = conference.family_id
    read = {"social_worker", "manager", "chair", "coordinator", "service_manager"}
    return {
        reverse("conferences:enquiries", args=[family]): read,
        reverse("conferences:record-strategy-discussion", args=[family]): SOCIAL_CARE,
        reverse("conferences:end-enquiry", args=[family, Enquiry.objects.first().pk]): SOCIAL_CARE,
        reverse("conferences:record-transfer-in", args=[family]): SOCIAL_CARE,
        reverse("conferences:ask-for-conference", args=[family]): SOCIAL_CARE,
        reverse("conferences:schedule", args=[family]): SOCIAL_CARE,
        reverse("conferences:overview", args=[conference.pk]): read,
        reverse("conferences:move", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:cancel", args=[conference.pk]): SOCIAL_CARE,
        # It is within its limit: nobody has anything to explain.
        reverse("conferences:late-reason", args=[conference.pk]): set(),
        reverse("conferences:people", args=[conference.pk]): read,
        reverse("conferences:change-list", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:add-participant", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:check-invitations", args=[conference.pk]): SOCIAL_CARE,
        reverse("conferences:participant", args=[conference.pk, gp.pk]): read,
        reverse("conferences:ask-chair", args=[conference.pk, gp.pk]): read,
        reverse("conferences:decide-request", args=[conference.pk, request.pk]): {"chair"},
        reverse("conferences:stand-ins", args=[conference.pk]): {"chair", "coordinator", "service_manager"},
    }


@once_per_module(at=NOW)
def asked(told, invited):
    request = open_request(
        participant=story.on_list(invited, told.dale),
        ground=RequestGround.ASKED,
        reason="Hazel is afraid",
        by=told.social_worker,
        now=NOW,
    )
    return invited, request


def test_each_page_opens_only_for_those_who_may_open_it(told, people, asked, client):
    conference, request = asked
    gp = story.on_list(conference, told.posts["gp"].person)
    allowed = {url: set(names) for url, names in pages(conference, request, gp).items()}
    opened: dict[str, set[str]] = {url: set() for url in allowed}
    for name, user in people.items():
        client.force_login(user)
        for url in allowed:
            if client.get(url).status_code == 200:
                opened[url].add(name)
    assert opened == allowed


def test_signed_out_users_are_sent_to_sign_in(told, asked, client):
    conference, request = asked
    gp = story.on_list(conference, told.posts["gp"].person)
    others = ["conferences:conferences", "conferences:my-invitations"]
    for url in [*pages(conference, request, gp), *map(reverse, others)]:
        answer = client.get(url)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/sign-in/"), url


def test_a_restricted_family_opens_for_named_people_only(told, people, asked, client):
    conference, _ = asked
    told.family.restricted = True
    told.family.save()
    other = user_with_role(Role.COORDINATOR, authority=told.authority)
    team_mate = user_with_role(Role.SOCIAL_WORKER, team=told.team)
    found = {}
    named = user_with_role(Role.SERVICE_MANAGER, authority=told.authority)
    NamedForFamilyFactory(family=told.family, user=named)
    others = {"other_coordinator": other, "team_mate": team_mate, "named": named}
    for name, user in {**people, **others}.items():
        client.force_login(user)
        found[name] = client.get(reverse("conferences:overview", args=[conference.pk])).status_code
    assert {name for name, status in found.items() if status == 200} == {
        "social_worker",
        "chair",
        "coordinator",
        "named",
    }


def test_a_user_related_to_a_child_never_opens_the_conference(told, people, asked, client):
    conference, _ = asked
    told.olive.user = people["service_manager"]
    told.olive.save()
    client.force_login(people["service_manager"])
    assert client.get(reverse("conferences:overview", args=[conference.pk])).status_code == 404


def test_refusals_and_reads_are_logged(told, people, asked, client):
    conference, _ = asked
    AccessEvent.objects.all()
    before = AccessEvent.objects.count()
    for name in ("chair", "other_team"):
        client.force_login(people[name])
        client.get(reverse("conferences:overview", args=[conference.pk]))
    rows = AccessEvent.objects.order_by("pk")[before:]
    assert [(row.user, row.kind, row.subject_id) for row in rows] == [
        (people["chair"], "page", conference.pk),
        (people["other_team"], "refused", conference.pk),
    ]


# strategy discussion


DISCUSSION = {
    "held_on_day": "8",
    "held_on_month": "12",
    "held_on_year": "2026",
    "held_time": "14:00",
    "agencies_present": "Police",
    "reason": "Bruises that nobody explains, and a story that changes",
}


def test_recording_a_discussion_shows_the_last_day_and_how_it_was_counted(told, client):
    client.force_login(told.social_worker)
    url = reverse("conferences:record-strategy-discussion", args=[told.family.pk])
    data = {**DISCUSSION, "children": [child.pk for child in told.children]}
    answer = client.post(url, data, follow=True)
    page = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 200
    assert 'Conference by <time datetime="2026-12-31">Thursday 31 December 2026</time>' in page
    assert "Not counted: 5 weekend days, Christmas Day" in page
    assert "Christmas Day" in page
    assert Enquiry.objects.filter(started_on=datetime.date(2026, 12, 8)).count() == 3
    client.post(url, data)
    assert StrategyDiscussion.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"held_on_year": "2027"}, "A strategy discussion can&#x27;t be recorded before it is held"),
        ({"held_on_month": "13"}, "Write the month as a number from 1 to 12"),
        ({"reason": " "}, "Say why enquiries were started"),
        ({"children": []}, "Choose at least one child"),
    ],
)
def test_an_impossible_discussion_is_refused_and_the_input_kept(told, client, wrong, message):
    client.force_login(told.social_worker)
    url = reverse("conferences:record-strategy-discussion", args=[told.family.pk])
    typed = {**DISCUSSION, "children": [told.robin.pk], **wrong}
    page = client.post(url, typed).content.decode()
    assert StrategyDiscussion.objects.count() == 0
    assert message in page
    assert "Police" in page


def test_an_enquiry_can_end_without_a_conference(told, discussed, client):
    enquiry = told.wren.enquiries.get()
    client.force_login(told.social_worker)
    client.post(
        reverse("conferences:end-enquiry", args=[told.family.pk, enquiry.pk]), {"reason": "A fall that was seen"}
    )
    enquiry.refresh_from_db()
    assert (enquiry.outcome, enquiry.outcome_reason) == (EnquiryOutcome.CONFERENCE_NOT_REQUIRED, "A fall that was seen")


# scheduling


def schedule_data(told, **changes):
    return {
        "children": [child.pk for child in told.children],
        f"kind-{told.robin.pk}": "initial",
        f"kind-{told.wren.pk}": "initial",
        f"kind-{told.baby.pk}": "pre_birth",
        "reason": "Bruises",
        "day": "2026-12-22",
        "start": "10:00",
        "length": "150",
        "mode": "in_person",
        "room": told.room.pk,
        "chair": told.chair.pk,
        "coordinator": told.coordinator.pk,
        **changes,
    }


def test_the_day_is_chosen_without_javascript_and_then_the_times(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    first = client.get(url).content.decode()
    assert 'value="2026-12-22"' in first
    second = client.get(url, {"day": "2026-12-22"})
    page = second.content.decode()
    assert "If it is" in page
    assert told.room.name in page
    assert f'name="kind-{told.baby.pk}"' in page


def test_booking_redirects_to_the_list_of_people(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    answer = client.post(url, schedule_data(told))
    conference = Conference.objects.get()
    assert answer.url == reverse("conferences:people", args=[conference.pk])
    sitting = conference.sittings.get()
    assert sitting.family_arrives_at == datetime.datetime(2026, 12, 22, 9, 30, tzinfo=LONDON)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"day": "2026-12-19"}, "is a weekend"),
        ({"day": "2026-12-25"}, "Confirm that you mean it"),
        ({"day": "2026-12-09"}, "say why it is recorded afterwards"),
        ({"day": "2026-12-07", "recorded_afterwards_reason": "x"}, "The conference can&#x27;t be before it"),
        ({"day": "2026-12-15"}, "of notice. Say why it can&#x27;t be more"),
        ({"start": "25:00"}, "Write the time like 10:00"),
        ({"room": ""}, "Choose a room, or choose that everyone is online"),
        ({"children": []}, "Choose at least one child"),
    ],
)
def test_an_impossible_booking_is_refused_beside_its_field_and_the_input_kept(told, discussed, client, wrong, message):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    page = client.post(url, schedule_data(told, reason="Words worth keeping", **wrong)).content.decode()
    assert Conference.objects.count() == 0
    assert message in page
    assert "Words worth keeping" in page
    assert "There is a problem" in page


def test_a_date_that_does_not_exist_is_asked_for_again(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    page = client.get(url, {"other_day": "31", "other_month": "2", "other_year": "2027"}).content.decode()
    assert "Choose a day, or enter a date" in page


def test_a_day_beyond_the_calendar_is_refused_in_words(told, discussed, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:schedule", args=[told.family.pk])
    assert client.get(url, {"day": "2150-01-01"}).status_code == 200
    page = client.post(url, schedule_data(told, day="2150-01-01")).content.decode()
    assert "The calendar of working days knows" in page


def test_moving_and_cancelling_by_page(told, invited, client):
    client.force_login(told.coordinator)
    url = reverse("conferences:move", args=[invited.pk])
    assert client.get(url).status_code == 200
    data = schedule_data(told, day="2026-12-23", reason="The mother has a scan")
    assert client.post(url, {**data, "confirm": "yes"}).url == reverse("conferences:overview", args=[invited.pk])
    assert invited.sittings.get().starts_at == datetime.datetime(2026, 12, 23, 10, tzinfo=LONDON)
    client.post(reverse("conferences:cancel", args=[invited.pk]), {"reason": "Chair ill"})
    invited.refresh_from_db()
    assert invited.status == ConferenceStatus.CANCELLED
    assert client.get(url).url == reverse("conferences:overview", args=[invited.pk])


# a professional's own page


@once_per_module(at=NOW)
def gp(told):
    user = user_with_role(Role.PROFESSIONAL, authority=told.authority)
    person = told.posts["gp"].person
    person.user = user
    person.save()
    conference = story.invited(told)
    return user, story.on_list(conference, person)
