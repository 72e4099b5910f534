"""The command line works without a database: pytest refuses any query in these tests."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from deadlines.policies import preset_names

ROOT = Path(__file__).parents[2]
OUTSIDE = "The calendar of working days knows 1 January 2012 to"
NEVER_LISTENING = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}


def calculate(capsys, **options):
    """Return the command's JSON output as a mapping of clock to row."""
    call_command("calculate_deadlines", **{"policy": "baseline", "json": True, **options})
    rows = json.loads(capsys.readouterr().out)
    assert len({row["clock"] for row in rows}) == len(rows)
    return {row["clock"]: row for row in rows}


def dues(capsys, **options):
    return {clock: row["due"] for clock, row in calculate(capsys, **options).items()}


def refusal(**options) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("calculate_deadlines", **{"policy": "baseline", "json": True, **options})
    assert refused.value.returncode == 2
    return str(refused.value)


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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"born": "2027-02-29"}, "--born does not exist: February 2027 has no day 29"),
        ({"notified": "2027-04-31"}, "--notified does not exist: April 2027 has no day 31"),
        ({"expected": "2027-13-01"}, "--expected has the month 13; a year has 12"),
        ({"expected": "1 May 2027"}, "--expected must be written like 2026-12-22, not '1 May 2027'"),
        ({"ended": "20261222"}, "--ended must be written like 2026-12-22T12:30, not '20261222'"),
        ({"ended": "2026-12-22T25:00"}, "--ended has a time that no clock shows: '2026-12-22T25:00'"),
        (
            {"ended": "2026-03-29T01:30"},
            "--ended does not exist: on 29 March 2026 the clocks went forward and left out 01:30",
        ),
        ({"ended": "2026-12-22"}, "--ended needs a time as well: “decisions-sent” is counted in hours"),
        ({"type": "final"}, "--type must be one of initial, review, pre-birth, transfer-in, not 'final'"),
        (
            {"last_review": "2026-12-22", "reviews_held": "-1"},
            "--reviews-held must be a whole number from 0 on, not '-1'",
        ),
        ({"reviews_held": "2"}, "--reviews-held needs the last review as well"),
        ({"last_review": "2026-12-22", "reviews_held": "0"}, "--reviews-held can't be 0 where a last review is given"),
        (
            {"conference": "2026-12-22T10:00", "ended": "2026-12-22T09:59"},
            "--ended is before conference: a conference can't end before it began",
        ),
        (
            {"strategy_discussion": "2026-12-22", "conference": "2026-12-21"},
            "--conference is before strategy discussion: the conference comes after what it was called for",
        ),
        (
            {"plan_began": "2026-12-22", "last_review": "2026-12-21"},
            "--last-review is before plan began: a plan is reviewed once it has begun",
        ),
        (
            {"plan_began": "2026-12-22", "last_core_group": "2026-12-21"},
            "--last-core-group is before plan began: a core group meets once the plan has begun",
        ),
        (
            {"type": "pre-birth", "strategy_discussion": "2026-12-22", "born": "2026-12-21"},
            "--born is before strategy discussion: a child born earlier has no pre-birth conference",
        ),
        ({"policy": None, "born": "2026-12-21"}, "--policy must be given: a preset such as “baseline”, or a file"),
        ({"policy": "nowhere"}, f"--policy “nowhere” is neither a file nor one of {', '.join(preset_names())}"),
    ],
)
def test_an_invalid_date_is_refused_by_option_name(options, sentence):
    assert refusal(**options) == sentence


@pytest.mark.parametrize("day", ["2011-12-31", "1899-01-01", "2099-01-01"])
def test_a_day_outside_the_calendar_is_refused(day):
    assert refusal(born=day).startswith(f"--born is outside the calendar. {OUTSIDE}")


def test_a_count_that_leaves_the_calendar_is_refused():
    last = date.today().year + 5
    refused = refusal(plan_began=f"{last}-12-01", cin_plan_began=f"{last}-01-01")
    assert refused.startswith(f"--plan-began leads outside the calendar to the end of “first-review”. {OUTSIDE}")
    assert refusal(expected="2012-02-01").startswith("--expected leads outside the calendar")


def test_a_file_may_contain_the_procedures(tmp_path, capsys):
    own = {
        "preset": "sixth",
        "title": "A sixth council",
        "limits": {
            "minutes-sent": {
                "amount": 15,
                "unit": "working days",
                "direction": "after",
                "warn": {"amount": 2, "unit": "working days"},
                "source": "its own handbook",
                "year": 2026,
                "scope": "local",
                "owner": "conference service manager",
            }
        },
    }
    file = tmp_path / "sixth.yaml"
    file.write_text(yaml.safe_dump(own))
    found = calculate(capsys, policy=str(file), ended="2026-12-22T12:31")["minutes-sent"]
    assert (found["due"], found["amount"], found["source"]) == ("2027-01-15", 15, "its own handbook")


