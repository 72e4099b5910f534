from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.shortcuts import resolve_url
from django.urls import reverse
from icalendar import Calendar

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from cpconf.middleware import RequestLogMiddleware
from deadlines.models import CalendarFeed
from deadlines.services.feeds import create_feed, revoke_feed
from tests.deadlines.conftest import moment
from tests.factories import ChildFactory, UserFactory, VisitDeadlineFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-16 09:00")
PAGE = reverse("deadlines:calendar-feed")


@pytest.fixture(autouse=True)
def _wednesday_16_december_2026():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def address(secret):
    return reverse("deadlines:read-calendar-feed", args=[secret])


def events(response):
    return [part for part in Calendar.from_ical(response.content).walk() if part.name == "VEVENT"]


@once_per_module(at=NOW)
def secret(case):
    return create_feed(user=case.worker, now=NOW)[1]


def test_a_calendar_reads_what_its_owner_is_responsible_for(client, case, initial, secret):
    row = VisitDeadlineFactory(
        family=case.family, kind="initial-conference", responsible_ids=[case.worker.pk],
        due_on=datetime.date(2026, 12, 31),
    )  # fmt: skip
    VisitDeadlineFactory(family=case.family, responsible_ids=[case.manager.pk])
    response = client.get(address(secret))
    (event,) = events(response)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert str(event["summary"]) == "26-0417: Hold the initial conference"
    assert (event["dtstart"].dt, event["dtend"].dt) == (datetime.date(2026, 12, 31), datetime.date(2027, 1, 1))
    assert str(event["uid"]) == f"deadline-{row.pk}@localhost:8000"
    assert set(event) == {"UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "TRANSP", "CLASS", "URL"}


def test_no_name_and_no_place_is_in_it(client, case, secret):
    child = ChildFactory(person__given_name="Robin", person__family_name="Brambley")
    VisitDeadlineFactory(family=case.family, child_id=child.pk, what="Refuge", responsible_ids=[case.worker.pk])
    text = client.get(address(secret)).content.decode()
    for private in ("Robin", "Brambley", "Refuge", case.worker.name, case.worker.email):
        assert private not in text


def test_an_hour_limit_ends_at_its_last_moment(client, case, secret):
    VisitDeadlineFactory(
        family=case.family, kind="decisions-sent", due_at=moment("2026-12-16 12:31"),
        due_on=datetime.date(2026, 12, 16), responsible_ids=[case.worker.pk],
    )  # fmt: skip
    (event,) = events(client.get(address(secret)))
    assert (event["dtstart"].dt, event["dtend"].dt) == (moment("2026-12-16 12:01"), moment("2026-12-16 12:31"))


def test_siblings_are_one_entry_and_settled_things_none(client, case, secret):
    for child in (ChildFactory(), ChildFactory()):
        VisitDeadlineFactory(family=case.family, child_id=child.pk, responsible_ids=[case.worker.pk])
    VisitDeadlineFactory(family=case.family, responsible_ids=[case.worker.pk], met_at=NOW, kind="minutes-sent")
    assert len(events(client.get(address(secret)))) == 1


def test_it_omits_what_the_owner_may_no_longer_see(client, case, secret):
    other = case.another_family("26-0999")
    other.allocations.all().delete()
    other.team = user_with_role(Role.SOCIAL_WORKER, authority=case.authority).roles.get().team
    other.save()
    sealed = ChildFactory(person__sealed_at=NOW, person__sealed_because="Adopted")
    VisitDeadlineFactory(family=other, responsible_ids=[case.worker.pk])
    VisitDeadlineFactory(family=case.family, child_id=sealed.pk, responsible_ids=[case.worker.pk])
    assert events(client.get(address(secret))) == []


def test_only_the_hash_of_the_secret_is_stored(case, secret):
    feed = CalendarFeed.objects.get()
    assert len(secret) >= 43
    assert secret not in {str(value) for value in vars(feed).values()}


@pytest.mark.parametrize("wrong", ["x", "a" * 43, "a" * 5000, "..", "%00", "é"])
def test_an_unknown_url_is_not_found(client, secret, wrong):
    assert client.get(address(wrong)).status_code == 404


def test_a_revoked_or_replaced_url_is_not_found(client, case, secret):
    revoke_feed(user=case.worker, now=NOW)
    revoke_feed(user=case.worker, now=NOW)
    assert client.get(address(secret)).status_code == 404
    _, second = create_feed(user=case.worker, now=NOW)
    _, third = create_feed(user=case.worker, now=NOW)
    assert [client.get(address(one)).status_code for one in (second, third)] == [404, 200]


def test_the_url_of_a_closed_account_is_not_found(client, case, secret):
    case.worker.is_active = False
    case.worker.save()
    assert client.get(address(secret)).status_code == 404


def test_each_reading_is_logged_under_its_owner(client, case, secret):
    VisitDeadlineFactory(family=case.family, responsible_ids=[case.worker.pk])
    client.get(address(secret))
    event = AccessEvent.objects.get()
    assert (event.user, event.kind, event.page, event.family_ids) == (
        case.worker,
        ReadKind.EXPORT,
        "deadlines:read-calendar-feed",
        [case.family.pk],
    )
    assert CalendarFeed.objects.get().read_at == NOW


def test_the_secret_is_cut_out_of_the_request_log(rf, secret):
    line = RequestLogMiddleware.format_request(rf.get(address(secret)))
    assert line == "GET /feeds/[secret]"


def test_a_program_that_asks_too_often_has_to_wait(client, secret):
    answers = [client.get(address(secret)).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    answers = [client.get(address("nonsense")).status_code for _ in range(21)]
    assert answers == [404] * 20 + [429]


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_entries(client, case, secret, count, django_assert_num_queries):
    for n in range(count):
        VisitDeadlineFactory(family=case.another_family(f"26-1{n:03}"), responsible_ids=[case.worker.pk])
    client.get(address(secret))
    with django_assert_num_queries(QUERIES_OF_A_READING):
        assert len(events(client.get(address(secret)))) == count


# The feed, how often it was read, candidates, the roles, deadlines, case numbers, conferences, invitations, core
# groups, the entry in the read log.
QUERIES_OF_A_READING = 22


# The page


def test_the_address_is_shown_once(client, case):
    client.force_login(case.worker)
    assert "You have no address yet" in client.get(PAGE).content.decode()
    made = client.post(PAGE).content.decode()
    start = made.index("/feeds/")
    shown = made[start : made.index(".ics", start) + 4]
    assert client.get(shown).status_code == 200
    again = client.get(PAGE)
    assert "/feeds/" not in again.content.decode()
    assert "no-store" in again["Cache-Control"]


def test_the_page_stops_the_address(client, case, secret):
    client.force_login(case.worker)
    response = client.post(reverse("deadlines:revoke-calendar-feed"))
    assert (response.status_code, response.url) == (302, PAGE)
    assert client.get(address(secret)).status_code == 404


def test_the_page_manages_only_the_users_own_url(client, case, secret):
    client.force_login(case.manager)
    assert "You have no address yet" in client.get(PAGE).content.decode()
    client.post(PAGE)
    assert client.get(address(secret)).status_code == 200


def test_users_signed_out_or_without_a_role_get_no_url(client):
    stop = reverse("deadlines:revoke-calendar-feed")
    response = client.get(PAGE)
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next={PAGE}")
    assert client.post(stop).status_code == 302
    client.force_login(UserFactory())
    assert (client.get(PAGE).status_code, client.post(PAGE).status_code) == (404, 404)
    assert client.post(stop).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_other_methods_are_refused(client, case, secret):
    client.force_login(case.worker)
    assert client.put(PAGE).status_code == 405
    assert client.get(reverse("deadlines:revoke-calendar-feed")).status_code == 405
    assert client.post(address(secret)).status_code == 405
