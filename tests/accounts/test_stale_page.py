from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

URL = reverse("account_logout")


def test_a_form_from_an_old_page_says_what_to_do():
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(UserFactory())
    visitor.get(reverse("accounts:my-account"))
    answer = visitor.post(URL, {"csrfmiddlewaretoken": "x" * 64})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "That page was out of date" in page
    assert "Go back in your browser" in page
    assert "cp-header" in page
    assert "_auth_user_id" in visitor.session


def test_a_visitor_without_cookies_learns_that_they_are_needed():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert "which this site needs" in answer.content.decode()
