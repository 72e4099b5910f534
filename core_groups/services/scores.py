"""Scores at core group meetings: how safe each member thinks each child is, on the council's scale, given unseen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Given
from conferences.models.recorded import LOWEST_SCORE
from conferences.services.guards import EditedMeanwhile, text_of
from conferences.services.scores import number_of
from core_groups.models import CoreGroupMeeting, CoreGroupMember, MeetingScore
from core_groups.selectors.recording import day_of
from core_groups.selectors.rounds import rounds_of
from core_groups.services.guards import entered, lock_held, refuse_strangers
from core_groups.services.rounds import end_complete_rounds, refuse_over
from core_groups.services.safety import raise_meeting_stop
from deadlines.policies import policy_for
from deadlines.policies.amounts import NOT_USED
from families.models import Child
from meetings.enums import StopGround


@transaction.atomic
def record_meeting_score(
    *,
    meeting: CoreGroupMeeting,
    child: Child,
    member: CoreGroupMember,
    reason: str,
    now: datetime.datetime,
    value: int | None = None,
    given: str = Given.GIVEN,
    may_be_shown: bool | None = None,
    version: int = 0,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> MeetingScore:
    """Record one member's score for one child, 0 to 10, or why there is none.

    In order: writes it, hidden, on the scale in force on the day of the meeting; keeps the one that it takes the place
    of; tells key workers, social worker and managers privately of a score of 0; ends the round if this was the last one
    missing. The same score again changes nothing. ``version`` is that of the score that was seen, 0 for none. Without
    ``may_be_shown`` a score of the family is never shown. Raises ValidationError on ``value`` or ``reason``, where the
    meeting was not held, the child's plan was not in force then or the member was not in it for the child; RoundOver
    after the round; EditedMeanwhile where someone else has recorded another since.
    """
    held = lock_held(meeting)
    refuse_strangers(held, member, child)
    return keep_score(
        OneScore(child, value, given, reason, version, may_be_shown),
        meeting=held,
        member=member,
        who=entered(by, guest_session_id),
        now=now,
    )


@dataclass(frozen=True)
class OneScore:
    """A member's score for one child, or why there is none; ``version`` is that of the score that was seen.

    None where it is the member's own, which no one else enters: then what they say last stands.
    """

    child: Child
    value: int | None
    given: str
    reason: str
    version: int | None = None
    may_be_shown: bool | None = None


def keep_score(
    one: OneScore, *, meeting: CoreGroupMeeting, member: CoreGroupMember, who: Mapping[str, Any], now: datetime.datetime
) -> MeetingScore:
    """Write a score as ``record_meeting_score`` says; the caller holds the group's lock and has checked the child."""
    policy = policy_for(meeting.core_group.authority_id, on=day_of(meeting))
    if policy.value("scaling-at-core-groups") == NOT_USED:
        raise ValidationError("This council’s core groups don’t give scores.")
    rounds = rounds_of(meeting)
    if member.person_id in {plan.child.person_id for plan in rounds.plans} and member.pk not in rounds.asked_children:
        raise ValidationError("A child is asked for a score only where the key worker decided so.")
    number, because = number_of(one.value, one.given), text_of("reason", one.reason, "Write the reason.")
    agreed = one.may_be_shown if member.is_family else None
    rows = MeetingScore.objects.filter(meeting=meeting, child=one.child, member=member, superseded_at__isnull=True)
    standing = rows.first()
    same = (number, one.given, because, agreed)
    if standing is not None and (standing.value, standing.given, standing.reason, standing.may_be_shown) == same:
        return standing
    where = rounds.sat_in(member.pk)
    refuse_over(meeting, one.child, where, *([standing.sitting_id] if standing else []))
    if standing is not None:
        if one.version is not None and standing.version != one.version:
            raise EditedMeanwhile(standing)
        standing.superseded_at = now
        standing.save(update_fields=["superseded_at"])
    score = MeetingScore(
        meeting=meeting,
        child=one.child,
        member=member,
        sitting_id=where,
        scale=f"{policy.scale.key} {policy.scale.version}",
        given=one.given,
        value=number,
        reason=because,
        may_be_shown=agreed,
        version=standing.version + 1 if standing else 1,
        recorded_at=now,
        **who,
    )
    with refused_by_database():
        score.save()
    if number == LOWEST_SCORE:
        raise_meeting_stop(
            meeting=meeting,
            child=one.child,
            ground=StopGround.SCORE,
            said_by=member,
            said=because,
            by=score.recorded_by,
            guest_session_id=score.guest_session_id,
            now=now,
        )
    end_complete_rounds(meeting, now=now)
    return score
