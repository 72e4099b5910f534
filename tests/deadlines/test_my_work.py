from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from deadlines.cases import CaseContext, case_contexts
from deadlines.selectors import work_of
from deadlines.services import reconcile, sweep
from tests.deadlines.conftest import Case, Facts, a_clock, moment
from tests.factories import ChildFactory, UserFactory, closed_after_christmas, user_with_role

pytestmark = pytest.mark.django_db

URL = reverse("deadlines:my-work")
NOW = moment("2026-12-16 09:00")


@pytest.fixture(autouse=True)
def _wednesday_16_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


def whats(group):
    return [row.what for row in group.rows]


@pytest.fixture
def busy(case):
    """One deadline of the worker in each group, and one of the manager's."""
    facts = Facts("visit")
    a_clock("visit", facts, title="Visit", event="last visit", button="Record the visit")
    days = {"Overdue": "2026-11-30", "Today": "2026-12-02", "Soon": "2026-12-09", "Later": "2026-12-15"}
    facts.rows = [
        *(
            case.fact(fact_id=n, starts=datetime.date.fromisoformat(day), what=what)
            for n, (what, day) in enumerate(days.items())
        ),
        case.fact(fact_id=9, starts=datetime.date(2026, 12, 3), what="Manager's", responsible_ids=[case.manager.pk]),
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    return case


def test_work_is_grouped_by_time(busy):
    work = work_of(busy.worker, now=NOW)
    assert whats(work.overdue) == ["Visit: Overdue"]
    assert whats(work.due_today) == ["Visit: Today"]
    assert whats(work.soon) == ["Visit: Soon"]
    assert whats(work.later) == ["Visit: Later"]
    assert whats(work.waiting) == ["Visit: Manager's"]


def test_the_counts_add_up(busy):
    work = work_of(busy.worker, now=NOW)
    assert [tile["count"] for tile in work.tiles] == [1, 1, 1, 1, 1]
    assert work.lead.replace("\xa0", " ") == "1 thing is late and 1 thing is for today."


def test_distances_are_in_working_days(busy):
    work = work_of(busy.worker, now=NOW)
    assert [group.rows[0].distance.replace("\xa0", " ") for group in work.groups] == [
        "2 working days late",
        "today",
        "in 5 working days",
        "in 9 working days",
        "in 1 working day",
    ]


def test_a_row_says_why_and_links_to_what_settles_it(busy):
    row = work_of(busy.worker, now=NOW).overdue.rows[0]
    assert row.why.replace("\xa0", " ") == "10 working days after the last visit, Mon 30 Nov"
    assert (row.button, row.url) == ("Record the visit", "/conferences/")


def test_siblings_settled_by_one_act_share_a_row(case, initial):
    children = [ChildFactory(person__given_name=name) for name in ("Robin", "Wren")]
    initial.rows = [case.fact(fact_id=child.pk, child_id=child.pk) for child in children]
    reconcile(family_ids=[case.family.pk], now=NOW)
    work = work_of(case.worker, now=NOW)
    assert whats(work.later) == ["Hold the initial conference"]
    assert work.later.rows[0].who == "Robin and Wren"


def test_a_sealed_childs_deadlines_are_on_no_list(case, initial):
    sealed = ChildFactory(person__sealed_at=NOW, person__sealed_because="Adopted")
    initial.rows = [case.fact(child_id=sealed.pk)]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert work_of(case.worker, now=NOW).is_empty


def test_a_limit_ending_on_a_closed_day_is_planned_for_the_previous_working_day(case):
    facts = Facts("first-core-group")
    a_clock("first-core-group", facts, title="Hold the first core group", event="conference")
    facts.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = work_of(case.worker, now=NOW).later.rows[0]
    assert row.due == datetime.date(2026, 12, 31)
    assert row.why.replace("\xa0", " ") == (
        "10 days after the conference, Tue 22 Dec. The limit ends on Fri 1 Jan 2027, a day off"
    )
    on_the_day_off = work_of(case.worker, now=moment("2027-01-01 10:00"))
    assert (on_the_day_off.due_today.rows[0].due, on_the_day_off.overdue.count) == (datetime.date(2027, 1, 1), 0)


def test_hours_count_down_by_the_hour(case, decisions):
    decisions.rows = [case.fact(starts=moment("2026-12-15 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert work_of(case.worker, now=NOW).due_today.rows[0].distance == "in 3\xa0hours"
    late = work_of(case.worker, now=moment("2026-12-16 12:50")).overdue.rows[0]
    assert (late.distance, late.is_late) == ("19\xa0minutes late", True)


def test_closure_days_change_neither_the_number_of_the_day_nor_how_late_it_is(case, initial):
    closed_after_christmas(case.authority)
    initial.rows = [case.fact(starts=datetime.date(2026, 12, 4))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    work = work_of(case.worker, now=moment("2027-01-04 10:00"))
    assert work.overdue.blocks[0].cells_text == "Day 18 of 15 · no conference booked"
    assert work.overdue.rows[0].distance.replace("\xa0", " ") == "3 working days late"


def test_the_head_of_a_block_counts_the_fifteen_days(case, initial):
    case_contexts.connect(
        lambda families, _today: {
            pk: CaseContext(lines=("Section 47 enquiry",), meets_at=moment("2026-12-22 10:00")) for pk in families
        }
    )
    facts = Facts("visit")
    a_clock("visit", facts)
    initial.rows = [case.fact()]
    facts.rows = [case.fact(starts=datetime.date(2026, 12, 2))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    work = work_of(case.worker, now=NOW)
    block = work.due_today.blocks[0]
    assert block.lines == ["Case 26-0417", "Section 47 enquiry"]
    assert block.cells_text.replace("\xa0", " ") == "Day 6 of 15 · conference on day 10, Tue 22 Dec, 10:00"
    assert [(day.day.day, day.count, len(day.meetings)) for day in work.days_ahead] == [
        (17, 0, 0),
        (18, 0, 0),
        (21, 0, 0),
        (22, 0, 1),
        (23, 0, 0),
    ]


def test_settled_items_are_not_listed(case, initial):
    initial.rows = [case.fact(met_at=NOW), case.fact(fact_id=2, not_needed="It ended.")]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert work_of(case.worker, now=NOW).is_empty


def test_work_in_a_family_that_may_not_be_seen_is_not_shown(busy):
    stranger = user_with_role(Role.SOCIAL_WORKER)
    facts = Facts("minutes-sent")
    a_clock("minutes-sent", facts)
    facts.rows = [busy.fact(fact_id=50, responsible_ids=(stranger.pk,))]
    reconcile(family_ids=[busy.family.pk], now=NOW)
    assert work_of(stranger, now=NOW).is_empty


def test_a_clock_may_name_its_button_otherwise_once_a_conference_is_booked(case):
    facts = Facts("initial-conference")
    a_clock("initial-conference", facts, button_in_conference="Open the conference")
    facts.rows = [case.fact(), case.fact(fact_id=2, conference_id=3)]
    reconcile(family_ids=[case.family.pk], now=NOW)
    rows = work_of(case.worker, now=NOW).later.rows
    assert {row.button for row in rows} == {"Schedule the conference", "Open the conference"}


# The page


def test_the_page_shows_the_work(client, busy):
    client.force_login(busy.worker)
    response = client.get(URL)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Brambley family" in text
    assert text.count('cp-work__row"') == 3
    assert text.partition("<main")[2].partition("</main>")[0].count('class="govuk-button"') == 1


def test_the_read_is_logged_with_the_families_that_it_named(client, busy):
    client.force_login(busy.worker)
    client.get(URL)
    event = AccessEvent.objects.get()
    assert (event.user, event.page, event.family_ids, event.kind) == (
        busy.worker, "deadlines:my-work", [busy.family.pk], "list",
    )  # fmt: skip


def test_signed_out_users_are_sent_to_sign_in(client):
    response = client.get(URL)
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next=/")


def test_an_account_without_a_role_sees_nothing(client):
    client.force_login(UserFactory())
    assert client.get(URL).status_code == 404


def test_only_get_is_allowed(client, busy):
    client.force_login(busy.worker)
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize(
    ("role", "begin"),
    [(Role.ADMINISTRATOR, "Go to Settings"), (Role.AUDITOR, "Open the read log"), (Role.CUSTODIAN, "")],
)
def test_a_role_without_cases_is_told_that_none_come_and_where_to_begin(client, role, begin):
    client.force_login(user_with_role(role))
    page = client.get(URL).content.decode()
    assert "You have no cases" in page
    assert begin in page


@pytest.mark.parametrize(
    "role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.CHAIR, Role.COORDINATOR, Role.SERVICE_MANAGER]
)
def test_a_role_with_cases_but_without_work_is_told_what_comes_here(client, role):
    client.force_login(user_with_role(role))
    assert "No time limit is running for you" in client.get(URL).content.decode()


def test_other_teams_and_councils_work_is_not_shown(client, busy):
    for user in (user_with_role(Role.SOCIAL_WORKER, authority=busy.authority), user_with_role(Role.SOCIAL_WORKER)):
        client.force_login(user)
        assert "Brambley" not in client.get(URL).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, initial, count, django_assert_num_queries):
    case = Case()
    child = ChildFactory()
    families = [case.family, *(case.another_family(f"26-{n}", name=f"Yarrow {n}") for n in range(1, count))]
    visits = Facts("visit")
    a_clock("visit", visits)
    initial.rows = [case.fact(family_id=family.pk, fact_id=family.pk, child_id=child.pk) for family in families]
    visits.rows = [
        case.fact(family_id=family.pk, fact_id=family.pk, starts=datetime.date(2026, 11, 30)) for family in families
    ]
    reconcile(now=NOW)
    sweep(now=NOW)
    client.force_login(case.worker)
    client.get(URL)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        response = client.get(URL)
    assert response.content.decode().count('cp-work__row"') == min(count, 25)


# Session, user, roles, own people (2), mine (2), what chairs took to them, cases held, waiting, families, calendars,
# children, notices, the badge, the councils named in as second person, the procedures that ask for a cause, and the
# entry in the read log.
# One more for the families of what the reader decides: why the visit is late.
QUERIES_OF_THE_PAGE = 21
