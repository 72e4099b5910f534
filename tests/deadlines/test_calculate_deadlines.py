"""The command line works without a database: pytest refuses any query in these tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
NEVER_LISTENING = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}


def calculate(capsys, **options):
    """Return the command's JSON output as a mapping of clock to row."""
    call_command("calculate_deadlines", **{"policy": "baseline", "json": True, **options})
    rows = json.loads(capsys.readouterr().out)
    assert len({row["clock"] for row in rows}) == len(rows)
    return {row["clock"]: row for row in rows}


def dues(capsys, **options):
    return {clock: row["due"] for clock, row in calculate(capsys, **options).items()}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "calculate_deadlines", *arguments],
        cwd=ROOT,
        env={**os.environ, **NEVER_LISTENING, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_runs_without_a_database():
    done = run("--policy", "baseline", "--json", "--strategy-discussion", "2026-12-08")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [
        {
            "clock": "initial-conference",
            "due": "2026-12-31",
            "starts_from": "2026-12-08",
            "amount": 15,
            "unit": "working days",
            "scope": "national",
            "source": "Working Together to Safeguard Children",
        }
    ]


def test_an_error_is_reported_on_one_line():
    done = run("--policy", "baseline", "--json", "--born", "2027-02-29")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "CommandError: --born does not exist: February 2027 has no day 29\n"


def test_the_servers_time_zone_does_not_matter():
    done = run("--policy", "baseline", "--json", "--ended", "2026-07-01T23:50", TZ="Nowhere/Nothing")
    assert json.loads(done.stdout)[0]["due"] == "2026-07-02T23:50:00+01:00"


def test_the_story_of_the_guides_has_all_its_dates(capsys):
    assert dues(
        capsys,
        strategy_discussion="2026-12-08",
        booked="2026-12-09",
        conference="2026-12-22T10:00",
        ended="2026-12-22T12:31",
        plan_began="2026-12-22",
        last_core_group="2027-01-01",
        cin_plan_began="2026-12-22",
    ) == {
        "initial-conference": "2026-12-31",
        "report-shared-with-family": "2026-12-18",
        "report-submitted": "2026-12-18",
        "chair-has-reports": "2026-12-18",
        "invitations-sent": "2026-12-10",
        "decisions-sent": "2026-12-23T12:31:00+00:00",
        "minutes-sent": "2027-01-19",
        "first-core-group": "2027-01-01",
        "next-core-group": "2027-02-12",
        "first-review": "2027-03-22",
        "cin-plan-review": "2027-03-16",
        "visit": "2027-01-08",
    }


def test_nothing_given_is_nothing_due(capsys):
    assert dues(capsys) == {}


@pytest.mark.parametrize(
    ("discussion", "due"),
    [
        ("2026-12-08", "2026-12-31"),
        ("2026-12-04", "2026-12-29"),
        ("2026-12-05", "2026-12-29"),  # a Saturday is day 0, and Monday day 1
        ("2026-12-25", "2027-01-19"),
        ("2026-12-08T23:50", "2026-12-31"),
        ("2026-07-01T23:50", "2026-07-22"),
    ],
)
def test_the_fifteen_days_begin_on_the_day_of_the_discussion_whatever_day_it_is(capsys, discussion, due):
    assert dues(capsys, strategy_discussion=discussion) == {"initial-conference": due}


def test_a_child_who_moved_in_has_fifteen_days_from_the_notification(capsys):
    assert dues(capsys, type="transfer-in", notified="2026-12-08") == {"transfer-in-conference": "2026-12-31"}


def test_an_unborn_child_has_both_limits(capsys):
    assert dues(capsys, type="pre-birth", strategy_discussion="2026-12-08", expected="2027-05-31") == {
        "initial-conference": "2026-12-31",
        "pre-birth-conference": "2027-02-28",
    }


@pytest.mark.parametrize(("expected", "known"), [("2027-03-08", True), ("2027-03-07", False)])
def test_a_pregnancy_known_too_late_has_the_fifteen_days_only(capsys, expected, known):
    found = dues(capsys, type="pre-birth", strategy_discussion="2026-12-08", expected=expected)
    assert ("pre-birth-conference" in found) is known


def test_a_birth_before_the_pre_birth_conference_makes_it_an_ordinary_initial_one(capsys):
    assert dues(
        capsys,
        type="pre-birth",
        strategy_discussion="2026-12-08",
        expected="2027-05-31",
        born="2026-12-15",
        plan_began="2026-12-22",
    ).keys() == {"initial-conference", "first-core-group", "first-review", "visit"}


def test_reports_of_a_review_are_due_five_working_days_before_it(capsys):
    assert dues(capsys, type="review", conference="2026-12-22T10:00") == {
        "report-shared-with-family": "2026-12-15",
        "report-submitted": "2026-12-15",
        "chair-has-reports": "2026-12-18",
    }


def test_hartlepool_counts_reports_in_plain_days(capsys):
    found = calculate(capsys, policy="hartlepool", conference="2026-12-21T10:00")
    assert (found["report-shared-with-family"]["due"], found["report-shared-with-family"]["unit"]) == (
        "2026-12-19",
        "days",
    )


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-12-22T12:31", "2026-12-23T12:31:00+00:00"),
        ("2026-10-24T12:00", "2026-10-25T11:00:00+00:00"),
        ("2026-03-28T12:00", "2026-03-29T13:00:00+01:00"),
        ("2026-10-25T01:30", "2026-10-26T00:30:00+00:00"),  # the first 01:30 of that night
        ("2026-07-01T12:00+00:00", "2026-07-02T13:00:00+01:00"),
        ("2026-07-01 12:00:30Z", "2026-07-02T13:00:30+01:00"),
    ],
)
def test_hours_are_elapsed_hours_across_the_change_of_the_clocks(capsys, ended, due):
    assert dues(capsys, ended=ended)["decisions-sent"] == due


