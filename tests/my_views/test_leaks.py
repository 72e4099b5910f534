"""Only words that the chair released reach anyone else; a marker planted in each other place turns up nowhere."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceStatus
from conferences.models import Conference, Part, Participant
from my_views.models import Answer, DangerSign, DraftAnswer, HandIn, MyViewsForm, ReleasedPassage
from my_views.selectors.released_to import passed_on_to
from my_views.services.releasing import release_words, take_back_release
from records.disclosure.pieces import pieces_of
from records.enums import DisclosureKind
from records.models import Disclosure
from reports.content import content_of
from reports.copies import compose, compose_whole
from reports.enums import DocumentKind
from tests.factories import user_with_role
from tests.log_lines import every_line
from tests.reports.story import BEFORE, HIDDEN_SCHOOL, NOW, tell
from tests.reports.test_entitlement import everything_in
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

RELEASED = "Zinnia-released: we sing"
REST = "Zinnia-rest: he shouts"
SECRET = "Zinnia-secret: he hits me"
DRAFT = "Zinnia-draft"
OLD = "Zinnia-old"
TO_PART = "Zinnia-part"
HIDING = f"Zinnia-school is {HIDDEN_SCHOOL}"
KINDS = (DocumentKind.MINUTES, DocumentKind.DECISIONS_LETTER)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def hand_in(form, number, *texts, superseded=None):
    sent = HandIn.objects.create(
        form=form, number=number, questions="adult", way="own_page", help="alone", guest_session_id=1,
        recorded_at=BEFORE, superseded_at=superseded,
    )  # fmt: skip
    for place, (text, only) in enumerate(texts, start=1):
        Answer.objects.create(
            hand_in=sent, position=place, question=f"q{place}", asked="What worries you?", kind="words",
            given="answered", text=text, only_for_chair=only,
        )  # fmt: skip
    return sent


@once_per_module(at=NOW)
def story() -> SimpleNamespace:
    told = tell()
    told.form = MyViewsForm.objects.create(
        conference=told.conference, person=told.hazel, questions="adult", begun_at=BEFORE, number=2
    )
    hand_in(told.form, 1, (OLD, False), superseded=BEFORE)
    told.sent = hand_in(told.form, 2, (f"{RELEASED} {REST}", False), (SECRET, True), (TO_PART, False), (HIDING, False))
    draft = DraftAnswer(form=told.form, question="q1", saved_at=NOW)
    draft.fields = {"given": ["answered"], "text": [DRAFT], "value": [""], "only": [""]}
    draft.save()
    told.answers = {row.question: row for row in told.sent.answers.all()}
    told.sign = DangerSign.objects.create(hand_in=told.sent, noticed_at=BEFORE, done="", settled_at=None)
    told.sign.answers.add(told.answers["q2"])
    told.part = Part.objects.get(sitting__conference=told.conference)
    return told


def release(story, question, *, to=(), parts=(), text=""):
    return release_words(answer=story.answers[question], text=text, recipients=to, parts=parts, by=story.chair, now=NOW)


def content(story):
    return content_of(Conference.objects.get(pk=story.conference.pk), now=NOW)


def copies(story):
    """Return every copy of both papers, by whose it is."""
    frozen = content(story)
    found = {}
    for who in frozen["participants"]:
        for kind in KINDS:
            try:
                found[who["name"], kind] = everything_in(compose(frozen, who["id"], kind))
            except ValueError:
                continue
    return found


def whose(story, marker):
    return {name for (name, _), words in copies(story).items() if marker in words}


def test_before_the_chair_releases_anything_no_paper_holds_any_of_it(story):
    frozen = json.dumps(content(story))
    assert "Zinnia" not in frozen
    assert not any("Zinnia" in words for words in copies(story).values())
    assert "Zinnia" not in everything_in(compose_whole(content(story), DocumentKind.MINUTES))


def test_released_words_are_in_the_papers_of_that_recipient_and_of_no_other_of_the_family(story):
    release(story, "q1", to=[story.of.martin], text=RELEASED)
    assert whose(story, RELEASED) == {"Martin Alder", "Tomasz Kestrel", "Joan Plover"}
    assert RELEASED in copies(story)["Martin Alder", DocumentKind.DECISIONS_LETTER]
    assert (whose(story, REST), whose(story, SECRET), whose(story, DRAFT), whose(story, OLD)) == (
        set(), set(), set(), set(),
    )  # fmt: skip
    assert REST not in json.dumps(content(story))
    assert SECRET not in json.dumps(content(story))


def test_words_released_to_a_part_are_read_by_those_who_were_in_it(story):
    release(story, "q3", parts=[story.part])
    readers = whose(story, TO_PART)
    assert "Hazel Brambley" in readers
    assert "Martin Alder" in readers
    release(story, "q1", to=[story.of.dale], text=RELEASED)
    assert "Hazel Brambley" not in whose(story, RELEASED)


def test_a_hidden_place_in_released_words_is_found_as_in_every_other_text(story):
    from reports.copies import leaks  # noqa: PLC0415

    release(story, "q4", to=[story.of.martin])
    found = leaks(compose(content(story), story.of.martin.pk, DocumentKind.MINUTES))
    assert [leak.where for leak in found] == ["My Views, ‘What worries you?’"]


def test_another_childs_name_in_released_words_keeps_them_out_of_a_fathers_copy(story):
    Answer.objects.filter(pk=story.answers["q3"].pk).update(text="Zinnia-robin: Robin cries")
    release(story, "q3", to=[story.of.martin, story.of.dale])
    assert whose(story, "Zinnia-robin") == {"Dale Ashdown", "Tomasz Kestrel", "Joan Plover"}


@pytest.mark.parametrize("to", ["of", "parts"])
def test_what_is_only_for_the_chair_is_released_to_no_one(story, to):
    with pytest.raises(ValidationError, match="none of it can be released"):
        release(story, "q2", **({"to": [story.of.martin]} if to == "of" else {"parts": [story.part]}))
    # Not even where a row says so.
    ReleasedPassage.objects.create(
        answer=story.answers["q2"], text=SECRET, recipient=story.of.martin, released_by=story.chair, released_at=NOW
    )
    assert SECRET not in json.dumps(content(story))


def test_pages_of_others_who_open_the_conference_say_nothing(story):
    release(story, "q1", to=[story.of.martin], text=RELEASED)
    browser, conference = Client(), story.conference.pk
    others = (story.coordinator, story.manager, user_with_role(Role.SOCIAL_WORKER, team=story.team))
    pages = ["conferences:overview", "conferences:people", "conferences:see-history", "conferences:see-as-it-was",
             "meetings:board", "meetings:shared-screen", "deadlines:timeline"]  # fmt: skip
    opened = 0
    for user in others:
        browser.force_login(user)
        for page in pages:
            args = [story.family.pk] if page == "deadlines:timeline" else [conference]
            answer = browser.get(reverse(page, args=args))
            opened += answer.status_code == 200
            assert "Zinnia" not in answer.content.decode(), (user, page)
        found = browser.post(reverse("families:search"), {"q": "Zinnia-secret"}, follow=True)
        assert "he hits me" not in found.content.decode()
    assert opened > len(pages)


def test_the_forms_history_is_for_those_who_read_it(story):
    browser = Client()
    address = reverse("my_views:see-history", args=[story.conference.pk, story.form.pk])
    browser.force_login(story.chair)
    page = browser.get(address).content.decode()
    assert SECRET in page
    assert DRAFT not in page
    browser.force_login(story.coordinator)
    assert browser.get(address).status_code == 404


def bundle_of(story, person):
    disclosure = Disclosure.objects.create(
        authority=story.authority,
        family=story.family,
        person=person,
        kind=DisclosureKind.SUBJECT_ACCESS,
        recipient="The person",
        asked_on=NOW.date(),
        covers="Everything",
        basis="The request",
        identity="Seen in person",
        prepared_by=story.manager,
        prepared_at=NOW,
    )
    return [piece for piece in pieces_of(disclosure) if "Zinnia" in str(piece.lines)]


def test_a_bundle_about_another_adult_holds_none_and_the_writers_own_waits_for_a_decision(story):
    assert bundle_of(story, story.martin) == []
    for person in (story.hazel, story.robin.person):
        own = bundle_of(story, person)
        assert own != []
        assert all(piece.may_harm for piece in own)
    own = bundle_of(story, story.hazel)
    assert not any(DRAFT in str(piece.lines) for piece in own)


def test_no_line_of_a_log_holds_an_answer(story, capfd):
    browser = Client()
    browser.force_login(story.chair)
    with every_line() as lines:
        browser.get(reverse("my_views:form", args=[story.conference.pk, story.form.pk]))
    assert "Zinnia" not in str(lines)


def test_released_words_go_on_the_board_of_their_part_as_they_were_said(story):
    from meetings.selectors.released_views import released_for_board  # noqa: PLC0415
    from meetings.services.released_views import take_views_to_board  # noqa: PLC0415

    Conference.objects.filter(pk=story.conference.pk).update(
        status=ConferenceStatus.OPEN, ended_at=None, closed_at=None
    )
    (to_martin,) = release(story, "q1", to=[story.of.martin], text=RELEASED)
    (to_part,) = release(story, "q3", parts=[story.part])
    to_part.answer.hand_in.form.conference = Conference.objects.get(pk=story.conference.pk)
    assert released_for_board(story.conference, [story.part]) == [to_part]
    take = {"heading": "current-risks", "children": [], "private_to": [], "by": story.coordinator, "now": NOW}
    with pytest.raises(ValidationError, match="not released these words"):
        take_views_to_board(passage=to_martin, **take)
    entry = take_views_to_board(passage=to_part, **take)
    assert (entry.text, entry.speaker, entry.part) == (TO_PART, story.of.hazel, story.part)
    assert released_for_board(story.conference, [story.part]) == []
    assert take_views_to_board(passage=to_part, **take) == entry


def test_released_words_stand_on_their_readers_own_page_until_the_meeting_is_over_and_on_no_others(story):
    told = release(story, "q1", to=[story.of.dale, story.of.tutor], text=RELEASED)
    release(story, "q4", to=[story.of.martin])
    Conference.objects.filter(pk=story.conference.pk).update(status=ConferenceStatus.SCHEDULED)

    def reads(name):
        person = Participant.objects.select_related("conference__authority", "person").get(
            pk=getattr(story.of, name).pk
        )
        return [(one.speaker, one.text) for one in passed_on_to(person, now=NOW)]

    assert reads("dale") == [("Someone in the family", RELEASED)]
    assert reads("tutor") == [("Hazel Brambley", RELEASED)]
    # Where Wren goes to school is kept from Martin, whatever was released to him.
    assert [reads(name) for name in ("martin", "hazel", "robin", "gp", "visitor")] == [[], [], [], [], []]
    for one in told:
        take_back_release(passage=one, by=story.chair, now=NOW)
    assert reads("dale") == []
    release(story, "q1", to=[story.of.dale], text=REST)
    Conference.objects.filter(pk=story.conference.pk).update(status=ConferenceStatus.CLOSED)
    assert reads("dale") == []
