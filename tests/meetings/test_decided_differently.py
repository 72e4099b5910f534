"""Why the chair decides differently from most."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection

from conferences.enums import Outcome, PlanEffect
from conferences.models import Decision
from meetings.enums import ViewStatus
from meetings.models import View
from meetings.selectors.majority import Majority
from meetings.selectors.rule_of_decision import RuleOfDecision
from reports.content.decided import said_decisions
from tests.meetings.test_decisions import decide, ready  # noqa: F401 the fixtures

pytestmark = pytest.mark.django_db


# Why the chair decides differently from most

SAID = "He has left for good."


ON_A_PLAN = [
    (outcome, effect)
    for effect, outcomes in {
        PlanEffect.GOES_ON: ["cp_plan", "further_assessment", "other_support", "cin_refused"],
        PlanEffect.LOWERED: ["cin_plan"],
        PlanEffect.ENDS: ["plan_ends", "cin_refused"],
    }.items()
    for outcome in outcomes
]


@pytest.mark.parametrize(("outcome", "on_plan"), [*((outcome, "") for outcome in Outcome), *ON_A_PLAN])
@pytest.mark.parametrize("most", [*ViewStatus, None])
def test_a_reason_for_deciding_differently_is_kept_exactly_where_the_decision_differs(outcome, most, on_plan):
    """Where a plan goes on, the child has a child protection plan whatever else was decided."""
    majority = Majority({most: 3, "another": 1} if most else {"cp_plan": 1, "no_plan": 1}, {}, 0)
    differs = {
        "cp_plan": {"cin_plan", "no_plan"},
        "cin_plan": {"cp_plan", "no_plan"},
        # Offered, and what goes on because it was refused: neither is against.
        "cin_refused": {"no_plan"} if on_plan == PlanEffect.GOES_ON else {"cp_plan", "no_plan"},
        "further_assessment": {"cin_plan", "no_plan"} if on_plan == PlanEffect.GOES_ON else {"cp_plan", "cin_plan"},
        "other_support": {"cin_plan", "no_plan"} if on_plan == PlanEffect.GOES_ON else {"cp_plan", "cin_plan"},
    }.get(outcome, {"cp_plan", "cin_plan"})
    rule = RuleOfDecision("chair after all views", "as other decisions", majority, Majority({}, {}, 0))
    assert majority.is_against(outcome, on_plan) is (most in differs)
    assert rule.reason_against(outcome, on_plan, SAID) == (SAID if most in differs else "")


def test_a_reason_typed_before_another_outcome_was_chosen_is_not_kept(ready):  # noqa: F811
    decision = decide(ready, against_majority_reason=SAID)
    assert (decision.outcome, decision.against_majority_reason) == ("cp_plan", "")


@pytest.mark.parametrize(("outcome", "is_printed"), [(Outcome.CP_PLAN, False), (Outcome.FURTHER_ASSESSMENT, True)])
def test_no_paper_and_no_page_says_against_most_views_when_it_was_not(ready, client, outcome, is_printed):  # noqa: F811
    """Also for decisions from before such a reason was dropped."""
    decision = decide(ready, outcome=outcome, help_offered="Help", against_majority_reason=SAID)
    if not is_printed:
        with connection.cursor() as cursor:
            # No decision can be changed; this one is to read as it would have been written before.
            cursor.execute("SET LOCAL session_replication_role = replica")
            Decision.objects.filter(pk=decision.pk).update(against_majority_reason=SAID)
            cursor.execute("SET LOCAL session_replication_role = origin")
    decision.refresh_from_db()
    (said,) = said_decisions([decision])
    client.force_login(ready.chair)
    page = client.get(f"/conferences/{ready.conference.pk}/day/decisions/").content.decode()
    assert (said["against_majority_reason"], SAID in page) == (SAID if is_printed else "", is_printed)


def test_the_form_shows_the_question_for_the_outcomes_that_differ():
    """The style sheet lists the outcomes of each status: no script is needed to ask."""
    css = (settings.BASE_DIR / "static/build/cpconf.css").read_text()
    shown = set(
        re.findall(r"form:has\(\[name=outcome\]\[value=(\w+)\]:checked\) \.cp-against--(\w+)", css.replace('"', ""))
    )
    assert shown == {
        (outcome, most)
        for outcome in Outcome
        for most in ViewStatus
        if Majority({most: 1}, {}, 0).is_against(outcome, "")
    }


def test_the_form_shows_it_in_a_review_for_what_becomes_of_the_plan():
    css = (settings.BASE_DIR / "static/build/cpconf.css").read_text().replace('"', "")
    shown = set(
        re.findall(
            r"form:has\(\[name=outcome\]\[value=(\w+)\]:checked\)"
            r"(?::has\(\[name=refusal_changes\]\[value=(\w+)\]:checked\))? \.cp-against-on-plan--(\w+)",
            css,
        )
    )
    effects = {
        Outcome.CP_PLAN: {"": "goes_on"},
        Outcome.FURTHER_ASSESSMENT: {"": "goes_on"},
        Outcome.OTHER_SUPPORT: {"": "goes_on"},
        Outcome.CIN_PLAN: {"": "lowered"},
        Outcome.CIN_REFUSED: {"": "goes_on", "no": "ends"},
        Outcome.PLAN_ENDS: {"": "ends"},
    }
    asked = {
        (outcome.value, changes, most.value)
        for outcome, effect in effects.items()
        for changes, on_plan in effect.items()
        for most in ViewStatus
        if Majority({most: 1}, {}, 0).is_against(outcome, on_plan)
    }
    # What is shown for either answer needs no second rule.
    assert shown == {row for row in asked if not row[1] or (row[0], "", row[2]) not in asked}


def test_the_form_does_not_ask_where_most_recommend_nothing(ready, client):  # noqa: F811
    client.force_login(ready.chair)
    address = f"/conferences/{ready.conference.pk}/day/decisions/{ready.wren.pk}/"
    assert "cp-against--cp_plan" in client.get(address).content.decode()
    View.objects.filter(participant__in=[ready.people.amara, ready.people.callum]).update(status=ViewStatus.NO_PLAN)
    assert "against_majority_reason" not in client.get(address).content.decode()
