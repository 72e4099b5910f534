from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from conferences.enums import Outcome
from conferences.models import Decision
from conferences.services.exclusions import open_request
from conferences.services.guards import MeetingClosed
from families.enums import ResponsibilityStatus
from families.models import ParentalResponsibility
from meetings import events
from meetings.enums import Given, Harm, HarmAnswer, StopGround, ViewStatus
from meetings.models import Dissent
from meetings.selectors.day_steps import TheDay
from meetings.selectors.next_dates import what_will_follow
from meetings.services.decisions import DecisionFacts, PlanAndViewsMissing, record_decision, record_dissent
from meetings.services.guards import StoppedForSafety
from meetings.services.opening import adjourn, open_conference, withdraw_child
from meetings.services.outline import add_action, change_action
from meetings.services.safety import raise_stop
from meetings.services.scores import record_score
from meetings.services.views_given import record_view
from plans.models import Plan
from tests.conferences.conftest import NOW, attend
from tests.factories import SittingFactory, user_with_role
from tests.hooks import restored
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

PROFESSIONALS = ("amara", "callum", "ngozi", "beth")


def plan_and_views(meeting, child, *, views=None):
    """Draft a plan and record everyone's view; by default all recommend a child protection plan."""
    add_action(
        conference=meeting.conference,
        why="Fear",
        what="A safe home",
        who_else="Everybody",
        by_when_words="from today",
        by=meeting.coordinator,
        now=NOW,
    )
    statuses = dict.fromkeys(PROFESSIONALS, ViewStatus.CP_PLAN) | {"hazel": ViewStatus.CIN_PLAN} | (views or {})
    for who, status in statuses.items():
        record_view(
            conference_child=child,
            participant=getattr(meeting.people, who),
            harm=Harm.LIKELY,
            still_harm=HarmAnswer.YES,
            status=status,
            category="EMO" if status == ViewStatus.CP_PLAN else "",
            reason="Because",
            by=meeting.coordinator,
            now=NOW,
        )


def missing_before_decision(child):
    return TheDay(child.conference).missing_for(child)


def decide(meeting, child=None, *, chair=None, now=NOW, **changes):
    facts = {
        "outcome": Outcome.CP_PLAN,
        "main_category": "EMO",
        "categories": ["NEG"],
        "rationale": "Wren has been frightened at home again and again.",
        "key_worker": meeting.worker,
        "visit_every_working_days": 10,
        "core_group": [meeting.people.amara, meeting.people.hazel, meeting.people.callum],
    }
    return record_decision(
        conference_child=child or meeting.wren,
        facts=DecisionFacts(**{**facts, **changes}),
        chair=chair or meeting.chair,
        now=now,
    )


@once_per_module(at=NOW)
def ready(meeting):
    plan_and_views(meeting, meeting.wren)
    return meeting


def holder(child, person):
    return ParentalResponsibility.objects.create(
        child=child.child, person=person, status=ResponsibilityStatus.HELD, basis="birth"
    )


def test_the_chair_decides_after_plan_and_views(ready):
    decision = decide(ready)
    assert (decision.outcome, decision.main_category, decision.categories) == ("cp_plan", "EMO", ["EMO", "NEG"])
    assert (decision.missing, decision.went_on_reason, decision.decided_at) == ([], "", NOW)
    assert set(decision.core_group.all()) == {ready.people.amara, ready.people.hazel, ready.people.callum}


def test_a_decision_before_plan_and_views_is_refused_listing_what_is_missing(meeting):
    meeting.people.wren_there.views_brought_by = None
    meeting.people.wren_there.save()
    with pytest.raises(PlanAndViewsMissing) as refused:
        decide(meeting)
    assert refused.value.missing == [
        "No plan is drafted for Wren, and the chair has not said that none is needed",
        "The view of Amara Finch about Wren, or why there is none",
        "The view of Callum Reed about Wren, or why there is none",
        "The view of Ngozi Larkin about Wren, or why there is none",
        "The view of Beth Siskin about Wren, or why there is none",
        "The view of Hazel Brambley about Wren, or why there is none",
        "Who brings the views of Wren Brambley, who is not here",
    ]
    assert Decision.objects.count() == 0


