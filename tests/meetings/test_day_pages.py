from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from conferences.enums import ConferenceStatus, Outcome
from meetings.enums import Given, Nature
from meetings.models import BoardEntry, Score
from meetings.services.board import add_entry, change_entry
from meetings.services.outline import add_action
from meetings.services.outline_entries import Agreed, agree_on
from meetings.urls import day_urls
from tests.conferences.conftest import NOW
from tests.factories import ConferenceFactory, user_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def urls_of(meeting):
    """Return every URL of the day with who may open it: read, record, arrange or chair."""
    pk = meeting.conference.pk
    agreed = agree_on(
        conference=meeting.conference, kind="outcome", agreed=Agreed(text="Calm"), by=meeting.coordinator, now=NOW
    )
    entry = add_entry(
        conference=meeting.conference,
        heading="worries",
        text="Said",
        nature=Nature.FACT,
        by=meeting.coordinator,
        now=NOW,
    )
    action = draft(meeting)
    item = meeting.conference.agenda.first()
    person, child = meeting.people.beth.pk, meeting.wren.pk
    return [
        ("day", [pk], "read"),
        ("changed", [pk], "look"),
        ("send-late", [pk], "record"),
        ("settle-late", [pk, 1], "chair"),
        ("open", [pk], "chair"),
        ("safety-stop", [pk], "record"),
        ("settle-stop", [pk, 1], "chair"),
        ("call-a-break", [pk, 1], "chair"),
        ("choose-scores", [pk, child], "chair"),
        ("show-views", [pk, child], "chair"),
        ("adjourn", [pk], "chair"),
        ("statements", [pk], "read"),
        ("call-break", [pk], "chair"),
        ("go-on-after-break", [pk], "record"),
        ("ask-about-observer", [pk, person], "record"),
        ("book-next-sitting", [pk], "arrange"),
        ("attendance", [pk], "read"),
        ("add-attendee", [pk], "record"),
        ("go-on-without-quorum", [pk], "chair"),
        ("agree-without-quorum", [pk], "read"),
        ("add-part", [pk], "record"),
        ("change-attendance", [pk, person], "record"),
        ("everybody-here", [pk], "record"),
        ("let-in", [pk, person], "record"),
        ("mark-attendance", [pk, person], "record"),
        ("remove-attendee", [pk, person], "chair"),
        ("readmit-attendee", [pk, person], "chair"),
        ("say-who-brings-views", [pk, person], "record"),
        ("say-who-speaks-for-child", [pk, child], "record"),
        ("withdraw-child", [pk, child], "chair"),
        ("agenda", [pk], "read"),
        ("change-item", [pk, item.pk], "record"),
        ("move-on", [pk, item.pk], "record"),
        ("board", [pk], "read"),
        ("find-on-board", [pk], "look"),
        ("move-to-heading", [pk, entry.pk], "record"),
        ("change-entry", [pk, entry.pk], "record"),
        ("put-on-screen", [pk, entry.pk], "record"),
        ("withdraw-entry", [pk, entry.pk], "record"),
        ("shared-screen", [pk], "read"),
        ("show-in-room", [pk], "record"),
        ("show-here", [pk], "record"),
        ("end-showing", [pk], "record"),
        ("scores", [pk], "read"),
        ("child-scores", [pk, child], "read"),
        ("show-scores", [pk, child], "chair"),
        ("score", [pk, child, person], "record"),
        ("open-turn", [pk, person], "record"),
        ("plan", [pk], "read"),
        ("read-out-plan", [pk], "read"),
        ("share-actions", [pk, child], "record"),
        ("change-action", [pk, action.pk], "record"),
        ("withdraw-action", [pk, action.pk], "record"),
        ("add-outcome", [pk], "record"),
        ("add-contingency", [pk], "record"),
        ("change-agreed", [pk, agreed.pk], "record"),
        ("take-out-agreed", [pk, agreed.pk], "record"),
        ("no-plan-needed", [pk, child], "chair"),
        ("views", [pk], "read"),
        ("child-views", [pk, child], "read"),
        ("record-view", [pk, child, person], "record"),
        ("decisions", [pk], "read"),
        ("decide", [pk, child], "chair"),
        ("check-decision", [pk, child], "chair"),
        ("record-dissent", [pk, child], "record"),
        ("next-dates", [pk], "read"),
        ("close", [pk], "read"),
    ]


