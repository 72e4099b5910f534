"""Another chair of the council stands in for the chair of one conference, for a period of days."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, ProgrammingError
from django.urls import reverse

from accounts.enums import Role
from conferences.access import RULES, chairs_of, may, stands_in_for
from conferences.enums import ConferenceStatus, RequestGround, SittingState
from conferences.models import Conference, Sitting, StandIn
from conferences.services.exclusions import open_request
from conferences.services.stand_ins import end_stand_in, name_stand_in
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.access import FAMILY_RULE, knowing
from families.models import Family
from meetings.selectors.recording import records_now
from notifications.models import Notice
from tests.conferences.conftest import NOW
from tests.factories import AuthorityFactory, ConflictOfInterestFactory, user_with_role

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_the_meeting():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def deputy(planned):
    return user_with_role(Role.CHAIR, authority=planned.authority, name="Erin Martlet")


def name(planned, user, *, starts_on=TODAY, last_day=TODAY + 7 * DAY, why="On leave", by=None):
    return name_stand_in(
        conference=planned.conference,
        user=user,
        starts_on=starts_on,
        last_day=last_day,
        why=why,
        by=by or planned.coordinator,
        now=NOW,
    )


def fresh(row):
    return type(row)._default_manager.get(pk=row.pk)


def refusal_of(act, *args, **fields):
    with pytest.raises(ValidationError) as refused:
        act(*args, **fields)
    found = refused.value
    return found.message_dict if hasattr(found, "error_dict") else found.messages


# Who is the chair


def test_the_chair_is_the_conferences_a_sittings_or_a_stand_in(planned, deputy):
    conference = planned.conference
    resumed = user_with_role(Role.CHAIR, authority=planned.authority)
    assert RULES["chair"].right_of(planned.chair, conference) == "chair"
    assert (may(resumed, conference, to="chair"), may(deputy, conference, to="chair")) == (False, False)
    Sitting.objects.filter(conference=conference).update(chair=resumed)
    name(planned, deputy)
    assert RULES["chair"].right_of(fresh(resumed), conference) == "chair"
    assert RULES["chair"].right_of(fresh(deputy), conference) == "standing in for the chair"
    assert chairs_of(fresh(conference), on=TODAY) == [planned.chair, deputy, resumed]


def test_the_chair_of_a_cancelled_sitting_is_not_the_chair(planned):
    other = user_with_role(Role.CHAIR, authority=planned.authority)
    Sitting.objects.filter(conference=planned.conference).update(
        chair=other, state=SittingState.CANCELLED, state_reason="Ill"
    )
    assert may(other, planned.conference, to="chair") is False
    assert chairs_of(planned.conference, on=TODAY) == [planned.chair]


def test_a_chair_in_their_own_right_stands_in_for_no_one(planned, deputy):
    name(planned, deputy)
    assert stands_in_for(planned.chair, planned.conference) is None
    assert stands_in_for(deputy, planned.conference) == planned.chair


def test_a_stand_in_chairs_only_from_the_first_to_the_last_day(planned, deputy):
    name(planned, deputy, starts_on=TODAY + DAY, last_day=TODAY + 2 * DAY)
    opened = {}
    for days in range(4):
        with time_machine.travel(NOW + days * DAY, tick=False):
            user = fresh(deputy)
            opened[days] = (
                may(user, planned.conference, to="chair"),
                may(user, planned.conference, to="read"),
                FAMILY_RULE.right_of(user, planned.family) is not None,
            )
    assert opened == {0: (False,) * 3, 1: (True,) * 3, 2: (True,) * 3, 3: (False,) * 3}


def test_a_stand_in_opens_a_restricted_case_as_the_chair_does(planned, deputy):
    name(planned, deputy)
    Family.objects.filter(pk=planned.family.pk).update(restricted=True)
    family = fresh(planned.family)
    assert may(deputy, fresh(planned.conference), to="chair") is True
    assert FAMILY_RULE.right_of(deputy, family) == FAMILY_RULE.right_of(planned.chair, family)
    assert (family.pk, deputy.pk) in set(knowing(on=TODAY))
    assert (family.pk, deputy.pk) not in set(knowing(on=TODAY + 8 * DAY))


def test_a_former_or_barred_chair_stands_in_for_no_one(planned, deputy):
    name(planned, deputy)
    ConflictOfInterestFactory(user=deputy, family=planned.family)
    assert may(fresh(deputy), planned.conference, to="chair") is False
    other = user_with_role(Role.CHAIR, authority=planned.authority)
    end_stand_in(stand_in=StandIn.objects.get(), because="A conflict", by=planned.coordinator, now=NOW)
    name(planned, other)
    other.roles.update(ends_on=TODAY)
    assert may(fresh(other), planned.conference, to="chair") is False


def test_a_stand_in_keeps_the_session_of_a_running_meeting(planned, deputy):
    Conference.objects.filter(pk=planned.conference.pk).update(status=ConferenceStatus.OPEN)
    page = {"pk": planned.conference.pk}
    assert records_now(deputy, page) is False
    name(planned, deputy)
    assert records_now(fresh(deputy), page) is True


# Naming and ending


def test_naming_records_who_when_and_why_and_tells_the_stand_in(planned, deputy):
    row = name(planned, deputy, why="  On leave ")
    assert (row.user, row.starts_on, row.last_day, row.why, row.named_by, row.named_at) == (
        deputy, TODAY, TODAY + 7 * DAY, "On leave", planned.coordinator, NOW,
    )  # fmt: skip
    notice = Notice.objects.get(user=deputy)
    assert (notice.text, notice.url) == (
        f"{planned.conference.reference}: you stand in for the chair from 22 December 2026 to 29 December 2026.",
        reverse("conferences:overview", args=[planned.conference.pk]),
    )


def test_naming_the_same_person_twice_makes_one_row(planned, deputy):
    assert name(planned, deputy) == name(planned, deputy)
    assert (StandIn.objects.count(), Notice.objects.filter(user=deputy).count()) == (1, 1)


def test_one_person_stands_in_at_a_time(planned, deputy):
    name(planned, deputy)
    other = user_with_role(Role.CHAIR, authority=planned.authority)
    said = {"starts_on": ["Another person already stands in on some of these days. End that first."]}
    assert refusal_of(name, planned, other, starts_on=TODAY + 7 * DAY, last_day=TODAY + 9 * DAY) == said
    name(planned, other, starts_on=TODAY + 8 * DAY, last_day=TODAY + 9 * DAY)


def test_only_another_chair_of_the_council_may_stand_in(planned):
    elsewhere = user_with_role(Role.CHAIR, authority=AuthorityFactory())
    later = user_with_role(Role.CHAIR, authority=planned.authority)
    later.roles.update(starts_on=TODAY + DAY)
    gone = user_with_role(Role.CHAIR, authority=planned.authority)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    for user in (planned.chair, planned.coordinator, planned.manager, elsewhere, later, gone):
        said = {"user": [f"{user.name} is not another chair of this council on that day."]}
        assert refusal_of(name, planned, user) == said
    assert StandIn.objects.count() == 0


def test_a_chair_barred_from_the_case_is_refused_without_saying_why(planned, deputy):
    ConflictOfInterestFactory(user=deputy, family=planned.family)
    assert refusal_of(name, planned, deputy) == {"user": ["Erin Martlet can’t stand in here. Choose someone else."]}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": "  "}, {"why": ["Say why the chair needs a stand-in."]}),
        ({"starts_on": TODAY - DAY}, {"starts_on": ["Enter today or a later day."]}),
        ({"last_day": TODAY - DAY}, {"last_day": ["The last day can’t be before the first."]}),
    ],
)
def test_naming_needs_a_reason_and_future_days(planned, deputy, fields, said):
    assert refusal_of(name, planned, deputy, **fields) == said


def test_a_cancelled_conference_cannot_have_a_stand_in(planned, deputy):
    Conference.objects.filter(pk=planned.conference.pk).update(
        status=ConferenceStatus.CANCELLED, cancelled_because="Moved away"
    )
    assert refusal_of(name, planned, deputy) == [
        "This conference was cancelled or has no chair, so no one can stand in."
    ]


def test_ending_revokes_access_at_once_and_keeps_the_row(planned, deputy):
    row = name(planned, deputy)
    ended = end_stand_in(stand_in=row, because=" Back at work ", by=planned.chair, now=NOW)
    assert (ended.ends_on, ended.ended_by, ended.ended_at, ended.ended_because) == (
        TODAY, planned.chair, NOW, "Back at work",
    )  # fmt: skip
    assert may(fresh(deputy), planned.conference, to="read") is False
    again = end_stand_in(stand_in=row, because="Twice", by=planned.coordinator, now=NOW)
    assert again.ended_because == "Back at work"
    texts = Notice.objects.filter(user=deputy).order_by("pk").values_list("text", flat=True)
    assert list(texts)[1:] == [f"{planned.conference.reference}: you no longer stand in for the chair."]


def test_a_stand_in_can_be_ended_before_the_first_day_with_a_reason(planned, deputy):
    row = name(planned, deputy, starts_on=TODAY + 3 * DAY)
    assert refusal_of(end_stand_in, stand_in=row, because=" ", by=planned.chair, now=NOW) == {
        "because": ["Say why this person no longer stands in."]
    }
    ended = end_stand_in(stand_in=row, because="Not needed", by=planned.chair, now=NOW)
    assert (ended.starts_on, ended.ends_on) == (TODAY + 3 * DAY, TODAY + 3 * DAY)


def test_a_past_stand_in_cannot_be_ended(planned, deputy):
    row = name(planned, deputy)
    later = NOW + 8 * DAY
    assert refusal_of(end_stand_in, stand_in=row, because="Over", by=planned.chair, now=later) == [
        "The last day of this stand-in has passed, so there is nothing to end."
    ]


def test_a_stand_in_is_never_deleted(planned, deputy):
    row = name(planned, deputy)
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)):
        row.delete()


# Who is responsible and who is told


def test_a_stand_in_is_responsible_for_the_chairs_deadlines_only_on_their_days(planned, deputy):
    request = open_request(
        participant=planned.people.dale, ground=RequestGround.ASKED, reason="She is afraid", by=planned.worker, now=NOW
    )
    name(planned, deputy)

    def answering(now):
        reconcile(family_ids=[planned.family.pk], now=now)
        row = Deadline.objects.get(kind="exclusion-request", fact_id=request.pk)
        return set(row.responsible_ids)

    assert answering(NOW) == {planned.chair.pk, deputy.pk}
    assert answering(NOW + 8 * DAY) == {planned.chair.pk}
    reconcile(now=NOW)
    assert set(Deadline.objects.get(kind="exclusion-request").responsible_ids) == {planned.chair.pk, deputy.pk}


def test_the_stand_in_is_also_told_of_a_question_to_the_chair(planned, deputy):
    name(planned, deputy)
    request = open_request(
        participant=planned.people.dale, ground=RequestGround.ASKED, reason="She is afraid", by=planned.worker, now=NOW
    )
    told = Notice.objects.filter(key=f"request:{request.pk}")
    assert {row.user for row in told} == {planned.chair, deputy}
    assert {row.url for row in told} == {
        reverse("conferences:decide-request", args=[planned.conference.pk, request.pk])
    }


# Pages


def page(planned):
    return reverse("conferences:stand-ins", args=[planned.conference.pk])


def typed(user, **fields):
    return {
        "user": user.pk,
        "starts_on_day": "22", "starts_on_month": "12", "starts_on_year": "2026",
        "last_day_day": "24", "last_day_month": "12", "last_day_year": "2026",
        "why": "On leave",
        **fields,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["chair", "coordinator", "service"])
def test_the_chair_a_coordinator_and_a_service_manager_name_a_stand_in(client, planned, deputy, who):
    planned.service = user_with_role(Role.SERVICE_MANAGER, authority=planned.authority)
    client.force_login(getattr(planned, who))
    people = client.get(reverse("conferences:people", args=[planned.conference.pk])).content.decode()
    assert f'href="{page(planned)}"' in people
    answer = client.post(page(planned), typed(deputy), follow=True)
    assert "Erin Martlet stands in for the chair on these days." in answer.content.decode()
    row = StandIn.objects.get()
    assert (row.user, row.last_day, row.named_by) == (deputy, datetime.date(2026, 12, 24), getattr(planned, who))


@pytest.mark.parametrize("who", ["worker", "manager", "deputy"])
def test_other_roles_cannot_name_a_stand_in(client, planned, deputy, who):
    planned.deputy = deputy
    client.force_login(getattr(planned, who))
    assert client.get(page(planned)).status_code == 404
    assert client.post(page(planned), typed(deputy)).status_code == 404
    assert StandIn.objects.count() == 0
    people = client.get(reverse("conferences:people", args=[planned.conference.pk]))
    assert page(planned) not in people.content.decode()


def test_submitting_the_form_twice_names_once(client, planned, deputy):
    client.force_login(planned.coordinator)
    for _ in range(2):
        assert client.post(page(planned), typed(deputy)).status_code == 302
    assert StandIn.objects.count() == 1


def test_errors_appear_beside_their_fields(client, planned, deputy):
    client.force_login(planned.coordinator)
    answer = client.post(page(planned), typed(deputy, last_day_day="21")).content.decode()
    assert "The last day can’t be before the first." in answer
    assert client.post(page(planned), typed(planned.worker)).status_code == 200
    assert StandIn.objects.count() == 0


def test_someone_else_ends_a_stand_in_on_the_page(client, planned, deputy):
    row = name(planned, deputy)
    client.force_login(planned.chair)
    address = reverse("conferences:end-stand-in", args=[planned.conference.pk, row.pk])
    assert f'href="{address}"' in client.get(page(planned)).content.decode()
    client.post(address, {"because": "Back at work"})
    assert fresh(row).ended_because == "Back at work"
    assert client.get(address).status_code == 404
    assert "Back at work" in client.get(page(planned)).content.decode()


def test_a_stand_in_who_ends_it_is_redirected_to_a_page_they_may_open(client, planned, deputy):
    row = name(planned, deputy)
    client.force_login(deputy)
    address = reverse("conferences:end-stand-in", args=[planned.conference.pk, row.pk])
    answer = client.post(address, {"because": "Ill"}, follow=True)
    assert answer.status_code == 200
    assert client.get(page(planned)).status_code == 404


def test_takes_the_same_number_of_queries_for_one_stand_in_and_ten(client, planned, deputy, django_assert_num_queries):
    client.force_login(planned.coordinator)
    name(planned, deputy)
    client.get(page(planned))
    with django_assert_num_queries(QUERIES):
        client.get(page(planned))
    for week in range(2, 11):
        starts_on = TODAY + 7 * week * DAY
        other = user_with_role(Role.CHAIR, authority=planned.authority)
        name(planned, other, starts_on=starts_on, last_day=starts_on + DAY)
    with django_assert_num_queries(QUERIES):
        client.get(page(planned))


QUERIES = 14
