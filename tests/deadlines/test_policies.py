from __future__ import annotations

import datetime
from datetime import date

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from deadlines.models import PolicyVersion
from deadlines.policies import (
    LIMITS,
    SCHEMA,
    Amount,
    PolicyMissing,
    baseline,
    policy_for,
    policy_of,
    preset_names,
    resolve,
)
from deadlines.services import put_policy_in_force
from deadlines.services.policies import lay_out_new_limits
from tests.factories import AuthorityFactory, policy_in_force

NOW = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def authority(db):
    return AuthorityFactory()


@pytest.fixture
def bucks(authority):
    policy_in_force(authority, preset="buckinghamshire")
    return policy_for(authority, on=date(2026, 12, 8))


@pytest.fixture
def national(db):
    authority = AuthorityFactory()
    policy_in_force(authority)
    return policy_for(authority, on=date(2026, 12, 8))


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_contains_every_key(preset):
    whole = resolve(preset)
    assert whole["limits"].keys() == LIMITS.keys()
    assert whole["values"].keys() == SCHEMA.keys()


@pytest.mark.parametrize(
    ("clock", "words", "direction", "scope"),
    [
        ("initial-conference", "15 working days", "after", "national"),
        ("transfer-in-conference", "15 working days", "after", "national"),
        ("pre-birth-conference", "3 months", "before", "local"),
        ("report-shared-with-family", "2 working days", "before", "local"),
        ("report-shared-with-family:review", "5 working days", "before", "local"),
        ("report-submitted", "2 working days", "before", "local"),
        ("report-submitted:review", "5 working days", "before", "local"),
        ("chair-has-reports", "2 working days", "before", "local"),
        ("invitations-sent", "1 working day", "after", "local"),
        ("decisions-sent", "24 hours", "after", "local"),
        ("minutes-sent", "28 days", "after", "local"),
        ("first-core-group", "10 days", "after", "national"),
        ("next-core-group", "6 weeks", "after", "local"),
        ("first-review", "3 months", "after", "national"),
        ("next-review", "6 months", "after", "national"),
        ("after-birth", "20 working days", "after", "local"),
        ("cin-plan-review", "12 weeks", "after", "local"),
        ("visit", "10 working days", "after", "local"),
    ],
)
def test_the_baseline_contains_the_limits_of_england(national, clock, words, direction, scope):
    limit = national.limit(clock)
    assert (limit.words, limit.direction, limit.scope) == (words, direction, scope)
    assert limit.source
    assert limit.owner


def test_the_first_core_group_keeps_the_national_outer_limit_beside_its_own(national):
    assert national.limit("first-core-group").outer == Amount(10, "working days")


def test_a_limit_with_its_own_figure_keeps_the_rest(national):
    own = national.limit("visit").with_own(2, "weeks")
    assert (own.words, own.key, own.source) == ("2 weeks", "visit", national.limit("visit").source)
    assert national.limit("visit").with_own(None, "") == national.limit("visit")


def test_children_are_invited_by_age(bucks):
    assert bucks.child_invited_from_age == 10
    assert [bucks.child_is_invited(age) for age in (6, 9, 10, 12, None)] == [False, False, True, True, False]


def test_children_may_be_invited_by_understanding_instead(authority):
    raw = minimal(**{"child-invited-from-age": "by understanding"})
    put_policy_in_force(authority=authority, preset="own.yaml", raw=raw, in_force_from=date(2026, 1, 1), now=NOW)
    policy = policy_for(authority, on=date(2026, 12, 8))
    assert policy.child_invited_from_age is None
    assert [policy.child_is_invited(age) for age in (None, 3, 17)] == [None, None, None]


def test_buckinghamshire_works_with_strengthening_families(bucks):
    assert [heading.label for heading in bucks.framework.headings] == [
        "Historic risks",
        "Current risks",
        "Grey areas",
        "Current strengths",
        "Action plan and next steps",
    ]
    assert bucks.scale.indicates_plan_up_to == 4
    assert bucks.family_arrives_before == datetime.timedelta(minutes=30)
    assert bucks.professionals_arrive_before == datetime.timedelta(minutes=30)


def test_who_is_asked_follows_the_council(bucks):
    asked = ("parent", "professional", "social_worker", "team_manager", "supporter", "solicitor", "coordinator")
    assert [bucks.gives_view(capacity) for capacity in asked] == [False, True, True, True, False, False, False]
    assert [bucks.gives_score(capacity) for capacity in asked] == [True, True, True, True, False, False, False]


