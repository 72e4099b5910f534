"""Progress has one table, and the program before this one goes on reading and writing it for one restart."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from core_groups.models import ProgressAtMeeting
from plans.enums import Progress
from plans.models import ActionProgress
from plans.selectors.versions import set_progress_on
from plans.services.plans import record_progress
from tests.core_groups.test_recording import NOW, _in_january_2027, group  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db

AS_BEFORE = """
INSERT INTO core_groups_progressentry
    (recorded_by_id, guest_session_id, recorded_at, superseded_at, meeting_id, action_id, member_id, progress, said)
VALUES (%s, %s, %s, NULL, %s, %s, %s, %s, %s) RETURNING id
"""


def written_before(*values):
    with connection.cursor() as cursor:
        cursor.execute(AS_BEFORE, values)
        return ProgressAtMeeting.objects.get(pk=cursor.fetchone()[0])


def test_what_the_program_before_records_at_a_meeting_is_one_row(group):  # noqa: F811
    made = record_progress(
        action=group.talks, progress=Progress.UNDER_WAY, note="It helps", version=1, by=group.worker, now=NOW
    )
    row = written_before(group.worker.pk, None, NOW, group.meeting.pk, group.talks.pk, None, "under_way", "It helps")
    assert (row.recorded, ActionProgress.objects.count()) == (made, 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_groups_progressentry SET superseded_at = %s WHERE id = %s", [NOW, row.pk])
        cursor.execute("SELECT said, superseded_at FROM core_groups_progressentry WHERE id = %s", [row.pk])
        assert cursor.fetchone() == ("It helps", NOW)
        cursor.execute("SELECT said FROM core_groups_progressentryevent WHERE pgh_label = 'insert'")
        assert cursor.fetchone() == ("It helps",)
    row.refresh_from_db()
    assert row.superseded_at == NOW


def test_what_a_member_says_themselves_never_counts_as_the_actions_progress(group):  # noqa: F811
    row = written_before(None, 7, NOW, group.meeting.pk, group.talks.pk, group.mother.pk, "done", "Every night")
    assert (row.recorded.is_own, row.recorded.said_by, row.said) == (True, group.mother.person, "Every night")
    set_progress_on([group.talks], NOW.date())
    assert (group.talks.progress, group.talks.progress_note) == (Progress.NOT_STARTED, "")


def test_the_history_of_the_group_tells_what_was_recorded(client, group):  # noqa: F811
    row = written_before(None, 7, NOW, group.meeting.pk, group.talks.pk, group.mother.pk, "done", "Every night")
    client.force_login(group.manager)
    page = client.get(reverse("core_groups:see-history", args=[group.pk])).content.decode()
    assert row.said in page
