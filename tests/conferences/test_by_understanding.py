"""How a child is written to goes by age, until somebody who knows them sets it; their own page follows."""

from __future__ import annotations

from dataclasses import fields

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.childs_words import HIGHEST_GRADE, WORDS_FOR
from conferences.enums import Band, Outcome, ParticipantStatus
from conferences.models import Understanding
from conferences.selectors.family_home import childs_page
from conferences.selectors.understanding import band_of, written_to
from conferences.services.understanding import set_understanding
from my_views.selectors.speakers import form_proposed
from tests.conferences.guests import let_in
from tests.conferences.story import NOW, invited, on_list, tell
from tests.conferences.test_a_childs_road import ask
from tests.reading_age import grade_of
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


@pytest.fixture
def row(story, conference):
    return conference.children.select_related("child__person", "conference").get(child=story.robin)


@pytest.fixture
def robin(story, conference):
    """Robin is 12, and invited by e-mail."""
    found = on_list(conference, story.robin.person)
    found.status, found.invited_at, found.email = ParticipantStatus.INVITED, NOW, "robin@home.example"
    found.save()
    return found


def said_by(band: str) -> list[str]:
    said = WORDS_FOR[band]
    found: list[str] = []
    for name in (one.name for one in fields(said)):
        value = getattr(said, name)
        found += value.values() if isinstance(value, dict) else [value] if isinstance(value, str) else value
    filled = {"day": "Tuesday", "month": "March", "chair": "Tom", "worker": "Ann", "who": "Ann", "often": "each week"}
    return [text.format(**filled) for text in found]


@pytest.mark.parametrize("band", Band.values)
def test_the_words_for_each_child_are_as_easy_as_they_have_to_be(band):
    assert grade_of(said_by(band), ("Ann", "Tom", "Tuesday", "child protection")) <= HIGHEST_GRADE[band]
    assert set(WORDS_FOR[band].decided) == set(Outcome.values)


def test_age_proposes_and_whoever_works_with_the_child_sets_it_with_a_reason(story, conference, row, robin):
    assert band_of(row, on=NOW.date()) == Band.OLDER
    with pytest.raises(ValidationError, match="Say why"):
        set_understanding(child=row, band=Band.YOUNGEST, because=" ", by=story.social_worker, now=NOW)
    facts = {"child": row, "band": Band.YOUNGEST, "because": "Does not read yet.", "by": story.social_worker}
    made = set_understanding(**facts, now=NOW)
    assert set_understanding(**facts, now=NOW) == made
    assert band_of(row, on=NOW.date()) == Band.YOUNGEST
    assert written_to([row], on=NOW.date())[row.pk].because == "Does not read yet."
    form = form_proposed(robin.person, capacity=robin.capacity, conference=conference, on=NOW.date())
    assert form == "young-child"
    with pytest.raises(ValidationError, match="meanwhile"):
        set_understanding(child=row, band=Band.MIDDLE, because="Reads a little.", by=story.social_worker, now=NOW)
    by_age = set_understanding(
        child=row, band="", because="Reads well now.", by=story.social_worker, now=NOW, standing=made.pk
    )
    assert band_of(row, on=NOW.date()) == Band.OLDER
    assert Understanding.objects.get(child=row, superseded_at__isnull=True) == by_age


def test_the_childs_own_page_speaks_to_them_as_it_was_set(story, conference, row, robin, client):
    ask(story, robin)
    let_in(client, robin, sitting=conference.sittings.get())
    page = client.get(reverse("guest_meeting:home")).content.decode()
    assert WORDS_FOR[Band.OLDER].what_it_is[0] in page
    set_understanding(child=row, band=Band.YOUNGEST, because="Does not read yet.", by=story.social_worker, now=NOW)
    for name in ("home", "about"):
        page = client.get(reverse(f"guest_meeting:{name}")).content.decode()
        assert WORDS_FOR[Band.YOUNGEST].what_it_is[0] in page
        assert WORDS_FOR[Band.OLDER].what_it_is[0] not in page
        assert "Does not read yet." not in page
    assert childs_page(on_list(conference, story.hazel), now=NOW) is None


def test_it_is_set_on_a_page_of_the_conference(story, conference, row, client):
    client.force_login(story.social_worker)
    address = reverse("conferences:child-understanding", args=[conference.pk, row.pk])
    typed = {"band": Band.MIDDLE, "because": "", "standing": 0}
    assert "Say why" in client.post(address, typed).content.decode()
    page = client.post(address, {**typed, "because": "Finds long words hard."}, follow=True).content.decode()
    assert "Not by age: Finds long words hard." in page
