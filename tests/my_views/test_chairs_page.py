"""My Views on the page from which the chair reads: first, handed in only, and nothing of a draft."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import PartKind
from conferences.selectors.planned_parts import planned_for, planned_parts
from conferences.services.planned_parts import PlannedPart, plan_parts
from my_views.services.releasing import release_words
from tests.conferences.story import NOW, STARTS_AT
from tests.my_views.test_own_page import answers, begun, filled_in
from tests.my_views.test_reading import answer

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def read(client, story, conference):
    client.force_login(story.chair)
    return client.get(reverse("meetings:reading", args=[conference.pk])).content.decode()


def test_it_comes_first_with_what_was_handed_in_and_no_draft(client, hazels, martins, story, conference):
    filled_in(hazels, "Kingfisher-sent")
    begun(martins)
    answers(martins, "going-well", "Zinnia-draft")
    html = read(client, story, conference)
    assert html.index('id="my-views"') < html.index('id="changed"')
    assert ("Kingfisher-sent" in html, "Zinnia-draft" in html) == (True, False)


def halves(story, conference, title):
    conference.refresh_from_db()
    parts = [
        PlannedPart(PartKind.HALF, title, STARTS_AT, STARTS_AT + HOUR),
        PlannedPart(PartKind.HALF, "Other", STARTS_AT + HOUR, STARTS_AT + 2 * HOUR),
    ]
    who = {row.participant.pk: frozenset({1, 2}) for row in planned_for(conference, [])}
    return plan_parts(conference=conference, parts=parts, who=who, version=conference.version, by=story.chair, now=NOW)


def test_a_part_to_which_words_were_released_does_not_become_another(hazels, story, conference):
    filled_in(hazels)
    halves(story, conference, "With the mother")
    part = planned_parts(conference.sittings.get())[0]
    release_words(answer=answer(), text="", recipients=[], parts=[part], by=story.chair, now=NOW)
    with pytest.raises(ValidationError):
        halves(story, conference, "With the father")
    assert halves(story, conference, "With the mother") == 0
