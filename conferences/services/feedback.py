"""What the family thought of a meeting, kept apart from the record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Authority
from conferences.models import FamilyFeedback
from deadlines.working_days.arithmetic import civil_day


@transaction.atomic
def give_feedback(
    *, authority: Authority, answers: Sequence[dict[str, str]], text: str, now: datetime.datetime
) -> FamilyFeedback:
    """Keep what someone thought of a meeting, with nothing that leads to the person, the case or the day.

    Raises ValidationError where nothing is said.
    """
    if not answers and not text.strip():
        raise ValidationError("Answer a question, or write something, before you send it.")
    return FamilyFeedback.objects.create(
        authority=authority, month=civil_day(now).replace(day=1), answers=list(answers), text=text.strip()
    )
