"""Signing in through the council's own page, with a browser's rules about where forms may lead."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from tests.accounts.directory.directory_server import running_directory


@pytest.fixture
def directory(council, live_server, settings, monkeypatch):
    # The tests' directory is contacted without TLS, which its library refuses by default.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with running_directory() as running:
        back = reverse("openid_connect_callback", args=["eastmere"])
        client_id, secret = running.client(f"{live_server.url}{back}")
        settings.OIDC_SECRETS = {"OIDC_SECRET_EASTMERE": secret}
        settings.OIDC_DIRECTORIES = json.dumps(
            [
                {
                    "slug": "eastmere",
                    "name": "Eastmere Council",
                    "authority": council.authority.slug,
                    "issuer": running.url,
                    "client_id": client_id,
                    "email_domains": ["eastmere.example"],
                    "groups": {"chairs": {"role": "chair"}},
                }
            ]
        )
        running.knows(
            "7f3",
            name="Ines Dotterel",
            email="ines@eastmere.example",
            email_verified=True,
            groups=["chairs"],
            amr=["mfa"],
        )
        yield running


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_new_user_signs_in_at_the_council_and_reaches_the_page_they_wanted(visit, directory, scripts):
    page = visit(scripted=scripts == "with scripts", album="directory")
    page.open("/account/sign-in/?next=/conferences/")
    page.page.get_by_role("button", name="Sign in with Eastmere Council").click()
    page.page.wait_for_url(f"{directory.url}/**")
    page.page.locator("input[name=sub]").first.fill("7f3")
    page.page.locator("input[name=sub]").first.press("Enter")
    expect(page.page).to_have_url(f"{page.base}/conferences/")
    page.look()
    user = User.objects.get(email="ines@eastmere.example")
    assert (user.name, user.current_role_name) == ("Ines Dotterel", "Conference chair")
