"""Somebody of the family says what they think on their own page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from conferences.enums import ConferenceStatus
from families.models import ContactRisk
from my_views.enums import Given, Help, Way
from my_views.models import Answer, DraftAnswer, HandIn, MyViewsForm
from notifications.models import Notice
from tests.conferences import guests
from tests.conferences.story import NOW

pytestmark = pytest.mark.django_db

START = "/guest/my-views/"
CHECK = f"{START}check/"
MARKER = "Zinnia-marker"


def ask(key):
    return f"{START}question/{key}/"


def field_of(response, name):
    return str(response.context["form"][name].value() or "")


def answers(client, key, text="", **more):
    """Open a question's page and send an answer from it."""
    page = client.get(ask(key))
    return client.post(ask(key), {"version": field_of(page, "version"), "text": text, **more})


def hands_in(client, **more):
    page = client.get(CHECK)
    return client.post(CHECK, {"seen": field_of(page, "seen"), "help": "alone", "helped_by": "", **more})


def begun(client):
    return client.post(START)


def filled_in(client, text="We walk to school."):
    begun(client)
    answers(client, "going-well", text)
    return hands_in(client)


def test_before_the_first_question_it_says_what_becomes_of_the_answers(hazels):
    page = hazels.get(START).content.decode()
    for said in (
        "We talk about your answers in the meeting",
        "So does the person who leads the meeting",
        "This is only for the chair and the social worker",
        "we may have to tell others",
        "A court can ask to see it",
        "We will try to tell you first",
        "No one reads it until you hand it in",
    ):
        assert said in page


def test_the_first_page_leads_to_it_before_anything_else(hazels):
    tasks = hazels.get("/guest/meeting/").context["tasks"]
    assert [task["status"] for task in tasks if task["url"] == START] == ["To do"]


def test_each_page_names_999_and_the_councils_numbers_whatever_is_typed(hazels, story):
    story.authority.day_phone, story.authority.night_phone = "01632 960 100", "01632 960 101"
    story.authority.save()
    begun(hazels)
    answers(hazels, "going-well", "He will kill me")
    for address in (START, ask("worries"), CHECK, f"{START}other-ways/", f"{START}paper/"):
        page = hazels.get(address).content.decode()
        assert "999" in page
        assert "01632 960 100" in page
        assert "01632 960 101" in page


def test_an_answer_is_saved_as_one_goes_and_told_to_no_one(hazels, conference):
    response = begun(hazels)
    assert response["Location"] == ask("going-well")
    response = answers(hazels, "going-well", MARKER)
    assert response["Location"] == ask("worries")
    assert MARKER in hazels.get(ask("going-well")).content.decode()
    assert (HandIn.objects.count(), Notice.objects.filter(key__startswith="my-views").count()) == (0, 0)
    draft = DraftAnswer.objects.get()
    assert MARKER not in draft.sealed


def test_handed_in_it_reaches_chair_and_social_worker_at_once_and_nobody_else(hazels, story):
    filled_in(hazels)
    told = Notice.objects.filter(key__startswith="my-views")
    assert {notice.user for notice in told} == {story.chair, story.social_worker}
    sent = HandIn.objects.get()
    assert (sent.way, sent.help, sent.recorded_by, sent.counts) == (Way.OWN_PAGE, Help.ALONE, None, True)
    given = {row.question: row.given for row in sent.answers.all()}
    assert given["going-well"] == Given.ANSWERED
    assert given["worries"] == Given.BLANK


def test_not_wanting_to_answer_is_not_an_empty_answer(hazels):
    begun(hazels)
    answers(hazels, "worries", "", skip="1")
    hands_in(hazels)
    row = Answer.objects.get(question="worries")
    assert (row.given, row.text) == (Given.REFUSED, "")


def test_who_helped_is_kept(hazels):
    begun(hazels)
    answers(hazels, "going-well", "Well")
    refused = hands_in(hazels, help="helped")
    assert "Write who helped you" in refused.content.decode()
    hands_in(hazels, help="helped", helped_by="My friend Kit")
    assert HandIn.objects.get().helped_by == "My friend Kit"


def test_sent_twice_it_is_handed_in_once(hazels):
    begun(hazels)
    answers(hazels, "going-well", "Well")
    page = hazels.get(CHECK)
    data = {"seen": field_of(page, "seen"), "help": "alone", "helped_by": ""}
    hazels.post(CHECK, data)
    hazels.post(CHECK, data)
    assert HandIn.objects.count() == 1
    assert Notice.objects.filter(key__startswith="my-views").count() == 2


def test_changed_until_the_meeting_the_earlier_one_is_kept(hazels):
    filled_in(hazels, "We walk to school.")
    answers(hazels, "going-well", "We run to school.")
    assert HandIn.objects.get().answers.get(question="going-well").text == "We walk to school."
    assert "That is not handed in yet" in hazels.get(START).content.decode()
    hands_in(hazels)
    first, second = HandIn.objects.order_by("number")
    assert (first.superseded_at, second.counts) == (NOW, True)
    assert first.answers.get(question="going-well").text == "We walk to school."
    assert second.answers.get(question="going-well").text == "We run to school."