# Who explained a decision to whom is recorded once it was made, by the social worker too: test_explained.
AFTERWARDS = {"explain-decision", "take-back-explanation"}
# What the chair does alone before it, and with released My Views: test_chair_prepares, my_views.test_chairs_page.
BEFOREHAND = {"before", "talk-before", "words-for-board", "take-views"}
# Whom it is about, and who is told: test_own_answers, test_own_following.
APART = {"ask-child", "own-answers", "own-changed", "own-danger", "safety"}


def draft(meeting, **changes):
    facts = {
        "conference": meeting.conference,
        "why": "Fear",
        "what": "A safe home",
        "who_else": "Everybody",
        "by_when_words": "from today",
        "by": meeting.coordinator,
        "now": NOW,
    }
    return add_action(**{**facts, **changes})


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def test_the_list_names_every_url_of_the_day(meeting):
    of_the_day = {pattern.name for pattern in day_urls} - AFTERWARDS - BEFOREHAND - APART
    assert sorted(name for name, _, _ in urls_of(meeting)) == sorted(of_the_day)


def test_signed_out_users_are_sent_to_sign_in(client, meeting):
    login = reverse("account_login")
    for name, args, _ in urls_of(meeting):
        for method in ("get", "post"):
            answer = getattr(client, method)(url(name, *args))
            assert answer.status_code == 405 or (answer.status_code, answer.url.split("?")[0]) == (302, login), name


def test_users_without_access_to_the_conference_get_not_found(client, meeting):
    strangers = [
        user_with_role("chair", authority=meeting.authority),
        user_with_role("social_worker", authority=meeting.authority),
        user_with_role("coordinator"),
        user_with_role("chair"),
        user_with_role("professional", authority=meeting.authority),
        user_with_role("administrator", authority=meeting.authority),
    ]
    addresses = urls_of(meeting)
    for turn, stranger in enumerate(strangers):
        client.force_login(stranger)
        for place, (name, args, _) in enumerate(addresses):
            # One access check answers both methods; three users try each URL, alternating between GET and POST.
            method = ("get", "post")[(place + turn) % 2]
            assert getattr(client, method)(url(name, *args)).status_code in (404, 405), (stranger, name)


def test_the_social_worker_can_read_but_not_record(client, meeting):
    client.force_login(meeting.worker)
    for name, args, to in urls_of(meeting):
        got = client.get(url(name, *args), follow=True)
        assert got.status_code == (200 if to == "read" else got.status_code), name
        if to in ("record", "chair"):
            assert got.status_code in (404, 405), name
            assert client.post(url(name, *args)).status_code == 404, name


def test_the_coordinator_cannot_do_what_only_the_chair_may(coordinator, meeting):
    for name, args, to in urls_of(meeting):
        if to == "chair":
            assert coordinator.get(url(name, *args)).status_code in (404, 405), name
            assert coordinator.post(url(name, *args)).status_code == 404, name
    assert coordinator.post(url("close", meeting.conference.pk), {}).status_code == 404


def test_the_chair_opens_every_page(chair, meeting):
    for name, args, to in urls_of(meeting):
        # Nobody here is an observer.
        expected = (404,) if to == "arrange" or name == "ask-about-observer" else (200, 405)
        assert chair.get(url(name, *args), follow=True).status_code in expected, name


def test_rows_of_another_conference_are_not_found_through_this_one(chair, meeting):
    other = ConferenceFactory(family=meeting.family, chair=meeting.chair, coordinator=meeting.coordinator)
    for name, args, _ in urls_of(meeting):
        if len(args) > 1 and name not in (
            "settle-stop",
            "call-a-break",
            "check-decision",
            "decide",
            "record-dissent",
            "withdraw-child",
        ):
            answer = chair.post(url(name, other.pk, *args[1:]))
            assert answer.status_code == 404, name


def test_before_opening_every_page_says_what_to_do_first(client, planned):
    client.force_login(planned.chair)
    pk = planned.conference.pk
    for name in ("day", "attendance", "agenda", "board", "plan", "decisions", "next-dates", "close"):
        assert client.get(url(name, pk)).status_code == 200, name
    answer = client.post(url("open", pk))
    assert (answer.status_code, answer.url) == (302, url("attendance", pk))
    planned.conference.refresh_from_db()
    assert planned.conference.status == ConferenceStatus.OPEN


