"""The chair releases words of a form, as they were said, to named recipients or a part; and takes it back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Part, Participant
from conferences.services.guards import require_chair
from my_views.enums import Ended, Given
from my_views.models import Answer, ReleasedPassage
from my_views.selectors.recipients import may_receive
from my_views.services.guards import lock_form

ONLY_FOR_CHAIR = "This is only for the chair and the social worker, so none of it can be released."


@transaction.atomic
def release_words(
    *,
    answer: Answer,
    text: str,
    recipients: Iterable[Participant],
    parts: Iterable[Part],
    by: User,
    now: datetime.datetime,
) -> list[ReleasedPassage]:
    """Release an answer, or words quoted from it as they stand, to each recipient and part.

    Idempotent: what is released already stays so. Raises ValidationError for anyone but the chair; for an answer that
    is only for chair and social worker, no longer stands or holds no words; on ``text`` where it is not in the
    answer; on ``recipients`` where there is none, or one who gets nothing of the conference.
    """
    form = lock_form(answer.hand_in.form)
    require_chair(by, form.conference, "release words of My Views")
    row = Answer.objects.select_related("hand_in").get(pk=answer.pk)
    if not row.hand_in.counts:
        raise ValidationError("These words were changed or taken back since you opened the page. Read the form again.")
    if row.only_for_chair:
        raise ValidationError(ONLY_FOR_CHAIR)
    if row.given != Given.ANSWERED:
        raise ValidationError("There are no words here that could be released.")
    words = text.strip() or row.said
    if _spaced(words) not in _spaced(row.said):
        raise ValidationError({"text": "Copy the words exactly as they were said. They can be shortened, not changed."})
    to, within = list(recipients), list(parts)
    if not to and not within:
        raise ValidationError({"recipients": "Choose who may read these words."})
    if any(one.conference_id != form.conference_id or not may_receive(one) for one in to):
        raise ValidationError({"recipients": "Choose people on the list for this conference."})
    if any(part.sitting.conference_id != form.conference_id for part in within):
        raise ValidationError({"parts": "Choose a part of this meeting."})
    targets = [(one, None) for one in to] + [(None, part) for part in within]
    return [_release(row, words, recipient, part, by=by, now=now) for recipient, part in targets]


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _release(
    answer: Answer, words: str, recipient: Participant | None, part: Part | None, *, by: User, now: datetime.datetime
) -> ReleasedPassage:
    row, _ = ReleasedPassage.objects.get_or_create(
        answer=answer,
        text=words,
        recipient=recipient,
        part=part,
        ended_at=None,
        defaults={"released_by": by, "released_at": now},
    )
    return row


@transaction.atomic
def take_back_release(*, passage: ReleasedPassage, by: User, now: datetime.datetime) -> ReleasedPassage:
    """End the release of words to one recipient or part; what was given out before is not undone. Idempotent.

    Raises ValidationError for anyone but the chair.
    """
    form = lock_form(passage.answer.hand_in.form)
    require_chair(by, form.conference, "take back words of My Views")
    row = ReleasedPassage.objects.select_for_update().get(pk=passage.pk)
    if row.ended_at is None:
        row.ended_at, row.ended_by, row.ended_because = now, by, Ended.TAKEN_BACK
        row.save(update_fields=["ended_at", "ended_by", "ended_because"])
    return row
