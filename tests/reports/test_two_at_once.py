"""Two people act on one paper or one decision in the same moment, and a right ends just then: one act counts."""

from __future__ import annotations

import pytest
import time_machine

from conferences.enums import ConferenceStatus, Outcome, ParticipantStatus, SittingState
from conferences.models import Decision
from families.services.losses import record_death
from meetings.services.decisions import DecisionFacts, record_decision
from reports.enums import DocumentKind, DocumentState
from reports.models import Copy, Document
from reports.services.documents import composed_copy, prepare_document, release_document
from reports.services.refusals import CopyRefusedError
from tests.conferences.test_two_at_once import at_once
from tests.reports import story as stories
from tests.reports.story import NOW, OPENED, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def test_papers_that_are_released_in_the_moment_in_which_something_ends():
    """Two release at once; a child's death is recorded while minutes are released; a recipient's right ends between."""
    story = tell()
    letter = prepare_document(
        conference=story.conference, kind=DocumentKind.DECISIONS_LETTER, by=story.coordinator, now=NOW
    )
    refused = at_once(*[lambda: release_document(document=letter, by=story.chair, now=NOW)] * 2)
    letter.refresh_from_db()
    assert (refused, letter.state) == ([None, None], DocumentState.RELEASED)
    assert Document.objects.filter(kind=DocumentKind.DECISIONS_LETTER, state=DocumentState.RELEASED).count() == 1

    tutor = story.of.tutor
    assert composed_copy(letter, tutor.pk, now=NOW)
    tutor.status = ParticipantStatus.WITHDRAWN
    tutor.save(update_fields=["status"])
    with pytest.raises(CopyRefusedError):
        composed_copy(letter, tutor.pk, now=NOW)

    minutes = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    at_once(
        lambda: release_document(document=minutes, by=story.chair, now=NOW),
        lambda: record_death(
            person=story.robin.person, died_on=NOW.date(), source="Hospital", by=story.manager, now=NOW
        ),
    )
    # Whichever came first: nothing of either paper goes out after it.
    for paper in (letter, minutes):
        with pytest.raises(CopyRefusedError):
            composed_copy(Document.objects.get(pk=paper.pk), story.of.hazel.pk, now=NOW)
    assert not Copy.objects.filter(document__in=[letter, minutes]).exists()


def test_of_two_decisions_about_one_child_in_the_same_moment_one_counts():
    told = tell(held=False)
    stories._sit(told, two_parts=False)
    stories._say(told)
    stories._plan(told)
    told.sitting.state, told.sitting.ended_at = SittingState.IN_SESSION, None
    told.sitting.save()
    told.conference.status, told.conference.opened_at = ConferenceStatus.OPEN, OPENED
    told.conference.save()

    def decide(outcome):
        facts = DecisionFacts(
            outcome=outcome, rationale="Because", went_on_reason="Tested elsewhere", help_offered="The school"
        )
        return lambda: record_decision(conference_child=told.wren_row, facts=facts, chair=told.chair, now=NOW)

    refused = at_once(decide(Outcome.OTHER_SUPPORT), decide(Outcome.FURTHER_ASSESSMENT))
    # Whoever comes second is handed the decision that stands, and their page says whose it is.
    assert refused == [None, None]
    assert Decision.objects.filter(conference_child=told.wren_row).count() == 1
