from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.services.guards import EditedMeanwhile
from meetings.enums import Given, Harm, ViewStatus
from meetings.models import OutlineAction, View
from meetings.selectors.outline import actions_for
from meetings.selectors.views_given import views_of
from meetings.services.outline import add_action, change_action, record_no_plan_needed, withdraw_action
from meetings.services.rounds import end_round
from meetings.services.views_given import record_view
from tests.conferences.conftest import NOW, attend
from tests.factories import ParticipantFactory, PostFactory

pytestmark = pytest.mark.django_db


def draft(meeting, **changes):
    facts = {
        "conference": meeting.conference,
        "why": "Wren is frightened at home",
        "what": "The same grown-up at school every Monday",
        "who": meeting.people.callum,
        "by_when": datetime.date(2027, 1, 4),
        "by": meeting.coordinator,
        "now": NOW,
    }
    return add_action(**{**facts, **changes})


def think(meeting, who, status=ViewStatus.CP_PLAN, **changes):
    facts = {
        "conference_child": meeting.wren,
        "participant": getattr(meeting.people, who),
        "harm": Harm.LIKELY,
        "status": status,
        "category": "EMO" if status == ViewStatus.CP_PLAN else "",
        "reason": f"{who} has a reason",
        "by": meeting.coordinator,
        "now": NOW,
    }
    return record_view(**{**facts, **changes})


def test_an_action_needs_why_what_who_and_by_when(meeting):
    with pytest.raises(ValidationError) as refused:
        draft(meeting, why="", what=" ", who=None, by_when=None)
    assert list(refused.value.message_dict) == ["why", "what", "who", "by_when"]
    assert draft(meeting).who == meeting.people.callum


def test_an_action_cannot_be_due_before_the_meeting(meeting):
    with pytest.raises(ValidationError) as refused:
        draft(meeting, by_when=datetime.date(2026, 12, 21))
    assert list(refused.value.message_dict) == ["by_when"]


def test_an_action_concerns_the_children_it_names_or_all(meeting):
    of_wren = draft(meeting, children=[meeting.wren])
    of_all = draft(meeting, what="A safety plan for the home")
    assert actions_for(meeting.wren) == [of_wren, of_all]
    assert actions_for(meeting.robin) == [of_all]


def test_submitting_the_same_action_twice_makes_one(meeting):
    assert draft(meeting) == draft(meeting)
    assert OutlineAction.objects.count() == 1


def test_the_second_editor_of_an_action_sees_both_texts(meeting):
    action = draft(meeting)
    facts = {
        "action": action, "why": action.why, "who": action.who, "by_when": action.by_when, "now": NOW,
    }  # fmt: skip
    change_action(**facts, version=1, what="Every Tuesday", by=meeting.coordinator)
    with pytest.raises(EditedMeanwhile) as refused:
        change_action(**facts, version=1, what="Every Friday", by=meeting.chair)
    assert refused.value.current.what == "Every Tuesday"


def test_an_action_submitted_unchanged_stays_as_it_is(meeting):
    action = draft(meeting)
    facts = {"why": action.why, "what": action.what, "who": action.who, "by_when": action.by_when}
    assert change_action(action=action, version=0, **facts, by=meeting.chair, now=NOW).version == 1
    changed = change_action(action=action, version=1, **facts, children=[meeting.wren], by=meeting.chair, now=NOW)
    assert (changed.version, actions_for(meeting.robin)) == (2, [])


def test_an_action_is_withdrawn_with_a_reason(meeting):
    action = draft(meeting)
    withdraw_action(action=action, because="Nobody can do it", by=meeting.coordinator, now=NOW)
    action.refresh_from_db()
    assert (action.withdrawn_at, action.withdrawn_because) == (NOW, "Nobody can do it")
    assert actions_for(meeting.wren) == []


def test_only_the_chair_says_that_no_plan_is_needed(meeting):
    with pytest.raises(ValidationError, match="Only the chair"):
        record_no_plan_needed(conference_child=meeting.wren, reason="Safe", by=meeting.coordinator, now=NOW)
    child = record_no_plan_needed(conference_child=meeting.wren, reason="Safe", by=meeting.chair, now=NOW)
    assert child.no_plan_needed_reason == "Safe"


