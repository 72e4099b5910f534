from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.factories import UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

URL = reverse("accounts:sign-in-as-demo")
SIGN_IN = reverse("account_login")


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@once_per_module()
def amara():
    return user_with_role(Role.SOCIAL_WORKER, email="amara.finch@demo.example", name="Amara Finch")


def test_one_click_signs_in_as_an_invented_user(client, amara):
    assert client.post(URL, {"user": amara.pk}).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(amara.pk)


def test_redirects_to_the_requested_page(client, amara):
    answer = client.post(URL, {"user": amara.pk, "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    answer = client.post(URL, {"user": amara.pk, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_changing_to_another_person_begins_a_new_session(client, amara):
    client.force_login(user_with_role(Role.CHAIR, email="dilys.heron@demo.example"))
    before = client.session.session_key
    client.post(URL, {"user": amara.pk})
    assert client.session["_auth_user_id"] == str(amara.pk)
    assert client.session.session_key != before


def test_the_sign_in_page_offers_everyone_by_role(client, amara):
    user_with_role(Role.CHAIR, email="dilys.heron@demo.example", name="Dilys Heron")
    user_with_role(Role.SOCIAL_WORKER, email="piers.stork@demo.example", name="Piers Stork")
    user_with_role(Role.SOCIAL_WORKER, email="real@council.example")
    user_with_role(Role.SOCIAL_WORKER, email="gone@demo.example", is_active=False)
    UserFactory(email="no.role@demo.example")
    groups = client.get(SIGN_IN).context["demo_groups"]
    assert [(group.role, [person.name for person in group.people]) for group in groups] == [
        (Role.SOCIAL_WORKER, ["Amara Finch", "Piers Stork"]),
        (Role.CHAIR, ["Dilys Heron"]),
    ]
    assert [group.what for group in groups] != ["", ""]


def test_the_next_page_is_passed_on(client, amara):
    page = client.get(SIGN_IN, {"next": "/families/"}).content.decode()
    by_password_passkey_and_demo = 3
    travelling = page.count('<input type="hidden" name="next" value="/families/">')
    assert travelling == by_password_passkey_and_demo


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30])
def test_an_unknown_user_is_not_found(client, number):
    assert client.post(URL, {"user": number}).status_code == 404


def test_real_and_closed_accounts_are_refused(client):
    for user in (UserFactory(email="real@council.example"), UserFactory(email="x@demo.example", is_active=False)):
        assert client.post(URL, {"user": user.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_requires_post(client, amara):
    assert client.get(URL, {"user": amara.pk}).status_code == 405


def test_does_not_exist_outside_demo_mode(client, amara, settings):
    settings.DEMO = False
    assert client.post(URL, {"user": amara.pk}).status_code == 404
    page = client.get(SIGN_IN)
    assert page.context["demo_groups"] == []
    assert "Amara Finch" not in page.content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, number, django_assert_num_queries):
    for place in range(number):
        user_with_role(Role.SOCIAL_WORKER, email=f"{place}@demo.example")
    with django_assert_num_queries(2):
        client.get(SIGN_IN)


def test_a_password_asked_for_again_sends_the_requested_page_once(client, amara):
    amara.set_password("three plain words")
    amara.save()
    client.force_login(amara)
    page = client.get(reverse("account_reauthenticate"), {"next": "/families/"}).content.decode()
    assert page.count('<input type="hidden" name="next" value="/families/">') == 1
