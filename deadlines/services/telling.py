"""Telling people that a deadline comes near, is due or is late: each of them once."""

from __future__ import annotations

import datetime
import time
from collections import defaultdict
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from deadlines.arithmetic import LONDON, civil_day
from deadlines.clocks import clock_of
from deadlines.enums import Stage
from deadlines.models import Deadline, DeadlineNotice, SweepRun
from families.models import Family
from notifications.enums import MessageKind, Subject
from notifications.models import Message, Notice
from notifications.services import REFERENCE, reference_subject
from notifications.wake import wake_sender_after_commit

logger = structlog.get_logger(__name__)

BATCH = 500
SUBJECTS = {
    Stage.DUE_SOON: Subject.DUE_SOON,
    Stage.DUE: Subject.DUE,
    Stage.LATE: Subject.LATE,
    Stage.TO_MANAGER: Subject.ESCALATED,
    Stage.TO_SERVICE_MANAGER: Subject.ESCALATED,
}


@dataclass(frozen=True)
class SweepResult:
    """How many people were told of how many stages, and how late the oldest of them was told."""

    raised: int
    told: int
    behind: datetime.timedelta


def sweep(*, now: datetime.datetime) -> SweepResult:
    """Tell everybody responsible of each stage that has begun and that they have not been told of.

    Level-triggered: what counts is how a deadline stands now, so a missed run loses nothing, a repeated
    one does nothing, and two at once share the rows between them. Each batch is a transaction of its
    own, which, in order:

    1. claims deadlines whose next stage has begun, leaving those that another sweep holds;
    2. writes one DeadlineNotice per person and stage, once for good;
    3. for those written just now: a notice in the product, and one e-mail per person in the outbox;
    4. moves the deadlines on to their next stage.

    Then leaves a heartbeat. Somebody who no longer has an account is passed over; where nobody is left
    it goes to the managers of the family's team, else to the service managers.
    """
    started = time.monotonic()
    run = SweepRun.objects.create(started_at=now)
    raised, told, behind = 0, set[int](), datetime.timedelta()
    while batch := _sweep_batch(now=now):
        raised += batch.raised
        told |= batch.told
        behind = max(behind, batch.behind)
    run.raised, run.behind = raised, behind
    run.ended_at = now + datetime.timedelta(seconds=time.monotonic() - started)
    run.save(update_fields=["raised", "behind", "ended_at"])
    return SweepResult(raised=raised, told=len(told), behind=behind)


@dataclass(frozen=True)
class _Batch:
    raised: int
    told: set[int]
    behind: datetime.timedelta


@transaction.atomic
def _sweep_batch(*, now: datetime.datetime) -> _Batch | None:
    rows = list(
        Deadline.objects.open()
        .filter(next_stage_at__lte=now)
        .order_by("next_stage_at")
        .select_for_update(skip_locked=True)[:BATCH]
    )
    if not rows:
        return None
    recipients = _recipients(rows, on=civil_day(now))
    new = _tell(rows, recipients, now=now)
    behind = now - min(row.next_stage_at for row in rows if row.next_stage_at)
    for row in rows:
        later = [moment for moment in (row.warn_at, row.due_from, row.late_from) if moment > now]
        row.next_stage_at = min(later, default=None)
    Deadline.objects.bulk_update(rows, ["next_stage_at"], batch_size=BATCH)
    return _Batch(raised=len(new), told={notice.user_id for notice in new}, behind=behind)


def _recipients(rows: list[Deadline], *, on: datetime.date) -> dict[int, list[User]]:
    """Who answers for each deadline and can be told: themselves, else up the line."""
    active = User.objects.in_bulk({user_id for row in rows for user_id in row.responsible_ids})
    found = {
        row.pk: [user for user_id in row.responsible_ids if (user := active.get(user_id)) and user.is_active]
        for row in rows
    }
    orphans = [row for row in rows if not found[row.pk]]
    if not orphans:
        return found
    teams = dict(
        Family.objects.filter(pk__in={row.family_id for row in orphans}).values_list("pk", "team_id")
    )
    managers = list(
        RoleAssignment.objects.current(on=on)
        .filter(
            Q(role=Role.TEAM_MANAGER, team_id__in=set(teams.values()))
            | Q(role=Role.SERVICE_MANAGER, authority_id__in={row.authority_id for row in orphans}),
            user__is_active=True,
        )
        .select_related("user")
        .order_by("pk")
    )
    for row in orphans:
        of_team = [
            held.user for held in managers if held.team_id and held.team_id == teams.get(row.family_id)
        ]
        of_service = [
            held.user
            for held in managers
            if held.role == Role.SERVICE_MANAGER and held.authority_id == row.authority_id
        ]
        found[row.pk] = of_team or of_service
        if not found[row.pk]:
            logger.warning("deadline_told_to_nobody", deadline=row.pk)
    return found