def test_the_chair_may_go_on_without_and_reason_and_list_are_recorded(meeting):
    decision = decide(meeting, went_on_reason="The police take him at noon.")
    assert len(decision.missing) == 6
    assert decision.missing[0].startswith("No plan is drafted for Wren")
    assert decision.went_on_reason == "The police take him at noon."


def test_a_reason_to_go_on_is_not_stored_if_nothing_is_missing(ready):
    assert decide(ready, went_on_reason="In a hurry").went_on_reason == ""


def test_no_plan_needed_counts_as_a_plan(meeting):
    plan_and_views(meeting, meeting.wren)
    meeting.conference.outline.update(withdrawn_at=NOW, withdrawn_because="Not needed")
    meeting.wren.no_plan_needed_reason = "All is done."
    meeting.wren.save()
    assert missing_before_decision(meeting.wren) == []


def test_an_absent_parent_whose_views_no_one_brings_is_missing(ready):
    ready.people.dale.views_brought_by = None
    ready.people.dale.save()
    assert missing_before_decision(ready.wren) == ["Who brings the views of Dale Ashdown, who is not here"]


def test_an_open_question_to_the_chair_is_missing(ready):
    open_request(participant=ready.people.dale, ground="asked", reason="Fear", by=ready.worker, now=NOW)
    assert missing_before_decision(ready.wren) == ["The chair's decision whether and how Dale Ashdown takes part"]


def test_unexplored_scores_far_apart_are_missing(ready):
    for who, value in (("amara", 2), ("callum", 8), ("ngozi", 5), ("beth", 5), ("hazel", 9)):
        record_score(
            conference_child=ready.wren,
            participant=getattr(ready.people, who),
            value=value,
            reason="So",
            may_be_shown=True,
            by=ready.coordinator,
            now=NOW,
        )
    ready.wren.refresh_from_db()
    assert missing_before_decision(ready.wren) == [
        "What lies behind the scores for Wren, which are 7\u00a0points apart"
    ]


def test_no_reason_overcomes_a_child_who_is_not_safe_tonight(ready):
    raise_stop(
        conference_child=ready.robin, ground=StopGround.SAID, said="He is outside", by=ready.coordinator, now=NOW
    )
    with pytest.raises(StoppedForSafety):
        decide(ready, went_on_reason="It is late.")


@pytest.mark.parametrize("who", ["coordinator", "worker", "manager"])
def test_only_the_chair_decides(ready, who):
    with pytest.raises(ValidationError, match="Only the chair"):
        decide(ready, chair=getattr(ready, who))


def test_another_chair_of_the_council_cannot_decide(ready):
    with pytest.raises(ValidationError, match="Only the chair"):
        decide(ready, chair=user_with_role("chair", authority=ready.authority))


def test_a_child_of_another_conference_is_refused(ready):
    other = type(ready.wren)(pk=10**9, conference=ready.conference)
    with pytest.raises(ValidationError, match="not in the conference"):
        decide(ready, child=other)


def test_a_withdrawn_child_cannot_be_decided(ready):
    withdraw_child(conference_child=ready.wren, because="Abroad", by=ready.chair, now=NOW)
    with pytest.raises(ValidationError, match="was withdrawn"):
        decide(ready)


def test_before_opening_and_after_closing_nothing_is_decided(planned):
    with pytest.raises(ValidationError, match="has not been opened"):
        decide(planned)
    planned.conference.status = "closed"
    planned.conference.opened_at = planned.conference.ended_at = NOW
    planned.conference.save()
    with pytest.raises(MeetingClosed):
        decide(planned)


def test_deciding_twice_returns_the_same_decision(ready):
    assert decide(ready) == decide(ready, outcome=Outcome.NOTHING)
    assert Decision.objects.count() == 1


def test_each_child_is_decided_separately(ready):
    plan_and_views(ready, ready.robin)
    wren = decide(ready)
    robin = decide(
        ready,
        child=ready.robin,
        outcome=Outcome.FURTHER_ASSESSMENT,
        help_offered="Assessment goes on",
        against_majority_reason="He lives with Martin.",
        went_on_reason="He is heard by letter.",
    )
    assert (wren.outcome, robin.outcome) == ("cp_plan", "further_assessment")


def test_listeners_run_in_the_same_transaction(ready):
    seen = []
    with restored(events.decision_made):
        events.decision_made.connect(lambda made, now: seen.append((made, now)))
        decision = decide(ready)
    assert seen == [(decision, NOW)]
    plan = Plan.objects.get(decision=decision)
    assert (plan.starts_on, plan.child) == (datetime.date(2026, 12, 22), ready.wren.child)


