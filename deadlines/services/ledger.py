"""Bringing the ledger of deadlines up to the facts that started, met or stopped them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from deadlines.arithmetic import Due, civil_day, due, start_of
from deadlines.calendars import WorkingCalendar, calendars_for
from deadlines.clocks import Clock, ClockFact, clock_of, registry
from deadlines.enums import ChangeKind, Direction, Unit
from deadlines.models import Deadline, DeadlineChange, PolicyVersion
from deadlines.policies import Amount, Limit, Policy, missing, policies_of

LOCK_SPACE = 0x6465
BATCH = 500
GONE = "What started it was changed or withdrawn"


@dataclass
class ReconcileResult:
    """What reconciling wrote, and which facts it could not count (kind and reason; no case data)."""

    created: int = 0
    changed: int = 0
    stopped: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def written(self) -> int:
        return self.created + self.changed + self.stopped


Key = tuple[str, int, int | None, int | None]
FACT_FIELDS = (
    "authority_id", "family_id", "conference_id", "responsible_ids", "what", "starts_on", "starts_at",
    "policy_version_id", "limit_key", "own_amount", "own_unit", "due_on", "due_at", "plan_for_on", "warn_at",
    "due_on_in_england", "manager_from", "service_manager_from", "due_from", "late_from", "met_at", "not_needed",
)  # fmt: skip
TELLING_FIELDS = ("responsible_ids", "warn_at", "due_from", "late_from")


_postponed: ContextVar[set[int] | None] = ContextVar("families counted later", default=None)


@contextmanager
def counting_once(*, now: datetime.datetime) -> Iterator[None]:
    """Count the families of many changes once, at the end, instead of after each change.

    For bringing in many facts at a time, inside one transaction: until the end the ledger lags behind.
    """
    families: set[int] = set()
    token = _postponed.set(families)
    try:
        yield
    finally:
        _postponed.reset(token)
    reconcile(family_ids=sorted(families), now=now)


@transaction.atomic
def reconcile(*, family_ids: Sequence[int] | None = None, now: datetime.datetime) -> ReconcileResult:
    """Make the ledger equal the facts, for some families or for all; the rows are the same either way.

    To be called inside the transaction that changed the facts. In order:

    1. waits for whoever reconciles the same families (or everything) at this moment;
    2. asks each clock for its facts and counts them under the policy of each;
    3. writes the deadlines that are new or differ, and notes what moved, ended or began again;
    4. stops those whose fact is gone, keeping the row.

    Nothing is written for a deadline that stands as its facts say. Whoever is newly responsible, or
    has a new date, is told by the next sweep.

    Raises PolicyMissing or CalendarEnds for given families whose facts can't be counted; for all
    families such facts leave their rows alone and stand in ``problems``.
    """
    result = ReconcileResult()
    families = None if family_ids is None else sorted(set(family_ids))
    if families == []:
        return result
    postponed = _postponed.get()
    if postponed is not None and families is not None:
        postponed.update(families)
        return result
    _lock(families)
    facts = [(clock, fact) for clock in registry.values() for fact in clock.facts(families)]
    wanted, uncounted = _count(facts, strict=families is not None, now=now, problems=result.problems)
    present = _present(families, wanted)
    _write_new([row for key, row in wanted.items() if key not in present], result)
    _write_changed(
        [(present[key], row) for key, row in wanted.items() if key in present], now=now, result=result
    )
    kept = wanted.keys() | uncounted
    _stop([row for key, row in present.items() if key not in kept], now=now, result=result)
    return result


def _lock(families: list[int] | None) -> None:
    """Hold, until the transaction ends, the lock of these families, or the one against everybody."""
    with connection.cursor() as cursor:
        if families is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_SPACE])
            return
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [LOCK_SPACE])
        # In one order for everybody, so that two writers can't wait for each other. The keys of this lock
        # are narrower than ids; two families that share one only wait for each other.
        keys = sorted({family_id % 0x7FFFFFFF + 1 for family_id in families})
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", [LOCK_SPACE + 1, keys]
        )


def _key(row: ClockFact | Deadline, kind: str) -> Key:
    return (kind, row.fact_id, row.child_id, row.person_id)


def _count(
    facts: list[tuple[Clock, ClockFact]], *, strict: bool, now: datetime.datetime, problems: list[str]
) -> tuple[dict[Key, Deadline], set[Key]]:
    """The deadline of each fact, and the keys of facts that can't be counted."""
    versions = _versions_for([fact for _, fact in facts])
    named = {version_id for version_id in versions.values() if version_id is not None}
    policies = policies_of(named)
    calendars = calendars_for({fact.authority_id for _, fact in facts})
    wanted: dict[Key, Deadline] = {}
    uncounted: set[Key] = set()
    for clock, fact in facts:
        key = _key(fact, clock.kind)
        try:
            version_id = versions[fact.authority_id, fact.policy_version_id, fact.starts]
            if version_id is None:
                raise missing(civil_day(fact.starts))
            row = _counted(clock, fact, policies[version_id], calendars[fact.authority_id], now)
        except ValidationError as problem:
            if strict:
                raise
            uncounted.add(key)
            problems.append(f"{clock.kind}: {' '.join(problem.messages)}")
        else:
            wanted[key] = row
    return wanted, uncounted


