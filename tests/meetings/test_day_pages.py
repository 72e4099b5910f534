from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Draft
from conferences.enums import ConferenceStatus, Outcome, Presence
from conferences.models import Decision, Participant
from conferences.services.exclusions import open_request
from meetings.enums import Given, Harm, Nature, ViewStatus
from meetings.models import BoardEntry, OutlineAction, SafetyStop, Score, View
from meetings.services.board import add_entry, change_entry
from meetings.services.opening import add_part, adjourn
from meetings.services.outline import add_action
from meetings.services.outline_entries import Agreed, agree_on
from meetings.services.scores import record_score
from meetings.services.views_given import record_view
from meetings.urls import day_urls
from notifications.models import Message
from tests.conferences.conftest import NOW
from tests.factories import ConferenceFactory, PostFactory, user_with_role

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
# Whom it is about, and who is told: test_own_answers.
APART = {"ask-child", "own-answers", "own-danger", "safety"}


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


def views_of_everybody(meeting, child):
    for who in ("amara", "callum", "ngozi", "beth", "hazel"):
        record_view(
            conference_child=child,
            participant=getattr(meeting.people, who),
            harm=Harm.LIKELY,
            status=ViewStatus.CP_PLAN,
            category="EMO",
            reason="Because",
            by=meeting.coordinator,
            now=NOW,
        )


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


@pytest.fixture
def chair(client, meeting):
    client.force_login(meeting.chair)
    return client


@pytest.fixture
def coordinator(client, meeting):
    client.force_login(meeting.coordinator)
    return client


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


def test_one_click_records_who_is_here(coordinator, meeting):
    dale = meeting.people.dale
    answer = coordinator.post(
        url("mark-attendance", meeting.conference.pk, dale.pk),
        {"mark": "online", "part": meeting.part.pk, "version": 1},
    )
    assert answer.url.endswith(f"#person-{dale.pk}")
    assert (dale.attendances.get().presence, dale.attendances.get().mode) == ("present", "online")


def test_a_person_awaiting_the_chair_cannot_be_marked_and_the_page_links_there(chair, meeting):
    dale = meeting.people.dale
    request = open_request(participant=dale, ground="asked", reason="She is afraid", by=meeting.worker, now=NOW)
    page = chair.get(url("attendance", meeting.conference.pk)).content.decode()
    assert reverse("conferences:decide-request", args=[meeting.conference.pk, request.pk]) in page
    answer = chair.post(url("mark-attendance", meeting.conference.pk, dale.pk), {"mark": "here"}, follow=True)
    assert "has not yet decided" in answer.content.decode()
    assert dale.attendances.get().presence == Presence.APOLOGIES


def test_times_are_recorded_and_a_wrong_one_refused_with_a_message(coordinator, meeting):
    beth = meeting.people.beth
    address = url("change-attendance", meeting.conference.pk, beth.pk)
    answer = coordinator.post(
        address, {"presence": "present", "mode": "in_person", "arrived": "11:20", "left": "11:10", "version": "1"}
    )
    assert "No one leaves before they arrive. Check the two times." in answer.content.decode()
    assert (
        coordinator.post(
            address, {"presence": "present", "arrived": "10:30", "left": "11:10", "version": "1"}
        ).status_code
        == 302
    )
    row = beth.attendances.get()
    assert (row.arrived_at.strftime("%H:%M"), row.left_at.strftime("%H:%M")) == ("10:30", "11:10")


def test_an_unlisted_person_who_came_is_added(coordinator, meeting):
    answer = coordinator.post(
        url("add-attendee", meeting.conference.pk),
        {
            "given_name": "Iris",
            "family_name": "Dunnock",
            "agency": meeting.people.callum.agency_id,
            "title": "Form tutor",
            "capacity": "professional",
            "mode": "in_person",
            "reason": "Knows Robin best",
        },
    )
    assert answer.status_code == 302
    added = Participant.objects.get(person__given_name="Iris")
    assert (added.attendances.get().presence, added.children.count()) == ("present", 2)


