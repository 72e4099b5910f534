"""The plan as a document: versions, statements and what the migration carried over."""

from __future__ import annotations

import datetime
import importlib

import pytest
from django.db import IntegrityError, connection, transaction

from meetings.models import OutlineAction
from plans.enums import Occasion, PlanEntryKind, Progress
from plans.models import ActionProgress, Plan, PlanAction, PlanEntry, PlanVersion
from tests.factories import ChildFactory, DecisionFactory, FamilyFactory, PlanFactory, UserFactory

pytestmark = pytest.mark.django_db

BEGAN = datetime.datetime(2026, 12, 22, 13, tzinfo=datetime.UTC)
LATER = datetime.datetime(2027, 3, 16, 13, tzinfo=datetime.UTC)
carry = importlib.import_module("plans.migrations.0011_carry_what_plans_said")


def migrate():
    with connection.cursor() as cursor:
        for statement in (carry.VERSIONS, carry.ACTIONS, carry.PROGRESS, carry.CONTINGENCY):
            cursor.execute(statement)


def action(plan, what, at=BEGAN, **fields):
    return PlanAction.objects.create(plan=plan, why="So that", what=what, created_at=at, **fields)


@pytest.fixture
def plans():
    """The plans of two sisters, as they were written before versions were kept."""
    family = FamilyFactory()
    first = DecisionFactory(conference_child__child=ChildFactory(authority=family.authority, family=family))
    second = DecisionFactory(conference_child__child=ChildFactory(authority=family.authority, family=family))
    return [PlanFactory(child=row.conference_child.child, decision=row, created_at=BEGAN) for row in (first, second)]


def test_the_migration_keeps_what_was_agreed_when_and_how_far_it_had_come(plans):
    one, other = plans
    drafted = OutlineAction.objects.create(
        conference=one.decision.conference_child.conference, why="So that", what="Ring", who_else="School",
        by_when_words="soon", created_by=UserFactory(), created_at=BEGAN,
    )  # fmt: skip
    ring = action(one, "Ring", outline=drafted)
    action(other, "Ring", outline=drafted)
    ring.progress, ring.progress_note = Progress.UNDER_WAY, "Rang twice"
    ring.save()
    daily = action(one, "Ring daily", at=LATER)
    weekly = action(one, "Ring weekly", superseded_by=daily, change_reason="Twice was too little")
    Plan.objects.filter(pk=one.pk).update(contingency="Ask for a review")
    migrate()

    first, second = one.versions.all()
    assert [(row.number, row.occasion, row.made_by) for row in (first, second)] == [
        (1, Occasion.CONFERENCE, one.decision.decided_by),
        (2, Occasion.START, None),
    ]
    for row in (ring, daily, weekly):
        row.refresh_from_db()
    assert (weekly.since, weekly.until, daily.since, daily.until) == (first, second, second, None)
    assert weekly.thread == daily.thread != ring.thread
    assert [row.thread for row in other.actions.all()] == [ring.thread]
    assert list(one.actions.in_version(1)) == [ring, weekly]
    assert list(one.actions.in_version(2)) == [ring, daily]
    assert [(row.progress, row.note, row.carried_over) for row in ring.progress_rows.all()] == [
        (Progress.UNDER_WAY, "Rang twice", True)
    ]
    assert [(row.kind, row.we_do) for row in one.entries.all()] == [(PlanEntryKind.CONTINGENCY, "Ask for a review")]


def refused(model, constraint, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**fields)


def test_who_made_a_version_or_entered_progress_is_exactly_one(plans):
    version = {"plan": plans[0], "number": 1, "occasion": Occasion.BETWEEN, "made_at": BEGAN}
    refused(PlanVersion, "plan_version_made_by_one", **version)
    refused(PlanVersion, "plan_version_made_by_one", **version, made_by=UserFactory(), guest_session_id=1)
    PlanVersion.objects.create(**version, guest_session_id=1)
    entered = {"action": action(plans[0], "Ring"), "progress": Progress.DONE, "at": BEGAN}
    refused(ActionProgress, "progress_entered_by_one", **entered)
    refused(ActionProgress, "progress_entered_by_one", **entered, entered_by=UserFactory(), guest_session_id=1)
    ActionProgress.objects.create(**entered, guest_session_id=1)


def test_a_change_says_why_and_what_was_not_done_says_why(plans):
    by = UserFactory()
    refused(
        PlanVersion, "plan_version_says_why",
        plan=plans[0], number=2, occasion=Occasion.CORE_GROUP, made_by=by, made_at=BEGAN,
    )  # fmt: skip
    refused(
        ActionProgress, "progress_says_why_not",
        action=action(plans[0], "Ring"), progress=Progress.NOT_DONE, note=" ", entered_by=by, at=BEGAN,
    )  # fmt: skip


def test_a_plan_says_the_childs_wishes_once(plans):
    entry = {"plan": plans[0], "kind": PlanEntryKind.WISHES, "text": "Stay at her school", "created_at": BEGAN}
    PlanEntry.objects.create(**entry)
    refused(PlanEntry, "one_of_these_in_a_plan", **entry)
