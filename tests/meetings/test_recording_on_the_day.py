"""Who is here, scores, actions and views, recorded on the pages of the day."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from conferences.enums import Presence
from conferences.models import Participant
from conferences.services.exclusions import open_request
from meetings.models import OutlineAction, SafetyStop, Score, View
from meetings.services.scores import record_score
from tests.conferences.conftest import NOW
from tests.factories import PostFactory
from tests.meetings.test_day_pages import the_time, url, urls_of  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


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
