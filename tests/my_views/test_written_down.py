"""A worker fills a form in with someone, writes down what they say, or types in what they wrote on paper."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from conferences.enums import ConferenceStatus
from my_views.enums import Help, Way
from my_views.models import Answer, HandIn, MyViewsForm
from tests.conferences.story import on_list
from tests.my_views.test_own_page import answers, begun, field_of, filled_in

pytestmark = pytest.mark.django_db


class Worker:
    """A worker's tablet, with the form of one person."""

    def __init__(self, user, conference, person):
        self.client, self.args = Client(), [conference.pk, person.pk]
        self.client.force_login(user)

    def at(self, page, *args):
        return reverse(f"my_views:{page}", args=[*self.args, *args])

    def begins(self, questions="adult"):
        return self.client.post(self.at("write-down"), {"questions": questions})

    def writes(self, key, text="", **more):
        page = self.client.get(self.at("write-answer", key))
        data = {"version": field_of(page, "version"), "text": text, **more}
        return self.client.post(self.at("write-answer", key), data)

    def hands_in(self, **more):
        page = self.client.get(self.at("hand-in"))
        data = {"seen": field_of(page, "seen"), "way": "together", "help": "alone", "helped_by": "", **more}
        return self.client.post(self.at("hand-in"), data)


@pytest.fixture
def amara(story, conference):
    return Worker(story.social_worker, conference, story.hazel)


def test_a_small_child_answers_with_faces_and_help_on_the_workers_tablet(story, conference):
    amara = Worker(story.social_worker, conference, story.wren.person)
    assert field_of(amara.client.get(amara.at("write-down")), "questions") == "young-child"
    amara.begins("young-child")
    amara.writes("at-home", value="4")
    amara.writes("happy", "My cat")
    amara.hands_in(help="helped", helped_by="Olive, her grandmother")
    sent = HandIn.objects.get()
    assert (sent.form.person, sent.way, sent.recorded_by) == (story.wren.person, Way.TOGETHER, story.social_worker)
    assert (sent.help, sent.helped_by) == (Help.HELPED, "Olive, her grandmother")
    face = sent.answers.get(question="at-home")
    assert (face.value, face.value_words) == (4, "Very happy")


def test_what_was_on_paper_is_typed_in_and_says_so(amara):
    amara.begins()
    amara.writes("going-well", "We sing")
    refused = amara.hands_in(way="own_page")
    assert refused.status_code == 200
    amara.hands_in(way="paper", help="not_asked")
    sent = HandIn.objects.get()
    assert (sent.way, sent.help, sent.guest_session_id) == (Way.PAPER, Help.NOT_ASKED, None)


def test_the_tablets_pages_show_nothing_of_the_case(amara, conference):
    amara.begins()
    for address in (amara.at("write-answer", "going-well"), amara.at("hand-in"), amara.at("paper")):
        page = amara.client.get(address).content.decode()
        assert "999" in page
        for word in ("Wren", "Mulberry House", "22 December", "Martin", conference.family.case_number):
            assert word not in page, (address, word)


def test_what_they_write_on_their_own_page_stays_unread_by_the_worker_and_the_other_way_round(hazels, amara):
    begun(hazels)
    answers(hazels, "going-well", "Zinnia-of-hazel")
    amara.begins()
    assert "Zinnia-of-hazel" not in amara.client.get(amara.at("write-answer", "going-well")).content.decode()
    amara.writes("going-well", "Zinnia-of-amara")
    assert "Zinnia-of-amara" not in hazels.get("/guest/my-views/check/").content.decode()


def test_a_colleague_writes_down_without_reading_what_was_handed_in(hazels, story, conference):
    filled_in(hazels, "Zinnia-of-hazel")
    manager = Worker(story.manager, conference, story.hazel)
    manager.begins()
    assert "Zinnia-of-hazel" not in manager.client.get(manager.at("write-answer", "going-well")).content.decode()
    assert "Handed in on" not in manager.client.get(manager.at("write-down")).content.decode()
    assert manager.client.get(manager.at("withdraw")).status_code == 404


def test_what_a_colleague_leaves_empty_stays_as_it_was_handed_in(hazels, story, conference):
    filled_in(hazels, "Zinnia-of-hazel")
    manager = Worker(story.manager, conference, story.hazel)
    manager.writes("worries", "The stairs")
    manager.hands_in(way="paper")
    newest = HandIn.objects.get(superseded_at=None)
    assert newest.recorded_by == story.manager
    assert {row.text for row in newest.answers.all() if row.text} == {"Zinnia-of-hazel", "The stairs"}


def test_the_social_worker_goes_on_from_what_was_handed_in(hazels, amara):
    filled_in(hazels, "We sing")
    amara.writes("worries", "The stairs")
    amara.hands_in(way="said")
    newest = HandIn.objects.get(superseded_at=None)
    assert {row.text for row in newest.answers.all() if row.text} == {"We sing", "The stairs"}


def test_a_handing_in_meanwhile_has_to_be_read_first(hazels, amara):
    amara.begins()
    amara.writes("worries", "The stairs")
    page = amara.client.get(amara.at("hand-in"))
    filled_in(hazels, "We sing")
    data = {"seen": field_of(page, "seen"), "way": "said", "help": "alone", "helped_by": ""}
    refused = amara.client.post(amara.at("hand-in"), data)
    assert "Read it once more" in refused.content.decode()
    assert "We sing" in refused.content.decode()


def test_somebody_kept_out_is_still_heard_through_a_worker(story, conference):
    dale = on_list(conference, story.dale)
    dale.status = "kept_out"
    dale.save()
    amara = Worker(story.social_worker, conference, story.dale)
    amara.begins()
    amara.writes("else", "I want to see Robin")
    amara.hands_in(way="said")
    assert HandIn.objects.get().form.person == story.dale


@pytest.mark.parametrize("gone", ["withdrawn", "dead"])
def test_nobody_writes_for_someone_withdrawn_or_dead(story, conference, gone):
    olive = on_list(conference, story.martin)
    if gone == "withdrawn":
        olive.status = "withdrawn"
        olive.save()
    else:
        story.martin.death_date = conference.requested_at.date()
        story.martin.save()
    amara = Worker(story.social_worker, conference, story.martin)
    assert amara.client.get(amara.at("write-down")).status_code == 404
    assert amara.begins().status_code == 404
    assert MyViewsForm.objects.count() == 0


def test_after_the_meeting_has_begun_nothing_is_handed_in(amara, conference):
    amara.begins()
    amara.writes("going-well", "We sing")
    page = amara.client.get(amara.at("hand-in"))
    type(conference).objects.filter(pk=conference.pk).update(status=ConferenceStatus.OPEN)
    data = {"seen": field_of(page, "seen"), "way": "said", "help": "alone", "helped_by": ""}
    assert "The meeting has begun" in amara.client.post(amara.at("hand-in"), data).content.decode()
    assert Answer.objects.count() == 0


def test_the_same_questions_are_on_paper(amara):
    page = amara.client.get(amara.at("paper")).content.decode()
    for said in ("What goes well at home?", "What would help?", "A court can ask to see it", "Who helped me"):
        assert said in page