def test_the_record_is_sent_from_the_day_on_which_the_last_part_ended(capsys):
    assert dues(capsys, conference="2026-12-22T22:00", ended="2026-12-23T00:20")["minutes-sent"] == "2027-01-20"


@pytest.mark.parametrize(
    ("began", "due"), [("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"), ("2026-12-31", "2027-03-31")]
)
def test_a_month_keeps_its_day_else_takes_the_last(capsys, began, due):
    assert dues(capsys, plan_began=began)["first-review"] == due


def test_the_next_review_runs_from_the_last(capsys):
    found = calculate(capsys, plan_began="2026-01-10", last_review="2026-04-01")["next-review"]
    assert (found["due"], found["starts_from"], found["amount"]) == ("2026-10-01", "2026-04-01", 6)


def test_a_council_may_count_the_second_review_from_the_first_conference(capsys):
    given = {"policy": "hartlepool", "plan_began": "2026-01-10", "last_review": "2026-04-01"}
    assert calculate(capsys, **given)["next-review"]["starts_from"] == "2026-01-10"
    assert dues(capsys, **given)["next-review"] == "2026-07-10"
    assert dues(capsys, **given, reviews_held="1")["next-review"] == "2026-07-10"
    assert dues(capsys, **given, reviews_held="2")["next-review"] == "2026-10-01"


def test_without_the_first_conference_the_second_review_is_within_six_months(capsys):
    assert dues(capsys, policy="hartlepool", last_review="2026-04-01") == {"next-review": "2026-10-01"}


def test_a_second_review_can_not_have_been_due_before_the_first_was_held(capsys):
    found = calculate(capsys, policy="hartlepool", plan_began="2026-01-10", last_review="2026-07-10")
    assert (found["next-review"]["due"], found["next-review"]["starts_from"]) == ("2027-01-10", "2026-07-10")


def test_a_birth_brings_a_review_within_twenty_working_days(capsys):
    found = calculate(capsys, plan_began="2026-12-22", born="2027-01-11")["after-birth"]
    assert (found["due"], found["starts_from"], found["amount"], found["unit"], found["scope"]) == (
        "2027-02-08",
        "2027-01-11",
        20,
        "working days",
        "local",
    )


