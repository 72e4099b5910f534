from __future__ import annotations

import pytest

from conferences.enums import Capacity
from tests.factories import ConferenceChildFactory, ParticipantFactory, SittingFactory, family_participant

pytestmark = pytest.mark.django_db


def test_a_conference_with_child_sitting_and_people_belongs_to_one_council():
    child = ConferenceChildFactory()
    sitting = SittingFactory(conference=child.conference)
    professional = ParticipantFactory(conference=child.conference, children=[child])
    mother = family_participant(child.conference)
    assert child.enquiry.discussion.family == child.conference.family
    assert child.child.authority == child.conference.family.authority
    assert professional.agency.authority == child.conference.authority
    assert list(mother.children.all()) == [child]
    assert mother.capacity == Capacity.PARENT
    assert sitting.parts.count() == 1
