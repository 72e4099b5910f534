"""The demonstration shows a conference that changed after its invitations."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine

from demo import changes, meeting
from demo.cast import CAST, Stage
from demo.council import build_council
from demo.families import build_family

MONDAY = datetime.date(2026, 12, 7)
THURSDAY = datetime.date(2026, 12, 17)


def at(hour, days=0):
    return meeting.at(MONDAY + datetime.timedelta(days=days), hour)


@pytest.mark.django_db
def test_it_shows_a_replaced_chair_who_was_told_by_hand_and_children_who_come_and_go():
    cast = next(row for row in CAST if row.stage == Stage.CHANGED)
    with time_machine.travel(at(8), tick=False):
        council = build_council(now=at(8))
        family = build_family(council, cast, now=at(9), dice=random.Random(1))
        meeting.start_enquiries(family, held_at=at(11), reason=cast.worry)
        conference = meeting.book(council, family, day=THURSDAY, now=at(13), reason=cast.worry)
        was = conference.chair
        meeting.invite(council, conference, now=at(15))
        changes.tell_one_by_hand(council, family, conference, now=at(16))
        changes.replace_chair(council, conference, now=at(9, days=2))
        changes.change_children(council, family, conference, now=at(11, days=2))
    conference.refresh_from_db()
    told = {row.participant.person.given_name for row in conference.to_tell.exclude(told_at=None)}
    open_for = {row.participant.person.given_name for row in conference.to_tell.filter(told_at=None, ended_at=None)}
    assert (cast.mother in told, cast.father in open_for) == (True, True)
    assert conference.replacements.get().before == was != conference.chair
    assert {row.child.person.given_name: row.withdrawn_at is None for row in conference.children.all()} == {
        "Linnea": True,
        "Moss": False,
        "Sorrel": True,
    }
