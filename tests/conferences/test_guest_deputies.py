"""Deputies of professionals: named through the link or by staff, confirmed, admitted, withdrawn."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import GuestLink
from conferences.enums import Capacity, DeputyState, ParticipantStatus, Reply
from conferences.models import Deputy
from conferences.services.deputies import confirm_deputy, name_deputy, refuse_deputy, take_back_deputy
from families.models import ContactRisk, Post
from tests.conferences import guests
from tests.conferences.story import NOW, invited, on_list, tell
from tests.factories import PersonFactory, PostFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HOME = "/guest/meeting/"
JO = {"given_name": "Jo", "family_name": "Crake", "title": "Deputy head", "email": "jo@agency.example"}
HOW = "Rang the school's own number"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@once_per_module(at=NOW)
def story():
    return tell()


@once_per_module(at=NOW)
def shazia(story):
    return on_list(invited(story), story.posts["academy"].person)


@once_per_module(at=NOW)
def shazias_way(shazia):
    return guests.way_in(shazia)


@pytest.fixture
def inside(client, shazias_way):
    return guests.go_on(client, shazias_way)


def named(shazia, story, **changes):
    return name_deputy(participant=shazia, by=story.coordinator, now=NOW, **{**JO, **changes})


def confirmed(shazia, story, **changes):
    deputy = named(shazia, story, **changes)
    confirm_deputy(deputy=deputy, how_confirmed=HOW, by=story.coordinator, now=NOW)
    deputy.refresh_from_db()
    return deputy


def test_a_professional_names_a_deputy_and_nothing_goes_to_them_yet(inside, shazia, story):
    assert inside.post(f"{HOME}answer/", {"reply": Reply.DEPUTY})["Location"] == f"{HOME}deputy/"
    assert inside.post(f"{HOME}deputy/", JO)["Location"] == f"{HOME}?said=deputy"
    deputy = Deputy.objects.get()
    shazia.refresh_from_db()
    assert (deputy.state, deputy.full_name, shazia.reply) == (DeputyState.NAMED, "Jo Crake", Reply.DEPUTY)
    assert deputy.guest_session_id
    assert guests.newest(JO["email"], guests.LINK) is None
    assert "Jo Crake is coming in your place" in inside.get(HOME).content.decode()


def test_a_confirmed_deputy_gets_a_link_and_the_professionals_page_shows_less(inside, shazia, story):
    deputy = confirmed(shazia, story)
    row = deputy.comes_as
    assert (row.acts_for, row.is_deputy, row.status, row.capacity) == (
        shazia,
        True,
        ParticipantStatus.INVITED,
        Capacity.PROFESSIONAL,
    )
    assert set(row.children.all()) == set(shazia.children.all())
    page = inside.get(HOME).content.decode()
    assert "Someone is coming in your place" in page
    assert "Mulberry House" not in page
    for path in ("answer/", "ask/", "deputy/"):
        assert inside.get(f"{HOME}{path}").status_code == 404, path
    jo = Client()
    guests.come_in(jo, row)
    assert "Mulberry House" in jo.get(HOME).content.decode()


def test_deputy_and_professional_have_different_links(shazia, story):
    row = confirmed(shazia, story).comes_as
    mine, theirs = guests.token_of(shazia), guests.token_of(row)
    assert mine != theirs
    assert set(GuestLink.objects.filter(revoked_at=None, subject_id__in=[shazia.pk, row.pk]).values_list("sent_to", flat=True)) == {
        shazia.email,
        JO["email"],
    }  # fmt: skip


def test_a_deputy_cannot_name_another_deputy(shazia, story):
    row = confirmed(shazia, story).comes_as
    jo = Client()
    guests.come_in(jo, row)
    assert "a deputy is coming" not in jo.get(f"{HOME}answer/").content.decode()
    assert "Choose" in jo.post(f"{HOME}answer/", {"reply": Reply.DEPUTY}).content.decode()
    ann = {**JO, "given_name": "Ann", "email": "ann@agency.example"}
    assert [jo.get(f"{HOME}deputy/").status_code, jo.post(f"{HOME}deputy/", ann).status_code] == [404, 404]
    with pytest.raises(ValidationError):
        named(row, story, given_name="Ann", email="ann@agency.example")
    assert Deputy.objects.count() == 1


def test_a_replaced_deputy_loses_access_at_once(shazia, story):
    first = confirmed(shazia, story)
    jo = Client()
    guests.come_in(jo, first.comes_as)
    assert jo.get(HOME).status_code == 200
    second = confirmed(shazia, story, given_name="Ann", email="ann@agency.example")
    assert jo.get(HOME).status_code == 404
    first.refresh_from_db()
    assert (first.state, first.ended_because) == (DeputyState.ENDED, "Someone else is coming in their place.")
    assert second.comes_as.status == ParticipantStatus.INVITED


def test_a_withdrawn_deputy_loses_access_and_the_professional_may_answer_again(inside, shazia, story):
    deputy = confirmed(shazia, story)
    jo = Client()
    guests.come_in(jo, deputy.comes_as)
    take_back_deputy(deputy=deputy, because="She comes herself", by=story.coordinator, now=NOW)
    assert jo.get(HOME).status_code == 404
    shazia.refresh_from_db()
    assert shazia.reply == Reply.NONE
    assert "Mulberry House" in inside.get(HOME).content.decode()


def test_a_withdrawn_deputy_can_be_named_again(shazia, story):
    take_back_deputy(deputy=confirmed(shazia, story), because="Ill", by=story.coordinator, now=NOW)
    again = confirmed(shazia, story)
    assert again.comes_as is not None


def test_a_deputy_whose_post_ends_loses_access(shazia, story):
    deputy = confirmed(shazia, story)
    jo = Client()
    guests.come_in(jo, deputy.comes_as)
    Post.objects.filter(pk=deputy.comes_as.post_id).update(ends_on=NOW.date())
    assert jo.get(HOME).status_code == 404


def test_a_deputy_under_a_contact_risk_waits_for_the_chair(shazia, story):
    person = PersonFactory(authority=story.authority, given_name="Jo", family_name="Crake")
    PostFactory(agency=shazia.agency, person=person, title="Deputy head", email=JO["email"])
    ContactRisk.objects.create(
        person=person, ground="violence", detail="Threats", recorded_by=story.social_worker, recorded_at=NOW
    )
    deputy = confirmed(shazia, story)
    assert deputy.comes_as.person == person
    assert deputy.comes_as.status == ParticipantStatus.AWAITING_CHAIR
    assert guests.newest(JO["email"], guests.LINK) is None


def test_a_guest_naming_a_taken_mailbox_is_not_told_whose_it_is(inside, shazia, story):
    answer = inside.post(f"{HOME}deputy/", {**JO, "email": "Hazel@home.example"})
    assert answer.headers["Location"] == f"{HOME}?said=deputy"
    deputy = Deputy.objects.get()
    with pytest.raises(ValidationError) as refused:
        confirm_deputy(deputy=deputy, how_confirmed="Rang the school.", by=story.coordinator, now=NOW)
    assert "have the same e-mail address" in str(refused.value)
    assert guests.newest("hazel@home.example", guests.CODE) is None


def test_staff_naming_a_taken_mailbox_are_told_whose_it_is(shazia, story):
    with pytest.raises(ValidationError) as refused:
        named(shazia, story, email="Hazel@home.example")
    assert "have the same e-mail address" in refused.value.message_dict["email"][0]


def test_a_deputy_with_the_professionals_own_mailbox_is_refused(shazia, story):
    with pytest.raises(ValidationError) as refused:
        named(shazia, story, email=shazia.email)
    assert list(refused.value.message_dict) == ["email"]


def test_confirming_needs_a_method_and_happens_once(shazia, story):
    deputy = named(shazia, story)
    with pytest.raises(ValidationError):
        confirm_deputy(deputy=deputy, how_confirmed=" ", by=story.coordinator, now=NOW)
    first = confirm_deputy(deputy=deputy, how_confirmed=HOW, by=story.coordinator, now=NOW)
    again = confirm_deputy(deputy=deputy, how_confirmed=HOW, by=story.coordinator, now=NOW)
    assert first == again


def test_a_refused_deputy_gets_nothing(shazia, story):
    deputy = named(shazia, story)
    refuse_deputy(deputy=deputy, because="Nobody there knows them", by=story.coordinator, now=NOW)
    with pytest.raises(ValidationError):
        confirm_deputy(deputy=deputy, how_confirmed=HOW, by=story.coordinator, now=NOW)
    assert guests.newest(JO["email"], guests.LINK) is None


def test_a_parent_cannot_name_a_deputy(client, story, shazia):
    hazel = on_list(shazia.conference, story.hazel)
    guests.come_in(client, hazel)
    assert client.get(f"{HOME}deputy/").status_code == 404
    with pytest.raises(ValidationError):
        named(hazel, story)


def test_staff_confirm_a_deputy_on_a_page(client, shazia, story):
    start = f"/conferences/{shazia.conference_id}/people/{shazia.pk}"
    client.force_login(story.coordinator)
    assert client.post(f"{start}/deputy/", JO).status_code == 302
    deputy = Deputy.objects.get()
    assert "jo@agency.example" in client.get(f"{start}/link/").content.decode()
    assert "Say how you checked who this is" in client.post(f"{start}/deputy/{deputy.pk}/", {}).content.decode()
    assert client.post(f"{start}/deputy/{deputy.pk}/", {"how_confirmed": HOW}).status_code == 302
    assert client.post(f"{start}/deputy/{deputy.pk}/end/", {"because": "Ill"}).status_code == 302
    deputy.refresh_from_db()
    assert deputy.state == DeputyState.ENDED


def test_a_deputy_of_another_conference_is_not_settled_here(client, shazia, story):
    other = tell()
    theirs = named(on_list(invited(other), other.posts["academy"].person), other)
    client.force_login(story.coordinator)
    start = f"/conferences/{shazia.conference_id}/people/{shazia.pk}"
    assert client.post(f"{start}/deputy/{theirs.pk}/", {"how_confirmed": HOW}).status_code == 404
