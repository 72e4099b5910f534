from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from accounts.enums import Role
from deadlines.models import Calendar, CalendarDay, ClosedDay, Deadline
from deadlines.selectors.calendar import calendar_health
from deadlines.services import add_closed_day, reconcile, withdraw_closed_day
from deadlines.working_days.calendars import calendar_for, england
from tests.deadlines.conftest import moment
from tests.factories import AuthorityFactory, policy_in_force, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-09 16:42")
CLOSED = date(2026, 12, 29)
LIST = reverse("deadlines:working-days")
ADD = reverse("deadlines:close-day")
GIVEN = {"whose": "council", "day": "2026-12-29", "name": "Offices closed"}


@pytest.fixture(autouse=True)
def _in_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def administrator(case):
    return user_with_role(Role.ADMINISTRATOR, name="Ada Heron", authority=case.authority)


@pytest.fixture
def signed_in(client, administrator):
    client.force_login(administrator)
    return client


def closed_day(authority=None, day=CLOSED) -> ClosedDay:
    return add_closed_day(authority=authority, day=day, name="Offices closed", by=None, now=NOW)


def take_back_url(row: ClosedDay) -> str:
    return reverse("deadlines:take-back-day", args=[row.pk])


PAGES = [reverse("deadlines:settings"), LIST, ADD]


@pytest.mark.parametrize("url", PAGES)
def test_signed_out_users_are_sent_to_sign_in(client, url):
    assert client.get(url)["Location"] == f"/account/sign-in/?next={url}"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_can_open_them(client, role):
    client.force_login(user_with_role(role))
    row = closed_day()
    assert {client.get(url).status_code for url in (*PAGES, take_back_url(row))} == {404}
    assert client.post(ADD, {**GIVEN, "confirmed": "yes"}).status_code == 404
    assert client.post(take_back_url(row), {"why": "By mistake"}).status_code == 404
    assert ClosedDay.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_settings_link_to_procedures_and_working_days(signed_in):
    page = signed_in.get(reverse("deadlines:settings")).content.decode()
    assert f'href="{LIST}"' in page
    assert f'href="{reverse("deadlines:policies")}"' in page


def test_the_page_lists_the_days_off_of_this_year(signed_in, administrator):
    add_closed_day(authority=administrator.authority, day=CLOSED, name="Offices closed", by=administrator, now=NOW)
    closed_day(AuthorityFactory(), date(2026, 12, 30))
    found = signed_in.get(LIST).context["days"]
    assert [(day.day, day.name, day.kind) for day in found][-3:] == [
        (date(2026, 12, 25), "Christmas Day", "Bank holiday"),
        (date(2026, 12, 28), "Bank holiday for Boxing Day", "Bank holiday"),
        (CLOSED, "Offices closed", "Closure day"),
    ]
    assert found[-1].added.added_by == administrator


def test_another_year_can_be_chosen_and_an_invalid_one_shows_this_year(signed_in):
    assert signed_in.get(LIST, {"year": "2027"}).context["year"] == 2027
    assert [signed_in.get(LIST, {"year": year}).context["year"] for year in ("1999", "x")] == [2026, 2026]


def test_a_withdrawn_day_stays_on_record(signed_in, administrator):
    row = closed_day(administrator.authority)
    withdraw_closed_day(closed_day=row, why="The offices open", by=administrator, now=NOW)
    page = signed_in.get(LIST)
    assert page.context["taken_back"] == [row]
    assert "The offices open" in page.content.decode()


def test_the_list_takes_the_same_queries_for_one_and_many_days(signed_in, administrator, django_assert_num_queries):
    closed_day(administrator.authority)
    signed_in.get(LIST)
    with django_assert_num_queries(9):
        signed_in.get(LIST)
    for number in range(1, 5):
        closed_day(administrator.authority, date(2026, 11, number + 8))
    signed_in.get(LIST)
    with django_assert_num_queries(9):
        signed_in.get(LIST)


