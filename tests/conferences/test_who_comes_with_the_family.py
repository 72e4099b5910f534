"""Supporters, advocates, solicitors and interpreters: named beforehand, checked, and accepted by the chair."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import Capacity, ParticipantStatus
from conferences.models import CompanionCheck
from conferences.selectors.companions import found_about, waits_for_acceptance
from conferences.selectors.guests import sees_who_comes
from conferences.selectors.quorum import FILLS_NO_SEAT
from conferences.services.companions import answer_companion
from conferences.services.exclusions import open_request
from conferences.services.invitations import add_participant, change_list, send_invitations
from deadlines.to_decide import to_decide
from families.models import ContactRisk
from notifications.models import Message, Notice
from tests.conferences.story import NOW, as_listed, invited, on_list, tell
from tests.factories import PersonFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(hours=2)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


def bring(story, conference, *, capacity=Capacity.SUPPORTER, acts_for=None, person=None, **changes):
    person = person or PersonFactory(authority=story.authority, given_name="Ivy", family_name="Moss")
    return add_participant(
        conference=conference,
        person=person,
        capacity=capacity,
        children=list(conference.children.all()),
        email="ivy@moss.example",
        acts_for=acts_for or on_list(conference, story.hazel),
        ties="A neighbour",
        reason="Hazel brings her",
        by=story.coordinator,
        now=LATER,
        **changes,
    )


def send(story, conference):
    return send_invitations(conference=conference, by=story.coordinator, now=LATER)


def waiting_for(user):
    return [row for row in to_decide(user) if row[1] == "companion"]


def test_nothing_goes_before_the_chair_accepts_and_then_it_does(story, conference):
    ivy = bring(story, conference)
    check = ivy.companion_checks.get()
    assert (check.ties, check.asked_by, check.accepted) == ("A neighbour", story.coordinator, None)
    assert len(waiting_for(story.chair)) == 1
    assert not waiting_for(story.coordinator)
    assert Notice.objects.filter(user=story.chair, key=f"companion:{check.pk}").exists()

    assert send(story, conference) == []
    ivy.refresh_from_db()
    assert ivy.status == ParticipantStatus.TO_INVITE
    assert not Message.objects.filter(to_email="ivy@moss.example").exists()
    with pytest.raises(ValidationError, match="Only the chair"):
        answer_companion(check=check, accepted=True, by=story.coordinator, now=LATER)

    answer_companion(check=check, accepted=True, by=story.chair, now=LATER)
    assert answer_companion(check=check, accepted=True, by=story.chair, now=LATER).answered_by == story.chair
    with pytest.raises(ValidationError, match="answered meanwhile"):
        answer_companion(check=check, accepted=False, reason="No", by=story.chair, now=LATER)
    assert not waiting_for(story.chair)
    assert [row.pk for row in send(story, conference)] == [ivy.pk]
    assert Message.objects.filter(to_email="ivy@moss.example").count() == 1


def test_refused_with_a_reason_and_asked_again_where_wanted_after_all(story, conference):
    ivy = bring(story, conference)
    check = ivy.companion_checks.get()
    with pytest.raises(ValidationError) as raised:
        answer_companion(check=check, accepted=False, reason=" ", by=story.chair, now=LATER)
    assert raised.value.message_dict == {"reason": ["Say why you do not accept them."]}
    answer_companion(check=check, accepted=False, reason="She is a witness.", by=story.chair, now=LATER)
    ivy.refresh_from_db()
    assert ivy.status == ParticipantStatus.LEFT_OUT
    assert Notice.objects.filter(user=story.coordinator, key=f"companion-answered:{check.pk}").exists()
    assert "witness" not in Notice.objects.get(user=story.coordinator, key=f"companion-answered:{check.pk}").text

    change_list(
        conference=conference, changes=[as_listed(ivy, reason="She is not a witness")], by=story.coordinator, now=LATER
    )
    assert ivy.companion_checks.count() == 2
    assert send(story, conference) == []
    assert ivy.companion_checks.count() == 2


def test_no_relative_and_no_child_interprets(story, conference):
    for person in (story.olive, story.robin.person, story.martin):
        with pytest.raises(ValidationError, match="can’t interpret"):
            bring(story, conference, capacity=Capacity.INTERPRETER, person=person)
    young = PersonFactory(authority=story.authority, birth_date=datetime.date(2010, 5, 5))
    with pytest.raises(ValidationError, match="A child can’t interpret"):
        bring(story, conference, capacity=Capacity.INTERPRETER, person=young)
    grown = bring(story, conference, capacity=Capacity.INTERPRETER)
    assert waits_for_acceptance(grown)
    # Someone found to be in the family after they were named is not accepted either.
    story.olive.refresh_from_db()
    grown.person.birth_date = datetime.date(2010, 5, 5)
    grown.person.save()
    with pytest.raises(ValidationError, match="under 18"):
        answer_companion(check=grown.companion_checks.get(), accepted=True, by=story.chair, now=LATER)


def test_they_come_with_someone_in_the_family(story, conference):
    gp = on_list(conference, story.posts["gp"].person)
    for row in (None, gp):
        with pytest.raises(ValidationError) as raised:
            add_participant(
                conference=conference,
                person=PersonFactory(authority=story.authority),
                capacity=Capacity.ADVOCATE,
                children=list(conference.children.all()),
                acts_for=row,
                reason="An advocate",
                by=story.coordinator,
                now=LATER,
            )
        assert raised.value.message_dict == {"acts_for": ["Choose who in the family they come with."]}
    with pytest.raises(ValidationError, match="with themselves"):
        bring(story, conference, person=story.hazel)


def test_the_chair_sees_risks_parties_and_ties(story, conference):
    ivy = bring(story, conference)
    assert found_about(ivy, on=TODAY) == ["Their age is not recorded."]
    olive = bring(story, conference, person=story.olive)
    ContactRisk.objects.create(
        person=story.olive,
        recorded_at=LATER,
        ground="violence",
        detail="Shouted at staff",
        recorded_by=story.social_worker,
        starts_on=TODAY,
    )
    said = " ".join(found_about(olive, on=TODAY))
    assert "Grandparent of Robin Brambley." in said
    assert "Shouted at staff" in said
    shazia = bring(story, conference, person=story.posts["academy"].person)
    said = found_about(shazia, on=TODAY)
    assert "They are also on the list as professional." in said
    assert "They hold a post at an agency that is on the list." in said


def test_accepted_is_not_let_in_where_the_chair_has_still_to_decide_about_a_risk(story, conference):
    ivy = bring(story, conference)
    answer_companion(check=ivy.companion_checks.get(), accepted=True, by=story.chair, now=LATER)
    ivy.refresh_from_db()
    open_request(participant=ivy, ground="asked", reason="Dale fears her", by=story.social_worker, now=LATER)
    assert send(story, conference) == []


def test_who_was_invited_before_the_chair_was_ever_asked_stays_invited(story, conference):
    hazel = on_list(conference, story.hazel)
    before = type(hazel).objects.create(
        conference=conference,
        person=PersonFactory(authority=story.authority),
        capacity=Capacity.SUPPORTER,
        acts_for=hazel,
        status=ParticipantStatus.INVITED,
        invited_at=NOW,
    )
    assert not waits_for_acceptance(before)
    before.status = ParticipantStatus.TO_INVITE
    before.save()
    assert waits_for_acceptance(before)


def test_an_advocate_has_no_view_no_place_in_the_quorum_and_sees_nobody(story, conference):
    robin = on_list(conference, story.robin.person)
    advocate = bring(story, conference, capacity=Capacity.ADVOCATE, acts_for=robin)
    answer_companion(check=advocate.companion_checks.get(), accepted=True, by=story.chair, now=LATER)
    send(story, conference)
    advocate.refresh_from_db()
    assert advocate.status == ParticipantStatus.INVITED
    assert not sees_who_comes(advocate)
    assert advocate.capacity in FILLS_NO_SEAT
    assert waits_for_acceptance(advocate) is False


@pytest.fixture
def page(client, story):
    def of(user):
        client.force_login(user)
        return client

    return of


def test_pages_name_check_accept_and_show(story, conference, page):
    add = reverse("conferences:add-participant", args=[conference.pk])
    hazel = on_list(conference, story.hazel)
    typed = {
        "who": "new",
        "given_name": "Ivy",
        "family_name": "Moss",
        "capacity": "interpreter",
        "children": [row.pk for row in conference.children.all()],
        "reason": "Polish",
        "email": "ivy@moss.example",
    }
    client = page(story.coordinator)
    refused = client.post(add, typed).content.decode()
    assert "Choose who in the family they come with" in refused
    assert "Say how they know the family, or that they do not" in refused
    relative = {**typed, "who": "person", "person": story.olive.pk, "acts_for": hazel.pk, "ties": "Grandmother"}
    assert "A relative can’t interpret" in client.post(add, relative).content.decode()
    assert client.post(add, {**typed, "acts_for": hazel.pk, "ties": "Not at all"}).status_code == 302
    ivy = conference.participants.get(person__given_name="Ivy")
    accept = reverse("conferences:accept-companion", args=[conference.pk, ivy.pk])
    people = client.get(reverse("conferences:people", args=[conference.pk])).content.decode()
    assert accept in people
    assert "Awaiting the chair" in people
    shown = client.get(accept).content.decode()
    assert "Not at all" in shown
    assert "Record my answer" not in shown
    client.post(accept, {"answer": "yes", "check": ivy.companion_checks.get().pk})
    assert CompanionCheck.objects.get(participant=ivy).accepted is None

    client = page(story.chair)
    check = CompanionCheck.objects.get(participant=ivy)
    assert "Say why you do not accept them" in client.post(accept, {"answer": "no", "check": check.pk}).content.decode()
    assert client.post(accept, {"answer": "yes", "check": check.pk}).status_code == 302
    mine = client.get(reverse("conferences:participant", args=[conference.pk, ivy.pk])).content.decode()
    assert "Comes with" in mine
    assert "Accepted" in mine
