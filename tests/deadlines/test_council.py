from __future__ import annotations

import csv
import datetime
import io

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from conferences.models import Conference
from deadlines import clocks
from deadlines.selectors import council
from deadlines.selectors.council import Chosen, council_timeliness
from deadlines.selectors.council_figures import TABLES, figures_of
from deadlines.selectors.periods import periods
from families.models import Person
from tests.deadlines.conftest import Case, Facts, a_clock, moment
from tests.factories import (
    ChildFactory,
    ConferenceFactory,
    RoleAssignmentFactory,
    UserFactory,
    VisitDeadlineFactory,
    closed_after_christmas,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

URL = reverse("deadlines:council")
NOW = moment("2026-12-16 09:00")


@pytest.fixture(autouse=True)
def _wednesday_16_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _clocks(db):
    a_clock("initial-conference", Facts("initial-conference"))
    a_clock("visit", Facts("visit"), title="Visit the child")
    a_clock("first-core-group", Facts("first-core-group"), title="Hold the first core group")


@once_per_module()
def service(case):
    return user_with_role(Role.SERVICE_MANAGER, authority=case.authority)


def numbers(case, user, **chosen):
    period = chosen.pop("period", periods(NOW.date())[0])
    return council_timeliness(Chosen(case.authority, period, **chosen), user=user, now=NOW)


def held(case, *, starts="2026-11-02", day="2026-11-16", due="2026-11-23", **fields):
    """Create an initial conference; by default from Monday 2 November, held on working day 10, in time."""
    given = {
        "family": case.family,
        "kind": "initial-conference",
        "starts_on": datetime.date.fromisoformat(starts),
        "due_on": datetime.date.fromisoformat(due),
        "met_at": moment(f"{day} 12:00") if day else None,
    }
    return VisitDeadlineFactory(**{**given, **fields})


def test_in_time_and_late_are_counted_by_month_and_kind(case, service):
    held(case)
    held(case, day="2026-11-24")
    held(case, due="2026-12-10", day=None)
    held(case, due="2026-12-30", day=None)
    held(case, day=None, not_needed="It ended.")
    found = numbers(case, service)
    by_month = {month: (row.in_time, row.late) for month, row in found.months if row.whole}
    assert by_month == {datetime.date(2026, 11, 1): (1, 1), datetime.date(2026, 12, 1): (0, 1)}
    (kind,) = found.kinds
    assert (kind.title, kind.limit, kind.timeliness.percent) == ("Hold the initial conference", "15 working days", 33)


def test_the_national_outer_limit_is_counted_beside_the_council_s_own(case, service):
    limits = {"kind": "first-core-group", "due": "2026-11-12", "outer_on": datetime.date(2026, 11, 16)}
    held(case, day="2026-11-16", **limits)
    held(case, day="2026-11-17", **limits)
    held(case, day="2026-11-12", **limits)
    (kind,) = numbers(case, service, kind="first-core-group").kinds
    assert (kind.timeliness.percent, kind.timeliness.outer_percent) == (33, 67)


def test_closure_days_may_be_counted_as_working_days(case, service):
    held(case, day="2026-11-20", due_on_in_england=datetime.date(2026, 11, 19))
    assert numbers(case, service).initial.percent == 100
    assert numbers(case, service, closures_as_working_days=True).initial.percent == 0


def test_the_day_on_which_conferences_were_held_has_a_middle_and_a_spread(case, service):
    for day in ("2026-11-09", "2026-11-16", "2026-11-16", "2026-11-23", "2026-11-25"):
        held(case, day=day)
    spread = numbers(case, service).spread
    assert spread.by_day == {5: 1, 10: 2, 15: 1, 17: 1}
    assert (spread.lower, spread.median, spread.upper, spread.limit) == (10, 10, 15, 15)


def test_closure_days_leave_the_day_on_which_it_was_held_as_the_limit_counts_it(case, service):
    closed_after_christmas(case.authority)
    held(case, starts="2026-12-08", day="2027-01-04", due="2026-12-31")
    assert numbers(case, service).spread.by_day == {16: 1}
    assert numbers(case, service, closures_as_working_days=True).spread.by_day == {16: 1}


def test_causes_come_from_the_conferences(case, service):
    causes = ["room", "room", "chair", ""]
    for cause in causes:
        conference = ConferenceFactory(family=case.family, late_cause=cause)
        held(case, day="2026-11-25", conference_id=conference.pk)
        held(case, day="2026-11-25", conference_id=conference.pk)
    held(case, day=None)
    held(case, conference_id=ConferenceFactory(family=case.family, late_cause="police").pk)
    labels = dict(numbers(case, service).causes)
    assert list(labels.values()) == [2, 1, 1, 1]
    assert list(labels)[2:] == ["Not recorded", "No conference booked"]
    assert Conference.objects.count() == 5


def test_the_weeks_ahead_show_what_falls_due(case, service):
    for day in ("2026-12-17", "2026-12-18", "2026-12-21", "2027-03-01", "2027-06-01"):
        VisitDeadlineFactory(family=case.family, due_on=datetime.date.fromisoformat(day))
    weeks = dict(numbers(case, service).weeks)
    assert weeks[datetime.date(2026, 12, 14)] == 2
    assert weeks[datetime.date(2026, 12, 21)] == 1
    assert sum(weeks.values()) == 4


def test_late_deadlines_come_longest_first_then_by_reference(case, service):
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 10))
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14))
    found = numbers(case, service)
    assert [(row.case_number, row.days) for row in found.late_now] == [("26-0417", -4), ("26-0417", -2)]
    assert found.late_count == 2