def test_nothing_is_decided_if_a_listener_fails(ready):
    def fail(made, now):
        raise ValidationError("No plan can be made.")

    with restored(events.decision_made, emptied=True):
        events.decision_made.connect(fail)
        with pytest.raises(ValidationError, match="No plan can be made"):
            decide(ready)
    assert Decision.objects.count() == 0


def test_a_child_decided_in_the_second_sitting_has_a_plan_from_that_day(ready):
    """T7."""
    plan_and_views(ready, ready.robin)
    decide(ready)
    adjourn(conference=ready.conference, reason="Robin's father was not reached", by=ready.chair, now=NOW)
    second = SittingFactory(
        conference=ready.conference, number=2, starts_at=datetime.datetime(2027, 1, 5, 10, tzinfo=datetime.UTC)
    )
    then = datetime.datetime(2027, 1, 5, 11, tzinfo=datetime.UTC)
    open_conference(conference=ready.conference, by=ready.chair, now=then)
    for who in (*PROFESSIONALS, "hazel"):
        attend(ready, getattr(ready.people, who), part=second.parts.get(), arrived_at=then)
    decision = decide(ready, child=ready.robin, now=then)
    assert decision.sitting == second
    assert sorted(Plan.objects.values_list("child__person__given_name", "starts_on")) == [
        ("Robin", datetime.date(2027, 1, 5)), ("Wren", datetime.date(2026, 12, 22)),
    ]  # fmt: skip


def test_one_child_is_reviewed_with_a_newborns_initial_conference(ready):
    """T9: kind, views and decision belong to each child."""
    ready.robin.kind = "review"
    ready.robin.save()
    assert missing_before_decision(ready.wren) == []
    assert len(missing_before_decision(ready.robin)) == 5
    assert (decide(ready).conference_child.kind, ready.robin.kind) == ("initial", "review")


def test_views_and_actions_are_fixed_after_the_decision(ready):
    decide(ready)
    with pytest.raises(ValidationError, match="has decided for this child"):
        record_view(
            conference_child=ready.wren,
            participant=ready.people.amara,
            given=Given.ABSTAINED,
            reason="Changed my mind",
            version=1,
            by=ready.coordinator,
            now=NOW,
        )
    action = ready.conference.outline.first()
    with pytest.raises(ValidationError, match="stays as agreed"):
        change_action(
            action=action,
            version=1,
            why="Other",
            what=action.what,
            who_else="Me",
            by_when_words="soon",
            by=ready.coordinator,
            now=NOW,
        )


def test_dissent_is_recorded_once(ready):
    decision = decide(ready)
    facts = {"decision": decision, "participant": ready.people.ngozi, "by": ready.coordinator, "now": NOW}
    with pytest.raises(ValidationError) as refused:
        record_dissent(**facts, text=" ")
    assert list(refused.value.message_dict) == ["text"]
    assert record_dissent(**facts, text="Help by consent is enough") == record_dissent(
        **facts, text="Help by consent is enough"
    )
    assert Dissent.objects.count() == 1


def test_what_will_follow_is_counted_by_the_councils_limits_soonest_first(meeting):
    lines = what_will_follow(meeting.conference, outcome=Outcome.CP_PLAN, sitting=meeting.sitting, visit_every=10)
    assert [(line.when.replace("\u00a0", " "), line.what) for line in lines] == [
        ("Today", "The child protection plan starts"),
        ("By Wednesday 23 December 2026, 12:00", "The decisions and the plan go to everyone who may have them"),
        ("By Friday 1 January 2027 (do it by Thursday 31 December 2026)", "First core group"),
        ("By Friday 8 January 2027", "The child is seen for the first time under the plan"),
        ("By Tuesday 19 January 2027", "The minutes are sent"),
        ("By Monday 22 March 2027", "First review conference"),
    ]


def test_a_participant_of_another_conference_cannot_join_the_core_group(ready):
    from_elsewhere = type(ready.people.amara)(pk=10**9, conference_id=10**9, person=ready.people.hazel.person)
    with pytest.raises(ValidationError) as refused:
        decide(ready, core_group=[ready.people.amara, from_elsewhere])
    assert list(refused.value.message_dict) == ["core_group"]
