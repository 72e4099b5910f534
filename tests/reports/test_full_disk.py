"""A disk without room: nothing half-written stays, and the page, the logs and ``/healthz`` say what is wrong."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse

from cpconf import health
from reports.models import Attachment, StoredFile
from reports.uploads import storing
from tests.log_lines import every_line
from tests.reports.uploads import made

pytestmark = pytest.mark.django_db

TYPED = "Robin was late again."


@pytest.fixture
def no_room(monkeypatch):
    """Let each file end in the middle, as on a full disk."""

    def chunks(self, *_):
        yield self.read()[:100]
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ContentFile, "chunks", chunks)


def test_no_half_written_file_stays(no_room, kept_files):
    with pytest.raises(storing.DiskFullError):
        storing.put(b"x" * 1000)
    assert [one for one in kept_files.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("debug", [False, True])
def test_an_upload_without_room_is_told_and_leaves_nothing(
    ahead: SimpleNamespace, before, no_room, kept_files, client, settings, debug
):
    settings.DEBUG = debug
    client.raise_request_exception = False
    client.force_login(ahead.coordinator)
    file = SimpleUploadedFile("Report.pdf", made.pdf(), content_type="application/pdf")
    address = reverse("reports:attach-file", args=[ahead.conference.pk, ahead.of.tutor.pk])
    with every_line() as lines:
        answer = client.post(address, {"file": file, "children": [ahead.robin_row.pk]})
    page = answer.content.decode()
    assert (answer.status_code, "no room left" in page, "Traceback" in page) == (507, True, False)
    assert (StoredFile.objects.count(), Attachment.objects.count()) == (0, 0)
    assert [one for one in kept_files.rglob("*") if one.is_file()] == []
    assert any("disk_full" in line for line in lines.lines)


@pytest.mark.urls("tests.cpconf.failing_urls")
@pytest.mark.parametrize("debug", [False, True])
def test_a_full_database_keeps_what_was_typed_on_the_page(client, settings, debug):
    settings.DEBUG = debug
    client.raise_request_exception = False
    answer = client.post("/full/", {"text": TYPED})
    page = answer.content.decode()
    assert (answer.status_code, TYPED in page, "Tell your administrator now" in page) == (507, True, True)


@pytest.mark.parametrize(("free", "state", "status"), [(10**12, "ok", 200), (10**9, "low", 200), (10**7, "full", 503)])
def test_health_says_how_much_room_is_left(client, monkeypatch, free, state, status):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    answer = client.get("/healthz")
    assert (answer.json()["disk"], answer.json()["disk_free_bytes"], answer.status_code) == (state, free, status)


def test_an_upload_that_finds_no_room_on_its_way_in_is_told(
    ahead: SimpleNamespace, before, kept_files, client, settings, monkeypatch
):
    """Large files lie in a temporary folder first, which may be on another disk."""

    def no_room(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", no_room)
    client.raise_request_exception = False
    client.force_login(ahead.coordinator)
    file = SimpleUploadedFile("Report.pdf", made.pdf(), content_type="application/pdf")
    address = reverse("reports:attach-file", args=[ahead.conference.pk, ahead.of.tutor.pk])
    with every_line() as lines:
        answer = client.post(address, {"file": file, "children": [ahead.robin_row.pk]})
    page = answer.content.decode()
    assert (answer.status_code, "no room left" in page, "Traceback" in page) == (507, True, False)
    assert any("disk_full" in line for line in lines.lines)


@pytest.mark.parametrize("stop", [SoftTimeLimitExceeded(), MemoryError(), KeyboardInterrupt()], ids=repr)
def test_no_half_written_file_stays_when_its_writer_is_stopped(monkeypatch, kept_files, stop):
    def chunks(self, *_):
        yield self.read()[:100]
        raise stop

    monkeypatch.setattr(ContentFile, "chunks", chunks)
    with pytest.raises(type(stop)):
        storing.put(b"x" * 1000)
    assert [one for one in kept_files.rglob("*") if one.is_file()] == []