def test_another_council_and_another_team_are_not_counted(case, service):
    other = Case(number="26-0900")
    second = Case(authority=case.authority, number="26-0901")
    for one in (case, other, second):
        held(one)
    assert numbers(case, service).initial.whole == 2
    assert numbers(case, service, team_id=second.team.pk).initial.whole == 1


@pytest.mark.parametrize(
    ("key", "first", "end"),
    [
        ("", "2026-01-01", "2027-01-01"),
        ("quarter", "2026-10-01", "2027-01-01"),
        ("year", "2026-04-01", "2027-01-01"),
        ("year-before", "2025-04-01", "2026-04-01"),
        ("two-years", "2025-01-01", "2027-01-01"),
    ],
)
def test_periods_are_whole_months(key, first, end):
    period = next(period for period in periods(NOW.date()) if period.key == key)
    assert (f"{period.first}", f"{period.end}") == (first, end)
    assert (period.months[0], len(period.months)) == (
        period.first,
        (period.end.year - period.first.year) * 12 + period.end.month - period.first.month,
    )


def test_empty_figures_have_words_but_no_picture(case, service):
    figures = figures_of(numbers(case, service))
    assert [figure.picture for figure in figures.values()] == [""] * 5
    assert figures["months"].finding == "Nothing fell due in this period"


# The page


def test_the_page_draws_each_figure_with_its_table(client, case, service):
    held(case)
    held(case, day="2026-11-24", conference_id=ConferenceFactory(family=case.family, late_cause="room").pk)
    held(case, starts="2026-08-31", day="2026-09-14", due="2026-09-21")
    held(case, starts="2026-09-28", day="2026-10-12", due="2026-10-19")
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 21))
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14))
    client.force_login(service)
    text = client.get(URL).content.decode()
    assert text.count('class="cp-figure"') == 5
    assert text.count("Download as CSV") == 5
    for said in ("60%", "England 81%", "limit: day 15", "Late today, longest first"):
        assert said in text


def test_no_trend_is_drawn_from_two_months(client, case, service):
    held(case)
    held(case, starts="2026-09-28", day="2026-10-20", due="2026-10-19")
    client.force_login(service)
    text = client.get(URL).content.decode()
    assert "share in time by month: " not in text
    assert "There are too few months to see a trend" in text


def test_no_name_is_on_the_page(client, case, service):
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14), responsible_ids=[case.worker.pk])
    client.force_login(service)
    text = client.get(URL).content.decode()
    assert "26-0417" in text
    assert "Brambley" not in text
    assert case.worker.name not in text


def test_a_council_without_anything_is_told(client, service):
    client.force_login(service)
    assert "Nothing to count yet" in client.get(URL).content.decode()


def test_a_council_without_procedures_has_its_page_too(client, case):
    a_clock("minutes-sent", Facts("minutes-sent"))
    other = user_with_role(Role.SERVICE_MANAGER)
    client.force_login(other)
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize(
    "query",
    [{"period": "x"}, {"team": "x"}, {"team": "9" * 30}, {"kind": "nonsense"}, {"closures": "?"}, {"council": "0"}],
)
def test_invalid_parameters_show_the_default_page(client, case, service, query):
    held(case)
    client.force_login(service)
    response = client.get(URL, query)
    assert response.status_code == 200
    assert "January 2026 to December 2026" in response.content.decode()


