from __future__ import annotations

import pytest
from django.urls import reverse

from notifications.selectors import open_notices
from tests.factories import NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db


def url_of(notice):
    return reverse("notifications:acknowledge-notice", args=[notice.pk])


def test_an_acknowledged_notice_leaves_the_users_list(client):
    notice = NoticeFactory()
    other = NoticeFactory(user=notice.user, urgent=True)
    client.force_login(notice.user)
    assert list(open_notices(user=notice.user)) == [other, notice]
    answer = client.post(url_of(notice), {"next": "/my-work/"})
    assert answer.headers["Location"] == "/my-work/"
    assert list(open_notices(user=notice.user)) == [other]


def test_signed_out_users_are_sent_to_sign_in(client):
    notice = NoticeFactory()
    assert client.post(url_of(notice)).headers["Location"].startswith(reverse("account_login"))
    notice.refresh_from_db()
    assert notice.acknowledged_at is None


def test_another_users_notice_can_not_be_acknowledged(client):
    notice = NoticeFactory()
    client.force_login(UserFactory())
    assert client.post(url_of(notice)).status_code == 404
    notice.refresh_from_db()
    assert notice.acknowledged_at is None


def test_never_redirects_to_another_site(client):
    notice = NoticeFactory()
    client.force_login(notice.user)
    assert client.post(url_of(notice), {"next": "https://elsewhere.example/"}).headers["Location"] == "/"


def test_requires_post(client):
    notice = NoticeFactory()
    client.force_login(notice.user)
    assert client.get(url_of(notice)).status_code == 405
