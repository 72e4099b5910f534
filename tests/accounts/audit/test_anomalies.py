from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts.audit.anomalies import MANY_FAMILIES, Period, unusual_days
from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent, ReadsLookedInto
from families.models import Address, PersonName, Residence
from tests.factories import (
    AuthorityFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PersonFactory,
    TeamFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
DAY = datetime.date(2026, 6, 10)  # a Wednesday
CHOSEN = {"since": "2026-06-01", "until": "2026-06-30"}


@once_per_module()
def council():
    return AuthorityFactory()


@once_per_module()
def worker(council):
    return user_with_role(Role.SOCIAL_WORKER, authority=council, name="Amara Brambley")


@pytest.fixture
def auditor(council, client):
    user = user_with_role(Role.AUDITOR, authority=council, name="Odette Owl")
    client.force_login(user)
    return user


def read(user, *families, hour=12, day=DAY, **changed):
    facts = {
        "at": datetime.datetime(day.year, day.month, day.day, hour, tzinfo=LONDON), "user": user,
        "authority": user.authority, "page": "families:family", "subject": "Family", "family_ids": list(families),
    }  # fmt: skip
    return AccessEvent.objects.create(**{**facts, **changed})


def found(council):
    period = Period([council.pk], DAY - datetime.timedelta(days=5), DAY + datetime.timedelta(days=5))
    return [
        (row.user.name, row.day, [reason.replace("\u00a0", " ") for reason in row.reasons])
        for row in unusual_days(period)
    ]


def test_ordinary_work_is_not_unusual(council, worker):
    for hour in (7, 12, 18):
        read(worker, 1, hour=hour)
    read(worker, kind=ReadKind.REFUSED)
    assert found(council) == []


def test_break_glass(council, worker):
    read(worker, 1, right="break-glass")
    read(worker, 1, 2, right="break-glass, team manager")
    assert found(council) == [("Amara Brambley", DAY, ["Opened a case by break-glass (2 pages)"])]


def test_refused_attempts(council, worker):
    for _ in range(3):
        read(worker, 1, kind=ReadKind.REFUSED)
    assert found(council) == [("Amara Brambley", DAY, ["Was refused 3 times"])]


@pytest.mark.parametrize(
    ("hour", "day", "unusual"),
    [(6, DAY, True), (7, DAY, False), (18, DAY, False), (19, DAY, True), (12, datetime.date(2026, 6, 13), True)],
)
def test_outside_working_hours(council, worker, hour, day, unusual):
    read(worker, 1, hour=hour, day=day)
    expected = [("Amara Brambley", day, ["Read outside working hours (1 page)"])]
    assert found(council) == (expected if unusual else [])


def test_a_duty_worker_works_at_night(council):
    read(user_with_role(Role.DUTY_WORKER, authority=council), 1, hour=3)
    assert found(council) == []


def test_many_families_in_a_day_but_not_on_one_list(council, worker):
    read(worker, *range(1, 100))
    for family in range(MANY_FAMILIES):
        read(worker, family + 1)
    assert found(council) == []
    read(worker, MANY_FAMILIES + 1)
    assert found(council) == [("Amara Brambley", DAY, ["Opened 31 families in one day"])]


def test_own_last_name_and_own_address(council, worker):
    family = FamilyFactory(team=TeamFactory(authority=council))
    member = FamilyMemberFactory(family=family, person=PersonFactory(authority=council, family_name="brambley")).person
    me = PersonFactory(authority=council, user=worker)
    address = Address.objects.create(authority=council, lines="14 Station Road")
    for person in (member, me):
        Residence.objects.create(person=person, address=address)
    read(worker, family.pk, kind=ReadKind.REFUSED)
    assert found(council) == [
        ("Amara Brambley", DAY, ["Opened a family with their own last name", "Opened a family with their own address"])
    ]


def test_a_former_last_name_counts_too(council, worker):
    family = FamilyFactory(team=TeamFactory(authority=council))
    member = FamilyMemberFactory(family=family, person=PersonFactory(authority=council)).person
    PersonName.objects.create(person=member, kind="former", given_name="", family_name="Brambley")
    read(worker, family.pk)
    assert found(council) == [("Amara Brambley", DAY, ["Opened a family with their own last name"])]


def test_the_page_shows_reasons_and_what_came_out(client, council, worker, auditor):
    read(worker, 1, hour=3)
    read(user_with_role(Role.SOCIAL_WORKER), 1, hour=3)
    address = reverse("accounts:unusual-reads")
    response = client.get(address, CHOSEN)
    assert [row.user for row in response.context["page"]] == [worker]
    assert ">Not yet</strong>" in response.content.decode()
    look = reverse("accounts:look-into-reads", args=[worker.pk, "2026-06-10"])
    assert "Read outside working hours" in client.get(look).content.decode()
    client.post(look, {"what_came_out": "A birth that night, asked by the manager."})
    client.post(look, {"what_came_out": "A birth that night, asked by the manager."})
    made = ReadsLookedInto.objects.get()
    assert (made.user, made.day, made.by, made.authority) == (worker, DAY, auditor, council)
    assert "Odette Owl" in client.get(address, CHOSEN).content.decode()
    assert list(client.get(address, {**CHOSEN, "state": "open"}).context["page"]) == []


def test_words_are_required_and_users_can_not_review_themselves(client, council, worker, auditor):
    read(worker, 1, hour=3)
    read(auditor, 1, hour=3)
    look = reverse("accounts:look-into-reads", args=[worker.pk, "2026-06-10"])
    assert list(client.post(look, {"what_came_out": " "}).context["form"].errors) == ["what_came_out"]
    own = reverse("accounts:look-into-reads", args=[auditor.pk, "2026-06-10"])
    response = client.post(own, {"what_came_out": "Nothing"})
    assert response.context["form"].errors["what_came_out"] == ["Someone else has to check what you read."]
    assert ReadsLookedInto.objects.count() == 0


def test_a_recorded_review_can_not_be_changed(council, worker, auditor):
    row = ReadsLookedInto.objects.create(
        authority=council, user=worker, day=DAY, what_came_out="Nothing", by=auditor, at="2026-06-11T10:00Z"
    )
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        ReadsLookedInto.objects.filter(pk=row.pk).update(what_came_out="Something")


@pytest.mark.parametrize("path", ["2026-06-09", "yesterday", "2026-13-45"])
def test_an_ordinary_day_and_an_invalid_date_are_not_found(client, worker, auditor, path):
    read(worker, 1, hour=3)
    assert client.get(reverse("accounts:look-into-reads", args=[worker.pk, path])).status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.AUDITOR, Role.SERVICE_MANAGER}))
def test_other_roles_get_not_found(client, council, worker, role):
    read(worker, 1, hour=3)
    client.force_login(user_with_role(role, authority=council))
    assert client.get(reverse("accounts:unusual-reads")).status_code == 404
    assert client.get(reverse("accounts:look-into-reads", args=[worker.pk, "2026-06-10"])).status_code == 404


def test_another_council_sees_nothing(client, worker):
    read(worker, 1, hour=3)
    client.force_login(user_with_role(Role.AUDITOR))
    assert list(client.get(reverse("accounts:unusual-reads"), CHOSEN).context["page"]) == []
    assert client.get(reverse("accounts:look-into-reads", args=[worker.pk, "2026-06-10"])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, council, auditor, number, django_assert_num_queries):
    for place in range(number):
        read(user_with_role(Role.SOCIAL_WORKER, authority=council, name=f"Finch {place}"), 1, hour=3)
    client.get(reverse("accounts:unusual-reads"), CHOSEN)
    with django_assert_num_queries(8):
        client.get(reverse("accounts:unusual-reads"), CHOSEN)
