"""What the presets of five councils say."""

from __future__ import annotations

from copy import deepcopy

import pytest

from deadlines.enums import Unit
from deadlines.policies import LIMITS, Amount, policy_for, preset_names, raw_of, resolve
from tests.deadlines.test_policy_files import COUNCILS, NOW
from tests.factories import AuthorityFactory, policy_in_force


@pytest.fixture
def in_force(db):
    def put(preset):
        authority = AuthorityFactory()
        policy_in_force(authority, preset=preset)
        return policy_for(authority, on=NOW.date())

    return put


# Presets


def test_the_presets_are_the_baseline_and_five_councils():
    assert preset_names() == ["baseline", *sorted(COUNCILS)]


@pytest.mark.parametrize("preset", COUNCILS)
def test_a_preset_names_its_guide_and_asks_to_be_checked(preset):
    raw = raw_of(preset)
    assert raw["note"] == "As published in the guide; check with the council before use."
    sources = {entry["source"] for section in ("limits", "values") for entry in raw[section].values()}
    assert len({source.partition(" (")[0] for source in sources}) == 1
    assert raw["preset"] == preset


@pytest.mark.parametrize("read", [raw_of, resolve])
def test_changing_what_was_read_from_a_preset_changes_nothing_for_the_next_reader(read):
    first = read("hartlepool")
    before = deepcopy(first)
    first["values"]["child-invited-from-age"]["value"] = 3
    first["limits"]["minutes-sent"]["warn"]["amount"] = 9
    assert read("hartlepool") == before


@pytest.mark.parametrize(
    ("preset", "limits"),
    [
        ("families-guide", {"first-core-group": "10 days", "next-core-group": "1 month", "next-review": "6 months"}),
        (
            "hartlepool",
            {"report-shared-with-family": "2 days", "report-shared-with-family:review": "5 days", "minutes-sent": "28 days"},
        ),
        (
            "buckinghamshire",
            {
                "report-shared-with-family": "2 working days", "report-shared-with-family:review": "5 working days",
                "next-core-group": "6 weeks", "cin-plan-review": "12 weeks",
            },
        ),
        (
            "city-of-london",
            {
                "report-shared-with-family": "2 days", "report-submitted:review": "5 days", "decisions-sent": "24 hours",
                "minutes-sent": "15 working days", "next-core-group": "6 weeks",
            },
        ),
        ("south-gloucestershire", {"first-review": "3 months", "next-review": "6 months", "minutes-sent": "28 days"}),
    ],
)  # fmt: skip
def test_the_limits_of_five_councils(in_force, preset, limits):
    policy = in_force(preset)
    assert {key: policy.limit(key).words for key in limits} == limits


@pytest.mark.parametrize(
    ("preset", "values"),
    [
        (
            "baseline",
            {
                "child-invited-from-age": 10, "scaling": "offered", "decision-by": "chair after all views",
                "mode": "set each time", "parts": "chair's choice", "second-review-anchor": "last review",
                "plan-before-decision": True, "family-arrives-before-minutes": 30,
                "professionals-arrive-before-minutes": 0, "late-agreed-by": "team manager and chair",
                "day-zero-on-closed-day": "that day", "closure-days-count": True, "quorum-agencies": 2,
                "review-date-moved-by": "coordinator", "advocate-offered": "every invited child",
            },
        ),
        (
            "families-guide",
            {
                "child-invited-from-age": "by understanding", "second-review-anchor": "first conference",
                "mode": "online", "decisions-sent-by": "e-mail", "decision-by": "chair after all views",
            },
        ),
        (
            "hartlepool",
            {
                "child-invited-from-age": 11, "second-review-anchor": "first conference", "decision-by": "conference",
                "coming-off-when": "everyone agrees", "minutes-form": "minutes",
            },
        ),
        (
            "buckinghamshire",
            {
                "child-invited-from-age": 10, "decision-by": "majority, chair may overrule", "mode": "in person",
                "professionals-arrive-before-minutes": 30, "scaling-at-core-groups": "offered",
                "asked-for-view": ["professional", "social_worker", "team_manager"], "short-notice-days": 8,
            },
        ),
        (
            "city-of-london",
            {
                "child-invited-from-age": "by understanding", "mode": "blended",
                "decision-by": "chair after all views", "decision-covers": ["status", "category"],
                "minutes-form": "bundle of plan and rationale, social work report and agency reports",
                "second-review-anchor": "last review",
            },
        ),
        (
            "south-gloucestershire",
            {
                "scaling": "offered", "decision-by": "conference", "family-meets-chair": "before the start",
                "mode": "in person", "decisions-form": "key information, decision and actions",
            },
        ),
    ],
)  # fmt: skip
def test_the_values_of_five_councils(in_force, preset, values):
    policy = in_force(preset)
    assert {key: policy.value(key) for key in values} == values


@pytest.mark.parametrize(
    ("preset", "headings"),
    [
        ("families-guide", ["Current worries", "Effect on the child", "Strengths", "Complicating factors"]),
        ("hartlepool", ["Areas of concern", "Strengths", "Actions"]),
        (
            "city-of-london",
            ["Daily lived experience", "Working well", "Worried about", "What needs to change", "How"],
        ),
        (
            "south-gloucestershire",
            [
                "Working well", "Worried about", "What complicates things", "How people can help", "Danger statement",
                "Safety goal",
            ],
        ),
    ],
)  # fmt: skip
def test_the_headings_of_the_board(in_force, preset, headings):
    assert [heading.label for heading in in_force(preset).framework.headings] == headings


def test_which_limits_a_council_counts_by(in_force):
    used = {
        preset: [key for key in ("second-review", "last-core-group") if in_force(preset).uses(key)]
        for preset in preset_names()
    }
    assert used == {
        "baseline": [],
        "families-guide": ["second-review"],
        "hartlepool": ["second-review"],
        "buckinghamshire": [],
        "city-of-london": [],
        "south-gloucestershire": [],
    }


def test_of_two_limits_the_sooner_is_named(in_force):
    policy = in_force("baseline")
    assert {key: policy.limit(key).sooner_with for key in LIMITS if policy.limit(key).sooner_with} == {
        "pre-birth-conference": "initial-conference",
        "outline-plan": "first-core-group",
        "second-review": "next-review",
        "after-birth": "first-review",
        "after-birth:mother-unwell": "first-review",
        "tell-otherwise": "tell-before-meeting",
    }


def test_a_limit_in_hours_escalates_in_hours(in_force):
    policy = in_force("baseline")
    assert (policy.limit("first-review").to_manager, policy.limit("first-review").to_service_manager) == (
        Amount(1, Unit.WORKING_DAYS),
        Amount(3, Unit.WORKING_DAYS),
    )
    assert policy.limit("decisions-sent").to_manager == Amount(4, Unit.HOURS)
