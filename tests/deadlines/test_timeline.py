from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from deadlines.selectors.timeline import timeline_of
from deadlines.timeline import CaseEvent, case_events
from tests.deadlines.conftest import Case, Facts, a_clock, moment
from tests.factories import (
    ChildFactory,
    EnquiryFactory,
    FamilyFactory,
    PregnancyFactory,
    StrategyDiscussionFactory,
    UserFactory,
    VisitDeadlineFactory,
    user_with_role,
)
from tests.hooks import restored
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-16 09:00")


@once_per_module(at=NOW)
def case():
    return Case()


@pytest.fixture(autouse=True)
def _wednesday_16_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _only_the_events_of_the_test():
    with restored(case_events, emptied=True):
        yield


@pytest.fixture(autouse=True)
def _clocks(db):
    a_clock("visit", Facts("visit"), title="Visit the child")


def url_of(family):
    return reverse("deadlines:timeline", args=[family.pk])


def titles(items):
    return [item.title for item in items]


def line_of(case, **fields):
    return timeline_of(case.family, user=case.worker, now=NOW, **fields)


def test_deadlines_are_placed_where_they_end_or_were_met(case):
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 20))
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 14))
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 10), met_at=moment("2026-12-08 10:00"))
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 2), not_needed="The plan ended.")
    line = line_of(case)
    assert [(item.day.day, item.state) for item in line.after] == [(20, "planned")]
    visits = [item for item in line.before if item.title == "Visit the child"]
    assert [(item.day.day, item.state) for item in visits] == [(14, "late"), (8, ""), (2, "")]
    assert [item.text.replace("\xa0", " ") for item in visits] == [
        "Late: the last day was Mon 14 Dec",
        "Done in time. The last day was Thu 10 Dec",
        "The plan ended. The last day would have been Wed 2 Dec",
    ]


def test_events_of_this_and_higher_apps_are_included(case):
    discussion = StrategyDiscussionFactory(family=case.family, held_at=moment("2026-12-08 14:00"))
    EnquiryFactory(discussion=discussion)
    pregnancy = PregnancyFactory(authority=case.authority)
    ChildFactory(
        family=case.family,
        pregnancy=pregnancy,
        person__given_name="Robin",
        person__birth_date=datetime.date(2026, 12, 12),
    )
    case_events.connect(lambda _user, _family: [CaseEvent(moment("2026-12-22 10:00"), "Conference booked")])
    line = line_of(case)
    assert titles(line.after) == ["Conference booked"]
    assert titles(line.before) == ["The case was opened", "Robin was born", "Strategy discussion"]
    assert line.after[0].when_text.replace("\xa0", " ") == "Tue 22 Dec, 10:00"


def test_siblings_settled_by_one_act_share_an_entry_with_both_names(case):
    for name in ("Robin", "Wren"):
        child = ChildFactory(person__given_name=name)
        VisitDeadlineFactory(family=case.family, child_id=child.pk, due_on=datetime.date(2026, 12, 20))
    assert titles(line_of(case).after) == ["Visit the child (Robin and Wren)"]


def test_a_sealed_child_leaves_no_trace(case):
    sealed = ChildFactory(
        family=case.family, person__sealed_at=NOW, person__sealed_because="Adopted",
        pregnancy=PregnancyFactory(authority=case.authority),
    )  # fmt: skip
    EnquiryFactory(child=sealed, discussion=StrategyDiscussionFactory(family=case.family))
    VisitDeadlineFactory(family=case.family, child_id=sealed.pk)
    assert titles(line_of(case).before) == ["The case was opened"]


def test_entries_far_from_today_are_counted_and_shown_on_request(client, case):
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2027, 6, 1))
    line = line_of(case)
    assert (line.hidden, line.after) == (2, [])
    whole = line_of(case, whole=True)
    assert (whole.hidden, whole.first, whole.last) == (0, datetime.date(2020, 1, 1), datetime.date(2027, 6, 1))
    client.force_login(case.worker)
    entry = ">Visit the child</a>"
    assert entry not in client.get(url_of(case.family)).content.decode()
    assert entry in client.get(url_of(case.family), {"show": "everything"}).content.decode()


def test_the_page_draws_the_line_and_lists_it(client, case):
    VisitDeadlineFactory(family=case.family, due_on=datetime.date(2026, 12, 20))
    client.force_login(case.worker)
    text = client.get(url_of(case.family)).content.decode()
    assert "Timeline from" in text
    assert text.count("cp-timeline__item ") == 1
    assert text.count('class="cp-timeline__item"') == 1


def test_invalid_parameters_are_ignored(client, case):
    client.force_login(case.worker)
    assert client.get(url_of(case.family), {"show": "x" * 900}).status_code == 200


def test_the_familys_page_links_to_it(client, case):
    client.force_login(case.worker)
    text = client.get(reverse("families:family", args=[case.family.pk])).content.decode()
    assert url_of(case.family) in text


def test_others_are_refused(client, case):
    url = url_of(case.family)
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next={url}")
    refused = [
        UserFactory(),
        user_with_role(Role.SOCIAL_WORKER, authority=case.authority),
        user_with_role(Role.TEAM_MANAGER),
        user_with_role(Role.SERVICE_MANAGER),
        *(
            user_with_role(role, authority=case.authority)
            for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CUSTODIAN, Role.DUTY_WORKER, Role.PROFESSIONAL)
        ),
    ]
    for user in refused:
        client.force_login(user)
        assert client.get(url).status_code == 404
    client.force_login(case.worker)
    assert client.get(url_of(FamilyFactory())).status_code == 404
    assert client.get(reverse("deadlines:timeline", args=[10**15])).status_code == 404
    assert client.post(url).status_code == 405


def test_the_read_is_logged_with_the_family(client, case):
    client.force_login(case.worker)
    client.get(url_of(case.family))
    event = AccessEvent.objects.get()
    assert (event.page, event.family_ids) == ("deadlines:timeline", [case.family.pk])


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_entries(client, case, count, django_assert_num_queries):
    for n in range(count):
        child = ChildFactory(family=case.family)
        VisitDeadlineFactory(
            family=case.family, child_id=child.pk, due_on=datetime.date(2026, 12, 1) + datetime.timedelta(n)
        )
        EnquiryFactory(discussion=StrategyDiscussionFactory(family=case.family), child=child)
    client.force_login(case.worker)
    client.get(url_of(case.family))
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(url_of(case.family))


# Session, user, roles, family, its people, the read log, deadlines, allocations, discussions, moves, births, children,
# and the badge.
QUERIES_OF_THE_PAGE = 13
