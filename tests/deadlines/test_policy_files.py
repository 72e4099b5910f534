"""The presets, a sixth council's file, the commands that load and describe them, and what code must not contain."""

from __future__ import annotations

import ast
import datetime
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import time_machine
import yaml
from django.core.management import CommandError, call_command

from conferences.selectors.lateness import PARTIES
from deadlines.enums import Unit
from deadlines.models import Deadline, PolicyVersion
from deadlines.policies import LIMITS, SCHEMA, Amount, PolicyInvalid, baseline, complete, policy_for, raw_of
from deadlines.policies.describing import described
from deadlines.policies.national_limits import first_looser
from deadlines.policies.value_types import AgreesToLate
from deadlines.services import put_policy_in_force, reconcile
from tests.deadlines.conftest import Facts, a_clock
from tests.factories import AuthorityFactory, UserFactory, policy_in_force

ROOT = Path(__file__).resolve().parents[2]
EASTMERE = Path(__file__).with_name("eastmere.yaml")
NOW = datetime.datetime(2026, 12, 8, 12, tzinfo=datetime.UTC)
SAID = {"source": "the council", "year": 2026, "scope": "local", "owner": "conference service manager"}
COUNCILS = ["families-guide", "hartlepool", "buckinghamshire", "city-of-london", "south-gloucestershire"]


def refusals(raw):
    with pytest.raises(PolicyInvalid) as error:
        complete(raw, file="own.yaml")
    return error.value.messages


def own(limits=None, **values):
    return {
        "preset": "own",
        "title": "Own",
        "limits": limits or {},
        "values": {key.replace("_", "-"): {"value": value, **SAID} for key, value in values.items()},
    }


def limit(key, **fields):
    """Return a limit of the baseline with some parts changed."""
    return {key: {**baseline()["limits"][key], **SAID, **fields}}


# A sixth council


@pytest.mark.django_db
def test_a_sixth_council_works_from_its_file_alone(case):
    authority = AuthorityFactory(slug="eastmere")
    call_command("load_policies", EASTMERE, authority="eastmere", since=date(2026, 12, 1))
    policy = policy_for(authority, on=NOW.date())
    assert (policy.preset, policy.limit("chair-has-reports").words) == ("eastmere", "48 hours")
    assert policy.limit("chair-has-reports").to_manager == Amount(4, Unit.HOURS)
    assert policy.limit("first-core-group").outer == Amount(10, Unit.WORKING_DAYS)
    assert policy.limit("minutes-sent").words == "28 days"
    assert policy.role_name("key_worker") == "lead child protection practitioner"
    assert [policy.quorum.group_of(kind) for kind in ("gp", "midwifery", "school", "police")] == [
        "health",
        "health",
        "education",
        "",
    ]
    assert policy.uses("last-core-group")
    rows = {row.key: row for row in PolicyVersion.objects.get(authority=authority).limits.all()}
    assert (rows["first-core-group"].manager_after, rows["first-core-group"].service_manager_after) == (0, 2)
    assert (rows["minutes-sent"].closures_count, rows["minutes-sent"].day_zero_before) == (True, True)
    assert (rows["initial-conference"].closures_count, rows["chair-has-reports"].day_zero_before) == (False, False)


def test_a_sixth_councils_deadlines_are_counted_by_its_file(case):
    put_policy_in_force(
        authority=case.authority, preset="eastmere", raw=raw_of(EASTMERE), in_force_from=NOW.date(), now=NOW
    )
    groups, records = Facts("first-core-group"), Facts("minutes-sent")
    a_clock("first-core-group", groups)
    a_clock("minutes-sent", records)
    groups.rows = [case.fact(starts=date(2026, 12, 8))]
    records.rows = [case.fact(starts=date(2026, 12, 12))]
    reconcile(family_ids=[case.family.pk], now=NOW)

    found = dict(Deadline.objects.values_list("kind", "due_on"))
    # Ten working days over Christmas; 28 days from the Friday before the Saturday of the event.
    assert found == {"first-core-group": date(2026, 12, 22), "minutes-sent": date(2027, 1, 8)}


# The commands


