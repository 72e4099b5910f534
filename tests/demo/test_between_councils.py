"""The demonstration shows children who move between councils, each way, and a pair of whom one was expected."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine

from deadlines.working_days.calendars import calendar_for
from demo import meeting
from demo.cast import CAST
from demo.council import build_council
from demo.story import BEARS_A_PAIR, MOVED_AWAY, MOVED_HERE, SIBLING_MOVES, tell
from families.models import Child, TransferIn
from notifications.models import Notice
from plans.enums import EndReason
from plans.models import Plan
from transfers.enums import OutState
from transfers.models import PaperReceived, TransferredChild

TODAY = datetime.date(2027, 3, 10)


@pytest.mark.django_db
def test_it_shows_a_move_each_way_and_the_birth_of_a_pair():
    now = meeting.at(TODAY, 11)
    with time_machine.travel(now, tick=False):
        council = build_council(now=now)
        calendar = calendar_for(council.authority.pk)
        for name in (MOVED_AWAY, SIBLING_MOVES, MOVED_HERE, BEARS_A_PAIR):
            cast = next(row for row in CAST if row.name == name)
            tell(council, cast, calendar=calendar, today=TODAY, now=now, dice=random.Random(name))
    states = TransferredChild.objects.values_list("child__person__given_name", "state", "plan__end_reason")
    assert set(states) == {
        ("Comfrey", OutState.ACCEPTED, EndReason.MOVED),
        ("Freesia", OutState.ACCEPTED, EndReason.MOVED),
        ("Nettle", OutState.TOLD, ""),
    }
    assert TransferIn.objects.get().from_authority == "Northmoor Council"
    assert PaperReceived.objects.count() == 3
    second = Child.objects.get(person__given_name="Ferris")
    assert not Plan.objects.filter(child=second).exists()
    assert Notice.objects.filter(key=f"unexpected-baby:{second.pk}").count() >= 3
