"""The rules of the day at a core group, by the services of a conference: statements, breaks, answers on observers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import Capacity, Presence
from core_groups.models import (
    AlsoThere,
    AnswerAboutObserver,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingBreak,
    MeetingStatement,
    SeparateSitting,
)
from core_groups.selectors.leading import leads
from core_groups.selectors.recording import day_of
from core_groups.services.guards import lock_held
from deadlines.policies import policy_for
from families.enums import Answer
from meetings.services.rules_of_day import begin_one, end_one, keep_answers_about, read_out_now


def _sitting_in(held: CoreGroupMeeting, sitting: SeparateSitting | None) -> SeparateSitting | None:
    if sitting is not None and (sitting.meeting_id != held.pk or sitting.held_at is None):
        raise ValidationError("Choose a sitting of this meeting.")
    return sitting


@transaction.atomic
def record_statements(
    *, meeting: CoreGroupMeeting, sitting: SeparateSitting | None, by: User, now: datetime.datetime
) -> list[MeetingStatement]:
    """Record that the council's statements were read out in a sitting, each in its words of that day. Idempotent."""
    held = lock_held(meeting)
    policy = policy_for(held.core_group.authority_id, on=day_of(held))
    where = {"meeting": held, "sitting": _sitting_in(held, sitting)}
    return read_out_now(MeetingStatement.objects, policy=policy, by=by, now=now, **where)


@transaction.atomic
def begin_meeting_break(
    *, meeting: CoreGroupMeeting, sitting: SeparateSitting | None, reason: str, by: User, now: datetime.datetime
) -> MeetingBreak:
    """Begin a break, as whoever leads the meeting. While one lasts, returns it. It stops nothing."""
    held = lock_held(meeting)
    if not leads(by, held):
        raise ValidationError("Only the key worker, a manager or whoever recorded the meeting can call a break.")
    where = {"meeting": held, "sitting": _sitting_in(held, sitting)}
    made: MeetingBreak = begin_one(MeetingBreak.objects, reason=reason, by=by, now=now, **where)
    return made


@transaction.atomic
def end_meeting_break(
    *, meeting: CoreGroupMeeting, sitting: SeparateSitting | None, by: User, now: datetime.datetime
) -> MeetingBreak | None:
    """End the break that lasts; None where there is none, so that ending it twice changes nothing."""
    held = lock_held(meeting)
    ended: MeetingBreak | None = end_one(MeetingBreak.objects, by=by, now=now, meeting=held, sitting=sitting)
    return ended


@transaction.atomic
def record_answers_about_observer(
    *, observer: AlsoThere, answers: Mapping[CoreGroupMember, tuple[str, int]], by: User, now: datetime.datetime
) -> list[AnswerAboutObserver]:
    """Record what each of the family says about an observer; who says no keeps them out at once.

    Raises EditedMeanwhile if someone recorded another answer in between; ValidationError if the person is no observer,
    or somebody asked is not of the family in this core group.
    """
    held = lock_held(observer.meeting)
    if observer.capacity != Capacity.OBSERVER:
        raise ValidationError("This person does not come as an observer.")
    if any(row.core_group_id != held.core_group_id for row in answers):
        raise ValidationError("Choose an answer for each person of the family.")
    saved: list[AnswerAboutObserver] = keep_answers_about(AnswerAboutObserver, observer, answers, by=by, now=now)
    row = AlsoThere.objects.select_for_update(of=("self",)).get(pk=observer.pk)
    refused = row.answers_about.filter(answer=Answer.NO).exists()
    if refused and row.presence == Presence.PRESENT and row.left_at is None:
        row.left_at, row.arrived_at = now, row.arrived_at or held.held_at
        row.recorded_by, row.version = by, row.version + 1
        row.save()
    return saved
