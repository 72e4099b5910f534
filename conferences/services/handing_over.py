"""Hand a conference over to another chair or coordinator without moving it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import ConferenceStatus, Job
from conferences.models import Conference
from conferences.selectors.runners import AHEAD, may_not_run, runs_now, who_can
from conferences.services.guards import family_ids_of, text_of
from conferences.services.replacing import carry_through, tell_new
from conferences.services.scheduling import lock_conference
from conferences.services.who_runs import tell_who_runs
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day

HANDED_ON = (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN, ConferenceStatus.CLOSED)


@transaction.atomic
def hand_on(
    *,
    conference: Conference,
    reason: str,
    by: User,
    now: datetime.datetime,
    chair: User | None = None,
    coordinator: User | None = None,
    version: int | None = None,
) -> Conference:
    """Hand a conference over to another chair, another coordinator, or both, at any time before or after the day.

    In order:
    1. locks the conference; returns it unchanged where both have it already, so that sending it twice is harmless;
    2. checks that nobody changed it meanwhile (``version``), the reason, and that they may run it;
    3. makes the sittings ahead the new chair's, and the running one, which the database refuses where they are
      booked at that time; sittings that were held keep who chaired them;
    4. carries through the record, the list of people, calendar entries and stand-ins (``carry_through``), which ends
      every right of the former ones at once;
    5. tells the new ones, with what waits for them, and everyone on the list who knew another name, once;
    6. counts the deadlines, for which the new ones are responsible.
    Raises ValidationError by field, without saying why someone can't, and where nothing is booked yet or the
    conference was cancelled.
    """
    locked = lock_conference(conference)
    before = runs_now(locked)
    taking = {
        job: user
        for job, user in ((Job.CHAIR, chair), (Job.COORDINATOR, coordinator))
        if user is not None and user.pk != before.who(job)
    }
    if not taking:
        return locked
    _check(locked, taking, version=version, now=now)
    reason = text_of("reason", reason, "Say why someone else takes over.")
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in taking.values()]).order_by("pk"))
    locked.chair = taking.get(Job.CHAIR, locked.chair)
    locked.coordinator = taking.get(Job.COORDINATOR, locked.coordinator)
    locked.version += 1
    with refused_by_database():
        locked.save(update_fields=["chair", "coordinator", "version"])
        if Job.CHAIR in taking:
            for sitting in locked.sittings.filter(state__in=AHEAD).order_by("pk"):
                sitting.chair = taking[Job.CHAIR]
                sitting.save(update_fields=["chair"])
    carry_through(locked, before, reason=reason, by=by, now=now)
    for job, user in taking.items():
        tell_new(locked, job, user, now=now)
    tell_who_runs(locked, now=now)
    reconcile(family_ids=family_ids_of(locked), now=now)
    return locked


def _check(conference: Conference, taking: dict[Job, User], *, version: int | None, now: datetime.datetime) -> None:
    if version is not None and version != conference.version:
        raise ValidationError("Someone else has changed this conference since you opened the page. Look at it again.")
    if conference.status == ConferenceStatus.CANCELLED:
        raise ValidationError("This conference was cancelled, so there is nothing to hand over.")
    if conference.status not in HANDED_ON:
        raise ValidationError("Nothing is booked for this conference yet. Choose who runs it with its date.")
    on = civil_day(now)
    errors = {
        str(job): f"{user.name} can’t take over {conference.reference}. Choose someone else."
        for job, user in taking.items()
        if not who_can(job, conference, on=on).filter(pk=user.pk).exists() or may_not_run(user, job, conference, on=on)
    }
    if errors:
        raise ValidationError(errors)


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One conference and who takes it over; ``version`` is that of the page."""

    conference: Conference
    chair: User | None = None
    coordinator: User | None = None
    version: int | None = None


@transaction.atomic
def hand_on_each(*, handed: Iterable[Handed], reason: str, by: User, now: datetime.datetime) -> int:
    """Hand several conferences on, each to its own people, all or none; return how many changed hands.

    Raises ValidationError by field ``<conference>-<job>``, or ``reason``, as ``hand_on`` does.
    """
    changed = 0
    for row in sorted(handed, key=lambda one: (one.conference.family_id, one.conference.pk)):
        try:
            after = hand_on(
                conference=row.conference,
                chair=row.chair,
                coordinator=row.coordinator,
                version=row.version,
                reason=reason,
                by=by,
                now=now,
            )
        except ValidationError as refused:
            raise _of_one(row, refused) from refused
        changed += after.version != row.conference.version
    return changed


def _of_one(row: Handed, refused: ValidationError) -> ValidationError:
    """Return the refusal beside the fields of the one conference it is about."""
    chosen = Job.CHAIR if row.chair is not None else Job.COORDINATOR
    if not hasattr(refused, "error_dict"):
        return ValidationError({f"{row.conference.pk}-{chosen}": refused.messages})
    found: dict[str, list[str]] = {}
    for name, said in refused.message_dict.items():
        field = name if name == "reason" else f"{row.conference.pk}-{name if name in Job.values else chosen}"
        found.setdefault(field, []).extend(said)
    return ValidationError(found)
