"""All of England in one database: ten years of facts of 150 councils, made up by the database itself.

``scale`` 1.0 gives a million open deadlines and seven million met ones. Triggers and foreign keys rest while
the rows come in, so a database of this kind is good for measuring only.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import NOT_PROVIDED, CharField, Field, TextField
from django.utils import timezone

from accounts.models import Authority
from deadlines.services import put_policy_in_force

COUNCILS = 150
PLANS = 600_000
OPEN_PLANS = 300_000
OPEN_ENQUIRIES = 100_000
WORKERS_OF_COUNCIL = 100
CHAIRS_OF_COUNCIL = 40
CHAIRS_FROM, COORDINATORS_FROM, MANAGERS_FROM = 2_000_000, 3_000_000, 4_000_000

COUNCIL = f"(1 + i % {COUNCILS})"


def build_england(*, scale: float) -> None:
    """Fill an empty, migrated database; takes minutes at scale 1."""
    plans, running, enquiries = (int(n * scale) for n in (PLANS, OPEN_PLANS, OPEN_ENQUIRIES))
    workers, chairs = max(int(WORKERS_OF_COUNCIL * scale), 1), max(int(CHAIRS_OF_COUNCIL * scale), 1)
    everybody = plans + enquiries
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    fill("accounts.Authority", COUNCILS, id="i", slug="'council-' || i", name="'Council ' || i")
    for council in Authority.objects.all():
        put_policy_in_force(
            authority=council, preset="baseline", in_force_from=datetime.date(2012, 1, 1), now=timezone.now()
        )
    _people(workers, chairs)
    start = f"(current_date - CASE WHEN i <= {running} THEN 2 + i % 80 ELSE 250 + i % 3200 END)"
    noon = f"({start} + time '12:00')"
    worker = f"(1 + i % {COUNCILS * workers})"
    chair = f"({CHAIRS_FROM} + i % {COUNCILS} + {COUNCILS} * ((i / {COUNCILS}) % {chairs}))"
    coordinator = f"({COORDINATORS_FROM} + i % {COUNCILS})"
    version = "(SELECT min(id) FROM deadlines_policyversion WHERE authority_id = " + COUNCIL + ")"
    fill(
        "families.Person",
        everybody,
        id="i",
        authority_id=COUNCIL,
        given_name="'Child'",
        family_name="'Plant ' || i",
    )
    fill(
        "families.Child", everybody, id="i", person_id="i", authority_id=COUNCIL, council_child_id="'C' || i"
    )
    fill("families.Family", everybody, id="i", authority_id=COUNCIL, team_id=worker, case_number="'B-' || i",
         name="'Plant ' || i")  # fmt: skip
    fill("families.FamilyMember", everybody, family_id="i", person_id="i")
    fill("families.Allocation", everybody, family_id="i", user_id=worker, starts_on="date '2012-01-01'")
    began = f"CASE WHEN i <= {plans} THEN {start} - 18 ELSE current_date - i % 14 END"
    fill("families.StrategyDiscussion", everybody, id="i", family_id="i", held_at=f"({began}) + time '10:00'",
         reason="'Made up'", recorded_by_id=worker, recorded_at="now()")  # fmt: skip
    fill("families.Enquiry", everybody, id="i", child_id="i", discussion_id="i", started_on=began,
         policy_version_id=version)  # fmt: skip
    fill("conferences.Conference", plans, id="i", authority_id=COUNCIL, family_id="i", reference="'CC' || i",
         status="'closed'", chair_id=chair, coordinator_id=coordinator, policy_version_id=version,
         requested_by_id=worker, requested_at=f"{start} - 17 + time '12:00'", scheduled_at=f"{start} - 15 + time '12:00'",
         invited_at=f"{start} - 15 + time '13:00'", opened_at=noon, ended_at=f"{start} + time '14:00'",
         closed_at=f"{start} + time '14:00'", quorate="true",
         meets_at=noon, late_cause="CASE WHEN i % 7 = 0 THEN 'report' ELSE '' END")  # fmt: skip
    fill(
        "conferences.ConferenceChild",
        plans,
        id="i",
        conference_id="i",
        child_id="i",
        kind="'initial'",
        enquiry_id="i",
    )
    fill("conferences.Sitting", plans, id="i", conference_id="i", state="'ended'", starts_at=noon,
         booked_from=noon, booked_until=f"{noon} + interval '2 hours'", family_arrives_at=noon,
         professionals_arrive_at=noon, chair_id=f"{CHAIRS_FROM} + {COUNCILS} * 100 + i", booked_at=f"{start} - 15 + time '12:00'",
         booked_by_id=coordinator, opened_at=noon, ended_at=f"{start} + time '14:00'")  # fmt: skip
    fill("conferences.Decision", plans, id="i", conference_child_id="i", sitting_id="i", outcome="'cp_plan'",
         main_category="'NEG'", rationale="'Made up'", decided_by_id=chair, decided_at=f"{start} + time '13:50'",
         visit_every_working_days="10", key_worker_id=worker)  # fmt: skip
    ended = f"CASE WHEN i > {running} THEN {start} + 150 END"
    fill("plans.Plan", plans, id="i", authority_id=COUNCIL, child_id="i", kind="'cp'", decision_id="i",
         policy_version_id=version, starts_on=start, ends_on=ended, initial_category="'NEG'", created_at=noon,
         end_reason=f"CASE WHEN i > {running} THEN 'risk_fell' ELSE '' END",
         ended_by_id=f"CASE WHEN i > {running} THEN {chair} END")  # fmt: skip
    fill("plans.KeyWorker", plans, plan_id="i", user_id=worker, starts_on=start, ends_on=ended)
    made = f"{start} + 10 * n + time '15:00'"
    fill("plans.Visit", plans, each=10, where=f"{start} + 10 * n <= current_date", plan_id="i", made_at=made,
         made_by_id=worker, child_seen="true", recorded_by_id=worker, recorded_at=made)  # fmt: skip
    fill("core_groups.CoreGroup", plans, id="i", authority_id=COUNCIL, family_id="i", conference_id="i",
         formed_on=start)  # fmt: skip
    met = f"{start} + 40 * n - 32 + time '11:00'"
    fill("core_groups.CoreGroupMeeting", plans, each=3, where=f"{start} + 40 * n - 32 <= current_date",
         core_group_id="i", number="n", state="'held'", planned_at=met, held_at=met)  # fmt: skip
    for kind, after in (("decisions_letter", 1), ("minutes", 20)):
        sent = f"{start} + {after} + time '10:00'"
        fill("reports.Document", plans, conference_id="i", kind=f"'{kind}'", number="1", state="'released'",
             content="'{}'", prepared_by_id=coordinator, prepared_at=sent, released_by_id=chair, released_at=sent,
             completed_at=sent, where=f"{start} + {after} <= current_date")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_groups_coregroup_plans (coregroup_id, plan_id) SELECT id, id FROM plans_plan"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def _people(workers: int, chairs: int) -> None:
    fill("accounts.Team", COUNCILS * workers, first=0, id="i + 1", authority_id=COUNCIL, name="'Team ' || i")
    groups = [
        ("social_worker", COUNCILS * workers, "i + 1"),
        ("team_manager", COUNCILS * workers, f"{MANAGERS_FROM} + {COUNCILS} + i"),
        ("chair", COUNCILS * chairs, f"{CHAIRS_FROM} + i"),
        ("coordinator", COUNCILS, f"{COORDINATORS_FROM} + i"),
        ("service_manager", COUNCILS, f"{MANAGERS_FROM} + i"),
    ]
    for role, number, user in groups:
        fill(
            "accounts.User", number, first=0, id=user, email=f"'{role}' || i || '@example.org'", name="'Bird'"
        )
        of_team = "i + 1" if role in ("social_worker", "team_manager") else "NULL::bigint"
        fill("accounts.RoleAssignment", number, first=0, user_id=user, authority_id=COUNCIL, role=f"'{role}'",
             team_id=of_team, starts_on="date '2012-01-01'")  # fmt: skip


def fill(
    label: str, number: int, /, *, first: int = 1, each: int = 1, where: str = "true", **columns: str
) -> None:
    """Insert a row for each i (and n of ``each``); columns are SQL, the others take the model's defaults."""
    model = apps.get_model(label)
    given = {
        field.column: columns.pop(field.column, None) or _default(field)
        for field in model._meta.concrete_fields
        if field.column in columns or not field.primary_key
    }
    assert not columns, columns
    known = {column: value for column, value in given.items() if value is not None}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(known)}) SELECT {', '.join(known.values())}"
            f" FROM generate_series({first}, {number + first - 1}) AS i, generate_series(1, {each}) AS n WHERE {where}"
        )


def _default(field: Field[Any, Any]) -> str | None:
    if field.null:
        return None
    if field.default is not NOT_PROVIDED:
        value = field.get_default()
        if isinstance(value, datetime.datetime):
            return "now()"
        return "'{}'" if value == [] else f"'{value}'"
    return "''" if isinstance(field, CharField | TextField) else "now()"
