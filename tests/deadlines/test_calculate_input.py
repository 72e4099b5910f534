"""What the calculator on the command line takes: dates, files of procedures and files of cases."""

from __future__ import annotations

import json
import random
import time
from datetime import date, timedelta

import pytest
import yaml
from django.core.management import CommandError, call_command

from deadlines.policies import preset_names
from tests.deadlines.test_calculate_deadlines import calculate

OUTSIDE = "The calendar of working days knows 1 January 2012 to"


def refusal(**options) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("calculate_deadlines", **{"policy": "baseline", "json": True, **options})
    assert refused.value.returncode == 2
    return str(refused.value)


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
