"""The end of asking for scores at a core group: when the last answer is in, or when whoever leads it ends it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.services.guards import text_of
from core_groups.enums import MeetingState
from core_groups.models import (
    AskedMember,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingRound,
    MeetingScore,
    MeetingStop,
    SeparateSitting,
)
from core_groups.selectors.leading import carries_or_manages, leads
from core_groups.selectors.rounds import Rounds, SittingId, rounds_of
from core_groups.services.guards import lock_held
from families.models import Child
from meetings.selectors.scores import may_be_shown
from meetings.services.rounds import RoundOver
from plans.models import Plan

WAITS = "The key worker has to do something else first. This can go on in a few minutes."


def is_stopped(meeting: CoreGroupMeeting) -> bool:
    """Return whether a child is not safe tonight and it is not recorded what is done now."""
    return MeetingStop.objects.filter(meeting=meeting, settled_at__isnull=True).exists()


def refuse_over(meeting: CoreGroupMeeting, child: Child, *sittings: SittingId) -> None:
    """Raise RoundOver where the round about the child is over in one of these sittings."""
    for sitting in sittings:
        if MeetingRound.objects.filter(meeting=meeting, child=child, sitting=sitting).exists():
            raise RoundOver("The scores for this child have been shown. They stay as they were given.")


def end_complete_rounds(meeting: CoreGroupMeeting, *, now: datetime.datetime) -> None:
    """End each round in which the last answer is in, and show its scores to those who sat there.

    The caller holds the group's lock. Nothing ends before the meeting is held or while a child is not safe tonight.
    """
    if meeting.state != MeetingState.HELD or is_stopped(meeting):
        return
    rounds = rounds_of(meeting)
    for plan in rounds.plans:
        for sitting in (None, *rounds.sittings):
            sitting_id = sitting.pk if sitting else None
            sheet = rounds.sheet(plan, sitting_id)
            if not sheet.is_over and sheet.is_complete:
                _end(rounds, plan, sitting_id, now=now)


def _end(
    rounds: Rounds,
    plan: Plan,
    sitting_id: SittingId,
    *,
    now: datetime.datetime,
    by: User | None = None,
    because: str = "",
) -> None:
    MeetingRound.objects.get_or_create(
        meeting=rounds.meeting,
        child=plan.child,
        sitting_id=sitting_id,
        defaults={"ended_at": now, "ended_by": by, "ended_because": because},
    )
    for score in rounds.scores:
        if (score.child_id, score.sitting_id) == (plan.child_id, sitting_id) and may_be_shown(score):
            MeetingScore.objects.filter(pk=score.pk, shown_at__isnull=True).update(shown_at=now)


def _require_lead(by: User, meeting: CoreGroupMeeting, what: str) -> None:
    if not leads(by, meeting):
        raise ValidationError(f"Only the key worker, a manager or whoever recorded the meeting can {what}.")


@transaction.atomic
def end_round(
    *,
    meeting: CoreGroupMeeting,
    child: Child,
    sitting: SeparateSitting | None,
    by: User,
    now: datetime.datetime,
    reason: str = "",
) -> None:
    """End a round before everyone has answered, as whoever leads the meeting, with the reason. Idempotent.

    What somebody is typing then is not taken any more. Raises ValidationError on ``reason`` while someone has not
    answered, if ``by`` does not lead the meeting, or if no answer is in, and while a child is not safe tonight.
    """
    held = lock_held(meeting)
    _require_lead(by, held, "show the scores before everyone has answered")
    if is_stopped(held):
        raise ValidationError(WAITS)
    rounds = rounds_of(held)
    plan = next((plan for plan in rounds.plans if plan.child_id == child.pk), None)
    if plan is None:
        raise ValidationError("This child’s plan was not in force on the day of the meeting.")
    sitting_id = sitting.pk if sitting else None
    sheet = rounds.sheet(plan, sitting_id)
    if sheet.is_over:
        return
    if not sheet.count_in:
        raise ValidationError("No one has given a score for this child yet.")
    because = reason.strip()
    if sheet.waiting:
        because = text_of("reason", reason, "Say why you are showing the scores before everyone has answered.")
    _end(rounds, plan, sitting_id, by=by, because=because, now=now)


@transaction.atomic
def explore_scores(
    *, meeting: CoreGroupMeeting, child: Child, sitting: SeparateSitting | None, text: str, by: User
) -> None:
    """Record what explains that the scores of a round are far apart. Raises ValidationError before they are shown."""
    held = lock_held(meeting)
    row = MeetingRound.objects.filter(meeting=held, child=child, sitting=sitting).first()
    if row is None:
        raise ValidationError("The scores are not shown yet.")
    row.explored = text_of("text", text, "Write what explains the difference.")
    row.save(update_fields=["explored"])


@transaction.atomic
def ask_child_member(*, member: CoreGroupMember, reason: str, by: User, now: datetime.datetime) -> AskedMember:
    """Decide, as the key worker or a manager, that a child of the group is asked for a score. Idempotent.

    Raises ValidationError on ``reason``, or for anyone else.
    """
    if not carries_or_manages(by, member.core_group):
        raise ValidationError("Only the key worker or a manager can decide that a child is asked for a score.")
    standing = AskedMember.objects.filter(member=member, ended_at__isnull=True).first()
    return standing or AskedMember.objects.create(
        member=member, reason=text_of("reason", reason, "Say why."), decided_by=by, decided_at=now
    )
