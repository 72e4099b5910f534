"""What a member enters themselves at a meeting, on an own device or in their turn at the tablet."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import Given
from core_groups.models import CoreGroupMeeting, CoreGroupMember, MemberTurn
from core_groups.selectors.own_answers import own_scores_asked
from core_groups.services.guards import lock_held, refuse_strangers
from core_groups.services.scores import OneScore, keep_score
from meetings.selectors.own_answers import AskedOf
from meetings.services.own_answers import RATHER_NOT, OwnScore, Taken, keep_answers
from meetings.services.turns import new_turn


@transaction.atomic
def give_member_scores(
    *,
    meeting: CoreGroupMeeting,
    member: CoreGroupMember,
    scores: Sequence[OwnScore],
    who: dict[str, Any],
    now: datetime.datetime,
) -> Taken:
    """Keep a member's own scores, what they say last stands; one whose round has ended is returned with its words.

    Raises ValidationError by field of the form (``score_1``, ``why_1``).
    """
    held = lock_held(meeting)
    columns = {"recorded_by": who["by"]} if "by" in who else {"guest_session_id": who["guest_session_id"]}
    if "turn" in who:
        columns["turn"] = who["turn"]

    def keep(one: OwnScore, asked: AskedOf) -> object:
        refuse_strangers(held, member, asked.child)
        given = Given.ABSTAINED if one.value is None else Given.GIVEN
        words = one.reason or (RATHER_NOT if one.value is None else "")
        return keep_score(
            OneScore(asked.child, one.value, given, words, may_be_shown=one.may_be_shown),
            meeting=held,
            member=member,
            who=columns,
            now=now,
        )

    return keep_answers(own_scores_asked(held, member, now=now), scores, keep_score=keep)


@transaction.atomic
def open_member_turn(
    *, meeting: CoreGroupMeeting, member: CoreGroupMember, by: User, now: datetime.datetime
) -> tuple[MemberTurn, str]:
    """Open a turn at the tablet for one member, and return the code that opens it once.

    Raises ValidationError where nothing is asked of them now, or they were not in the group on that day.
    """
    held = lock_held(meeting)
    if member.core_group_id != held.core_group_id:
        raise ValidationError("This person is not in the core group.")
    own = own_scores_asked(held, member, now=now)
    return new_turn(MemberTurn, own, by=by, now=now, whose={"member": member}, meeting=held, sitting_id=own.part)
