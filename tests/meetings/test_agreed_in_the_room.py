"""Outcomes, and what is done if something happens, are agreed in the room and go into the plans."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import PartKind
from conferences.services.guards import EditedMeanwhile
from meetings.models import OutlineEntry
from meetings.services.opening import add_part
from meetings.services.outline_entries import Agreed, agree_on, change_agreed, take_out_agreed
from plans.models import Plan
from plans.services.plans import follow_decision
from tests.conferences.conftest import NOW
from tests.meetings.test_decisions import decide, ready  # noqa: F401
from tests.meetings.test_read_out import read_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(NOW, tick=False):
        yield


def url(meeting, name, *args):
    return reverse(f"meetings:{name}", args=[meeting.conference.pk, *args])


def outcome(meeting, text="Wren sleeps through the night", **changes):
    facts = {"conference": meeting.conference, "kind": "outcome", "by": meeting.coordinator, "now": NOW}
    return agree_on(**{**facts, "agreed": Agreed(text=text, children=(meeting.wren,)), **changes})


def test_both_are_entered_for_several_children_and_read_out_before_views(client, meeting):
    client.force_login(meeting.coordinator)
    both = [str(meeting.wren.pk), str(meeting.robin.pk)]
    said = {"text": "No one shouts at bedtime", "children": both}
    assert client.post(url(meeting, "add-outcome"), said).status_code == 302
    if_so = {
        "text": "Dale comes to the door drunk",
        "we_do": "We ring the police",
        "who_else": "Hazel",
        "children": both,
    }
    for _ in range(2):
        assert client.post(url(meeting, "add-contingency"), if_so).status_code == 302
    assert OutlineEntry.objects.count() == 2
    page = client.get(url(meeting, "plan")).content.decode()
    assert ("No one shouts at bedtime" in page, "We ring the police" in page) == (True, True)
    heard = read_out(client, meeting)
    assert heard.count("No one shouts at bedtime.") == 2
    assert "If this happens: Dale comes to the door drunk. Then: We ring the police. Who acts: Hazel." in heard


def test_what_is_done_and_by_whom_has_to_be_said(client, meeting):
    client.force_login(meeting.coordinator)
    page = client.post(url(meeting, "add-contingency"), {"text": "He comes back"}).content.decode()
    assert "There is a problem" in page
    assert "He comes back" in page
    with pytest.raises(ValidationError) as refusal:
        agree_on(
            conference=meeting.conference, kind="contingency", agreed=Agreed(text="He comes"), by=meeting.chair, now=NOW
        )
    assert set(refusal.value.message_dict) == {"we_do", "who"}
    assert not OutlineEntry.objects.exists()


def test_nothing_of_a_confidential_part_goes_into_what_everyone_reads(meeting):
    part = add_part(conference=meeting.conference, kind=PartKind.CONFIDENTIAL, title="Alone", by=meeting.chair, now=NOW)
    with pytest.raises(ValidationError, match="outside the confidential part"):
        outcome(meeting, part=part)


def test_two_who_change_it_are_told_and_taking_out_keeps_the_words(client, meeting):
    row = outcome(meeting)
    change_agreed(entry=row, version=1, agreed=Agreed(text="Wren sleeps"), by=meeting.chair)
    with pytest.raises(EditedMeanwhile):
        change_agreed(entry=row, version=1, agreed=Agreed(text="Wren rests"), by=meeting.chair)
    take_out_agreed(entry=row, because="Said twice", by=meeting.chair, now=NOW)
    row.refresh_from_db()
    assert (row.text, row.withdrawn_because) == ("Wren sleeps", "Said twice")
    client.force_login(meeting.coordinator)
    assert client.get(url(meeting, "change-agreed", row.pk)).status_code == 404


def test_the_chairs_decision_takes_them_into_that_childs_plan_once_and_they_stay_as_agreed(ready):  # noqa: F811
    own, for_all = outcome(ready), outcome(ready, agreed=Agreed(text="Everyone eats together"))
    outcome(ready, agreed=Agreed(text="Robin goes to school", children=(ready.robin,)))
    taken = outcome(ready, agreed=Agreed(text="Taken out"))
    take_out_agreed(entry=taken, because="No", by=ready.chair, now=NOW)
    agree_on(
        conference=ready.conference, kind="contingency", by=ready.coordinator, now=NOW,
        agreed=Agreed(text="Dale comes", we_do="Ring 999", who=ready.people.hazel),
    )  # fmt: skip
    decision = decide(ready)
    plan = Plan.objects.get(child=ready.wren.child)
    entries = {(row.kind, row.text, row.we_do, row.who_in_words) for row in plan.entries.standing()}
    assert entries == {
        ("outcome", own.text, "", ""),
        ("outcome", for_all.text, "", ""),
        ("contingency", "Dale comes", "Ring 999", ready.people.hazel.person.full_name),
    }
    follow_decision(decision, NOW)
    assert plan.entries.count() == 3
    with pytest.raises(ValidationError, match="already decided"):
        change_agreed(entry=own, version=1, agreed=Agreed(text="Other words"), by=ready.chair)
