"""Which open deadlines a draft of procedures would move, if they were counted again under it."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from deadlines.access import visible_deadlines
from deadlines.models import Deadline, PolicyDraft
from deadlines.policies import policy_of, raw_from_text
from deadlines.policies.versions import forget
from deadlines.selectors.recounting import countable
from deadlines.selectors.rows import title_of
from deadlines.services.policies import put_policy_in_force
from deadlines.services.recounting import preview_recount
from deadlines.working_days.arithmetic import civil_day
from families.models import Child, Family

MOST_NAMED = 100


@dataclass(frozen=True)
class NamedMove:
    """A deadline that would move, for someone who may see the family: child or paper, and both dates."""

    family_id: int
    family: str
    child: str
    what: str
    before: datetime.date
    after: datetime.date


@dataclass(frozen=True)
class DraftMoves:
    """How many deadlines of each kind would move, and those that the reader may see by name.

    ``refusal`` says why it can't be known.
    """

    kinds: list[tuple[str, int]]
    named: list[NamedMove]
    hidden: int
    refusal: str = ""

    @property
    def total(self) -> int:
        return sum(number for _, number in self.kinds)


def moves_of_draft(draft: PolicyDraft, *, user: User, now: datetime.datetime) -> DraftMoves:
    """Return what a draft would move if all were counted again under it today, by trying it and rolling back."""
    try:
        rows, after = _tried(draft, user=user, now=now)
    except ValidationError as refusal:
        return DraftMoves([], [], 0, refusal=refusal.messages[0])
    moved = [row for row in rows if after[row.pk] != row.due_on]
    kinds = Counter(title_of(row.kind) for row in moved)
    seen = visible_deadlines(user).filter(pk__in=[row.pk for row in moved])
    visible = set(seen.values_list("pk", flat=True)[: MOST_NAMED + 1])
    named = [row for row in moved if row.pk in visible][:MOST_NAMED]
    return DraftMoves(sorted(kinds.items()), _named(named, after), len(moved) - len(named))


def _tried(
    draft: PolicyDraft, *, user: User, now: datetime.datetime
) -> tuple[list[Deadline], dict[int, datetime.date]]:
    raw = raw_from_text(draft.text, file="draft")
    tried: list[int] = []
    with transaction.atomic():
        version = put_policy_in_force(
            authority=draft.authority, preset=raw["preset"], raw=raw, in_force_from=civil_day(now), now=now
        )
        tried.append(version.pk)
        rows = list(countable(draft.authority, policy_of(version.pk)))
        try:
            after = preview_recount(version=version, deadlines=rows, by=user, now=now)
        finally:
            transaction.set_rollback(True)
            forget(tried)
    return rows, after


def _named(rows: list[Deadline], after: dict[int, datetime.date]) -> list[NamedMove]:
    families = Family.objects.in_bulk({row.family_id for row in rows})
    children = Child.objects.filter(pk__in={row.child_id for row in rows if row.child_id}).select_related("person")
    names = {child.pk: child.person.short_name for child in children}
    return [
        NamedMove(
            family_id=row.family_id,
            family=families[row.family_id].name,
            child=names.get(row.child_id or 0, ""),
            what=f"{title_of(row.kind)}: {row.what}" if row.what else title_of(row.kind),
            before=row.due_on,
            after=after[row.pk],
        )
        for row in rows
    ]
