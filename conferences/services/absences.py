"""The chair's sentence about who will not be there, released to one member of the family after another."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.agreed_by import KEEPS_OUT, is_named, named_words
from conferences.enums import HowToAttend
from conferences.models import AbsenceTold, ExclusionRequest, Participant
from conferences.selectors.absences import may_read_of
from conferences.services.chairs_words import GIVES_AWAY, gives_away
from conferences.services.exclusions import decide_request, lock_lists_of


@transaction.atomic
def tell_absence(
    *, request: ExclusionRequest, text: str, readers: Collection[Participant], by: User, now: datetime.datetime
) -> list[AbsenceTold]:
    """Release a sentence about a person who is kept out or apart to some of the family, and take it from the others.

    In order: locks the conference; ends what is not released any more, or in other words; writes what is new. The
    same again changes nothing. Raises ValidationError for anyone who does not decide about attendance, where the
    decision lets the person take part in the whole meeting or is not made, on ``absence_text`` where it is empty, has
    words in brackets, names who asked to somebody else, or gives away something hidden from a reader, and on
    ``absence_readers`` for anyone who may not be told.
    """
    conference = request.conference
    lock_lists_of(conference, [request.participant.person_id])
    locked = ExclusionRequest.objects.select_related("participant__person", "asked_for").get(pk=request.pk)
    if not is_named(by, conference, KEEPS_OUT):
        raise ValidationError(f"Only {named_words(conference, KEEPS_OUT)} of this conference can decide this.")
    words, chosen = text.strip(), {row.pk: row for row in readers}
    if chosen and (locked.decided_at is None or locked.how == HowToAttend.WHOLE):
        raise ValidationError({"absence_readers": "They come to the whole meeting, so there is nothing to tell."})
    if chosen and not words:
        raise ValidationError({"absence_text": "Write what they are told."})
    if chosen and "[" in words and "]" in words:
        raise ValidationError({"absence_text": "Put your own words in place of those in brackets."})
    if set(chosen) - set(may_read_of(locked).filter(pk__in=chosen).values_list("pk", flat=True)):
        raise ValidationError({"absence_readers": "Choose people of the family who are on this list."})
    if chosen and gives_away(words, [row.person for row in chosen.values()], conference):
        raise ValidationError({"absence_text": GIVES_AWAY})
    standing = {row.reader_id: row for row in locked.absences_told.filter(ended_at__isnull=True)}
    for reader, row in standing.items():
        if reader not in chosen or row.text != words:
            row.ended_at, row.ended_by = now, by
            row.save(update_fields=["ended_at", "ended_by"])
    with refused_by_database():
        for reader in chosen:
            if reader not in standing or standing[reader].ended_at is not None:
                AbsenceTold.objects.create(request=locked, reader_id=reader, text=words, told_by=by, told_at=now)
    return list(locked.absences_told.filter(ended_at__isnull=True))


@transaction.atomic
def decide_and_tell(
    *,
    request: ExclusionRequest,
    by: User,
    now: datetime.datetime,
    absence_text: str = "",
    absence_readers: Collection[Participant] = (),
    **decision: Any,
) -> ExclusionRequest:
    """Record the decision on how one person takes part (``decide_request``), and release who is told of it, in one.

    Raises ValidationError as both do.
    """
    decided = decide_request(request=request, by=by, now=now, **decision)
    if absence_readers:
        tell_absence(request=decided, text=absence_text, readers=absence_readers, by=by, now=now)
    return decided
