"""Devices on which staff may go on recording: enrolled by an administrator's code, revoked at once."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import EnrolledDevice
from accounts.people.services.devices import make_device, take_up_device
from tests.factories import user_with_role

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 22, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def administrator():
    return user_with_role(Role.ADMINISTRATOR)


@pytest.fixture
def chair(administrator):
    return user_with_role(Role.CHAIR, authority=administrator.authority)


def test_from_the_code_to_the_device_and_revoked(client, administrator, chair):
    client.force_login(administrator)
    made = client.post(reverse("users:add-device"), {"name": "Laptop 3"}).content.decode()
    code = re.search(r"govuk-panel__title\">([A-Z2-9]{4} [A-Z2-9]{4})<", made).group(1)
    assert code not in client.get(reverse("users:devices")).content.decode()
    laptop = Client()
    laptop.force_login(chair)
    answer = laptop.post(reverse("accounts:this-device"), {"code": code.lower()}, follow=True)
    assert "It is enrolled as Laptop 3" in answer.content.decode()
    cookie = laptop.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    device = EnrolledDevice.objects.get()
    assert (device.taken_up_by, cookie.value in device.token_hash) == (chair, False)
    assert "Laptop 3" in client.get(reverse("users:devices")).content.decode()
    for _ in range(2):
        client.post(reverse("users:revoke-device", args=[device.pk]))
    assert "It is not enrolled" in laptop.get(reverse("accounts:this-device")).content.decode()


def test_a_code_works_once_in_its_council_for_half_an_hour(administrator, chair, the_time):
    _, code = make_device(authority=administrator.authority, name="Laptop 3", by=administrator, now=NOW)
    assert take_up_device(code=code, by=user_with_role(Role.CHAIR), now=NOW) is None
    later = NOW + datetime.timedelta(minutes=30)
    assert take_up_device(code=code, by=chair, now=later) is None
    assert take_up_device(code=code, by=chair, now=NOW) is not None
    assert take_up_device(code=code, by=chair, now=NOW) is None


def test_a_name_is_given_once_and_again_when_nobody_took_it_up(administrator):
    make_device(authority=administrator.authority, name="Laptop 3", by=administrator, now=NOW)
    with pytest.raises(ValidationError, match="another name"):
        make_device(authority=administrator.authority, name="Laptop 3", by=administrator, now=NOW)
    later = NOW + datetime.timedelta(hours=1)
    assert make_device(authority=administrator.authority, name="Laptop 3", by=administrator, now=later)


@pytest.mark.parametrize("name", ["devices", "add-device"])
def test_no_one_else_sees_them(client, chair, name):
    address = reverse(f"users:{name}")
    assert client.get(address).status_code == 302
    client.force_login(chair)
    assert client.get(address).status_code == 404


def test_another_council_revokes_nothing(client, administrator):
    device, _ = make_device(authority=administrator.authority, name="Laptop 3", by=administrator, now=NOW)
    client.force_login(user_with_role(Role.ADMINISTRATOR))
    assert client.post(reverse("users:revoke-device", args=[device.pk])).status_code == 404


def test_guessing_is_limited(client, chair):
    client.force_login(chair)
    answers = [client.post(reverse("accounts:this-device"), {"code": f"AAAA AAA{n}"}).status_code for n in range(2, 9)]
    assert set(answers) == {200}
    answers = [client.post(reverse("accounts:this-device"), {"code": "AAAA AAAA"}).status_code for n in range(5)]
    assert answers[-1] == 429
