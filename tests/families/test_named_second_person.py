"""Where there is no other service manager, someone named beforehand reviews; nothing waits for nobody."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import SECOND_PERSON_ROLES, TEAM_ROLES, Role
from accounts.models import SecondPerson
from accounts.people.selectors.second_people import councils_named_in, named_people
from accounts.people.services import end_second_person, name_second_person
from families import services
from families.access import reviewers_of
from families.enums import GlassOutcome
from families.models import BreakGlass, Family
from notifications.models import Message, Notice
from tests.factories import TeamFactory, user_with_role
from tests.families.conftest import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@once_per_module(at=NOW)
def service(case):
    Family.objects.update(restricted=True)
    return user_with_role(Role.SERVICE_MANAGER, authority=case.council.authority, name="Edie Wren")


@once_per_module(at=NOW)
def chair(case):
    return user_with_role(Role.CHAIR, authority=case.council.authority, name="Tomasz Kestrel")


@once_per_module(at=NOW)
def admin(case):
    return user_with_role(Role.ADMINISTRATOR, authority=case.council.authority, name="Ada Stork")


def name(user, case, by, *, starts_on=TODAY, ends_on=None, why="Works apart from most cases"):
    return name_second_person(
        user=user, authority=case.council.authority, starts_on=starts_on, ends_on=ends_on, why=why, by=by, now=NOW
    )


def broken(case, user):
    return services.break_glass(user=user, family=case.family, reason="A neighbour rang.", now=NOW)


def review(glass, by):
    return services.review_glass(
        glass=glass, outcome=GlassOutcome.JUSTIFIED, words="Rang back", close=False, by=by, now=NOW
    )


def again(user):
    return type(user).objects.get(pk=user.pk)


def test_the_only_service_managers_own_opening_says_that_nobody_could_review_it(case, service, client):
    glass = broken(case, service)
    assert reviewers_of(glass, on=TODAY) == []
    notice = Notice.objects.get(user=service)
    assert ("No one could review" in notice.text, notice.url) == (True, reverse("users:second-people"))
    client.force_login(service)
    page = client.get(reverse("families:review-glass", args=[glass.pk])).content.decode()
    assert ("No one could do this now" in page, reverse("users:second-people") in page) == (True, True)
    services.chase_reviews(now=NOW + 2 * DAY)
    assert Notice.objects.filter(user=service, text__contains="No one could review").count() == 2


def test_whoever_was_named_beforehand_is_told_and_reviews_it(case, service, chair, client):
    name(chair, case, service)
    glass = broken(case, service)
    notice = Notice.objects.get(user=chair, key__startswith="glass")
    client.force_login(again(chair))
    assert "A neighbour rang." in client.get(notice.url).content.decode()
    answer = client.post(notice.url, {"outcome": "justified", "words": "Rang back"})
    assert answer.url == reverse("deadlines:my-work")
    glass.refresh_from_db()
    assert (glass.reviewed_by, glass.outcome) == (chair, GlassOutcome.JUSTIFIED)


def test_somebody_named_afterwards_reviews_it_too(case, service, chair):
    glass = broken(case, service)
    name(chair, case, service)
    services.chase_reviews(now=NOW + 2 * DAY)
    assert Notice.objects.filter(user=chair, text__contains="waiting for your review").exists()
    assert review(glass, chair).reviewed_by == chair


def test_the_other_service_manager_comes_first(case, service, chair, client):
    name(chair, case, service)
    other = user_with_role(Role.SERVICE_MANAGER, authority=case.council.authority)
    glass = broken(case, service)
    assert reviewers_of(glass, on=TODAY) == [other]
    client.force_login(again(chair))
    address = reverse("families:review-glass", args=[glass.pk])
    assert client.post(address, {"outcome": "justified", "words": "x"}).status_code == 404
    with pytest.raises(ValidationError):
        review(glass, chair)


def test_naming_opens_no_case_and_no_opening_of_others(case, service, chair, client):
    name(chair, case, service)
    duty = user_with_role(Role.DUTY_WORKER, authority=case.council.authority)
    of_duty = broken(case, duty)
    client.force_login(again(chair))
    assert client.get(reverse("families:family", args=[case.family.pk])).status_code == 404
    assert client.get(reverse("families:review-glass", args=[of_duty.pk])).status_code == 404


def test_a_relative_who_is_named_does_not_review(case, service, chair):
    case.grandmother.user = chair
    case.grandmother.save()
    name(chair, case, service)
    assert reviewers_of(broken(case, service), on=TODAY) == []


def test_administrators_are_told_where_no_service_manager_could_name_anybody(case, admin):
    duty = user_with_role(Role.DUTY_WORKER, authority=case.council.authority)
    Family.objects.update(restricted=True)
    broken(case, duty)
    notice = Notice.objects.get(user=admin)
    assert ("No one could review" in notice.text, notice.url) == (True, reverse("users:users"))


# naming


@pytest.mark.parametrize("role", Role)
def test_whom_a_service_manager_may_name(case, service, role):
    team = TeamFactory(authority=case.council.authority) if role in TEAM_ROLES else None
    user = user_with_role(role, authority=case.council.authority, team=team)
    if role in SECOND_PERSON_ROLES:
        assert name(user, case, service).user == user
        assert councils_named_in(user) == [case.council.authority.pk]
    else:
        with pytest.raises(ValidationError):
            name(user, case, service)
        assert not SecondPerson.objects.exists()


def test_nobody_of_another_council_nor_oneself_is_named(case, service):
    both = user_with_role(Role.CHAIR, authority=case.council.authority)
    both.roles.create(authority=case.council.authority, role=Role.SERVICE_MANAGER, starts_on=TODAY)
    for user, by in ((user_with_role(Role.CHAIR), service), (both, again(both)), (both, user_with_role(Role.CHAIR))):
        with pytest.raises(ValidationError):
            name(user, case, by)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondPerson.objects.create(
            authority=case.council.authority, user=both, starts_on=TODAY, why="x", named_by=both, named_at=NOW
        )


@pytest.mark.parametrize(("after", "is_named"), [(0, False), (1, True), (9, True), (10, False)])
def test_a_naming_has_its_days(case, service, chair, after, is_named):
    name(chair, case, service, starts_on=TODAY + DAY, ends_on=TODAY + 10 * DAY)
    on = TODAY + after * DAY
    assert named_people(case.council.authority, on=on).contains(chair) is is_named


def test_a_naming_ends_with_the_role(case, service, chair):
    name(chair, case, service)
    chair.roles.update(ends_on=TODAY)
    assert not named_people(case.council.authority, on=TODAY).exists()
    assert councils_named_in(chair) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"starts_on": TODAY - DAY}, "starts_on"), ({"ends_on": TODAY}, "ends_on"), ({"why": " "}, "why")],
)
def test_what_is_wrong_is_said(case, service, chair, wrong, field):
    with pytest.raises(ValidationError) as refused:
        name(chair, case, service, **wrong)
    assert list(refused.value.message_dict) == [field]


def test_naming_and_ending_twice_is_once(case, service, chair):
    first = name(chair, case, service)
    assert name(chair, case, service, why="Once more") == first
    assert Message.objects.filter(to_email=chair.email).count() == 1
    end_second_person(named=first, by=service, now=NOW)
    ended = end_second_person(named=first, by=service, now=NOW + DAY)
    assert (ended.ends_on, ended.ended_by, ended.ended_at) == (TODAY, service, NOW)
    with time_machine.travel(NOW, tick=False):
        assert name(chair, case, service) != first


def test_a_naming_that_has_run_out_is_followed_by_another(case, service, chair):
    first = name(chair, case, service, ends_on=TODAY + DAY)
    later = NOW + 2 * DAY
    second = name_second_person(
        user=chair, authority=case.council.authority, starts_on=later.date(), ends_on=None, why="Again", by=service,
        now=later,
    )  # fmt: skip
    assert (second != first, named_people(case.council.authority, on=later.date()).contains(chair)) == (True, True)


def test_the_pages_name_and_end(case, service, chair, client):
    client.force_login(service)
    page = reverse("users:second-people")
    assert "No one could be the second person now" in client.get(page).content.decode()
    form = {"user": chair.pk, "starts_on": TODAY.isoformat(), "why": "Works apart"}
    assert client.post(reverse("users:name-second-person"), form).url == page
    shown = client.get(page).content.decode()
    assert ("Works apart" in shown, "No one could be" in shown) == (True, False)
    client.post(reverse("users:end-second-person", args=[SecondPerson.objects.get().pk]))
    assert SecondPerson.objects.get().ended_by == service
    other = user_with_role(Role.SERVICE_MANAGER)
    client.force_login(other)
    assert client.post(reverse("users:end-second-person", args=[SecondPerson.objects.get().pk])).status_code == 404


def test_nobody_else_opens_the_pages(case, chair, admin, client):
    for user in (chair, admin):
        client.force_login(user)
        for address in ("users:second-people", "users:name-second-person"):
            assert client.get(reverse(address)).status_code == 404
    assert not BreakGlass.objects.exists()
