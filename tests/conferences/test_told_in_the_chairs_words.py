"""Whoever knew of the meeting and is taken off it, or given a part of it, hears it in the chair's words."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from icalendar import Calendar

from accounts.models import GuestLink
from conferences.enums import HowToAttend, ParticipantStatus, RequestGround
from conferences.models import Deputy, ToTell
from conferences.services.deputies import confirm_deputy, name_deputy, take_back_deputy
from conferences.services.exclusions import decide_request, open_request
from conferences.services.invitations import change_list
from conferences.services.new_links import send_new_link
from conferences.services.scheduling import cancel_conference
from families.models import AgencyInvolvement, ContactPoint
from notifications.enums import MessageState
from notifications.models import Message, Notice
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences.story import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(hours=2)
TOLD = "You are not asked to come. What you think still matters: tell Amara on 01632 960 001."
ANSWER = "You asked that he does not come. The chair decided that he is heard another way."
REASON = "Hazel Brambley is afraid of him."
OURS = ("has changed", "been cancelled", "will not go ahead")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@once_per_module(at=NOW)
def knowing(invited):
    """The conference after its invitations left."""
    send_due(now=NOW, limit=200)
    return invited


def send():
    send_due(now=LATER, limit=200)


def ask(told, row, asker=True):
    return open_request(
        participant=row, ground=RequestGround.ASKED, reason=REASON, asked_for=told.hazel if asker else None,
        by=told.social_worker, now=NOW,
    )  # fmt: skip


def decide(told, request, how=HowToAttend.NOT_AT_ALL, **changes):
    words = {"told_text": TOLD, "answer_text": ANSWER, **changes}
    return decide_request(
        request=request,
        by=told.chair,
        how=how,
        reason="He is heard another way.",
        views_through=story.on_list(request.conference, told.posts["gp"].person)
        if how == HowToAttend.NOT_AT_ALL
        else None,
        arrives_at=story.STARTS_AT + datetime.timedelta(hours=3) if how == HowToAttend.SEPARATE_TIME else None,
        now=LATER,
        **words,
    )


def newest(person):
    return Message.objects.filter(person_id=person.pk).latest("pk")


def event_of(message):
    calendar = Calendar.from_ical(message.calendar_file)
    return str(calendar["METHOD"]), next(iter(calendar.walk("VEVENT")))


def test_whoever_knew_and_is_kept_out_is_told_in_the_chairs_words(told, knowing):
    dale = story.on_list(knowing, told.dale)
    first = newest(told.dale)
    decide(told, ask(told, dale))
    send()
    message = newest(told.dale)
    assert (message.state, message.subject) == (
        MessageState.SENT,
        f"About your place at a meeting: {knowing.reference}",
    )
    assert TOLD in message.body
    assert [word for word in (*OURS, "Hazel", "Brambley", ANSWER) if word in message.subject + message.body] == []
    method, event = event_of(message)
    assert (method, str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert str(event["UID"]) == str(event_of(first)[1]["UID"])
    assert not GuestLink.objects.filter(person_id=told.dale.pk, revoked_at__isnull=True).exists()
    assert story.on_list(knowing, told.dale).status == ParticipantStatus.KEPT_OUT


@pytest.mark.parametrize(
    "how", [HowToAttend.PART, HowToAttend.SEPARATE_TIME, HowToAttend.SEPARATE_PLACE, HowToAttend.VIDEO], ids=str
)
def test_whoever_knew_and_comes_for_a_part_is_told_so_in_the_same_words(told, knowing, how):
    decide(told, ask(told, story.on_list(knowing, told.dale)), how)
    send()
    message = newest(told.dale)
    assert message.subject == f"About your place at a meeting: {knowing.reference}"
    assert TOLD in message.body
    assert "Please arrive at:" in message.body
    assert [word for word in OURS if word in message.subject + message.body] == []
    assert event_of(message)[0] == "REQUEST"


@pytest.mark.parametrize("how", [how for how in HowToAttend if how != HowToAttend.WHOLE], ids=str)
def test_the_decision_waits_for_the_words_to_somebody_who_knows(told, knowing, how):
    request = ask(told, story.on_list(knowing, told.dale))
    with pytest.raises(ValidationError) as refused:
        decide(told, request, how, told_text=" ", answer_text="")
    assert set(refused.value.message_dict) == {"told_text", "answer_text"}


def test_the_words_never_name_who_asked(told, knowing):
    request = ask(told, story.on_list(knowing, told.dale))
    with pytest.raises(ValidationError) as refused:
        decide(told, request, told_text="HAZEL asked that you stay away.")
    assert set(refused.value.message_dict) == {"told_text"}


@pytest.mark.parametrize(
    "text", ["Hazels wish", "Ms Brambley asked", "H. Brambley asked", "Ha\u00adzel asked", "HB asked", "Haz-\nel asked"]
)
def test_nor_in_other_ways_of_writing_a_name(told, knowing, text):
    request = ask(told, story.on_list(knowing, told.dale))
    with pytest.raises(ValidationError) as refused:
        decide(told, request, told_text=f"{text} that you stay away.")
    assert set(refused.value.message_dict) == {"told_text"}


def test_an_asker_called_will_does_not_stop_what_will_be_said(told, knowing):
    told.hazel.given_name = "Will"
    told.hazel.save()
    assert decide(told, ask(told, story.on_list(knowing, told.dale)), told_text="You will be heard another way.")


def test_the_words_to_either_give_away_no_place_that_is_hidden_from_them(told, knowing):
    agency = told.posts["primary"].agency
    AgencyInvolvement.objects.filter(agency=agency).update(confidential=True)
    request = ask(told, story.on_list(knowing, told.dale))
    for text in (f"Callum Reed of {agency.name} brings what you think.", "Mr Reed brings it."):
        with pytest.raises(ValidationError) as refused:
            decide(told, request, told_text=text)
        assert "confidential" in refused.value.message_dict["told_text"][0]
    assert decide(told, request, told_text="Amara Finch brings what you think.")


def test_a_draft_is_nobodys_words(told, knowing):
    request = ask(told, story.on_list(knowing, told.dale))
    with pytest.raises(ValidationError) as refused:
        decide(told, request, told_text="The chair decided. [Who brings it.]", answer_text="You asked [what].")
    assert set(refused.value.message_dict) == {"told_text", "answer_text"}


def test_somebody_who_never_knew_is_told_nothing_and_no_words_are_asked_for(told, booked):
    story.settled(told, booked)
    decide(told, ask(told, story.on_list(booked, told.dale), asker=False), told_text="", answer_text="")
    send()
    assert not Message.objects.filter(person_id=told.dale.pk).exists()


def test_whoever_was_told_by_hand_is_told_by_hand(told, knowing):
    dale = story.on_list(knowing, told.dale)
    dale.email, dale.invited_how = "", "Amara took it"
    dale.save()
    Message.objects.filter(person_id=told.dale.pk).update(state=MessageState.WITHDRAWN, withdrawn_at=NOW,
                                                          withdrawn_because="By hand", sent_at=None)  # fmt: skip
    ToTell.objects.create(
        conference=knowing, participant=dale, occasion="invitation", because="No address", arose_at=NOW, told_at=NOW
    )
    decide(told, ask(told, dale))
    notice = Notice.objects.get(user=told.coordinator, text__contains="Tell them: the words are on this page")
    assert (notice.urgent, notice.url) == (True, reverse("conferences:to-tell", args=[knowing.pk]))


def test_the_one_who_asked_is_answered_in_the_chairs_words_and_nobody_else(told, knowing):
    decide(told, ask(told, story.on_list(knowing, told.dale)))
    send()
    answered = Message.objects.filter(body__contains=ANSWER)
    assert [(row.person_id, row.subject, row.state) for row in answered] == [
        (told.hazel.pk, f"An answer to what you asked: {knowing.reference}", MessageState.SENT)
    ]


def test_an_answer_to_an_unsafe_address_is_not_sent_and_given_by_hand(told, knowing):
    decide(told, ask(told, story.on_list(knowing, told.dale)))
    ContactPoint.objects.filter(person=told.hazel).update(is_safe=False)
    send()
    assert Message.objects.get(body__contains=ANSWER).state == MessageState.WITHDRAWN
    assert Notice.objects.filter(user=told.coordinator, text__contains="answered someone who asked").count() == 1


def test_who_is_let_in_after_all_gets_the_invitation_again(told, knowing):
    decide(told, ask(told, story.on_list(knowing, told.dale)), HowToAttend.WHOLE)
    send()
    message = newest(told.dale)
    assert message.subject == f"Invitation to a meeting: {knowing.reference}"
    assert TOLD not in message.body


def test_somebody_taken_off_the_list_hears_of_no_cancelled_meeting(told, knowing):
    row = story.on_list(knowing, told.posts["gp"].person)
    change = story.as_listed(row, wanted=False, reason="The nurse comes")
    change_list(conference=knowing, changes=[change], by=told.coordinator, now=LATER)
    send()
    message = newest(row.person)
    assert message.subject == f"About your place at a meeting: {knowing.reference}"
    assert [word for word in (*OURS, "The nurse comes") if word in message.subject + message.body] == []
    assert event_of(message)[0] == "CANCEL"


def test_a_deputy_taken_back_hears_of_no_cancelled_meeting(told, knowing):
    row = story.on_list(knowing, told.posts["gp"].person)
    deputy = name_deputy(
        participant=row, given_name="Jo", family_name="Teal", title="Nurse", email="jo@agency.example",
        by=told.coordinator, now=LATER,
    )  # fmt: skip
    comes_as = confirm_deputy(deputy=deputy, how_confirmed="Rang", by=told.coordinator, now=LATER)
    send()
    take_back_deputy(deputy=Deputy.objects.get(pk=deputy.pk), because="A mistake", by=told.coordinator, now=LATER)
    send()
    assert newest(comes_as.person).subject == f"About your place at a meeting: {knowing.reference}"


@pytest.mark.parametrize("act", ["link", "mailbox"])
def test_a_message_says_a_meeting_has_changed_only_where_it_has(told, knowing, act):
    dale = story.on_list(knowing, told.dale)
    if act == "link":
        send_new_link(participant=dale, because="Lost", by=told.coordinator, now=LATER)
    else:
        ContactPoint.objects.create(person=told.dale, kind="email", value="other@home.example", is_safe=True)
        change = story.as_listed(dale, email="other@home.example")
        change_list(conference=knowing, changes=[change], by=told.coordinator, now=LATER)
    send()
    assert newest(told.dale).subject == f"Invitation to a meeting: {knowing.reference}"


def test_a_cancelled_conference_says_nothing_more_to_whoever_was_kept_out(told, knowing):
    decide(told, ask(told, story.on_list(knowing, told.dale)))
    send()
    last = newest(told.dale)
    cancel_conference(conference=knowing, reason="Ill", by=told.coordinator, now=LATER)
    send()
    assert newest(told.dale) == last


def test_the_page_asks_the_chair_for_both_texts_with_a_draft_that_names_nobody(client, told, knowing):
    dale = story.on_list(knowing, told.dale)
    request = ask(told, dale)
    client.force_login(told.chair)
    address = reverse("conferences:decide-request", args=[knowing.pk, request.pk])
    form = client.get(address).context["form"]
    assert "Hazel" not in form.initial["told_text"]
    gp = story.on_list(knowing, told.posts["gp"].person)
    answers = {"how": "not_at_all", "reason": "Heard another way", "views_through": gp.pk, "risks_seen": ""}
    page = client.post(address, answers | {"told_text": form.initial["told_text"], "answer_text": ""})
    assert set(page.context["form"].errors) == {"told_text", "answer_text"}
    client.post(address, answers | {"told_text": TOLD, "answer_text": ANSWER})
    page = client.get(reverse("conferences:participant", args=[knowing.pk, dale.pk])).content.decode()
    assert (TOLD in page, ANSWER in page) == (True, True)
