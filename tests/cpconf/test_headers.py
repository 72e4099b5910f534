from __future__ import annotations

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from cpconf.middleware import ClientAddressMiddleware, RequestLogMiddleware


@pytest.mark.django_db
def test_no_page_may_load_or_run_anything_from_elsewhere_or_inline(client):
    policy = dict(
        part.split(" ", 1) for part in client.get("/healthz")["Content-Security-Policy"].split("; ")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


@pytest.mark.django_db
def test_pages_may_not_be_framed_and_tell_other_sites_nothing(client):
    response = client.get("/healthz")
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_session_lasts_a_working_day():
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert settings.SESSION_COOKIE_HTTPONLY is True


def test_the_log_line_leaves_out_what_was_searched_for():
    request = RequestFactory().get("/families/?q=Hazel")
    assert RequestLogMiddleware.format_request(request) == "GET /families/"


@pytest.mark.parametrize(
    ("proxies", "passed", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "made-up, 198.51.100.7", "198.51.100.7"),
        (2, "made-up, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_say_where_a_visitor_comes_from(proxies, passed, address):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": passed})
    with override_settings(TRUSTED_PROXIES=proxies):
        ClientAddressMiddleware(lambda request: None)(request)
    assert request.META["REMOTE_ADDR"] == address
