"""A user's own conferences in the calendar that programs read at their secret address."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from conferences.enums import Mode, ParticipantStatus, Reply
from conferences.models import Conference
from conferences.services.invitations import change_list
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.services.stand_ins import name_stand_in
from deadlines.services.feeds import create_feed
from families.services.need_to_know import restrict_family
from tests.conferences import story
from tests.conferences.story import LONDON, NOW, STARTS_AT
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = datetime.timedelta(minutes=30)


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def read(client, user):
    _, secret = create_feed(user=user, now=NOW)
    return client.get(reverse("deadlines:read-calendar-feed", args=[secret])).content.decode()


def meetings(client, user):
    events = Calendar.from_ical(read(client, user)).walk("VEVENT")
    return [event for event in events if not str(event["uid"]).startswith("deadline-")]


def facts(client, user):
    return [
        (str(event["summary"]), event["dtstart"].dt.astimezone(LONDON), event["dtend"].dt.astimezone(LONDON))
        for event in meetings(client, user)
    ]


ENDS_AT = STARTS_AT + datetime.timedelta(minutes=150)


@pytest.mark.parametrize(
    ("who", "as_what"),
    [
        ("chair", "Conference, you chair"),
        ("coordinator", "Conference, you coordinate"),
        ("social_worker", "Conference"),
    ],
)
def test_it_has_the_conferences_one_chairs_coordinates_or_is_invited_to(told, invited, client, who, as_what):
    user = getattr(told, who)
    (event,) = meetings(client, user)
    assert facts(client, user) == [(f"{invited.reference}: {as_what}", STARTS_AT, ENDS_AT)]
    assert set(event) == {"UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "TRANSP", "CLASS", "URL"}
    assert str(event["uid"]) == f"sitting-{invited.sittings.get().pk}@localhost:8000"
    assert str(event["url"]).endswith(reverse("conferences:overview", args=[invited.pk]))


def test_no_name_and_no_place_is_in_it(told, client):
    story.invited(told, mode=Mode.BLENDED, link="https://video.example/room-417")
    for user in (told.chair, told.coordinator, told.social_worker):
        text = read(client, user).replace("\r\n ", "")
        names = [person.given_name for person in (told.hazel, told.dale, told.robin.person)]
        private = [*names, "Brambley", told.room.name, "Mulberry", "video.example", user.name, user.email]
        assert [word for word in private if word in text] == []


def test_whoever_has_nothing_to_do_with_it_does_not_have_it(told, invited, client):
    colleague = user_with_role(Role.SOCIAL_WORKER, team=told.team)
    other = user_with_role(Role.COORDINATOR, authority=told.authority)
    assert [facts(client, user) for user in (told.manager, colleague, other)] == [[], [], []]


def professional(told, key="academy"):
    user = user_with_role(Role.PROFESSIONAL, authority=told.authority)
    person = told.posts[key].person
    person.user = user
    person.save()
    return user


def test_a_professional_has_their_own_invitation_at_their_own_time(told, invited, client):
    user = professional(told)
    row = story.on_list(invited, told.posts["academy"].person)
    row.arrives_at = STARTS_AT + HALF_AN_HOUR
    row.save()
    (event,) = meetings(client, user)
    assert facts(client, user) == [(f"{invited.reference}: Conference", STARTS_AT + HALF_AN_HOUR, ENDS_AT)]
    assert str(event["url"]).endswith(reverse("conferences:my-invitation", args=[row.pk]))


@pytest.mark.parametrize("status", [s for s in ParticipantStatus if s != ParticipantStatus.INVITED])
def test_it_goes_for_whoever_is_not_invited_any_more(told, invited, client, status):
    user = professional(told)
    row = story.on_list(invited, told.posts["academy"].person)
    row.status, row.change_reason = status, "Not needed"
    row.save()
    assert meetings(client, user) == []


@pytest.mark.parametrize("reply", [Reply.NOT_COMING, Reply.REPORT_ONLY, Reply.DEPUTY])
def test_it_goes_for_whoever_has_said_no(told, invited, client, reply):
    row = story.on_list(invited, told.posts["academy"].person)
    row.reply = reply
    row.save()
    assert meetings(client, professional(told)) == []


def test_it_goes_for_a_worker_taken_off_the_list(told, invited, client):
    row = invited.participants.get(capacity="social_worker")
    change_list(
        conference=invited,
        changes=[story.as_listed(row, wanted=False, reason="Off sick")],
        by=told.coordinator,
        now=NOW,
    )
    assert meetings(client, told.social_worker) == []


def test_it_follows_a_move_as_the_same_entry_and_goes_with_a_cancellation(told, invited, client):
    before = meetings(client, told.chair)
    sitting = invited.sittings.get()
    later = STARTS_AT + datetime.timedelta(days=1)
    move_sitting(
        sitting=sitting,
        booking=story.booking(told, starts_at=later),
        reason="The chair is ill",
        by=told.coordinator,
        now=NOW,
    )
    after = meetings(client, told.chair)
    assert after[0]["dtstart"].dt == later
    assert [str(event["uid"]) for event in after] == [str(event["uid"]) for event in before]
    cancel_conference(
        conference=Conference.objects.get(), reason="The family has moved away", by=told.coordinator, now=NOW
    )
    assert meetings(client, told.chair) == []


def test_another_chair_has_it_in_place_of_the_first(told, invited, client):
    other = user_with_role(Role.CHAIR, authority=told.authority)
    sitting = invited.sittings.get()
    move_sitting(sitting=sitting, booking=story.booking(told, chair=other), reason="Ill", by=told.coordinator, now=NOW)
    assert (meetings(client, told.chair), len(meetings(client, other))) == ([], 1)


def test_a_stand_in_has_the_meetings_of_their_days(told, invited, client):
    other = user_with_role(Role.CHAIR, authority=told.authority)
    name_stand_in(
        conference=invited, user=other, starts_on=NOW.date(), last_day=NOW.date(), why="Leave", by=told.chair, now=NOW
    )
    assert meetings(client, other) == []
    third = user_with_role(Role.CHAIR, authority=told.authority)
    with time_machine.travel(STARTS_AT, tick=False):
        name_stand_in(
            conference=invited,
            user=third,
            starts_on=STARTS_AT.date(),
            last_day=STARTS_AT.date(),
            why="Leave",
            by=told.chair,
            now=STARTS_AT,
        )
        assert [summary for summary, _, _ in facts(client, third)] == [
            f"{invited.reference}: Conference, you stand in for the chair"
        ]


def test_a_restricted_case_is_there_for_those_named_only(told, invited, client):
    user = told.social_worker
    told.family.allocations.all().delete()
    restrict_family(family=told.family, named=[told.manager], why="A councillor", by=told.manager, now=NOW)
    assert meetings(client, user) == []
    assert len(meetings(client, told.chair)) == 1


def test_the_reading_is_logged_with_the_family(told, invited, client):
    read(client, told.chair)
    event = AccessEvent.objects.get(kind=ReadKind.EXPORT)
    assert event.family_ids == [told.family.pk]


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_meetings(told, invited, client, count, django_assert_num_queries):
    for days in (1, 2, 7)[: count - 1]:
        other = story.tell(told.authority)
        starts_at = STARTS_AT + datetime.timedelta(days=days)
        story.booked(other, starts_at=starts_at, chair=told.chair, room=None, mode=Mode.ONLINE)
    _, secret = create_feed(user=told.chair, now=NOW)
    page = reverse("deadlines:read-calendar-feed", args=[secret])
    client.get(page)
    with django_assert_num_queries(QUERIES_OF_A_READING):
        text = client.get(page).content.decode()
    assert text.count("you chair") == count


QUERIES_OF_A_READING = 27
