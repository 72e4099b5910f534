"""A recorder takes words of My Views, which the chair released to a part, over to the board of that part."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import ConferenceChild
from families.models import Person
from meetings.enums import Nature
from meetings.models import BoardEntry
from meetings.selectors.released_views import speaker_of
from meetings.services.board import add_entry
from meetings.services.guards import lock_for_writing
from my_views.models import ReleasedPassage
from my_views.selectors.released import released_in

WRITTEN_BEFORE = "Written before the meeting, in My Views"


@transaction.atomic
def take_views_to_board(
    *,
    passage: ReleasedPassage,
    heading: str,
    children: Iterable[ConferenceChild],
    private_to: Iterable[Person],
    by: User,
    now: datetime.datetime,
) -> BoardEntry:
    """Put released words on the board of their part, as they were said and as the writer's own. Idempotent.

    Raises ValidationError where they are not, or no longer, released to a part, and what ``add_entry`` raises.
    """
    conference = lock_for_writing(passage.answer.hand_in.form.conference)
    row = released_in(conference).filter(pk=passage.pk, part__isnull=False).first()
    if row is None:
        raise ValidationError("The chair has not released these words to this meeting, or has taken them back.")
    return add_entry(
        conference=conference,
        heading=heading,
        text=row.text,
        nature=Nature.OPINION,
        evidence=WRITTEN_BEFORE,
        speaker=speaker_of(row),
        children=children,
        private_to=private_to,
        part=row.part,
        by=by,
        now=now,
    )
