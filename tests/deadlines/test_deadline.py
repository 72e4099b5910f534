from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from deadlines import clocks
from deadlines.cases import CaseContext, case_contexts
from deadlines.models import Deadline, Recount, RecountedDeadline
from deadlines.selectors import explain
from deadlines.services import reconcile, sweep
from notifications.models import Notice
from notifications.services.outbox import acknowledge_notice
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-16 09:00")


@pytest.fixture(autouse=True)
def _wednesday_16_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def row(case, initial) -> Deadline:
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=moment("2026-12-09 16:42"))
    return Deadline.objects.get()


def url_of(row):
    return reverse("deadlines:deadline", args=[row.pk])


def plain(text):
    return text.replace("\xa0", " ")


def test_the_explanation_gives_rule_source_event_policy_and_count(row, case):
    found = explain(row, now=NOW)
    assert (found.limit.words, found.direction, found.event) == ("15 working days", "after", "strategy discussion")
    assert (found.limit.is_national, found.limit.source) == (True, "Working Together to Safeguard Children")
    assert (found.policy.number, found.answers) == (1, [case.worker.name])
    assert [day.number for day in found.days if day.counted] == list(range(1, 16))
    assert (
        plain(found.counted)
        == "15 working days. Day 0 is the day of the strategy discussion, day 1 the next working day."
    )
    assert plain(found.skipped) == (
        "6 weekend days, Christmas Day (Fri 25 Dec) and the bank holiday for Boxing Day (Mon 28 Dec)"
    )


def test_the_page_shows_the_explanation(client, case, row):
    client.force_login(case.worker)
    text = plain(client.get(url_of(row)).content.decode())
    for words in (
        "Why",
        "Thursday 31 December 2026",
        "An initial conference is held within 15 working days.",
        "National: in statutory guidance",
        "Version 1, in force since",
        "Fri 18 Dec",
        "First counted",
        "Schedule the conference",
    ):
        assert words in text


def test_the_days_are_drawn_with_the_booked_conference(client, case, row):
    case_contexts.connect(
        lambda families, _today: {pk: CaseContext(meets_at=moment("2026-12-22 10:00")) for pk in families}
    )
    client.force_login(case.worker)
    text = client.get(url_of(row)).content.decode()
    assert "cp-calendar" in text
    assert ">conference<" in text
    assert ">last day<" in text


def test_a_closed_day_says_which_day_to_plan_for(client, case):
    facts = Facts("first-core-group")
    a_clock("first-core-group", facts, title="Hold the first core group", event="conference")
    facts.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    client.force_login(case.worker)
    text = plain(client.get(url_of(Deadline.objects.get())).content.decode())
    assert "Thursday 31 December 2026" in text
    assert "The national outer limit is 10 working days" in text
    assert "Friday 8 January 2027" in text


