from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from conferences.selectors.countdown import countdown_of
from deadlines.models import Deadline
from families.models import Family, Pregnancy
from tests.conferences import story
from tests.conferences.story import LAST_DAY, LONDON, STARTS_AT
from tests.factories import FamilyFactory, UserFactory, VisitDeadlineFactory, closed_after_christmas, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 11, 9, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def _friday_11_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    return story.tell()


@once_per_module(at=NOW)
def discussed(told):
    story.discussed(told)
    return told


@once_per_module(at=NOW)
def booked(told):
    told.conference = story.booked(told)
    return told


def plan_of(told, **fields):
    return countdown_of(told.family, **{"now": NOW, "may_change": True, **fields})


def url_of(family):
    return reverse("conferences:countdown", args=[family.pk])


def days_of(plan):
    return {step.key: (step.by.isoformat(), step.day_number, step.state) for step in plan.steps}


def test_without_a_booking_the_plan_counts_back_from_the_last_day(discussed):
    plan = plan_of(discussed)
    assert (plan.is_booked, plan.held_on, plan.day_today) == (False, LAST_DAY, 3)
    assert days_of(plan) == {
        "book": ("2026-12-22", 10, "to come"),
        "invite": ("2026-12-23", 11, "to come"),
        "ask": ("2026-12-23", 11, "to come"),
        "report-submitted": ("2026-12-29", 13, "to come"),
        "report-shared-with-family": ("2026-12-29", 13, "to come"),
        "chair-has-reports": ("2026-12-29", 13, "to come"),
        "hold": ("2026-12-31", 15, "to come"),
    }
    assert "these dates count back from the last day" in plan.lead


def test_with_a_booking_it_counts_back_from_that_day(booked):
    plan = plan_of(booked)
    assert (plan.is_booked, plan.held_on, plan.in_hand) == (True, STARTS_AT.date(), 5)
    days = days_of(plan)
    assert days["book"] == ("2026-12-11", 3, "done")
    assert days["invite"] == ("2026-12-14", 4, "next")
    assert days["report-submitted"] == ("2026-12-18", 8, "to come")
    assert days["hold"] == ("2026-12-22", 10, "to come")
    assert plan.next_step.key == "invite"


def test_a_step_past_its_day_is_late(booked):
    later = datetime.datetime(2026, 12, 16, 9, tzinfo=LONDON)
    assert days_of(plan_of(booked, now=later))["invite"][2] == "late"


def test_a_finished_step_shows_its_day_and_whether_it_was_in_time(booked):
    booked.conference.invited_at = datetime.datetime(2026, 12, 15, 9, tzinfo=LONDON)
    booked.conference.save()
    step = next(step for step in plan_of(booked).steps if step.key == "invite")
    assert (step.state, step.done_on) == ("done late", datetime.date(2026, 12, 15))


def test_steps_before_the_discussion_are_placed_on_its_day(booked):
    Deadline.objects.filter(kind="initial-conference").update(starts_on=datetime.date(2026, 12, 14))
    plan = plan_of(booked)
    assert plan.is_tight
    assert {step.day_number for step in plan.steps if step.key in {"book", "invite"}} == {0}


def test_a_day_past_the_limit_is_pointed_out(booked):
    Deadline.objects.filter(kind="initial-conference").update(
        due_on=datetime.date(2026, 12, 21), plan_for_on=datetime.date(2026, 12, 21)
    )
    plan = plan_of(booked)
    assert plan.is_late
    assert "after the limit" in plan.lead
    assert plan.picture


def test_siblings_go_by_the_earliest_limit(discussed):
    first = Deadline.objects.filter(kind="initial-conference").order_by("pk").first()
    Deadline.objects.filter(pk=first.pk).update(
        due_on=datetime.date(2026, 12, 23), plan_for_on=datetime.date(2026, 12, 23)
    )
    assert plan_of(discussed).last_day == datetime.date(2026, 12, 23)


def test_there_is_no_plan_without_a_limit(told):
    assert plan_of(told) is None


# The page


def test_the_page_shows_each_step_the_picture_and_what_is_next(client, booked):
    client.force_login(booked.social_worker)
    text = client.get(url_of(booked.family)).content.decode()
    assert "What has to happen by which working day" in text
    assert text.count('<th scope="row"') == 7
    assert text.partition("</main>")[0].count('class="govuk-button"') == 1


def test_readers_of_the_case_see_no_button(client, booked):
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=booked.authority))
    text = client.get(url_of(booked.family)).content.decode()
    assert 'class="govuk-button"' not in text.partition("</main>")[0]
    assert "Send the invitations" in text


def test_a_case_without_a_discussion_says_what_starts_the_limit(client, told):
    client.force_login(told.social_worker)
    assert "No time limit is running for a conference" in client.get(url_of(told.family)).content.decode()


