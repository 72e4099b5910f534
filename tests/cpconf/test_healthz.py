from __future__ import annotations

import pytest
from django.test import override_settings


@pytest.mark.django_db
def test_all_is_well(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert {name: response.json()[name] for name in ("database", "redis")} == {"database": "ok", "redis": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_without_redis_the_site_is_still_well(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["redis"] == "down"


def test_without_a_database_it_is_not(client, no_database):
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "down"