def test_an_unlisted_worker_who_may_be_known_is_asked_about(coordinator, meeting):
    known = PostFactory(
        agency=meeting.people.callum.agency, person__given_name="Iris", person__family_name="Dunnock", title="Tutor"
    )
    address = url("add-attendee", meeting.conference.pk)
    typed = {
        "given_name": "Iris", "family_name": "Dunnick", "agency": known.agency_id, "title": "Tutor",
        "capacity": "professional", "mode": "in_person", "reason": "Knows Robin best",
    }  # fmt: skip
    assert list(coordinator.post(address, typed).context["form"].errors) == ["known_post"]
    answers = {"known_post": known.pk, "use_name": "recorded"}
    assert coordinator.post(address, {**typed, **answers}).status_code == 302
    assert meeting.conference.participants.get(post=known).attendances.get().presence == "present"


@pytest.mark.parametrize("value", ["seven", "11", "-1", "5.5"])
def test_an_invalid_score_is_refused_with_its_own_message_and_the_reason_kept(coordinator, meeting, value):
    answer = coordinator.post(
        url("score", meeting.conference.pk, meeting.wren.pk, meeting.people.amara.pk),
        {"value": value, "reason": "The safety plan held twice"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"“{value}” is not a score. Choose a whole number from 0 to 10." in page
    assert "The safety plan held twice" in page
    assert Score.objects.count() == 0


def test_no_page_shows_a_number_before_all_are_in(chair, meeting):
    record_score(
        conference_child=meeting.wren,
        participant=meeting.people.amara,
        value=2,
        reason="A secret reason",
        by=meeting.coordinator,
        now=NOW,
    )
    for address in (
        url("child-scores", meeting.conference.pk, meeting.wren.pk),
        url("score", meeting.conference.pk, meeting.wren.pk, meeting.people.amara.pk),
        url("decide", meeting.conference.pk, meeting.wren.pk),
    ):
        assert "A secret reason" not in chair.get(address).content.decode()


def test_the_last_score_shows_the_line_and_the_reasons(coordinator, meeting):
    for who, value in (("amara", 5), ("callum", 6), ("ngozi", 6), ("beth", 3), ("hazel", 8)):
        coordinator.post(
            url("score", meeting.conference.pk, meeting.wren.pk, getattr(meeting.people, who).pk),
            {"value": str(value), "reason": f"Reason of {who}", "show": "yes"},
        )
    page = coordinator.get(url("child-scores", meeting.conference.pk, meeting.wren.pk)).content.decode()
    assert "Wren: 5\u00a0scores, from 3 to 8" in page
    assert 'role="img"' in page
    assert "5 points apart: explore it" in page
    answer = coordinator.post(
        url("child-scores", meeting.conference.pk, meeting.wren.pk), {"text": "She scores home, police score May."}
    )
    assert answer.status_code == 302
    meeting.wren.refresh_from_db()
    assert meeting.wren.spread_explored == "She scores home, police score May."


def test_a_score_of_0_changes_no_page_but_the_chairs_and_stops_closing(coordinator, client, meeting):
    pk = meeting.conference.pk
    coordinator.post(url("score", pk, meeting.wren.pk, meeting.people.beth.pk), {"value": "0", "reason": "Bail ends"})
    stop = SafetyStop.objects.get()
    for name, args, to in urls_of(meeting):
        if to == "read" and name != "changed":
            answer = coordinator.get(url(name, *args), follow=True).content.decode()
            assert "private message" not in answer, name
            assert "Bail ends" not in answer, name
    typed = {"heading": "worries", "nature": "fact", "text": "Typed while the chair reads it"}
    assert coordinator.post(url("board", pk), typed).status_code == 302
    settle = url("settle-stop", pk, stop.pk)
    assert coordinator.get(settle).status_code == 404
    client.force_login(meeting.chair)
    assert "private message" in client.get(url("board", pk)).content.decode()
    read = client.get(url("safety", pk)).content.decode()
    assert "Wren may not be safe tonight" in read
    assert "Bail ends" in read
    waits = client.post(url("adjourn", pk), {"why_kind": "adjourned", "reason": "A long text that was typed already"})
    assert waits.status_code == 409
    assert "A long text that was typed already" in waits.content.decode()
    assert client.post(url("call-a-break", pk, stop.pk)).url == url("safety", pk)
    half = client.post(settle, {"action": "She sleeps at her aunt's"})
    assert "aunt" in half.content.decode()
    whole = {"action": "She sleeps at her aunt's", "action_by": "Amara Finch", "action_when": "now"}
    assert client.post(settle, whole).url == url("day", pk)


def test_not_safe_tonight_is_one_click_away_on_every_page(coordinator, meeting):
    for name in ("day", "board", "plan"):
        assert (
            url("safety-stop", meeting.conference.pk)
            in coordinator.get(url(name, meeting.conference.pk)).content.decode()
        )
    answer = coordinator.post(
        url("safety-stop", meeting.conference.pk),
        {"child": meeting.wren.pk, "said_by": meeting.people.callum.pk, "said": "He waits at the gate"},
    )
    assert answer.url == url("day", meeting.conference.pk)
    assert SafetyStop.objects.get().said_by == meeting.people.callum


def test_the_plan_accepts_an_action_once(coordinator, meeting):
    typed = {
        "why": "Wren can talk",
        "what": "The same grown-up every Monday",
        "who": meeting.people.callum.pk,
        "by_when": "2027-01-04",
        "children": [meeting.wren.pk],
    }
    for _ in range(2):
        answer = coordinator.post(url("plan", meeting.conference.pk), typed)
        assert answer.url == f"{url('plan', meeting.conference.pk)}#actions"
    action = OutlineAction.objects.get()
    assert (action.by_when, list(action.children.all())) == (datetime.date(2027, 1, 4), [meeting.wren])


def test_an_incomplete_action_is_refused_and_the_input_kept(coordinator, meeting):
    answer = coordinator.post(
        url("plan", meeting.conference.pk), {"why": "Wren can talk", "by_when_day": "31", "by_when_month": "2"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Wren can talk" in page
    assert OutlineAction.objects.count() == 0


def test_a_view_is_recorded_and_a_missing_one_explained(coordinator, meeting):
    pk, wren = meeting.conference.pk, meeting.wren.pk
    address = url("record-view", pk, wren, meeting.people.ngozi.pk)
    answer = coordinator.post(address, {"given": "given", "status": "cp_plan", "reason": "He is gone"})
    page = answer.content.decode()
    assert "Choose whether there is significant harm." in page
    assert "He is gone" in page
    whole = {"given": "given", "status": "cin_plan", "harm": "likely", "reason": "He is gone"}
    assert coordinator.post(address, whole).url == url("child-views", pk, wren)
    coordinator.post(url("record-view", pk, wren, meeting.people.beth.pk), {"given": "left", "reason": "Called away"})
    assert sorted(View.objects.values_list("given", "status")) == [("given", "cin_plan"), ("left", "")]


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


def test_the_decision_is_checked_once_more_before_it_is_made(chair, meeting):
    draft(meeting)
    views_of_everybody(meeting, meeting.wren)
    pk, wren = meeting.conference.pk, meeting.wren.pk
    look = chair.post(url("decide", pk, wren), decision_form(meeting))
    page = look.content.decode()
    assert look.status_code == 200
    assert "Check the decision for Wren" in page
    assert "Decide: child protection plan for Wren" in page
    assert "Nothing goes to the family or to other agencies yet." in page
    assert Decision.objects.count() == 0
    carried = dict_of(look.context["carried"])
    assert carried["rationale"] == ["Wren has been frightened at home.\n\nAgain and again."]
    back = chair.post(url("decide", pk, wren), {**carried, "back": "yes"})
    assert "Again and again." in back.content.decode()
    assert "There is a problem" not in back.content.decode()
    for _ in range(2):
        made = chair.post(url("check-decision", pk, wren), carried)
        assert (made.status_code, made.url) == (302, url("decide", pk, meeting.robin.pk))
    decision = Decision.objects.get()
    assert (decision.outcome, decision.key_worker, decision.decided_by) == ("cp_plan", meeting.worker, meeting.chair)


def test_a_decision_takes_few_queries(chair, meeting):
    draft(meeting)
    views_of_everybody(meeting, meeting.wren)
    pk, wren = meeting.conference.pk, meeting.wren.pk
    chair.get(url("decide", pk, wren))
    with CaptureQueriesContext(connection) as looked:
        chair.post(url("decide", pk, wren), decision_form(meeting))
    with CaptureQueriesContext(connection) as made:
        chair.post(url("check-decision", pk, wren), decision_form(meeting))
    assert Decision.objects.count() == 1
    # Savepoints are not counted: atomic blocks become savepoints only inside the test's own transaction.
    asked = [row["sql"] for row in made if "SAVEPOINT" not in row["sql"]]
    # The last one asks whether this came late, and why.
    assert (len(looked), len(asked)) == (33, 52)


def dict_of(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_missing_items_are_listed_and_a_reason_asked(chair, meeting):
    pk, wren = meeting.conference.pk, meeting.wren.pk
    answer = chair.post(url("decide", pk, wren), decision_form(meeting))
    page = answer.content.decode()
    assert "No plan is drafted for Wren" in page
    assert "Say why you go on although something is missing. The minutes will say so." in page
    assert "Again and again." in page
    reason = {"went_on_reason": "The police take him at noon."}
    look = chair.post(url("decide", pk, wren), decision_form(meeting, **reason))
    assert "The police take him at noon." in look.content.decode()
    chair.post(url("check-decision", pk, wren), decision_form(meeting, **reason))
    decision = Decision.objects.get()
    assert (len(decision.missing), decision.went_on_reason) == (6, "The police take him at noon.")


def test_a_decision_without_rationale_is_refused_beside_its_field(chair, meeting):
    answer = chair.post(url("decide", meeting.conference.pk, meeting.wren.pk), decision_form(meeting, rationale=" "))
    assert "Write why. The parents will read this." in answer.content.decode()
    assert Decision.objects.count() == 0


def test_a_decision_for_a_child_not_in_the_conference_is_refused_with_a_message(chair, meeting):
    for name in ("decide", "check-decision"):
        answer = chair.post(url(name, meeting.conference.pk, 10**9), decision_form(meeting), follow=True)
        assert "This child is not in the conference" in answer.content.decode()
    assert Decision.objects.count() == 0


def test_the_check_page_does_not_skip_plan_and_views(chair, meeting):
    answer = chair.post(url("check-decision", meeting.conference.pk, meeting.wren.pk), decision_form(meeting))
    assert answer.status_code == 200
    assert Decision.objects.count() == 0


def test_dissent_is_recorded(chair, meeting):
    pk, wren = meeting.conference.pk, meeting.wren.pk
    chair.post(url("check-decision", pk, wren), decision_form(meeting, went_on_reason="Now"))
    answer = chair.post(
        url("record-dissent", pk, wren), {"participant": meeting.people.ngozi.pk, "text": "Help is enough"}
    )
    assert answer.url == f"{url('decisions', pk)}#child-{wren}"
    assert "Help is enough" in chair.get(url("decisions", pk)).content.decode()


def decide_for_both(chair, meeting):
    pk = meeting.conference.pk
    chair.post(url("check-decision", pk, meeting.wren.pk), decision_form(meeting, went_on_reason="Now"))
    chair.post(
        url("check-decision", pk, meeting.robin.pk),
        {"outcome": "other_support", "help_offered": "School", "rationale": "Safe", "went_on_reason": "Now"},
    )


DATES = {
    "core_group_on": "2027-01-15",
    "core_group_time": "14:00",
    "core_group_place": "Meadow Lane",
    "review_on": "2027-03-16",
    "review_time": "10:00",
}


def test_a_late_date_is_accepted_and_its_last_day_shown(chair, meeting):
    decide_for_both(chair, meeting)
    answer = chair.post(url("next-dates", meeting.conference.pk), DATES, follow=True)
    assert "the last day within the limit is" in answer.content.decode()
    meeting.conference.refresh_from_db()
    assert meeting.conference.first_core_group_place == "Meadow Lane"


def test_the_chair_closes_and_nothing_changes_afterwards(chair, meeting):
    pk = meeting.conference.pk
    decide_for_both(chair, meeting)
    chair.post(url("next-dates", pk), DATES)
    ended = {"ended_on": "2026-12-22", "ended_time": "11:25"}
    refused = chair.post(url("close", pk), {**ended, "ended_time": "09:00"})
    assert "The meeting can&#x27;t end before it started." in refused.content.decode()
    closed = chair.post(url("close", pk), {**ended, f"participation_{meeting.wren.pk}": "PN5"})
    assert closed.url == reverse("conferences:overview", args=[pk])
    meeting.conference.refresh_from_db()
    assert (meeting.conference.status, meeting.conference.quorate) == (ConferenceStatus.CLOSED, True)
    late = chair.post(url("board", pk), {"heading": "worries", "nature": "fact", "text": "Typed after the back button"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "This meeting is closed." in page
    assert "Typed after the back button" in page
    assert BoardEntry.objects.count() == 0
    for name in ("day", "attendance", "agenda", "board", "scores", "plan", "views", "decisions", "next-dates", "close"):
        page = chair.get(url(name, pk), follow=True).content.decode()
        finds = url("find-on-board", pk)
        assert 'method="post" action="/conferences/' not in page.replace(f'action="{finds}"', ""), name


@pytest.mark.parametrize("name", ["close", "next-dates", "plan", "attendance"])
def test_the_back_button_after_closing_leads_to_a_clear_page(chair, meeting, name):
    meeting.conference.status = ConferenceStatus.CLOSED
    meeting.conference.ended_at = NOW
    meeting.conference.save()
    typed = {"why": "A long text that must not be lost", "what": "x", "who_else": "y", "by_when_words": "z"}
    address = url(name, meeting.conference.pk)
    if name == "attendance":
        address = url("mark-attendance", meeting.conference.pk, meeting.people.dale.pk)
        typed = {"mark": "here"}
    answer = chair.post(address, typed)
    assert answer.status_code == 409
    assert "This meeting is closed" in answer.content.decode()


def test_a_session_that_expires_during_a_long_text_loses_nothing(client, meeting):
    client.force_login(meeting.chair)
    address = url("decide", meeting.conference.pk, meeting.wren.pk)
    owner = client.get(address).content.decode().split('name="draft_owner" value="')[1].split('"')[0]
    client.logout()
    answer = client.post(address, decision_form(meeting, rationale="Written for ten minutes", draft_owner=owner))
    assert answer.status_code == 302
    assert Draft.objects.get().fields["rationale"] == ["Written for ten minutes"]
    client.force_login(meeting.chair)
    assert "Written for ten minutes" in client.get(address).content.decode()


def test_a_session_that_expires_on_the_check_page_loses_nothing(client, meeting):
    draft(meeting)
    views_of_everybody(meeting, meeting.wren)
    client.force_login(meeting.chair)
    address = url("decide", meeting.conference.pk, meeting.wren.pk)
    owner = client.get(address).content.decode().split('name="draft_owner" value="')[1].split('"')[0]
    carried = dict_of(client.post(address, decision_form(meeting, draft_owner=owner)).context["carried"])
    client.logout()
    assert client.post(url("check-decision", meeting.conference.pk, meeting.wren.pk), carried).status_code == 302
    client.force_login(meeting.chair)
    assert "Again and again." in client.get(address).content.decode()
    assert Decision.objects.count() == 0


def test_the_screen_in_the_room_shows_one_part_and_no_surname_of_a_child(coordinator, meeting):
    facts = {
        "conference": meeting.conference,
        "heading": "worries",
        "nature": Nature.FACT,
        "by": meeting.coordinator,
        "now": NOW,
    }
    BoardEntry.objects.filter(pk=add_entry(**facts, text="Said with Dale").pk).update(shown_version=1)
    add_entry(**facts, text="Her illness", private_to=[meeting.people.hazel.person])
    second = add_part(conference=meeting.conference, kind="half", title="With Hazel", by=meeting.chair, now=NOW)
    add_entry(**facts, text="Said with Hazel", part=second, speaker=meeting.people.hazel, children=[meeting.wren])
    # Whatever was put there: a private note still stays away.
    BoardEntry.objects.update(shown_version=1)
    page = coordinator.get(f"{url('shared-screen', meeting.conference.pk)}?part={second.pk}").content.decode()
    main = page.split("<main")[1]
    assert "Said with Hazel" in main
    assert "Said with Dale" not in main
    assert "Her illness" not in main
    assert "Brambley" not in page
    assert "<form" not in main


def test_the_chair_withdraws_a_child_from_the_page(chair, meeting):
    address = url("withdraw-child", meeting.conference.pk, meeting.robin.pk)
    assert chair.post(address, {"because": ""}).status_code == 200
    assert chair.post(address, {"because": "Lives with his father now"}).url == url("decisions", meeting.conference.pk)
    assert "Lives with his father now" in chair.get(url("decisions", meeting.conference.pk)).content.decode()


def test_the_chair_adjourns_the_meeting(chair, meeting):
    answer = chair.post(
        url("adjourn", meeting.conference.pk), {"why_kind": "adjourned", "reason": "The interpreter left"}
    )
    assert answer.url == reverse("conferences:overview", args=[meeting.conference.pk])
    assert chair.get(url("day", meeting.conference.pk)).status_code == 200


def test_the_coordinator_books_the_next_sitting(client, meeting):
    adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
    client.force_login(meeting.coordinator)
    pk = meeting.conference.pk
    assert url("book-next-sitting", pk) in client.get(url("day", pk)).content.decode()
    answer = client.post(
        url("book-next-sitting", pk),
        {
            "day": "2027-01-05",
            "start": "10:00",
            "length": "120",
            "mode": "online",
            "chair": meeting.chair.pk,
            "coordinator": meeting.coordinator.pk,
            "confirm": "yes",
        },
    )
    assert (answer.status_code, answer.url) == (302, reverse("conferences:overview", args=[pk]))
    assert meeting.conference.sittings.get(number=2).starts_at == datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)


NEXT = {"day": "2027-01-05", "start": "10:00", "length": "120", "mode": "online"}


def test_who_is_told_of_the_next_sitting_is_seen_before_anything_is_sent(client, meeting):
    adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
    client.force_login(meeting.coordinator)
    address = url("book-next-sitting", meeting.conference.pk)
    data = {**NEXT, "chair": meeting.chair.pk, "coordinator": meeting.coordinator.pk}
    sent = Message.objects.count()
    page = client.post(address, data).content.decode()
    assert "Nothing has been booked or sent yet" in page
    assert all(row.person.full_name in page for row in meeting.conference.participants.filter(status="invited"))
    assert '<input type="hidden" name="day" value="2027-01-05">' in page
    again = client.post(address, {**data, "change": "yes"}).content.decode()
    assert 'value="120"' in again
    assert (meeting.conference.sittings.count(), Message.objects.count()) == (1, sent)
    assert client.post(address, {**data, "confirm": "yes"}).status_code == 302
    assert meeting.conference.sittings.count() == 2


def test_what_is_refused_is_said_before_the_next_sitting_is_looked_at(client, meeting):
    client.force_login(meeting.coordinator)
    data = {**NEXT, "chair": meeting.chair.pk, "coordinator": meeting.coordinator.pk}
    page = client.post(url("book-next-sitting", meeting.conference.pk), data).content.decode()
    assert "Only an adjourned meeting can have another sitting" in page


def test_a_social_worker_books_the_next_sitting_with_the_same_chair(client, meeting):
    adjourn(conference=meeting.conference, reason="The interpreter left", by=meeting.chair, now=NOW)
    other = user_with_role("chair", authority=meeting.authority)
    client.force_login(meeting.worker)
    answer = client.post(url("book-next-sitting", meeting.conference.pk), {**NEXT, "chair": other.pk, "confirm": "yes"})
    assert answer.status_code == 302
    assert meeting.conference.sittings.get(number=2).chair == meeting.chair


def test_the_agenda_moves_on_with_one_click(coordinator, meeting):
    item = meeting.conference.agenda.first()
    address = url("move-on", meeting.conference.pk, item.pk)
    assert coordinator.post(address).url == f"{url('agenda', meeting.conference.pk)}#item-{item.pk}"
    assert coordinator.post(address, {"done": "yes", "back": "board"}).url == url("board", meeting.conference.pk)
    item.refresh_from_db()
    assert (item.begun_at, item.done_at) == (NOW, NOW)


def test_with_no_one_to_ask_the_page_says_what_to_do(chair, meeting):
    for participant in Participant.objects.all():
        participant.attendances.update(presence=Presence.ABSENT, arrived_at=None)
    page = chair.get(url("child-scores", meeting.conference.pk, meeting.wren.pk)).content.decode()
    assert "No one to ask yet" in page


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
    for name, queries in (("board", 36), ("plan", 33), ("attendance", 30), ("agenda", 23)):
        with django_assert_num_queries(queries, info=name):
            coordinator.get(url(name, meeting.conference.pk))


def test_a_declined_score_is_recorded_with_its_reason(coordinator, meeting):
    answer = coordinator.post(
        url("score", meeting.conference.pk, meeting.wren.pk, meeting.people.hazel.pk),
        {"value": Given.ABSTAINED.value, "reason": "She did not want to"},
    )
    assert answer.status_code == 302
    assert Score.objects.get().given == Given.ABSTAINED
