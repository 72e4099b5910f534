from __future__ import annotations

import datetime

import pytest
from django.test import override_settings
from django.utils import timezone

from deadlines.models import ReconcileRun, SweepRun
from notifications.enums import MessageState
from reports.models import Document, LaidOutPaper
from tests.factories import DeadlineFactory, MessageFactory, ParticipantFactory, UserFactory


@pytest.mark.django_db
def test_all_is_well(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert {name: response.json()[name] for name in ("database", "redis")} == {"database": "ok", "redis": "ok"}
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
def test_a_late_sweep_does_not_take_the_web_server_out_of_service(client):
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
def test_the_last_full_count_and_its_changes_are_reported(client):
    began = timezone.now() - datetime.timedelta(hours=3)
    ReconcileRun.objects.create(
        started_at=began, ended_at=began + datetime.timedelta(seconds=9), changed=2, problems=["visit: missing"]
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
def test_a_missed_nightly_count_is_reported_but_not_a_failure(client):
    began = timezone.now() - datetime.timedelta(hours=27)
    ReconcileRun.objects.create(started_at=began, ended_at=began)
    response = client.get("/healthz")
    assert (response.json()["reconcile"], response.status_code) == ("late", 200)


@pytest.mark.django_db
def test_the_end_of_the_calendar_is_reported(client):
    report = client.get("/healthz").json()
    assert report["calendar"] == "ok"
    assert datetime.date.fromisoformat(report["calendar_until"]) > timezone.localdate()


@pytest.mark.django_db
def test_waiting_papers_and_messages_are_reported_but_not_a_failure(client):
    nothing = client.get("/healthz").json()
    names = ("paper_waiting_seconds", "papers_failed", "message_unsent_seconds")
    assert [nothing[name] for name in names] == [None, 0, None]
    now = timezone.now()
    MessageFactory(state=MessageState.SENT, send_after=now - datetime.timedelta(minutes=50), sent_at=now)
    for minutes in (40, -5):
        MessageFactory(send_after=now - datetime.timedelta(minutes=minutes))
    participant = ParticipantFactory()
    for number, (minutes, state) in enumerate([(60, "ready"), (30, "waiting"), (20, "failed")], start=1):
        asked = now - datetime.timedelta(minutes=minutes)
        document = Document.objects.create(
            conference=participant.conference, kind="minutes", number=number, content={}, prepared_at=asked,
            state="superseded", prepared_by=UserFactory(), superseded_at=asked, superseded_by=UserFactory(),
            superseded_because="A trial",
        )  # fmt: skip
        LaidOutPaper.objects.create(
            document=document, recipient=participant, state=state, made_from="a", sha256="b", size=1,
            requested_at=asked, take_after=asked, laid_out_at=asked, failed_at=asked, failed_because="time",
        )  # fmt: skip
    response = client.get("/healthz")
    report = response.json()
    assert [report[name] for name in names] == [pytest.approx(30 * 60, abs=5), 1, pytest.approx(40 * 60, abs=5)]
    assert response.status_code == 200


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
