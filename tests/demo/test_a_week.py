"""A week of the demonstration in which everything is done in time leaves no notice that still waits for anybody."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine

from conferences.enums import TellingHow, TellingOutcome
from conferences.services.telling import record_telling
from deadlines.models import Deadline
from deadlines.notice_matters import matter_of
from deadlines.selectors.my_notices import notices_for
from deadlines.services import reconcile, sweep, write_digests
from deadlines.services.settling import settle_notices
from demo import meeting
from demo.cast import CAST, Stage
from demo.council import build_council
from demo.families import build_family
from notifications.models import Notice

MONDAY = datetime.date(2026, 12, 7)
HELD_ON = datetime.date(2026, 12, 22)


def at(hour, days=0):
    return meeting.at(MONDAY + datetime.timedelta(days=days), hour)


def night(*, now):
    """What runs by itself."""
    reconcile(now=now)
    sweep(now=now)
    write_digests(now=now)
    settle_notices(now=now)


def tell_everyone(conference, *, by, now):
    for row in conference.to_tell.filter(told_at=None, ended_at=None):
        record_telling(
            to_tell=row, outcome=TellingOutcome.TOLD, how=TellingHow.IN_PERSON, at=now, by=by, now=now
        )  # fmt: skip


@pytest.mark.django_db
def test_no_notice_is_left_unsettled_where_everything_is_done_in_time():
    cast = next(row for row in CAST if row.stage == Stage.CHANGED)
    with time_machine.travel(at(8), tick=False) as clock:
        council = build_council(now=at(8))
        family = build_family(council, cast, now=at(9), dice=random.Random(1))
        meeting.start_enquiries(family, held_at=at(11), reason=cast.worry)
        night(now=at(12))
        conference = meeting.book(council, family, day=HELD_ON, now=at(13), reason=cast.worry)
        meeting.invite(council, conference, now=at(15))
        tell_everyone(conference, by=family.social_worker, now=at(16))
        for moment in sorted(at(hour, days=day) for day in range(7) for hour in (9, 18, 23)):
            if moment > at(16):
                clock.move_to(moment)
                night(now=moment)
        ends = at(9, days=7)
        clock.move_to(ends)
        lines = {user.name: notices_for(user) for user in council.users.values()}
    waiting = {name: [line.text for line in found if waits(line)] for name, found in lines.items()}
    # What a reader sees of two lines is never the same.
    assert all(len({(line.text, line.about) for line in found}) == len(found) for found in lines.values())
    assert any(lines.values())
    assert not any(waiting.values()), waiting
    assert Notice.objects.filter(settled_at__isnull=False).exists()
    assert [row.kind for row in Deadline.objects.late(now=ends).filter(met_at__isnull=True)] == []


def waits(line):
    """Return whether a line is about something that waits for somebody; news stands until it was seen."""
    found = matter_of(line.newest.key)
    return found is not None and found[0].waits is not None
