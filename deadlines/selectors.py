from __future__ import annotations

import datetime
from typing import Any

from accounts.models import User
from deadlines.models import Deadline, DeadlineQuerySet


def deadlines_of(*, family_id: int | None = None, conference_id: int | None = None) -> DeadlineQuerySet:
    """The ledger of a family or a conference, first due first."""
    rows: DeadlineQuerySet = Deadline.objects.all()
    if family_id is not None:
        rows = rows.filter(family_id=family_id)
    if conference_id is not None:
        rows = rows.filter(conference_id=conference_id)
    return rows if family_id is not None or conference_id is not None else rows.none()


def next_deadline(conference_id: int) -> Deadline | None:
    """The first open deadline of a conference."""
    found: Deadline | None = deadlines_of(conference_id=conference_id).open().first()
    return found


def work_of(user: User, *, now: datetime.datetime) -> Any:
    return deadlines_of().answered_by(user)


def explain(deadline: Deadline, *, now: datetime.datetime) -> Any:
    return deadline
