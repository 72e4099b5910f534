"""A professional without an account asks for a conference on their own page; nobody of the family does."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine

from conferences.models import ConferenceRequest
from conferences.selectors.requests import own_requests
from conferences.services.requests import answer_request
from notifications.models import Message
from tests.conferences import guests, story
from tests.conferences.story import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
HOME, ASK = "/guest/meeting/", "/guest/meeting/conference/"
DISAGREE = f"{ASK}disagree/"
GROUNDS = "Robin came with new bruises"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    """The family's conference, to which everyone is invited."""
    made = story.tell()
    made.conference = story.invited(made)
    return made


def inside(client, told, person):
    row = story.on_list(told.conference, person)
    guests.let_in(client, row, sitting=told.conference.sittings.get())
    return client


def text(response):
    return response.content.decode()


def test_a_professional_asks_about_the_children_of_their_link_and_reads_the_answer(told, client):
    person = told.posts["academy"].person
    inside(client, told, person)
    assert ASK in text(client.get(HOME))
    form = text(client.get(ASK))
    assert [name in form for name in ("Robin Brambley", "Wren Brambley")] == [True, False]
    sent = client.post(ASK, {"children": [told.robin.pk], "grounds": GROUNDS, "police": "not_asked"})
    assert sent.status_code == HTTPStatus.FOUND
    request = ConferenceRequest.objects.get()
    assert (request.person, request.agency, request.reply_to) == (
        person,
        told.posts["academy"].agency,
        "shazia@agency.example",
    )
    assert request.guest_session_id
    assert client.get(DISAGREE).status_code == HTTPStatus.NOT_FOUND
    answer_request(request=request, agreed=False, reason="She is seen tomorrow", by=told.manager, now=NOW)
    assert Message.objects.filter(to_email="shazia@agency.example", key__startswith="conference-request").exists()
    answered = text(client.get(ASK))
    assert "She is seen tomorrow" in answered
    assert DISAGREE in answered
    assert client.post(DISAGREE, {"because": "She is afraid tonight"}).status_code == HTTPStatus.FOUND
    assert ConferenceRequest.objects.get(goes_on_from=request).grounds == "She is afraid tonight"


def test_another_child_of_the_family_is_refused(told, client):
    inside(client, told, told.posts["academy"].person)
    refused = client.post(ASK, {"children": [told.wren.pk], "grounds": GROUNDS, "police": "not_asked"})
    assert (refused.status_code, ConferenceRequest.objects.exists()) == (HTTPStatus.OK, False)


def test_nobody_of_the_family_asks(told, client):
    inside(client, told, told.hazel)
    assert ASK not in text(client.get(HOME))
    assert client.get(ASK).status_code == HTTPStatus.NOT_FOUND


def test_what_was_asked_in_one_post_is_not_read_in_another(told):
    academy, gp = told.posts["academy"], told.posts["gp"]
    row = ConferenceRequest.objects.create(
        family=told.family, agency=academy.agency, post=academy, person=academy.person, asked_at=NOW, grounds=GROUNDS,
        guest_session_id=1,
    )  # fmt: skip
    row.children.set([told.robin])
    assert own_requests(academy.person, posts=[academy], children=[told.robin]) == [row]
    assert own_requests(academy.person, posts=[gp], children=[told.robin]) == []
    assert own_requests(academy.person, posts=[academy], children=[told.wren]) == []