def test_hours_are_explained_by_their_moments(client, case, decisions):
    decisions.rows = [case.fact(starts=moment("2026-12-15 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    client.force_login(case.worker)
    text = plain(client.get(url_of(Deadline.objects.get())).content.decode())
    assert "24 hours from 12:31 on Tuesday 15 December 2026 end at 12:31 on Wednesday 16 December 2026." in text


def test_months_are_explained_without_a_picture(client, case):
    facts = Facts("first-review")
    a_clock("first-review", facts, event="conference")
    facts.rows = [case.fact(starts=datetime.date(2026, 11, 30))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    found = explain(Deadline.objects.get(), now=NOW)
    assert (found.picture, found.counted) == (
        "",
        "3 months end on the last day of that month. Weekends and holidays count.",
    )


def test_plain_days_are_all_numbered(case):
    facts = Facts("minutes-sent")
    a_clock("minutes-sent", facts, event="end of the conference")
    facts.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    found = explain(Deadline.objects.get(), now=NOW)
    assert [day.number for day in found.days] == list(range(29))
    assert found.days[-1].day == datetime.date(2027, 1, 19)


def test_counting_back_is_explained_too(case):
    facts = Facts("report-submitted")
    a_clock("report-submitted", facts, event="conference")
    facts.rows = [case.fact(starts=moment("2026-12-22 10:00"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    found = explain(Deadline.objects.get(), now=NOW)
    assert (found.direction, [day.number for day in found.days]) == ("before", [2, None, None, 1, 0])


def test_what_moved_is_listed_with_its_reason(client, case, row, initial):
    initial.rows = [case.fact(starts=datetime.date(2026, 12, 9))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    client.force_login(case.worker)
    text = plain(client.get(url_of(row)).content.decode())
    assert (
        "Moved from Thu 31 Dec to Mon 4 Jan 2027 because the strategy discussion moved from Tue 8 Dec to Wed 9 Dec"
        in text
    )
    first = explain(Deadline.objects.get(), now=NOW).history[-1]
    assert (first.text, first.after) == ("First counted. The time limit started", datetime.date(2026, 12, 31))


def test_who_was_told_and_has_seen_it_is_listed(case, row):
    sweep(now=moment("2026-12-18 08:00"))
    acknowledge_notice(notice=Notice.objects.get(), now=moment("2026-12-18 09:15"))
    (told,) = explain(row, now=NOW).stages[0].told
    assert (told.name, told.at, told.seen_at) == (
        case.worker.name,
        moment("2026-12-18 08:00"),
        moment("2026-12-18 09:15"),
    )


def test_the_later_of_two_limits_is_named_too(client, case):
    facts = Facts("after-birth")
    a_clock("after-birth", facts, title="Review the plan after the birth", event="birth")
    facts.rows = [
        case.fact(
            starts=datetime.date(2026, 12, 8),
            other_limit_key="first-review",
            other_starts_on=datetime.date(2026, 11, 2),
        )
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    client.force_login(case.worker)
    row = Deadline.objects.get()
    text = plain(client.get(url_of(row)).content.decode())
    assert row.limit_key == "after-birth"
    assert "The earlier of two limits counts." in text
    assert "Tuesday 2 February 2027" in text


def test_if_the_other_limit_ends_first_its_own_event_is_named(case):
    facts = Facts("after-birth")
    a_clock("after-birth", facts, title="Review the plan after the birth", event="birth")
    facts.rows = [
        case.fact(
            starts=datetime.date(2026, 12, 8),
            other_limit_key="first-review",
            other_starts_on=datetime.date(2026, 9, 20),
        )
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    found = explain(Deadline.objects.get(), now=NOW)
    assert (found.limit.words, found.event) == ("3 months", found.limit.runs_from)
    assert (found.other.words, found.other.runs_from, found.other.starts_on) == (
        "20 working days after",
        "birth",
        datetime.date(2026, 12, 8),
    )


def test_a_different_date_without_closure_days_is_shown(client, case, row):
    Deadline.objects.update(due_on_in_england=datetime.date(2026, 12, 29))
    client.force_login(case.worker)
    text = plain(client.get(url_of(row)).content.decode())
    assert "Both figures are kept." in text
    assert "Tuesday 29 December 2026" in text


def test_a_recount_is_listed_with_its_author_and_reason(client, case, row):
    recount = Recount.objects.create(
        authority=case.authority,
        version_id=row.policy_version_id,
        at=NOW,
        by=case.manager,
        reason="The limit was typed wrong.",
    )
    RecountedDeadline.objects.create(
        recount=recount, deadline=row, due_on_before=datetime.date(2026, 12, 29), due_on_after=row.due_on
    )
    client.force_login(case.worker)
    text = plain(client.get(url_of(row)).content.decode())
    assert f"Counted again under version 1 of the procedures by {case.manager.name}" in text
    assert "The limit was typed wrong." in text


def test_a_settled_deadline_offers_nothing_more_to_do(client, case, row, initial):
    initial.rows = [case.fact(met_at=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    client.force_login(case.worker)
    text = client.get(url_of(row)).content.decode()
    assert "Done in time" in text
    assert "Schedule the conference" not in text


def test_a_deadline_whose_clock_is_gone_can_still_be_read(client, case, row):
    clocks.registry.clear()
    client.force_login(case.worker)
    assert client.get(url_of(row)).status_code == 200


# Refusals


def test_signed_out_users_are_sent_to_sign_in(client, row):
    response = client.get(url_of(row))
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next={url_of(row)}")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.CUSTODIAN, Role.DUTY_WORKER, Role.CHAIR])
def test_a_role_that_may_not_see_the_family_may_not_see_its_deadlines(client, case, row, role):
    client.force_login(user_with_role(role, authority=case.authority))
    assert client.get(url_of(row)).status_code == 404


def test_another_team_and_another_council_may_not_see_it(client, case, row):
    for user in (
        user_with_role(Role.SOCIAL_WORKER, authority=case.authority),
        user_with_role(Role.TEAM_MANAGER, authority=case.authority),
        user_with_role(Role.SOCIAL_WORKER),
        user_with_role(Role.SERVICE_MANAGER),
        user_with_role(Role.COORDINATOR),
    ):
        client.force_login(user)
        assert client.get(url_of(row)).status_code == 404


def test_a_missing_deadline_is_refused_the_same_way(client, case, row):
    client.force_login(case.worker)
    assert client.get(reverse("deadlines:deadline", args=[row.pk + 1])).status_code == 404


def test_the_read_is_logged_with_the_family(client, case, row):
    client.force_login(case.worker)
    client.get(url_of(row))
    event = AccessEvent.objects.get(kind=ReadKind.PAGE)
    assert (event.user, event.page, event.subject, event.subject_id, event.family_ids) == (
        case.worker,
        "deadlines:deadline",
        "Deadline",
        row.pk,
        [case.family.pk],
    )