def test_a_professionals_view_names_harm_status_category_and_reason(meeting):
    with pytest.raises(ValidationError) as refused:
        think(meeting, "amara", status="", harm="", reason="")
    assert list(refused.value.message_dict) == ["status", "harm", "reason"]
    with pytest.raises(ValidationError) as refused:
        think(meeting, "amara", category="")
    assert list(refused.value.message_dict) == ["category"]
    assert think(meeting, "amara").category == "EMO"


def test_the_family_says_what_it_would_like_in_its_own_words(meeting):
    view = think(meeting, "hazel", status=ViewStatus.NO_PLAN, harm="", reason="I want help, not to be judged.")
    assert (view.status, view.harm, view.reason) == (ViewStatus.NO_PLAN, "", "I want help, not to be judged.")


def test_a_missing_view_needs_a_reason(meeting):
    """T16: abstained, left, not asked and refused are different answers."""
    for who, given in (
        ("amara", Given.ABSTAINED),
        ("callum", Given.LEFT),
        ("ngozi", Given.NOT_ASKED),
        ("beth", Given.REFUSED),
    ):
        think(meeting, who, given=given)
    assert sorted(View.objects.values_list("given", "status", "harm")) == [
        ("abstained", "", ""), ("left", "", ""), ("not_asked", "", ""), ("refused", "", ""),
    ]  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        think(meeting, "hazel", given=Given.ABSTAINED, reason="")
    assert list(refused.value.message_dict) == ["reason"]


def test_an_absent_childs_words_are_recorded_without_a_status(meeting):
    view = think(
        meeting, "robin_there", given=Given.NOT_ASKED, conference_child=meeting.robin, reason="I want it to stop."
    )
    assert view.reason == "I want it to stop."


def test_views_are_counted_by_person_and_by_agency(meeting):
    colleague = ParticipantFactory(conference=meeting.conference, post=PostFactory(agency=meeting.people.callum.agency))
    attend(meeting, colleague)
    meeting.people.colleague = colleague
    for who in ("amara", "callum", "beth"):
        think(meeting, who)
    think(meeting, "ngozi", ViewStatus.CIN_PLAN)
    think(meeting, "colleague", ViewStatus.CIN_PLAN)
    think(meeting, "hazel", ViewStatus.NO_PLAN, harm="")
    majority = views_of(meeting.wren).majority
    assert majority.by_person == {"cp_plan": 3, "cin_plan": 2}
    assert majority.by_agency == {"cp_plan": 2, "cin_plan": 1}
    assert majority.split_agencies == 1
    assert majority.words == "3 of 5 say child protection plan"
    assert majority.agency_words == "By agency: 2 child protection plan, 1 child in need plan, 1 with mixed views"


def test_half_is_not_a_majority(meeting):
    for who in ("amara", "callum"):
        think(meeting, who)
    for who in ("ngozi", "beth"):
        think(meeting, who, ViewStatus.NO_PLAN)
    end_round(kind="view", conference_child=meeting.wren, by=meeting.chair, now=NOW, reason="The others have left")
    majority = views_of(meeting.wren).majority
    assert (majority.status, majority.words) == ("", "No majority: 2 child protection plan, 2 no plan")


def test_a_view_changes_from_its_current_version_else_both_texts_are_shown(meeting):
    think(meeting, "amara")
    assert think(meeting, "amara").version == 1
    assert think(meeting, "amara", ViewStatus.CIN_PLAN, version=1).version == 2
    with pytest.raises(EditedMeanwhile):
        think(meeting, "amara", ViewStatus.NO_PLAN, version=1)


def test_waits_for_those_who_are_here_and_asked(meeting):
    think(meeting, "amara")
    waiting = [row.participant for row in views_of(meeting.wren).waiting]
    people = meeting.people
    assert waiting == [people.callum, people.ngozi, people.beth, people.hazel]
