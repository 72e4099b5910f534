"""Workers entered for a conference: added to the list, named as deputies, come to the meeting."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from conferences.enums import ParticipantStatus
from conferences.models import Deputy
from families.models import Person, Post
from tests.conferences.story import NOW, invited, on_list, tell
from tests.factories import PersonFactory, PostFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

ADDED = {"capacity": "professional", "reason": "Knows Robin well"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


@pytest.fixture
def iris(story):
    person = PersonFactory(authority=story.authority, given_name="Iris", family_name="Dunlin")
    agency = story.posts["academy"].agency
    return PostFactory(agency=agency, person=person, title="Deputy head", email="iris@agency.example")


@pytest.fixture
def page(client, story):
    client.force_login(story.coordinator)
    return client


def errors(response):
    return list(response.context["form"].errors)


def added(conference, **facts):
    return {**ADDED, "children": [row.pk for row in conference.children.all()], **facts}


def test_a_worker_added_to_the_list_is_asked_about(page, conference, iris):
    address = reverse("conferences:add-participant", args=[conference.pk])
    typed = added(
        conference, who="new_worker", agency=iris.agency_id, worker_given_name="Irys", worker_family_name="Dunlyn",
        title="Deputy head", email="i.dunlin@agency.example",
    )  # fmt: skip
    assert errors(page.post(address, typed)) == ["known_post"]
    asked = page.post(address, {**typed, "known_post": iris.pk})
    assert errors(asked) == ["use_name", "use_email"]
    assert "Is this professional one of these?</legend>" in asked.content.decode()
    answers = {"known_post": iris.pk, "use_name": "recorded", "use_email": "typed"}
    assert page.post(address, {**typed, **answers}).status_code == 302
    row = on_list(conference, iris.person)
    iris.refresh_from_db()
    assert (row.post, row.email, iris.email, row.status) == (
        iris,
        "i.dunlin@agency.example",
        "i.dunlin@agency.example",
        ParticipantStatus.TO_INVITE,
    )


def test_whoever_is_added_without_an_agency_is_compared_with_the_family_and_the_directory(
    page, story, conference, iris
):
    address = reverse("conferences:add-participant", args=[conference.pk])
    before = Person.objects.count()
    with_hazel = {"acts_for": on_list(conference, story.hazel).pk, "ties": "A friend"}
    typed = added(conference, who="new", given_name="Oliv", family_name="Brambly", capacity="supporter", **with_hazel)
    assert errors(page.post(address, typed)) == ["somebody_else"]
    typed |= {"given_name": "Iris", "family_name": "Dunlin"}
    assert errors(page.post(address, typed)) == ["known_post"]
    assert Person.objects.count() == before
    assert page.post(address, {**typed, "known_post": "someone_else"}).status_code == 302
    assert Person.objects.count() == before + 1


def test_a_deputy_is_chosen_from_the_agency_or_asked_about(page, story, conference, iris):
    shazia = on_list(conference, story.posts["academy"].person)
    address = reverse("conferences:name-deputy", args=[conference.pk, shazia.pk])
    form = page.get(address).context["form"]
    assert set(form.fields["worker"].workers) == {f"post-{iris.pk}"}
    typed = {"given_name": "Iris", "family_name": "Dunlin", "title": "Teacher", "email": "iris@agency.example"}
    assert errors(page.post(address, typed)) == ["known_post"]
    assert page.post(address, {"worker": f"post-{iris.pk}"}).status_code == 302
    deputy = Deputy.objects.get()
    assert (deputy.full_name, deputy.title, deputy.email) == ("Iris Dunlin", "Deputy head", "iris@agency.example")


def test_a_deputy_whom_a_guest_named_is_asked_about_when_they_are_confirmed(page, story, conference, iris):
    shazia = on_list(conference, story.posts["academy"].person)
    deputy = Deputy.objects.create(
        participant=shazia, given_name="Iris", family_name="Dunlyn", title="Head of year", email="dunlyn@agency.example",
        named_at=NOW, guest_session_id=1,
    )  # fmt: skip
    address = reverse("conferences:confirm-deputy", args=[conference.pk, shazia.pk, deputy.pk])
    confirming = {"how_confirmed": "Rang the school"}
    assert errors(page.post(address, confirming)) == ["known_post"]
    confirming |= {"known_post": iris.pk}
    assert errors(page.post(address, confirming)) == ["use_name", "use_title", "use_email"]
    confirming |= {"use_name": "recorded", "use_title": "typed", "use_email": "typed"}
    assert page.post(address, confirming).status_code == 302
    iris.refresh_from_db()
    assert (iris.title, iris.email) == ("Head of year", "dunlyn@agency.example")
    assert on_list(conference, iris.person).email == "dunlyn@agency.example"
    assert Post.objects.filter(agency=iris.agency).count() == 2
