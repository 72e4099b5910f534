"""The council's rule of decision stands beside the views; it computes, pre-selects and bars nothing."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import ConferenceKind, Outcome, PlanEffect
from conferences.models import ConferenceChild
from meetings.enums import Harm, ViewStatus
from meetings.selectors.day_steps import TheDay
from meetings.selectors.majority import Majority
from meetings.selectors.rule_of_decision import RuleOfDecision
from meetings.selectors.scores import scores_of
from meetings.services.scores import record_score
from meetings.services.views_given import record_view
from tests.conferences.conftest import NOW
from tests.factories import PlanFactory
from tests.meetings.test_closing import decide
from tests.meetings.test_without_quorum import faults_of, page_of, set_procedures

pytestmark = pytest.mark.django_db

FIRST = "No plan is drafted for Wren, and the chair has not said that none is needed"
OPINIONS = {
    "amara": ViewStatus.CIN_PLAN, "callum": ViewStatus.CIN_PLAN, "ngozi": ViewStatus.CIN_PLAN, "beth": ViewStatus.CP_PLAN,
    "hazel": ViewStatus.CP_PLAN, "dale": ViewStatus.CP_PLAN, "robin_there": ViewStatus.CP_PLAN,
}  # fmt: skip


def view(meeting, child, who, status, **changes):
    person = getattr(meeting.people, who)
    category = "EMO" if status == ViewStatus.CP_PLAN and not person.is_family else ""
    facts = {"harm": Harm.LIKELY, "status": status, "category": category, "reason": "Because"}
    return record_view(
        conference_child=child, participant=person, by=meeting.coordinator, now=NOW, **{**facts, **changes}
    )


def everyone_says(meeting):
    """Three of four professionals want a child in need plan for Wren; the family wants a child protection plan."""
    for who, status in OPINIONS.items():
        if who != "robin_there":
            view(meeting, meeting.wren, who, status)
    view(meeting, meeting.wren, "wren_there", ViewStatus.CP_PLAN)


def rule(decision_by="chair after all views", coming_off="as other decisions", people=None, everyone=None):
    return RuleOfDecision(decision_by, coming_off, Majority(people or {}, {}, 0), Majority(everyone or {}, {}, 0))


@pytest.mark.value("decision-by")
def test_why_is_asked_where_the_decision_differs_from_what_the_rule_looks_to(client, meeting):
    everyone_says(meeting)
    reason = "against_majority_reason"
    assert faults_of(lambda: decide(meeting, meeting.wren))[reason] == [
        "Most professionals recommend something else. Say why you decide differently."
    ]
    set_procedures(meeting, decision_by="conference")
    page = page_of(client, meeting, "decide", meeting.wren.pk)
    assert "the conference decides together. Of everyone here: 4 of 7 say child protection plan." in page
    assert "Why you decide differently from most people here" in page
    assert decide(meeting, meeting.wren).outcome == Outcome.CP_PLAN


def test_the_words_of_the_rule_stand_beside_the_views_and_nothing_is_chosen(client, meeting):
    everyone_says(meeting)
    set_procedures(meeting, decision_by="majority, chair may overrule")
    page = page_of(client, meeting, "decide", meeting.wren.pk)
    assert "the decision is usually what most professionals recommend. You may overrule it." in page
    assert not re.search(r'name="outcome"[^>]*checked', page)


@pytest.mark.value("coming-off-when")
def test_a_review_says_when_a_child_comes_off_a_plan_in_this_council(client, meeting):
    ConferenceChild.objects.filter(pk=meeting.wren.pk).update(kind=ConferenceKind.REVIEW)
    PlanFactory(child=meeting.wren.child, authority=meeting.conference.authority, starts_on=datetime.date(2026, 10, 1))
    words = "a child comes off a plan when everyone agrees."
    assert words not in page_of(client, meeting, "decide", meeting.wren.pk)
    set_procedures(meeting, coming_off_when="everyone agrees")
    assert words in page_of(client, meeting, "decide", meeting.wren.pk)


@pytest.mark.parametrize(
    ("on_plan", "everyone", "asked"),
    [
        (PlanEffect.ENDS, {"no_plan": 3, "cp_plan": 1}, "Not everyone agrees that the plan ends or is lowered."),
        (PlanEffect.ENDS, {"no_plan": 4}, ""),
        (PlanEffect.GOES_ON, {"no_plan": 4}, "Everyone agrees that the plan can end or be lowered."),
        (PlanEffect.GOES_ON, {"no_plan": 3, "cp_plan": 1}, ""),
        (PlanEffect.GOES_ON, {}, ""),
        ("", {"no_plan": 3, "cp_plan": 1}, ""),
    ],
)
def test_where_everyone_has_to_agree_the_chair_says_why_they_decide_differently(on_plan, everyone, asked):
    outcome = Outcome.PLAN_ENDS if on_plan == PlanEffect.ENDS else Outcome.CP_PLAN
    assert rule(coming_off="everyone agrees", everyone=everyone).why_asked(outcome, on_plan) == asked
    assert rule(everyone=everyone).why_asked(outcome, on_plan) == ""


def test_everyone_agreeing_is_said_in_words():
    said = rule(coming_off="everyone agrees", everyone={"no_plan": 3, "cp_plan": 1}).in_words("Eastmere", on_plan=True)
    assert said == [
        "In Eastmere the chair decides after hearing all views.",
        "In Eastmere a child comes off a plan when everyone agrees. 3 of the 4 who gave a view would end or lower it.",
    ]


@pytest.mark.value("decision-covers")
def test_no_one_is_asked_for_a_category_that_the_procedures_leave_to_the_chair(client, meeting):
    assert list(faults_of(lambda: view(meeting, meeting.wren, "beth", ViewStatus.CP_PLAN, category=""))) == ["category"]
    set_procedures(meeting, decision_covers=["status"])
    assert view(meeting, meeting.wren, "beth", ViewStatus.CP_PLAN, category="").category == ""
    page = page_of(client, meeting, "record-view", meeting.wren.pk, meeting.people.beth.pk)
    assert "Category of harm" not in page
    assert ">Category</th>" not in page_of(client, meeting, "child-views", meeting.wren.pk)


@pytest.mark.value("plan-before-decision")
def test_where_the_plan_follows_it_is_not_missing_before_the_decision(client, meeting):
    first = page_of(client, meeting, "decide", meeting.wren.pk)
    assert "The plan comes first." in first
    assert "No plan is drafted for Wren" in first
    assert plan_missing(meeting) == [FIRST]
    set_procedures(meeting, plan_before_decision=False)
    assert plan_missing(meeting) == []
    after = page_of(client, meeting, "decide", meeting.wren.pk)
    assert "The plan comes first." not in after
    assert "No plan is drafted for Wren" not in after
    assert "the plan follows the decision." in page_of(client, meeting, "plan")


def plan_missing(meeting):
    return [one for one in TheDay(meeting.conference).missing_for(meeting.wren) if one.startswith("No plan")]


@pytest.mark.value("scaling")
def test_where_scores_are_not_used_no_one_is_asked_and_the_step_is_gone(client, meeting):
    assert "Scores<" in page_of(client, meeting, "decide", meeting.wren.pk)
    assert scores_of(meeting.wren).rows
    set_procedures(meeting, scaling="not used")
    assert scores_of(meeting.wren).rows == []
    assert "Scores<" not in page_of(client, meeting, "decide", meeting.wren.pk)
    assert "Scores are not used at conferences of" in page_of(client, meeting, "child-scores", meeting.wren.pk)
    with pytest.raises(ValidationError, match="do not ask this person for a score"):
        record_score(
            conference_child=meeting.wren, participant=meeting.people.beth, value=3, reason="Shouting",
            by=meeting.coordinator, now=NOW,
        )  # fmt: skip
    set_procedures(meeting, scaling="required")
    page = page_of(client, meeting, "child-scores", meeting.wren.pk)
    assert "asks everyone for a score. A missing score never keeps the" in page
