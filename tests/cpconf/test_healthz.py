from __future__ import annotations

import datetime

import pytest
from django.test import override_settings
from django.utils import timezone

from deadlines.models import ReconcileRun, SweepRun
from tests.factories import DeadlineFactory


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
@pytest.mark.parametrize(("age", "state", "status"), [(14, "ok", 200), (16, "late", 503)])
def test_the_age_of_the_last_complete_sweep_decides(client, age, state, status):
    ended = timezone.now() - datetime.timedelta(minutes=age)
    SweepRun.objects.create(started_at=ended - datetime.timedelta(seconds=3), ended_at=ended)
    SweepRun.objects.create(started_at=timezone.now())
    response = client.get("/healthz")
    report = response.json()
    assert (report["sweep"], report["sweep_took_seconds"], response.status_code) == (state, 3, status)
    assert report["sweep_seconds_ago"] == pytest.approx(age * 60, abs=5)


@pytest.mark.django_db
def test_a_late_sweep_is_no_reason_to_take_the_web_server_away(client):
    ended = timezone.now() - datetime.timedelta(days=3)
    SweepRun.objects.create(started_at=ended, ended_at=ended)
    response = client.get("/healthz/web")
    assert (response.status_code, response.json()) == (200, {"database": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "state", "status"), [(5, "never", 200), (20, "late", 503)])
def test_a_new_installation_without_sweeps_is_late_once_something_has_waited(client, minutes, state, status):
    waiting = timezone.now() - datetime.timedelta(minutes=minutes)
    DeadlineFactory(warn_at=waiting)
    response = client.get("/healthz")
    report = response.json()
    assert (report["sweep"], response.status_code) == (state, status)
    assert report["sweep_behind_seconds"] == pytest.approx(minutes * 60, abs=5)


@pytest.mark.django_db
def test_the_last_full_count_and_what_it_had_to_change_are_told(client):
    began = timezone.now() - datetime.timedelta(hours=3)
    ReconcileRun.objects.create(
        started_at=began,
        ended_at=began + datetime.timedelta(seconds=9),
        changed=2,
        problems=["visit: missing"],
    )
    report = client.get("/healthz").json()
    assert {name: report[name] for name in report if name.startswith("reconcile")} == {
        "reconcile": "ok",
        "reconcile_seconds_ago": pytest.approx(3 * 3600 - 9, abs=5),
        "reconcile_took_seconds": 9,
        "reconcile_differences": 2,
        "reconcile_uncounted": 1,
    }


@pytest.mark.django_db
def test_a_missed_night_is_told_and_decides_nothing(client):
    began = timezone.now() - datetime.timedelta(hours=27)
    ReconcileRun.objects.create(started_at=began, ended_at=began)
    response = client.get("/healthz")
    assert (response.json()["reconcile"], response.status_code) == ("late", 200)


@pytest.mark.django_db
def test_the_end_of_the_calendar_is_told(client):
    report = client.get("/healthz").json()
    assert report["calendar"] == "ok"
    assert datetime.date.fromisoformat(report["calendar_until"]) > timezone.localdate()


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


@pytest.mark.parametrize("path", ["/healthz", "/healthz/web"])
def test_without_a_database_it_is_not(client, no_database, path):
    response = client.get(path)
    assert response.status_code == 503
    assert response.json()["database"] == "down"
