from __future__ import annotations

import datetime

import pytest
from django.test import override_settings
from django.utils import timezone

from deadlines.models import SweepRun


@pytest.mark.django_db
def test_all_is_well(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert {name: response.json()[name] for name in ("database", "redis")} == {
        "database": "ok",
        "redis": "ok",
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "state"), [(14, "ok"), (16, "late")])
def test_the_age_of_the_last_complete_sweep_is_told(client, age, state):
    ended = timezone.now() - datetime.timedelta(minutes=age)
    SweepRun.objects.create(started_at=ended, ended_at=ended)
    SweepRun.objects.create(started_at=timezone.now())
    report = client.get("/healthz").json()
    assert report["sweep"] == state
    assert report["sweep_seconds_ago"] == pytest.approx(age * 60, abs=5)


@pytest.mark.django_db
def test_a_new_installation_has_not_swept_yet(client):
    report = client.get("/healthz").json()
    assert (report["sweep"], report["sweep_seconds_ago"]) == ("never", None)


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
