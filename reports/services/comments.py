"""Comments on the minutes from their recipients, and the outcome of each."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import Conference, Participant
from conferences.services.guards import family_ids_of, text_of
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from reports.enums import CommentOutcome
from reports.models import MinutesComment
from reports.selectors.objections import first_copies_of_minutes


@transaction.atomic
def record_comment(
    *,
    conference: Conference,
    participant: Participant,
    received_on: datetime.date,
    text: str,
    by: User,
    now: datetime.datetime,
) -> MinutesComment:
    """Record what one recipient says is wrong in the minutes.

    In order:
    1. locks the conference and finds the first copy of the minutes that this person had;
    2. writes the comment on that version; one after the window is accepted all the same, and shown as late;
    3. recounts the deadlines: the comment is to be settled.

    The same words by the same person are kept once. Raises ValidationError on ``participant`` if they had no
    copy, ``received_on`` or ``text``.
    """
    locked = lock_conference(conference)
    copy = first_copies_of_minutes(locked).get(participant.pk)
    if copy is None:
        raise ValidationError({"participant": "This person has not had a copy of the minutes."})
    words = text_of("text", text, "Write what they say is wrong.")
    if received_on > civil_day(now):
        raise ValidationError({"received_on": "This day is in the future."})
    if received_on < civil_day(copy.sent_at):
        raise ValidationError({"received_on": "This is before they had the minutes. Check the date."})
    same = MinutesComment.objects.filter(document__conference=locked, participant=participant, text=words).first()
    if same is not None:
        return same
    with refused_by_database(record_comment_says_something="text"):
        comment = MinutesComment.objects.create(
            document_id=copy.document_id, participant=participant, received_on=received_on, text=words,
            recorded_by=by, recorded_at=now,
        )  # fmt: skip
    reconcile(family_ids=family_ids_of(locked), now=now)
    return comment


@transaction.atomic
def settle_comment(
    *, comment: MinutesComment, outcome: str, because: str, by: User, now: datetime.datetime
) -> MinutesComment:
    """Accept a comment, so that a new version is prepared, or keep it beside the minutes.

    Writes the outcome with its reason, then recounts the deadlines. Settling twice returns the first outcome.
    Raises ValidationError on ``outcome`` or ``because``.
    """
    locked = (
        MinutesComment.objects.select_for_update(of=("self",)).select_related("document__conference").get(pk=comment.pk)
    )
    if locked.is_settled:
        return locked
    if outcome not in CommentOutcome.values:
        raise ValidationError({"outcome": "Choose the outcome."})
    locked.outcome = outcome
    locked.settled_because = text_of("because", because, "Write why. The person who made the comment will read it.")
    locked.settled_by = by
    locked.settled_at = now
    with refused_by_database(settled_comment_says_why="because"):
        locked.save(update_fields=["outcome", "settled_because", "settled_by", "settled_at"])
    reconcile(family_ids=family_ids_of(locked.document.conference), now=now)
    return locked