VersionKey = tuple[int, int | None, datetime.date | datetime.datetime]


def _versions_for(facts: list[ClockFact]) -> dict[VersionKey, int | None]:
    """Which version counts for each fact: the one it names, else the one in force on its first day."""
    found: dict[VersionKey, int | None] = {
        (fact.authority_id, fact.policy_version_id, fact.starts): fact.policy_version_id for fact in facts
    }
    unnamed = [key for key, version_id in found.items() if version_id is None]
    if not unnamed:
        return found
    history: dict[int, list[tuple[datetime.date, int]]] = defaultdict(list)
    rows = PolicyVersion.objects.filter(authority_id__in={authority_id for authority_id, _, _ in unnamed})
    for authority_id, in_force_from, pk in rows.order_by("in_force_from", "number").values_list(
        "authority_id", "in_force_from", "pk"
    ):
        history[authority_id].append((in_force_from, pk))
    for key in unnamed:
        authority_id, _, starts = key
        in_force = [pk for since, pk in history[authority_id] if since <= civil_day(starts)]
        found[key] = in_force[-1] if in_force else None
    return found


def _counted(
    clock: Clock, fact: ClockFact, policy: Policy, calendar: WorkingCalendar, now: datetime.datetime
) -> Deadline:
    limit_key = fact.limit_key or clock.kind
    limit = policy.limit(limit_key).with_own(fact.own_amount, fact.own_unit)
    end = due(limit, fact.starts, calendar)
    plan_for_on = calendar.day_to_plan_for(end.on)
    stages = _stages(limit, fact.starts, end, plan_for_on, calendar)
    is_open = fact.met_at is None and not fact.not_needed
    return Deadline(
        kind=clock.kind,
        authority_id=fact.authority_id,
        family_id=fact.family_id,
        fact_id=fact.fact_id,
        child_id=fact.child_id,
        person_id=fact.person_id,
        conference_id=fact.conference_id,
        responsible_ids=sorted(set(fact.responsible_ids)),
        what=fact.what,
        starts_on=civil_day(fact.starts),
        starts_at=fact.starts if isinstance(fact.starts, datetime.datetime) else None,
        policy_version_id=policy.version_id,
        limit_key=limit_key,
        own_amount=fact.own_amount,
        own_unit=fact.own_unit,
        due_on=end.on,
        due_at=end.at,
        plan_for_on=plan_for_on,
        warn_at=stages[0],
        due_from=stages[1],
        late_from=stages[2],
        due_on_in_england=end.on,
        manager_from=stages[2] + datetime.timedelta(days=1),
        service_manager_from=stages[2] + datetime.timedelta(days=3),
        met_at=fact.met_at,
        not_needed=fact.not_needed,
        next_stage_at=stages[0] if is_open else None,
        created_at=now,
    )


def _stages(
    limit: Limit,
    starts: datetime.date | datetime.datetime,
    end: Due,
    plan_for_on: datetime.date,
    calendar: WorkingCalendar,
) -> tuple[datetime.datetime, datetime.datetime, datetime.datetime]:
    """The moments at which a deadline comes near, is to be done, and is late."""
    if end.at is not None:
        first = starts if isinstance(starts, datetime.datetime) else start_of(starts)
        warn_at = end.at - datetime.timedelta(hours=limit.warn.amount)
        if not calendar.is_working(civil_day(warn_at)):
            # People are told while somebody is at work: on the last working day before.
            warn_at = start_of(calendar.day_to_plan_for(civil_day(warn_at)))
        if limit.direction == Direction.AFTER:
            warn_at = max(warn_at, first)
        last_call = limit.last_call or Amount(0, Unit.HOURS)
        due_from = end.at - datetime.timedelta(hours=last_call.amount)
        return warn_at, max(warn_at, due_from), end.at
    warned_on = calendar.subtract(
        plan_for_on, limit.warn.amount if limit.warn.unit == Unit.WORKING_DAYS else 0
    )
    return start_of(warned_on), start_of(plan_for_on), start_of(end.on + datetime.timedelta(days=1))


