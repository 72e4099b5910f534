"""Pages that follow a meeting: another key after each write about it, told once it is committed, and nothing else."""

from __future__ import annotations

import re

import psycopg
import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from meetings.enums import Nature
from meetings.models import ChairNote
from meetings.selectors.changes import CHANNEL, WATCHED, key_of
from meetings.services.board import add_entry
from meetings.services.projector import end_projection, open_projection, start_projection
from tests.conferences.conftest import NOW
from tests.factories import ConferenceFactory, user_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def note(meeting, text="The door was broken."):
    return add_entry(
        conference=meeting.conference, heading="worries", text=text, nature=Nature.FACT, by=meeting.coordinator, now=NOW
    )


def changed(meeting):
    return reverse("meetings:changed", args=[meeting.conference.pk])


def test_every_watched_table_tells_and_the_history_of_each_is_looked_at():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'tells_of_change'")
        # Core groups tell of their own (tests/core_groups/test_rounds.py).
        telling = {name for (name,) in cursor.fetchall() if not name.startswith("core_groups_")}
    watched = {apps.get_model(label)._meta.db_table for label, _ in WATCHED}
    assert telling == watched | {"meetings_projection"}


def test_the_key_stays_until_something_is_written_and_names_nothing(meeting):
    before = key_of(meeting.conference.pk)
    assert re.fullmatch(r"[0-9a-f]{32}", before)
    assert key_of(meeting.conference.pk) == before
    note(meeting)
    assert key_of(meeting.conference.pk) != before


def test_the_meeting_next_door_keeps_its_key(meeting):
    before = key_of(meeting.conference.pk + 1)
    note(meeting)
    assert key_of(meeting.conference.pk + 1) == before


def test_what_the_chair_writes_in_private_is_no_change(meeting):
    before = key_of(meeting.conference.pk)
    ChairNote.objects.create(conference=meeting.conference, chair=meeting.chair, text="Ask first", changed_at=NOW)
    assert key_of(meeting.conference.pk) == before


def test_a_recorder_is_told_the_key_and_nothing_is_logged_as_read(client, meeting):
    client.force_login(meeting.coordinator)
    looks = AccessEvent.objects.count()
    answer = client.get(changed(meeting))
    assert answer.json() == {"key": key_of(meeting.conference.pk)}
    assert answer["Cache-Control"] == "private, no-store"
    again = client.get(changed(meeting), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    note(meeting)
    assert client.get(changed(meeting), headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert AccessEvent.objects.count() == looks


def test_nobody_else_learns_that_there_is_a_meeting(client, meeting):
    assert client.get(changed(meeting)).status_code == 302
    client.force_login(user_with_role(Role.COORDINATOR))
    assert client.get(changed(meeting)).status_code == 404
    assert AccessEvent.objects.latest("pk").kind == "refused"


def test_it_ends_with_the_meeting(client, meeting):
    client.force_login(meeting.coordinator)
    Conference.objects.filter(pk=meeting.conference.pk).update(
        status=ConferenceStatus.CANCELLED, cancelled_because="Moved away"
    )
    assert client.get(changed(meeting)).status_code == 204


def test_a_page_holds_the_key_of_what_it_shows(client, meeting):
    client.force_login(meeting.coordinator)
    page = client.get(reverse("meetings:board", args=[meeting.conference.pk])).content.decode()
    assert f'data-live-key="{key_of(meeting.conference.pk)}"' in page
    assert f'data-live="/live/{meeting.conference.pk}/"' in page


def test_asking_again_by_script_leaves_messages_for_the_person(client, meeting):
    client.force_login(meeting.coordinator)
    address = reverse("meetings:board", args=[meeting.conference.pk])
    first = meeting.people.beth.pk
    client.post(reverse("meetings:mark-attendance", args=[meeting.conference.pk, first]), {"mark": "nonsense"})
    said = "Open the meeting first"
    assert said not in client.get(address, headers={"X-Sent-By": "live"}).content.decode()
    assert said in client.get(address).content.decode()


def test_the_rooms_screen_follows_until_it_is_turned_off(meeting):
    wall = Client()
    _, code = start_projection(conference=meeting.conference, by=meeting.chair, now=NOW)
    assert wall.get(reverse("projector:changed")).status_code == 403
    wall.post(reverse("projector:type-code"), {"code": code})
    assert wall.get(reverse("projector:changed")).json() == {"key": key_of(meeting.conference.pk)}
    end_projection(conference=meeting.conference, by=meeting.chair, now=NOW)
    assert wall.get(reverse("projector:changed")).status_code == 403
    assert open_projection(code=code, now=NOW) == ""


@pytest.mark.django_db(transaction=True)
def test_it_is_told_after_the_commit_once_and_never_of_what_is_undone():
    known = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in {"cursor_factory", "context", "prepare_threshold", "server_side_binding"}
    }
    with psycopg.connect(**known, autocommit=True) as line:
        line.execute(f"LISTEN {CHANNEL}")
        meeting = ConferenceFactory()
        list(line.notifies(timeout=0.2))
        with transaction.atomic():
            Conference.objects.filter(pk=meeting.pk).update(reason="Undone")
            transaction.set_rollback(True)
        assert list(line.notifies(timeout=0.2)) == []
        with transaction.atomic():
            Conference.objects.filter(pk=meeting.pk).update(reason="Once")
            Conference.objects.filter(pk=meeting.pk).update(reason="Twice")
            assert list(line.notifies(timeout=0.2)) == []
        assert [told.payload for told in line.notifies(timeout=0.2)] == [str(meeting.pk)]