@pytest.mark.django_db
def test_loading_again_creates_a_version_only_if_something_changed(capsys, tmp_path):
    follows, wrote_own, elsewhere = AuthorityFactory(), AuthorityFactory(), AuthorityFactory()
    path = tmp_path / "eastmere.yaml"
    path.write_text(EASTMERE.read_text())
    for authority, by in ((follows, None), (wrote_own, UserFactory())):
        put_policy_in_force(
            authority=authority, preset="eastmere", raw=raw_of(path), in_force_from=date(2026, 1, 1),
            now=NOW, created_by=by,
        )  # fmt: skip
    policy_in_force(elsewhere)
    with time_machine.travel(NOW, tick=False):
        call_command("load_policies", path)
        assert PolicyVersion.objects.count() == 3
        raw = yaml.safe_load(path.read_text())
        raw["limits"]["first-core-group"]["amount"] = 9
        path.write_text(yaml.safe_dump(raw))
        capsys.readouterr()
        call_command("load_policies", path)
        call_command("load_policies", path)
    assert "Version 2 is in force from 8 December 2026." in capsys.readouterr().out
    assert list(PolicyVersion.objects.filter(number=2).values_list("authority", "in_force_from")) == [
        (follows.pk, date(2026, 12, 8))
    ]


@pytest.mark.django_db
def test_checking_puts_nothing_in_force(capsys):
    call_command("load_policies", EASTMERE, check=True)
    assert capsys.readouterr().out == "1 policy file is right.\n"
    AuthorityFactory(slug="eastmere")
    with pytest.raises(CommandError, match="give one file, or --preset"):
        call_command("load_policies", EASTMERE, authority="eastmere", preset="baseline")
    assert PolicyVersion.objects.count() == 0


@pytest.mark.django_db
def test_a_past_day_for_a_later_version_is_refused_by_the_command():
    authority = AuthorityFactory(slug="eastmere")
    policy_in_force(authority)
    with time_machine.travel(NOW, tick=False), pytest.raises(CommandError, match="start today or later"):
        call_command("load_policies", EASTMERE, authority="eastmere", since=date(2026, 12, 1))


def test_the_documentation_matches_the_schema():
    text = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    assert text == described(), "run: python manage.py describe_policies > docs/policies.md"
    assert [key for key in (*LIMITS, *SCHEMA) if f"| `{key}` |" not in text] == []


# What code must not contain

APPS = sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - {"benchmarks", "demo", "tests"})
# Numbers given by no law and no council's procedure: page layout, machine timeouts, plausibility limits.
OURS = {
    "core_groups/selectors/following.py": "for how long an open page follows a record",
    "core_groups/selectors/own_following.py": "how near a meeting is whose beginning a first page waits for",
    "core_groups/selectors/own_answers.py": "until when members are asked at a meeting whose end is not recorded",
    "deadlines/selectors/late_causes.py": "for how long a cause of lateness is asked for after the act",
    "records/views/audit.py": "how far back an auditor looks at first",
    "accounts/people/services/devices.py": "how long an enrolled device and its code last",
    "meetings/services/late.py": "how long an enrolled device keeps what could not be sent",
    "accounts/audit/verify.py": "the shortest time that procedures may keep the read log",
    "accounts/guests/limits.py": "how long a code and a guest's stay last",
    "core_groups/services/guest_links.py": "for how long after the meeting a link opens the minutes",
    "conferences/services/guest_links.py": "for how long after the meeting a link opens the papers",
    "accounts/audit/views/anomalies.py": "how many days of reading are shown at once",
    "accounts/models/staff.py": "when a proposal that nobody settled lapses",
    "accounts/signin/known_devices.py": "for how long a browser is known",
    "accounts/signin/second_factor.py": "for how long a second factor given anew counts",
    "accounts/signin/sessions.py": "when a session ends, and how early it says so",
    "families/services/pregnancies.py": "what a pregnancy and its entry can't exceed",
    "deadlines/own_meetings.py": "for how long a meeting stays in one's own calendar",
    "deadlines/selectors/calendar.py": "how early an administrator is warned that the calendar ends",
    "deadlines/selectors/explanation.py": "the longest stretch of days that is drawn",
    "deadlines/selectors/timeline.py": "how much of the past and the future is drawn",
    "charts/timeline.py": "the ticks of a drawn line of time",
    "meetings/services/projector.py": "how long the room's screen stays on at most",
    "meetings/services/attendance.py": "how long before the meeting an arrival is a slip of the keyboard",
    "conferences/services/booking.py": "the longest booking of a room",
    "meetings/forms/attendance.py": "a time that belongs to the night after the conference",
    "conferences/selectors/windows.py": "a week of the diary",
    "cpconf/health.py": "when the site calls itself unwell",
    "core_groups/clocks.py": "how long units are, to compare figures",
}