def test_the_baseline_asks_the_family_for_a_view_too(national):
    assert [national.gives_view(capacity) for capacity in ("parent", "child", "professional", "observer")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_preset_takes_what_it_omits_from_the_baseline(bucks):
    assert bucks.limit("minutes-sent").words == "28 days"
    assert bucks.entry("quorum-agencies").value == 2
    assert bucks.quorum.agencies == 2


def test_the_rest_of_the_values_can_be_read(national):
    assert national.short_notice_days == 8
    assert national.spread_to_explore == 3
    assert national.normal_length == datetime.timedelta(hours=2)
    assert national.visit_frequency.words == "10 working days"
    assert national.visit_ceiling.words == "4 weeks"
    assert {category.code for category in national.categories} == {"NEG", "PHY", "SAB", "EMO"}
    assert ("chair", "No chair was free") in national.lateness_causes
    assert national.role_name("key_worker") == "key worker"
    assert len(national.agenda) == 12
    assert national.entry("child-invited-from-age").year == 2018


def test_the_version_in_force_on_the_day_counts(authority):
    policy_in_force(authority, since=date(2026, 1, 1))
    policy_in_force(authority, preset="buckinghamshire", since=date(2026, 12, 10))
    assert policy_for(authority, on=date(2026, 12, 9)).preset == "baseline"
    assert policy_for(authority, on=date(2026, 12, 10)).preset == "buckinghamshire"
    assert policy_for(authority.pk, on=date(2026, 12, 10)).number == 2


def test_a_council_without_a_policy_is_told_so(authority):
    with pytest.raises(PolicyMissing, match="no procedures in force on 8 December 2026"):
        policy_for(authority, on=date(2026, 12, 8))


def test_an_unknown_version_is_refused(db):
    with pytest.raises(PolicyMissing):
        policy_of(0)


def test_a_version_is_read_once(bucks, django_assert_num_queries):
    with django_assert_num_queries(0):
        policy_of(bucks.version_id)


def test_putting_the_same_in_force_again_creates_no_version(authority):
    first = policy_in_force(authority)
    assert policy_in_force(authority) == first
    assert policy_in_force(authority, since=date(2026, 1, 1)) == first


def test_a_version_can_not_be_changed_or_removed(authority):
    version = policy_in_force(authority)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(number=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).delete()


# Files

SAID = {"source": "the council", "year": 2026, "scope": "local", "owner": "conference service manager"}


def minimal(**values):
    return {"preset": "own", "title": "Own", "values": {key: {"value": value, **SAID} for key, value in values.items()}}


@pytest.fixture
def written(tmp_path):
    def write(raw):
        path = tmp_path / "own.yaml"
        path.write_text(raw if isinstance(raw, str) else yaml.safe_dump(raw), encoding="utf-8")
        return path

    return write


# The command


@pytest.mark.django_db
def test_the_command_checks_files_and_puts_a_preset_in_force(capsys):
    authority = AuthorityFactory(slug="eastmere")
    call_command("load_policies", authority="eastmere", preset="buckinghamshire", since=date(2026, 9, 1))
    assert policy_for(authority, on=date(2026, 9, 1)).preset == "buckinghamshire"
    assert "Version 1 is in force from 1 September 2026." in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_names_what_is_wrong(written):
    with pytest.raises(CommandError, match=r"own.yaml: lacks 'title'"):
        call_command("load_policies", written("preset: own\n"))
    with pytest.raises(CommandError, match="no council with the slug 'nowhere'"):
        call_command("load_policies", authority="nowhere")
    AuthorityFactory(slug="eastmere")
    with pytest.raises(CommandError, match="There is no preset 'other'"):
        call_command("load_policies", authority="eastmere", preset="other")


def test_a_limit_that_came_with_a_release_is_counted_in_procedures_made_before(authority, monkeypatch):
    monkeypatch.setattr("deadlines.services.policies.LIMITS", {key: LIMITS[key] for key in LIMITS if key != "visit"})
    before = policy_in_force(authority)
    assert not before.limits.filter(key="visit").exists()
    monkeypatch.undo()

    for _ in range(2):
        lay_out_new_limits()

    assert before.limits.get(key="visit").amount == baseline()["limits"]["visit"]["amount"]