def test_the_board_takes_a_note_before_opening_and_afterwards(client, planned):
    client.force_login(planned.coordinator)
    pk = planned.conference.pk
    answer = client.post(url("board", pk), {"heading": "strengths", "nature": "fact", "text": "She rang herself."})
    assert (answer.status_code, answer.url) == (302, url("board", pk))
    assert BoardEntry.objects.get().text == "She rang herself."


def test_an_opinion_without_evidence_is_refused_and_the_input_kept(coordinator, meeting):
    typed = {"heading": "worries", "nature": "opinion", "text": "He drinks too much"}
    answer = coordinator.post(url("board", meeting.conference.pk), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Write what this opinion is based on." in page
    assert "He drinks too much" in page


@pytest.mark.parametrize("text", ["x" * 50_000, "O’Neill 👪 سلام", "<script>alert(1)</script>"])
def test_long_and_foreign_words_appear_on_the_board_as_typed(coordinator, meeting, text):
    coordinator.post(url("board", meeting.conference.pk), {"heading": "worries", "nature": "fact", "text": text})
    assert BoardEntry.objects.get().text == text
    page = coordinator.get(url("board", meeting.conference.pk)).content.decode()
    assert "<script>alert" not in page


def test_more_than_50_000_characters_are_refused_and_kept(coordinator, meeting):
    text = "y" * 50_001
    answer = coordinator.post(
        url("board", meeting.conference.pk), {"heading": "worries", "nature": "fact", "text": text}
    )
    assert answer.status_code == 200
    assert text in answer.content.decode()
    assert BoardEntry.objects.count() == 0


def test_names_in_other_scripts_appear_in_every_list(coordinator, meeting):
    person = meeting.people.callum.person
    person.given_name, person.family_name = "يوسف 🐦", "O’Brien-Ÿáñez"
    person.save()
    for name in ("attendance", "board", "plan"):
        assert "يوسف 🐦 O’Brien-Ÿáñez" in coordinator.get(url(name, meeting.conference.pk)).content.decode()


def test_two_people_who_change_one_note_see_both_texts(coordinator, meeting):
    entry = add_entry(
        conference=meeting.conference,
        heading="worries",
        text="First",
        nature=Nature.FACT,
        by=meeting.coordinator,
        now=NOW,
    )
    change_entry(
        entry=entry,
        version=1,
        heading="worries",
        text="What the chair wrote",
        nature=Nature.FACT,
        by=meeting.chair,
        now=NOW,
    )
    address = url("change-entry", meeting.conference.pk, entry.pk)
    typed = {"heading": "worries", "nature": "fact", "text": "What I wrote", "version": "1"}
    answer = coordinator.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What the chair wrote" in page
    assert "What I wrote" in page
    entry.refresh_from_db()
    assert entry.text == "What the chair wrote"
    assert answer.context["form"]["version"].value() == "2"
    assert coordinator.post(address, {**typed, "version": "2"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.text, entry.version) == ("What I wrote", 3)


def decision_form(meeting, **changes):
    return {
        "outcome": Outcome.CP_PLAN.value,
        "main_category": "EMO",
        "key_worker": meeting.worker.pk,
        "visit_every_working_days": "10",
        "core_group": [meeting.people.callum.pk, meeting.people.hazel.pk],
        "rationale": "Wren has been frightened at home.\n\nAgain and again.",
        **changes,
    }


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries_for_thirty_notes_and_actions(
    coordinator, meeting, django_assert_num_queries, number
):
    for n in range(number):
        add_entry(
            conference=meeting.conference,
            heading="worries",
            text=f"Note {n}",
            nature=Nature.FACT,
            speaker=meeting.people.callum,
            children=[meeting.wren],
            by=meeting.coordinator,
            now=NOW,
        )
        draft(meeting, what=f"Action {n}", who=meeting.people.callum, who_else="", children=[meeting.wren])
    coordinator.get(url("agenda", meeting.conference.pk))
    for name, queries in (("board", 36), ("plan", 34), ("attendance", 26), ("agenda", 23)):
        with django_assert_num_queries(queries, info=name):
            coordinator.get(url(name, meeting.conference.pk))


def test_a_declined_score_is_recorded_with_its_reason(coordinator, meeting):
    answer = coordinator.post(
        url("score", meeting.conference.pk, meeting.wren.pk, meeting.people.hazel.pk),
        {"value": Given.ABSTAINED.value, "reason": "She did not want to"},
    )
    assert answer.status_code == 302
    assert Score.objects.get().given == Given.ABSTAINED