def modules() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_no_councils_name_is_in_python():
    names = re.compile(
        "|".join(name.replace("-", "[ _-]?(?:of )?") for name in [*COUNCILS, "city-of-london"]), re.IGNORECASE
    )
    assert [path for path in modules() if names.search(path.read_text(encoding="utf-8"))] == []


def _numbers_of_time(tree: ast.AST) -> Iterator[int]:
    """Yield whole numbers above one used in counting: time spans, and added working days."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("timedelta", "relativedelta", "make_interval"):
            given = [word.value for word in node.keywords if word.arg in ("days", "weeks", "months", "years", "hours")]
        elif name in ("add", "subtract", "Amount", "with_own"):
            given = [argument for argument in node.args if isinstance(argument, ast.Constant)]
        else:
            continue
        for value in given:
            if isinstance(value, ast.Constant) and type(value.value) is int and value.value > 1:
                yield node.lineno


def test_no_statutory_number_is_in_python():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        if "policies" not in path.relative_to(ROOT).parts[:2]
        and path.relative_to(ROOT).parts[:2] != ("cpconf", "demo")
        and str(path.relative_to(ROOT)) not in OURS
        for line in _numbers_of_time(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


def test_no_sentence_in_python_says_how_long_a_limit_is():
    said = re.compile(r"\b(?:within|at most|every|by) \d+ (?:working days|days|weeks|months|hours)\b")
    assert [
        path for path in modules() if "policies" not in path.parts and said.search(path.read_text(encoding="utf-8"))
    ] == []


# Looser than national, in another unit


@pytest.mark.parametrize(
    ("amount", "unit", "bound", "start"),
    [
        (93, "days", (3, "months"), date(2012, 1, 1)),
        (90, "days", (3, "months"), date(2013, 1, 31)),
        (89, "days", (3, "months"), None),
        (13, "weeks", (3, "months"), date(2012, 1, 31)),
        (186, "days", (6, "months"), date(2012, 1, 1)),
        (181, "days", (6, "months"), None),
        (21, "days", (15, "working days"), date(2012, 1, 7)),
        (20, "days", (15, "working days"), date(2012, 1, 8)),
        (19, "days", (15, "working days"), None),
        (10, "days", (10, "working days"), None),
        (239, "hours", (10, "days"), None),
        # Over the night on which the clocks go forward.
        (240, "hours", (10, "days"), date(2012, 3, 15)),
        (241, "hours", (10, "days"), date(2012, 1, 1)),
        (10, "days", (240, "hours"), date(2012, 1, 1)),
    ],
)
def test_a_figure_is_looser_if_it_can_end_later_from_any_day(amount, unit, bound, start):
    found = first_looser((amount, unit), bound, "after")
    assert (found.start if found else None) == start


def test_before_an_event_the_shorter_figure_is_the_looser():
    assert first_looser((2, "weeks"), (15, "days"), "before").own_ends == date(2011, 12, 18)
    assert first_looser((15, "days"), (2, "weeks"), "before") is None


@pytest.mark.parametrize(
    ("key", "amount", "message"),
    [
        ("first-review", 93, "93 days is looser than the national outer limit of 3 months: from 1 January 2012 it would end on 3 April 2012, the national one on 1 April 2012"),
        ("next-review", 186, "186 days is looser than the national outer limit of 6 months: from 1 January 2012 it would end on 5 July 2012, the national one on 1 July 2012"),
        ("initial-conference", 21, "21 days is looser than the national outer limit of 15 working days: from 7 January 2012 it would end on 28 January 2012, the national one on 27 January 2012"),
    ],
)  # fmt: skip
def test_a_limit_in_days_that_can_end_after_the_national_one_is_refused(key, amount, message):
    with pytest.raises(PolicyInvalid) as refused:
        complete(own(limit(key, amount=amount, unit="days")), file="own.yaml")
    assert refused.value.messages == [f"own.yaml: limits.{key}: {message}"]


@pytest.mark.parametrize("key", sorted(key for key in LIMITS if not LIMITS[key].by_the_hour))
def test_a_limit_whose_event_has_no_time_can_not_be_in_hours(key):
    hours = {"amount": 1, "unit": "hours"}
    changed = limit(
        key, amount=48, unit="hours", warn=hours, escalate={"manager": hours, "service-manager": hours},
        **{"last-call": hours},
    )  # fmt: skip
    with pytest.raises(PolicyInvalid) as refused:
        complete(own(changed), file="own.yaml")
    assert refused.value.messages == [
        f"own.yaml: limits.{key}: unit: can't be 'hours', since the {LIMITS[key].event} is known by its day alone"
    ]


# What the program acts on


def keys_read(text):
    return set(re.findall(r"""(?:\b(?:policy_)?value\(|\["values"\]\[|_where\(|_before\()\s*"([a-z-]+)\"""", text))


def keys_named(path, text):
    """Return the values that name who agrees, decides or releases, and are handed on by their key."""
    apart = {"policies", "demo"} & set(path.parts) or path.suffix != ".py"
    return set() if apart else set(re.findall(r'"([a-z-]+-by)"', text)) & set(SCHEMA)


def keys_of_constants(texts):
    """Return the values that are read by a constant with their key."""
    every = "\n".join(texts.values())
    constants = re.findall(r'^([A-Z_]+) = "([a-z-]+)"$', every, re.MULTILINE)
    return {key for constant, key in constants if f"value({constant})" in every}


def program_texts():
    found = [
        path for app in (*APPS, "templates") for path in (ROOT / app).rglob("*") if path.suffix in {".py", ".html"}
    ]
    return {path: path.read_text() for path in found if "migrations" not in path.parts}


def keys_of_properties(texts):
    """Return the keys each policy attribute reads, directly or through another, where the program uses it."""
    (path,) = (path for path in texts if path.match("deadlines/policies/policy.py"))
    module = ast.parse(texts[path])
    (policy,) = (node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Policy")
    elsewhere = "\n".join(text for other, text in texts.items() if other != path)
    methods = [node for node in policy.body if isinstance(node, ast.FunctionDef)]
    asked = {node.name for node in methods if re.search(rf"\.{node.name}\b", elsewhere)}
    return set().union(
        *(keys_read(ast.get_source_segment(texts[path], node)) for node in methods if node.name in asked)
    )


def test_the_schema_says_which_values_the_program_acts_on():
    texts = program_texts()
    read = keys_of_properties(texts) | keys_of_constants(texts)
    for path, text in texts.items():
        if not path.match("deadlines/policies/policy.py"):
            read |= keys_read(text) | keys_named(path, text)
    assert read == {key for key, known in SCHEMA.items() if known.acted_on}


def test_what_the_program_only_shows_stands_on_the_page_where_the_work_is_done():
    shown = set()
    for path, text in program_texts().items():
        if path.suffix == ".html":
            for keys in re.findall(r"{% procedure \w+ ([^%]+)%}", text):
                shown |= set(re.findall(r'"([a-z-]+)"', keys))
    assert {key for key, known in SCHEMA.items() if not known.acted_on} - shown == set()


@pytest.mark.parametrize("words", ["coordinator", "chair or a named stand-in", "chair or their manager"])
def test_only_known_parties_can_be_named_to_agree_to_a_late_conference(words):
    with pytest.raises(PolicyInvalid) as refused:
        complete(own(late_agreed_by=words), file="own.yaml")
    (message,) = refused.value.messages
    assert message.startswith("own.yaml: values.late-agreed-by: value: must be one of 'team manager and chair', ")


def test_the_program_can_ask_every_party_named_for_a_late_conference():
    assert set(PARTIES) == set(get_args(AgreesToLate))


def test_a_lower_quorum_that_is_not_lower_is_refused():
    assert refusals(own(quorum_agencies=2, quorum_exceptionally=2)) == [
        "own.yaml: values.quorum-exceptionally: 2 is not fewer than the 2 of quorum-agencies"
    ]


@pytest.mark.parametrize(
    ("key", "parts", "fault"),
    [
        (
            "next-core-group",
            {"amount": 3, "unit": "working days", "warn": {"amount": 4, "unit": "working days"}},
            "warn.amount: people can't be told 4 working days before the end of a limit of 3 working days",
        ),
        (
            "next-core-group",
            {"amount": 1, "unit": "weeks", "warn": {"amount": 6, "unit": "working days"}},
            "warn.amount: people can't be told 6 working days before the end of a limit of 1 week",
        ),
        (
            "decisions-sent",
            {"amount": 24, "last-call": {"amount": 25, "unit": "hours"}},
            "last-call.amount: people can't be told 25 hours before the end of a limit of 24 hours",
        ),
        (
            "report-submitted",
            {"amount": 1},
            (
                "1 working day before the conference is later than 2 working days before it, when the family has the "
                "report (limits.report-shared-with-family)"
            ),
        ),
    ],
)
def test_a_warning_longer_than_its_limit_and_a_report_in_after_it_is_shared_are_refused(key, parts, fault):
    assert refusals(own(limit(key, **parts))) == [f"own.yaml: limits.{key}: {fault}"]
