"""The rules of the day: statements read out in each part, breaks, and who agreed to an observer.

A core group keeps the same rules (``core_groups.services.rules_of_day``) through ``read_out_now``, ``begin_one``,
``end_one`` and ``keep_answers_about``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import Capacity
from conferences.models import Conference, Part, Participant
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile, participant_in, require_chair
from deadlines.policies import Policy
from families.enums import Answer
from meetings.enums import Statement
from meetings.models import Break, ObserverAnswer, StatementRead
from meetings.selectors.rules_of_day import statements_of
from meetings.services.guards import lock_in_session

WHY_MOST = 250


def read_out_now(rows: Any, *, policy: Policy, by: User, now: datetime.datetime, **where: Any) -> list[Any]:
    """Record in ``rows`` that each statement was read out, in its words of today; what was recorded before stays."""
    words = statements_of(policy)
    return [
        rows.get_or_create(statement=key, defaults={"words": words[key], "recorded_by": by, "read_at": now}, **where)[0]
        for key in Statement
    ]


def begin_one(rows: Any, *, reason: str, by: User, now: datetime.datetime, **where: Any) -> Any:
    """Begin a break among ``rows``; while one lasts, return it."""
    standing = rows.filter(ended_at__isnull=True, **where).first()
    return standing or rows.create(reason=reason.strip()[:WHY_MOST], began_at=now, begun_by=by, **where)


def end_one(rows: Any, *, by: User, now: datetime.datetime, **where: Any) -> Any:
    """End the break that lasts among ``rows``; None where there is none."""
    row = rows.select_for_update(of=("self",)).filter(ended_at__isnull=True, **where).first()
    if row is not None:
        row.ended_at, row.ended_by = now, by
        row.save(update_fields=["ended_at", "ended_by"])
    return row


def keep_answers_about(
    table: type[Any], observer: Any, answers: Mapping[Any, tuple[str, int]], *, by: User, now: datetime.datetime
) -> list[Any]:
    """Keep in ``table`` what each of the family says about an observer. Raises EditedMeanwhile and ValidationError."""
    saved = []
    for asked, (answer, version) in answers.items():
        if not asked.is_family or answer not in Answer.values:
            raise ValidationError("Choose an answer for each person of the family.")
        row = table.objects.select_for_update().filter(observer=observer, asked=asked).first()
        if row is None:
            row = table(observer=observer, asked=asked, version=0)
        elif row.answer == answer:
            saved.append(row)
            continue
        elif row.version != version:
            raise EditedMeanwhile(row)
        row.answer, row.recorded_by, row.recorded_at, row.version = answer, by, now, row.version + 1
        row.save()
        saved.append(row)
    return saved


@transaction.atomic
def record_statements_read(*, part: Part, by: User, now: datetime.datetime) -> list[StatementRead]:
    """Record that the council's statements were read out in a part, each in its words of today. Idempotent.

    Raises MeetingClosed, ValidationError before the meeting was opened and on ``part``.
    """
    conference, sitting = lock_in_session(part.sitting.conference)
    if part.sitting_id != sitting.pk:
        raise ValidationError({"part": "Choose a part of the sitting that is running."})
    return read_out_now(StatementRead.objects, policy=policy_of_conference(conference), by=by, now=now, part=part)


@transaction.atomic
def begin_break(*, conference: Conference, reason: str, by: User, now: datetime.datetime) -> Break:
    """Begin a break, as the chair. While one lasts, returns it.

    It stops nothing: what somebody says meanwhile can be written down, and people come and go. Raises ValidationError
    if ``by`` is not the chair or before the meeting was opened; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    require_chair(by, locked, "call a break")
    made: Break = begin_one(sitting.breaks, reason=reason, by=by, now=now)
    return made


@transaction.atomic
def end_break(*, conference: Conference, by: User, now: datetime.datetime) -> Break | None:
    """End the break that lasts; None where there is none, so that ending it twice changes nothing.

    Raises MeetingClosed, and ValidationError before the meeting was opened.
    """
    _, sitting = lock_in_session(conference)
    ended: Break | None = end_one(sitting.breaks, by=by, now=now)
    return ended


@transaction.atomic
def record_answers_about(
    *, observer: Participant, answers: Mapping[Participant, tuple[str, int]], by: User, now: datetime.datetime
) -> list[ObserverAnswer]:
    """Record what each of the family says about an observer; ``answers`` hold the answer and the version shown.

    Raises EditedMeanwhile if someone recorded another answer in between; ValidationError if the person is no observer,
    or somebody asked is not of the family on this list; MeetingClosed.
    """
    conference, _ = lock_in_session(observer.conference)
    if observer.capacity != Capacity.OBSERVER:
        raise ValidationError("This person does not come as an observer.")
    for asked in answers:
        participant_in(conference, asked, "answer")
    return keep_answers_about(ObserverAnswer, observer, answers, by=by, now=now)
