from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from tests.factories import AuthorityFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

URL = reverse("accounts:read-log")
LONDON = ZoneInfo("Europe/London")
OTHER_ROLES = sorted(set(Role.values) - {Role.AUDITOR, Role.SERVICE_MANAGER})


@once_per_module()
def authority():
    return AuthorityFactory()


@pytest.fixture
def auditor(authority, client):
    user = user_with_role(Role.AUDITOR, authority=authority, name="Odette Owl")
    client.force_login(user)
    return user


def read(user, **changed):
    facts = {
        "at": datetime.datetime(2026, 6, 10, 12, tzinfo=LONDON),
        "user": user,
        "authority": user.authority,
        "page": "families:see-family",
        "subject": "Family",
        "subject_id": 417,
        "family_ids": [417],
        "person_ids": [11, 12],
        "right": "allocated",
    }
    return AccessEvent.objects.create(**{**facts, **changed})


def listed(client, **chosen):
    return list(client.get(URL, chosen).context["events"])


def test_signed_out_users_are_sent_to_sign_in(client):
    assert client.get(URL).headers["Location"] == f"{reverse('account_login')}?next={URL}"


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_other_roles_get_not_found(client, role):
    client.force_login(user_with_role(role))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SERVICE_MANAGER])
def test_shows_only_the_users_own_councils_reads(client, authority, role):
    own = read(user_with_role(Role.SOCIAL_WORKER, authority=authority))
    read(user_with_role(Role.SOCIAL_WORKER))
    client.force_login(user_with_role(role, authority=authority))
    assert listed(client) == [own]


def test_says_who_when_which_page_and_right_with_records_by_number(client, authority, auditor):
    read(user_with_role(Role.SOCIAL_WORKER, authority=authority, name="Amara Finch"))
    page = client.get(URL).content.decode()
    for words in ("Amara Finch", "Families: see family", "Family 417", "11, 12", "allocated"):
        assert words in page


def test_a_refused_attempt_is_highlighted(client, authority, auditor):
    read(auditor, kind=ReadKind.REFUSED, right="")
    assert ">Refused</strong>" in client.get(URL).content.decode()


def test_newest_first(client, auditor):
    old = read(auditor)
    new = read(auditor, at=datetime.datetime(2026, 6, 11, tzinfo=LONDON))
    assert listed(client) == [new, old]


def test_days_are_whole_days_in_london(client, auditor):
    before = read(auditor, at=datetime.datetime(2026, 6, 9, 23, 59, tzinfo=LONDON))
    first = read(auditor, at=datetime.datetime(2026, 6, 10, 0, 0, tzinfo=LONDON))
    last = read(auditor, at=datetime.datetime(2026, 6, 10, 23, 59, tzinfo=LONDON))
    after = read(auditor, at=datetime.datetime(2026, 6, 11, 0, 0, tzinfo=LONDON))
    assert listed(client, since="2026-06-10", until="2026-06-10") == [last, first]
    events = listed(client, since="2026-06-10")
    assert [event for event in events if event.page != "accounts:read-log"] == [after, last, first]
    assert listed(client, until="2026-06-10") == [last, first, before]


def test_filters_by_user(client, authority, auditor):
    amara = user_with_role(Role.SOCIAL_WORKER, authority=authority)
    hers = read(amara)
    read(auditor)
    assert listed(client, user=amara.pk) == [hers]


def test_a_user_of_another_council_is_not_offered(client, auditor):
    answer = client.get(URL, {"user": user_with_role(Role.CHAIR).pk})
    assert list(answer.context["form"].errors) == ["user"]


def test_dates_in_the_wrong_order_are_reported_and_kept(client, auditor):
    answer = client.get(
        URL,
        {
            "since_day": "11",
            "since_month": "6",
            "since_year": "2026",
            "until_day": "10",
            "until_month": "6",
            "until_year": "2026",
        },
    )
    page = answer.content.decode()
    assert "be before the first" in page
    assert 'value="11"' in page


def test_looking_at_the_log_is_logged(client, auditor):
    client.get(URL)
    event = AccessEvent.objects.get()
    assert (event.user, event.page, event.subject) == (auditor, "accounts:read-log", "AccessEvent")


def test_25_to_a_page(client, auditor):
    for _ in range(26):
        read(auditor)
    assert len(listed(client)) == 25
    assert len(listed(client, page=2)) == 2


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, authority, auditor, number, django_assert_num_queries):
    for place in range(number):
        read(user_with_role(Role.SOCIAL_WORKER, authority=authority, name=f"User {place}"))
    with django_assert_num_queries(7):
        client.get(URL)


def test_a_log_row_can_be_neither_changed_nor_removed(auditor):
    event = read(auditor)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        AccessEvent.objects.filter(pk=event.pk).update(page="nothing")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        event.delete()
    assert AccessEvent.objects.get().page == "families:see-family"
