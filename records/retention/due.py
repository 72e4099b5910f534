"""Finds cases due for disposal in one statement, by the same rules as ``rules``; a test compares the two."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.enums import Role
from accounts.models import Authority, User
from deadlines.policies import policy_for
from families.access import visible_families
from families.models import Child, Family
from records.enums import DisposalState
from records.models import Disposal, LegalHold
from records.retention.rules import (
    BIRTH,
    CLOSING,
    DEATH,
    LOOKED_AFTER,
    PREGNANCY,
    SEALING,
    ChildFacts,
    Kept,
    Rule,
    case_kept_until,
    kept_until,
    rules_of,
)

# A case's children are those who ever belonged to the family, and those its conferences and enquiries are about.
_FACTS = """
WITH wanted AS MATERIALIZED (
    SELECT id, closed_on FROM families_family
    WHERE disposed_at IS NULL AND {families}
), belonging AS (
    SELECT wanted.id AS family_id, child.id AS child_id FROM wanted
    JOIN families_familymember AS member ON member.family_id = wanted.id
    JOIN families_child AS child ON child.person_id = member.person_id
    UNION
    SELECT wanted.id, row.child_id FROM wanted
    JOIN conferences_conference AS conference ON conference.family_id = wanted.id
    JOIN conferences_conferencechild AS row ON row.conference_id = conference.id
    UNION
    SELECT wanted.id, enquiry.child_id FROM wanted
    JOIN families_strategydiscussion AS discussion ON discussion.family_id = wanted.id
    JOIN families_enquiry AS enquiry ON enquiry.discussion_id = discussion.id
), facts AS (
    SELECT
        wanted.id AS family_id, child.id AS child_id, wanted.closed_on IS NOT NULL AS is_closed,
        person.birth_date AS born_on, person.death_date AS died_on,
        CASE WHEN person.birth_date IS NULL THEN pregnancy.ended_on END AS pregnancy_ended_on,
        (person.sealed_at AT TIME ZONE 'Europe/London')::date AS sealed_on,
        CASE WHEN wanted.closed_on IS NOT NULL AND coalesce(others.all_closed, true)
            THEN greatest(wanted.closed_on, others.closed_on) END AS closed_on,
        EXISTS (
            SELECT FROM families_legalstatus AS status
            WHERE status.child_id = child.id AND status.status IN ({looked_after})
        ) AS was_looked_after,
        EXISTS (
            SELECT FROM plans_plancategory AS category JOIN plans_plan AS plan ON plan.id = category.plan_id
            WHERE plan.child_id = child.id AND (category.category = 'SAB' OR category.also LIKE '%%SAB%%')
        ) OR EXISTS (
            SELECT FROM plans_plan AS plan WHERE plan.child_id = child.id AND plan.initial_category = 'SAB'
        ) OR EXISTS (
            SELECT FROM conferences_decision AS decision
            JOIN conferences_conferencechild AS row ON row.id = decision.conference_child_id
            WHERE row.child_id = child.id
                AND (decision.main_category = 'SAB' OR 'SAB' = ANY(decision.categories))
        ) AS had_sexual_harm,
        EXISTS (
            SELECT FROM plans_plan AS plan WHERE plan.child_id = child.id AND plan.kind = 'cp'
                AND plan.end_reason <> 'entered_in_error'
        ) OR coalesce(child.previous_plans_elsewhere, 0) > 0 AS had_cp_plan,
        EXISTS (
            SELECT FROM plans_plan AS plan WHERE plan.child_id = child.id AND plan.kind = 'cin'
                AND plan.end_reason <> 'entered_in_error'
        ) AS had_cin_plan,
        EXISTS (SELECT FROM conferences_conferencechild AS row WHERE row.child_id = child.id) AS had_conference,
        EXISTS (
            SELECT FROM plans_plan AS plan
            WHERE plan.child_id = child.id AND plan.ends_on IS NULL
        ) AS has_open_plan
    FROM wanted
    LEFT JOIN belonging ON belonging.family_id = wanted.id
    LEFT JOIN families_child AS child ON child.id = belonging.child_id
    LEFT JOIN families_person AS person ON person.id = child.person_id
    LEFT JOIN families_pregnancy AS pregnancy ON pregnancy.id = child.pregnancy_id
    LEFT JOIN LATERAL (
        SELECT bool_and(family.closed_on IS NOT NULL) AS all_closed, max(family.closed_on) AS closed_on
        FROM families_familymember AS member JOIN families_family AS family ON family.id = member.family_id
        WHERE member.person_id = child.person_id AND family.disposed_at IS NULL
    ) AS others ON true
)
"""

_DAYS = {
    BIRTH: "coalesce(born_on, pregnancy_ended_on)",
    DEATH: "coalesce(died_on, pregnancy_ended_on)",
    PREGNANCY: "pregnancy_ended_on",
    SEALING: "sealed_on",
    CLOSING: "closed_on",
}
_APPLIES = {
    "was_sealed": "sealed_on IS NOT NULL",
    "died": "died_on IS NOT NULL",
    "was_never_born": "born_on IS NULL AND pregnancy_ended_on IS NOT NULL",
    "is_known": "true",
}


def _facts(families: str) -> str:
    statuses = ", ".join(f"'{status.value}'" for status in LOOKED_AFTER)
    return _FACTS.format(families=families, looked_after=statuses)


def _until(rules: Sequence[Rule]) -> tuple[str, str]:
    """Return, for a child, the day its time is over, and whether every rule that applies can be counted."""
    ends, counted = [], ["NOT has_open_plan"]
    for rule in rules:
        applies, day = _APPLIES.get(rule.applies, rule.applies), _DAYS[rule.period.event]
        length = f"make_interval({rule.period.unit} => {int(rule.period.amount)})"
        ends.append(f"CASE WHEN {applies} THEN ({day} + {length})::date END")
        counted.append(f"(NOT ({applies}) OR {day} IS NOT NULL)")
    return f"greatest({', '.join(ends)})", " AND ".join(counted)


def _over(rules: Sequence[Rule]) -> str:
    until, counted = _until(rules)
    return (
        _facts("authority_id = %s AND closed_on IS NOT NULL")
        + f"SELECT family_id FROM facts GROUP BY family_id HAVING bool_and({counted}) AND max({until}) <= %s"
    )


def cases_over(user: User, authority: Authority, *, today: datetime.date) -> QuerySet[Family]:
    """Return closed cases of the council that the user may open and whose time is over today.

    Those that someone decided to keep longer return when that day has passed too.
    """
    over = _over(rules_of(policy_for(authority, on=today)))
    kept_longer = Family.objects.filter(kept_longer__until__gt=today)
    return (
        visible_families(user)
        .filter(authority=authority, pk__in=RawSQL(over, [authority.pk, today]))  # noqa: S611 - numbers and names of ours
        .exclude(pk__in=kept_longer.values("pk"))
    )


@dataclass(frozen=True)
class ReviewRow:
    """One case in the review list: until when it was kept, by which rule, and what stops its disposal."""

    family: Family
    kept: Kept
    holds: int
    proposal: Disposal | None


class ReviewList:
    """The cases a user may review, for paging: page keys are read first."""

    def __init__(self, user: User, *, today: datetime.date) -> None:
        self.today = today
        authorities = Authority.objects.filter(pk__in=user.authority_ids(Role.SERVICE_MANAGER))
        self.rules = {row.pk: rules_of(policy_for(row, on=today)) for row in authorities}
        found: QuerySet[Family] = Family.objects.none()
        for authority in authorities:
            found = found | cases_over(user, authority, today=today)
        self.cases = found.order_by("closed_on", "pk").select_related("team")

    def __len__(self) -> int:
        return self.cases.count()

    def __getitem__(self, wanted: slice) -> Any:
        return self.cases[wanted]

    def described(self, families: list[Family]) -> list[ReviewRow]:
        """Return the rows of one page, in three queries however many there are."""
        ids = [family.pk for family in families]
        facts = facts_of(ids)
        held = _held(ids)
        proposals = {
            row.family_id: row for row in Disposal.objects.filter(family__in=ids, state=DisposalState.PROPOSED)
        }
        return [
            ReviewRow(
                family,
                kept_case(facts[family.pk], self.rules[family.authority_id]),
                held.get(family.pk, 0),
                proposals.get(family.pk),
            )
            for family in families
        ]


def review_list(user: User, *, today: datetime.date) -> ReviewList:
    """Return what a service manager has to review; empty for a custodian, who may open no case."""
    return ReviewList(user, today=today)


def _held(family_ids: Collection[int]) -> dict[int, int]:
    """Return how many legal holds are on each of these cases, including those on their children."""
    own = LegalHold.objects.filter(family__in=family_ids, lifted_at__isnull=True)
    of_children = LegalHold.objects.filter(child__person__memberships__family__in=family_ids, lifted_at__isnull=True)
    pairs = {*own.values_list("pk", "family"), *of_children.values_list("pk", "child__person__memberships__family")}
    return dict(Counter(family_id for _, family_id in pairs if family_id in family_ids))


# Those who run the conference service and keep the list; administrators see no case data.
RECORDS_ROLES = (Role.SERVICE_MANAGER, Role.CUSTODIAN)


@dataclass(frozen=True)
class CaseFacts:
    """The children of a case, with what decides how long their records are kept."""

    family_id: int
    is_closed: bool
    children: dict[int, ChildFacts] = field(default_factory=dict)


_COLUMNS = (
    "born_on", "died_on", "pregnancy_ended_on", "sealed_on", "closed_on", "was_looked_after", "had_sexual_harm",
    "had_cp_plan", "had_cin_plan", "had_conference", "has_open_plan",
)  # fmt: skip


def facts_of(family_ids: Collection[int]) -> dict[int, CaseFacts]:
    """Return what decides how long these cases are kept, in one query."""
    if not family_ids:
        return {}
    found: dict[int, CaseFacts] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _facts("id = ANY(%s)") + f"SELECT family_id, is_closed, child_id, {', '.join(_COLUMNS)} FROM facts"
            " ORDER BY family_id, child_id",
            [sorted(family_ids)],
        )
        rows = cursor.fetchall()
    for family_id, is_closed, child_id, *facts in rows:
        case = found.setdefault(family_id, CaseFacts(family_id, is_closed))
        case.children[child_id or 0] = ChildFacts(**dict(zip(_COLUMNS, facts, strict=True)))
    return found


@dataclass(frozen=True)
class KeptChild:
    """One child of a case, and until when that child's own records are kept."""

    child: Child
    kept: Kept


def kept_case(case: CaseFacts, rules: Sequence[Rule]) -> Kept:
    """Return until when a case is kept; an open one has no end."""
    if not case.is_closed:
        return Kept(None, because="the case is open")
    return case_kept_until(list(case.children.values()), rules)


def kept_children(case: CaseFacts, rules: Sequence[Rule]) -> list[KeptChild]:
    """Return each child of a case with until when their own records are kept, eldest first."""
    rows = Child.objects.filter(pk__in=case.children).select_related("person", "pregnancy")
    return [KeptChild(row, kept_until(case.children[row.pk], rules)) for row in rows]