def test_taken_back_it_counts_no_more_and_is_kept(hazels, story):
    filled_in(hazels)
    hazels.post(f"{START}take-back/")
    sent = HandIn.objects.get()
    assert (sent.withdrawn_at, sent.counts, sent.answers.count()) == (NOW, False, 6)
    assert "was taken back" in Notice.objects.filter(user=story.chair).latest("pk").text
    hands_in(hazels)
    assert HandIn.objects.filter(superseded_at=None, withdrawn_at=None).count() == 1


def second_phone(hazel):
    browser = Client()
    guests.let_in(browser, hazel, sitting=hazel.conference.sittings.first())
    return browser


def test_of_two_phones_neither_overwrites_the_other_unseen(hazels, hazel):
    begun(hazels)
    other = second_phone(hazel)
    page = other.get(ask("going-well"))
    answers(hazels, "going-well", "From the first phone")
    data = {"version": field_of(page, "version"), "text": "From the second phone"}
    both = other.post(ask("going-well"), data)
    assert both.status_code == 200
    assert "From the first phone" in both.content.decode()
    assert "From the second phone" in both.content.decode()
    assert "From the first phone" in hazels.get(CHECK).content.decode()
    other.post(ask("going-well"), {**data, "version": field_of(both, "version")})
    assert "From the second phone" in hazels.get(CHECK).content.decode()


def test_what_another_phone_wrote_meanwhile_is_read_before_it_is_handed_in(hazels, hazel):
    begun(hazels)
    answers(hazels, "going-well", "Well")
    page = hazels.get(CHECK)
    answers(second_phone(hazel), "worries", "Something else")
    refused = hazels.post(CHECK, {"seen": field_of(page, "seen"), "help": "alone", "helped_by": ""})
    assert "Read it once more" in refused.content.decode()
    assert "Something else" in refused.content.decode()
    assert HandIn.objects.count() == 0
    hazels.post(CHECK, {"seen": field_of(refused, "seen"), "help": "alone", "helped_by": ""})
    assert HandIn.objects.count() == 1


def test_nothing_can_be_handed_in_where_nothing_was_answered(hazels):
    begun(hazels)
    assert "There is nothing to hand in yet" in hands_in(hazels).content.decode()


@pytest.mark.parametrize("status", [ConferenceStatus.OPEN, ConferenceStatus.CLOSED])
def test_once_the_meeting_has_begun_nothing_is_changed_and_what_was_typed_is_still_there(hazels, conference, status):
    filled_in(hazels, MARKER)
    page = hazels.get(ask("worries"))
    fields = {"status": status, **({"opened_at": NOW, "ended_at": NOW, "closed_at": NOW} if status == "closed" else {})}
    type(conference).objects.filter(pk=conference.pk).update(**fields)
    refused = hazels.post(ask("worries"), {"version": field_of(page, "version"), "text": "Late words"})
    assert "The meeting has begun" in refused.content.decode()
    assert "Late words" in refused.content.decode()
    assert MARKER in hazels.get(START).content.decode()


def test_twenty_thousand_letters_are_taken(hazels):
    filled_in(hazels, "ab " * 7000)
    assert len(Answer.objects.get(question="going-well").text) == 20_999


def test_far_too_long_an_answer_is_refused_and_kept_on_the_page(hazels):
    begun(hazels)
    refused = answers(hazels, "going-well", "abcde" * 12_000)
    assert "Use 50000 characters or fewer" in refused.content.decode()
    assert "abcde" * 12_000 in refused.content.decode()


def test_a_guest_in_danger_of_another_loses_the_page_and_the_draft_waits_unread(hazels, hazel, story):
    begun(hazels)
    answers(hazels, "going-well", MARKER)
    page = hazels.get(CHECK)
    ContactRisk.objects.create(
        person=story.hazel, ground="violence", detail="d", recorded_by=story.social_worker, recorded_at=NOW
    )
    refused = hazels.post(CHECK, {"seen": field_of(page, "seen"), "help": "alone", "helped_by": ""})
    assert refused.status_code == 404
    assert "This page is closed" in refused.content.decode()
    assert HandIn.objects.count() == 0
    assert DraftAnswer.objects.get().sealed != ""


def test_leaving_quickly_keeps_what_was_typed(hazels, hazel):
    begun(hazels)
    hazels.post(reverse("guests:leave-quickly"), {"page": ask("going-well"), "text": MARKER, "version": "0"})
    assert MARKER in second_phone(hazel).get(ask("going-well")).content.decode()


def test_a_professional_has_no_such_page(conference, story):
    from tests.conferences.story import on_list  # noqa: PLC0415

    browser = Client()
    shazia = on_list(conference, story.posts["academy"].person)
    guests.let_in(browser, shazia, sitting=conference.sittings.first())
    assert browser.get(START).status_code == 404
    assert START not in browser.get("/guest/meeting/").content.decode()


def test_no_other_of_the_family_sees_that_there_is_a_form(hazels, martins):
    filled_in(hazels, MARKER)
    for address in ("/guest/meeting/", START, "/guest/papers/", "/guest/meeting/people/"):
        page = martins.get(address).content.decode()
        assert MARKER not in page
        assert "handed in your" not in page
        assert "Handed in" not in page
    assert MyViewsForm.objects.count() == 1
