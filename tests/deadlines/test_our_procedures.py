"""Everyone who works by a council's procedures reads them in words, and where they matter."""

from __future__ import annotations

import datetime

import pytest
from django.template import Context, Template
from django.urls import reverse
from lxml import html

from accounts.enums import Role
from deadlines.policies.entry_groups import ENTRY_GROUPS
from tests.factories import AuthorityFactory, ConferenceFactory, policy_in_force, procedures_with, user_with_role

pytestmark = pytest.mark.django_db
PAGE = reverse("deadlines:our-procedures")


def shown(of, key):
    return Template(f'{{% procedure of "{key}" %}}').render(Context({"of": of}))


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.CHAIR, Role.PROFESSIONAL, Role.DUTY_WORKER])
def test_everyone_who_works_by_the_procedures_can_read_them(client, role):
    user = user_with_role(role)
    authority = user.roles.get().authority
    procedures_with(authority, since=datetime.date(2020, 1, 1), values={"decision-by": "majority, chair may overrule"})
    client.force_login(user)
    page = client.get(PAGE).content.decode()
    assert f"Procedures of {authority.name}" in page
    assert "majority, chair may overrule" in page


def test_another_councils_procedures_are_not_offered(client):
    user, other = user_with_role(Role.CHAIR), AuthorityFactory()
    policy_in_force(other)
    client.force_login(user)
    page = client.get(PAGE, {"council": other.pk}).content.decode()
    assert other.name not in page


def test_a_page_says_what_this_council_asks_under_the_version_of_its_conference():
    conference = ConferenceFactory()
    before = shown(conference, "coming-off-when")
    procedures_with(
        conference.authority, since=datetime.date(2026, 1, 1), values={"coming-off-when": "everyone agrees"}
    )
    assert "as other decisions" in before
    assert shown(conference, "coming-off-when") == before
    assert "everyone agrees" in shown(conference.authority, "coming-off-when")


def test_the_page_is_short_on_a_phone_because_each_group_is_closed(client):
    user = user_with_role(Role.CHAIR)
    policy_in_force(user.roles.get().authority)
    client.force_login(user)
    page = html.fromstring(client.get(PAGE).content.decode())
    main = next(page.iter("main"))
    groups = [one for one in main.iter("details") if one.get("id")]
    assert [one.get("id") for one in groups] == [group.slug for group in ENTRY_GROUPS]
    assert not [one for one in groups if one.get("open") is not None]
    assert [table for table in main.iter("table") if next(table.iterancestors("details"), None) is None] == []


def test_what_differs_is_folded_by_group_but_open_to_the_second_person(client):
    administrator = user_with_role(Role.ADMINISTRATOR)
    authority = administrator.roles.get().authority
    policy_in_force(authority, preset="buckinghamshire", since=datetime.date(2020, 1, 1))
    client.force_login(administrator)
    response = client.get(reverse("deadlines:policy-differences"))
    found = response.context["differences"]
    main = next(html.fromstring(response.content.decode()).iter("main"))
    groups = [one for one in main.iter("details") if (one.get("id") or "").endswith("-differs")]
    assert [one.get("id") for one in groups] == list(dict.fromkeys(f"{row.group.slug}-differs" for row in found))
    assert not [one for one in groups if one.get("open") is not None]
    assert [table for table in main.iter("table") if next(table.iterancestors("details"), None) is None] == []
    shown_open = Template('{% include "deadlines/policy_changes.html" with open=True %}').render(
        Context({"differences": found, "before_title": "In force", "after_title": "This draft"})
    )
    assert shown_open.count(" open>") == len(groups)
