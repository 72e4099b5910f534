"""The plan as it is read out: plain sentences, and nothing that not everyone in the part may hear."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from conferences.models import Attendance
from meetings.models import OutlineAction
from meetings.services.opening import add_part
from tests.conferences.conftest import NOW
from tests.meetings.test_board import note
from tests.meetings.test_next_child import draft
from tests.meetings.test_without_quorum import set_procedures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def read_out(client, meeting):
    client.force_login(meeting.chair)
    return " ".join(
        client.get(reverse("meetings:read-out-plan", args=[meeting.conference.pk])).content.decode().split()
    )


def test_each_action_is_a_sentence_for_its_children(client, meeting):
    draft(
        meeting, what="Sees her every Monday", who=meeting.people.callum, who_else="", by_when_words="",
        by_when=datetime.date(2027, 1, 4), children=[meeting.wren], why="She needs someone to talk to",
    )  # fmt: skip
    page = read_out(client, meeting)
    assert (
        "Sees her every Monday. Who does this: Callum Reed, by Monday 4 January 2027. Why: She needs someone to talk to."
        in page
    )
    assert "Nothing is drafted that can be read out." in page


def test_what_is_private_or_of_another_part_is_not_read_out(client, meeting):
    draft(meeting, what="PRIVATE-MARK", private_to=[meeting.people.dale.person])
    draft(meeting, what="FIRST-PART-MARK")
    second = add_part(conference=meeting.conference, kind="half", title="With Dale", by=meeting.chair, now=NOW)
    Attendance.objects.filter(participant=meeting.people.hazel).update(left_at=NOW)
    Attendance.objects.create(
        participant=meeting.people.beth, part=second, presence="present", arrived_at=NOW, recorded_by=meeting.chair
    )
    client.force_login(meeting.coordinator)
    typed = {"why": "Fear", "what": "SECOND-PART-MARK", "who_else": "Dale", "by_when_words": "today"}
    client.post(reverse("meetings:plan", args=[meeting.conference.pk]), typed)
    assert OutlineAction.objects.get(what="SECOND-PART-MARK").part == second
    page = read_out(client, meeting)
    assert "SECOND-PART-MARK" in page
    assert "PRIVATE-MARK" not in page
    assert "FIRST-PART-MARK" not in page
    assert "Not everything is here" in page


def test_danger_statement_and_safety_goal_come_first_where_the_framework_has_them(client, meeting):
    assert "Danger statement" not in read_out(client, meeting)
    headings = [
        {"key": "danger-statement", "label": "Danger statement", "prompt": "What do we fear?"},
        {"key": "safety-goal", "label": "Safety goal", "prompt": "What must be seen?"},
    ]
    set_procedures(meeting, framework={"key": "signs", "name": "Signs", "version": "1", "headings": headings})
    page = read_out(client, meeting)
    assert "Ask Amara Finch for it." in page
    note(meeting, heading="danger-statement", text="Wren could be hit again", children=[meeting.wren])
    page = read_out(client, meeting)
    assert page.count("Wren could be hit again.") == 1
