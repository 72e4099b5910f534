"""The ledger after the year, beside the dates worked out by hand and by the calculator."""

from __future__ import annotations

import json
from io import StringIO
from unittest.mock import patch

from django.core.management import call_command

from deadlines.models import Deadline
from families.models import Child
from tests.year.due_dates import DUE


def in_the_ledger() -> list[tuple[str, str, str, str]]:
    names = dict(Child.objects.values_list("pk", "person__given_name"))
    return sorted(
        (row.kind, row.what or names.get(row.child_id, ""), row.starts_on.isoformat(), row.due_on.isoformat())
        for row in Deadline.objects.all()
    )


def calculated(cases: list[dict[str, str]], policy: str) -> list[dict[str, str]]:
    """Return what the command works out for each case by a preset or file: the last day of each clock."""
    out = StringIO()
    with patch("sys.stdin", StringIO(json.dumps(cases))):
        call_command("calculate_deadlines", policy=policy, cases="-", json=True, stdout=out)
    return [{row["clock"]: row["due"][:10] for row in rows} for rows in json.loads(out.getvalue())]


def case_of(kind: str, who: str, start: str) -> dict[str, str]:
    """Return the case in which that clock starts on that day; empty for clocks that the command does not know."""
    began = "2027-03-15" if who == "Ivy" else "2026-12-22"
    first_review = "2027-06-07" if who == "Ivy" else "2027-03-15"
    # Some councils count the second review from the first conference.
    last_review = first_review if start == began else start
    review = {"type": "review", "plan_began": "2026-12-22"}
    return {
        "initial-conference": {"strategy_discussion": start},
        "report-submitted": {"conference": start, **(review if start > "2027" else {})},
        "report-shared-with-family": {"conference": start, **(review if start > "2027" else {})},
        "chair-has-reports": {"conference": start, **(review if start > "2027" else {})},
        "decisions-sent": {"conference": f"{start}T10:00", "ended": f"{start}T12:30"},
        "minutes-sent": {"conference": f"{start}T10:00", "ended": f"{start}T12:30"},
        "first-core-group": {"plan_began": start},
        "first-review": {"plan_began": start},
        "next-core-group": {"plan_began": "2026-12-22", "last_core_group": start},
        "next-review": {
            "plan_began": began,
            "last_review": last_review,
            "reviews_held": "1" if last_review == first_review else "2",
        },
        "cin-plan-review": {"cin_plan_began": start},
        "visit": {"plan_began": start},
        "after-birth": {"type": "pre-birth", "plan_began": start, "born": "2027-03-03"},
    }.get(kind, {})


def check_the_dates() -> None:
    """Check the whole ledger against the dates worked out by hand, and these against the calculator."""
    found = in_the_ledger()
    unexpected = [row for row in found if row not in DUE]
    assert unexpected == [], unexpected
    missing = [row for row in DUE if row not in found]
    assert missing == [], missing
    assert len(DUE) == len(found)
    check_by_calculator("buckinghamshire")


def check_by_calculator(policy: str) -> int:
    """Check every date of the ledger that the calculator knows against it; return how many these are."""
    asked = [(row, case) for row in in_the_ledger() if (case := case_of(*row[:3]))]
    answers = calculated([case for _, case in asked], policy)
    wrong = [
        (row, answer.get(row[0]))
        for (row, _), answer in zip(asked, answers, strict=True)
        if answer.get(row[0]) != row[3]
    ]
    assert wrong == [], wrong
    return len(asked)
