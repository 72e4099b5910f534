from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from families.models import Address, Residence, SafetyAlert
from families.services.safety import end_safety_alert
from tests.factories import FamilyFactory, FamilyMemberFactory, TeamFactory, user_with_role
from tests.families.conftest import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@once_per_module(at=NOW)
def family():
    return FamilyFactory()


@pytest.fixture
def worker(family, client):
    user = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    client.force_login(user)
    return user


def test_a_danger_from_a_person_is_recorded_shown_and_ended(client, family, worker):
    person = FamilyMemberFactory(family=family).person
    client.post(
        reverse("families:record-safety-alert", args=[family.pk]),
        {"about": f"person-{person.pk}", "kind": "dog", "words": "Loose in the yard"},
    )
    alert = SafetyAlert.objects.get()
    assert (alert.person, alert.kind, alert.recorded_by) == (person, "dog", worker)
    assert "Loose in the yard" in client.get(reverse("families:family", args=[family.pk])).content.decode()
    client.post(
        reverse("families:end-safety-alert", args=[family.pk, alert.pk]),
        {"on": "2026-01-05", "because": "The dog is gone"},
    )
    alert.refresh_from_db()
    assert (alert.ends_on, alert.ended_because, alert.ended_by) == (
        datetime.date(2026, 1, 5), "The dog is gone", worker,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "because", "field"),
    [(datetime.date(2026, 1, 5), " ", "because"), (datetime.date(2026, 1, 4), "The dog is gone", "on")],
)
def test_a_danger_ends_with_a_reason_and_not_before_it_began(family, on, because, field):
    by = user_with_role(Role.SOCIAL_WORKER, team=family.team)
    alert = SafetyAlert.objects.create(
        person=FamilyMemberFactory(family=family).person, kind="dog", starts_on=datetime.date(2026, 1, 5),
        recorded_by=by, recorded_at=NOW,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refusal:
        end_safety_alert(alert=alert, on=on, because=because, by=by)
    assert list(refusal.value.message_dict) == [field]
    first = datetime.date(2026, 1, 5)
    end_safety_alert(alert=alert, on=first, because="The dog is gone", by=by)
    assert end_safety_alert(alert=alert, on=NOW.date(), because="Again", by=by).ends_on == first


def test_a_confidential_address_is_not_offered(client, family, worker):
    person = FamilyMemberFactory(family=family).person
    for lines, confidential in (("1 Open Road", False), ("2 Hidden Road", True)):
        address = Address.objects.create(authority=family.authority, lines=lines)
        Residence.objects.create(person=person, address=address, confidential=confidential)
    page = client.get(reverse("families:record-safety-alert", args=[family.pk])).content.decode()
    assert "1 Open Road" in page
    assert "2 Hidden Road" not in page


@pytest.mark.parametrize(
    ("posted", "field"), [({"kind": "dog"}, "about"), ({"about": "person-0", "kind": "dog"}, "about")]
)
def test_says_what_is_missing_and_keeps_the_input(client, family, worker, posted, field):
    response = client.post(
        reverse("families:record-safety-alert", args=[family.pk]), {"words": "Loose in the yard", **posted}
    )
    assert list(response.context["form"].errors) == [field]
    assert "Loose in the yard" in response.content.decode()


def test_other_needs_words(client, family, worker):
    person = FamilyMemberFactory(family=family).person
    response = client.post(
        reverse("families:record-safety-alert", args=[family.pk]), {"about": f"person-{person.pk}", "kind": "other"}
    )
    assert response.context["form"].errors["words"] == ["Say what to be careful about."]


def test_other_teams_and_readers_find_no_such_page(client, family):
    person = FamilyMemberFactory(family=family).person
    alert = SafetyAlert.objects.create(
        person=person, kind="dog", recorded_by=user_with_role(Role.CHAIR), recorded_at="2026-01-01T00:00Z"
    )
    addresses = [
        reverse("families:record-safety-alert", args=[family.pk]),
        reverse("families:end-safety-alert", args=[family.pk, alert.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    for user in (
        user_with_role(Role.SERVICE_MANAGER, authority=family.authority),
        user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=family.authority)),
        user_with_role(Role.SOCIAL_WORKER),
    ):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [404, 404]