def test_a_manager_of_two_councils_chooses_one(client, case, service):
    other = Case(number="26-0900")
    RoleAssignmentFactory(user=service, authority=other.authority, role=Role.SERVICE_MANAGER)
    held(other)
    client.force_login(service)
    assert "Nothing to count yet" in client.get(URL, {"council": case.authority.pk}).content.decode()
    assert "100%" in client.get(URL, {"council": other.authority.pk}).content.decode()


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_a_file_and_its_reading_is_logged(client, case, service, table):
    held(case)
    held(case, day="2026-11-24", conference_id=ConferenceFactory(family=case.family, late_cause="room").pk)
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14))
    client.force_login(service)
    response = client.get(reverse("deadlines:council-table", args=[table]), {"period": "quarter"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="timeliness-{table}-2026-10.csv"'
    head, first, *_ = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert len(head) == len(first)
    event = AccessEvent.objects.get()
    assert (event.user, event.kind, event.page) == (service, ReadKind.EXPORT, "deadlines:council-table")


def late_rows(client):
    text = client.get(reverse("deadlines:council-table", args=["late"])).content.decode("utf-8-sig")
    return [row[:2] for row in csv.reader(io.StringIO(text))][1:]


def test_the_file_of_late_deadlines_names_neither_agency_nor_capacity(client, case, service):
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14), what="Domestic abuse service")
    client.force_login(service)
    assert late_rows(client) == [["Visit the child", "26-0417"]]


def test_the_file_contains_everything_late_and_nothing_of_a_sealed_record(client, case, service, monkeypatch):
    monkeypatch.setattr(council, "BATCH", 2)
    sealed = ChildFactory(person__sealed_at=NOW, person__sealed_because="Adopted")
    for day in (1, 2, 3):
        VisitDeadlineFactory(family=case.family, child_id=sealed.pk, due_on=datetime.date(2026, 12, day))
    for _ in range(5):
        VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14))
    client.force_login(service)
    assert late_rows(client) == [["Visit the child", "26-0417"]] * 5
    found = numbers(case, service)
    assert [row.case_number for row in found.late_now] == ["26-0417"] * 5


def test_text_that_looks_like_a_formula_is_made_harmless(client, case, service):
    case.family.case_number = "=1+1"
    case.family.save()
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14))
    client.force_login(service)
    text = client.get(reverse("deadlines:council-table", args=["late"])).content.decode()
    assert ",'=1+1," in text


def test_a_table_that_is_not_there_is_refused(client, service):
    client.force_login(service)
    assert client.get(reverse("deadlines:council-table", args=["names"])).status_code == 404


@pytest.mark.parametrize("address", [URL, reverse("deadlines:council-table", args=["late"])])
def test_others_are_refused(client, address):
    response = client.get(address)
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next={address}")
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    for role in set(Role) - {Role.SERVICE_MANAGER}:
        client.force_login(user_with_role(role))
        assert client.get(address).status_code == 404
    client.force_login(user_with_role(Role.SERVICE_MANAGER))
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, case, service, count, django_assert_num_queries):
    for n in range(count):
        family = case.another_family(f"26-1{n:03}")
        held(case, day="2026-11-25", conference_id=ConferenceFactory(family=family, late_cause="room").pk)
        VisitDeadlineFactory(family=family, due_on=datetime.date(2026, 12, 14))
    client.force_login(service)
    client.get(URL)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(URL)


# Session, user, roles, own people (2), councils, teams, the policy, months, pairs of days, calendar, causes (2), weeks, late
# ones (4), calendar, the badge, and the entry in the read log.
QUERIES_OF_THE_PAGE = 24


def test_the_clocks_that_the_page_knows_are_those_registered():
    assert list(clocks.registry) == ["initial-conference", "visit", "first-core-group"]


def test_what_was_met_for_a_sealed_child_stays_in_the_totals_and_what_is_open_is_in_none(case, service):
    held(case)
    child = ChildFactory(authority=case.authority, family=case.family)
    ChildFactory(authority=case.authority, family=case.family)
    held(case, child_id=child.pk)
    held(case, child_id=child.pk, day=None)
    held(case, child_id=child.pk, day=None, due="2026-12-30")
    Person.objects.filter(pk=child.person_id).update(sealed_at=NOW, sealed_because="Adopted")
    found = numbers(case, service)
    assert (found.everything.whole, found.late_count, found.late_now) == (2, 0, [])
    assert (found.spread.whole, sum(number for _, number in found.weeks)) == (2, 0)
    assert found.causes == []
