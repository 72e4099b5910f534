"""The main navigation: at most one entry is current, and none leads back to where the user is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from cpconf.context_processors import navigation
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db


def places(path: str, role: Role) -> tuple[list[str], list[str]]:
    found = navigation(path, user_with_role(role))
    return [place.label for place in found], [place.label for place in found if place.current]


@pytest.mark.parametrize(
    ("path", "role", "current"),
    [
        ("/", Role.AUDITOR, ["My work"]),
        ("/account/unusual-reads/", Role.AUDITOR, ["Read log"]),
        ("/plans/list/", Role.CUSTODIAN, ["The list"]),
        ("/plans/list/checks/", Role.CUSTODIAN, ["Check the list"]),
        ("/families/open-a-case/", Role.CUSTODIAN, ["Open a case"]),
        ("/families/open-a-case/", Role.CHAIR, ["Families"]),
        ("/help/", Role.CHAIR, []),
    ],
)
def test_at_most_one_entry_is_current(path, role, current):
    assert places(path, role)[1] == current


def test_my_work_is_left_out_for_users_whose_home_is_the_list():
    assert places("/plans/list/check/", Role.DUTY_WORKER) == (
        ["Conferences", "Open a case", "Check the list"],
        ["Check the list"],
    )


def test_a_refusal_shows_navigation_without_counting_late_deadlines(client):
    client.force_login(user_with_role(Role.SOCIAL_WORKER))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("families:family", args=[1])).content.decode()
    assert "Page not found" in page
    assert 'href="/families/"' in page
    assert [query["sql"] for query in queries if 'FROM "deadlines_deadline"' in query["sql"]] == []