def test_a_file_with_a_fault_is_refused_by_key_and_reason(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("preset: bad\ntitle: Bad\nlimits: {record: {}}\n")
    assert refusal(policy=str(file)) == "--policy bad.yaml: limits.record: no such key is known"
    assert refusal(policy=str(tmp_path / "gone.yaml")).startswith("--policy gone.yaml: can't be read")


def test_without_json_it_prints_a_table(capsys):
    call_command("calculate_deadlines", policy="baseline", strategy_discussion="2026-12-08")
    assert capsys.readouterr().out.splitlines() == [
        "Due         Clock               Limit                  Runs from   Scope     Source",
        (
            "2026-12-31  initial-conference  15 working days after  2026-12-08  national  "
            "Working Together to Safeguard Children"
        ),
    ]


def cases_file(tmp_path, cases) -> str:
    file = tmp_path / "cases.json"
    file.write_text(cases if isinstance(cases, str) else json.dumps(cases))
    return str(file)


def test_many_cases_are_answered_in_order(tmp_path, capsys):
    cases = [
        {"policy": "baseline", "strategy_discussion": "2026-12-08", "type": "initial", "born": None},
        {"policy": "hartlepool", "plan_began": "2026-01-10", "last_review": "2026-04-01", "reviews_held": 1},
        {"policy": "baseline"},
    ]
    call_command("calculate_deadlines", cases=cases_file(tmp_path, cases), json=True)
    found = json.loads(capsys.readouterr().out)
    assert [[row["clock"] for row in rows] for rows in found] == [
        ["initial-conference"],
        ["first-core-group", "first-review", "next-review", "visit"],
        [],
    ]
    assert found[1][2]["due"] == "2026-07-10"


@pytest.mark.parametrize(
    ("cases", "sentence"),
    [
        ([{"policy": "baseline"}, {"policy": "baseline", "born": "2027-02-29"}],
         "--cases case 1 (counted from 0): born does not exist: February 2027 has no day 29"),
        ([{"policy": "nowhere"}],
         f"--cases case 0 (counted from 0): policy “nowhere” is neither a file nor one of {', '.join(preset_names())}"),
        ([{"born": "2027-02-28"}], "--cases case 0 (counted from 0): policy must be a preset or a file, not None"),
        ([["baseline"]], "--cases case 0 (counted from 0): must be an object, not ['baseline']"),
        ([{"policy": "baseline", "born": 20270228}],
         "--cases case 0 (counted from 0): born must be written like 2026-12-22, not 20270228"),
    ],
)  # fmt: skip
def test_a_case_that_can_not_be_counted_is_named_in_its_place_and_the_others_are_counted(
    tmp_path, capsys, cases, sentence
):
    good = {"policy": "baseline", "strategy_discussion": "2026-12-08"}
    call_command("calculate_deadlines", cases=cases_file(tmp_path, [*cases, good]), json=True)
    written = capsys.readouterr()
    *_, refused, counted = json.loads(written.out)
    assert f"--cases case {len(cases) - 1} (counted from 0): {refused['refused']}" == sentence
    assert written.err.strip() == sentence
    assert [row["clock"] for row in counted] == ["initial-conference"]


def test_an_unknown_key_of_a_case_is_refused(tmp_path, capsys):
    cases = cases_file(tmp_path, [{"policy": "baseline", "borne": "2027-02-28"}])
    call_command("calculate_deadlines", cases=cases, json=True)
    (refused,) = json.loads(capsys.readouterr().out)
    assert refused["refused"].startswith("borne is not known; use type, strategy_discussion")


def test_a_file_without_a_list_of_cases_is_refused(tmp_path):
    assert refusal(cases=cases_file(tmp_path, "{")).startswith("--cases ")
    assert refusal(cases=cases_file(tmp_path, {})).endswith("must hold a list of cases")
    assert "can't be read" in refusal(cases=str(tmp_path / "gone.json"))


def test_cases_and_single_dates_do_not_mix(tmp_path):
    assert refusal(cases=cases_file(tmp_path, []), born="2027-01-01") == "--cases can't be combined with --born"


def test_ten_thousand_cases_are_counted_in_a_moment(tmp_path, capsys):
    chance = random.Random(20260712)
    cases = []
    for _ in range(10_000):
        day = date(2013, 1, 1) + timedelta(days=chance.randrange(5000))
        later = {days: (day + timedelta(days=days)).isoformat() for days in (0, 1, 14, 20, 100, 110, 120, 150)}
        cases.append(
            {
                "policy": chance.choice(preset_names()),
                "strategy_discussion": later[0],
                "booked": later[1],
                "conference": f"{later[14]}T10:00",
                "ended": f"{later[14]}T12:30",
                "plan_began": later[14],
                "last_core_group": later[20],
                "last_review": later[100],
                "last_seen": later[110],
                "born": later[120],
                "expected": later[150],
            }
        )
    file = cases_file(tmp_path, cases)
    began = time.process_time()
    call_command("calculate_deadlines", cases=file, json=True)
    assert time.process_time() - began < 8
    assert len(json.loads(capsys.readouterr().out)) == 10_000


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
