"""Recount open deadlines under another version: a logged act, after previewing each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Authority, User
from deadlines.models import Deadline, PolicyVersion, Recount, RecountedDeadline
from deadlines.services.ledger import reconcile
from deadlines.working_days.arithmetic import civil_day


@transaction.atomic
def recount_deadlines(
    *,
    version: PolicyVersion,
    deadline_ids: Iterable[int],
    by: User,
    reason: str,
    now: datetime.datetime,
    previewed: Mapping[int, datetime.date] | None = None,
) -> Recount:
    """Count open deadlines of one council under ``version`` from now on.

    In order: writes the recount with its reason, writes each deadline with its date before and after, and
    counts their families. ``previewed`` is the date that the user saw for each; if any would now differ,
    nothing is done. Deadlines already counted under the version are left alone, so repeating it returns the
    same recount. Raises ValidationError without a reason, for a version not yet in force, for deadlines that
    are closed or another council's, and where nothing is left to count.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say why you are counting these deadlines again."})
    if version.in_force_from > civil_day(now):
        raise ValidationError("These procedures are not in force yet, so nothing can be counted under them.")
    wanted = sorted(set(deadline_ids))
    Authority.objects.select_for_update(no_key=True).get(pk=version.authority_id)
    rows = {row.pk: row for row in Deadline.objects.filter(pk__in=wanted, authority_id=version.authority_id)}
    if len(rows) != len(wanted):
        raise ValidationError("One of these deadlines is no longer there. Check the list again.")
    left = [row for row in rows.values() if row.policy_version_id != version.pk]
    if not left:
        return _done_already(version, wanted)
    if any(not row.is_open for row in left):
        raise ValidationError("One of these deadlines has since been met or stopped. Check the list again.")
    before = {row.pk: row.due_on for row in left}
    after = _counted(version, left, by=by, reason=reason, now=now)
    if previewed is not None and any(previewed.get(pk, day) != day for pk, day in after.items()):
        raise ValidationError("One of the dates is now different from the one you saw. Check the list again.")
    recount = Recount.objects.create(
        authority_id=version.authority_id, version=version, at=now, by=by, reason=reason.strip()
    )
    RecountedDeadline.objects.bulk_create(
        RecountedDeadline(recount=recount, deadline_id=pk, due_on_before=before[pk], due_on_after=after[pk])
        for pk in sorted(before)
    )
    reconcile(family_ids=sorted({row.family_id for row in left}), now=now)
    return recount


def preview_recount(
    *, version: PolicyVersion, deadlines: Iterable[Deadline], by: User, now: datetime.datetime
) -> dict[int, datetime.date]:
    """Return the date that each deadline would have under ``version``, without keeping anything.

    Raises ValidationError where one can't be counted.
    """
    rows = list(deadlines)
    return _counted(version, rows, by=by, reason="Preview", now=now) if rows else {}


def _done_already(version: PolicyVersion, wanted: list[int]) -> Recount:
    act = Recount.objects.filter(version=version, deadlines__deadline__in=wanted).order_by("-pk").first()
    if act is None:
        raise ValidationError("All of these are already counted under this version.")
    return act


@transaction.atomic
def _counted(
    version: PolicyVersion, rows: list[Deadline], *, by: User, reason: str, now: datetime.datetime
) -> dict[int, datetime.date]:
    """Count with the very statement that a real recount uses, then roll it back."""
    recount = Recount.objects.create(authority_id=version.authority_id, version=version, at=now, by=by, reason=reason)
    RecountedDeadline.objects.bulk_create(
        RecountedDeadline(recount=recount, deadline_id=row.pk, due_on_before=row.due_on, due_on_after=row.due_on)
        for row in rows
    )
    reconcile(family_ids=sorted({row.family_id for row in rows}), now=now)
    found = dict(Deadline.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "due_on"))
    transaction.set_rollback(True)
    return found