def _tell(
    rows: list[Deadline], recipients: dict[int, list[User]], *, now: datetime.datetime
) -> list[DeadlineNotice]:
    """Write the notices that nobody has written before; returns those."""
    by_pk = {row.pk: row for row in rows}
    cases = dict(
        Family.objects.filter(pk__in={row.family_id for row in rows}).values_list("pk", "case_number")
    )
    wanted = [
        DeadlineNotice(deadline=row, stage=stage, user=user, late_from=row.late_from, raised_at=now)
        for row in rows
        if (stage := row.stage(now)) is not None
        for user in recipients[row.pk]
    ]
    before = set(
        DeadlineNotice.objects.filter(deadline__in=rows).values_list(
            "deadline_id", "stage", "user_id", "late_from"
        )
    )
    # The rows are locked, so nobody else writes notices of these deadlines before this transaction ends;
    # the unique constraint would refuse it if somebody did.
    new = [
        notice
        for notice in wanted
        if (notice.deadline_id, notice.stage, notice.user_id, notice.late_from) not in before
    ]
    DeadlineNotice.objects.bulk_create(new, batch_size=BATCH)
    texts = {notice.pk: _text_of(Stage(notice.stage), by_pk[notice.deadline_id], cases) for notice in new}
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=notice.user_id,
                key=f"deadline:{notice.pk}",
                text=texts[notice.pk],
                url=_page_of(notice),
                urgent=notice.stage == Stage.LATE,
                created_at=now,
            )
            for notice in new
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    _write_emails(new, texts, by_pk, recipients, cases, now=now)
    return new


def _text_of(stage: Stage, row: Deadline, cases: dict[int, str]) -> str:
    clock = clock_of(row.kind)
    title = clock.title if clock else "A time limit"
    last = f"{row.due_at.astimezone(LONDON):%a %-d %b, %H:%M}" if row.due_at else f"{row.due_on:%a %-d %b %Y}"
    return f"{stage.label}: {title}, case {cases.get(row.family_id, 'not recorded')}. Last day {last}."[:250]


def _write_emails(
    new: list[DeadlineNotice],
    texts: dict[int, str],
    by_pk: dict[int, Deadline],
    recipients: dict[int, list[User]],
    cases: dict[int, str],
    *,
    now: datetime.datetime,
) -> None:
    """One e-mail to each person with all that this batch has to tell them: references, no names."""
    users = {user.pk: user for found in recipients.values() for user in found}
    mine: dict[int, list[DeadlineNotice]] = defaultdict(list)
    for notice in new:
        mine[notice.user_id].append(notice)
    messages = []
    for user_id, notices in mine.items():
        most = max((Stage(notice.stage) for notice in notices), key=list(Stage).index)
        families = {by_pk[notice.deadline_id].family_id for notice in notices}
        reference = cases.get(families.pop(), "") if len(families) == 1 else ""
        lines = [f"{texts[notice.pk]}\n{settings.PUBLIC_URL}{_page_of(notice)}" for notice in notices]
        messages.append(
            Message(
                authority_id=by_pk[notices[0].deadline_id].authority_id,
                key=f"deadlines:{notices[0].pk}:{user_id}",
                kind=MessageKind.ALERT if most == Stage.LATE else MessageKind.NOTICE,
                user_id=user_id,
                to_email=users[user_id].email,
                subject=reference_subject(
                    subject=SUBJECTS[most],
                    reference=reference if REFERENCE.fullmatch(reference) else f"{now:%Y-%m-%d}",
                ),
                body="\n\n".join(
                    [*lines, f"All your work: {settings.PUBLIC_URL}{reverse('deadlines:my-work')}"]
                ),
                created_at=now,
                send_after=now,
            )
        )
    Message.objects.bulk_create(messages, batch_size=BATCH, ignore_conflicts=True)
    if messages:
        wake_sender_after_commit()


def _page_of(notice: DeadlineNotice) -> str:
    return reverse("deadlines:deadline", args=[notice.deadline_id])