def test_before_adding_a_day_the_page_says_what_it_would_move(signed_in, case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    page = signed_in.post(ADD, {**GIVEN, "whose": "england"})
    assert page.context["moved"] == 1
    assert england().is_working(CLOSED)
    assert not ClosedDay.objects.exists()
    assert Deadline.objects.get().due_on == date(2026, 12, 31)


def test_the_page_that_asks_again_contains_the_input(signed_in, administrator):
    page = signed_in.post(
        ADD, {"whose": "council", "day_day": "29", "day_month": "12", "day_year": "2026", "name": "X"}
    )
    html = page.content.decode()
    for name, value in (("whose", "council"), ("day", "2026-12-29"), ("name", "X")):
        assert f'<input type="hidden" name="{name}" value="{value}"' in html


def test_a_closure_day_is_added_for_the_council(signed_in, administrator):
    response = signed_in.post(ADD, {**GIVEN, "confirmed": "yes"})
    assert response["Location"] == LIST
    row = ClosedDay.objects.get()
    assert (row.authority, row.day, row.name, row.added_by, row.added_at) == (
        administrator.authority,
        CLOSED,
        "Offices closed",
        administrator,
        NOW,
    )
    assert calendar_for(administrator.authority).why_not(CLOSED) == "Offices closed"
    assert england().is_working(CLOSED)


def test_a_proclaimed_holiday_is_added_for_england_and_counts_at_once(signed_in, case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    signed_in.post(ADD, {**GIVEN, "whose": "england", "confirmed": "yes"})
    assert ClosedDay.objects.get().authority is None
    assert Deadline.objects.get().due_on == date(2027, 1, 4)


def test_no_one_changes_the_days_of_a_council_they_do_not_administer(signed_in, administrator):
    elsewhere = AuthorityFactory()
    policy_in_force(elsewhere)
    proclaimed = closed_day()
    page = signed_in.post(ADD, {**GIVEN, "day": "2026-12-30", "whose": "england", "confirmed": "yes"})
    assert page.context["form"].errors["whose"] == ["Choose one of the answers shown"]
    for authority in (None, elsewhere):
        with pytest.raises(ValidationError, match="council"):
            add_closed_day(authority=authority, day=date(2026, 12, 30), name="Closed", by=administrator, now=NOW)
    assert signed_in.get(take_back_url(proclaimed)).status_code == 404
    assert take_back_url(proclaimed) not in signed_in.get(LIST).content.decode()
    with pytest.raises(ValidationError):
        withdraw_closed_day(closed_day=proclaimed, why="By mistake", by=administrator, now=NOW)
    call_command("proclaim_holiday", "2026-12-30", "Day of thanks")
    assert england().why_not(date(2026, 12, 30)) == "Day of thanks"


@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"day": "2026-12-25"}, "day", "This is already a non-working day: Christmas Day."),
        ({"day": "2011-01-03"}, "day", "The calendar of working days knows"),
        ({"day": "2027-02-29"}, "day", "February 2027 has no day 29"),
        ({"name": " "}, "name", "Fill in"),
        ({"name": "x" * 101}, "name", "Use 100 characters or fewer"),
        ({"whose": ""}, "whose", "Choose an answer"),
    ],
)
def test_an_invalid_day_is_refused_and_the_input_kept(signed_in, confirmed, given, field, sentence):
    parts = {**GIVEN, **given}
    year, month, day = parts.pop("day").split("-")
    page = signed_in.post(ADD, {**parts, "day_day": day, "day_month": month, "day_year": year, **confirmed})
    assert page.context["form"].errors[field][0].startswith(sentence)
    assert f'value="{day}"' in page.content.decode()
    assert not ClosedDay.objects.exists()


def test_a_day_is_withdrawn_with_a_reason(signed_in, administrator):
    row = closed_day(administrator.authority)
    page = signed_in.post(take_back_url(row), {"why": ""})
    assert page.context["form"].errors == {"why": ["Fill in “Why are you undoing this?”"]}
    assert signed_in.post(take_back_url(row), {"why": "The offices open"})["Location"] == LIST
    row.refresh_from_db()
    assert (row.withdrawn_by, row.withdrawn_why) == (administrator, "The offices open")
    assert calendar_for(administrator.authority).is_working(CLOSED)


def test_an_already_withdrawn_day_redirects_to_the_list(signed_in, administrator):
    row = closed_day(administrator.authority)
    withdraw_closed_day(closed_day=row, why="By mistake", by=None, now=NOW)
    assert signed_in.post(take_back_url(row), {"why": "Again"})["Location"] == LIST


def test_another_councils_day_is_not_found(signed_in):
    row = closed_day(AuthorityFactory())
    assert signed_in.get(take_back_url(row)).status_code == 404
    assert signed_in.post(take_back_url(row), {"why": "Mine"}).status_code == 404
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_a_calendar_that_reaches_far_enough_is_well():
    health = calendar_health(NOW)
    assert (health.until, health.is_well, health.words) == (
        england().last,
        True,
        f"known until 31 December {england().last.year}",
    )
    assert run_checks(databases=["default"]) == []


def test_with_less_than_a_year_left_health_and_check_warn(signed_in):
    CalendarDay.objects.filter(day__gt=date(2027, 12, 8)).delete()
    health = calendar_health(NOW)
    assert (health.until, health.days_left, health.is_well) == (date(2027, 12, 8), 364, False)
    assert [message.id for message in run_checks(databases=["default"])] == ["deadlines.W001"]
    assert "less than a year" in signed_in.get(LIST).content.decode()


def test_a_council_s_calendar_that_falls_behind_is_noticed():
    Calendar.objects.create(slug="behind", name="Behind", authority=AuthorityFactory(), changed_at=NOW)
    health = calendar_health(NOW)
    assert (health.until, health.days_left, health.is_well) == (None, 0, False)


def test_without_a_calendar_the_check_says_what_to_do():
    CalendarDay.objects.all().delete()
    assert [message.msg for message in run_checks(databases=["default"])] == [
        "The calendar of working days is not built: run “manage.py build_calendar”."
    ]
    assert run_checks() == []


def test_the_navigation_links_administrators_to_settings(client, administrator):
    client.force_login(administrator)
    assert ("Settings", True) in [(place.label, place.current) for place in client.get(LIST).context["navigation"]]
