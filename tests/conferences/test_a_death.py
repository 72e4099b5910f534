"""A child dies before the conference: nobody who stood otherwise than coming is let in, then or by a correction."""

from __future__ import annotations

import pytest

from conferences.enums import COMING, ParticipantStatus, WithdrawalGround
from conferences.services.endings import bring_back_into_conferences, take_out_of_conferences
from families.events import CaseEvent, EventKind
from tests.conferences.story import NOW, invited, tell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ParticipantStatus)
def test_a_death_and_its_correction_let_in_nobody_who_was_not_coming(status):
    story = tell()
    conference = invited(story)
    row = conference.children.get(child=story.robin)
    participant = conference.participants.filter(children=row).first()
    participant.children.set([row])
    participant.status, participant.change_reason = status, "As it was"
    participant.save()
    event = CaseEvent(
        kind=EventKind.PERSON_DIED,
        family_ids=(story.family.pk,),
        by=story.social_worker,
        now=NOW,
        child_ids=(story.robin.pk,),
    )
    take_out_of_conferences(event, ground=WithdrawalGround.DIED)
    bring_back_into_conferences(event)
    participant.refresh_from_db()
    expected = ParticipantStatus.TO_INVITE if status in COMING else status
    assert participant.status == expected
    assert participant.change_reason == ("" if status in COMING else "As it was")
