from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from cpconf.middleware import ClientAddressMiddleware, RequestLogMiddleware

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_no_page_may_load_or_run_anything_from_elsewhere_or_inline(client):
    policy = dict(part.split(" ", 1) for part in client.get("/healthz")["Content-Security-Policy"].split("; "))
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
def test_pages_cannot_be_framed_and_send_no_referrer_to_other_sites(client):
    response = client.get("/healthz")
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_session_lasts_a_working_day():
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert settings.SESSION_COOKIE_HTTPONLY is True


def test_the_log_line_leaves_out_the_search_terms():
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
def test_only_our_own_proxies_set_the_visitors_address(proxies, passed, address):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": passed})
    with override_settings(TRUSTED_PROXIES=proxies):
        ClientAddressMiddleware(lambda request: None)(request)
    assert request.META["REMOTE_ADDR"] == address


IN_PRODUCTION = """
import json
from cpconf import settings
print(json.dumps({name: getattr(settings, name) for name in (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
    "DEBUG", "DEMO", "CONTENT_SECURITY_POLICY",
)}))
"""


@pytest.fixture(scope="module")
def production():
    """Return the settings as production reads them, in a separate process."""
    spec = importlib.util.spec_from_file_location("check_production", ROOT / "bin" / "check_production.py")
    checked = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checked)
    environment = {name: value for name, value in os.environ.items() if name not in checked.EMPTIED}
    told = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION], check=True, capture_output=True, cwd=ROOT,
        env=environment | checked.PRODUCTION, text=True,
    )  # fmt: skip
    return json.loads(told.stdout)


def test_production_cookies_are_bound_to_this_host_and_to_encryption(production):
    for cookie, name in (("SESSION", "__Host-session"), ("CSRF", "__Host-csrf")):
        assert [production[f"{cookie}_COOKIE_{part}"] for part in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")] == [
            name, True, True, "Lax",
        ]  # fmt: skip


def test_production_serves_pages_only_over_https(production):
    assert (
        production["SECURE_SSL_REDIRECT"],
        production["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60,
        production["SECURE_HSTS_INCLUDE_SUBDOMAINS"],
        production["SECURE_HSTS_PRELOAD"],
        production["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["upgrade-insecure-requests"],
    ) == (True, True, True, True, True)


def test_the_image_contains_no_source_control_and_no_secrets():
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".env", ".local", "tests"} <= set(left_out)


def test_no_script_stores_anything_in_the_browser():
    """But for what waits, sealed, on an enrolled device, and whether the keys of the note form are off."""
    forbidden = (
        r"localStorage|sessionStorage|indexedDB|document\.cookie|\.innerHTML|outerHTML|insertAdjacentHTML|eval\("
    )
    scripts = {path.name: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}
    used = {name: set(found) for name, text in scripts.items() if (found := re.findall(forbidden, text))}
    assert used == {"waiting.js": {"indexedDB"}, "notes.js": {"sessionStorage"}}
    assert re.findall(r"setItem\((.+)\)", scripts["notes.js"]) == ['OFF, isOff ? "1" : ""']
