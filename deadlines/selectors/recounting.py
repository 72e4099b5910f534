"""Which open deadlines would count differently under another version."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Authority
from deadlines.access import about_a_sealed_child
from deadlines.models import Deadline, Recount, RecountedDeadline
from deadlines.policies import LIMITS, Policy, policies_of
from deadlines.policies.wording import label_of
from families.models import Family


@dataclass(frozen=True)
class RecountRow:
    """One deadline and its date before and after; of the case only its reference."""

    deadline_id: int
    reference: str
    kind: str
    version_number: int
    before: datetime.date
    after: datetime.date
    is_over: bool

    @property
    def moves(self) -> bool:
        return self.before != self.after

    @property
    def token(self) -> str:
        """Return what a form submits: the deadline and the date that the user saw."""
        return f"{self.deadline_id}:{self.after.isoformat()}"


def countable(authority: Authority, policy: Policy) -> QuerySet[Deadline]:
    """Return open deadlines under other versions to whose kind of clock ``policy`` applies different rules."""
    rows = (
        Deadline.objects.open()
        .filter(authority_id=authority.pk)
        .exclude(policy_version_id=policy.version_id)
        .exclude(about_a_sealed_child())
    )
    pairs = list(rows.order_by().values_list("policy_version_id", "kind").distinct())
    policies = policies_of(version_id for version_id, _ in pairs)
    ruled = Q(pk__in=[])
    for version_id, kind in pairs:
        if rules_differ(policies[version_id], policy, kind):
            ruled |= Q(policy_version_id=version_id, kind=kind)
    return rows.filter(ruled).order_by("kind", "plan_for_on", "pk")


def rules_differ(one: Policy, other: Policy, kind: str) -> bool:
    """Return whether two versions count a kind of clock differently, by any of its limits."""
    return any(_ruling(one, key) != _ruling(other, key) for key in limits_of(one, kind))


def _ruling(policy: Policy, key: str) -> tuple[object, ...]:
    """Return what matters about a limit: all but its source."""
    limit = policy.limit(key)
    return (
        policy.uses(key), limit.amount, limit.unit, limit.outer, limit.warn, limit.last_call, limit.to_manager,
        limit.to_service_manager, limit.closures_count, limit.day_zero_before, limit.sooner_with,
    )  # fmt: skip


def limits_of(policy: Policy, kind: str) -> list[str]:
    """Return the limits of a kind of clock: its own, its variants, and those paired under ``sooner_with``."""
    own = {key for key in LIMITS if key == kind or key.startswith(f"{kind}:")}
    paired = {policy.limit(key).sooner_with for key in own} - {""}
    naming = {key for key in LIMITS if policy.limit(key).sooner_with in own}
    return sorted(own | paired | naming)


def recount_rows(
    deadlines: Iterable[Deadline], after: dict[int, datetime.date], *, today: datetime.date
) -> list[RecountRow]:
    """Return the lines of a preview."""
    rows = list(deadlines)
    numbers = dict(Family.objects.filter(pk__in={row.family_id for row in rows}).values_list("pk", "case_number"))
    policies = policies_of(row.policy_version_id for row in rows)
    return [
        RecountRow(
            deadline_id=row.pk,
            reference=numbers.get(row.family_id, ""),
            kind=label_of(row.kind),
            version_number=policies[row.policy_version_id].number,
            before=row.due_on,
            after=after[row.pk],
            is_over=after[row.pk] < today,
        )
        for row in rows
    ]


def recounts_of(authority: Authority) -> QuerySet[Recount]:
    """Return recounts, newest first, each with how many deadlines it covered."""
    return (
        Recount.objects.filter(authority=authority)
        .select_related("version", "by")
        .annotate(counted=Count("deadlines"))
        .order_by("-at", "-pk")
    )


def recounted_rows(items: Iterable[RecountedDeadline]) -> list[RecountRow]:
    """Return the lines of a completed recount."""
    rows = list(items)
    families = {item.deadline.family_id for item in rows}
    numbers = dict(Family.objects.filter(pk__in=families).values_list("pk", "case_number"))
    return [
        RecountRow(
            deadline_id=item.deadline_id,
            reference=numbers.get(item.deadline.family_id, ""),
            kind=label_of(item.deadline.kind),
            version_number=0,
            before=item.due_on_before,
            after=item.due_on_after,
            is_over=False,
        )
        for item in rows
    ]
