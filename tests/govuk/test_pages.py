from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

PUBLIC = ["read-help", "read-accessibility", "read-privacy", "read-what-is-logged"]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_are_open_to_everyone(client, name):
    response = client.get(reverse(f"govuk:{name}"))

    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1


@pytest.mark.parametrize("name", PUBLIC)
def test_site_wide_pages_allow_only_get(client, name):
    assert client.post(reverse(f"govuk:{name}")).status_code == 405


def test_browsers_cache_the_theme_for_a_year(client):
    response = client.get(reverse("govuk:theme", args=["7a1f5c"]))

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.startswith(b":root{--council:#7a1f5c;")


@pytest.mark.parametrize("digits", ["12", "zzzzzz", "12464f0", "%3C"])
def test_an_invalid_colour_is_not_found(client, digits):
    assert client.get(f"/theme/{digits}.css").status_code == 404


def test_the_gallery_is_not_for_production(client, settings):
    settings.DEBUG = False
    settings.DEMO = False

    assert client.get(reverse("demo:gallery")).status_code == 404


def test_the_gallery_shows_errors_beside_the_input(client, settings):
    settings.DEMO = True

    response = client.post(reverse("demo:gallery"), {"arrives_at": "tea time", "name": "Wren"})

    page = response.content.decode()
    assert page.count("There is a problem") == 1
    assert page.count('value="tea time"') == 1
    assert page.count('value="Wren"') == 1
