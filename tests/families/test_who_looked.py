from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent
from tests.factories import AuthorityFactory, FamilyFactory, TeamFactory, user_with_role
from tests.families.conftest import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
ALLOWED = {Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.AUDITOR}


@once_per_module(at=NOW)
def family():
    return FamilyFactory(name="Brambley")


@pytest.fixture
def manager(family, client):
    user = user_with_role(Role.TEAM_MANAGER, team=family.team, name="Sorrel Kite")
    client.force_login(user)
    return user


def look(family, user=None, **changed):
    facts = {
        "at": datetime.datetime(2026, 6, 10, 12, tzinfo=LONDON), "user": user,
        "authority": family.authority, "page": "families:family", "subject": "Family", "subject_id": family.pk,
        "family_ids": [family.pk, 999_999], "person_ids": [], "right": "team manager", "address": "192.0.2.7",
    }  # fmt: skip
    return AccessEvent.objects.create(**{**facts, **changed})


def url(family, name="families:who-looked"):
    return reverse(name, args=[family.pk])


def shown(client, family, **chosen):
    return [event.pk for event in client.get(url(family), chosen).context["page"] if event.page == "families:family"]


def test_shows_every_read_of_this_family_only_newest_first(client, family, manager):
    old = look(family, manager)
    new = look(family, None, kind=ReadKind.REFUSED, at=datetime.datetime(2026, 6, 11, tzinfo=LONDON))
    look(FamilyFactory(team=family.team), manager)
    assert shown(client, family) == [new.pk, old.pk]
    page = client.get(url(family)).content.decode()
    assert "Sorrel Kite" in page
    assert ">Refused</strong>" in page
    assert "192.0.2.7" in page


def test_filters_by_user_dates_kind_and_right(client, family, manager):
    other = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    mine = look(family, manager)
    theirs = look(
        family, other, right="break-glass", kind=ReadKind.PDF, at=datetime.datetime(2026, 6, 20, tzinfo=LONDON)
    )
    assert shown(client, family, user=manager.pk) == [mine.pk]
    assert shown(client, family, since="2026-06-11") == [theirs.pk]
    assert shown(client, family, until="2026-06-10") == [mine.pk]
    assert shown(client, family, kind="pdf") == [theirs.pk]
    assert shown(client, family, right="break-glass") == [theirs.pk]


def test_dates_in_the_wrong_order_are_reported_and_kept(client, family, manager):
    response = client.get(url(family), {"since": "2026-06-11", "until": "2026-06-10"})
    assert list(response.context["filters"].errors) == ["until"]


def test_the_export_matches_the_page_and_has_no_formulas(client, family, manager):
    look(family, user_with_role(Role.SOCIAL_WORKER, team=family.team, name="=cmd()"))
    lines = client.get(
        url(family, "families:who-looked-file"), {"right": "team manager", "since": "2026-06-10", "until": "2026-06-10"}
    )
    assert lines.content.decode("utf-8-sig").splitlines() == [
        "When,Who,Page,What,Right,From",
        "2026-06-10T12:00:00+01:00,'=cmd(),Families: family,Page,team manager,192.0.2.7",
    ]
    event = AccessEvent.objects.get(page="families:who-looked-file")
    assert (event.kind, event.family_ids) == (ReadKind.EXPORT, [family.pk])


def test_an_auditor_sees_who_and_when_but_no_family_members(client, family):
    look(family, user_with_role(Role.SOCIAL_WORKER, team=family.team, name="Amara Finch"))
    client.force_login(user_with_role(Role.AUDITOR, authority=family.authority))
    page = client.get(url(family)).content.decode()
    assert family.case_number in page
    assert "Amara Finch" in page
    assert "Brambley" not in page


@pytest.mark.parametrize("role", sorted(set(Role.values) - ALLOWED))
def test_other_roles_get_not_found(client, family, role):
    team = family.team if role == Role.SOCIAL_WORKER else None
    client.force_login(user_with_role(role, authority=family.authority, team=team))
    for name in ("families:who-looked", "families:who-looked-file"):
        assert client.get(url(family, name)).status_code == 404


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_other_councils_and_teams_get_not_found(client, family, role):
    client.force_login(user_with_role(role, authority=AuthorityFactory()))
    assert client.get(url(family)).status_code == 404
    client.force_login(user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=family.authority)))
    assert client.get(url(family)).status_code == 404


def test_signed_out_users_are_sent_to_sign_in(client, family):
    assert client.get(url(family)).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, family, manager, number, django_assert_num_queries):
    for place in range(number):
        look(family, user_with_role(Role.SOCIAL_WORKER, team=family.team, name=f"Finch {place}"))
    client.get(url(family))
    with django_assert_num_queries(11):
        client.get(url(family))
