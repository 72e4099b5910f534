"""A child is heard: an advocate is offered, and a link of their own goes only to a device that nobody else opens."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import AdvocateAnswer, ParticipantStatus, WhoOpens
from conferences.guest_access import comes_by_link, open_to_guests
from conferences.models import AdvocateOffer
from conferences.selectors.advocates import offers_in_words, to_be_offered_an_advocate
from conferences.selectors.guests import link_state
from conferences.selectors.procedures import policy_of_conference
from conferences.services.advocates import record_advocate_offer
from conferences.services.devices import record_device
from conferences.services.guest_links import issue_link
from conferences.services.new_links import send_new_link
from tests.conferences.story import NOW, invited, on_list, tell
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


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
def robin(story, conference):
    """Robin is 12, and invited by e-mail."""
    row = on_list(conference, story.robin.person)
    row.status, row.invited_at, row.email = ParticipantStatus.INVITED, NOW, "robin@home.example"
    row.save()
    return row


def offer(story, row, answer=AdvocateAnswer.ACCEPTED, **changes):
    facts = {"offered_on": TODAY, "offered_by": "Amara Finch", "provider": "Voices", **changes}
    return record_advocate_offer(participant=row, answer=answer, by=story.social_worker, now=NOW, **facts)


def ask(story, row, who_opens=WhoOpens.CHILD, **changes):
    facts = {"asked_of": "Robin, alone at school", "asked_on": TODAY, **changes}
    return record_device(participant=row, who_opens=who_opens, by=story.social_worker, now=NOW, **facts)


def due(conference, row):
    return to_be_offered_an_advocate([row], policy_of_conference(conference), on=TODAY)


def test_an_offer_is_recorded_once_and_the_newest_counts(story, conference, robin):
    assert due(conference, robin) == [robin]
    unknown = offer(story, robin, AdvocateAnswer.UNKNOWN, offered_on=None, offered_by="")
    assert due(conference, robin) == [robin]
    made = offer(story, robin, standing=unknown.pk)
    assert offer(story, robin) == made
    assert due(conference, robin) == []
    with pytest.raises(ValidationError, match="meanwhile"):
        offer(story, robin, AdvocateAnswer.REFUSED, standing=unknown.pk)
    came = offer(story, robin, came="yes", standing=made.pk)
    assert AdvocateOffer.objects.filter(participant=robin, superseded_at__isnull=True).get() == came
    words = offers_in_words([robin.person_id], conference)[robin.person_id]
    assert (
        words.replace("\xa0", " ")
        == "An advocate was offered on Thursday 10 December 2026: accepted. The advocate came."
    )
    refused = offer(story, robin, AdvocateAnswer.REFUSED, came="yes", standing=came.pk)
    assert (refused.provider, refused.came) == ("", "")


def test_an_offer_says_when_and_by_whom_and_to_whom(story, conference, robin):
    with pytest.raises(ValidationError) as raised:
        offer(story, robin, AdvocateAnswer.NOT_NOW, offered_on=None, offered_by=" ")
    assert set(raised.value.message_dict) == {"offered_on", "offered_by"}
    with pytest.raises(ValidationError, match="still to come"):
        offer(story, robin, offered_on=TODAY + datetime.timedelta(days=1))
    assert offer(story, on_list(conference, story.hazel)).answer == AdvocateAnswer.ACCEPTED
    with pytest.raises(ValidationError, match="a child, a parent or a carer"):
        offer(story, on_list(conference, story.posts["gp"].person))


def test_no_link_for_a_child_before_someone_knows_who_opens_the_device(story, conference, robin):
    sitting = conference.sittings.get()
    assert not comes_by_link(robin)
    assert issue_link(participant=robin, sitting=sitting, now=NOW) is None
    assert "Nobody has recorded who can open the device" in link_state(robin, now=NOW).no_link_because
    for who in (WhoOpens.SHARED, WhoOpens.PARENT, WhoOpens.UNKNOWN):
        standing = robin.devices_asked.filter(superseded_at__isnull=True).first()
        ask(story, robin, who, standing=standing.pk if standing else 0)
        assert issue_link(participant=robin, sitting=sitting, now=NOW) is None
        with pytest.raises(ValidationError, match="No link can be sent"):
            send_new_link(participant=robin, because="Lost", by=story.coordinator, now=NOW)
    standing = robin.devices_asked.get(superseded_at__isnull=True)
    ask(story, robin, standing=standing.pk)
    link = issue_link(participant=robin, sitting=sitting, now=NOW)
    assert link is not None
    assert open_to_guests(NOW).filter(pk=robin.pk).exists()

    standing = robin.devices_asked.get(superseded_at__isnull=True)
    ask(story, robin, WhoOpens.PARENT, standing=standing.pk)
    link.refresh_from_db()
    assert link.revoked_at == NOW
    assert not open_to_guests(NOW).filter(pk=robin.pk).exists()
    # What was found holds for the one address.
    standing = robin.devices_asked.get(superseded_at__isnull=True)
    ask(story, robin, standing=standing.pk)
    robin.email = "other@home.example"
    robin.save()
    assert not comes_by_link(robin)


def test_pages_ask_refuse_and_show_the_roads_that_are_left(story, conference, robin, client):
    client.force_login(story.social_worker)
    link = reverse("conferences:guest-link", args=[conference.pk, robin.pk])
    page = client.get(link).content.decode()
    assert "Never pass a link on to a child" in page
    device = reverse("conferences:childs-device", args=[conference.pk, robin.pk])
    assert device in page
    assert (
        "Choose who can open the device" in client.post(device, {"asked_of": "Robin", "standing": 0}).content.decode()
    )
    day = {"asked_on": TODAY.isoformat()}
    assert client.post(device, {"who_opens": "child", "asked_of": "Robin", "standing": 0, **day}).status_code == 302
    assert "Never pass a link on" not in client.get(link).content.decode()

    people = reverse("conferences:people", args=[conference.pk])
    advocate = reverse("conferences:advocate-offer", args=[conference.pk, robin.pk])
    assert advocate in client.get(people).content.decode()
    refused = client.post(advocate, {"answer": "accepted", "standing": 0}).content.decode()
    assert "Enter the day on which it was offered" in refused
    day = {"offered_on": TODAY.isoformat()}
    typed = {"answer": "accepted", "provider": "Voices", "offered_by": "Amara Finch", "standing": 0, **day}
    assert client.post(advocate, typed).status_code == 302
    shown = client.get(reverse("conferences:participant", args=[conference.pk, robin.pk])).content.decode()
    assert "Voices" in shown
    assert advocate not in client.get(people).content.decode()