def test_the_family_page_and_the_conference_link_to_it(client, booked):
    client.force_login(booked.social_worker)
    for page in (
        reverse("families:family", args=[booked.family.pk]),
        reverse("conferences:overview", args=[booked.conference.pk]),
    ):
        assert url_of(booked.family) in client.get(page).content.decode()


def test_others_are_refused(client, booked):
    url = url_of(booked.family)
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next={url}")
    refused = [
        UserFactory(),
        user_with_role(Role.SOCIAL_WORKER, authority=booked.authority),
        user_with_role(Role.TEAM_MANAGER),
        user_with_role(Role.SERVICE_MANAGER),
        *(
            user_with_role(role, authority=booked.authority)
            for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CUSTODIAN, Role.DUTY_WORKER, Role.PROFESSIONAL)
        ),
    ]
    for user in refused:
        client.force_login(user)
        assert client.get(url).status_code == 404
    client.force_login(booked.social_worker)
    assert client.get(url_of(FamilyFactory())).status_code == 404
    assert client.post(url).status_code == 405


def test_the_read_is_logged_with_the_family(client, booked):
    client.force_login(booked.social_worker)
    client.get(url_of(booked.family))
    event = AccessEvent.objects.get()
    assert (event.page, event.family_ids) == ("conferences:countdown", [booked.family.pk])


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_deadlines(client, booked, count, django_assert_num_queries):
    family = Family.objects.get(pk=booked.family.pk)
    for _ in range(count):
        VisitDeadlineFactory(family=family, kind="report-submitted", conference_id=booked.conference.pk)
    client.force_login(booked.social_worker)
    client.get(url_of(family))
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(url_of(family))


# Session, user, roles, family, its people, the read log, who may change, deadlines, conference, sitting, calendar (3),
# the conference's deadlines, and the badge.
QUERIES_OF_THE_PAGE = 15


# The next clock on the conference's overview


def test_only_the_person_responsible_for_the_next_clock_sees_its_button(client, booked):
    page = reverse("conferences:overview", args=[booked.conference.pk])
    row = Deadline.objects.filter(conference_id=booked.conference.pk, met_at__isnull=True, not_needed="").first()
    Deadline.objects.filter(pk=row.pk).update(responsible_ids=[booked.coordinator.pk])
    client.force_login(booked.coordinator)
    assert 'class="cp-next__action"' in client.get(page).content.decode()
    client.force_login(booked.social_worker)
    text = client.get(page).content.decode()
    assert 'class="cp-next__action"' not in text
    assert f"Waiting for {booked.coordinator.name}." in text


# The sooner of two limits


def test_an_unborn_childs_conference_is_planned_by_the_sooner_limit(told):
    Pregnancy.objects.update(expected_on=datetime.date(2027, 3, 23))
    story.discussed(told)
    plan = plan_of(told)
    last = datetime.date(2026, 12, 23)
    assert (plan.deadline.kind, plan.last_day, plan.held_on) == ("pre-birth-conference", last, last)
    assert (plan.started_on, plan.day_today, plan.total) == (datetime.date(2026, 12, 8), 3, 11)
    assert days_of(plan)["hold"] == ("2026-12-23", 11, "to come")
    assert "3 months before the expected date of birth" in plan.lead
    assert plan.picture


def test_a_pre_birth_limit_that_ends_later_leaves_the_plan_as_it_is(discussed):
    plan = plan_of(discussed)
    assert (plan.deadline.kind, plan.last_day, plan.total) == ("initial-conference", LAST_DAY, 15)


def test_after_the_conference_the_plan_still_shows_the_sooner_limit(told):
    Pregnancy.objects.update(expected_on=datetime.date(2027, 3, 23))
    story.booked(told)
    Deadline.objects.filter(kind__in=["initial-conference", "pre-birth-conference"]).update(met_at=NOW)
    assert plan_of(told).deadline.kind == "pre-birth-conference"


# A council that is closed between Christmas and New Year


def test_closure_days_leave_the_days_of_the_national_limit_as_they_are(told):
    closed_after_christmas(told.authority)
    story.discussed(told)
    plan = plan_of(told, now=datetime.datetime(2027, 1, 4, 9, tzinfo=LONDON))
    assert (plan.day_today, plan.total, plan.deadline.due_on) == (16, 15, LAST_DAY)


def test_choosing_a_day_numbers_the_days_as_the_limit_counts_them(client, told):
    closed_after_christmas(told.authority)
    story.discussed(told)
    url = reverse("conferences:schedule", args=[told.family.pk])
    with time_machine.travel(datetime.datetime(2026, 12, 30, 9, tzinfo=LONDON), tick=False):
        client.force_login(told.coordinator)
        assert "Today is day 14." in client.get(url).content.decode()
        page = client.get(url, {"day": "2027-01-04"}).content.decode().replace("\xa0", " ")
    assert "Conference, day 16 of 15. 1 working day after the time limit" in page
