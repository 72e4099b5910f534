"""The rules of the day: statements read out in each part, breaks, and who agreed to an observer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import Capacity
from conferences.models import Conference, Part, Participant
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile, participant_in, require_chair
from families.enums import Answer
from meetings.enums import Statement
from meetings.models import Break, ObserverAnswer, StatementRead
from meetings.selectors.rules_of_day import statements_of
from meetings.services.guards import lock_in_session


@transaction.atomic
def record_statements_read(*, part: Part, by: User, now: datetime.datetime) -> list[StatementRead]:
    """Record that the council's statements were read out in a part, each in its words of today. Idempotent.

    Raises MeetingClosed, ValidationError before the meeting was opened and on ``part``.
    """
    conference, sitting = lock_in_session(part.sitting.conference)
    if part.sitting_id != sitting.pk:
        raise ValidationError({"part": "Choose a part of the sitting that is running."})
    words = statements_of(policy_of_conference(conference))
    return [
        StatementRead.objects.get_or_create(
            part=part, statement=key, defaults={"words": words[key], "recorded_by": by, "read_at": now}
        )[0]
        for key in Statement
    ]


@transaction.atomic
def begin_break(*, conference: Conference, reason: str, by: User, now: datetime.datetime) -> Break:
    """Begin a break, as the chair. While one lasts, returns it.

    It stops nothing: what somebody says meanwhile can be written down, and people come and go. Raises ValidationError
    if ``by`` is not the chair or before the meeting was opened; MeetingClosed.
    """
    locked, sitting = lock_in_session(conference)
    require_chair(by, locked, "call a break")
    standing = sitting.breaks.filter(ended_at__isnull=True).first()
    if standing is not None:
        return standing
    return Break.objects.create(sitting=sitting, reason=reason.strip()[:250], began_at=now, begun_by=by)


@transaction.atomic
def end_break(*, conference: Conference, by: User, now: datetime.datetime) -> Break | None:
    """End the break that lasts; None where there is none, so that ending it twice changes nothing.

    Raises MeetingClosed, and ValidationError before the meeting was opened.
    """
    _, sitting = lock_in_session(conference)
    row = sitting.breaks.select_for_update(of=("self",)).filter(ended_at__isnull=True).first()
    if row is not None:
        row.ended_at, row.ended_by = now, by
        row.save(update_fields=["ended_at", "ended_by"])
    return row


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
    saved = []
    for asked, (answer, version) in answers.items():
        participant_in(conference, asked, "answer")
        if not asked.is_family or answer not in Answer.values:
            raise ValidationError("Choose an answer for each person of the family.")
        row = ObserverAnswer.objects.select_for_update().filter(observer=observer, asked=asked).first()
        if row is None:
            row = ObserverAnswer(observer=observer, asked=asked, version=0)
        elif row.answer == answer:
            saved.append(row)
            continue
        if row.version != version:
            raise EditedMeanwhile(row)
        row.answer, row.recorded_by, row.recorded_at, row.version = answer, by, now, row.version + 1
        row.save()
        saved.append(row)
    return saved
