"""Scores at core group meetings: how safe each member thinks each child is, on the council's scale."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Given
from conferences.models.recorded import LOWEST_SCORE
from conferences.services.guards import EditedMeanwhile, text_of
from conferences.services.scores import number_of
from core_groups.models import CoreGroupMeeting, CoreGroupMember, MeetingScore
from core_groups.selectors.recording import day_of, plans_on
from core_groups.services.guards import entered, lock_held, refuse_strangers, sitting_of
from deadlines.policies import policy_for
from deadlines.policies.amounts import NOT_USED
from deadlines.working_days.arithmetic import civil_day
from families.models import Child
from notifications.services.outbox import notify
from plans.models import KeyWorker
from plans.selectors.managers import managers_of


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
    version: int = 0,
    by: User | None = None,
    guest_session_id: int | None = None,
) -> MeetingScore:
    """Record one member's score for one child, 0 to 10, or why there is none.

    In order: writes it on the scale in force on the day of the meeting; keeps the one that it takes the place of;
    tells key workers and managers at once of a score of 0. The same score again changes nothing. ``version`` is that
    of the score that was seen, 0 for none. Raises ValidationError on ``value`` or ``reason``, where the meeting was
    not held, the child's plan was not in force then or the member was not in it for the child; EditedMeanwhile where
    someone else has recorded another since.
    """
    held = lock_held(meeting)
    refuse_strangers(held, member, child)
    return keep_score(
        OneScore(child, value, given, reason, version), meeting=held, member=member, who=entered(by, guest_session_id),
        now=now,
    )  # fmt: skip


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


def keep_score(
    one: OneScore, *, meeting: CoreGroupMeeting, member: CoreGroupMember, who: Mapping[str, Any], now: datetime.datetime
) -> MeetingScore:
    """Write a score as ``record_meeting_score`` says; the caller holds the group's lock and has checked the child."""
    policy = policy_for(meeting.core_group.authority_id, on=day_of(meeting))
    if policy.value("scaling-at-core-groups") == NOT_USED:
        raise ValidationError("This council’s core groups don’t give scores.")
    number, because = number_of(one.value, one.given), text_of("reason", one.reason, "Write the reason.")
    rows = MeetingScore.objects.filter(meeting=meeting, child=one.child, member=member, superseded_at__isnull=True)
    standing = rows.first()
    if standing is not None:
        if (standing.value, standing.given, standing.reason) == (number, one.given, because):
            return standing
        if one.version is not None and standing.version != one.version:
            raise EditedMeanwhile(standing)
        standing.superseded_at = now
        standing.save(update_fields=["superseded_at"])
    score = MeetingScore(
        meeting=meeting,
        child=one.child,
        member=member,
        sitting=sitting_of(meeting, member),
        scale=f"{policy.scale.key} {policy.scale.version}",
        given=one.given,
        value=number,
        reason=because,
        version=standing.version + 1 if standing else 1,
        recorded_at=now,
        **who,
    )
    with refused_by_database():
        score.save()
    if number == LOWEST_SCORE:
        _tell(score, by=score.recorded_by, now=now)
    return score


def _tell(score: MeetingScore, *, by: User | None, now: datetime.datetime) -> None:
    """Tell whoever carries the plan, and the managers, that someone scored a child 0. It names no one."""
    group = score.meeting.core_group
    carrying = KeyWorker.objects.filter(plan__core_groups=group, ends_on__isnull=True).select_related("user")
    people = {row.user_id: row.user for row in carrying}
    for plan in plans_on(group, day_of(score.meeting)).filter(child=score.child_id):
        people |= {user.pk: user for user in managers_of(plan, on=civil_day(now))}
    for user in people.values():
        if by is None or user.pk != by.pk:
            notify(
                user=user,
                key=f"core-group-score:{score.pk}",
                text=f"Case {group.family.case_number}: in the core group someone scored a child 0. Look at it now.",
                url=reverse("core_groups:meeting", args=[group.pk, score.meeting_id]),
                urgent=True,
                now=now,
            )