def test_a_birth_never_puts_the_first_review_back(capsys):
    found = calculate(capsys, plan_began="2026-12-22", born="2027-03-10")["after-birth"]
    assert (found["due"], found["starts_from"], found["amount"], found["unit"], found["scope"]) == (
        "2027-03-22",
        "2026-12-22",
        3,
        "months",
        "national",
    )


def test_three_months_that_ended_before_the_birth_are_dropped(capsys):
    assert dues(capsys, plan_began="2026-12-22", born="2027-03-23")["after-birth"] == "2027-04-22"
    assert dues(capsys, plan_began="2026-12-22", born="2027-03-22")["after-birth"] == "2027-03-22"


def test_after_any_review_only_the_twenty_days_count(capsys):
    given = {"plan_began": "2026-12-22", "born": "2027-03-10"}
    assert dues(capsys, **given, last_review="2027-03-09")["after-birth"] == "2027-04-09"


@pytest.mark.parametrize("held", ["2027-03-10", "2027-03-11"])
def test_a_review_on_or_after_the_birth_meets_it(capsys, held):
    found = dues(capsys, plan_began="2026-12-22", born="2027-03-10", last_review=held)
    assert "after-birth" not in found


def test_a_child_born_before_the_plan_began_was_never_unborn_under_it(capsys):
    assert "after-birth" not in dues(capsys, plan_began="2026-12-22", born="2026-12-21")
    assert "after-birth" in dues(capsys, plan_began="2026-12-22", born="2026-12-22")
    assert dues(capsys, born="2026-12-21") == {"after-birth": "2027-01-21"}


def test_a_child_in_need_plan_is_reviewed_from_its_start_then_from_its_last_review(capsys):
    assert dues(capsys, cin_plan_began="2026-12-22") == {"cin-plan-review": "2027-03-16"}
    assert dues(capsys, cin_plan_began="2026-12-22", last_review="2027-03-01") == {"cin-plan-review": "2027-05-24"}
    # The review that ended the protection plan is not a review of the plan it started.
    assert dues(capsys, cin_plan_began="2026-12-22", last_review="2026-12-22") == {"cin-plan-review": "2027-03-16"}


def test_visits_run_from_the_plan_then_from_the_last_time_the_child_was_seen(capsys):
    assert dues(capsys, plan_began="2026-12-22")["visit"] == "2027-01-08"
    assert dues(capsys, plan_began="2026-12-22", last_seen="2026-12-18")["visit"] == "2027-01-08"
    assert dues(capsys, plan_began="2026-12-22", last_seen="2027-01-05")["visit"] == "2027-01-19"
    assert dues(capsys, last_seen="2027-01-05") == {"visit": "2027-01-19"}


def test_the_outline_plan_ends_with_the_first_core_group_where_that_is_arranged_sooner(capsys, tmp_path):
    """Five working days after 22 December: 23-24 (2), 29-31 (5)."""
    said = {"source": "Procedures", "year": 2026, "scope": "local", "owner": "service manager"}
    limit = {
        "amount": 5, "unit": "working days", "direction": "after", "warn": {"amount": 2, "unit": "working days"}, **said,
    }  # fmt: skip
    own = {"preset": "own", "title": "Own", "values": {"outline-plan-sent": {"value": "required", **said}}}
    with_core_group, alone = tmp_path / "with.yaml", tmp_path / "alone.yaml"
    with_core_group.write_text(yaml.safe_dump(own))
    alone.write_text(yaml.safe_dump({**own, "limits": {"outline-plan": {**limit, "sooner-with": ""}}}))

    def due(file, **arranged):
        return dues(capsys, policy=str(file), plan_began="2026-12-22", **arranged)["outline-plan"]

    assert due(with_core_group) == "2026-12-31"
    assert due(with_core_group, first_core_group="2026-12-29") == "2026-12-29"
    assert due(alone, first_core_group="2026-12-29") == "2026-12-31"
    assert "outline-plan" not in dues(capsys, plan_began="2026-12-22", first_core_group="2026-12-29")
