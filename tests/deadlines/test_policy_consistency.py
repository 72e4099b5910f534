"""A file whose parts contradict each other is refused by name."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from deadlines.enums import Scope, Unit
from deadlines.models import PolicyVersion
from deadlines.policies import (
    Amount,
    baseline,
    complete,
    filled,
    policy_for,
    preset_names,
    raw_from_text,
    raw_of,
    resolve,
    write_strict,
)
from deadlines.services import put_policy_in_force
from tests.deadlines.test_policy_files import EASTMERE, NOW, SAID, limit, own, refusals
from tests.factories import AuthorityFactory

# Consistency


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            own(limit("minutes-sent", escalate={"manager": {"amount": 5, "unit": "working days"}, "service-manager": {"amount": 1, "unit": "working days"}})),
            "limits.minutes-sent: escalate: is out of order; it goes to the manager first, so manager must not be more than service-manager",
        ),
        (
            own(limit("minutes-sent", escalate={"manager": {"amount": 1, "unit": "working days"}})),
            "limits.minutes-sent: escalate: lacks 'service-manager'",
        ),
        (
            own(limit("minutes-sent", escalate={"manager": {"amount": 1, "unit": "hours"}, "service-manager": {"amount": 3, "unit": "working days"}})),
            "limits.minutes-sent: escalate.manager.unit: must be 'working days' for a limit in days",
        ),
        (
            own(limit("minutes-sent", escalate={"manager": {"amount": -1, "unit": "working days"}, "service-manager": {"amount": 3, "unit": "working days"}})),
            "limits.minutes-sent: escalate.manager.amount: must be 0 or more, not -1",
        ),
        (
            own(limit("minutes-sent", **{"from": "whenever"})),
            "limits.minutes-sent: from: must be 'end of the last part', not 'whenever'",
        ),
        (
            own(limit("minutes-sent", direction="before")),
            "limits.minutes-sent: direction: must be 'after', not 'before'",
        ),
        (
            own(limit("next-review", **{"sooner-with": "second-review"})),
            "limits.next-review: sooner-with: must be '', not 'second-review'",
        ),
        (
            own(limit("after-birth", **{"sooner-with": ""})),
            "limits.after-birth: sooner-with: must be 'first-review', not ''",
        ),
        (
            own(limit("outline-plan", **{"sooner-with": "first-review"})),
            "limits.outline-plan: sooner-with: must be 'first-core-group' or '', not 'first-review'",
        ),
        (
            own(limit("first-core-group", outer={"amount": 20, "unit": "working days"})),
            "limits.first-core-group: outer: 20 working days is looser than the national outer limit of 10 working days",
        ),
        (
            own(limit("minutes-sent", outer={"amount": 10, "unit": "days"})),
            "limits.minutes-sent: 28 days is looser than the national outer limit of 10 days",
        ),
        (
            own(pre_birth_by_week=34),
            "values.pre-birth-by-week: week 34 is 6 weeks before the expected date, but limits.pre-birth-conference says 3 months",
        ),
        (
            own(pre_birth_by_week=41),
            "values.pre-birth-by-week: week 41 is not before the expected date in week 40",
        ),
        (
            own(limit("pre-birth-conference", amount=6, unit="weeks"), pre_birth_by_week=34, pre_birth_earliest_week=36),
            "values.pre-birth-earliest-week: week 36 comes after week 34 of pre-birth-by-week",
        ),
        ({**own(), "preset": "My Council"}, "preset: must be small letters, digits and hyphens, not 'My Council'"),
        ({**own(), "extends": "own"}, "has the unknown key 'extends'"),
        (own(late_agreed_by="whoever"), None),
    ],
)  # fmt: skip
def test_inconsistencies_are_named(raw, message):
    messages = refusals(raw)
    assert messages[0].startswith("own.yaml: ")
    assert message is None or f"own.yaml: {message}" in messages


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("quorum_groupings", [{"key": "a", "label": "A", "kinds": ["gp", "dentist"]}], "item 1: kinds: has the unknown agency kind 'dentist'"),
        ("quorum_groupings", [{"key": "a", "label": "A", "kinds": ["gp"]}, {"key": "b", "label": "B", "kinds": ["gp"]}], "has 'gp' twice"),
        ("visits_child_alone", 0, "must be a number (1 = every visit, 2 = every second) from 1 to 12 or 'not set', not 0"),
        ("who_gets_what", {"parent": ["everything"]}, "lacks 'child'"),
        ("late_conference_needs", [], "must be a list of things, not []"),
        ("below_quorum_ends_or_lowers_a_plan", "sometimes", "must be 'never', not 'sometimes'"),
        ("closure_days_count", "yes", "must be true or false, not 'yes'"),
    ],
)  # fmt: skip
def test_a_wrong_value_of_a_newer_key_is_named(key, value, reason):
    name = key.replace("_", "-")
    assert refusals(own(**{key: value})) == [f"own.yaml: values.{name}: value: {reason}"]


def test_an_old_key_is_answered_with_the_new_one():
    raw = own({"record-sent": baseline()["limits"]["minutes-sent"]}, record_released_by="chair", record_sent=1)
    assert refusals(raw) == [
        "own.yaml: limits.record-sent: is called 'minutes-sent' now",
        "own.yaml: values.record-released-by: is called 'minutes-released-by' now",
        "own.yaml: values.record-sent: no such key is known",
    ]


def test_omitted_parts_of_an_entry_come_from_the_baseline():
    entry = {"amount": 48, "unit": "hours", "direction": "after", "warn": {"amount": 8, "unit": "hours"}}
    raw = own({"minutes-sent": {**entry, "last-call": {"amount": 3, "unit": "hours"}, **SAID}})
    whole = complete(raw, file="own.yaml")["limits"]["minutes-sent"]
    assert whole["from"] == "end of the last part"
    assert whole["escalate"] == baseline()["limits"]["decisions-sent"]["escalate"]


def test_a_stored_version_that_lacks_a_key_reads_as_the_baseline(db):
    authority = AuthorityFactory()
    old = resolve("hartlepool")
    stored = {
        "limits": {
            key: {part: value for part, value in entry.items() if part not in ("from", "escalate", "sooner-with")}
            for key, entry in old["limits"].items()
            if key not in ("second-review", "late-agreement")
        },
        "values": {key: entry for key, entry in old["values"].items() if key != "day-zero-on-closed-day"},
    }
    PolicyVersion.objects.create(
        authority=authority, preset="hartlepool", number=1, in_force_from=date(2026, 1, 1), data=stored, created_at=NOW
    )
    policy = policy_for(authority, on=NOW.date())
    assert policy.value("day-zero-on-closed-day") == "that day"
    assert policy.limit("late-agreement").words == "1 working day"
    assert policy.limit("minutes-sent").to_manager == Amount(1, Unit.WORKING_DAYS)
    assert policy.limit("second-review").runs_from == "conference that made the plan"


def test_written_yaml_is_read_back_unchanged():
    for preset in preset_names():
        raw = raw_of(preset)
        assert raw_from_text(write_strict(raw), file=preset) == raw
    tricky = {
        "a": ["yes", "on", "010", "1:30", "2018-04-30", "1.5", "null", "~", "", "- x", "#", "a: b", "naïve", "0x1F"]
    }
    assert raw_from_text(write_strict(tricky), file="x") == tricky


def test_words_and_numbers_are_read_as_a_person_would():
    text = "a: [yes, on, 010, 1:30, 2018-04-30, 10, -3, 1.5, true, null, 1e3, 0x1F, 1_000]"
    assert raw_from_text(text, file="x") == {
        "a": ["yes", "on", "010", "1:30", "2018-04-30", 10, -3, 1.5, True, None, "1e3", "0x1F", "1_000"]
    }


# Putting in force


def test_only_the_first_version_may_begin_in_the_past(db):
    authority = AuthorityFactory()
    put_policy_in_force(authority=authority, preset="baseline", in_force_from=date(2020, 1, 1), now=NOW)
    with pytest.raises(ValidationError, match="start today or later"):
        put_policy_in_force(authority=authority, preset="hartlepool", in_force_from=date(2026, 12, 7), now=NOW)
    put_policy_in_force(authority=authority, preset="hartlepool", in_force_from=date(2026, 12, 8), now=NOW)
    assert PolicyVersion.objects.filter(authority=authority).count() == 2


def test_national_limits_are_never_counted_by_closure_days():
    whole = filled(resolve(EASTMERE))
    national = {key for key, entry in baseline()["limits"].items() if entry["scope"] == Scope.NATIONAL}
    assert national >= {"initial-conference", "first-core-group", "first-review", "next-review"}
    assert whole["limits"]["first-core-group"]["scope"] == Scope.LOCAL
