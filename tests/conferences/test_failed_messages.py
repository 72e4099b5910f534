from __future__ import annotations

import pytest

from conferences.services.sending import coordinator_of
from notifications.answering import who_answers_for
from tests.factories import ConferenceFactory, MessageFactory

pytestmark = pytest.mark.django_db


def test_the_conferences_coordinator_is_responsible_for_its_messages():
    conference = ConferenceFactory()
    message = MessageFactory(authority=conference.authority, conference_id=conference.pk)
    day = message.created_at.date()
    assert who_answers_for(message, on=day) == [conference.coordinator.pk]


def test_a_message_about_no_conference_has_no_coordinator():
    assert coordinator_of(MessageFactory()) == []
