"""The demonstration shows core groups with progress, notes, a second round of scores, and parents who sit apart."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine
from django.utils import timezone

from core_groups.models import CoreGroup, MeetingNote, MeetingScore, ProgressAtMeeting
from deadlines.working_days.calendars import calendar_for
from demo import core_groups, meeting, story
from demo.cast import CAST
from demo.council import build_council
from reports.models import Document

NOW = meeting.at(datetime.date(2027, 3, 17), 12)


@pytest.mark.django_db
def test_it_shows_meetings_in_full_and_one_in_two_sittings():
    cast = next(row for row in CAST if row.name == core_groups.APART)
    with time_machine.travel(NOW, tick=False):
        council = build_council(now=NOW)
        calendar = calendar_for(council.authority.pk)
        story.tell(council, cast, calendar=calendar, today=timezone.localdate(NOW), now=NOW, dice=random.Random(2))
    # The baby of the sister of sixteen has a core group of its own.
    group = CoreGroup.objects.order_by("formed_on", "pk")[0]
    held = list(group.meetings.filter(state="held").order_by("number"))
    assert len(held) > 0
    for row in held:
        assert row.separate_sittings.filter(held_at__isnull=False).count() == 1
        for table in (ProgressAtMeeting, MeetingNote, MeetingScore):
            assert table.objects.filter(meeting=row).exists(), table
    assert Document.objects.filter(core_group_meeting__isnull=False).count() == len(held) - 1
