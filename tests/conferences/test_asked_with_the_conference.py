"""What a worker asks for with a conference flows on: to the chair, the record, the list and the dangers."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import AskedKind, ParticipantStatus, RequestGround
from conferences.models import Conference, ConferenceRequest, ExclusionRequest
from conferences.selectors.requests import unsettled_in
from conferences.services.asking import Danger, ask_with_facts, record_asked
from conferences.services.proposals import propose_participants
from conferences.services.requests import Asked, AskedItem, Asker, answer_request, ask_as_agency
from conferences.services.scheduling import cancel_conference, schedule_conference
from families.models import Person, SafetyAlert
from notifications.models import Notice
from tests.conferences import story
from tests.conferences.story import NOW
from tests.factories import AgencyFactory, PersonFactory, PostFactory
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    """The Brambley family after the strategy discussion, and a youth worker whom no child is known to."""
    made = story.tell()
    story.discussed(made)
    made.youth = PostFactory(
        agency=AgencyFactory(authority=made.authority, name="Linnet Youth Club"),
        person=PersonFactory(authority=made.authority, given_name="Ivo", family_name="Crane"),
        email="ivo@club.example",
    )
    return made


def wishes(told):
    return [
        AskedItem(kind=AskedKind.KEEP_OUT, person=told.dale, words="He threatened her at the gate"),
        AskedItem(kind=AskedKind.INTERPRETER, person=told.hazel, words="Polish"),
        AskedItem(kind=AskedKind.HELP, person=told.hazel, words="A room without steps"),
        AskedItem(kind=AskedKind.ADVOCATE, person=told.robin.person),
        AskedItem(kind=AskedKind.COMER, post=told.youth, words="He sees Robin twice a week"),
        AskedItem(kind=AskedKind.COMER, words="The football trainer"),
    ]


def asked_for(told, **fields):
    asked = Asked(grounds="She is hurt again", items=wishes(told), police="yes", **fields)
    return ask_with_facts(
        family=told.family, children=story.to_confer(told), reason="Bruises", asked=asked,
        danger=Danger(told.dale, "dog", "A dog in the yard"), by=told.social_worker, now=NOW,
    )  # fmt: skip


def book(told, conference):
    schedule_conference(conference=conference, booking=story.booking(told), by=told.coordinator, now=NOW)
    return conference


def test_needs_and_dangers_are_recorded_at_once_and_nothing_recorded_is_overwritten(told):
    Person.objects.filter(pk=told.hazel.pk).update(language="Polish, or German")
    asked_for(told)
    hazel = Person.objects.get(pk=told.hazel.pk)
    assert (hazel.interpreter_needed, hazel.language, hazel.access_needs) == (
        True, "Polish, or German", "A room without steps",
    )  # fmt: skip
    alert = SafetyAlert.objects.get(person=told.dale)
    assert (alert.kind, alert.words, alert.recorded_by) == ("dog", "A dog in the yard", told.social_worker)


def test_who_should_stay_out_is_put_to_the_chair_when_the_conference_is_booked(told):
    conference = asked_for(told)
    assert not ExclusionRequest.objects.exists()
    book(told, conference)
    asked = ExclusionRequest.objects.get(ground=RequestGround.ASKED)
    assert (asked.participant.person, asked.asked_by) == (told.dale, told.social_worker)
    assert "He threatened her at the gate" in asked.reason
    assert asked.participant.status == ParticipantStatus.AWAITING_CHAIR


def test_who_else_should_come_stands_proposed_with_the_reason(told):
    conference = book(told, asked_for(told))
    row = conference.participants.get(post=told.youth)
    assert (row.status, row.email, "He sees Robin twice a week" in row.because) == (
        ParticipantStatus.PROPOSED, "ivo@club.example", True,
    )  # fmt: skip
    assert [(one.title, one.item.words) for one in unsettled_in(conference)] == [
        ("Interpreter", "Polish"), ("Advocate", ""), ("Should also come", "The football trainer"),
    ]  # fmt: skip


def test_the_chairs_decision_is_not_asked_for_again(told):
    conference = book(told, asked_for(told))
    ExclusionRequest.objects.update(
        how="whole", decided_by=told.chair, decided_at=NOW, decision_reason="He is with his solicitor"
    )
    conference.participants.filter(person=told.dale).update(status=ParticipantStatus.TO_INVITE)
    propose_participants(conference=conference, by=told.coordinator, now=NOW)
    assert ExclusionRequest.objects.count() == 1


def test_what_is_added_after_booking_is_held_at_once_and_the_coordinator_told(told):
    conference = story.booked(told)
    asked = Asked(items=[AskedItem(kind=AskedKind.KEEP_OUT, person=told.martin, words="He drinks")])
    made = record_asked(conference=conference, asked=asked, danger=None, by=told.social_worker, now=NOW)
    assert story.on_list(conference, told.martin).status == ParticipantStatus.AWAITING_CHAIR
    assert Notice.objects.filter(user=told.coordinator, key=f"conference-asked:{made.pk}").exists()
    assert record_asked(conference=conference, asked=asked, danger=None, by=told.social_worker, now=NOW) == made
    assert ExclusionRequest.objects.filter(participant__person=told.martin).count() == 1


def test_nothing_is_asked_for_with_nothing_or_after_the_end(told):
    conference = story.booked(told)
    with pytest.raises(ValidationError, match="Fill in at least one part"):
        record_asked(conference=conference, asked=Asked(), danger=None, by=told.social_worker, now=NOW)
    cancel_conference(conference=conference, reason="Not needed", by=told.coordinator, now=NOW)
    with pytest.raises(ValidationError, match="is over"):
        record_asked(conference=conference, asked=Asked(grounds="X"), danger=None, by=told.social_worker, now=NOW)


def test_a_short_request_asks_only_for_the_reason_and_stays_not_asked(told, client):
    client.force_login(told.social_worker)
    page = reverse("conferences:ask-for-conference", args=[told.family.pk])
    form = client.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    assert client.post(page, typed | {"reason": "Bruises that nobody explains"}).status_code == HTTPStatus.FOUND
    assert (Conference.objects.count(), ConferenceRequest.objects.count()) == (1, 0)


def test_the_page_begins_with_what_is_recorded_and_says_what_a_part_lacks(told, client):
    Person.objects.filter(pk=told.hazel.pk).update(interpreter_needed=True, language="Polish")
    client.force_login(told.social_worker)
    page = reverse("conferences:ask-for-conference", args=[told.family.pk])
    shown = client.get(page)
    form = shown.context["form"]
    assert form["interpreter"].value() == [told.hazel.pk]
    assert "Robin: Hazel Brambley" in form.fields["responsibility"].help_text
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    refused = client.post(page, typed | {"reason": "Bruises", "keep_out": [told.dale.pk]})
    assert refused.context["form"].errors == {"keep_out_why": ["Say why, and what the evidence is"]}
    sent = client.post(
        page,
        typed | {"reason": "Bruises", "keep_out": [told.dale.pk], "keep_out_why": "He hit her", "categories": ["PHY"]},
    )
    assert sent.status_code == HTTPStatus.FOUND
    request = ConferenceRequest.objects.get()
    assert [(item.kind, item.person, item.words) for item in request.items.all()] == [
        (AskedKind.KEEP_OUT, told.dale, "He hit her")
    ]
    client.force_login(told.manager)
    agree = client.get(reverse("conferences:agree", args=[request.conference_id])).content.decode()
    assert [words in agree for words in ("Physical", "Bruises that nobody explains.")] == [True, True]
    # Who should stay out, and why, is for the chair.
    assert "He hit her" not in agree


def test_what_an_agency_asked_for_is_there_to_be_named_and_is_not_asked_twice(told, client):
    post = told.posts["academy"]
    asker = Asker(person=post.person, agency=post.agency, post=post, guest_session_id=1)
    wish = AskedItem(kind=AskedKind.KEEP_OUT, words="Her dad must stay away")
    request = ask_as_agency(children=told.children, asker=asker, asked=Asked(grounds="Bruises", items=[wish]), now=NOW)
    answer_request(request=request, agreed=True, by=told.manager, now=NOW)
    client.force_login(told.social_worker)
    page = reverse("conferences:ask-for-conference", args=[told.family.pk])
    form = client.get(page).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    assert "Her dad must stay away" in typed["keep_out_why"]
    client.post(page, typed | {"reason": "Bruises", "keep_out": [told.dale.pk]})
    conference = book(told, Conference.objects.get())
    held = ExclusionRequest.objects.filter(ground=RequestGround.ASKED)
    assert [row.participant.person for row in held] == [told.dale]
    assert [one for one in unsettled_in(conference) if one.item.kind == AskedKind.KEEP_OUT] == []


def test_the_pages_of_a_conference_show_add_and_settle(told, client):
    conference = book(told, asked_for(told))
    client.force_login(told.social_worker)
    overview = client.get(reverse("conferences:overview", args=[conference.pk])).content.decode()
    page = reverse("conferences:asked", args=[conference.pk])
    assert page in overview
    shown = client.get(page).content.decode()
    assert ["He threatened her at the gate" in shown, "The football trainer" in shown] == [True, True]
    listed = client.get(reverse("conferences:change-list", args=[conference.pk])).content.decode()
    assert "The football trainer (asked for by Amara Finch)" in listed
    wish = next(one.item for one in unsettled_in(conference) if one.item.words == "The football trainer")
    settle = reverse("conferences:settle-asked", args=[conference.pk, wish.pk])
    assert settle in shown
    assert client.post(settle, {"reason": "He brings a letter"}).status_code == HTTPStatus.FOUND
    assert settle not in client.get(page).content.decode()
    added = client.post(reverse("conferences:add-asked", args=[conference.pk]), {"worries": "She may be taken abroad"})
    assert added.status_code == HTTPStatus.FOUND
    assert "She may be taken abroad" in client.get(page).content.decode()


def test_who_should_stay_out_and_why_is_read_by_the_chair_and_whoever_wrote_it(told, client):
    conference = book(told, asked_for(told))
    pages = ("conferences:asked", "conferences:overview", "conferences:see-history")
    for who, reads in (
        (told.chair, True),
        (told.social_worker, True),
        (told.manager, False),
        (told.coordinator, False),
    ):
        client.force_login(who)
        shown = [client.get(reverse(page, args=[conference.pk])).content.decode() for page in pages]
        assert "He threatened her at the gate" not in shown[1]
        assert ("He threatened her at the gate" in shown[0]) is reads
        assert ("He threatened her at the gate" in shown[2]) is (who == told.chair)
        assert "A room without steps" in shown[0]