def _present(families: list[int] | None, wanted: dict[Key, Deadline]) -> dict[Key, Deadline]:
    """The rows that stand, by key: those of the families, and wanted ones that stood under another."""
    rows = Deadline.objects.filter(kind__in=registry)
    if families is not None:
        rows = rows.filter(family_id__in=families)
    present = {_key(row, row.kind): row for row in rows}
    elsewhere = wanted.keys() - present.keys()
    if elsewhere and families is not None:
        kinds, fact_ids = {key[0] for key in elsewhere}, {key[1] for key in elsewhere}
        others = Deadline.objects.filter(kind__in=kinds, fact_id__in=fact_ids)
        present.update({key: row for row in others if (key := _key(row, row.kind)) in elsewhere})
    return present


def _write_new(rows: list[Deadline], result: ReconcileResult) -> None:
    # Another family's transaction may write the same fact in this moment: then its row is brought up to date.
    Deadline.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", "fact_id", "child_id", "person_id"],
        update_fields=[*FACT_FIELDS, "next_stage_at"],
    )
    result.created += len(rows)


def _write_changed(
    pairs: list[tuple[Deadline, Deadline]], *, now: datetime.datetime, result: ReconcileResult
) -> None:
    changed: list[Deadline] = []
    history: list[DeadlineChange] = []
    for row, wanted in pairs:
        differing = [name for name in FACT_FIELDS if getattr(row, name) != getattr(wanted, name)]
        if not differing:
            continue
        history.extend(_change(row, wanted, now))
        was_open = row.is_open
        for name in differing:
            setattr(row, name, getattr(wanted, name))
        if not row.is_open:
            row.next_stage_at = None
        elif not was_open or any(name in TELLING_FIELDS for name in differing):
            row.next_stage_at = row.warn_at
        changed.append(row)
    Deadline.objects.bulk_update(changed, [*FACT_FIELDS, "next_stage_at"], batch_size=BATCH)
    DeadlineChange.objects.bulk_create(history, batch_size=BATCH)
    result.changed += len(changed)


def _change(row: Deadline, wanted: Deadline, now: datetime.datetime) -> Iterable[DeadlineChange]:
    """What is worth telling about the step from one row to the other."""
    kinds: list[tuple[ChangeKind, str]] = []
    if (row.due_on, row.due_at) != (wanted.due_on, wanted.due_at):
        kinds.append((ChangeKind.MOVED, _why_moved(row, wanted)))
    if row.is_open != wanted.is_open:
        if wanted.is_open:
            kinds.append((ChangeKind.REOPENED, ""))
        elif wanted.met_at is not None:
            kinds.append((ChangeKind.MET, ""))
        else:
            kinds.append((ChangeKind.NOT_NEEDED, wanted.not_needed))
    return [
        DeadlineChange(
            deadline=row,
            at=now,
            kind=kind,
            due_on_before=row.due_on,
            due_on_after=wanted.due_on,
            reason=reason,
        )
        for kind, reason in kinds
    ]


def _why_moved(row: Deadline, wanted: Deadline) -> str:
    if (row.starts_on, row.starts_at) != (wanted.starts_on, wanted.starts_at):
        clock = clock_of(row.kind)
        event = (clock.event if clock else "") or "event it runs from"
        return f"The {event} moved from {row.starts_on:%-d %B %Y} to {wanted.starts_on:%-d %B %Y}"
    if (row.policy_version_id, row.limit_key) != (wanted.policy_version_id, wanted.limit_key):
        return "It is counted under another version of the procedures"
    if (row.own_amount, row.own_unit) != (wanted.own_amount, wanted.own_unit):
        return "The plan's own figure changed"
    return "The calendar of working days changed"


def _stop(rows: list[Deadline], *, now: datetime.datetime, result: ReconcileResult) -> None:
    """End the deadlines whose fact is gone; those that ended before stay as they are."""
    gone = [row for row in rows if row.is_open]
    history = [
        DeadlineChange(
            deadline=row,
            at=now,
            kind=ChangeKind.NOT_NEEDED,
            due_on_before=row.due_on,
            due_on_after=row.due_on,
            reason=GONE,
        )
        for row in gone
    ]
    for row in gone:
        row.not_needed = GONE
        row.next_stage_at = None
    Deadline.objects.bulk_update(gone, ["not_needed", "next_stage_at"], batch_size=BATCH)
    DeadlineChange.objects.bulk_create(history, batch_size=BATCH)
    result.stopped += len(gone)
